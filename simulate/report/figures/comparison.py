"""The histograms of several scenarios below each other, on one axis of dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from simulate.analysis.comparison import Comparison
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Histogram
from simulate.report.document import Drawing
from simulate.report.figures.canvas import fitted, without_scale
from simulate.report.figures.dates import (
    MOST_BARS,
    Body,
    draw_body,
    padded,
    rooms,
    say_nothing,
)
from simulate.report.figures.flags import DASHED, Flag, LineStyle, Room
from simulate.report.figures.frame import (
    Frame,
    Heading,
    Sheet,
    Words,
    framed,
    headings_height,
    run_words,
)
from simulate.report.figures.histogram import draw_bars
from simulate.report.figures.never import brief_aside
from simulate.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    MEDIAN,
    SCENARIOS,
    SMALL,
    TINY,
    Look,
)
from simulate.report.text.bars import Bars, bars, in_bars_of
from simulate.report.text.comparison import card_words, event_words, file_words, headlines, letter
from simulate.report.text.headline import headline
from simulate.report.text.phrases import digest, drawn, never_probability, outcome_of, title_words
from simulate.report.text.wording import inert, percent, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ON_CARD = 2
"""Scenarios that a card has room for."""

_OWN_SCALE = "Each histogram has a vertical scale of its own"
_SAME_SCALE = 4.0
"""Histograms of which none is so many times taller than another have one vertical scale."""
_GAP, _CARD_GAP = 0.22, 0.12
"""Inches between two scenarios."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """One scenario: its letter and words, and its bars, None where no draw is depleted."""

    number: int
    summary: Summary
    outcome: Outcome
    drawn: Bars | None

    @property
    def tallest(self) -> float:
        """The height of the tallest bar."""
        return max(self.drawn.heights) if self.drawn else 0.0

    @property
    def look(self) -> tuple[str, str]:
        """Colour and hatch."""
        return SCENARIOS[self.number % len(SCENARIOS)]


def drawing(comparison: Comparison, threshold: float | None = None) -> Drawing:
    """A histogram for each scenario, for one threshold that all have.

    All are on one axis of dates and in bars of the same width, each with its own median and that
    of the first scenario; a hatched gauge beside it shows the draws that are never depleted.

    Parameters
    ----------
    comparison
        Scenarios over the same draws. A card (the sheet "social") has room for two.
    threshold
        One of `comparison.thresholds`; the largest if left out.
    """
    threshold = comparison.thresholds[-1] if threshold is None else threshold
    return framed(_alt_text(comparison, threshold), partial(_figure, comparison, threshold))


def _alt_text(comparison: Comparison, threshold: float) -> str:
    n = len(comparison.summaries)
    each = [
        f"{letter(number)}, “{title_words(summary)}”: "
        f"{headline(summary, outcome_of(summary, threshold))}"
        for number, summary in enumerate(comparison.summaries)
    ]
    start = f"Histograms of the simulated dates of {n} scenarios on one axis of dates"
    return ". ".join([start, *each, *headlines(comparison, threshold)]) + "."


def _figure(comparison: Comparison, threshold: float, sheet: Sheet) -> Figure:
    n = len(comparison.summaries)
    if sheet.is_card and n > ON_CARD:
        raise ValueError("a card has room for two scenarios only")
    if sheet.is_card:  # which has little room, and no vertical scale
        sheet = replace(sheet, left=sheet.margin, labels=9.0)
    panels = _panels(comparison, threshold)
    bodies = [_body(panel, panels, sheet) for panel in panels]
    areas = rooms(bodies, sheet)
    headings = [_headings(panel, sheet) for panel in panels]
    gap = _CARD_GAP if sheet.is_card else _GAP
    above = [
        gap + headings_height(sheet, heading) + area.strip
        for heading, area in zip(headings, areas, strict=True)
    ]
    frame = Frame(
        sheet,
        _words(comparison, threshold, panels, sheet),
        tall=sum(above) + n * max(1.5 - 0.1 * n, 0.6) - sheet.gap,
    )
    tall = (frame.top + sheet.gap - frame.bottom - sum(above)) / n
    y = frame.top + sheet.gap
    for body, area, heading, words in zip(bodies, areas, headings, above, strict=True):
        frame.write(heading, y - gap)
        y -= words + tall
        axes = draw_body(frame.canvas, sheet, body, replace(area, tall=tall), y)
        axes.tick_params(axis="x", labelbottom=body is bodies[-1])
    return frame.figure


def _words(
    comparison: Comparison, threshold: float, panels: Sequence[_Panel], sheet: Sheet
) -> Words:
    own = "" if _one_scale(panels) else _OWN_SCALE
    if sheet.is_card:
        title, number, meaning, source = card_words(comparison, threshold)
        return Words(title, [f"{meaning}. {own}" if own else meaning], [source], number=number)
    subject, done = event_words(comparison, threshold)
    remarks = []
    outside = max((p.drawn.before + p.drawn.after if p.drawn else 0.0) for p in panels)
    if outside > 0:
        part = f"Up to {percent(outside, 0)} of the draws of a scenario"
        remarks.append(f"{part} are depleted outside the dates drawn.")
    if own:
        remarks.append(f"{own}.")
    first = comparison.summaries[0]
    digests = (f"{letter(panel.number)} {digest(panel.summary)}" for panel in panels)
    return Words(
        f"Date by which {subject} is {done}",
        list(headlines(comparison, threshold, named=False)),
        [" ".join(remarks), run_words(first, f"{drawn(first)} each", *digests)],
    )


def _headings(panel: _Panel, sheet: Sheet) -> list[Heading]:
    """Letter, title and file, and the result in words where there is room."""
    file, title = file_words(panel.summary), inert(panel.summary.scenario.title)
    name = f"{letter(panel.number)}   {title}{f' ({file})' if file else ''}"
    size, most = min(sheet.words, 10.0), 1 if sheet.is_card else sheet.most[0]
    lines = fitted(name, size, inches=sheet.inches, lines=most, weight="bold")
    color, _ = panel.look
    # Text in the lighter colours would be hard to read.
    dark = color if color in (BLUE, GREEN, GREY) else INK
    found = [Heading(lines, size, "bold", dark)]
    if not sheet.is_card:
        result = headline(panel.summary, panel.outcome)
        found.append(Heading(fitted(result, SMALL, inches=sheet.inches, lines=8), SMALL))
    return found


# --- panels ---


def _panels(comparison: Comparison, threshold: float) -> list[_Panel]:
    histograms = comparison.histograms[comparison.thresholds.index(threshold)]
    together = bars(_pooled(histograms), MOST_BARS)
    return [
        _Panel(
            number,
            summary,
            outcome_of(summary, threshold),
            None if together is None else in_bars_of(histogram, together),
        )
        for number, (summary, histogram) in enumerate(
            zip(comparison.summaries, histograms, strict=True)
        )
    ]


def _body(panel: _Panel, panels: Sequence[_Panel], sheet: Sheet) -> Body:
    """One scenario, with the gauge of "never" if one of them needs it."""
    flags = _flag(panel, "median", MEDIAN, "-")
    if panel.number:
        flags += _flag(panels[0], "A" if sheet.is_narrow else "median of A", INK, DASHED)
    top = max(one.tallest for one in panels) if _one_scale(panels) else panel.tallest

    def draw(axes: Axes, room: Room) -> None:
        if panel.drawn is None or not panel.tallest:
            say_nothing(axes, panel.summary, panel.outcome)
            without_scale(axes)
            return
        color, hatch = panel.look
        look: Look = {"color": color, "hatch": hatch, "top": top}
        draw_bars(axes, panel.drawn, room, **look, words="draws", steps=3, size=TINY)
        if sheet.is_card:
            axes.set_ylabel("")
            without_scale(axes)

    never = any(never_probability(one.outcome) > 0 for one in panels)
    aside = brief_aside(panel.summary, panel.outcome, TINY) if never else None
    return Body(_span(panels), flags, draw, aside)


def _flag(panel: _Panel, name: str, color: str, line: LineStyle) -> list[Flag]:
    at = panel.outcome.median
    if at.day is None or at.date is None:
        return []
    x = panel.summary.origin.toordinal() + at.day
    return [Flag(x, f"{name} {short_date(at.date)}", color, line)]


def _pooled(histograms: Sequence[Histogram]) -> Histogram:
    """The mean of histograms with the same bins."""
    columns = zip(*(histogram.probability for histogram in histograms), strict=True)
    mean = tuple(math.fsum(column) / len(histograms) for column in columns)
    return Histogram(histograms[0].edges, mean)


def _span(panels: Sequence[_Panel]) -> tuple[float, float]:
    """First and last day of the axis; all histograms have the same bars."""
    if panels[0].drawn is not None:
        return padded(panels[0].drawn)
    origins = [panel.summary.origin.toordinal() for panel in panels]
    return min(origins), max(panel.summary.horizon.toordinal() + 1 for panel in panels)


def _one_scale(panels: Sequence[_Panel]) -> bool:
    """Whether all histograms have the same vertical scale."""
    heights = [panel.tallest for panel in panels if panel.tallest > 0]
    return max(heights, default=1.0) <= _SAME_SCALE * min(heights, default=1.0)
