"""Locales, terminals, homes and places of installation."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.process import PACKAGE, SCENARIO, TABLES, done, environment

SURROUNDINGS: Mapping[str, dict[str, str]] = {
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII streams": {"PYTHONIOENCODING": "ascii"},
    "German": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "NO_COLOR": {"NO_COLOR": "1", "FORCE_COLOR": ""},
    "dumb": {"TERM": "dumb"},
    "20 columns": {"COLUMNS": "20"},
}


@pytest.mark.parametrize("changes", SURROUNDINGS.values(), ids=SURROUNDINGS)
@pytest.mark.usefixtures("here")
def test_surroundings(changes: dict[str, str]) -> None:
    Path("s.yaml").write_text(SCENARIO.replace("T", "Größe 库", 1), encoding="utf-8")
    found = done(("run", "s.yaml", "-v", "-n", "1k"), env=environment() | changes)
    assert found.returncode == 0, found.stderr
    assert "2025" in found.stdout
    assert "\x1b" not in found.stdout + found.stderr
    assert re.search(r"at most \d+\.\d days", " ".join(found.stdout.split()))  # no decimal comma
    widths = {len(line) for line in found.stdout.splitlines()}
    assert max(widths) <= int(changes.get("COLUMNS", "100"))


def test_a_home_that_cannot_be_written(here: Path) -> None:
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
    found = done(TABLES, env=environment() | dict.fromkeys(names, "/proc"))
    assert found.returncode == 0
    assert "simulation interval" in found.stdout
    assert (here / "out" / "histogram.svg").is_file()


def test_installed_under_a_path_with_spaces_and_run_from_elsewhere(here: Path) -> None:
    place = here / "a place with spaces"
    shutil.copytree(PACKAGE, place / "simulate", ignore=shutil.ignore_patterns("__pycache__"))
    law = "{distribution: empirical, file: my data.csv, column: n}"
    text = SCENARIO.replace("{distribution: uniform, low: 3000, high: 4000}", law)
    (place / "my case.yaml").write_text(text, encoding="utf-8")
    (place / "my data.csv").write_text("n\n3000\n4000\n", encoding="utf-8")
    found = done(
        ("run", str(place / "my case.yaml"), "-q", "-n", "1k"),
        env=environment() | {"PYTHONPATH": str(place)},
    )
    assert found.returncode == 0, found.stderr
    assert "2025" in found.stdout
