"""Every combination of a grid: the run it would be alone, and its shift from the first."""

from __future__ import annotations

import datetime as dt
import math
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

import simulate
from simulate.analysis.sweep import Sweep
from simulate.errors import ScenarioError, ThresholdError
from simulate.scenario.consistency import contradictions
from simulate.scenario.model import Scenario
from simulate.scenario.values import Contradiction
from tests.cases import ALARM, DAYS

BASE = """\
title: T
force: {size: {distribution: lognormal, p5: 10000, p95: 12000}}
losses:
  count: {distribution: lognormal, p5: 3000, p95: 4000}
  start: 2024-12-06
  as_of: 2025-01-16
thresholds: [0.5, 1.0]
by: [2025-04-15]
horizon: 2026-01-01
"""
DRAWS = 8192
WIDEN = float(stats.t.isf(ALARM / 2, 7) / stats.t.isf(0.025, 7))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "f.yaml"
    path.write_text(BASE, encoding="utf-8")
    return path


def swept(file: Path, *settings: str, **more: Any) -> Sweep:
    return simulate.sweep(file, settings, **{"draws": DRAWS, "workers": 1, **more}).sweep


def test_every_combination_is_the_run_it_would_be_alone(file: Path) -> None:
    found = swept(
        file, "losses.start=2024-12-01,2024-12-06", "force.size=10000,12000", "horizon=2025-05-01"
    )
    assert [cell.values for cell in found.cells] == [
        ("2024-12-01", "10000"),
        ("2024-12-01", "12000"),
        ("2024-12-06", "10000"),
        ("2024-12-06", "12000"),
    ]
    for cell in found.cells:
        settings = [f"losses.start={cell.values[0]}", f"force.size={cell.values[1]}"]
        loaded = simulate.load(file, [*settings, "horizon=2025-05-01"])
        alone = simulate.run(loaded, draws=DRAWS)
        assert cell.digest == loaded.digest
        assert cell.horizon == dt.date(2025, 5, 1)
        for row, outcome in zip(cell.rows, alone.summary.outcomes, strict=True):
            assert row.quantiles == outcome.quantiles
            assert row.by == outcome.by
            assert row.never == outcome.never
            assert row.depleted_probability == outcome.depleted_probability
        assert cell.warnings == alone.summary.warnings
    assert found.first.outcomes[0].threshold == 0.5
    assert found.main.threshold == 1.0


def test_every_combination_is_checked_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[float] = []

    def counted(scenario: Scenario) -> Iterator[Contradiction]:
        checked.append(scenario.force.stock[1].support[0])
        return contradictions(scenario)

    monkeypatch.setattr("simulate.scenario.model.contradictions", counted)
    settings = ("force.size=10000,12000", "losses.start=2024-12-01,2024-12-06")
    swept(file, *settings, by=[dt.date(2025, 3, 1)], levels=[0.9])
    assert checked == [10_000, 10_000, 12_000, 12_000]


def test_further_dates_are_checked_against_each_horizon(file: Path) -> None:
    with pytest.raises(ScenarioError, match=r"is after the horizon.*\[with horizon=2025-05-01\]"):
        swept(file, "horizon=2025-05-01,2026-01-01", by=[dt.date(2025, 6, 1)])


def test_shifts_are_paired_with_the_first_combination(file: Path) -> None:
    """Twice the loss count or more men: the median moves by what it does exactly."""
    found = swept(
        file, "losses.count={distribution: lognormal, p5: 3000, p95: 4000},3464.1016151377544"
    )
    first, second = (cell.chosen.shift for cell in found.cells)
    assert first is not None
    assert second is not None
    assert (first.days, first.mc_error_days) == (0.0, 0.0)
    # Lognormal times have the ratio of the medians as their median.
    assert second.days is not None
    assert second.mc_error_days is not None
    assert abs(second.days) < WIDEN * second.mc_error_days + 2 / 24
    sizes = swept(file, "force.size=10000,12000")
    moved = sizes.cells[1].chosen.shift
    assert moved is not None
    assert moved.days is not None
    assert moved.mc_error_days is not None
    exact = DAYS * 2000 / math.sqrt(3000 * 4000)
    tolerance = WIDEN * moved.mc_error_days + 2 / 24
    assert abs(moved.days - exact) < tolerance
    assert abs(moved.days - exact * 1.05) > tolerance  # a slightly other count would be seen


