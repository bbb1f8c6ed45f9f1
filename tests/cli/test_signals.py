"""Signals, runs that were killed, and runs at the same time."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.process import RUN, TABLES, done, environment, started

WALKED = ("-n", "1e8", "--set", "rate={drift: {sd: 0.3, correlation_days: 20}}")
"""A run that nobody waits for."""

# --- signals ---


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGHUP, 129, "terminated"),
    ],
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_ends_a_run(number: int, code: int, word: str, workers: str, here: Path) -> None:
    process = started("run", "s.yaml", *WALKED, "--workers", workers, "--out", "out")
    time.sleep(2.5)
    process.send_signal(number)
    try:
        assert process.communicate(timeout=30) == ("", f"{word}\n")
    finally:
        process.kill()
    assert process.returncode == code
    assert list((here / "out").iterdir()) == []


@pytest.mark.usefixtures("here")
def test_a_signal_ignored_by_whoever_started_it_is_ignored() -> None:
    process = started(
        *RUN[:-1],
        "65536",
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    for _ in range(5):
        time.sleep(0.1)
        process.send_signal(signal.SIGHUP)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "2025" in out


def test_two_signals_at_once_are_one(here: Path) -> None:
    """As `timeout` sends them: to the process, and to its group."""
    process = started("run", "s.yaml", *WALKED, "--out", "out")
    time.sleep(2.5)
    for _ in range(3):
        process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30) == ("", "terminated\n")
    assert process.returncode == 143
    assert list((here / "out").iterdir()) == []


SWALLOWED = """\
import os, signal
try:
    os.kill(os.getpid(), signal.SIGINT)
except BaseException:
    raise ImportError("turned into another one") from None
"""


@pytest.mark.parametrize(
    ("module", "code", "err"),
    # Before the command line is there the signal simply kills, which a shell shows as 130.
    [("click", -signal.SIGINT, ""), ("ruamel", 130, "interrupted\n")],
)
def test_an_interrupt_while_modules_are_loaded(
    module: str, code: int, err: str, here: Path
) -> None:
    (here / "fake" / module).mkdir(parents=True)
    (here / "fake" / module / "__init__.py").write_text(SWALLOWED, encoding="utf-8")
    found = done(RUN, env=environment(here / "fake"))
    assert (found.returncode, found.stdout, found.stderr) == (code, "", err)


FINALISER = """\
import os, signal
from simulate.cli.signals import stoppable

class Finalised:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000): pass

with stoppable():
    thing = Finalised()
    del thing
    print("went on")
"""


def test_an_interrupt_in_a_finaliser_is_not_ignored() -> None:
    found = subprocess.run(
        [sys.executable, "-c", FINALISER],
        capture_output=True,
        check=False,
        text=True,
        env=environment(),
    )
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "interrupted\n")


# --- several runs, and runs that were killed ---


def test_of_two_runs_into_one_folder_one_is_refused(here: Path) -> None:
    runs = {seed: started(*TABLES, "-n", "4M", "--seed", str(seed)) for seed in (1, 2)}
    errors = {seed: process.communicate(timeout=120)[1] for seed, process in runs.items()}
    codes = {seed: process.returncode for seed, process in runs.items()}
    assert sorted(codes.values()) == [0, 4], errors
    (winner,) = (seed for seed, code in codes.items() if code == 0)
    assert "out" in errors[3 - winner]
    for name in ("result.json", "run.json"):
        assert json.loads((here / "out" / name).read_text())["run"]["seed"] == winner
    assert not list((here / "out").glob(".*"))


def begun_in(folder: Path) -> list[Path]:
    """The file that a run has begun to write, as soon as there is something in it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in folder.glob(".*.simulate.tmp"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size:
                    return [path]
        time.sleep(0.01)
    return []


def test_what_a_killed_run_left_is_removed_by_the_next(here: Path) -> None:
    process = started("run", "s.yaml", "-n", "4M", "--save-draws", "out.csv")
    left = begun_in(here)
    process.kill()
    process.communicate()
    assert [path.exists() for path in left] == [True]
    (here / ".notes.0123abcd.tmp").write_bytes(b"of another program")
    assert done((*RUN, "--save-draws", "other.npz")).returncode == 0
    assert [path.name for path in here.glob(".*")] == [".notes.0123abcd.tmp"]


def test_what_a_run_at_work_has_begun_stays(here: Path) -> None:
    process = started("run", "s.yaml", "-n", "4M", "--save-draws", "out.csv")
    begun = begun_in(here)
    try:
        process.send_signal(signal.SIGSTOP)
        assert done((*RUN, "--save-draws", "other.npz")).returncode == 0
        assert [path.exists() for path in begun] == [True]
    finally:
        process.kill()
        process.communicate()
