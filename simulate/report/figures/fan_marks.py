"""Published counts in the fan chart: numbered points with their ranges, and the list of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.summary import CountPoint, ObservedCheck, Summary
from simulate.report.figures.frame import is_narrow, margin
from simulate.report.figures.style import GREEN, INK, fitted
from simulate.report.text.phrases import label_words
from simulate.report.text.strength import claim_words, fall_words, reported
from simulate.report.text.wording import prose_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_MARKS = 12

_SIZE = 8.5
_STEP, _GAP = _SIZE * 1.35 / 72, 0.05
_INDENT = 0.36
_LABEL_CELLS = 80

# Where a number may stand, in points from its point.
_NEAR = [(10, 8), (-10, 8), (10, -8), (-10, -8), (0, 13), (0, -13), (14, 0), (-14, 0)]
_PLACES = [*_NEAR, *((2 * x, 2 * y) for x, y in _NEAR), *((3 * x, 3 * y) for x, y in _NEAR)]


@dataclass(frozen=True, slots=True)
class Mark:
    """A count at an instant (a proleptic Gregorian ordinal) with the ranges of both.

    `late` tells a count published later from one the losses are taken from; a mark whose `inside`
    is false lies beyond the dates drawn and is listed only.
    """

    x: float
    earliest: float
    latest: float
    y: float
    low: float
    high: float
    words: str
    late: bool
    inside: bool


def marks_of(summary: Summary, low: float, high: float) -> list[Mark]:
    """The counts of a run, those that the losses are taken from first."""
    strength = summary.strength
    claims = () if strength is None else strength.claims
    unit = label_words(summary.unit)
    found = [_claim(claim, unit, low, high) for claim in claims]
    return found + [_observed(check, unit, low, high) for check in summary.observed]


def _claim(claim: CountPoint, unit: str, low: float, high: float) -> Mark:
    # A count up to a date runs to the beginning of that date.
    x, earliest, latest = (
        float(date.toordinal()) for date in (claim.date, claim.earliest, claim.latest)
    )
    return Mark(
        x,
        earliest,
        latest,
        claim.count,
        claim.low,
        claim.high,
        f"Count used: {claim_words(claim, unit, _LABEL_CELLS)}",
        late=False,
        inside=low <= x <= high,
    )


def _observed(check: ObservedCheck, unit: str, low: float, high: float) -> Mark:
    x = float(check.date.toordinal())
    losses = [point.losses for point in check.reported]
    inside = low <= x <= high
    where = "" if inside else " (after the dates drawn)"
    return Mark(
        x,
        x,
        x,
        losses[len(losses) // 2],
        losses[0],
        losses[-1],
        f"Published later: {label_words(check.label)}: {reported(check)} {unit} up to "
        f"{prose_date(check.date)}{where}; they {fall_words(check)}",
        late=True,
        inside=inside,
    )


# --- points ---


def draw_marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Points with bars over their ranges and their numbers, none of which covers another."""
    shown = [(n, mark) for n, mark in enumerate(marks[:MOST_MARKS], 1) if mark.inside]
    for _, mark in shown:
        color = GREEN if mark.late else INK
        axes.plot([mark.x, mark.x], [mark.low, mark.high], color=color, linewidth=1.2)
        axes.plot([mark.earliest, mark.latest], [mark.y, mark.y], color=color, linewidth=1.2)
        axes.plot(
            mark.x,
            mark.y,
            marker="D" if mark.late else "o",
            markersize=5,
            markerfacecolor=color if mark.late else "white",
            markeredgecolor=color,
            markeredgewidth=1.2,
            clip_on=False,
            zorder=3,
        )
    for (number, mark), offset in zip(shown, _offsets(axes, [m for _, m in shown]), strict=True):
        axes.annotate(
            str(number),
            (mark.x, mark.y),
            xytext=offset,
            textcoords="offset points",
            size=_SIZE,
            weight="bold",
            color=GREEN if mark.late else INK,
            ha="center",
            va="center",
            annotation_clip=False,
        )


def _offsets(axes: Axes, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """A place for each number that is free of points and of the numbers before it."""
    points = [axes.transData.transform((mark.x, mark.y)) * 72 / axes.figure.dpi for mark in marks]
    taken = [(float(x), float(y)) for x, y in points]
    chosen = []
    for x, y in points:
        offset = next(
            (
                (dx, dy)
                for dx, dy in _PLACES
                if all(abs(x + dx - a) > 9 or abs(y + dy - b) > 9 for a, b in taken)
            ),
            _PLACES[0],
        )
        taken.append((float(x + offset[0]), float(y + offset[1])))
        chosen.append(offset)
    return chosen


# --- the list ---


def list_height(figure: Figure, marks: Sequence[Mark]) -> float:
    """Inches that the list takes."""
    lines = sum(len(lines) for lines in _lines(figure, marks))
    return lines * _STEP + len(marks[: MOST_MARKS + 1]) * _GAP + (0.08 if marks else 0.0)


def draw_list(figure: Figure, marks: Sequence[Mark], top: float) -> None:
    """Write the words of all marks beneath each other, each beside its number and its sign."""
    from matplotlib.lines import Line2D

    width, height = figure.get_size_inches()
    left = margin(figure)
    y = top * height
    for number, lines in enumerate(_lines(figure, marks), 1):
        if number <= MOST_MARKS:
            mark = marks[number - 1]
            color = GREEN if mark.late else INK
            sign = Line2D(
                [(left + 0.04) / width],
                [(y - 0.06) / height],
                marker="D" if mark.late else "o",
                markersize=4.5,
                markerfacecolor=color if mark.late else "white",
                markeredgecolor=color,
                transform=figure.transFigure,
            )
            figure.add_artist(sign)
            figure.text(
                (left + 0.29) / width,
                y / height,
                str(number),
                size=_SIZE,
                weight="bold",
                color=color,
                va="top",
                ha="right",
            )
        for line in lines:
            figure.text((left + _INDENT) / width, y / height, line, size=_SIZE, color=INK, va="top")
            y -= _STEP
        y -= _GAP


def _lines(figure: Figure, marks: Sequence[Mark]) -> list[list[str]]:
    inches = figure.get_figwidth() - 2 * margin(figure) - _INDENT
    most = 6 if is_narrow(figure.get_figwidth()) else 3
    found = [fitted(figure, m.words, _SIZE, inches=inches, lines=most) for m in marks[:MOST_MARKS]]
    more = len(marks) - MOST_MARKS
    return [*found, [f"and {more} more that are not drawn"]] if more > 0 else found
