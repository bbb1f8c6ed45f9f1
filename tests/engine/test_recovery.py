"""Men who come back: the stages of the linear chain against the gamma law of SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from simulate.engine.walk.dynamics import Recovery
from simulate.scenario.arrays import Floats

EVEN = 1e-12
"""Each number comes from a few dozen products and differences of shares of one."""

STAGES = st.integers(1, 20)
MEANS = st.floats(0.01, 10_000)
SHARES = st.floats(0, 1)
DAYS = st.floats(0, 30)


def within(expected: object, tolerance: float = EVEN) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


class Ward:
    """Those who recover, one draw, and all who are back."""

    def __init__(self, share: float, mean: float, stages: int) -> None:
        self.recovery = Recovery(share, mean, stages)
        self.waiting = np.zeros((stages, 1))
        self.back = 0.0

    def step(self, days: float, losses: float) -> None:
        """Lose men evenly over some days."""
        passing, before = self.recovery.passing(np.array([days])), self.waiting.sum()
        self.waiting = passing.moved(self.waiting)
        self.back += before - self.waiting.sum()
        returning = np.array([self.recovery.share * losses])
        passing.join(self.waiting, returning)
        self.back += float((returning * (1.0 - sum(passing.entered))).item())


def in_stage(first: float, last: float, stage: int, mean: float, stages: int) -> float:
    """Days spent in a stage between two ages: the integral of a Poisson probability."""
    rate = stages / mean
    low, high = special.gammainc(stage + 1, [rate * first, rate * last])
    return float(high - low) / rate


def come_back(first: float, last: float, mean: float, stages: int) -> float:
    """The integral of the distribution function of the delay between two ages."""
    rate = stages / mean
    age = np.array([first, last])
    parts = age * special.gammainc(stages, rate * age)
    parts -= mean * special.gammainc(stages + 1, rate * age)
    return float(parts[1] - parts[0])


def test_the_integrals_are_those_of_the_gamma_law() -> None:
    delay = stats.gamma(3, scale=15)
    assert come_back(2, 9, 45, 3) == within(integrate.quad(delay.cdf, 2, 9)[0], 1e-10)
    waits = sum(in_stage(2, 9, stage, 45, 3) for stage in range(3))
    assert waits == within(integrate.quad(delay.sf, 2, 9)[0], 1e-10)


@pytest.mark.parametrize("stages", [1, 2, 3, 20])
@pytest.mark.parametrize(("mean", "days"), [(45.0, 1.0), (3.0, 1.0), (0.5, 1.0), (20.0, 0.37)])
def test_a_step_against_the_gamma_law(stages: int, mean: float, days: float) -> None:
    """800 men lost evenly over one step, seen at its end and 2.5 days later."""
    ward = Ward(0.7, mean, stages)
    ward.step(days, 800.0)
    each = 560 / days
    near = each * in_stage(0, days, 0, 1.001 * mean, stages)
    assert ward.waiting[0, 0] != within(near, 1e-4)
    for later in (0.0, 2.5):
        if later:
            ward.step(later, 0.0)
        for stage in range(stages):
            there = each * in_stage(later, later + days, stage, mean, stages)
            assert ward.waiting[stage, 0] == within(there, 1e-10)
        assert ward.back == within(each * come_back(later, later + days, mean, stages), 1e-10)


def test_one_stage_is_exponential() -> None:
    ward = Ward(1.0, 10.0, 1)
    ward.step(0.0, 100.0)  # all at once
    for day in range(1, 50):
        ward.step(1.0, 0.0)
        assert ward.waiting.item() == within(100 * np.exp(-day / 10), 1e-11)


def test_many_stages_come_back_on_about_one_day() -> None:
    """20 stages: a standard deviation of 20 days / sqrt(20)."""
    ward = Ward(1.0, 20.0, 20)
    ward.step(0.0, 1.0)
    back = []
    for _ in range(200):
        ward.step(0.5, 0.0)
        back.append(ward.back)
    days = 0.5 * (1 + np.arange(200))
    np.testing.assert_allclose(back, stats.gamma(20, scale=1.0).cdf(days), rtol=0, atol=1e-12)
    mean = float(np.sum(0.5 * (1 - np.array(back)))) + 0.25  # trapezes of the survival function
    assert mean == within(20.0, 1e-6)


@settings(deadline=None)
@given(share=SHARES, mean=MEANS, stages=STAGES, days=DAYS, before=st.floats(0, 20))
def test_two_halves_are_a_whole(
    share: float, mean: float, stages: int, days: float, before: float
) -> None:
    """Exact where losses fall evenly, whoever is already there."""
    whole, halves = Ward(share, mean, stages), Ward(share, mean, stages)
    for ward in (whole, halves):
        ward.step(before, 3.0)
    whole.step(days, 1.0)
    halves.step(days / 2, 0.5)
    halves.step(days / 2, 0.5)
    np.testing.assert_allclose(halves.waiting, whole.waiting, rtol=0, atol=EVEN)
    assert halves.back == within(whole.back)


def test_two_halves_of_other_losses_are_not_the_whole() -> None:
    """The comparison can fail: 1 % more in the first half."""
    whole, halves = Ward(0.5, 20.0, 3), Ward(0.5, 20.0, 3)
    whole.step(1.0, 1.0)
    halves.step(0.5, 0.505)
    halves.step(0.5, 0.495)
    assert halves.waiting[0, 0] != within(whole.waiting[0, 0])


@settings(max_examples=200, deadline=None)
@given(share=SHARES, mean=MEANS, stages=STAGES, days=st.lists(DAYS, max_size=8))
def test_nobody_appears_or_disappears(
    share: float, mean: float, stages: int, days: list[float]
) -> None:
    ward, lost = Ward(share, mean, stages), 0.0
    for i, length in enumerate(days):
        ward.step(length, 1.0 + i)
        lost += 1.0 + i
        assert ward.waiting.min() >= -EVEN
        assert ward.waiting.sum() + ward.back == within(share * lost, 1e-11)
        assert -1e-12 <= ward.back <= share * lost + 1e-11


@settings(deadline=None)
@given(mean=MEANS, stages=STAGES, days=DAYS)
def test_the_probabilities_of_a_step(mean: float, stages: int, days: float) -> None:
    passing = Recovery(0.8, mean, stages).passing(np.array([days]))
    passed, entered = np.ravel(passing.passed), np.ravel(passing.entered)
    assert passed.size == entered.size == stages
    assert ((passed >= -EVEN) & (passed <= 1)).all()
    assert ((entered >= -EVEN) & (entered <= 1 + EVEN)).all()
    assert passed.sum() <= 1 + EVEN
    assert entered.sum() <= 1 + EVEN


@pytest.mark.parametrize("stages", [1, 3, 20])
@pytest.mark.parametrize("mean", [1e-310, 1e-300, 0.01, 1e100])
def test_delays_beyond_measure(stages: int, mean: float) -> None:
    """At once or never, and no warning about a number too large."""
    for days in (0.0, 1e-9, 1.0):
        passing = Recovery(0.6, np.array([mean]), stages).passing(np.array([days]))
        assert np.isfinite([passing.passed, passing.entered]).all()
        if days == 1.0 and mean != 0.01:
            assert sum(passing.entered) == within(0.0 if mean < 1 else 1.0, 1.01e-9 * stages)
            assert passing.passed[0] == within(0.0 if mean < 1 else 1.0)


def test_draws_by_array_or_by_number() -> None:
    """Numbers where all draws agree, or an array with a value for each: the same bits."""
    each = Recovery(0.4, np.array([20.0, 20.0, 5.0]), 3).passing(np.ones(1))
    days, one = (Recovery(0.4, 20.0, 3).passing(np.ones(n)) for n in (2, 1))
    for parts in ("passed", "entered"):
        for a, b, c in zip(
            getattr(each, parts), getattr(one, parts), getattr(days, parts), strict=True
        ):
            assert a[:2].tolist() == b.tolist() * 2 == c.tolist()
    rng = np.random.default_rng(1)
    waiting: Floats = rng.random((3, 3))
    alone = waiting[:, :1].copy()
    waiting, alone = each.moved(waiting), one.moved(alone)
    assert waiting[:, :1].tolist() == alone.tolist()
