"""Tables for forecast hubs, spreadsheets and chart tools."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import math
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from simulate.analysis.summary import Summary
from simulate.analysis.values import ByDate, Instant
from simulate.report.data.run_files import run_files
from simulate.report.text.phrases import never_probability
from tests.report import factory

Rows = list[dict[str, str]]


def written(summary: Summary, name: str) -> bytes:
    return run_files(summary, {}, formats=())[name]


def hub(summary: Summary) -> Rows:
    return list(csv.DictReader(io.StringIO(written(summary, "hubverse.csv").decode())))


def offset(summary: Summary) -> int:
    """Days from the origin of the simulation to that of the table."""
    assert summary.counted_until is not None
    return (summary.counted_until - summary.origin).days


def day_of(at: Instant) -> float:
    assert at.day is not None
    return at.day


def of(rows: Rows, kind: str, threshold: float) -> list[tuple[str, float]]:
    return [
        (row["output_type_id"], float(row["value"]))
        for row in rows
        if row["output_type"] == kind and float(row["threshold"]) == threshold
    ]


# --- hubs ---


def test_hub_rows_are_the_summarys_quantiles() -> None:
    summary = factory.flagship()
    rows = hub(summary)
    assert list(rows[0])[-3:] == ["output_type", "output_type_id", "value"]
    assert {row["origin_date"] for row in rows} == {str(summary.counted_until)}
    before = offset(summary)
    for outcome in summary.outcomes:
        assert of(rows, "median", outcome.threshold) == [("NA", day_of(outcome.median) - before)]
        found = {float(level): day for level, day in of(rows, "quantile", outcome.threshold)}
        for quantile in outcome.quantiles:
            assert found[quantile.level] == day_of(quantile.at) - before
        for interval in outcome.intervals:
            if interval.kind == "equal-tailed":
                assert (
                    found[round((1 - interval.probability) / 2, 12)]
                    == day_of(interval.low) - before
                )
                assert (
                    found[round((1 + interval.probability) / 2, 12)]
                    == day_of(interval.high) - before
                )


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_hub_rows_are_what_a_hub_accepts(make: Callable[..., Summary]) -> None:
    """Finite numbers, levels in (0, 1), one row a prediction, nothing that decreases."""
    summary = make()
    rows = hub(summary)
    keys = [(row["threshold"], row["output_type"], row["output_type_id"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(math.isfinite(float(row["value"])) for row in rows)
    assert all(value.strip() for row in rows for value in row.values())
    for outcome in summary.outcomes:
        quantiles = of(rows, "quantile", outcome.threshold)
        assert all(0 < float(level) < 1 for level, _ in quantiles)
        distribution = of(rows, "cdf", outcome.threshold)
        assert all(0 <= probability <= 1 for _, probability in distribution)
        for values in (quantiles, distribution):
            numbers = [(float(identity), value) for identity, value in values]
            assert numbers == sorted(numbers)
            for (_, before), (_, after) in itertools.pairwise(numbers):
                assert before <= after
        end = (summary.horizon - summary.origin).days + 1 - offset(summary)
        assert distribution[-1][0] == str(end)
        assert distribution[-1][1] == pytest.approx(1 - never_probability(outcome), abs=1e-9)


def test_requested_dates_are_points_of_the_distribution_function() -> None:
    summary = factory.with_never()
    found = dict(of(hub(summary), "cdf", 1.0))
    for by in summary.outcomes[0].by:
        day = (by.date - summary.origin).days + 1 - offset(summary)
        assert found[str(day)] == pytest.approx(by.probability, abs=1e-9)


def test_quantiles_beyond_the_horizon_have_no_row() -> None:
    rows = hub(factory.with_never())
    levels = [float(level) for level, _ in of(rows, "quantile", 1.0)]
    assert max(levels) == 0.5
    none = hub(factory.all_never())
    assert {(row["output_type"], row["value"]) for row in none} == {("cdf", "0.0")}


def test_a_date_beyond_the_horizon_is_no_point() -> None:
    base = factory.flagship(2048)
    late = ByDate(dt.date(2030, 1, 1), 1.0, 0.0)
    summary = replace(base, outcomes=(replace(base.outcomes[0], by=(late,)),))
    found = of(hub(summary), "cdf", 0.3)
    assert float(found[-1][0]) == (base.horizon - base.origin).days + 1 - offset(base)


# --- spreadsheets ---


def test_the_spreadsheet_has_a_mark_words_and_dates() -> None:
    summary = factory.flagship()
    data = written(summary, "table.csv")
    assert data.startswith(b"\xef\xbb\xbfShare of the force lost,5th percentile,25th")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["Share of the force lost"] for row in rows] == ["30 %", "50 %", "100 %"]
    for row, outcome in zip(rows, summary.outcomes, strict=True):
        assert row["Median"] == str(outcome.median.date)
        assert row["95th percentile"] == str(outcome.quantiles[-1].at.date)
        assert float(row["Not by 1 January 2026, share of simulations"]) == never_probability(
            outcome
        )
        assert row["Scenario"] == summary.scenario.title
        assert (row["Draws"], row["Seed"]) == ("131072", "0")
        assert row["Digest"] == "0123456789ab"


def test_the_spreadsheet_says_what_is_missing() -> None:
    def only(summary: Summary) -> list[str]:
        rows = list(csv.reader(io.StringIO(written(summary, "table.csv").decode())))
        return rows[1]

    assert only(factory.with_never())[-7:-6] != [""]
    assert "not by 1 January 2026" in only(factory.with_never())
    assert "too few draws" in only(factory.eight_draws())
    large = replace(factory.flagship(2048).run, seed=2**64)
    assert only(replace(factory.flagship(2048), run=large))[-1] == "seed 18446744073709551616"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x","y")', "\t=x"])
def test_no_cell_is_a_formula(text: str) -> None:
    base = factory.hostile(text)
    worded = replace(base.outcomes[0], whole=text, lost=text)
    for name in ("table.csv", "hubverse.csv", "intervals.csv"):
        data = written(replace(base, outcomes=(worded,)), name).decode("utf-8-sig")
        for row in csv.reader(io.StringIO(data)):
            assert not any(value.startswith(("=", "+", "@", "\t")) for value in row)


# --- chart tools ---


def test_chart_tools_get_one_row_a_label_with_iso_dates() -> None:
    """Four columns: a category, its value, and the ends of its bar."""
    data = written(factory.flagship(), "intervals.csv").decode()
    rows = list(csv.DictReader(io.StringIO(data)))
    assert list(rows[0]) == ["label", "value", "lower", "upper"]
    assert len({row["label"] for row in rows}) == len(rows)
    for row in rows:
        low, middle, high = (
            dt.date.fromisoformat(row[name]) for name in ("lower", "value", "upper")
        )
        assert low <= middle <= high
