"""The tornado as a picture: the median date with each input low or high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.effects import Case, Effect, Effects
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.values import Instant
from simulate.report.figures.card import BODY_BOTTOM, CARD_SIZE, CARD_WORDS, write_words
from simulate.report.figures.frame import (
    TICK_LABELS,
    TOP,
    WIDE,
    date_axis,
    foot_height,
    foot_lines,
    heading,
    is_narrow,
    margin,
    write_foot,
    write_head,
)
from simulate.report.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SMALL,
    TINY,
    fitted,
    house_style,
    text_width,
)
from simulate.report.text.phrases import drawn, event, title_words
from simulate.report.text.sensitivity import (
    MINOR,
    case_words,
    headline,
    is_minor,
    main_effects,
    name_words,
    number_and_meaning,
    outcome_of,
    share_words,
)
from simulate.report.text.wording import instant_prose, share, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS = 15

_BAR = 0.24 / 0.42
"""Height of a bar, as a share of the height of its row."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How much room there is: how many bars, lengths in inches, sizes in points."""

    most: int
    row: float
    widest_name: float
    size: float
    legend: float = SMALL
    brief: bool = False
    """Whether dates take little room."""

    @property
    def legend_row(self) -> float:
        """Height of a row of the key."""
        return 0.02 * self.legend


_PAGE = _Form(MOST_BARS, 0.42, 2.2, SMALL)
_COLUMN = _Form(8, 0.42, 1.32, TINY, brief=True)
_CARD = _Form(4, 0.36, 2.6, CARD_WORDS - 0.5, legend=CARD_WORDS - 0.5)


@dataclass(frozen=True, slots=True)
class _Bar:
    """One input: what is written at its left, and where its bar begins and ends.

    Days of the calendar; it begins at the median of all draws.
    """

    effect: Effect
    start: float
    low: float
    high: float

    @property
    def span(self) -> float:
        return abs(self.high - self.low)


def tornado_figure(
    report: SensitivityResult, found: Effects | None = None, *, width: float = WIDE
) -> Figure:
    """Bars from the median date with an input low to that with it high, the longest first.

    Parameters
    ----------
    report
        The answer of a sensitivity analysis.
    found
        One of its thresholds; the largest if left out.
    width
        Inches. Below 5 there are fewer bars, and names have less room.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. A median beyond the horizon ends the bar at the right
        edge, with words.
    """
    from matplotlib.figure import Figure

    found = main_effects(report) if found is None else found
    with house_style():
        figure = Figure(figsize=(width, 5.0))
        _compose(figure, report, found)
    return figure


def tornado_card(report: SensitivityResult, found: Effects | None = None) -> Figure:
    """The same as a card for social media, 8 by 4.5 inches, the share in large type."""
    from matplotlib.figure import Figure

    found = main_effects(report) if found is None else found
    with house_style():
        figure = Figure(figsize=CARD_SIZE)
        _compose_card(figure, report, found)
    return figure


def tornado_alt_text(report: SensitivityResult, found: Effects | None = None) -> str:
    """Describe the tornado in words, generated from its numbers.

    Returns
    -------
    str
        Plain text on one line.
    """
    found = main_effects(report) if found is None else found
    summary, outcome = report.summary, outcome_of(report, found)
    horizon = summary.horizon
    lost = f"{share(found.threshold)} {event(outcome)[1]}"
    parts = [
        f"Tornado of the median date of “{title_words(summary)}” from {drawn(summary)}",
        headline(report, found).removesuffix("."),
        f"Median of all draws, {lost}: {instant_prose(outcome.median, horizon)}",
    ]
    for bar in _bars(report, found)[:MOST_BARS]:
        low, high = bar.effect.low, bar.effect.high
        if low is not None and high is not None:
            ends = (f"{case_words(c)} {instant_prose(c.median, horizon)}" for c in (low, high))
            parts.append(f"{name_words(bar.effect)}: {', '.join(ends)}")
    return ". ".join(parts) + "."


def _bars(report: SensitivityResult, found: Effects) -> list[_Bar]:
    """Those worth drawing, the longest first; of equal ones the more influential."""
    end = report.summary.horizon.toordinal() + 1.0
    origin = report.summary.origin.toordinal()

    def place(at: Instant) -> float:
        return end if at.day is None else origin + at.day

    start = place(outcome_of(report, found).median)
    bars = [
        _Bar(effect, start, place(effect.low.median), place(effect.high.median))
        for effect in found.ranked
        if effect.low is not None and effect.high is not None and not is_minor(effect)
    ]
    return sorted(bars, key=lambda bar: bar.span, reverse=True)


