"""The draws of a run one by one, recomputed from the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from simulate.engine.evidence import ONE, Witness
from simulate.engine.plan import Plan
from simulate.engine.run import outcomes, recorder_of
from simulate.engine.sampling.design import segments
from simulate.engine.sampling.points import METHODS
from simulate.scenario.arrays import Floats, Ints

DEPLETED = -1
"""The cause of a draw that is depleted."""


class Replayed(NamedTuple):
    """Consecutive draws of one replicate.

    `first` is the number of the first draw, from 0; `values` holds the uncertain inputs and `rate`
    the losses a day, shape (n,); `time` is days from the origin to each threshold, inf for never,
    and `cause` is the reason as an index of the plan's causes, shape (thresholds, n). Where there
    is evidence, `weight` (n,) is how well each draw fits it, at most 1.
    """

    first: int
    replicate: int
    values: Mapping[str, Floats]
    rate: Floats
    time: Floats
    cause: Ints
    weight: Floats | None = None


def replayed(plan: Plan) -> Iterator[Replayed]:
    """All draws of a plan's tally, replicate by replicate."""
    design, first = plan.design, 0
    for replicate in range(design.replicates):
        for shift in range(design.shifts):
            blocks = METHODS[design.method](design, plan.seed, plan.names, replicate, shift)
            for begun, points in zip(design.blocks(), blocks, strict=True):
                yield _block(plan, points, (replicate, shift, begun), first)
                first += points.shape[1]


def _block(plan: Plan, points: Floats, place: tuple[int, int, int], first: int) -> Replayed:
    n = points.shape[1]
    draws = plan.draws(points, segments(*place, n))
    recorder = recorder_of(plan, plan.empty_tally(1), n)
    passage = plan.first_passage(draws, [recorder] if isinstance(recorder, Witness) else [])
    weight = recorder.weigh(n) / ONE if isinstance(recorder, Witness) else None
    # Where its inputs are all constant, one value serves n draws.
    rate = np.broadcast_to(passage.rate, n)
    time = np.array(np.broadcast_to(passage.time, (len(plan.thresholds), n)))
    end, cause = plan.times.n_bins, np.empty(time.shape, dtype=np.int64)
    for k in range(len(time)):
        found = outcomes(plan, passage, k)
        at_end = np.where(rate > 0, len(plan.causes) - 1, 0)
        cause[k] = np.where(found == end, at_end, np.where(found > end, found - end, DEPLETED))
    time[cause != DEPLETED] = np.inf
    values = {name: np.broadcast_to(draws.values[name], n) for name in plan.names}
    return Replayed(first, place[0], values, rate, time, cause, weight)
