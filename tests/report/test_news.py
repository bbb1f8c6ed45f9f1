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
            "whole force of 12,000 would be lost by 14 April 2025."
        ),
    ),
    "a count of one day": (
        {
            "force": {"size": 12050},
            "losses": {"count": 100, "start": "2025-01-15", "as_of": "2025-01-16"},
        },
        (
            "At 100 units a day, the pace reported for 15 January 2025, the whole force of 12,050 "
            "would be lost by 15 May 2025."
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
            "At 200 vehicles a month from 22 January 2026 on, "
            "with 75 a month coming in from 1 April 2026 on, the "
            "whole stock of 3,000 vehicles would be gone by 12 December 2027."
        ),
    ),
    "a floor": (
        {"wording": "fund", "force": {**STOCK, "floor": 600}, "losses": RATE, "thresholds": [0.5]},
        (
            "At 200 units a month from 22 January 2026 on, "
            "half of what can be used of the fund of 3,000 units would be "
            "spent by 23 July 2026."
        ),
    ),
    "a force and those who follow": (  # 2,200 at 410 in 143 days last 767 days
        {
            "force": {"size": 1900},
            "losses": {"count": 410, "start": "2023-09-26", "as_of": "2024-02-16"},
            "reinforcements": [{"date": "2024-04-15", "size": 300}],
        },
        (
            "At 2.87 units a day, the pace reported for 26 September 2023 to 15 February 2024, "
            "with 300 more on 15 April 2024, the whole force of 1,900 and those who follow would "
            "be lost by 1 November 2025."
        ),
    ),
    "a season": (
        {"force": {"size": 12000}, "losses": COUNT, "rate": {"by_month": [1.0] * 6 + [0.5] * 6}},
        (
            "At 136 units a day, 67.9 from July to December, based on figures for 6 December 2024 "
            "to 15 January 2025, the whole force of 12,000 would be lost by 17 March 2025."
        ),
    ),
    "a season of three paces": (  # with a mean of 9, 12 is 4/3 of 90
        {
            "unit": "tons",
            "force": STOCK,
            "losses": {"rate": 90, "per": "day", "start": "2026-02-01"},
            "rate": {"by_month": [6, *[12] * 6, 0, 0, 12, 12, 6]},
        },
        (
            "At 120 tons a day from 1 February 2026 on, 60 from December to January and none from "
            "August to September, the whole force of 3,000 would be lost by 26 February 2026."
        ),
    ),
    "a season of many paces": (
        {"force": STOCK, "losses": RATE, "rate": {"by_month": [1, 1, 1, 2, 3, 4, *[1] * 6]}},
        (
            "At 200 units a month on average over the year from 22 January 2026 on, "
            "changing with the seasons, the whole "
            "force of 3,000 would be lost by 3 May 2027."
        ),
    ),
    "a stated rate that is changed": (
        {"force": STOCK, "losses": RATE, "rate": {"multiplier": 1.5}},
        (
            "At 200 units a month from 22 January 2026 on, "
            "raised by 50 %, the whole force of 3,000 would be lost by 22 "
            "November 2026."
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
            "At 49.4 units a day, the pace between the counts of 7 October 2023 and 6 June 2024, "
            "the rest of the force, 10,500 of 22,500, would be lost by 4 January 2025."
        ),
    ),
    "days of supply": (
        {"wording": "stock", "force": {"lasts": 11, "as_of": "2025-06-18"}},
        "With 11 days of supply on 18 June 2025, the whole stock would be used up by 29 June 2025.",
    ),
    "days of supply, some of them kept": (
        {
            "wording": "stock",
            "unit": "tanks",
            "force": {"lasts": 90, "floor": 30, "as_of": "2022-03-01"},
            "inflow": [{"amount": 0.5, "per": "day"}],
            "reinforcements": [{"date": "2022-04-01", "size": 10}],
        },
        (
            "With 90 days of supply on 1 March 2022, with 10 more on 1 April 2022 and 0.5 days of "
            "supply a day coming in, the stock would fall to 30 days of supply on 19 July 2022."
        ),
    ),
    "what is left": (
        {"force": STOCK, "losses": RATE, "thresholds": [{"left": 1000}]},
        (
            "At 200 units a month from 22 January 2026 on, "
            "the force of 3,000 would fall to 1,000 units on 22 November 2026."
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
            "At 410 million dollars a month from 1 January 2022 on, "
            "rising by about 1.3 % a month until 1 January 2023, "
            "with 9.5 million a month coming in, the whole fund of 14.2 billion dollars "
            "would be gone by 3 August 2024."
        ),
    ),
    "a whole of several things": (
        {
            "unit": "euros",
            "wording": {"preset": "fund", "whole": "reserves"},
            "force": STOCK,
            "losses": RATE,
        },
        (
            "At 200 euros a month from 22 January 2026 on, "
            "all of the reserves of 3,000 euros would be spent by "
            "23 April 2027."
        ),
    ),
    "a whole that names the unit": (
        {
            "unit": "missiles",
            "wording": {"preset": "stock", "whole": "missiles in store", "lost": "fired"},
            "force": STOCK,
            "losses": RATE,
        },
        (
            "At 200 missiles fired a month from 22 January 2026 on, "
            "all 3,000 missiles in store would be fired by "
            "23 April 2027."
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
            "then at 50 % of that pace, falling by about 1 % a week, with a pause and about 1.23 "
            "million more on 15 February 2025, 5,000 soldiers would be lost by 20 February 2025."
        ),
    ),
    "less than one a day": (
        {
            "force": {"size": 30},
            "losses": {"count": 3, "start": "2025-01-01", "as_of": "2025-01-11"},
        },
        (
            "At 2.1 units a week, the pace reported for 1 to 10 January 2025, the whole force of "
            "30 would be lost by 11 April 2025."
        ),
    ),
    "a count by a body": (
        {"force": {"size": 12000}, "losses": {**COUNT, "source": "General Staff, 5 May 2025"}},
        (
            "At 92.7 units a day, based on figures from the General Staff for 6 December 2024 to "
            "15 January 2025, the whole force of 12,000 would have been lost by 14 April 2025."
        ),
    ),
    "a whole with a floor": (
        {
            "wording": "fund",
            "unit": "euros",
            "force": {**STOCK, "size": 1.1e9, "floor": 1.5e8},
            "losses": {"rate": 5.2e7, "per": "week"},
            "reinforcements": [{"date": "2026-03-01", "size": 4e8}],
        },
        (
            "At 52 million euros a week from 22 January 2026 on, "
            "with 400 million more on 1 March 2026, the fund of 1.1 "
            "billion euros would fall to 150 million on 22 July 2026."
        ),
    ),
    "a usable share of people": (
        {"force": {**STOCK, "usable": 0.8}, "losses": RATE},
        (
            "At 200 units a month from 22 January 2026 on, "
            "the whole usable force, 80 % of 3,000, would be lost by "
            "22 January 2027."
        ),
    ),
    "a usable share of a stock": (
        {"wording": "stock", "force": {**STOCK, "usable": 0.8}, "losses": RATE},
        (
            "At 200 units a month from 22 January 2026 on, "
            "the whole usable stock, 80 % of 3,000 units, would be used up "
            "by 22 January 2027."
        ),
    ),
    "arrivals, payments and flows that come too late": (
        {
            "wording": "stock",
            "force": STOCK,
            "losses": RATE,
            "pauses": [{"start": "2029-02-01", "days": 9}],
            "outflows": [{"date": "2029-02-15", "size": 50}],
            "inflow": [{"amount": 75, "per": "month", "from": "2029-04-01"}],
            "reinforcements": [{"date": "2028-09-01", "size": 100}],
        },
        (
            "At 200 units a month from 22 January 2026 on, "
            "the whole stock of 3,000 units would be gone by 23 April "
            "2027, too early for the 100 due on 1 September 2028."
        ),
    ),
    "several arrivals, and what is taken": (
        {
            "wording": "stock",
            "force": STOCK,
            "losses": RATE,
            "outflows": [{"date": "2026-05-15", "size": 50}],
            "reinforcements": [
                {"date": f"2026-0{month}-01", "size": size}
                for month, size in ((3, 100), (5, 250), (4, 350))
            ],
        },
        (
            "At 200 units a month from 22 January 2026 on, "
            "with 700 more in three deliveries by 1 May 2026 and 50 less on "
            "15 May 2026, the whole stock of 3,000 units would be gone by 31 July 2027."
        ),
    ),
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
        "the whole force of 12,000 would be lost by about 14 April 2025; nine simulations in ten "
        "fall between 24 March and 14 May."
    )
    assert "half of the simulations fall between 2 and 29 April." in said(
        force={"size": 12000}, losses=losses, probability=0.5
    )


