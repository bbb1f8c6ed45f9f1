"""An axis of dates, on which a place is a proleptic Gregorian ordinal with its part of a day."""

from __future__ import annotations

import datetime as dt

from simulate.analysis.values import Instant
from simulate.report.figures.canvas import Axes, text_width
from simulate.report.figures.frame import Sheet
from simulate.report.text.calendar import ticks


def place(origin: dt.date, at: Instant) -> float | None:
    """An instant on an axis of dates; None if it has no date."""
    return None if at.day is None else origin.toordinal() + at.day


def date_axis(axes: Axes, low: float, high: float, inches: float, sheet: Sheet) -> None:
    """Round dates along an axis between two ordinals, none beyond the edge of the sheet."""
    axes.set_xlim(low, high)
    per_inch = (high - low) / inches
    first = max(text_width("30 Sep", sheet.ticks) / 2 - sheet.left, 0.0) * per_inch
    marks = [
        mark
        for mark in ticks(low + first, high, most=max(int(inches / sheet.tick_room), 2))
        if text_width(mark.label, sheet.ticks) / 2 < (high - mark.day) / per_inch + sheet.right
    ]
    axes.set_xticks(
        [mark.day for mark in marks],
        [mark.label if "\n" in mark.label else f"{mark.label}\n " for mark in marks],
        size=sheet.ticks,
    )
