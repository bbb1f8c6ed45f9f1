"""Blocks to tally: one task is one shift of one replicate, done by whatever executor is given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from simulate.engine.first_passage import Passage
from simulate.engine.grid import Floats, Ints
from simulate.engine.plan import Plan
from simulate.engine.points import METHODS
from simulate.engine.tally import Tally

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Progress = Callable[[int, int], None]

WORTH_THREADS = 2**19
"""Below this number of draws starting threads costs more than it saves."""

_DAILY_WORK = 100
"""What a draw that walks by days costs beside one with a closed form, roughly."""

_IN_FLIGHT = 4
"""Tasks submitted ahead for each worker."""


def run_task(plan: Plan, task: tuple[int, int]) -> Tally:
    """Tally one shift of one replicate; a pure function, fit for any executor."""
    replicate, shift = task
    part = plan.empty_tally(1)
    end = plan.times.n_bins
    blocks = METHODS[plan.design.method](plan.design, plan.seed, plan.names, replicate, shift)
    for first, points in zip(plan.design.blocks(), blocks, strict=True):
        n = points.shape[1]
        draws = plan.draws(points, (replicate, shift, first))
        passage = plan.first_passage(draws, part.strength)
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
    return part


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
    for (replicate, _), part in _parts(plan, executor, workers):
        total.add(part, replicate)
        done += design.points * design.shifts * design.replicates // len(design.tasks)
        if progress is not None:
            progress(done, design.n_draws)
    return total


def _parts(
    plan: Plan, executor: Executor | None, workers: int | None
) -> Iterator[tuple[tuple[int, int], Tally]]:
    if workers is None:
        work = plan.design.n_draws * (_DAILY_WORK if plan.shape.road == "daily" else 1)
        workers = _cores() if work >= WORTH_THREADS else 1
    if executor is not None:
        yield from _submitted(plan, executor, 4 * _cores())
    elif workers == 1:
        yield from ((task, run_task(plan, task)) for task in plan.design.tasks)
    else:
        with _threads(workers) as pool:
            yield from _submitted(plan, pool, _IN_FLIGHT * workers)


def _submitted(
    plan: Plan, executor: Executor, in_flight: int
) -> Iterator[tuple[tuple[int, int], Tally]]:
    """Keep the executor busy with few tasks ahead, and pass on what is done in any order."""
    from concurrent.futures import FIRST_COMPLETED, wait

    waiting = iter(plan.design.tasks)
    running: dict[Future[Tally], tuple[int, int]] = {}
    try:
        while True:
            for task in waiting:
                running[executor.submit(run_task, plan, task)] = task
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
