"""Every item once, whoever does the work and whatever becomes of them."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from simulate.engine.workers import Workers

ITEMS = list(range(40))


def square(number: int) -> int:
    return number * number


class FallsOver(Executor):
    """Breaks down after some work: what was promised fails, and nothing more is taken."""

    def __init__(self, lasts: int) -> None:
        self._left = lasts

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._left -= 1
        future: Future[Any] = Future()
        if self._left < -5:
            raise BrokenExecutor("gone")
        if self._left < 0:
            future.set_exception(BrokenExecutor("going"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


class Counts(Executor):
    """Does nothing by itself; counts what waits."""

    def __init__(self) -> None:
        self.most = 0
        self._waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        del kwargs
        future: Future[Any] = Future()
        self._waiting.append((future, lambda: fn(*args)))
        self.most = max(self.most, len(self._waiting))
        threading.Timer(0.01, self._work).start()
        return future

    def _work(self) -> None:
        future, job = self._waiting.pop(0)
        future.set_result(job())


@pytest.mark.parametrize("workers", [None, 1, 3])
@pytest.mark.parametrize("worth_threads", [False, True])
def test_every_item_comes_once_with_its_value(workers: int | None, *, worth_threads: bool) -> None:
    found = Workers(workers).each(square, ITEMS, worth_threads=worth_threads)
    assert sorted(found) == [(i, i * i) for i in ITEMS]


def test_one_worker_works_here_and_in_order() -> None:
    here = threading.get_ident()
    found = list(Workers(1).each(lambda i: (i, threading.get_ident()), ITEMS, worth_threads=True))
    assert [value for _, value in found] == [(i, here) for i in ITEMS]


@pytest.mark.parametrize("lasts", [0, 1, 7, 39, 40])
def test_what_a_broken_executor_leaves_is_done_here(lasts: int) -> None:
    found = Workers(2, FallsOver(lasts)).each(square, ITEMS, worth_threads=True)
    assert sorted(found) == [(i, i * i) for i in ITEMS]


def die_once(mark: str, number: int) -> int:
    """End the process that is asked first, as a machine out of memory would."""
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return number
    os._exit(9)


class _DiesOnce:
    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __call__(self, number: int) -> int:
        return die_once(self.mark, number)


def test_a_process_that_dies_costs_no_item(tmp_path: Path) -> None:
    work = _DiesOnce(str(tmp_path / "dead"))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(Workers(2, pool).each(work, ITEMS, worth_threads=True))
    assert (tmp_path / "dead").exists()
    assert sorted(found) == [(i, i) for i in ITEMS]


def test_few_items_are_ahead_of_the_workers() -> None:
    executor = Counts()
    found = Workers(3, executor).each(square, ITEMS, worth_threads=True)
    assert sorted(found) == [(i, i * i) for i in ITEMS]
    assert 3 < executor.most <= 12


def test_a_fault_of_the_work_itself_is_told_and_stops_it() -> None:
    done = []

    def faulty(number: int) -> int:
        if number == 5:
            raise ZeroDivisionError("five")
        done.append(number)
        time.sleep(0.002)
        return number

    for workers in (1, 2):
        done.clear()
        with pytest.raises(ZeroDivisionError, match="five"):
            list(Workers(workers).each(faulty, ITEMS, worth_threads=True))
        time.sleep(0.1)
        assert len(done) < 20
