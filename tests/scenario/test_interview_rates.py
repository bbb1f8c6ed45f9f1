"""A rate and since when it runs, in one answer or in two."""

from __future__ import annotations

import datetime as dt
import re

import pytest

import simulate
from simulate.errors import ScenarioError
from simulate.report.text.news import news_sentence
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import document, loaded
from tests.scenario.interviews import COUNT, DATA, FUND, LEFT, STOCK, asked, before, read

AIR_FORCE = STOCK | {"losses.rate": "9 a week", "force.size": "250 on 2024-01-03"}


def start_of(rate: str, size: str, wording: str = "stock") -> tuple[str, str]:
    """The first day of a rate in words, and how both answers were read."""
    typed = AIR_FORCE | {"losses.rate": rate, "wording": wording}
    question, answers = before("losses.rate", typed)
    read, found = dialogue.understood(answers, question, rate, DATA)
    said = [reading.read_back(rate, read, answers, found)]
    found |= {"losses.source": ""}
    question = dialogue.next_question(found) or question
    read, last = dialogue.understood(found, question, size, DATA)
    said.append(reading.read_back(size, read, found, last))
    return loaded(last, DATA).scenario.start.describe(), "; ".join(said)


@pytest.mark.parametrize("wording", ["force", "stock", "fund"])
@pytest.mark.parametrize(
    ("rate", "first"),
    [
        # The first example of the interview.
        ("about nine a week since mid-March 2024", "uniform low 2024-03-11, high 2024-03-21"),
        ("about nine a week from mid-March on", "uniform low 2024-03-11, high 2024-03-21"),
        ("six to nine a week since 20 October", "constant 2023-10-20"),
        ("9 a week, since 2 January", "constant 2024-01-02"),
        ("9 a week from March on, the navy", "constant 2024-03-01"),
        ("9 a week since December", "constant 2023-12-01"),
        ("9 a week since 2024-02-20", "constant 2024-02-20"),
        ("9 weekly starting on 20 February", "constant 2024-02-20"),
        ("9/week since the start of the year", "constant 2024-01-01"),
    ],
)
def test_a_rate_says_since_when_it_runs(rate: str, first: str, wording: str) -> None:
    found, said = start_of(rate, "250 on 3 January 2024", wording)
    assert found == first
    assert ("2024" in rate) != ("nearest to the day of the stock" in said)


def test_the_first_day_of_a_rate_is_said_back() -> None:
    _, said = start_of("six to nine a week since 20 October", "250 on 3 January 2024")
    assert 'the year of "20 October" will be the one nearest to the day of the stock' in said
    assert '"20 October", when the rate begins, is 2023-10-20' in said


@pytest.mark.parametrize(
    ("since", "size"),
    [("mid-March", "250 on 2024-01-03"), ("March", "250 in 2023"), ("May", "250 on 2024-04-01")],
)
def test_since_a_day_that_may_be_before_or_after_the_stock(since: str, size: str) -> None:
    with pytest.raises(ScenarioError, match="can begin in 2023 or in 2024") as caught:
        start_of(f"9 a week since {since}", size)
    assert f"with back, and write the year: since {since} 2024" in str(caught.value)


def test_a_day_without_a_year_is_asked_for_where_the_stock_has_none() -> None:
    typed = AIR_FORCE | {"losses.rate": "9 a week since mid-March", "force.size": "250"}
    question, answers = before("losses.start", typed, understood=True)
    assert "Empty" not in dialogue.explained(question, answers)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("9 a week since May until July", "losses.rate has a last day"),
        ("9 a week since the fire on 2 May", 'not understood: "since the fire on 2 May"'),
        ("9 a week from now on", 'not understood: "from now on"'),
    ],
)
def test_no_other_words_are_a_first_day(rate: str, words: str) -> None:
    question, answers = before("losses.rate", AIR_FORCE)
    with pytest.raises(ScenarioError, match=words):
        dialogue.understood(answers, question, rate, DATA)


def test_a_stock_with_a_date_leaves_the_first_day_of_its_rate_open() -> None:
    """Use from 20 February on: 48 days later than from the day of the stock."""
    question, answers = before("losses.start", AIR_FORCE)
    assert "Empty: from the day of the stock on" in dialogue.explained(question, answers)
    medians = []
    for day in ("", "20 February"):
        _, found = dialogue.understood(answers, question, day, DATA)
        scenario = loaded(found | {"more": ""}, DATA)
        medians.append(simulate.run(scenario, draws=64).quantile(0.5).date)
    first, later = medians
    assert first is not None
    assert later is not None
    assert abs((later - first).days - 48) <= 1  # as dates


