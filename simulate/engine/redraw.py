"""The draws of a run one by one, recomputed from the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from simulate.engine.evidence import ONE, Witness
from simulate.engine.plan import Plan
from simulate.engine.run import count, outcomes, passages, recorder_of
from simulate.engine.tally import Tally
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


def replayed(
    plan: Plan, replicate: int | None = None, tally: Tally | None = None
) -> Iterator[Replayed]:
    """All draws of a plan's tally, replicate by replicate, or those of one.

    They are added to a `tally` of one replicate, where one is given.
    """
    first = 0
    for task in sorted(plan.design.tasks):
        if replicate not in (None, task[0]):
            continue
        part = plan.empty_tally(1) if tally is None else tally
        recorder = recorder_of(plan, part, plan.design.block_size(0))
        witnesses = [recorder] if isinstance(recorder, Witness) else []
        for draws, passage in passages(plan, (task,), witnesses):
            n, values, whole = draws.n, draws.values, None
            for witness in witnesses:
                whole = witness.weigh(n)
            if tally is not None:
                count(plan, tally, passage, n, whole)
            weight = None if whole is None else whole / ONE
            time = np.array(np.broadcast_to(passage.time, (len(plan.thresholds), n)))
            found = [np.broadcast_to(outcomes(plan, passage, k), n) for k in range(len(time))]
            late = np.array(found) - plan.times.n_bins
            cause = np.where(late < 0, DEPLETED, (late - 1) % len(plan.causes))
            time[cause != DEPLETED] = np.inf
            uncertain = {name: np.broadcast_to(values[name], n) for name in plan.names}
            rate = np.broadcast_to(passage.rate, n)
            yield Replayed(first, task[0], uncertain, rate, time, cause, weight)
            first += n
