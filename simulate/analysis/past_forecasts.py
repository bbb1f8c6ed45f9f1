"""What each method of a back-test says at the past origins of a series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from simulate.analysis import own_rate, reference_class
from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import Distribution
from simulate.scenario.dynamics import Rate
from simulate.scenario.own_past import past_scales
from simulate.scenario.reference import DEGREES
from simulate.scenario.series import Counts

FOLLOWED = 2
"""An outcome is awaited for this many times H; the score counts no later days."""

OWN = "this scenario"
"""The method of a scenario's own `rate` block."""


class Cases(NamedTuple):
    """The past cases with `ahead` days' losses to come.

    Arrays of shape (n,): the days of the origins, the losses of the window, the outcomes in days
    after the origin (infinity if the series ends before), and the days known after the origin.
    """

    ahead: int
    window: int
    origins: Floats
    lost: Floats
    outcomes: Floats
    known: Floats

    @property
    def end(self) -> float:
        """The day after which an outcome counts as late."""
        return float(FOLLOWED * self.ahead)


class Law(NamedTuple):
    """What a method says: quantiles (n or 1, m) at levels (m,), and levels (n,) of days (n,)."""

    ppf: Callable[[Floats], Floats]
    cdf: Callable[[Floats], Floats]


def laws(counts: Counts, cases: Cases, rate: Rate | None) -> Iterator[tuple[str, Law]]:
    """Each method by its name: that of a rate block, where it can be tested, first."""
    if rate is not None and (own := _own(counts, cases, rate)) is not None:
        yield OWN, own
    yield "straight line", _straight_line(cases)
    yield "counting noise", _counting_noise(cases)
    k, degrees, *_ = past_scales(counts, cases.window, cases.ahead, cases.origins)
    yield "reference", _reference(cases, k, degrees)
    freedom = np.array([float(DEGREES)])
    for name, scale in (("front", reference_class.FRONT), ("unit", reference_class.UNIT)):
        yield f"reference, {name}", _reference(cases, np.array([scale]), freedom)


def _own(counts: Counts, cases: Cases, rate: Rate) -> Law | None:
    """The method of a rate block; None where it depends on the calendar or on what is left."""
    given, reference = own_rate.given_keys(rate), rate.reference
    if given == {"multiplier"} and rate.multiplier is not None:
        return _multiplied(cases, rate.multiplier)
    if given == {"reference"} and reference is not None and reference.series:
        at = (cases.window, cases.ahead, cases.origins)
        return _reference(cases, *past_scales(counts, *at, reference.prior)[:2])
    return _drawn(own_rate.times(rate, cases.ahead)) if own_rate.is_testable(rate) else None


def _drawn(times: Floats) -> Law:
    """The same draws at every origin, in the order of time."""
    n = times.size

    def quantiles(levels: Floats) -> Floats:
        rank = np.ceil(levels * n).astype(np.int64) - 1
        return times[np.newaxis, np.clip(rank, 0, n - 1)]

    return Law(quantiles, lambda days: np.searchsorted(times, days, "right") / n)


def _straight_line(cases: Cases) -> Law:
    """The one date of the window's rate."""

    def level(days: Floats) -> Floats:
        off = days - cases.ahead
        return np.where(np.abs(off) <= 1e-9 * cases.ahead, 0.5, off > 0)

    return Law(lambda levels: np.full((1, levels.size), float(cases.ahead)), level)


def _multiplied(cases: Cases, multiplier: Distribution) -> Law:
    """A later rate that is constant, but another one."""

    def divided(factors: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(cases.ahead / factors)

    return Law(
        lambda levels: divided(multiplier.isf(levels))[np.newaxis],
        lambda days: multiplier.sf(divided(days)),
    )


def _counting_noise(cases: Cases) -> Law:
    """The wait for a Poisson count at a rate known from a Poisson count.

    The rate given the count is gamma distributed, so T / (T + W) has a beta distribution.
    """
    from scipy.special import betainc, betaincinv

    window, lost = cases.window, cases.lost
    needed = lost * cases.ahead / window

    def quantiles(levels: Floats) -> Floats:
        part = betaincinv(needed[:, np.newaxis], lost[:, np.newaxis], levels)
        return np.asarray(window * part / (1 - part))

    return Law(quantiles, lambda days: np.asarray(betainc(needed, lost, days / (days + window))))


def _reference(cases: Cases, scale: Floats, freedom: Floats) -> Law:
    """The rate changes as past rates did."""
    ahead, columns = cases.ahead, (scale[:, np.newaxis], freedom[:, np.newaxis])
    return Law(
        lambda levels: reference_class.ppf(levels, ahead, *columns),
        lambda days: reference_class.cdf(days, ahead, scale, freedom),
    )
