"""The histogram of depletion dates as a picture, drawn without a backend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant
from simulate.report.figures.date_frame import (
    CARD,
    DASHED,
    DOTTED,
    Aside,
    Body,
    Flag,
    Form,
    LineStyle,
    Room,
    compose,
    page_form,
)
from simulate.report.figures.frame import WIDE
from simulate.report.figures.never_gauge import LABELS_INCHES, draw_never, draw_never_briefly
from simulate.report.figures.style import BLUE, GREY, INK, SKY, VERMILION, house_style
from simulate.report.text.bars import Bars, bars
from simulate.report.text.phrases import equal_tailed, main_outcome, never_probability
from simulate.report.text.wording import (
    MONTHS,
    embedded,
    inert,
    level_label,
    percent,
    percent_cell,
    prose_date,
    short_date,
    tail_levels,
)
from simulate.report.text.wrapping import shorten

if TYPE_CHECKING:
    import datetime as dt

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INTERVAL = 0.9
MOST_BARS = 120
MOST_PUBLISHED = 4

_MOST_ON_CARD = 1
_SHORTEST_AXIS_DAYS = 14
_LABEL_CELLS = 34


def histogram_figure(
    summary: Summary, outcome: Outcome | None = None, *, width: float = WIDE
) -> Figure:
    """Histogram of the depletion date with its median, its 90 % interval and the published dates.

    Parameters
    ----------
    summary
        The answer of a run.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.
    width
        Inches. Below 5 there are fewer labels: published dates are letters, told in the foot.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. Draws that are never depleted are a hatched bar of their own at the
        right, on its own scale from 0 to 100 %, divided by cause where there is room.
    """
    return _figure(summary, outcome, page_form(width))


def histogram_card(summary: Summary, outcome: Outcome | None = None) -> Figure:
    """The same as a card for social media, 8 by 4.5 inches, the number in large type."""
    return _figure(summary, outcome, CARD)


def _figure(summary: Summary, outcome: Outcome | None, form: Form) -> Figure:
    from matplotlib.figure import Figure

    outcome = main_outcome(summary) if outcome is None else outcome
    with house_style():
        figure = Figure(figsize=(form.width, 4.5))
        compose(figure, summary, outcome, _body(summary, outcome, form), form)
    return figure


def _body(summary: Summary, outcome: Outcome, form: Form) -> Body:
    drawn = bars(outcome.histogram, MOST_BARS // 2 if form.brief else MOST_BARS)
    low, high = span(summary, outcome, drawn)
    flags, told = date_flags(summary, outcome, form)

    def draw(axes: Axes, room: Room) -> None:
        if drawn is None:
            say_nothing(axes, summary, outcome)
        else:
            _draw_bars(axes, summary, outcome, drawn, stretch=room.stretch)

    return Body(
        low,
        high,
        [flag for flag in flags if low <= flag.x <= high],
        draw,
        never_aside(summary, outcome, form),
        [*told, *outside_words(drawn)],
    )


def outside_words(drawn: Bars | None) -> list[str]:
    """What is said of draws outside the dates drawn."""
    outside = 0.0 if drawn is None else drawn.before + drawn.after
    if outside <= 0:
        return []
    return [f"{percent(outside, 0)} of draws are depleted outside the dates drawn."]


def never_aside(summary: Summary, outcome: Outcome, form: Form) -> Aside | None:
    """A gauge of the draws that are never depleted, if there are any."""
    if never_probability(outcome) <= 0:
        return None
    if form.brief or form.card:
        # In the size of the labels, "1 Jan 2026" takes so much.
        words = form.size * 0.083
        return Aside(
            form.size * 0.025,
            0.14,
            words,
            0.0,
            lambda _, gauge, __: draw_never_briefly(gauge, summary, outcome, size=form.size),
        )
    return Aside(
        0.4,
        0.6,
        LABELS_INCHES,
        0.4,
        lambda figure, gauge, _: draw_never(figure, gauge, summary, outcome),
    )


def say_nothing(axes: Axes, summary: Summary, outcome: Outcome) -> None:
    """Say that there is nothing to draw, in the place of it."""
    words = f"No draw is depleted\nby {prose_date(summary.horizon)}."
    if outcome.depleted_probability > 0:
        words = f"Too few draws are depleted\nby {prose_date(summary.horizon)} to be drawn."
    where = axes.transAxes
    axes.text(0.5, 0.5, words, transform=where, ha="center", va="center", color=GREY)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def span(summary: Summary, outcome: Outcome, drawn: Bars | None) -> tuple[float, float]:
    """First and last day of the axis: the bars, and the published dates that are not far away."""
    if drawn is None:
        return summary.origin.toordinal(), summary.horizon.toordinal() + 1
    low, high = drawn.edges[0], drawn.edges[-1]
    reach = max(high - low, _SHORTEST_AXIS_DAYS)
    padding = max(_SHORTEST_AXIS_DAYS - (high - low), 0) / 2
    dates = [check.date.toordinal() for check in outcome.published]
    near = [date for date in dates if low - reach <= date < high + reach]
    return min([low - padding, *near]), max([high + padding, *(date + 1 for date in near)])


def _draw_bars(axes: Axes, summary: Summary, outcome: Outcome, drawn: Bars, stretch: float) -> None:
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

    tallest = max(drawn.heights)
    axes.set_ylim(0, tallest * 1.02 * stretch)
    axes.stairs(drawn.heights, drawn.edges, fill=True, facecolor=SKY, alpha=0.45, edgecolor="none")
    inside = axes.stairs(
        drawn.heights, drawn.edges, fill=True, facecolor=BLUE, alpha=0.75, edgecolor="none"
    )
    low, high = _inside(summary, outcome, drawn)
    inside.set_clip_path(Rectangle((low, 0), high - low, tallest, transform=axes.transData))
    axes.stairs(drawn.heights, drawn.edges, color=INK, linewidth=0.5)
    marks = [
        value
        for value in MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(0, tallest)
        if 0 <= value <= tallest * 1.02
    ]
    axes.set_yticks(marks, [f"{100 * value:g} %" for value in marks])
    axes.set_ylabel(f"share of draws per {drawn.span_words}", y=0.5 / stretch)
    axes.spines["left"].set_bounds(0, tallest * 1.02)


def _inside(summary: Summary, outcome: Outcome, drawn: Bars) -> tuple[float, float]:
    """The days of the interval, both whole; beyond the horizon it has no upper end."""
    interval = equal_tailed(outcome, INTERVAL)
    origin, end = summary.origin.toordinal(), drawn.edges[-1]
    if interval is None or interval.low.day is None:
        return end, end
    last = end if interval.high.day is None else origin + math.floor(interval.high.day) + 1
    return origin + math.floor(interval.low.day), last


# --- labelled lines ---


def date_flags(summary: Summary, outcome: Outcome, form: Form) -> tuple[list[Flag], list[str]]:
    """Median, ends of the interval and published dates, and what is to be told in the foot."""
    found = moment_flags(summary, outcome, form)
    if form.card:
        found = found[:1]
    checks = outcome.published[: _MOST_ON_CARD if form.card else MOST_PUBLISHED]
    told = []
    for number, check in enumerate(checks):
        where = f"{label_of(check.label)}: {percent_cell(check.probability_by, check.mc_error)}"
        if form.brief:
            letter = chr(ord("a") + number)
            told.append(f"{letter}: {where} ({prose_date(check.date)})")
            where = letter
        found.append(Flag(check.date.toordinal() + 1.0, where, INK, DOTTED))
    return found, told


def label_of(label: str) -> str:
    """A published label, fit to stand beside a line."""
    return embedded(shorten(inert(label), _LABEL_CELLS))


def moment_flags(summary: Summary, outcome: Outcome, form: Form) -> list[Flag]:
    """The median and the ends of the interval, as far as there are dates for them."""
    origin = summary.origin.toordinal()
    interval = equal_tailed(outcome, INTERVAL)
    names = [level_label(level) for level in tail_levels(INTERVAL)]
    moments: list[tuple[str, Instant, str, LineStyle]]
    moments = [("median", outcome.median, VERMILION, "-")]
    if interval is not None:
        moments += [(names[0], interval.low, BLUE, DASHED), (names[1], interval.high, BLUE, DASHED)]
    if (
        interval is not None
        and interval.low.date is not None
        and interval.low.date == interval.high.date
    ):
        moments = [(f"{names[0]} to {names[1]}, all on", interval.low, VERMILION, "-")]
    dates = [at.date for _, at, _, _ in moments if at.date is not None]
    # On a narrow page the axis tells the year, unless there are several.
    brief = form.brief and len({date.year for date in dates}) == 1
    return [
        Flag(origin + at.day, f"{name} {_day(at.date, brief=brief)}", color, line)
        for name, at, color, line in moments
        if at.day is not None and at.date is not None
    ]


def _day(date: dt.date, *, brief: bool) -> str:
    return f"{date.day} {MONTHS[date.month - 1][:3]}" if brief else short_date(date)
