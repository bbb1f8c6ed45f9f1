"""What is larger, longer or stranger than anybody means: refused at its place, or answered."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import simulate
from simulate.cli import cli, main
from simulate.report.data import draws as draw_files
from tests.cases import scenario

BASE = """\
title: T
force: {size: 12000}
losses: {count: 3800, as_of: 2025-01-16, start: 2024-12-06}
"""
HUGE = "1" * 320
WOUNDED = "counting: strength\nwounded: {share: .7, return_share: .5, return_days: 45}\n"


def dated(as_of: str, start: str) -> str:
    return BASE.replace("2025-01-16", as_of).replace("2024-12-06", start)


def called(path: Path, text: str, *arguments: str) -> tuple[int, str]:
    """Exit code and what is said of a file."""
    file = path / "f.yaml"
    file.write_text(text)
    result = CliRunner().invoke(cli, [*arguments[:1], str(file), *arguments[1:]])
    if isinstance(result.exception, simulate.SimulateError):
        return result.exception.exit_code, str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (dated("9990-01-16", "9989-12-06") + "horizon: 4000\n", 3, "f.yaml:3:30"),
        (dated("9990-01-16", "9989-12-06") + "horizon: 4000\n", 3, "years 100 to 9899"),
        (dated("0001-02-16", "0001-01-01"), 3, "0001-01-01 lies outside the years 100"),
        (dated("9899-12-31", "9899-11-30") + "horizon: 36494\n", 0, "lost"),
        (dated("0100-02-16", "0100-01-01"), 0, "lost"),
        (BASE + "by: [9999-12-31]\n", 3, "f.yaml:4:"),
        (BASE + "horizon: 9999-12-31\n", 5, "f.yaml:4:10"),
        (BASE + "horizon: 36500\n", 5, "36,541 days after the earliest possible date, 2024-12-06"),
        (BASE + "horizon: 36500\n", 5, "name a date up to 2124-12-07"),
        (BASE + "horizon: 2124-12-07\n", 0, "lost"),
        (BASE + f"horizon: {HUGE}\n", 5, "a whole number of more than 40 digits"),
        (BASE + f"horizon: -{HUGE}\n", 3, "a positive number of days"),
        (BASE + f"sampling: {{draws: {HUGE}}}\n", 5, "more than 1,000,000,000,000,000 draws"),
        (BASE + f"sampling: {{precision: {HUGE}}}\n", 3, "must be a finite number"),
        (BASE + "sampling: {precision: 1e-160}\n", 3, "f.yaml:4:23"),
        (BASE + WOUNDED + "thresholds: [1e-17, 1]\n", 0, "gone"),
    ],
)
def test_a_file(text: str, code: int, words: str, tmp_path: Path) -> None:
    found, said = called(tmp_path, text, "run", "-q" if code else "--seed=0")
    assert words in said
    assert found == code


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["run", "--precision", "1e-160"], 2, "not a number of days from 0.000001 up"),
        (["cite", "--interval", "nan"], 2, "not a probability between 0 and 1"),
        (["cite", "--threshold", "nan"], 2, "not a share above 0 up to 1"),
        (["run", "--set", f"thresholds[{'1' * 5000}]=3"], 3, "there is no entry"),
        (["run", "--set", "a." + "b." * 3000 + "c=3"], 5, "more than 32 levels"),
        (["run", "--set", "losses" + "[0]" * 3000 + "=3"], 5, "more than 32 levels"),
        (["sweep", "--set", "a." + "b." * 3000 + "c=3,4"], 5, "more than 32 levels"),
    ],
)
def test_an_option(options: list[str], code: int, words: str, tmp_path: Path) -> None:
    found, said = called(tmp_path, BASE, *options)
    assert words in " ".join(said.split())
    assert found == code


@pytest.mark.parametrize(
    ("name", "words"),
    [("loop.csv", "its links form a circle"), ("a\\0b", "no file name can have")],
)
def test_a_name_that_leads_nowhere(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for text in (
        BASE + f'extends: "{name}"\n',
        BASE.replace("3800", f'{{distribution: empirical, column: n, file: "{name}"}}'),
    ):
        found, said = called(tmp_path, text, "run")
        assert (found, words in said, "f.yaml:" in said) == (3, True, True)


def test_a_threshold_below_the_steps_of_a_float_is_passed_at_once() -> None:
    """By days as by the formula: when the losses begin, not before."""
    day = {"share": 0.7, "return_share": 0.5, "return_days": 45}
    for more in ({}, {"wounded": day}):
        of = scenario(counting="strength", thresholds=[1e-17, 1.0], horizon=900, **more)
        assert str(simulate.run(of, draws=1024).quantile(0.5, 1e-17).date) == "2024-12-06"


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair"):
        scenario(title="\ud800")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    (folder / "f.yaml").write_text(BASE)
    options = ["-n1024", "--picture", "svg", "--out", str(folder / "out")]
    CliRunner().invoke(cli, ["run", str(folder / "f.yaml"), *options])
    return folder / "out"


@pytest.mark.parametrize("value", [10**400, "\ud800", 1e-300, None])
@pytest.mark.parametrize("key", ["draws", "seed", "method", "asked", "precision", "stream"])
def test_a_result_that_was_tampered_with(
    key: str, value: Any, written: Path, tmp_path: Path
) -> None:
    for name in ("run.json", "result.json"):
        tree = json.loads((written / name).read_text())
        tree["run"][key] = value
        if key == "precision":
            tree["run"][key] = {"asked_days": value, "most_draws": value}
        (tmp_path / name).write_text(json.dumps(tree))
    with contextlib.suppress(simulate.ScenarioError, simulate.FileError, simulate.LimitError):
        simulate.reproduce(tmp_path)


def test_memory_that_does_not_suffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise MemoryError("Unable to allocate 64.0 MiB")

    (tmp_path / "f.yaml").write_text(BASE)
    monkeypatch.setattr(draw_files, "write_draws", refused)
    options = ["run", str(tmp_path / "f.yaml"), "--save-draws", str(tmp_path / "d.csv")]
    monkeypatch.setattr(sys, "argv", ["simulate", *options])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 5
    assert "not enough memory; fewer draws" in capsys.readouterr().err
