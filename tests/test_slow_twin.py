"""The slow twin against the page's numbers, closed forms and the balance of men."""

import math
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import integrate, stats

from tests.slow_twin import (
    Arrival,
    Claim,
    Path,
    Pause,
    Prelude,
    Spell,
    Wounded,
    walk,
)

CASE = Claim(start=0, as_of=41, count=3800, size=12000)
RATE = 3800 / 41
ROUNDING = 1e-8  # some thousand sums of numbers below 1e4, in men or, at RATE, in days
RETURNS = Wounded(share=0.75, return_share=0.5, return_days=45, stages=3)
STRENGTH: dict[str, Any] = {"counting": "strength"}


def crossings(claim: Claim, step: float = 0.5, days: float = 400) -> tuple[float, ...]:
    return walk(claim, step=step, days=days).crossings


def crossing(claim: Claim, q: float = 1.0, step: float = 0.5, days: float = 400) -> float:
    return crossings(replace(claim, thresholds=(q,)), step, days)[0]


def within(expected: object, tolerance: float = ROUNDING) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


PUBLISHED = [
    ({}, 1, 129.4737),
    ({"trend_per_week": 0.05}, 1, 109.5690),
    ({"trend_per_week": -0.02}, 1, 142.9894),
    ({"trend_per_week": -0.05}, 1, 180.9370),
    ({"strength_exponent": 1}, 0.5, 68.6369),
    ({"strength_exponent": 1}, 0.9, 211.0298),
    ({"strength_exponent": 0.5}, 0.5, 66.5868),
    ({"strength_exponent": 0.5}, 1, 217.9474),
    ({"wounded": RETURNS, **STRENGTH}, 0.3, 41.9996),
    ({"wounded": RETURNS, **STRENGTH}, 0.5, 77.9207),
    ({"wounded": RETURNS, **STRENGTH}, 1, 180.1633),
    ({"wounded": replace(RETURNS, stages=1), **STRENGTH}, 1, 180.6454),
]


@pytest.mark.parametrize(("bend", "q", "published"), PUBLISHED)
def test_published_crossings(bend: dict[str, Any], q: float, published: float) -> None:
    claim = replace(CASE, **bend)
    assert crossing(claim, q) == within(published, 0.4 if published == 217.9474 else 0.1)
    coarse, fine = crossing(claim, q, step=0.1), crossing(claim, q, step=0.05)
    # The error shrinks fourfold, or twofold at the end of a strength, and is far from erratic.
    left = 2 * abs(coarse - fine)
    assert left < 0.1
    assert fine == within(published, 0.5e-4 + left + ROUNDING)


@pytest.mark.parametrize(
    ("bend", "q", "exact"),
    [
        ({"trend_per_week": 0.05}, 1, 41 + 140 * math.log1p(0.05 * 8200 / (7 * RATE))),
        ({"trend_per_week": -0.05}, 1, 41 - 140 * math.log1p(-0.05 * 8200 / (7 * RATE))),
        ({"strength_exponent": 1}, 0.5, 41 + 8200 / RATE * math.log(8200 / 6000)),
        ({"strength_exponent": 0.5}, 0.5, 41 + 2 * 8200 / RATE * (1 - math.sqrt(6000 / 8200))),
    ],
)
def test_the_error_shrinks_with_the_square_of_the_step(
    bend: dict[str, Any], q: float, exact: float
) -> None:
    claim = replace(CASE, **bend)
    errors = [abs(crossing(claim, q, step=step) - exact) for step in (8, 2, 0.5, 0.125)]
    for coarse, fine in pairwise(errors):
        assert fine < coarse / 4  # 16 but for where in its step the crossing falls
    assert errors[0] > 1e-3
    assert errors[-1] < errors[0] / 1000


def test_the_end_of_a_strength_shrinks_with_the_step() -> None:
    """S' = -RATE sqrt(S / 8200) ends 2 * 8200 / RATE days after the count."""
    claim, exact = replace(CASE, strength_exponent=0.5), 41 + 2 * 8200 / RATE
    for step in (2.0, 0.5, 0.1, 0.02):
        assert crossing(claim, step=step) == within(exact, 2 * step)


