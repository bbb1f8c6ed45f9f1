"""The probability of depletion by date: a curve that rises towards 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulate.analysis.summary import Outcome, Summary
from simulate.report.document import Drawing
from simulate.report.figures import before_after, dates
from simulate.report.figures.bars import outside_words
from simulate.report.figures.canvas import QUARTERS, Axes, Figure, percents
from simulate.report.figures.date_lines import date_flags
from simulate.report.figures.flags import Room, upright
from simulate.report.figures.frame import Sheet, framed
from simulate.report.figures.never import few_words
from simulate.report.figures.style import CURVE, CURVE_ERROR, PALE, UPDATED, Look
from simulate.report.text.captions import simulations_with
from simulate.report.text.phrases import never_probability
from simulate.report.text.update import before_and_after, updated_alt, updated_outcome
from simulate.report.text.wording import percent, points, prose_date

if TYPE_CHECKING:
    from simulate.analysis.curve import (
        CdfCurve,  # needs NumPy, for which the terminal does not wait
    )

_VISIBLE = 0.004
"""A band of this half-width is as wide as the line."""


def drawing(summary: Summary, curve: CdfCurve, outcome: Outcome) -> Drawing:
    """Probability of depletion by date, with its Monte Carlo error as a band.

    The median, the 90 % interval, the published dates and those of `by` are marked. Draws that are
    never depleted are the hatched gap between the curve and 100 %.
    """
    return framed(_alt_text(summary, outcome), partial(_figure, summary, curve, outcome))


def _alt_text(summary: Summary, outcome: Outcome) -> str:
    shown = {check.date for check in outcome.published if check.period is None}
    more = [
        f"{percent(by.probability, by.mc_error)} of simulations are depleted "
        f"by {prose_date(by.date)}"
        for by in outcome.by
        if by.date not in shown
    ]
    never = never_probability(outcome)
    if never > 0:
        rest, gap = (percent(part, outcome.depleted_mc_error) for part in (1 - never, never))
        more.append(
            f"The curve ends at {rest}; the gap to 100 %, {gap} of simulations that are never "
            "depleted, is hatched"
        )
    what = "Curve of the probability of depletion by date of"
    more += filter(None, [updated_alt(summary, outcome)])
    return dates.described(what, summary, outcome, more)


def _figure(summary: Summary, curve: CdfCurve, outcome: Outcome, sheet: Sheet) -> Figure:
    after, origin = updated_outcome(summary, outcome), summary.origin.toordinal()
    marked = date_flags(outcome, sheet, after=after, on_curve=True)
    drawn, then, span = dates.bars_and_span(summary, outcome, after, dates.MOST_BARS, marked)
    flags = before_after.moments(summary, outcome, after, sheet)
    if after is None and (len({flag.x for flag in flags}) > 1 or sheet.is_card):
        flags = [replace(flag, level=curve.at(flag.x - origin)) for flag in flags]
    aside = before_after.gauge_of(summary, outcome, after, sheet, from_top=True)

    def draw(axes: Axes, room: Room) -> None:
        _draw_scale(axes, room)
        _draw_curve(axes, room, curve, origin)
        if after is not None:
            _draw_updated(axes, room, (outcome, after), sheet, upright([*flags, *marked]))
        if not curve.days:
            dates.say_nothing(axes, summary, outcome)

    body = dates.Body(span, [*flags, *marked], draw, aside)
    remarks = [
        *few_words(summary, outcome),
        *_error_words(curve),
        *outside_words(drawn, then),
    ]
    shown = ", ".join(filter(None, (simulations_with(outcome), before_and_after(summary))))
    legend = before_after.signs(summary, lines=True) if sheet.is_narrow else ()
    return dates.composed(
        summary, outcome, sheet, body, shown=shown, remarks=remarks, legend=legend
    )


def _error_words(curve: CdfCurve) -> list[str]:
    largest = max(curve.mc_error, default=0.0)
    if largest <= 0:
        return []
    error = f"95 % Monte Carlo error at most {points(largest)} percentage points"
    return [f"Band: {error}." if largest > _VISIBLE else f"{error}: no wider than the line."]


def _draw_scale(axes: Axes, room: Room) -> None:
    axes.set_ylim(0, room.stretch)
    axes.set_yticks(QUARTERS, percents(QUARTERS))
    axes.spines["left"].set_bounds(0, 1)
    across = axes.get_yaxis_transform()
    for level in QUARTERS[1:]:
        look: Look = {"color": PALE, "linewidth": 0.6, "zorder": 0.5}
        axes.plot([0, 1], [level, level], transform=across, **look)


def _draw_curve(axes: Axes, room: Room, curve: CdfCurve, origin: int) -> None:
    """The curve and its error, level before the first draw and after the last one."""
    days = [origin + day for day in curve.days]
    days = [min([room.low, *days[:1]]), *days, max([room.high, *days[-1:]])]
    values, errors = [0.0, *curve.probability], [0.0, *curve.mc_error]
    pairs = [*zip(values, errors, strict=True), (values[-1], errors[-1])]
    low = [max(value - error, 0.0) for value, error in pairs]
    high = [min(value + error, 1.0) for value, error in pairs]
    axes.fill_between(days, low, high, facecolor=CURVE_ERROR, alpha=0.55, linewidth=0)
    axes.plot(days, [*values, values[-1]], color=CURVE, linewidth=1.8, zorder=3)
    axes.set_xlim(room.low, room.high)


def _draw_updated(
    axes: Axes, room: Room, both: tuple[Outcome, Outcome], sheet: Sheet, upright: Sequence[float]
) -> None:
    """The updated curve, at the edges of its histogram's bins, and the names of both."""
    edges = [edge.toordinal() for edge in both[0].histogram.edges]
    if not edges:
        return
    lines = [[0.0, *accumulate(each.histogram.probability)] for each in both]
    ends = [min(room.low, edges[0]), *edges, max(room.high, edges[-1])]
    axes.plot(ends, [0.0, *lines[1], lines[1][-1]], color=UPDATED, linewidth=1.8, zorder=2.9)
    if not sheet.is_narrow:  # where signs name them
        before_after.name_curves(axes, edges, lines, sheet.labels + 1, upright=upright)
    axes.set_xlim(room.low, room.high)
