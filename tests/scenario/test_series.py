"""Losses from a CSV file of dates and counts."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import simulate
from simulate.cli import cli
from simulate.scenario.counts import Counts
from simulate.scenario.distributions.bounded import Constant
from simulate.scenario.loader import LoadedScenario, load, load_mapping
from simulate.scenario.values import Day
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.yaml_source import parse
from tests.scenario.series_case import SERIES, SIZE, TABLE, Load, load_series

HEAD = "date,n\n2025-01-01,5\n"


@pytest.fixture
def read(tmp_path: Path) -> Load:
    return partial(load_series, tmp_path)


def found(loaded: LoadedScenario) -> tuple[float, str, str]:
    """The count, the day it runs up to and the day it begins."""
    losses = loaded.scenario.losses
    laws = (losses.count, losses.as_of, losses.start)
    count, as_of, start = (law.value for law in laws if isinstance(law, Constant))
    return count, str(as_of), str(start)


# --- what is read ---


def test_it_is_a_count_with_both_of_its_days(read: Load) -> None:
    said = ", source: A ministry, url: https://example.org, notes: Daily"
    loaded = read(f"{SERIES[:-1]}{said}}}")
    one = "{distribution: constant, value: %s" + said + "}"
    plain = load_mapping(
        {
            "title": "T",
            "force": parse(f"size: {SIZE}", "f").tree,
            "losses": {
                name: parse(one % value, "f").tree
                for name, value in (
                    ("count", 3800),
                    ("as_of", "2025-01-16"),
                    ("start", "2024-12-06"),
                )
            },
        }
    )
    assert found(loaded) == (3800.0, "2025-01-16", "2024-12-06")
    assert loaded.scenario.inputs == plain.scenario.inputs
    assert loaded.scenario.last_day == plain.scenario.last_day
    first, second = (simulate.run(one, draws=256).to_dict() for one in (loaded, plain))
    assert first["scenario"].pop("digest") != second["scenario"].pop("digest")
    first["scenario"].pop("file")
    second["scenario"].pop("file")
    # Only of a series is known what was lost before its window.
    assert first.pop("warnings")[1:] == second.pop("warnings")
    assert first == second


@pytest.mark.parametrize(
    ("series", "count", "as_of", "start"),
    [
        ("{file: losses.csv, count: tank, window: 63}", 5000.0, "2025-02-01", "2024-11-30"),
        # No row on either day: 5,900 and three sixths of 300; 2,400 and 28 of 35 times 3,500.
        (
            "{file: losses.csv, count: tank, window: 10, as_of: 2025-01-13}",
            6050.0 - 5200.0,
            "2025-01-13",
            "2025-01-03",
        ),
        ("{file: losses.csv, window: 41, as_of: 2025-01-16}", 2.0, "2025-01-16", "2024-12-06"),
        (
            "{file: losses.csv, date: date, window: 47, as_of: 2025-01-16}",
            2.0,
            "2025-01-16",
            "2024-11-30",
        ),
    ],
)
def test_the_window(read: Load, series: str, count: float, as_of: str, start: str) -> None:
    lost, *days = found(read(series))
    assert lost == pytest.approx(count, abs=1e-9)
    assert days == [as_of, start]


def test_a_setting_moves_the_window(read: Load) -> None:
    assert found(read(SERIES, TABLE, "losses.series.window=6")) == (300, "2025-01-16", "2025-01-10")
    moved = read(SERIES, TABLE, "losses.series.as_of=2025-01-10", "losses.series.window=35")
    assert found(moved) == (3500, "2025-01-10", "2024-12-06")


MONTHS = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("date,n\n", "2025-{m}-01,{n}.5\n"),
        ("date;n\n", "2025-{m}-01;{n},5\n"),
        ("date\tn\n", "2025-{m}-01\t{n}.5\n"),
        ("date;n\r\n", '"2025-{m}-01";"{n},5"\r\n'),
    ],
)
def test_a_table_of_twelve_months(read: Load, mark: str, header: str, row: str) -> None:
    table = mark + header + "".join(row.format(m=m, n=1000 * k) for k, m in enumerate(MONTHS))
    loaded = read("{file: losses.csv, window: 334}", table)
    assert found(loaded) == (11000.0, "2025-12-01", "2025-01-01")


def test_counts_from_row_to_row(read: Load) -> None:
    """A row counts from the row before, so that the first count begins nowhere."""
    table = "day,n\n2025-01-01,999\n2025-01-08,70\n2025-01-15,140\n"
    series = "{file: losses.csv, cumulative: false, window: %s}"
    assert found(read(series % 14, table)) == (210.0, "2025-01-15", "2025-01-01")
    assert found(read(series % 7, table)) == (140.0, "2025-01-15", "2025-01-08")
    assert found(read(series % 10, table))[0] == pytest.approx(140 + 30, abs=1e-9)


def test_the_order_of_rows_and_empty_cells_do_not_matter(read: Load) -> None:
    header, *rows = TABLE.splitlines()
    shuffled = [rows[k] for k in (3, 0, 4, 2, 1)]
    table = "\n".join([header, *shuffled, "2025-03-01,4,", ",,", ""])
    assert read(SERIES, table).digest == read(SERIES).digest


def test_the_read_points_are_kept(read: Load) -> None:
    table = HEAD + "2025-01-05,300\n2025-01-06,280\n2025-01-07,275\n2025-01-11,400\n"
    loaded = read("{file: losses.csv, window: 10}", table)
    series = loaded.scenario.losses.series
    assert series is not None
    first = float(Day.of(series.points[0][0]))
    assert (series.counts.days - first).tolist() == [0, 4, 5, 6, 10]
    assert series.counts.totals.tolist() == [5, 300, 300, 300, 400]
    assert series.counts.published.tolist() == [5, 300, 280, 275, 400]
    assert series.counts.corrections.tolist() == [20, 5]
    assert series.counts is series.counts


# --- corrections and doubtful numbers ---


def test_corrections_downwards(read: Load) -> None:
    """The count before a correction holds until it is passed."""
    table = "date,n\n2025-01-01,100\n2025-01-11,300\n2025-01-21,%s\n2025-01-31,500\n"
    series = "{file: losses.csv, window: %s}"
    plain, corrected = (read(series % 30, table % n) for n in (300, 280))
    assert found(plain) == found(corrected)
    assert found(read(series % 20, table % 280))[0] == 200.0
    assert found(read(f"{(series % 10)[:-1]}, as_of: 2025-01-26}}", table % 280))[0] == 100.0
    assert not possible_warnings(plain.scenario)
    (said,) = possible_warnings(corrected.scenario)
    assert said.startswith(
        "losses.series: the count in losses.csv falls once, by 20, on 2025-01-21;"
    )
    twice = read(series % 30, table.replace("500", "570") % 290 + "2025-01-30,600\n")
    (said,) = possible_warnings(twice.scenario)
    assert "falls 2 times, at most by 30, on 2025-01-31;" in said


def test_a_negative_count_from_row_to_row_is_a_correction(read: Load) -> None:
    table = "date,n\n2025-01-01,0\n2025-01-11,30\n2025-01-21,-10\n2025-01-31,20\n"
    loaded = read("{file: losses.csv, window: 30, cumulative: false}", table)
    assert found(loaded)[0] == 40.0
    (said,) = possible_warnings(loaded.scenario)
    assert "falls once, by 10, on 2025-01-21;" in said


@pytest.mark.parametrize(
    ("stock_day", "before"),
    [
        (None, "400"),
        ("2024-12-03", "200"),
        ("2024-12-06", ""),
        ("2025-01-10", ""),
        ("{distribution: uniform, low: 2024-12-03, high: 2025-01-10}", "200"),
    ],
)
def test_losses_between_the_stock_and_the_window(
    read: Load, stock_day: str | None, before: str
) -> None:
    """The table counts 400 in the six days to 6 December, when the window begins."""
    changes = () if stock_day is None else (f"force.as_of={stock_day}",)
    said = possible_warnings(read(SERIES, TABLE, *changes).scenario)
    text = (
        f"losses.csv counts {before} before its window begins on 2024-12-06, and these are not "
        "taken off the force; give force.size as it stood that day, with force.as_of: 2024-12-06"
    )
    assert [one for one in said if "begins on" in one] == ([text] if before else [])


def test_three_decimals(read: Load) -> None:
    table = "date;n\n2025-01-01;12,000\n2025-01-31;13,500\n"
    (said,) = possible_warnings(read("{file: losses.csv, window: 30}", table).scenario)
    assert said.startswith("losses.series: 2 numbers such as 12.000 are read as 12;")


def test_rows_without_a_count_are_counted(read: Load, tmp_path: Path) -> None:
    table = "date,n\n2025-01-01,100\n2025-01-11,%s\n2025-01-21,\n2025-01-31,500\n"
    full, one, two = (
        read("{file: losses.csv, window: 30}", rows)
        for rows in (table.replace("21,", "21,300") % 200, table % 200, table % "")
    )
    assert not possible_warnings(full.scenario)
    said = "losses.series: {} of losses.csv without a count {} skipped"
    assert possible_warnings(one.scenario) == (said.format("1 row", "is"),)
    assert possible_warnings(two.scenario) == (said.format("2 rows", "are"),)
    call("run", tmp_path / "case.yaml", "-n", 256, "-q", "--out", tmp_path / "out")
    (tmp_path / "losses.csv").rename(tmp_path / "elsewhere.csv")
    assert simulate.reproduce(tmp_path / "out").identical
    (tmp_path / "elsewhere.csv").rename(tmp_path / "losses.csv")
    with_empty = simulate.load(tmp_path / "case.yaml").digest
    filled = read("{file: losses.csv, window: 30}", "date,n\n2025-01-01,100\n2025-01-31,500\n")
    assert filled.digest == with_empty


def test_blank_rows_have_no_count(read: Load) -> None:
    """Those between others: what is blank at the end is no row."""
    table = "date,n\n2025-01-01,100\n,\n\n2025-01-11,{}\n2025-01-31,500\n,\n\n"
    blank, both = (read("{file: losses.csv, window: 30}", table.format(n)) for n in ("200", ""))
    said = "losses.series: {} rows of losses.csv without a count are skipped"
    assert possible_warnings(blank.scenario) == (said.format(2),)
    assert possible_warnings(both.scenario) == (said.format(3),)


# --- around it ---


def test_a_series_and_a_count_replace_each_other(read: Load, tmp_path: Path) -> None:
    read(SERIES)
    count = "losses: {count: 9, as_of: 2025-01-01, start: 2024-12-01}\n"
    (tmp_path / "over.yaml").write_text(f"extends: case.yaml\n{count}", encoding="utf-8")
    over = load(tmp_path / "over.yaml")
    assert over.scenario.losses.series is None
    assert found(over) == (9, "2025-01-01", "2024-12-01")
    for below, name in (("over", "again"), ("case", "shorter")):
        keys = SERIES if below == "over" else "{window: 6}"
        text = f"extends: {below}.yaml\nlosses: {{series: {keys}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert found(load(tmp_path / "again.yaml"))[0] == 3800.0
    assert found(load(tmp_path / "shorter.yaml"))[0] == 300.0
    (tmp_path / "over.yaml").write_text(
        "extends: case.yaml\nlosses: {start: 2024-12-01, claims: [{count: 9, as_of: 2025-01-01}]}",
        encoding="utf-8",
    )
    assert load(tmp_path / "over.yaml").scenario.losses.series is None


def test_its_record_needs_no_file(read: Load) -> None:
    loaded = read(SERIES)
    resolved = json.loads(json.dumps(loaded.resolved))
    again = load_mapping(resolved)
    assert again.scenario == loaded.scenario
    assert again.digest == loaded.digest
    # What was read decides, not what followed from it.
    resolved["losses"]["series"]["window"] = 6
    assert found(load_mapping(resolved)) == (300, "2025-01-16", "2025-01-10")


def test_a_record_in_another_order(read: Load) -> None:
    resolved = json.loads(json.dumps(read(SERIES).resolved))
    points = resolved["losses"]["series"]["points"]
    resolved["losses"]["series"]["points"] = dict(reversed(points.items()))
    assert load_mapping(resolved).scenario == read(SERIES).scenario


def test_a_count_in_the_file_changes_the_digest(read: Load) -> None:
    assert read(SERIES).digest != read(SERIES, TABLE.replace("2000", "2001")).digest
    assert read(SERIES).digest == read(SERIES, TABLE.replace(",3,", ",4,")).digest


def call(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [str(part) for part in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_bundle_reproduces_without_the_file(read: Load, tmp_path: Path) -> None:
    read(SERIES)
    case, out = tmp_path / "case.yaml", tmp_path / "out"
    call("run", case, "-n", 256, "-q", "--out", out, "--picture", "svg")
    run_json: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((tmp_path / "losses.csv").read_bytes()).hexdigest()
    assert run_json["data_files"] == {"losses.csv": digest}
    assert simulate.reproduce(out, case).identical
    (tmp_path / "losses.csv").unlink()
    assert simulate.reproduce(out).identical


def test_commands(read: Load, tmp_path: Path) -> None:
    read(SERIES)
    case = tmp_path / "case.yaml"
    assert "valid, 1 uncertain input" in call("check", case)
    assert "losses.count\n  constant 3,800 units\n" in call("describe", case)
    assert "force.size" in call("sensitivity", case, "-n", 256)
    shorter = call("run", case, "-n", 256, "--set", "losses.series.window=6", "--json")
    assert json.loads(shorter)["inputs"][1]["mean"] == 300.0
    swept = simulate.sweep(case, "losses.series.window=6,41", draws=256).to_dict()
    assert len(swept["combinations"]) == 2
    alone = json.loads(call("run", case, "-n", 256, "--json"))
    last, one = (part["outcomes"][0]["quantiles"] for part in (swept["combinations"][1], alone))
    assert [point["day"] for point in last] == [point["day"] for point in one]


def test_counts_by_a_slow_twin() -> None:
    """The highest count so far by a loop, and lines between rows by hand."""
    rng = np.random.default_rng(1)
    for _ in range(50):
        days = np.sort(rng.choice(400, size=12, replace=False))
        values = rng.integers(0, 1000, size=12)
        points = tuple((Day(day).date, float(n)) for day, n in zip(days, values, strict=True))
        counts = Counts.of(points, cumulative=True)
        highest = [max(values[: k + 1]) for k in range(12)]
        assert counts.totals.tolist() == highest
        for day in range(int(days[0]), int(days[-1])):
            k = max(i for i in range(12) if days[i] <= day)
            share = (day - days[k]) / (days[k + 1] - days[k])
            between = highest[k] + share * (highest[k + 1] - highest[k])
            # Values below 1,000 in doubles: a few units in the last place.
            assert counts.at([Day(day)])[0] == pytest.approx(between, abs=1e-10)


def test_the_day_on_which_a_count_is_reached() -> None:
    """Within a row's days in proportion, at the start of a standstill, and never beyond the end."""
    counts = Counts(
        np.array([0.0, 10.0, 20.0, 30.0]),
        np.array([5.0, 25.0, 25.0, 30.0]),
        np.array([]),
        np.array([]),
    )
    found = counts.reached(np.array([6.0, 25.0, 25.5, 30.0, 30.5]))
    assert found.tolist() == [0.5, 10.0, 21.0, 30.0, float("inf")]
