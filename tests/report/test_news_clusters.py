"""The newspaper sentence where dates lie in separate clusters, and the shares beside it."""

from __future__ import annotations

from typing import Any

import simulate
from simulate.report.text.citation import sentence
from simulate.report.text.headline import alt_text, headline, span
from simulate.report.text.news import news_sentence
from tests.cases import uniform

TWO = {
    "title": "T",
    "unit": "shells",
    "wording": "stock",
    "horizon": "2026-12-31",
    "force": {
        "size": {"distribution": "mixture", "components": [uniform(98, 112), uniform(300, 320)]}
    },
    "losses": {"rate": 1, "per": "day", "start": "2025-01-01"},
}
"""Half of the simulations end in April 2025, half in October and November."""

EARLY, LATE = "9 to 22 April", "28 October to 16 November 2025"
DATES = "10 April to 14 November 2025"

PACES = {"distribution": "mixture", "weights": [30, 30, 40]}
RATES = [uniform(9, 11), uniform(3, 3.3), uniform(0.1, 0.2)]


def said(**keys: Any) -> str:
    tree = {"title": "T", "unit": "tanks", "horizon": "2026-12-31", **keys}
    return news_sentence(simulate.run(tree, draws=2**14).summary)


def test_a_median_between_clusters_is_in_no_sentence() -> None:
    """The result line, the one for a paper, the one before an update and the page's dates."""
    summary = simulate.run(TWO, draws=2**14).summary
    either = f"either {EARLY} (50 % of simulations) or {LATE} (50 %); 90 % simulation interval"
    assert headline(summary) == f"Whole stock (100 %) used up: {either} {DATES}"
    paper = sentence(summary)
    halves = f"between {EARLY} (50 % of simulations) or between {LATE} (50 %)".replace(
        " to ", " and "
    )
    assert f"would be used up either {halves}; the 90 % simulation interval (5th to " in paper
    assert "median" not in f"{headline(summary)} {paper}"
    assert span(summary) == f"{EARLY} or {LATE}"
    assert f"{either} {DATES}." in alt_text(summary)


def test_a_single_cluster_keeps_its_median() -> None:
    force = {"size": uniform(98, 112)}
    summary = simulate.run(TWO | {"force": force}, draws=2**14).summary
    assert "9 to 22 April 2025, median 16 April 2025 (90 %" in headline(summary)
    assert "; median 16 April 2025), under" in sentence(summary)


def test_what_never_happens_is_named_beside_clusters() -> None:
    """At 0.1 or 0.2 a day 1,000 last for years: 40 % of simulations."""
    rate = {"rate": {**PACES, "components": RATES}, "per": "day"}
    words = said(force={"size": 1000, "as_of": "2025-01-01"}, losses=rate)
    assert "either between 1 and 21 April (30 % of simulations) or between " in words
    assert words.endswith("; in 40 of 100 simulations it does not happen by 31 December 2026.")


def test_a_span_across_new_year_keeps_both_years() -> None:
    sizes = {"distribution": "mixture", "components": [uniform(255, 270), uniform(340, 350)]}
    force = {"size": sizes, "as_of": "2024-04-15"}
    words = said(force=force, losses={"rate": 1, "per": "day"})
    assert "between 26 December 2024 and 9 January 2025 (50 % of simulations) or" in words


def test_clusters_after_an_update_say_so() -> None:
    claims = [
        {"count": uniform(3900, 4100), "as_of": "2025-01-16", "source": "A B C D E F"},
        {"count": uniform(1950, 2050), "as_of": "2025-01-16", "source": ""},
    ]
    reports = [{"label": "R", "date": "2025-02-01", "losses": 4000, "evidence": True}]
    losses = {"start": "2024-12-06", "claims": claims}
    wide = {"error": 0.6, "source_bias": 0.3}
    words = said(force={"size": 12_000}, losses=losses, observed=reports, evidence=wide)
    assert words.startswith("Weighed against a later report, by two reports that disagree, the ")
    assert "Before this report, it would have happened either between " in words


