"""The wounded who return: asked for in the words of a newspaper, and counted as present."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import choices, dialogue
from simulate.scenario.interview.document import document, loaded
from simulate.scenario.warnings import possible_warnings
from tests.scenario.interviews import COUNT, DATA, STOCK, before, questions, written

RETURN = COUNT | {
    "more": "wounded",
    "wounded.return_share": "0.3 after 60",
    "wounded.share": "0.8",
    "wounded.source": "",
}


@pytest.mark.parametrize(
    ("text", "share", "days"),
    [
        ("a third of the wounded return after 60 days", (0.3333, 0.3333), (60, 60)),
        ("about a third after six to eight weeks", (0.3, 0.3666), (42, 56)),
        ("a quarter to a third come back after about 60 days", (0.25, 0.3333), (54, 66)),
        ("half of them will return to duty after two weeks, the army", (0.5, 0.5), (14, 14)),
        ("one in three of those wounded recover after 30 days on average", (0.3333,) * 2, (30, 30)),
    ],
)
def test_who_returns_and_when(
    text: str, share: tuple[float, float], days: tuple[float, float]
) -> None:
    question, answers = before("wounded.return_share", RETURN)
    found = dialogue.understood(answers, question, text, DATA)[1]
    who = loaded(found, DATA).scenario.wounded
    assert who is not None
    assert who.return_share.support == pytest.approx(share)
    assert who.return_days.support == pytest.approx(days)
    assert found.get("wounded.source") == ('"the army"' if "army" in text else None)


def test_days_are_asked_for_where_they_are_not_said() -> None:
    question, answers = before("wounded.return_share", RETURN)
    found = dialogue.understood(answers, question, "a third of the wounded return", DATA)[1]
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "wounded.return_days"


def test_some_weeks_are_refused_with_a_range() -> None:
    question, answers = before("wounded.return_share", RETURN)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, "a third after some weeks", DATA)
    offered = dialogue.suggestion(answers, question, "a third after some weeks", caught.value, DATA)
    assert offered == "0.3333 after 14 to 56 days"


def test_who_returns_is_present() -> None:
    """What is asked last says so, and the file that is written does not warn."""
    scenario = written(RETURN).scenario
    assert (scenario.counting, scenario.gone) == ("strength", "gone")
    assert not [one for one in possible_warnings(scenario) if one.startswith("wounded")]
    assert "whoever returned is present" in questions(RETURN)["counting"]
    sent = written(RETURN | {"counting": "sent"}).scenario
    assert any("counting: strength" in one for one in possible_warnings(sent))


def test_of_a_dated_force_nothing_more_is_asked() -> None:
    dated = RETURN | {"force.size": "9000 on 2025-01-16"}
    assert "counting" not in questions(dated)
    assert written(dated).scenario.minds_returns


def test_only_a_force_has_wounded() -> None:
    _, answers = before("more", STOCK)
    assert "wounded" not in choices.offered(answers)
    assert "Share of the losses that are wounded" in document(before("counting", RETURN)[1])
