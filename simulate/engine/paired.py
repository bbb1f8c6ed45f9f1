"""Several plans over the same draws: a tally of each, and whose date comes first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from msgspec import Struct

from simulate.engine.first_passage import Passage
from simulate.engine.plan import Plan
from simulate.engine.run import Progress, Tasks, by_tasks, count, outcomes, passages
from simulate.engine.tally import Tally, add_part
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
            add_part(tally, more, replicate)
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
        n = together[0][0].n // len(tasks)
        for i, part in enumerate(parts):
            each = [passage.some(slice(i * n, (i + 1) * n)) for _, passage in together]
            for plan, passage, tally in zip(plans, each, part.tallies, strict=True):
                count(plan, tally, passage, n)
            for k, threshold in enumerate(thresholds):
                part.orders[0, :, k] += _orders(plans, each, threshold, n)
    return parts


def _orders(plans: Sequence[Plan], each: Sequence[Passage], threshold: float, n: int) -> Ints:
    """Draws in each order of the reference and each other plan, shape (plans - 1, 4)."""
    ends = [int(plan.origin) + plan.times.days for plan in plans]
    days = [_days(*side, threshold, n) for side in zip(plans, each, strict=True)]
    found = []
    for j in range(1, len(plans)):
        end = min(ends[0], ends[j])
        first, other = (np.minimum(side, end) for side in (days[0], days[j]))
        earlier, later = np.count_nonzero(first < other), np.count_nonzero(first > other)
        neither = np.count_nonzero((first == end) & (other == end))
        found.append([earlier, later, n - earlier - later - neither, neither])
    return np.array(found, dtype=np.int64).reshape(-1, len(ORDERS))


def _days(plan: Plan, passage: Passage, threshold: float, n: int) -> Ints:
    """Calendar day of each first passage, counted from 1970-01-01; shape (n,)."""
    bins = outcomes(plan, passage, plan.thresholds.index(threshold))
    days = int(plan.origin) + bins // plan.times.per_day
    return np.broadcast_to(np.where(bins < plan.times.n_bins, days, _NEVER), n)
