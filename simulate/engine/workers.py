"""Who does the work: this thread, other threads, forks, or an executor given by the caller."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from simulate.engine.forked import can_fork, forked

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Item = TypeVar("Item")
Value = TypeVar("Value")

_IN_FLIGHT = 4
"""Items submitted ahead for each worker: enough to keep it busy, few enough to fit in memory."""


class Workers(NamedTuple):
    """Who computes the parts of a run; results do not depend on it.

    Threads of this process, by default one for each core, or else an executor and the assumed
    number of its workers. With `forks`, forks of this process take the place of threads where they
    are faster and safe.
    """

    workers: int | None = None
    executor: Executor | None = None
    forks: bool = False

    @property
    def size(self) -> int:
        """Number of workers."""
        if hasattr(os, "sched_getaffinity"):
            return self.workers or len(os.sched_getaffinity(0))
        return self.workers or os.cpu_count() or 1

    def each(
        self,
        function: Callable[[Item], Value],
        items: Sequence[Item],
        *,
        worth_threads: bool,
        short_calls: bool = False,
    ) -> Iterator[tuple[Item, Value]]:
        """Every item with the value of a pure function, as they are completed.

        To be sent to other processes, the function and its values must be picklable.
        `worth_threads` says whether threads pay, if neither their number nor an executor is given;
        `short_calls` whether they would often wait for each other, between many short calls.
        """
        if self.executor is not None:
            yield from _submitted(function, items, self.executor, _IN_FLIGHT * self.size)
        elif len(items) < 2 or self.size == 1 or not (worth_threads or self.workers):
            yield from ((item, function(item)) for item in items)
        elif self.forks and short_calls and can_fork():
            yield from forked(function, items, self.size)
        else:
            from concurrent.futures import ThreadPoolExecutor

            pool = ThreadPoolExecutor(self.size)
            try:
                yield from _submitted(function, items, pool, _IN_FLIGHT * self.size)
                pool.shutdown()  # so that no thread is in the way of forks
            finally:  # without delaying the end of an interrupted run
                pool.shutdown(wait=False, cancel_futures=True)


ALL_CORES = Workers()


def _submitted(
    function: Callable[[Item], Value], items: Iterable[Item], executor: Executor, in_flight: int
) -> Iterator[tuple[Item, Value]]:
    """Keep the executor busy with a few items ahead, and pass on results as they come.

    If the executor breaks down because a worker died, the rest is done here.
    """
    from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait

    waiting = iter(items)
    running: dict[Future[Value], Item] = {}
    try:
        while True:
            for item in waiting:
                try:
                    running[executor.submit(function, item)] = item
                except BrokenExecutor:
                    yield item, function(item)
                if len(running) >= in_flight:
                    break
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                item = running.pop(future)
                try:
                    value = future.result()
                except BrokenExecutor:
                    value = function(item)
                yield item, value
    finally:
        for future in running:
            future.cancel()
