"""What a run has to say: frozen numbers and dates, no text for people and no file formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from simulate.analysis.ledger import Ledger

MissingReason = Literal["", "beyond_horizon", "too_few_draws"]


@dataclass(frozen=True)
class Instant:
    """A moment read off the distribution of first passages.

    `day` counts days since the run's origin and `date` is the calendar day it falls on; both are
    None where there is no such moment, and `missing` says why. `mc_error_days` is the half-width
    of the 95 % Monte Carlo error bar, None where an end of the bar is "not by the horizon".
    `gap` has the two dates between which no draws lie, where any date from the one to the other is
    this moment and no number of draws decides; the second is None where it is "never".
    """

    day: float | None
    date: dt.date | None
    mc_error_days: float | None
    missing: MissingReason = ""
    gap: tuple[dt.date, dt.date | None] | None = None


class Quantile(NamedTuple):
    """The moment by which the share `level` of all draws is depleted."""

    level: float
    at: Instant


class Interval(NamedTuple):
    """A coverage interval of the given probability."""

    kind: Literal["equal-tailed", "shortest"]
    probability: float
    low: Instant
    high: Instant


class ByDate(NamedTuple):
    """Probability of depletion on or before `date`; `mc_error` is a 95 % half-width."""

    date: dt.date
    probability: float
    mc_error: float


@dataclass(frozen=True)
class PublishedCheck:
    """Where a published date falls.

    `probability_by` is the probability of depletion on or before the date, which is the level of
    the end of that day in the distribution; `mc_error` is a 95 % half-width.
    """

    label: str
    date: dt.date
    probability_by: float
    mc_error: float


@dataclass(frozen=True)
class NeverCause:
    """Probability that a draw ends without depletion for this cause."""

    cause: str
    probability: float
    mc_error: float


class Histogram(NamedTuple):
    """Probability per bin; bin i holds the days edges[i] <= day < edges[i + 1]."""

    edges: tuple[dt.date, ...]
    probability: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """All that is reported for one threshold.

    Each `..._mc_error` is the 95 % half-width of the Monte Carlo error of the figure before it.
    `restricted_mean_days` is the mean up to the end of the horizon, in days since the origin.
    `whole` and `lost` are the scenario's words for what is depleted and what happens to it.
    """

    threshold: float
    counting: str
    depleted_probability: float
    depleted_mc_error: float
    never: tuple[NeverCause, ...]
    already_passed_probability: float
    already_passed_mc_error: float
    restricted_mean_days: float
    restricted_mean_mc_error_days: float
    median: Instant
    quantiles: tuple[Quantile, ...]
    intervals: tuple[Interval, ...]
    by: tuple[ByDate, ...]
    published: tuple[PublishedCheck, ...]
    histogram: Histogram
    whole: str = "force"
    lost: str = "lost"


class ValueQuantile(NamedTuple):
    """A quantile of an input or of the loss rate; a date for date inputs."""

    level: float
    value: float | dt.date
    mc_error: float | None = None


@dataclass(frozen=True)
class RateSummary:
    """The loss rate in units per day; `mean` is None where it does not exist or was not tallied."""

    mean: float | None
    mean_mc_error: float | None
    quantiles: tuple[ValueQuantile, ...]


class Bands(NamedTuple):
    """Quantiles over time, by level and then by date, with the half-widths of their error bars."""

    values: tuple[tuple[float, ...], ...]
    mc_errors: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class CountPoint:
    """A published count of losses: medians of count and day, each with its 5 and 95 % points."""

    label: str
    date: dt.date
    earliest: dt.date
    latest: dt.date
    count: float
    low: float
    high: float


@dataclass(frozen=True)
class StrengthOverTime:
    """Strength present and cumulative losses at the end of each date.

    `levels` are those that the number of draws supports; `claims` are the counts that the losses
    were taken from.
    """

    dates: tuple[dt.date, ...]
    levels: tuple[float, ...]
    present: Bands
    lost: Bands
    claims: tuple[CountPoint, ...]


@dataclass(frozen=True)
class ObservedPoint:
    """One point of the range of a count published later.

    `level` is where `losses` falls in the simulated losses (mid-distribution function),
    `probability` the share of draws with at most that many; `mc_error` is a 95 % half-width.
    """

    point: float
    losses: float
    level: float
    probability: float
    mc_error: float


@dataclass(frozen=True)
class ObservedCheck:
    """A count published later against the simulated losses at the beginning of its date.

    `reported` is one point for a fixed number, else the 5, 50 and 95 % points of its range.
    """

    label: str
    date: dt.date
    source: str
    reported: tuple[ObservedPoint, ...]
    simulated: tuple[ValueQuantile, ...]


@dataclass(frozen=True)
class InputSummary:
    """One named input as the scenario defines it, free of Monte Carlo error."""

    name: str
    distribution: str
    source: str
    mean: float | dt.date | None
    quantiles: tuple[ValueQuantile, ...]


class Unreached(NamedTuple):
    """A date whose error exceeds the precision asked for; no date, no error: too few draws."""

    threshold: float
    level: float
    at: Instant


def dates_of(outcome: Outcome) -> Iterator[Unreached]:
    """Every date that a promise is about, once: percentiles, median, ends of equal tails."""
    found: dict[float, Instant] = {0.5: outcome.median}
    found |= {quantile.level: quantile.at for quantile in outcome.quantiles}
    for interval in outcome.intervals:
        if interval.kind == "equal-tailed":
            low, high = tails(interval.probability)
            found |= {low: interval.low, high: interval.high}
    for level in sorted(found):
        yield Unreached(outcome.threshold, level, found[level])


def tails(probability: float) -> tuple[float, float]:
    """Levels of the two ends of the equal-tailed interval of that probability."""
    tail = round((1.0 - probability) / 2.0, 12)
    return tail, 1.0 - tail


@dataclass(frozen=True)
class Precision:
    """What became of a precision asked for.

    Attributes
    ----------
    days : float
        The Monte Carlo error (95 % half-width) that no reported date was to exceed.
    most_draws : int
        Draws at which it would have been given up.
    largest : float, optional
        The largest error of a date, in days; None where no date has one.
    missed : tuple of Unreached
        The dates that kept it from being reached.
    shortest_left_out : tuple of pairs of float
        Threshold and probability of the shortest intervals that are not reported, since their ends
        are known less well.
    """

    days: float
    most_draws: int
    largest: float | None
    missed: tuple[Unreached, ...]
    shortest_left_out: tuple[tuple[float, float], ...]

    @property
    def asked(self) -> dict[str, float]:
        """What repeats it."""
        return {"asked_days": self.days, "most_draws": self.most_draws}

    @property
    def reached(self) -> bool:
        """Whether every date keeps it."""
        return not self.missed


@dataclass(frozen=True)
class RunRecord:
    """What is needed, beside the scenario, to repeat the run.

    `asked` is the number of draws asked for, which the method may have rounded up.
    """

    draws: int
    seed: int
    method: str
    replicates: int
    stream: str
    versions: Mapping[str, str]
    asked: int = 0
    precision: Precision | None = None


@dataclass(frozen=True)
class ScenarioRecord:
    """The scenario in words, and what identifies it."""

    title: str
    question: str
    notes: str
    file: str
    digest: str
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """The whole answer of one run; `outcomes` in the order of the scenario's thresholds.

    With `default_horizon` the scenario sets no horizon, and nobody chose the date it has.
    The first `n_doubts` of the warnings put the answer itself in doubt, and are told before it.
    `ledger` is there where the losses are given by several claims.
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
    n_doubts: int = 0
    default_horizon: bool = False
    strength: StrengthOverTime | None = None
    observed: tuple[ObservedCheck, ...] = ()
    ledger: Ledger | None = None
