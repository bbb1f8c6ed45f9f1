"""`simulate compare` and `simulate sweep`: what they print and write, and how they refuse."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulate.cli import cli
from simulate.cli.spelling import shell_text
from simulate.errors import SimulateError
from tests.cli.process import CONFIGS, FLAGSHIP, LEDGER, NIS, POINT, SIZES, call

COMPARE = ("compare", FLAGSHIP, NIS, "-n", "1024")
SWEEP = ("sweep", FLAGSHIP, *SIZES, "-n", "1024")


def code_and_words(*arguments: str) -> tuple[int, str]:
    """Exit code and message, as `main` makes them of an error."""
    result = CliRunner().invoke(cli, arguments)
    if isinstance(result.exception, SimulateError):
        return result.exception.exit_code, " ".join(shell_text(result.exception).split())
    return result.exit_code, " ".join(result.output.split())


# --- when all is well ---


def test_result_lines_alone() -> None:
    lines = call(*COMPARE, "-q").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Whole force (100 %) lost, B against A: median 4")
    three = call("compare", FLAGSHIP, NIS, POINT, "-n", "1024", "-q").stdout.splitlines()
    assert [line.partition(": ")[0][-11:] for line in three] == ["B against A", "C against A"]
    assert call("sweep", POINT, *SIZES, "-n", "1024", "-q").stdout == (
        "Whole force (100 %) lost, 2 combinations: median from 23 March 2025 (size of the "
        "force: 10,000) to 14 April 2025 (size of the force: 12,000)\n"
    )


def test_equal_chances_are_said_once() -> None:
    """Certain dates are the same whether the two are independent or not."""
    done = call("compare", POINT, POINT, "-n", "64", "-q").stdout
    assert done.endswith("both fall on the same day in 100 % of simulations\n")
    assert "if the two were independent" in call(*COMPARE, "-q").stdout


@pytest.mark.parametrize("command", [COMPARE, SWEEP])
def test_json_is_one_text(command: tuple[str, ...]) -> None:
    text = call(*command, "--json").stdout
    assert json.loads(text)["schema_version"] == 1
    assert text.isascii()


def test_claims_that_are_not_pooled_are_compared() -> None:
    """Six claims of one file, each with the date that it has by itself."""
    each = (LEDGER, "--set", "losses.pooling=each", "-n", "1024", "--json")
    found = json.loads(call("compare", *each).stdout)
    alone = json.loads(call("run", *each).stdout)
    assert len(found["scenarios"]) == len(alone) == 6
    both = [[one["scenario"]["digest"] for one in many] for many in (found["scenarios"], alone)]
    assert both[0] == both[1]


def test_options_hold_for_all_files() -> None:
    options = ("--seed", "7", "--method", "random", "--by", "2025-03-01", "--level", "0.9")
    found = json.loads(
        call(
            *COMPARE, *options, "--set", "thresholds=[1.0]", "--set", "published=[]", "--json"
        ).stdout
    )
    for one in found["scenarios"]:
        assert (one["run"]["seed"], one["run"]["method"]) == (7, "random")
        assert one["scenario"]["overrides"] == ["thresholds=[1.0]", "published=[]"]
        (outcome,) = one["outcomes"]
        assert "2025-03-01" in [by["date"] for by in outcome["by"]]
        assert [quantile["level"] for quantile in outcome["quantiles"]] == [0.9]
    levels = [shift["level"] for shift in found["comparisons"][0]["shifts"]]
    assert levels == [0.05, 0.5, 0.9, 0.95]


def test_options_hold_for_all_combinations() -> None:
    options = ("--seed", "7", "--by", "2025-03-01", "--threshold", "0.5", "--set", "unit=men")
    found = json.loads(call(*SWEEP, *options, "--json").stdout)
    assert found["first"]["run"]["seed"] == 7
    assert found["fixed"] == ["unit=men"]
    assert found["threshold"] == 0.5
    for cell in found["combinations"]:
        assert "2025-03-01" in [by["date"] for by in cell["outcomes"][0]["by"]]


@pytest.mark.parametrize(
    ("command", "name"), [(COMPARE, "comparison"), (SWEEP, "sweep")], ids=["compare", "sweep"]
)
@pytest.mark.usefixtures("undrawn_pages")
def test_out_has_the_same_bytes_for_any_workers(
    command: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "three"]
    for folder, workers in zip(folders, ("1", "3"), strict=True):
        call(*command, "-q", "--out", str(folder), "--workers", workers)
    kinds = ("csv", "json", "png", "svg", "txt")
    expected = {"index.html", *(f"{name}.{kind}" for kind in kinds)}
    assert {path.name for path in folders[0].iterdir()} == expected
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("command", "name", "more"),
    [
        (COMPARE, "comparison.pdf", ("--picture", "png")),
        (SWEEP, "sweep.svg", ("--picture", "png")),
        (("sensitivity", POINT, "-n", "1024"), "sensitivity.json", ()),
        (("run", POINT, "-n", "1024"), "claims.csv", ("--picture", "png")),
    ],
    ids=["compare", "sweep", "sensitivity", "run"],
)
@pytest.mark.usefixtures("undrawn_pages")
def test_force_leaves_no_file_of_an_earlier_run(
    command: tuple[str, ...], name: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    options = (*command, "-q", *more, "--out", str(tmp_path))
    for file in (name, "draws.csv"):
        (tmp_path / file).write_text("earlier")
    code, message = code_and_words(*options)
    assert (code, name in message, "--force" in message) == (4, True, True)
    assert {path.name for path in tmp_path.iterdir()} == {name, "draws.csv"}
    call(*options, "--force")
    left = [path.name for path in tmp_path.iterdir() if path.read_bytes() == b"earlier"]
    assert left == ["draws.csv"]


@pytest.mark.usefixtures("undrawn_pages")
def test_a_large_grid_has_no_picture_and_says_so(tmp_path: Path) -> None:
    sizes = ",".join(str(10_000 + number) for number in range(61))
    result = call("sweep", POINT, "--set", f"force.size={sizes}", "-n", "8", "--out", str(tmp_path))
    assert "no picture: more than 60 combinations" in result.stderr
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["index.html", "sweep.csv", "sweep.json"]
    with (tmp_path / "sweep.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 61 * 3


def test_one_file_may_be_standard_input() -> None:
    text = Path(POINT).read_text(encoding="utf-8")
    for command in (("compare", POINT, "-", "-q"), ("sweep", "-", *SIZES, "-q")):
        result = call(*command, "-n", "1024", input=text)
    assert "10,000" in result.stdout


@pytest.mark.parametrize("command", [COMPARE, SWEEP], ids=["compare", "sweep"])
def test_surroundings(command: tuple[str, ...]) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "simulate", *command],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "40", "PYTHONIOENCODING": "ascii"},
    )
    assert found.stderr == ""
    assert "\x1b" not in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 40
    assert found.stdout.isascii()


def test_the_hint_on_thresholds_can_be_followed(tmp_path: Path) -> None:
    """Also where what was published is for a threshold that only its own file has."""
    files = []
    for name, at in (("a", "0.5"), ("b", "{left: 900}"), ("c", "1")):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(
            f"title: T\nforce: {{size: 3000, as_of: 2026-01-01}}\nlosses: {{rate: 9, per: day}}\n"
            f"thresholds: [{at}]\n"
            f"published: [{{label: P, date: 2026-05-01, threshold: {at}}}]\n"
        )
    command = ("compare", *map(str, files), "-n", "1024")
    code, words = code_and_words(*command)
    assert code == 3
    setting = words.partition("--set '")[2].rstrip("'")
    assert call(*command, "--set", setting, "-q").stdout.count("against A") == 2


# --- when it is not ---

HUNDRED = ",".join(map(str, range(1, 101)))
REFUSED: Mapping[str, tuple[tuple[str, ...], int, str]] = {
    "one file": (("compare", FLAGSHIP), 2, "takes two files or more"),
    "no file": (("compare",), 2, "Missing argument"),
    "standard input twice": (("compare", "-", "-"), 2, "can be read only once"),
    "file missing": (("compare", FLAGSHIP, "gone.yaml"), 4, "cannot read gone.yaml"),
    "nothing in common": (
        ("compare", FLAGSHIP, str(CONFIGS / "wagner-killed.yaml")),
        3,
        "no threshold in common: A [0.3, 0.5, 1], B [",
    ),
    "unknown key": ((*COMPARE, "--set", "force.sizes=3"), 3, "did you mean force.size?"),
    "too many draws": (("compare", FLAGSHIP, NIS, "-n", "1e12"), 5, "limit of 134,217,728"),
    "seed": ((*COMPARE, "--seed", "-1"), 2, "--seed"),
    "too many files": (("compare", *[POINT] * 61), 5, "limit of 60"),
    "nothing swept": (("sweep", FLAGSHIP, "--set", "force.size=9000"), 2, "several values"),
    "no setting": (("sweep", FLAGSHIP), 2, "such as: --set force.size=10000,12000"),
    "two files": (("sweep", FLAGSHIP, NIS, *SIZES), 2, "unexpected extra argument"),
    "empty list": (("sweep", FLAGSHIP, "--set", "a="), 3, "--set a=: its value is missing"),
    "a gap": (("sweep", FLAGSHIP, "--set", "a=1,,2"), 3, "value 2 of 3 is missing"),
    "no equals sign": (("sweep", FLAGSHIP, "--set", "force"), 3, "name=value"),
    "unknown key swept": ((*SWEEP, "--set", "force.sizes=3,4"), 3, "did you mean force.size?"),
    "one bad value": (
        ("sweep", FLAGSHIP, "--set", "force.size=12000,no"),
        3,
        'must be a number (found the text "no") [with force.size=no]',
    ),
    "too many combinations": (
        ("sweep", FLAGSHIP, "--set", f"force.size={HUNDRED}", "--set", f"losses.count={HUNDRED},1"),
        5,
        "10,100 combinations are beyond the limit of 10,000",
    ),
    "sampling swept": (("sweep", FLAGSHIP, "--set", "sampling.seed=1,2"), 3, "cannot be swept"),
    "threshold 2": ((*SWEEP, "--threshold", "2"), 2, "--threshold"),
    "each swept": (
        ("sweep", LEDGER, "--set", "losses.pooling=linear,each"),
        3,
        "[with losses.pooling=each]",
    ),
}


@pytest.mark.parametrize(("arguments", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_command_lines_that_are_refused(arguments: tuple[str, ...], code: int, words: str) -> None:
    found, said = code_and_words(*arguments)
    assert found == code
    assert words in said


@pytest.mark.parametrize("command", [COMPARE, SWEEP], ids=["compare", "sweep"])
@pytest.mark.usefixtures("undrawn_pages")
def test_output_folders_are_looked_at_before_sampling(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    taken = tmp_path / "file"
    taken.write_text("x", encoding="utf-8")
    many = (*command, "-n", "1e9", "--out")
    for folder in (taken, taken / "below", Path("/proc/none")):
        code, words = code_and_words(*many, str(folder))
        assert code == 4
        assert str(folder) in words
    folder = tmp_path / "out"
    call(*command, "-q", "--out", str(folder), "--picture", "svg")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, words = code_and_words(*many, str(folder))
    assert (code, "--force" in words) == (4, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    call(*command, "-q", "--out", str(folder), "--picture", "svg", "--seed", "1", "--force")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} != before
