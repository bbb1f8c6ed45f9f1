"""Blocks to tally: one task is one shift of one replicate, done by whatever executor is given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from simulate.engine.design import segments
from simulate.engine.first_passage import Passage
from simulate.engine.grid import Floats, Ints
from simulate.engine.plan import Plan
from simulate.engine.points import METHODS
from simulate.engine.tally import Tally

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Progress = Callable[[int, int], None]
Task = tuple[int, int]
Tasks = tuple[Task, ...]

WORTH_THREADS = 2**19
"""Below this number of draws starting threads costs more than it saves."""

_DAILY_WORK = 100
"""What a draw that walks by days costs beside one with a closed form, roughly."""

_IN_FLIGHT = 4
"""Tasks submitted ahead for each worker."""


def run_task(plan: Plan, task: Task) -> Tally:
    """Tally one shift of one replicate; a pure function, fit for any executor."""
    (part,) = run_tasks(plan, (task,))
    return part


def run_tasks(plan: Plan, tasks: tuple[Task, ...]) -> list[Tally]:
    """Tally some tasks one by one, though their draws are worked out together."""
    parts = [plan.empty_tally(1) for _ in tasks]
    recorders = [part.strength for part in parts if part.strength is not None]
    method, design = METHODS[plan.design.method], plan.design
    blocks = [method(design, plan.seed, plan.names, *task) for task in tasks]
    for first, points in zip(design.blocks(), zip(*blocks, strict=True), strict=True):
        n = design.block_size(first)
        places = [place for task in tasks for place in segments(*task, first, n)]
        together = points[0] if len(points) == 1 else np.concatenate(points, axis=1)
        passage = plan.first_passage(plan.draws(together, tuple(places)), recorders)
        for i, part in enumerate(parts):
            _count(plan, part, passage.some(slice(i * n, (i + 1) * n)), n)
    return parts


def _count(plan: Plan, part: Tally, passage: Passage, n: int) -> None:
    """Add the first passages of `n` draws to a tally of one replicate."""
    end = plan.times.n_bins
    # Where its inputs are all constant, one value stands for n draws.
    per_rate, per_time = n // passage.rate.size, n // passage.over.size
    rates = np.bincount(plan.rates.bins(passage.rate))
    part.rates[0, : rates.size] += rates * per_rate
    without_rate = n - np.count_nonzero(passage.rate) * per_rate
    part.over[0] += np.count_nonzero(passage.over) * per_time
    for k, (time, passed) in enumerate(zip(passage.time, passage.passed, strict=True)):
        counts = np.bincount(_outcomes(plan, passage, time), minlength=end + 1) * per_time
        part.passages[0, k] += counts[:end]
        part.never[0, k, 0] += without_rate
        part.never[0, k, -1] += counts[end] - without_rate
        part.never[0, k, 1 : counts.size - end] += counts[end + 1 :]
        part.passed[0, k] += np.count_nonzero(passed) * per_time


def _outcomes(plan: Plan, passage: Passage, time: Floats) -> Ints:
    """Bin of each draw; beyond them one for the horizon or no rate, then one for each end."""
    bins = plan.times.bins(time)
    if passage.end_time is None or passage.end is None:
        return bins
    stopped = (passage.end_time <= time) & (passage.rate > 0)
    stopped &= plan.times.bins(passage.end_time) < plan.times.n_bins
    return np.where(stopped, plan.times.n_bins + 1 + passage.end, bins)


def run_plan(
    plan: Plan,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Run all tasks of a plan and add up their tallies.

    Parameters
    ----------
    plan : Plan
    executor : concurrent.futures.Executor, optional
        Where tasks are run; threads of this process where left out.
    workers : int, optional
        Number of threads, by default one for each core.
    progress : callable, optional
        Called as progress(draws done, draws in all) after each task.

    Returns
    -------
    Tally
        The same whatever the executor and the number of workers.
    """
    design = plan.design
    total = plan.empty_tally(design.replicates)
    done = 0
    for tasks, parts in _parts(plan, executor, workers):
        for (replicate, _), part in zip(tasks, parts, strict=True):
            total.add(part, replicate)
        done += len(tasks) * design.points
        if progress is not None:
            progress(done, design.n_draws)
    return total


def _parts(
    plan: Plan, executor: Executor | None, workers: int | None
) -> Iterator[tuple[Tasks, list[Tally]]]:
    if workers is None:
        work = plan.design.n_draws * (_DAILY_WORK if plan.shape.road == "daily" else 1)
        workers = _cores() if work >= WORTH_THREADS else 1
    if executor is not None:
        yield from _submitted(plan, executor, 4 * _cores(), _groups(plan, _cores()))
    elif workers == 1:
        yield from ((tasks, run_tasks(plan, tasks)) for tasks in _groups(plan, 1))
    else:
        with _threads(workers) as pool:
            groups = _groups(plan, workers)
            yield from _submitted(plan, pool, _IN_FLIGHT * workers, groups)


def _groups(plan: Plan, workers: int) -> list[Tasks]:
    """The tasks of a plan, those that walk by days several together if they are small."""
    tasks = plan.design.tasks
    size = 1
    if plan.shape.road == "daily":
        from simulate.engine.by_days import WALKED_AT_ONCE

        size = max(1, min(WALKED_AT_ONCE // plan.design.points, len(tasks) // workers))
    return [tuple(tasks[i : i + size]) for i in range(0, len(tasks), size)]


def _submitted(
    plan: Plan, executor: Executor, in_flight: int, groups: list[Tasks]
) -> Iterator[tuple[Tasks, list[Tally]]]:
    """Keep the executor busy with few groups ahead, and pass on what is done in any order."""
    from concurrent.futures import FIRST_COMPLETED, wait

    waiting = iter(groups)
    running: dict[Future[list[Tally]], Tasks] = {}
    try:
        while True:
            for tasks in waiting:
                running[executor.submit(run_tasks, plan, tasks)] = tasks
                if len(running) >= in_flight:
                    break
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        for future in running:
            future.cancel()


@contextmanager
def _threads(workers: int) -> Iterator[Executor]:
    """Threads that are not waited for when the run is interrupted."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
