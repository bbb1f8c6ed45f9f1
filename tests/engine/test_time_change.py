"""Drift as a change of time, beside the walk by days and the closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from simulate.engine.draws import DrawBatch
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import segments
from simulate.engine.sampling.points import METHODS
from simulate.scenario.model import Scenario
from tests import slow_twin as twin
from tests.cases import plan, scenario, uniform
from tests.engine.mixtures import mixture, spread
from tests.walks import bent, claims, daily, departures, drifting

DAY = 1e-9
LAST = 300.0
POINTS = 10
DRIFT = {"sd": 0.4, "correlation_days": 20}


def ready(of: Scenario, points: int = POINTS) -> tuple[Plan, DrawBatch]:
    made = plan(of, "random", draws=8 * points)
    return made, made.draws(next(METHODS["random"](made.design, 0, made.names, 0, 0)))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Everything at once that goes with a drift and this road."""
    drift = {"sd": spread(draw, 0, 0.8), "correlation_days": spread(draw, 2, 200)}
    rate: dict[str, Any] = {"drift": drift}
    if draw(st.booleans()):
        rate["strength_exponent"] = draw(st.sampled_from([0, 0.5, 0.8, 1, 1.3, uniform(0.1, 0.9)]))
    return mixture(draw, rate, returns="strength_exponent" not in rate)


def apart(found: list[float], expected: list[float]) -> float:
    """Largest difference in days, where one is never and the other not, infinite."""
    pairs = zip(found, expected, strict=True)
    return max(0.0 if one == other else abs(one - other) for one, other in pairs)


# --- the walk by days, and the closed form ---


def walked(of: Plan) -> Plan:
    """The same plan, by the walk, which is held against the slow twin."""
    return replace(of, shape=replace(of.shape, road="daily"))


@settings(max_examples=40, deadline=None)
@given(of=scenarios())
def test_the_dates_of_a_scenario_by_the_walk(of: Scenario) -> None:
    made, draws = ready(of)
    assert made.shape.road == "drift"
    found, expected = (each.first_passage(draws) for each in (made, walked(made)))
    assert apart(found.time.ravel().tolist(), expected.time.ravel().tolist()) < DAY
    assert found.passed.tolist() == expected.passed.tolist()
    assert found.over.tolist() == expected.over.tolist()


def test_the_walk_tells_a_nearby_model() -> None:
    """Another exponent in the tenth digit; a path that is a billionth part wider."""
    made, draws = ready(scenario(3800, 12000, rate={"drift": DRIFT, "strength_exponent": 0.5}))
    found = made.first_passage(draws).time.ravel()
    for name in ("rate.strength_exponent", "rate.drift.sd"):
        near = {**draws.values, name: draws.values[name] * (1 + 1e-8)}
        other = walked(made).first_passage(draws._replace(values=near)).time.ravel()
        assert (np.abs(found - other) > DAY).all(), name


@settings(max_examples=60, deadline=None)
@given(claim=departures())
def test_the_dates_of_the_walk(claim: twin.Claim) -> None:
    nobody = twin.Wounded(share=0.0, return_share=0.0, return_days=1.0)
    claim = replace(claim, wounded=nobody, spells=(twin.Spell(),))
    found, walked = drifting(claim, until=LAST), daily(claim, until=LAST)
    assert apart(found.time.ravel().tolist(), walked.time.ravel().tolist()) < DAY
    assert found.passed.tolist() == walked.passed.tolist()
    assert found.over.tolist() == walked.over.tolist()
    assert found.rate.tolist() == walked.rate.tolist()


@settings(max_examples=30, deadline=None)
@given(claim=claims())
def test_without_spread_the_closed_form(claim: twin.Claim) -> None:
    exact = bent(claim).time.item()
    found = drifting(replace(claim, drift=(0.0, 0.0)), until=LAST).time.item()
    assert apart([found], [exact if exact <= LAST else math.inf]) < DAY


# --- one and many ---


def test_a_draw_alone_and_in_a_crowd() -> None:
    """The same bits, whatever happens to others and whoever has dropped out."""
    rng = np.random.default_rng(5)
    each = [
        twin.Claim(
            start=0,
            as_of=41 + i / 7,
            count=1000 + 400 * i,
            size=12000,
            thresholds=(0.3, 0.9),
            trend_per_week=0.01 * i - 0.03,
            strength_exponent=(0.0, 0.5, 1.0)[i % 3],
            drift=(0.0, *rng.normal(0, 0.3, 400).tolist()),
            pauses=(twin.Pause(50 + i, 70, 0.1 * i),),
            reinforcements=(twin.Arrival(30.0 + 7 * i, 900),),
        )
        for i in range(9)
    ]
    ends = [LAST - 20 * i for i in range(len(each))]
    crowd = drifting(*each, until=ends)
    assert np.isfinite(crowd.time).any(axis=1).all()
    for i, claim in enumerate(each):
        alone = drifting(claim, until=ends[i])
        for name in ("time", "rate", "passed", "over"):
            one, among = getattr(alone, name)[..., 0], getattr(crowd, name)[..., i]
            assert one.tolist() == among.tolist(), (i, name)


def test_parts_of_a_block_are_worked_out_on_their_own() -> None:
    rate = {"drift": DRIFT}
    made = plan(scenario(uniform(3000, 4000), 12000, rate=rate), "random", draws=8)
    points = np.random.default_rng(1).random((1, 40_000))
    draws = made.draws(points, segments(0, 0, 0, 40_000))
    whole = made.first_passage(draws)
    for rows, part in draws.parts(2**14):
        assert made.first_passage(part).time.tolist() == whole.time[:, rows].tolist()
    assert whole.time.shape == (1, 40_000)


@pytest.mark.parametrize("count", [0.0, 12000.0, 15000.0])
def test_nothing_to_wait_for(count: float) -> None:
    """No rate, and a threshold that has already passed."""
    claim = twin.Claim(start=0, as_of=41, count=count, size=12000, drift=(0.0, 0.5))
    passage = drifting(claim, until=LAST)
    assert passage.time.item() == pytest.approx(12000 / count * 41 if count else math.inf)
    assert passage.passed.item() == (count > 0)
    assert passage.over.item() == (count > 12000)
