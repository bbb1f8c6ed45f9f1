"""Answers as a newspaper puts them: in another order, or only in part."""

from __future__ import annotations

import copy
import re

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.notation import date_hint, number_hint
from simulate.scenario.spelling import Hint
from tests.scenario.interviews import COUNT, DATA, FUND, LEFT, STOCK, SUPPLY, before, read, refused

RATE = COUNT | {"known": "rate", "losses.rate": "9 a day", "force.size": "12000 on 2026-01-01"}


# --- in another order ---


@pytest.mark.parametrize(
    ("key", "text", "plain"),
    [
        ("losses.rate", "the UN reported 60 dead a day", "60 dead a day, the UN"),
        ("losses.rate", "60 a day killed in action", "60 killed in action a day"),
        (
            "losses.rate",
            "60 to 75 men a day, killed and wounded",
            "60 to 75 killed and wounded a day",
        ),
        ("losses.rate", "six a week killed, the navy", "6 killed a week, the navy"),
        ("losses.rate", "they lose 40 a day", "40 a day"),
        ("losses.rate", "It has lost an average of 40 a day", "40 a day"),
        ("losses.rate", "Losses are running at about 40 a day", "about 40 a day"),
        ("losses.rate", "the UN says they lose 40 a day", "40 a day, the UN"),
        ("losses.rate", "According to the UN, the army loses 40 a day", "40 a day, the UN"),
        ("losses.rate", "It has killed about six a week", "about six killed a week"),
        (
            "losses.rate",
            "It has killed six a week since May 2025, the UN",
            "6 killed a week since May 2025, the UN",
        ),
        ("inflow.amount", "makes five a month", "5 a month"),
        (
            "inflow.amount",
            "it will make 5 to 7 a month from May 2026",
            "5 to 7 a month from May 2026",
        ),
    ],
)
def test_the_number_may_stand_behind_a_clause(key: str, text: str, plain: str) -> None:
    typed = RATE if key == "losses.rate" else STOCK
    assert read(typed, key, text)[1] == read(typed, key, plain)[1]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("the government adds 1 million a year", "the government"),
        ("The factory will now make 4 a month", "the factory"),
        ("Russia produces 4 a month, the ministry says", "Russia"),
        ("it makes 4 a month", ""),
        ("makes 4 a month", ""),
    ],
)
def test_who_gives_is_what_an_inflow_is_called(text: str, label: str) -> None:
    found = read(FUND, "inflow.amount", text)[1]
    assert found.get("inflow.label", "").strip('"') == label
    assert found["inflow.amount"] in ("1000000", "4")


@pytest.mark.parametrize(
    "text",
    [
        "they have not lost 40 a day",
        "it isn't losing 40 a day",
        "it may lose 40 a day",
        "losses fell by 40 a day",
        "they lost 4 men more than 40 a day",
        "in March they lost 40 a day",
    ],
)
def test_words_that_change_a_number_are_not_dropped(text: str) -> None:
    question, answers = before("losses.rate", RATE)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    # Enter alone does not take them for idle words.
    assert not dialogue.suggestion(answers, question, text, caught.value, DATA)


# --- a part that can be read ---


