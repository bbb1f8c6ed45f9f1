"""Exact distributions of the straight line, free of Monte Carlo: the engine's slow twin.

Losses ``count`` are cumulative from ``start`` to ``as_of`` out of a force ``size``; the share
``threshold`` of it is lost after ``threshold * size / count`` times ``as_of - start`` days. A law
is a frozen continuous ``scipy.stats`` law; a plain float stands for a known value. Sizes are
positive; a count that is not positive never gets there. Only ``correlated_*`` laws are dependent.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

Array: TypeAlias = npt.NDArray[np.float64]
SCORES = np.linspace(-7.5, 7.5, 11)  # the mass beyond them, 6.4e-14, is left out
NODES = 10  # Gauss points between two cuts


class Law(Protocol):
    """What is used of a frozen continuous ``scipy.stats`` law."""

    dist: Any

    def cdf(self, x: Array) -> Array: ...
    def sf(self, x: Array) -> Array: ...
    def ppf(self, q: Array) -> Array: ...
    def pdf(self, x: Array) -> Array: ...
    def mean(self) -> float: ...
    def support(self) -> tuple[float, float]: ...


Known: TypeAlias = float | Law


def lognormal(p5: float, p95: float) -> Law:
    """Lognormal law with the given 5th and 95th percentiles."""
    sigma = math.log(p95 / p5) / (2 * float(stats.norm.ppf(0.95)))
    return stats.lognorm(sigma, scale=math.sqrt(p5 * p95))


def score_correlation(rank_correlation: float) -> float:
    """Correlation of the normal scores of a Gaussian copula, from Spearman's."""
    return 2 * math.sin(math.pi * rank_correlation / 6)


def _at(function: Callable[[Array], Array], point: float) -> float:
    return float(function(np.array(point)))


def _breaks(value: Known) -> list[float]:
    """Where the distribution function is not smooth: finite ends and a triangular law's mode."""
    if isinstance(value, int | float):
        return [float(value)]
    low, high = (float(end) for end in value.support())
    mode = [3 * float(value.mean()) - low - high] if value.dist.name == "triang" else []
    return [point for point in (low, *mode, high) if math.isfinite(point)]


def _marks(value: Known, sign: int) -> Array:
    """Quantiles at the scores, rising or falling: cut there, a narrow law is resolved as well."""
    if isinstance(value, int | float):
        return np.full(SCORES.size, float(value))
    return value.ppf(stats.norm.cdf(sign * SCORES))


def _gauss(points: Iterable[float]) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights between each two of the points."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    edges = np.array(sorted(set(points)))
    left, half = edges[:-1], np.diff(edges) / 2
    return (left[:, None] + half[:, None] * (1 + x)).ravel(), (half[:, None] * w).ravel()


def _law_rule(law: Law, cuts: Iterable[float]) -> tuple[Array, Array]:
    """Rule for an expectation over a law; in normal scores the quantile functions are smooth."""
    scores = stats.norm.ppf(law.cdf(np.array([*_breaks(law), *cuts])))
    inner = scores[np.abs(scores) < SCORES[-1]]
    z, w = _gauss([*SCORES.tolist(), *inner.tolist()])
    return law.ppf(stats.norm.cdf(z)), w * stats.norm.pdf(z)


def _date_rule(date: Known, cuts: Iterable[float]) -> tuple[Array, Array]:
    """Rule for an expectation over a date, whose density is a polynomial between its breaks."""
    if isinstance(date, int | float):
        return np.array([float(date)]), np.ones(1)
    low, *_, high = own = _breaks(date)
    x, w = _gauss([*own, *(cut for cut in cuts if low < cut < high)])
    return x, w * date.pdf(x)


def _ratio_cdf(ratio: float, count: Known, size: Known, threshold: float) -> float:
    """P(threshold * size / count <= ratio); a count that is not positive stays above any ratio."""
    if ratio <= 0:
        return 0.0
    if isinstance(size, int | float):
        needed = threshold * size / ratio
        return float(count >= needed) if isinstance(count, int | float) else _at(count.sf, needed)
    if isinstance(count, int | float):
        return _at(size.cdf, ratio * count / threshold)
    cuts = threshold / ratio * np.array([*_breaks(size), *_marks(size, 1)])
    c, w = _law_rule(count, cuts.tolist())
    return float(w @ size.cdf(ratio * c / threshold))


