"""Bad files and options: what the user sees, and that nothing else happens."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.bad_files import CHECKED, CLAIM, COUNT, Row, also, claims, edit, size
from tests.cli.process import SCENARIO, Whole


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that the rows mention, and something above it that must not be read."""
    here = tmp_path / "here"
    (here / "folder").mkdir(parents=True)
    (tmp_path / "up.yaml").write_text(SCENARIO, encoding="utf-8")
    (here / "link.yaml").symlink_to(tmp_path / "up.yaml")
    os.mkfifo(here / "pipe")
    for name, text in {
        "data.csv": "n\n3000\n4000\n",
        "text.csv": "n\n3000\nmany\n",
        "comma.csv": "n\n3k\n",
        "empty.csv": "",
        "good.yaml": SCENARIO,
        "ledger.yaml": claims(f"{CLAIM}, {{count: {COUNT}, as_of: 2025-01-09}}").decode(),
    }.items():
        (here / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(here)
    return here


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("case", CHECKED.values(), ids=CHECKED)
def test_files(case: Row, folder: Path, whole: Whole) -> None:
    (folder / "f.yaml").write_bytes(case.data)
    before = files_in(folder)
    answer = whole("check", "f.yaml")
    assert answer.code == case.code, answer.err
    for word in case.words:
        assert word in answer.out + answer.err
    if case.code:
        assert answer.out == ""
        assert max(map(len, answer.err.splitlines())) < 240
    assert files_in(folder) == before
    assert not (folder / "executed").exists()


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path, whole: Whole) -> None:
    (folder / "a.yaml").write_bytes(size("no"))
    (folder / "b.yaml").write_bytes(also("seeds: 1\nlevels: [2]"))
    answer = whole("check", "a.yaml", "good.yaml", "b.yaml")
    assert answer.code == 3
    assert [line for line in answer.err.splitlines() if ".yaml:" in line] == [
        'a.yaml:3:9: force.size must be a number (found the text "no")',
        "b.yaml:7:1: unknown key seeds",
        "b.yaml:8:10: levels[0] must be less than 1 (found 2)",
    ]
    assert answer.out.startswith("good.yaml: valid")


RUNS: Mapping[str, tuple[Any, ...]] = {
    "no file": ("run", 2, "Missing argument"),
    "no command": ("frobnicate", 2, "No such command"),
    "unknown option": ("run good.yaml --frob", 2, "No such option"),
    "file missing": ("run gone.yaml", 4, "cannot read gone.yaml: No such file"),
    "a folder": ("run folder", 4, "folder is a folder"),
    "a pipe": ("run pipe", 4, "not a regular file"),
    "draws 0": ("run good.yaml -n 0", 2, "'0' is not a whole number from 1 up"),
    "draws -1": ("run good.yaml -n -1", 2, "'-1'"),
    "draws abc": ("run good.yaml -n abc", 2, "'abc'", "1e6, 1M, 250k"),
    "draws 1__0": ("run good.yaml -n 1__0", 2, "'1__0' is not a whole number"),
    "draws 1_000": ("run good.yaml -n 1_000", 0, "1,024 draws"),
    "draws 1.5": ("run good.yaml -n 1.5", 2, "'1.5'"),
    "draws 1e12": (
        "run good.yaml -n 1e12",
        5,
        "1,000,000,000,000 draws",
        "limit of 134,217,728 (2^27)",
    ),
    "draws 1": ("run good.yaml -n 1", 0, "too few", "8 draws instead of 1"),
    "draws 19": ("run good.yaml -n 19 --method random", 0, "too few"),
    "draws 1k": ("run good.yaml -n 1k", 0, "1,024 draws"),
    "seed -1": ("run good.yaml --seed -1", 2, "'-1' is not a whole number"),
    "seed 1.5": ("run good.yaml --seed 1.5", 2, "'1.5' is not a whole number"),
    "seed true": ("run good.yaml --seed true", 2, "'true' is not a whole number"),
    "seed 0": ("run good.yaml -v -n 1k --seed 0", 0, "seed 0"),
    "seed 2^200": (f"run good.yaml -v -n 1k --seed {2**200}", 0, str(2**200)[:9]),
    "level 0": ("run good.yaml --level 0", 2, "--level"),
    "level 5": ("run good.yaml --level 5", 2, "--level"),
    "by": ("run good.yaml --by 2024-02-30", 2, "use YYYY-MM-DD"),
    "method": ("run good.yaml --method magic", 2, "lattice"),
    "workers": ("run good.yaml --workers 0", 2, "--workers"),
    "set": ("run good.yaml --set force", 3, "--set force:", "name=value"),
    "set key": ("run good.yaml --set force.sizex=3", 3, "did you mean force.size?"),
    "set horizon": ("run good.yaml --set horizon=1e6", 5, "limit of 36,525 days"),
    "no draw depleted": (
        "run good.yaml -n 1k --set horizon=2025-02-01",
        0,
        "would not be lost by 1 February 2025",
        "no simulation reaches a loss of 100 % by the horizon, 2025-02-01",
    ),
    "few depleted": (
        "run good.yaml -n 8k --set horizon=2025-04-08",
        0,
        "only",
        "of simulations reach a loss of 100 %",
    ),
    "one day": ("run good.yaml -n 1k --set losses.count=3800", 0, "14 April 2025"),
    "rate can be zero": (
        "run good.yaml -n 8k --set 'losses.count={distribution: uniform, low: -1000, high: 3000}'",
        0,
        "in 25 % of simulations the count is not above zero",
    ),
    "losses above the force": (
        "run good.yaml -n 8k --set 'losses.count={distribution: uniform, low: 11000, high: 13000}'",
        0,
        "in 50 % of simulations the number lost (losses.count) is above the whole force",
    ),
    "start after as_of": (
        (
            "run good.yaml -n 8k "
            "--set 'losses.start={distribution: uniform, low: 2025-01-06, high: 2025-01-26}'"
        ),
        0,
        "in 50 % of simulations",
        "(losses.start) is not before the day the count was made (losses.as_of)",
    ),
    "already passed": ("run good.yaml -n 1k -v --set force.size=3500", 0, "already passed"),
    "out is a file": ("run good.yaml -n 1e8 --out data.csv", 4, "data.csv"),
    "out below a file": ("run good.yaml --out data.csv/x", 4, "data.csv"),
    "out cannot be made": ("run good.yaml --out /proc/none", 4, "/proc/none"),
    "set a claim there is not": (
        "run good.yaml --set 'losses.claims[3].weight=2'",
        3,
        "--set losses.claims[3].weight=2",
        "there is no entry [3] to set",
    ),
    "each and a file in the way": (
        "run ledger.yaml --set losses.pooling=each --out data.csv",
        4,
        "data.csv",
    ),
    "one draw of claims": ("run ledger.yaml -v -n 1", 0, "too few draws"),
    "claims beyond the horizon": (
        "run ledger.yaml -v -n 1k --set horizon=2025-02-01",
        0,
        "no simulation reaches a loss of 100 %",
        "not by, as before",
    ),
    "init where a file is": ("init good.yaml", 4, "already exists", "--force"),
    "init in no folder": ("init gone/new.yaml", 4, "gone/new.yaml"),
}
"""A command line, its exit code, and words that must be on the screen."""