@pytest.mark.parametrize("q", [0.05, 0.3, 0.5, 0.9, 1])
@pytest.mark.parametrize("counting", ["casualties", "strength"])
def test_nothing_bends(q: float, counting: Any) -> None:
    for step in (0.37, 1, 50):
        assert crossing(replace(CASE, counting=counting), q, step) == within(q * 12000 / RATE)


def test_before_the_count_nothing_bends() -> None:
    bend: dict[str, Any] = {"multiplier": 3, "trend_per_week": 0.4, "strength_exponent": 1}
    late = Spell(line_days=1, rest_days=5), Spell(4)
    claim = replace(CASE, drift=(1.0, 2.0), spells=late, **bend)
    assert crossing(claim, 0.3) == within(0.3 * 12000 / RATE)
    assert crossing(claim, 0.33) != within(0.33 * 12000 / RATE, 0.1)


def test_a_prelude() -> None:
    claim = replace(CASE, prelude=Prelude(-60, 0.25))
    rate = 3800 / (41 + 0.25 * 60)
    assert crossing(claim) == within(41 + 8200 / rate)
    assert crossing(claim, 0.05) == within(-60 + 600 / (0.25 * rate))
    assert crossing(replace(claim, prelude=Prelude(-60, 0))) == within(12000 / RATE)
    assert crossing(replace(claim, prelude=Prelude(-60, 1))) == within(-60 + 12000 * 101 / 3800)


def test_a_multiplier_and_the_drift_that_equals_it() -> None:
    exact = 41 + 8200 / (RATE * 1.6)
    assert crossing(replace(CASE, multiplier=1.6)) == within(exact)
    assert crossing(replace(CASE, drift=(math.log(1.6),))) == within(exact)
    assert crossing(replace(CASE, multiplier=0.0)) == math.inf


def test_drift_by_the_day() -> None:
    x = [0.7, -0.2, 1.1, -3.0, 0.4]
    gains = accumulate(math.exp(value) for value in [*x, x[-1]])  # the last one stays
    for day, gain in enumerate(gains, start=42):
        path = walk(replace(CASE, drift=tuple(x)), step=0.3, days=day)
        assert path.losses[-1] == within(3800 + RATE * gain)


def test_rates_that_end_it_never() -> None:
    # 7 RATE / .1 are lost at most, 6488 of 8200.
    claim = replace(CASE, trend_per_week=-0.1)
    path = walk(claim, step=2, days=3000)
    assert path.crossings == (math.inf,)
    assert path.losses[-1] == within(3800 + 70 * RATE, 0.5)
    assert crossing(claim, 0.8) < 400
    assert crossing(replace(CASE, strength_exponent=1.0), days=3000, step=2) == math.inf
    assert crossing(replace(CASE, count=0.0)) == crossing(replace(CASE, count=-50.0)) == math.inf


@pytest.mark.parametrize("counting", ["casualties", "strength"])
def test_a_pause(counting: Any) -> None:
    claim = replace(CASE, counting=counting, thresholds=(0.5, 1.0))
    half, whole = crossings(claim)
    for pauses, moved in [
        ((Pause(50, 60),), (10, 10)),
        ((Pause(50, 60, 0.25),), (7.5, 7.5)),
        ((Pause(90, 100),), (0, 10)),
        ((Pause(90, 100), Pause(43, 44.5)), (1.5, 11.5)),
        ((Pause(200, 300),), (0, 0)),
        ((Pause(60, 70),), (10, 10)),
    ]:
        found = crossings(replace(claim, pauses=pauses))
        assert found == within((half + moved[0], whole + moved[1]))
    running = replace(claim, pauses=(Pause(half - 1, half + 9, 0.5),))
    assert crossings(running) == within((half + 1, whole + 5))


def test_a_pause_before_the_count_is_in_the_rate() -> None:
    plain = crossing(CASE)
    assert crossing(replace(CASE, pauses=(Pause(10, 20),))) == within(plain)
    assert crossing(replace(CASE, pauses=(Pause(10, 20),)), 0.25) == within(3000 / RATE)
    over = replace(CASE, pauses=(Pause(31, 51, 0.5),))  # half before, half after
    assert crossing(over) == within(plain + 5)
    assert crossing(over, 0.3) == within(3600 / RATE)


