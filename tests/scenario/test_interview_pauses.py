"""A pause in the words of a newspaper: its first day and its length in one answer."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import loaded
from tests.scenario.interviews import COUNT, DATA, before, questions

SURE = COUNT | {"losses.as_of": "2025-01-15", "more": "pauses"}


@pytest.mark.parametrize(
    ("text", "start", "days"),
    [
        ("from 20 January to 10 February", "constant 2025-01-20", (22, 22)),
        ("20 January to 10 February 2025", "constant 2025-01-20", (22, 22)),
        ("2025-01-20 to 2025-02-10", "constant 2025-01-20", (22, 22)),
        ("from 20 January until 10 February", "constant 2025-01-20", (21, 21)),
        ("two weeks from 3 March", "constant 2025-03-03", (14, 14)),
        ("from 3 March for two weeks", "constant 2025-03-03", (14, 14)),
        ("a truce of 10 to 20 days from 1 March on", "constant 2025-03-01", (10, 20)),
        ("a truce from 20 January to 10 February", "constant 2025-01-20", (22, 22)),
        ("a truce from 20 January 2025 to 10 February 2025", "constant 2025-01-20", (22, 22)),
        ("the lull in the fighting from 3 to 9 March", "constant 2025-03-03", (7, 7)),
        (
            "a Christmas break from 24 December 2025 to 6 January 2026",
            "constant 2025-12-24",
            (14, 14),
        ),
        ("a break in February", "constant 2025-02-01", (28, 28)),
        ("in February", "constant 2025-02-01", (28, 28)),
        ("February 2025", "constant 2025-02-01", (28, 28)),
        ("in the spring", "constant 2025-03-01", (92, 92)),
        ("for two weeks in March", "uniform low 2025-03-01, high 2025-04-01", (14, 14)),
    ],
)
def test_a_period_is_the_pause(text: str, start: str, days: tuple[float, float]) -> None:
    question, answers = before("pauses.start", SURE)
    found = dialogue.understood(answers, question, text, DATA)[1]
    (pause,) = loaded(found, DATA).scenario.pauses
    assert pause.start.describe() == start
    assert pause.days.support == days
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "pauses.intensity"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("3 March", "2025-03-03"),
        ("from 3 March on", "2025-03-03"),
        ("between 4 and 15 March", "low: 2025-03-04, high: 2025-03-16"),
        ("mid-March", "low: 2025-03-11, high: 2025-03-21"),
        ("some time in March", "low: 2025-03-01, high: 2025-04-01"),
        ("a truce in mid-March", "low: 2025-03-11, high: 2025-03-21"),
        ("a truce between 4 and 15 March", "low: 2025-03-04, high: 2025-03-16"),
    ],
)
def test_a_day_is_its_beginning(text: str, start: str) -> None:
    question, answers = before("pauses.start", SURE)
    found = dialogue.understood(answers, question, text, DATA)[1]
    assert start in found["pauses.start"]
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "pauses.days"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in February", "read as from 2025-02-01 until 2025-03-01; its last day is 2025-02-28"),
        (
            "two weeks from 3 March",
            "read as from 2025-03-03 until 2025-03-17; its last day is 2025-03-16",
        ),
        ("10 to 20 days from 3 March", "read as from 2025-03-03 for 10 to 20 days; "),
    ],
)
def test_how_a_pause_was_read_is_said(text: str, said: str) -> None:
    question, answers = before("pauses.start", SURE)
    read, found = dialogue.understood(answers, question, text, DATA)
    assert reading.read_back(text, read, answers, found).startswith(said)


@pytest.mark.parametrize(
    ("text", "days"),
    [("a truce from 10 January to 10 February", "26"), ("three weeks from 10 January", "15")],
)
def test_a_pause_that_has_begun_begins_when_the_count_ends(text: str, days: str) -> None:
    question, answers = before("pauses.start", SURE)  # whose last day is 15 January
    read, found = dialogue.understood(answers, question, text, DATA)
    assert (found["pauses.start"], found["pauses.days"]) == ("2025-01-16", days)
    said = reading.read_back(text, read, answers, found)
    assert said.startswith("read as from 2025-01-16 until ")
    assert said.endswith("; what came before is counted already")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("10 January", "begin it on 2025-01-16, with the days left"),
        ("10 to 20 days from 10 January", "begin it on 2025-01-16, with the days left"),
        ("from 1 to 10 January", "leave the pause out"),
        ("a truce early in March", 'words that were not understood: "a truce early"'),
    ],
)
def test_what_is_left_of_a_pause_can_be_unknown(text: str, hint: str) -> None:
    question, answers = before("pauses.start", SURE)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    assert hint in str(caught.value)


def test_a_higher_rate_is_named() -> None:
    asked = questions(SURE | {"pauses.start": "2025-03-01", "pauses.days": "14"})
    assert "Above 1 it is higher" in asked["pauses.intensity"]
