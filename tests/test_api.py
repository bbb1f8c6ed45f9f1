"""The public Python names."""

from __future__ import annotations

import datetime as dt
import inspect
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import assert_type

import numpy as np
import pytest

import simulate
from simulate.analysis.values import ByDate, Instant
from tests.cases import COUNT, SIZE, scenario

FLAGSHIP = Path(__file__).parents[1] / "configs" / "kursk-isw.yaml"
PUBLIC = [
    "BacktestResult",
    "ClaimResults",
    "ClusterError",
    "ComparisonResult",
    "Draws",
    "FileError",
    "LimitError",
    "LoadedScenario",
    "Plot",
    "RegisterResult",
    "Reproduction",
    "Result",
    "Scenario",
    "ScenarioError",
    "ScoreResult",
    "Sensitivity",
    "SimulateError",
    "SweepResult",
    "ThresholdError",
    "UnsupportedLevelError",
    "__version__",
    "backtest",
    "compare",
    "load",
    "record_outcome",
    "register",
    "reproduce",
    "run",
    "run_each",
    "score",
    "score_register",
    "sensitivity",
    "sweep",
    "write_report",
]


@pytest.fixture(scope="module")
def result() -> simulate.Result:
    of = scenario(COUNT, SIZE, thresholds=[0.3, 1.0], horizon=365)
    return simulate.run(of, draws=8192, seed=3)


def test_public_names() -> None:
    assert simulate.__all__ == sorted(PUBLIC) == PUBLIC
    assert dir(simulate) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(simulate, name) is not None
    assert issubclass(simulate.ScenarioError, simulate.SimulateError)
    assert issubclass(simulate.UnsupportedLevelError, ValueError)
    assert issubclass(simulate.ThresholdError, ValueError)


def test_public_names_are_explained() -> None:
    for name in PUBLIC[:-1]:
        thing = getattr(simulate, name)
        text = inspect.getdoc(thing) or ""
        assert text, name
        if inspect.isfunction(thing):
            sections = re.findall(r"^(\w+)\n-+$", text, re.MULTILINE)
            order = ["Parameters", "Returns", "Raises", "Examples"]
            expected = [each for each in order if each in sections or each != "Returns"]
            assert sections == expected, name
            assert "SKIP" not in text, name
            listed = re.findall(r"^([*\w, ]+)(?: : .+)?$", text, re.MULTILINE)
            known = {word for line in listed for word in re.findall(r"\w+", line)}
            assert known >= set(inspect.signature(thing).parameters), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        simulate.forecast  # noqa: B018


def test_names_load_when_first_used() -> None:
    code = (
        "import sys, simulate\n"
        "before = 'simulate.api.run' in sys.modules or 'numpy' in sys.modules\n"
        "simulate.SimulateError\n"
        "errors = 'numpy' in sys.modules\n"
        "simulate.run\n"
        "print(before, errors, 'simulate.api.run' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False", "True"]


def test_load_and_run_a_file() -> None:
    loaded = simulate.load(FLAGSHIP, ["losses.start=2024-12-01"])
    assert isinstance(loaded, simulate.LoadedScenario)
    assert loaded.overrides == ("losses.start=2024-12-01",)
    found = simulate.run(loaded, draws=1024)
    assert isinstance(found, simulate.Result)
    assert found.summary.run.draws == 1024
    assert found.plan.thresholds == (0.3, 0.5, 1.0)


def test_arguments_take_the_place_of_the_files_sampling() -> None:
    of = scenario(COUNT, SIZE, sampling={"draws": 2048, "seed": 5, "method": "random"})
    own = simulate.run(of).summary.run
    assert (own.draws, own.seed, own.method) == (2048, 5, "random")
    other = simulate.run(of, draws=1024, seed=0, method="sobol").summary.run
    assert (other.draws, other.seed, other.method) == (1024, 0, "sobol")
    assert own.stream == "stream-1"
    assert set(own.versions) >= {"simulate", "numpy", "python"}


