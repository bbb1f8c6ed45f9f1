"""Paths of a rate that changes as rates have changed: the closed form, and every road."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

from simulate.engine.bent_line import Claim, Setting
from simulate.engine.clock import Clock
from simulate.engine.draws import DrawBatch
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import Segment, segments
from simulate.engine.shape import Shape
from simulate.engine.time_change import drifting_line
from simulate.engine.walk import road
from simulate.engine.walk.dynamics import Noise, paces
from simulate.engine.walk.reference import ReferencePath, path_of
from simulate.engine.workers import Workers
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.own_past import Scale
from simulate.scenario.reference import CORRELATION_DAYS, DIRECTION, SD, compensator, spread
from tests.cases import ALARM, passages, plan, scenario, uniform
from tests.cases import DAYS as COUNTED

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
UNIT, SINGLE = 1.407699708, 1.0
PUBLISHED = {
    SINGLE: [88.201902, 111.273706, 129.473684, 153.622782, 220.040063],
    UNIT: [78.589927, 105.211342, 129.473684, 165.532238, 277.388199],
}
"""Days from the start in the published case, by k."""

LEFT = (12000 - 3800) / (3800 / COUNTED)
REFERENCE = {"reference": {"class": "unit"}}


def closed_form(days: Floats, k: float, left: float = LEFT, degrees: int = 4) -> Floats:
    """The probability to lose `left` days' worth within some days after the count."""
    return np.asarray(stats.t.cdf(np.log(days / left) / (k * spread(days)), degrees))


@pytest.mark.parametrize("k", PUBLISHED)
def test_the_closed_form(k: float) -> None:
    """On published numbers; a millionth of a day further is another level."""
    days = np.array(PUBLISHED[k]) - COUNTED
    slope = (closed_form(days + 0.01, k) - closed_form(days - 0.01, k)) / 0.02
    np.testing.assert_array_less(np.abs(closed_form(days, k) - LEVELS), 1e-6 * slope)


APPROXIMATE = 0.004
"""How far the closed form is from the paths, in probability: half a day near the median."""


def shares(rate: dict[str, Any], k: float, n: int = 2**17) -> Floats:
    """The share of draws up to each quantile of the closed form."""
    of = plan(scenario(rate=rate, horizon=2000), "random", draws=n)
    time = of.first_passage(next_draws(of, n)).time[0]
    return np.array([np.mean(time <= day) for day in PUBLISHED[k]])


def next_draws(of: Plan, n: int, seed: int = 0) -> DrawBatch:
    points = np.random.default_rng(seed).random((len(of.names), n))
    return replace(of, seed=seed).draws(points, segments(0, 0, 0, n))


@pytest.mark.parametrize(
    ("k", "rate"),
    [
        (UNIT, REFERENCE),
        (UNIT, {"reference": {"sd": 0.45}}),
        (SINGLE, {"reference": {"sd": 0.319670451}}),
    ],
)
def test_paths_follow_the_closed_form(k: float, rate: dict[str, Any]) -> None:
    """Within its error and that of the draws, with a false alarm in 1e-6."""
    n = 2**17
    most = APPROXIMATE + stats.norm.isf(ALARM / 10) * np.sqrt(LEVELS * (1 - LEVELS) / n)
    assert (np.abs(shares(rate, k) - LEVELS) < most).all()
    assert (np.abs(shares({"reference": {"class": "front"}}, k) - LEVELS) > most).any()


