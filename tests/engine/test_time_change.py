"""Drift as a change of time, beside a loop over the days of one draw and beside the walk."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from simulate.engine.draws import DrawBatch
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.walk.dynamics import DAYS, Noise
from simulate.scenario.model import Scenario
from tests import slow_twin as twin
from tests.cases import AS_OF, plan, scenario, uniform
from tests.walks import bent, claims, daily, departures, drifting

DAY = 1e-9
LAST = 300.0
POINTS = 10
DRIFT = {"sd": 0.4, "correlation_days": 20}


def ready(of: Scenario, points: int = POINTS) -> tuple[Plan, DrawBatch]:
    made = plan(of, "random", draws=8 * points)
    return made, made.draws(next(METHODS["random"](made.design, 0, made.names, 0, 0)))


# --- dates, one draw at a time ---


class Loop:
    """The strength of one draw from one change of its rate to the next, by numbers alone.

    A nearby model takes the random numbers some days `later`.
    """

    def __init__(self, of: Plan, draws: DrawBatch, number: int, later: int = 0) -> None:
        def value(name: str, default: float = 0.0) -> float:
            return float(np.broadcast_to(draws.values.get(name, default), draws.n)[number])

        self.count, self.as_of = value("losses.count"), value("losses.as_of")
        self.start, self.size = value("losses.start"), value("force.size")
        self.early = min(value("prelude.start", self.start), self.start)
        self.prelude = value("prelude.intensity")
        worth = self.as_of - self.start + self.prelude * (self.start - self.early)
        self.rate = self.count / worth if worth > 0 and self.as_of > self.start else 0.0
        self.multiplier, self.growth = (
            value("rate.multiplier", 1.0),
            value("rate.trend_per_week") / 7,
        )
        self.exponent = value("rate.strength_exponent")
        self.pauses = [
            (begin, begin + value(f"pauses[{i}].days"), value(f"pauses[{i}].intensity"))
            for i in range(of.shape.pauses)
            for begin in [value(f"pauses[{i}].start")]
        ]
        arrivals = [f"reinforcements[{i}]" for i in range(of.shape.reinforcements)]
        self.arrivals = [
            (max(value(f"{a}.date"), self.early), value(f"{a}.size")) for a in arrivals
        ]
        days = float(of.times.days)
        end = math.inf if draws.end_time is None else float(draws.end_time[number])
        self.until, self.last = min(end, days), math.ceil(days - self.as_of)
        noise, one = Noise(draws.seed, draws.segments), np.array([number])
        days_of = (noise.normals(day, one) for day in range(0, self.last + DAYS, DAYS))
        normals = np.concatenate([*days_of])[1 + later :, 0].tolist()
        sd, memory = value("rate.drift.sd"), value("rate.drift.correlation_days")
        self.levels = self._levels(sd, memory, normals)
        self.whole, self.stock_day = self.size, -math.inf
        if "force.as_of" in draws.values:
            self.stock_day = max(value("force.as_of"), self.start)
            self.size = self._leading_to_stock()

    def _levels(self, sd: float, memory: float, normals: list[float]) -> list[float]:
        """The log-rate of each day after the count."""
        stay, levels = math.exp(-1 / memory), [0.0]
        for normal in normals:
            levels.append(stay * levels[-1] + sd * math.sqrt(1 - stay**2) * normal)
        return levels

    def _leading_to_stock(self) -> float:
        """The force at first, by trial."""
        low, high = self.whole, 2 * self.whole
        while self.strength_on_stock_day(high) < self.whole:
            high *= 2
        for _ in range(70):
            middle = (low + high) / 2
            less = self.strength_on_stock_day(middle) < self.whole
            low, high = (middle, high) if less else (low, middle)
        return high

    def strength_on_stock_day(self, size: float) -> float:
        present = size
        for begin, end, _, present in self.pieces(size):
            if begin <= self.stock_day <= end:
                return self.after(present, begin, self.stock_day)
        return present

    def pieces(self, size: float) -> Iterator[tuple[float, float, float, float]]:
        """Begin and end of stretches without a change, all sent by then and strength at first."""
        sent = present = size
        edges = {self.start, self.as_of, *(self.as_of + day for day in range(1, self.last))}
        edges |= {day for day, _ in self.arrivals}
        edges |= {day for begin, end, _ in self.pauses for day in (begin, end)}
        last = self.as_of + self.last
        inside = sorted(edge for edge in edges if self.early <= edge < last)
        begin = self.early
        self.at_count = math.nan
        for end in [*inside, last]:
            if end > begin:
                yield begin, end, sent, present
                present = self.after(present, begin, end)
            if end == self.as_of:
                present = sent - self.count
            new = sum(men for day, men in self.arrivals if day == end)
            sent, present = (
                sent + new,
                max(present, 0.0) + new if end >= self.as_of else present + new,
            )
            if end == self.as_of:
                self.at_count = present
            begin = max(begin, end)

    def pace(self, begin: float) -> float:
        """Losses a day at the full strength, where a stretch begins."""
        if begin < self.as_of:
            return self.rate * (self.prelude if begin < self.start else 1.0)
        days = begin - self.as_of
        paused = math.prod(at for first, last, at in self.pauses if first <= begin < last)
        level = self.levels[int(days + 1e-9)]
        return self.rate * self.multiplier * paused * math.exp(level + self.growth * days)

    def worth(self, begin: float, end: float) -> float:
        """Losses at the full strength."""
        days, growth = end - begin, self.growth if begin >= self.as_of else 0.0
        return self.pace(begin) * (math.expm1(growth * days) / growth if growth else days)

    def after(self, present: float, begin: float, end: float) -> float:
        """The strength: its power falls evenly with the losses at full strength."""
        worth, kappa = self.worth(begin, end), self.exponent
        if begin < self.as_of or kappa == 0:
            return present - worth
        if present <= 0:
            return 0.0
        fall = worth / self.at_count
        share = present / self.at_count
        if kappa == 1:
            return present * math.exp(-fall)
        power = share ** (1 - kappa) - (1 - kappa) * fall
        return self.at_count * power ** (1 / (1 - kappa)) if power > 0 else 0.0

    def falls_to(self, present: float, left: float, begin: float, end: float) -> float:
        """When the strength falls to a lower one; inf if not in this stretch."""
        kappa = 0.0 if begin < self.as_of else self.exponent
        if present <= left:
            return begin
        if kappa == 0:
            worth = present - left
        elif kappa >= 1 and left <= 0:
            return math.inf
        elif kappa == 1:
            worth = self.at_count * math.log(present / left)
        else:
            high, low = ((men / self.at_count) ** (1 - kappa) for men in (present, max(left, 0.0)))
            worth = self.at_count * (high - low) / (1 - kappa)
        if worth > self.worth(begin, end):
            return math.inf
        days, growth = worth / self.pace(begin), self.growth if begin >= self.as_of else 0.0
        return begin + (math.log1p(growth * days) / growth if growth else days)

    def times(self, thresholds: tuple[float, ...], counting: str) -> list[float]:
        """First passages; inf after the end."""
        found = [math.inf] * len(thresholds)
        if self.rate <= 0:
            return found
        for begin, end, sent, present in self.pieces(self.size):
            whole = sent if counting == "casualties" else self.whole
            whole = self.whole if self.stock_day > -math.inf else whole
            for k, q in enumerate(thresholds):
                if found[k] == math.inf:
                    found[k] = self.falls_to(present, (1 - q) * whole, begin, end)
        found = [max(time, self.stock_day) for time in found]
        return [time if time <= self.until else math.inf for time in found]


def spread(draw: st.DrawFn, low: float, high: float) -> Any:
    """A number or a uniform law between limits."""
    one, other = sorted((draw(st.floats(low, high)), draw(st.floats(low, high))))
    return draw(st.sampled_from([one, uniform(one, other + 0.01)]))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Everything at once that goes with a drift and this road."""
    drift = {"sd": spread(draw, 0, 0.8), "correlation_days": spread(draw, 2, 200)}
    rate: dict[str, Any] = {"drift": drift}
    if draw(st.booleans()):
        rate["multiplier"] = spread(draw, 0.3, 2)
    if draw(st.booleans()):
        rate["trend_per_week"] = spread(draw, -0.05, 0.1)
    if draw(st.booleans()):
        rate["strength_exponent"] = draw(st.sampled_from([0, 0.5, 0.8, 1, 1.3, uniform(0.1, 0.9)]))
    more: dict[str, Any] = {
        "rate": rate,
        "counting": draw(st.sampled_from(["casualties", "strength"])),
    }
    dates = ["2025-01-25", "2025-02-10", "2025-03-20"]
    begun = draw(st.integers(0, 2))
    more["pauses"] = [
        {"start": date, "days": spread(draw, 0.5, 12), "intensity": spread(draw, 0, 1.5)}
        for date in dates[begun : begun + draw(st.integers(0, 2))]
    ]
    if draw(st.integers(0, 3)) == 0:
        more["force"] = {"as_of": uniform("2024-11-20", "2025-03-01")}
    else:
        if draw(st.booleans()):
            more["prelude"] = {"start": "2024-11-05", "intensity": spread(draw, 0, 0.5)}
        more["reinforcements"] = [
            {"date": uniform("2024-12-20", "2025-06-30"), "size": spread(draw, 0, 6000)}
            for _ in range(draw(st.integers(0, 3)))
        ]
        if "strength_exponent" not in rate and more["counting"] == "casualties":
            more["wounded"] = {"share": 0.7, "return_share": 0.5, "return_days": 30}
    if draw(st.booleans()):
        more["ends"] = [
            {"label": "peace", "date": uniform("2024-12-10", "2025-11-30"), "probability": 0.6}
        ]
    as_of = draw(st.sampled_from([AS_OF, uniform("2024-12-28", "2025-01-20")]))
    return scenario(
        spread(draw, 1000, 6000),
        spread(draw, 6100, 15000),
        as_of=as_of,
        thresholds=draw(st.sampled_from([[1.0], [0.3, 0.5, 0.9, 1.0], [0.35, 0.6]])),
        horizon=draw(st.sampled_from([100, 300])),
        **more,
    )


