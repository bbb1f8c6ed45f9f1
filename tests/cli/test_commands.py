"""What the commands print and write when all is well."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from simulate.cli import cli
from simulate.scenario.loader import load, load_mapping

CONFIGS = Path(__file__).parents[2] / "configs"
POINT = str(CONFIGS / "kursk-isw-point.yaml")
FLAGSHIP = str(CONFIGS / "kursk-isw.yaml")

Run = Callable[..., Result]


@pytest.fixture
def call() -> Run:
    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result

    return invoke


def test_the_result_line_alone(call: Run) -> None:
    printed = call("run", POINT, "-q", "-n", "1024").stdout
    assert printed == "Whole force (100 %) lost: 14 April 2025 (90 % simulation interval)\n"


def test_json_is_one_text_whatever_the_number_of_files(call: Run) -> None:
    one = json.loads(call("run", POINT, "--json", "-n", "1024").stdout)
    assert one["schema_version"] == 1
    assert one["run"]["draws"] == 1024
    two = json.loads(call("run", POINT, FLAGSHIP, "--json", "-n", "1024").stdout)
    assert two[0] == one
    assert two[1]["scenario"]["file"] == "kursk-isw.yaml"


def test_options_reach_the_run(call: Run) -> None:
    arguments = ("-n", "2k", "--seed", "7", "--method", "random", "--by", "2025-03-01")
    found = json.loads(
        call("run", FLAGSHIP, "--json", *arguments, "--level", "0.9", "--level", "0.1").stdout
    )
    assert found["run"]["draws"] == 2000
    assert (found["run"]["seed"], found["run"]["method"]) == (7, "random")
    outcome = found["outcomes"][-1]
    assert [by["date"] for by in outcome["by"]] == ["2025-03-01", "2025-04-15"]
    assert [quantile["level"] for quantile in outcome["quantiles"]] == [0.1, 0.9]


def test_overrides_are_recorded_and_change_the_digest(call: Run) -> None:
    before = json.loads(call("run", POINT, "--json", "-n", "8").stdout)["scenario"]
    override = "losses.as_of=2025-01-04"
    after = json.loads(call("run", POINT, "--json", "-n", "8", "--set", override).stdout)
    assert after["scenario"]["overrides"] == [override]
    assert after["scenario"]["digest"] != before["digest"]
    assert after["outcomes"][-1]["median"]["date"] == "2025-03-07"


def test_out_writes_all_that_is_needed(call: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    call("run", FLAGSHIP, "-q", "-n", "4096", "--out", str(folder), "--picture", "pdf")
    names = {path.name for path in folder.iterdir()}
    assert {"result.json", "run.json", "quantiles.csv", "intervals.csv", "histogram.csv"} < names
    assert {"histogram.pdf", "histogram.txt", "histogram-30.pdf", "histogram-50.pdf"} < names
    with (folder / "quantiles.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 3 * 5
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    again = load_mapping(record["scenario"])
    assert again.digest == record["digest"] == load(FLAGSHIP).digest


def test_several_files_have_a_folder_each(call: Run, tmp_path: Path) -> None:
    call("run", POINT, FLAGSHIP, "-q", "-n", "8", "--out", str(tmp_path), "--picture", "svg")
    assert (tmp_path / "kursk-isw" / "result.json").is_file()
    assert (tmp_path / "kursk-isw-point" / "result.json").is_file()


def test_the_same_run_writes_the_same_bytes(call: Run, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "seven"]
    for folder, workers in zip(folders, ("1", "7"), strict=True):
        call("run", FLAGSHIP, "-q", "-n", "1M", "--workers", workers, "--out", str(folder))
    for path in folders[0].iterdir():
        if path.name != "run.json":  # it holds the time
            assert path.read_bytes() == (folders[1] / path.name).read_bytes(), path.name


def test_a_scenario_from_standard_input() -> None:
    text = Path(POINT).read_text(encoding="utf-8")
    result = CliRunner().invoke(cli, ["run", "-", "-q", "-n", "8"], input=text)
    assert result.exit_code == 0
    assert "14 April 2025" in result.stdout


def test_check_names_each_file(call: Run) -> None:
    result = call("check", POINT, FLAGSHIP)
    assert [line.split(": ")[1][:5] for line in result.stdout.splitlines()] == ["valid", "valid"]
    assert not call("check", POINT, "--quiet").stdout


def test_check_warns_of_what_may_happen(call: Run) -> None:
    late = "{distribution: uniform, low: 2024-12-01, high: 2025-01-01}"
    result = call("check", FLAGSHIP, "--set", f"losses.start={late}")
    assert "losses.start can fall after losses.as_of" in result.stderr


def test_describe_shows_each_input(call: Run) -> None:
    printed = call("describe", FLAGSHIP).stdout
    for name in ("force.size", "losses.count", "losses.as_of", "losses.start"):
        assert f"\n{name}\n" in printed
    assert "triangular low 10,000, mode 12,000, high 12,500" in printed
    assert "90 % between 2024-12-27 and 2025-01-14" in printed
    documents = json.loads(call("describe", FLAGSHIP, "--json").stdout)
    assert documents[0]["mean"] == pytest.approx(11500, rel=1e-12)


def test_the_starter_runs_and_fits_the_schema(call: Run, tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    assert "simulate run" in call("init", str(file)).stdout
    assert file.read_text(encoding="utf-8") == call("init").stdout
    assert "12 August to 17 December 2024" in call("run", str(file), "-q").stdout
    schema = json.loads(call("schema").stdout)
    jsonschema.Draft7Validator(schema).validate(load(file).resolved)


def test_python_dash_m() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "simulate", "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert printed.startswith("simulate, version ")
