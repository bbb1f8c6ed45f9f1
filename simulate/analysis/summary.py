"""The results of a run: frozen numbers and dates, no prose and no file formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.values import (
    Brief,
    ByDate,
    DateHistogram,
    Instant,
    Interval,
    NeverCause,
    ObservedPoint,
    PublishedCheck,
    Quantile,
    RateSummary,
    Report,
    Shift,
    ValueQuantile,
)
from simulate.scenario.words import DOMAINS, Mood, Part, Words

WORDED = ("whole", "part", "lost", "gone", "words", "unit", "unusable", "mood", "net")
"""Fields of an outcome that serve its sentences only."""


class Depletion(Struct, frozen=True, kw_only=True):
    """When, and with what probability, one threshold is passed.

    Each `..._mc_error` is the 95 % half-width of the Monte Carlo error of the figure before it.
    `never` has the causes for which draws are not depleted. `whole` and `lost` are the scenario's
    words for what is depleted, all of it or a `part`, and what happens to it, `gone` that of a
    share no longer there (not `lost` where something comes in as well), `words` all others but its
    `unit`; `unusable` is the 5, 50 and 95 % point of what is left when all that can be used is
    gone; `mood` is that of the verbs; of a `net` pace what comes in has been subtracted.
    """

    threshold: float
    counting: str
    depleted_probability: float
    depleted_mc_error: float
    never: tuple[NeverCause, ...]
    quantiles: tuple[Quantile, ...]
    by: tuple[ByDate, ...]
    whole: str = "force"
    part: Part = ""
    lost: str = "lost"
    gone: str = "lost"
    words: Words = DOMAINS["force"]
    unit: str = "units"
    unusable: tuple[float, ...] = ()
    mood: Mood = "open"
    net: bool = False

    def __hash__(self) -> int:
        return hash((self.threshold, self.quantiles))  # words hold mappings


class Outcome(Depletion, frozen=True, kw_only=True):
    """All that a run reports for one threshold.

    `restricted_mean_days` is the mean up to the end of the horizon, in days since the origin.
    """

    already_passed_probability: float
    already_passed_mc_error: float
    restricted_mean_days: float
    restricted_mean_mc_error_days: float
    median: Instant
    intervals: tuple[Interval, ...]
    published: tuple[PublishedCheck, ...]
    histogram: DateHistogram


class Bands(NamedTuple):
    """Quantiles over time, by level and then by date, with the half-widths of their error bars."""

    values: tuple[tuple[float, ...], ...]
    mc_errors: tuple[tuple[float, ...], ...]


class CountPoint(Struct, frozen=True):
    """A published count of losses: medians of count and day, each with its 5 and 95 % points."""

    label: str
    date: dt.date
    earliest: dt.date
    latest: dt.date
    count: float
    low: float
    high: float


class StrengthOverTime(Struct, frozen=True):
    """Strength present and cumulative losses at the end of each date.

    `levels` are those that the draws support, `claims` the counts that losses were taken from.
    """

    dates: tuple[dt.date, ...]
    levels: tuple[float, ...]
    present: Bands
    lost: Bands
    claims: tuple[CountPoint, ...]


class ObservedCheck(Struct, frozen=True):
    """A count published later against the simulated losses at the beginning of its date.

    `reported` is one point for a fixed number, else the 5, 50 and 95 % points of its range.
    """

    label: str
    date: dt.date
    source: str
    reported: tuple[ObservedPoint, ...]
    simulated: tuple[ValueQuantile, ...]

    @property
    def middle(self) -> ObservedPoint:
        """The number reported, or the median of its range."""
        return self.reported[len(self.reported) // 2]


class Update(Brief, frozen=True, kw_only=True):
    """The result updated on reports: the same draws, each weighted by how well it fits them.

    `error`, `source_bias` and `common_bias` are standard deviations of the logarithms of reports.
    The effective sample sizes are those of all draws and the smallest of a replicate;
    `mean_likelihood` is relative to the largest possible. `outcomes` have no shortest intervals.
    """

    error: float
    source_bias: float
    common_bias: float
    reports: tuple[Report, ...]
    effective_sample_size: float
    smallest_effective_sample_size: float
    mean_likelihood: float
    outcomes: tuple[Outcome, ...]
    observed: tuple[ObservedCheck, ...]
    strength: StrengthOverTime | None = None


class InputSummary(Struct, frozen=True):
    """One named input as the scenario defines it, free of Monte Carlo error.

    A rate is so much `per` day, week, month or year. The `label` is that of its entry in a list.
    The `ends` are its lowest and highest value, where the scenario states both.
    """

    name: str
    distribution: str
    source: str
    mean: float | dt.date | None
    quantiles: tuple[ValueQuantile, ...]
    per: str = ""
    label: str = ""
    ends: tuple[float | dt.date, ...] = ()


class Unreached(NamedTuple):
    """A date whose error exceeds the precision; without a date or an error, too few draws."""

    threshold: float
    level: float
    at: Instant


def dates_of(outcome: Outcome) -> Iterator[Unreached]:
    """Every date that a precision covers, once: percentiles, median, ends of equal tails."""
    found = {0.5: outcome.median} | {quantile.level: quantile.at for quantile in outcome.quantiles}
    for interval in outcome.intervals:
        if interval.kind == "equal-tailed":
            low, high = tails(interval.probability)
            found |= {low: interval.low, high: interval.high}
    yield from (Unreached(outcome.threshold, level, at) for level, at in sorted(found.items()))


def tails(probability: float) -> tuple[float, float]:
    """Levels of the two ends of the equal-tailed interval of that probability."""
    return round((1 - probability) / 2, 12), round((1 + probability) / 2, 12)


class Precision(Struct, frozen=True):
    """A requested precision, and whether it was reached.

    `days` is the Monte Carlo error (95 % half-width) that no reported date was to exceed, `largest`
    the largest error of a date, None where no date has one. `missed` are the dates that are less
    precise; `shortest_left_out` has threshold and probability of the shortest intervals omitted
    because their ends are.
    """

    days: float
    most_draws: int
    largest: float | None
    missed: tuple[Unreached, ...]
    shortest_left_out: tuple[tuple[float, float], ...]

    @property
    def asked(self) -> dict[str, float]:
        """The request, in the keys of the JSON document."""
        return {"asked_days": self.days, "most_draws": self.most_draws}

    @property
    def reached(self) -> bool:
        """Whether every date is precise enough."""
        return not self.missed


class RunRecord(Struct, frozen=True):
    """What is needed, beside the scenario, to repeat the run.

    `asked` is the number of draws requested, which the method can round up.
    """

    draws: int
    seed: int
    method: str
    replicates: int
    stream: str
    versions: Mapping[str, str]
    asked: int = 0
    precision: Precision | None = None

    def __hash__(self) -> int:
        return hash((self.draws, self.seed, self.method))  # versions are a mapping


class ScenarioRecord(Struct, frozen=True):
    """The scenario in words, and what identifies it."""

    title: str
    question: str
    notes: str
    file: str
    digest: str
    overrides: tuple[str, ...]
    author: str = ""
    url: str = ""


class ClaimSummary(Struct, frozen=True):
    """One of several claims.

    `number` counts from 1 in the order of the file. `share` is its part in the pool, None for a
    flow. `rates` are the losses a day the claim implies, by itself; `rate_level` is the level of
    their median in the scenario's own distribution of the loss rate (mid-distribution function).
    """

    number: int
    label: str
    source: str
    url: str
    published: dt.date | None
    counts: str
    qualifier: str
    days: float | None
    weight: float | None
    share: float | None
    count: tuple[ValueQuantile, ...]
    as_of: tuple[ValueQuantile, ...]
    rates: tuple[ValueQuantile, ...]
    rate_level: float | None
    rate_level_mc_error: float | None

    @property
    def is_flow(self) -> bool:
        """Whether it counts the losses of some days only, and is not pooled."""
        return self.days is not None


class LeftOut(Struct, frozen=True):
    """The result without the claims of one source."""

    source: str
    numbers: tuple[int, ...]
    shifts: tuple[Shift, ...]


class SourcePart(Struct, frozen=True):
    """One source's part of the histograms and its own dates, where each draw follows one claim.

    `share` is that of the draws which follow a claim of the source; `probability` those depleted,
    for each threshold in the bins of its histogram. All sources but the main ones are one part,
    without a name. `dates` are, for each threshold, those that 5, 50 and 95 % of the source's draws
    reach; None is later than the horizon, or never.
    """

    source: str
    numbers: tuple[int, ...]
    share: float
    probability: tuple[tuple[float, ...], ...]
    dates: tuple[tuple[dt.date | None, ...], ...] = ()


class PooledClaims(Struct, frozen=True):
    """All claims, how much each source decides, and its part of the histograms."""

    pooling: str
    claims: tuple[ClaimSummary, ...]
    left_out: tuple[LeftOut, ...]
    parts: tuple[SourcePart, ...] = ()


class Summary(Brief, frozen=True):
    """The whole answer of one run; `outcomes` in the order of the scenario's thresholds.

    With `default_horizon` the scenario sets no horizon and the default applies. The first
    `n_serious` warnings concern the answer itself and are shown before it. `pooled` is set if the
    losses are given by several claims; `reference` says by how much the rate changes as rates have
    changed. `update` is set if counts published later are evidence; `is_updated` marks an answer
    whose dates are the updated ones; `counted_until` is the day of the last count behind them.
    """

    scenario: ScenarioRecord
    run: RunRecord
    unit: str
    origin: dt.date
    horizon: dt.date
    rate: RateSummary
    outcomes: tuple[Outcome, ...]
    inputs: tuple[InputSummary, ...]
    warnings: tuple[str, ...]
    n_serious: int = 0
    default_horizon: bool = False
    strength: StrengthOverTime | None = None
    observed: tuple[ObservedCheck, ...] = ()
    pooled: PooledClaims | None = None
    reference: str = ""
    update: Update | None = None
    is_updated: bool = False
    counted_until: dt.date | None = None

    @property
    def laws(self) -> dict[str, InputSummary]:
        """The inputs by their names."""
        return {item.name: item for item in self.inputs}

    @property
    def updated(self) -> Summary | None:
        """The same answer with the updated dates, strength and counts in the place of these."""
        new = self.update
        if new is None:
            return None
        dated = replace(self, outcomes=new.outcomes, observed=new.observed, strength=new.strength)
        # What sources do to the dates is known before the update only.
        pooled = self.pooled and replace(self.pooled, left_out=(), parts=())
        last = max(report.date for report in new.reports)
        return replace(dated, pooled=pooled, counted_until=last, update=None, is_updated=True)
