"""`simulate init --interactive`: questions on stderr, answers from stdin, a file at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulate.cli import cli
from simulate.scenario.loader import load

ANSWERS = (
    "A claim",
    "force",
    "soldiers",
    "count",
    "3000 to 4200",
    "2024-12-26 to 2025-01-16",
    "2024-12-06",
    "A newspaper",
    "",
    "",
    "12000",
    "",
    "",
    "2026-01-01",
)
RATE = (
    "Vehicles",
    "stock",
    "vehicles",
    "rate",
    "200",
    "month",
    "",
    "2026-01-22",
    "3000",
    "600",
    "",
    "75",
    "",
    "2026-04-01",
    "2027",
    "2027-07",
    "A ministry",
    "",
)
FUND = ("", "fund", "", "rate", "410", "month", "", "", "2022-01-01", "14200", *[""] * 5)


def ask(*arguments: str, answers: tuple[str, ...] = ANSWERS) -> Result:
    text = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(cli, ["init", "--interactive", *arguments], input=text)


def test_a_file_that_runs(tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    found = ask(str(file))
    assert found.exit_code == 0
    assert found.stdout == f"wrote {file}; next: simulate run {file}\n"
    run = CliRunner().invoke(cli, ["run", str(file), "-q", "-n", "1k"])
    assert run.exit_code == 0
    assert run.stdout.startswith("Whole force (100 %) lost: ")


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (RATE, "Whole stock (100 %) used up: 18 July 2027"),
        (FUND, "Whole fund (100 %) spent: 20 November 2024"),
    ],
    ids=["stock", "fund"],
)
def test_a_rate_of_use(tmp_path: Path, answers: tuple[str, ...], line: str) -> None:
    file = tmp_path / "claim.yaml"
    found = ask(str(file), answers=answers)
    assert found.exit_code == 0, found.stderr
    assert max(map(len, found.stderr.splitlines())) <= 80
    run = CliRunner().invoke(cli, ["run", str(file), "-q", "-n", "1k"])
    assert run.stdout.startswith(line)


def test_without_a_name_the_file_is_all_there_is_on_stdout(tmp_path: Path) -> None:
    found = ask()
    file = tmp_path / "f.yaml"
    file.write_text(found.stdout, encoding="utf-8")
    assert load(file).scenario.title == "A claim"
    assert "losses.count: 3000 to 4200\n" in found.stderr


def test_a_wrong_answer_is_asked_again_with_the_reason(tmp_path: Path) -> None:
    answers = (*ANSWERS[:4], "many", "9 to 3", *ANSWERS[4:])
    found = ask(str(tmp_path / "f.yaml"), answers=answers)
    assert found.exit_code == 0
    assert 'losses.count must be a number (found the text "many")' in found.stderr
    assert "losses.count: p5 must be below p95 (found 9 and 3)" in found.stderr
    assert max(map(len, found.stderr.splitlines())) <= 80


def test_doubts_are_told(tmp_path: Path) -> None:
    answers = (*ANSWERS[:6], "2024-12-01 to 2025-01-10", *ANSWERS[7:])
    found = ask(str(tmp_path / "f.yaml"), answers=answers)
    assert "warning: losses.start can fall after losses.as_of" in " ".join(found.stderr.split())


@pytest.mark.parametrize("n", [0, 3])
def test_answers_that_end_too_early(tmp_path: Path, n: int) -> None:
    found = ask(str(tmp_path / "f.yaml"), answers=ANSWERS[:n])
    assert found.exit_code == 2
    assert "standard input ended before" in found.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("mine", encoding="utf-8")
    found = ask(str(file))
    assert "already exists" in str(found.exception)
    assert "title" not in found.stderr
    assert file.read_text(encoding="utf-8") == "mine"
    assert ask(str(file), "--force").exit_code == 0


def test_an_answer_that_is_not_utf8() -> None:
    data = b"\xe9\n" + "".join(f"{answer}\n" for answer in ANSWERS).encode()
    found = CliRunner().invoke(cli, ["init", "--interactive"], input=data)
    assert found.exit_code == 0
    assert "the answer is not UTF-8" in found.stderr
    assert '\ntitle: "A claim"\n' in found.stdout


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "simulate", "init", "--interactive", "f.yaml"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdin
    assert process.stderr
    process.stdin.write(b"A claim\n")
    process.stdin.flush()
    said = b""
    while b"wording [force]: " not in said:
        said += os.read(process.stderr.fileno(), 1000)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.split() == [b"interrupted"]
    assert not list(tmp_path.iterdir())
