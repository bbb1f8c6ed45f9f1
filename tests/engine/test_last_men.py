"""The last men under an exponent: gone when nobody is left, on every road."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import slow_twin as twin
from tests.walks import COUNTINGS, Counting, bent, daily, drifting

CASE = twin.Claim(start=0, as_of=41, count=3800, size=12000, multiplier=4)
RATE = 4 * 3800 / 41
ROADS = {
    "bent": lambda claim: bent(claim).time.item(),
    "drift": lambda claim: drifting(claim, until=3000).time.item(),
    "daily": lambda claim: daily(claim, until=3000).time.item(),
}
FEB_15, DEC_15 = 71, 739
"""Days from 6 December 2024 to 15 February 2025 and to 15 December 2026."""


def exact(exponent: float, arrivals: tuple[twin.Arrival, ...]) -> float:
    """P ** a falls by a c a day, c = r m / P(A) ** kappa; arrivals add to P."""
    a, present, now = 1 - exponent, 8200.0, 41.0
    fall = a * RATE / 8200**exponent
    for arrival in arrivals:
        power = present**a - fall * (arrival.day - now)
        if power <= 0:
            break
        present, now = power ** (1 / a) + arrival.size, float(arrival.day)
    return float(now + present**a / fall)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("counting", COUNTINGS)
def test_an_arrival_moves_the_date_of_the_last_man(road: str, counting: Counting) -> None:
    """A thousandth of a man must not take the others with him, nor may 1,000."""
    cases = [
        (0.95, twin.Arrival(FEB_15, 0.001), 483.37, 0.005),
        (0.95, twin.Arrival(FEB_15, 1000), 491.77, 0.005),
        (0.99, twin.Arrival(DEC_15, 1000), 2904.8, 0.05),
        (0.95, twin.Arrival(FEB_15, 0.0), 483.37, 0.005),
    ]
    for exponent, arrival, by_hand, tolerance in cases:
        claim = replace(CASE, counting=counting, strength_exponent=exponent)
        found = ROADS[road](replace(claim, reinforcements=(arrival,)))
        assert found == pytest.approx(by_hand, rel=0, abs=tolerance)
        assert found == pytest.approx(exact(exponent, (arrival,)), rel=1e-9)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("exponent", [1.0, 1.0 + 1e-12, 1.02, 2.0, 500.0, 1e300])
@pytest.mark.parametrize("growth", [0.0, 0.3])
def test_from_an_exponent_of_1_on_never(
    road: str, counting: Counting, exponent: float, growth: float
) -> None:
    """Also when the strength is too small for a float, and whoever arrives then."""
    claim = replace(CASE, strength_exponent=exponent, counting=counting, trend_per_week=growth)
    for size in (0.0, 1000.0):
        late = replace(claim, reinforcements=(twin.Arrival(400, size),))
        assert ROADS[road](late) == math.inf


@pytest.mark.parametrize("road", ROADS)
def test_a_strength_too_small_for_a_float_is_not_yet_gone(road: str) -> None:
    """At 0.9999 it is below 1e-308 men after a 14th of the time it takes to zero."""
    claim = replace(CASE, strength_exponent=0.9999, trend_per_week=0.3)
    need = 8200 / RATE / 1e-4
    expected = 41 + 7 / 0.3 * math.log1p(0.3 / 7 * need)
    assert ROADS[road](claim) == pytest.approx(expected, rel=1e-9)
    nobody = (twin.Arrival(math.floor(expected) - 5, 0.0),)
    assert ROADS[road](replace(claim, reinforcements=nobody)) == pytest.approx(expected, rel=1e-9)


arrivals = st.lists(
    st.builds(twin.Arrival, st.integers(42, 2000), st.floats(1e-3, 3000)), max_size=4
)


@settings(max_examples=50, deadline=None)
@given(exponent=st.floats(0.5, 0.995), late=arrivals)
def test_any_arrivals(exponent: float, late: list[twin.Arrival]) -> None:
    """As the power of the strength falls, by hand; both roads to a few digits of a day."""
    late = sorted(late, key=lambda arrival: arrival.day)
    claim = replace(CASE, strength_exponent=exponent, reinforcements=tuple(late))
    expected = exact(exponent, claim.reinforcements)
    assert bent(claim).time.item() == pytest.approx(expected, rel=1e-6)
    if expected < 600:
        assert daily(claim, until=600).time.item() == pytest.approx(expected, rel=1e-6)
