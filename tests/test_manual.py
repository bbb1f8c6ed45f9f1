"""The manual as a reader uses it: pages that agree with the program, links, a way to walk."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import simulate
from simulate.cli import cli
from simulate.report.text import rate
from simulate.report.text.headline import alt_text
from tests import pages

ROOT = pages.ROOT

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
_PATH = re.compile(r"<!-- from clone to citation -->\n```bash\n(.*?)```", re.DOTALL)
_CITATION = re.compile(r"<!-- its citation -->\n```text\n(.*?)```", re.DOTALL)


def test_the_gallery_shows_what_runs_give() -> None:
    text = pages.GALLERY.read_text(encoding="utf-8")
    assert pages.renewed(text) == text


def test_the_gallery_has_every_scenario() -> None:
    text = pages.GALLERY.read_text(encoding="utf-8")
    for file in (ROOT / "configs").glob("*.yaml"):
        assert f"\n## {file.name}\n\n<!-- scenario: {file.name} -->\n" in text
    notices = re.findall(r"\*\*What to notice\.\*\*.*?(?=\n\n|\Z)", text, re.DOTALL)
    assert len(notices) == len(list((ROOT / "configs").glob("*.yaml")))
    for notice in notices:  # a number there would be compared with nothing
        assert not re.search(r"\d", re.sub(r"`[^`]*`", "", notice)), notice


@pytest.mark.parametrize("page", pages.MANUAL, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = _LINK.findall(text)
    assert found
    for name, anchor in found:
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), name
        if anchor:
            assert anchor[1:] in anchors(target), f"{name}{anchor}"


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_picture_is_that_of_the_run() -> None:
    """By its description: the bytes differ between versions of Matplotlib."""
    summary = pages.result_of(ROOT / "configs" / "kursk-isw.yaml").summary
    described = ET.parse(pages.PICTURE).find("{http://www.w3.org/2000/svg}desc")  # noqa: S314
    assert described is not None
    assert described.text == alt_text(summary)
    now = ET.fromstring(pages.picture())  # noqa: S314
    assert now.get("viewBox") == ET.parse(pages.PICTURE).getroot().get("viewBox")  # noqa: S314


def test_from_clone_to_a_cited_sentence(tmp_path: Path) -> None:
    """The block of the README, literally, in a copy of the project, with its answers as a file.

    One line is replaced, `pip install .`, by a link to the environment that runs this test: it
    would fetch some hundred megabytes, and `.ci/run` does it with the README's other commands.
    """
    text = pages.README.read_text(encoding="utf-8")
    block = _PATH.search(text)
    cited = _CITATION.search(text)
    assert block
    assert cited
    assert len(block[1].splitlines()) <= 5
    assert block[1].count("\n.venv/bin/pip install .\n") == 1
    copy = tmp_path / "clone"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
    shutil.copytree(ROOT, copy, ignore=left_out)
    program = f'#!/bin/sh\nPYTHONPATH="{copy}" exec "{sys.executable}" -m simulate "$@"\n'
    (tmp_path / "simulate").write_text(program, encoding="utf-8")
    (tmp_path / "simulate").chmod(0o755)
    linked = f"\ncp '{tmp_path}/simulate' .venv/bin/simulate\n"
    done = subprocess.run(
        [
            "/bin/bash",
            "-euo",
            "pipefail",
            "-c",
            block[1].replace("\n.venv/bin/pip install .\n", linked),
        ],
        check=False,
        capture_output=True,
        cwd=copy,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"},
        input=pages.answers(text),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert f"\n\n{cited[1]}\n" in done.stdout


def _rows(head: str) -> list[list[str]]:
    """The cells of the README's table with this first cell, without its rule."""
    table = pages.README.read_text(encoding="utf-8").partition(f"| {head} |")[2]
    lines = f"| {head} |{table}".partition("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if set(row[0]) != {"-"}]


def test_the_track_record_shown_is_that_of_the_program() -> None:
    rows = _rows("90 % interval, share of the days to the median")
    widths, _, held = (row[1:] for row in rows)
    shown = [[float(cell.strip(" %")) / 100 for cell in row] for row in (widths, held)]
    assert list(zip(*shown, strict=True)) == list(rate._HELD)


def test_the_functions_shown_are_all_there_are() -> None:
    names = [name for row in _rows("function")[1:] for name in re.findall(r"`(\w+)`", row[0])]
    functions = {name for name in simulate.__all__ if inspect.isfunction(getattr(simulate, name))}
    assert sorted(names) == sorted(functions)
    for row in _rows("function")[1:]:
        for name in re.findall(r"`(\w+)`", row[1]):
            assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_the_answers_shown_are_a_file_of_answers(tmp_path: Path) -> None:
    shown = pages.answers(pages.README.read_text(encoding="utf-8"))
    claim = tmp_path / "claim.yaml"
    found = CliRunner().invoke(cli, ["init", "--interactive", str(claim)], input=shown)
    assert found.exit_code == 0, found.output
    assert pages.dialogue(found.stderr) == shown
    title = simulate.load(claim).scenario.title
    assert title == "North Korean contingent in Kursk, the count of Western officials"
