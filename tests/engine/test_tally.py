"""Tallies merge by exact addition."""

from __future__ import annotations

import numpy as np

from simulate.engine.plan import Plan
from simulate.engine.run import run_plan, run_tasks
from simulate.engine.tally import Tally, add_part
from simulate.engine.workers import Workers
from tests.cases import COUNT, SIZE, plan, scenario


def total(parts: list[tuple[int, Tally]], of: Plan) -> Tally:
    merged = of.empty_tally(of.design.replicates)
    for replicate, part in parts:
        add_part(merged, part, replicate)
    return merged


def test_parts_add_up_in_any_order() -> None:
    ready = plan(scenario(COUNT, SIZE, thresholds=[0.5, 1.0]))
    whole = run_plan(ready, Workers(1))
    parts = [(task[0], run_tasks(ready, (task,))[0]) for task in ready.design.tasks]
    assert total(parts, ready) == whole
    assert total(parts[::-1], ready) == whole
    assert total([(0, part) for _, part in parts], ready) != whole
    assert total(parts[1:], ready) != whole


def test_every_draw_is_counted_once() -> None:
    """For each threshold; in the rates too."""
    for of in (
        scenario(COUNT, SIZE, thresholds=[0.3, 1.0]),
        scenario(COUNT, SIZE, horizon=60),
        scenario({"distribution": "normal", "mean": 100, "sd": 100}, SIZE),
        scenario(3800, SIZE),  # one rate for all draws
        scenario(COUNT, 12000),
        scenario(start={"distribution": "uniform", "low": "2024-12-01", "high": "2025-01-30"}),
        scenario(),  # nothing uncertain
    ):
        for method in ("lattice", "random", "latin-hypercube", "sobol"):
            ready = plan(of, method, draws=1000)
            found = run_plan(ready, Workers(1))
            n = ready.design.n_draws // ready.design.replicates
            assert np.all(found.passages.sum(axis=2) + found.never.sum(axis=2) == n)
            assert np.all(found.rates.sum(axis=1) == n)
            assert np.all((found.passed >= 0) & (found.passed <= n))
            assert np.all((found.over >= 0) & (found.over <= n))


def test_causes_of_never() -> None:
    ready = plan(scenario(3800, uniform_size(), horizon="2025-04-14"))
    found = run_plan(ready, Workers(1))
    n = ready.design.n_draws
    # T = 41 F / 3800 is on or before 14 April, day 129, for sizes below 130 * 3800 / 41.
    beyond = 1 - (130 * 3800 / 41 - 10000) / 4000
    no_rate, horizon = found.never.sum(axis=(0, 1))
    assert ready.causes == ("no positive loss rate", "horizon")
    assert no_rate == 0
    # One point in each of the equal strata of a replicate: off by one a replicate at most.
    assert abs(horizon - beyond * n) <= ready.design.replicates


def test_draws_without_a_rate_are_a_cause_of_their_own() -> None:
    count = {"distribution": "uniform", "low": -1000, "high": 3000}
    ready = plan(scenario(count, 12000, horizon=365))
    found = run_plan(ready, Workers(1))
    n = ready.design.n_draws
    no_rate, horizon = found.never.sum(axis=(0, 1))
    assert abs(no_rate - n / 4) <= ready.design.replicates
    # 41 * 12000 / C days end within 41 + 365 + 1 days for counts above 1209.
    assert abs(horizon - n * 41 * 12000 / 407 / 4000) <= ready.design.replicates
    assert np.array_equal(found.rates[:, 0], found.never[:, 0, 0])


def test_already_passed_and_over() -> None:
    count = {"distribution": "uniform", "low": 2000, "high": 6000}
    ready = plan(scenario(count, 4000, thresholds=[0.75, 1.0]))
    found = run_plan(ready, Workers(1))
    n, replicates = ready.design.n_draws, ready.design.replicates
    assert abs(found.passed[:, 0].sum() - 0.75 * n) <= replicates
    assert abs(found.passed[:, 1].sum() - 0.5 * n) <= replicates
    assert abs(found.over.sum() - 0.5 * n) <= replicates


def uniform_size() -> dict[str, object]:
    return {"distribution": "uniform", "low": 10000, "high": 14000}