@pytest.mark.parametrize(
    ("key", "text", "left", "part"),
    [
        ("losses.count", "some 18,000 killed by whenever", "by whenever", "some 18,000 killed"),
        ("losses.count", "18,000, most of them civilians", "most of them civilians", "18,000"),
        (
            "losses.count",
            "18,000 killed, most of them civilians, the UN",
            "most of them civilians",
            "18,000 killed, the UN",
        ),
        (
            "losses.count",
            "They had lost 3,800 by 16 January 2025",
            "They had lost",
            "3,800 by 16 January 2025",
        ),
        ("losses.rate", "perhaps they lose 40 a day", "perhaps they lose", "40 a day"),
        (
            "losses.claims[1].count",
            "In the last two weeks alone 450 were lost, ISW",
            "alone ... were lost",
            "450 in the last two weeks, ISW",
        ),
        ("losses.rate", "60 men a day, most killed", "most killed", "60 men a day"),
        (
            "losses.rate",
            "600 to 700 a day by the end of March, the UN",
            "by the end of March",
            "600 to 700 a day, the UN",
        ),
        ("losses.rate", "60 daily losses", "losses", "60 daily"),
        (
            "force.size",
            "It had half a million at the start of 2024, the UN",
            "It had",
            "half a million at the start of 2024, the UN",
        ),
        (
            "losses.count",
            "By 16 January 2025 the army had lost 1,200 men, the UN",
            "the army had lost",
            "1,200 men by 16 January 2025, the UN",
        ),
        ("losses.rate", "40 a day come from Iran", "come from Iran", "40 a day"),
        ("losses.rate", "some 40 shots every other day", "", ""),
        ("losses.start", "it all began on 6 December 2024", "it all began", "on 6 December 2024"),
    ],
)
def test_what_can_be_read_is_offered(key: str, text: str, left: str, part: str) -> None:
    typed = RATE if key == "losses.rate" else COUNT | {"more": "report"}
    question, answers = before(key, typed)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    (problem,) = caught.value.problems
    if not part:
        assert "for instance" in problem.hint
        return
    name = "second report" if key.startswith("losses.claims") else key
    assert problem.message == f'{name} has words that were not understood: "{left}"'
    assert problem.hint == f"write {part}, if that is what it means"
    wanted = dialogue.understood(answers, question, part, DATA)
    offered = dialogue.suggestion(answers, question, text, caught.value, DATA)
    if "perhaps" in left or "March" in left:  # not by Enter alone
        assert not offered
    else:
        assert dialogue.understood(answers, question, offered, DATA)[1] == wanted[1]


def test_a_share_without_a_number_says_what_to_write() -> None:
    said = refused(COUNT, "losses.count", "most of them")
    assert "most of 12000 is 6000 to 12000, nearly all of it 10800 to 12000" in said
    assert "for instance" not in said
    assert read(COUNT, "losses.count", "most of the 6,000")[0] == "3000 to 6000"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("perhaps five to seven hundred", 500, 700),
        ("five to seven hundred men", 500, 700),
        ("one to two hundred thousand", 100_000, 200_000),
        ("fifty to a hundred", 50, 100),
        ("five hundred to seven hundred", 500, 700),
    ],
)
def test_a_scale_in_words_is_that_of_both_ends(text: str, low: int, high: int) -> None:
    question, answers = before("losses.count", COUNT)
    said, found = dialogue.understood(answers, question, text, DATA)
    assert found["losses.count"] == f"{{distribution: uniform, low: {low}, high: {high}}}"
    assert "10 %" not in reading.read_back(text, said, answers, found)


# --- what a hint means ---


def test_a_hint_has_its_answer_beside_the_text() -> None:
    hints = {
        "12,000": ("12000", ""),
        "several hundred": ("", "{distribution: uniform, low: 200, high: 900}"),
        "12.000": ("", ""),
        "more than 90": ("", "90"),
        "well over 90": ("", ""),
    }
    found = {text: number_hint(text, "count", ranges=True) for text in hints}
    assert {text: (hint.way, hint.such_as) for text, hint in found.items()} == hints
    assert all(hint.of == text for text, hint in found.items())
    assert date_hint("24 June 2025").way == "2025-06-24"
    assert date_hint("3/4/2025").way == ""
    hint = found["12,000"]
    again = copy.copy(hint)
    assert (again, again.way, again.of) == (hint, "12000", "12,000")
    assert isinstance(again, Hint)


# --- kinds, topics, years, reports ---


