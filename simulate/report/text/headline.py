"""The result line, and the dates that it and the sentence to cite quote."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval
from simulate.report.text.phrases import (
    certain_date,
    drawn,
    equal_tailed,
    event,
    headed,
    horizon_phrase,
    main_outcome,
    never_phrase,
)
from simulate.report.text.wording import (
    hedge,
    instant_prose,
    not_by,
    ordinal,
    prose_date,
    prose_pair,
    share,
    tail_levels,
)


def headline(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """The result in one short line, without the assumptions that a citation must name.

    Parameters and cases are those of `simulate.report.text.citation.sentence`.
    """
    case = case_of(summary, outcome, probability)
    return f"{headed(case.subject, case.done)}: {_dates(case)}{case.unchosen}"


def span(summary: Summary) -> str:
    """The dates of the result line alone: `3 February to 13 April 2025`."""
    case = case_of(summary)
    if case.outcome.depleted_probability <= 0:
        return not_by(case.horizon)
    if case.interval is None:
        return case.median or "not known"
    if case.interval.low.date is None:
        return not_by(case.horizon)
    return _between(case.interval, case.horizon)


@dataclass(frozen=True, slots=True)
class Case:
    """One outcome and the interval to quote for it.

    `interval` and `middle`, the median, are None where the draws do not support them.
    """

    summary: Summary
    outcome: Outcome
    probability: float
    interval: Interval | None
    middle: Instant | None
    subject: str
    done: str

    @property
    def horizon(self) -> dt.date:
        """Of the summary."""
        return self.summary.horizon

    @property
    def quoted(self) -> tuple[Instant, ...]:
        """The median and the ends of the interval."""
        ends = (self.interval.low, self.interval.high) if self.interval else ()
        return (self.middle, *ends) if self.middle else ends

    @property
    def median(self) -> str:
        """The median in running text, or the whole gap that it falls in; empty if unknown."""
        if self.middle is None:
            return ""
        if self.middle.gap is None:
            return instant_prose(self.middle, self.horizon)
        low, high = self.middle.gap
        if high is None:
            return f"anywhere from {prose_date(low)} to “{not_by(self.horizon)}”"
        return f"anywhere from {prose_pair(low, high, 'to')}"

    @property
    def median_quoted(self) -> str:
        """As `median`, with “not by” in quotation marks."""
        dated = self.middle is None or self.middle.date or self.middle.gap
        return self.median if dated else f"“{self.median}”"

    @property
    def name(self) -> str:
        """`90 % simulation interval`."""
        return f"{share(self.probability)} simulation interval"

    @property
    def ranks(self) -> str:
        """`5th to 95th percentile`."""
        low, high = map(ordinal, tail_levels(self.probability))
        return f"{low} to {high} percentile"

    @property
    def never(self) -> str:
        """`never_phrase` after a semicolon."""
        words = never_phrase(self.summary, self.outcome)
        return f"; {words}" if words else ""

    @property
    def unchosen(self) -> str:
        """`horizon_phrase` after a semicolon."""
        words = horizon_phrase(self.summary, self.outcome)
        return f"; {words}" if words else ""


def case_of(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> Case:
    """What `headline` and the sentence to cite are made from; parameters as there."""
    chosen = main_outcome(summary) if outcome is None else outcome
    interval = equal_tailed(chosen, probability)
    if interval and "too_few_draws" in (interval.low.missing, interval.high.missing):
        interval = None
    middle = None if chosen.median.missing == "too_few_draws" else chosen.median
    return Case(summary, chosen, probability, interval, middle, *event(chosen))


def _dates(case: Case) -> str:
    if case.outcome.depleted_probability <= 0:
        return f"{not_by(case.horizon)} in any of {drawn(case.summary)}"
    if certain := certain_date(case.summary, case.outcome):
        return prose_date(certain)
    if case.interval is None:
        middle = f"{case.median_quoted}, median of " if case.middle else "not known, "
        return f"{middle}{drawn(case.summary)}, too few for a {case.name}{case.never}"
    low, high = case.interval.low, case.interval.high
    if low.date is None:
        return never_phrase(case.summary, case.outcome)
    middle = f", median {case.median_quoted}" if case.middle and low.date != high.date else ""
    return f"{_between(case.interval, case.horizon)}{middle} ({case.name}){case.never}"


def _between(interval: Interval, horizon: dt.date) -> str:
    """From one end to the other, where the lower end has a date."""
    low, high = interval.low, interval.high
    if low.date is None or high.date is None:
        return f"{instant_prose(low, horizon)} to “{not_by(horizon)}”"
    if low.date == high.date:
        return instant_prose(low, horizon)
    return prose_pair(low.date, high.date, "to", (hedge(low), hedge(high)))
