"""The histogram of depletion dates as a picture, drawn without a backend."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, Summary
from simulate.report.bars import Bars, bars
from simulate.report.citation import headline
from simulate.report.figure_frame import TOP, date_axis, heading, write_foot, write_head
from simulate.report.figure_style import (
    BLUE,
    GREY,
    INK,
    SKY,
    SMALL,
    VERMILION,
    house_style,
    text_width,
)
from simulate.report.findings import (
    equal_tailed,
    main_outcome,
    never_probability,
)
from simulate.report.flags import Pole, needed_end, rows
from simulate.report.never_gauge import LABELS_INCHES, draw_never
from simulate.report.wording import (
    embedded,
    inert,
    level_label,
    percent,
    position,
    prose_date,
    short_date,
    tail_levels,
)
from simulate.report.wrapping import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INTERVAL = 0.9
MOST_BARS = 120
MOST_PUBLISHED = 4

# All lengths in inches.
_WIDTH = 8.0
_LEFT, _RIGHT, _BOTTOM = 0.8, 0.3, 0.95
_BARS, _ROW, _CLEAR = 2.7, 0.2, 0.1
_GAUGE, _GAUGE_GAP = 0.4, 0.6
_SHORTEST_AXIS_DAYS = 14
_LABEL_CELLS = 34

_DASHED = (0, (5, 3))
_DOTTED = (0, (1, 2))


@dataclass(frozen=True, slots=True)
class _Marker:
    """A labelled vertical line at `x`, a proleptic Gregorian ordinal with its part of a day."""

    x: float
    label: str
    color: str
    line: str | tuple[int, tuple[int, ...]]


def histogram_figure(summary: Summary, outcome: Outcome | None = None) -> Figure:
    """Histogram of the depletion date with its median, its 90 % interval and the published dates.

    Parameters
    ----------
    summary
        The answer of a run.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.

    Returns
    -------
    matplotlib.figure.Figure
        8 inches wide, not tied to pyplot. Draws that are never depleted are a hatched bar of their
        own at the right, on its own scale from 0 to 100 %, divided by cause.
    """
    from matplotlib.figure import Figure

    outcome = main_outcome(summary) if outcome is None else outcome
    with house_style():
        figure = Figure(figsize=(_WIDTH, 5.0))
        _compose(figure, summary, outcome)
    return figure


def _compose(figure: Figure, summary: Summary, outcome: Outcome) -> None:
    never = never_probability(outcome)
    inches = _WIDTH - _LEFT - _RIGHT - (_GAUGE_GAP + _GAUGE + LABELS_INCHES if never > 0 else 0.0)
    drawn = bars(outcome.histogram, MOST_BARS)
    low, high = _span(summary, outcome, drawn)
    markers = _markers(summary, outcome, low, high)
    poles = [Pole(marker.x, text_width(figure, marker.label, SMALL) + 0.15) for marker in markers]
    high = needed_end(poles, low, high, inches)
    levels = rows(poles, (high - low) / inches)
    strip = _CLEAR + _ROW * (max(levels, default=-1) + 1)
    head = heading(figure, summary, headline(summary, outcome), title_size=12.5)
    above_gauge = 0.4 if never > 0 else 0.0
    height = (
        TOP + sum(part.height for part in head) + 0.1 + max(strip, above_gauge) + _BARS + _BOTTOM
    )

    figure.set_size_inches(_WIDTH, height)
    write_head(figure, head)
    axes = figure.add_axes(
        (_LEFT / _WIDTH, _BOTTOM / height, inches / _WIDTH, (_BARS + strip) / height)
    )
    date_axis(axes, low, high, inches)
    if drawn is None:
        _say_nothing(axes, summary)
    else:
        _draw_bars(axes, summary, outcome, drawn, stretch=(_BARS + strip) / _BARS)
    for marker, level in zip(markers, levels, strict=True):
        _draw_marker(axes, marker, (_BARS + _CLEAR + _ROW * level) / (_BARS + strip))
    if never > 0:
        left = (_LEFT + inches + _GAUGE_GAP) / _WIDTH
        gauge = figure.add_axes((left, _BOTTOM / height, _GAUGE / _WIDTH, _BARS / height))
        draw_never(figure, gauge, summary, outcome)
    write_foot(figure, summary, _remark(drawn))


def _remark(drawn: Bars | None) -> str:
    outside = 0.0 if drawn is None else drawn.before + drawn.after
    if outside <= 0:
        return ""
    return f"{percent(outside, 0)} of draws are depleted outside the dates drawn."


def _say_nothing(axes: Axes, summary: Summary) -> None:
    words = f"No draw is depleted by {prose_date(summary.horizon)}."
    where = axes.transAxes
    axes.text(0.5, 0.5, words, transform=where, ha="center", va="center", color=GREY)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


# --- the histogram ---


def _span(summary: Summary, outcome: Outcome, drawn: Bars | None) -> tuple[float, float]:
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


def _markers(summary: Summary, outcome: Outcome, low: float, high: float) -> list[_Marker]:
    origin = summary.origin.toordinal()
    interval = equal_tailed(outcome, INTERVAL)
    names = [level_label(level) for level in tail_levels(INTERVAL)]
    moments = [("median", outcome.median, VERMILION, "-")]
    if interval is not None:
        moments += [(names[0], interval.low, BLUE, "--"), (names[1], interval.high, BLUE, "--")]
    if (
        interval is not None
        and interval.low.date is not None
        and interval.low.date == interval.high.date
    ):
        moments = [(f"{names[0]} to {names[1]}, all on", interval.low, VERMILION, "-")]
    found = [
        _Marker(
            origin + at.day,
            f"{name} {short_date(at.date)}",
            color,
            _DASHED if line == "--" else line,
        )
        for name, at, color, line in moments
        if at.day is not None and at.date is not None
    ]
    found += [
        _Marker(
            check.date.toordinal() + 0.5,
            f"{embedded(shorten(inert(check.label), _LABEL_CELLS))}, {position(check.level)}",
            INK,
            _DOTTED,
        )
        for check in outcome.published[:MOST_PUBLISHED]
    ]
    return [marker for marker in found if low <= marker.x <= high]


def _draw_marker(axes: Axes, marker: _Marker, foot: float) -> None:
    """A line from the axis to the label, whose lower edge is at `foot` in the units of the axes."""
    top = foot + 0.05
    axes.plot(
        [marker.x, marker.x],
        [0, top],
        transform=axes.get_xaxis_transform(),
        color=marker.color,
        linestyle=marker.line,
        linewidth=1.3,
        clip_on=False,
    )
    axes.annotate(
        marker.label,
        (marker.x, foot),
        xycoords=axes.get_xaxis_transform(),
        xytext=(3, 0),
        textcoords="offset points",
        size=SMALL,
        color=marker.color,
        va="bottom",
        annotation_clip=False,
    )
