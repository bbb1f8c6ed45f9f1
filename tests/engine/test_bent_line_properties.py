"""Prelude, trend, exponent, pauses and arrivals: the slow twin, and what holds of every claim."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import slow_twin as twin
from tests.engine.test_bent_line import CASE, DAY, when
from tests.walks import COUNTINGS, claims, moved
from tests.walks import bent as passage

MEN = 2e-4
"""Share of the force by which the walk may be off: its steps are a quarter of a day, and their
relative error a 24th of the square of what the logarithm of the rate changes in one."""
LAST = 400.0


def bounds(claim: twin.Claim) -> tuple[float, float]:
    """When the walk reaches a little less, and when a little more."""
    (q,) = claim.thresholds
    path = twin.walk(replace(claim, thresholds=(q - MEN, q + MEN)), step=0.25, days=LAST)
    low, high = path.crossings
    return min(low, LAST), high


@settings(max_examples=150, deadline=None)
@given(claim=claims())
def test_the_slow_twin(claim: twin.Claim) -> None:
    low, high = bounds(claim)
    assert low - DAY <= when(claim, claim.thresholds[0]) <= high + DAY


def test_the_slow_twin_tells_a_nearby_model() -> None:
    claim = replace(
        CASE,
        thresholds=(0.8,),
        prelude=twin.Prelude(-30, 0.3),
        multiplier=1.1,
        trend_per_week=-0.03,
        strength_exponent=0.4,
        pauses=(twin.Pause(35, 45, 0.2), twin.Pause(60, 70)),
        reinforcements=(twin.Arrival(80, 700), twin.Arrival(20, 300)),
    )
    low, high = bounds(claim)
    assert low <= when(claim, 0.8) <= high
    assert high - low < 0.2
    others: list[dict[str, Any]] = [
        {"counting": "strength"},
        {"prelude": twin.Prelude(-30, 0.31)},
        {"multiplier": 1.11},
        {"trend_per_week": -0.031},
        {"strength_exponent": 0.41},
        {"pauses": (twin.Pause(35, 45.3, 0.2), twin.Pause(60, 70))},
        {"pauses": (twin.Pause(35, 45, 0.2), twin.Pause(60, 70, 0.03))},
        {"reinforcements": (twin.Arrival(80, 730), twin.Arrival(20, 300))},
        {"reinforcements": (twin.Arrival(80, 700), twin.Arrival(45, 300))},
    ]
    for other in others:
        assert not low <= when(replace(claim, **other), 0.8) <= high, other


@settings(max_examples=50, deadline=None)
@given(
    drawn=st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from(COUNTINGS)).flatmap(
        lambda form: st.lists(
            claims(pauses=form[0], arrivals=form[1], countings=(form[2],)), min_size=2, max_size=6
        )
    )
)
def test_draws_do_not_mix(drawn: list[twin.Claim]) -> None:
    """Each with its own order of arrivals, trend or none, exponent or none."""
    q = drawn[0].thresholds[0]
    together = passage(*(replace(claim, thresholds=(q,)) for claim in drawn))
    alone = [passage(replace(claim, thresholds=(q,))) for claim in drawn]
    for name in ("time", "rate", "passed", "over"):
        expected = np.concatenate([getattr(one, name) for one in alone], axis=-1)
        np.testing.assert_allclose(getattr(together, name), expected, rtol=1e-12)


@settings(deadline=None)
@given(claim=claims(), ladder=st.lists(st.floats(0.01, 1), min_size=2, max_size=6, unique=True))
def test_a_ladder_is_its_rungs(claim: twin.Claim, ladder: list[float]) -> None:
    ladder = sorted(ladder)
    times = passage(replace(claim, thresholds=tuple(ladder))).time.ravel().tolist()
    assert times == sorted(times)
    assert times == [when(claim, q) for q in ladder]


# --- properties ---

SLIGHTLY = 1e-7
"""Rounding of counts and dates, as a share of the force."""


def not_before(later: twin.Claim, sooner: twin.Claim, moved: float = 0.0) -> bool:
    """Whether one date is not before the other, apart from rounding."""
    (q,), (p,) = later.thresholds, sooner.thresholds
    return when(later, q + SLIGHTLY) >= when(sooner, p - SLIGHTLY) + moved - 1e-7


def same(one: twin.Claim, other: twin.Claim, moved: float = 0.0) -> bool:
    """Whether `one` comes `moved` days after `other`, apart from rounding."""
    return not_before(one, other, moved) and not_before(other, one, -moved)


@settings(deadline=None)
@given(claim=claims(), factor=st.floats(1, 3))
def test_more_force_is_never_earlier(claim: twin.Claim, factor: float) -> None:
    if claim.strength_exponent:
        # Arrivals of a given size keep up the rate of a small force more than of a large one, so
        # that with them the larger one may be through earlier.
        claim = replace(claim, reinforcements=())
    assert not_before(replace(claim, size=claim.size * factor), claim)


@settings(deadline=None)
@given(claim=claims(), factor=st.floats(1, 3))
def test_more_losses_are_never_later(claim: twin.Claim, factor: float) -> None:
    assert not_before(claim, replace(claim, count=claim.count * factor))


@settings(deadline=None)
@given(claim=claims(), more=st.floats(0, 0.5))
def test_a_higher_threshold_a_faster_rate(claim: twin.Claim, more: float) -> None:
    assert not_before(claim, replace(claim, multiplier=claim.multiplier + more))
    assert not_before(claim, replace(claim, trend_per_week=claim.trend_per_week + more))


@settings(deadline=None)
@given(claim=claims(), days=st.floats(-2000, 2000))
def test_a_shift_of_every_date(claim: twin.Claim, days: float) -> None:
    assert same(moved(claim, days), claim, days)


@settings(deadline=None)
@given(claim=claims(), factor=st.floats(1e-3, 1e3))
def test_another_unit(claim: twin.Claim, factor: float) -> None:
    scaled = replace(
        claim,
        count=claim.count * factor,
        size=claim.size * factor,
        reinforcements=tuple(replace(r, size=r.size * factor) for r in claim.reinforcements),
    )
    assert same(scaled, claim)


either_way = st.one_of(
    claims(countings=("strength",)), claims(countings=("casualties",), exponents=st.just(0.0))
)


@settings(deadline=None)
@given(claim=either_way, day=st.floats(20, 200), size=st.floats(0, 5000))
def test_reinforcements_never_bring_the_date_forward(
    claim: twin.Claim, day: float, size: float
) -> None:
    more = (*claim.reinforcements, twin.Arrival(day, size))
    assert not_before(replace(claim, reinforcements=more), claim)


@settings(deadline=None)
@given(claim=either_way, gap=st.floats(0, 90), days=st.floats(0, 60), intensity=st.floats(0, 1))
def test_pauses_never_bring_the_date_forward(
    claim: twin.Claim, gap: float, days: float, intensity: float
) -> None:
    edge = max([claim.start, *(pause.end for pause in claim.pauses)]) + gap
    more = (*claim.pauses, twin.Pause(edge, edge + days, intensity))
    assert not_before(replace(claim, pauses=more), claim)


@settings(deadline=None)
@given(claim=claims(exponents=st.just(0.0), pauses=0), days=st.floats(0, 60))
def test_a_pause_of_n_days_moves_the_date_by_n(claim: twin.Claim, days: float) -> None:
    """Without a trend, and with nobody arriving in between."""
    plain = replace(claim, trend_per_week=0.0, reinforcements=claim.reinforcements[:0])
    assume(when(plain, plain.thresholds[0]) > plain.as_of + 1)
    paused = replace(plain, pauses=(twin.Pause(plain.as_of + 0.5, plain.as_of + 0.5 + days),))
    assert same(paused, plain, days)


def test_the_properties_can_fail() -> None:
    """The comparison notices a hundred-thousandth of the force."""
    claim = replace(CASE, thresholds=(0.8,), trend_per_week=0.02, strength_exponent=0.5)
    assert same(claim, claim)
    more = replace(claim, size=claim.size * 1.00001)
    assert not not_before(claim, more)
    assert not same(claim, more)
    assert not same(claim, claim, 1e-3)
