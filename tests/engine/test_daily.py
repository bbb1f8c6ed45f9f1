"""The walk by days: closed forms, reference values, the slow twin, and its edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import slow_twin as twin
from tests.walks import (
    COUNTINGS,
    Counting,
    bent,
    claims,
    daily,
    departures,
)

CASE = twin.Claim(start=0, as_of=41, count=3800, size=12000)
RATE = 3800 / 41
RETURNS = twin.Wounded(share=0.75, return_share=0.5, return_days=45, stages=3)
LADDER = (0.3, 0.5, 0.9, 1.0)
DAY = 1e-9
LAST = 400.0


pytestmark = pytest.mark.usefixtures("no_endless_walk")


def when(claim: twin.Claim, q: float = 1.0, until: float = LAST) -> float:
    return daily(replace(claim, thresholds=(q,)), until=until).time.item()


def within(expected: object, tolerance: float = DAY) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


# --- where the closed form applies ---

ROUNDED = 1e-12
"""Share of the force by which 400 sums may be off; each rounds by 1e-16 of it."""


def agrees_with_the_closed_form(claim: twin.Claim, found: float, off: float = ROUNDED) -> bool:
    """Whether a first passage lies between those of a little less and a little more."""
    (q,) = claim.thresholds
    low, high = bent(replace(claim, thresholds=(q - off, q + off))).time.ravel().tolist()
    return bool(min(low, LAST) - DAY <= found and min(found, LAST) <= high + DAY)


@settings(max_examples=60, deadline=None)
@given(claim=claims())
def test_the_closed_form(claim: twin.Claim) -> None:
    """Trend, exponent, pauses, arrivals, prelude and either way of counting, walked by days."""
    assert agrees_with_the_closed_form(claim, when(claim, *claim.thresholds))


@settings(max_examples=15, deadline=None)
@given(claim=claims(), days=st.floats(1, 9))
def test_the_closed_form_with_departures_that_change_nothing(
    claim: twin.Claim, days: float
) -> None:
    """Rotation at the same intensity without a difference in rest; a drift of no spread."""
    spell = twin.Spell(line_days=days, rest_days=2, rest_intensity=1.0)
    idle = replace(claim, spells=(spell,) * 300, drift=(0.0, 0.0))
    assert agrees_with_the_closed_form(claim, when(idle, *claim.thresholds))


@settings(max_examples=15, deadline=None)
@given(claim=claims(countings=("casualties",), exponents=st.just(0.0)), departing=departures())
def test_losses_at_a_rate_of_their_own_do_not_ask_who_came_back(
    claim: twin.Claim, departing: twin.Claim
) -> None:
    """Counted by casualties the date does not depend on those who return."""
    returning = replace(claim, wounded=departing.wounded)
    assert agrees_with_the_closed_form(claim, when(returning, *claim.thresholds))


def test_the_closed_form_tells_a_nearby_model() -> None:
    claim = replace(CASE, thresholds=(0.8,), trend_per_week=0.02, strength_exponent=0.5)
    found = when(claim, 0.8)
    assert agrees_with_the_closed_form(claim, found)
    for other in (
        replace(claim, size=12000 * (1 + 1e-9)),
        replace(claim, trend_per_week=0.02 + 1e-9),
        replace(claim, strength_exponent=0.5 + 1e-9),
        replace(claim, as_of=41 + 1e-8),
    ):
        assert not agrees_with_the_closed_form(other, found)


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("kappa", [0.0, 0.1, 0.5, 0.75, 0.9, 0.97, 1.0, 1.5, 2.0])
def test_the_last_men(kappa: float, counting: Counting) -> None:
    """With an exponent near 1 they take months: a millionth of a millionth is not nobody."""
    claim = replace(CASE, counting=counting, strength_exponent=kappa, thresholds=LADDER)
    expected = bent(claim).time.ravel()
    found = daily(claim, until=5000.0).time.ravel()
    assert found.tolist() == [within(time, 1e-8) for time in expected.tolist()]
    assert np.isinf(expected[-1]) == (kappa >= 1)


# --- reference values, the order of the error ---


@pytest.mark.parametrize(
    ("stages", "q", "published"),
    [(3, 0.3, 41.9996), (3, 0.5, 77.9207), (3, 1.0, 180.1633), (1, 1.0, 180.6454)],
)
def test_published_crossings_with_returns(stages: int, q: float, published: float) -> None:
    """To half a digit."""
    claim = replace(CASE, counting="strength", wounded=replace(RETURNS, stages=stages))
    assert when(claim, q) == within(published, 0.6e-4)
    other = replace(claim, wounded=replace(RETURNS, return_days=45.1, stages=stages))
    assert when(other, q) != within(published, 0.6e-4)


def slower(claim: twin.Claim, factor: float) -> twin.Claim:
    """The same dynamics, all of it `factor` times as slow: steps of a day are finer."""
    return replace(
        claim,
        as_of=claim.as_of * factor,
        trend_per_week=claim.trend_per_week / factor,
        wounded=replace(claim.wounded, return_days=claim.wounded.return_days * factor),
        reinforcements=tuple(replace(r, day=r.day * factor) for r in claim.reinforcements),
    )


@pytest.mark.parametrize("kappa", [0.3, 0.8, 1.6])
def test_the_error_shrinks_with_the_square_of_the_step(kappa: float) -> None:
    """Steps of a half and of a quarter day: at least three times less, and less than 0.005."""
    claim = replace(
        CASE,
        counting="strength",
        strength_exponent=kappa,
        trend_per_week=0.05,
        wounded=twin.Wounded(0.8, 0.6, 12.0, 2),
        reinforcements=(twin.Arrival(60, 900),),
    )
    ladder = (0.3, 0.37, 0.44, 0.51, 0.58)
    claim = replace(claim, thresholds=ladder)
    exact = twin.walk(claim, step=0.02, days=LAST).crossings
    off = []
    for factor in (1, 2, 4):
        found = daily(slower(claim, factor), until=LAST * factor).time.ravel() / factor
        off.append(float(np.abs(found - exact).max()))
    assert off[0] < 0.005
    assert off[2] < off[0] / 9


# --- the slow twin ---


def bounds(claim: twin.Claim) -> tuple[float, float]:
    """When the slow walk reaches a little less, and when a little more.

    Its steps of a quarter day are off by 2e-4 of the force, as in the tests of the closed form.

    Where losses follow the strength, a man more means `felt` more losses a day: the exponent times
    the share that is lost in a day. In a step of a day the strength is taken to be straight between
    its ends, from which it departs by an eighth of its curvature: by its losses, which change as
    they are felt, and by those who return, at most the highest rate of those who will times the
    rate at which they leave a stage. The strength that suffers the losses of a day holds half of
    those who came the day before instead of that day; and it holds them all day long, which is off
    by felt ** 2 / 12 of them (1 - (1 - exp(-felt)) / felt against (1 - exp(-felt)) / 2).
    """
    (q,) = claim.thresholds
    ill = claim.wounded
    path = twin.walk(replace(claim, thresholds=(1.01 * q,)), step=0.5, days=LAST)
    spans = np.diff(path.times)
    walked = spans > 1e-9
    lost = np.diff(path.losses)[walked] / spans[walked]
    back = lost + np.diff(path.present)[walked] / spans[walked]
    share = np.minimum(lost / np.maximum(np.asarray(path.present[:-1])[walked], 1.0), 1.0)
    felt = claim.strength_exponent * share
    curved = lost.max() * ill.share * ill.return_share * ill.stages / ill.return_days
    curved += (felt * lost).max()
    late = felt[1:] @ np.abs(np.diff(back)) / 2
    early = felt**2 @ (np.abs(back) * spans[walked]) / 12
    off = 2e-4 + float(curved / 8 + late + early) / claim.size
    path = twin.walk(replace(claim, thresholds=(q - off, q + off)), step=0.25, days=LAST)
    low, high = path.crossings
    return min(low, LAST), high


@settings(max_examples=20, deadline=None)
@given(claim=departures())
def test_the_slow_twin(claim: twin.Claim) -> None:
    low, high = bounds(claim)
    found = when(claim, *claim.thresholds)
    assert low - DAY <= found
    assert min(found, LAST) <= high + DAY


def test_a_pause_from_the_middle_of_a_day() -> None:
    """Where days do not end at midnight the losses of such a day fall on a part of it."""
    returning = replace(CASE, counting="strength", wounded=RETURNS, as_of=41.6)
    for begin in (60.0, 60.3):
        claim = replace(returning, pauses=(twin.Pause(begin, begin + 5.5, 0.0),))
        before = twin.walk(replace(claim, thresholds=(1.0,)), step=0.05, days=begin).present[-1]
        q = 1 - (before + 10.0) / 12000  # an eighth of a day before the pause
        found = when(claim, q)
        # Of 91 a day some twenty come back.
        assert found == within(begin - 10.0 / 71, 0.04)
        low, high = bounds(replace(claim, thresholds=(q,)))
        assert low - DAY <= found <= high + DAY


EVERYTHING = replace(
    CASE,
    thresholds=(0.8,),
    counting="strength",
    prelude=twin.Prelude(-30, 0.3),
    multiplier=1.1,
    trend_per_week=0.02,
    drift=(0.0, *(0.3 * math.sin(i / 5) for i in range(1, 300))),
    strength_exponent=0.7,
    wounded=twin.Wounded(0.7, 0.6, 20, 2),
    reinforcements=(twin.Arrival(20.25, 700), twin.Arrival(80.5, 1000), twin.Arrival(80.5, 10)),
    pauses=(twin.Pause(60.3, 70.7, 0.2),),
    spells=tuple(twin.Spell(1 + i % 3 / 4, 8, 0.05, 6, 0.2) for i in range(60)),
)


def changed(claim: twin.Claim, **spell: float) -> tuple[twin.Spell, ...]:
    return tuple(replace(one, **spell) for one in claim.spells)


def test_the_slow_twin_tells_a_nearby_model() -> None:
    ladder = (0.4, 0.6, 0.8)
    allowed = [bounds(replace(EVERYTHING, thresholds=(q,))) for q in ladder]
    assert all(high - low < 0.5 for low, high in allowed)

    def agrees(claim: twin.Claim) -> bool:
        times = daily(replace(claim, thresholds=ladder), until=LAST).time.ravel()
        return all(low <= time <= high for time, (low, high) in zip(times, allowed, strict=True))

    assert agrees(EVERYTHING)
    others: list[dict[str, Any]] = [
        {"counting": "casualties"},
        {"prelude": twin.Prelude(-30, 0.31)},
        {"multiplier": 1.11},
        {"trend_per_week": 0.022},
        {"strength_exponent": 0.72},
        {"drift": tuple(1.2 * level for level in EVERYTHING.drift)},
        {"drift": tuple(-level for level in EVERYTHING.drift)},
        {"wounded": twin.Wounded(0.7, 0.61, 20, 2)},
        {"wounded": twin.Wounded(0.7, 0.6, 20.5, 2)},
        {"wounded": twin.Wounded(0.7, 0.6, 20, 3)},
        {"reinforcements": EVERYTHING.reinforcements[:2]},
        {"pauses": (twin.Pause(60.3, 71.7, 0.2),)},
        {"spells": changed(EVERYTHING, line_days=7.5)},
        {"spells": changed(EVERYTHING, at_loss_share=0.051)},
        {"spells": changed(EVERYTHING, rest_days=6.2)},
        {"spells": changed(EVERYTHING, rest_intensity=0.22)},
        {"spells": (EVERYTHING.spells[0], *EVERYTHING.spells[2:])},
    ]
    for other in others:
        assert not agrees(replace(EVERYTHING, **other)), other


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("day", [-10.0, 0.0, 20.0, 40.0, 41.0, 42.0, 60.0, 60.5, 99.0])
def test_arrivals_on_and_between_the_ends_of_days(day: float, counting: Counting) -> None:
    """On a tick, on the day of the count, at the same moment as another, before the start."""
    first = day if day >= 0 else 0.0  # those who come before it are sent from the first
    here = replace(EVERYTHING, counting=counting, prelude=None)
    several = twin.Arrival(day, 600), twin.Arrival(60, 300), twin.Arrival(day, 1)
    claim = replace(here, reinforcements=several)
    known = tuple(replace(r, day=first if r.day == day else r.day) for r in several)
    low, high = bounds(replace(claim, reinforcements=known))
    assert low - DAY <= when(claim, 0.8) <= high + DAY
    fewer = when(replace(claim, reinforcements=several[1:]), 0.8)
    assert not low - DAY <= fewer <= high + DAY


def test_the_shortest_time_there_is_between_two_events() -> None:
    """The sum of those who recover rounds, and over 5e-324 days that is any number a day."""
    claim = replace(
        CASE,
        start=-4.0,
        as_of=70.0,
        counting="strength",
        strength_exponent=1.0,
        prelude=twin.Prelude(-26.0, 0.5),
        wounded=twin.Wounded(0.97, 1.0, 8.0, 3),
    )
    for days in (5e-324, 1e-300, 1e-12):
        at = replace(claim, reinforcements=(twin.Arrival(-days, 4.0),))
        near = replace(at, reinforcements=(twin.Arrival(-5e-7, 4.0),))
        assert when(at, 0.1) == within(when(near, 0.1), 1e-6)


# --- draws ---


@settings(max_examples=12, deadline=None)
@given(
    drawn=st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.sampled_from(COUNTINGS), st.integers(1, 4)
    ).flatmap(
        lambda form: st.lists(
            departures(pauses=form[0], arrivals=form[1], countings=(form[2],), stages=form[3]),
            min_size=2,
            max_size=4,
        )
    ),
    ladder=st.lists(st.floats(0.05, 1), min_size=1, max_size=3, unique=True).map(sorted),
)
def test_a_draw_alone_and_in_a_crowd(drawn: list[twin.Claim], ladder: list[float]) -> None:
    """The same bits, whatever happens to others and whoever has dropped out."""
    each = [replace(claim, thresholds=tuple(ladder)) for claim in drawn]
    ends = [200.0 - 31.0 * i for i in range(len(each))]
    crowd = daily(*each, until=ends)
    for i, (claim, end) in enumerate(zip(each, ends, strict=True)):
        alone = daily(claim, until=end)
        for name in ("time", "rate", "passed", "over"):
            one, among = getattr(alone, name)[..., 0], getattr(crowd, name)[..., i]
            assert one.tolist() == among.tolist(), (i, name)


def test_others_events_of_the_same_day_change_nothing() -> None:
    """A draw that has come to the end of a day waits there for one with more to go through."""
    claim = replace(
        EVERYTHING,
        spells=EVERYTHING.spells[:1],
        reinforcements=(twin.Arrival(60.25, 500), twin.Arrival(300, 1)),
    )
    busier = replace(claim, reinforcements=(twin.Arrival(60.5, 900), twin.Arrival(60.75, 1)))
    assert daily(claim, busier, until=LAST).time[0, 0] == when(claim, 0.8)


def test_a_ladder_is_its_rungs() -> None:
    for counting in COUNTINGS:
        claim = replace(EVERYTHING, counting=counting, thresholds=LADDER)
        times = daily(claim, until=LAST).time.ravel().tolist()
        assert times == sorted(times)
        assert times == [when(claim, q) for q in LADDER]
