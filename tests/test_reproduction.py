"""Results are reproduced, and differences are shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import simulate
from simulate.cli import cli
from simulate.report.data.past_run import LARGEST_RESULT
from simulate.scenario.data_file import LARGEST_DATA_FILE
from tests.texts import undrawn

CONFIGS = Path(__file__).parents[1] / "configs"
POINT, FLAGSHIP, LEDGER = (
    str(CONFIGS / f"{name}.yaml") for name in ("kursk-isw-point", "kursk-isw", "kursk-claims")
)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def written(folder: Path, *arguments: str) -> Path:
    """The files of a run but for its pictures, which take longest and are not compared."""
    with undrawn():
        done = call("run", *arguments, "-q", "--pictures", "none", "--out", str(folder))
    assert done.exit_code in (0, 6), done.output
    return folder


@pytest.mark.parametrize("file", sorted(CONFIGS.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_scenario_shipped_comes_out_again(file: Path, tmp_path: Path) -> None:
    draws = "4096" if file.stem == "kursk-update" else "256"  # enough that fit the reports
    found = simulate.reproduce(written(tmp_path, str(file), "-n", draws))
    assert found.identical
    assert found.comparison.n_values > 100
    assert not found.reasons
    assert not found.versions


@pytest.mark.parametrize(
    "options",
    [
        ("--strength", "-n", "1024"),
        ("-n", "1000", "--seed", str(2**70)),
        ("--method", "random", "-n", "777"),
        ("--method", "sobol", "-n", "3000"),
        ("--by", "2025-03-01", "--level", "0.9", "--level", "0.1", "-n", "1024"),
        ("--set", "losses.start=2024-12-01", "--set", "sampling.seed=4", "-n", "1024"),
        ("--precision", "0.5"),
        ("--precision", "0.001", "-n", "10k"),
        ("--set", "sampling.precision=0.4"),
    ],
    ids=lambda options: options[0] + options[-1],
)
def test_whatever_was_asked(options: Sequence[str], tmp_path: Path) -> None:
    assert simulate.reproduce(written(tmp_path / "out", FLAGSHIP, *options)).identical
    printed = tmp_path / "printed.json"
    printed.write_text(call("run", FLAGSHIP, *options, "--json").stdout)
    assert simulate.reproduce(printed, FLAGSHIP).identical


def test_one_result_a_claim(tmp_path: Path) -> None:
    options = ("--set", "losses.pooling=each", "-n", "256")
    folder = written(tmp_path / "out", LEDGER, *options)
    for part in (folder / "claim-1", folder / "claim-6"):
        assert simulate.reproduce(part).identical
        assert simulate.reproduce(part / "result.json", LEDGER).identical
    several = tmp_path / "several.json"
    several.write_text(call("run", LEDGER, *options, "--json").stdout)
    refused(several, "list of several")


def test_empirical_data_needs_no_file_any_more(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("n\n3000\n3500\n4000\n")
    scenario = tmp_path / "s.yaml"
    scenario.write_text(
        "title: T\nforce: {size: 12000}\nlosses:\n  start: 2024-12-06\n  as_of: 2025-01-16\n"
        "  count: {distribution: empirical, file: data.csv, column: n}\n"
    )
    folder = written(tmp_path / "out", str(scenario), "-n", "1024")
    data.unlink()
    scenario.unlink()
    assert simulate.reproduce(folder).identical


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("run") / "out", FLAGSHIP, "-n", "1024")


@pytest.fixture
def folder(unchanged: Path, tmp_path: Path) -> Path:
    """The files of a run, to be edited."""
    return Path(shutil.copytree(unchanged, tmp_path / "out"))


def test_folder_or_file(folder: Path) -> None:
    for path in (folder, folder / "result.json", folder / "run.json"):
        assert simulate.reproduce(path).identical, path


def edited(path: Path, change: Callable[[Any], None]) -> None:
    tree = json.loads(path.read_text())
    change(tree)
    path.write_text(json.dumps(tree))


def test_what_the_command_says(folder: Path) -> None:
    same = call("reproduce", str(folder))
    assert same.exit_code == 0
    assert same.stdout.startswith("identical: all ")

    def other_day(tree: Any) -> None:
        tree["outcomes"][0]["median"]["day"] += 2.0

    edited(folder / "result.json", other_day)
    other = call("reproduce", str(folder))
    assert other.exit_code == 7
    assert other.stdout.startswith("not identical: 1 of ")
    assert "days by up to 2.00\n  outcomes[0].median.day: " in other.stdout
    assert "the result was edited" in other.stdout


def test_other_versions_are_named_and_count_as_the_same(folder: Path) -> None:
    for name in ("result.json", "run.json"):
        edited(folder / name, lambda tree: tree["run"]["versions"].update(numpy="0.9"))
    found = call("reproduce", str(folder))
    assert found.exit_code == 0
    assert "\n  numpy was 0.9, is " in found.stdout


def test_why_results_may_differ(folder: Path) -> None:
    def other(tree: Any) -> None:
        tree["run"]["stream"] = "stream-0"
        tree["run"]["versions"]["simulate"] = "0.0.1"

    edited(folder / "result.json", other)
    edited(folder / "run.json", lambda tree: tree["scenario"]["force"].update(size=20000))
    found = simulate.reproduce(folder)
    assert not found.identical
    assert found.comparison.largest_days is not None
    assert found.comparison.largest_days > 1
    assert [reason.partition(" ")[2][:12] for reason in found.reasons] == [
        "scenario has",
        "layout of ra",
        "programs cha",
    ]
    printed = call("reproduce", str(folder)).stdout.splitlines()
    assert sum(" -> " in line for line in printed) == 20
    assert any(line.strip().startswith("... and ") for line in printed)


def test_a_result_alone_needs_its_scenario(folder: Path) -> None:
    (folder / "run.json").unlink()
    refused(folder / "result.json", "scenario=")


def refused(path: Path, match: str, kind: type[Exception] = simulate.FileError) -> None:
    with pytest.raises(kind, match=match):
        simulate.reproduce(path)


def test_files_that_are_no_results(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    refused(file, "cannot read")
    refused(tmp_path, "holds no result.json")
    for text, match in (
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ('{"a": NaN}', "NaN is not a finite number"),
        ('{"a": 1e999}', "1e999 is not a finite number"),
        ('{"a": -1' + "0" * 400 + "}", "-10000.* is not a finite number"),
        ("1" * 6000, "not valid JSON"),
        ("[]", "list of several"),
        ("3", "single value"),
        ("{}", "schema_version is missing"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 200 + "1" + "}" * 200, "nested too deeply"),
        ('{"schema_version": "1"}', 'schema_version should be a valid integer, not "1"'),
        ('{"schema_version": 2}', "schema_version 2, this version of simulate reads 1"),
        ('{"name": "x", "scenario": 3}', r"scenario should be a valid dictionary, not 3; run is"),
    ):
        file.write_text(text)
        refused(file, match)
    file.write_bytes(b"\xff\xfe\x00")
    refused(file, "UTF-16")


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulate.report.data.past_run.LARGEST_RESULT", 1000)
    file = tmp_path / "result.json"
    file.write_text(" " * 1001)
    refused(file, "larger than the limit", simulate.LimitError)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda t: t["run"].pop("seed"), r"run\.seed is missing"),
        (lambda t: t["run"].update(draws=0), r"run\.draws should be greater .*, not 0"),
        (lambda t: t["run"].update(seed=-1), r"run\.seed should be greater .*, not -1"),
        (lambda t: t["run"].update(draws=True), "a valid integer, not true"),
        (lambda t: t["run"].update(asked="many"), r"run\.asked"),
        (lambda t: t["run"].update(precision={}), r"asked_days is missing"),
        (lambda t: t["scenario"].update(overrides=[1]), r"overrides\[0\] should be a valid string"),
        (lambda t: t.update(outcomes=[3]), r"outcomes\[0\] should be a valid dictionary, not 3"),
        (lambda t: t["outcomes"][0].update(by=[{"date": 3}]), r"outcomes\[0\]\.by\[0\]\.date"),
        (lambda t: t["outcomes"][0]["quantiles"][0].update(level=1.5), r"less than 1, not 1\.5"),
        (lambda t: t["run"].update(seed=1), "another run"),
        (lambda t: t["scenario"].update(digest="0" * 64), "another run"),
    ],
)
def test_results_that_were_edited(change: Callable[[Any], None], match: str, folder: Path) -> None:
    edited(folder / "result.json", change)
    refused(folder, match)


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    def many(tree: Any) -> None:
        tree["run"].update(seed=-1, draws="many")
        tree["outcomes"] = [{}] * 9

    edited(folder / "result.json", many)
    refused(folder, r"run\.draws .*; run\.seed .*; outcomes\[3\]\.by is missing; and 10 more$")
    edited(folder / "result.json", lambda tree: tree.update(schema_version=2))
    refused(folder, "use the version that wrote it")


def test_a_record_that_was_edited(folder: Path) -> None:
    edited(folder / "run.json", lambda tree: tree.update(overrides=3))
    refused(folder, r"run\.json' is not .*: overrides should be a valid list, not 3")


def test_a_scenario_in_it_that_is_not_valid(folder: Path) -> None:
    edited(folder / "run.json", lambda tree: tree["scenario"].update(force={"size": "many"}))
    refused(folder, "force.size", simulate.ScenarioError)


def test_a_method_that_is_not_known(folder: Path) -> None:
    for name in ("result.json", "run.json"):
        edited(folder / name, lambda tree: tree["run"].update(method="guess"))
    refused(folder, "method", simulate.ScenarioError)


def test_dates_must_be_dates(folder: Path) -> None:
    edited(folder / "result.json", lambda t: t["outcomes"][0].update(by=[{"date": "soon"}]))
    with pytest.raises(simulate.FileError, match="by"):
        simulate.reproduce(folder / "result.json", FLAGSHIP)


def test_the_largest_data_file_fits_into_a_record() -> None:
    """A value takes two bytes of a data file at least, and a line of the record."""
    most_values = LARGEST_DATA_FILE // 2
    assert most_values * len("          0.0,\n") < LARGEST_RESULT
