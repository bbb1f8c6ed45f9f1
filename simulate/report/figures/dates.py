"""Pictures over an axis of dates: labelled lines above, "never" at the right.

Histogram, curve, dotplot and comparison differ in what they draw on the axis, which is their
`Body`; a comparison has several bodies on axes of the same dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.summary import Outcome, Summary, tails
from simulate.report.figures import flags
from simulate.report.figures.axis import date_axis
from simulate.report.figures.bars import PROBABILITY, Bars, drawn_bars, in_bars_of, within
from simulate.report.figures.canvas import Axes, Canvas, Figure, fitted, in_the_middle, text_width
from simulate.report.figures.flags import Flag, Room
from simulate.report.figures.frame import Frame, Sheet, Sign, Words, of_scenario
from simulate.report.figures.never import Aside
from simulate.report.figures.style import MEDIAN
from simulate.report.text import phrases, wording
from simulate.report.text.captions import finding, number_and_meaning, states_pace, updated_card
from simulate.report.text.headline import dates_shown
from simulate.report.text.phrases import drawn, title_words

MOST_BARS = 120

_SHORTEST_AXIS_DAYS = 7
_NEAR_DAYS = 14
"""Published dates so near are on the axis, however short."""
_MESSAGE = 9.0
"""Points of words in place of a picture."""
_BEYOND = 0.015
"""Share of the axis after the last bar, which would look cut off without it, and before a line."""


class Body(Struct, frozen=True):
    """What is drawn on an axis between two days, above it and beside it."""

    span: tuple[float, float]
    flags: Sequence[Flag]
    draw: Callable[[Axes, Room], None]
    aside: Aside | None = None
    tall: Callable[[Room], float] | None = None
    """Inches that it needs on an axis at least as tall."""


def composed(
    summary: Summary,
    outcome: Outcome,
    sheet: Sheet,
    body: Body,
    *,
    shown: str,
    remarks: Iterable[str] = (),
    legend: Iterable[Sign] = (),
) -> Figure:
    """A picture of the dates of one threshold; `shown` says what is drawn."""
    body = replace(body, flags=inside(body.flags, *body.span))
    (room,) = rooms([body], sheet)
    foot = [*keys(body.flags), *remarks, *_key(body.flags, sheet)]
    what, mark, rest = shown.partition(";")
    if not (summary.update or states_pace(summary)):
        shown = f"{what}, under the scenario’s assumptions{mark}{rest}" if what else ""
    words = Words(finding(summary, outcome), foot=foot, shown=shown)
    look = rest.partition(":")[0].strip()  # darker, filled
    card = updated_card(summary, outcome, look) or number_and_meaning(summary, outcome, look)
    tall = 1.8 if sheet.is_narrow else 2.7
    if body.tall is not None:
        tall = body.tall(replace(room, tall=tall))
    legend = [*legend]
    if sheet.is_card and legend:  # in a line with it
        legend, what = [Sign(f"{what.partition(',')[0]}:"), *legend], ""
    words = of_scenario(words, summary, sheet, card, what)
    frame = Frame(sheet, words, tall=tall + room.strip, legend=legend)
    room = replace(room, tall=frame.tall - room.strip)
    draw_body(frame.canvas, sheet, body, room, frame.bottom)
    return frame.figure


def _key(found: Sequence[Flag], sheet: Sheet) -> Iterator[str]:
    """What the labels of lines mean, in a sentence; on a card they say it themselves."""
    low, high = map(wording.share, tails(PROBABILITY))
    words = [flag.label for flag in found]
    if sheet.is_card:
        return
    dashed = (flag.label.partition(" from ") for flag in found if flag.line == flags.DASHED)
    if between := next((part for part, of, _ in dashed if of), ""):
        now = any("median" in flag.label and flag.color == MEDIAN for flag in found)
        half = ", half by the median" if now else ""
        part = f"{between.removeprefix('after: ')} of simulations"
        yield f"{part} get there between the dashed lines{half}."
        return
    if not any(each.startswith((f"{low} by", f"{high} by")) for each in words):
        return
    marks = ((f"{low} by", low), ("median", "half"), (f"{high} by", high))
    shares = [
        share
        for name, share in marks
        if any(each.startswith(name) or (share == "half" and name in each) for each in words)
    ]
    lines = "Lines" if len(shares) > 1 else "Line"
    yield f"{lines}: {wording.listed(shares)} of simulations get there by then."


def inside(
    found: Sequence[Flag], low: float, high: float, among: Sequence[Flag] = ()
) -> list[Flag]:
    """The flags that an axis of these ends shows; those with a key have letters, from the left.

    Keys are numbered `among` the flags of all axes, where equal ones have one letter.
    """
    keyed = (flag for flag in among or found if flag.key and _inside(flag, low, high))
    names = dict.fromkeys(flag.key for flag in sorted(keyed, key=lambda flag: flag.x))
    letters = {key: chr(ord("a") + number) for number, key in enumerate(names)}

    def lettered(flag: Flag) -> Flag:
        letter = letters.get(flag.key)
        if letter is None:
            return flag
        return replace(flag, label=letter, far=flag.far and letter, key=f"{letter}: {flag.key}")

    return [*filter(None, (_inside(lettered(flag), low, high) for flag in found))]


def keys(found: Iterable[Flag]) -> list[str]:
    """What the letters of a narrow picture mean, each once."""
    return sorted({flag.key for flag in found if flag.key})


def _inside(flag: Flag, low: float, high: float) -> Flag | None:
    """The flag on an axis of these ends, with arrows to what lies beyond them.

    None if all of it does, and it has no words for that.
    """
    words = flag.far if flag.x < low or flag.last > high else flag.label
    words = f"{'← ' if flag.x < low else ''}{words}{' →' if flag.last > high else ''}"
    if flag.last < low or flag.x > high:
        at = low if flag.last < low else high
        return Flag(at, words, flag.color, "", key=flag.key) if flag.far else None
    return replace(flag, x=max(flag.x, low), label=words)


def described(what: str, summary: Summary, outcome: Outcome, more: Iterable[str]) -> str:
    """What a picture of dates shows, in words on one line."""
    parts = [
        f"{what} “{title_words(summary)}” from {drawn(summary)}",
        *dates_shown(summary, outcome),
        *more,
    ]
    return ". ".join(part.removesuffix(".") for part in parts) + "."


def rooms(bodies: Sequence[Body], sheet: Sheet) -> list[Room]:
    """The axis that bodies share, as long as their labels need, and the rows of the labels."""
    low, high = bodies[0].span
    size = sheet.labels
    asides = [body.aside for body in bodies if body.aside is not None]
    beside = max((aside.beside for aside in asides), default=0.0)
    inches = sheet.across(beside)
    measured = [flags.poles(body.flags, size) for body in bodies]
    # Labels may extend over the gauge at the right if it has no words above it.
    over = 0.0 if any(aside.above for aside in asides) else beside
    room = sheet.left - sheet.margin, over
    end, plain = high, measured
    for _ in range(2):  # of several bodies, one may stretch the axis of the others
        measured = [flags.turned(found, low, end, inches, room) for found in plain]
        end = max(flags.needed_end(found, low, end, inches, over) for found in measured)
    areas = []
    for body, each in zip(bodies, measured, strict=True):
        levels = flags.rows(each, (end - low) / inches) or [*range(len(each))]
        above = 0.0 if body.aside is None else body.aside.above
        above = max(flags.strip(levels, each, size), above)
        areas.append(Room(low, end, inches, strip=above, levels=levels, poles=each))
    return areas


def draw_body(canvas: Canvas, sheet: Sheet, body: Body, room: Room, bottom: float) -> Axes:
    """Draw a body whose axis is `bottom` inches above the lower edge."""
    axes = canvas.axes(sheet.left, bottom, room.inches, room.tall + room.strip)
    date_axis(axes, room.low, room.high, sheet)
    body.draw(axes, room)
    if sheet.is_tight:
        axes.tick_params(axis="y", labelsize=sheet.labels)
    flags.draw_flags(axes, body.flags, room, sheet.labels)
    if body.aside is not None:
        left = sheet.left + room.inches + body.aside.gap
        body.aside.draw(canvas.axes(left, bottom, body.aside.inches, room.tall), room)
    return axes


def bars_and_span(
    summary: Summary,
    outcome: Outcome,
    after: Outcome | None,
    most: int,
    marked: Iterable[Flag],
) -> tuple[Bars | None, Bars | None, tuple[float, float]]:
    """The bars of an outcome, those after later reports, and the axis, which they fill."""
    drawn, then = drawn_bars(summary, outcome, after, most)
    span = span_of(summary, marked, drawn)
    if drawn is None:
        return drawn, then, span
    drawn = within(outcome.histogram, drawn, *span)
    return drawn, None if after is None else in_bars_of(after.histogram, drawn), span


def span_of(summary: Summary, marked: Iterable[Flag], shown: Bars | None) -> tuple[float, float]:
    """First and last day of the axis: the bars, and the named lines that are not far away."""
    if shown is None:
        return summary.origin.toordinal(), summary.horizon.toordinal() + 1
    reach = max(shown.edges[-1] - shown.edges[0], _NEAR_DAYS)
    first, last = padded(shown)
    low, high = shown.edges[0] - reach, shown.edges[-1] + reach
    near: list[float] = []
    for flag in (flag for flag in marked if flag.far):
        ends = [flag.x, flag.last]
        seen = [x for x in ends if low <= x <= high]
        # All of a period, unless most of the axis would be empty.
        near += ends if seen and low - reach <= flag.x and flag.last <= high + reach else seen
    begin, end = min([first, *near]), max([last, *near])
    beyond = _BEYOND * (end - begin)
    return begin - (beyond if begin < first else 0.0), end + beyond


def padded(shown: Bars) -> tuple[float, float]:
    """First and last day of the bars, with days beside them where those are few."""
    low, high = shown.edges[0], shown.edges[-1]
    padding = max(_SHORTEST_AXIS_DAYS - (high - low), 0) / 2
    return low - padding, high + padding


def say_nothing(axes: Axes, summary: Summary, outcome: Outcome) -> None:
    """A message in place of what cannot be drawn."""
    words = "too few simulations\nto draw" if outcome.depleted_probability > 0 else "no simulation"
    event = phrases.headed(*phrases.event(outcome))
    lines = [event, f"by {wording.prose_date(summary.horizon)}:", *words.split("\n")]
    inches = 0.9 * axes.get_window_extent().width / axes.figure.dpi
    if max(text_width(line, _MESSAGE) for line in lines) > inches:
        lines = fitted(" ".join(lines), _MESSAGE, inches=inches, lines=6)
    in_the_middle(axes, "\n".join(lines))
