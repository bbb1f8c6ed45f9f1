"""What comes in evenly, as a part of the condition of a sentence and of a title."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from simulate.analysis.summary import InputSummary
from simulate.report.text import amounts, phrases, wording
from simulate.report.text.headline import Case
from simulate.report.text.rate import DAYS, earliest, moment_words, numbers, stated, unit_of_time
from simulate.scenario.numerals import exact

_BEGINS = ("losses.start", "force.as_of", "force.counts[0].date")
_GIVER = re.compile(r"(?!(?i:from |inflow))[^\W\d_][^\d:;,()]{0,39}")
"""Labels of an inflow that can follow `from`: `production`, `payroll taxes`."""
_HALF = 0.5

_NOTICED = 0.01
"""Share of the pace from which on an inflow moves a date by more than a hundredth of its days."""


def more_comes_in(case: Case) -> bool:
    """Whether an inflow is large enough, beside the pace, to be named in a title."""
    rates, comes = numbers(case.summary.rate.quantiles), sum(map(_each_day, _in_time(case)))
    return comes > 0 and not (rates and comes < _NOTICED * amounts.middle(rates))


def a_day(laws: Mapping[str, InputSummary]) -> float:
    """About how much comes in a day, from all inflows."""
    return sum(map(_each_day, _steady(laws)))


def _steady(laws: Mapping[str, InputSummary]) -> list[InputSummary]:
    return [law for name, law in laws.items() if name.endswith("].amount")]


def _each_day(item: InputSummary) -> float:
    return amounts.middle(numbers(item.quantiles)) / DAYS[item.per]


def _in_time(case: Case) -> list[InputSummary]:
    """The inflows without those that begin after the last date of the sentence."""
    laws = case.summary.laws
    begins = ((item, laws.get(_key(item, "from"))) for item in _steady(laws))
    return [item for item, begin in begins if not begin or earliest(begin) <= case.last]


def _key(item: InputSummary, key: str) -> str:
    return item.name.removesuffix("amount") + key


def inflows(case: Case, *, is_named: bool) -> Iterator[str]:
    """`75 a month from production as of 1 April 2026`, `75 a month coming in until then`.

    With its unit where none `is_named` yet.
    """
    laws, unit = case.summary.laws, phrases.label_words(case.summary.unit)
    for item in _in_time(case):
        begin, end = (laws.get(_key(item, key)) for key in ("from", "until"))
        if begin and earliest(begin) <= _first(laws):
            begin = None  # no day of its own
        size, of = amounts.figure(stated(item), unit, amounts.extent)
        giver = wording.inert(item.label)
        is_giver, is_unit = _GIVER.fullmatch(item.label), giver.endswith(f" {of}")  # new tanks
        thing = f" {giver}" if is_giver and is_unit else "" if is_named else f" {of}"
        words = f"{size}{thing} a {item.per}{_in_terms_of_pace(case, item)}"
        named = f"from {giver}" if is_giver and not is_unit else "coming in"
        day = moment_words(begin) if begin else ""
        ends = moment_words(end) if end and earliest(end) < case.last else ""
        if day and ends:
            when = f" between {day} and {ends}"
        elif ends:
            when = f" until {ends}"
        else:
            when = day and (f" as of {day}" if named != "coming in" else f" from {day} on")
        yield f"{words} {named}{when}"


def _first(laws: Mapping[str, InputSummary]) -> dt.date:
    """The first day that is known of the losses or the stock."""
    days = (laws[name] for name in _BEGINS if name in laws)
    return min(map(earliest, days), default=dt.date.min)


def _in_terms_of_pace(case: Case, item: InputSummary) -> str:
    """` (about 39 a day)`, where what comes in outweighs a pace given in another unit of time."""
    outcome, (per, days) = case.outcome, unit_of_time(case.summary)
    outweighs = any(each.cause == phrases.INFLOW_CAUSE for each in outcome.never)
    if not outweighs or outcome.depleted_probability >= _HALF or per == item.per:
        return ""
    value = amounts.middle(numbers(item.quantiles)) * days / DAYS[item.per]
    return f" (about {exact(float(f'{value:.2g}'))} a {per})"
