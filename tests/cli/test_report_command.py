"""`simulate report` as a user calls it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

import simulate
from simulate.analysis.effects import Estimate
from simulate.errors import FileError
from tests.cli import process
from tests.cli.process import FLAGSHIP, POINT
from tests.report.pages import Reader

call = partial(process.call, "report")


def test_the_page_is_named_after_the_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = call(FLAGSHIP, "-n", "1k")
    assert found.stdout == ""
    assert "wrote kursk-isw.html" in found.stderr
    first = (tmp_path / "kursk-isw.html").read_bytes()
    with pytest.raises(FileError, match="force=True"):
        call(FLAGSHIP, "-n", "1k")
    call(FLAGSHIP, "-n", "1k", "--force")
    assert (tmp_path / "kursk-isw.html").read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["kursk-isw.html"]


def test_the_command_on_the_page_writes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ("-n", "1k", "--seed", "7", "--by", "2025-03-01", "--level", "0.9")
    text = call(FLAGSHIP, *options, "--set", "force.size=12000", "-o", "-").stdout
    words = Reader(text).words
    assert (
        "simulate report kursk-isw.yaml -n 1000 --seed 7 --method lattice "
        "--set force.size=12000 --by 2025-03-01 --level 0.9 -o kursk-isw.html"
    ) in words
    call(FLAGSHIP, *options, "--method", "lattice", "--set", "force.size=12000")
    assert (tmp_path / "kursk-isw.html").read_text(encoding="utf-8") == text


def test_markdown(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    call(FLAGSHIP, "-n", "1k", "-o", str(target))
    text = target.read_text(encoding="utf-8")
    assert text.startswith("# North Korean contingent in Kursk")
    assert "*Picture, in words:* Histogram" in text
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings[0] == "The answer"
    assert headings[-1] == "To repeat"


def test_what_cannot_be_written_is_refused_before_anything_is_sampled(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"\.html or \.md"):
        call("missing.yaml", "-o", str(tmp_path / "page.pdf"))
    with pytest.raises(FileError, match="cannot write"):
        call(FLAGSHIP, "-n", "1e8", "-o", str(tmp_path / "nowhere" / "page.html"))


def test_a_precision_not_reached_is_said_and_told_by_the_exit_code(tmp_path: Path) -> None:
    target = str(tmp_path / "page.html")
    found = call(FLAGSHIP, "-n", "2k", "--precision", "0.001", "-o", target, code=6)
    assert "not reached" in found.stderr
    assert "--precision 0.001" in Path(target).read_text(encoding="utf-8")


def test_from_python(tmp_path: Path) -> None:
    result = simulate.run(simulate.load(FLAGSHIP), draws=1024)
    simulate.write_report(result, tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(FileError, match="force=True"):
        simulate.write_report(result, tmp_path / "a.html")
    simulate.write_report(result, tmp_path / "a.html", force=True)
    with pytest.raises(FileError, match=r"\.html or \.md"):
        simulate.write_report(result, tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("rate", "way"),
    [
        ("{reference: {class: unit}}", "follows a random path of the rate."),
        ("{drift: {sd: 0.3, correlation_days: 20}}", "is simulated day by day."),
        ("{trend_per_week: 0.01}", "is solved exactly."),
    ],
)
def test_how_a_draw_is_made(rate: str, way: str, tmp_path: Path) -> None:
    text = Path(POINT).read_text(encoding="utf-8")
    (tmp_path / "s.yaml").write_text(f"{text}rate: {rate}\n", encoding="utf-8")
    target = tmp_path / "r.md"
    call(str(tmp_path / "s.yaml"), "-n", "1k", "-o", str(target))
    assert f"each draw {way}" in target.read_text(encoding="utf-8")


def test_shares_are_exact_from_few_draws(tmp_path: Path) -> None:
    """Within a class of the count a lattice of so few points covers the size unevenly."""
    of = {
        "title": "T",
        "force": {"size": {"distribution": "triangular", "low": 3100, "mode": 4000, "high": 4500}},
        "losses": {
            "count": {"distribution": "uniform", "low": 1850, "high": 1980},
            "start": "2025-09-01",
            "as_of": "2026-10-19",
        },
    }

    def first(**options: Any) -> Estimate:
        effects = simulate.sensitivity(of, **options).effects()
        found = next(one.first_order for one in effects.ranked if one.name == "losses.count")
        assert found is not None
        return found

    truth = first()
    page = tmp_path / "page.md"
    simulate.write_report(of, page)
    *_, row = (line for line in page.read_text("utf-8").splitlines() if "(losses.count) |" in line)
    share, error = (float(part.strip(" %")) for part in row.split("|")[3].split("±"))
    assert error <= 1
    assert share == pytest.approx(100 * truth.value, abs=error + 0.1)
    lattice = first(draws=8192, method="lattice")
    assert lattice.mc_error > 5 * error / 100
