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


@pytest.mark.parametrize("file", [POINT, str(POINT)])
def test_a_path_is_a_scenario_everywhere(file: Any, tmp_path: Path) -> None:
    loaded = simulate.load(POINT)
    assert simulate.run(file, draws=1024) == simulate.run(loaded, draws=1024)
    assert simulate.run_each(file, draws=1024) == simulate.run_each(loaded, draws=1024)
    assert simulate.sensitivity(file, draws=1024) == simulate.sensitivity(loaded, draws=1024)
    both = [file, CLAIMS]
    assert simulate.compare(both, draws=1024) == simulate.compare(
        [loaded, simulate.load(CLAIMS)], draws=1024
    )
    swept = "force.size=10000,12000"
    assert simulate.sweep(file, swept, draws=1024) == simulate.sweep(POINT, [swept], draws=1024)
    simulate.write_report(file, tmp_path / "report.md")
    assert (tmp_path / "report.md").read_text("utf-8").startswith("# North Korean contingent")


def test_results_are_equal_where_all_is() -> None:
    loaded = simulate.load(CLAIMS)
    one = simulate.run(loaded, draws=2048)
    assert one == simulate.run(loaded, draws=2048, workers=1)
    for other in (
        simulate.run(loaded, draws=1024),
        simulate.run(loaded, draws=2048, seed=1),
        simulate.run(loaded, draws=2048, strength=True),
        simulate.run(simulate.load(CLAIMS, {"title": "another"}), draws=2048),
        one.tally,
        None,
    ):
        assert one != other


@pytest.mark.parametrize("call", [simulate.run, simulate.run_each, simulate.sensitivity])
def test_what_is_no_scenario_is_a_type_error(call: Callable[[Any], object]) -> None:
    for wrong in (3, None, {"title": "x"}, [str(POINT)]):
        with pytest.raises(TypeError, match="a scenario is a file's path"):
            call(wrong)


def test_one_path_is_no_comparison() -> None:
    with pytest.raises(simulate.ScenarioError, match="takes two scenarios or more"):
        simulate.compare(str(POINT))


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
        with pytest.raises(TypeError, match=r"settings are a mapping such as|cannot be set to"):
            call(POINT, wrong)


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
