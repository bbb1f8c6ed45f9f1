"""The result line, the dates that it and the sentence to cite quote, and the words of pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from simulate.analysis.clusters import FEW_DRAWS, Cluster, body, clusters
from simulate.analysis.summary import Outcome, Summary, tails
from simulate.analysis.values import Instant, Interval, PublishedCheck
from simulate.report.text import causes, mood, phrases, wording
from simulate.scenario.numerals import number

_OFTEN = 0.2
"""Share of simulations without a date from which on the others are what has dates to quote."""


def headline(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """The result in one short line, without the assumptions that a citation must name.

    Parameters and cases are those of `simulate.report.text.citation.sentence`.
    """
    case = case_of(summary, outcome, probability)
    what = f"{phrases.headed(case.subject, case.done)}{phrases.updated_words(summary)}"
    return f"{what}: {_dates(case)}{case.unchosen}"


def result_dates(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """The dates of the result line with the interval's name, and how often it never happens."""
    return _dates(case_of(summary, outcome, probability))


def span(summary: Summary) -> str:
    """The dates of the result line alone, or of each cluster: `3 February to 13 April 2025`."""
    case = case_of(summary)
    if case.outcome.depleted_probability <= 0:
        return wording.not_by(case.horizon)
    if case.clusters:
        return wording.either([wording.prose_period(*each[:2]) for each in case.clusters])
    return between(case.interval, case.horizon) if case.interval else case.median or "not known"


class Case(NamedTuple):
    """One outcome and the interval to quote for it.

    `interval` and `middle`, the median, are None where the draws do not support them. Separate
    `clusters` of dates come before both: hardly anything may happen around the median.
    """

    summary: Summary
    outcome: Outcome
    probability: float
    interval: Interval | None
    middle: Instant | None
    clusters: tuple[Cluster, ...]
    subject: str
    done: str

    @property
    def horizon(self) -> dt.date:
        """The end of the simulated period."""
        return self.summary.horizon

    @property
    def would(self) -> str:
        """`the whole force (100 %) would be lost`."""
        return f"{self.subject} {mood.would(self.outcome, f'be {self.done}')}"

    @property
    def would_not(self) -> str:
        """`the whole force (100 %) would not be lost`."""
        return f"{self.subject} {mood.would(self.outcome, f'be {self.done}', 'not')}"

    @property
    def ends(self) -> tuple[dt.date | None, dt.date | None]:
        """The dates of the interval, None beyond the horizon or without one."""
        interval = self.interval
        return (interval.low.date, interval.high.date) if interval else (None, None)

    @property
    def last(self) -> dt.date:
        """The day from which on nothing moves the dates of the sentence."""
        return self.ends[1] or self.horizon

    @property
    def spread(self) -> int:
        """Days between the dates of the interval; without one of them, too many for whole dates."""
        low, high = self.ends
        return (high - low).days if low and high else wording.EXACT_DAYS + 1

    @property
    def quoted(self) -> tuple[Instant, ...]:
        """The median, unless clusters stand for it, and the ends of the interval."""
        ends = (self.interval.low, self.interval.high) if self.interval else ()
        return (self.middle, *ends) if self.middle and not self.clusters else ends

    @property
    def body(self) -> Cluster | None:
        """The days of most simulations with a date, and how many fall on them.

        It stands for a median and an interval that say little: where at least a fifth of the
        simulations have no date, or the median falls in a gap. None elsewhere, or with clusters.
        """
        is_open = self.middle is not None and self.middle.gap is not None
        often = phrases.never_probability(self.outcome) >= _OFTEN
        return body(self.outcome.histogram) if (is_open or often) and not self.clusters else None

    @property
    def days(self) -> Cluster | None:
        """In place of an interval without an upper end, the days of most simulations with a date.

        None elsewhere, or with clusters.
        """
        is_open = self.interval is not None and self.interval.high.date is None
        return body(self.outcome.histogram) if is_open and not self.clusters else None

    @property
    def is_between(self) -> bool:
        """Whether the median lies between two clusters of dates, where hardly anything happens."""
        if not self.clusters or self.middle is None or self.middle.gap:
            return bool(self.clusters)
        date = self.middle.date
        return date is not None and not any(a <= date <= b for a, b, *_ in self.clusters)

    @property
    def median(self) -> str:
        """The median in running text, or the whole gap that it falls in; empty if unknown."""
        if self.middle is None or self.middle.gap:
            return self.median_quoted
        return wording.instant_prose(self.middle, self.horizon)

    @property
    def median_quoted(self) -> str:
        """As `median`, with “not by” in quotation marks."""
        return wording.middle_prose(self.middle, self.horizon) if self.middle else ""

    def either(self, form: Callable[[dt.date, dt.date], str]) -> str:
        """`either 6 to 24 May (55 % of simulations) or 1 to 20 June 2025 (45 %)`, or empty."""
        spans = [form(each.first, each.last) for each in self.clusters]
        shares = [wording.percent(each.probability) for each in self.clusters]
        return f"either {wording.either(spans, shares)}" if spans else ""

    @property
    def name(self) -> str:
        """`90 % simulation interval`."""
        return f"{wording.share(self.probability)} simulation interval"

    @property
    def ranks(self) -> str:
        """`5th to 95th percentile`."""
        low, high = map(wording.ordinal, tails(self.probability))
        return f"{low} to {high} percentile"

    @property
    def causes(self) -> str:
        """The causes of "never" in brackets, unless the horizon is the only one."""
        causes = phrases.never_causes(self.outcome)
        return f" ({causes})" if causes else ""

    @property
    def passed(self) -> str:
        """That some draws had already reached the threshold, after a semicolon."""
        # A probability below the lower tail lies outside the interval and needs no mention.
        probability = self.outcome.already_passed_probability
        if probability < tails(self.probability)[0]:
            return ""
        shown = wording.percent(probability)
        when = phrases.passed_when(self.summary)
        return f"; in {shown} of simulations this point had already passed {when}"

    @property
    def never(self) -> str:
        """`never_phrase` after a semicolon."""
        words = phrases.never_phrase(self.summary, self.outcome)
        return f"; {words}" if words else ""

    @property
    def unchosen(self) -> str:
        """That nobody chose the horizon, where the result mentions it, after a semicolon."""
        if not self.summary.default_horizon or causes.horizon_share(self.outcome) <= 0:
            return ""
        date = wording.prose_date(self.horizon)
        return f"; {date} is the default horizon, not one that was chosen"