def _compose(figure: Figure, report: SensitivityResult, found: Effects) -> None:
    form = _COLUMN if is_narrow(figure.get_figwidth()) else _PAGE
    bars = _bars(report, found)[: form.most]
    lost = f"{share(found.threshold)} {event(outcome_of(report, found))[1]}"
    head = heading(figure, report.summary, f"{lost}. {headline(report, found)}", title_size=12.5)
    key = _legend(figure, report, found, form)
    foot = foot_lines(figure, report.summary, _remarks(found, bars))
    bottom = TICK_LABELS + foot_height(foot, least=2)
    tall = form.row * max(len(bars), 2)
    above = TOP + sum(part.height for part in head) + 0.1
    figure.set_size_inches(figure.get_figwidth(), above + _legend_height(key, form) + tall + bottom)
    write_head(figure, head)
    _draw_bars(figure, report, found, bars, form, bottom=bottom, tall=tall)
    _draw_legend(figure, key, bottom + tall + _legend_height(key, form), form)
    write_foot(figure, foot)


def _compose_card(figure: Figure, report: SensitivityResult, found: Effects) -> None:
    form = _CARD
    top = write_words(figure, report.summary, *number_and_meaning(report, found))
    key = _legend(figure, report, found, form)
    tall = top - BODY_BOTTOM - _legend_height(key, form)
    bars = _bars(report, found)[: max(min(form.most, int(tall / form.row)), 1)]
    _draw_bars(figure, report, found, bars, form, bottom=BODY_BOTTOM, tall=tall)
    _draw_legend(figure, key, top, form)


def _draw_bars(
    figure: Figure,
    report: SensitivityResult,
    found: Effects,
    bars: list[_Bar],
    form: _Form,
    *,
    bottom: float,
    tall: float,
) -> None:
    """Bars over an axis of dates, with the names of the inputs at the left."""
    names = [_name_lines(figure, bar.effect, form) for bar in bars]
    widths = [text_width(figure, "\n".join(lines), form.size) for lines in names]
    width, height = figure.get_size_inches()
    left = margin(figure) + max(widths, default=0.5) + 0.1
    inches = width - left - margin(figure)
    axes = figure.add_axes((left / width, bottom / height, inches / width, tall / height))
    axes.set_ylim(max(len(bars), 2) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    middle = _middle(report, found)
    low, high = _span(report, bars, middle)
    # Room at both ends for the dates beside the bars.
    cases = [case for bar in bars for case in (bar.effect.low, bar.effect.high) if case]
    widths = [text_width(figure, _words(case, report, form), form.size) for case in cases]
    beside = max(widths, default=0.0) + 0.15
    room = beside * (high - low) / max(inches - 2 * beside, 0.4)
    size = None if form is _PAGE else form.size
    date_axis(axes, low - room, high + room, inches, size=size)
    axes.set_yticks(range(len(bars)), ["\n".join(lines) for lines in names], size=form.size)
    axes.tick_params(axis="y", length=0)
    for row, bar in enumerate(bars):
        _draw(axes, row, bar, report, form)
    if not bars:
        words = "No input is uncertain."
        axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=GREY)
    elif middle is not None:
        axes.axvline(middle, color=INK, linewidth=1.2)


def _name_lines(figure: Figure, effect: Effect, form: _Form) -> list[str]:
    """The name, below it the total share."""
    lines = 1 if form is _CARD else 2
    name = fitted(figure, name_words(effect), form.size, inches=form.widest_name, lines=lines)
    told = "" if effect.total is None else f"total share {share_words(effect.total)}"
    return [*name, told] if told else name


def _middle(report: SensitivityResult, found: Effects) -> float | None:
    at = outcome_of(report, found).median
    return None if at.day is None else report.summary.origin.toordinal() + at.day


def _span(report: SensitivityResult, bars: list[_Bar], middle: float | None) -> tuple[float, float]:
    """First and last day that bars, whiskers and the line reach."""
    ends = [] if middle is None else [middle]
    for bar in bars:
        for end, case in ((bar.low, bar.effect.low), (bar.high, bar.effect.high)):
            ends += [end - _error(case), end + _error(case)]
    if not ends:
        return report.summary.origin.toordinal(), report.summary.horizon.toordinal() + 1
    low, high = min(ends), max(ends)
    return (low, high) if high - low >= 7 else (low - 3.5, high + 3.5)


