"""The histograms of a comparison: one panel a scenario, all on one axis of dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.comparison import Comparison
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Histogram, Instant
from simulate.report.figures.card import CARD_WORDS
from simulate.report.figures.date_frame import Flag, LineStyle, draw_flag
from simulate.report.figures.flags import Pole, needed_end, rows
from simulate.report.figures.frame import Heading, date_axis, margin, write_head
from simulate.report.figures.never_gauge import draw_never_briefly
from simulate.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SMALL,
    TINY,
    VERMILION,
    fitted,
    text_width,
)
from simulate.report.text.bars import Bars, bars, in_bars_of
from simulate.report.text.comparison import file_words, letter
from simulate.report.text.headline import headline
from simulate.report.text.phrases import never_probability, outcome_of
from simulate.report.text.wording import inert, prose_date, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# All lengths in inches.
_ROW, _CLEAR = 0.2, 0.06
_GAUGE, _GAUGE_GAP, _GAUGE_LABEL = 0.25, 0.25, 0.75
_SHORTEST_AXIS_DAYS = 14
_MOST_BARS = 120
_SAME_SCALE = 4.0
"""Histograms of which none is so many times taller than another have one vertical scale."""


@dataclass(frozen=True, slots=True)
class Form:
    """Inches beside the axes, and the words of each scenario: points, and lines at most."""

    left: float
    right: float
    title: float
    title_lines: int
    told_lines: int
    size: float
    first: str
    """What the median of the first scenario is called."""
    scaled: bool = True
    """Whether there is a vertical scale."""


PAGE = Form(0.8, 0.3, 9.5, 2, 4, SMALL, "median of A")
COLUMN = Form(0.7, 0.12, 8.5, 4, 8, SMALL, "A")
CARD = Form(0.8, 0.3, CARD_WORDS, 1, 0, CARD_WORDS - 1.0, "median of A", scaled=False)

# A second cue beside each colour.
_LOOKS = (
    (BLUE, ""),
    (ORANGE, "////"),
    (GREEN, "...."),
    (PURPLE, "\\\\\\\\"),
    (SKY, "xxxx"),
    (GREY, "----"),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One scenario: its bars, None where no draw is depleted, and the lines that are marked."""

    number: int
    summary: Summary
    outcome: Outcome
    drawn: Bars | None
    flags: list[Flag]

    @property
    def tallest(self) -> float:
        """The height of the tallest bar."""
        return max(self.drawn.heights, default=0.0) if self.drawn else 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """All panels with their words, the axis that they share, and the rows of their labels."""

    panels: list[Panel]
    headings: list[list[Heading]]
    low: float
    high: float
    inches: float
    never: bool
    """Whether some draws of some scenario are never depleted."""
    levels: list[list[int]]
    form: Form

    def strip(self, number: int) -> float:
        """Inches that the labels above a panel take."""
        return _CLEAR + _ROW * (max(self.levels[number], default=-1) + 1)

    def above(self, number: int) -> float:
        """Inches that all words above a panel take."""
        return sum(part.height for part in self.headings[number]) + self.strip(number)


def scene_of(figure: Figure, comparison: Comparison, k: int, form: Form) -> Scene:
    """Lay out the histograms of one threshold, given by its number."""
    together = bars(_pooled(comparison.histograms[k]), _MOST_BARS)
    numbers = range(len(comparison.summaries))
    panels = [_panel(comparison, k, number, together, form) for number in numbers]
    never = any(never_probability(panel.outcome) > 0 for panel in panels)
    inches = figure.get_figwidth() - form.left - form.right
    inches -= _GAUGE + _GAUGE_GAP + _GAUGE_LABEL if never else 0.0
    poles = [
        [Pole(flag.x, text_width(figure, flag.label, form.size) + 0.15) for flag in panel.flags]
        for panel in panels
    ]
    low, high = _span(comparison, together)
    high = needed_end([pole for found in poles for pole in found], low, high, inches)
    return Scene(
        panels,
        [_heading(figure, panel, form) for panel in panels],
        low,
        high,
        inches,
        never,
        [rows(found, (high - low) / inches) for found in poles],
        form,
    )


def draw_at(figure: Figure, scene: Scene, panel: Panel, *, y: float, tall: float) -> None:
    """Draw a panel whose axis is `y` inches above the lower edge, with its words above it."""
    width, height = figure.get_size_inches()
    number, form, inches = panel.number, scene.form, scene.inches
    strip = scene.strip(number)
    write_head(figure, scene.headings[number], below=height - y - tall - scene.above(number))
    axes = figure.add_axes((form.left / width, y / height, inches / width, (tall + strip) / height))
    date_axis(axes, scene.low, scene.high, inches, size=None if form is PAGE else form.size)
    if panel is not scene.panels[-1]:
        axes.tick_params(axis="x", labelbottom=False)
    scale = max(one.tallest for one in scene.panels) if one_scale(scene.panels) else panel.tallest
    stretch = (tall + strip) / tall
    _draw(axes, panel, scale * 1.02 * stretch)
    if form.scaled and panel.drawn is not None and panel.tallest:
        _draw_scale(axes, panel.drawn, scale, stretch)
    else:
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    for flag, level in zip(panel.flags, scene.levels[number], strict=True):
        draw_flag(axes, flag, (tall + _CLEAR + _ROW * level) / (tall + strip), form.size)
    if scene.never:
        left = (form.left + inches + _GAUGE_GAP) / width
        gauge = figure.add_axes((left, y / height, _GAUGE / width, tall / height))
        draw_never_briefly(gauge, panel.summary, panel.outcome, size=TINY)