def apart(found: list[float], expected: list[float]) -> float:
    """Largest difference in days, where one is never and the other not, infinite."""
    pairs = zip(found, expected, strict=True)
    return max(0.0 if one == other else abs(one - other) for one, other in pairs)


@settings(max_examples=25, deadline=None)
@given(of=scenarios())
def test_the_dates_of_a_loop_over_the_days_of_one_draw(of: Scenario) -> None:
    made, draws = ready(of)
    assert made.shape.road == "drift"
    found = made.first_passage(draws).time
    for i in range(draws.n):
        expected = Loop(made, draws, i).times(made.thresholds, of.counts_by)
        assert apart(found[:, i].tolist(), expected) < DAY, i


def test_the_loop_tells_a_nearby_model() -> None:
    """Another exponent in the tenth digit; a path that begins a day later."""
    rate = {"drift": DRIFT, "strength_exponent": 0.5}
    made, draws = ready(scenario(3800, 12000, rate=rate))
    found = made.first_passage(draws).time
    other = {**draws.values, "rate.strength_exponent": 0.5 + 1e-9}
    for i in range(draws.n):
        near = [Loop(made, draws._replace(values=other), i), Loop(made, draws, i, later=1)]
        for loop in near:
            assert apart(found[:, i].tolist(), loop.times(made.thresholds, "casualties")) > DAY


