"""From blocks of points to a tally. A task is one shift of one replicate, for any executor."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from simulate.engine.evidence import Witness
from simulate.engine.first_passage import Passage
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import Task, segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.shape import Road, claim_of
from simulate.engine.strength import Recorder, StrengthTally
from simulate.engine.tally import Tally
from simulate.engine.workers import ALL_CORES, Workers
from simulate.scenario.arrays import Floats, Ints

Progress = Callable[[int, int], None]
Tasks = tuple[Task, ...]
Part = TypeVar("Part")

WORTH_THREADS = 2**19
"""Below this number of draws, starting threads costs more than it saves."""

COST: dict[Road, int] = {"straight": 1, "bent": 1, "drift": 30, "events": 10, "daily": 100}
"""Rough cost of a draw by road, in draws with a closed form."""

TOGETHER: dict[Road, int] = {
    "straight": 1,
    "bent": 1,
    "drift": 2**14,
    "events": 2**17,
    "daily": 2**16,
}
"""Draws up to which several tasks are worked out in one call. With fewer, threads wait for each
other between many short calls."""

FEW_MOMENTS, RECORDED = 8, 2**15
"""Where strength is recorded at more moments, their number outweighs that of short calls, and fewer
draws at once fit a core's cache and memory."""


def run_tasks(plan: Plan, tasks: Tasks) -> list[Tally]:
    """A tally for each task, with the draws of all tasks worked out together; a pure function."""
    parts = [plan.empty_tally(1) for _ in tasks]
    most = plan.design.block_size(0)
    recorders = [found for part in parts if (found := recorder_of(plan, part, most)) is not None]
    for n, passage in passages(plan, tasks, recorders):
        for i, part in enumerate(parts):
            weight = None
            if recorders and isinstance(witness := recorders[i], Witness):
                weight = witness.weigh(n)
            count(plan, part, passage.some(slice(i * n, (i + 1) * n)), n, weight)
    return parts


def recorder_of(plan: Plan, part: Tally, n: int) -> StrengthTally | Witness | None:
    """What records strength and losses for a tally of one replicate, of at most `n` draws at once.

    None where the plan needs neither.
    """
    if part.strength is None or part.updated is None or plan.evidence is None:
        return part.strength
    return Witness(part.strength, part.updated, plan.evidence, n)


def passages(
    plan: Plan, tasks: Tasks, recorders: Sequence[Recorder] = ()
) -> Iterator[tuple[int, Passage]]:
    """First passages block by block: `n` draws of each task in turn."""
    method, design = METHODS[plan.design.method], plan.design
    blocks = [method(design, plan.seed, plan.names, *task) for task in tasks]
    for first, points in zip(design.blocks(), zip(*blocks, strict=True), strict=True):
        n = design.block_size(first)
        places = [place for task in tasks for place in segments(*task, first, n)]
        together = points[0] if len(points) == 1 else np.concatenate(points, axis=1)
        draws = plan.draws(together, tuple(places))
        passage = plan.first_passage(draws, recorders)
        if plan.pool is not None and plan.pool.groups:
            passage = passage._replace(group=plan.pool.group(draws.values))
        yield n, passage


def count(plan: Plan, part: Tally, passage: Passage, n: int, weight: Ints | None = None) -> None:
    """Add the first passages of `n` draws to a tally of one replicate; `weight` updates it."""
    end = plan.times.n_bins
    # Where its inputs are all constant, one value serves n draws.
    per_rate, per_time = n // passage.rate.size, n // passage.over.size
    _count_rates(plan, part, passage.rate, per_rate)
    without_rate = n - np.count_nonzero(passage.rate) * per_rate
    part.over[0] += np.count_nonzero(passage.over) * per_time
    for k, (time, passed) in enumerate(zip(passage.time, passage.passed, strict=True)):
        bins = outcomes(plan, passage, k)
        counts = np.bincount(bins, minlength=end + 1) * per_time
        part.passages[0, k] += counts[:end]
        part.never[0, k, 0] += without_rate
        part.never[0, k, -1] += counts[end] - without_rate
        part.never[0, k, 1 : counts.size - end] += counts[end + 1 :]
        part.passed[0, k] += np.count_nonzero(passed) * per_time
        if part.updated is not None and weight is not None:
            part.updated.note_passages(k, weight, bins, passage.rate, passed)
        if part.groups is not None and passage.group is not None:
            _count_groups(plan, part.groups[0, k], passage.group, bins)
        bins += k * part.times_met.lowest.shape[1]
        part.times_met.note(bins, time)


