"""What the package may load before it is needed: start-up is a feature."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLAGSHIP = "configs/kursk-isw.yaml"
CAMPAIGN = "configs/kursk-campaign.yaml"
LEDGER = "configs/kursk-claims.yaml"

HEAVY = {
    "asyncio",
    "click",
    "concurrent.futures",
    "jinja2",
    "matplotlib",
    "multiprocessing",
    "numpy",
    "numpy.random",
    "pandas",
    "pydantic",
    "ruamel.yaml",
    "scipy",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.special",
    "scipy.stats",
    "simulate.analysis.comparison",
    "simulate.analysis.claims",
    "simulate.analysis.sweep",
    "simulate.engine.paired",
    "simulate.report.text.variables",
    "simulate.scenario.distributions.metalog",
    "simulate.scenario.variations",
    "simulate.api.compare",
}
LOADING = {"numpy", "pydantic", "ruamel.yaml"}
RUNNING = LOADING | {"numpy.random"}

ALLOWED: dict[str, set[str]] = {
    "import simulate": set(),
    "from simulate import load, run, Scenario": LOADING | {"numpy.random"},
    f"import simulate; simulate.load({FLAGSHIP!r})": LOADING,
    f"import simulate; simulate.run(simulate.load({FLAGSHIP!r}))": RUNNING,
    "import simulate.cli": {"click"},
}


def loaded_by(*arguments: str) -> set[str]:
    """Heavy modules that a fresh interpreter imports, from its own log."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    names = {
        line.rpartition("|")[2].strip()
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    return names & HEAVY


@pytest.mark.parametrize("code", ALLOWED)
def test_modules_loaded_by_python_code(code: str) -> None:
    assert loaded_by("-c", code) <= ALLOWED[code]


def test_modules_loaded_by_help() -> None:
    assert loaded_by("-m", "simulate", "--help") <= {"click"}


@pytest.mark.parametrize("file", [FLAGSHIP, CAMPAIGN])
def test_modules_loaded_by_a_run(file: str) -> None:
    """No scipy for the common families, no matplotlib without a picture."""
    assert loaded_by("-m", "simulate", "run", file, "--draws", "1024") <= RUNNING | {"click"}


def test_strength_over_time_loads_no_plotting_library() -> None:
    assert loaded_by("-m", "simulate", "run", FLAGSHIP, "--strength") <= RUNNING | {"click"}


def test_only_a_ledger_loads_what_a_ledger_needs() -> None:
    found = loaded_by("-m", "simulate", "run", LEDGER, "--draws", "1024")
    assert "simulate.analysis.claims" in found
    assert not {"matplotlib", "scipy.stats"} & found


def test_the_log_shows_what_is_loaded() -> None:
    assert loaded_by("-c", "import scipy.stats") >= {
        "numpy",
        "scipy",
        "scipy.stats",
        "scipy.special",
    }
    assert "scipy.stats" in loaded_by(
        "-m", "simulate", "run", FLAGSHIP, "--method", "sobol", "--draws", "1024"
    )
