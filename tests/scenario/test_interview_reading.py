"""What is said back at once: losses of another kind, and numbers that are taken as certain."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from tests.scenario.interviews import COUNT, DATA, LEFT, STOCK, SUPPLY, before

KILLED = COUNT | {"unit": "soldiers killed or captured"}


def said(typed: dict[str, str], key: str, text: str) -> str:
    """What is said back of an answer."""
    question, answers = before(key, typed, understood=True)
    read, found = dialogue.understood(answers, question, text, DATA)
    return reading.read_back(text, read, answers, found)


@pytest.mark.parametrize(
    ("typed", "key", "text", "note"),
    [
        (KILLED, "losses.count", "700 to 800 dead and wounded", '"killed or wounded" are other'),
        (KILLED, "losses.source", "a paper: dead and wounded", '"killed or wounded" are other'),
        (COUNT | {"losses.count": "900 killed"}, "losses.source", "dead or hurt, injured", "other"),
        (COUNT | {"title": "Killed in May"}, "losses.count", "90 killed and wounded", "other"),
        (COUNT | {"losses.count": "90 casualties"}, "losses.source", "X, the dead", '"killed"'),
        (COUNT, "losses.count", "3000 killed", '"killed" leaves out all other losses'),
        (COUNT, "losses.source", "the ministry, of the dead", '"killed" leaves out'),
    ],
)
def test_losses_of_another_kind_are_told(
    typed: dict[str, str], key: str, text: str, note: str
) -> None:
    assert note in said(typed, key, text)


@pytest.mark.parametrize(
    ("typed", "key", "text"),
    [
        (KILLED, "losses.count", "700 to 800 captured or dead"),
        (COUNT, "losses.count", "700 to 800 dead and wounded"),
        (COUNT, "losses.count", "700 to 800 lost"),
        (COUNT | {"losses.count": "900 killed"}, "losses.source", "X, without the wounded"),
        (COUNT | {"losses.count": "900 killed"}, "force.source", "X, of the wounded"),
        (STOCK, "losses.rate", "200 destroyed a month"),
    ],
)
def test_the_same_losses_in_other_words_are_not(typed: dict[str, str], key: str, text: str) -> None:
    shown = said(typed, key, text)
    assert "leaves out" not in shown
    assert "other losses" not in shown


@pytest.mark.parametrize(
    ("typed", "key", "text", "such_as"),
    [
        (COUNT, "losses.count", "4000", "between 3,600 and 4,400"),
        (STOCK, "losses.rate", "92 a day", "between 83 and 101"),
        (LEFT, "force.counts[0]", "22500 on 2023-10-07", "between 20,250 and 24,750"),
        (SUPPLY, "force.lasts", "5 on 2025-06-18", "between 4.5 and 5.5"),
        (STOCK | {"losses.rate": "about 90 a day"}, "force.size", "3000 on 2026-01-22", "2,700"),
    ],
)
def test_the_first_number_alone_is_called_certain(
    typed: dict[str, str], key: str, text: str, such_as: str
) -> None:
    shown = said(typed, key, text)
    assert "taken as certain; if it is not, a range such as " in shown
    assert such_as in shown


def test_the_first_day_of_a_later_report_is_told() -> None:
    typed = COUNT | {"more": "report", "losses.start": "30 November 2024"}
    key, same = "losses.claims[1].count", "from the same first day, 30 November 2024"
    assert same in said(typed, key, "1450 by 20 January 2025, the ministry")
    assert "first day" not in said(typed, key, "1000 in 7 days")
    assert "to 14 December 2024" in said(COUNT | {"more": "report"}, key, "1450")


def test_only_the_first_number_alone_is_called_certain() -> None:
    for typed, key, text in (
        (COUNT, "losses.count", "3600 to 4400"),
        (COUNT, "losses.count", "about 4000"),
        (COUNT | {"losses.count": "4000"}, "force.size", "12000"),
        (LEFT, "force.counts[1]", "10500 on 2024-06-06"),
        (COUNT, "losses.as_of", "2025-01-16"),
    ):
        assert "certain" not in said(typed, key, text)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("some 3,800 North Korean casualties, the defence minister said", "the defence minister"),
        ("3,800 men, analysts", "analysts"),
        ("3,800 men (ISW)", "ISW"),
        ("3,800 (the ministry, 17 February 2025)", "the ministry, 17 February 2025"),
    ],
)
def test_a_source_behind_the_noun_or_in_brackets(text: str, source: str) -> None:
    question, answers = before("losses.count")
    found = dialogue.understood(answers, question, text, DATA)[1]
    assert found["losses.source"] == f'"{source}"'
    assert "3800" in found["losses.count"]


@pytest.mark.parametrize("text", ["enough for a month", "most of them wounded", "roughly"])
def test_what_names_nobody_is_no_source(text: str) -> None:
    question, answers = before("losses.count")
    with pytest.raises(ScenarioError, match=f'not understood: "{text}"'):
        dialogue.understood(answers, question, f"3,800 men, {text}", DATA)