def test_reports_of_rates_hold_from_the_day_of_the_stock_on() -> None:
    question, answers = before("more", AIR_FORCE | {"losses.start": "2024-02-20"})
    with pytest.raises(ScenarioError, match=r"return to losses.start with back"):
        dialogue.understood(answers, question, "report", DATA)


@pytest.mark.parametrize("month", ["from January", "from 1 January", "since January"])
def test_an_inflow_begins_on_the_day_nearest_to_the_count(month: str) -> None:
    """Whatever is known: a stock of two dates, or one of a date and a rate."""
    two = LEFT | {"force.counts[0]": "14.6 on 2024-01-01", "force.counts[1]": "8.5 on 2024-03-31"}
    for typed in (two, AIR_FORCE | {"force.size": "250 on 2024-03-31"}):
        question, answers = before("inflow.amount", typed | {"more": "inflow"})
        read, _ = dialogue.understood(answers, question, f"0.4 a month {month}", DATA)
        assert read == "0.4 a month from 2024-01-01"


def test_every_question_of_the_rate_is_answered_once() -> None:
    found = asked(AIR_FORCE | {"losses.rate": "9 a week since 2024-02-20", "more": ""})
    assert found["losses.start"] == "2024-02-20"


def test_the_first_day_is_said_once() -> None:
    typed = AIR_FORCE | {"losses.rate": "9 a week since mid-March", "force.size": "250"}
    question, answers = before("losses.start", typed, understood=True)
    read, found = dialogue.understood(answers, question, "mid-March 2024", DATA)
    assert "when the rate begins" not in reading.read_back("mid-March 2024", read, answers, found)


# --- a count in so many days ---


@pytest.mark.parametrize(
    ("text", "a_day"),
    [
        ("9 billion in eight days", [9 / 8]),
        ("about 9 billion in eight days", [0.9 * 9 / 8, 9 / 8, 1.1 * 9 / 8]),
        ("100 to 150 in twelve days", [100 / 12, 150 / 12]),
        ("between 8 and 9 in the first eight days", [1, 9 / 8]),
        ("100 to 150 in the twelve days from 13 to 24 June 2025", [100 / 12, 150 / 12]),
        ("about 9 in the eight days since 13 June 2025, NAME", [0.9 * 9 / 8, 9 / 8, 1.1 * 9 / 8]),
    ],
)
def test_a_count_in_so_many_days_keeps_its_range(text: str, a_day: list[float]) -> None:
    _, found = read(FUND | {"unit": "billion dollars"}, "losses.rate", text)
    law = found["losses.rate"].rpartition("distribution: ")[2]
    numbers = [float(n) for n in re.findall(r"\d[\d.]*", law)]
    assert numbers == pytest.approx(a_day, rel=5e-4)
    assert found["losses.per"] == "day"
    assert found.get("losses.start") == ("2025-06-13" if "June" in text else None)


@pytest.mark.parametrize("during", ["in December 2024", "in early December 2024"])
def test_a_month_in_which_a_rate_was_measured_is_no_end_of_it(during: str) -> None:
    text = f"1,500 killed and wounded a day {during}, the ministry"
    question, answers = before("losses.rate", STOCK | {"wording": "force"})
    said, found = dialogue.understood(answers, question, text, DATA)
    assert found["losses.rate"] == "1500"
    assert found["losses.start"] == "2024-12-01"
    back = reading.read_back(text, said, answers, found)
    assert f"measured {during}; it goes on after that" in back


@pytest.mark.parametrize(
    "text",
    ["20 billion a year more than it takes in, NAME", "20 billion net a year"],
)
def test_a_rate_may_be_what_is_spent_beyond_what_comes_in(text: str) -> None:
    question, answers = before("losses.rate", FUND | {"unit": "dollars"})
    said, found = dialogue.understood(answers, question, text, DATA)
    scenario = loaded(found, DATA).scenario
    assert scenario.losses.net is True
    assert (scenario.losses.rate, scenario.gone) != (None, "spent")
    assert "what comes in is subtracted already" in reading.read_back(text, said, answers, found)
    inflow = {**found, "more": "inflow", "inflow.amount": "1", "inflow.per": "year"}
    with pytest.raises(ScenarioError, match="already subtracted from a net rate"):
        loaded(inflow, DATA)


