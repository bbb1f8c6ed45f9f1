"""What surrounds every picture, on every sheet: head, legend, axis of dates and foot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from simulate.analysis.summary import Summary
from simulate.report.document import Drawing, SheetName
from simulate.report.figures.canvas import (
    Canvas,
    Figure,
    balanced,
    first_to_fit,
    fitted,
    house_style,
    text_width,
)
from simulate.report.figures.style import GREY, INK, NUMBER, Look
from simulate.report.text.attribution import sources
from simulate.report.text.captions import question_words
from simulate.report.text.phrases import digest, program
from simulate.report.text.wording import grouped, inert


class Sheet(Struct, frozen=True):
    """What a picture is drawn on: lengths in inches, sizes of words in points.

    A card, for social media, has a height; a page is as tall as its picture.
    """

    width: float = 8.0
    height: float = 0.0
    margin: float = 0.3
    left: float = 0.8
    """From the left edge to an axis whose scale has labels."""
    right: float = 0.3
    top: float = 0.2
    axis: float = 0.53
    """Height of the labels of an axis of dates."""
    gap: float = 0.1
    """Between head and picture."""

    title: float = 12.5
    words: float = 9.5
    labels: float = 8.0
    ticks: float = 9.0
    tick_room: float = 0.75
    """From one label of an axis of dates to the next, at least."""
    foot: float = 7.0
    number: float = 32.0
    """The largest that the number of a card may be."""

    most: tuple[int, int, int] = (3, 3, 5)
    """Lines of the title, of the question and of each result."""
    leading: float = 1.4
    """From line to line of the head, as a multiple of the size."""
    part_gap: float = 0.06
    foot_step: float = 0.15
    most_foot: int = 6
    """Lines of each remark and source."""
    bare: bool = False
    """Whether a page around it has scenario, question, result and sources."""

    @property
    def is_card(self) -> bool:
        """Whether a large number takes the place of question and results."""
        return self.height > 0

    @property
    def is_narrow(self) -> bool:
        """Whether it is a column of print, where letters replace long labels."""
        return self.width < 5.0

    @property
    def is_tight(self) -> bool:
        """Whether there is room for few words."""
        return self.is_card or self.is_narrow

    @property
    def inches(self) -> float:
        """Between the margins."""
        return self.width - 2 * self.margin

    def across(self, beside: float) -> float:
        """Inches of an axis with something `beside` it."""
        return self.width - self.left - self.right - beside


_COLUMN = Sheet(
    width=3.5,
    margin=0.12,
    left=0.54,
    right=0.12,
    title=10.0,
    words=8.0,
    labels=7.5,
    ticks=7.5,
    tick_room=0.43,
    most=(7, 6, 12),
)
SHEETS: dict[SheetName, Sheet] = {
    "web": Sheet(),
    # 8 points are 11 pixels on a page 800 pixels wide; 7.5 are on a telephone of 360.
    "page": Sheet(bare=True, width=7.4, margin=0.1, left=0.72, right=0.2, top=0.1, foot=8.0),
    "phone": replace(
        _COLUMN, bare=True, width=3.0, margin=0.04, left=0.56, right=0.16, top=0.05, foot=7.5
    ),
    "7in": Sheet(width=7.0),
    "3.5in": _COLUMN,
    # 1200 x 675 pixels at the 150 dots an inch of all pictures.
    "social": Sheet(
        height=4.5,
        left=0.84,
        top=0.22,
        axis=0.48,
        gap=0.0,
        title=13.0,
        words=11.0,
        labels=10.0,
        ticks=10.0,
        tick_room=0.65,
        foot=9.0,
        most=(2, 0, 3),
        leading=1.25,
        part_gap=0.09,
        foot_step=0.16,
        most_foot=1,
    ),
}

_FOOT = 0.12


def framed(alt: str, draw: Callable[[Sheet], Figure]) -> Drawing:
    """A drawing in the house style."""

    def on(name: SheetName) -> Figure:
        with house_style():
            return draw(SHEETS[name])

    return Drawing(on, alt)


class Words(Struct, frozen=True):
    """What is written above and below a picture; a card has its number.

    The title states the finding, `subject` and `question` what it is about, and `shown` what is
    drawn, such as "Simulations per day". `foot` are remarks, `origin` sources and program.
    """

    title: str
    results: Sequence[str] = ()
    foot: Sequence[str] = ()
    origin: Sequence[str] = ()
    subject: str = ""
    question: str = ""
    number: str = ""
    shown: str = ""


def of_scenario(
    words: Words, summary: Summary, sheet: Sheet, card: tuple[str, str], on_card: str = ""
) -> Words:
    """The words of a picture of one scenario, which is named; `card` is a number and its meaning.

    On a card the number is the finding, and the title that of the scenario; `on_card` is shown.
    """
    origin = (sources(summary), run_words(summary, digest(summary)))
    subject = inert(summary.scenario.title)
    if sheet.is_card:
        origin = (one_line(sheet, summary), origin[1])
        number, meaning = card
        return Words(subject, [meaning], origin=origin, number=number, shown=on_card)
    return replace(words, origin=origin, subject=subject, question=question_words(summary))


def one_line(sheet: Sheet, *summaries: Summary) -> str:
    """The sources, as many as a line has room for."""
    lines = [sources(*summaries, most=most) for most in range(8, 0, -1)]
    return first_to_fit(lines, sheet.inches, sheet.foot)


def run_words(summary: Summary, *digests: str) -> str:
    """What identifies the runs behind a picture."""
    run, n = summary.run, len(digests)
    scenario = f"scenario{'s' if n > 1 else ''} {', '.join(digests)}"
    each = " each" if n > 1 else ""
    return (
        f"{program(summary)} · {scenario} · {grouped(run.draws)} simulations{each}, seed {run.seed}"
    )


class Heading(Struct, frozen=True):
    """Lines of one size in the head of a picture."""

    lines: Sequence[str]
    size: float
    weight: str = "normal"
    color: str = INK


class Sign(Struct, frozen=True):
    """An entry of the legend: words, after a box or a line of that look if one is given."""

    words: str
    box: Mapping[str, Any] = field(default_factory=dict)
    line: Mapping[str, Any] = field(default_factory=dict)

    @property
    def indent(self) -> float:
        """Inches from the sign to its words."""
        return 0.28 if self.box or self.line else 0.0


class Frame:
    """A canvas with head, legend and foot, and between `bottom` and `top` room for a picture.

    A page has `tall` inches of room; a card has what its words leave. `below` is the number of
    inches kept clear between the axis and the foot, whose upper edge is at `foot`.
    """

    def __init__(
        self,
        sheet: Sheet,
        words: Words,
        *,
        tall: float,
        below: float = 0.0,
        legend: Iterable[Sign] = (),
    ) -> None:
        head = list(_head(sheet, words))
        foot = [
            line
            for text in [*words.foot, *(() if sheet.bare else words.origin)]
            for line in balanced(text, sheet.foot, inches=sheet.inches, lines=sheet.most_foot)
        ]
        rows = _rows(sheet, legend)
        above = sheet.top + headings_height(sheet, head) + sheet.gap
        lines = sum(map(_lines, rows))
        key = _legend_row(sheet) * lines + 0.14 if rows else 0.0
        self.sheet = sheet
        self.foot = _FOOT + sheet.foot_step * len(foot)
        self.bottom = self.foot + below + sheet.axis
        height = sheet.height or above + key + tall + self.bottom
        self.canvas = Canvas(sheet.width, height)
        self.top = height - above - key
        self.write(head, height - sheet.top)
        self._write_legend(rows, self.top + key)
        for number, line in enumerate(reversed(foot)):
            y = _FOOT + sheet.foot_step * number
            self.canvas.text(sheet.margin, y, line, sheet.foot, color=GREY, va="bottom")

    @property
    def figure(self) -> Figure:
        """The whole figure."""
        return self.canvas.figure

    @property
    def tall(self) -> float:
        """Inches of room."""
        return self.top - self.bottom

    def write(self, headings: Iterable[Heading], y: float) -> None:
        """Headings below each other, from `y` downwards."""
        sheet = self.sheet
        for part in headings:
            look: Look = {"weight": part.weight, "color": part.color, "va": "top"}
            for line in part.lines:
                self.canvas.text(sheet.margin, y, line, part.size, **look)
                y -= part.size * sheet.leading / 72
            y -= sheet.part_gap if part.lines else 0.0

    def _write_legend(self, rows: Sequence[Sequence[tuple[float, Sign]]], y: float) -> None:
        size = self.sheet.labels
        step = _legend_row(self.sheet)
        for row in rows:
            for x, sign in row:
                at = y - step
                if sign.box:
                    self.canvas.box(x, at, 0.22, 0.11, edgecolor=INK, linewidth=0.6, **sign.box)
                if sign.line:
                    self.canvas.line(x, x + 0.22, at + 0.055, **sign.line)
                for number, line in enumerate(sign.words.split("\n")):
                    look: Look = {"color": INK, "va": "bottom"}
                    self.canvas.text(x + sign.indent, at - number * step, line, size, **look)
            y -= step * _lines(row)


def headings_height(sheet: Sheet, headings: Iterable[Heading]) -> float:
    """Inches that headings take, with the gaps below them."""
    return sum(
        len(part.lines) * part.size * sheet.leading / 72 + sheet.part_gap
        for part in headings
        if part.lines
    )


def _head(sheet: Sheet, words: Words) -> Iterable[Heading]:
    (most_title, most_question, most_result), inches = sheet.most, sheet.inches

    def heading(text: str, size: float, lines: int, **look: str) -> Heading:
        weight = look.get("weight", "normal")
        broken = balanced(text, size, inches=inches, lines=lines, weight=weight)
        return Heading(broken, size, **look)

    yield heading(words.title, sheet.title, most_title, weight="bold")
    if not sheet.bare:
        yield heading(words.subject, sheet.words, most_title, color=GREY)
        yield heading(words.question, sheet.words, most_question, color=GREY)
    if words.number:
        full = text_width(words.number, sheet.number, "bold")
        size = min(sheet.number, 0.98 * sheet.number * inches / full)
        yield Heading([words.number], size, "bold", NUMBER)
    for text in () if sheet.bare else words.results:
        yield heading(text, sheet.words, most_result)
    yield heading(words.shown, sheet.labels, most_result, color=GREY)


def _legend_row(sheet: Sheet) -> float:
    return 0.02 * sheet.labels


def _lines(row: Sequence[tuple[float, Sign]]) -> int:
    """Lines of a row of the legend."""
    return max(1 + sign.words.count("\n") for _, sign in row)


def _rows(sheet: Sheet, legend: Iterable[Sign]) -> list[list[tuple[float, Sign]]]:
    """The entries of a legend with their places, in as many rows as they need.

    Words wider than the sheet have several lines.
    """
    rows: list[list[tuple[float, Sign]]] = []
    x = sheet.width
    for whole in legend:
        inches = sheet.inches - whole.indent
        lines = fitted(whole.words, sheet.labels, inches=inches, lines=sheet.most[0])
        sign = replace(whole, words="\n".join(lines))
        wide = sign.indent + text_width(sign.words, sheet.labels)
        if x + wide > sheet.width - sheet.margin:
            x = sheet.margin
            rows.append([])
        rows[-1].append((x, sign))
        x += wide + 0.2
    return rows
