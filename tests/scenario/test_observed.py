"""Counts published later: data to compare with, no input."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import jsonschema
import pytest

from simulate.errors import ScenarioError
from simulate.scenario.json_schema import json_schema
from simulate.scenario.loader import LoadedScenario, load, load_mapping
from simulate.scenario.observed import MOST_OBSERVED
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.yaml_source import parse

BASE = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: uniform, low: 3000, high: 4000}
  start: 2024-12-06
  as_of: 2025-01-16
horizon: 2026-01-01
"""
RANGE = "{distribution: uniform, low: 4700, high: 5000}"


def read(*counts: tuple[str, str], more: str = "") -> LoadedScenario:
    items = ", ".join(f"{{label: A, date: {date}, losses: {losses}}}" for date, losses in counts)
    return load_mapping(parse(f"{BASE}{more}observed: [{items}]\n", "f").tree)


def test_it_is_no_input_and_does_not_move_the_origin() -> None:
    plain, asked = read(), read(("2025-04-30", RANGE), ("2025-02-01", "4000"))
    assert asked.scenario.inputs == plain.scenario.inputs
    assert asked.scenario.uncertain == plain.scenario.uncertain
    assert asked.scenario.origin == plain.scenario.origin
    assert not any("observed" in item.name for item in asked.scenario.inputs)
    assert [item.losses.is_constant for item in asked.scenario.observed] == [False, True]


def test_it_belongs_to_the_digest_as_a_published_date_does() -> None:
    asked = read(("2025-04-30", RANGE))
    assert asked.digest != read().digest
    assert asked.resolved["observed"] == [
        {
            "label": "A",
            "date": "2025-04-30",
            "losses": {"distribution": "uniform", "low": 4700.0, "high": 5000.0},
        }
    ]
    assert load_mapping(asked.resolved).digest == asked.digest


def test_it_cannot_be_correlated_with() -> None:
    pair = "correlations: [{inputs: [losses.count, 'observed[0].losses'], rank: 0.5}]\n"
    with pytest.raises(ScenarioError, match="is not an uncertain input"):
        read(("2025-04-30", RANGE), more=pair)


@pytest.mark.parametrize("date", ["2024-12-06", "2026-01-01"])
def test_the_first_and_the_last_possible_date(date: str) -> None:
    assert read((date, "10")).scenario.observed[0].date.isoformat() == date