@pytest.mark.parametrize(
    ("text", "kind", "whole"),
    [
        ("missile reserves", "stock", "missile reserve"),
        ("the oil reserve", "stock", "oil reserve"),
        ("foreign reserves", "fund", ""),
    ],
)
def test_reserves_are_of_the_kind_of_what_they_hold(text: str, kind: str, whole: str) -> None:
    found = read(COUNT, "wording", text)[1]
    assert (found["wording"], found.get("wording.whole", "").strip('"')) == (kind, whole)


@pytest.mark.parametrize(
    ("text", "topic"), [("steps", "trend"), ("delivery", "arrivals"), ("a claim", "report")]
)
def test_a_topic_may_be_in_the_singular_or_plural(text: str, topic: str) -> None:
    assert read(COUNT, "more", text)[1]["more"] == topic


@pytest.mark.parametrize(
    ("day", "start"), [("on 3 March", "2026-03-03"), ("20 December", "2025-12-20")]
)
@pytest.mark.parametrize("source", ["losses.source", "losses.count"])
def test_the_source_of_a_question_tells_the_year(source: str, day: str, start: str) -> None:
    by = "NYT, 5 March 2026" if source == "losses.source" else "3,000, NYT, 5 March 2026"
    question, answers = before("losses.start", COUNT | {source: by}, understood=True)
    said, found = dialogue.understood(answers, question, day, DATA)
    assert found["losses.start"] == start
    back = reading.read_back(day, said, answers, found)
    assert "the year follows from the day of the source, 5 March 2026" in back
    assert "the year is missing" in refused(COUNT, "losses.start", day)


@pytest.mark.parametrize(
    ("typed", "key", "text", "day"),
    [  # the other one would be nearer
        (LEFT, "force.counts[0]", "50,000 in July, Ann Lee, 23 January 2023", "2022-07-01"),
        (COUNT | {"losses.source": "Ann Lee, 23 January 2023"}, "losses.start", "July", "2022-07-"),
    ],
)
def test_nothing_is_counted_after_the_day_of_its_source(
    typed: dict[str, str], key: str, text: str, day: str
) -> None:
    assert day in read(typed, key, text)[0].partition(" to ")[0]


def test_what_is_counted_again_may_be_after_the_day_of_the_first_source() -> None:
    typed = LEFT | {"force.counts[0]": "50,000 in October, Ann Lee, 23 January 2023"}
    question, answers = before("force.counts[1]", typed, understood=True)
    assert "2023-02-28" in dialogue.understood(answers, question, "40,000 in February", DATA)[0]


def test_a_report_of_days_of_its_own_is_a_count_of_so_many_days() -> None:
    text = "1,450 from 10 December 2024 to 20 January 2025, the ministry"
    question, answers = before("losses.claims[1].count", COUNT | {"more": "report"})
    said, found = dialogue.understood(answers, question, text, DATA)
    days = found["losses.claims[1].days"]
    assert (found["losses.claims[1].count"], days) == (
        "1450",
        "42",
    )  # 22 in December and 20 in January
    assert found["losses.claims[1].as_of"] == "2025-01-21"  # the day after the last
    back = reading.read_back(text, said, answers, found)
    assert re.search("a count of 42 days is compared .*, not mixed with the totals", back)
    assert "same first day" not in back


def test_a_word_that_begins_like_a_hedge_is_none() -> None:
    question, answers = before("losses.rate", RATE)
    text = "between 60 and 75 a day, killed or captured"
    said, found = dialogue.understood(answers, question, text, DATA)
    assert "10 %" not in reading.read_back(text, said, answers, found)


def test_a_day_alone_is_no_source() -> None:
    assert "must begin with a name" in refused(COUNT, "losses.source", "from 1 January 2025")
    assert read(COUNT, "losses.source", "from the ministry")[1]["losses.source"]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("The brigade lost around 1,200 men", "count"),
        ("it had spent 340 million dollars by 1 March", "count"),
        ("they lose 40 a day", "rate"),
    ],
)
def test_what_is_known_may_be_a_sentence(text: str, known: str) -> None:
    assert read(COUNT, "known", text)[0] == known


