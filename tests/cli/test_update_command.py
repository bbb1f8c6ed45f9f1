"""Later reports as evidence on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import simulate
from simulate.report.figures.style import UPDATED as UPDATED_COLOR
from simulate.report.text.wording import percent
from tests.cli.process import call
from tests.cli.process import done as process

CONFIGS = Path(__file__).parents[2] / "configs"
CASE = """\
title: A case
unit: soldiers
force: {size: 12000}
losses:
  count: {distribution: lognormal, p5: 3000, p95: 4000}
  start: 2024-12-06
  as_of: 2025-01-16
horizon: 2026-01-01
by: [2025-04-15]
published: [{label: ISW, date: 2025-04-15}]
observed:
  - {label: First, date: 2025-03-06, losses: 7500, source: A}
  - {label: Second, date: 2025-04-05, losses: 9000, source: A, qualifier: more_than}
"""
UPDATED = "Updated on two later reports: 12 April to 18 May 2025, median 29 April 2025"
NEWS = (
    "Weighed against two later reports, the whole force of 12,000 would be lost by about 29 April "
    "2025; nine simulations in ten fall between 12 April and 18 May. In {} of simulations it "
    "happens by 15 April 2025, the date ISW gave. Before these reports, at "
    "about 84 soldiers a day, it would have happened by about 27 April 2025."
)


@pytest.fixture
def case(tmp_path: Path) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    return str(file)


def marked(case: str) -> str:
    """The same file with its counts as evidence."""
    file = Path(case).with_name("marked.yaml")
    text = CASE.replace("source: A", "source: A, evidence: true")
    file.write_text(f"{text}evidence: {{source_bias: .15, common_bias: 0}}\n", encoding="utf-8")
    return str(file)


def test_both_results_are_shown(case: str) -> None:
    plain = call("run", case, "-n", "8192").stdout
    done = call("run", marked(case), "-n", "8192")
    shown = " ".join(done.stdout.split())
    assert " would be lost by about 27 April 2025; nine " in " ".join(plain.split())
    assert "Updated on later reports" not in plain
    assert "Weighed" not in plain
    assert NEWS.format("10 %") in shown
    assert "constant rate" not in shown
    assert UPDATED not in shown
    for words in (
        "report up to number before after First 2025-03-06 7,500 43.7 %",
        "Second 2025-04-05 more than 9,000 8.7 %",
        "is lost, updated lost P5 P25 P50 median P75 P95 ± days 100 % 2025-04-12",
    ):
        assert words in shown, words
    assert "2025-04-07" not in shown  # the dates before are in the sentence, and with -v
    assert "by 2025-04-15, ISW" not in shown  # the sentence says it
    assert "Counts published later" not in shown
    assert shown.count("2025-04-12") == 2  # in the table and below the histogram
    assert ", after two later reports; tallest" in shown
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_all_is_explained_on_request(case: str) -> None:
    shown = " ".join(call("run", marked(case), "-n", "8192", "-v").stdout.split())
    assert NEWS.format("10 %") in shown
    assert UPDATED in shown
    for words in (
        "100 % 2025-04-07 2025-04-18 ",
        "after 2025-04-12 ",
        "by 2025-04-15, ISW 17.8 % ",
        "First 2025-03-06 7,500 43.7 % ± 0.1",
        "Effective sample size 7,729 of 8,192 draws, at least 9",
        "5 % of its own, 15 % shared by reports of one source.",
        "A number after “more than” is taken as the number itself.",
    ):
        assert words in shown, words


def test_a_short_answer_of_an_update_fits_a_screen() -> None:
    lines = call("run", str(CONFIGS / "kursk-update.yaml")).stdout.splitlines()
    assert len(lines) <= 36
    then, table, chart = (
        next(k for k, line in enumerate(lines) if line.startswith(words))
        for words in ("Weighed against", "Share of", "Simulations per")
    )
    assert then < table < chart
    # Of the percentiles only one is a date, which the chart shows.
    assert not any(line.startswith("Date by") for line in lines)
    assert "P5 2025-10-03" in " ".join(lines)
    words = " killed or wounded by 1 January 2026 in 85 of 100 simulations; in 34 "
    assert words in " ".join(lines)


def test_update_takes_every_count(case: str) -> None:
    lines = call("run", case, "-n", "8192", "--update", "-q").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Whole force (100 %) lost: 7 April to 18 May 2025")
    assert lines[1].startswith("Updated on two later reports: ")


def test_json_has_the_update_beside_the_prior(case: str) -> None:
    plain, both = (
        json.loads(call("run", case, "-n", "8192", "--json", *more).stdout)
        for more in ([], ["--update"])
    )
    assert set(both) - set(plain) == {"update"}
    for key in set(plain) - {"scenario", "warnings"}:
        assert plain[key] == both[key], key
    update = both["update"]
    assert {"error", "source_bias", "common_bias", "effective_sample_size"} < set(update)
    assert [one["label"] for one in update["reports"]] == ["First", "Second"]
    assert [one["qualifier"] for one in update["reports"]] == ["", "more_than"]
    (before,), (after,) = both["outcomes"], update["outcomes"]
    assert set(before) == set(after)
    assert before["histogram"]["edges"] == after["histogram"]["edges"]
    assert "strength" not in update
    with_strength = json.loads(
        call("run", case, "-n", "4096", "--json", "--update", "--strength").stdout
    )
    assert with_strength["update"]["strength"]["dates"] == with_strength["strength"]["dates"]


def test_files_and_their_reproduction(case: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    call("run", case, "-n", "4096", "--update", "-q", "--out", out, "--picture", "svg")
    with (tmp_path / "out" / "updated.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["date"] for row in rows][2] == "2025-04-29"
    text = (tmp_path / "out" / "histogram.txt").read_text(encoding="utf-8")
    assert "Both are drawn, before and after later reports. Updated on two later reports" in text
    done = call("reproduce", out)
    assert "identical" in done.stdout
    call("reproduce", str(tmp_path / "out" / "result.json"), "--scenario", case)
    when = ", updated on later reports"
    for name, n in (("table", 1), ("intervals", 4)):
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))[1:]
        after = [line for line in lines if when in line[0]]
        assert len(after) == n
        assert lines[-n:] == after
        assert "2025-04-29" in after[0]
        named = {line[0] for line in lines}
        assert {line[0].replace(when, "") for line in after} < named


def test_the_citation_has_one_more_sentence(case: str) -> None:
    plain, both = (
        call("cite", case, "-n", "8192", *more).stdout.splitlines() for more in ([], ["--update"])
    )
    assert " In 18 % of simulations it happens by 15 April 2025, the date ISW gave." in plain[0]
    assert both[0] == NEWS.format("9 %")
    added = both[1].replace(plain[2].partition(" By the published")[0], "")
    assert added.startswith(" Updated on two later reports (First; Second): 12 April to")
    assert "effective sample size" in added
    after = simulate.run(case, draws=8192, update=True).updated
    assert after is not None
    by = after.outcome().by[0]
    shown = f"it happens in {percent(by.probability, by.mc_error)} of simulations."
    assert added.endswith(f" After the update, by the published date “ISW” (15 April 2025) {shown}")
    assert shown not in plain[2]
    narrow = call("cite", case, "-n", "8192", "--update", "--interval", "0.7").stdout
    assert narrow.count("70 % simulation interval") >= 2


def test_a_score_is_that_of_the_updated_dates(case: str, tmp_path: Path) -> None:
    scored = ("score", marked(case), "-n", "2048")
    done = call(*scored, "--happened", "2025-04-20")
    assert "Whole force (100 %) lost, updated on later reports" in done.stdout
    assert "the forecast is the one updated on later reports\n" in done.stderr
    kept = call(*scored, "--register", str(tmp_path / "forecasts.jsonl"))
    assert "the forecast is the one updated on later reports\n" in kept.stderr
    plain = call("score", case, "-n", "2048", "--happened", "2025-04-20")
    assert "updated" not in plain.stdout + plain.stderr


@pytest.mark.parametrize("kind", ["histogram", "cdf", "fan"])
def test_pictures_show_both(case: str, kind: str, tmp_path: Path) -> None:
    target = str(tmp_path / f"{kind}.svg")
    call("plot", case, "-n", "4096", "--update", "--kind", kind, "-o", target)
    assert UPDATED_COLOR.lower() in Path(target).read_text(encoding="utf-8")
    words = Path(target).with_suffix(".txt").read_text(encoding="utf-8")
    assert "after later reports" in words


def test_refusals(case: str) -> None:
    few = Path(case).with_name("few.yaml")
    few.write_text(CASE.replace("7500", "70"), encoding="utf-8")
    done = process(["run", str(few), "--update", "-n", "4096"])
    assert done.returncode == 5
    assert done.stdout == ""
    assert "few.yaml: the report “First” conflicts with the scenario" in done.stderr
    assert "hint: " in done.stderr
    none = Path(case).with_name("none.yaml")
    none.write_text(CASE.partition("observed:")[0], encoding="utf-8")
    done = process(["run", str(none), "--update", "-n", "4096"])
    assert done.returncode == 3
    assert "lists no counts" in done.stderr


def test_a_result_is_cited_without_another_update(case: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    call("run", case, "-n", "4096", "-q", "--out", out, "--picture", "svg")
    call("cite", out, "--update", code=2)
    call("cite", out)


def test_of_many_counts_a_page_shows_six(case: str) -> None:
    """The first three and the last three; all of them with -v."""
    rows = [f"2025-{2 + k // 28:02}-{1 + k % 28:02},{5000 + 90 * k}" for k in range(40)]
    file = Path(case).with_name("counts.csv")
    file.write_text("\n".join(["date,losses", *rows]) + "\n", encoding="utf-8")
    text = CASE.partition("observed:")[0] + "observed: {file: counts.csv, label: Daily}\n"
    many = Path(case).with_name("many.yaml")
    many.write_text(f"{text}evidence: {{error: .3}}\n", encoding="utf-8")
    for more in ([], ["--update"]):
        for verbose, n in ((False, 6), (True, 40)):
            args = [*more, *(["-v"] if verbose else [])]
            shown = call("run", str(many), "-n", "4096", *args).stdout
            part = shown.partition("Counts published later")[2] or shown.partition("report  ")[2]
            assert sum(f"Daily, {row[:10]}" in part for row in rows) == n
            assert ("34 more in between. In full: -v, or observed.csv." in part) != verbose
            assert f"Daily, {rows[0][:10]}" in part
            assert f"Daily, {rows[-1][:10]}" in part


def test_describe_and_check_know_it(case: str) -> None:
    shown = " ".join(call("describe", marked(case)).stdout.split())
    assert "Evidence: First; Second." in shown
    assert "error 0.05, source_bias 0.15, common_bias 0" in shown
    call("check", marked(case))