def test_what_may_never_happen() -> None:
    ends = [{"label": "ceasefire", "date": "2025-02-01", "probability": 0.4}]
    words = said(force={"size": uniform(11000, 13000)}, losses=COUNT, ends=ends)
    assert words.endswith(
        "; in 40 of 100 simulations it does not happen by 1 January 2040 (ceasefire in 40)."
    )
    assert said(
        force={"size": 12000}, losses=COUNT, pauses=[{"start": "2025-02-01", "days": 9}]
    ).startswith(
        "At 92.7 units a day, the pace reported for 6 December 2024 to 15 January 2025, with a pa"
    )


def test_spells_that_make_a_great_difference_stand_beside_the_pace() -> None:
    """60 days of fighting and 60 of rest take twice the time; a pause of 9 days takes 9 more."""
    rotation = {"line_days": 60, "rest_days": 60, "rest_intensity": 0, "return_intensity": 1}
    slow = said(force={"size": 12000}, losses=COUNT, rotation=rotation)
    assert ", slowed as units are relieved in turn, the whole force" in slow
    for days, words in ((9, "with a pause"), (900, "slowed by a pause")):
        pauses = [{"start": "2025-02-01", "days": days}]
        paused = said(force={"size": 12000}, losses=COUNT, pauses=pauses)
        assert f", {words}, the whole force" in paused


