"""The edges of the walk by days: no draws, no rate, no time, nobody left."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from simulate.engine.walk.by_events import walk_by_events
from simulate.engine.walk.dynamics import Dynamics, OrnsteinUhlenbeck, Rotation, Spell
from simulate.scenario.arrays import Floats, Ints
from tests import slow_twin as twin
from tests.engine.test_daily import CASE, DAY, EVERYTHING, LADDER, LAST, RATE, RETURNS, when, within
from tests.walks import COUNTINGS, Counting, Series, daily, dynamics, setting

pytestmark = pytest.mark.usefixtures("no_endless_walk")


def test_the_last_men_of_a_spell() -> None:
    """By losses of which there are not as many left: the walk goes on."""
    spells = (twin.Spell(at_loss_share=0.05, rest_days=2.0),) * 200
    for kappa in (0.1, 0.25, 0.5, 0.75):
        for count in (3800, 6000, 11000):
            claim = replace(CASE, count=count, strength_exponent=kappa)
            rested = when(replace(claim, spells=spells), 1.0, until=1e4)
            worked = when(claim, 1.0, until=1e4)
            rests = round((rested - worked) / 2)
            assert rested == within(worked + 2 * rests, 1e-5)
            assert rests == math.ceil((12000 - count) / 600 - 1e-9) - 1


def test_no_draws() -> None:
    for claim in (CASE, EVERYTHING):
        parts = setting([claim])
        nothing = np.empty(0)
        empty = walk_by_events(
            parts._replace(
                claim=type(parts.claim)(*(nothing,) * 6),
                clock=type(parts.clock)(nothing, nothing, nothing),
                exponent=nothing,
                arrivals=[],
            ),
            Dynamics(recovery=dynamics([replace(CASE, wounded=RETURNS)]).recovery),
            until=nothing,
        )
        assert empty.time.shape == (1, 0)


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize(("count", "as_of"), [(0.0, 41.0), (-5.0, 41.0), (3800.0, -3.0)])
def test_no_positive_rate_is_never(count: float, as_of: float, counting: Counting) -> None:
    claim = replace(EVERYTHING, counting=counting, thresholds=LADDER)
    still = replace(claim, count=count, as_of=as_of)
    found, alone = daily(claim, still, until=150.0), daily(claim, until=150.0)
    assert found.time[:, 0].tolist() == alone.time.ravel().tolist()
    assert found.time[:, 1].tolist() == [math.inf] * 4
    assert found.rate[1] == 0
    assert not found.passed[:, 1].any()
    assert not found.over[1]
    assert np.isinf(daily(still, still, until=100.0).time).all()


def test_times_up_to_the_end_do_not_depend_on_it() -> None:
    claim = replace(EVERYTHING, thresholds=LADDER)
    whole = daily(claim, until=LAST).time.ravel()
    assert np.isfinite(whole[:2]).all()
    for end in (0.0, 30.0, float(whole[1]) - 0.5, float(whole[1]), 200.5):
        found = daily(claim, until=end).time.ravel()
        reached = whole <= end
        assert found[reached].tolist() == whole[reached].tolist()
        assert (np.isinf(found) | (found == whole)).all()


@pytest.mark.parametrize("kappa", [0.0, 0.5, 1.0, 2.0])
def test_a_count_above_the_force(kappa: float) -> None:
    """A man can be lost twice: it takes longer than the straight line, or for ever."""
    claim = replace(CASE, count=13000, counting="strength", strength_exponent=kappa)
    assert daily(claim, until=LAST).over.item()
    back = replace(claim, wounded=twin.Wounded(1.0, 0.5, 10.0, 2))
    found = daily(replace(back, thresholds=(0.5, 1.0)), until=LAST)
    assert found.over.item()
    assert found.time[0, 0] > 6000 * 41 / 13000
    assert math.isinf(when(replace(claim, wounded=twin.Wounded(1.0, 1.0, 10.0, 2)), 1.0))
    assert when(claim) == within(12000 * 41 / 13000)


def test_delays_without_length_and_without_end() -> None:
    """At once: as many are lost as do not return. Never: nobody returns."""
    claim = replace(CASE, counting="strength")
    plain = when(claim)
    for days in (1e-310, 1e-6, 0.01):
        found = when(replace(claim, wounded=twin.Wounded(0.75, 0.5, days, 3)))
        # The strength follows losses of five eighths, later by the mean delay's share of them.
        assert found == within(plain / 0.625, 0.02)
        assert math.isinf(when(replace(claim, wounded=twin.Wounded(1, 1, days, 3))))
    for days in (10_000.0, 1e100):
        found = when(replace(claim, wounded=twin.Wounded(0.75, 0.5, days, 3)))
        assert plain - DAY <= found <= plain + 0.01


def test_all_return_and_nobody_is_ever_missing_for_good() -> None:
    """The wounded settle at rate times mean delay, 93 times 30 men."""
    claim = replace(CASE, counting="strength", wounded=twin.Wounded(1, 1, 30.0, 4))
    away = RATE * 30 / 12000
    assert math.isinf(when(claim, away + 1e-3, until=3000.0))
    assert when(claim, away - 1e-3, until=3000.0) < 200
    series = Series(1000.0)
    daily(claim, until=1000.0, record=series)
    last = series.column("time") == 1000.0
    assert series.column("strength")[last] == within([12000 - RATE * 30], 1e-6)


@pytest.mark.parametrize("kappa", [0.0, 0.5, 1.0, 2.0])
def test_spells_that_cost_next_to_nothing(kappa: float) -> None:
    """One man and two tenths, then a day of rest: 8200 men are 6833 spells."""
    spells = tuple(twin.Spell(1.0, math.inf, 1e-4, 1.0) for _ in range(300))
    claim = replace(CASE, strength_exponent=kappa, spells=spells)
    q = (3800 + 100.5 * 1.2) / 12000
    worked = when(replace(claim, spells=spells[:1]), q)
    assert when(claim, q) == within(worked + 100, 1e-8)
    back = replace(claim, wounded=RETURNS, counting="strength")
    assert math.isinf(when(back, 0.5, until=200.0))


def test_spells_of_a_day() -> None:
    spells = (twin.Spell(1.0, 1.0, math.inf, 1.0),) * 400
    assert when(replace(CASE, spells=spells), 0.5) == within(41 + 23 + 2200 / RATE)
    half = tuple(replace(spell, rest_intensity=0.5) for spell in spells)
    assert when(replace(CASE, spells=half), 0.5) == within(41 + 2200 / RATE / 0.75, 0.5)


@pytest.mark.parametrize("returns", [False, True])
@pytest.mark.parametrize("share", [1.0, 0.05])
def test_a_count_of_an_instant(share: float, returns: bool) -> None:  # noqa: FBT001  (a parameter)
    """Dates that can be the same: rates at which time is too coarse for what is left of a spell."""
    spells = (twin.Spell(1.0, math.inf, share, 2.0),) * 400
    for length in (1.0, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12):
        claim = replace(CASE, start=41 - length, spells=spells)
        if returns:
            claim = replace(claim, counting="strength", wounded=RETURNS)
        found = when(claim)
        rests = 0 if share == 1.0 else math.ceil(8200 / 600) - 1
        if returns:
            assert found >= 41 + 2 * rests
        else:
            assert found == within(41 + 2 * rests + 8200 / 3800 * length, 1e-4 * length + 1e-9)


# --- drift as it is drawn ---


def test_the_level_is_zero_on_the_day_of_the_count_and_changes_daily() -> None:
    """Losses of each day are the rate times exp of an Ornstein-Uhlenbeck path, by hand."""
    asked: list[int] = []
    rng = np.random.default_rng(2)
    drawn = rng.standard_normal((400, 1))

    def normals(day: int, number: Ints) -> Floats:
        asked.append(day)
        return drawn[day : day + 8, number].copy()

    parts = setting([replace(CASE, size=1e6)])
    series = Series(200.0)
    walk_by_events(
        parts,
        Dynamics(drift=OrnsteinUhlenbeck.of(0.4, 12.0, normals)),
        until=np.array([200.0]),
        record=series,
    )
    stay, level, levels = math.exp(-1 / 12), 0.0, [0.0]
    for day in range(1, 150):
        level = stay * level + 0.4 * math.sqrt(1 - stay**2) * drawn[day, 0]
        levels.append(level)
    lost = dict(zip(series.column("time").tolist(), series.column("lost").tolist(), strict=True))
    found = [math.log((lost[42.0 + i] - lost[41.0 + i]) / RATE) for i in range(150)]
    assert found == within(levels, 1e-9)
    assert asked[:3] == [0, 8, 16]


def test_later_spells_are_asked_for_by_number() -> None:
    asked: list[tuple[list[int], list[int]]] = []

    def following(spell: Ints, number: Ints) -> Spell:
        asked.append((spell.tolist(), number.tolist()))
        one = np.ones(spell.size)
        return Spell(10 * one, np.inf * one, 5 * one, 0 * one, one)

    lengths = np.array([10.0, 20.0, 30.0])
    first = Spell(lengths, np.full(3, np.inf), np.full(3, 5.0), np.zeros(3), np.ones(3))
    parts = setting([CASE] * 3)
    walk_by_events(
        parts,
        Dynamics(rotation=Rotation(first, following)),
        until=np.full(3, 80.0),
    )
    seen = [pair for asking in asked for pair in zip(*asking, strict=True)]
    # Within 39 days, each draw from one event of its own to the next.
    assert seen == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]
