"""The figures that answers are made of: moments, percentiles, probabilities, with their errors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

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


class ValueQuantile(NamedTuple):
    """A quantile of an input or of the loss rate; a date for date inputs."""

    level: float
    value: float | dt.date
    mc_error: float | None = None


@dataclass(frozen=True)
class Shift:
    """How one percentile date moves from `before` to `after`.

    `days` is above 0 where it becomes later, and None where one of the dates does not exist.
    `mc_error_days` is the 95 % half-width of the Monte Carlo error of the difference, which draws
    that share their random numbers keep small; None where it has no end.
    """

    threshold: float
    level: float
    before: Instant
    after: Instant
    days: float | None
    mc_error_days: float | None