# --- the walk by days, and the closed form ---


@settings(max_examples=60, deadline=None)
@given(claim=departures())
def test_the_dates_of_the_walk(claim: twin.Claim) -> None:
    nobody = twin.Wounded(share=0.0, return_share=0.0, return_days=1.0)
    claim = replace(claim, wounded=nobody, spells=(twin.Spell(),))
    found, walked = drifting(claim, until=LAST), daily(claim, until=LAST)
    assert apart(found.time.ravel().tolist(), walked.time.ravel().tolist()) < DAY
    assert found.passed.tolist() == walked.passed.tolist()
    assert found.over.tolist() == walked.over.tolist()
    assert found.rate.tolist() == walked.rate.tolist()


@settings(max_examples=30, deadline=None)
@given(claim=claims())
def test_without_spread_the_closed_form(claim: twin.Claim) -> None:
    exact = bent(claim).time.item()
    found = drifting(replace(claim, drift=(0.0, 0.0)), until=LAST).time.item()
    assert apart([found], [exact if exact <= LAST else math.inf]) < DAY


# --- one and many ---


def test_a_draw_alone_and_in_a_crowd() -> None:
    """The same bits, whatever happens to others and whoever has dropped out."""
    rng = np.random.default_rng(5)
    each = [
        twin.Claim(
            start=0,
            as_of=41 + i / 7,
            count=1000 + 400 * i,
            size=12000,
            thresholds=(0.3, 0.9),
            trend_per_week=0.01 * i - 0.03,
            strength_exponent=(0.0, 0.5, 1.0)[i % 3],
            drift=(0.0, *rng.normal(0, 0.3, 400).tolist()),
            pauses=(twin.Pause(50 + i, 70, 0.1 * i),),
            reinforcements=(twin.Arrival(30.0 + 7 * i, 900),),
        )
        for i in range(9)
    ]
    ends = [LAST - 20 * i for i in range(len(each))]
    crowd = drifting(*each, until=ends)
    assert np.isfinite(crowd.time).any(axis=1).all()
    for i, claim in enumerate(each):
        alone = drifting(claim, until=ends[i])
        for name in ("time", "rate", "passed", "over"):
            one, among = getattr(alone, name)[..., 0], getattr(crowd, name)[..., i]
            assert one.tolist() == among.tolist(), (i, name)


def test_parts_of_a_block_are_worked_out_on_their_own() -> None:
    rate = {"drift": DRIFT}
    made = plan(scenario(uniform(3000, 4000), 12000, rate=rate), "random", draws=8)
    points = np.random.default_rng(1).random((1, 40_000))
    draws = made.draws(points, segments(0, 0, 0, 40_000))
    whole = made.first_passage(draws)
    for rows, part in draws.parts(2**14):
        assert made.first_passage(part).time.tolist() == whole.time[:, rows].tolist()
    assert whole.time.shape == (1, 40_000)


@pytest.mark.parametrize("count", [0.0, 12000.0, 15000.0])
def test_nothing_to_wait_for(count: float) -> None:
    """No rate, and a threshold that has already passed."""
    claim = twin.Claim(start=0, as_of=41, count=count, size=12000, drift=(0.0, 0.5))
    passage = drifting(claim, until=LAST)
    assert passage.time.item() == pytest.approx(12000 / count * 41 if count else math.inf)
    assert passage.passed.item() == (count > 0)
    assert passage.over.item() == (count > 12000)
