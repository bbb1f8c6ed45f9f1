"""What each method of a back-test says at the past origins of a series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from simulate.engine.pilot_run import plan_for
from simulate.engine.redraw import replayed
from simulate.scenario.arrays import Floats
from simulate.scenario.counts import Counts
from simulate.scenario.distributions import Distribution
from simulate.scenario.dynamics import Rate
from simulate.scenario.horizon import LONGEST_HORIZON_DAYS
from simulate.scenario.model import Scenario
from simulate.scenario.own_past import past_scales
from simulate.scenario.reference import DEGREES, SPREADS, spread
from simulate.scenario.stocks import DAYS_IN
from simulate.scenario.values import Sourced

FOLLOWED = 2
"""An outcome is awaited for this many times H; the score counts no later days."""

OWN = "this scenario"
"""The method of a scenario's own `rate` block."""

_DRAWS = 2**13
_LATEST = 10
"""Times the days: what is later counts as never, with the method of a rate block."""

_ANYWHERE = {"multiplier", "drift", "reference", *(f"trend_per_{per}" for per in DAYS_IN)}
"""Keys of a rate whose effect does not depend on the calendar or on how much is left."""

_FURTHEST, _POINTS = 7.0, 80_001  # of the table that inverts `reference_cdf`


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


class Predictive(NamedTuple):
    """What a method says: quantiles (n or 1, m) at levels (m,), and levels (n,) of days (n,)."""

    ppf: Callable[[Floats], Floats]
    cdf: Callable[[Floats], Floats]


def laws(counts: Counts, cases: Cases, rate: Rate | None) -> Iterator[tuple[str, Predictive]]:
    """Each method by its name: that of a rate block, where it can be tested, first."""
    if rate is not None and (own := _own(counts, cases, rate)) is not None:
        yield OWN, own
    yield "straight line", _straight_line(cases)
    yield "counting noise", _counting_noise(cases)
    k, degrees, *_ = past_scales(counts, cases.window, cases.ahead, cases.origins)
    yield "reference", _reference(cases, k, degrees)
    freedom = np.array([float(DEGREES)])
    for name, spread_of_90 in SPREADS.items():
        scale = np.array([spread_of_90 / float(spread(90.0))])
        yield f"reference, {name}", _reference(cases, scale, freedom)


def given_keys(rate: Rate | None) -> set[str]:
    """The keys of a rate block, but for what is said about it."""
    return set() if rate is None else rate.model_fields_set - set(Sourced.model_fields)


def _own(counts: Counts, cases: Cases, rate: Rate) -> Predictive | None:
    """The method of a rate block; None where it depends on the calendar or on what is left."""
    given, reference = given_keys(rate), rate.reference
    if given == {"multiplier"} and rate.multiplier is not None:
        return _multiplied(cases, rate.multiplier)
    if given == {"reference"} and reference is not None and reference.series:
        at = (cases.window, cases.ahead, cases.origins)
        return _reference(cases, *past_scales(counts, *at, reference.prior)[:2])
    of_series = reference is not None and reference.series
    is_testable = given and given <= _ANYWHERE and not of_series
    return _drawn(times_of(rate, cases.ahead)) if is_testable else None


def times_of(rate: Rate, days: int) -> Floats:
    """Days until that many days' worth is lost, in the order of time, inf for never.

    The draws of a scenario with one unit a day and as many units as days, whose rate block this is.
    """
    scenario = Scenario.model_validate(
        {
            "title": "T",
            "force": {"size": days, "as_of": "2000-01-01"},
            "losses": {"rate": 1, "per": "day"},
            "rate": rate,
            "horizon": min(_LATEST * days, LONGEST_HORIZON_DAYS),
        }
    )
    plan = plan_for(scenario, draws=_DRAWS, seed=0, method="lattice")
    return np.sort(np.concatenate([block.time[0] for block in replayed(plan)]))


def _drawn(times: Floats) -> Predictive:
    """The same draws at every origin, in the order of time."""
    n = times.size

    def quantiles(levels: Floats) -> Floats:
        rank = np.ceil(levels * n).astype(np.int64) - 1
        return times[np.newaxis, np.clip(rank, 0, n - 1)]

    return Predictive(quantiles, lambda days: np.searchsorted(times, days, "right") / n)


def _straight_line(cases: Cases) -> Predictive:

    def level(days: Floats) -> Floats:
        off = days - cases.ahead
        return np.where(np.abs(off) <= 1e-9 * cases.ahead, 0.5, off > 0)

    return Predictive(lambda levels: np.full((1, levels.size), float(cases.ahead)), level)


def _multiplied(cases: Cases, multiplier: Distribution) -> Predictive:
    """A later rate that is constant, but another one."""

    def divided(factors: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(cases.ahead / factors)

    return Predictive(
        lambda levels: divided(multiplier.isf(levels))[np.newaxis],
        lambda days: multiplier.sf(divided(days)),
    )


def _counting_noise(cases: Cases) -> Predictive:
    """The wait for a Poisson count at a rate known from a Poisson count.

    The rate given the count is gamma distributed, so T / (T + W) has a beta distribution.
    """
    from scipy.special import betainc, betaincinv

    window, lost = cases.window, cases.lost
    needed = lost * cases.ahead / window

    def quantiles(levels: Floats) -> Floats:
        part = betaincinv(needed[:, np.newaxis], lost[:, np.newaxis], levels)
        return np.asarray(window * part / (1 - part))

    return Predictive(
        quantiles, lambda days: np.asarray(betainc(needed, lost, days / (days + window)))
    )


def _reference(cases: Cases, scale: Floats, freedom: Floats) -> Predictive:
    ahead, columns = cases.ahead, (scale[:, np.newaxis], freedom[:, np.newaxis])
    return Predictive(
        lambda levels: reference_ppf(levels, ahead, *columns),
        lambda days: reference_cdf(days, ahead, scale, freedom),
    )


def reference_cdf(days: Floats, ahead: float, scale: Floats, freedom: Floats) -> Floats:
    """Probability of having lost `ahead` days' worth after so many days, on a straight line.

    P(T <= t) = t_nu(ln(t / H) / (k s(t))), to a good approximation; see `scenario.reference`.
    H are the days `ahead`, at an unchanging rate; t, k and nu have shapes that broadcast.
    """
    from scipy.special import stdtr

    return np.asarray(stdtr(freedom, np.log(days / ahead) / (scale * spread(days))))


def reference_ppf(levels: Floats, ahead: float, scale: Floats, freedom: Floats) -> Floats:
    """The quantiles of `reference_cdf`, in days; at most a factor of e^7 from `ahead`."""
    from scipy.special import stdtrit

    logs = np.linspace(-_FURTHEST, _FURTHEST, _POINTS)
    scores = np.maximum.accumulate(logs / spread(ahead * np.exp(logs)))
    found = np.interp(scale * stdtrit(freedom, levels), scores, logs)
    return np.asarray(ahead * np.exp(found))
