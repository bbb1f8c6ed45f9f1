"""A stock counted on a date: when shares of it are gone, on every road."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.engine.pilot_run import plan_for
from simulate.engine.sampling.points import METHODS
from tests import slow_twin as twin
from tests.cases import scenario

START, COUNT, RATE = dt.date(2024, 12, 6), dt.date(2025, 1, 16), 3800 / 41
LADDER = (0.25, 0.5, 1.0)
STILL = {"sd": 0, "correlation_days": 9}
"""A drift that goes nowhere: the road is another one, the date the same."""
ONE_SPELL = {"line_days": 9999, "rest_days": 1, "return_intensity": 1}
"""A rotation that never comes to a rest: with a drift, a walk by days."""


def times(size: float, as_of: dt.date, thresholds: tuple[float, ...], **form: Any) -> list[float]:
    """First passages in days from the first of the losses."""
    of = scenario(
        3800, size, force={"as_of": as_of.isoformat()}, thresholds=list(thresholds), **form
    )
    plan = plan_for(of, draws=8, seed=0, method="random")
    points = next(METHODS["random"](plan.design, 0, plan.names, 0, 0))
    found = plan.first_passage(plan.draws(points)).time[:, 0] - plan.constants["losses.start"]
    return [float(time) for time in found]


def all_roads(rate: Mapping[str, Any]) -> list[dict[str, Any]]:
    drifting = {**rate, "drift": STILL}
    return [{"rate": dict(rate)}, {"rate": drifting}, {"rate": drifting, "rotation": ONE_SPELL}]


@pytest.mark.parametrize("days", [-20, 0, 20, 41, 85])
def test_shares_of_the_stock_at_an_unchanged_rate(days: int) -> None:
    """T = max(B, S) + q F / r."""
    expected = [max(days, 0) + q * 5000 / RATE for q in LADDER]
    on = START + dt.timedelta(days)
    for form in ({}, *all_roads({"multiplier": 1})):
        assert times(5000, on, LADDER, **form) == pytest.approx(expected, rel=1e-9)


def test_the_rate_that_holds_on_the_day() -> None:
    """5,000 on 1 March are 5,000 then, whatever the rate did between the count and that day."""
    march, g = dt.date(2025, 3, 1), 0.05
    pace = RATE * math.exp(g * 44 / 7)
    cases: list[tuple[dict[str, Any], list[float]]] = [
        ({"multiplier": 0.5}, [85 + q * 5000 / (0.5 * RATE) for q in LADDER]),
        (
            {"trend_per_week": g},
            [85 + 7 / g * math.log1p(g / 7 * q * 5000 / pace) for q in LADDER],
        ),
        ({"multiplier": 0}, [math.inf] * 3),
    ]
    for rate, expected in cases:
        for form in all_roads(rate):
            assert times(5000, march, LADDER, **form) == pytest.approx(expected, rel=1e-9)
    # As by the formula that held the losses up to then for those of the rate behind the count.
    wrong = 85 + 6990 / (0.5 * RATE)
    assert times(5000, march, (1.0,), rate={"multiplier": 0.5}) != pytest.approx([wrong], abs=9)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.5])
def test_a_rate_that_follows_the_strength(exponent: float) -> None:
    """The strength at the count is what comes down to the stock: 44 days more of losses.

    Inserted in the solution: between the count and the day P ** (1 - kappa) falls by
    (1 - kappa) r / P(A) ** kappa a day.
    """
    low, high = 5000.0, 5000 + 44 * RATE

    def later(at_count: float, days: float) -> float:
        a, fall = 1 - exponent, RATE / at_count
        if a == 0:
            return at_count * math.exp(-fall * days)
        return float(at_count * max(1 - a * fall * days, 0.0) ** (1 / a))

    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if later(middle, 44) > 5000 else (middle, high)
    for form in all_roads({"strength_exponent": exponent}):
        half, whole = times(5000, dt.date(2025, 3, 1), (0.5, 1.0), **form)
        assert later(high, half - 41) == pytest.approx(2500, rel=1e-9)
        assert whole == (
            pytest.approx(41 + high / (1 - exponent) / RATE) if exponent < 1 else math.inf
        )


@settings(max_examples=20, deadline=None)
@given(
    days=st.integers(-10, 150),
    multiplier=st.floats(0.3, 2),
    trend=st.floats(-0.05, 0.05),
    exponent=st.sampled_from([0.0, 0.6, 1.2]),
    share=st.sampled_from([None, 0.07]),
)
def test_the_slow_twin(
    days: int, multiplier: float, trend: float, exponent: float, share: float | None
) -> None:
    """Its force is found by trial; spells of a length, or that end by what they have cost."""
    rate = {"multiplier": multiplier, "trend_per_week": trend, "strength_exponent": exponent}
    share = share if exponent == 0 else None
    ends = {"line_days": 25} if share is None else {"at_loss_share": share}
    spell = twin.Spell(
        line_days=25 if share is None else math.inf, at_loss_share=share or math.inf, rest_days=6
    )
    rotation = {**ends, "rest_days": 6, "return_intensity": 1}
    pause = {"start": "2025-03-20", "days": 10, "intensity": 0.2}
    on = START + dt.timedelta(days)
    for form, spells in (({}, (twin.Spell(),)), ({"rotation": rotation}, (spell,) * 80)):
        claim = twin.Claim(
            start=0,
            as_of=41,
            count=3800,
            size=5000,
            size_as_of=days,
            thresholds=(0.5 - 1e-3, 0.5 + 1e-3),
            multiplier=multiplier,
            trend_per_week=trend,
            strength_exponent=exponent,
            pauses=(twin.Pause(104, 114, 0.2),),
            spells=spells,
        )
        path = twin.walk(claim, step=0.5, days=400)
        (half,) = times(5000, on, (0.5,), rate=rate, pauses=[pause], **form)
        low, high = path.crossings
        assert min(low, 400) <= half <= high


def test_a_spell_ends_by_its_share_of_the_stock() -> None:
    """A tenth of 5,000 in each spell, and ten days of rest between two."""
    rotation = {"at_loss_share": 0.1, "rest_days": 10, "return_intensity": 1}
    (whole,) = times(5000, COUNT, (1.0,), rotation=rotation)
    assert whole == pytest.approx(41 + 5000 / RATE + 9 * 10, abs=1e-6)


def test_draws_of_every_order_in_one_block() -> None:
    """Days of the stock before and after the count, each as it is alone."""
    on = ["2024-11-20", "2024-12-20", "2025-01-16", "2025-02-01", "2025-05-01"]
    law = {"distribution": "discrete", "values": on, "weights": [1] * len(on)}
    of = scenario(3800, 5000, force={"as_of": law}, rate={"multiplier": 0.8, "drift": STILL})
    plan = plan_for(of, draws=1024, seed=0, method="random")
    points = next(METHODS["random"](plan.design, 0, plan.names, 0, 0))
    draws = plan.draws(points)
    found = plan.first_passage(draws).time[0] + plan.origin
    days = np.asarray(draws.values["force.as_of"]) + plan.origin
    seen = set()
    for time, day in zip(found.tolist(), days.tolist(), strict=True):
        date = dt.date(1970, 1, 1) + dt.timedelta(day)
        seen.add(date)
        (alone,) = times(5000, date, (1.0,), rate={"multiplier": 0.8})
        start = (START - dt.date(1970, 1, 1)).days
        assert time == pytest.approx(start + alone, abs=1e-6)
    assert len(seen) == len(on)
