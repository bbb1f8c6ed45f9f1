"""What stands around a picture: its head, its foot and its axis of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.summary import Summary
from simulate.report.figures.style import GREY, INK, TINY, fitted
from simulate.report.text.calendar import ticks
from simulate.report.text.phrases import digest, drawn, program, sources
from simulate.report.text.wording import inert

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN, TOP = 0.3, 0.2
"""Inches left of the words, and above them."""

WIDE, NARROWEST = 8.0, 3.5
"""Inches: the usual width of a picture, and that of a column of print."""

TICK_LABELS = 0.53
"""Inches that the labels of an axis of dates take."""

_NARROW_MARGIN, _NARROW_TITLE, _NARROW_WORDS = 0.12, 10.0, 8.0
_FOOT, _FOOT_LINE = 0.12, 0.15


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


def is_narrow(width: float) -> bool:
    """Whether a picture is as narrow as a column, and has room for few labels."""
    return width < 5.0


def margin(figure: Figure) -> float:
    """Inches left and right of the words."""
    return _NARROW_MARGIN if is_narrow(figure.get_figwidth()) else MARGIN


def heading(figure: Figure, summary: Summary, line: str, *, title_size: float) -> list[Heading]:
    """Title, question and one more line, each broken to the width of the figure."""
    narrow = is_narrow(figure.get_figwidth())
    words = _NARROW_WORDS if narrow else 9.5
    # The line holds the numbers: it gets as many lines as it needs.
    texts = (
        (
            inert(summary.scenario.title),
            _NARROW_TITLE if narrow else title_size,
            "bold",
            INK,
            4 if narrow else 3,
        ),
        (inert(summary.scenario.question), words, "normal", GREY, 3 if narrow else 2),
        (line, words, "normal", INK, 12 if narrow else 5),
    )
    inches = figure.get_figwidth() - 2 * margin(figure)
    return [
        Heading(
            fitted(figure, text, size, inches=inches, lines=lines, weight=weight),
            size,
            weight,
            color,
        )
        for text, size, weight, color, lines in texts
    ]


def write_head(figure: Figure, head: Sequence[Heading], *, below: float = TOP) -> None:
    """Write headings below each other, from some inches below the top of the figure."""
    width, height = figure.get_size_inches()
    y = height - below
    for part in head:
        for number, line in enumerate(part.lines):
            figure.text(
                margin(figure) / width,
                (y - number * part.size * 1.4 / 72) / height,
                line,
                size=part.size,
                weight=part.weight,
                color=part.color,
                va="top",
            )
        y -= part.height


def foot_lines(figure: Figure, summary: Summary, remarks: Sequence[str] = ()) -> list[str]:
    """Remarks, and below them what identifies the run, broken to the width of the figure."""
    run = summary.run
    parts = [
        drawn(summary),
        f"seed {run.seed}",
        inert(run.method),
        program(summary),
        inert(run.stream),
        f"scenario {digest(summary)}",
    ]
    inches = figure.get_figwidth() - 2 * margin(figure)
    return [
        line
        for text in (*remarks, sources(summary), " · ".join(parts))
        for line in fitted(figure, text, TINY, inches=inches, lines=4)
    ]


def foot_height(lines: Sequence[str], least: int = 1) -> float:
    """Inches that the foot takes, with room for at least so many lines."""
    return _FOOT + _FOOT_LINE * max(len(lines), least)


def write_foot(figure: Figure, lines: Sequence[str]) -> None:
    """Write the lines of `foot_lines` along the bottom of the figure."""
    width, height = figure.get_size_inches()
    for number, line in enumerate(reversed(lines)):
        y = (_FOOT + _FOOT_LINE * number) / height
        figure.text(margin(figure) / width, y, line, size=TINY, color=GREY, va="bottom")


def date_axis(
    axes: Axes, low: float, high: float, inches: float, *, size: float | None = None
) -> None:
    """Round dates along an axis between two ordinals, in the usual size if none is given."""
    axes.set_xlim(low, high)
    marks = ticks(low, high, most=max(int(inches / (0.75 if size is None else 0.065 * size)), 2))
    axes.set_xticks(
        [mark.day for mark in marks],
        [mark.label if "\n" in mark.label else f"{mark.label}\n " for mark in marks],
        size=size,
    )
