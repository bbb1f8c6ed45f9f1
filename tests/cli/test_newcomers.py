"""What somebody reads who does things wrong for the first time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulate.cli import cli
from simulate.cli.spelling import shell_text
from simulate.errors import FileError, ScenarioError, SimulateError
from tests.cli.process import CONFIGS, FLAGSHIP, call

POINT = (CONFIGS / "kursk-isw-point.yaml").read_text(encoding="utf-8")


def failure(*arguments: str) -> SimulateError:
    found = CliRunner().invoke(cli, arguments)
    assert isinstance(found.exception, SimulateError), found.output
    return found.exception


def checked(tmp_path: Path, text: str) -> list[str]:
    """The first line of each problem of a file."""
    file = tmp_path / "f.yaml"
    file.write_text(text, encoding="utf-8")
    error = failure("check", str(file))
    assert isinstance(error, ScenarioError)
    return [problem.message for problem in error.problems]


def test_a_misspelled_key_hides_nothing(tmp_path: Path) -> None:
    text = POINT.replace("\ntitle:", "\ntitlee:").replace("  count: 3800", "  cuont: 13000")
    assert checked(tmp_path, text) == [
        "unknown key titlee",
        "unknown key losses.cuont",
        "losses.count is above force.size in every simulation",
    ]


def test_a_misspelled_key_is_taken_as_meant(tmp_path: Path) -> None:
    # Left out, the horizon would be five years, and the date of "by" beyond it.
    text = re.sub(r"(?m)^horizon: .*\nby: .*$", "horizn: 2040-01-01\nby: [2039-01-01]", POINT)
    assert checked(tmp_path, text) == ["unknown key horizn"]


def test_a_key_that_means_nothing_is_left_out(tmp_path: Path) -> None:
    text = f"{POINT}colour: red\nhorizons: 2020-01-01\n"
    assert checked(tmp_path, text) == ["unknown key colour", "unknown key horizons"]


def test_a_misspelled_key_beside_a_limit(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^horizon: .*$", "horizn: 9999-01-01", POINT)
    assert checked(tmp_path, text) == ["unknown key horizn"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--level", "5"), "'5' is not a level between 0 and 1; write 0.05"),
        (("--level", "high"), "'high' is not a level between 0 and 1; such as 0.9"),
        (("--level", "1"), "is not a level between 0 and 1"),
        (("--level", "nan"), "is not a level between 0 and 1"),
    ],
)
def test_a_level_in_percent(arguments: tuple[str, ...], words: str) -> None:
    assert words in call("run", FLAGSHIP, *arguments, code=2).stderr


@pytest.mark.parametrize(("share", "hint"), [("30", "write 0.3"), ("0", "such as 0.9")])
def test_a_threshold_in_percent(share: str, hint: str) -> None:
    sizes = "force.size=10000,12000"
    found = call("sweep", FLAGSHIP, "--set", sizes, "--threshold", share, code=2)
    assert f"'{share}' is not a share above 0 up to 1; {hint}" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--by", "2031-01-01"),
            "hint: make the horizon later, in the scenario or by --set horizon=",
        ),
        (("--set", "thresholds=1"), "hint: put a list in brackets: [1]"),
        (("--set", "thresholds=[0.5]"), "hint: add it to thresholds, or leave it out here"),
    ],
)
def test_a_way_out(arguments: tuple[str, ...], words: str) -> None:
    assert words in shell_text(failure("run", FLAGSHIP, *arguments))


def test_what_is_no_result(tmp_path: Path) -> None:
    assert "name the folder of a result" in str(failure("reproduce", str(tmp_path)))
    assert "a result is the folder of a run" in str(failure("reproduce", FLAGSHIP))


def test_a_folder_where_a_file_is_written(tmp_path: Path) -> None:
    for force in ((), ("--force",)):
        error = failure("init", str(tmp_path), *force)
        assert isinstance(error, FileError)
        assert "is a folder; add the name of a file in it" in str(error)


def test_a_range_is_described_as_precisely_as_it_is_known() -> None:
    told = call("describe", FLAGSHIP).stdout
    assert not re.search(r"\d,\d{3}\.\d", told)


@pytest.mark.parametrize(
    ("name", "units", "lost"),
    [("wagner-killed", "Fighters", "killed"), ("tanks-storage", "Tanks", "withdrawn")],
)
def test_the_table_of_strength_has_the_words_of_the_scenario(
    name: str, units: str, lost: str
) -> None:
    told = call("run", str(CONFIGS / f"{name}.yaml"), "-n", "1k", "--strength").stdout
    caption = f"{units} present and {units.lower()} {lost} at the end of each date\n"
    table = told.partition(caption)[2]
    above, header, *_ = table.splitlines()
    assert above.split() == ["present"] * 3 + [lost] * 3
    assert header.split()[-3:] == ["P5", "P50", "P95"]
    assert max(map(len, table.splitlines())) <= 80


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "claim.yaml").write_text(POINT, encoding="utf-8")
    error = str(failure("run", str(tmp_path / "claims.yaml")))
    assert error.endswith(f"; did you mean {tmp_path / 'claim.yaml'}?")
    assert "did you mean" not in str(failure("run", str(tmp_path / "xyz.yaml")))
    assert "is a folder; name a file in it" in str(failure("check", str(tmp_path)))
    error = str(failure("run", str(tmp_path / "claim")))
    assert error.endswith(f"; did you mean {tmp_path / 'claim.yaml'}?")


def test_the_folder_of_a_run_is_no_scenario(tmp_path: Path) -> None:
    folder = tmp_path / "a run"
    call("run", FLAGSHIP, "-n", "1k", "--out", str(folder))
    error = str(failure("run", str(folder)))
    assert f"try `simulate cite '{folder}'` or `simulate reproduce '{folder}'`" in error
    for command in ("cite", "reproduce"):
        call(command, str(folder))