def test_thresholds_may_differ_and_one_may_be_chosen(file: Path) -> None:
    found = swept(file, "thresholds=[0.5],[0.5, 1.0]")
    assert [cell.chosen.threshold for cell in found.cells] == [0.5, 0.5]
    assert found.main.threshold == 0.5
    assert found.cells[1].rows[1].shift is None
    half = found.cells[1].chosen.shift
    assert half is not None
    assert half.days == 0.0
    with pytest.raises(ScenarioError, match=r"no threshold in common: .*\[0\.3\], .*\[0\.5, 1\]"):
        swept(file, "thresholds=[0.3],[0.5, 1.0]", "force.size=10000,12000")
    chosen = swept(file, "force.size=10000,12000", threshold=0.5)
    assert {cell.chosen.threshold for cell in chosen.cells} == {0.5}
    assert chosen.main.threshold == 0.5
    with pytest.raises(ThresholdError, match=r"0\.3 is not among the thresholds 0\.5, 1\n"):
        swept(file, "force.size=10000,12000", threshold=0.3)
    with pytest.raises(ThresholdError, match=r"1 is not among the thresholds 0\.5\n"):
        swept(file, "thresholds=[0.5],[0.5, 1.0]", threshold=1.0)


def test_what_is_asked_beside_the_file(file: Path) -> None:
    found = swept(
        file,
        "force.size=10000,12000",
        by=[dt.date(2025, 3, 1)],
        levels=[0.9],
        seed=3,
        method="random",
    )
    assert [by.date.isoformat() for by in found.cells[0].chosen.by] == ["2025-03-01", "2025-04-15"]
    levels = [quantile.level for quantile in found.cells[1].chosen.quantiles]
    assert levels == [0.05, 0.25, 0.5, 0.75, 0.9, 0.95]
    assert (found.first.run.seed, found.first.run.method) == (3, "random")
    assert found.cells[0].digest == simulate.load(file, ["force.size=10000"]).digest


def test_what_cannot_be_swept(file: Path) -> None:
    with pytest.raises(ScenarioError, match="there is nothing to sweep"):
        swept(file, "force.size=10000")
    with pytest.raises(ScenarioError, match=r"sampling\.seed cannot be swept"):
        swept(file, "sampling.seed=0,1")
    with pytest.raises(ScenarioError, match=r"sampling\.draws"):
        swept(file, "force.size=10000,12000", "sampling.draws=-1")
    with pytest.raises(ScenarioError, match="seed"):
        swept(file, "force.size=10000,12000", seed=-1)


def test_claims_one_by_one_are_refused_and_pooling_can_be_swept(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(
        "title: T\nforce: {size: 12000}\nlosses:\n  start: 2024-12-06\n  claims:\n"
        "  - {count: 3000, as_of: 2025-01-16, source: A}\n"
        "  - {count: 3800, as_of: 2025-01-16, source: B}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"a single one \[with losses.pooling=each\]"):
        swept(path, "losses.pooling=linear,each")
    linear, quantile = swept(path, "losses.pooling=linear,quantile").cells
    assert linear.chosen.at(0.05).date != quantile.chosen.at(0.05).date


def test_the_same_whoever_does_the_work(file: Path) -> None:
    settings = ("force.size=10000,12000", "horizon=2025-05-01")
    alone = swept(file, *settings)
    assert swept(file, *settings, workers=3) == alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert swept(file, *settings, executor=processes, workers=2) == alone
    assert swept(file, *settings, seed=1) != alone


def test_progress_runs_over_all_combinations(file: Path) -> None:
    seen: list[tuple[int, int]] = []
    swept(file, "force.size=10000,11000,12000", progress=lambda *at: seen.append(at))
    assert seen[-1] == (3 * DRAWS, 3 * DRAWS)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_memory_does_not_grow_with_tallies(file: Path) -> None:
    """Each combination adds its rows, far less than its tally of hours to the horizon."""

    def peak(n: int) -> int:
        values = ",".join(str(10_000 + number) for number in range(n))
        tracemalloc.start()
        swept(file, f"force.size={values}", draws=1024, by=[])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)  # what is imported and cached once
    few, many = peak(4), peak(24)
    tally = 2 * 8 * 390 * 24 * 8  # thresholds, replicates, days, hours, bytes
    assert many - few < tally  # of twenty more combinations


def test_the_python_face(file: Path) -> None:
    result = simulate.sweep(file, ["force.size=10000,12000"], draws=1024)
    assert result.to_dict()["swept"] == [{"name": "force.size", "values": ["10000", "12000"]}]
    assert result.cite().startswith("Over 2 combinations of size of the force (10,000, 12,000)")
    assert repr(result).startswith("<SweepResult of 'T': 2 combinations\n Whole force")
