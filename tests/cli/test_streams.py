"""Standard streams, signals and files of several runs: the command as a user starts it."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import simulate

PACKAGE = Path(simulate.__file__).parent
SCENARIO = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: uniform, low: 3000, high: 4000}
  as_of: 2025-01-16
  start: 2024-12-06
"""
RUN = ("run", "s.yaml", "-q", "-n", "1k")
TABLES = (*RUN, "--out", "out", "--picture", "svg")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario, in which the commands run."""
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("force: no\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environment(*paths: Path) -> dict[str, str]:
    """The surroundings, with other folders before the package on Python's path."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*paths, PACKAGE.parent]))}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "simulate", *arguments]


def done(arguments: Sequence[str], **streams: Any) -> subprocess.CompletedProcess[str]:
    """The command, run to its end; its output is caught where no stream is given."""
    caught = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment()}
    return subprocess.run(
        command(*arguments), check=False, encoding="utf-8", timeout=120, **{**caught, **streams}
    )


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """The command in a line for a shell, where it is called `$S`."""
    return subprocess.run(
        ["/bin/sh", "-c", line],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**environment(), "S": f"{sys.executable} -m simulate"},
        timeout=120,
    )


def unread(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with a standard output whose reader has left."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return done(arguments, stdout=writer)
    finally:
        os.close(writer)


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
    assert unread("run", "s.yaml", "-n", "1k", "--precision", "1e-6").returncode == 6
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
        ("$S init --interactive <&-", 2, "standard input ended before title was answered"),
        ("$S run - <&- >&-", 4, "cannot read standard input: it is closed"),
        ("$S run - - <s.yaml", 2, "standard input can be read once only"),
        ("$S init --interactive </dev/zero", 2, "the answer for title is too long"),
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
        time.sleep(2.0)  # more than a pipe holds is waiting by now
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


# --- outputs that would replace each other, or what is read ---


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("run", "s.yaml", "--out", "out", "--save-draws", "out/table.csv"), "out/table.csv"),
        (("run", "s.yaml", "--out", ".", "--save-draws", "claims.csv"), "claims.csv"),
        (("run", "s.yaml", "--out", "link", "--save-draws", "out/table.csv"), "out/table.csv"),
        (("run", "table.csv", "--out", "out/.."), "table.csv"),
        (("run", "table.csv", "--save-draws", "./table.csv"), "./table.csv"),
        (("cite", "s.yaml", "-o", "s.yaml"), "s.yaml"),
        (("cite", "out", "-o", "out/run.json"), "out/run.json"),
        (("cite", "out/result.json", "-o", "out/run.json"), "out/run.json"),
        (("report", "page.md", "-o", "page.md"), "page.md"),
        (("plot", "dates.txt", "-o", "dates.svg"), "dates.txt"),
    ],
)
def test_outputs_are_kept_apart(arguments: tuple[str, ...], name: str, here: Path) -> None:
    (here / "out").mkdir()
    (here / "link").symlink_to("out")
    for file in ("table.csv", "page.md", "dates.txt"):
        (here / file).write_text(SCENARIO, encoding="utf-8")
    for file in ("result.json", "run.json"):
        (here / "out" / file).write_text("{}", encoding="utf-8")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    # Nobody waits for a thousand million draws: it is refused before sampling.
    found = done((*arguments, "--force", *(() if "out/" in name else ("-n", "1e9"))))
    assert found.returncode == 2
    assert name in found.stderr
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_outputs_of_other_names_share_a_folder(here: Path) -> None:
    assert done((*TABLES, "--save-draws", "out/draws.csv")).returncode == 0
    assert (here / "out" / "draws.csv").is_file()


@pytest.mark.parametrize("name", ["pipe", "/dev/null"])
def test_only_regular_files_are_replaced(name: str, here: Path) -> None:
    os.mkfifo(here / "pipe")
    found = done(("cite", "s.yaml", "-o", name, "--force"))
    assert (found.returncode, found.stderr) == (
        4,
        f"cannot write '{name}': it is not a regular file\n",
    )
    assert not Path(name).is_file()


def test_a_link_that_leads_nowhere_is_not_replaced_unasked(here: Path) -> None:
    (here / "sentence.txt").symlink_to("nowhere")
    assert done(("cite", "s.yaml", "-n", "1k", "-o", "sentence.txt")).returncode == 4
    assert (here / "sentence.txt").is_symlink()