def _draw(axes: Axes, row: int, bar: _Bar, report: SensitivityResult, form: _Form) -> None:
    start = bar.start
    # Where both ends lie on the same side, each takes half of the height.
    together = (bar.low - start) * (bar.high - start) > 0
    ends = ((bar.low, bar.effect.low, ORANGE, "////"), (bar.high, bar.effect.high, BLUE, ""))
    for number, (end, case, color, hatch) in enumerate(ends):
        y = row + (number - 0.5) * _BAR / 2 if together else row
        axes.barh(
            y,
            end - start,
            _BAR / 2 if together else _BAR,
            left=start,
            facecolor=color,
            edgecolor=INK,
            hatch=hatch,
            linewidth=0.6,
        )
        if case is None:
            continue
        error = _error(case)
        axes.plot([end - error, end + error], [y, y], color=INK, linewidth=1.0)
        left = _is_left(bar, number, start)
        size = form.size - (1.5 if together else 0.0)
        _label(axes, (y, end), _words(case, report, form), size, error, left=left)


def _error(case: Case | None) -> float:
    """Days that a whisker reaches to either side, none where the error has no end."""
    return 0.0 if case is None else case.median.mc_error_days or 0.0


def _is_left(bar: _Bar, number: int, start: float) -> bool:
    """Whether the label of an end stands at its left."""
    end, other = (bar.low, bar.high) if number == 0 else (bar.high, bar.low)
    if end == start:
        return other > start or (other == start and number == 0)
    return end < start


def _label(
    axes: Axes, place: tuple[float, float], words: str, size: float, error: float, *, left: bool
) -> None:
    y, end = place
    axes.annotate(
        words,
        (end - error if left else end + error, y),
        xytext=(-3 if left else 3, 0),
        textcoords="offset points",
        size=size,
        color=INK,
        ha="right" if left else "left",
        va="center",
        annotation_clip=False,
    )


def _words(case: Case, report: SensitivityResult, form: _Form) -> str:
    """What stands beside the end of a bar; with a year where the run spans several."""
    summary, date = report.summary, case.median.date
    if date is None:
        return ("not by\n" if form.brief else "not by ") + short_date(summary.horizon)
    within = summary.horizon.year - summary.origin.year <= 2
    return short_date(date).rpartition(" ")[0] if within else short_date(date)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Words of the key above the bars, with a box of that look where there is one."""

    words: str
    look: tuple[str, str] | None
    x: float
    row: int


def _legend(figure: Figure, report: SensitivityResult, found: Effects, form: _Form) -> list[_Entry]:
    """What the two colours and the line are, in as many rows as they need."""
    when = instant_prose(outcome_of(report, found).median, report.summary.horizon)
    right = figure.get_figwidth() - margin(figure)
    entries: list[_Entry] = []
    x, row = margin(figure), 0
    for words, look in (
        ("input in lowest tenth", (ORANGE, "////")),
        ("in highest tenth", (BLUE, "")),
        (f"line: median of all draws, {when}", None),
    ):
        box = 0.28 if look else 0.0
        wide = box + text_width(figure, words, form.legend)
        if x > margin(figure) and x + wide > right:
            x, row = margin(figure), row + 1
        entries.append(_Entry(words, look, x, row))
        x += wide + 0.2
    return entries


def _legend_height(key: list[_Entry], form: _Form) -> float:
    return form.legend_row * (1 + max(entry.row for entry in key)) + 0.14


def _draw_legend(figure: Figure, key: list[_Entry], top: float, form: _Form) -> None:
    from matplotlib.patches import Rectangle

    width, height = figure.get_size_inches()
    for entry in key:
        x, y = entry.x, top - form.legend_row * (entry.row + 1)
        if entry.look:
            color, hatch = entry.look
            box = Rectangle(
                (x / width, y / height),
                0.22 / width,
                0.11 / height,
                facecolor=color,
                edgecolor=INK,
                hatch=hatch,
                linewidth=0.6,
                transform=figure.transFigure,
            )
            figure.add_artist(box)
            x += 0.28
        figure.text(x / width, y / height, entry.words, size=form.legend, color=INK, va="bottom")


def _remarks(found: Effects, bars: list[_Bar]) -> list[str]:
    kinds = {bar.effect.kind for bar in bars}
    parts = ["Whiskers: 95 % Monte Carlo error."] if bars else []
    if "claim" in kinds:
        parts.append("Which claim: the claims with the earliest and the latest median.")
    if "event" in kinds:
        parts.append("Whether an event happens: orange if not, blue if so.")
    left_out = sum(effect.low is not None for effect in found.ranked) - len(bars)
    if left_out:
        what = "input with a shorter bar or" if left_out == 1 else "inputs with shorter bars or"
        parts.append(f"Left out: {left_out} {what} under {share(MINOR)} of the variance.")
    return [" ".join(parts)] if parts else []