@pytest.mark.parametrize("case", RUNS.values(), ids=RUNS)
def test_command_lines(case: tuple[Any, ...], folder: Path, whole: Whole) -> None:
    line, code, *words = case
    before = files_in(folder)
    answer = whole(*shlex.split(line))
    assert answer.code == code, answer.err
    seen = " ".join((answer.out + " " + answer.err).split())
    for word in words:
        assert word in seen
    if code:
        assert answer.out == ""
    assert files_in(folder) == before


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "dollars": "$5M vs $6M",
    "template": "{{7*7}}",
    "markup": "[/] [red]x[/red] [link=http://a.b]y[/link]",
    "chinese": "库尔斯克的损失",
    "formula": "=1+1",
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_titles_are_printed_literally(title: str, folder: Path, whole: Whole) -> None:
    (folder / "f.yaml").write_bytes(edit("title: T", f"title: '{title}'"))
    answer = whole("run", "f.yaml", "-n", "1k")
    assert answer.code == 0
    assert "".join(title.split()) in "".join(answer.out.split())


@pytest.mark.parametrize("command", [("run", "-n", "1k"), ("describe",), ("check",)])
@pytest.mark.parametrize("escape", [r"\e[31mred", r"\e]0;name\a", r"\u202Eabc", r"\u009b31m"])
def test_escapes_do_not_reach_the_terminal(
    command: tuple[str, ...], escape: str, folder: Path, whole: Whole
) -> None:
    text = SCENARIO.replace("title: T", f'title: "x{escape}"').replace(
        "low: 3000", f'source: "s{escape}", low: 3000'
    )
    (folder / "f.yaml").write_text(text, encoding="utf-8")
    answer = whole(command[0], "f.yaml", *command[1:])
    assert answer.code == 0
    for character in "\x1b\x07\x9b\u202e":
        assert character not in answer.out + answer.err


def test_escapes_in_a_mistake_do_not_reach_the_terminal(folder: Path, whole: Whole) -> None:
    (folder / "f.yaml").write_bytes(size(r'"\e[31m\u202e12"'))
    answer = whole("check", "f.yaml", "--set", "unit=\x1b[31m\u202e5")
    assert answer.code == 3
    for character in "\x1b\u202e":
        assert character not in answer.out + answer.err
