"""Stocks and flows: the published reference values, on every road that serves them."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

import simulate
from simulate.engine.draws import DrawBatch
from simulate.engine.first_passage import Passage
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import segments
from simulate.engine.shape import Road, Shape, bent, straight
from simulate.engine.tally import INFLOW
from simulate.engine.walk import road as walks
from simulate.engine.walk.inflow import first_at
from simulate.engine.workers import Workers
from simulate.scenario.model import Scenario
from simulate.scenario.stocks import Amount

MONTH, YEAR = 365.2425 / 12, 365.2425
PLAIN = Shape(
    road="events",
    thresholds=(),
    counting="strength",
    pauses=0,
    reinforcements=0,
    ends=(),
    stages=0,
    drifts=False,
    rotates=False,
    trends=False,
    minds_returns=False,
)
FACTORS = (1.9, 1.7, 1.4, 1.0, 0.6, 0.4, 0.35, 0.35, 0.5, 0.8, 1.3, 1.7)
WITHIN = 1e-6  # day


def months(origin: dt.date, years: int) -> dict[str, Any]:
    """Beginnings of the calendar months from that of the origin on, and which the first one is."""
    first = [
        dt.date(origin.year + (origin.month - 1 + i) // 12, (origin.month - 1 + i) % 12 + 1, 1)
        for i in range(12 * years + 1)
    ]
    return {
        "months": tuple(float((day - origin).days) for day in first),
        "first_month": origin.month - 1,
    }


def on(
    road: Road,
    values: dict[str, Any],
    shape: Shape,
    thresholds: tuple[float, ...],
    *,
    days: float = 1e5,
) -> Passage:
    """First passages on one road."""
    shape = replace(shape, road=road, thresholds=thresholds)
    if road == "straight":
        return straight(values, shape)
    if road == "bent":
        return bent(values, shape)
    n = max(map(np.size, values.values()))
    draws = DrawBatch(values, 0, segments(0, 0, 0, n), None, None)
    return walks.walk(draws, {}, shape, days=days)


ORIGIN = dt.date(2026, 1, 22)
STOCK: dict[str, Any] = {"force.size": 3000.0, "force.as_of": 0.0, "losses.rate": 200.0}


def day(date: str) -> float:
    return float((dt.date.fromisoformat(date) - ORIGIN).days)


ALL: tuple[Road, ...] = ("straight", "bent", "events")
CLOSED: tuple[Road, ...] = ("bent", "events")
PRODUCTION = {"inflow[0].amount": 75.0, "inflow[0].from": day("2026-04-01")}
SEASONAL = {f"rate.by_month[{i}]": factor for i, factor in enumerate(FACTORS)}
CASES: list[tuple[dict[str, Any], dict[str, Any], tuple[Road, ...], dict[float, float]]] = [
    ({}, {}, ALL, {1.0: 456.553125, Amount(600.0, "left"): 365.2425}),
    ({}, {}, CLOSED, {Amount(2400.0, "lost"): 365.2425, Amount(3001.0, "lost"): np.inf}),
    (PRODUCTION, {"inflow_days": (MONTH,)}, ALL, {0.5: 323.8425, 1.0: 689.085}),
    (
        {**PRODUCTION, "inflow[0].until": day("2026-10-01")},
        {"inflow_days": (MONTH,)},
        ALL,
        {1.0: 525.178125},
    ),
    ({"force.floor": 600.0}, {}, ALL, {0.5: 182.62125, 1.0: 365.2425}),
    ({"force.usable": 0.18}, {}, ALL, {1.0: 82.179563}),
    (
        {"outflows[0].date": day("2026-05-01"), "outflows[0].size": 400.0},
        {"outflows": 1},
        CLOSED,
        {1.0: 395.679375, Amount(3000.0, "lost"): 395.679375},
    ),
    (
        {"rate.trend_per_week": -0.02, "rate.trend_until": day("2026-07-01")},
        {"trends": True},
        CLOSED,
        {1.0: 678.306470},
    ),
    # The net rate is 125 a month from the first day on.
    ({"inflow[0].amount": 75.0}, {"inflow_days": (MONTH,)}, ALL, {1.0: 3000 / 125 * MONTH}),
    ({"inflow[0].amount": 200.0}, {"inflow_days": (MONTH,)}, ALL, {1.0: np.inf}),
    # A floor above the stock has been passed at the start.
    ({"force.floor": 3000.0}, {}, ALL, {0.5: 0.0, 1.0: 0.0}),
]


@pytest.mark.parametrize(("more", "form", "roads", "expected"), CASES)
def test_a_stock_on_a_day(
    more: dict[str, Any],
    form: dict[str, Any],
    roads: tuple[Road, ...],
    expected: dict[float, float],
) -> None:
    shape = replace(PLAIN, rate_days=MONTH, **form)
    for road in roads:
        found = on(road, {**STOCK, **more}, shape, tuple(expected))
        assert found.time[:, 0].tolist() == pytest.approx(list(expected.values()), abs=WITHIN)
        assert found.rate[0] == pytest.approx(200 / MONTH)


def test_a_rate_with_a_start() -> None:
    values = {"force.size": 12000.0, "losses.start": 0.0, "losses.rate": 92.0}
    for road in ALL:
        found = on(road, values, replace(PLAIN, counting="casualties"), (1.0,))
        assert found.time[0, 0] == pytest.approx(130.434783, abs=WITHIN)
        assert found.rate[0] == 92.0


@pytest.mark.parametrize("amount", [0.0, 20.0])
def test_a_stock_counted_twice(amount: float) -> None:
    """A known inflow changes the rate, not the date."""
    days = float((dt.date(2024, 6, 6) - dt.date(2023, 10, 7)).days)
    values = {
        "force.counts[0].size": 22500.0,
        "force.counts[0].date": 0.0,
        "force.counts[1].size": 10500.0,
        "force.counts[1].date": days,
        "inflow[0].amount": amount,
    }
    for road in ALL:
        found = on(road, values, replace(PLAIN, inflow_days=(1.0,)), (1.0,))
        assert found.rate[0] == pytest.approx(49.382716 + amount, abs=WITHIN)
        assert found.time[0, 0] - days == pytest.approx(212.625, abs=WITHIN)
    rising = {**values, "force.counts[1].size": 22500.0 + 20.0 * days}
    for road in ALL:
        found = on(road, rising, replace(PLAIN, inflow_days=(1.0,)), (1.0,))
        assert found.time[0, 0] == np.inf
        assert found.rate[0] == 0.0


@pytest.mark.parametrize("day", [0.0, 30.0, 41.0, 60.0])
def test_losses_of_a_stock_count_from_its_day(day: float) -> None:
    """Whatever was counted before: 1,000 are lost twenty days after it, at 50 a day."""
    values = {
        "force.size": 3000.0,
        "force.as_of": day,
        "losses.count": 2050.0,
        "losses.start": 0.0,
        "losses.as_of": 41.0,
    }
    for road, shape in itertools.product(CLOSED, (PLAIN, replace(PLAIN, counting="casualties"))):
        thresholds = (Amount(1000.0, "lost"), Amount(2000.0, "left"), Amount(3001.0, "lost"))
        found = on(road, values, shape, thresholds).time[:, 0]
        assert found.tolist() == pytest.approx([day + 20, day + 20, np.inf], abs=WITHIN)
        # With an inflow that begins on that day, what comes in is lost later.
        more = {**values, "inflow[0].amount": 40.0}
        found = on(road, more, replace(shape, inflow_days=(1.0,)), thresholds).time[:, 0]
        assert found.tolist() == pytest.approx([day + 20, day + 100, day + 60.02], abs=WITHIN)


def test_days_of_supply() -> None:
    values = {"force.lasts": 11.0, "force.as_of": 3.0}
    for road in ALL:
        found = on(road, values, PLAIN, (0.5, 1.0))
        assert found.time[:, 0].tolist() == pytest.approx([8.5, 14.0], abs=WITHIN)


@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize("roads", [CLOSED, ("events",)])
def test_a_season(copies: int, roads: tuple[Road, ...]) -> None:
    """A stated rate, and one that was counted in winter."""
    origin = dt.date(2022, 1, 10)
    counted = float((dt.date(2022, 6, 23) - origin).days)
    stated: dict[str, Any] = {"force.size": 245.4, "force.as_of": counted, **SEASONAL}
    if copies > 1:  # as if the factors were uncertain
        stated = {name: np.full(copies, value) for name, value in stated.items()}
    shape = replace(PLAIN, rate_days=YEAR, trends=roads != CLOSED, **months(origin, 5))
    measured = {"losses.count": 120.0, "losses.start": 0.0, "losses.as_of": 50.0}
    for road in roads:
        found = on(road, {**stated, "losses.rate": 950.0}, shape, (1.0,))
        assert found.time[0, -1] - counted == pytest.approx(153.806081, abs=WITHIN)
        found = on(road, {**stated, **measured}, shape, (1.0,))
        assert found.rate[-1] == pytest.approx(1.342281879, abs=1e-9)
        assert found.time[0, -1] - counted == pytest.approx(205.906842, abs=WITHIN)


VEHICLES: dict[str, Any] = {
    "force": {"size": 3000, "as_of": "2026-01-22"},
    "losses": {"rate": 200, "per": "month"},
}
MADE = {"amount": 75, "per": "month", "from": "2026-04-01"}
GAS: dict[str, Any] = {
    "force": {"size": 245.4, "as_of": "2022-06-23"},
    "rate": {"by_month": list(FACTORS)},
}
COUNTS = [{"size": 22500, "date": "2023-10-07"}, {"size": 10500, "date": "2024-06-06"}]
FORCE: dict[str, Any] = {
    "force": {"size": 12000},
    "losses": {"rate": 92, "per": "day", "start": "2024-12-06"},
}
FILES: list[tuple[dict[str, Any], Road, str, float, float]] = [
    (FORCE, "straight", "2024-12-06", 1.0, 130.434783),
    (VEHICLES, "straight", "2026-01-22", 1.0, 456.553125),
    ({**VEHICLES, "inflow": [MADE]}, "straight", "2026-01-22", 0.5, 323.8425),
    (
        {**VEHICLES, "inflow": [{**MADE, "until": "2026-10-01"}]},
        "straight",
        "2026-01-22",
        1.0,
        525.178125,
    ),
    (
        {**VEHICLES, "outflows": [{"date": "2026-05-01", "size": 400}]},
        "bent",
        "2026-01-22",
        1.0,
        395.679375,
    ),
    (
        {**VEHICLES, "rate": {"trend_per_week": -0.02, "trend_until": "2026-07-01"}},
        "bent",
        "2026-01-22",
        1.0,
        678.306470,
    ),
    ({"force": {"counts": COUNTS}}, "straight", "2024-06-06", 1.0, 212.625),
    (
        {"force": {"counts": COUNTS}, "inflow": [{"amount": 20, "per": "day"}]},
        "straight",
        "2024-06-06",
        1.0,
        212.625,
    ),
    ({"force": {"lasts": 11, "as_of": "2025-06-18"}}, "straight", "2025-06-18", 0.5, 5.5),
    ({**GAS, "losses": {"rate": 950, "per": "year"}}, "bent", "2022-06-23", 1.0, 153.806081),
    (
        {**GAS, "losses": {"count": 120, "start": "2022-01-10", "as_of": "2022-03-01"}},
        "bent",
        "2022-06-23",
        1.0,
        205.906842,
    ),
]


def found_in(tree: dict[str, Any], q: float) -> tuple[Road, dt.date, float]:
    """The road, the origin and the first passage of a file that is certain."""
    of = Scenario.model_validate({"title": "a stock", "thresholds": [q], **tree})
    plan = plan_for(of, draws=1, seed=0, method="random")
    points = np.empty((len(plan.names), 1))
    points[:] = 0.5
    return plan.road, of.origin, float(plan.first_passage(plan.draws(points)).time[0, 0])


@pytest.mark.parametrize(("tree", "road", "since", "q", "expected"), FILES)
def test_a_file(tree: dict[str, Any], road: Road, since: str, q: float, expected: float) -> None:
    found = found_in(tree, q)
    days = (dt.date.fromisoformat(since) - found[1]).days
    assert found[0] == road
    assert found[2] - days == pytest.approx(expected, abs=WITHIN)


@pytest.mark.parametrize(("tree", "road", "since", "q", "expected"), FILES)
def test_a_drift_that_goes_nowhere(
    tree: dict[str, Any], road: Road, since: str, q: float, expected: float
) -> None:
    still = {"drift": {"sd": 0, "correlation_days": 9}}
    found = found_in({**tree, "rate": {**tree.get("rate", {}), **still}}, q)
    flows = "inflow" in tree or "outflows" in tree
    assert road != found[0] == ("daily" if flows else "drift")
    days = (dt.date.fromisoformat(since) - found[1]).days
    assert found[2] - days == pytest.approx(expected, abs=WITHIN)


# --- why a stock lasts ---

REFILLED: dict[str, Any] = {
    "title": "a stock",
    "force": {"size": 3000, "as_of": "2026-01-22"},
    "losses": {"rate": {"distribution": "uniform", "low": 100, "high": 300}, "per": "month"},
    "inflow": {"amount": 150, "per": "month"},
    "horizon": "2027-03-01",
}
LATE_PAUSE = {"pauses": [{"start": "2026-07-01", "days": 10, "intensity": 0}]}
ENDED = {**REFILLED["inflow"], "until": "2026-10-22"}
LARGE = {"size": 1e5, "as_of": "2026-01-22"}
SOON = {"horizon": "2026-09-01"}
"""For walks of days, which are slow."""
SPELLS = {"line_days": 300, "rest_days": 1, "return_intensity": 1}
QUARTER: list[tuple[dict[str, Any], Road]] = [
    ({}, "straight"),
    ({"rate": {"multiplier": 1}}, "bent"),
    ({"rate": {"trend_per_week": 0}}, "events"),
    ({"rate": {"by_month": list(FACTORS)}}, "events"),
    (LATE_PAUSE, "events"),
    ({**LATE_PAUSE, "counting": "casualties"}, "events"),
    ({"rotation": SPELLS}, "events"),
    ({"wounded": {"share": 0.5, "return_share": 1e-9, "return_days": 30}}, "events"),
    ({**SOON, "rate": {"strength_exponent": 0}}, "daily"),
    ({**SOON, "rate": {"drift": {"sd": 1e-6, "correlation_days": 20}}}, "daily"),
    ({**LATE_PAUSE, "ends": {"label": "E", "date": "2050-01-01"}}, "events"),
]
OTHERS: list[tuple[dict[str, Any], float]] = [
    # A trend that lowers the rate by a quarter, and one that raises it for ever.
    ({"rate": {"trend_per_week": np.log(0.75) / 10, "trend_until": "2026-04-02"}}, 0.5),
    ({"rate": {"trend_per_week": 1e-6}}, 0.0),
    # An inflow that ends, and an event before the horizon in half of the draws.
    ({**LATE_PAUSE, "inflow": {**REFILLED["inflow"], "until": "2027-01-01"}}, 0.0),
    ({**LATE_PAUSE, "ends": {"label": "E", "date": "2026-11-01", "probability": 0.5}}, 0.125),
    # Half is left when losses are as high as the inflow; shares of all sent rise for ever.
    ({**SOON, "rate": {"strength_exponent": 1}, "thresholds": [0.5]}, 1.0),
    ({**SOON, "rate": {"strength_exponent": 1}, "counting": "casualties"}, 0.0),
    ({**LATE_PAUSE, "thresholds": [{"lost": 2000}]}, 0.0),
    # On the straight line, beyond it in closed form, and from event to event: more losses than an
    # inflow that has ended allows, one that begins after the horizon, and all taken after that.
    *(
        ({**way, **more}, share)
        for way in ({}, {"rate": {"multiplier": 1}}, LATE_PAUSE)
        for more, share in (
            ({"inflow": ENDED, "thresholds": [{"lost": 9e4}]}, 0.0),
            ({"force": LARGE, "inflow": {**REFILLED["inflow"], "from": "2027-04-01"}}, 0.0),
            ({"outflows": {"date": "2040-01-01", "size": 1e5}}, 0.25),
        )
    ),
]


@pytest.mark.parametrize(("more", "share"), [*((more, 0.25) for more, _ in QUARTER), *OTHERS])
def test_an_inflow_that_exceeds_the_losses(more: dict[str, Any], share: float) -> None:
    """The same cause on every road, with and without a record of the strength.

    Within five standard deviations of as many independent draws: certain shares are exact.
    """
    within = 5.0 * math.sqrt(share * (1.0 - share) / 2**8)
    of = Scenario.model_validate({**REFILLED, **more})
    for strength in (False, True):
        plan = plan_for(of, draws=2**8, seed=0, method="lattice", strength=strength)
        never = run_plan(plan, Workers(1)).never[:, 0].sum(axis=0) / plan.design.n_draws
        assert never[plan.causes.index(INFLOW)] == pytest.approx(share, abs=within)


def test_the_roads_of_these_causes() -> None:
    for more, road in QUARTER:
        assert Shape.of(Scenario.model_validate({**REFILLED, **more})).road == road


def test_what_is_empty_falls_at_once() -> None:
    """Exactly at 0 days, not after many rounds that come ever closer."""
    one = np.ones(3)
    growth = np.array([-1.5e-4, 0.0, 1.5e-4])
    found = first_at(0.0 * one, 181.0 * one, growth, np.array([0.0, 90.0, 130.0]), 30.0 * one)
    assert np.array_equal(found, np.zeros(3))


def test_single_numbers_and_an_uncertain_day_of_the_stock() -> None:
    """3,000 less 200 and plus 75 a month last 24 months from whatever day they are counted."""
    days = {"distribution": "uniform", "low": "2026-01-20", "high": "2026-01-25"}
    stock = {
        "title": "T",
        "force": {"size": 3000, "as_of": days},
        "losses": {"rate": 200, "per": "month"},
        "inflow": [{"amount": 75, "per": "month"}],
    }
    draws = simulate.run(stock, draws=1024).draws()
    lasted = np.asarray(draws["day_100"]) - np.asarray(draws["force.as_of"])
    assert lasted == pytest.approx(24 * MONTH, abs=1e-6)