@pytest.mark.parametrize(
    ("date", "losses", "words"),
    [
        ("2024-12-05", "10", "2024-12-05 is before losses.start in every simulation"),
        ("2026-01-02", "10", "2026-01-02 is after the horizon, 2026-01-01"),
        ("2025-02-01", "-1", r"observed\[0\].losses must be at least 0 \(found -1\)"),
        ("2025-02-01", "{distribution: normal, mean: 9, sd: 9}", "at least 0 in every simulation"),
    ],
)
def test_contradictions(date: str, losses: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        read((date, losses))


def test_losses_may_begin_with_a_prelude() -> None:
    prelude = "prelude: {start: 2024-11-05, intensity: 0.1}\n"
    assert read(("2024-11-05", "10"), more=prelude).scenario.observed
    with pytest.raises(ScenarioError, match=r"before prelude\.start"):
        read(("2024-11-04", "10"), more=prelude)


def test_the_schema_knows_it() -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    start = f"{BASE}observed: [{{label: A, date: 2025-04-30, losses: "
    for written, valid in ((RANGE, True), ("4700", True), ("2025-04-30", False), ("x", False)):
        tree = parse(f"{start}{written}}}]\n", "f").tree
        assert validator.is_valid(tree) is valid, written
    assert not validator.is_valid(parse(f"{BASE}observed: [{{label: A}}]\n", "f").tree)
    assert "published later" in json_schema()["properties"]["observed"]["description"]


# --- from a file ---

LATER = "day,n\n2025-01-16,3800\n2025-02-16,4400\n2025-03-16,5000\n2026-02-01,9000\n"


def read_file(folder: Path, table: str, observed: str, more: str = "") -> LoadedScenario:
    (folder / "later.csv").write_text(table, encoding="utf-8")
    text = f"{BASE}{more}observed: {observed}\n"
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load(folder / "case.yaml")


def counts(loaded: LoadedScenario) -> list[tuple[str, str, float]]:
    return [
        (item.label, item.date.isoformat(), float(item.losses.ppf(0.5)))
        for item in loaded.scenario.observed
    ]


def test_rows_after_the_count_and_up_to_the_horizon(tmp_path: Path) -> None:
    found = read_file(tmp_path, LATER, "{file: later.csv, label: NIS, source: A, url: https://b}")
    assert counts(found) == [
        ("NIS, 2025-02-16", "2025-02-16", 4400.0),
        ("NIS, 2025-03-16", "2025-03-16", 5000.0),
    ]
    assert {(item.source, item.url) for item in found.scenario.observed} == {("A", "https://b")}
    again = load_mapping(found.resolved)  # without the file
    assert again.scenario == found.scenario
    assert again.digest == found.digest
    assert list(found.data_digests) == ["later.csv"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (LATER, "1 row of later.csv after the horizon, 2026-01-01, is not compared"),
        (LATER.replace("2026-02-01", "2025-04-01"), ""),
        (
            LATER.replace("4400", "").replace("2026-02", ",\n2025-12"),
            "2 rows of later.csv without a count are skipped",
        ),
    ],
)
def test_what_is_skipped_in_a_file(tmp_path: Path, table: str, said: str) -> None:
    """Rows up to the count of the scenario itself are no part of it."""
    found = read_file(tmp_path, table, "{file: later.csv}")
    assert possible_warnings(found.scenario) == ((f"observed: {said}",) if said else ())
    again = load_mapping(found.resolved)
    assert possible_warnings(again.scenario) == possible_warnings(found.scenario)
    assert again.digest == found.digest


def test_rows_that_are_skipped_change_no_digest(tmp_path: Path) -> None:
    empty, filled = LATER.replace("4400", ""), LATER.replace("2025-02-16,4400\n", "")
    digests = {read_file(tmp_path, table, "{file: later.csv}").digest for table in (empty, filled)}
    assert len(digests) == 1


def test_files_among_other_entries(tmp_path: Path) -> None:
    one = "{label: UK, date: 2025-06-15, losses: 6000}"
    table = "n;total;day\n1;4400,5;2025-02-16\n"
    keys = "{file: later.csv, date: day, losses: total}"
    found = read_file(tmp_path, table, f"[{one}, {keys}, {one}]")
    assert [item[0] for item in counts(found)] == ["UK", "later, 2025-02-16", "UK"]
    assert counts(found)[1][2] == 4400.5


