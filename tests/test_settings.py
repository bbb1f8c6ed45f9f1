"""Scenarios and settings as Python has them: a path, a mapping, one text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulate
from simulate.engine.run import run_plan
from simulate.scenario.distributions.bounded import Uniform
from simulate.scenario.overlay import as_texts
from simulate.scenario.variations import Grid

POINT = Path(__file__).parents[1] / "configs" / "kursk-isw-point.yaml"
CLAIMS = POINT.with_name("kursk-claims.yaml")
FLAGSHIP = POINT.with_name("kursk-isw.yaml")


@pytest.mark.parametrize("file", [POINT, str(POINT)])
def test_a_path_is_a_scenario_everywhere(file: Any, tmp_path: Path) -> None:
    loaded = simulate.load(POINT)
    assert simulate.run(file, draws=1024) == simulate.run(loaded, draws=1024)
    assert simulate.run_each(file, draws=1024) == simulate.run_each(loaded, draws=1024)
    assert simulate.sensitivity(file, draws=1024) == simulate.sensitivity(loaded, draws=1024)
    both = [file, FLAGSHIP]
    assert simulate.compare(both, draws=1024) == simulate.compare(
        [loaded, simulate.load(FLAGSHIP)], draws=1024
    )
    swept = "force.size=10000,12000"
    assert simulate.sweep(file, swept, draws=1024) == simulate.sweep(POINT, [swept], draws=1024)
    simulate.write_report(file, tmp_path / "report.md")
    assert (tmp_path / "report.md").read_text("utf-8").startswith("# North Korean contingent")


def test_results_are_equal_where_all_is() -> None:
    loaded = simulate.load(FLAGSHIP)
    one = simulate.run(loaded, draws=2048)
    assert one == simulate.run(loaded, draws=2048, workers=1)
    for other in (
        simulate.run(loaded, draws=1024),
        simulate.run(loaded, draws=2048, seed=1),
        simulate.run(loaded, draws=2048, strength=True),
        simulate.run(simulate.load(FLAGSHIP, {"title": "another"}), draws=2048),
        one.tally,
        None,
    ):
        assert one != other


@pytest.mark.parametrize("call", [simulate.run, simulate.run_each, simulate.sensitivity])
def test_what_is_no_scenario_is_a_type_error(call: Callable[[Any], object]) -> None:
    for wrong in (3, None, [str(POINT)]):
        with pytest.raises(TypeError, match="a scenario is a file's path"):
            call(wrong)


@pytest.mark.parametrize("one", [str(POINT), POINT, simulate.load(POINT).resolved])
def test_one_scenario_is_no_comparison(one: Any) -> None:
    with pytest.raises(simulate.ScenarioError, match="takes two scenarios or more"):
        simulate.compare(one)


CONFIGS = sorted(POINT.parent.glob("*.yaml"))


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_a_scenario_is_what_its_file_says_in_any_form(file: Path) -> None:
    loaded = simulate.load(file)
    scenario = loaded.scenario
    for tree in (scenario.model_dump(), scenario.model_dump(mode="json"), loaded.resolved):
        assert simulate.Scenario.model_validate(tree) == simulate.load(tree).scenario == scenario
    assert simulate.Scenario.model_validate_json(scenario.model_dump_json()) == scenario
    # A setting changes the same in a file as in what was read from it.
    changes = {"horizon": dt.date(2045, 1, 1), "title": "another"}
    changed = simulate.load(file, changes)
    for again in (loaded, scenario, loaded.resolved):
        assert simulate.load(again, changes).digest == changed.digest != loaded.digest
    of_loaded = simulate.load(simulate.load(loaded, {"title": "x"}), changes)
    assert of_loaded.overrides == ('title="x"', "horizon=2045-01-01", 'title="another"')
    assert of_loaded.file == file.name
    assert of_loaded.data_digests == loaded.data_digests


def test_a_scenario_in_python() -> None:
    import pandas as pd

    keys: dict[str, Any] = {
        "title": "A stock",
        "force": {"size": np.int64(3000), "as_of": pd.Timestamp("2026-01-22")},
        "losses": {"rate": Uniform(low=150, high=250), "per": "month"},
        "thresholds": (0.5, np.float64(1.0)),
        "published": [{"label": "P", "date": np.datetime64("2027-01-01")}],
    }
    loaded = simulate.load(keys)
    assert loaded.scenario.force.as_of == simulate.load(loaded.resolved).scenario.force.as_of
    assert loaded.scenario.thresholds == (0.5, 1.0)
    median = simulate.run(keys, draws=1024).quantile(0.5).date
    assert median == simulate.run(loaded.scenario, draws=1024).quantile(0.5).date
    for wrong, words in (
        (
            {"force": {"sizes": 3000}},
            r"unknown key force\.sizes\n  hint: did you mean force\.size\?",
        ),
        ({"force": {"size": "3k"}}, r'force\.size must be a number \(found the text "3k"\)'),
        ({"force": {"size": [1]}}, r"^force\.size"),
        ({"thresholds": [0.5, 2]}, r"thresholds\[1\]"),
        ({"by": ["2026-13-01"]}, r"by\[0\]"),
    ):
        with pytest.raises(simulate.ScenarioError, match=words):
            simulate.load({**keys, **wrong})
    with pytest.raises(TypeError, match=r"force\.size must be a number, date, .*found <object"):
        simulate.load({**keys, "force": {"size": object()}})
    with pytest.raises(TypeError, match=r"by\[1\] must be a number, date, .*found 1j"):
        simulate.load({**keys, "by": ["2026-12-01", 1j]})


def test_every_function_takes_settings() -> None:
    changed = simulate.load(FLAGSHIP, {"force.size": 9000})
    given: dict[str, Any] = {"set": {"force.size": 9000}, "draws": 1024}
    assert simulate.run(FLAGSHIP, **given) == simulate.run(changed, draws=1024)
    each = simulate.load(CLAIMS, {"force.size": 9000})
    assert simulate.run_each(CLAIMS, **given) == simulate.run_each(each, draws=1024)
    assert simulate.sensitivity(FLAGSHIP, **given) == simulate.sensitivity(changed, draws=1024)
    both = simulate.load(POINT, {"force.size": 9000}), changed
    assert simulate.compare([POINT, FLAGSHIP], **given) == simulate.compare(both, draws=1024)
    swept = {"losses.start": ["2024-12-01", "2024-12-06"]}
    one = simulate.sweep(simulate.load(POINT, {"force.size": 9000}), swept, draws=1024)
    assert (
        one.sweep.cells
        == simulate.sweep(
            simulate.load(POINT).resolved, {**swept, "force.size": 9000}, draws=1024
        ).sweep.cells
    )
    assert (
        simulate.score(POINT, happened="2025-05-01", **given).to_dict()
        == simulate.score(
            both[0], happened=dt.datetime(2025, 5, 1, 12, tzinfo=dt.UTC), draws=1024
        ).to_dict()
    )
    with pytest.raises(simulate.ScenarioError, match=r"^force\.sizes=1: unknown key force\.sizes"):
        simulate.run(FLAGSHIP, set={"force.sizes": 1})


def test_settings_of_each_form() -> None:
    told = ("losses.count=3000", "losses.start=2024-12-01")
    ours = {"losses.count": 3000, "losses.start": dt.date(2024, 12, 1)}
    assert as_texts(told) == as_texts(list(told)) == as_texts(iter(told)) == as_texts(ours) == told
    assert as_texts("losses.count=3000") == ("losses.count=3000",)
    assert simulate.load(POINT, ours) == simulate.load(POINT, told)


def test_values_of_a_mapping_are_what_they_are() -> None:
    loaded = simulate.load(
        POINT,
        {
            "title": 'A: "b", [c] # d',
            "losses.count": {"distribution": "uniform", "low": 3000, "high": np.int64(4000)},
            "force.size": Uniform(low=10000, high=12000),
            "losses.start": {
                "distribution": "discrete",
                "values": [dt.date(2024, 12, 1), dt.date(2024, 12, 6)],
            },
            "thresholds": np.array([0.5, 1.0]),
            "notes": "0755",
        },
    )
    scenario = loaded.scenario
    assert (scenario.title, scenario.notes) == ('A: "b", [c] # d', "0755")
    assert scenario.losses.count == Uniform(low=3000, high=4000)
    assert scenario.force.size == Uniform(low=10000, high=12000)
    assert scenario.start.axis == "date"
    assert scenario.thresholds == (0.5, 1.0)
    # What is recorded gives the same scenario again.
    assert simulate.load(POINT, loaded.overrides).digest == loaded.digest


def test_a_text_in_a_mapping_stays_text() -> None:
    with pytest.raises(simulate.ScenarioError, match='found the text "3000"'):
        simulate.load(POINT, {"losses.count": "3000"})


@pytest.mark.parametrize("wrong", [3, None, [3], {3: 1}, {"force.size": object()}])
def test_settings_that_are_none(wrong: Any) -> None:
    for call in (simulate.load, simulate.sweep):
        with pytest.raises(TypeError, match=r"settings are a mapping|must be a number"):
            call(POINT, wrong)


@pytest.mark.parametrize("many", [np.arange(10000, 12001, 1000), range(10000, 12001, 1000)])
def test_arrays_and_ranges_are_swept(many: Any) -> None:
    rows = simulate.sweep(POINT, {"force.size": many}, draws=1024)
    assert rows == simulate.sweep(POINT, ["force.size=10000,11000,12000"], draws=1024)


@pytest.mark.parametrize("workers", [0, -1, 1.5, float("nan"), True, "2"])
def test_workers_are_whole_and_some(workers: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="workers must be a "):
        simulate.run(POINT, draws=1024, workers=workers)


def test_a_list_in_a_mapping_is_swept() -> None:
    result = simulate.sweep(
        POINT, {"force.size": [10000, 12000], "title": ["a, b"], "unit": "men"}, draws=1024
    )
    assert result.sweep.grid == Grid.of(["force.size=10000,12000", 'title="a, b"', 'unit="men"'])
    assert len(result.sweep.cells) == 2


CSV = "title: t\nforce: {size: 12000}\nlosses: {count: {distribution: empirical, file: d.csv, \
column: n}, as_of: 2025-01-16, start: 2024-12-06}\n"


def test_data_beside_a_scenario_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file put in its place while a sweep runs: each combination has the first one."""
    file, data = tmp_path / "s.yaml", tmp_path / "d.csv"
    file.write_text(CSV)
    data.write_text("n\n3000\n4000\n")
    settings = "force.size=10000,12000"
    before = simulate.sweep(file, settings, draws=1024)

    def replaced(*args: Any, **more: Any) -> Any:
        data.write_text("n\n300\n400\n")
        return run_plan(*args, **more)

    monkeypatch.setattr("simulate.analysis.request.run_plan", replaced)
    assert simulate.sweep(file, settings, draws=1024) == before
    # The negative control: read now it is another one.
    assert simulate.sweep(file, settings, draws=1024) != before
