"""Published counts in the picture of strength: numbered points with ranges, and their list."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.summary import CountPoint, ObservedCheck, Summary
from simulate.report.figures.canvas import Axes, balanced, white_edge, words_beside
from simulate.report.figures.frame import Frame, Sheet
from simulate.report.figures.style import INK, LATER_COUNT, SOURCES, Look
from simulate.report.text.attribution import source_words
from simulate.report.text.phrases import label_words, words_of
from simulate.report.text.strength import claim_words, place_words, reported, reporter
from simulate.report.text.wording import prose_date
from simulate.scenario.nouns import units

MOST_MARKS = 12

_SIZE = 8.0
_STEP, _GAP = _SIZE * 1.35 / 72, 0.05
_INDENT = 0.36

# Possible places of a number, in points from its mark.
_NEAR = [(10, 8), (-10, 8), (10, -8), (-10, -8), (0, 13), (0, -13), (14, 0), (-14, 0)]
_PLACES = [(scale * x, scale * y) for scale in (1, 2, 3) for x, y in _NEAR]

_NEARER = 1.2
"""How many times as far from a number as its own point all others are, if they can be."""


class Mark(Struct, frozen=True):
    """A count at an instant (a proleptic Gregorian ordinal) with the ranges of both.

    `late` is a count published later, not one the losses are taken from. A mark that is not
    `inside` the dates drawn is only listed.
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
    color: str

    @property
    def sign(self) -> dict[str, Any]:
        """The look of the point."""
        return {
            "marker": "D" if self.late else "o",
            "markerfacecolor": self.color,
            "markeredgecolor": self.color,
        }


def marks_of(summary: Summary, low: float, high: float) -> list[Mark]:
    """The counts of a run between two instants, first those the losses are taken from."""
    claims = () if summary.strength is None else summary.strength.claims
    unit = label_words(summary.unit)
    sources = [*dict.fromkeys(claim.label for claim in claims)]
    colors = {label: SOURCES[k % len(SOURCES)] for k, label in enumerate(sources)}
    found = [_claim(claim, colors[claim.label], unit, low, high) for claim in claims]
    new = summary.update.observed if summary.update else (None,) * len(summary.observed)
    pairs = zip(summary.observed, new, strict=True)
    return found + [_observed(check, after, summary, (low, high)) for check, after in pairs]


def _claim(claim: CountPoint, color: str, unit: str, low: float, high: float) -> Mark:
    # A count up to a date runs to the beginning of that date.
    x, earliest, latest = (
        float(date.toordinal()) for date in (claim.date, claim.earliest, claim.latest)
    )
    named = replace(claim, label=source_words(claim.label))
    words = f"Count used: {claim_words(named, unit)}"
    counts = (claim.count, claim.low, claim.high)
    return Mark(
        x, earliest, latest, *counts, words, late=False, inside=low <= x <= high, color=color
    )


def _observed(
    check: ObservedCheck, after: ObservedCheck | None, summary: Summary, span: tuple[float, float]
) -> Mark:
    x, unit = float(check.date.toordinal()), label_words(summary.unit)
    losses = [point.losses for point in check.reported]
    inside = span[0] <= x <= span[1]
    where = "" if inside else " (after the dates drawn)"
    words = (
        f"Published later: {reporter(check)}{units(reported(check), unit)} "
        f"up to {prose_date(check.date)}{where}, {place_words(check, words_of(summary))}"
    )
    if after is not None:
        then = place_words(after, words_of(summary)).partition(" percentile")[0]
        words += f", {then} after the update"
    counts = (losses[len(losses) // 2], losses[0], losses[-1])
    return Mark(x, x, x, *counts, words, late=True, inside=inside, color=LATER_COUNT)


# --- points ---


def draw_marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Points with bars over their ranges and their numbers, none of which covers another."""
    shown = [(n, mark) for n, mark in enumerate(marks[:MOST_MARKS], 1) if mark.inside]
    for _, mark in shown:
        axes.plot([mark.x, mark.x], [mark.low, mark.high], color=mark.color, linewidth=1.2)
        axes.plot([mark.earliest, mark.latest], [mark.y, mark.y], color=mark.color, linewidth=1.2)
        look: Look = {"markersize": 5, "markeredgewidth": 1.2, "clip_on": False, "zorder": 3}
        axes.plot(mark.x, mark.y, **mark.sign, **look)
    for (number, mark), offset in zip(shown, _offsets(axes, [m for _, m in shown]), strict=True):
        name: Look = {"size": _SIZE, "weight": "bold", "color": mark.color}
        name["path_effects"] = white_edge()
        place = (mark.x, mark.y)
        words_beside(axes, str(number), place, offset, ha="center", va="center", **name)


def _offsets(axes: Axes, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """A place for each number, free of points, other numbers and the scales.

    It is the first that is much nearer to its own point than to others, or else the nearest.
    """
    found = [axes.transData.transform((mark.x, mark.y)) * 72 / axes.figure.dpi for mark in marks]
    points = [(float(x), float(y)) for x, y in found]
    left, bottom = axes.transAxes.transform((0, 0)) * 72 / axes.figure.dpi
    taken = [*points]
    chosen = []
    for k, (x, y) in enumerate(points):
        others = points[:k] + points[k + 1 :]
        free = {
            (dx, dy): min((math.dist((x + dx, y + dy), each) for each in others), default=math.inf)
            for dx, dy in _PLACES
            if x + dx > left + 4 and y + dy > bottom + 4
            if all(abs(x + dx - a) > 9 or abs(y + dy - b) > 9 for a, b in taken)
        }
        near = {place: min(far / math.hypot(*place), _NEARER) for place, far in free.items()}
        dx, dy = max(near, key=near.__getitem__, default=_PLACES[0])
        taken.append((x + dx, y + dy))
        chosen.append((dx, dy))
    return chosen


# --- the list ---


def mark_lines(marks: Sequence[Mark], sheet: Sheet) -> list[list[str]]:
    """The words of each mark in the list, broken into lines."""
    inches, most = sheet.inches - _INDENT, 6 if sheet.is_narrow else 3
    found = [balanced(mark.words, _SIZE, inches=inches, lines=most) for mark in marks[:MOST_MARKS]]
    more = len(marks) - MOST_MARKS
    return [*found, [f"and {more} more that are not drawn"]] if more > 0 else found


def list_height(listed: Sequence[Sequence[str]]) -> float:
    """Inches that the list takes."""
    return sum(len(lines) * _STEP + _GAP for lines in listed) + (0.08 if listed else 0.0)


def draw_list(
    frame: Frame, marks: Sequence[Mark], listed: Sequence[Sequence[str]], top: float
) -> None:
    """Write the words of all marks beneath each other, each beside its number and its sign."""
    canvas, left, y = frame.canvas, frame.sheet.margin, top
    for number, lines in enumerate(listed, 1):
        if number <= MOST_MARKS:
            mark = marks[number - 1]
            canvas.line(left, left + 0.08, y - 0.06, linestyle="", markersize=4.5, **mark.sign)
            look: Look = {"weight": "bold", "color": mark.color, "va": "top", "ha": "right"}
            canvas.text(left + 0.29, y, str(number), _SIZE, **look)
        for line in lines:
            canvas.text(left + _INDENT, y, line, _SIZE, color=INK, va="top")
            y -= _STEP
        y -= _GAP