def _invert(cdf: Callable[[float], float], level: float, count: Known) -> float:
    """Root x > 0 of ``cdf(x) = level`` to 1e-10; inf at levels the positive counts do not reach."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies strictly between 0 and 1, not {level}")
    reached = float(count > 0) if isinstance(count, int | float) else _at(count.sf, 0.0)
    if level > reached - 1e-12:  # the mass left out by the rules is below this
        return math.inf
    low = high = 100.0  # any start will do
    while cdf(low) >= level:
        low /= 2
    while cdf(high) < level:
        high *= 2
    return float(optimize.brentq(lambda x: cdf(x) - level, low, high, xtol=1e-10))


def straight_line_cdf(
    t: float, *, days: float, count: Known, size: Known, threshold: float = 1.0
) -> float:
    """P(days * threshold * size / count <= t), by quadrature over the count, error below 1e-12."""
    return _ratio_cdf(t / days, count, size, threshold)


def straight_line_quantile(
    level: float, *, days: float, count: Known, size: Known, threshold: float = 1.0
) -> float:
    """Days within which the threshold is passed with probability ``level``; inf if it never is."""
    law: dict[str, Any] = {"days": days, "count": count, "size": size, "threshold": threshold}
    return _invert(lambda t: straight_line_cdf(t, **law), level, count)


def dated_cdf(
    t: float, *, start: Known, as_of: Known, count: Known, size: Known, threshold: float = 1.0
) -> float:
    """P(T <= t) with uncertain dates, in days of one origin; nested quadrature, error below 1e-8.

    ValueError if a date is not known, uniform or triangular, or ``as_of`` may precede ``start``.
    """
    for date in (start, as_of):
        if not isinstance(date, int | float) and date.dist.name not in {"uniform", "triang"}:
            raise ValueError(f"a date is known, uniform or triangular, not {date.dist.name}")
    if max(_breaks(start)) >= min(_breaks(as_of)):
        raise ValueError("as_of must fall after start")
    pairs = [(f, c) for f in _breaks(size) for c in _breaks(count)]
    pairs += zip(_marks(size, 1).tolist(), _marks(count, -1).tolist(), strict=True)
    corners = {threshold * f / c for f, c in pairs if f > 0 and c > 0}
    # Given s, the function of a has a kink where (t - s) / (a - s) is a corner; as a function
    # of s the integral has one where that kink passes a break of as_of.
    outer = [(a * r - t) / (r - 1) for a in _breaks(as_of) for r in corners if r != 1]
    total = 0.0
    for s, s_weight in zip(*_date_rule(start, outer), strict=True):
        inner = [s + (t - s) / r for r in corners]
        for a, a_weight in zip(*_date_rule(as_of, inner), strict=True):
            part = _ratio_cdf(float((t - s) / (a - s)), count, size, threshold)
            total += float(s_weight * a_weight) * part
    return total


def dated_quantile(
    level: float, *, start: Known, as_of: Known, count: Known, size: Known, threshold: float = 1.0
) -> float:
    """Quantile of ``dated_cdf``, in days of the same origin as the dates."""
    law: dict[str, Any] = {"as_of": as_of, "count": count, "size": size, "threshold": threshold}
    first = min(_breaks(start))
    return first + _invert(lambda x: dated_cdf(first + x, start=start, **law), level, count)


def _log_time(count: Law, size: Law, correlation: float) -> tuple[float, float]:
    """Mean and standard deviation of log(size / count)."""
    for law in (count, size):
        if law.dist.name != "lognorm" or law.support()[0] != 0:
            raise ValueError("both laws must be lognormal with loc 0")
    one = float(stats.norm.cdf(1))
    mean_c, mean_f = (math.log(_at(law.ppf, 0.5)) for law in (count, size))
    sd_c = math.log(_at(count.ppf, one)) - mean_c
    sd_f = math.log(_at(size.ppf, one)) - mean_f
    return mean_f - mean_c, math.sqrt(sd_c**2 + sd_f**2 - 2 * correlation * sd_c * sd_f)


def correlated_lognormal_cdf(
    t: float, *, days: float, count: Law, size: Law, correlation: float, threshold: float = 1.0
) -> float:
    """P(T <= t > 0) in closed form; ``correlation`` is that of the normal scores, not of ranks."""
    mean, sd = _log_time(count, size, correlation)
    return float(stats.norm.cdf((math.log(t / (days * threshold)) - mean) / sd))


def correlated_lognormal_quantile(
    level: float, *, days: float, count: Law, size: Law, correlation: float, threshold: float = 1.0
) -> float:
    """Inverse of ``correlated_lognormal_cdf``, in closed form."""
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
