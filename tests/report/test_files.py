import csv
import datetime as dt
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulate.errors import FileError
from simulate.report import folder as writer
from simulate.report.data.csv_table import csv_table
from simulate.report.data.run_files import prepare_run_directory, write_output
from simulate.report.folder import atomic_write
from tests.report import factory

TABLES = (
    *("result.json", "run.json", "quantiles.csv", "intervals.csv", "histogram.csv"),
    *("hubverse.csv", "table.csv"),
)


def table(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert b"\r" not in data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_all_files_of_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    written = write_output(factory.flagship(2048), folder, run_json={"seed": 0})
    names = {path.name for path in written}
    assert names == {path.name for path in folder.iterdir()}
    assert names == {
        *TABLES,
        *(f"histogram{end}.{kind}" for end in ("", "-30", "-50") for kind in ("svg", "png", "txt")),
    }
    assert json.loads((folder / "run.json").read_text()) == {"seed": 0}


def test_the_same_run_twice_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_output(factory.with_never(2048), tmp_path / name, run_json={}, formats=("svg",))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_tables_hold_the_numbers_of_the_summary(tmp_path: Path) -> None:
    summary = factory.with_never()
    write_output(summary, tmp_path, run_json={}, formats=())
    outcome = summary.outcomes[0]
    quantiles = table(tmp_path / "quantiles.csv")
    assert list(quantiles[0]) == ["threshold", "level", "date", "day", "mc_error_days", "missing"]
    assert float(quantiles[0]["day"]) == outcome.quantiles[0].at.day
    assert quantiles[0]["date"] == "2025-02-11"
    assert (quantiles[-1]["date"], quantiles[-1]["missing"]) == ("", "beyond_horizon")
    histogram = table(tmp_path / "histogram.csv")
    assert sum(float(row["probability"]) for row in histogram) == pytest.approx(
        outcome.depleted_probability
    )
    assert dt.date.fromisoformat(histogram[0]["start"]) == summary.origin
    intervals = table(tmp_path / "intervals.csv")
    assert list(intervals[0]) == ["label", "value", "lower", "upper"]
    assert intervals[4] == {
        "label": "100 % lost, 90 % equal-tailed",
        "value": "2025-06-18",
        "lower": "2025-02-11",
        "upper": "",
    }
    assert len({row["label"] for row in intervals}) == len(intervals)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("＝1+1", "'＝1+1"),
        ("＋x", "'＋x"),
        ("－x", "'－x"),
        ("＠x", "'＠x"),
        ("\t=x", "'=x"),
        ("\r\n-x", "'-x"),
        ("\x00@x", "'@x"),
        ('a "b", c', 'a "b", c'),
    ],
)
def test_cells_are_no_formulas_and_numbers_stay_numbers(text: str, cell: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_table(("a", "b"), [(text, -1.5)]).decode())))
    assert rows == [["a", "b"], [cell, "-1.5"]]


def test_nothing_is_overwritten_without_being_told_to(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("old")
    for attempt in (
        lambda: prepare_run_directory(tmp_path),
        lambda: write_output(factory.one_day(), tmp_path, run_json={}),
    ):
        with pytest.raises(FileError, match=r"result\.json' would be replaced.*--force"):
            attempt()
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    prepare_run_directory(tmp_path, force=True)
    write_output(factory.one_day(), tmp_path, run_json={}, force=True, formats=())
    assert json.loads((tmp_path / "result.json").read_text())["schema_version"] == 1


def test_files_of_others_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    prepare_run_directory(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_pictures_name_of_another_threshold_counts_too(tmp_path: Path) -> None:
    (tmp_path / "histogram-30.svg").write_text("old")
    with pytest.raises(FileError, match="histogram-30"):
        prepare_run_directory(tmp_path)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    for folder in (path, path / "below"):
        with pytest.raises(FileError, match="is a file, or lies in one"):
            prepare_run_directory(folder)
    assert path.read_text() == "mine"


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "result.json").mkdir()
    with pytest.raises(FileError, match="in the way"):
        prepare_run_directory(tmp_path, force=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileError, match=r"cannot write into the folder .*: read-only file system"):
        prepare_run_directory(tmp_path)


def test_paths_in_messages_are_inert(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31mb"
    path.write_text("")
    with pytest.raises(FileError) as caught:
        prepare_run_directory(path)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failure_leaves_the_old_files_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old = {name: f"old {name}" for name in TABLES}
    for name, text in old.items():
        (tmp_path / name).write_text(text)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        original = writer._write_synced

        def second_fails(path: Path, data: bytes) -> None:
            original(path, data[: len(data) // 2])
            if data.startswith(b"threshold,level"):
                full()

        monkeypatch.setattr(writer, "_write_synced", second_fails)
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FileError, match="no space left on device"):
        write_output(factory.one_day(), tmp_path, run_json={}, force=True, formats=())
    monkeypatch.undo()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == old


def test_an_interruption_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic_write(tmp_path / "file", b"new")
    assert not list(tmp_path.iterdir())


def test_atomic_write_replaces_and_honours_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "file"
    atomic_write(path, b"one")
    atomic_write(path, b"two")
    assert path.read_bytes() == b"two"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    with pytest.raises(FileError, match="no such file or directory"):
        atomic_write(tmp_path / "missing" / "file", b"")


def test_the_terminal_path_loads_no_plotting_library() -> None:
    code = (
        "import sys; from simulate.report.data import json_document, run_files; "
        "from simulate.report.text import citation; "
        "from simulate.report.pages import run; from simulate.report.render import terminal; "
        "slow = {'matplotlib', 'scipy', 'jinja2', 'numpy', 'pygments', 'markdown_it'}; "
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"
