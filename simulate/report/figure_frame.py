"""What stands around a picture: its head, its foot and its axis of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.summary import Summary
from simulate.report.calendar_axis import ticks
from simulate.report.citation import digest, drawn, program
from simulate.report.figure_style import GREY, INK, TINY, fitted
from simulate.report.wording import inert

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN, TOP = 0.3, 0.2
"""Inches left of the words, and above them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines of one size at the top of a picture."""

    lines: list[str]
    size: float
    weight: str
    color: str

    @property
    def height(self) -> float:
        """Inches that the lines and the gap beneath them take."""
        return len(self.lines) * self.size * 1.4 / 72 + (0.06 if self.lines else 0.0)


def heading(figure: Figure, summary: Summary, line: str, *, title_size: float) -> list[Heading]:
    """Title, question and one more line, each broken to the width of the figure."""
    texts = (
        (inert(summary.scenario.title), title_size, "bold", INK, 3),
        (inert(summary.scenario.question), 9.5, "normal", GREY, 2),
        (line, 9.5, "normal", INK, 3),
    )
    inches = figure.get_figwidth() - 2 * MARGIN
    return [
        Heading(
            fitted(figure, text, size, inches=inches, lines=lines, weight=weight),
            size,
            weight,
            color,
        )
        for text, size, weight, color, lines in texts
    ]


def write_head(figure: Figure, head: Sequence[Heading]) -> None:
    """Write headings below each other from the top of the figure."""
    width, height = figure.get_size_inches()
    y = height - TOP
    for part in head:
        for number, line in enumerate(part.lines):
            figure.text(
                MARGIN / width,
                (y - number * part.size * 1.4 / 72) / height,
                line,
                size=part.size,
                weight=part.weight,
                color=part.color,
                va="top",
            )
        y -= part.height


def write_foot(figure: Figure, summary: Summary, remark: str = "") -> None:
    """Write what identifies the run along the bottom of the figure, below it a remark."""
    width, height = figure.get_size_inches()
    run = summary.run
    parts = [
        drawn(summary),
        f"seed {run.seed}",
        inert(run.method),
        program(summary),
        inert(run.stream),
        f"scenario {digest(summary)}",
    ]
    lines = [" · ".join(parts)]
    if remark:
        lines.insert(0, remark)
    for number, line in enumerate(reversed(lines)):
        y = (0.12 + 0.15 * number) / height
        figure.text(MARGIN / width, y, line, size=TINY, color=GREY, va="bottom")


def date_axis(axes: Axes, low: float, high: float, inches: float) -> None:
    """Round dates along an axis between two ordinals."""
    axes.set_xlim(low, high)
    marks = ticks(low, high, most=max(int(inches / 0.75), 2))
    axes.set_xticks(
        [mark.day for mark in marks],
        [mark.label if "\n" in mark.label else f"{mark.label}\n " for mark in marks],
    )
