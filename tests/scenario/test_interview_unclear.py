"""Answers whose number is another than it seems are read rightly, or refused with a way out."""

from __future__ import annotations

import math
import re

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from tests.scenario.interviews import (
    COUNT,
    DATA,
    FUND,
    LEFT,
    MONTH,
    STOCK,
    before,
    days,
    questions,
    read,
    refused,
)


@pytest.mark.parametrize(
    ("key", "text", "as_read"),
    [
        ("losses.count", "300 killed and 2,700 wounded", "3000"),
        ("losses.count", "300 soldiers killed, 2700 wounded", "3000"),
        (
            "losses.count",
            "about 300 killed, 650 wounded and 50 missing, the army",
            "900, 1000, 1100",
        ),
        ("losses.rate", "30 killed and 70 wounded a month", "100 a month"),
        ("losses.count", "9,000 killed and as many wounded", "18000"),
        ("losses.count", "some 9,000 killed and about as many wounded", "16200, 18000, 19800"),
        ("losses.count", "9,000 killed and about as many again wounded", "16200, 18000, 19800"),
        ("losses.claims[1].count", "300 killed and 2,700 wounded by 13 January", "3000 by 2025"),
        ("observed", "300 killed and 3,700 wounded by 13 March 2025", "4000 by 2025-03-13"),
    ],
)
def test_parts_of_a_count_are_added(key: str, text: str, as_read: str) -> None:
    found, filled = read(STOCK if key == "losses.rate" else COUNT, key, text)
    assert found.startswith(as_read)
    if key in ("losses.count", "losses.rate"):
        both = '"killed, wounded or missing"' if "missing" in text else '"killed or wounded"'
        assert filled["wording.lost"] == both


@pytest.mark.parametrize(
    "text", ["300 to 400 killed and 2000 wounded", "90 killed and some wounded"]
)
def test_parts_that_cannot_be_added_are_refused(text: str) -> None:
    said = refused(COUNT, "losses.count", text)
    assert f'losses.count must be one number in all (found the text "{text}")' in said


def test_a_refusal_quotes_the_answer_as_it_was_typed() -> None:
    text = "90 killed or wounded or more"
    assert f'(found the text "{text}")' in refused(COUNT, "losses.count", text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("losses.start", "most of them since the end of November"),
        ("losses.start", "mostly from 1 December 2024"),
        ("losses.count", "18,000, most of them since the end of November 2024"),
    ],
)
def test_the_days_of_a_part_are_refused(key: str, text: str) -> None:
    said = refused(COUNT, key, text)
    assert "the days must cover all the losses" in said
    assert "give the day of the first loss" in said


@pytest.mark.parametrize(
    "text",
    [
        "70 to 90 were fired in the four days from 7 to 10 May",
        "70 to 90 in the four days from 7 to 10 May",
        "3,800 killed by mid-January",
    ],
)
def test_what_happened_in_past_days_is_a_count(text: str) -> None:
    question, answers = before("known", COUNT)
    try:
        found = dialogue.understood(answers, question, text, DATA)[1]["known"]
    except ScenarioError as error:
        found = error.problems[0].hint.removeprefix("write ")
    assert found == "count"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("30,000 so far, a prisoners' group", "write the date: 3000 on 22 January 2026"),
        ("30,000 to date, a group, 20 March 2025", "write the date: 30,000 by 20 March 2025"),
    ],
)
def test_so_far_needs_a_day(text: str, hint: str) -> None:
    said = refused(COUNT, "losses.claims[1].count", text)
    assert "depends on when it is read" in said
    assert said.endswith(hint)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (
            "six a month until September, then a dozen a month",
            '"6 a month until September 2026" and "12 a month from September 2026"',
        ),
        (
            "six a month until 3 May 2026 and then 9 a week, the ministry",
            '"6 a month until 3 May 2026" and "9 a week from 3 May 2026"',
        ),
        (
            "six a month, a second line, opening in September",
            '"6 a month from September 2025", or that of a source alone',
        ),
    ],
)
def test_an_inflow_is_one_rate_from_a_day(text: str, ways: str) -> None:
    said = refused(STOCK, "inflow.amount", text)
    assert ways in said
    assert "inflow.source" not in said


@pytest.mark.parametrize("key", ["losses.count", "losses.claims[1].count", "observed"])
def test_what_is_left_is_not_lost(key: str) -> None:
    said = refused(COUNT, key, "700 were left on 9 February 2025")
    assert f"{key} must be what was lost, not what was left" in said
    assert "of 12,000 with 700 left, 11,300" in said


@pytest.mark.parametrize(
    ("typed", "key", "text", "ways"),
    [
        (STOCK, "force.size", "3.000 on 22 January 2026", "write 3000, or 3 if"),
        (STOCK, "losses.rate", "1.500 a day", "write 1500, or 1.5 if"),
        (LEFT, "force.counts[0]", "22.500 on 2023-10-07", "write 22500, or 22.5 if"),
        (COUNT, "losses.count", "3.000 to 4.125", "write 3000, or 3 if"),
        (STOCK, "inflow.amount", "1.125 a month", "write 1125, or 1.1250 if"),
    ],
)
def test_a_dot_before_three_digits_has_two_readings(
    typed: dict[str, str], key: str, text: str, ways: str
) -> None:
    assert ways in refused(typed, key, text)


