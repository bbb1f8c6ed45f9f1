"""Phrases about a back-test that terminal, picture and page share."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulate.analysis.backtest import FEWEST_WINDOWS, Backtest, CoverageEstimate, LeadTimeRecord
from simulate.analysis.past_forecasts import FOLLOWED, OWN
from simulate.report.text.attribution import source_words
from simulate.report.text.phrases import capitalised
from simulate.report.text.wording import (
    counted,
    grouped,
    inert,
    listed,
    percent,
    prose_date,
    prose_period,
)

_NAMED = {
    OWN: "as this scenario makes them",
    "counting noise": "at a constant rate (counting noise)",
    "reference": "at a rate that changes (reference)",
}
"""The methods of the result line."""

_CONSTANT = ("counting noise", "that take the rate as constant")


def headlines(backtest: Backtest) -> tuple[str, ...]:
    """A line for each number of days ahead."""
    return tuple(map(headline, backtest.records))


def main_first(backtest: Backtest) -> list[LeadTimeRecord]:
    """The records, the one that matters most first."""
    return sorted(backtest.records, key=lambda record: record is not backtest.main)


def headline(record: LeadTimeRecord) -> str:
    """`90 days ahead: of 195 past outcomes, 90 % intervals held 90 % (79-97) with ...`."""
    if not record.is_enough:
        return f"{ahead(record)}: too few past cases to judge, {independent(record)}."
    named = (method for method in record.methods if method.method in _NAMED)
    held = listed([f"{in_percent(each.at(0.9), ' %')} {_NAMED[each.method]}" for each in named])
    n = grouped(record.origins)
    return f"{ahead(record)}: of {n} past outcomes, 90 % intervals held {held}."


def finding(backtest: Backtest) -> str:
    """How often the intervals held, as the title of a picture."""
    record = backtest.main
    if not record.is_enough:
        return "Too few past cases to judge the intervals"
    name = OWN if _has_own(record) else "reference"
    held = in_percent(record.of(name).at(0.9), " %").partition(" (")[0]
    return f"90 % intervals held {held} of past outcomes, {ahead(record)}"


TOO_SHORT = "The series is too short to show how such intervals have fared."


def clause(backtest: Backtest, wanted: int, asked: str = "the median is") -> str:
    """What a citation says about intervals made as the scenario makes them.

    `wanted` are the days to the median date, or those asked for, of which the series may judge only
    fewer.
    """
    record = backtest.records[0]
    if backtest.is_untested:
        return "How intervals made this way have fared has not been tested."
    if not record.is_enough:
        return TOO_SHORT
    name, made = (OWN, "made this way") if _has_own(record) else _CONSTANT
    held, where = in_percent(record.of(name).at(0.9), " %"), ahead(record)
    if record.days < wanted:
        where += f" (as many as it can judge; {asked} {grouped(wanted)} days ahead)"
    return (
        f"Of {grouped(record.origins)} past outcomes in the series, {where}, 90 % "
        f"intervals {made} held {held}."
    )


def _has_own(record: LeadTimeRecord) -> bool:
    """Whether the scenario's own method is one of those tried."""
    return any(method.method == OWN for method in record.methods)


def ahead(record: LeadTimeRecord) -> str:
    """`90 days ahead`."""
    return f"{counted(record.days, 'day')} ahead"


def independent(record: LeadTimeRecord) -> str:
    """`about 10 of them independent`."""
    return f"about {math.floor(record.independent)} of them independent"


def in_percent(coverage: CoverageEstimate, unit: str = "") -> str:
    """`90 (79-97)`, without the interval where cases do not differ or are too few for one."""
    shown = f"{100 * coverage.covered:.0f}{unit}"
    if math.isnan(coverage.low) or coverage.low == coverage.high:
        return shown
    return f"{shown} ({100 * coverage.low:.0f}-{100 * coverage.high:.0f})"


def cases_words(record: LeadTimeRecord) -> str:
    """How many cases there are, when they were, and how many outcomes came late."""
    if record.origins > 1:
        period = prose_period(record.first, record.last)
        said = f"{grouped(record.origins)} past cases from {period}, {independent(record)}."
    else:
        said = f"1 past case, {prose_date(record.first)}."
    said += f" Each case needs {FOLLOWED} x {grouped(record.days)} days of later counts."
    if not record.is_enough:
        said += f" Fewer than {FEWEST_WINDOWS} independent cases are too few to judge."
    if record.censored:
        late, after = capitalised(percent(record.censored)), grouped(FOLLOWED * record.days)
        said += f" {late} of outcomes came after {after} days; CRPS counts no later days."
    return said


HOW_TO_READ = "How to read it: a good 90 % interval holds about 90 of 100 past outcomes."


def in_short(backtest: Backtest) -> Iterator[list[str]]:
    """What the 90 % intervals held for each other number of days ahead, a header row first."""
    names = [each.method for each in backtest.main.methods if each.method in _NAMED]
    yield ["days ahead", "cases", "independent", *names]
    for record in backtest.records:
        if record is not backtest.main:
            cases = (grouped(record.origins), f"about {math.floor(record.independent)}")
            held = (in_percent(record.of(name).at(0.9)) for name in names)
            yield [grouped(record.days), *cases, *held]


def too_long_words(backtest: Backtest) -> str:
    """The days ahead that the series is too short for; empty if there are none."""
    days = ", ".join(map(grouped, backtest.too_long))
    return f"The series is too short for {days} days ahead." if days else ""


def series_words(backtest: Backtest) -> str:
    """What was tested on what."""
    period = prose_period(backtest.first, backtest.last)
    by = f" ({source_words(backtest.source)})" if backtest.source else ""
    days = listed([grouped(record.days) for record in backtest.records], "or")
    return (
        f"Counts in {inert(backtest.file)}{by} from {period}. Each case projects the losses of the "
        f"{counted(backtest.window, 'day')} before it; its outcome is the day by which as many "
        f"were lost as that rate takes {days} days to lose."
    )


def explanations(backtest: Backtest) -> Iterator[str]:
    """One line for each term in the tables."""
    yield (
        "covers: share of past cases, in %, whose outcome lay in the 50 % or 90 % interval; in "
        "brackets its 90 % block-bootstrap interval. Calibrated intervals cover 50 and 90."
    )
    yield (
        "width: median width of the 90 % interval. CRPS: mean error of the whole forecast "
        "(continuous ranked probability score); lower is better. ratio: CRPS relative to one date "
        "at the rate of the last 30 days."
    )
    yield (
        "straight line: one date at the rate of the window. counting noise: only the chance in "
        "counts (Poisson). reference: rates change as they have changed, by as much as the series "
        "showed before each case; front, unit: by the fixed amount for a whole front, or for one "
        "contingent or class of equipment."
    )
    if _has_own(backtest.records[0]):
        yield f"{OWN}: the rate of the window, changed as the scenario’s rate block says."
    elif backtest.is_untested:
        yield (
            "The scenario’s own rate block cannot be tested: it depends on the calendar, on how "
            "much is left, or joins something to the series’ own past."
        )
    yield (
        "One series tells little about others, and nothing about a change of regime that it has "
        "not seen, such as a withdrawal or a ceasefire."
    )
