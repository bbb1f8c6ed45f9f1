"""The parts of an answer: moments, percentiles and probabilities with their errors."""

from __future__ import annotations

import datetime as dt
import math
from typing import Literal, NamedTuple

from msgspec import Struct

MissingReason = Literal["", "beyond_horizon", "too_few_draws"]


class Brief(Struct, frozen=True):
    """A value of many parts, whose repr names them."""

    def __repr__(self) -> str:
        names = ", ".join(self.__struct_fields__)
        return f"<{type(self).__name__} with {names}>"


class Instant(Struct, frozen=True):
    """A moment read off the distribution of first passages.

    `day` counts days since the run's origin and `date` is its calendar day; both are None if there
    is no such moment, and `missing` says why. `mc_error_days` is the half-width of the 95 % Monte
    Carlo error bar, None if an end of the bar is "not by the horizon". `gap` has two dates between
    which no draws lie, if every date between them fits this level and more draws would not decide;
    the second is None for "never".
    """

    day: float | None
    date: dt.date | None
    mc_error_days: float | None
    missing: MissingReason = ""
    gap: tuple[dt.date, dt.date | None] | None = None

    @property
    def day_or_never(self) -> float:
        """The day, infinite if there is none."""
        return math.inf if self.day is None else self.day


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


class Chance(Struct, frozen=True):
    """A probability with the 95 % half-width of its Monte Carlo error."""

    probability: float
    mc_error: float


class PeriodCheck(Struct, frozen=True):
    """How a published period divides all draws; `after` includes those never depleted.

    Both its first and its last day belong to it.
    """

    first: dt.date
    last: dt.date
    before: Chance
    within: Chance
    after: Chance

    @property
    def chances(self) -> tuple[Chance, Chance, Chance]:
        """Before, within and after it."""
        return self.before, self.within, self.after


class PublishedCheck(Struct, frozen=True):
    """Where a published date falls; for a `period`, its last day.

    `probability_by` is the probability of depletion on or before the date, which is the level of
    the end of that day in the distribution; `mc_error` is a 95 % half-width.
    """

    label: str
    date: dt.date
    probability_by: float
    mc_error: float
    period: PeriodCheck | None = None


class NeverCause(Struct, frozen=True):
    """Probability that a draw ends without depletion for this cause."""

    cause: str
    probability: float
    mc_error: float


class DateHistogram(NamedTuple):
    """Probability per bin; bin i holds the days edges[i] <= day < edges[i + 1]."""

    edges: tuple[dt.date, ...]
    probability: tuple[float, ...]


class ValueQuantile(NamedTuple):
    """A quantile of an input or of the loss rate; a date for date inputs."""

    level: float
    value: float | dt.date
    mc_error: float | None = None


class RateSummary(Struct, frozen=True):
    """The loss rate in units per day; `mean` is None where it does not exist or was not tallied."""

    mean: float | None
    mean_mc_error: float | None
    quantiles: tuple[ValueQuantile, ...]


class ObservedPoint(Struct, frozen=True):
    """One point of the range of a count published later.

    `level` is where `losses` falls in the simulated losses (mid-distribution function),
    `probability` the share of draws with at most that many; `mc_error` is a 95 % half-width.
    """

    point: float
    losses: float
    level: float
    probability: float
    mc_error: float


class Report(Struct, frozen=True):
    """A count on which the result is updated, as a number or a lower bound.

    `qualifier` is the word before the number, if any. `level` is where its median falls in the
    losses simulated before the update (mid-distribution function), `updated_level` after it.
    """

    label: str
    date: dt.date
    source: str
    qualifier: str
    bound: bool
    losses: float
    level: float
    mc_error: float
    updated_level: float
    updated_mc_error: float


class Shift(Struct, frozen=True):
    """How one percentile date moves from `before` to `after`.

    `days` is positive if it moves later, and None if one of the dates does not exist.
    `mc_error_days` is the 95 % half-width of the Monte Carlo error of the difference, small because
    the draws share their random numbers; None if it is unbounded.
    """

    threshold: float
    level: float
    before: Instant
    after: Instant
    days: float | None
    mc_error_days: float | None
