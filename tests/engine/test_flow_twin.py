"""Random mixtures of everything a stock can have, against the numerical twin."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulate.engine.shape import Road, Shape
from simulate.scenario.arrays import Floats
from simulate.scenario.stocks import DAYS_IN, Amount
from tests.engine.test_flows import PLAIN, months, on
from tests.flow_twin import Twin

DAYS = 900.0
PERIODS = tuple(DAYS_IN)
MOMENTS = tuple(float(day) for day in range(140, 800, 60))


def mixture(seed: int, *, follows: bool = False, returns: bool = False) -> tuple[Shape, Any, Any]:
    """A form, the values of three draws of it, and thresholds."""
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {}

    def some(name: str, low: float, high: float) -> None:
        values[name] = rng.uniform(low, high, 3)

    kind = rng.choice(["stated", "from a start", "counted", "counted stock", "measured", "lasts"])
    if kind in {"stated", "from a start"}:
        some("losses.rate", 20, 200)
    if kind in {"counted", "counted stock"}:
        some("losses.count", 500, 4000)
        some("losses.start", 20, 60)
        some("losses.as_of", 70, 120)
        if rng.random() < 0.5:
            some("prelude.start", 0, 19)
            some("prelude.intensity", 0, 1)
    if kind == "from a start":
        some("losses.start", 20, 120)
    if kind == "measured":
        some("force.counts[0].size", 9000, 12000)
        some("force.counts[1].size", 3000, 9500)
        some("force.counts[0].date", 0, 50)
        some("force.counts[1].date", 60, 120)
    elif kind == "lasts":
        some("force.lasts", 20, 300)
    else:
        some("force.size", 4000, 9000)
    if kind in {"stated", "counted stock", "lasts"} or (kind == "from a start" and seed % 2):
        # After the count the strength behind an exponent follows from losses alone.
        some("force.as_of", 5, 70 if follows else 130)
    scale = 0.05 if kind == "lasts" else 1.0
    form = replace(
        PLAIN,
        counting=str(rng.choice(["strength", "casualties"])),  # type: ignore[arg-type]
        reinforcements=int(rng.integers(0, 3)),
        outflows=int(rng.integers(0, 3)),
        inflow_days=tuple(DAYS_IN[per] for per in rng.choice(PERIODS, rng.integers(0, 3))),
        pauses=int(rng.integers(0, 3)),
        trends=bool(rng.random() < 0.5),
        trend_per=str(rng.choice(PERIODS[1:])),  # type: ignore[arg-type]
        follows=follows,
        stages=3 if returns else 0,
        minds_returns=returns,
    )
    if follows and not form.inflow_days:
        form = replace(form, inflow_days=(1.0,))
    for i, days in enumerate(form.inflow_days):
        some(f"inflow[{i}].amount", 0, 60 * scale * days)
        if rng.random() < 0.7:
            some(f"inflow[{i}].from", 10, 300)
        if rng.random() < 0.7:
            some(f"inflow[{i}].until", 310, 600)
    for what, n in (("reinforcements", form.reinforcements), ("outflows", form.outflows)):
        for i in range(n):
            some(f"{what}[{i}].date", 60, 500)
            some(f"{what}[{i}].size", 0, 2000 * scale)
    for i in range(form.pauses):
        some(f"pauses[{i}].start", 130 + 100 * i, 190 + 100 * i)
        some(f"pauses[{i}].days", 0, 40)
        some(f"pauses[{i}].intensity", 0, 1)
    if form.trends:
        per = DAYS_IN[form.trend_per] / 7
        some(f"rate.trend_per_{form.trend_per}", -0.08 * per, 0.05 * per)
        if rng.random() < 0.5:
            some("rate.trend_until", 60, 400)
    if rng.random() < 0.5:
        form = replace(form, **months(dt.date(2022, 8, 1), 4))
        for i in range(12):
            some(f"rate.by_month[{i}]", 0.1, 2)
    if rng.random() < 0.5:
        some("rate.multiplier", 0.5, 1.5)
    if follows:
        some("rate.strength_exponent", 0.2, 1.3)
    if returns:
        some("wounded.share", 0.2, 0.9)
        some("wounded.return_share", 0.2, 0.9)
        some("wounded.return_days", 20, 90)
    if rng.random() < 0.5:
        some("force.floor", 0, 60 if kind == "lasts" else 1500)
    if rng.random() < 0.3:
        some("force.usable", 0.5, 1)
    last = 0.8 if follows else 1.0
    amounts = (Amount(500 * scale, "left"), Amount(3000 * scale, "lost"))
    return form, values, (0.3, last, *amounts)


def roads(form: Shape) -> tuple[Road, ...]:
    """The roads that serve a form, by days where an exponent and an inflow meet."""
    if form.months and form.trends:
        return ("events",)
    broken = not (form.pauses or form.trends or form.months)
    return ("bent", "events") if not form.follows and (broken or not form.flows) else ("events",)


def draw(values: dict[str, Any], i: int) -> dict[str, float]:
    return {name: float(value[i]) for name, value in values.items()}


def twins(form: Shape, values: Any, thresholds: Any) -> Floats:
    found = [Twin(draw(values, i), form).walk(thresholds, DAYS).crossings for i in range(3)]
    return np.array(found).T


def within(time: Floats) -> Floats:
    """Later ones are beyond the days walked, by either."""
    return np.where(time < DAYS - 1, time, math.inf)


@pytest.mark.parametrize("seed", range(60))
def test_the_twin(seed: int) -> None:
    form, values, thresholds = mixture(seed)
    expected = within(twins(form, values, thresholds))
    for road in roads(form):
        found = on(road, values, form, thresholds)
        assert within(found.time) == pytest.approx(expected, rel=0, abs=1e-6), road
