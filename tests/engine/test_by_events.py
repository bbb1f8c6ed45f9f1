"""From event to event: dates by a loop over one draw at a time, and a record by days."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.engine.draws import DrawBatch
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.sampling.points import METHODS
from simulate.engine.strength import Seen
from simulate.engine.walk import steps
from simulate.engine.walk.dynamics import Noise
from simulate.engine.walk.walkers import State, Terms
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.model import Scenario
from tests.cases import AS_OF, scenario, uniform
from tests.engine.mixtures import AS_OFS, mixture, spread

POINTS = 24


def ready(of: Scenario, n: int = POINTS) -> tuple[Plan, DrawBatch]:
    plan = plan_for(of, draws=8 * n, seed=0, method="random")
    points = next(METHODS["random"](plan.design, 0, plan.names, 0, 0))
    return plan, plan.draws(points)


def rotations(draw: st.DrawFn) -> dict[str, Any]:
    by_days, by_losses = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    rotation = {"rest_days": spread(draw, 1, 30), "return_intensity": spread(draw, 0.2, 2.0)}
    if by_days:
        rotation["line_days"] = spread(draw, 0.5, 60)
    if by_losses:
        rotation["at_loss_share"] = spread(draw, 0.01, 0.4)
    if draw(st.booleans()):
        rotation["rest_intensity"] = spread(draw, 0.01, 0.5)
    return rotation


@st.composite
def scenarios(draw: st.DrawFn, *, as_ofs: Sequence[Any] = AS_OFS) -> Scenario:
    """Everything at once that leaves losses independent of the strength present."""
    return mixture(draw, {}, as_ofs=as_ofs, rotation=rotations(draw))


# --- dates, one draw at a time ---


class Stretch(NamedTuple):
    """From one change of the rate to the next: its ends, losses a day and their daily growth."""

    begin: float
    end: float
    pace: float
    growth: float
    lost: float

    def lost_by(self, time: float) -> float:
        days = time - self.begin
        grown = math.expm1(self.growth * days) / self.growth if self.growth else days
        return self.lost + self.pace * grown

    def when(self, lost: float) -> float:
        """When so many are lost, inf if not in this stretch."""
        days = max(lost - self.lost, 0.0) / self.pace if self.pace else math.inf
        if self.growth and days < math.inf:
            grown = self.growth * days
            days = math.log1p(grown) / self.growth if grown > -1 else math.inf
        time = self.begin + days
        return time if time <= self.end else math.inf


class Loop:
    """The stretches of one draw, by the values of its inputs."""

    def __init__(self, plan: Plan, draws: DrawBatch, number: int) -> None:
        def value(name: str, default: float = 0.0) -> float:
            return float(np.broadcast_to(draws.values.get(name, default), draws.n)[number])

        shape = plan.shape
        self.count, self.as_of = value("losses.count"), value("losses.as_of")
        self.start, self.size = value("losses.start"), value("force.size")
        self.early = min(value("prelude.start", self.start), self.start)
        self.stock_day = max(value("force.as_of", -math.inf), self.start)
        self.has_stock = "force.as_of" in draws.values
        self.prelude = value("prelude.intensity")
        worth = self.as_of - self.start + self.prelude * (self.start - self.early)
        self.rate = self.count / worth if worth > 0 else 0.0
        self.multiplier, self.growth = value("rate.multiplier", 1.0), value("rate.trend_per_week")
        begun = [value(f"pauses[{i}].start") for i in range(shape.pauses)]
        self.pauses = [
            (begin, begin + value(f"pauses[{i}].days"), value(f"pauses[{i}].intensity"))
            for i, begin in enumerate(begun)
        ]
        self.arrivals = sorted(
            (
                max(value(f"reinforcements[{i}].date"), self.early),
                value(f"reinforcements[{i}].size"),
            )
            for i in range(shape.reinforcements)
        )
        self.rotation = Noise(draws.seed, draws.segments).rotation(draws.values, plan.columns)
        self.number, self.days = np.array([number]), float(plan.times.days)
        end = math.inf if draws.end_time is None else float(draws.end_time[number])
        self.until = min(end, self.days)

    def spells(self) -> Iterator[tuple[float, float, float]]:
        """Intensity, length and limit of the losses of each spell and each rest."""
        for which in range(10_000):
            index = np.array([which])
            spell = self.rotation.following(index, self.number) if which else None
            first = (float(column[self.number[0]]) for column in self.rotation.first)
            days, share, rest, at_rest, intensity = (
                first if spell is None else (column.item() for column in spell)
            )
            yield (intensity if which else 1.0), days, share * self.size
            yield at_rest, rest, math.inf

    def stretches(self) -> Iterator[Stretch]:
        """All of them up to the horizon."""
        before = self.rate * self.prelude * (self.start - self.early)
        yield Stretch(self.early, self.start, self.rate * self.prelude, 0.0, 0.0)
        yield Stretch(self.start, self.as_of, self.rate, 0.0, before)
        time, lost = self.as_of, self.count
        edges = sorted(edge for begin, end, _ in self.pauses for edge in (begin, end))
        for intensity, days, most in self.spells():
            spell_end, limit = time + days, lost + most
            while time < min(spell_end, self.days):
                paused = [at for begin, end, at in self.pauses if begin <= time < end]
                pace = self.rate * self.multiplier * math.prod(paused) * intensity
                pace *= math.exp(self.growth * (time - self.as_of) / 7)
                end = min([spell_end, self.days, *(edge for edge in edges if edge > time)])
                stretch = Stretch(time, end, pace, self.growth / 7, lost)
                worn = stretch.when(limit)
                stretch = stretch._replace(end=min(end, worn))
                yield stretch
                time, lost = stretch.end, stretch.lost_by(stretch.end)
                if worn < math.inf:
                    break
            if time >= self.days:
                return

    def lost_by(self, time: float) -> float:
        reached = [stretch for stretch in self.stretches() if stretch.begin <= time]
        return reached[-1].lost_by(min(time, reached[-1].end)) if reached else 0.0

    def times(self, thresholds: Sequence[float], counting: str, more: float = 0.0) -> list[float]:
        """First passages of a little more losses; inf after the end."""
        if self.rate <= 0:
            return [math.inf] * len(thresholds)
        stretches = list(self.stretches())
        found = []
        for q in thresholds:
            q_more = q + more / self.size
            time = (
                self._stock(q_more) if self.has_stock else self._first(stretches, q_more, counting)
            )
            found.append(time if time <= self.until else math.inf)
        return found

    def _stock(self, q: float) -> float:
        if self.stock_day > self.days:
            return math.inf
        goal = self.lost_by(self.stock_day) + q * self.size
        return min(
            (max(stretch.when(goal), self.stock_day) for stretch in self.stretches()),
            default=math.inf,
        )

    def _first(self, stretches: Sequence[Stretch], q: float, counting: str) -> float:
        for i in range(len(self.arrivals) + 1):
            sent = self.size + sum(size for _, size in self.arrivals[:i])
            goal = sent - (1 - q) * self.size if counting == "strength" else q * sent
            since = self.arrivals[i - 1][0] if i else self.early
            until = self.arrivals[i][0] if i < len(self.arrivals) else math.inf
            time = max(min(stretch.when(goal) for stretch in stretches), since)
            if time < until:
                return time
        return math.inf


A_HANDFUL = 2e-12
"""Share of the force that a spell's end may miss by rounding: rest can begin just before a goal."""