def test_the_latest_of_several_claims_counts(tmp_path: Path) -> None:
    claims = "[{count: 9, as_of: 2025-01-01}, {count: 9, as_of: 2025-02-16}]"
    text = f"title: T\nforce: {{size: 99}}\nlosses: {{start: 2024-12-06, claims: {claims}}}\n"
    (tmp_path / "later.csv").write_text(LATER, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(f"{text}observed: {{file: later.csv}}\n", encoding="utf-8")
    dates = [item[1] for item in counts(load(tmp_path / "case.yaml"))]
    assert dates == ["2025-03-16", "2026-02-01"]


def test_a_file_that_begins_before_the_losses(tmp_path: Path) -> None:
    """What it counts up to then is subtracted: 1,000 and a fifth of 500."""
    table = "day,n\n2024-12-04,1000\n2024-12-14,1500\n2025-02-16,4400\n2025-02-20,4300\n"
    found = read_file(tmp_path, table, "{file: later.csv}")
    # A correction is compared as it was published.
    assert [item[2] for item in counts(found)] == [3300.0, 3200.0]
    assert counts(found)[0][0] == "later, 2025-02-16, less the count of 2024-12-06"
    prelude = "prelude: {start: 2024-12-04, intensity: 0.1}\n"
    found = read_file(tmp_path, table, "{file: later.csv}", prelude)
    assert [item[2] for item in counts(found)] == [3400.0, 3300.0]


def test_the_file_of_the_series_itself(tmp_path: Path) -> None:
    """The simulated losses at a constant rate are the reported ones, if these rise evenly."""
    days = [dt.date(2024, 11, 1) + dt.timedelta(k) for k in range(0, 200, 5)]
    table = "day,n\n" + "".join(f"{day},{700 + 90 * k}\n" for k, day in enumerate(days))
    (tmp_path / "later.csv").write_text(table, encoding="utf-8")
    series = "{file: later.csv, window: 40, as_of: 2025-01-15}"
    text = f"title: T\nforce: {{size: 12000}}\nlosses: {{series: {series}}}\n"
    (tmp_path / "case.yaml").write_text(f"{text}observed: {{file: later.csv}}\n", encoding="utf-8")
    loaded = load(tmp_path / "case.yaml")
    start = dt.date(2024, 12, 6)
    found = counts(loaded)
    assert len(found) == sum(day > dt.date(2025, 1, 15) for day in days)
    for _, date, losses in found:
        assert losses == (dt.date.fromisoformat(date) - start).days / 5 * 90


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2025-02-10", 50.0), ("2025-01-21", 100.0), ("2024-12-22", 175.0)]
)
def test_a_stock_counts_from_its_day(tmp_path: Path, as_of: str, expected: float) -> None:
    """Of 250 in the file, those up to the day of the stock are not in what is left of it."""
    table = "day,n\n2024-11-12,25\n2024-12-22,75\n2025-01-01,100\n2025-02-10,200\n2025-03-02,250\n"
    (tmp_path / "later.csv").write_text(table, encoding="utf-8")
    text = f"title: T\nforce: {{size: 1000, as_of: {as_of}}}\nobserved: {{file: later.csv}}\n"
    series = "losses: {series: {file: later.csv, window: 40, as_of: 2025-02-10}}\n"
    (tmp_path / "case.yaml").write_text(f"{text}{series}", encoding="utf-8")
    (found,) = counts(load(tmp_path / "case.yaml"))
    assert found == (f"later, 2025-03-02, less the count of {as_of}", "2025-03-02", expected)


