"""An axis of dates, on which a place is a proleptic Gregorian ordinal with its part of a day."""

from __future__ import annotations

import datetime as dt

from simulate.analysis.values import Instant
from simulate.report.figures.canvas import Axes, text_width
from simulate.report.figures.frame import Sheet
from simulate.report.text.calendar import Tick, ticks

_CLOSER = 4
"""How many numbers of dates are tried until an axis has two: one alone gives it no scale."""


def place(origin: dt.date, at: Instant) -> float | None:
    """An instant on an axis of dates; None if it has no date."""
    return None if at.day is None else origin.toordinal() + at.day


def date_axis(axes: Axes, low: float, high: float, inches: float, sheet: Sheet) -> None:
    """Round dates along an axis between two ordinals, none near the edge of the sheet."""
    axes.set_xlim(low, high)
    per_inch = (high - low) / inches
    first = max(text_width("30 Sep", sheet.ticks) / 2 - sheet.left, 0.0) * per_inch
    beyond = sheet.right - sheet.margin / 2

    def within(most: int) -> list[Tick]:
        return [
            mark
            for mark in ticks(low + first, high, most)
            if text_width(mark.label, sheet.ticks) / 2 < (high - mark.day) / per_inch + beyond
        ]

    most = max(int(inches / sheet.tick_room), 2)
    found = [within(number) for number in range(most, most + _CLOSER)]
    marks = next((each for each in found if len(each) > 1), found[0])
    axes.set_xticks(
        [mark.day for mark in marks],
        [mark.label if "\n" in mark.label else f"{mark.label}\n " for mark in marks],
        size=sheet.ticks,
    )
