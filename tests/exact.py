"""Exact distributions of the straight line, free of Monte Carlo, and other slow twins.

Losses ``count`` are cumulative over ``days`` out of a force ``size``; the share ``threshold`` of it
is lost after ``days * threshold * size / count`` days. The count is lognormal, a frozen law of
``scipy.stats``, and the size another one or a number, so that these days are lognormal as well.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from scipy import optimize, stats

Law: TypeAlias = Any
"""SciPy has no types."""


def lognormal(p5: float, p95: float) -> Law:
    """Lognormal law with the given 5th and 95th percentiles."""
    sigma = math.log(p95 / p5) / (2 * float(stats.norm.ppf(0.95)))
    return stats.lognorm(sigma, scale=math.sqrt(p5 * p95))


def score_correlation(rank_correlation: float) -> float:
    """Correlation of the normal scores of a Gaussian copula, from Spearman's."""
    return 2 * math.sin(math.pi * rank_correlation / 6)


def _log(value: Law | float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm."""
    if isinstance(value, int | float):
        return math.log(value), 0.0
    mean = math.log(value.median())
    return mean, math.log(value.ppf(stats.norm.cdf(1))) - mean


def _log_time(count: Law, size: Law | float, correlation: float) -> tuple[float, float]:
    """Mean and standard deviation of log(size / count)."""
    (mean_c, sd_c), (mean_f, sd_f) = _log(count), _log(size)
    return mean_f - mean_c, math.sqrt(sd_c**2 + sd_f**2 - 2 * correlation * sd_c * sd_f)


def straight_line_cdf(
    t: float,
    *,
    days: float,
    count: Law,
    size: Law | float,
    correlation: float = 0.0,
    threshold: float = 1.0,
) -> float:
    """P(T <= t); ``correlation`` is that of the normal scores, not of ranks."""
    if t <= 0:
        return 0.0
    mean, sd = _log_time(count, size, correlation)
    return float(stats.norm.cdf((math.log(t / (days * threshold)) - mean) / sd))


def straight_line_quantile(
    level: float,
    *,
    days: float,
    count: Law,
    size: Law | float,
    correlation: float = 0.0,
    threshold: float = 1.0,
) -> float:
    """Inverse of ``straight_line_cdf``."""
    mean, sd = _log_time(count, size, correlation)
    return days * threshold * math.exp(mean + sd * float(stats.norm.ppf(level)))


def shortest_interval(quantile: Callable[[float], float], mass: float) -> tuple[float, float]:
    """Shortest interval holding ``mass`` of a law with one mode."""
    found = optimize.minimize_scalar(
        lambda p: quantile(p + mass) - quantile(p),
        bounds=(0.0, 1 - mass),
        method="bounded",
        options={"xatol": 1e-12},  # what remains is the root of the quantile's own rounding
    )
    return quantile(float(found.x)), quantile(float(found.x) + mass)


def first_passage_by_steps(
    start: float, as_of: float, count: float, size: float, threshold: float, *, step: float
) -> float:
    """Walk from ``start`` in steps of ``step`` days; interpolate in the one that crosses."""
    gain, goal = count / (as_of - start) * step, threshold * size
    if gain <= 0:
        return math.inf
    lost, n_steps = 0.0, 0
    while lost + gain < goal:
        lost, n_steps = lost + gain, n_steps + 1
    return start + step * (n_steps + (goal - lost) / gain)


def order_statistic_coverage(n: int, level: float, lower: int, upper: int) -> float:
    """P(x[lower] <= quantile < x[upper]), x being n sorted draws of a continuous law."""
    return float(stats.binom.cdf(upper, n, level) - stats.binom.cdf(lower, n, level))


def order_statistic_ranks(
    n: int, level: float, confidence: float = 0.95, *, central: bool = False
) -> tuple[int, int]:
    """Zero-based ranks of the narrowest pair of n sorted draws that encloses the quantile.

    Its coverage is at least ``confidence``; of several pairs the one that covers most. With
    ``central``, the pair that leaves at most half of the rest on either side instead.
    """
    below = stats.binom.cdf(np.arange(n), n, level)  # below[i] = P(quantile < x[i])
    if central:
        tail = (1 - confidence) / 2
        pairs = [(int(np.sum(below <= tail)) - 1, int(np.sum(1 - below > tail)))]
    else:
        pairs = list(enumerate(np.searchsorted(below, below + confidence).tolist()))
    pairs = [(i, j) for i, j in pairs if 0 <= i < j < n]
    if not pairs:
        raise ValueError(f"{n} draws cannot enclose the quantile at {level} with {confidence:.0%}")
    return min(pairs, key=lambda pair: (pair[1] - pair[0], below[pair[0]] - below[pair[1]]))
