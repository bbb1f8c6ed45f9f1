"""The walk by days beside a loop written by hand for one scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulate.engine.draws import DrawBatch
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.walk.dynamics import DAYS, Noise
from simulate.engine.workers import Workers
from simulate.scenario.arrays import Floats
from tests.benchmarks.conftest import Report, in_turn
from tests.cases import scenario, uniform

DRAWS = 131_072
AFTER = 250
ROUNDS = 5
SD, CORRELATION_DAYS = 0.3, 30.0
SHARE, RETURN_SHARE, RETURN_DAYS, STAGES = 0.75, 0.5, 45.0, 3
BEFORE = 41
"""Days from the start to the count."""


def drift_and_returns(size: float) -> Plan:
    """A case with drift and returns; where the force is large nobody is done early."""
    case = scenario(
        uniform(3000, 4000),
        size,
        counting="strength",
        rate={"drift": {"sd": SD, "correlation_days": CORRELATION_DAYS}},
        wounded={"share": SHARE, "return_share": RETURN_SHARE, "return_days": RETURN_DAYS},
        horizon=AFTER,
    )
    return plan_for(case, draws=DRAWS, seed=0, method="lattice")


def by_hand(draws: DrawBatch) -> Floats:
    """First passages of one scenario: its normal numbers, its additions, and nothing else."""
    n = draws.n
    noise, everybody = Noise(draws.seed, draws.segments), np.arange(n)
    size, rate = draws.values["force.size"], draws.values["losses.count"] / BEFORE
    stay = np.exp(-1.0 / CORRELATION_DAYS)
    spread = SD * np.sqrt(1.0 - stay * stay)
    x = STAGES / RETURN_DAYS
    p0, p1, p2 = np.exp(-x), x * np.exp(-x), x * x / 2 * np.exp(-x)
    back = SHARE * RETURN_SHARE
    j0 = back * (1.0 - p0) / x
    j1 = back * (1.0 - p0 - p1) / x
    j2 = back * (1.0 - p0 - p1 - p2) / x
    within = back - j0 - j1 - j2
    strength = np.full(n, size)
    w0, w1, w2, level = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    time_crossed = np.full(n, np.inf)
    for day in range(-BEFORE, AFTER):
        losses = rate
        if day >= 0:
            if day % DAYS == 0:
                normals = noise.normals(day, everybody)
            if day > 0:
                level = stay * level + spread * normals[day % DAYS]
            losses = rate * np.exp(level)
        waited = w0 + w1 + w2
        w2 = p0 * w2 + p1 * w1 + p2 * w0
        w1 = p0 * w1 + p1 * w0
        w0 = p0 * w0
        returned = waited - (w0 + w1 + w2) + within * losses
        w0 += j0 * losses
        w1 += j1 * losses
        w2 += j2 * losses
        left = strength - losses + returned
        crossing = (left <= 0.0) & np.isinf(time_crossed)
        if crossing.any():
            share = strength[crossing] / (strength[crossing] - left[crossing])
            time_crossed[crossing] = BEFORE + day + share
        strength = left
    return time_crossed


def blocks(plan: Plan) -> list[DrawBatch]:
    method = METHODS[plan.design.method]
    return [
        plan.draws(points, segments(replicate, shift, 0, points.shape[1]))
        for replicate, shift in plan.design.tasks
        for points in method(plan.design, plan.seed, plan.names, replicate, shift)
    ]


def test_both_loops_do_the_same() -> None:
    plan = drift_and_returns(12_000)
    draws = blocks(plan)[0]
    by_us = plan.first_passage(draws).time[0]
    inside = by_us < BEFORE + AFTER
    assert np.count_nonzero(inside) > draws.n / 2
    np.testing.assert_allclose(by_us[inside], by_hand(draws)[inside], rtol=1e-12)


@pytest.mark.parametrize("size", [12_000, 60_000])
def test_walk_beside_a_loop_by_hand(benchmark: Any, report: Report, size: float) -> None:
    plan = drift_and_returns(size)

    def hand() -> None:
        for draws in blocks(plan):
            by_hand(draws)

    best, least = in_turn(benchmark, lambda: run_plan(plan, Workers(1)), hand, ROUNDS)
    report(
        f"daily: {DRAWS:,} draws, force of {size:,}",
        f"{best:.2f} s for {AFTER} days with drift and returns, one thread; "
        f"{best / least:.2f} times a loop by hand ({least:.2f} s)",
    )
