"""`simulate plot`: what it writes, and what it refuses before anything is sampled."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

import simulate
from simulate.errors import FileError, ScenarioError
from tests.cli import process
from tests.cli.process import FLAGSHIP, LEDGER, NIS, POINT

call = partial(process.call, "plot", "-n", "1024")


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def nothing_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    def sampled(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("simulate.engine.workers.Workers.each", sampled)


@pytest.mark.parametrize("kind", ["histogram", "fan", "tornado"])
def test_each_kind_for_print(kind: str, tmp_path: Path) -> None:
    done = call(FLAGSHIP, "--kind", kind, "--preset", "print", "--out", str(tmp_path))
    names = {f"{kind}-{width}.{end}" for width in ("3.5in", "7in") for end in ("pdf", "svg", "txt")}
    assert written(tmp_path) == names
    assert {Path(line.removeprefix("wrote ")).name for line in done.stdout.splitlines()} == names


def test_the_back_test_of_a_series(tmp_path: Path) -> None:
    file = "configs/tanks-reference-2024.yaml"
    found = simulate.backtest(file)
    titles = {"coverage": "Outcomes held", "pit": "Share of outcomes"}
    for kind, title in titles.items():
        call(file, "--kind", kind, "--out", str(tmp_path))
        axes = found.picture(kind).draw("web").axes
        assert len(axes) == 3
        assert axes[0].get_title(loc="left") == title
    assert written(tmp_path) == {f"{kind}.{end}" for kind in titles for end in ("svg", "txt")}


def test_files_of_one_comparison(tmp_path: Path) -> None:
    options = ("--kind", "compare", "--threshold", "0.3", "--out", str(tmp_path))
    call(FLAGSHIP, NIS, *options)
    assert written(tmp_path) == {"compare-30.svg", "compare-30.txt"}
    assert "30 % of the force lost" in (tmp_path / "compare-30.txt").read_text(encoding="utf-8")


def test_claims_by_themselves_are_drawn_on_one_axis(tmp_path: Path) -> None:
    each = (LEDGER, "--set", "losses.pooling=each", "--out", str(tmp_path), "-n", "1024")
    call(*each)
    assert written(tmp_path) == {"histogram.svg", "histogram.txt"}
    alt = next(tmp_path.glob("*.txt")).read_text(encoding="utf-8")
    assert [f"claim {n}: " in alt for n in range(1, 8)] == [True] * 6 + [False]
    assert "room for 2 claims, not 6" in call(*each, "--preset", "social", code=2).stderr


@pytest.mark.parametrize("kind", ["cdf", "compare"])
def test_a_card_has_its_size(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    files = (FLAGSHIP, NIS) if kind == "compare" else (FLAGSHIP,)
    call(*files, "--kind", kind, "--preset", "social", "-o", str(file))
    alt = (tmp_path / "card.txt").read_text(encoding="utf-8").rstrip("\n")
    with Image.open(file) as image:
        assert image.size == (1200, 675)
        assert image.info["Description"] == alt


def test_the_folder_one_is_in_is_where_pictures_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call(FLAGSHIP)
    assert written(tmp_path) == {"histogram.svg", "histogram.txt"}


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        call(FLAGSHIP, "--kind", "dotplot", "-o", str(tmp_path / name))
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.usefixtures("nothing_sampled")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((FLAGSHIP, "--kind", "pie"), "'pie' is not one of"),
        ((FLAGSHIP, "--preset", "poster"), "'poster' is not one of"),
        ((FLAGSHIP, "--kind", "compare"), "two files or more"),
        ((FLAGSHIP, NIS), "takes one file"),
        ((FLAGSHIP, "--kind", "fan", "--threshold", "0.3"), "shows all of them"),
        ((*3 * (FLAGSHIP,), "--kind", "compare", "--preset", "social"), "room for 2 files"),
        ((FLAGSHIP, "--threshold", "30"), "is not a share above 0 up to 1; write 0.3"),
        ((FLAGSHIP, "--preset", "print", "-o", "a.pdf"), "several files"),
        ((FLAGSHIP, "--out", "a", "-o", "a.svg"), "give one of them"),
    ],
)
def test_what_the_command_line_refuses(arguments: tuple[str, ...], said: str) -> None:
    assert said in call(*arguments, code=2).stderr


@pytest.mark.usefixtures("nothing_sampled")
def test_files_that_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old.svg").write_text("old")
    (tmp_path / "told.txt").write_text("old")
    (tmp_path / "cdf.svg").write_text("old")
    (tmp_path / "folder.svg").mkdir()
    for arguments, said in (
        (("-o", "picture.gif"), "must end in .svg, .png or .pdf"),
        (("--preset", "social", "-o", "picture.svg"), "must end in .png"),
        (("-o", str(tmp_path / "old.svg")), "already exists"),
        (("-o", str(tmp_path / "told.svg")), "already exists"),
        (("-o", str(tmp_path / "folder.svg"), "--force"), "is a folder"),
        (("-o", str(tmp_path / "no" / "such.svg")), "cannot write"),
        (("--kind", "cdf", "--out", str(tmp_path)), "already exist"),
        (("--out", str(tmp_path / "old.svg")), "it is a file"),
    ):
        with pytest.raises(FileError, match=said):
            call(FLAGSHIP, *arguments)
    assert (tmp_path / "old.svg").read_text() == "old"


def test_files_are_replaced_when_that_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "old.svg"
    file.write_text("old")
    call(FLAGSHIP, "-o", str(file), "--force")
    assert file.read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
@pytest.mark.usefixtures("nothing_sampled")
def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="cannot write"):
        call(FLAGSHIP, "--out", str(tmp_path))


@pytest.mark.usefixtures("nothing_sampled")
def test_a_tornado_without_a_bar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no input is uncertain"):
        call(POINT, "--kind", "tornado", "--out", str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_tornado_of_one_input(tmp_path: Path) -> None:
    options = ("--kind", "tornado", "--set", "force.size={distribution: uniform, low: 9000, ")
    options = (*options[:-1], f"{options[-1]}high: 12000}}")
    call(POINT, *options, "--out", str(tmp_path))
    assert "size of the force" in (tmp_path / "tornado.txt").read_text(encoding="utf-8")


def test_what_python_gives_is_what_the_command_writes(tmp_path: Path) -> None:
    from simulate.report.figures.files import figure_bytes

    call(FLAGSHIP, "--kind", "cdf", "-o", str(tmp_path / "cdf.svg"))
    result = simulate.run(simulate.load(FLAGSHIP), draws=1024)
    expected = figure_bytes(result.plot(kind="cdf").figure, "svg", result.picture("cdf").alt)
    assert (tmp_path / "cdf.svg").read_bytes() == expected


def test_a_card_of_a_single_date_is_a_fan(tmp_path: Path) -> None:
    call(POINT, "--preset", "social", "--out", str(tmp_path))
    description = next(tmp_path.glob("*.txt")).read_text(encoding="utf-8")
    assert description.startswith("Bands over time")
