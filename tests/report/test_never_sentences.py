"""The sentence for a newspaper where there is no date: the pace, and what outweighs it."""

from __future__ import annotations

import re
from typing import Any

import pytest

import simulate
from simulate.analysis.summary import Summary
from simulate.report.render.terminal import render
from simulate.report.text.captions import finding, number_and_meaning
from simulate.report.text.citation import note
from simulate.report.text.headline import headline
from simulate.report.text.news import news_sentence
from tests.cases import uniform

COUNT = {"count": 3100, "start": "2024-10-01", "as_of": "2025-01-20"}
FORCE = {"size": uniform(9900, 12100)}
STOCK = {"size": 52, "as_of": "2026-03-15"}
USE = {"rate": uniform(8, 10), "per": "week"}
OWN = {"horizon": "2026-01-01"}
PACE = "At 27.9 troops a day, the pace reported for 1 October 2024 to 19 January 2025, "
ALL = "the whole force of 9,900 to 12,100 would not be lost "
SLOW = {"force": FORCE, "losses": {**COUNT, "count": 300}}


def summary_of(**keys: Any) -> Summary:
    return simulate.run({"title": "T", "unit": "troops", **keys}, draws=2**12).summary


SENTENCES: dict[str, tuple[dict[str, Any], str]] = {
    "an inflow in another unit of time": (
        {
            "force": FORCE,
            "losses": COUNT,
            "inflow": [{"amount": 1200, "per": "month", "from": "2024-12-15"}],
            "thresholds": [0.5],
        },
        (
            f"{PACE}with 1,200 a month (about 39 a day) coming in from 15 December 2024 on, "
            "half of the force of 9,900 to 12,100 would not be lost in any simulation: at least "
            "as much "
            "comes in as is lost."
        ),
    ),
    "an inflow into a stock": (
        {"force": STOCK, "losses": USE, "inflow": [{"amount": 11, "per": "week"}]}
        | {"wording": "stock", "unit": "missiles"},
        (
            "At 8 to 10 missiles a week from 15 March 2026 on, "
            "with 11 a week coming in, the whole stock of 52 "
            "missiles would not be used up in any simulation: at least as much comes in as is "
            "used up."
        ),
    ),
    "an inflow into a fund, or a pace that takes longer": (
        {
            "wording": "fund",
            "unit": "dollars",
            "horizon": "2027-01-01",
            "force": {"size": 4100, "as_of": "2026-01-01"},
            "losses": {"rate": uniform(80, 140), "per": "week"},
            "inflow": [{"amount": 110, "per": "week"}],
        },
        (
            "At 80 to 140 dollars a week from 1 January 2026 on, "
            "with 110 a week coming in, the whole fund of "
            "4,100 "
            "dollars would not be spent by 1 January 2027 in any simulation; in 50 of 100 at "
            "least as "
            "much comes in as is spent, in 50 it would take longer."
        ),
    ),
    "an end that comes first": (
        {"force": FORCE, "losses": COUNT, "ends": [{"label": "retreat", "date": "2025-02-01"}]},
        f"{PACE}{ALL}in any simulation: “retreat” comes first.",
    ),
    "ends that mostly come first": (
        {
            "force": FORCE,
            "losses": COUNT,
            "ends": [
                {"label": "retreat", "date": "2025-02-01", "probability": 0.6},
                {"label": "truce", "date": "2025-02-02", "probability": 0.5},
            ],
        },
        f"{PACE}{ALL}in 81 of 100 simulations; in 60 “retreat” comes first, in 21 “truce”.",
    ),
    "the default horizon": (
        {**SLOW, "published": [{"label": "ISW: mid-April", "date": "2025-04-15"}]},
        (
            "At 2.7 troops a day, the pace reported for 1 October 2024 to 19 January 2025, "
            f"{ALL}by 20 January 2030, where the simulation ends by default, in any simulation; "
            "at that pace it would take about 11 years. The date ISW gave as “mid-April” is "
            "15 April 2025."
        ),
    ),
    "no uncertain input": (
        {**SLOW, **OWN, "force": {"size": 11000}},
        (
            "At 2.7 troops a day, the pace reported for 1 October 2024 to 19 January 2025, the "
            "whole "
            "force of 11,000 would not be lost by 1 January 2026; at that pace it would take "
            "about 11 "
            "years."
        ),
    ),
    "a pace that changes gives no years": (
        {**SLOW, **OWN, "rate": {"trend_per_week": 0.01}},
        (
            "At 2.7 troops a day, the pace reported for 1 October 2024 to 19 January 2025, "
            "rising by "
            f"about 1 % a week, {ALL}by 1 January 2026 in any simulation."
        ),
    ),
    "more than there is": (
        {"force": FORCE, "losses": COUNT, "thresholds": [{"lost": 20000}]},
        (
            f"{PACE}20,000 troops would not be lost in any simulation: the force has only "
            "9,900 to 12,100."
        ),
    ),
    "reports that disagree": (
        {
            **OWN,
            "force": FORCE,
            "losses": {
                "start": "2024-10-01",
                "claims": [
                    {"count": 1450, "as_of": "2025-01-20", "source": "ministry"},
                    {"count": 310, "as_of": "2025-01-20", "source": "monitors"},
                ],
            },
        },
        (
            f"At 2.8 to 13 troops a day, by two reports that disagree, {ALL}by 1 January 2026 "
            "in any "
            "simulation."
        ),
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_what_outweighs_the_pace(name: str) -> None:
    tree, words = SENTENCES[name]
    assert news_sentence(summary_of(**tree)) == words


def test_the_reason_is_in_the_result_line_and_the_default_horizon_only_where_it_decides() -> None:
    tree, _ = SENTENCES["an end that comes first"]
    summary = summary_of(**tree)
    assert headline(summary) == (
        "Whole force (100 %) lost: not by 20 January 2030 in any of 4,096 simulations; “retreat” "
        "comes first"
    )
    slow = headline(summary_of(**SLOW))
    assert slow.endswith("in any of 4,096 simulations; 20 January 2030 is the default horizon, not "
                         "one that was chosen")  # fmt: skip


def test_shares_of_reasons_are_those_of_the_draws() -> None:
    tree, _ = SENTENCES["ends that mostly come first"]
    summary = summary_of(**tree)
    never = {each.cause: each.probability for each in summary.outcomes[0].never}
    found = re.search(r"in (\d+) “retreat” comes first, in (\d+) “truce”", news_sentence(summary))
    assert found
    assert [int(x) for x in found.groups()] == [
        round(100 * never["retreat"]),
        round(100 * never["truce"]),
    ]


def test_a_note_speaks_of_an_interval_only_where_there_is_one() -> None:
    never, _ = SENTENCES["an end that comes first"]
    assert note(summary_of(**never)).startswith("Note: no simulation gives a date, given the ")
    some = {**never, "ends": [{"label": "retreat", "date": "2025-02-01", "probability": 0.3}]}
    open_end = "fall between its two ends, and “not by” is later than every date, given the"
    assert open_end in note(summary_of(**some))
    dated = summary_of(force=FORCE, losses=COUNT)
    assert "90 % of simulations fall between its two dates, given the" in note(dated)
    few = simulate.run({"title": "T", "force": FORCE, "losses": COUNT}, draws=8).summary
    assert note(few).startswith("Note: the figures hold given the scenario’s assumptions")


def test_titles_and_cards_are_full_sentences() -> None:
    retreat, _ = SENTENCES["an end that comes first"]
    summary = summary_of(**retreat)
    outcome = summary.outcomes[0]
    assert finding(summary, outcome) == "Whole force would not be lost in any simulation"
    assert number_and_meaning(summary, outcome) == (
        "In no simulation",
        "Whole force would not be lost in any simulation: “retreat” comes first",
    )
    slow = summary_of(**SLOW)
    by = "Whole force would not be lost by 20 January 2030"
    assert finding(slow, slow.outcomes[0]) == f"{by} in any simulation"
    assert number_and_meaning(slow, slow.outcomes[0]) == (
        "Not by 20 January 2030",
        (
            f"{by}, where the simulation ends by default, in any simulation; at that pace it would "
            "take about 11 years"
        ),
    )


def test_a_run_without_dates_prints_no_table_of_them() -> None:
    """Nor a histogram of none, nor the shares that the sentence gives."""
    tree, words = SENTENCES["an inflow in another unit of time"]
    found = simulate.run({"title": "T", "unit": "troops", **tree}, draws=2**12)
    text = " ".join(render(found.page()).split())
    assert text.startswith(f"T {words} Warning: no simulation reaches a loss of 50 %")
    some = {**tree, "thresholds": [0.1, 0.5]}  # the smaller share has been lost before
    assert "P50 median" in render(simulate.run({"title": "T", **some}, draws=2**12).page())


def test_what_has_no_date_up_to_the_horizon_is_not_called_never() -> None:
    tree = {"title": "T", "horizon": "2025-11-01", "force": FORCE, "losses": COUNT}
    page = render(simulate.sensitivity(tree, draws=1024).page(), 80)
    assert "; not by 1 November 2025 in " in " ".join(page.split())
    assert "never in" not in page