# --- words ---


def wrapped(
    figure: Figure, text: str, size: float, lines: int, weight: str = "normal"
) -> list[str]:
    """A text broken into so many lines at most, all within the margins of the figure."""
    inches = figure.get_figwidth() - 2 * margin(figure)
    return fitted(figure, text, size, inches=inches, lines=lines, weight=weight)


def _panel(comparison: Comparison, k: int, number: int, together: Bars | None, form: Form) -> Panel:
    summary = comparison.summaries[number]
    outcome = outcome_of(summary, comparison.thresholds[k])
    flags = _flag(summary, outcome.median, "median", VERMILION, "solid")
    if number:
        first = comparison.summaries[0]
        at = outcome_of(first, outcome.threshold).median
        flags += _flag(first, at, form.first, INK, "dashed")
    drawn = None if together is None else in_bars_of(comparison.histograms[k][number], together)
    return Panel(number, summary, outcome, drawn, flags)


def _heading(figure: Figure, panel: Panel, form: Form) -> list[Heading]:
    """Its letter, title and file, and the result in words where there is room."""
    file, title = file_words(panel.summary), inert(panel.summary.scenario.title)
    named = f"{letter(panel.number)}   {title}{f' ({file})' if file else ''}"
    lines = wrapped(figure, named, form.title, form.title_lines, "bold")
    found = [Heading(lines, form.title, "bold", _dark(_look(panel)[0]))]
    if form.told_lines:
        told = wrapped(figure, headline(panel.summary, panel.outcome), SMALL, form.told_lines)
        found.append(Heading(told, SMALL, "normal", INK))
    return found


def _look(panel: Panel) -> tuple[str, str]:
    return _LOOKS[panel.number % len(_LOOKS)]


def _dark(color: str) -> str:
    """Text in the lighter colours would be hard to read."""
    return color if color in (BLUE, GREEN, GREY) else INK


def _flag(summary: Summary, at: Instant, name: str, color: str, line: LineStyle) -> list[Flag]:
    if at.day is None or at.date is None:
        return []
    x = summary.origin.toordinal() + at.day
    return [Flag(x, f"{name} {short_date(at.date)}", color, line)]


# --- bars ---


def _pooled(histograms: Sequence[Histogram]) -> Histogram:
    """The mean of histograms with the same bins."""
    columns = zip(*(histogram.probability for histogram in histograms), strict=True)
    mean = tuple(math.fsum(column) / len(histograms) for column in columns)
    return Histogram(histograms[0].edges, mean)


def _span(comparison: Comparison, together: Bars | None) -> tuple[float, float]:
    if together is None:
        origins = [summary.origin.toordinal() for summary in comparison.summaries]
        return min(origins), max(s.horizon.toordinal() + 1 for s in comparison.summaries)
    low, high = together.edges[0], together.edges[-1]
    padding = max(_SHORTEST_AXIS_DAYS - (high - low), 0) / 2
    return low - padding, high + padding


def one_scale(panels: Sequence[Panel]) -> bool:
    """Whether all histograms have the same vertical scale."""
    heights = [panel.tallest for panel in panels if panel.tallest > 0]
    return max(heights, default=1.0) <= _SAME_SCALE * min(heights, default=1.0)


def _draw(axes: Axes, panel: Panel, top: float) -> None:
    if panel.drawn is None or not panel.tallest:
        words = f"No draw is depleted by {prose_date(panel.summary.horizon)}."
        axes.text(0.5, 0.4, words, transform=axes.transAxes, ha="center", color=GREY, size=SMALL)
        return
    color, hatch = _look(panel)
    heights, edges = panel.drawn.heights, panel.drawn.edges
    axes.set_ylim(0, top)
    axes.stairs(heights, edges, fill=True, facecolor=color, alpha=0.45, edgecolor="none")
    if hatch:
        axes.stairs(heights, edges, fill=True, facecolor="none", edgecolor=color, hatch=hatch, lw=0)
    axes.stairs(heights, edges, color=INK, linewidth=0.6)


def _draw_scale(axes: Axes, drawn: Bars, scale: float, stretch: float) -> None:
    from matplotlib.ticker import MaxNLocator

    marks = [
        value
        for value in MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]).tick_values(0, scale)
        if 0 <= value <= scale * 1.02
    ]
    axes.set_yticks(marks, [f"{100 * value:g} %" for value in marks], size=SMALL)
    axes.set_ylabel(f"draws per {drawn.span_words}", y=0.5 / stretch, size=TINY)
    axes.spines["left"].set_bounds(0, scale * 1.02)
