"""The same laws from elsewhere: scipy.stats, tables, published formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from simulate.scenario.arrays import Floats

Function = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Twin:
    """The same law from elsewhere; functions that it does not offer are None."""

    cdf: Function | None = None
    sf: Function | None = None
    ppf: Function | None = None
    isf: Function | None = None
    mean: float | None = None


def scipy_twin(law: Any, mirrored: Any = None, shift: float = 0.0) -> Twin:
    """A frozen law of scipy.stats plus a shift.

    `mirrored` is the law of the negative value: its lower tail has the digits that scipy's upper
    tail of some families has lost.
    """
    if mirrored is None:
        upper: tuple[Function, Function] = (law.sf, law.isf)
    else:
        upper = (lambda x: mirrored.cdf(-x), lambda q: -mirrored.ppf(q))
    mean = float(law.mean())
    return Twin(
        cdf=lambda x: np.asarray(law.cdf(x - shift)),
        sf=lambda x: np.asarray(upper[0](x - shift)),
        ppf=lambda p: np.asarray(law.ppf(p)) + shift,
        isf=lambda q: np.asarray(upper[1](q)) + shift,
        mean=mean + shift if np.isfinite(mean) else None,
    )


def step_twin(values: Sequence[float], weights: Sequence[float], shift: float = 0.0) -> Twin:
    """Values with weights, by looking at each of them."""
    total = sum(weights)
    at = sorted(zip(values, weights, strict=True))

    def upto(x: float) -> float:
        return sum(w for v, w in at if v <= x) / total

    def beyond(x: float) -> float:
        return sum(w for v, w in at if v > x) / total

    return Twin(
        cdf=lambda x: np.vectorize(upto)(x - shift),
        sf=lambda x: np.vectorize(beyond)(x - shift),
        mean=shift + sum(v * w for v, w in at) / total,
    )


def count_twin(law: Any, shift: float = 0.0, beyond: float = 0.0) -> Twin:
    """A discrete law of scipy.stats; its quantiles are looked up in a table of all counts."""
    counts = np.arange(0.0, max(float(law.isf(1e-15)) + 20.0, beyond))
    upto, above = law.cdf(counts), law.sf(counts)
    return Twin(
        cdf=lambda x: np.asarray(law.cdf(np.floor(x - shift))),
        sf=lambda x: np.asarray(law.sf(np.floor(x - shift))),
        ppf=lambda p: shift + counts[np.searchsorted(upto, p)],
        isf=lambda q: shift + counts[np.searchsorted(-above, -q)],
        mean=float(law.mean()) + shift,
    )


def mixture_twin(*parts: tuple[float, Twin]) -> Twin:
    total = sum(weight for weight, _ in parts)

    def weighted(name: str) -> Function:
        return lambda x: np.asarray(sum(w * getattr(t, name)(x) for w, t in parts) / total)

    mean = sum(weight * part.mean for weight, part in parts if part.mean is not None) / total
    return Twin(cdf=weighted("cdf"), sf=weighted("sf"), mean=mean)


def truncated_twin(twin: Twin, low: float = -np.inf, high: float = np.inf) -> Twin:
    """F(x) renormalised between `low` and `high`, from the tail that has the digits."""
    assert twin.cdf is not None
    assert twin.sf is not None
    ends = np.array([np.nextafter(low, -np.inf), high])
    (fa, fb), (sa, sb) = twin.cdf(ends), twin.sf(ends)
    f, s, upper = twin.cdf, twin.sf, fa > 0.5
    mass = sa - sb if upper else fb - fa

    def cdf(x: Floats) -> Floats:
        inside = np.clip(x, low, high)
        below = (sa - s(inside) if upper else f(inside) - fa) / mass
        return np.where(x < low, 0.0, np.where(x >= high, 1.0, below))

    def sf(x: Floats) -> Floats:
        inside = np.clip(x, low, high)
        above = (s(inside) - sb if sb < 0.5 else fb - f(inside)) / mass
        return np.where(x < low, 1.0, np.where(x >= high, 0.0, above))

    return Twin(cdf=cdf, sf=sf)


def metalog_twin(
    percentiles: Mapping[float, float], low: float | None = None, high: float | None = None
) -> Twin:
    """Keelin (2016), equation 6, term by term, and the transforms of table 1."""

    def to_line(x: float) -> float:
        below = 0.0 if low is None else float(np.log(x - low))
        above = 0.0 if high is None else float(np.log(high - x))
        return x if low is None and high is None else below - above

    def from_line(y: Floats) -> Floats:
        if low is not None and high is not None:
            return (low + high * np.exp(y)) / (1.0 + np.exp(y))
        if low is not None:
            return low + np.exp(y)
        return high - np.exp(-y) if high is not None else y

    def row(y: Floats, logit: Floats) -> list[Floats]:
        c = y - 0.5
        return [np.ones_like(y), logit, c * logit, c, c**2, c**2 * logit][: len(percentiles)]

    p = np.array(sorted(percentiles))
    terms = np.array(row(p, np.log(p / (1.0 - p)))).T
    a = np.linalg.solve(terms, np.array([to_line(percentiles[level]) for level in p.tolist()]))

    def at(p: Floats, q: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return from_line(np.asarray(a @ np.array(row(p, np.log(p) - np.log(q)))))

    return Twin(ppf=lambda p: at(p, 1.0 - p), isf=lambda q: at(1.0 - q, q))


def beta_twin(a: float, b: float, low: float, high: float) -> Twin:
    width = high - low
    law = stats.beta(a, b, loc=low, scale=width)
    return scipy_twin(law, stats.beta(b, a, loc=-high, scale=width))


def pert_twin(low: float, mode: float, high: float) -> Twin:
    rise = 4.0 * (mode - low) / (high - low)
    return beta_twin(1.0 + rise, 5.0 - rise, low, high)


def triangle_twin(low: float, mode: float, high: float) -> Twin:
    c, width = (mode - low) / (high - low), high - low
    return scipy_twin(
        stats.triang(c, loc=low, scale=width), stats.triang(1.0 - c, loc=-high, scale=width)
    )
