"""Help begins with an example, the examples run, and a slip of the pen is understood."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulate.cli import COMMANDS, cli
from tests.cli.test_interactive import ANSWERS
from tests.texts import undrawn

ROOT = Path(__file__).parents[2]
INPUT = "".join(f"{answer}\n" for answer in ANSWERS)


def help_of(*command: str) -> list[str]:
    """The paragraphs of a help text."""
    found = CliRunner().invoke(cli, [*command, "--help"], terminal_width=98)
    assert found.exit_code == 0
    return found.stdout.split("\n\n")


def examples(command: str) -> list[str]:
    block = next(part for part in help_of(command) if part.startswith("  Example"))
    text = block.replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip().startswith("simulate ")]


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_help_says_what_it_is_for_and_shows_it(command: tuple[str, ...]) -> None:
    usage, purpose, example, *_ = help_of(*command)
    assert usage.startswith(f"Usage: {' '.join(['cli', *command])} ")
    assert re.fullmatch(r"  [A-Z][^.]*(\. Nothing is sampled)?\.", purpose.replace("\n ", "\n"))
    assert re.match(r"  Examples?[^\n]*:\n    simulate ", example)
    assert max(map(len, example.splitlines())) <= 98


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment with the shipped scenarios at hand and `simulate` on the path."""
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    for name in ("before", "after"):
        shutil.copy(ROOT / "configs" / "kursk-isw-point.yaml", tmp_path / f"{name}.yaml")
    script = tmp_path / "bin" / "simulate"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m simulate "$@"\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    path = f"{script.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_run(
    command: str, shell: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they stand, but with few draws; questions are answered."""
    if command != "init":
        # By days, but not for long.
        text = "extends: configs/kursk-campaign.yaml\nsampling: {draws: 256}\n"
        text += "horizon: 2025-03-01\nby: []\npublished: []\nobserved: []\n"
        (tmp_path / "claim.yaml").write_text(text, encoding="utf-8")
    rows = "".join(f"2024-{m:02}-01,{100 * m}\n" for m in range(1, 13))
    (tmp_path / "losses.csv").write_text(f"date,lost\n{rows}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    lines = examples(command)
    assert lines
    for line in lines:
        quick = re.sub(r"-n \d+M\b", "-n 1k", line)
        code, told = in_a_shell(quick, shell) if set(line) & set("*>") else called(quick)
        assert code == 0, (line, told)


def called(line: str) -> tuple[int, str]:
    with undrawn():
        done = CliRunner().invoke(cli, shlex.split(line)[1:], input=INPUT)
    return done.exit_code, done.stderr


def in_a_shell(line: str, shell: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["/bin/sh", "-c", line], check=False, capture_output=True, env=shell, text=True
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rum",), "No such command 'rum'. Did you mean run?"),
        (("sweeep", "f.yaml"), "Did you mean sweep?"),
        (("claim.yaml",), "To run a scenario file: simulate run claim.yaml"),
        (("frobnicate",), "No such command 'frobnicate'."),
        (("run", "--preision", "1", "f.yaml"), "--precision"),
        (("--hlp",), "--help"),
    ],
)
def test_a_slip_of_the_pen(arguments: tuple[str, ...], words: str) -> None:
    found = CliRunner().invoke(cli, arguments)
    assert found.exit_code == 2
    assert words in found.stderr


def complete(words: str, number: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "simulate"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={
            **os.environ,
            "COMP_WORDS": words,
            "COMP_CWORD": str(number),
            "_SIMULATE_COMPLETE": "bash_complete",
        },
        text=True,
    )
    return done.stdout.split()


def test_a_shell_completes_commands_and_options() -> None:
    assert "plain,run" in complete("simulate r", 1)
    assert complete("simulate run --prec", 2) == ["plain,--precision"]
    assert complete("simulate run --method la", 3) == ["plain,lattice", "plain,latin-hypercube"]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulate"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "_SIMULATE_COMPLETE": f"{name}_source"},
        text=True,
    )
    assert f"_SIMULATE_COMPLETE={name}_complete" in done.stdout