@pytest.mark.parametrize("text", ["1.1250 a month", "1.125 million a month", "0.125 a month"])
def test_a_dot_that_is_a_decimal_point(text: str) -> None:
    assert read(STOCK, "inflow.amount", text)[1]["inflow.amount"][:1] in "01"


@pytest.mark.parametrize("when", ["last winter", "today", "now", "as of today", "last May"])
def test_a_day_seen_from_today_is_refused(when: str) -> None:
    said = refused(STOCK, "force.size", f"3000 {when}")
    assert "depends on when it is read" in said or "the year is missing" in said


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("3800 since 6 December 2024", "2024-12-06", ""),
        ("3800 killed since early December 2024, the army", "2024-12-01 2024-12-11", ""),
        ("3800 from 6 December 2024 to 16 January 2025", "2024-12-06", "2025-01-17"),
        ("3800 between 6 December and 16 January 2025", "2024-12-06", "2025-01-17"),
        ("3800 from 6 to 16 January 2025, the army", "2025-01-06", "2025-01-17"),
        ("3800 since December by mid-January 2025", "2024-12-01", "2025-01-11 2025-01-21"),
    ],
)
def test_a_count_since_a_day_begins_on_it(text: str, first: str, last: str) -> None:
    found, filled = read(COUNT, "losses.count", text)
    days = {key: re.findall(r"\d{4}-\d\d-\d\d", value) for key, value in filled.items()}
    assert (days["losses.start"], days.get("losses.as_of", [])) == (first.split(), last.split())
    assert filled["losses.count"] == "3800"
    assert f"since {first[:10]}" in found  # it is said back


@pytest.mark.parametrize(
    ("key", "text", "hint"),
    [
        ("losses.count", "3800 since 6 December", "with their years"),
        ("losses.claims[1].count", "210 a month since May", "needs the last day"),
        ("losses.claims[1].count", "210 a month from May to June", "210 a month by 2025-06-30"),
        ("losses.claims[1].count", "1450 since 10 December", "or 1450 from 2024-12-10 to 20"),
        ("observed", "4700 since 9 February 2025", "observed is a total since losses.start"),
        ("observed", "700 from 1 to 9 February 2025", "write 700 by 2025-02-09, if it is"),
    ],
)
def test_a_count_since_another_day_is_refused(key: str, text: str, hint: str) -> None:
    assert hint in refused(COUNT, key, text)


@pytest.mark.parametrize(
    ("key", "text", "first", "until"),
    [
        ("inflow.amount", "75 a month from March to May", "2026-03-01", "2026-06-01"),
        ("inflow.amount", "75 a month from January to December, A", "2026-01-01", "2027-01-01"),
        ("inflow.amount", "75 a month from rain from March to May", "2026-03-01", "2026-06-01"),
        ("inflow.amount", "75 a month from November to March 2027", "2026-11-01", "2027-04-01"),
        ("inflow.amount", "75 a month from November 2026 to March", "2026-11-01", "2027-04-01"),
        ("inflow.amount", "75 a month between 1 and 10 March", "2026-03-01", "2026-03-11"),
        ("inflow.amount", "75 a month from 2026-03-01 to 2026-04-10", "2026-03-01", "2026-04-11"),
        ("inflow.amount", "75 a month from March until May", "2026-03-01", "2026-05-01"),
        ("inflow.from", "March to May", "2026-03-01", "2026-06-01"),
        ("inflow.from", "from March to mid-May", "2026-03-01", "2026-05-21"),
        ("inflow.amount", "75 a month from rain, starting in May", "2026-05-01", None),
    ],
)
def test_an_inflow_has_the_days_that_are_named(
    key: str, text: str, first: str, until: str | None
) -> None:
    topics = STOCK | {"more": "inflow", "inflow.amount": "75 a month", "inflow.source": ""}
    found = read(topics, key, text)[1]
    assert (found["inflow.from"], found.get("inflow.until")) == (first, until)


@pytest.mark.parametrize(
    "text",
    [
        "9 a week since January until March 2026",
        "9 a week, half as much again from December to February, the navy",
    ],
)
def test_a_rate_with_a_last_day_is_refused(text: str) -> None:
    said = refused(STOCK, "losses.rate", text)
    assert "losses.rate has a last day" in said
    assert "season, trend, pauses, ends" in said


@pytest.mark.parametrize("days", ["in the next week", "until 11 March 2026", "for two weeks"])
def test_a_rate_that_is_said_to_end_is_not_one_that_was_measured(days: str) -> None:
    said = refused(STOCK, "losses.rate", f"9 a week {days}")
    assert "losses.rate must be" in said or f'not understood: "{days}"' in said