def test_days_of_supply_in_a_sentence() -> None:
    question, answers = before("force.lasts", SUPPLY)
    text = "They have enough for ten to twelve days, as of 18 June 2025"
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    assert dialogue.suggestion(answers, question, text, caught.value, DATA) == (
        "10 to 12 as of 2025-06-18"
    )


def test_a_day_before_a_number_is_not_taken_for_it() -> None:
    question, answers = before("force.counts[0]", LEFT | {"title": "Blood in 2026"})
    text = "On 3 May there were 4,100 units left"
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    assert dialogue.suggestion(answers, question, text, caught.value, DATA) == "4100 on 2026-05-03"


def test_who_promised_something_is_no_day() -> None:
    typed = STOCK | {"more": "arrivals"}
    question, answers = before("reinforcements", typed)
    text = "300 promised by the EU on 1 May 2026 may not come"
    found = dialogue.understood(answers, question, text, DATA)[1]["reinforcements"]
    assert found.startswith("{date: 2026-05-01, size: {distribution: discrete, values: [0, 300]")


@pytest.mark.parametrize(
    ("typed", "key", "text", "as_read", "lost"),
    [
        (COUNT, "unit", "North Korean soldiers killed or wounded", "North Korean soldiers", True),
        (STOCK, "unit", "Iskander missiles fired", "Iskander missiles", True),
        (COUNT, "losses.count", "3,800 North Korean soldiers had been killed", "3800", True),
        (COUNT, "losses.count", "3,800 North Korean soldiers", "3800", False),
    ],
)
def test_what_happened_stands_behind_several_words(
    typed: dict[str, str], key: str, text: str, as_read: str, *, lost: bool
) -> None:
    found, filled = read(typed, key, text)
    assert found == as_read
    assert ("wording.lost" in filled) == lost


def test_a_day_in_other_words_is_offered_alone() -> None:
    said = refused(COUNT, "losses.as_of", "an interview released on 5 January")
    assert 'words that were not understood: "an interview released"' in said
    assert "hint: write on 5 January, if that is what it means" in said


def test_about_so_many_weeks_is_a_time() -> None:
    label = "ISW, 16 January 2025: in about 12 weeks"
    found, _ = read(COUNT, "published", "in about 12 weeks, ISW, 16 January 2025")
    assert found == f"2025-04-10, {label}"  # 84 days on


def test_a_day_is_not_given_to_the_number_of_another() -> None:
    said = refused(
        COUNT, "force.size", "about 50,000, of whom 4,500 had fallen before mid-December"
    )
    assert "hint: write about 50,000, if that is what it means" in said


def test_the_days_of_a_count_have_the_year_of_its_source() -> None:
    found, _ = read(
        COUNT, "losses.count", "80 to 100 from 13 to 17 June, an official, 18 June 2025"
    )
    assert found.startswith("80 to 100 since 2025-06-13 by 2025-06-17, an official")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("a third of the 50,000", "[0.3333]"),
        ("20 % of the force left, half", "[0.8, 0.5]"),
        ("a third left", "[0.6667]"),
        ("80 % of them are lost", "[0.8]"),
        ("lost 12,167", "[{lost: 12167}]"),
        ("0.3, 0.5, 5,000 lost", "[0.3, 0.5, {lost: 5000}]"),
    ],
)
def test_shares_and_amounts_as_they_are_written(text: str, filled: str) -> None:
    assert read(COUNT | {"more": "shares"}, "thresholds", text)[1]["thresholds"] == filled


@pytest.mark.parametrize("text", ["92 casualties a day, ISW", "about 92 casualties a day"])
def test_casualties_are_killed_or_wounded(text: str) -> None:
    found, filled = read(STOCK, "losses.rate", text)
    assert found.endswith(("92 a day, ISW", "83, 92, 101 a day"))
    assert filled["wording.lost"] == '"killed or wounded"'
