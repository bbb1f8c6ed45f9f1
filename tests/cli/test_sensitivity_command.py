"""`simulate sensitivity` as a user calls it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from simulate.errors import FileError, LimitError
from tests.cli import process
from tests.cli.process import CONFIGS, FLAGSHIP, POINT

call = partial(process.call, "sensitivity")


def test_the_page_and_the_result_line() -> None:
    page = call(FLAGSHIP, "-n", "2k").stdout
    line = call(FLAGSHIP, "-n", "2k", "-q").stdout
    assert line.count("\n") == 1
    assert line.startswith("What matters most is the day the count was made: ")
    assert " ".join(line.split()) in " ".join(page.split())
    assert len(call(FLAGSHIP, "-n", "2k", "-v").stdout) > len(page)


def test_json_is_one_text() -> None:
    found = json.loads(call(FLAGSHIP, "-n", "2k", "--seed", "3", "--json").stdout)
    assert found["run"]["draws"] == 2048
    assert found["run"]["seed"] == 3
    assert [t["threshold"] for t in found["thresholds"]] == [0.3, 0.5, 1.0]
    changed = call(FLAGSHIP, "-n", "2k", "--json", "--set", "force.size=12000").stdout
    names = {item["name"] for item in json.loads(changed)["thresholds"][0]["inputs"]}
    assert "force.size" not in names


@pytest.mark.usefixtures("undrawn_pages")
def test_files_are_asked_for_before_anything_is_sampled(tmp_path: Path) -> None:
    folder = str(tmp_path / "out")
    call(FLAGSHIP, "-n", "1k", "-q", "--out", folder)
    assert len(list((tmp_path / "out").iterdir())) == 6
    with pytest.raises(FileError, match="force=True"):
        call(FLAGSHIP, "-n", "1k", "-q", "--out", folder)
    call(FLAGSHIP, "-n", "1k", "-q", "--out", folder, "--force")


def test_nothing_uncertain_is_an_answer() -> None:
    page = call(POINT).stdout
    assert "No input is uncertain: every simulation gives the same date." in page


def test_what_is_refused() -> None:
    with pytest.raises(LimitError, match="beyond the limit"):
        call(FLAGSHIP, "-n", "9M")
    with pytest.raises(FileError):
        call(str(CONFIGS / "nowhere.yaml"))
    assert "No such option" in call(FLAGSHIP, "--by", "2025-01-01", code=2).output
    assert "Missing argument" in call(code=2).output
