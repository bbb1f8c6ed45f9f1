"""Standard streams that are closed, full, left by their reader, or too long."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.process import SCENARIO, TABLES, command, done, environment, shell, unread
from tests.hang_guard import hang_guard

# --- a reader that has left, a full disk, a closed stream ---


def test_files_are_written_for_a_reader_that_has_left(here: Path) -> None:
    found = unread(*TABLES, "--save-draws", "draws.csv")
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads((here / "out" / "result.json").read_text())["run"]["draws"] == 1024
    assert len((here / "draws.csv").read_text().splitlines()) == 1025


def test_the_exit_code_is_kept_for_a_reader_that_has_left(here: Path) -> None:
    assert done(TABLES).returncode == 0
    result = here / "out" / "result.json"
    tampered = json.loads(result.read_text())
    tampered["outcomes"][0]["quantiles"][0]["day"] += 1.0
    result.write_text(json.dumps(tampered))
    assert unread("reproduce", "out").returncode == 7
    assert unread("run", "s.yaml", "-n", "1024", "--precision", "1e-6").returncode == 6
    assert unread("check", "s.yaml", "bad.yaml").returncode == 3


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", ">&- 2>&-"])
@pytest.mark.usefixtures("here")
def test_the_exit_code_is_kept_without_standard_error(closed: str) -> None:
    assert shell(f"$S check bad.yaml {closed}").returncode == 3
    assert shell(f"$S run gone.yaml {closed}").returncode == 4
    assert shell(f"$S check s.yaml -q {closed}").returncode == 0


@pytest.mark.parametrize(
    ("to", "why"),
    [(">&-", "standard output is closed"), (">/dev/full", "No space left on device")],
)
def test_files_are_written_where_standard_output_takes_nothing(
    to: str, why: str, here: Path
) -> None:
    found = shell(f"$S {' '.join(TABLES)} --save-draws draws.csv {to}")
    assert (found.returncode, found.stderr) == (4, f"cannot write the answer: {why}\n")
    assert (here / "out" / "result.json").is_file()
    assert (here / "draws.csv").is_file()
    assert (here / "s.yaml").read_text() == SCENARIO


@pytest.mark.usefixtures("here")
def test_a_command_that_prints_nothing_does_not_mind_a_closed_standard_output() -> None:
    found = shell("$S check s.yaml -q >&-")
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("$S run - <&-", 4, "cannot read standard input: it is closed"),
        ("$S init --interactive <&-", 3, "the answers end before losses.count is answered"),
        ("$S run - <&- >&-", 4, "cannot read standard input: it is closed"),
        ("$S run - - <s.yaml", 2, "standard input can be read only once"),
        ("$S init --interactive </dev/zero", 3, "title: the answer is too long"),
        ("$S run s.yaml -q <&-", 0, ""),
    ],
)
@pytest.mark.usefixtures("here")
def test_standard_input(line: str, code: int, words: str) -> None:
    found = shell(line)
    assert found.returncode == code, found.stderr
    assert words in found.stderr
    assert "internal error" not in found.stderr


def test_a_slow_reader_of_a_pipe_that_does_not_block(here: Path) -> None:
    """Other programs that share the pipe may have set it so."""
    del here
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with subprocess.Popen(
        command("schema"), stdout=writer, stderr=subprocess.PIPE, env=environment()
    ) as process:
        os.close(writer)
        with hang_guard():
            select.select([reader], [], [])
        time.sleep(0.3)  # more than a pipe holds is waiting by now
        with os.fdopen(reader, "rb") as pipe:
            printed = pipe.read()
        assert process.wait() == 0
    assert len(printed) > 2**16
    assert json.loads(printed)["type"] == "object"


# --- standard input beyond the limit ---


def piped(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command("check", "-"), input=data, capture_output=True, check=False, env=environment()
    )


def test_standard_input_beyond_the_limit_is_refused_like_a_file(here: Path) -> None:
    """The last key would vanish, or be cut in two, where only a megabyte was read."""
    text = SCENARIO.encode() + b"#" * (1_000_000 - len(SCENARIO) - 1) + b"\n"
    assert len(text) == 1_000_000
    assert piped(text).returncode == 0
    longer = text + b"horizon: 2025-06-01\n"
    (here / "long.yaml").write_bytes(longer)
    file, stream = done(("check", "long.yaml")), piped(longer)
    assert (file.returncode, stream.returncode) == (5, 5)
    assert stream.stderr.decode() == file.stderr.replace("long.yaml", "standard input")
    assert stream.stdout == b""


# --- the end of the process ---

REGISTERED = """
import atexit, sys
atexit.register(print, "after")
print("before")
sys.argv = ["simulate", *sys.argv[1:]]
from simulate.__main__ import main
main()
"""


@pytest.mark.parametrize(("file", "code"), [("s.yaml", 0), ("bad.yaml", 3), ("gone.yaml", 4)])
@pytest.mark.usefixtures("here")
def test_what_others_registered_for_the_exit_is_done_and_nothing_printed_is_lost(
    file: str, code: int
) -> None:
    arguments = [sys.executable, "-c", REGISTERED, "check", file, "-q"]
    buffered = {**environment(), "PYTHONUNBUFFERED": ""}
    found = subprocess.run(
        arguments, check=False, capture_output=True, text=True, env=buffered, timeout=120
    )
    assert (found.returncode, found.stdout) == (code, "before\nafter\n")


def test_a_profiler_prints_its_profile() -> None:
    arguments = [sys.executable, "-m", "cProfile", "-m", "simulate", "--version"]
    found = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=120)
    assert "function calls" in found.stdout
