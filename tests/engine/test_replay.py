"""The draws worked out again are those of the tally."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulate.engine.pilot_run import plan_for
from simulate.engine.redraw import DEPLETED, replayed
from simulate.engine.run import run_plan
from simulate.engine.workers import Workers
from simulate.scenario.model import Scenario
from tests.cases import COUNT, SIZE, lognormal, scenario, uniform

CLAIMS = {
    "losses": {
        "start": "2024-12-06",
        "claims": [
            {"count": COUNT, "as_of": "2025-01-16"},
            {"count": 500, "as_of": "2024-12-27", "days": 7},
            {"count": lognormal(2000, 3000), "as_of": uniform("2025-01-04", "2025-01-10")},
        ],
    }
}
ENDS = {
    "ends": [
        {"label": "withdrawal", "date": uniform("2025-03-01", "2025-05-01"), "probability": 0.3},
        {"label": "ceasefire", "date": "2025-05-20"},
    ]
}
CASES: dict[str, dict[str, Any]] = {
    "straight": {"thresholds": [0.3, 1.0], "horizon": "2025-04-20"},
    "constant": {"count": 3800, "size": 12000},
    "no rate": {"start": uniform("2025-01-01", "2025-01-31")},
    "bent": {"rate": {"multiplier": uniform(0.8, 1.2)}, "thresholds": [0.5, 0.9]},
    "daily": {
        "rate": {"drift": {"sd": 0.3, "correlation_days": 20}},
        "rotation": {"line_days": 30, "rest_days": 10, "return_intensity": lognormal(0.5, 1.5)},
    },
    "ends": ENDS,
    "drift ends": {**ENDS, "rate": {"drift": {"sd": 0.3, "correlation_days": 20}}},
}


def case(name: str) -> Scenario:
    if name == "claims":
        base = {"title": "a case", "horizon": 400, "force": {"size": SIZE}, **CLAIMS}
        return Scenario.model_validate(base)
    given = {"count": COUNT, "size": SIZE, **CASES[name]}
    return scenario(**given)


@pytest.mark.parametrize("method", ["lattice", "random"])
@pytest.mark.parametrize("name", [*CASES, "claims"])
def test_tallying_them_gives_the_tally(name: str, method: str) -> None:
    plan = plan_for(case(name), draws=8192, seed=4, method=method)
    tally = run_plan(plan, Workers(1))
    found = plan.empty_tally(plan.design.replicates)
    first = 0
    for block in replayed(plan):
        assert block.first == first
        first += block.rate.size
        found.rates[block.replicate] += np.bincount(
            plan.rates.bins(np.array(block.rate)), minlength=plan.rates.n_bins + 2
        )
        for k, (time, cause) in enumerate(zip(block.time, block.cause, strict=True)):
            depleted = cause == DEPLETED
            assert np.array_equal(depleted, np.isfinite(time))
            bins = plan.times.bins(time[depleted])
            found.passages[block.replicate, k] += np.bincount(bins, minlength=plan.times.n_bins)
            found.never[block.replicate, k] += np.bincount(
                cause[~depleted], minlength=len(plan.causes)
            )
    assert first == plan.design.n_draws
    for counts, own in (
        (found.passages, tally.passages),
        (found.never, tally.never),
        (found.rates, tally.rates),
    ):
        assert np.array_equal(counts, own)
    if name in ("straight", "no rate", "ends", "drift ends"):
        assert found.never.sum() > 0


def test_long_runs_are_of_several_blocks() -> None:
    plan = plan_for(case("straight"), draws=2**21, seed=0, method="lattice")
    blocks = list(replayed(plan))
    assert len(blocks) == 16
    passages = sum(np.count_nonzero(block.cause[1] == DEPLETED) for block in blocks)
    assert passages == run_plan(plan, Workers(1)).passages[:, 1].sum()


def test_another_seed_gives_other_draws() -> None:
    one, other = (
        next(replayed(plan_for(case("straight"), draws=1024, seed=seed, method="lattice")))
        for seed in (0, 1)
    )
    assert not np.array_equal(one.time, other.time)
