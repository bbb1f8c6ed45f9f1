"""Monte Carlo errors of means, shares and quantiles: half-widths of 95 % error bars."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from simulate.scenario.arrays import Floats

NORMAL = 1.959963984540054
STUDENT_T = {7: 2.364624251592784, 31: 2.0395134463964077}
"""97.5 % points of the normal distribution and of Student's t, the latter by degrees of freedom,
one less than the number of replicates."""


def supports(level: float, n: float) -> bool:
    """Whether n draws have order statistics on both sides of the quantile at `level`."""
    return bool(max(level, 1.0 - level) ** n <= 0.025)


def mean_with_error(values: Floats) -> tuple[float, float]:
    """The mean of replicates, and its error."""
    return float(values.mean()), float(replicate_errors(values))


def replicate_errors(values: Floats) -> Floats:
    """95 % half-widths of the errors of means of replicates (replicates, ...), by Student's t."""
    n = len(values)
    return np.asarray(STUDENT_T[n - 1] * np.std(values, axis=0, ddof=1) / math.sqrt(n))


def centred(shares: Floats, p: Floats | float, weights: Floats | None) -> Floats:
    """Shares (replicates, ...) of weighted draws near p, free of the spread of the weights' sums.

    `weights` is what each replicate weighs, relative to their mean; None leaves the shares as they
    are. With sums of weights S_r and W_r below a date the share of all draws is p = sum W / sum S,
    a ratio, whose error is that of the mean of R (W_r - p S_r) / sum S.
    """
    if weights is None:
        return shares
    missing = (1.0 - weights).reshape(-1, *[1] * (shares.ndim - 1))
    return np.round(shares + missing * p, 12)  # equal but for the rounding of the sums


def share_errors(
    p: Floats | float, shares: Floats, draws: float, *, independent: bool = False
) -> Floats:
    """95 % half-widths of the error of shares (replicates, ...) near p, the shares of all draws.

    `draws` are those of each replicate; `independent` says that they do not depend on each other.
    """
    if independent:
        errors = NORMAL * np.sqrt(p * (1.0 - np.asarray(p)) / (draws * len(shares)))
        return np.broadcast_to(errors, shares.shape[1:])
    errors = replicate_errors(shares)
    # Evenly spread points may give the same count in all replicates; even then the share is only
    # known to about half a point.
    return np.where((p > 0.0) & (p < 1.0), np.maximum(errors, 0.5 / draws), errors)


@cache  # the same for all thresholds, and slow: a law is made for it
def order_statistic_ranks(n: int, level: float) -> tuple[int, int]:
    """Zero-based ranks of the order statistics that enclose a quantile with 95 % probability.

    From the 2.5 % and 97.5 % points of the binomial number of draws below the quantile; David and
    Nagaraja (2003), Order Statistics, section 7.1.

    Examples
    --------
    >>> order_statistic_ranks(1000, 0.05)
    (36, 63)
    """
    from simulate.scenario.distributions.counts import Binomial

    below = Binomial(trials=n, probability=level)
    low, high = below.ppf([0.025, 0.975]) - 1.0
    at_low, at_high = below.cdf([low, high])
    if at_high - at_low < 0.95:
        high += 1.0
    return int(low), int(high)
