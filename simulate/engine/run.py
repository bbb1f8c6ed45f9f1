"""From blocks of points to a tally. A task is one shift of one replicate, for any executor."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from simulate.engine.draws import DrawBatch
from simulate.engine.evidence import WeightedTally, Witness
from simulate.engine.first_passage import Passage
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import Task, segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.shape import Road, claim_of
from simulate.engine.strength import Recorder, StrengthTally
from simulate.engine.tally import Tally, add_part
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

FEW_MOMENTS, RECORDED = 8, 2**16
"""Where strength is recorded at more moments, their number outweighs that of short calls, and fewer
draws at once fit a core's cache and memory."""


def run_tasks(plan: Plan, tasks: Tasks) -> list[Tally]:
    """A tally for each task, with the draws of all tasks worked out together; a pure function."""
    parts = [plan.empty_tally(1) for _ in tasks]
    most = plan.design.block_size(0)
    recorders = [found for part in parts if (found := recorder_of(plan, part, most)) is not None]
    for draws, passage in passages(plan, tasks, recorders):
        n = draws.n // len(tasks)
        for i, part in enumerate(parts):
            recorder = recorders[i] if recorders else None
            weight = recorder.weigh(n) if isinstance(recorder, Witness) else None
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
) -> Iterator[tuple[DrawBatch, Passage]]:
    """First passages block by block: equally many draws of each task in turn."""
    method, design = METHODS[plan.design.method], plan.design
    blocks = [method(design, plan.seed, plan.names, *task) for task in tasks]
    for first in design.blocks():
        n = design.block_size(first)
        places = [place for task in tasks for place in segments(*task, first, n)]
        # The points are many; no name keeps them once they are values.
        draws = plan.draws(_side_by_side(blocks, len(plan.names), n), tuple(places))
        passage = plan.first_passage(draws, recorders)
        if plan.pool is not None and plan.pool.groups:
            passage = passage._replace(group=plan.pool.group(draws.values))
        yield draws, passage


def _side_by_side(blocks: list[Iterator[Floats]], rows: int, n: int) -> Floats:
    """The next block of each task, of which no two are held beside the whole."""
    if len(blocks) == 1:
        return next(blocks[0])
    points = np.empty((rows, len(blocks) * n))
    for part, block in zip(np.split(points, len(blocks), axis=1), blocks, strict=True):
        part[:] = next(block)
    return points


def count(plan: Plan, part: Tally, passage: Passage, n: int, weight: Ints | None = None) -> None:
    """Add the first passages of `n` draws to a tally of one replicate; `weight` updates it."""
    # Where its inputs are all constant, one value serves n draws.
    per_time, width = n // passage.over.size, part.times_met.lowest.shape[1]
    _count_rates(plan, part, passage.rate, n // passage.rate.size)
    part.over[0] += np.count_nonzero(passage.over) * per_time
    for k, (time, passed) in enumerate(zip(passage.time, passage.passed, strict=True)):
        found = outcomes(plan, passage, k)
        _count_outcomes(part, k, np.bincount(found, minlength=width) * per_time)
        part.passed[0, k] += np.count_nonzero(passed) * per_time
        if part.updated is not None and weight is not None:
            weights = np.zeros(width, dtype=np.int64)
            np.add.at(weights, np.broadcast_to(found, n), weight)
            _count_outcomes(part.updated, k, weights)
            part.updated.passed[0, k] += weight[np.broadcast_to(passed, n)].sum()
        if part.groups is not None and passage.group is not None:
            _count_groups(plan, part.groups[0, k], passage.group, found)
        found += k * width
        part.times_met.note(found, time)


def _count_outcomes(part: Tally | WeightedTally, k: int, counts: Ints) -> None:
    """Add numbers, or weights, of draws by their outcome for threshold number `k`."""
    end = part.passages.shape[-1]
    part.passages[0, k] += counts[:end]
    part.never[0, k] += np.roll(counts[end:], -1)


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
        add_part(tally, part, replicate)
    return tally


def outcomes(plan: Plan, passage: Passage, k: int) -> Ints:
    """Bin of each draw for threshold number `k`, or the number of a cause that comes after them.

    The last of the plan's causes, the horizon, comes first, then the others in their order.
    """
    time, end = passage.time[k], plan.times.n_bins
    found = plan.times.bins(time)
    if plan.knows_inflow:
        known = passage.refilled
        lasts = np.isinf(time) if known is None else (found == end) & known[k]
        found[lasts] = end + len(plan.causes) - 1
    if passage.end_time is not None and passage.end is not None:
        stopped = (passage.end_time <= time) & (plan.times.bins(passage.end_time) < end)
        found = np.where(stopped, end + 2 + passage.end, found)
    return found if passage.rate.min() > 0 else np.where(passage.rate > 0, found, end + 1)


def run_plan(
    plan: Plan, workers: Workers = ALL_CORES, *, progress: Progress | None = None
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
        add_part(tally, part, replicate)
    return tally


def whole(plan: Plan, parts: Sequence[Tally]) -> Tally:
    """The tally of a plan from those of its replicates, in their order."""
    tally = plan.empty_tally(len(parts))
    for replicate, part in enumerate(parts):
        add_part(tally, part, replicate)
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