def test_what_changes_no_date_is_left_out() -> None:
    wounded = {"share": 0.8, "return_share": 0.5, "return_days": 60}
    tree: dict[str, Any] = {"force": {"size": 12000}, "losses": COUNT, "wounded": wounded}
    by = {way: said(counting=way, **tree) for way in ("casualties", "strength")}
    assert "who return" not in by["casualties"]
    assert ", with wounded who return, " in by["strength"]


def test_a_doubtful_result_says_so() -> None:
    over = said(force={"size": uniform(3500, 4000)}, losses=COUNT)
    assert over.endswith(
        "would already have been lost when the losses were counted, in 60 of 100 simulations, "
        "which puts these figures in doubt."
    )
    some = said(force={"size": uniform(3700, 4700)}, losses=COUNT)
    assert some.endswith(
        "; in 10 % of simulations this point had already passed when the losses were counted, "
        "which puts these figures in doubt."
    )
    size, losses = uniform(2000, 4000), {"rate": 50, "per": "month"}
    scenario = load_mapping(
        {"title": "T", "force": {"size": size, "as_of": "2026-01-22"}, "losses": losses}
    )
    words = news_sentence(simulate.run(scenario, draws=4096).summary)
    assert ", where the simulation ends by default" in words


def test_dates_on_one_day_are_on_that_day() -> None:
    words = said(force={"size": 12000}, losses={**COUNT, "count": uniform(3799, 3801)})
    assert words.endswith("the whole force of 12,000 would be lost by 14 April 2025.")
    wider = said(force={"size": 12000}, losses={**COUNT, "count": uniform(3700, 3900)})
    assert "by about 14 April 2025; nine simulations in ten fall between " in wider


def test_two_humps_have_no_date_between_them() -> None:
    size = {"distribution": "discrete", "values": [0, 1000], "weights": [1, 1]}
    words = said(
        wording="stock",
        force=STOCK,
        losses={"rate": {"distribution": "lognormal", "p5": 175, "p95": 228}, "per": "month"},
        reinforcements=[{"date": "2026-06-01", "size": size}],
    )
    assert " would be gone either between " in words
    assert words.count("(45 %)") + words.count("(45 % of simulations)") == 2
    assert "around" not in words


def test_dates_far_apart_are_rounded() -> None:
    losses = {**COUNT, "count": uniform(3000, 4600)}
    words = said(force={"size": uniform(12000, 42000)}, losses=losses)
    assert " would be lost by about September 2025; " in words
    assert words.endswith("nine simulations in ten fall between April 2025 and March 2026.")


def test_a_part_of_a_month_is_in_it() -> None:
    """At 17.25 a day, the median, 3,000 last 173.9 days, until 23 June."""
    rate = {"rate": uniform(9.5, 25), "per": "day"}
    words = said(force={"size": 3000, "as_of": "2025-01-01"}, losses=rate)
    assert " would be lost by late June 2025; nine simulations in ten fall between " in words
    date = uniform("2025-03-20", "2025-04-25")
    more = [{"date": date, "size": 500}]
    held = said(force={"size": 3000, "as_of": "2025-01-01"}, losses=RATE, reinforcements=more)
    assert ", with 500 more in early April 2025, " in held
