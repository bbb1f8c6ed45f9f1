"""Prelude, trend, exponent, pauses and arrivals: closed forms and published numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from simulate.engine.bent_line import Claim, Setting, bent_line
from simulate.engine.clock import Clock, Pause
from simulate.engine.first_passage import straight_line
from tests import slow_twin as twin
from tests.walks import COUNTINGS, Counting
from tests.walks import bent as passage

CASE = twin.Claim(start=0, as_of=41, count=3800, size=12000)
RATE = 3800 / 41
LADDER = (0.3, 0.5, 0.9, 1.0)
DAY = 1e-9


def when(claim: twin.Claim, q: float = 1.0) -> float:
    return passage(replace(claim, thresholds=(q,))).time.item()


def within(expected: object, tolerance: float = DAY) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


# --- nothing bends ---


@pytest.mark.parametrize("counting", COUNTINGS)
def test_the_straight_line_on_arrays(counting: Counting) -> None:
    rng = np.random.default_rng(0)
    n = 3000
    start = rng.uniform(-500, 500, n)
    as_of = start + rng.normal(30, 15, n)  # some before the start
    count, size = rng.normal(3800, 2500, n), rng.lognormal(9, 1, n)  # some counts not positive
    flat, once = np.zeros(n), np.ones(n)
    expected = straight_line(count, size, start, as_of, LADDER)
    nobody = [(start + 20, flat)]
    nothing = [Pause(as_of + 5, as_of + 9, once)]
    for arrivals, pauses in [([], []), (nobody, []), ([], nothing), (nobody, nothing)]:
        claim = Claim(count, size, start, as_of, start - 40, flat)
        clock = Clock(as_of, once, flat, pauses)
        found = bent_line(Setting(claim, clock, flat, arrivals, LADDER, counting))
        np.testing.assert_allclose(found.time, expected.time, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found.rate, expected.rate, rtol=1e-14)
        np.testing.assert_array_equal(found.passed, expected.passed)
        np.testing.assert_array_equal(found.over, expected.over)
    assert np.isinf(expected.time).any()
    assert expected.passed.any()
    assert expected.over.any()


def test_a_threshold_reached_on_the_day_of_the_count_has_passed() -> None:
    """C = q F, where the products and quotients of decimal numbers round either way."""
    for q in (np.arange(1, 101) / 100).tolist():
        for size in (1000.0, 7000.0, 11000.0, 12345.0):
            count = round(q * size, 9)
            exactly = replace(CASE, count=count, size=size, thresholds=(q,))
            assert passage(exactly).passed.item(), (q, size)
            before = replace(exactly, count=count * (1 - 1e-6))
            assert not passage(before).passed.item(), (q, size)


def test_those_who_arrived_are_among_the_sent() -> None:
    late = twin.Arrival(50, 2000)
    claim = replace(CASE, count=12001, reinforcements=(late,))
    assert passage(claim).over.item()
    assert not passage(replace(claim, reinforcements=(replace(late, day=30),))).over.item()


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize(
    ("count", "as_of"), [(0.0, 41.0), (-5.0, 41.0), (3800.0, 0.0), (3800.0, -3.0), (-1.0, -1.0)]
)
def test_no_positive_rate_is_never(count: float, as_of: float, counting: Counting) -> None:
    bend: dict[str, Any] = {
        "trend_per_week": 0.1,
        "strength_exponent": 0.5,
        "pauses": (twin.Pause(50, 60),),
        "reinforcements": (twin.Arrival(20, 500),),
        "prelude": twin.Prelude(-20, 0.5),
    }
    claim = replace(CASE, counting=counting, thresholds=LADDER, **bend)
    found = passage(claim, replace(claim, count=count, as_of=as_of))
    alone = passage(claim)
    assert found.time[:, 0].tolist() == alone.time.ravel().tolist()
    assert found.time[:, 1].tolist() == [math.inf] * 4
    assert found.rate.tolist() == [alone.rate.item(), 0.0]
    assert not found.passed[:, 1].any()
    assert not found.over[1]


# --- closed forms ---


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize(
    ("bend", "q", "published"),
    [
        ({}, 1, 129.4737),
        ({"trend_per_week": 0.05}, 1, 109.5690),
        ({"trend_per_week": -0.02}, 1, 142.9894),
        ({"trend_per_week": -0.05}, 1, 180.9370),
        ({"strength_exponent": 1}, 0.5, 68.6369),
        ({"strength_exponent": 1}, 0.9, 211.0298),
        ({"strength_exponent": 1}, 1, math.inf),
        ({"strength_exponent": 0.5}, 0.5, 66.5868),
        ({"strength_exponent": 0.5}, 1, 217.9474),
    ],
)
def test_published_crossings(
    bend: dict[str, Any], q: float, published: float, counting: Counting
) -> None:
    assert when(replace(CASE, counting=counting, **bend), q) == within(published, 0.5e-4)


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("g", [-0.04, 1e-9, 0.03])
@pytest.mark.parametrize("kappa", [0.0, 0.3, 1.0 - 1e-7, 1.0, 1.7])
def test_the_ladder_in_closed_form(g: float, kappa: float, counting: Counting) -> None:
    """The clock of the trend, and what of it the strength needs from S(A) to (1 - q) F."""
    claim = replace(
        CASE, counting=counting, trend_per_week=g, strength_exponent=kappa, thresholds=LADDER
    )

    def exact(q: float) -> float:
        if q * 12000 <= 3800:
            return q * 12000 / RATE
        u = (1 - q) * 12000 / 8200
        if kappa == 1:
            need = -math.log(u) if u else math.inf
        elif u:
            need = (1 - u ** (1 - kappa)) / (1 - kappa)
        else:
            need = 1 / (1 - kappa) if kappa < 1 else math.inf
        bracket = 1 + g / 7 * need * 8200 / RATE
        if g > 0:
            return 41 + 7 / g * math.log(bracket)
        return 41 + 7 / g * math.log(bracket) if bracket > 0 else math.inf

    # A power so near to 1 leaves nine digits of its difference from it.
    tolerance = 1e-5 if 0 < abs(1 - kappa) < 1e-3 or g == 1e-9 else 1e-9
    expected = [exact(q) for q in LADDER]
    assert passage(claim).time.ravel().tolist() == pytest.approx(expected, rel=tolerance)


def test_a_trend_that_dies_out() -> None:
    """70 RATE is all that is lost after the count: 3800 + 6488 of 12000."""
    claim = replace(CASE, trend_per_week=-0.1)
    last = (3800 + 70 * RATE) / 12000
    assert math.isfinite(when(claim, last - 1e-6))
    assert when(claim, last + 1e-6) == math.inf
    assert when(replace(claim, multiplier=2.0), last + 1e-6) < 400
    assert when(replace(claim, multiplier=0.0), 0.32) == math.inf
    assert when(replace(claim, multiplier=0.0), 0.3) == within(3600 / RATE)


def test_a_prelude() -> None:
    claim = replace(CASE, prelude=twin.Prelude(-60, 0.25))
    rate = 3800 / (41 + 0.25 * 60)
    assert passage(claim).rate.item() == pytest.approx(rate, rel=1e-14)
    assert when(claim) == within(41 + 8200 / rate)
    assert when(claim, 0.3) == within((3600 - 15 * rate) / rate)
    assert when(claim, 0.05) == within(-60 + 600 / (0.25 * rate))
    assert when(replace(claim, prelude=twin.Prelude(-60, 0))) == within(12000 / RATE)
    assert when(replace(claim, prelude=twin.Prelude(-60, 1))) == within(-60 + 12000 * 101 / 3800)


def test_men_who_arrive_during_the_prelude() -> None:
    """They count from the day they come: 800 of 12000 were lost some days before it."""
    rate = 3800 / (41 + 0.25 * 60)
    lost_by = 0.25 * rate * 50  # ten days before the start, 848 men
    claim = replace(
        CASE, prelude=twin.Prelude(-60, 0.25), reinforcements=(twin.Arrival(-10, 6000),)
    )
    assert lost_by > 800
    assert when(claim, 800 / 12000) == within(-60 + 800 / (0.25 * rate))
    assert when(claim, 0.075) == within((0.075 * 18000 - 15 * rate) / rate)
    assert when(claim) == within(41 + (18000 - 3800) / rate)


@pytest.mark.parametrize("counting", COUNTINGS)
def test_a_pause_moves_the_date_by_its_length(counting: Counting) -> None:
    claim = replace(CASE, counting=counting)
    half, whole = when(claim, 0.5), when(claim)
    periods: list[tuple[list[tuple[float, float, float]], tuple[float, float]]] = [
        ([(50, 60, 0)], (10, 10)),
        ([(50, 60, 0.25)], (7.5, 7.5)),
        ([(90, 100, 0)], (0, 10)),
        ([(43, 44.5, 0), (90, 100, 0)], (1.5, 11.5)),
        ([(200, 300, 0)], (0, 0)),
        ([(60, 70, 0), (70, 71, 0)], (11, 11)),
        ([(half - 1, half + 9, 0.5)], (1, 5)),
        ([(31, 51, 0)], (10, 10)),  # what lies before the count is in the rate
        ([(10, 20, 0)], (0, 0)),
    ]
    for pauses, moved in periods:
        paused = replace(claim, pauses=tuple(twin.Pause(*pause) for pause in pauses))
        assert when(paused, 0.5) == within(half + moved[0])
        assert when(paused) == within(whole + moved[1])


@pytest.mark.parametrize("q", [0.5, 0.9, 1])
@pytest.mark.parametrize("days", [(55, 20), (20, 55), (5, 10), (60, 45), (41, 0)])
def test_reinforcements_move_the_date(q: float, days: tuple[float, float]) -> None:
    """By N / r counted by strength, by q N / r counted by casualties, in any order."""
    arrivals = twin.Arrival(days[0], 900), twin.Arrival(days[1], 400)
    claim, plain = replace(CASE, reinforcements=arrivals), q * 12000 / RATE
    assert when(replace(claim, counting="strength"), q) == within(plain + 1300 / RATE)
    assert when(claim, q) == within(plain + q * 1300 / RATE)
    late = replace(claim, reinforcements=(twin.Arrival(plain + 0.1, 900), twin.Arrival(300, 1)))
    assert when(late, q) == within(plain)
    # After the first one has moved it, the second comes in time.
    chain = replace(
        claim,
        counting="strength",
        reinforcements=(twin.Arrival(plain + 900 / RATE - 0.1, 400), twin.Arrival(50, 900)),
    )
    assert when(chain, q) == within(plain + 1300 / RATE)


def test_arrivals_raise_a_rate_that_follows_the_strength() -> None:
    claim = replace(
        CASE,
        strength_exponent=1.0,
        reinforcements=(twin.Arrival(50, 3000),),
        counting="strength",
    )
    decay = RATE / 8200
    at_50 = 8200 * math.exp(-decay * 9) + 3000
    assert when(claim, 0.5) == within(50 + math.log(at_50 / 6000) / decay)
    early = replace(claim, reinforcements=(twin.Arrival(30, 3000),))
    assert when(early, 0.5) == within(41 + 11200 / RATE * math.log(11200 / 6000))


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 1.5])
@pytest.mark.parametrize("count", [12000.0, 13000.0])
def test_arrivals_after_all_were_lost(count: float, exponent: float, counting: Counting) -> None:
    """What is over is over, without a warning about a strength of zero."""
    arrivals = twin.Arrival(50, 4000), twin.Arrival(50, 0), twin.Arrival(300, 5000)
    claim = replace(CASE, count=count, counting=counting, strength_exponent=exponent)
    found = passage(replace(claim, reinforcements=arrivals, thresholds=LADDER))
    assert found.time.ravel().tolist() == within([q * 12000 * 41 / count for q in LADDER])
