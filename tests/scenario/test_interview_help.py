"""What is read of `about`, what is offered after a wrong answer, and what a question mark shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import simulate
from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, prompts, reading
from simulate.scenario.interview.document import document, loaded
from tests.scenario.interviews import (
    COUNT,
    DATA,
    FUND,
    LEFT,
    SERIES,
    STOCK,
    SUPPLY,
    asked,
    before,
    questions,
)

FLOW = COUNT | {"more": "report"}


@pytest.mark.parametrize(
    ("key", "text", "read"),
    [
        ("losses.rate", "about nine a week", "8.1, 9, 9.9 a week"),
        ("losses.rate", "c. 11 fired a day", "9.9, 11, 12.1 a day"),
        ("losses.rate", "about 5 a day", "4.5, 5, 5.5 a day"),
        ("losses.rate", "about five a week", "4.5, 5, 5.5 a week"),
        ("losses.rate", "about 3 a day", "2.7, 3, 3.3 a day"),
        ("losses.rate", "about 45 a day", "40.5, 45, 49.5 a day"),
        ("losses.rate", "about 50 a day", "45, 50, 55 a day"),
        ("losses.rate", "about 92 a day", "83, 92, 101 a day"),
        ("losses.rate", "about 4.5 a day", "4.05, 4.5, 4.95 a day"),
        ("losses.rate", "about 52 million a week", "46800000, 52000000, 57200000 a week"),
        ("force.size", "roughly 11,000 on 9 May 2025", "9900, 11000, 12100 on 2025-05-09"),
    ],
)
def test_about_is_ten_per_cent_either_way(key: str, text: str, read: str) -> None:
    question, answers = before(key, STOCK)
    said, found = dialogue.understood(answers, question, text, DATA)
    assert said == read
    mode = reading.read_back(text, said, answers, found).partition('" is 10 % either way; ')[2]
    assert mode.partition(" likeliest")[0].replace(",", "") == read.split(", ")[1]


@pytest.mark.parametrize(
    "text",
    [
        "perhaps 500 to 700 vehicles left when the fighting resumed on 2 March 2026",
        "roughly between 500 and 700 vehicles on 2 March 2026",
        "about 500-700 when the war began on 2 March 2026",
    ],
)
def test_nothing_is_added_to_a_range(text: str) -> None:
    question, answers = before("force.size", STOCK)
    said, found = dialogue.understood(answers, question, text, DATA)
    assert found["force.size"] == "{distribution: uniform, low: 500, high: 700}"
    assert found["force.as_of"] == "2026-03-02"
    assert "10 %" not in reading.read_back(text, said, answers, found)


@pytest.mark.parametrize(
    ("key", "text", "offered"),
    [
        ("losses.rate", "several hundred a day", "200 to 900 a day"),
        ("force.size", "several thousand on 9 May 2025", "2000 to 9000 on 2025-05-09"),
        ("force.size", "more than 3,000 on 9 May 2025", "3000 on 2025-05-09"),
        ("force.size", "3,000 or fewer on 9 May 2025", "3000 on 2025-05-09"),
        ("losses.rate", "fewer than 40 a month", "40 a month"),
        ("losses.rate", "at least 500 a month, the maker", "500 a month, the maker"),
        # No year is offered where no other day says which one is meant.
        ("force.size", "3,000 on 9 May", ""),
        ("force.size", "several hundred on 9 May", ""),
        ("losses.rate", "many", ""),
        ("force.size", "several hundred on some day", ""),
    ],
)
def test_what_is_offered_has_been_read(key: str, text: str, offered: str) -> None:
    question, answers = before(key, STOCK)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    limits = dialogue.suggestion(answers, question, text, caught.value, DATA)
    assert limits == offered
    if limits:
        assert prompts.prompt(question, answers, limits) == f"{key} [{limits}]: "
        assert dialogue.answered(answers, question, limits, DATA)


@pytest.mark.parametrize(
    ("typed", "key", "words"),
    [
        (
            COUNT,
            "losses.count",
            r"equally likely.*uniform.*triangular.*\{distribution: lognormal, p5",
        ),
        (COUNT, "losses.start", r"Early, mid and late are thirds of a month"),
        (COUNT, "known", r"rate +about nine a week are fired"),
        (COUNT, "more", r"arrivals +1.5 billion in July 2020 \(one in three\)"),
        (FLOW, "losses.pooling", r"half of the simulations follow the first"),
        (COUNT, "losses.source", r"after a comma"),
        (COUNT, "title", r"A title for the claim"),
    ],
)
def test_a_question_mark_explains_the_question(typed: dict[str, str], key: str, words: str) -> None:
    typed = typed | {"losses.claims[1].count": "3900", "losses.claims[1].as_of": "2025-01-05"}
    question, answers = before(key, typed)
    assert key == "title" or "lognormal" not in dialogue.explained(question, answers)
    with pytest.raises(ScenarioError, match=f"(?s){words}"):
        dialogue.understood(answers, question, "?", DATA)


SURE = COUNT | {"losses.start": "2024-12-06", "losses.as_of": "2025-01-15"}


@pytest.mark.parametrize(
    ("typed", "since"),
    [
        (SURE, "6 December 2024, the first day of the count, on"),
        (SURE | {"force.size": "9000 on 2025-01-01"}, "1 January 2025, the day of the stock, on"),
        (STOCK, "22 January 2026, the day of the stock, on"),
        (FUND, "1 January 2022, the first day of the rate, on"),
        (LEFT, "the day of the first count on, between the counts too (? explains)"),
    ],
)
def test_what_comes_in_begins_on_the_day_that_the_question_names(
    typed: dict[str, str], since: str
) -> None:
    typed = typed | {"more": "inflow", "inflow.amount": "3 a day", "inflow.from": ""}
    assert f"Empty: from {since}" in questions(typed)["inflow.from"]
    day = typed["force.counts[0]"][-10:] if "first count" in since else since.partition(",")[0]
    question, answers = before("inflow.from", typed)
    found = dialogue.understood(answers, question, f"from {day}", DATA)[1]
    results = (simulate.run(loaded(each, DATA), draws=64) for each in (found, asked(typed)))
    one, other = (result.quantile(0.5).day for result in results)
    assert one == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("the last 300", 300),
        ("the last 300 must be kept in reserve", 300),
        ("it may not fall below 2 thousand", 2000),
        ("the stock must not drop below 300", 300),
        ("never below 300 vehicles", 300),
    ],
)
def test_a_floor_in_words(text: str, floor: float) -> None:
    question, answers = before("force.floor", STOCK)
    said, found = dialogue.understood(answers, question, text, DATA)
    assert said == str(floor)
    law = loaded(found, DATA).scenario.force.floor
    assert law is not None
    assert law.support == (floor, floor)


@pytest.mark.parametrize("typed", [COUNT, STOCK, FUND, LEFT, SUPPLY, SERIES])
def test_the_reference_lists_the_prompts(
    typed: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[2] / "configs" / "REFERENCE.md").read_text(encoding="utf-8")
    known = typed["known"]
    (row,) = re.findall(rf"^\| `{known}` \| (`(?:unit|force.lasts)`.*) \|$", text, re.MULTILINE)
    (tmp_path / "losses.csv").write_text(
        "day,tank\n2025-01-01,0\n2025-03-01,80\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    asked_for = [prompts.called(name) for name in questions(typed | {"more": ""})]
    assert asked_for == ["title", "wording", "known", *re.findall(r"`([^`]+)`", row)]


def test_what_was_left_is_called_as_its_prompt() -> None:
    question, answers = before("force.counts[0]", LEFT)
    with pytest.raises(ScenarioError, match=r"^first count needs a date"):
        dialogue.understood(answers, question, "22500", DATA)


def test_topics_are_asked_in_the_order_in_which_they_are_named() -> None:
    typed = STOCK | {"more": "published, usable, floor", "force.usable": "0.9"}
    found = questions(typed | {"published": "2026-05-01, X"})
    assert "follow in that order, published last" in found["more"]
    asked = [key for key in found if key in ("published", "force.usable", "force.floor")]
    assert asked == ["force.usable", "force.floor", "published"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("published", "by the end of the monsoon, an opposition member"),
        ("published", "after July 2026, an analyst"),
    ],
)
def test_an_example_is_not_offered_as_an_answer(key: str, text: str) -> None:
    question, answers = before(key, COUNT | {"more": key})
    with pytest.raises(ScenarioError, match=", such as 2") as caught:
        dialogue.understood(answers, question, text, DATA)
    assert not dialogue.suggestion(answers, question, text, caught.value, DATA)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("wording", ("fund: the aid budget", "a force is lost")),
        # Of killed and wounded, 2.5 and 4.2 to one are 0.71 and 0.81.
        ("wounded.share", ("0.7 to 0.8", "2.5 wounded", "4.2 among", "0.4 to 0.8", "Dupuy")),
    ],
)
def test_a_question_mark_says_more_than_the_question(key: str, words: tuple[str, ...]) -> None:
    typed = COUNT | {"more": "wounded", "wounded.return_share": "a third after 60 days"}
    question, answers = before(key, typed, understood=True)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, "?", DATA)
    assert all(each in str(caught.value) for each in words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a third of the 12,000", "[0.3333]"),
        ("lost 5,167", "[{lost: 5167}]"),
        ("5,167 killed", "[{lost: 5167}]"),
        ("when 600 are left", "[{left: 600}]"),
        ("80 %, 1 thousand soldiers are left", "[0.8, {left: 1000}]"),
    ],
)
def test_shares_and_amounts_as_they_are_written(text: str, expected: str) -> None:
    question, answers = before("thresholds", COUNT | {"more": "shares"})
    assert dialogue.understood(answers, question, text, DATA)[1]["thresholds"] == expected


def test_a_third_is_called_a_third() -> None:
    typed = FUND | {"more": "shares, published", "thresholds": "0.3333", "published": "2024-01-01"}
    assert "By what date will a third of the fund be spent" in questions(typed)["published"]
    _, answers = before("published", typed)
    assert "When would a third of the fund be spent" in document(answers)


def test_examples_are_in_the_words_of_what_runs_out() -> None:
    for typed, words in (
        (STOCK, "3,800 had been used up by 16 January 2025"),
        (FUND, "3,800 had been spent by 16 January 2025"),
        (COUNT, "3,800 had been lost by 16 January 2025"),
    ):
        question, answers = before("known", typed)
        with pytest.raises(ScenarioError, match=words):
            dialogue.understood(answers, question, "?", DATA)
        assert f"what was {words[15:].partition(' by')[0]} by some day" in dialogue.explained(
            question, answers
        )


@pytest.mark.parametrize(
    ("text", "unit"), [("casualties", "soldiers"), ("Russian casualties", "Russian soldiers")]
)
def test_casualties_are_killed_or_wounded_where_a_rate_counts_them(text: str, unit: str) -> None:
    typed = STOCK | {"wording": "force"}
    question, answers = before("unit", typed)
    read, found = dialogue.understood(answers, question, text, DATA)
    assert found["unit"] == f'"{unit}"'
    assert found["wording.lost"] == '"killed or wounded"'
    assert 'the sentences will say "killed or wounded"' in reading.read_back(
        text, read, answers, found
    )
