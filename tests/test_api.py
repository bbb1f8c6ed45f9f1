"""The public Python names."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulate
from tests.cases import COUNT, SIZE, scenario

FLAGSHIP = Path(__file__).parents[1] / "configs" / "kursk-isw.yaml"
PUBLIC = [
    "BacktestResult",
    "ClusterError",
    "ComparisonResult",
    "FileError",
    "LimitError",
    "LoadedScenario",
    "Result",
    "Scenario",
    "ScenarioError",
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
    assert abs(found.probability - 0.510287) < 0.01
    assert 0 < found.mc_error < 0.01
    assert result.probability_by("2024-01-01").probability == 0
    assert result.probability_by("2025-12-01").probability == pytest.approx(1, abs=0.01)
    with pytest.raises(ValueError, match=r"^'14 April' is not a date such as '2025-03-31'$"):
        result.probability_by("14 April")
    with pytest.raises(TypeError, match="found 14"):
        result.probability_by(14)  # type: ignore[arg-type]


def test_outcome_is_that_of_the_summary(result: simulate.Result) -> None:
    assert result.outcome() is result.summary.outcomes[-1]
    assert result.outcome(0.3) is result.summary.outcomes[0]


def test_a_result_as_plain_values(result: simulate.Result) -> None:
    document: dict[str, Any] = result.to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    record = result.record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["run"]["seed"] == 3
    assert record["run"]["draws"] == 8192
    again = simulate.Scenario.model_validate(record["scenario"])
    assert simulate.run(again, draws=8192, seed=3).to_dict() == document


def test_a_result_in_words(result: simulate.Result) -> None:
    about, headline = repr(result).split("\n")
    assert about == "<Result of 'a case': 8,192 draws, seed 3"
    assert headline == f" {result.headlines()[0]}>"
    assert "8,192" in result.cite()
    assert result.cite().startswith("At about 84 units a day, the pace reported for 6 December")
    assert "\nThe whole force (100 %) would be lost between" in result.cite()
    assert "15th to 85th percentile" in result.cite(interval=0.7, threshold=0.3)
    assert "\\newcommand{\\DepletionThirtyMedian}" in result.cite("latex")
    assert "scale" not in result.cite(prose=True)
    assert "on the IPCC scale" in result.cite(words="ipcc")
    for bad in ({"interval": 1.0}, {"threshold": 0.4}, {"form": "word"}, {"words": "nato"}):
        with pytest.raises(ValueError, match=r"between 0 and 1|is not among"):
            result.cite(**bad)


def test_a_result_as_a_picture(result: simulate.Result) -> None:
    from matplotlib.figure import Figure

    plot = result.plot()
    assert isinstance(plot.figure, Figure)
    png, svg = plot._repr_png_(), plot._repr_svg_()
    assert png is not None
    assert svg is not None
    assert png.startswith(b"\x89PNG")
    assert plot.alt == result.picture("histogram").alt
    assert svg.startswith("<?xml")
    assert escape(plot.alt, quote=False) in svg
    assert result.plot(0.3)._repr_svg_() != svg == result.plot(1.0)._repr_svg_()
    assert repr(plot).startswith("<Plot: Histogram of")
    assert "\n" not in repr(plot)


def test_a_plot_is_used_like_its_figure(result: simulate.Result, tmp_path: Path) -> None:
    plot = result.plot(kind="cdf")
    plot.savefig(tmp_path / "dates.pdf")
    assert (tmp_path / "dates.pdf").read_bytes().startswith(b"%PDF")
    assert plot.axes == plot.figure.axes
    with pytest.raises(AttributeError):
        plot.colour  # noqa: B018
    again = pickle.loads(pickle.dumps(plot))  # noqa: S301  (our own)
    assert again.alt == plot.alt


@pytest.mark.parametrize("kind", ["histogram", "cdf"])
def test_a_result_on_axes_of_ones_own(result: simulate.Result, kind: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    for one in (result, simulate.run(result.loaded, draws=1024, set={"title": "another"})):
        plot = one.plot(kind=kind, ax=axes)
        assert plot.figure is figure
        assert plot._repr_png_() is None  # it is shown with the figure
        assert plot._repr_svg_() is None
    _, labels = axes.get_legend_handles_labels()
    assert labels == ["a case", "another"]
    colours = {line.get_color() for line in axes.lines}
    assert len(colours) == 2
    median = result.quantile(0.5).day
    assert median is not None
    # Matplotlib counts days from 1970.
    at = median + (result.summary.origin - dt.date(1970, 1, 1)).days
    line: Any = axes.lines[0]
    days, shares = line.get_xdata(orig=False), line.get_ydata(orig=False)
    second = 1 / 86_400
    if kind == "histogram":
        assert days == pytest.approx([at, at], abs=second)
        bars: Any = axes.patches[0]
        heights, edges, _ = bars.get_data()
        # What a picture cuts off at both ends is at most 0.5 % of the draws, and an edge's bin.
        span = np.diff(edges)
        assert np.sum(heights * span) == pytest.approx(1, abs=0.01)
        early = np.sum(heights * np.clip(at - edges[:-1], 0, span))
        assert early == pytest.approx(0.5, abs=(heights * span).max() + 0.01)
        patches: list[Any] = list(axes.patches)
        tallest = max(max(each.get_data().values) for each in patches)
        assert axes.get_ylim()[0] == 0
        assert tallest < axes.get_ylim()[1] < 1.2 * tallest
    else:
        assert np.interp(at, days, shares) == pytest.approx(0.5, abs=1e-3)
    with pytest.raises(ValueError, match="'dotplot' cannot be drawn on other axes"):
        result.plot(kind="dotplot", ax=axes)


def test_a_result_is_saved_and_reproduced(result: simulate.Result, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "results"
    written = result.save(folder, formats=["svg"])
    assert {path.name for path in written} == set(result.files(["svg"]))
    assert all(path.parent == folder for path in written)
    assert simulate.reproduce(folder).identical
    with pytest.raises(simulate.FileError, match=r"more already exist; .* add force=True to"):
        result.save(folder)
    result.save(folder, formats=[], force=True)
    assert not list(folder.glob("*.svg"))
    alone = tmp_path / "alone.json"
    alone.write_text(json.dumps(result.to_dict()), encoding="utf-8")
    with pytest.raises(simulate.FileError, match=r"as in scenario='FILE\.yaml', or keep run\.json"):
        simulate.reproduce(alone)


def test_several_levels_at_once(result: simulate.Result) -> None:
    levels = [0.1, 0.9]
    found = result.quantile(levels)
    assert found == tuple(map(result.quantile, levels)) == result.quantile(np.array(levels))
    assert result.quantile(iter(levels), 0.3) == tuple(result.quantile(x, 0.3) for x in levels)
    with pytest.raises(simulate.UnsupportedLevelError):
        result.quantile([0.5, 0.9999])


def test_the_draws_of_a_result(result: simulate.Result, tmp_path: Path) -> None:
    draws = result.draws()
    result.save_draws(tmp_path / "draws.npz")
    with np.load(tmp_path / "draws.npz") as saved:
        assert [*draws, "causes", "metadata"] == list(saved)
        for name, values in draws.items():
            np.testing.assert_array_equal(values, saved[name])
    assert len(draws["draw"]) == 8192
    assert "8,192" in repr(draws)
    # The quantile of the run is that of its draws, up to the day that its table counts in.
    day = result.quantile(0.5).day
    assert day is not None
    assert abs(np.median(draws["day_100"]) - day) < 1
    assert draws.origin == np.datetime64(result.summary.origin)
    assert draws == result.draws() != simulate.run(result.loaded, draws=8192, seed=4).draws()


def test_draws_as_a_frame() -> None:
    import pandas as pd

    path = FLAGSHIP.with_name("kursk-campaign.yaml")
    draws = simulate.run(path, draws=2048).draws()
    frame = draws.to_dataframe()
    assert list(frame.columns) == list(draws)
    assert len(frame) == 2048
    never = np.isnat(draws["date_100"])
    assert 0 < never.sum() < 2048
    assert (frame["date_100"].isna() == never).all()
    assert (frame["day_100"].isna() == never).all()
    assert pd.api.types.is_datetime64_any_dtype(frame["date_100"])
    words = [draws.causes[place] for place in draws["never_100"][never]]
    assert frame["never_100"][never].tolist() == words
    assert frame["never_100"][~never].isna().all()


def test_without_pandas_the_frames_say_what_to_install(
    result: simulate.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    both = simulate.compare([result.loaded, result.loaded], draws=1024)
    for frame in (result.to_dataframe, both.to_dataframe, result.draws().to_dataframe):
        with pytest.raises(ImportError, match=r"pip install 'simulate-depletion\[pandas\]'"):
            frame()


def test_every_answer_prints_short_and_gives_a_frame() -> None:
    given: dict[str, Any] = {"draws": 1024}
    point = FLAGSHIP.with_name("kursk-isw-point.yaml")
    answers = {
        "Result of": simulate.run(FLAGSHIP, **given),
        "ComparisonResult of": simulate.compare([FLAGSHIP, point, FLAGSHIP], **given),
        "SweepResult of": simulate.sweep(point, {"force.size": [9000, 12000]}, **given),
        "Sensitivity of": simulate.sensitivity(FLAGSHIP, **given),
        "BacktestResult of": simulate.backtest(FLAGSHIP.with_name("tanks-reference-2024.yaml")),
        "ScoreResult of": simulate.score(point, happened="2025-04-30", **given),
    }
    for name, answer in answers.items():
        about, headline = repr(answer).split("\n")
        assert about.startswith(f"<{name} ")
        assert len(about) < 150
        assert headline.strip(" >").startswith(next(iter(answer.headlines())))
        assert answer == pickle.loads(pickle.dumps(answer))  # noqa: S301  (our own)
        frame, table = answer.to_dataframe(), answer.table()
        assert list(frame.columns) == list(table.header)
        assert len(frame) == len(list(table.rows)) > 0
        for column in set(frame) & {"date", "low", "median"}:
            assert frame[column].dtype != object
    assert "(and 1 more)" in repr(answers["ComparisonResult of"])
    assert len(repr(answers["Result of"].loaded)) < 150  # type: ignore[attr-defined]


def test_a_result_can_be_sent_elsewhere(result: simulate.Result) -> None:
    again = pickle.loads(pickle.dumps(result))  # noqa: S301
    assert again.quantile(0.5) == result.quantile(0.5)
    assert again.to_dict() == result.to_dict()


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
