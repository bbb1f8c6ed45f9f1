"""What a result gives: words, pictures, arrays, tables, files."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import json
import pickle
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulate
from tests.cases import COUNT, SIZE, scenario

FLAGSHIP = Path(__file__).parents[1] / "configs" / "kursk-isw.yaml"


@pytest.fixture(scope="module")
def result() -> simulate.Result:
    of = scenario(COUNT, SIZE, thresholds=[0.3, 1.0], horizon=365)
    return simulate.run(of, draws=8192, seed=3)


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
        with pytest.raises(
            ValueError, match=r"between 0 and 1|is not among|must be 'text', |must be 'icd203' or"
        ):
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
        again = pickle.loads(pickle.dumps(answer))  # noqa: S301  (our own)
        assert answer == again == copy.deepcopy(answer)
        assert len({answer, again}) == 1
        frame, table = answer.to_dataframe(), answer.table()
        explained = set(re.findall(r"`([^`]+)`", inspect.getdoc(answer.table) or ""))
        assert {*table.header} - {"force.size"} <= {
            *explained,
            *(name for name in table.header if re.match(r"p\d+|by_\d", name)),
        }, name
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
    draws = result.draws()
    again = pickle.loads(pickle.dumps(draws))  # noqa: S301
    assert again == draws == copy.deepcopy(draws)
    assert again.to_dataframe().equals(draws.to_dataframe())


def test_results_compare_by_value_and_are_keys(result: simulate.Result) -> None:
    equal = simulate.run(result.loaded, draws=8192, seed=3, workers=2)
    other = simulate.run(result.loaded, draws=8192, seed=4)
    longer = simulate.run(result.loaded, draws=8192, seed=3, strength=True)
    assert {result: "first", other: "other", longer: "longer"}[equal] == "first"
    assert equal == result != longer


def test_all_counts_can_become_evidence() -> None:
    path = FLAGSHIP.with_name("kursk-update.yaml")
    n = len(simulate.load(path).scenario.observed)
    plain = {f"observed[{i}].evidence": False for i in range(n)}
    assert simulate.run(path, set=plain, draws=8192).update is None
    assert simulate.run(path, set=plain, draws=8192, update=True).update is not None
    assert simulate.load(path, set=plain, update=True) == simulate.load(path, plain, update=True)


def test_updated_results_compare_by_value() -> None:
    first, second = (
        simulate.run(FLAGSHIP.with_name("kursk-update.yaml"), draws=8192) for _ in range(2)
    )
    again = pickle.loads(pickle.dumps(first.updated))  # noqa: S301
    assert {first: 1, first.updated: 2}[second] == 1
    assert second.updated == first.updated == again != first


def test_a_sweep_has_no_card() -> None:
    swept = simulate.sweep(FLAGSHIP, {"force.size": [10_000, 12_000]}, draws=1024)
    assert swept.plot(preset="print").alt == swept.plot().alt
    with pytest.raises(ValueError, match=r"preset must be 'web' or 'print' \(found 'social'\)"):
        swept.plot(preset="social")


def test_dates_given_as_text_are_dates_in_a_table() -> None:
    starts = ["2024-12-01", "2024-12-06"]
    swept = simulate.sweep(FLAGSHIP, {"losses.start": starts}, draws=1024)
    column = swept.to_dataframe()["losses.start"]
    assert column.drop_duplicates().dt.date.astype(str).tolist() == starts


def test_whole_numbers_are_cited_without_decimals() -> None:
    changed = simulate.load(FLAGSHIP, {"force.size": np.float64(12_000), "losses.count": 3800.5})
    assert changed.overrides == ("force.size=12000", "losses.count=3800.5")
