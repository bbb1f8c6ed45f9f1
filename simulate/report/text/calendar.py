"""Ticks of a date axis: round dates and English months, whatever the locale."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from simulate.report.text.wording import MONTHS

_DAY_STEPS = (1, 2, 7, 14)
_FEWEST = 2
"""Dates, if there can be as many: one alone gives an axis no scale."""
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


class Tick(NamedTuple):
    """A place on the axis, as a proleptic Gregorian ordinal, and its label of one or two lines."""

    day: int
    label: str


def ticks(low: float, high: float, most: int = 8) -> list[Tick]:
    """Round dates from `low` to `high`, which are ordinals, in ascending order.

    They are about as far apart as the `most` of them would be on the whole axis, or further.
    The year is below the first label and wherever it changes.
    """
    days = _days(low, high, most)
    if len(days) > 1 and all((day.month, day.day) == (1, 1) for day in days):
        return [Tick(day.toordinal(), str(day.year)) for day in days]
    is_monthly, found, year = all(day.day == 1 for day in days), [], None
    for day in days:
        label = f"{'' if is_monthly else f'{day.day} '}{MONTHS[day.month - 1][:3]}"
        found.append(Tick(day.toordinal(), label if day.year == year else f"{label}\n{day.year}"))
        year = day.year
    return found


def _days(low: float, high: float, most: int) -> list[dt.date]:
    first, last = int(-(-low // 1)), int(high)
    for step in _DAY_STEPS:
        if (last - first) // step < most:
            dates = _every(step, first, last)
            return dates if len(dates) >= _FEWEST else _every(max(step // 2, 1), first, last)[:most]
    apart = (last - first) / most
    months = [(step, _month_starts(first, last, step)) for step in _MONTH_STEPS]
    found = [dates for step, dates in months if len(dates) <= most and 31 * step >= apart]
    every = *(_every(step, first, last) for step in (14, 21, 28)), *dict(months).values()
    closer = [*found[:1], *(dates for dates in every if len(dates) <= most)]
    return next((dates for dates in closer if len(dates) >= _FEWEST), found[0])


def _every(step: int, first: int, last: int) -> list[dt.date]:
    """Dates so many days apart; weeks begin on Mondays, as ordinal 1 did."""
    start = first + (1 - first) % step
    return [dt.date.fromordinal(day) for day in range(start, last + 1, step)]


def _month_starts(first: int, last: int, step: int) -> list[dt.date]:
    begin, end = map(dt.date.fromordinal, (first, last))
    months = range(12 * begin.year + begin.month - 1, 12 * end.year + end.month)
    dates = (dt.date(each // 12, each % 12 + 1, 1) for each in months if each % step == 0)
    return [date for date in dates if date >= begin]
