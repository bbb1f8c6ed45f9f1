"""Men who return between two events, against the differential equation solved numerically."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace
from scipy import integrate

from simulate.engine.draws import select
from simulate.engine.walk import emptied, returning
from simulate.engine.walk.returning import Men, Stretch
from simulate.scenario.arrays import Floats
from tests import slow_twin as twin
from tests.walks import daily, departures

STATE = 1e-9
"""Relative to the force and those who wait: the twin's own error is some 1e-11 of it."""

DATE = 1e-7
"""Days; the search ends within 1e-8 of a date."""


class Case(Struct, frozen=True):
    """One draw, by its numbers."""

    strength: float
    waiting: tuple[float, ...]
    rate: float
    growth: float
    share: float
    mean: float
    inflow: float
    days: float

    @property
    def pace(self) -> float:
        return len(self.waiting) / self.mean

    @property
    def scale(self) -> float:
        return self.strength + sum(self.waiting) + self.rate * self.days * self.share


Kind: TypeAlias = Callable[[np.random.Generator, int], Case]


class Twin:
    """The equation itself, in the two states of a force: some are left, or nobody is."""

    def __init__(self, case: Case) -> None:
        self.case, self.held, self.emptied = case, False, False

    def loss(self, t: float) -> float:
        return self.case.rate * math.exp(self.case.growth * t)

    def slopes(self, t: float, y: Floats) -> Floats:
        case, stages, come = self.case, y[:-2], self.come(y)
        lost = come if self.held else self.loss(t)
        into = np.concatenate([[case.share * lost], case.pace * stages[:-1]])
        return np.concatenate([into - case.pace * stages, [come - lost, lost]])

    def come(self, y: Floats) -> float:
        return self.case.inflow + self.case.pace * float(y[-3])

    def run(self, level: float = -math.inf, *, floored: bool = False) -> tuple[float, Floats]:
        """When the level is first reached, and stages, strength and losses at the end."""
        case, time, crossed = self.case, 0.0, math.inf
        y = np.array([*case.waiting, case.strength, 0.0])

        def reached(_: float, y: Floats) -> float:
            return float(y[-2]) - level

        def gone(_: float, y: Floats) -> float:
            return float(y[-2]) if floored and not self.held else 1.0

        def gain(t: float, y: Floats) -> float:
            return self.loss(t) - self.come(y) if self.held else 1.0

        gone.terminal = gain.terminal = True  # type: ignore[attr-defined]
        reached.direction = gone.direction = gain.direction = -1  # type: ignore[attr-defined]
        while time < case.days:
            found = integrate.solve_ivp(
                self.slopes,
                (time, case.days),
                y,
                method="DOP853",
                rtol=1e-11,
                atol=1e-12 * case.scale,
                max_step=case.days / 200,
                events=[reached, gone, gain],
            )
            assert found.t_events is not None
            crossed = min([crossed, *found.t_events[0].tolist()])
            time, y = float(found.t[-1]), found.y[:, -1]
            if time < case.days:
                self.held = not self.held
                self.emptied = True
                y[-2] = max(y[-2], 0.0)
        return crossed, y


def arrays(cases: Sequence[Case]) -> tuple[Stretch, Men, Floats]:
    """All cases as the draws of one call."""

    def column(name: str) -> Floats:
        return np.array([getattr(case, name) for case in cases], dtype=np.float64)

    stretch = Stretch(*map(column, ("rate", "growth", "share", "pace", "inflow")))
    waiting = np.array([case.waiting for case in cases], dtype=np.float64).T
    return stretch, Men(column("strength"), waiting), column("days")


def any_case(rng: np.random.Generator, stages: int) -> Case:
    """Slow and quick returns, rates that rise and fall, nobody to many on the way back."""
    days, rate = 10 ** rng.uniform(-1, 2.3), 10 ** rng.uniform(-1, 3)
    return Case(
        strength=rate * days * 10 ** rng.uniform(-1.5, 1),
        waiting=tuple(rng.choice([0, 1]) * rate * days * rng.uniform(0, 2, stages)),
        rate=rate,
        growth=rng.choice([-1, 0, 1]) * 10 ** rng.uniform(-4, 0.3) / days,
        share=rng.choice([rng.uniform(0, 1), 1.0]),
        mean=days * stages * 10 ** rng.uniform(-1.5, 2),
        inflow=rng.choice([0, rate * rng.uniform(0, 1)]),
        days=days,
    )


