"""Bars divided by source: the parts make up the whole, and each is named beside it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

import simulate
from simulate.report.figures import histogram, style
from simulate.report.figures.bars import bars
from simulate.report.figures.by_source import parts_of
from simulate.report.figures.frame import SHEETS
from simulate.report.text.captions import parts_words
from simulate.report.text.news import news_sentence
from simulate.scenario.loader import load_mapping
from tests.cases import ALARM
from tests.engine.test_pool import HIGH, LOW, ledger
from tests.report.layout import faults, texts

UNIFORM = {"distribution": "uniform"}
NAMES = ("Ministry of Defence of a Country", "", "National Intelligence Service (South Korea)")


@cache
def run(n: int, **more: Any) -> simulate.Result:
    counts = [
        {"distribution": "normal", "p5": 2400 + 250 * k, "p95": 2700 + 250 * k} for k in range(n)
    ]
    claims = [
        {
            **LOW,
            "count": count,
            "source": NAMES[k] if k < len(NAMES) else f"Paper {k}",
            "weight": 1 + k,
        }
        for k, count in enumerate(counts)
    ]
    return simulate.run(ledger(*claims, **more), draws=4096)


@pytest.mark.parametrize("workers", [1, 3])
def test_parts_are_those_of_each_claim_and_make_up_the_histogram(workers: int) -> None:
    n, weights = 65_536, (3, 1)
    claims = [
        {**claim, "source": name, "weight": weight}
        for claim, name, weight in zip((LOW, HIGH), "AB", weights, strict=True)
    ]
    result = simulate.run(
        ledger(*claims, thresholds=[0.5, 1.0]), draws=n, method="random", workers=workers
    )
    pooled = result.summary.pooled
    assert pooled is not None
    assert [(part.source, part.numbers, part.share) for part in pooled.parts] == [
        ("A", (1,), 0.75),
        ("B", (2,), 0.25),
    ]
    for k, outcome in enumerate(result.summary.outcomes):
        rows = np.array([part.probability[k] for part in pooled.parts])
        assert rows.sum(axis=0) == pytest.approx(outcome.histogram.probability, abs=1e-12)
        for part, row in zip(pooled.parts, rows, strict=True):
            # A claim alone, at a date in the middle of its own; Hoeffding's bound for both samples.
            claim = claims[part.numbers[0] - 1]
            alone = simulate.run(ledger(claim, thresholds=[0.5, 1.0]), draws=n, method="random")
            median = alone.outcome(outcome.threshold).median.date
            assert median is not None
            edges = outcome.histogram.edges
            place = next(i for i, edge in enumerate(edges) if edge > median)
            expected = alone.probability_by(edges[place - 1], outcome.threshold)
            assert (edges[1] - edges[0]).days == 1
            within = 2 * np.sqrt(np.log(2 / ALARM) / (2 * n))
            assert row[:place].sum() == pytest.approx(part.share * expected.probability, abs=within)


def test_the_same_tally_with_any_number_of_workers() -> None:
    one, two = (
        simulate.run(ledger(LOW, HIGH), draws=2**17, workers=workers).summary for workers in (1, 3)
    )
    assert one == two


def test_only_draws_that_follow_a_claim_are_divided() -> None:
    for of in (
        ledger(LOW, HIGH, pooling="quantile"),
        ledger(LOW),
        ledger({**LOW, "source": "A"}, {**HIGH, "source": "A"}),
    ):
        pooled = simulate.run(of, draws=1024).summary.pooled
        assert pooled is not None
        assert pooled.parts == ()


def test_colours_and_names_of_sources() -> None:
    summary = run(3).summary
    outcome = summary.outcomes[-1]
    drawn = bars(outcome.histogram, 60)
    assert drawn is not None
    parts = parts_of(summary, outcome, drawn)
    assert [part.color for part in parts] == [*style.SOURCES[:3]]
    assert parts[0].low == (0.0,) * len(drawn.heights)
    assert parts[-1].high == pytest.approx(drawn.heights)
    words = (
        "(17 %: Ministry of Defence of a Country; 33 %: claim 2; "
        "50 %: National Intelligence Service (South Korea))"
    )
    assert words in parts_words(summary, outcome)
    drawing = histogram.drawing(summary)
    assert words in drawing.alt
    for sheet in ("web", "3.5in", "social"):
        shown = " ".join(texts(drawing.draw(sheet))).replace("\n", " ")
        assert all(part.words in shown for part in parts), sheet


def test_lines_to_names_do_not_cross_the_median_where_a_part_is_tall_after_it() -> None:
    summary = run(2).summary
    outcome = summary.outcomes[-1]
    drawn = bars(outcome.histogram, 60)
    assert drawn is not None
    assert outcome.median.day is not None
    median = summary.origin.toordinal() + outcome.median.day
    for part in parts_of(summary, outcome, drawn):
        own = [high - low for low, high in zip(part.low, part.high, strict=True)]
        after = [h for h, day in zip(own, drawn.edges, strict=False) if day > median]
        assert max(after) > 0.1 * max(drawn.heights)
        assert part.spot[0] > median


def test_a_source_without_a_date_has_no_name_beside_the_bars() -> None:
    """Ten a day come in, more than the 300 that the group says were lost in 41 days."""
    claims = [
        {"count": count, "as_of": "2025-01-16", "source": source}
        for count, source in (({**UNIFORM, "low": 1500, "high": 2000}, "A"), (300, "the group"))
    ]
    tree = {
        "title": "T",
        "counting": "strength",
        "horizon": "2040-01-01",
        "force": {"size": 2500},
        "losses": {"start": "2024-12-06", "pooling": "linear", "claims": claims},
        "inflow": [{"amount": 10, "per": "day"}],
    }
    summary = simulate.run(load_mapping(tree), draws=4096).summary
    drawing = histogram.drawing(summary)
    for sheet in SHEETS:
        shown = [text.replace("\n", " ") for text in texts(drawing.draw(sheet))]
        assert not any(text.endswith("50 %: the group") for text in shown), sheet
        assert any(text.endswith("50 %: A") for text in shown), sheet
        if sheet != "social":
            said = " ".join(shown)
            assert "No date by the count of the group" in said, sheet
            assert "(50 % of simulations)" in said, sheet
            assert "median" not in said, sheet
            assert "47 % of simulations get there" in said, sheet
    assert "share of simulations (50 %: A). No date by the count of the group" in drawing.alt


@pytest.mark.parametrize(
    ("n", "horizon"), [(2, 400), (8, 400), (12, 400), (2, "2025-05-10"), (9, "2025-05-10")]
)
def test_many_sources_can_be_read_in_every_size(n: int, horizon: Any) -> None:
    result = run(n, horizon=horizon)
    pooled = result.summary.pooled
    assert pooled is not None
    parts = [(part.source, part.numbers) for part in pooled.parts]
    assert len(parts) == min(n, 9)
    if n > 8:  # weights rise with the number
        assert parts[-1] == ("", tuple(range(1, n - 7)))
    for sheet in SHEETS:
        assert not faults(result.picture("histogram").draw(sheet)), sheet


def test_one_claim_of_several_names_its_source() -> None:
    claims = [
        {"count": 3000, "as_of": "2025-01-16", "source": "the ministry"},
        {"count": 3800, "as_of": "2025-01-16", "source": "HUR"},
    ]
    losses = {"start": "2024-12-06", "pooling": "each", "claims": claims}
    tree = {"title": "T", "horizon": "2040-01-01", "force": {"size": 12000}, "losses": losses}
    results = simulate.run_each(load_mapping(tree), draws=1024)
    first, second = (news_sentence(each.summary) for each in results)
    assert (
        ", based on figures from the ministry for 6 December 2024 to 15 January 2025, the" in first
    )
    assert ", based on figures from HUR for 6 December 2024 to 15 January 2025, the whole" in second


def test_nine_sources_keep_their_names() -> None:
    claims = [
        {**LOW, "count": 2400 + 250 * k, "source": f"Newspaper of province {k}"} for k in range(9)
    ]
    figure = simulate.run(ledger(*claims), draws=4096).picture("histogram").draw("page")
    shown = [words for words in texts(figure) if "province" in words]
    assert len(shown) >= 8
    assert all(re.fullmatch(r"\d+ %: Newspaper of province \d", words) for words in shown)
    assert not faults(figure)