@settings(max_examples=20, deadline=None)
@given(of=scenarios())
def test_the_dates_of_a_loop_over_one_draw(of: Scenario) -> None:
    plan, draws = ready(of)
    assert plan.shape.road == "events"
    found = plan.first_passage(draws).time
    for i in range(draws.n):
        loop = Loop(plan, draws, i)
        off = A_HANDFUL * loop.size
        low, high = (loop.times(plan.thresholds, of.counts_by, more) for more in (-off, off))
        assert (np.array(low) - 1e-9 <= found[:, i]).all()
        assert (found[:, i] <= np.array(high) + 1e-9).all()


def test_the_loop_tells_a_nearby_model() -> None:
    rotation = {"line_days": 9, "rest_days": 5, "return_intensity": uniform(0.5, 1.5)}
    of = scenario(3800, 12000, rotation=rotation, thresholds=[0.5])
    plan, draws = ready(of)
    found = plan.first_passage(draws).time
    nearby = draws._replace(values={**draws.values, "rotation.rest_days": 5 + 1e-8})
    other = [Loop(plan, nearby, i).times(plan.thresholds, "casualties") for i in range(draws.n)]
    assert (np.abs(np.array(other).T - found) > 1e-9).any()


# --- the record ---


class Kept:
    """A recorder that keeps every value by moment, each moment's sorted in the end."""

    def __init__(self, *times: float, losses_only: bool = False) -> None:
        self.times, self.losses_only = times, losses_only
        self._kept: list[list[list[Floats]]] = [[[] for _ in times] for _ in range(2)]

    def note(self, moments: Any, seen: Seen, *, weight: int = 1, **_others: Any) -> None:
        moments = np.broadcast_to(moments, seen.lost.shape)
        for moment in np.unique(moments).tolist():
            for kept, values in zip(self._kept, seen[:2], strict=True):
                kept[moment].append(np.repeat(values[moments == moment], weight))

    @property
    def sorted(self) -> Floats:
        """Shape (2, moments, draws), strength and losses."""
        return np.array([[np.sort(np.concatenate(at)) for at in kept] for kept in self._kept])


