"""The bars of a tornado: their ends, the labels beside them, and the axis that both need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from simulate.analysis.effects import Effect, GroupMedian
from simulate.analysis.summary import Summary
from simulate.report.figures.canvas import text_width
from simulate.report.figures.frame import Sheet
from simulate.report.text.attribution import source_words
from simulate.report.text.wording import hedge, short_date
from simulate.report.text.wrapping import shorten

_SOURCE_CELLS = 24
_BESIDE = 0.08
"""Inches between a bar and its label, and from there to the edge."""
_SHORTEST = 2.0
"""Days of an axis, at least."""
_NO_YEAR = 300.0
"""Days within which dates need no year."""

_NO_DAY = 14.0
"""Days of Monte Carlo error beyond which an end is a month, of a gap beyond which it is none."""

_NAMES = {
    "lowest tenth": "low",
    "highest tenth": "high",
    "does not happen": "if not",
    "happens": "if so",
}
_DATES = {"lowest tenth": "early", "highest tenth": "late"}


class Bar(Struct, frozen=True):
    """One input: the median of all draws, and those with the input low and high, in that order.

    Places are days of the calendar; one beyond the horizon is at its end.
    """

    effect: Effect
    cases: tuple[GroupMedian, GroupMedian]
    start: float
    ends: tuple[float, float]

    @property
    def span(self) -> float:
        """Its length in days."""
        return abs(self.ends[1] - self.ends[0])

    @property
    def is_split(self) -> bool:
        """Whether both ends lie on the same side, so that each has half of the height."""
        low, high = (end - self.start for end in self.ends)
        return low * high > 0


class Label(Struct, frozen=True):
    """Words beside a bar, from the place `at` to the left or the right, or above a whisker."""

    words: str
    at: float
    left: bool
    above: bool


def between_clusters(effect: Effect) -> bool:
    """Whether a median could be any date of a long gap, so that a bar would be arbitrary."""
    gaps = (case.median.gap for case in (effect.low, effect.high) if case is not None)
    return any(gap and gap[1] and (gap[1] - gap[0]).days > _NO_DAY for gap in gaps)


def error_days(case: GroupMedian) -> float:
    """Days that a whisker reaches to either side, none where the error has no end."""
    return case.median.mc_error_days or 0.0


def limits(
    bars: Sequence[Bar],
    middle: float | None,
    beside: Sequence[Sequence[Label]],
    inches: float,
    sheet: Sheet,
) -> tuple[float, float]:
    """First and last day of an axis on which bars, whiskers, labels and the line fit exactly.

    Each pair of a place and what is at its left or right needs a number of days per inch; the
    largest one serves all.
    """
    places = [(middle, 0.0, 0.0)] if middle is not None else []
    for bar, both in zip(bars, beside, strict=True):
        for end, case in zip(bar.ends, bar.cases, strict=True):
            places += [(end + way * error_days(case), 0.0, 0.0) for way in (-1, 1)]
        for label in both:
            wide = text_width(label.words, sheet.labels) + _BESIDE
            places.append((label.at, wide, 0.0) if label.left else (label.at, 0.0, wide))
    center = sum(max(places)[:1] + min(places)[:1]) / 2
    places += [(center + way * _SHORTEST / 2, 0.0, 0.0) for way in (-1, 1)]
    scale = max(
        (there - here) / max(inches - left - right, 0.1 * inches)
        for here, left, _ in places
        for there, _, right in places
    )
    return min(at - left * scale for at, left, _ in places), max(
        at + right * scale for at, _, right in places
    )


def labels(bar: Bar, summary: Summary, bars: Sequence[Bar], sheet: Sheet) -> tuple[Label, ...]:
    """The words at both ends of a bar, and where they begin or end; one label where it has none."""
    if not bar.span:
        words = f"either way: {_when(bar.cases[0], summary, bars)}"
        at = bar.start - max(map(error_days, bar.cases))
        return (Label(words, at, left=True, above=False),)
    low, high = (end - bar.start for end in bar.ends)
    found = []
    for number, (length, case) in enumerate(zip((low, high), bar.cases, strict=True)):
        # An end at the median of all draws is labelled on the side that is free.
        other = high if number == 0 else low
        left = length < 0 or (length == 0 and other > 0)
        end, error = bar.ends[number], error_days(case)
        at = end - error if left else end + error
        if not bar.is_split:
            # The other whisker may reach further.
            whole = [
                place + way * error_days(each)
                for place, each in zip(bar.ends, bar.cases, strict=True)
                for way in (-1, 1)
            ]
            at = min(whole) if left else max(whole)
        # At the end of the bar, above the whisker; in a column, or above half a bar, no room is.
        is_free = not (sheet.is_narrow or bar.is_split)
        above = is_free and max(map(error_days, bar.cases)) > _NO_DAY
        words = _end_words(case, summary, bars, sheet, split=bar.is_split)
        found.append(Label(words, end if above else at, left, above))
    return tuple(found)


def _end_words(
    case: GroupMedian, summary: Summary, bars: Sequence[Bar], sheet: Sheet, *, split: bool
) -> str:
    """The label at the end of a bar: `late: 5 Apr`; with a year where the axis spans several."""
    when, break_ = _when(case, summary, bars), " "
    if sheet.is_narrow and not split:
        if case.median.date is None:
            when = when.replace("by ", "by\n")
        elif not _is_brief(summary, bars):
            break_ = "\n"
    names = _DATES if isinstance(case.bound, dt.date) else _NAMES
    claim, _, source = case.name.partition(": ")
    if source and not sheet.is_narrow:
        name, break_ = source_words(source).removeprefix("the ").partition(" (")[0], "\n"
        claim = shorten(name, _SOURCE_CELLS)
    return f"{names.get(case.name, claim)}:{break_}{when}"


def _when(case: GroupMedian, summary: Summary, bars: Sequence[Bar]) -> str:
    """The date of an end, `not by 1 Jan 2032` beyond the horizon."""
    date = case.median.date
    if date is None:
        return f"not by {short_date(summary.horizon)}"
    when = short_date(date).rpartition(" ")[0] if _is_brief(summary, bars) else short_date(date)
    when = when.partition(" ")[2] if error_days(case) > _NO_DAY else when
    return f"~{when}" if hedge(case.median) else when


def _is_brief(summary: Summary, bars: Sequence[Bar]) -> bool:
    """Whether a day and a month say which year it is."""
    ends = [end for bar in bars for end in bar.ends]
    is_short = max(ends) - min(ends) < _NO_YEAR
    return is_short or summary.horizon.year - summary.origin.year <= 2
