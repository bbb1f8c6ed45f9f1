"""Ticks of a date axis: round dates and English months, whatever the locale."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from simulate.report.text.wording import MONTHS

_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the axis, as a proleptic Gregorian ordinal, and its label of one or two lines."""

    day: int
    label: str


def ticks(low: float, high: float, most: int = 8) -> list[Tick]:
    """Round dates from `low` to `high`, which are ordinals, in ascending order.

    The year is below the first label and wherever it changes.
    """
    days = _days(low, high, most)
    months = any(day.day != 1 for day in days)
    labels, year = [], None
    for day in days:
        label = f"{day.day} {MONTHS[day.month - 1][:3]}" if months else MONTHS[day.month - 1][:3]
        labels.append(Tick(day.toordinal(), f"{label}\n{day.year}" if day.year != year else label))
        year = day.year
    if len(days) > 1 and all((day.month, day.day) == (1, 1) for day in days):
        return [Tick(day.toordinal(), str(day.year)) for day in days]
    return labels


def _days(low: float, high: float, most: int) -> list[dt.date]:
    first, last = int(-(-low // 1)), int(high)
    for step in _DAY_STEPS:
        # Weeks begin on Mondays: ordinal 1 was a Monday.
        start = first + (1 - first) % step
        if (last - start) // step < most:
            return [dt.date.fromordinal(day) for day in range(start, last + 1, step)]
    months = (_month_starts(first, last, step) for step in _MONTH_STEPS)
    return next((dates for dates in months if len(dates) <= most), [])


def _month_starts(first: int, last: int, step: int) -> list[dt.date]:
    begin = dt.date.fromordinal(first)
    month = 12 * begin.year + begin.month - 1
    month += -month % step
    dates: list[dt.date] = []
    while True:
        date = dt.date(month // 12, month % 12 + 1, 1)
        if date.toordinal() > last:
            return dates
        if date.toordinal() >= first:
            dates.append(date)
        month += step
