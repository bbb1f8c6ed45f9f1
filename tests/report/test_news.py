"""The sentence for a newspaper."""

from __future__ import annotations

from typing import Any

import pytest

import simulate
from simulate.report.text.news import news_sentence
from simulate.scenario.loader import load_mapping
from tests.cases import uniform

STOCK = {"size": 3000, "as_of": "2026-01-22"}
RATE = {"rate": 200, "per": "month"}
COUNT = {"count": 3800, "start": "2024-12-06", "as_of": "2025-01-16"}


def said(*, probability: float = 0.9, **tree: Any) -> str:
    scenario = load_mapping({"title": "T", "horizon": "2040-01-01", **tree})
    summary = simulate.run(scenario, draws=4096).summary
    return news_sentence(summary, probability=probability)


SENTENCES: dict[str, tuple[dict[str, Any], str]] = {
    "a certain claim": (
        {"unit": "soldiers", "force": {"size": 12000}, "losses": COUNT},
        (
            "At 92.7 soldiers a day, the pace reported for 6 December 2024 to 15 January 2025, the "
            "whole force of 12,000 would be lost on 14 April 2025."
        ),
    ),
    "a count of one day": (
        {
            "force": {"size": 12050},
            "losses": {"count": 100, "start": "2025-01-15", "as_of": "2025-01-16"},
        },
        (
            "At 100 units a day, the pace reported for 15 January 2025, the whole force of 12,050 "
            "would be lost on 15 May 2025."
        ),
    ),
    "a stock with what comes in": (
        {
            "wording": "stock",
            "unit": "vehicles",
            "force": STOCK,
            "losses": RATE,
            "inflow": [{"amount": 75, "per": "month", "from": "2026-04-01"}],
        },
        (
            "At 200 vehicles a month, with 75 vehicles a month coming in from 1 April 2026 on, the "
            "whole stock of 3,000 vehicles would be used up on 12 December 2027."
        ),
    ),
    "a floor": (
        {"wording": "fund", "force": {**STOCK, "floor": 600}, "losses": RATE, "thresholds": [0.5]},
        (
            "At 200 units a month, half of what can be used of the fund of 3,000 units would be "
            "spent on 23 July 2026."
        ),
    ),
    "two counts": (
        {
            "force": {
                "counts": [
                    {"size": 22500, "date": "2023-10-07"},
                    {"size": 10500, "date": "2024-06-06"},
                ]
            }
        },
        (
            "At 49.4 units a day, the pace reported for 7 October 2023 to 6 June 2024, the "
            "whole force of 10,500 would be lost on 4 January 2025."
        ),
    ),
    "days of supply": (
        {"wording": "stock", "force": {"lasts": 11, "as_of": "2025-06-18"}},
        "With 11 days of supply on 18 June 2025, the whole stock would be used up on 29 June 2025.",
    ),
    "what is left": (
        {"force": STOCK, "losses": RATE, "thresholds": [{"left": 1000}]},
        (
            "At 200 units a month, the force of 3,000 would be down to 1,000 units on 22 November "
            "2026."
        ),
    ),
    "a fund in millions": (
        {
            "wording": "fund",
            "unit": "million dollars",
            "force": {"size": 14200, "as_of": "2022-01-01"},
            "losses": {"rate": 410, "per": "month"},
            "rate": {"trend_per_month": 0.0132, "trend_until": "2023-01-01"},
            "inflow": [{"amount": 9.5, "per": "month"}],
        },
        (
            "At 410 million dollars a month, rising by about 1.3 % a month until 1 January 2023, "
            "with 9.5 million dollars a month coming in, the whole fund of 14.2 billion dollars "
            "would be spent on 3 August 2024."
        ),
    ),
    "what changes the pace": (
        {
            "unit": "soldiers",
            "force": {"size": 12000},
            "losses": COUNT,
            "rate": {"multiplier": 0.5, "trend_per_week": -0.01},
            "pauses": [{"start": "2025-02-01", "days": 9}],
            "reinforcements": [{"date": "2025-02-15", "size": 1234567}],
            "thresholds": [{"lost": 5000}],
        },
        (
            "At 92.7 soldiers a day, the pace reported for 6 December 2024 to 15 January 2025, "
            "then at 50 % of that pace, falling by about 1 % a week, with pauses and "
            "reinforcements, 5,000 soldiers would be lost on 20 February 2025."
        ),
    ),
    "never": ({"force": STOCK, "losses": RATE, "inflow": [{"amount": 200, "per": "month"}]}, ""),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_condition_and_the_date(name: str) -> None:
    tree, words = SENTENCES[name]
    assert said(**tree) == words


def test_uncertain_values_are_about_their_medians() -> None:
    losses = {**COUNT, "count": uniform(3000, 4600)}
    words = said(force={"size": 12000}, losses=losses, unit="soldiers")
    assert words == (
        "At about 93 soldiers a day, the pace reported for 6 December 2024 to 15 January 2025, "
        "the whole force of 12,000 would be lost around 14 April 2025; nine simulations in ten "
        "fall between 24 March and 14 May."
    )
    assert "half of the simulations fall between 2 April and 29 April." in said(
        force={"size": 12000}, losses=losses, probability=0.5
    )


def test_what_may_never_happen() -> None:
    ends = [{"label": "ceasefire", "date": "2025-02-01", "probability": 0.4}]
    words = said(force={"size": uniform(11000, 13000)}, losses=COUNT, ends=ends)
    assert words.endswith(
        "; in 40 of 100 simulations it does not happen by 1 January 2040 (ceasefire 40)."
    )
    assert said(
        force={"size": 12000}, losses=COUNT, pauses=[{"start": "2025-02-01", "days": 9}]
    ).startswith(
        "At 92.7 units a day, the pace reported for 6 December 2024 to 15 January 2025, with pauses"
    )


MID_APRIL = {"date": "2025-04-15"}
LATE_APRIL = {"from": "2025-04-16", "to": "2025-04-30"}


@pytest.mark.parametrize(
    ("label", "when", "words"),
    [
        ("ISW: mid-April 2025", MID_APRIL, "In 53 % {} by 15 April 2025, the date ISW gave."),
        ("The Post, 2 May", MID_APRIL, "In 53 % {} by 15 April 2025, the date The Post gave."),
        ("US document: soon", MID_APRIL, "{} by 15 April 2025, the published date (US document)."),
        ("Published", MID_APRIL, "{} by 15 April 2025, the published date."),
        ("ISW", LATE_APRIL, "{} in the period ISW gave, 16 to 30 April 2025, and in 53 % earlier."),
        ("ISW", {"date": "2024-12-31"}, "In no simulation does it happen by 31 December 2024, {}"),
        ("ISW", {"date": "2026-12-31"}, "In all simulations it happens by 31 December 2026, {}"),
    ],
)
def test_the_first_published_date_follows(label: str, when: dict[str, str], words: str) -> None:
    """16 April is 131 days after the start, which a count from 41 * 12,000 / 131 on reaches."""
    published = [{"label": label, **when}, {"label": "Second", "date": "2025-05-01"}]
    losses = {**COUNT, "count": uniform(3000, 4600)}
    with_it = said(force={"size": 12000}, losses=losses, published=published)
    ends = "the date ISW gave." if words.endswith("{}") else "of simulations it happens"
    assert with_it.endswith(words.format(ends))
    assert "nine simulations in ten fall between 24 March and 14 May. In " in with_it
    certain = said(force={"size": 12000}, losses=COUNT, published=published)
    assert " would be lost on 14 April 2025. The " in certain
    assert "simulation" not in certain
    assert "Second" not in with_it + certain


def test_dates_far_apart_are_rounded() -> None:
    losses = {**COUNT, "count": uniform(3000, 4600)}
    words = said(force={"size": uniform(12000, 42000)}, losses=losses)
    assert " would be lost around September 2025; " in words
    assert words.endswith("nine simulations in ten fall between April 2025 and March 2026.")