def recorded(
    of: Scenario, *times: float, losses_only: bool = False, n: int = POINTS, parts: int = 2
) -> Floats:
    """Strength and losses of `n` draws at some moments, sorted: a walk has an order of its own."""
    recorders = [Kept(*times, losses_only=losses_only) for _ in range(parts)]
    plan, draws = ready(of, n)
    plan.first_passage(draws, recorders)
    return np.sort(np.concatenate([recorder.sorted for recorder in recorders], axis=2))


@settings(max_examples=20, deadline=None)
@given(of=scenarios(as_ofs=[AS_OF]), last=st.integers(60, 400))
def test_a_record_does_not_depend_on_its_moments(of: Scenario, last: int) -> None:
    """Ten of them, or every day: steps between moments are exact.

    Many of these draws run out of men, with those who return lost again at once.
    """
    times = sorted({0, 20, 41, 42, *np.linspace(50, last, 8).round().astype(int).tolist()})
    found = recorded(of, *map(float, times))
    every_day = recorded(of, *map(float, range(last + 1)))
    np.testing.assert_allclose(found, every_day[:, times], rtol=0, atol=1e-9 * 15000)


@settings(max_examples=20, deadline=None)
@given(of=scenarios(as_ofs=[AS_OF]), last=st.integers(60, 400))
def test_a_record_does_not_depend_on_where_steps_end(of: Scenario, last: int) -> None:
    """A walk that stops at every midnight, and one that goes from event to event."""
    times = tuple(map(float, {*range(0, last, 3), last}))
    found, next_event = recorded(of, *sorted(times)), steps.next_event

    def at_midnight(terms: Terms, state: State, i: Ints) -> Floats:
        return np.minimum(next_event(terms, state, i), np.floor(state.time[i]) + 1.0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "next_event", at_midnight)
        stopped = recorded(of, *sorted(times))
    np.testing.assert_allclose(found, stopped, rtol=0, atol=1e-9 * 15000)


@settings(max_examples=30, deadline=None)
@given(of=scenarios(), last=st.integers(20, 400), n=st.integers(1, 9))
def test_losses_alone_are_those_beside_the_strength(of: Scenario, last: int, n: int) -> None:
    """Found without those who return, until all who were sent are lost."""
    times = sorted({*np.linspace(0, last, n).round().tolist()})
    found = recorded(of, *times, losses_only=True)[1]
    np.testing.assert_allclose(found, recorded(of, *times)[1], rtol=0, atol=1e-9 * 15000)


def test_losses_are_those_of_the_loop_until_men_run_out() -> None:
    rotation = {"at_loss_share": uniform(0.02, 0.1), "rest_days": 9, "return_intensity": 0.8}
    pause = {"start": "2025-02-20", "days": 12.5, "intensity": 0.2}
    wounded = {"share": 0.7, "return_share": 0.5, "return_days": 30}
    of = scenario(
        3800, uniform(20000, 30000), rotation=rotation, pauses=[pause], wounded=wounded, horizon=200
    )
    plan, draws = ready(of)
    times = (10.0, 60.0, 90.0, 101.0, 190.0)
    loops = [Loop(plan, draws, i) for i in range(draws.n)]
    expected = [sorted(loop.lost_by(time) for loop in loops) for time in times]
    np.testing.assert_allclose(recorded(of, *times)[1], expected, rtol=1e-12)