@pytest.mark.parametrize("q", [0.5, 1])
def test_reinforcements(q: float) -> None:
    once = replace(CASE, reinforcements=(Arrival(50, 900),))
    plain = q * 12000 / RATE
    assert crossing(replace(once, **STRENGTH), q) == within(plain + 900 / RATE)
    assert crossing(once, q) == within(plain + q * 900 / RATE)
    twice = replace(CASE, reinforcements=(Arrival(55, 400), Arrival(20, 900)))
    assert crossing(replace(twice, **STRENGTH), q) == within(plain + 1300 / RATE)
    assert crossing(twice, q) == within(plain + q * 1300 / RATE)
    late = replace(CASE, reinforcements=(Arrival(plain + 1, 900),))
    assert crossing(late, q) == within(plain)


def test_arrivals_raise_a_rate_that_follows_the_strength() -> None:
    claim = replace(CASE, strength_exponent=1.0, reinforcements=(Arrival(50, 3000),), **STRENGTH)
    decay = RATE / 8200
    at_50 = 8200 * math.exp(-decay * 9) + 3000
    assert crossing(claim, 0.5, 0.05) == within(50 + math.log(at_50 / 6000) / decay, 1e-4)
    # Those who are there on the day of the count are what later strengths are compared with.
    early = replace(claim, reinforcements=(Arrival(41, 3000),))
    exact = 41 + 11200 / RATE * math.log(11200 / 6000)
    assert crossing(early, 0.5, 0.05) == within(exact, 1e-4)


def test_a_force_counted_on_a_later_day() -> None:
    claim = replace(CASE, size=9000, size_as_of=30.0)
    assert crossing(claim) == within(30 + 9000 / RATE)
    assert crossing(claim, 0.5) == within(30 + 4500 / RATE)
    after = replace(CASE, size=5000, size_as_of=85.0, multiplier=0.5)
    assert crossing(after) == within(85 + 5000 / (0.5 * RATE))
    path = walk(claim, step=1, days=36)
    assert dict(zip(path.times, path.present, strict=True))[30.0] == within(9000)


@pytest.mark.parametrize("stages", [1, 3])
def test_returns_follow_an_erlang_delay(stages: int) -> None:
    """Of those lost at a constant rate as many are away as the delay's survival function adds."""
    path = walk(replace(CASE, wounded=replace(RETURNS, stages=stages)), step=0.1, days=90)
    delay = stats.gamma(stages, scale=45 / stages)
    for day, recovering, gone in zip(path.times, path.recovering, path.gone, strict=True):
        if day in (10.0, 41.0, 90.0):
            away, _ = integrate.quad(delay.sf, 0, day)
            assert recovering == within(RATE * 0.375 * away, 1e-2)
            assert gone == within(RATE * 0.625 * day)
    assert path.losses[-1] == within(RATE * 90)
    other, _ = integrate.quad(stats.gamma(2, scale=45 / 2).sf, 0, 90)
    assert path.recovering[-1] != within(RATE * 0.375 * other, 1)


def test_returns_only_matter_to_the_strength() -> None:
    """A man may be lost again."""
    claim = replace(CASE, wounded=RETURNS, thresholds=(0.5, 1.0))
    assert crossings(claim) == within((6000 / RATE, 12000 / RATE))
    assert crossings(replace(claim, **STRENGTH))[1] > 180
    path = walk(replace(claim, thresholds=(1.0,), **STRENGTH), step=0.5, days=400)
    assert path.losses[-1] > 16000


ROTATION = (
    Spell(line_days=10, rest_days=5, rest_intensity=0.2),
    Spell(0.5, line_days=20, rest_days=4),
    Spell(1.5, line_days=30, rest_days=0),
    Spell(0.1),
)


def test_rotation_by_days() -> None:
    """Losses of 10, 1, 10, 0 and 45 days at the full rate, and a tenth from day 110 on."""
    claim = replace(CASE, spells=ROTATION)
    path = walk(claim, step=0.7, days=150)
    lost = dict(zip(path.times, path.losses, strict=True))
    for day, full in [(10, 10), (15, 11), (35, 21), (39, 21), (69, 66)]:
        assert lost[41.0 + day] == within(3800 + full * RATE)
    assert lost[150.0] == within(3800 + (66 + 4) * RATE)
    assert crossing(claim, 0.8) == within(41 + 69 - (66 - (0.8 * 12000 - 3800) / RATE) / 1.5)


