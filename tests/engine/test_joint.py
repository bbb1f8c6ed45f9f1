"""Plans over the same draws: the tallies they give alone, and the order of their dates."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from msgspec.structs import replace

from simulate.engine.paired import run_jointly
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import BLOCK
from simulate.engine.sampling.points import METHODS
from simulate.engine.workers import Workers
from tests.cases import COUNT, SIZE, UNCERTAIN_DATES, image, plan, scenario, uniform

ONE = Workers(1)
LADDER = [0.5, 1.0]
END = [{"label": "withdrawal", "date": uniform("2025-02-01", "2025-06-01"), "probability": 0.4}]
WALKED = {
    "rate": {"drift": {"sd": 0.3, "correlation_days": 20}},
    "rotation": {
        "line_days": uniform(5, 30),
        "rest_days": uniform(2, 9),
        "return_intensity": uniform(0.3, 1.5),
    },
}

CASES: dict[str, dict[str, Any]] = {
    "another size": {"size": uniform(9000, 14000)},
    "constant": {"count": 3800.0, "size": 12000},
    "another origin": UNCERTAIN_DATES,
    "an earlier horizon": {"horizon": "2025-05-01"},
    "a horizon beyond ten years": {"horizon": 12_000},
    "ends": {"ends": END},
    "walked by days": {**WALKED, "horizon": "2025-06-01", "ends": END},
    "after the other's horizon": {"start": "2026-12-06", "as_of": "2027-01-16"},
}


def other(name: str, method: str = "lattice", draws: int = 4096) -> Plan:
    made = scenario(**{"count": COUNT, "size": SIZE, "thresholds": LADDER, **CASES[name]})
    return plan(made, method, draws)


def reference(method: str = "lattice", draws: int = 4096) -> Plan:
    return plan(scenario(COUNT, SIZE, thresholds=LADDER), method, draws)


def days(of: Plan, replicate: int, k: int) -> npt.NDArray[np.float64]:
    """Calendar days of one replicate in one go, inf for never, the slow and obvious way."""
    method = METHODS[of.design.method]
    (points,) = method(of.design, of.seed, of.names, replicate, 0)
    passage = of.first_passage(of.draws(points))
    n = of.design.points
    time = np.broadcast_to(passage.time[k], n).copy()
    if passage.end_time is not None:
        time[np.broadcast_to(passage.end_time, n) <= time] = np.inf
    return of.origin + np.floor(np.round(time, 6))


@pytest.mark.parametrize("name", CASES)
def test_tallies_are_those_of_the_plans_alone(name: str) -> None:
    plans = (reference(), other(name))
    joint = run_jointly(plans, LADDER, ONE)
    for of, tally in zip(plans, joint.tallies, strict=True):
        alone = run_plan(of, ONE)
        assert tally == alone


@pytest.mark.parametrize("method", ["lattice", "random"])
@pytest.mark.parametrize("name", [name for name in CASES if name != "walked by days"])
def test_orders_are_those_of_a_plain_count(name: str, method: str) -> None:
    one, two = reference(method), other(name, method)
    orders = run_jointly((one, two), LADDER, ONE).orders
    end = min(of.origin + of.times.days for of in (one, two))
    for replicate in range(one.design.replicates):
        for k in range(len(LADDER)):
            a, b = (np.minimum(days(of, replicate, k), end) for of in (one, two))
            never = (a == end) & (b == end)
            plain = [(a < b).sum(), (b < a).sum(), ((a == b) & ~never).sum(), never.sum()]
            assert orders[replicate, 0, k].tolist() == plain
            assert sum(plain) == one.design.points


def test_orders_of_walks_add_up_and_the_same_walk_is_always_on_the_same_day() -> None:
    walked = other("walked by days")
    orders = run_jointly((walked, walked, reference()), LADDER, ONE).orders
    assert np.all(orders.sum(axis=3) == walked.design.points)
    assert not orders[:, 0, :, :2].any()
    assert orders[:, 0, :, 2].any()
    # A drift of the rate changes the day in nearly every draw.
    assert orders[:, 1, 1, :2].sum() > 5 * orders[:, 1, 1, 2].sum()


@pytest.mark.parametrize("name", ["ends", "walked by days"])
def test_the_same_bytes_whoever_does_the_work(name: str) -> None:
    plans = (reference(), other(name))
    alone = image(run_jointly(plans, LADDER, ONE))
    assert image(run_jointly(plans, LADDER, Workers(3))) == alone
    with ThreadPoolExecutor(3) as threads:
        assert image(run_jointly(plans, LADDER, Workers(3, threads))) == alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert image(run_jointly(plans, LADDER, Workers(2, processes))) == alone
    elsewhere = tuple(replace(of, seed=1) for of in plans)
    assert image(run_jointly(elsewhere, LADDER, ONE)) != alone


def test_several_blocks_and_shifts_are_counted_once() -> None:
    """Two shifts of several blocks: as many draws as there are, with progress up to all."""
    plans = (reference(draws=4096), other("constant"))
    large = tuple(
        replace(of, design=replace(of.design, shifts=2, points=2 * BLOCK)) for of in plans
    )
    seen: list[tuple[int, int]] = []
    joint = run_jointly(large, [1.0], ONE, progress=lambda *at: seen.append(at))
    design = large[0].design
    assert joint.orders.sum() == design.n_draws
    assert np.all(joint.orders.sum(axis=3) == 2 * design.points)
    assert seen[-1] == (2 * design.n_draws, 2 * design.n_draws)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
