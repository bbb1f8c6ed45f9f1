import contextlib
import csv
import datetime as dt
import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from msgspec.structs import replace

from simulate.analysis.summary import Summary
from simulate.errors import FileError
from simulate.report import folder as writer
from simulate.report.data.files import Table
from simulate.report.data.run_files import FILE_NAMES, run_files
from simulate.report.data.run_files import TABLES as MADE
from simulate.report.folder import prepare_directory, write_bundle, write_new
from tests.report import factory

TABLES = (
    *("result.json", "run.json", "quantiles.csv", "intervals.csv", "histogram.csv"),
    *("hubverse.csv", "table.csv"),
)


def table(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert b"\r" not in data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def write(
    summary: Summary, folder: Path, formats: Sequence[str] = (), *, force: bool = False
) -> tuple[Path, ...]:
    return write_bundle(
        folder, run_files(summary, {"seed": 0}, formats), FILE_NAMES.fullmatch, force=force
    )


def test_all_files_of_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    written = write(factory.flagship(2048), folder, ("svg", "png"))
    names = {path.name for path in written}
    assert names == {path.name for path in folder.iterdir()}
    assert names == {
        *TABLES,
        *(f"histogram{end}.{kind}" for end in ("", "-30", "-50") for kind in ("svg", "png", "txt")),
    }
    assert json.loads((folder / "run.json").read_text()) == {"seed": 0}


def test_the_same_run_twice_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(factory.with_never(2048), tmp_path / name, ("svg",))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_tables_hold_the_numbers_of_the_summary(tmp_path: Path) -> None:
    summary = factory.with_never()
    write(summary, tmp_path)
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
    rows = list(csv.reader(io.StringIO(Table(("a", "b"), [(text, -1.5)]).csv().decode())))
    assert rows == [["a", "b"], [cell, "-1.5"]]


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("old")
    for attempt in (
        lambda: prepare_directory(tmp_path, FILE_NAMES.fullmatch, force=False),
        lambda: write(factory.one_day(), tmp_path),
    ):
        with pytest.raises(FileError, match=r"result\.json' already exists; .*force=True"):
            attempt()
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    prepare_directory(tmp_path, FILE_NAMES.fullmatch, force=True)
    write(factory.one_day(), tmp_path, force=True)
    assert json.loads((tmp_path / "result.json").read_text())["schema_version"] == 1


OTHERS = ("notes.txt", "histogram-old.svg", "histogram-30-7in.pdf", "cdf.yaml", "page.html")


def test_files_of_others_do_not_matter(tmp_path: Path) -> None:
    for name in OTHERS:
        (tmp_path / name).write_text("mine")
    prepare_directory(tmp_path, FILE_NAMES.fullmatch, force=False)
    assert {path.name for path in tmp_path.iterdir()} == set(OTHERS)


def test_a_folder_never_mixes_the_files_of_two_runs(tmp_path: Path) -> None:
    for name in OTHERS:
        (tmp_path / name).write_text("mine")
    first = write(factory.with_claims(), tmp_path, ("svg",))
    second = write(factory.one_day(), tmp_path, ("png",), force=True)
    gone = {path.name for path in first} - {path.name for path in second}
    assert {"claims.csv", "leave_one_out.csv", "histogram.svg"} <= gone
    assert {path.name for path in tmp_path.iterdir()} == {*OTHERS, *(path.name for path in second)}
    assert all((tmp_path / name).read_text() == "mine" for name in OTHERS)


def test_a_file_that_cannot_be_removed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(factory.flagship(64), tmp_path, ("svg",))
    original = Path.unlink

    def kept(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "histogram.svg":
            raise PermissionError(errno.EACCES, "Permission denied")
        original(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", kept)
    with pytest.raises(FileError, match=r"cannot remove .*histogram\.svg': permission denied"):
        write(factory.flagship(64), tmp_path, force=True)


@pytest.mark.parametrize("threshold", [1e-9, 1 / 3, 0.07, 0.125, 1.0])
def test_all_pictures_of_a_run_are_ours(threshold: float) -> None:
    whole = factory.flagship(64)
    *_, main = whole.outcomes
    other = replace(main, threshold=threshold)
    contents = run_files(replace(whole, outcomes=(other, main)), {}, ("svg",))
    assert sum(name.startswith("histogram") for name in contents) in (3, 5)
    assert all(map(FILE_NAMES.fullmatch, contents))


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_every_row_is_as_long_as_its_header(make: Callable[[], Summary]) -> None:
    for table_of in MADE.values():
        if (found := table_of(make())) is not None:
            assert {len(row) for row in found.rows} <= {len(found.header)}


def test_a_pictures_name_of_another_threshold_counts_too(tmp_path: Path) -> None:
    (tmp_path / "histogram-30.svg").write_text("old")
    with pytest.raises(FileError, match="histogram-30"):
        prepare_directory(tmp_path, FILE_NAMES.fullmatch, force=False)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    for folder in (path, path / "below"):
        with pytest.raises(FileError, match="is a file, or lies in one"):
            prepare_directory(folder, FILE_NAMES.fullmatch, force=False)
    assert path.read_text() == "mine"


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "result.json").mkdir()
    with pytest.raises(FileError, match="in the way"):
        prepare_directory(tmp_path, FILE_NAMES.fullmatch, force=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError, match=r"cannot write into the folder .*: read-only file system"):
        prepare_directory(tmp_path, FILE_NAMES.fullmatch, force=False)


def test_paths_in_messages_are_inert(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31mb"
    path.write_text("")
    with pytest.raises(FileError) as caught:
        prepare_directory(path, FILE_NAMES.fullmatch, force=False)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failure_leaves_the_old_files_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old = {name: f"old {name}" for name in (*TABLES, "cdf.svg")}
    for name, text in old.items():
        (tmp_path / name).write_text(text)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        original = writer._synced

        @contextlib.contextmanager
        def second_fails(path: Path) -> Iterator[BinaryIO]:
            with original(path) as file:
                yield file
            if path.read_bytes().startswith(b"threshold,level"):
                os.truncate(path, path.stat().st_size // 2)
                full()

        monkeypatch.setattr(writer, "_synced", second_fails)
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FileError, match="no space left on device"):
        write(factory.one_day(), tmp_path, force=True)
    monkeypatch.undo()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == old


def test_an_interruption_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_new(tmp_path / "file", b"new", force=False)
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced_and_honours_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_new(path, b"one", force=False)
    write_new(path, b"two", force=True)
    assert path.read_bytes() == b"two"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    with pytest.raises(FileError, match="there is no folder"):
        write_new(tmp_path / "missing" / "file", b"", force=True)


def test_the_terminal_path_loads_no_plotting_library() -> None:
    code = (
        "import sys; from simulate.report.data import json_document, run_files; "
        "from simulate.report.text import citation; "
        "from simulate.report.pages import run; from simulate.report.render import terminal; "
        "slow = {'matplotlib', 'scipy', 'jinja2', 'pygments', 'markdown_it'}; "
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"
