"""Strength and losses by date: bins, moments, merging, and the straight line itself."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from simulate.engine.draws import DrawBatch
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan, run_tasks
from simulate.engine.sampling.design import segments
from simulate.engine.shape import Shape
from simulate.engine.strength import (
    BINS,
    COLUMNS,
    MOST_MOMENTS,
    PilotRecorder,
    Seen,
    StrengthGrid,
    StrengthTally,
    columns,
    moments_for,
    record_straight_line,
)
from simulate.engine.tally import add_part
from simulate.engine.workers import Workers
from simulate.scenario.arrays import Floats
from simulate.scenario.model import Scenario
from tests.cases import COUNT, SIZE, UNCERTAIN_DATES, image, scenario, uniform
from tests.memory import PEAK_STRENGTH


def plan(of: Scenario, draws: int = 8192, method: str = "lattice", seed: int = 0) -> Plan:
    return plan_for(of, draws=draws, seed=seed, method=method, strength=True)


def tally(of: Plan, workers: int = 1) -> StrengthTally:
    found = run_plan(of, Workers(workers)).strength
    assert found is not None
    return found


class Kept:
    """A recorder that keeps every value, by moment."""

    losses_only = False

    def __init__(self, *times: float) -> None:
        self.times = times
        self.noted: list[tuple[int, Floats, Floats]] = []

    def note(self, moments: Any, seen: Seen, *, weight: int = 1, **_others: Any) -> None:
        assert weight == 1
        self.noted.append((int(moments), seen.present.copy(), seen.lost.copy()))


# --- bins ---


def test_columns_of_nothing_of_the_bins_and_of_the_top() -> None:
    for top in (1.0, 12000.0, 12484.188995801806, 1e-9, 0.1, 3e99):
        width = top / BINS
        values = np.array([0.0, 1e-300, width / 2, width, top - width / 2, top, 2 * top, 1e3 * top])
        assert columns(values, top).tolist() == [0, 1, 1, 2, BINS, BINS + 1, BINS + 1, BINS + 1]


def test_noting_counts_draws_of_several_moments_at_once() -> None:
    rng = np.random.default_rng(0)
    grid = StrengthGrid((1.0, 2.0, 5.0), 100.0, 80.0)
    moments = rng.integers(0, 3, 5000)
    present, lost = rng.uniform(0, 110, 5000), np.maximum(rng.uniform(-20, 80, 5000), 0)
    found = StrengthTally.empty(1, grid)
    found.note(moments, Seen(present, lost))
    one_by_one = StrengthTally.empty(1, grid)
    for m in range(3):
        one_by_one.note(m, Seen(present[moments == m], lost[moments == m]))
    assert image(found) == image(one_by_one)
    for m in range(3):
        chosen = moments == m
        assert found.present[0, m].sum() == found.lost[0, m].sum() == chosen.sum()
        assert found.lost[0, m, 0] == np.count_nonzero(lost[chosen] == 0)
        assert found.present[0, m, -1] == np.count_nonzero(present[chosen] >= 100)
        met = found.present_met
        ends = (met.lowest[m].min(), met.highest[m].max())
        assert ends == (present[chosen].min(), present[chosen].max())
        assert met.lowest[m, 1] == present[chosen & (present > 0)].min()
    twice = StrengthTally.empty(1, grid)
    twice.note(moments, Seen(present, lost), weight=3)
    assert np.array_equal(twice.present, 3 * found.present)


def test_adding_a_part_touches_its_replicate_only() -> None:
    grid = StrengthGrid((1.0,), 10.0, 10.0)
    part = StrengthTally.empty(1, grid)
    part.note(0, Seen(np.array([4.0, 5.0]), np.array([6.0, 5.0])))
    total = StrengthTally.empty(3, grid)
    add_part(total, part, 1)
    add_part(total, part, 1)
    assert total.present.sum(axis=(1, 2)).tolist() == [0, 4, 0]
    assert (total.present_met.lowest.min(), total.lost_met.highest.max()) == (4.0, 6.0)


# --- moments ---


@pytest.mark.parametrize(
    ("last", "step"),
    [(1, 1), (399, 1), (400, 2), (798, 2), (799, 7), (1826, 7), (5000, 14), (36_526, 112)],
)
def test_moments(last: int, step: int) -> None:
    found = moments_for(0, last)
    assert found[0] == 0.0
    assert found[-1] == last
    assert len(found) <= MOST_MOMENTS
    assert {b - a for a, b in pairwise(found[:-1])} <= {float(step)}
    assert moments_for(0, last, [last, 1]) == tuple(sorted({*found, 1.0}))


def test_the_grid_ends_where_hardly_anything_changes() -> None:
    # 41 * 12000 / 3800 is 129.47 days; the end of the horizon's day is day 442.
    assert plan(scenario()).strength == StrengthGrid(
        tuple(map(float, range(131))), 12000.0, 12000.0
    )
    slow = plan(scenario(380)).strength
    assert slow is not None
    assert slow.times[-1] == 442.0
    never = plan(scenario({"distribution": "normal", "mean": 100, "sd": 100})).strength
    assert never is not None
    assert never.times[-1] == 442.0


def test_no_grid_unless_it_is_wanted() -> None:
    plain = plan_for(scenario(COUNT), draws=1000, seed=0, method="lattice")
    assert plain.strength is None
    assert run_plan(plain).strength is None
    observed = [{"label": "A", "date": "2025-02-01", "losses": 5000}]
    asked = plan_for(scenario(COUNT, observed=observed), draws=1000, seed=0, method="lattice")
    assert asked.strength is not None
    assert asked.strength.times == (57.0,)
    both = plan(scenario(COUNT, observed=[{"label": "A", "date": "2025-12-31", "losses": 5000}]))
    assert both.strength is not None
    assert both.strength.times[-1] == 390.0
    assert both.strength.times[-2] < 200


def test_a_far_tail_does_not_make_the_bins_coarse() -> None:
    heavy = {"distribution": "lognormal", "p5": 1000, "p95": 1_000_000}
    grid = plan(scenario(10, heavy)).strength
    assert grid is not None
    # The 99th percentile lies at 10^4.5 * (10^1.5)^(2.326 / 1.645), about 4.2 million.
    assert 5e6 < grid.top_present < 10e6
    pilot = PilotRecorder((1.0,))
    pilot.note(0, Seen(np.zeros(5), np.zeros(5)))
    assert pilot.grid((1.0,)) == StrengthGrid((1.0,), 1.0, 1.0)


# --- merging, memory ---


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_any_number_of_workers_and_any_order(method: str) -> None:
    of = plan(scenario(COUNT, SIZE, **UNCERTAIN_DATES), method=method, draws=10_000)
    of = replace(of, design=replace(of.design, shifts=3))
    alone = image(tally(of))
    assert image(tally(of, 7)) == alone
    merged = of.empty_tally(of.design.replicates)
    for task in reversed(of.design.tasks):
        add_part(merged, run_tasks(of, (task,))[0], task[0])
    assert merged.strength is not None
    assert image(merged.strength) == alone
    assert image(tally(replace(of, seed=1))) != alone


def test_every_draw_is_counted_once_at_every_moment() -> None:
    end = {"label": "truce", "date": uniform("2025-01-20", "2025-03-01"), "probability": 0.5}
    for of in (
        scenario(),  # nothing uncertain: one value stands for all draws
        scenario(COUNT, SIZE),
        scenario({"distribution": "normal", "mean": 100, "sd": 100}),
        scenario(COUNT, SIZE, ends=[end]),
        scenario(ends=[end]),
    ):
        ready = plan(of)
        found = tally(ready)
        assert found.present.shape == (8, len(found.times), COLUMNS)
        assert np.all(found.present.sum(axis=2) == ready.design.points)
        assert np.all(found.lost.sum(axis=2) == ready.design.points)


def test_passages_do_not_depend_on_the_strength() -> None:
    of = scenario(COUNT, SIZE, **UNCERTAIN_DATES)
    with_strength = run_plan(plan(of))
    without = run_plan(plan_for(of, draws=8192, seed=0, method="lattice"))
    assert np.array_equal(with_strength.passages, without.passages)
    assert np.array_equal(with_strength.rates, without.rates)


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_memory_does_not_grow_with_the_draws() -> None:
    """Peaks in processes of their own; one number kept a draw would take 25 MB more."""

    def peak(draws: int) -> float:
        arguments = [sys.executable, "-c", PEAK_STRENGTH, str(draws)]
        return float(subprocess.run(arguments, check=True, capture_output=True).stdout)

    assert peak(2**22) <= peak(2**20) + 22


# --- the straight line ---


def values(n: int = 50_000) -> dict[str, Floats | float]:
    rng = np.random.default_rng(3)
    return {
        "force.size": rng.uniform(9000, 13000, n),
        "losses.count": rng.uniform(-500, 4000, n),
        "losses.start": rng.uniform(0, 10, n),
        "losses.as_of": rng.uniform(5, 60, n),
    }


def draws(of: dict[str, Floats | float], end_time: Floats | None = None) -> DrawBatch:
    n = max(np.size(value) for value in of.values())
    return DrawBatch(of, seed=0, segments=segments(0, 0, 0, n), end_time=end_time, end=None)


LINE = Shape.of(scenario(COUNT, SIZE))


def test_the_line_against_its_formula_draw_by_draw() -> None:
    case = values()
    size, count, start, as_of = (np.asarray(value) for value in case.values())
    end = np.where(np.arange(size.size) % 3 == 0, 30.0, np.inf)
    for end_time in (None, end):
        kept = Kept(0.0, 5.0, 31.0, 250.0)
        record_straight_line(draws(case, end_time), LINE, kept)
        for m, time in enumerate(kept.times):
            noted = [part for part in kept.noted if part[0] == m]
            present, lost = (np.concatenate([part[i] for part in noted]) for i in (1, 2))
            until = np.full(size.size, time) if end_time is None else np.minimum(time, end)
            rate = np.where((count > 0) & (as_of > start), count / (as_of - start), 0.0)
            expected = np.clip(rate * (until - start), 0, size)
            np.testing.assert_allclose(lost, expected, rtol=1e-12, atol=1e-9)
            np.testing.assert_allclose(present + lost, size, rtol=1e-15)
            assert present.min() >= 0
            assert np.all(present[lost == size] == 0.0)
        assert any(np.any(part[1] == 0) for part in kept.noted)


def test_a_strength_counted_later_is_met_on_its_day() -> None:
    case = {**values(100), "force.as_of": 40.0}
    count, start, as_of = (
        np.asarray(case[f"losses.{name}"]) for name in ("count", "start", "as_of")
    )
    kept = Kept(40.0)
    record_straight_line(draws(case), LINE, kept)
    (_, present, _), good = kept.noted[0], (count > 0) & (as_of > start)
    np.testing.assert_allclose(present[good], np.asarray(case["force.size"])[good], rtol=1e-12)


def test_after_an_end_nothing_changes() -> None:
    kept = Kept(20.0, 30.0, 31.0, 200.0)
    line: dict[str, Floats | float] = {
        "force.size": 12000.0,
        "losses.count": 3800.0,
        "losses.start": 0.0,
        "losses.as_of": 41.0,
    }
    record_straight_line(draws(line, np.array([30.0])), LINE, kept)
    lost = [float(part[2][0]) for part in kept.noted]
    assert lost == pytest.approx([3800 * t / 41 for t in (20, 30, 30, 30)], rel=1e-12)


@pytest.mark.parametrize("later", ["2025-02-10", uniform("2025-02-10", "2025-02-20")])
@pytest.mark.parametrize("inflow", [[], [{"amount": 90, "per": "month"}]])
def test_between_two_counts_a_stock_falls_evenly(later: Any, inflow: list[Any]) -> None:
    """The first count is met on its day, whatever comes in and whatever is certain.

    Then all draws lie between the lines to the earliest second count, after 71 days, and the
    latest.
    """
    counts = [{"size": 2600, "date": "2024-12-01"}, {"size": 1900, "date": later}]
    tree = {"title": "bombs", "force": {"counts": counts}, "inflow": inflow}
    found, latest = tally(plan(Scenario.model_validate(tree))), 71 if later == "2025-02-10" else 82
    met, moments = found.present_met, [k for k, time in enumerate(found.times) if time < 71]
    assert found.times[0] == 0.0
    for k in moments:
        low, high = (2600 - 700 * found.times[k] / days for days in (71, latest))
        assert low - 1e-9 <= met.lowest[k].min() <= met.highest[k].max() <= high + 1e-9