def test_days_in_which_a_count_was_made_are_no_end_of_its_rate() -> None:
    text = "100 to 150 in the twelve days from 13 to 24 June 2025"
    question, answers = before("losses.rate", STOCK)
    said, found = dialogue.understood(answers, question, text, DATA)
    assert "measured from 13 to 24 June 2025; it goes on after that" in reading.read_back(
        text, said, answers, found
    )


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("100 in the twelve days from 13 to 24 June 2025", "2025-06-25"),
        ("100 from 13 to 24 June 2025", "2025-06-25"),
        # Of eight days, 1 October is the first and 8 October the last.
        ("100 in the eight days since 1 October 2024, NAME", "2024-10-09"),
    ],
)
def test_a_count_with_its_days_need_not_be_a_rate(text: str, last: str) -> None:
    _, found = read(COUNT, "losses.count", text)
    assert (found["losses.count"], found["losses.as_of"]) == ("100", last)


# --- a rate with a season ---

DOLLARS = FUND | {
    "unit": "million dollars",
    "losses.rate": "3 to 4 million a week",
    "force.size": "212 on 1 July 2024",
    "losses.start": "",
    "more": "season",
}
PUBLISHED = "1.9, 1.7, 1.4, 1.0, .6, .4, .35, .35, .5, .8, 1.3, 1.7"


def test_a_stated_rate_is_that_of_the_months_without_a_factor() -> None:
    """3 to 4 a week and twice that in August to October, 60 more in January, by hand."""
    question, answers = before("rate.by_month", DOLLARS, understood=True)
    text = "2 from August to October"
    read, found = dialogue.understood(answers, question, text, DATA)
    said = "3 to 4 a week, but 6 to 8 from August to October"
    assert reading.read_back(text, read, answers, found) == f"the rate is {said}"
    assert f"# Spending per unit of time, the mean of the year: {said}. " in document(found)
    found |= {"reinforcements": "{date: 2025-01-15, size: 60}", "more": ""}
    scenario = loaded(found, DATA)
    result = simulate.run(scenario, draws=4096)
    assert news_sentence(result.summary).startswith(
        "At 3 to 4 million dollars a week from 1 July 2024 on, 6 to 8 million from August to "
        "October, with "
    )
    for level in (0.05, 0.5, 0.95):
        # The engine runs on by days; the hand counts months of the calendar.
        day, left = dt.date(2024, 7, 1), 212.0
        while left > 0:
            left += 60.0 * (day == dt.date(2025, 1, 15))
            left -= (4 - level) / 7 * (2 if 8 <= day.month <= 10 else 1)
            day += dt.timedelta(1)
        date = result.quantile(level).date
        assert date is not None
        assert abs((date - day).days) <= 1, level


@pytest.mark.parametrize(
    ("rate", "ordinary", "mean"),
    [
        ("about 3 million a week", "2.7 to 3.3 a week", "low: 3.375, mode: 3.75, high: 4.125"),
        ("3 or 4 million a week", "3 to 4 a week", "values: [3.75, 5], weights: [1, 1]"),
        ("2, 3, 4 million a week", "2 to 4 a week", "low: 2.5, mode: 3.75, high: 5"),
    ],
)
def test_a_rate_of_any_form_is_multiplied(rate: str, ordinary: str, mean: str) -> None:
    question, answers = before("rate.by_month", DOLLARS | {"losses.rate": rate}, understood=True)
    _, found = dialogue.understood(answers, question, "2 from August to October", DATA)
    assert mean in found["losses.rate"]
    assert found["season"].startswith(ordinary)


def test_of_published_figures_the_rate_is_the_mean() -> None:
    question, answers = before("rate.by_month", DOLLARS, understood=True)
    read, found = dialogue.understood(answers, question, PUBLISHED, DATA)
    assert found["losses.rate"] == answers["losses.rate"]
    assert "the rate is the mean of the year" in reading.read_back("", read, answers, found)


def test_of_a_count_the_factors_stay_as_they_are() -> None:
    question, answers = before("rate.by_month", COUNT | {"more": "season"}, understood=True)
    _, found = dialogue.understood(answers, question, "2 from August to October", DATA)
    assert found["rate.by_month"] == "[1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1]"