def test_workers_executor_and_progress() -> None:
    of = scenario(COUNT, SIZE)
    alone = simulate.run(of, draws=8192, workers=1).to_dict()
    seen: list[tuple[int, int]] = []
    many = simulate.run(of, draws=8192, workers=4, progress=lambda *done: seen.append(done))
    with ThreadPoolExecutor(2) as pool:
        elsewhere = simulate.run(of, draws=8192, executor=pool)
    assert many.to_dict() == elsewhere.to_dict() == alone
    assert seen[-1] == (8192, 8192)


@pytest.mark.parametrize("seed", [0, 2**64, 2**200])
def test_any_seed(seed: int) -> None:
    of = scenario(COUNT, SIZE)
    one, two = (simulate.run(of, draws=1024, seed=seed) for _ in range(2))
    assert one.to_dict() == two.to_dict()
    assert one.summary.run.seed == seed
    assert one.quantile(0.5) != simulate.run(of, draws=1024, seed=seed + 1).quantile(0.5)


def test_quantile(result: simulate.Result) -> None:
    found = result.quantile(0.5)
    assert found.date is not None
    assert found.day is not None
    assert found.mc_error_days is not None
    assert abs(found.day - 129.6534) < 1
    assert found.date == result.summary.origin + dt.timedelta(int(found.day))
    assert result.quantile(0.5, 1.0) == found
    early = result.quantile(0.5, 0.3)
    assert early.day is not None
    assert abs(early.day - 0.3 * found.day) < 0.1
    late = result.quantile(0.25).day, result.quantile(0.75).day
    assert late[0] is not None
    assert late[1] is not None
    assert late[0] < found.day < late[1]


def test_a_quantile_beyond_the_horizon_has_no_date() -> None:
    found = simulate.run(scenario(COUNT, SIZE, horizon="2025-04-14"), draws=4096).quantile(0.9)
    assert (found.day, found.date, found.missing) == (None, None, "beyond_horizon")


@pytest.mark.parametrize("level", [0, 1, -0.5, 1.5, float("nan"), 95])
def test_a_level_lies_between_zero_and_one(result: simulate.Result, level: float) -> None:
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        result.quantile(level)
    with pytest.raises(ValueError, match="probability must lie between 0 and 1"):
        result.interval(level)


def test_a_level_in_percent_or_in_words(result: simulate.Result) -> None:
    with pytest.raises(ValueError, match=r"0 and 1 \(found 95\); write 0\.95$"):
        result.quantile(95)
    with pytest.raises(TypeError, match=r"level must be a number \(found '0\.5'\)"):
        result.quantile(["0.5"])  # type: ignore[list-item]


def test_a_level_too_far_out_for_the_draws(result: simulate.Result) -> None:
    with pytest.raises(simulate.UnsupportedLevelError, match=r"8,192 draws are too few .* 0\.9999"):
        result.quantile(0.9999)
    with pytest.raises(simulate.UnsupportedLevelError):
        result.quantile(1e-5)
    assert result.quantile(0.999).date is not None


@pytest.mark.parametrize("threshold", [0.5, 0.0, 100, -1])
def test_a_threshold_is_one_of_the_scenarios(result: simulate.Result, threshold: float) -> None:
    for ask in (
        lambda: result.quantile(0.5, threshold),
        lambda: result.interval(0.9, threshold),
        lambda: result.probability_by("2025-04-15", threshold),
        lambda: result.outcome(threshold),
    ):
        with pytest.raises(simulate.ThresholdError, match=r"not among the thresholds 0\.3, 1\n"):
            ask()


def test_interval(result: simulate.Result) -> None:
    found = result.interval(0.9)
    assert found.kind == "equal-tailed"
    assert (found.low, found.high) == (result.quantile(0.05), result.quantile(0.95))
    assert result.interval() == found
    too_wide = result.interval(0.9999)
    assert too_wide.low.missing == too_wide.high.missing == "too_few_draws"