def _count_groups(plan: Plan, groups: Ints, group: Ints, bins: Ints) -> None:
    """Add depleted draws to counts by group of sources and day."""
    days = np.minimum(bins // plan.times.per_day, plan.times.days)
    wide = plan.times.days + 1
    counts = np.bincount(group * wide + days, minlength=len(groups) * wide)
    groups += counts.reshape(len(groups), wide)[:, :-1]


def _count_rates(plan: Plan, part: Tally, rate: Floats, weight: int) -> None:
    bins = plan.rates.bins(rate)
    rates = np.bincount(bins)
    part.rates[0, : rates.size] += rates * weight
    part.rates_met.note(bins, rate)


def run_rates(plan: Plan) -> Tally:
    """Tally the loss rates alone, without a first passage."""
    method, design = METHODS[plan.design.method], plan.design
    tally = plan.empty_tally(design.replicates)
    for replicate, shift in design.tasks:
        part = plan.empty_tally(1)
        for points in method(design, plan.seed, plan.names, replicate, shift):
            claim = claim_of(plan.values(points), plan.shape, points.shape[1])
            _count_rates(plan, part, claim.rate, 1)
        tally.add(part, replicate)
    return tally


def outcomes(plan: Plan, passage: Passage, k: int) -> Ints:
    """Bin of each draw; after the last, one for the horizon or no rate, then one for other causes.

    These are the ends and, where it is known, the inflow. `k` is the number of the threshold.
    """
    time = passage.time[k]
    bins = plan.times.bins(time)
    if plan.knows_inflow:
        known = passage.refilled
        lasts = np.isinf(time) if known is None else (bins == plan.times.n_bins) & known[k]
        bins[lasts & (passage.rate > 0)] = plan.times.n_bins + 1 + len(plan.shape.ends)
    if passage.end_time is None or passage.end is None:
        return bins
    stopped = (passage.end_time <= time) & (passage.rate > 0)
    stopped &= plan.times.bins(passage.end_time) < plan.times.n_bins
    return np.where(stopped, plan.times.n_bins + 1 + passage.end, bins)


def run_plan(
    plan: Plan,
    workers: Workers = ALL_CORES,
    *,
    progress: Progress | None = None,
) -> Tally:
    """Run all tasks of a plan and add up their tallies.

    Parameters
    ----------
    plan : Plan
    workers : Workers
        The tally does not depend on them.
    progress : callable, optional
        Called as progress(draws done, draws in all) after each group of tasks.
    """
    tally = plan.empty_tally(plan.design.replicates)
    for replicate, part in by_tasks(functools.partial(run_tasks, plan), [plan], workers, progress):
        tally.add(part, replicate)
    return tally


def by_tasks(
    function: Callable[[Tasks], list[Part]],
    plans: Sequence[Plan],
    workers: Workers,
    progress: Progress | None,
) -> Iterator[tuple[int, Part]]:
    """The part that `function` makes of each task, with its replicate, as they are completed."""
    design, done = plans[0].design, 0
    # The slowest plan decides how many tasks are worked out together.
    together = groups(max(plans, key=work), workers.size)
    worth_threads = sum(map(work, plans)) >= WORTH_THREADS
    short_calls = any(COST[plan.road] > 1 for plan in plans)
    for tasks, parts in workers.each(
        function, together, worth_threads=worth_threads, short_calls=short_calls
    ):
        for (replicate, _), part in zip(tasks, parts, strict=True):
            yield replicate, part
        done += len(tasks) * design.points * len(plans)
        if progress is not None:
            progress(done, design.n_draws * len(plans))


def work(plan: Plan) -> int:
    """Rough cost of a plan, in draws with a closed form."""
    return plan.design.n_draws * COST[plan.road]


def groups(plan: Plan, workers: int) -> list[Tasks]:
    """The tasks of a plan, several together if they are small and their road is long."""
    tasks, most = plan.design.tasks, TOGETHER[plan.road]
    if plan.strength is not None and len(plan.strength.times) > FEW_MOMENTS:
        most = min(most, RECORDED)
    size = max(1, min(most // plan.design.points, len(tasks) // workers))
    return [tuple(tasks[i : i + size]) for i in range(0, len(tasks), size)]
