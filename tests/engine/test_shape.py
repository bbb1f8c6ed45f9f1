"""The strength present on a date, on every road a first passage can take."""

from __future__ import annotations

from typing import Any

import pytest

from simulate.engine.pilot_run import plan_for
from simulate.engine.sampling.points import METHODS
from tests.cases import scenario

CLAIMED_RATE = 3800 / 41

ROADS: dict[str, dict[str, Any]] = {
    "straight": {},
    "bent": {"rate": {"multiplier": 1}},
    "drift": {"rate": {"drift": {"sd": 0, "correlation_days": 9}}},
    "daily": {
        "rate": {"drift": {"sd": 0, "correlation_days": 9}},
        "rotation": {"line_days": 999, "rest_days": 1, "return_intensity": 1},
    },
}


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(("date", "lost"), [("2024-11-20", 0.0), ("2024-12-16", 10.0)])
def test_the_strength_on_a_date(road: str, date: str, lost: float) -> None:
    """Nobody is lost before the start: then it is all who were sent, not more and not fewer."""
    of = scenario(3800, 12000, force={"as_of": date}, **ROADS[road])
    ready = plan_for(of, draws=8, seed=0, method="random")
    assert ready.shape.road == road
    points = next(METHODS["random"](ready.design, 0, ready.names, 0, 0))
    start = ready.constants["losses.start"]
    expected = start + 12000 / CLAIMED_RATE + lost
    assert ready.first_passage(ready.draws(points)).time == pytest.approx(expected, abs=1e-9)
