"""A rate and since when it runs, in one answer or in two."""

from __future__ import annotations

import pytest

import simulate
from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue
from simulate.scenario.interview.document import loaded
from tests.scenario.interviews import DATA, LEFT, STOCK, asked, before

AIR_FORCE = STOCK | {"losses.rate": "9 a week", "force.size": "250 on 2024-01-03"}


def start_of(rate: str, size: str, wording: str = "stock") -> tuple[str, str]:
    """The first day of a rate in words, and how both answers were read."""
    typed = AIR_FORCE | {"losses.rate": rate, "wording": wording}
    question, answers = before("losses.rate", typed)
    read, found = dialogue.understood(answers, question, rate, DATA)
    said = [dialogue.read_back(rate, read, answers, found)]
    found |= {"losses.source": ""}
    question = dialogue.next_question(found) or question
    read, last = dialogue.understood(found, question, size, DATA)
    said.append(dialogue.read_back(size, read, found, last))
    return loaded(last, DATA).scenario.start.describe(), "; ".join(said)


@pytest.mark.parametrize("wording", ["force", "stock", "fund"])
@pytest.mark.parametrize(
    ("rate", "first"),
    [
        # The first example of the interview.
        ("about nine a week since mid-March 2024", "uniform low 2024-03-11, high 2024-03-21"),
        ("about nine a week since mid-March", "uniform low 2024-03-11, high 2024-03-21"),
        ("six to nine a week since 20 February", "constant 2024-02-20"),
        ("9 a week, since 20 February", "constant 2024-02-20"),
        ("9 a week from March on, the navy", "constant 2024-03-01"),
        ("9 a week since December", "constant 2023-12-01"),
        ("9 a week since 2024-02-20", "constant 2024-02-20"),
        ("9 weekly since 20 February", "constant 2024-02-20"),
        ("9/week since the start of the year", "constant 2024-01-01"),
    ],
)
def test_a_rate_says_since_when_it_runs(rate: str, first: str, wording: str) -> None:
    found, said = start_of(rate, "250 on 3 January 2024", wording)
    assert found == first
    assert ("2024" in rate) != ("nearest to the day of the stock" in said)


def test_the_first_day_of_a_rate_is_said_back() -> None:
    _, said = start_of("six to nine a week since 20 February", "250 on 3 January 2024")
    assert 'the year of "20 February" will be the one nearest to the day of the stock' in said
    assert '"20 February", when the rate begins, is 2024-02-20' in said


def test_a_day_without_a_year_is_asked_for_where_the_stock_has_none() -> None:
    typed = AIR_FORCE | {"losses.rate": "9 a week since mid-March", "force.size": "250"}
    question, answers = before("losses.start", typed, understood=True)
    assert "Empty" not in dialogue.explained(question, answers)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("9 a week since May until July", "losses.rate has a last day"),
        ("9 a week since the fire on 2 May", "losses.rate does not begin on a day"),
        ("9 a week from now on", "losses.rate does not begin on a day"),
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
    assert "when the rate begins" not in dialogue.read_back("mid-March 2024", read, answers, found)