def test_rotation_by_losses() -> None:
    """A spell ends after a twentieth of the force, 600 men."""
    spells = [Spell(x, at_loss_share=0.05, rest_days=7) for x in (1, 0.5, 2)]
    claim = replace(CASE, spells=(*spells, Spell(1.0)))
    d = 600 / RATE
    for q, day in [
        (4400 / 12000, 41 + d),
        (4700 / 12000, 41 + d + 7 + d),
        (5000 / 12000, 41 + d + 7 + 2 * d),
        (5600 / 12000, 41 + d + 7 + 2 * d + 7 + d / 2),
        (6200 / 12000, 41 + d + 7 + 2 * d + 7 + d / 2 + 7 + d),
    ]:
        # An instant either side: the threshold itself is where the fighting stops.
        assert crossing(claim, q - 1e-6) == within(day, 1e-3)
    assert crossing(claim, 4400 / 12000 + 1e-6) == within(41 + d + 7, 1e-3)


def test_rotation_ends_with_whichever_comes_first() -> None:
    short, d = Spell(line_days=3, at_loss_share=0.05, rest_days=100), 600 / RATE
    assert crossing(replace(CASE, spells=(short, Spell())), 0.5) == within(6000 / RATE + 100)
    assert 3 < d < 10
    for line_days, q in [(3, (3800 + 3 * RATE) / 12000), (10, 4400 / 12000)]:
        claim = replace(CASE, spells=(replace(short, line_days=line_days), Spell()))
        assert crossing(claim, q - 1e-6) == within(41 + min(line_days, d), 1e-3)
        assert crossing(claim, q + 1e-6) == within(141 + min(line_days, d), 1e-3)


def test_a_pause_within_a_rotation() -> None:
    spells = Spell(line_days=10, rest_days=5), Spell(0.5)
    claim = replace(CASE, spells=spells, pauses=(Pause(43, 48), Pause(60, 62)))
    assert crossing(claim, 0.5) == within(41 + 15 + 2 + ((6000 - 3800) / RATE - 5) / 0.5)


def balance(path: Path) -> float:
    parts = zip(path.present, path.recovering, path.gone, path.sent, strict=True)
    return max(abs(present + away + gone - sent) for present, away, gone, sent in parts)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Everything at once."""
    spell = Spell(
        intensity=draw(st.floats(0, 2)),
        line_days=draw(st.floats(1, 30)),
        at_loss_share=draw(st.floats(0.01, 0.2)),
        rest_days=4,
        rest_intensity=0.1,
    )
    start = draw(st.floats(0, 150))
    arrivals = st.builds(Arrival, st.floats(0, 150), st.floats(0, 3000))
    return Claim(
        start=0,
        as_of=41,
        count=3800,
        size=12000,
        counting="strength",
        prelude=draw(st.none() | st.builds(Prelude, st.floats(-90, -1), st.floats(0, 1))),
        trend_per_week=draw(st.floats(-0.2, 0.1)),
        drift=tuple(draw(st.lists(st.floats(-1, 1), min_size=1, max_size=30))),
        strength_exponent=draw(st.floats(0, 1.5)),
        wounded=Wounded(
            share=draw(st.floats(0, 1)),
            return_share=draw(st.floats(0, 1)),
            return_days=draw(st.floats(5, 90)),
            stages=draw(st.integers(1, 4)),
        ),
        reinforcements=tuple(draw(st.lists(arrivals, max_size=3))),
        pauses=(Pause(start, start + 9, 0.3),),
        spells=(spell,) * 8,
    )


@settings(max_examples=50, deadline=None)
@given(claim=claims())
def test_nobody_appears_or_disappears(claim: Claim) -> None:
    path = walk(claim, step=1, days=160)
    assert balance(path) <= ROUNDING
    assert min(path.recovering) >= 0
    assert list(path.losses) == sorted(path.losses)
    at_count = [lost for day, lost in zip(path.times, path.losses, strict=True) if day == 41]
    assert at_count == [within(3800)] * len(at_count)
    arrived = sum(r.size for r in claim.reinforcements if r.day <= path.times[-1])
    assert path.sent[-1] == within(12000 + arrived)
