"""What may not come: its chance is read where it is typed, and asked for only where it is not."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import choices, dialogue, reading
from simulate.scenario.interview.document import document, loaded
from tests.scenario.interviews import COUNT, DATA, FUND, STOCK, before, questions, written

FUNDED = FUND | {
    "losses.rate": "260000000 a week",
    "force.size": "4100000000 on 2020-05-01",
    "more": "arrivals",
}


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("1.5 billion in July (one in three), X", 1 / 3),
        ("1.5 billion (one in three) in July, X", 1 / 3),
        ("1.5 billion in July, one in three, X", 1 / 3),
        ("a one in three chance of 1.5 billion in July, X", 1 / 3),
        ("a 30 % chance of 1.5 billion in July, X", 0.3),
        ("1.5 billion in July (30 % likely), X", 0.3),
        ("perhaps 1.5 billion in July (chance 0.3), X", 0.3),
        ("1.5 billion in July with an even chance, X", 0.5),
        ("1.5 billion in July, two chances in five, X", 0.4),
    ],
)
def test_a_chance_that_is_typed_is_not_asked_for(text: str, chance: float) -> None:
    question, answers = before("reinforcements", FUNDED)
    found = dialogue.understood(answers, question, text, DATA)[1]
    (event,) = loaded(found, DATA).scenario.reinforcements
    law = event.size.model_dump()
    nothing, size = law["weights"]
    assert (law["values"], event.source) == ((0, 1.5e9), "X")
    assert size / (nothing + size) == pytest.approx(chance, rel=1e-12)
    assert event.date.describe() == "uniform low 2020-07-01, high 2020-08-01"
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "more[1]"


@pytest.mark.parametrize(
    "text", ["0 or 1.5 billion in July", "1.5 billion or nothing in July", "perhaps 1.5 bn in July"]
)
def test_or_nothing_asks_for_the_chance(text: str) -> None:
    question, answers = before("reinforcements", FUNDED)
    found = dialogue.understood(answers, question, text, DATA)[1]
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "reinforcements.probability"
    found = dialogue.understood(found, following, "one in three", DATA)[1]
    assert "values: [0, 1500000000], weights: [2, 1]" in document(found)


@pytest.mark.parametrize(
    "text", ["1.5 billion (so they say) on 1 July 2020", "1.5 billion (in two lots) in July"]
)
def test_other_words_in_brackets_are_refused(text: str) -> None:
    question, answers = before("reinforcements", FUNDED)
    with pytest.raises(ScenarioError, match="has words that mean nothing here"):
        dialogue.understood(answers, question, text, DATA)


def test_or_is_one_of_two() -> None:
    question, answers = before("losses.rate", STOCK)
    read, found = dialogue.understood(answers, question, "six or 7 a day", DATA)
    assert read == "6 or 7 a day"
    law = loaded(found, DATA).scenario.losses.rate
    assert law is not None
    assert law.model_dump()["values"] == (6, 7)
    assert reading.read_back("six or 7 a day", read, answers, found) == (
        "read as 6 or 7 a day; both equally likely"
    )


@pytest.mark.parametrize(
    ("unit", "text", "size"),
    [
        ("million dollars", "4.1 billion", 4100),
        ("million dollars", "4,100", 4100),
        ("Million dollars", "4.1 to 4.3 billion", (4100, 4300)),
        ("million dollars", "4.1-4.3bn", (4100, 4300)),
        ("billions of dollars", "4100 million", 4.1),
        ("dollars", "4.1 billion", 4.1e9),
        ("thousand tonnes", "about 2 million", (1800, 2200)),
        ("$ billion", "about 37.5 billion", (33.75, 41.25)),
        ("$bn", "37.5", 37.5),
        ("US$ million", "about $2 billion", (1800, 2200)),
        ("€m", "some 400", (360, 440)),
        ("$ hundred", "400", 400),
    ],
)
def test_a_unit_may_be_a_million(unit: str, text: str, size: float | tuple[float, float]) -> None:
    typed = FUND | {"unit": unit, "losses.rate": "0.000001 a year"}
    question, answers = before("force.size", typed)
    found = dialogue.understood(answers, question, f"{text} on 1 May 2020", DATA)[1]
    law = loaded(found, DATA).scenario.force.size
    assert law is not None
    assert law.support == (size if isinstance(size, tuple) else (size, size))


@pytest.mark.parametrize(
    ("topic", "key"),
    [
        *(("inflow", "inflow.amount"), ("arrivals", "reinforcements"), ("outflows", "outflows")),
        *(("floor", "force.floor"), ("usable", "force.usable"), ("season", "rate.by_month")),
        *(("trend", "trend"), ("observed", "observed"), ("shares", "thresholds")),
        *(("question", "question"), ("horizon", "horizon"), ("published", "published")),
    ],
)
def test_an_example_can_be_typed(topic: str, key: str) -> None:
    """What a question mark shows for a topic is an answer to its first question."""
    typed = {
        "losses.rate": "9 a week",
        "force.size": "4000000000 on 2020-02-01" if topic == "arrivals" else "5000 on 2026-04-15",
    }
    question, answers = before(key, STOCK | typed | {"more": topic})
    assert dialogue.understood(answers, question, choices.EXAMPLES[topic], DATA)


# --- what a share is a share of ---


@pytest.mark.parametrize(
    ("more", "is_asked"),
    [("", 0), ("inflow", 1), ("arrivals, inflow", 1), ("outflows", 0), ("published", 0)],
)
def test_what_is_half_is_asked_only_where_others_arrive(more: str, is_asked: int) -> None:
    typed = COUNT | {"more": more, "inflow.amount": "9 a day", "outflows": "9 on 2025-02-01"}
    typed |= {"reinforcements": "9 on 2025-02-01"}
    assert [*questions(typed)].count("counting") == is_asked
    on_a_day = typed | {"force.size": "12000 on 2025-02-01"}
    assert "counting" not in questions(on_a_day)


@pytest.mark.parametrize(
    ("answer", "counting"),
    [
        ("sent", "casualties"),
        ("half of all", "casualties"),
        ("there", "strength"),
    ],
)
def test_the_same_troops_give_the_same_answer(answer: str, counting: str) -> None:
    evenly = COUNT | {"more": "inflow", "inflow.amount": "9 a day"}
    at_once = COUNT | {"more": "arrivals", "reinforcements": "9 on 2025-02-01"}
    for typed in (evenly, at_once):
        question, answers = before("counting", typed)
        found = dialogue.understood(answers, question, answer, DATA)[1]
        assert loaded(found, DATA).scenario.counts_by == counting


@pytest.mark.parametrize(
    ("counting", "question"),
    [
        ("present", "When would half of the force be gone if the rate stayed the same?"),
        ("sent", "When would half of the force be killed or wounded if the rate stayed the same?"),
    ],
)
def test_the_question_says_whether_arrivals_count(counting: str, question: str) -> None:
    typed = COUNT | {"more": "inflow, shares", "inflow.amount": "9 a day", "counting": counting}
    typed |= {"thresholds": "0.5", "losses.count": "3000 killed or wounded"}
    asked, answers = before("thresholds", typed, understood=True)
    found = dialogue.understood(answers, asked, "0.5", DATA)[1]
    assert loaded(found, DATA).scenario.question == question


def test_what_is_half_is_by_default_as_in_a_file_without_the_key() -> None:
    inflow = COUNT | {"more": "inflow", "inflow.amount": "9 a day"}
    arrivals = COUNT | {"more": "arrivals", "reinforcements": "9 on 2025-02-01"}
    for typed, usual in ((inflow, "present"), (arrivals, "sent")):
        question, answers = before("counting", typed)
        assert question.usual == usual
        assert "half as many are present as at first (net)" in dialogue.explained(question, answers)
        found = dialogue.understood(answers, question, "", DATA)[1]
        without = loaded({**found, "counting": ""}, DATA).scenario
        assert loaded(found, DATA).scenario.counts_by == without.counts_by


def test_what_comes_in_may_be_named() -> None:
    typed = STOCK | {"more": "inflow", "inflow.amount": "90 a week in payroll taxes, the treasury"}
    (inflow,) = written(typed).scenario.inflow
    assert (inflow.label, inflow.source) == ("payroll taxes", "the treasury")


@pytest.mark.parametrize(
    "text",
    ["perhaps 300 a month beginning in December 2024", "maybe 300 a month from 1 December 2024"],
)
def test_perhaps_so_many_a_month_is_about_so_many(text: str) -> None:
    question, answers = before("inflow.amount", COUNT | {"more": "inflow"})
    read, found = dialogue.understood(answers, question, text, DATA)
    assert read == "270, 300, 330 a month from 2024-12-01"
    assert "is 10 % either way" in reading.read_back(text, read, answers, found)
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key != "inflow.probability"


def test_a_word_of_one_side_is_said() -> None:
    question, answers = before("losses.count", COUNT)
    for text, said in (
        ("nearly 4,000 up to 15 February 2025", '"nearly" is up to 5 % below'),
        ("400 to 420 up to 15 February 2025", ""),
    ):
        read, found = dialogue.understood(answers, question, text, DATA)
        shown = reading.read_back(text, read, answers, found)
        assert said in shown
        assert ("5 %" in shown) == bool(said)