def wave(rng: np.random.Generator, stages: int) -> Case:
    """Many who come back at about the same time: strength falls and recovers."""
    days, rate = 10 ** rng.uniform(0, 2.3), 10 ** rng.uniform(0, 3)
    return Case(
        strength=rate * days * rng.uniform(0.01, 0.4),
        waiting=(rate * days * rng.uniform(0.5, 4), *[0.0] * (stages - 1)),
        rate=rate,
        growth=rng.choice([-3, 0, 1]) * rng.uniform(0.1, 1) / days,
        share=rng.uniform(0, 1),
        mean=days * rng.uniform(0.15, 1.2),
        inflow=rng.choice([0, rate * rng.uniform(0, 0.8)]),
        days=days,
    )


def ends(case: Case, *, floored: bool) -> Floats:
    """Stages, strength and losses of one draw at the end, in the order of the twin."""
    stretch, men, days = arrays([case])
    least = -1e-12 * men.strength
    if floored:
        men, lost, _ = emptied.advance(stretch, men, days, least)
    else:
        men, lost = returning.move(stretch, men, days)
    return np.concatenate([men.waiting[:, 0], men.strength, lost])


STAGES = pytest.mark.parametrize("stages", [1, 2, 3, 20])
KINDS = pytest.mark.parametrize("kind", [any_case, wave])


@STAGES
@KINDS
@pytest.mark.parametrize("floored", [False, True])
def test_the_end_of_a_stretch(kind: Kind, stages: int, *, floored: bool) -> None:
    """With and without the limit that nobody can be lost who is not there."""
    rng, emptied_ones = np.random.default_rng(stages), 0
    for _ in range(8):
        case = kind(rng, stages)
        equation = Twin(case)
        _, expected = equation.run(floored=floored)
        scale = STATE * (case.scale + expected[-1])
        found = ends(case, floored=floored)
        np.testing.assert_allclose(found, expected, rtol=0, atol=scale, err_msg=str(case))
        emptied_ones += equation.emptied
    assert not floored or emptied_ones or stages == 1


def test_the_comparison_can_fail() -> None:
    """A millionth more of the lost come back."""
    case = any_case(np.random.default_rng(3), 3)
    _, expected = Twin(case).run()
    other = ends(replace(case, share=case.share * (1 - 1e-6)), floored=False)
    assert np.abs(other - expected).max() > STATE * (case.scale + expected[-1])


@STAGES
@KINDS
def test_first_falls(kind: Kind, stages: int) -> None:
    rng, some = np.random.default_rng(10 + stages), 0
    for _ in range(10):
        case = kind(rng, stages)
        stretch, men, days = arrays([case])
        level = men.strength * rng.uniform(0.05, 0.95)
        found = returning.first_fall(stretch, men, level, days).item()
        crossed, _ = Twin(case).run(level.item())
        assert found == pytest.approx(crossed, rel=0, abs=DATE), str(case)
        some += math.isfinite(found)
    assert some


@STAGES
def test_a_dip_is_found_if_and_only_if_there_is_one(stages: int) -> None:
    """Levels at the lowest of 4,001 points of the path, or less than a millionth beside it."""
    rng, points, dips = np.random.default_rng(20 + stages), 4001, 0
    for _ in range(60):
        case = wave(rng, stages)
        stretch, men, days = arrays([case])
        time = np.linspace(0, 1, points) * days
        all_points = np.zeros(points, dtype=np.int64)
        later, _ = returning.move(select(stretch, all_points), select(men, all_points), time)
        path = later.strength
        rounding = 1e-11 * case.scale
        depth = men.strength - path.min()
        if depth < 1e-3 * men.strength:
            continue
        level = path.min() + depth * rng.choice([1e-7, 1e-3, -1e-7, -1e-3])
        found = returning.first_fall(stretch, men, level, days)
        before = path[time < np.minimum(found, days) - DATE]
        assert before.min() > level - rounding, str(case)
        if np.isfinite(found):
            there = returning.move(stretch, men, found)[0].strength
            assert there == pytest.approx(level, rel=0, abs=rounding), str(case)
            dips += path[-1] > level
        else:
            assert path.min() >= level - rounding
    assert dips or stages == 1


@STAGES
def test_two_parts_are_the_whole(stages: int) -> None:
    rng = np.random.default_rng(30 + stages)
    for kind in (any_case, wave):
        stretch, men, days = arrays([kind(rng, stages) for _ in range(200)])
        least, part = -1e-12 * men.strength, days * rng.uniform(0, 1, days.size)
        whole = emptied.advance(stretch, men, days, least)
        first = emptied.advance(stretch, men, part, least)
        rest = emptied.advance(stretch.later(part), first.men, days - part, least)
        scale = men.strength + men.waiting.sum(axis=0) + whole.lost
        for found, expected in (
            (rest.men.strength, whole.men.strength),
            (rest.men.waiting, whole.men.waiting),
            (first.lost + rest.lost, whole.lost),
        ):
            assert (np.abs(found - expected) <= 1e-10 * scale).all()


