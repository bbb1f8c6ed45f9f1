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
from simulate.scenario.reference import SPREADS, spread

FRONT, UNIT = (SPREADS[kind] / float(spread(90.0)) for kind in ("front", "unit"))
"""k of a whole front, and of one contingent or class of equipment: s(90 days) is .30 and .45."""

_FURTHEST, _POINTS = 7.0, 80_001  # of the table that inverts the distribution function


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
