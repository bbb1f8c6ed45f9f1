"""Lasting changes of the rate: by hand, against the slow twin, and beside everything else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import simulate
from tests import slow_twin as twin
from tests.cases import uniform
from tests.engine.test_bent_line import DAY, when
from tests.engine.test_bent_line_properties import bounds
from tests.walks import claims

FIRST = dt.date(2026, 1, 1)
STOCK: dict[str, Any] = {
    "title": "T",
    "horizon": "2030-01-01",
    "force": {"size": 1000, "as_of": FIRST},
    "losses": {"rate": 10, "per": "day"},
}
UP = {"date": "2026-02-10", "factor": 1.25}
DOWN = {"date": "2026-03-02", "factor": 0.5}


def days(rate: dict[str, Any], **keys: Any) -> np.ndarray[Any, Any]:
    """Days after the stock on which half and all of it is gone, of three levels."""
    tree = {**STOCK, "rate": rate, "thresholds": [0.5, 1.0], **keys}
    outcomes = simulate.run(tree, draws=4096).summary.outcomes
    found = [[q.at.date for q in outcome.quantiles] for outcome in outcomes]
    return np.array(
        [[np.inf if d is None else (d - FIRST).days for d in (q[0], q[-1])] for q in found]
    )


@pytest.mark.parametrize(
    ("steps", "by_hand"),
    [
        ([UP], 40 + 600 / 12.5),
        ([UP, DOWN], 60 + 350 / 6.25),  # 400 in 40 days, 250 in 20
        ([DOWN, UP], 60 + 350 / 6.25),
        ([UP, UP], 40 + 600 / 15.625),
        ([{"date": "2026-05-01", "factor": 3}], 100),
        ([{"date": "2026-02-10", "factor": 0}], np.inf),
    ],
)
def test_by_hand(steps: list[dict[str, Any]], by_hand: float) -> None:
    assert days({"steps": steps})[1] == pytest.approx(np.floor([by_hand, by_hand]))


def test_beside_multiplier_pause_trend_and_inflow() -> None:
    assert days({"multiplier": 0.5, "steps": [UP]})[1, 0] == 40 + 800 // 6.25
    # The pause of 10 days spans the step: 10 a day for 35 days, and 12.5 after it.
    pauses = [{"start": "2026-02-05", "days": 10}]
    assert days({"steps": [UP]}, pauses=pauses)[1, 0] == 45 + 650 // 12.5
    # Half the pace in it: 350 + 5 * 5 + 5 * 6.25, then 12.5.
    pauses[0]["intensity"] = 0.5
    left = 1000 - 350 - 25 - 31.25
    assert days({"steps": [UP]}, pauses=pauses)[1, 0] == np.floor(45 + left / 12.5)
    # 5 a day come in: 5 a day net, then 7.5.
    inflow = [{"amount": 5, "per": "day"}]
    assert days({"steps": [UP]}, inflow=inflow, counting="strength")[1, 0] == np.floor(
        40 + 800 / 7.5
    )
    growth = 0.07
    used = 10 * np.expm1(0.01 * 40) / 0.01
    late = np.log1p(0.01 * (1000 - used) / (12.5 * np.exp(0.4))) / 0.01
    assert days({"trend_per_week": growth, "steps": [UP]})[1, 0] == np.floor(40 + late)


def test_in_rotation() -> None:
    """Rests of 10 days after 20 on the line: at 10 a day up to day 40, then 12.5."""
    rotation = {"line_days": 20, "rest_days": 10, "return_intensity": 1}
    # 0-20: 200; 30-40: 100; 40-50: 125; 60-80: 250; 90-110: 250; 120: 75 left, 6 days.
    assert days({"steps": [UP]}, rotation=rotation)[1, 0] == 126
    assert days({}, rotation=rotation)[1, 0] == 140  # without the step


def test_uncertain_dates_that_cross_multiply_in_any_order() -> None:
    early, late = uniform("2026-01-20", "2026-03-20"), uniform("2026-02-01", "2026-04-01")
    one = [{"date": early, "factor": 2}, {"date": late, "factor": 0.5}]
    both, turned = days({"steps": one})[1], days({"steps": one[::-1]})[1]
    np.testing.assert_allclose(both, turned, atol=1)  # other draws, the same law
    assert both[0] < both[1] - 5


@settings(max_examples=60, deadline=None)
@given(
    claim=claims(),
    steps=st.lists(st.tuples(st.floats(20, 120), st.sampled_from([0.0, 0.5, 2.0])), max_size=3),
)
def test_the_slow_twin(claim: twin.Claim, steps: list[tuple[float, float]]) -> None:
    stepped = replace(claim, steps=tuple(steps))
    low, high = bounds(stepped)
    assert low - DAY <= when(stepped, stepped.thresholds[0]) <= high + DAY


def test_the_slow_twin_tells_another_factor() -> None:
    claim = twin.Claim(**{**_PLAIN, "steps": ((60.0, 1.25),)})
    low, high = bounds(claim)
    other = replace(claim, steps=((60.0, 1.2),))
    assert not low - DAY <= when(other, claim.thresholds[0]) <= high + DAY


_PLAIN: dict[str, Any] = {"count": 3800.0, "size": 12000.0, "start": 0.0, "as_of": 41.0}
_PLAIN["thresholds"] = (1.0,)


def test_a_step_before_the_count_is_refused() -> None:
    early = {"steps": [{"date": "2025-12-01", "factor": 2}]}
    with pytest.raises(simulate.ScenarioError, match=r"rate.steps\[0\] is before"):
        days(early)
