"""Scenarios whose depletion dates are known exactly, built without a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple, replace
from scipy import stats

from simulate.analysis.binned import Binned
from simulate.analysis.outcomes import passages_of
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.workers import Workers
from simulate.scenario.model import Scenario

START, AS_OF = "2024-12-06", "2025-01-16"
DAYS = 41.0
ALARM = 1e-6
"""Chance of a false alarm of each statistical test."""


def lognormal(p5: float, p95: float) -> dict[str, Any]:
    return {"distribution": "lognormal", "p5": p5, "p95": p95}


def uniform(low: float | str, high: float | str) -> dict[str, Any]:
    return {"distribution": "uniform", "low": low, "high": high}


COUNT, SIZE = lognormal(3000, 4000), lognormal(10000, 12000)

FUND_OF_ONE_DATE: dict[str, Any] = {
    "title": "T",
    "unit": "million dollars",
    "wording": "fund",
    "force": {"size": 410, "as_of": "2024-07-01", "floor": 50},
    "losses": {"count": 185, "start": "2024-07-01", "as_of": "2024-12-01"},
    "reinforcements": [{"date": uniform("2025-01-01", "2025-02-01"), "size": 9}],
}
"""A fund whose only uncertain input, a day long before it runs out, moves nothing."""


def scenario(
    count: Any = 3800, size: Any = 12000, *, start: Any = START, as_of: Any = AS_OF, **more: Any
) -> Scenario:
    """The published case, with other inputs where given."""
    force = {"size": size, **more.pop("force", {})}
    losses = {"count": count, "start": start, "as_of": as_of}
    return Scenario.model_validate(
        {"title": "a case", "horizon": 400, **more, "force": force, "losses": losses}
    )


UNCERTAIN_DATES = {
    "start": uniform("2024-12-01", "2024-12-11"),
    "as_of": uniform("2025-01-04", "2025-01-16"),
}
"""With these the origin is 1 December; other cases count from 6 December."""


def uncertain_dates_cdf(t: float) -> float:
    """P(T <= t) of lognormal count and size between the uncertain dates, t from 1 December.

    Given the dates T is lognormal, and its distribution function is smooth: 40 Gauss points on
    either date leave an error below 1e-12.
    """
    z = float(stats.norm.ppf(0.95))
    mean = np.log(np.sqrt(10000 * 12000) / np.sqrt(3000 * 4000))
    sd = np.hypot(np.log(4 / 3), np.log(12 / 10)) / (2 * z)
    x, w = np.polynomial.legendre.leggauss(40)
    start, as_of = 5 + 5 * x[:, np.newaxis], 40 + 6 * x
    given = stats.norm.cdf((np.log((t - start) / (as_of - start)) - mean) / sd)
    return float(w @ given @ w) / 4


def plan(of: Scenario, method: str = "lattice", draws: int = 8192, seed: int = 0) -> Plan:
    return plan_for(of, draws=draws, seed=seed, method=method)


def passages(of: Plan, seed: int | None = None, threshold: int = 0) -> Binned:
    """First passages of a run on one thread, in days since the origin."""
    seeded = of if seed is None else replace(of, seed=seed)
    return passages_of(seeded, run_plan(seeded, Workers(1)), threshold)


def image(counts: Any) -> bytes:
    """All arrays of a tally, or of a tuple of tallies, for comparing them bit by bit."""
    if isinstance(counts, np.ndarray):
        return counts.tobytes()
    if isinstance(counts, Struct):
        counts = astuple(counts)
    return b"".join(map(image, counts)) if isinstance(counts, tuple) else repr(counts).encode()


def day(of: Scenario, date: str) -> float:
    """Days from the origin to the end of a date."""
    return float((dt.date.fromisoformat(date) - of.origin).days + 1)
