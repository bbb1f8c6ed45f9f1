"""The histogram of depletion dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from simulate.analysis.summary import Outcome, Summary
from simulate.report.document import Drawing
from simulate.report.figures import before_after, dates
from simulate.report.figures.bars import Bars, Shaded, outside_words, shaded
from simulate.report.figures.by_source import (
    Part,
    draw_names,
    draw_parts,
    names_pole,
    parts_of,
    signs,
)
from simulate.report.figures.canvas import Axes, Figure, percents, round_marks, without_scale
from simulate.report.figures.date_lines import date_flags
from simulate.report.figures.flags import Room, needed_end, upright
from simulate.report.figures.frame import Sheet, framed
from simulate.report.figures.never import few_words
from simulate.report.figures.style import HISTOGRAM, HISTOGRAM_INTERVAL, INK, Look
from simulate.report.text.captions import parts_words, undated_words
from simulate.report.text.headline import alt_text
from simulate.report.text.phrases import main_outcome
from simulate.report.text.update import before_and_after, updated_alt, updated_outcome

_APART = 0.17
"""Inches between two marks of the vertical axis, at least."""


def drawing(summary: Summary, outcome: Outcome | None = None) -> Drawing:
    """Histogram of the depletion date with its median, its 90 % interval and the published dates.

    Draws that are never depleted are a hatched bar of their own at the right, on its own scale
    from 0 to 100 %, divided by cause where there is room.
    The outcome is the one with the largest threshold if left out.
    """
    outcome = main_outcome(summary) if outcome is None else outcome
    colours = [parts_words(summary, outcome), *undated_words(summary, outcome)]
    words = [alt_text(summary, outcome), *colours, updated_alt(summary, outcome)]
    return framed(" ".join(filter(None, words)), partial(_figure, summary, outcome))


def draw_bars(
    axes: Axes,
    drawn: Bars,
    room: Room,
    *,
    color: str = HISTOGRAM,
    hatch: str = "",
    inside: tuple[float, float] | None = None,
    parts: Sequence[Part] = (),
    top: float | None = None,
    steps: int = 5,
    size: float | None = None,
) -> None:
    """Draw a histogram and its vertical axis.

    `inside` are the first day, and end, of the bars in the colour of the interval, or denser where
    bars are divided into `parts`. `top` fills the height of the room; the tallest bar if left out.
    `steps` and `size` are of the vertical axis: about how many marks, if they have room, and
    their size in points.
    """
    heights, edges = drawn.heights, drawn.edges
    top = max(heights) if top is None else top
    end = top * 1.02
    axes.set_ylim(0, end * room.stretch)
    if parts:
        draw_parts(axes, parts, edges, inside or (edges[0], edges[-1]))
    else:
        axes.stairs(heights, edges, fill=True, facecolor=color, alpha=0.45, edgecolor="none")
    if hatch:
        axes.stairs(heights, edges, fill=True, facecolor="none", edgecolor=color, hatch=hatch, lw=0)
    if inside is not None and not parts:
        first, last = inside
        within = [min(max(edge, first), last) for edge in edges]
        look: Look = {"facecolor": HISTOGRAM_INTERVAL, "alpha": 0.75, "edgecolor": "none"}
        axes.stairs(heights, within, fill=True, **look)
    axes.stairs(heights, edges, color=INK, linewidth=0.5)
    marks = round_marks(top, end, min(steps, max(int(room.tall / _APART), 1)))
    axes.set_yticks(marks, percents(marks), size=size)
    axes.spines["left"].set_bounds(0, end)


def _figure(summary: Summary, outcome: Outcome, sheet: Sheet) -> Figure:
    most = dates.MOST_BARS // 2 if sheet.is_narrow else dates.MOST_BARS
    after = updated_outcome(summary, outcome)
    marked = date_flags(outcome, sheet, after=after)
    drawn, then, (low, last) = dates.bars_and_span(summary, outcome, after, most, marked)
    parts = parts_of(summary, outcome, drawn)
    moments = before_after.moments(summary, outcome, after, sheet)
    aside = before_after.gauge_of(summary, outcome, after, sheet)
    dark = None if then else shaded(summary, outcome, on_card=sheet.is_card)
    high = last
    if parts and not sheet.is_tight:
        inches = sheet.across(aside.beside if aside else 0.0)
        high = needed_end([names_pole(parts, last, sheet)], low, last, inches)

    def draw(axes: Axes, room: Room) -> None:
        if drawn is None:
            dates.say_nothing(axes, summary, outcome)
            without_scale(axes)
            return
        inside = None if then else _inside(dark, drawn)
        tallest = max([*drawn.heights, *(then.heights if then else ())])
        draw_bars(axes, drawn, room, inside=inside, parts=parts, top=tallest)
        if then:
            before_after.draw_after(axes, drawn, then, sheet, upright([*moments, *marked]))
        if parts and not sheet.is_tight:
            draw_names(axes, parts, last, room, sheet)

    body = dates.Body((low, high), [*moments, *marked], draw, aside)
    remarks = [
        *undated_words(summary, outcome),
        *few_words(summary, outcome),
        *outside_words(drawn, then),
    ]
    legend = [*before_after.signs(summary), *signs(parts)] if sheet.is_tight else []
    shown = _shown(summary, drawn, parts, dark)
    return dates.composed(
        summary, outcome, sheet, body, shown=shown, remarks=remarks, legend=legend
    )


def _shown(summary: Summary, drawn: Bars | None, parts: Sequence[Part], dark: Shaded | None) -> str:
    """What the bars are."""
    if drawn is None:
        return ""
    by = "by the source whose count they follow, with its weight" if parts else ""
    words = f"Simulations per {drawn.span_words}", before_and_after(summary), by
    first, end = _inside(dark, drawn)
    is_cut = drawn.edges[0] < first or end < drawn.edges[-1]
    inside = f"; darker: {dark.words}" if dark and is_cut else ""
    return f"{', '.join(filter(None, words))}{inside}"


def _inside(dark: Shaded | None, drawn: Bars) -> tuple[float, float]:
    """The whole days that are darker, as far as the bars go."""
    end = drawn.edges[-1]
    if dark is None:
        return end, end
    return math.floor(dark.first), dark.last if dark.part else math.floor(dark.last) + 1
