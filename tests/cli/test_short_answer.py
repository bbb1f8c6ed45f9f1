"""What `run` prints by default: little, the sentence first, and doubts before it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from simulate.analysis.values import DateHistogram
from simulate.analysis.warnings import _of_clusters
from simulate.errors import ScenarioError
from tests.cli.process import NIS, POINT, call
from tests.texts import undrawn

CONFIGS = sorted(Path("configs").glob("*.yaml"))
PLAIN = [file for file in CONFIGS if file.stem not in ("kursk-campaign", "kursk-update")]
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
    lines = call("run", str(file), "-n", "8192").stdout.splitlines()
    assert len(lines) <= 30
    assert all(len(line) <= 80 for line in lines)


def test_the_sentence_comes_first_and_the_rest_with_v() -> None:
    page = call("run", str(FLAGSHIP), "-n", "4096").stdout
    answer = page.split("\n\n")[1]
    assert answer.startswith("At about 130 soldiers a day, the pace reported for 6 December 2024")
    assert page.index("Date by which") < page.index("Simulations per")
    assert " it happens by 15 April 2025, the date ISW gave as “mid-April 2025”." in flat(answer)
    assert page.count("ISW") == 1  # once is enough
    more = call("run", str(FLAGSHIP), "-n", "4096", "-v").stdout
    for part in (
        "by 15 April 2025 (ISW: mid-April 2025): 96.",
        "Simulation intervals",
        "restricted mean",
        "To cite",
        "Note: 90 %",
        "On what date",
    ):
        assert part in more
        assert part not in page


def test_a_certain_date_is_printed_once() -> None:
    page = flat(call("run", POINT, "-n", "1024").stdout)
    assert page.count("14 April 2025") == 2  # in the sentence, and beside the other thresholds
    assert "30 % lost on 13 January 2025, 50 % lost on 8 February 2025, 100 % lost on 14" in page
    for absent in ("Simulations per", "P5", "nine simulations", "interval", "2025-04-14"):
        assert absent not in page
    assert "Simulation intervals" not in call("run", POINT, "-n", "1024", "-v").stdout


def test_points_that_every_draw_had_passed_are_shown_with_v(tmp_path: Path) -> None:
    file, count = tmp_path / "case.yaml", "{distribution: uniform, low: 5000, high: 7000}"
    law = f"losses: {{count: {count}, start: 2024-12-06, as_of: 2025-01-05}}"
    file.write_text(f"title: T\nforce: {{size: 12000}}\n{law}\nthresholds: [0.3, 0.5, 1]\n")
    page, more = (call("run", str(file), "-n", "1024", *v).stdout for v in ((), ("-v",)))
    rows = (line.split(" %")[0] for line in page.splitlines() if line.count("  20") == 5)
    assert [*rows] == ["50", "100"]
    assert "\n30 %   2024" in more
    assert "already passed" not in page
    assert "already passed when the losses were counted: 100 %" in more
    early = call("run", str(file), "-n", "1024", "--set", "horizon=2025-01-06").stdout
    assert "\n30 %   2024" in early  # nothing else has a date


def test_dates_in_separate_clusters_are_doubtful(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CLAIM.replace("LOW", "700").replace("HIGH", "800"), encoding="utf-8")
    page = flat(call("run", str(file), "-n", "8192").stdout)
    assert "Doubtful" not in page  # the sentence has both
    assert " Warning: two separate clusters of dates, 2024-12-" in page
    assert page.count("% of simulations)") == 2
    assert (
        "At about 91 units a day, based on figures from A, the whole force of 12,000 would be lost "
        "by about 11 January 2025; at about " in page
    )
    assert "falls in a gap" not in page
    assert "falls in a gap" in flat(call("run", str(file), "-n", "8192", "-v").stdout)
    # The controls: a long tail, and the same two claims close to each other.
    tail = "losses.count={distribution: lognormal, p5: 500, p95: 8000}"
    options = ("--set", tail, "--set", "horizon=2120-01-01", "-n", "1000", "--method", "random")
    assert "clusters" not in call("run", POINT, *options, "-q").stderr
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
    words = "horizon: 2030-01-16 is the default, 5 years after the count; set horizon: for later"
    assert page.startswith(f"T Doubtful - {words}") is doubtful
    assert words in page
    quiet = call("run", str(file), "-n", "8192", "-q")
    assert f"warning: {words}" in quiet.stderr
    assert quiet.stdout.count("\n") == 1


def test_no_later_horizon_is_advised_where_losses_die_out(tmp_path: Path) -> None:
    """300 in 41 days, falling by 5 % a week, add up to about 1,300 in all."""
    file = tmp_path / "case.yaml"
    losses = "losses: {count: 300, start: 2024-12-06, as_of: 2025-01-16}"
    for trend, advised in (("-0.05", False), ("-0.0005", True)):
        rate = f"rate: {{trend_per_week: {trend}}}"
        file.write_text(f"title: T\nforce: {{size: 20000}}\n{losses}\n{rate}\n")
        page = flat(call("run", str(file), "-n", "1024").stdout)
        assert ("set horizon: for later dates" in page) is advised
        assert ("where the simulation ends by default" in page) is advised
        assert "would not be lost by 16 January 2030" in page


# --- files and batches ---

FEW = ("-n", "1024")


@pytest.mark.usefixtures("undrawn_pages")
def test_what_is_written_is_said_in_one_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = call("run", NIS, *FEW, "--out", str(out)).stderr
    files = "citation.txt, index.html, result.json, run.json, 5 tables and 1 picture"
    assert said == f"wrote {files} to {out}\n"
    options = ("--pictures", "none", "--force")
    assert "5 tables to" in call("run", NIS, *FEW, "--out", str(out), *options).stderr
    assert not [path for path in out.iterdir() if path.suffix in (".svg", ".png")]
    assert not call("run", NIS, *FEW, "-q", "--out", str(out), *options).stderr
    assert not call("run", NIS, *FEW, "-q").stderr
    certain = call("run", POINT, *FEW, "--out", str(out), "--force").stderr
    assert "6 tables and 1 picture to" in certain
    assert "no histogram: every simulation gives 14 April 2025; the strength by date is" in certain


@pytest.mark.usefixtures("undrawn_pages")
def test_a_batch_goes_on_after_an_invalid_file(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.yaml", tmp_path / "out"
    bad.write_text("title: T\n", encoding="utf-8")
    ran = call("run", POINT, str(bad), NIS, *FEW, "--out", str(out), code=3)
    assert flat(ran.stdout).startswith(f"{POINT}: North Korean contingent in Kursk, the published")
    assert f" {NIS}: North Korean contingent" in flat(ran.stdout)
    assert "bad.yaml" in ran.stderr.splitlines()[0]
    assert ran.stderr.endswith(f"left out: {bad}\n")
    assert {path.name for path in out.iterdir()} == {
        *("kursk-isw-point", "kursk-nis", "quantiles.csv")
    }
    with (out / "quantiles.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {row["result"]: row["date"] for row in rows if row["threshold"] == "1.0"}
    assert list(found) == ["kursk-isw-point", "kursk-nis"]
    assert found["kursk-isw-point"] == "2025-04-14"
    lines = call("run", POINT, NIS, *FEW, "-q").stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [POINT, NIS]
    assert len(json.loads(call("run", POINT, str(bad), *FEW, "--json", code=3).stdout)) == 1
    with pytest.raises(ScenarioError):
        call("run", str(bad))
    none = tmp_path / "none.yaml"
    gone = call("run", POINT, str(none), *FEW, code=4)
    assert gone.stderr.endswith(f"left out: {none}\n")
    with pytest.raises(ScenarioError, match=r"force is required[\s\S]*cannot read"):
        call("check", str(none), str(bad))


def test_the_claims_of_a_batch_have_a_row_each(tmp_path: Path) -> None:
    each = ("--set", "losses.pooling=each", "--pictures", "none", "-n", "64")
    files = [tmp_path / name for name in ("one.yaml", "two.yaml")]
    for file in files:
        file.write_text(CLAIM.replace("LOW", "700").replace("HIGH", "800"), encoding="utf-8")
    with undrawn():
        call("run", *map(str, files), *each, "-q", "--out", str(tmp_path / "out"))
    with (tmp_path / "out" / "quantiles.csv").open(encoding="utf-8") as table:
        names = list(dict.fromkeys(row["result"] for row in csv.DictReader(table)))
    assert names == [f"{name}/claim-{n}" for name in ("one", "two") for n in (1, 2)]


def test_the_page_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def launch(url: str) -> int:
        shown.append(url)
        return 0

    monkeypatch.setattr("click.launch", launch)
    said = call("run", POINT, *FEW, "-q", "--open").stderr
    assert said.endswith(f"\nthe page is {shown[0]}\n") or said == f"the page is {shown[0]}\n"
    call("run", POINT, *FEW, "-q", "--open", "--out", str(tmp_path / "out"))
    assert shown[1] == str(tmp_path / "out" / "index.html")
    assert Path(shown[0]).read_bytes() == Path(shown[1]).read_bytes()
    Path(shown[0]).unlink()
    Path(shown[0]).parent.rmdir()
    assert "one file" in call("run", POINT, NIS, "--open", code=2).stderr


def clusters(*mass: float) -> str:
    edges = tuple(dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(len(mass) + 1))
    return _of_clusters(DateHistogram(edges, mass))


def test_clusters_have_draws_on_both_sides() -> None:
    found = "two separate clusters of dates, 2025-01-01 (50 % of simulations) and 2025-01-03"
    assert clusters(0.5, 0.0, 0.3).startswith(found)
    # A few draws before or after the rest are no cluster, nor is a short gap.
    for mass in ((0.03, 0.48, 0.49), (0.49, 0.48, 0.03), (1.0,), (0.0, 0.0), ()):
        assert not clusters(*mass)
    assert not clusters(*(0.05,) * 9, 0.0, *(0.05,) * 9)
    assert clusters(*(0.05,) * 9, *(0.0,) * 4, *(0.05,) * 9)
