"""Several plans over the same draws: a tally of each, and whose date comes first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from msgspec import Struct

from simulate.engine.first_passage import Passage
from simulate.engine.plan import Plan
from simulate.engine.run import Progress, Tasks, by_tasks, count, outcomes, passages
from simulate.engine.tally import Tally
from simulate.engine.workers import ALL_CORES, Workers
from simulate.scenario.arrays import Ints

ORDERS = ("reference first", "other first", "same day", "neither")
"""How a draw can order two plans, as in the last axis of `Joint.orders`."""

_NEVER = 2**62


class Joint(Struct, frozen=True):
    """The results of several plans over the same draws; the first is the reference.

    Attributes
    ----------
    tallies : tuple of Tally
        One for each plan, the same as when run alone.
    orders : ndarray of int64, shape (replicates, plans - 1, thresholds, 4)
        Draws in which the reference passes the threshold earlier than the other plan, later, on
        the same day, or neither does. A day beyond either horizon counts as never for both, since
        the order there is unknown.
    """

    tallies: tuple[Tally, ...]
    orders: Ints


def run_jointly(
    plans: Sequence[Plan],
    thresholds: Sequence[float],
    workers: Workers = ALL_CORES,
    *,
    progress: Progress | None = None,
) -> Joint:
    """Run plans side by side: draw i of each uses the random numbers of the same names.

    Parameters
    ----------
    plans : sequence of Plan
        With the same design, the reference first.
    thresholds : sequence of float
        The thresholds to compare, which every plan has.
    workers : Workers
    progress : callable, optional
        Called as progress(draws done, draws in all), for all plans together.
    """
    joint = _nothing(plans, thresholds, plans[0].design.replicates)
    run_parts = partial(_run_tasks, tuple(plans), tuple(thresholds))
    for replicate, part in by_tasks(run_parts, plans, workers, progress):
        for tally, more in zip(joint.tallies, part.tallies, strict=True):
            tally.add(more, replicate)
        joint.orders[replicate] += part.orders[0]
    return joint


def _nothing(plans: Sequence[Plan], thresholds: Sequence[float], replicates: int) -> Joint:
    return Joint(
        tuple(plan.empty_tally(replicates) for plan in plans),
        np.zeros((replicates, len(plans) - 1, len(thresholds), len(ORDERS)), dtype=np.int64),
    )


def _run_tasks(plans: tuple[Plan, ...], thresholds: tuple[float, ...], tasks: Tasks) -> list[Joint]:
    """The parts of some tasks, of one replicate each."""
    parts = [_nothing(plans, thresholds, 1) for _ in tasks]
    for together in zip(*(passages(plan, tasks) for plan in plans), strict=True):
        for i, part in enumerate(parts):
            sides = [
                (plan, passage.some(slice(i * n, (i + 1) * n)))
                for plan, (n, passage) in zip(plans, together, strict=True)
            ]
            _count(part, sides, thresholds, together[0][0])
    return parts


def _count(
    part: Joint, sides: Sequence[tuple[Plan, Passage]], thresholds: Sequence[float], n: int
) -> None:
    """Add the first passages of `n` draws of each plan."""
    for (plan, passage), tally in zip(sides, part.tallies, strict=True):
        count(plan, tally, passage, n)
    for k, threshold in enumerate(thresholds):
        ends = [int(plan.origin) + plan.times.days for plan, _ in sides]
        reference, *others = (_days(plan, passage, threshold, n) for plan, passage in sides)
        for j, days in enumerate(others):
            end = min(ends[0], ends[j + 1])
            part.orders[0, j, k] += _orders(np.minimum(reference, end), np.minimum(days, end), end)


def _days(plan: Plan, passage: Passage, threshold: float, n: int) -> Ints:
    """Calendar day of each first passage, counted from 1970-01-01; shape (n,)."""
    bins = outcomes(plan, passage, plan.thresholds.index(threshold))
    days = int(plan.origin) + bins // plan.times.per_day
    return np.broadcast_to(np.where(bins < plan.times.n_bins, days, _NEVER), n)


def _orders(reference: Ints, other: Ints, end: int) -> Ints:
    """Draws by which day comes first, shape (4,); the day `end` means never."""
    earlier = np.count_nonzero(reference < other)
    later = np.count_nonzero(reference > other)
    neither = np.count_nonzero((reference == end) & (other == end))
    return np.array([earlier, later, reference.size - earlier - later - neither, neither])