def test_shares_next_to_all_and_none() -> None:
    """Few draws end before the horizon; then nearly all do not."""
    force = {"size": uniform(907, 1900), "as_of": "2025-01-01"}
    rate = {"rate": 5, "per": "day"}
    words = said(force=force, losses=rate, horizon="2025-07-01")
    assert words.endswith("would not be lost by 1 July 2025 in practically all simulations.")


def test_a_median_far_below_its_range_is_not_none() -> None:
    amount = {"distribution": "discrete", "values": [40, 1040], "weights": [2, 1]}
    inflow = [{"amount": amount, "per": "month"}]
    stock = {"size": 20_000, "as_of": "2025-01-01"}
    words = said(wording="stock", force=stock, losses={"rate": 100, "per": "day"}, inflow=inflow)
    assert ", with 40 to 1,040 a month coming in, " in words


def test_the_share_before_an_update_is_said_once() -> None:
    reports = [{"label": "R", "date": "2025-02-01", "losses": 900, "evidence": True}]
    stock = {"size": uniform(10_000, 40_000), "as_of": "2025-01-01"}
    rate = {"rate": uniform(10, 50), "per": "day"}
    words = said(wording="stock", force=stock, losses=rate, observed=reports)
    assert " in in " not in words
    assert "by 31 December 2026 in " in words.partition("Before this report")[2]


OPEN: dict[str, Any] = {
    "force": {"size": 1000, "as_of": "2024-04-10"},
    "losses": {
        "start": "2024-01-01",
        "claims": [
            {"count": uniform(900, 1100), "as_of": "2024-04-10", "source": "the council"},
            {"count": 400, "as_of": "2024-04-10", "source": "the group"},
        ],
    },
    "inflow": [{"amount": 5, "per": "day"}],
}
"""Half lose 4 to 6 a day on balance, 1000 / 5.9 to 1000 / 4.1 days; the others gain one."""


def test_beside_what_never_happens_the_dates_are_those_of_the_rest() -> None:
    """The days 169.5 to 243.9 after 10 April 2024, not the gap from the last of them on."""
    words = said(**OPEN)
    assert words.startswith(
        "At 4 to 10 tanks a day, by two reports that disagree, with 5 a day coming in, the whole "
        "force of 1,000 would be gone between 26 September and 9 December 2024 in 45 of 100 "
        "simulations; in 50 of 100 simulations it does not happen by 31 December 2026 (inflow "
        "exceeds losses in 50)."
    )


def test_reports_of_which_one_gives_no_date_have_no_pace_in_common() -> None:
    """The second has 30 % of the weight: the median of all is a date, but no report’s pace.

    On the days 169 to 243, at 1000 / 244 to 1000 / 169 a day, end 91 % of seven in ten.
    """
    first, second = OPEN["losses"]["claims"]
    claims = [{**first, "weight": 7}, {**second, "weight": 3}]
    words = said(**OPEN | {"losses": {**OPEN["losses"], "claims": claims}})
    assert words.startswith("At 4 to 10 tanks a day, by two reports that disagree, ")
    assert " between 26 September and 9 December 2024 in 64 of 100 simulations; in 30 " in words


def test_dates_of_eight_in_ten_are_those_of_the_rest() -> None:
    """U(8, 12) a day: 1000 / 11.8 to 1000 / 8.2 days after 1 January, 84.7 to 121.9.

    On the whole days 84 to 121, at 1000 / 122 to 1000 / 84 a day, end 93 % of seven in ten.
    """
    ends = [{"label": "ceasefire", "date": "2025-01-02", "probability": 0.3}]
    rate = {"rate": uniform(8, 12), "per": "day"}
    words = said(force={"size": 1000, "as_of": "2025-01-01"}, losses=rate, ends=ends)
    assert " between 26 March and 2 May 2025 in 65 of 100 simulations; in 30 of 100 " in words


def test_reports_that_nearly_agree_do_not_disagree() -> None:
    """Half of both gains from an inflow of about their pace."""
    claims = [
        {"count": uniform(400, most), "as_of": "2024-04-10", "source": f"Report {most}"}
        for most in (600, 620)
    ]
    words = said(**OPEN | {"losses": {"start": "2024-01-01", "claims": claims}})
    assert "disagree" not in words