def test_counts_before_the_stock(tmp_path: Path) -> None:
    """Rows between the count and the stock are not compared; a date in a file is refused."""
    stock = "force: {size: 9000, as_of: 2025-02-20}"
    text = BASE.replace("force: {size: 12000}", stock)
    (tmp_path / "later.csv").write_text(LATER, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(f"{text}observed: {{file: later.csv}}\n", encoding="utf-8")
    less = 3800 + 600 + 600 * 4 / 28  # 2025-02-20
    (row,) = counts(load(tmp_path / "case.yaml"))
    assert row[1] == "2025-03-16"
    assert row[2] == pytest.approx(5000 - less, abs=0.01)
    for day, more, words in (
        ("2025-02-19", "", "2025-02-19 is before force.as_of in every simulation"),
        ("2025-02-20", ", evidence: true", "is not after force.as_of, from which losses count"),
    ):
        one = f"observed: {{label: A, date: {day}, losses: 9{more}}}\n"
        with pytest.raises(ScenarioError, match=words):
            load_mapping(parse(f"{text}{one}", "f").tree)


def test_counts_from_row_to_row(tmp_path: Path) -> None:
    table = "day,n\n2024-12-06,77\n2025-01-16,3800\n2025-02-16,600\n2025-03-16,500\n"
    found = read_file(tmp_path, table, "{file: later.csv, cumulative: false}")
    assert [item[2] for item in counts(found)] == [4400.0, 4900.0]


def many(n: int) -> str:
    days = (dt.date(2024, 1, 20) + dt.timedelta(k) for k in range(n))
    return "day,n\n" + "".join(f"{day},{k + 1}\n" for k, day in enumerate(days))


@pytest.mark.parametrize(
    ("table", "observed", "words", "hint"),
    [
        ("day,n\n2025-01-01,1\n2025-01-16,2\n", "", "no row of later.csv is after", "leave it out"),
        ("day,n\n2026-01-02,1\n2026-01-16,2\n", "", "up to the horizon, 2026-01-01", "correct"),
        (
            "day,n\n2024-12-09,0\n2025-02-16,600\n",
            "",
            "later.csv begins with 0 on 2024-12-09, after losses.start, 2024-12-06; what was lost",
            "add to each of its counts what was lost from losses.start on",
        ),
        ("day,n\n2025-03-01,many\n", "", "line 2: losses must be a number", ""),
        ("day,n\n2025-03-01,1\n2025-03-01,1\n", "", "in lines 2 and 3", "keep one"),
        (LATER, ", losses: x", 'later.csv has no column "x"', "its columns are day, n"),
        (LATER, ", cumulative: false", "begins after losses.start", "a row on losses.start"),
        (LATER, ", labl: x", "unknown key observed", "label?"),
        (LATER, ", weight: 1", "unknown key observed", "known here: source, url, notes, file"),
    ],
)
def test_files_refused(tmp_path: Path, table: str, observed: str, words: str, hint: str) -> None:
    for form in ("{{{}}}", "[{{{}}}]"):
        with pytest.raises(ScenarioError) as caught:
            read_file(tmp_path, table, form.format(f"file: later.csv{observed}"))
        (problem,) = caught.value.problems
        assert words in problem.message
        assert hint in problem.hint
        assert problem.line == 8


def test_an_uncertain_start_within_the_file(tmp_path: Path) -> None:
    table = "day,n\n2024-12-01,%s\n2024-12-09,900\n2025-02-16,4400\n"
    start = "{distribution: uniform, low: 2024-12-04, high: 2024-12-09}"
    text = BASE.replace("2024-12-06", start) + "observed: {file: later.csv}\n"
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "later.csv").write_text(table % 900, encoding="utf-8")
    assert counts(load(tmp_path / "case.yaml"))[0][2] == 3500.0  # 900 on every such day
    (tmp_path / "later.csv").write_text(table % 700, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"back to losses\.start, which is uncertain"):
        load(tmp_path / "case.yaml")


def test_the_number_of_entries(tmp_path: Path) -> None:
    horizon = BASE.replace("2025-01-16", "2024-01-16").replace("2024-12-06", "2024-01-06")
    (tmp_path / "case.yaml").write_text(f"{horizon}observed: {{file: later.csv}}\n", "utf-8")
    (tmp_path / "later.csv").write_text(many(MOST_OBSERVED), encoding="utf-8")
    assert len(load(tmp_path / "case.yaml").scenario.observed) == MOST_OBSERVED
    (tmp_path / "later.csv").write_text(many(MOST_OBSERVED + 1), encoding="utf-8")
    with pytest.raises(
        ScenarioError, match="observed has 501 counts, of which 500 can be"
    ) as error:
        load(tmp_path / "case.yaml")
    assert "one a week" in error.value.problems[0].hint


def test_the_schema_knows_files() -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    one, file = "{label: A, date: 2025-04-30, losses: 4}", "{file: a.csv, label: A, losses: n}"
    valid = [one, file, f"[{file}]", f"[{one}, {file}]", "[]"]
    for written in [*valid, "[{file: a.csv, count: n}]", "{file: 3}", "a.csv", "[a.csv]"]:
        tree = parse(f"{BASE}observed: {written}\n", "f").tree
        assert validator.is_valid(tree) is (written in valid), written
    fields = json_schema()["definitions"]["ObservedFile"]["properties"]
    assert "points" not in fields
    assert all("description" in field for field in fields.values())