@pytest.mark.parametrize(
    ("days", "first"),
    [
        ("in the first ten days since 2 March 2026", "2026-03-02"),
        ("over the ten days from 2 to 11 March 2026", "2026-03-02"),
        ("from 2 to 11 March 2026", "2026-03-02"),
        ("between 2 and 11 March 2026", "2026-03-02"),
        ("from December to March 2026", "2025-12-01"),
        ("over the past month", None),
    ],
)
@pytest.mark.parametrize("rate", ["18 to 25 a day", "between 18 and 25 a day"])
def test_a_rate_goes_on_after_the_days_in_which_it_was_measured(
    rate: str, days: str, first: str | None
) -> None:
    question, answers = before("losses.rate", STOCK)
    text = f"{rate} {days}, an official"
    said, found = dialogue.understood(answers, question, text, DATA)
    assert found.get("losses.start") == first
    assert found["losses.rate"] == "{distribution: uniform, low: 18, high: 25}"
    assert found["losses.source"] == '"an official"'
    assert f"measured {days}; it goes on after" in reading.read_back(text, said, answers, found)
    again, _ = dialogue.understood(answers, question, said, DATA)
    assert "measured" not in reading.read_back(said, again, answers, found)


@pytest.mark.parametrize("text", ["$400 a month", "GBP 1.4 million a month", "400 pounds a month"])
def test_another_currency_than_that_of_the_unit_is_refused(text: str) -> None:
    assert "losses.rate must be in euros, not in" in refused(FUND, "losses.rate", text)
    assert read(FUND, "losses.rate", "€400 a month")[1]["losses.rate"] == "400"


@pytest.mark.parametrize(
    "text",
    [
        "by June, ISW and by July, BBC",
        "2025-04-15, ISW; by June, the BBC and by July, the ministry",
    ],
)
def test_a_name_has_no_second_day(text: str) -> None:
    assert "published has a second day in a name" in refused(COUNT, "published", text)


@pytest.mark.parametrize(("text", "said"), [("20 a month", "20"), ("-1.5 a week", "-1.5")])
def test_a_trend_of_one_or_more_is_no_share(text: str, said: str) -> None:
    found = refused(STOCK, "trend", text)
    assert f"trend can be {said} % or {said} of what is counted" in found
    way = re.search("write (.+?), or", found)
    assert way
    assert read(STOCK, "trend", way[1])  # what it says to write is read


@pytest.mark.parametrize(
    ("text", "change"), [("20 % a month", 0.2), ("-20 % a month", -0.2), ("a tenth a month", 0.1)]
)
def test_a_trend_of_a_large_share(text: str, change: float) -> None:
    found = float(read(STOCK, "trend", text)[1]["rate.trend_per_month"])
    assert found == pytest.approx(math.log1p(change), abs=5e-5)  # four digits of it


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("a third more in winter", "267"),
        ("a quarter less in winter", "150"),
        ("30 % less in winter", "140"),
        ("half as much again in winter", "300"),
        ("half as much in winter", "100"),
    ],
)
def test_a_season_in_words_for_more_and_less(text: str, rate: str) -> None:
    season = read(STOCK, "rate.by_month", text)[1]["season"]
    assert season == f"200 a month, but {rate} from December to February"


def test_several_seasons_are_between_semicolons() -> None:
    assert "a semicolon between" in refused(STOCK, "rate.by_month", "half in May, twice in June")


@pytest.mark.parametrize(
    "text", ["most of them in January", "half in January", "more in January", "2 in December"]
)
def test_what_some_weeks_show_is_no_season(text: str) -> None:
    said = refused(COUNT, "rate.by_month", text)
    assert "a past rise is not a season" in said
    assert "known: rate" in said


def test_other_months_are_a_season() -> None:
    factors = [2 if month in (0, 11) else 1 for month in range(12)]
    for typed, text in (
        (COUNT, "2 from December to January"),  # all that was counted
        (COUNT | {"losses.start": "2024-06-01"}, "2 from December to January"),
        (COUNT, ", ".join(map(str, factors))),
        (LEFT, "2 from December to January"),
    ):
        assert read(typed, "rate.by_month", text)[1]["rate.by_month"] == str(factors)


@pytest.mark.parametrize("until", ["", "until 2025-06-15"])
def test_what_comes_in_begins_with_the_stock_whether_it_has_a_day_or_not(until: str) -> None:
    typed = COUNT | {"wording": "stock", "losses.count": "130", "losses.start": "2025-01-26"}
    typed |= {"losses.as_of": "2025-04-01", "more": "inflow", "inflow.from": until}
    for size in ("240", "240 on 2025-01-26"):
        case = typed | {"inflow.amount": "9 a month", "force.size": size}
        asked = questions(case)["inflow.from"]
        assert "from 26 January 2025" in asked
        assert "added to the stock of 240" in asked
        # 66 days were counted; what came in is part of the 240 less what was used.
        used, came = 130 / 66, 9 / MONTH
        gone = (240 + 140 * came) / used if until else 240 / (used - came)
        assert days(case) == pytest.approx(gone, abs=1e-6)
