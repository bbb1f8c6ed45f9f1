"""The clock against sums over small steps, and its inverse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.engine.clock import Clock, Pause
from simulate.scenario.arrays import Floats

Stretch: TypeAlias = tuple[float, float, float]  # start, end, intensity


def array(value: float) -> Floats:
    return np.array([value])


def clock(
    zero: float = 41.0,
    multiplier: float = 1.0,
    growth: float = 0.0,
    pauses: Sequence[Stretch] = (),
) -> Clock:
    stretches = [Pause(*map(array, stretch)) for stretch in pauses]
    return Clock(array(zero), array(multiplier), array(growth), stretches)


def shown(by: Clock, time: float) -> float:
    return by.at(array(time)).item()


def when(by: Clock, showing: float) -> float:
    return by.when(array(showing)).item()


def summed(by: Clock, time: float, steps: int = 20_000) -> float:
    """The clock as a midpoint sum of its intensity."""
    zero = by.zero.item()
    h = (time - zero) / steps
    days = zero + h * (np.arange(steps) + 0.5)
    intensity = by.multiplier * np.exp(by.growth * (days - zero))
    for pause in by.pauses:
        intensity[(pause.start <= days) & (days < pause.end)] *= pause.intensity
    return float(intensity.sum() * h)


@st.composite
def stretches(draw: st.DrawFn) -> list[Stretch]:
    """Up to four pauses in the order of time, the first of them perhaps before the count."""
    edge, found = draw(st.floats(0, 60)), []
    for _ in range(draw(st.integers(0, 4))):
        end = edge + draw(st.floats(0, 40))
        found.append((edge, end, draw(st.sampled_from([0.0, 0.3, 1.0]) | st.floats(0, 1))))
        edge = end + draw(st.floats(0, 40))
    return found


clocks = st.builds(
    clock,
    multiplier=st.floats(0.05, 4),
    growth=st.floats(-0.05, 0.05) | st.sampled_from([0.0, 1e-13, -1e-11, 1e-9]),
    pauses=stretches(),
)


@settings(deadline=None)
@given(by=clocks, days=st.floats(0, 300))
def test_the_clock_is_the_sum_of_the_intensity(by: Clock, days: float) -> None:
    time = 41 + days
    high = by.multiplier.item() * math.exp(max(by.growth.item(), 0) * days)
    # A step that holds an edge of a pause is off by half its worth; the others by h^3 f'' / 24.
    step = days / 20_000
    tolerance = step * high * (len(by.pauses) + 1) + 1e-9
    assert shown(by, time) == pytest.approx(summed(by, time), rel=0, abs=tolerance)


def test_a_step_or_a_day_makes_a_difference_to_the_sum() -> None:
    by = clock(growth=0.02, multiplier=1.3, pauses=[(50, 60, 0.3), (80, 81, 0)])
    assert shown(by, 100) == pytest.approx(summed(by, 100), rel=0, abs=0.01)
    for other in (
        clock(growth=0.0201, multiplier=1.3, pauses=[(50, 60, 0.3), (80, 81, 0)]),
        clock(growth=0.02, multiplier=1.3, pauses=[(50, 60, 0.3), (80, 80.9, 0)]),
        clock(growth=0.02, multiplier=1.3, pauses=[(50, 60, 0.3), (81, 82, 0)]),
        clock(40, growth=0.02, multiplier=1.3, pauses=[(50, 60, 0.3), (80, 81, 0)]),
    ):
        assert shown(other, 100) != pytest.approx(summed(by, 100), rel=0, abs=0.02)


@settings(deadline=None)
@given(by=clocks, days=st.floats(0, 400))
def test_when_inverts_at(by: Clock, days: float) -> None:
    showing = shown(by, 41 + days)
    time = when(by, showing)
    # In a full pause the clock stands still, and the first of the times is the answer.
    assert time <= 41 + days + 1e-6 or showing == pytest.approx(shown(by, time - 1e-6), rel=1e-9)
    if math.isfinite(time):
        assert shown(by, time) == pytest.approx(showing, rel=1e-12, abs=1e-10)


@settings(deadline=None)
@given(by=clocks, showing=st.floats(0, 400))
def test_at_inverts_when(by: Clock, showing: float) -> None:
    time = when(by, showing)
    if math.isinf(time):
        # A trend of growth g runs multiplier / -g days at most, less what the pauses took off.
        growth = by.growth.item()
        assert growth < 0
        assert shown(by, 41 + 50 / -growth) <= showing * (1 + 1e-12)
    else:
        # Where the clock hardly runs any more a date is known less well than what it shows.
        assert time >= 41
        slack = 1e-12 * time * by.multiplier.item() * math.exp(max(by.growth.item(), 0) * time)
        assert shown(by, time) == pytest.approx(showing, rel=1e-11, abs=1e-10 + slack)


@settings(deadline=None)
@given(by=clocks, days=st.floats(0, 300), more=st.floats(0, 100))
def test_the_clock_never_runs_backward(by: Clock, days: float, more: float) -> None:
    assert shown(by, 41 + days) <= shown(by, 41 + days + more) + 1e-9
    assert when(by, days) <= when(by, days + more) + 1e-9


def test_what_the_clock_shows() -> None:
    assert shown(clock(), 51) == 10
    assert shown(clock(multiplier=1.5), 51) == 15
    assert shown(clock(growth=0.1), 51) == pytest.approx(math.expm1(1) / 0.1, rel=1e-14)
    assert shown(clock(pauses=[(43, 47, 0)]), 51) == 6
    assert shown(clock(pauses=[(43, 47, 0.25)]), 51) == 7
    assert shown(clock(pauses=[(43, 47, 0)]), 45) == 2
    assert shown(clock(pauses=[(30, 45, 0)]), 51) == 6  # what lies before the count is in the rate
    assert shown(clock(pauses=[(30, 40, 0)]), 51) == 10
    assert shown(clock(), 41) == 0


def test_when_the_clock_shows_it() -> None:
    assert when(clock(), 10) == 51
    assert when(clock(pauses=[(43, 47, 0)]), 10) == 55
    assert when(clock(pauses=[(43, 47, 0)]), 2) == 43  # the first time
    assert when(clock(pauses=[(43, 47, 0), (50, 51, 0.5)]), 10) == 55.5
    assert when(clock(pauses=[(30, 45, 0)]), 10) == 55
    assert when(clock(pauses=[(60, 70, 0)]), 10) == 51
    assert when(clock(), 0) == 41
    assert when(clock(pauses=[(30, 45, 0)]), 0) == 41


def test_a_clock_that_stops() -> None:
    """With growth -g it never shows more than multiplier / g."""
    dying = clock(growth=-0.1)
    assert when(dying, 9.999) == pytest.approx(41 + math.log(10_000) / 0.1, rel=1e-9)
    assert when(dying, 10.001) == math.inf
    assert when(dying, math.inf) == math.inf
    # The trend runs on in a pause, and what that would have been worth is lost.
    paused = clock(growth=-0.1, pauses=[(43, 47, 0)])
    taken = 10 * (math.exp(-0.2) - math.exp(-0.6))
    assert when(paused, 10 - taken - 0.01) < math.inf
    assert when(paused, 10 - taken + 0.01) == math.inf
    assert when(clock(multiplier=0), 1) == math.inf
    assert when(clock(multiplier=0), 0) == 41
    for by in (clock(), clock(growth=0.3), clock(pauses=[(50, 60, 0)])):
        assert when(by, math.inf) == math.inf


@pytest.mark.parametrize("growth", [2.0, -2.0])
def test_a_trend_too_steep_for_its_numbers(growth: float) -> None:
    """After a thousand days a factor e^2000 is no floating-point number; nothing warns of it."""
    by = clock(growth=growth, pauses=[(50, 60, 0), (1000, 1010, 0.5), (9000, 9001, 0)])
    soon = 41 + math.log1p(growth * 0.3) / growth
    assert when(by, 0.3) == pytest.approx(soon, rel=1e-12)
    assert shown(by, soon) == pytest.approx(0.3, rel=1e-12)
    late = [shown(by, 41 + days) for days in (500, 2000, 20_000)]
    assert late == sorted(late)
    assert not np.isnan(late).any()


def test_each_draw_has_its_own_clock() -> None:
    rng = np.random.default_rng(0)
    n = 500
    start = rng.uniform(30, 80, n)
    pauses = [
        Pause(start, start + rng.uniform(0, 20, n), rng.uniform(0, 1, n)),
        Pause(start + 30, start + 45, np.zeros(n)),
    ]
    growth = np.where(np.arange(n) % 3 == 0, 0.0, rng.uniform(-0.01, 0.02, n))
    many = Clock(rng.uniform(35, 45, n), rng.uniform(0.1, 3, n), growth, pauses)
    time = 45 + rng.uniform(0, 200, n)
    showing = many.at(time)
    back = many.when(showing)
    for i in range(0, n, 7):
        one = clock(
            many.zero[i],
            many.multiplier[i],
            growth[i],
            [(p.start[i], p.end[i], p.intensity[i]) for p in pauses],
        )
        assert showing[i] == pytest.approx(shown(one, time[i]), rel=1e-13)
        assert back[i] == pytest.approx(when(one, showing[i]), rel=1e-13)


def test_a_draw_without_a_trend_beside_one_with() -> None:
    """Over a thousand days, where the exponential of the days themselves is no number."""
    two = Clock(np.zeros(2), np.ones(2), np.array([0.0, -0.001]))
    assert two.at(np.full(2, 1000.0)).tolist() == pytest.approx([1000, -1000 * math.expm1(-1)])