def test_probability_by(result: simulate.Result) -> None:
    found = result.probability_by("2025-04-14")
    assert found == result.probability_by(dt.date(2025, 4, 14))
    days = ["2025-04-01", "2025-04-14"]
    assert result.probability_by(days) == (result.probability_by("2025-04-01"), found)
    with pytest.raises(TypeError, match=r"found Result, which has one: \.loaded\)"):
        simulate.run(result)  # type: ignore[arg-type]
    assert abs(found.probability - 0.510287) < 0.01
    assert 0 < found.mc_error < 0.01
    assert result.probability_by("2024-01-01").probability == 0
    assert result.probability_by("2025-12-01").probability == pytest.approx(1, abs=0.01)
    with pytest.raises(ValueError, match=r"^'14 April' is not a date such as '2025-03-31'$"):
        result.probability_by("14 April")
    with pytest.raises(TypeError, match="found 14"):
        result.probability_by(14)  # type: ignore[call-overload]


def test_no_probability_beyond_the_horizon(result: simulate.Result) -> None:
    """What is not simulated is not known, as for `by`."""
    last = result.summary.horizon
    assert result.probability_by(last) == result.probability_by(last.isoformat())
    late = last + dt.timedelta(days=1)
    with pytest.raises(simulate.ScenarioError, match=f"{late} is after the horizon, {last}\n"):
        result.probability_by(late)


def test_outcome_is_that_of_the_summary(result: simulate.Result) -> None:
    assert result.outcome() is result.summary.outcomes[-1]
    assert result.outcome(0.3) is result.summary.outcomes[0]


def test_limits_and_bad_arguments() -> None:
    of = scenario(COUNT, SIZE)
    with pytest.raises(simulate.LimitError, match="beyond the limit"):
        simulate.run(of, draws=2 * 10**9)
    for bad in ({"draws": 0}, {"seed": -1}, {"method": "guess"}):
        with pytest.raises(simulate.ScenarioError, match=next(iter(bad))):
            simulate.run(of, **bad)
    with pytest.raises(simulate.FileError):
        simulate.load("no-such-file.yaml")


def test_strength_over_time_on_request(result: simulate.Result) -> None:
    with pytest.raises(ValueError, match="strength=True"):
        result.plot_strength()
    assert "strength" not in result.record()["run"]
    asked = simulate.run(result.loaded, draws=8192, seed=3, strength=True)
    assert asked.summary.outcomes == result.summary.outcomes
    assert asked.summary.scenario == result.summary.scenario
    assert asked.to_dict()["strength"]["dates"][0] == "2024-12-05"
    assert len(asked.plot_strength().axes) == 2
    assert pickle.loads(pickle.dumps(asked)).summary == asked.summary  # noqa: S301  (our own)


def test_a_type_checker_knows_the_answers(result: simulate.Result) -> None:
    """Mypy checks this module, and `assert_type` with it."""
    assert_type(result.quantile(0.5), Instant)
    assert_type(result.quantile([0.1, 0.9]), tuple[Instant, ...])
    assert_type(result.quantile(np.array([0.1, 0.9])), tuple[Instant, ...])
    assert_type(result.probability_by("2025-04-14"), ByDate)
    assert_type(result.probability_by(np.datetime64("2025-04-14")), ByDate)
    assert_type(result.probability_by([dt.date(2025, 4, 14)]), tuple[ByDate, ...])
    assert_type(result.updated, simulate.Result | None)
    assert_type(result.plot(), simulate.Plot)
    assert_type(result.draws(), simulate.Draws)
    assert_type(simulate.score(result, happened="2025-04-14"), simulate.ScoreResult)
    with pytest.raises(TypeError, match="unexpected keyword argument 'drws'"):
        simulate.score(FLAGSHIP, happened="2025-04-14", drws=5)  # type: ignore[call-arg]
