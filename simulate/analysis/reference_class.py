"""How far past rates strayed: the law of a depletion date under a rate that changes as they did.

After the last count the rate is r exp(kappa .22 Z + kappa x(t) - kappa^2 c(t)): a common scale
kappa = k sqrt(nu / chi2_nu), one standard normal Z, and an Ornstein-Uhlenbeck path x from 0 with
standard deviation .40 and a time constant of 90 days. On a straight line the days T to lose what
H days at the rate r would have cost then follow, to a good approximation,

    P(T <= t) = t_nu(ln(t / H) / (k s(t))),

with s(t) the standard deviation of the mean log rate over t days and t_nu Student's distribution
function. The figures were fitted to past claims and counts: see the README.
"""

from __future__ import annotations

import numpy as np

from simulate.scenario.arrays import Floats
from simulate.scenario.reference import DEGREES, SPREADS, spread
from simulate.scenario.series import Counts

FRONT, UNIT = (SPREADS[kind] / float(spread(90.0)) for kind in ("front", "unit"))
"""k of a whole front, and of one contingent or class of equipment: s(90 days) is .30 and .45."""

_FURTHEST, _POINTS = 7.0, 80_001  # of the table that inverts the distribution function

_LEARNT_DAYS = (28, 56, 90, 180)
_MOST_FREEDOM = 12
_FURTHEST_LOG = 2.3
_HALF_LIFE_DAYS = 365.0
_WEIGHT_DAYS = 1.44 * _HALF_LIFE_DAYS  # the sum of all weights
_WEEK = 7


def cdf(days: Floats, ahead: float, scale: Floats, freedom: Floats) -> Floats:
    """Probability of having lost `ahead` days' worth after so many days.

    Parameters
    ----------
    days, scale, freedom : array
        Days, k and nu, of shapes that broadcast.
    ahead : float
        H, the days it takes at an unchanging rate.
    """
    from scipy.special import stdtr

    return np.asarray(stdtr(freedom, np.log(days / ahead) / (scale * spread(days))))


def ppf(levels: Floats, ahead: float, scale: Floats, freedom: Floats) -> Floats:
    """The quantiles of `cdf`, in days; at most a factor of e^7 from `ahead`."""
    from scipy.special import stdtrit

    logs = np.linspace(-_FURTHEST, _FURTHEST, _POINTS)
    scores = np.maximum.accumulate(logs / spread(ahead * np.exp(logs)))
    found = np.interp(scale * stdtrit(freedom, levels), scores, logs)
    return np.asarray(ahead * np.exp(found))


def learnt(
    counts: Counts, window: int, ahead: float, at: Floats, prior: float = 1.0
) -> tuple[Floats, Floats]:
    """The scale that a series shows up to some days.

    Past log ratios of the mean rate over the next days to that over the window are compared with
    what the reference class expects, at weekly days up to each of `at`, older ones with less
    weight: half for each year. The prior counts as four cases.

    Parameters
    ----------
    counts : Counts
    window : int
        Days over which the rate is taken.
    ahead : float
        H, the days it takes at an unchanging rate.
    at : array of shape (n,)
        Days since 1970; nothing after them is used.
    prior : float
        k without any past.

    Returns
    -------
    scale, freedom : arrays of shape (n,)
    """
    past = at - counts.days[0]
    days = np.full(at.shape, float(_LEARNT_DAYS[0]))
    for each in _LEARNT_DAYS[1:]:
        if each <= ahead:
            days[past >= 2 * (window + each)] = each
    before = np.arange(0, max(past.max(initial=0.0), 1.0), _WEEK)
    origins = (at - days)[:, np.newaxis] - before
    logs = _log_ratios(counts, origins, window, days[:, np.newaxis])
    weights = np.where(np.isnan(logs), 0.0, 0.5 ** (before / _HALF_LIFE_DAYS))
    squares = np.nansum(weights * logs**2, axis=1) / np.maximum(weights.sum(axis=1), 1e-300)
    cases = np.clip(past / (window + days) - 1, 0.0, _WEIGHT_DAYS / (window + days))
    cases[~weights.any(axis=1)] = 0.0
    total = DEGREES + cases
    scale = np.sqrt((DEGREES * prior**2 + cases * squares / spread(days) ** 2) / total)
    return scale, np.minimum(np.rint(total), _MOST_FREEDOM)


def _log_ratios(counts: Counts, origins: Floats, window: int, days: Floats) -> Floats:
    """ln(mean rate of the next days / of the window), NaN where either is not known."""
    start, now, end = (counts.at(each) for each in (origins - window, origins, origins + days))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log((end - now) / days / ((now - start) / window))
    known = (origins - window >= counts.days[0]) & (end > start)
    return np.where(known, np.clip(logs, -_FURTHEST_LOG, _FURTHEST_LOG), np.nan)
