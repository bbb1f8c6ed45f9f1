"""An axis of dates, on which a place is a proleptic Gregorian ordinal with its part of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from simulate.analysis.values import Instant
from simulate.report.figures.canvas import Axes, text_width
from simulate.report.figures.frame import Sheet
from simulate.report.text.calendar import Tick, ticks

_FEW, _MOST = 4, 9
"""An axis has so many dates if they have room; more than the second number are not tried."""
_APART = 0.0075
"""Inches between two dates, for each point of their size."""
_NOON = 0.5


def place(origin: dt.date, at: Instant) -> float | None:
    """An instant on an axis of dates; None if it has no date."""
    return None if at.day is None else origin.toordinal() + at.day


def date_axis(
    axes: Axes, low: float, high: float, sheet: Sheet, *, end: float | None = None
) -> None:
    """Round dates along an axis between two ordinals, none near the edge of the sheet.

    With `end` none is after that; other things are beside what is left of the axis.
    A day is named at its noon: beneath its bar, and before a line at its end.
    """
    axes.set_xlim(low, high)
    end = high if end is None else end
    box, width = axes.get_position(), sheet.width
    per_inch = (high - low) / (box.width * width)
    beside, beyond = box.x0 * width, (1 - box.x1) * width - sheet.margin / 2
    first = low + max(text_width("30 Sep", sheet.ticks) / 2 - beside, 0.0) * per_inch

    def ends(mark: Tick) -> tuple[float, float]:
        middle = (mark.day + _NOON - low) / per_inch
        half = text_width(mark.label, sheet.ticks) / 2
        return middle - half, middle + half

    def within(most: int) -> list[Tick]:
        marks = ticks(first - _NOON, end - _NOON, most)
        return [mark for mark in marks if ends(mark)[1] < box.width * width + beyond]

    def is_clear(marks: Sequence[Tick]) -> bool:
        pairs = pairwise(map(ends, marks))
        return all(left[1] + _APART * sheet.ticks < right[0] for left, right in pairs)

    most = max(int((end - low) / per_inch / sheet.tick_room), 2)
    found = [within(number) for number in range(most, max(most, _MOST) + 1)]
    # One date alone gives an axis no scale.
    several = [marks for marks in found if len(marks) > 1] or found
    clear = [marks for marks in several if is_clear(marks)] or several[:1]
    enough = (marks for marks in clear if len(marks) >= _FEW)
    marks = next(enough, max(clear, key=len))
    axes.set_xticks(
        [mark.day + _NOON for mark in marks],
        [mark.label if "\n" in mark.label else f"{mark.label}\n " for mark in marks],
        size=sheet.ticks,
    )
