"""What `run` prints by default: little, the sentence first, and doubts before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulate.scenario.loader import load
from tests.cli.process import call

CONFIGS = sorted(Path("configs").glob("*.yaml"))
PLAIN = [file for file in CONFIGS if not load(file).scenario.observed]
FLAGSHIP = Path("configs/kursk-isw.yaml")
CLAIM = """\
title: T
force: {size: 12000}
losses:
  start: 2024-09-01
  claims:
    - {source: A, count: {distribution: uniform, low: 3500, high: 4500}, as_of: 2024-10-15}
    - {source: B, count: {distribution: uniform, low: LOW, high: HIGH}, as_of: 2024-10-15}
"""


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("file", PLAIN, ids=lambda file: file.stem)
def test_an_answer_is_short(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = call("run", str(file)).stdout.splitlines()
    assert len(lines) <= (30 if file == FLAGSHIP else 33)
    assert all(len(line) <= 80 for line in lines)


def test_the_sentence_comes_first_and_the_rest_with_v() -> None:
    page = call("run", str(FLAGSHIP), "-n", "4096").stdout
    answer = page.split("\n\n")[1]
    assert answer.startswith("At about 130 soldiers a day, the pace reported for 6 December 2024")
    assert page.index("Date by which") < page.index("Share of draws per")
    assert "by 15 April 2025 (ISW: mid-April 2025): 96." in page
    assert "2025-04-15" not in page  # once is enough
    more = call("run", str(FLAGSHIP), "-n", "4096", "-v").stdout
    for part in (
        "Simulation intervals",
        "restricted mean",
        "To cite",
        "Note: 90 %",
        "On what date",
    ):
        assert part in more
        assert part not in page


def test_dates_in_separate_clusters_are_doubtful(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CLAIM.replace("LOW", "700").replace("HIGH", "800"), encoding="utf-8")
    page = flat(call("run", str(file), "-n", "8192").stdout)
    assert page.startswith("T Doubtful - two separate clusters of dates, 2024-12-")
    assert page.count("50 % of draws") == 2
    # The control: the same two claims close to each other, and each of them alone.
    file.write_text(CLAIM.replace("LOW", "3000").replace("HIGH", "3600"), encoding="utf-8")
    assert "clusters" not in call("run", str(file), "-n", "8192", "-q").stderr


@pytest.mark.parametrize(("low", "doubtful"), [(50, True), (200, False)])
def test_a_default_horizon_that_hides_the_answer_is_named_first(
    low: int, *, doubtful: bool, tmp_path: Path
) -> None:
    """Fewer than 41 * 12,000 / 1,867 = 263.5 are not enough: 10.9 % and 3.5 % of the draws."""
    file = tmp_path / "case.yaml"
    law = f"{{distribution: uniform, low: {low}, high: 2000}}"
    dates = "start: 2024-12-06, as_of: 2025-01-16"
    file.write_text(f"title: T\nforce: {{size: 12000}}\nlosses: {{count: {law}, {dates}}}\n")
    page = flat(call("run", str(file), "-n", "8192").stdout)
    words = "- horizon: 2030-01-16 is the default, 5 years after the count; set horizon: for later"
    assert page.startswith(f"T Doubtful {words}") is doubtful
    assert words in page
    quiet = call("run", str(file), "-n", "8192", "-q")
    assert f"warning: {words[2:]}" in quiet.stderr
    assert quiet.stdout.count("\n") == 1