def case_of(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> Case:
    """What `headline` and the sentence to cite are made from; parameters as there."""
    chosen = phrases.main_outcome(summary) if outcome is None else outcome
    interval = phrases.equal_tailed(chosen, probability)
    if interval and "too_few_draws" in (interval.low.missing, interval.high.missing):
        interval = None
    middle = None if chosen.median.missing == "too_few_draws" else chosen.median
    found = () if summary.run.draws < FEW_DRAWS else clusters(chosen.histogram)
    return Case(summary, chosen, probability, interval, middle, found, *phrases.event(chosen))


def _dates(case: Case) -> str:
    if case.outcome.depleted_probability <= 0:
        return f"{wording.not_by(case.horizon)} {phrases.in_any(case.summary)}{_because(case)}"
    if certain := phrases.certain_date(case.summary, case.outcome):
        return wording.prose_date(certain)
    if case.interval is None:
        middle = f"{case.median_quoted}, median of " if case.middle else "not known, "
        return f"{middle}{phrases.drawn(case.summary)}, too few for a {case.name}{case.never}"
    low, high = case.interval.low, case.interval.high
    if low.date is None:
        return phrases.never_phrase(case.summary, case.outcome)
    if low.date == high.date:
        share = wording.share(case.probability)
        least = "all" if phrases.only_date(case.outcome) else f"at least {share} of"
        return f"{between(case.interval, case.horizon)} in {least} simulations{case.never}"
    dates = between(case.interval, case.horizon)
    middle = f", median {case.median_quoted}" if case.middle else ""
    apart = case.either(wording.prose_period)
    shown = f"{apart}; {case.name} {dates}" if apart else f"{dates}{middle} ({case.name})"
    return f"{shown}{case.never}"


def _because(case: Case) -> str:
    """Why it does not happen, unless that is the horizon alone."""
    names = [each.cause for each in case.outcome.never if each.probability > 0]
    if len(names) != 1 or not case.causes:
        return case.causes
    return f"; {causes.reason(names[0], case.summary, case.outcome)}"


def between(interval: Interval, horizon: dt.date, joiner: str = "to") -> str:
    """`3 February to 13 April 2025`, or as much as lies before the horizon."""
    low, high = interval.low, interval.high
    if low.date is None or low.date == high.date:
        return wording.instant_prose(low, horizon)
    if high.date is None:
        return f"{wording.instant_prose(low, horizon)} to “{wording.not_by(horizon)}”"
    hedges = wording.hedge(low), wording.hedge(high)
    return wording.prose_pair(low.date, high.date, joiner, hedges)


def counted_from(summary: Summary) -> tuple[dt.date, str]:
    """The day from which a reader counts, that of the stock if it is certain, and what it is."""
    dates = ("force.as_of", "force.counts[1].date")
    stock = {q.value for item in summary.inputs if item.name in dates for q in item.quantiles}
    day = stock.pop() if len(stock) == 1 else None
    if isinstance(day, dt.date):
        return day, ""
    return summary.origin, ", the earliest date in the scenario" if stock else ""


def mean_words(summary: Summary, outcome: Outcome) -> tuple[str, str, str]:
    """The restricted mean in days, its error, and the day from which a reader counts them."""
    since, words = counted_from(summary)
    mean, error = outcome.restricted_mean_days, outcome.restricted_mean_mc_error_days
    days = number(mean - (since - summary.origin).days, max(error, 0.1))  # to tenths, as the error
    return days, wording.error_days(error), f"{wording.prose_date(since)}{words}"


# --- pictures ---


def alt_text(summary: Summary, outcome: Outcome | None = None) -> str:
    """Describe the histogram of an outcome, by default the one with the largest threshold."""
    outcome = outcome or phrases.main_outcome(summary)
    about = f"“{phrases.title_words(summary)}” from {phrases.drawn(summary)}"
    parts = [f"Histogram of the simulated dates of {about}", *dates_shown(summary, outcome)]
    if phrases.never_probability(outcome) > 0:
        draws = f"The {phrases.never_percent(outcome)} of simulations that are never depleted"
        parts.append(f"{draws} have a separate hatched bar beside it")
    return ". ".join(parts) + "."


def dates_shown(summary: Summary, outcome: Outcome) -> list[str]:
    """The result line, and where published dates fall, in words."""
    return [headline(summary, outcome), *map(published_words, outcome.published)]


def published_words(check: PublishedCheck) -> str:
    """Where a published date falls, in words."""
    dated = phrases.published_label(check)
    if check.period:
        return f"Published period, {dated}: {', '.join(phrases.period_shares(check.period))}"
    shown = wording.percent(check.probability_by, check.mc_error)
    return f"Published date, {dated}: {shown} of simulations are depleted by then"
