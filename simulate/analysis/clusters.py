"""Separate clusters of simulated dates, between which almost none lie."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from simulate.analysis.values import Histogram

FEW_DRAWS = 1000
"""Fewer draws are too few for clusters, and for all intervals."""

TAIL, APART, BESIDE = 0.025, 0.1, 0.15
"""Draws left out at each end, relative density between clusters, draws on each side."""


class Cluster(NamedTuple):
    """A cluster of dates from `first` to `last`, and the share of all draws in it.

    `bins` are those of the histogram that belong to it rather than to its neighbours.
    """

    first: dt.date
    last: dt.date
    probability: float
    bins: slice


def clusters(dates: Histogram) -> tuple[Cluster, ...]:
    """At least two separate clusters, or none.

    Clusters are apart where the density stays below a tenth of its mean over the middle 95 % of
    draws for at least a seventh of that time. On both sides lie at least 15 % of the draws, more
    than the tail of a single hump can have there.
    """
    mass = dates.probability
    upto = [0.0, *accumulate(mass)]  # before each bin, and at the end
    total = upto[-1]
    if not total:
        return ()
    first, last = (bisect_left(upto, level * total, 1) - 1 for level in (TAIL, 1 - TAIL))
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
    cuts = pairwise([0, *ends[:-1], len(mass)])
    return tuple(
        Cluster(dates.edges[begin], dates.edges[end] - dt.timedelta(1), sum(mass[a:b]), slice(a, b))
        for begin, end, (a, b) in zip(begins, ends, cuts, strict=True)
    )
