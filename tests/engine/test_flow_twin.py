"""Random mixtures of everything a stock can have, against the numerical twin."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from simulate.engine.draws import DrawBatch
from simulate.engine.sampling.design import segments
from simulate.engine.shape import Road, Shape
from simulate.engine.strength import Seen, record_straight_line, with_past
from simulate.engine.walk import road as walks
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.stocks import DAYS_IN, Amount
from tests.engine.test_flows import PLAIN, months, on
from tests.flow_twin import Twin

DAYS = 900.0
MOMENTS = tuple(float(day) for day in range(140, 800, 60))
WITHIN = 1e-6  # day; the solver's error is far smaller, but for its events


class Mixture:
    """A form, the values of three draws of it, and thresholds of each kind."""

    def __init__(self, seed: int, *, follows: bool = False) -> None:
        self.rng, self.values = np.random.default_rng(seed), dict[str, Floats]()
        self.follows = follows
        kinds = ["stated", "started", "counted", "counted stock", "measured", "lasts"]
        self.kind = kinds[seed % len(kinds)]
        self.scale = 0.05 if self.kind == "lasts" else 1.0
        self.form = replace(PLAIN, counting=self.one_of("strength", "casualties"), follows=follows)
        for part in (self.claim, self.stock, self.flows, self.rate):
            part()
        amounts = (Amount(500 * self.scale, "left"), Amount(3000 * self.scale, "lost"))
        self.thresholds = (0.3, 1.0, *amounts)

    def some(self, name: str, low: float, high: float) -> None:
        self.values[name] = self.rng.uniform(low, high, 3)

    def one_of(self, *values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def claim(self) -> None:
        if self.kind in {"stated", "started"}:
            self.some("losses.rate", 20, 200)
        if self.kind == "started":
            self.some("losses.start", 20, 120)
        if self.kind.startswith("counted"):
            self.some("losses.count", 500, 4000)
            self.some("losses.start", 20, 60)
            self.some("losses.as_of", 70, 120)
        if self.kind.startswith("counted") and self.chance(1 / 2):
            self.some("prelude.start", 0, 19)
            self.some("prelude.intensity", 0, 1)

    def stock(self) -> None:
        if self.kind == "measured":
            self.some("force.counts[0].size", 9000, 12000)
            self.some("force.counts[1].size", 3000, 9500)
            self.some("force.counts[0].date", 0, 50)
            self.some("force.counts[1].date", 60, 120)
        elif self.kind == "lasts":
            self.some("force.lasts", 20, 300)
        else:
            self.some("force.size", 4000, 9000)
        if self.kind in {"stated", "counted stock", "lasts"}:
            # With an exponent, not after the count: see `leading_to`.
            self.some("force.as_of", 5, 70 if self.follows else 130)
        if self.chance(1 / 2):
            self.some("force.floor", 0, 1500 * self.scale)
        if self.chance(1 / 3):
            self.some("force.usable", 0.5, 1)

    def flows(self) -> None:
        pers = [self.one_of(*DAYS_IN) for _ in range(self.one_of(0, 1, 2) or int(self.follows))]
        n = {"reinforcements": self.one_of(0, 1, 2), "outflows": self.one_of(0, 1, 2)}
        self.form = replace(self.form, inflow_days=tuple(DAYS_IN[per] for per in pers), **n)
        for i, days in enumerate(self.form.inflow_days):
            self.some(f"inflow[{i}].amount", 0, 60 * self.scale * days)
            if self.chance(2 / 3):
                self.some(f"inflow[{i}].from", 10, 300)
            if self.chance(2 / 3):
                self.some(f"inflow[{i}].until", 310, 600)
        for name in (f"{what}[{i}]" for what, count in n.items() for i in range(count)):
            self.some(f"{name}.date", 60, 500)
            self.some(f"{name}.size", 0, 2000 * self.scale)

    def rate(self) -> None:
        pauses, per = self.one_of(0, 1, 2), self.one_of(None, None, "week", "month", "year")
        for i in range(pauses):
            self.some(f"pauses[{i}].start", 130 + 100 * i, 190 + 100 * i)
            self.some(f"pauses[{i}].days", 0, 40)
            self.some(f"pauses[{i}].intensity", 0, 1)
        if per is not None:
            weeks = DAYS_IN[per] / 7
            self.some(f"rate.trend_per_{per}", -0.08 * weeks, 0.05 * weeks)
            if self.chance(1 / 2):
                self.some("rate.trend_until", 60, 400)
        if self.chance(1 / 2):
            self.form = replace(self.form, **months(dt.date(2022, 8, 1), 4))
            for i in range(12):
                self.some(f"rate.by_month[{i}]", 0.1, 2)
        if self.chance(1 / 2):
            self.some("rate.multiplier", 0.5, 1.5)
        if self.follows:
            self.some("rate.strength_exponent", 0.2, 1.3)
        self.form = replace(
            self.form, pauses=pauses, trends=per is not None, trend_per=per or "week"
        )

    def draw(self, i: int) -> dict[str, float]:
        return {name: float(value[i]) for name, value in self.values.items()}

    def twins(self, thresholds: tuple[float, ...]) -> Floats:
        """First passages by the twin, shape (thresholds, 3)."""
        draws = (Twin(self.draw(i), self.form) for i in range(3))
        return np.array([twin.walk(thresholds, DAYS).crossings for twin in draws]).T


def roads(form: Shape) -> tuple[Road, ...]:
    """The roads that serve a form: the events always, a closed form where there is one."""
    bends = bool(form.pauses or form.trends or form.months)
    if (form.flows and bends) or (form.months and form.trends):
        return ("events",)
    return ("bent", "events")


def within(time: Floats) -> Floats:
    """Those that are beyond the days walked by either are as good as never."""
    return np.where(time < DAYS - 1, time, math.inf)


@pytest.mark.parametrize("seed", range(48))
def test_every_mixture(seed: int) -> None:
    case = Mixture(seed)
    expected = within(case.twins(case.thresholds))
    for road in roads(case.form):
        found = on(road, case.values, case.form, case.thresholds, days=DAYS)
        assert within(found.time) == pytest.approx(expected, rel=0, abs=WITHIN), road


def test_a_stock_that_is_refilled_is_never_used_up() -> None:
    """Where it is known at the horizon, not for centuries; where not, only if the rate dies out."""
    n_refilled = n_other = 0
    for seed in range(48):
        case = Mixture(seed)
        if not case.form.inflow_days:
            continue
        soon, late = (
            on("events", case.values, case.form, (0.3, 1.0), days=days) for days in (DAYS, 1e5)
        )
        assert soon.refilled is not None
        never = np.isinf(soon.time) & (soon.rate > 0)
        refilled = never & soon.refilled
        assert np.isinf(late.time[refilled]).all()
        n_refilled += int(refilled.sum())
        if not case.form.trends or "rate.trend_until" in case.values:
            other = never & ~soon.refilled
            assert np.isfinite(late.time[other]).all()
            n_other += int(other.sum())
    assert min(n_refilled, n_other) > 10


@pytest.mark.parametrize("seed", range(400, 412))
def test_a_draw_is_the_same_alone(seed: int) -> None:
    for case in (Mixture(seed), Mixture(seed, follows=True)):
        for road in roads(case.form) if not case.follows else ("events",):
            together = on(road, case.values, case.form, case.thresholds, days=DAYS).time
            i = seed % 3
            one = {name: value[i : i + 1] for name, value in case.values.items()}
            alone = on(road, one, case.form, case.thresholds, days=DAYS).time
            assert np.array_equal(alone[:, 0], together[:, i])


def test_the_twin_would_notice() -> None:
    """A thousandth more of any input moves a date of some mixture; nearly all are seen."""
    seen, all_names = set[str](), set[str]()
    for seed in range(24):
        case = Mixture(seed)
        names = [name.split("[")[0] for name in case.values]
        all_names |= set(names)
        right = within(on("events", case.values, case.form, case.thresholds, days=DAYS).time)
        for name, kind in zip(case.values, names, strict=True):
            if kind not in seen:
                values = {**case.values, name: case.values[name] * 1.001}
                wrong = on("events", values, case.form, case.thresholds, days=DAYS).time
                both = np.isfinite(right) & (wrong < DAYS - 1)
                moved = np.abs(np.where(both, wrong, 0) - np.where(both, right, 0))
                seen |= {kind} if moved.max() > 10 * WITHIN else set()
    assert seen == all_names


class Kept:
    """Keeps what is noted of one draw."""

    losses_only = False

    def __init__(self, times: tuple[float, ...]) -> None:
        self.times, self.present, self.lost = times, list[float](), list[float]()
        self.unlimited = list[float]()

    def note(self, moments: Ints | int, seen: Seen, **_others: Any) -> None:
        del moments
        self.present += seen.present.tolist()
        self.lost += seen.lost.tolist()
        self.unlimited += [] if seen.unlimited is None else seen.unlimited.tolist()


@pytest.mark.parametrize("seed", range(100, 118))
def test_strength_and_losses_at_moments(seed: int) -> None:
    """An arrival, or an outflow, at a moment itself does not count yet."""
    case, kept = Mixture(seed), Kept(MOMENTS)
    one = {name: value[:1] for name, value in case.values.items()}
    path = Twin(case.draw(0), case.form).walk(case.thresholds, MOMENTS[-1], MOMENTS)
    draws = DrawBatch(one, 0, segments(0, 0, 0, 1), None, None)
    form = replace(case.form, road="events", thresholds=case.thresholds)
    walks.walk(draws, {}, form, days=MOMENTS[-1], recorders=[kept])
    assert kept.present == pytest.approx(path.present, rel=0, abs=1e-6)
    assert kept.lost == pytest.approx(path.lost, rel=0, abs=1e-6)
    assert kept.unlimited == pytest.approx(path.unlimited, rel=0, abs=1e-6)
    assert min(kept.present) >= min(case.values.get("force.floor", [0.0])[0], kept.present[0])


@pytest.mark.parametrize("seed", range(4, 76, 6))
def test_a_stock_between_its_two_counts(seed: int) -> None:
    """Forwards from the first: what came in, less an even use; before it nothing changes."""
    case, moments = Mixture(seed), tuple(float(day) for day in range(0, 140, 7))
    draws = DrawBatch(case.values, 0, segments(0, 0, 0, 3), None, None)
    form = replace(case.form, road="events", thresholds=case.thresholds)
    recorders = [Kept(moments) for _ in range(3)]
    walks.walk(draws, {}, form, days=moments[-1], recorders=with_past(draws, form, recorders))
    for i, kept in enumerate(recorders):
        twin, v = Twin(case.draw(i), form), case.draw(i)
        (first, begin), (second, end) = (
            [v[f"force.counts[{k}].{name}"] for name in ("size", "date")] for k in range(2)
        )

        def gain(day: float, twin: Twin = twin, begin: float = begin) -> float:
            come = sum(twin.come_between(k, begin, day) for k in twin.inflows)
            return come + sum(size for at, size in twin.jumps() if begin <= at < day)

        rate = (first + gain(end) - second) / twin.season_between(begin, end)
        usable = first - second * (1.0 - v.get("force.usable", 1.0))
        for day, present in zip(moments, kept.present, strict=True):
            if day < end:
                since = max(day, begin)
                expected = usable + gain(since) - rate * twin.season_between(begin, since)
                assert present == pytest.approx(max(expected, 0.0), rel=0, abs=1e-6)
        assert kept.present[0] == pytest.approx(usable, rel=0, abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_an_inflow_at_a_rate_that_follows_the_strength(seed: int) -> None:
    """By days: the strength is right to a hundred-thousandth of the stock."""
    case, error = Mixture(seed, follows=True), 1e-5
    ladder = tuple(q + sign * error for q in (0.3, 0.7) for sign in (-1, 1))
    early, late = case.twins(ladder).reshape(2, 2, 3).swapaxes(0, 1)
    found = on("events", case.values, case.form, (0.3, 0.7), days=DAYS).time
    assert (early <= found + 1e-5).all()
    assert (np.minimum(found, DAYS) - 1e-5 <= np.minimum(late, DAYS)).all()


@pytest.mark.parametrize("amounts", [1, 2])
def test_the_straight_line_is_a_broken_one(amounts: int) -> None:
    """Days in every order; some draws have no rate, or lose less than comes in."""
    rng, n = np.random.default_rng(amounts), 2000
    values = {
        "force.size": rng.uniform(1000, 5000, n),
        "force.as_of": rng.uniform(0, 100, n),
        "force.floor": rng.uniform(0, 1200, n),
        "losses.start": rng.uniform(0, 100, n),
        "losses.rate": np.maximum(rng.uniform(-5, 60, n), 0),
        "inflow[0].amount": rng.uniform(0, 40, n),
    }
    if amounts == 1:
        values["inflow[0].from"] = rng.uniform(0, 200, n)
        values["inflow[0].until"] = rng.uniform(0, 300, n)
    else:
        values["inflow[1].amount"] = rng.uniform(0, 10, n)
    form = replace(PLAIN, inflow_days=(1.0,) * amounts)
    thresholds = (0.2, 1.0, Amount(900, "left"))
    line, broken = (on(road, values, form, thresholds) for road in ("straight", "bent"))
    assert np.array_equal(np.isfinite(line.time), np.isfinite(broken.time))
    finite = np.isfinite(line.time)
    assert 0.4 < finite.mean() < 0.95
    assert line.time[finite] == pytest.approx(broken.time[finite], rel=1e-9)
    assert np.array_equal(line.rate, broken.rate)
    assert np.array_equal(line.passed, broken.passed)


@pytest.mark.parametrize("seed", range(200, 216))
def test_those_who_return_from_before_the_stock(seed: int) -> None:
    """The wounded lost before the stock was counted are not in it, and return to it."""
    case = Mixture(seed)
    for name, low, high in (("share", 0.2, 0.9), ("return_share", 0.2, 0.9)):
        case.some(f"wounded.{name}", low, high)
    case.some("wounded.return_days", 20, 90)
    if case.kind == "counted stock":  # of which no more may be counted than can be lost
        case.values.pop("force.floor", None)
    case.form = replace(case.form, stages=3, minds_returns=True)
    found = on("events", case.values, case.form, case.thresholds, days=DAYS).time
    expected = within(case.twins(case.thresholds))
    assert within(found) == pytest.approx(expected, rel=0, abs=WITHIN)


@pytest.mark.parametrize("seed", range(300, 312))
def test_spells_of_known_length_are_pauses(seed: int) -> None:
    """Rests of six days after every 25, with all that else happens."""
    case = Mixture(seed)
    values = {name: value[:1] for name, value in case.values.items() if "pauses" not in name}
    counted = Twin(case.draw(0), case.form).counted
    spells = {"line_days": 25.0, "rest_days": 6.0, "rest_intensity": 0.3, "return_intensity": 1.0}
    rotation = {f"rotation.{name}": value for name, value in spells.items()}
    form = replace(case.form, pauses=0, rotates=True)
    found = on("events", {**values, **rotation}, form, case.thresholds, days=DAYS).time
    n = int(DAYS / 31) + 1
    for i in range(n):
        rest = {"start": counted + 25 + 31 * i, "days": 6.0, "intensity": 0.3}
        values |= {f"pauses[{i}].{name}": np.array([value]) for name, value in rest.items()}
    form = replace(case.form, pauses=n)
    expected = on("events", values, form, case.thresholds, days=DAYS).time
    assert within(found) == pytest.approx(within(expected), rel=0, abs=WITHIN)


def test_no_more_is_lost_than_comes_in() -> None:
    """Nothing is left from day 10 on; losses then are those of the inflow."""
    values = {
        "force.size": 100.0,
        "force.as_of": 0.0,
        "losses.rate": 15.0,
        "inflow[0].amount": 5.0,
    }
    form = replace(PLAIN, inflow_days=(1.0,))
    thresholds = (1.0, Amount(150, "lost"), Amount(200, "lost"))
    for road in roads(form):
        found = on(road, values, form, thresholds)
        assert found.time[:, 0].tolist() == pytest.approx([10, 10, 20], abs=WITHIN)
    kept = Kept((5.0, 10.0, 30.0))
    draws = DrawBatch(values, 0, segments(0, 0, 0, 1), None, None)
    form = replace(form, thresholds=thresholds)
    walks.walk(draws, {}, form, days=30.0, recorders=[kept])
    assert kept.present == pytest.approx([50, 0, 0], abs=1e-9)
    assert kept.lost == pytest.approx([75, 150, 250], abs=1e-9)


def test_the_losses_end_at_a_floor() -> None:
    """30 above it go by day 6; an inflow that exceeds the losses from day 20 on adds to it."""
    values = {"force.size": 100.0, "force.as_of": 0.0, "losses.rate": 5.0, "force.floor": 70.0}
    thresholds = (Amount(40, "lost"), 1.0, Amount(69, "left"), Amount(70, "left"))
    more = {"inflow[0].amount": 6.0, "inflow[0].from": 20.0}
    late, flows = values | more, replace(PLAIN, inflow_days=(1.0,))
    moments, dates = (5.0, 6.0, 20.0, 30.0), [6.0, math.inf, 6.0]
    cases: list[tuple[Road, dict[str, float], Shape, list[float]]] = [
        *((road, values, PLAIN, [70.0, 30.0]) for road in ("straight", "bent", "events")),
        *((road, late, flows, [80.0, 80.0]) for road in ("bent", "events")),
    ]
    for road, given, form, last in cases:
        found = on(road, given, form, thresholds[1:]).time[:, 0]
        assert found.tolist() == pytest.approx(dates, abs=WITHIN)
        if road != "straight":
            lost = on(road, given, form, thresholds).time[0, 0]
            assert lost == pytest.approx(22.0 if form is flows else math.inf, abs=WITHIN)
        kept = Kept(moments)
        draws = DrawBatch(given, 0, segments(0, 0, 0, 1), None, None)
        if road == "straight":
            record_straight_line(draws, form, kept)
        else:
            whole = replace(form, thresholds=thresholds)
            walks.walk(draws, {}, whole, days=30.0, recorders=[kept])
        assert kept.present == pytest.approx([75, 70, 70, last[0]], abs=1e-9)
        assert kept.lost == pytest.approx([25, 30, 30, last[1]], abs=1e-9)