def test_without_the_compensator_paths_would_be_early(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "simulate.engine.walk.reference._mean_compensator"
    monkeypatch.setattr(name, lambda _day, _stride: 0.0)
    assert shares(REFERENCE, UNIT)[-1] > 0.96


@pytest.mark.parametrize(("degrees", "k"), [(4, 1.4), (5, 0.9), (12, 1.1)])
def test_the_scale_is_that_of_students_t(degrees: int, k: float) -> None:
    """kappa Z has Student's distribution, times k."""
    n = 20_000
    shape = replace(Shape.of(scenario(rate=REFERENCE)), scale=Scale(k, degrees))
    path = path_of({}, shape, Noise(3, (Segment(0, 0, 0, n),)))
    assert isinstance(path, ReferencePath)
    assert stats.kstest(degrees * (k / path.kappa) ** 2, "chi2", (degrees,)).pvalue > ALARM
    assert stats.kstest(path.direction / (DIRECTION * path.kappa), "norm").pvalue > ALARM
    assert stats.kstest(path.direction / (DIRECTION * k), "t", (degrees,)).pvalue > ALARM
    other = stats.kstest(degrees * (k / path.kappa) ** 2, "chi2", (degrees + 1,))
    assert other.pvalue < ALARM
    assert abs(np.corrcoef(path.kappa, path.direction**2 / path.kappa**2)[0, 1]) < 0.05


# --- long steps ---


def bridged(n: int, last: int, seed: int = 1) -> Floats:
    """Paths on all days up to `last`, shape (days, n)."""
    rng = np.random.default_rng(seed)
    stay = math.exp(-1 / CORRELATION_DAYS)
    path = np.zeros((last + 1, n))
    for day in range(last):
        path[day + 1] = stay * path[day]
        path[day + 1] += SD * math.sqrt(1 - stay**2) * rng.standard_normal(n)
    return path


def ends_of_steps(last: int) -> list[int]:
    return [*range(8), *range(8, 72, 4), *range(72, last + 1, 8)]


def normals_of(path: Floats) -> Callable[[Ints, Ints], Floats]:
    """The normal numbers that lead the long steps through the same path."""
    ends = ends_of_steps(len(path) - 1)

    def normals(steps: Ints, number: Ints) -> Floats:
        rows = np.zeros((steps.size, number.size))
        for row, step in zip(rows, steps.tolist(), strict=True):
            if step + 1 < len(ends):
                begin, end = ends[step], ends[step + 1]
                stay = math.exp(-(end - begin) / CORRELATION_DAYS)
                by_chance = path[end, number] - stay * path[begin, number]
                row[:] = by_chance / (SD * math.sqrt(1 - stay**2))
        return rows

    return normals


def day_by_day(path: Floats, kappa: Floats, direction: Floats, left: float) -> Floats:
    """Days to lose `left` days' worth, in steps of a day."""
    day = np.arange(len(path) - 1.0)[:, np.newaxis]
    middle = (path[1:] + path[:-1]) / 2
    curved = SD**2 * (1 - math.exp(-1 / CORRELATION_DAYS)) / 4
    level: Floats = kappa * middle + direction - kappa**2 * (compensator(day + 0.5) - curved)
    theta = np.cumsum(np.exp(np.clip(level, -300, 300)), axis=0)
    i = np.count_nonzero(theta < left, axis=0)
    found = np.full(kappa.size, np.inf)
    for draw in np.flatnonzero(i < len(theta)):
        after, k = theta[i[draw], draw], i[draw]
        before = theta[k - 1, draw] if k else 0.0
        found[draw] = k + (left - before) / (after - before)
    return found


def long_steps_apart(left: float) -> tuple[Floats, Floats]:
    """Percentiles 5 to 75 of dates by long steps less those by days, with their error.

    The error that the draws leave is estimated from ten parts of them.
    """
    n, last = 30_000, 200
    rng = np.random.default_rng(2)
    kappa = UNIT * np.sqrt(4 / rng.chisquare(4, n))
    direction, path = DIRECTION * kappa * rng.standard_normal(n), bridged(n, last)
    zero, ones = np.zeros(n), np.ones(n)
    claim = Claim(ones, ones + left, zero - 1, zero, zero - 1, zero)
    found = drifting_line(
        Setting(claim, Clock(zero, ones, zero), zero, [], (1.0,)),
        ReferencePath(kappa, direction, normals_of(path)),
        until=np.full(n, float(ends_of_steps(last)[-1])),
    )
    times = np.stack([found.time[0], day_by_day(path, kappa, direction, left)])
    by_steps, by_days = np.quantile(times.reshape(2, 10, -1), LEVELS[:4], axis=2).transpose(1, 0, 2)
    apart = by_steps - by_days
    return apart.mean(axis=1), apart.std(axis=1, ddof=1) / math.sqrt(10)


@pytest.mark.parametrize("left", [12.0, 40.0])
def test_long_steps_keep_the_distribution(left: float) -> None:
    """Within 0.1 day of the same paths in steps of a day."""
    apart, error = long_steps_apart(left)
    assert (np.abs(apart) < 0.1 + stats.t.isf(ALARM / 8, 9) * error).all()
    assert (error < 0.05).all()


def test_without_the_curvature_dates_would_be_late(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "simulate.engine.walk.reference._mean_compensator"
    monkeypatch.setattr(name, lambda day, stride: float(compensator(day + stride / 2)))
    apart, error = long_steps_apart(40.0)
    assert apart[3] > 0.1 + 4 * error[3]


# --- from road to road ---


ARRIVAL = {"date": "2025-02-20", "size": 2500}
PAUSE = {"start": "2025-02-01", "days": 10, "intensity": 0.3}
ROADS: dict[str, dict[str, Any]] = {
    "alone": {},
    "trend and strength": {"rate": {"trend_per_week": 0.02, "strength_exponent": 0.5}},
    "arrivals and a pause": {"reinforcements": [ARRIVAL], "pauses": [PAUSE]},
    "prelude and an end": {
        "prelude": {"start": "2024-11-05", "intensity": 0.3},
        "ends": [{"label": "peace", "date": uniform("2025-02-10", "2025-09-30")}],
    },
    "a stock later on": {"force": {"as_of": "2025-02-12", "floor": 900}},
    "a drift beside it": {"rate": {"drift": {"sd": 0.3, "correlation_days": 20}}},
    "a season": {"rate": {"by_month": [1.5, 1.2, 1, 0.8, 0.6, 0.5, 0.6, 0.8, 1, 1.1, 1.3, 1.6]}},
}


def on_both_roads(more: dict[str, Any], n: int = 64) -> tuple[Floats, Floats]:
    rate = {**REFERENCE, **more.get("rate", {})}
    of = plan(scenario(**{**more, "rate": rate, "thresholds": [0.5, 1.0]}), "random", draws=64)
    draws = next_draws(of, n)
    assert of.road == "drift"
    walked = road.walk(draws, of.columns, of.shape, days=of.times.days)
    return of.first_passage(draws).time, walked.time


@pytest.mark.parametrize("which", ROADS)
def test_the_walk_by_days_gives_the_same_dates(which: str) -> None:
    found, walked = on_both_roads(ROADS[which])
    assert np.isfinite(found).mean() > 0.5
    np.testing.assert_allclose(found, walked, rtol=0, atol=1e-8)


DAILY: dict[str, dict[str, Any]] = {
    "rotation": {"rotation": {"line_days": 20, "rest_days": 10, "return_intensity": 1.0}},
    "returns": {
        "wounded": {"share": 0.7, "return_share": 0.5, "return_days": 30},
        "counting": "strength",
    },
    "inflow": {"inflow": [{"amount": 20, "per": "day"}]},
    "outflow": {"outflows": [{"date": "2025-02-20", "size": 500}]},
    "season and trend": {
        "rate": {"by_month": [1.0] * 11 + [1.5], "trend_per_week": 0.01},
    },
}


@pytest.mark.parametrize("which", DAILY)
def test_roads_by_days(which: str) -> None:
    """Dates spread far more than without reference, on either side of the date they then have."""
    more = DAILY[which]
    rate = {**more.get("rate", {}), **REFERENCE}
    calm = {
        **more.get("rate", {}),
        "trend_per_week": more.get("rate", {}).get("trend_per_week", 0.0),
    }
    wide = plan(scenario(**{**more, "rate": rate}), "random", draws=512)
    plain = plan(scenario(**{**more, "rate": calm}), "random", draws=512)
    assert wide.road == "daily"
    date = plain.first_passage(next_draws(plain, 1)).time[0, 0]
    times = wide.first_passage(next_draws(wide, 512)).time[0]
    low, high = np.quantile(times, [0.1, 0.9], method="nearest")
    assert low < date - 15
    assert high > date + 15
    # The median stays near the date: the share of earlier draws is 1/2 but for chance and 0.07.
    assert abs(np.mean(times < date) - 0.5) < 0.07 + stats.norm.isf(ALARM) * 0.5 / math.sqrt(512)


# --- the same numbers for all ---


def test_workers_and_other_inputs_change_nothing() -> None:
    of = plan(scenario(rate=REFERENCE, horizon=2000), draws=8192)
    one, two = (run_plan(of, Workers(workers)) for workers in (1, 2))
    assert one.passages.tolist() == two.passages.tolist()
    draws, second = next_draws(of, 200), Segment(0, 1, 0, 100)
    draws = draws._replace(segments=(Segment(0, 0, 0, 100), second))
    times = of.first_passage(draws).time[0]
    alone = of.first_passage(draws._replace(segments=(second,))).time[0]
    assert alone.tolist() == times[100:].tolist()
    assert not np.isin(of.first_passage(draws._replace(seed=1)).time[0], times).any()
    # A drift beside it leaves its numbers as they are.
    rate = {**REFERENCE, "drift": {"sd": 1e-12, "correlation_days": 20}}
    beside = plan(scenario(rate=rate, horizon=2000), draws=8192)
    found = beside.first_passage(draws).time[0]
    assert np.abs(found - times).max() < 1e-6


def test_the_largest_spreads_give_dates() -> None:
    of = plan(scenario(rate={"reference": {"sd": 10.0}}), draws=1024)
    found = passages(of)
    assert 0 <= found.cdf(400.0) <= 1
    levels = ReferencePath(
        np.array([1e100]), np.array([1e100]), lambda steps, _: np.zeros((steps.size, 1))
    )
    assert np.isfinite(paces(levels.steps(np.zeros(1), 0, np.zeros(1, dtype=np.int64))[1])).all()
