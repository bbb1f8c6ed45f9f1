"""Separate clusters of simulated dates, between which none or few lie."""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_left
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

import numpy as np

from simulate.analysis.values import DateHistogram
from simulate.scenario.arrays import Floats

FEW_DRAWS = 1000
"""Fewer draws are too few for clusters, and for all intervals."""

TAIL, APART, BESIDE = 0.025, 0.1, 0.15
"""Draws left out at each end, relative density between clusters, draws on each side."""

VALLEY, ERRORS, SMOOTH, WEEK = 0.6, 4.0, 0.12, 7.0
"""Valley by lower peak, standard errors between them, half-width by the core, least in days."""


class Cluster(NamedTuple):
    """A cluster of dates from `first` to `last`, and the share of all draws on these days.

    `bins` are those of the histogram that belong to it rather than to its neighbours.
    """

    first: dt.date
    last: dt.date
    probability: float
    bins: slice


def clusters(dates: DateHistogram) -> tuple[Cluster, ...]:
    """At least two separate clusters, or none.

    Clusters are apart where the density stays below a tenth of its mean over the middle 95 % of
    draws, the core, for at least a seventh of that time. On both sides lie at least 15 % of the
    draws, more than the tail of a single hump can have there.

    Valleys may part more of them. There the density, smoothed by a triangle whose half-width is
    12 % of the core and at least a week, is at most six tenths of the lower peak beside it, and
    lower by at least four standard errors of 1,000 independent draws: for two masses p and q per
    half-width, sqrt(2/3 (p + q) / 1,000). Smoothing by a triangle leaves a single hump single; the
    noise of 1,000 draws splits one, or a comb of ten dates or more, in fewer than one of 1,000
    runs. Such a cluster has at least 15 % of the draws; its dates are those of its own
    middle 90 %, and its probability is that of these days.
    """
    if not sum(dates.probability):
        return ()
    return max(_by_gaps(dates), _by_valleys(dates), key=len)


def body(dates: DateHistogram) -> Cluster | None:
    """The days of the middle 90 % of all draws with a date, however they lie, or None.

    Its probability is the share of all draws on these days: if they are few, more than 90 %.
    """
    if not sum(dates.probability):
        return None
    days, upto = _distribution(dates)
    return _middle(days, upto, 0, len(dates.probability))


def gap_around(dates: DateHistogram, day: dt.date) -> tuple[dt.date, dt.date | None] | None:
    """The dates on either side of a day on which hardly a draw falls, the later None if never."""
    if not sum(dates.probability):
        return None
    gaps = [(one.last, other.first) for one, other in pairwise(_by_gaps(dates))]
    if between := next((each for each in gaps if each[0] < day < each[1]), None):
        return between
    last = dates.edges[-1] - dt.timedelta(1)
    return (last, None) if day > last else None


def _by_gaps(dates: DateHistogram) -> tuple[Cluster, ...]:
    mass = dates.probability
    upto = [0.0, *accumulate(mass)]  # before each bin, and at the end
    total = upto[-1]
    first, last = _core(upto)
    core = range(first, last + 1)
    sparse = APART * (upto[last + 1] - upto[first]) / len(core)
    breaks = []
    for is_sparse, found in groupby(core, lambda k: mass[k] < sparse):
        run = list(found)
        begin, end = run[0], run[-1] + 1
        beside = min(upto[begin], total - upto[end])
        if is_sparse and len(run) >= len(core) / 7 and beside >= BESIDE * total:
            breaks.append((begin, end))
    if not breaks:
        return ()
    begins = [first, *(end for _, end in breaks)]
    ends = [*(begin for begin, _ in breaks), last + 1]
    cuts = itertools.starmap(slice, pairwise([0, *ends[:-1], len(mass)]))
    return tuple(
        Cluster(dates.edges[a], dates.edges[b] - dt.timedelta(1), upto[b] - upto[a], bins)
        for a, b, bins in zip(begins, ends, cuts, strict=True)
    )


def _core(upto: list[float]) -> tuple[int, int]:
    """The first and the last bin of the middle 95 %."""
    low, high = (bisect_left(upto, level * upto[-1], 1) - 1 for level in (TAIL, 1 - TAIL))
    return low, high


def _by_valleys(dates: DateHistogram) -> tuple[Cluster, ...]:
    days, upto = _distribution(dates)
    total, (first, last) = float(upto[-1]), _core(list(upto))
    width = max(WEEK, SMOOTH * (days[last + 1] - days[first]))
    smooth = _smoothed(days, upto, width) / total
    cuts = sorted(_valleys(smooth, upto / total, 0, len(smooth)))
    if not cuts:
        return ()
    return tuple(_middle(days, upto, *each) for each in pairwise([0, *cuts, len(smooth)]))


def _distribution(dates: DateHistogram) -> tuple[Floats, Floats]:
    """The edges as days, and the share of draws before each."""
    days = np.array([day.toordinal() for day in dates.edges], dtype=float)
    return days, np.concatenate(([0.0], np.cumsum(dates.probability)))


def _middle(days: Floats, upto: Floats, a: int, b: int) -> Cluster:
    """The days of the middle 90 % of the draws in the bins from a to b, and all draws on these."""
    levels = upto[a] + np.array([0.05, 0.95]) * (upto[b] - upto[a])
    low, high = np.interp(levels, upto[a : b + 1], days[a : b + 1])
    first, end = int(low), int(np.ceil(high))
    before, until = np.interp((first, end), days[a : b + 1], upto[a : b + 1])
    dates = dt.date.fromordinal(first), dt.date.fromordinal(end - 1)
    return Cluster(*dates, float(until - before), slice(a, b))


def _smoothed(days: Floats, upto: Floats, width: float) -> Floats:
    """Mass per half-width of a triangle around the middle of each bin."""
    # The second difference of the integral of the distribution, which is exact for flat bins.
    inner = np.diff(days) * (upto[1:] + upto[:-1]) / 2
    area = np.concatenate(([0.0], np.cumsum(inner)))

    def integral(at: Floats) -> Floats:
        inside = np.clip(at, days[0], days[-1])
        k = np.clip(np.searchsorted(days, inside, "right") - 1, 0, len(days) - 2)
        part = (upto[k] + np.interp(inside, days, upto)) / 2 * (inside - days[k])
        return np.asarray(area[k] + part + upto[-1] * np.maximum(at - days[-1], 0.0))

    middles = (days[1:] + days[:-1]) / 2
    sides = integral(middles - width) + integral(middles + width)
    # Rounding leaves empty bins a little below zero.
    return np.maximum((sides - 2 * integral(middles)) / width, 0.0)


def _valleys(smooth: Floats, upto: Floats, begin: int, end: int) -> list[int]:
    """The bins at which valleys part those from `begin` to `end`, the deepest first."""
    part = smooth[begin:end]
    left, right = np.maximum.accumulate(part), np.maximum.accumulate(part[::-1])[::-1]
    peak = np.minimum(left, right)
    before = upto[begin:end]
    beside = np.minimum(before - upto[begin], upto[end] - before)
    error = np.sqrt(2 / 3 * (peak + part) / FEW_DRAWS)
    deep = (part <= VALLEY * peak) & (peak - part >= ERRORS * error) & (beside >= BESIDE)
    if not deep.any():
        return []
    at = begin + int(np.argmin(np.where(deep, part / np.maximum(peak, 1e-300), np.inf)))
    return [at, *_valleys(smooth, upto, begin, at), *_valleys(smooth, upto, at, end)]
