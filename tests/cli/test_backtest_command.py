"""`simulate backtest` as a user calls it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.backtest import PIT_BINS, PROBABILITIES, longest_judged
from simulate.errors import FileError, ScenarioError
from simulate.report.figures.backtest import drawing
from simulate.report.text.backtest import finding
from tests.cli import process
from tests.cli.process import FLAGSHIP
from tests.report.layout import faults, texts

call = partial(process.call, "backtest")

METHODS = ["straight line", "counting noise", "reference", "reference, front", "reference, unit"]
SCENARIO = """\
title: A series
force: {size: 12000}
losses: {series: {file: losses.csv, count: tank, window: 30, as_of: 2023-01-01}}
"""


@pytest.fixture(autouse=True)
def series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three years of counts at a rate that wanders, in the current folder."""
    rng = np.random.default_rng(7)
    rate = 20 * np.exp(np.cumsum(rng.normal(0, 0.05, 1100)) * 0.5)
    totals = np.cumsum(rng.poisson(rate))
    days = (dt.date(2022, 3, 1) + dt.timedelta(k) for k in range(totals.size))
    rows = "".join(f"{day},{total}\n" for day, total in zip(days, totals, strict=True))
    file = tmp_path / "losses.csv"
    file.write_text(f"date,tank\n{rows}", encoding="utf-8")
    (tmp_path / "series.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


def found(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(call(*arguments, "--json").stdout)
    return answer


def test_json_has_a_coverage_for_each_method_and_days() -> None:
    answer = found("--series", "losses.csv")
    assert [each["days"] for each in answer["days"]] == [30, 90, 180]
    for each in answer["days"]:
        assert [method["method"] for method in each["methods"]] == METHODS
        for method in each["methods"]:
            assert [one["probability"] for one in method["coverage"]] == list(PROBABILITIES)
            assert len(method["pit"]) == PIT_BINS
            assert method["crps_ratio"] > 0
            for one in method["coverage"]:
                assert one["low"] is None or one["low"] <= one["covered"] <= one["high"]
    assert answer["window"] == 41
    assert found("--series", "losses.csv", "--window", "60")["window"] == 60


def test_a_scenario_has_its_own_window_and_all_of_its_series() -> None:
    own = found("series.yaml", "--days", "60")
    assert (own["title"], own["window"], own["file"]) == ("A series", 30, "losses.csv")
    alone = found("--series", "losses.csv", "--window", "30", "--days", "60")
    assert own["days"] == alone["days"]
    assert found("series.yaml", "--set", "losses.series.window=41")["window"] == 41


def test_the_rate_of_the_scenario_is_a_method_where_it_can_be(tmp_path: Path) -> None:
    law = "{distribution: lognormal, mu: 0, sigma: 0.4}"
    file = tmp_path / "own.yaml"
    file.write_text(f"{SCENARIO}rate: {{multiplier: {law}, notes: N}}\n", encoding="utf-8")
    methods = found("own.yaml", "--days", "60")["days"][0]["methods"]
    assert [method["method"] for method in methods] == ["this scenario", *METHODS]
    page = call("own.yaml", "--days", "60").stdout
    assert "this scenario: the rate of the window, changed as the scenario’s" in page
    assert "% as this scenario makes them, " in page.replace("\n", " ")
    file.write_text(f"{SCENARIO}rate: {{strength_exponent: 1}}\n", encoding="utf-8")
    page = call("own.yaml", "--days", "60").stdout
    assert "this scenario:" not in page
    assert "rate block cannot be tested" in page
    file.write_text(f"{SCENARIO}rate: {{multiplier: 0}}\n", encoding="utf-8")
    own = found("own.yaml", "--days", "60")["days"][0]["methods"][0]
    assert own["width_days"] is None
    assert " open " in call("own.yaml", "--days", "60").stdout


@pytest.mark.parametrize(
    ("rate", "method", "made"),
    [
        ("", "counting noise", "that take the rate as constant"),
        (
            "rate: {multiplier: {distribution: lognormal, mu: 0, sigma: 0.4}}\n",
            "this scenario",
            "made this way",
        ),
    ],
)
def test_a_citation_with_the_track_record(
    rate: str, method: str, made: str, tmp_path: Path
) -> None:
    """As many days ahead as the median of the run is."""
    text = SCENARIO.replace("12000", "800")
    (tmp_path / "own.yaml").write_text(text + rate, encoding="utf-8")
    result = simulate.run("own.yaml", draws=1024)
    median = result.quantile(0.5).date
    assert median is not None
    ahead = (median - dt.date(2023, 1, 1)).days
    record = simulate.backtest("own.yaml", days=[ahead]).record(ahead)
    share = record.of(method).at(0.9)
    plain, sentence = (
        process.call("cite", "own.yaml", "-n", "1k", *more).stdout
        for more in ((), ("--track-record",))
    )
    said = (
        f"Of {record.origins} past outcomes in the series, {ahead} days ahead, 90 % intervals "
        f"{made} held {100 * share.covered:.0f} % "
        f"({100 * share.low:.0f}-{100 * share.high:.0f})."
    )
    assert said in sentence
    assert "past outcomes" not in plain
    with pytest.raises(
        ScenarioError, match=r"to test on\n.*in the scenario, as .* does; what other series"
    ):
        process.call("cite", FLAGSHIP, "-n", "1k", "--track-record")


def test_a_date_further_ahead_than_the_series_can_judge() -> None:
    median = simulate.run("series.yaml", draws=1024).quantile(0.5).date
    assert median is not None
    wanted = (median - dt.date(2023, 1, 1)).days
    counts = simulate.load("series.yaml").scenario.losses.series
    assert counts is not None
    most = longest_judged(counts.counts, counts.window, wanted)
    assert most is not None
    assert most < wanted
    assert simulate.backtest("series.yaml", days=[most]).record(most).is_enough
    with pytest.raises(ScenarioError, match="too few for a back-test"):
        simulate.backtest("series.yaml", days=[wanted])
    sentence = process.call("cite", "series.yaml", "-n", "1k", "--track-record").stdout
    said = f", {most} days ahead (as many as it can judge; the median is {wanted:,} days ahead)"
    assert said in sentence
    near = process.call("cite", "series.yaml", "-n", "1k", "--track-record", "--days", "30").stdout
    assert "past outcomes in the series, 30 days ahead, 90 % intervals" in near
    assert "the median is" not in near
    far = simulate.run("series.yaml", draws=1024).cite(track_record=2000)
    assert f"{most} days ahead (as many as it can judge; the question was 2,000 days ahead)" in far
    assert "--days goes with" in process.call("cite", FLAGSHIP, "--days", "9", code=2).output


def test_a_short_series_has_a_citation_all_the_same(series: Path) -> None:
    rows = series.read_text(encoding="utf-8").splitlines()
    series.write_text("\n".join([rows[0], *rows[300:360]]), encoding="utf-8")
    as_of = rows[359].partition(",")[0]
    given = ("series.yaml", "-n", "1k", "--set", f"losses.series.as_of={as_of}")
    said = process.call("cite", *given, "--track-record").stdout
    assert "The series is too short to show how such intervals have fared." in said
    assert "\nNote: " in said


def test_the_page_and_the_result_lines() -> None:
    page = call("--series", "losses.csv", "--days", "30,200").stdout
    lines = call("--series", "losses.csv", "--days", "30,200", "-q").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("30 days ahead: of ")
    assert lines[1].startswith("200 days ahead: too few past cases to judge")
    assert max(map(len, page.splitlines())) <= 80
    assert "\n\n30 days ahead\n" in page
    flat = " ".join(page.split())
    assert all(line in flat for line in lines)
    assert "Each case needs 2 x 30 days of later counts." in flat
    row = next(line for line in page.splitlines() if line.startswith("200  "))
    assert "about " in row
    ahead = call("--series", "losses.csv", "--days", "300").stdout
    assert "Fewer than 5 independent cases are too few to judge." in " ".join(ahead.split())


def test_the_days_nearest_to_the_median_come_first(tmp_path: Path) -> None:
    """Of those with enough cases; 90 without a scenario."""
    text = SCENARIO.replace("window: 30", "window: 10")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    first = [line for line in call("own.yaml", "--days", "5,30,90").stdout.splitlines() if line][1]
    assert first.startswith("90 days ahead: of ")
    soon = ("own.yaml", "--days", "5,30,90", "--set", "force.size=120")
    median = simulate.run("own.yaml", set="force.size=120", draws=1024).quantile(0.5).date
    assert median is not None
    assert (median - dt.date(2023, 1, 1)).days < 15
    page = call(*soon).stdout.splitlines()
    assert [line for line in page if line][1].startswith("5 days ahead: of ")
    how = page.index("How to read it: a good 90 % interval holds about 90 of 100 past outcomes.")
    assert page[how + 1].startswith("method ")
    assert sum(line.startswith("straight line ") for line in page) == 1
    alone = call("--series", "losses.csv", "--days", "30,85,95").stdout.splitlines()
    assert [line for line in alone if line][1].startswith("85 days ahead: of ")


def test_a_row_that_equals_another_is_shown_once(tmp_path: Path) -> None:
    """The scenario's own method, where it is one of the others."""
    file = tmp_path / "own.yaml"
    file.write_text(f"{SCENARIO}rate: {{reference: {{series: true}}}}\n", encoding="utf-8")
    page = call("own.yaml", "--days", "60").stdout
    rows = [line.split("  ")[0] for line in page.splitlines()]
    assert "reference, as this" in rows
    assert not {"reference", "this scenario"} & {*rows}
    assert [each["method"] for each in found("own.yaml", "--days", "60")["days"][0]["methods"]] == [
        "this scenario",
        *METHODS,
    ]


def test_a_report_has_it_where_the_series_is_long_enough(series: Path, tmp_path: Path) -> None:
    def written() -> str:
        process.call("report", "series.yaml", "-n", "1k", "-o", "r.md", "--force")
        return (tmp_path / "r.md").read_text(encoding="utf-8")

    headline = "## How such intervals have fared"
    page = written()
    assert headline in page
    assert "90 days ahead: 1" in page
    series.write_text("date,tank\n2022-03-01,5\n2022-12-31,500\n2023-01-02,600\n", encoding="utf-8")
    assert headline not in written()


def test_files(tmp_path: Path) -> None:
    call("--series", "losses.csv", "-q", "--days", "30,900", "--out", "out", "--picture", "svg")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"backtest.{kind}" for kind in ("csv", "json", "svg", "txt")] + ["index.html"]
    with (tmp_path / "out" / "backtest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(METHODS) * len(PROBABILITIES)
    written = json.loads((tmp_path / "out" / "backtest.json").read_text(encoding="utf-8"))
    (record,) = written["days"]
    covered = record["methods"][2]["coverage"][8]
    row = next(r for r in rows if (r["method"], r["probability"]) == ("reference", "0.9"))
    assert float(row["covered"]) == covered["covered"]
    assert float(row["low"]) == covered["low"]
    assert written["too_long"] == [900]
    with pytest.raises(FileError, match="force=True"):
        call("--series", "losses.csv", "-q", "--out", "out")


def test_the_same_numbers_in_python(series: Path) -> None:
    result = simulate.backtest(series=series, days=[90, 30, 30])
    assert result.to_dict()["days"] == found("--series", "losses.csv", "--days", "30,90")["days"]
    assert result.record(90).days == 90
    assert "30 days ahead" in result._repr_html_()
    assert len(result.plot().axes) == 4
    with pytest.raises(ValueError, match="31 days ahead were not tested; 30, 90 were"):
        result.record(31)
    with pytest.raises(TypeError):
        simulate.backtest("series.yaml", series=series)
    with pytest.raises(TypeError):
        simulate.backtest()
    with pytest.raises(ValueError, match="window must be a whole number from 1 up"):
        simulate.backtest("series.yaml", window=0)


def test_the_title_of_the_picture_is_about_the_main_days_ahead(series: Path) -> None:
    found = simulate.backtest(series=series, days=[30, 90]).backtest
    far, near = (replace(found, wanted=wanted) for wanted in (90, 30))
    assert finding(far).endswith("90 days ahead")
    assert finding(near).endswith("30 days ahead")
    figure = drawing(far).draw("web")
    assert "Counting noise: the rate stays as it was" in " ".join(texts(figure))
    assert not faults(figure)


def test_each_half_of_the_picture_is_described_alone(series: Path) -> None:
    result = simulate.backtest(series=series, days=[30, 90])
    coverage, levels = (result.picture(kind).alt for kind in ("coverage", "pit"))
    both = result.main_picture().alt
    assert "intervals held" in coverage
    assert "each tenth" not in coverage
    assert "intervals held" not in levels
    assert levels.count("each tenth") == 2
    assert "forecast, 30 days ahead, earliest first" in levels
    assert "intervals held" in both
    assert "each tenth of the reference forecast, earliest first" in both


def test_corrections_are_a_warning(series: Path) -> None:
    text = series.read_text(encoding="utf-8").splitlines()
    date, count = text[500].split(",")
    text[500] = f"{date},{int(count) - 300}"
    series.write_text("\n".join(text), encoding="utf-8")
    (warning,) = found("--series", "losses.csv")["warnings"]
    assert warning.startswith("the count in losses.csv falls once, by ")


def test_rows_without_a_count_are_a_warning(series: Path) -> None:
    text = series.read_text(encoding="utf-8").splitlines()
    text[500] = text[500].partition(",")[0] + ","
    series.write_text("\n".join(text), encoding="utf-8")
    (warning,) = found("--series", "losses.csv")["warnings"]
    assert warning == "1 row of losses.csv without a count is skipped"
    assert found("series.yaml")["warnings"] == [warning]


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"to test on\n.*README, “How much to believe it”"):
        call(FLAGSHIP)
    with pytest.raises(ScenarioError, match="spans 1099 days, too few for a back-test"):
        call("--series", "losses.csv", "--days", "2000")
    with pytest.raises(FileError, match=r"did you mean losses\.csv"):
        call("--series", "loses.csv")
    (tmp_path / "bad.csv").write_text("date,n\n2022-03-01,5\n2022-03-02,x\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"bad\.csv line 3: count must be a number"):
        call("--series", "bad.csv")
    assert "either a scenario FILE or a CSV" in call(code=2).output
    assert "either a scenario FILE or a CSV" in call(FLAGSHIP, "--series", "x", code=2).output
    assert "such as 30,90" in call("--series", "losses.csv", "--days", "30;90", code=2).output
    assert "there is none" in call("--series", "x.csv", "--set", "a=1", code=2).output
    kept = tmp_path / "out" / "backtest.csv"
    kept.parent.mkdir()
    (tmp_path / "losses.csv").rename(kept)
    refused = call("--series", str(kept), "--out", "out", "--force", code=2)
    assert "--out would replace" in refused.output


def test_the_scenario_that_help_and_refusal_name_has_a_series() -> None:
    named = "configs/tanks-reference-2024.yaml"
    assert f"simulate backtest {named}" in call("--help").stdout
    with pytest.raises(
        ScenarioError, match=f"write losses.series in the scenario, as {named} does"
    ):
        call(FLAGSHIP, code=3)
    scenario = simulate.load(Path(FLAGSHIP).with_name(Path(named).name)).scenario
    assert scenario.losses.series is not None


def test_columns_are_named(series: Path, tmp_path: Path) -> None:
    text = series.read_text(encoding="utf-8").splitlines()
    rows = [f"{k},{row}" for k, row in enumerate(text[1:])]
    wide = tmp_path / "wide.csv"
    wide.write_text("\n".join(["number,date,tank", *rows]), encoding="utf-8")
    named = found("--series", "wide.csv", "--columns", "date, tank", "--days", "60")
    assert named["days"] == found("--series", "losses.csv", "--days", "60")["days"]
    with pytest.raises(ScenarioError, match=r'no column "tanks"\n  hint: its columns are number'):
        call("--series", "wide.csv", "--columns", "date,tanks")
    with pytest.raises(ScenarioError, match=r"columns takes two names \(found 1\)"):
        call("--series", "wide.csv", "--columns", "tank")
    refused = call("series.yaml", "--columns", "date,tank", code=2).output
    assert "--columns goes with --series" in refused
    with pytest.raises(TypeError, match="columns goes with series"):
        simulate.backtest("series.yaml", columns=["date", "tank"])


def test_a_csv_file_as_scenario(tmp_path: Path) -> None:
    named = tmp_path / "all losses.csv"
    (tmp_path / "losses.csv").rename(named)
    refused = call("all losses.csv", code=2).output
    assert "for counts: --series 'all losses.csv'" in " ".join(refused.split())


def test_a_table_of_pandas_is_a_series(series: Path) -> None:
    table = pd.read_csv(series, parse_dates=["date"])
    expected = simulate.backtest(series=series, days=[60])
    indexed = table.set_index("date")
    for given in (table, indexed, indexed["tank"]):
        result = simulate.backtest(series=given, days=[60])
        assert result.backtest.records == expected.backtest.records
    assert result.backtest.title == "Back-test of a table"
    table.loc[4, "tank"] = -1
    with pytest.raises(ScenarioError, match="the table line 6: a cumulative count is below 0"):
        simulate.backtest(series=table)