def test_a_name_as_long_as_names_can_be(here: Path) -> None:
    name = f"{'a' * 251}.csv"
    assert done((*RUN, "--save-draws", name)).returncode == 0
    assert (here / name).is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", ""),
        ("run", "s.yaml", "--out", ""),
        ("run", "s.yaml", "--save-draws", ""),
        ("cite", "s.yaml", "-o", ""),
        ("init", ""),
        ("reproduce", ""),
    ],
)
def test_an_empty_name_does_not_mean_this_folder(arguments: tuple[str, ...], here: Path) -> None:
    """As from a variable of the shell that is not set."""
    before = sorted(here.iterdir())
    found = done(arguments)
    assert found.returncode == 2
    assert "the name of a file or folder is empty" in found.stderr
    assert sorted(here.iterdir()) == before


def without_privileges() -> None:
    """Let the rights of files hold for root too, by taking two capabilities of Linux away."""
    drop, override, read_search = 24, 1, 2
    for capability in (override, read_search):
        ctypes.CDLL(None).prctl(drop, capability)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "closed/s.yaml"), "cannot read closed/s.yaml: Permission denied"),
        (("check", "unreadable.yaml"), "cannot read unreadable.yaml: Permission denied"),
        (("reproduce", "closed/result.json"), "cannot read 'closed/result.json': permission"),
        (("reproduce", "closed"), "cannot read 'closed': permission denied"),
        (("init", "closed/new.yaml"), "cannot write 'closed/new.yaml': permission denied"),
        (("cite", "s.yaml", "-o", "closed/c.txt"), "cannot write 'closed/c.txt': permission"),
        (("cite", "s.yaml", "-o", "c.txt"), "cannot write into the folder '.': permission denied"),
        (("run", "s.yaml", "--out", "out"), "cannot use 'out' as output folder: permission"),
        (("run", "s.yaml", "--save-draws", "d.csv"), "cannot write into the folder '.'"),
    ],
)
def test_what_one_has_no_right_to(arguments: tuple[str, ...], words: str, here: Path) -> None:
    (here / "closed").mkdir()
    for name in ("closed/s.yaml", "unreadable.yaml"):
        (here / name).write_text(SCENARIO, encoding="utf-8")
    for name, mode in {"closed": 0o000, "unreadable.yaml": 0o000, ".": 0o555}.items():
        (here / name).chmod(mode)
    try:
        found = done(arguments, preexec_fn=without_privileges if os.getuid() == 0 else None)
    finally:
        here.chmod(0o755)
        (here / "closed").chmod(0o755)
    assert found.returncode == 4, found.stderr
    assert words in found.stderr
    assert found.stdout == ""


# --- the answer comes first ---


def test_the_answer_is_printed_before_files_are_written(here: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    surroundings = {**environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    for line in (
        ("run", "s.yaml", "-q", "-n", "1k", "--out", "out"),
        ("run", "s.yaml", "-q", "-n", "1k", "--save-draws", "draws.csv"),
        ("compare", "s.yaml", "s.yaml", "-q", "-n", "1k", "--out", "out"),
        ("sweep", "s.yaml", "--set", "force.size=9000,12000", "-q", "-n", "1k", "--out", "out"),
        ("sensitivity", "s.yaml", "-q", "-n", "1k", "--out", "out"),
    ):
        found = done(line, env=surroundings, preexec_fn=small_files)
        assert found.returncode == 4, line
        assert found.stdout.strip(), line
        assert "file too large" in found.stderr, line
        assert not [path for path in here.rglob("*") if path.suffix in (".json", ".csv", ".tmp")]


def test_a_window_system_that_does_not_exist(here: Path) -> None:
    found = done(TABLES, env={**environment(), "MPLBACKEND": "nonsense"})
    assert (found.returncode, found.stderr) == (0, "")
    assert (here / "out" / "histogram.svg").is_file()


# --- signals ---


def started(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        **options,
    )


@pytest.mark.usefixtures("here")
def test_a_terminal_that_is_closed() -> None:
    process = started("run", "s.yaml", "-n", "1e9")
    time.sleep(2.5)
    process.send_signal(signal.SIGHUP)
    assert process.communicate(timeout=30) == ("", "terminated\n")
    assert process.returncode == 129


@pytest.mark.usefixtures("here")
def test_a_signal_ignored_by_whoever_started_it_is_ignored() -> None:
    process = started(
        *RUN[:-1],
        "64k",
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
    process = started("run", "s.yaml", "-n", "1e9", "--out", "out")
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
