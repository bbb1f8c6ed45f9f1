"""The histograms of several scenarios below each other, on one axis of dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.comparison import Comparison
from simulate.analysis.summary import Histogram, Instant, Outcome, Summary
from simulate.report.bars import Bars, bars, in_bars_of
from simulate.report.citation import digest, drawn, headline, program
from simulate.report.comparison_words import (
    event_words,
    file_words,
    headlines,
    letter,
    outcome_of,
)
from simulate.report.figure_frame import (
    TOP,
    WIDE,
    Heading,
    date_axis,
    is_narrow,
    margin,
    write_head,
)
from simulate.report.figure_style import (
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
    house_style,
    text_width,
)
from simulate.report.findings import never_probability, title_words
from simulate.report.flags import Pole, needed_end, rows
from simulate.report.never_gauge import draw_never_briefly
from simulate.report.wording import inert, percent, prose_date, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# All lengths in inches.
_LEFT, _RIGHT = 0.8, 0.3
_NARROW_LEFT, _NARROW_RIGHT = 0.7, 0.12
_ROW, _CLEAR, _GAP = 0.2, 0.06, 0.22
_GAUGE, _GAUGE_GAP, _GAUGE_LABEL = 0.25, 0.25, 0.75
_AXIS = 0.42
_SHORTEST_AXIS_DAYS = 14
_MOST_BARS = 120
_SAME_SCALE = 4.0
"""Histograms of which none is so many times taller than another have one vertical scale."""

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
class _Panel:
    """One scenario: its bars, None where no draw is depleted, and the lines that are marked."""

    number: int
    summary: Summary
    outcome: Outcome
    drawn: Bars | None
    heading: list[Heading]
    flags: list[tuple[float, str, str, str]]

    @property
    def tallest(self) -> float:
        """The height of the tallest bar."""
        return max(self.drawn.heights, default=0.0) if self.drawn else 0.0


def comparison_figure(
    comparison: Comparison, threshold: float | None = None, *, width: float = WIDE
) -> Figure:
    """A histogram for each scenario, for one threshold that all have.

    Parameters
    ----------
    comparison
        Scenarios over the same draws.
    threshold
        One of `comparison.thresholds`; the largest if left out.
    width
        Inches. Below 5 the labels are shorter.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. All are on one axis of dates and in bars of the same
        width, each with its median and that of the reference; draws that are never depleted are
        a hatched gauge of their own beside it.
    """
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(width, 5.0))
        _compose(figure, comparison, _number(comparison, threshold))
    return figure


def comparison_alt_text(comparison: Comparison, threshold: float | None = None) -> str:
    """What the figure shows in words, generated from its numbers; plain text on one line."""
    threshold = comparison.thresholds[_number(comparison, threshold)]
    n = len(comparison.summaries)
    each = [
        f"{letter(number)}, “{title_words(summary)}”: "
        f"{headline(summary, outcome_of(summary, threshold))}"
        for number, summary in enumerate(comparison.summaries)
    ]
    start = f"Histograms of the simulated dates of {n} scenarios on one axis of dates"
    return ". ".join([start, *each, *headlines(comparison, threshold)]) + "."


def _number(comparison: Comparison, threshold: float | None) -> int:
    """Which of the thresholds is meant."""
    chosen = comparison.thresholds[-1] if threshold is None else threshold
    return comparison.thresholds.index(chosen)


def _compose(figure: Figure, comparison: Comparison, k: int) -> None:
    threshold = comparison.thresholds[k]
    width = figure.get_figwidth()
    first, last = (_NARROW_LEFT, _NARROW_RIGHT) if is_narrow(width) else (_LEFT, _RIGHT)
    outcomes = [outcome_of(summary, threshold) for summary in comparison.summaries]
    never = any(never_probability(outcome) > 0 for outcome in outcomes)
    inches = width - first - last - (_GAUGE + _GAUGE_GAP + _GAUGE_LABEL if never else 0.0)
    together = bars(_pooled(comparison.histograms[k]), _MOST_BARS)
    panels = [
        _panel(figure, comparison, k, number, together)
        for number in range(len(comparison.summaries))
    ]
    low, high = _span(comparison, together)
    poles = [_poles(figure, panel) for panel in panels]
    high = needed_end([pole for found in poles for pole in found], low, high, inches)
    levels = [rows(found, (high - low) / inches) for found in poles]
    strips = [_CLEAR + _ROW * (max(found, default=-1) + 1) for found in levels]
    tall = max(1.5 - 0.1 * len(panels), 0.6)
    head = _head(figure, comparison, threshold)
    foot = _foot_lines(figure, comparison, panels)
    height = (
        TOP
        + sum(part.height for part in head)
        + sum(
            _heading_height(panel) + strip + tall
            for panel, strip in zip(panels, strips, strict=True)
        )
        + _GAP * len(panels)
        + _AXIS
        + 0.15 * len(foot)
        + 0.12
    )
    figure.set_size_inches(width, height)
    write_head(figure, head)
    y = height - TOP - sum(part.height for part in head)
    for panel, found, strip in zip(panels, levels, strips, strict=True):
        y -= _GAP
        write_head(figure, panel.heading, below=height - y)
        y -= _heading_height(panel) + strip + tall
        axes = figure.add_axes((first / width, y / height, inches / width, (tall + strip) / height))
        date_axis(axes, low, high, inches, size=SMALL if is_narrow(width) else None)
        if panel is not panels[-1]:
            axes.tick_params(axis="x", labelbottom=False)
        _draw(axes, panel, _scale(panel, panels), (tall + strip) / tall)
        for flag, level in zip(panel.flags, found, strict=True):
            _draw_flag(axes, flag, (tall + _CLEAR + _ROW * level) / (tall + strip))
        if never:
            left = (first + inches + _GAUGE_GAP) / width
            gauge = figure.add_axes((left, y / height, _GAUGE / width, tall / height))
            draw_never_briefly(gauge, panel.summary, panel.outcome, size=TINY)
    for number, line in enumerate(reversed(foot)):
        place = (0.12 + 0.15 * number) / height
        figure.text(margin(figure) / width, place, line, size=TINY, color=GREY, va="bottom")


# --- words ---


def _head(figure: Figure, comparison: Comparison, threshold: float) -> list[Heading]:
    subject, done = event_words(comparison, threshold)
    title = f"Date by which {subject} is {done}"
    narrow = is_narrow(figure.get_figwidth())
    lines = headlines(comparison, threshold, named=False)
    texts = [
        (title, 10.0 if narrow else 12.5, "bold", 3 if narrow else 2),
        *((line, 8.0 if narrow else 9.5, "normal", 8 if narrow else 3) for line in lines),
    ]
    return [
        Heading(_wrapped(figure, text, size, lines, weight), size, weight, INK)
        for text, size, weight, lines in texts
    ]


def _wrapped(
    figure: Figure, text: str, size: float, lines: int, weight: str = "normal"
) -> list[str]:
    inches = figure.get_figwidth() - 2 * margin(figure)
    return fitted(figure, text, size, inches=inches, lines=lines, weight=weight)


def _panel(
    figure: Figure, comparison: Comparison, k: int, number: int, together: Bars | None
) -> _Panel:
    summary = comparison.summaries[number]
    outcome = outcome_of(summary, comparison.thresholds[k])
    narrow = is_narrow(figure.get_figwidth())
    size, lines = (8.5, 4) if narrow else (9.5, 2)
    file = file_words(summary)
    title = f"{letter(number)}   {inert(summary.scenario.title)}{f' ({file})' if file else ''}"
    color = _LOOKS[number % len(_LOOKS)][0]
    flags = _flag(summary, outcome.median, "median", VERMILION, "solid")
    if number:
        first = comparison.summaries[0]
        at = outcome_of(first, outcome.threshold).median
        flags += _flag(first, at, "A" if narrow else "median of A", INK, "dashed")
    return _Panel(
        number=number,
        summary=summary,
        outcome=outcome,
        drawn=None if together is None else in_bars_of(comparison.histograms[k][number], together),
        heading=[
            Heading(_wrapped(figure, title, size, lines, "bold"), size, "bold", _dark(color)),
            Heading(
                _wrapped(figure, headline(summary, outcome), SMALL, 8 if narrow else 4),
                SMALL,
                "normal",
                INK,
            ),
        ],
        flags=flags,
    )


def _dark(color: str) -> str:
    """Text in the lighter colours would be hard to read."""
    return color if color in (BLUE, GREEN, GREY) else INK


def _flag(
    summary: Summary, at: Instant, name: str, color: str, line: str
) -> list[tuple[float, str, str, str]]:
    if at.day is None or at.date is None:
        return []
    x = summary.origin.toordinal() + at.day
    return [(x, f"{name} {short_date(at.date)}", color, line)]


def _poles(figure: Figure, panel: _Panel) -> list[Pole]:
    return [Pole(x, text_width(figure, label, SMALL) + 0.15) for x, label, _, _ in panel.flags]


def _foot_lines(figure: Figure, comparison: Comparison, panels: Sequence[_Panel]) -> list[str]:
    first = comparison.summaries[0]
    run = first.run
    parts = [
        f"{drawn(first)} each",
        f"seed {run.seed}",
        inert(run.method),
        program(first),
        inert(run.stream),
        *(f"{letter(panel.number)} {digest(panel.summary)}" for panel in panels),
    ]
    remarks = []
    outside = max((p.drawn.before + p.drawn.after if p.drawn else 0.0) for p in panels)
    if outside > 0:
        part = f"Up to {percent(outside, 0)} of the draws of a scenario"
        remarks.append(f"{part} are depleted outside the dates drawn.")
    if not _one_scale(panels):
        remarks.append("Each histogram has a vertical scale of its own.")
    return [
        *_wrapped(figure, " ".join(remarks), TINY, 2),
        *_wrapped(figure, " · ".join(parts), TINY, 6),
    ]


def _heading_height(panel: _Panel) -> float:
    return sum(part.height for part in panel.heading)


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


def _one_scale(panels: Sequence[_Panel]) -> bool:
    heights = [panel.tallest for panel in panels if panel.tallest > 0]
    return max(heights, default=1.0) <= _SAME_SCALE * min(heights, default=1.0)


def _scale(panel: _Panel, panels: Sequence[_Panel]) -> float:
    return max(one.tallest for one in panels) if _one_scale(panels) else panel.tallest


def _draw(axes: Axes, panel: _Panel, scale: float, stretch: float) -> None:
    from matplotlib.ticker import MaxNLocator

    if panel.drawn is None or not panel.tallest:
        words = f"No draw is depleted by {prose_date(panel.summary.horizon)}."
        axes.text(0.5, 0.4, words, transform=axes.transAxes, ha="center", color=GREY, size=SMALL)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        return
    color, hatch = _LOOKS[panel.number % len(_LOOKS)]
    heights, edges = panel.drawn.heights, panel.drawn.edges
    axes.set_ylim(0, scale * 1.02 * stretch)
    axes.stairs(heights, edges, fill=True, facecolor=color, alpha=0.45, edgecolor="none")
    if hatch:
        axes.stairs(heights, edges, fill=True, facecolor="none", edgecolor=color, hatch=hatch, lw=0)
    axes.stairs(heights, edges, color=INK, linewidth=0.6)
    marks = [
        value
        for value in MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]).tick_values(0, scale)
        if 0 <= value <= scale * 1.02
    ]
    axes.set_yticks(marks, [f"{100 * value:g} %" for value in marks], size=SMALL)
    axes.set_ylabel(f"draws per {panel.drawn.span_words}", y=0.5 / stretch, size=TINY)
    axes.spines["left"].set_bounds(0, scale * 1.02)


def _draw_flag(axes: Axes, flag: tuple[float, str, str, str], foot: float) -> None:
    """A line from the axis to its label, whose lower edge is at `foot` in units of the axes."""
    x, label, color, line = flag
    place = axes.get_xaxis_transform()
    axes.plot(
        [x, x],
        [0, foot + 0.05],
        transform=place,
        color=color,
        linestyle=line,
        linewidth=1.3,
        clip_on=False,
    )
    axes.annotate(
        label,
        (x, foot),
        xycoords=place,
        xytext=(3, 0),
        textcoords="offset points",
        size=SMALL,
        color=color,
        va="bottom",
        annotation_clip=False,
    )
