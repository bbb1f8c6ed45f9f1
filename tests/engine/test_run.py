"""The same bytes whoever does the work, in bounded memory."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan, run_tasks
from simulate.engine.sampling.points import METHODS
from simulate.engine.tally import add_part
from simulate.engine.workers import Workers
from tests.cases import COUNT, SIZE, UNCERTAIN_DATES, image, plan, scenario, uniform
from tests.hang_guard import hang_guard
from tests.memory import PEAK

WALKED = scenario(
    COUNT,
    SIZE,
    thresholds=[0.3, 0.9],
    counting="strength",
    horizon=30,
    rate={"drift": {"sd": 0.3, "correlation_days": 20}, "strength_exponent": 0.5},
    wounded={"share": 0.7, "return_share": uniform(0.4, 0.8), "return_days": 30},
    rotation={
        "line_days": uniform(5, 30),
        "at_loss_share": 0.1,
        "rest_days": uniform(2, 9),
        "return_intensity": uniform(0.3, 1.5),
    },
)
DRIFTING = scenario(
    COUNT,
    SIZE,
    thresholds=[0.3, 0.9],
    horizon=90,
    rate={"drift": {"sd": 0.3, "correlation_days": 20}, "strength_exponent": 0.5},
    reinforcements=[{"date": uniform("2025-01-20", "2025-02-10"), "size": 900}],
)
RANK = {"inputs": ["losses.count", "force.size"], "rank": 0.482584}


class Shuffled(Executor):
    """Does four tasks at once, when the fourth has come, in any order."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._random = random.Random(4)  # noqa: S311  (no secret)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._waiting.append((future, partial(fn, *args, **kwargs)))
        if len(self._waiting) == 4:
            self._random.shuffle(self._waiting)
            for waiting, work in self._waiting:
                waiting.set_result(work())
            self._waiting.clear()
        return future


@pytest.fixture(scope="module", params=[*METHODS, "many shifts", "by days", "drift"])
def ready(request: pytest.FixtureRequest) -> Plan:
    if request.param == "by days":
        return plan_for(WALKED, draws=128, seed=0, method="lattice", strength=True)
    if request.param == "drift":
        return plan_for(DRIFTING, draws=4096, seed=0, method="lattice", strength=True)
    method = "lattice" if request.param == "many shifts" else request.param
    of = scenario(COUNT, SIZE, thresholds=[0.3, 1.0], correlations=[RANK], **UNCERTAIN_DATES)
    made = plan(of, method, draws=10_000)
    shifts = 5 if request.param == "many shifts" else 1
    return replace(made, design=replace(made.design, shifts=shifts))


def test_any_number_of_workers(ready: Plan) -> None:
    alone = image(run_plan(ready, Workers(1)))
    for workers in (None, 2, 7):
        assert image(run_plan(ready, Workers(workers))) == alone
    with ThreadPoolExecutor(3) as pool:
        assert image(run_plan(ready, Workers(executor=pool))) == alone
    assert image(run_plan(replace(ready, seed=1), Workers(1))) != alone


def test_any_order(ready: Plan) -> None:
    alone = run_plan(ready, Workers(1))
    tasks = ready.design.tasks
    assert len(tasks) % 4 == 0
    with hang_guard():  # as it would with fewer than four tasks left
        assert image(run_plan(ready, Workers(8, Shuffled()))) == image(alone)
    random.Random(7).shuffle(tasks)  # noqa: S311  (no secret)
    design = ready.design
    merged = ready.empty_tally(design.replicates)
    for task in tasks:
        add_part(merged, run_tasks(ready, (task,))[0], task[0])
    assert image(merged) == image(alone)


def test_processes() -> None:
    of = scenario(COUNT, SIZE, thresholds=[0.3, 1.0], correlations=[RANK], **UNCERTAIN_DATES)
    # "spawn" starts with nothing inherited, as another machine would.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for method in METHODS:
            ready = plan(of, method, draws=10_000)
            alone = image(run_plan(ready, Workers(1)))
            assert image(run_plan(ready, Workers(executor=pool))) == alone
        walked = plan_for(WALKED, draws=128, seed=0, method="lattice", strength=True)
        assert image(run_plan(walked, Workers(executor=pool))) == image(
            run_plan(walked, Workers(1))
        )


def test_seeds_from_zero_to_beyond_any_word() -> None:
    of = plan(scenario(COUNT, SIZE), draws=1000)
    seeds = (0, 1, 2**64, 2**200, 2**200 + 1)
    found = {image(run_plan(replace(of, seed=seed), Workers(1))) for seed in seeds}
    assert len(found) == len(seeds)


def test_an_added_input_moves_no_other_input() -> None:
    one, two = plan(scenario(COUNT)), plan(scenario(COUNT, SIZE, **UNCERTAIN_DATES))
    for method in METHODS.values():
        first, second = (next(method(p.design, p.seed, p.names, 3, 0)) for p in (one, two))
        count = one.values(first)["losses.count"]
        assert np.array_equal(count, two.values(second)["losses.count"])


def test_two_scenarios_share_the_numbers_of_shared_inputs() -> None:
    """Draw by draw, so that their difference has little Monte Carlo error."""
    one = plan(scenario(COUNT, SIZE))
    two = plan(scenario(COUNT, SIZE, as_of="2025-01-15"))
    block = next(METHODS["random"](one.design, 0, one.names, 0, 0))
    assert one.names == two.names
    ratio = one.first_passage(one.draws(block)).time / two.first_passage(two.draws(block)).time
    np.testing.assert_allclose(ratio, 41 / 40, rtol=1e-12)


def test_progress_counts_up_to_all_draws() -> None:
    ready = plan(scenario(COUNT, SIZE))
    for workers in (1, 3):
        seen: list[tuple[int, int]] = []
        run_plan(ready, Workers(workers), progress=lambda *done, seen=seen: seen.append(done))
        n = ready.design.n_draws
        assert [done for done, _ in seen] == [(i + 1) * n // 8 for i in range(8)]
        assert {of for _, of in seen} == {n}


def test_a_failing_task_ends_the_run() -> None:
    ready = plan(scenario(COUNT, SIZE))
    wrong = replace(ready.shape, thresholds=("x",))
    broken = replace(ready, shape=wrong)
    for workers in (1, 2):
        with pytest.raises((TypeError, ValueError)):
            run_plan(broken, Workers(workers))


def test_a_plan_is_the_same_for_every_seed_and_method() -> None:
    of = scenario(COUNT, SIZE, **UNCERTAIN_DATES)
    plans = [plan(of, method, seed=seed) for method in METHODS for seed in (0, 9)]
    assert len({(p.rates, p.times, p.origin, p.names) for p in plans}) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_memory_does_not_grow_with_the_draws() -> None:
    """Peaks in processes of their own; one number kept a draw would take 100 MB more."""

    def peak(draws: int) -> float:
        arguments = [sys.executable, "-c", PEAK, str(draws)]
        return float(subprocess.run(arguments, check=True, capture_output=True).stdout)

    assert peak(2**24) <= peak(2**22) + 20
