"""The result line, the dates that it and the sentence to cite quote, and the words of pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from simulate.analysis.clusters import FEW_DRAWS, Cluster, clusters
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval, PublishedCheck
from simulate.report.text import phrases, wording


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
    if case.interval is None:
        return case.median or "not known"
    return cluster_dates(summary, case.outcome) or between(case.interval, case.horizon)


def found_clusters(summary: Summary, outcome: Outcome) -> tuple[Cluster, ...]:
    """The separate clusters of dates; none from few draws."""
    return () if summary.run.draws < FEW_DRAWS else clusters(outcome.histogram)


def cluster_dates(summary: Summary, outcome: Outcome) -> str:
    """`20 May to 20 June or 6 to 23 July 2025`; empty without separate clusters."""
    found = found_clusters(summary, outcome)
    return either(wording.prose_period(each.first, each.last) for each in found)


def either(spans: Iterable[str]) -> str:
    """`20 May to 20 June or 6 to 23 July 2025`, the year once if it is the same."""
    *others, last = [*spans] or [""]
    year = last[-5:]
    return " or ".join([*(other.removesuffix(year) for other in others), last])


class Case(NamedTuple):
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
        """The end of the simulated period."""
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
            return wording.instant_prose(self.middle, self.horizon)
        low, high = self.middle.gap
        if high is None:
            return f"anywhere from {wording.prose_date(low)} to “{wording.not_by(self.horizon)}”"
        return f"anywhere from {wording.prose_pair(low, high, 'to')}"

    @property
    def median_quoted(self) -> str:
        """As `median`, with “not by” in quotation marks."""
        if self.middle is None or self.middle.gap:
            return self.median
        return wording.instant_quoted(self.middle, self.horizon)

    @property
    def name(self) -> str:
        """`90 % simulation interval`."""
        return f"{wording.share(self.probability)} simulation interval"

    @property
    def ranks(self) -> str:
        """`5th to 95th percentile`."""
        low, high = map(wording.ordinal, wording.tail_levels(self.probability))
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
        if probability < wording.tail_levels(self.probability)[0]:
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
        if not self.summary.default_horizon or phrases.never_probability(self.outcome) <= 0:
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
    return Case(summary, chosen, probability, interval, middle, *phrases.event(chosen))


def _dates(case: Case) -> str:
    if case.outcome.depleted_probability <= 0:
        return f"{wording.not_by(case.horizon)} {phrases.in_any(case.summary)}"
    if certain := phrases.certain_date(case.summary, case.outcome):
        return wording.prose_date(certain)
    if case.interval is None:
        middle = f"{case.median_quoted}, median of " if case.middle else "not known, "
        return f"{middle}{phrases.drawn(case.summary)}, too few for a {case.name}{case.never}"
    low, high = case.interval.low, case.interval.high
    if low.date is None:
        return phrases.never_phrase(case.summary, case.outcome)
    if low.date == high.date:
        least = wording.share(case.probability)
        return (
            f"{between(case.interval, case.horizon)} in at least {least} of simulations{case.never}"
        )
    middle = f", median {case.median_quoted}" if case.middle else ""
    return f"{between(case.interval, case.horizon)}{middle} ({case.name}){case.never}"


def between(interval: Interval, horizon: dt.date, joiner: str = "to") -> str:
    """`3 February to 13 April 2025`, or as much as lies before the horizon."""
    low, high = interval.low, interval.high
    if low.date is None or low.date == high.date:
        return wording.instant_prose(low, horizon)
    if high.date is None:
        return f"{wording.instant_prose(low, horizon)} to “{wording.not_by(horizon)}”"
    hedges = wording.hedge(low), wording.hedge(high)
    return wording.prose_pair(low.date, high.date, joiner, hedges)


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
    """The result line, the clusters of dates, and where published dates fall, in words."""
    found = cluster_dates(summary, outcome)
    n = wording.in_words(len(found_clusters(summary, outcome)))
    parts = [f"The dates lie in {n} separate clusters: {found}"] if found else []
    return [headline(summary, outcome), *parts, *map(published_words, outcome.published)]


def published_words(check: PublishedCheck) -> str:
    """Where a published date falls, in words."""
    dated = f"{phrases.label_words(check.label)} ({phrases.published_when(check)})"
    if check.period:
        return f"Published period, {dated}: {', '.join(phrases.period_shares(check.period))}"
    shown = wording.percent(check.probability_by, check.mc_error)
    return f"Published date, {dated}: {shown} of simulations are depleted by then"