@STAGES
def test_a_draw_is_the_same_alone_and_among_others(stages: int) -> None:
    rng = np.random.default_rng(40 + stages)
    cases = [kind(rng, stages) for kind in (any_case, wave) for _ in range(20)]
    stretch, men, days = arrays(cases)
    together = emptied.advance(stretch, men, days, -1e-12 * men.strength)
    falls = returning.first_fall(stretch, men, 0.7 * men.strength, days)
    for i, case in enumerate(cases):
        alone, strength = ends(case, floored=True), men.strength[i : i + 1]
        assert alone[:stages].tolist() == together.men.waiting[:, i].tolist()
        assert alone[stages:].tolist() == [together.men.strength[i], together.lost[i]]
        one, its_men, its_days = arrays([case])
        fall = returning.first_fall(one, its_men, 0.7 * strength, its_days)
        assert fall.item() == falls[i]


BASE = Case(3000.0, (100.0, 50.0, 20.0), 90.0, 0.0, 0.6, 60.0, 0.0, 100.0)


@pytest.mark.parametrize(
    "change",
    [
        {"mean": 1e-6},
        {"mean": 1e-6, "growth": 0.01},
        {"mean": 0.01, "growth": -0.01},
        {"mean": 1e100},
        {"days": 1e9},
        {"days": 1e9, "growth": 0.01},
        {"days": 1e9, "growth": -0.01},
        {"days": 1e9, "share": 1.0},
        {"days": 1e9, "share": 0.5, "inflow": 45.0},
        {"days": 0.0},
        {"days": 1e-12},
        {"rate": 0.0, "growth": 0.1},
        {"rate": 1e100},
        {"growth": 30.0},
    ],
)
def test_numbers_beyond_measure(change: dict[str, Any]) -> None:
    """Finite, without a warning, and nobody appears or disappears.

    Rounding doubles with each of the 26 doublings that 1e9 days take.
    """
    case = replace(BASE, **change)
    *waiting, strength, lost = ends(case, floored=True)
    sent = BASE.strength + sum(BASE.waiting) + case.inflow * case.days
    assert min(*waiting, strength, lost) >= 0
    if lost < 1e13:
        gone = (1.0 - case.share) * lost
        assert strength + sum(waiting) + gone == pytest.approx(sent, rel=1e-7)


def test_losses_reach_a_number() -> None:
    stretch, men, days = arrays([wave(np.random.default_rng(i), 3) for i in range(20)])
    least = -1e-12 * men.strength
    half = 0.5 * emptied.advance(stretch, men, days, least).lost
    _, lost, time = emptied.advance(stretch, men, days, least, half)
    np.testing.assert_allclose(lost, half, rtol=1e-9)
    np.testing.assert_allclose(emptied.advance(stretch, men, time, least).lost, half, rtol=1e-9)
    assert (time < days).all()


# --- whole walks, against steps of a hundredth of a day ---


@settings(max_examples=12, deadline=None)
@given(claim=departures(exponents=st.just(0.0), countings=("strength",)))
def test_walks_counted_by_strength(claim: twin.Claim) -> None:
    """Rotation, pauses, arrivals, prelude and trend: dates to 0.0001 days."""
    claim = replace(claim, drift=(0.0,), thresholds=(0.3, 0.6))
    found = daily(claim, until=200.0).time.ravel()
    expected = twin.walk(claim, step=0.01, days=200.0).crossings
    assert found == pytest.approx(expected, rel=0, abs=1e-4)


def test_a_hundredth_more_who_return_is_seen() -> None:
    claim = twin.Claim(
        start=0,
        as_of=41,
        count=3800,
        size=12000,
        thresholds=(0.5,),
        counting="strength",
        wounded=twin.Wounded(0.75, 0.5, 45, 3),
    )
    expected = twin.walk(claim, step=0.01, days=200.0).crossings[0]
    other = replace(claim, wounded=twin.Wounded(0.7575, 0.5, 45, 3))
    assert daily(claim, until=200.0).time.item() == pytest.approx(expected, rel=0, abs=1e-4)
    assert daily(other, until=200.0).time.item() != pytest.approx(expected, rel=0, abs=1e-4)
