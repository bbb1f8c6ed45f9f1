"""Files that are written: kept apart from others, after the answer, and only where one may."""

from __future__ import annotations

import ctypes
import os
import resource
from pathlib import Path

import pytest

from tests.cli.process import (
    RUN,
    SCENARIO,
    TABLES,
    done,
    environment,
)

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
    # Nobody waits for so many draws: it is refused before sampling.
    found = done((*arguments, "--force", *(() if "out/" in name else ("-n", "1e8"))))
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
    assert done(("cite", "s.yaml", "-n", "1024", "-o", "sentence.txt")).returncode == 4
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
        ("run", "s.yaml", "-q", "-n", "1024", "--out", "out"),
        ("run", "s.yaml", "-q", "-n", "1024", "--save-draws", "draws.csv"),
        ("compare", "s.yaml", "s.yaml", "-q", "-n", "1024", "--out", "out"),
        ("sweep", "s.yaml", "--set", "force.size=9000,12000", "-q", "-n", "1024", "--out", "out"),
        ("sensitivity", "s.yaml", "-q", "-n", "1024", "--out", "out"),
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
