"""Topics that are named again: several reports, inflows, pauses, ends, published dates."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import simulate
from simulate.errors import ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import document, loaded
from simulate.scenario.interview.questions import Question
from simulate.scenario.loader import load_text
from tests.scenario.interviews import (
    COUNT,
    DATA,
    FUND,
    MONTH,
    STOCK,
    asked,
    before,
    days,
    questions,
    written,
)


def test_several_inflows_by_naming_them_again() -> None:
    """3,000 less 200 a month, with 75 a month from 1 April and 25 for April alone."""
    second = {"inflow[1].amount": "25 a month, a union"}
    second |= {"inflow[1].from": "from 2026-04-01 until 2026-05-01"}
    at_once = STOCK | second | {"more": "inflow, inflow"}
    later = STOCK | second | {"more": "inflow", "more[1]": "inflow"}
    assert days(at_once) == pytest.approx(689.085 + 30 * 25 / 125, abs=1e-6)
    assert document(asked(at_once)) == document(asked(later))
    assert [one.source for one in written(at_once).scenario.inflow] == ["", "a union"]
    said = questions(later)
    assert list(said).count("more") == 1  # the same words in each prompt
    assert "inflow[1].source" not in said


def test_several_reports_are_pooled() -> None:
    """4,000 in 40 days and 3,000 in 30, and 700 in a week beside them."""
    typed = COUNT | {"losses.count": "4000", "losses.start": "2024-12-06", "more": "report"}
    typed |= {"losses.as_of": "2025-01-15", "more[1]": "report and observed"}
    typed |= {"losses.claims[1].count": "3000 to 3100, NIS", "losses.claims[1].as_of": "2025-01-05"}
    typed |= {"losses.claims[2].count": "700 in the last 7 days", "losses.claims[2].source": "ISW"}
    typed |= {"losses.claims[2].as_of": "2025-01-05", "observed": "4700 on 2025-02-09, NIS"}
    scenario = written(typed).scenario
    losses = scenario.losses
    assert losses.pooling == "linear"
    assert losses.count is losses.as_of is None
    assert [claim.source for claim in losses.claims] == ["A newspaper", "NIS", "ISW"]
    assert losses.claims[0].url == "https://example.org/losses"
    assert losses.claims[1].count.describe() == "uniform low 3,000, high 3,100"
    assert [claim.days for claim in losses.claims] == [None, None, 7]
    assert losses.shares == pytest.approx((1 / 2, 1 / 2), rel=1e-12)
    assert [one.label for one in scenario.observed] == ["NIS"]
    each = typed | {"losses.pooling": "separate"}
    assert written(each).scenario.losses.is_each


def test_several_reports_of_a_rate() -> None:
    typed = STOCK | {"more": "report", "losses.rate": "200 a month, IISS"}
    typed |= {"losses.claims[1].count": "250 a month", "losses.pooling": "average"}
    # The average of the two is 225 a month, on the day of the stock if no other is named.
    assert days(typed) == pytest.approx(3000 / 225 * MONTH, abs=1e-6)
    first, second = written(typed).scenario.losses.claims
    assert (first.source, second.source) == ("IISS", "")
    assert first.as_of == second.as_of


@pytest.mark.parametrize(
    ("text", "pooling"),
    [
        ("", "linear"),
        ("either", "linear"),
        ("one or the other", "linear"),
        ("linear", "linear"),
        ("an average", "quantile"),
        ("in between", "quantile"),
        ("quantile", "quantile"),
        ("separate", "each"),
        ("side by side", "each"),
        ("each", "each"),
    ],
)
def test_how_reports_enter_in_plain_words(text: str, pooling: str) -> None:
    typed = COUNT | {"more": "report", "losses.claims[1].count": "1450 by 5 January 2025, NIS"}
    question, answers = before("losses.pooling", typed, understood=True)
    found = dialogue.understood(answers, question, text, DATA)[1]
    assert found["losses.pooling"] == pooling
    # What is asked has no word of the file.
    asked = dialogue.explained(question, answers)
    assert not re.search("linear|quantile|pool", asked)
    assert asked.count("date") == 3


def test_several_of_each_list() -> None:
    typed = COUNT | {"more": "pauses, ends, published, arrivals, outflows"}
    typed |= {"more[1]": "pauses, ends, published, arrivals, outflows"}
    typed |= {"pauses.start": "2025-02-01", "pauses.days": "10 to 20"}
    typed |= {"pauses[1].start": "2025-04-01", "pauses[1].days": "3", "pauses[1].intensity": "0.2"}
    typed |= {"ends.date": "2025-09-01", "ends.label": "A ceasefire", "ends.probability": "0.3"}
    typed |= {"ends[1].date": "2025-10-01 to 2025-10-31", "ends[1].label": "A withdrawal"}
    typed |= {"published": "2025-04-15, ISW", "published[1]": "2031-05, Another"}
    typed |= {"reinforcements": "1 on 2025-02-01; 2 on 2025-02-02, NIS, https://example.org/y"}
    typed |= {"reinforcements[1]": "3 on 2025-02-03", "outflows": "4 on 2025-02-04"}
    typed |= {"outflows[1]": "5 on 2025-02-05"}
    assert "\noutflows:\n  - {date: 2025-02-04, size: 4}\n  - {" in document(asked(typed))
    scenario = written(typed).scenario
    assert [pause.days.describe() for pause in scenario.pauses] == [
        "uniform low 10, high 20",
        "constant 3",
    ]
    assert [pause.intensity and pause.intensity.support[0] for pause in scenario.pauses] == [0, 0.2]
    assert [end.label for end in scenario.ends] == ["A ceasefire", "A withdrawal"]
    assert [one.label for one in scenario.published] == ["ISW", "Another"]
    assert str(scenario.last_day) == "2031-05-31"
    arrivals = [(one.size.support[0], one.source, one.url) for one in scenario.reinforcements]
    assert arrivals == [(1, "", ""), (2, "NIS", "https://example.org/y"), (3, "", "")]
    assert [one.size.support[0] for one in scenario.outflows] == [4, 5]


def test_counts_published_later_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text("day,tank\n2025-02-09,4700\n", encoding="utf-8")
    answers = asked(COUNT | {"more": "observed", "observed": "later.csv"}, DataFolder(tmp_path))
    file = tmp_path / "f.yaml"
    file.write_text(document(answers), encoding="utf-8")
    (one,) = simulate.load(file).scenario.observed
    assert (one.label, one.losses.support[0]) == ("later, 2025-02-09", 4700)


MAY_NOT_COME = FUND | {
    "losses.rate": "400000000 a month",
    "force.size": "10000000000 on 2025-06-18",
}


@pytest.mark.parametrize(
    "text",
    [
        "2 billion in October 2025, but may not",
        "perhaps 2 billion in October 2025",
        "2 billion is expected in October 2025",
        "2 billion in October 2025, if approved",
        "2 billion (if Congress agrees) in October 2025",
        "2 billion if approved in October 2025",
        "2 billion possibly in October 2025, Congress",
        "2 billion in October 2025, Congress, may not come",
    ],
)
@pytest.mark.parametrize(
    ("topic", "key"), [("arrivals", "reinforcements"), ("outflows", "outflows")]
)
def test_words_of_doubt_ask_for_a_chance(topic: str, key: str, text: str) -> None:
    question, answers = before(key, MAY_NOT_COME | {"more": topic})
    answers = dialogue.understood(answers, question, text, DATA)[1]
    question = next_question(answers)
    assert question.key == f"{key}.probability"
    for chance, share in (
        ("an even chance", 0.5),
        ("30 %", 0.3),
        ("0.3", 0.3),
        ("one in four", 0.25),
    ):
        found = dialogue.understood(answers, question, chance, DATA)[1]
        (event,) = getattr(loaded(found, DATA).scenario, key)
        assert event.size.describe().startswith("discrete")
        assert event.size.values == (0, 2e9)
        whole = sum(event.size.weights)
        assert [weight / whole for weight in event.size.weights] == pytest.approx(
            [1 - share, share], rel=1e-12
        )
        assert event.source == ("Congress" if ", Congress" in text else "")
        assert "probability" not in document(found)
        assert next_question(found).key == "more[1]"


def next_question(answers: dict[str, str]) -> Question:
    question = dialogue.next_question(answers)
    assert question is not None
    return question


@pytest.mark.parametrize("text", ["2 billion on 1 May 2026, a ministry", "2 billion in May 2026"])
def test_what_is_certain_needs_no_chance(text: str) -> None:
    question, answers = before("reinforcements", MAY_NOT_COME | {"more": "arrivals"})
    answers = dialogue.understood(answers, question, text, DATA)[1]
    assert next_question(answers).key == "more[1]"


@pytest.mark.parametrize("chance", ["2", "likely", "-0.1"])
def test_a_chance_is_between_0_and_1(chance: str) -> None:
    typed = MAY_NOT_COME | {"more": "inflow", "inflow.amount": "60 to 90 a month, if approved"}
    question, answers = before("inflow.probability", typed)
    with pytest.raises(ScenarioError, match=r"(?s)from 0 to 1 .*an even chance is 0.5"):
        dialogue.understood(answers, question, chance, DATA)
    (inflow,) = written(typed | {"inflow.probability": "0.8"}).scenario.inflow
    law = inflow.amount.model_dump()
    assert law["weights"] == pytest.approx((0.2, 0.8), rel=1e-12)
    assert (law["components"][0], law["components"][1]["high"]) == (0, 90)
    assert (inflow.source, inflow.per) == ("", "month")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("the end of the summer, the ministry", "the ministry: the end of the summer"),
        ("ISW says in mid-April 2025", "ISW: in mid-April 2025"),
        ('A \\ "B": mid-April', 'A \\ "B": mid-April'),
        ("April 2025", "April 2025"),
        ("2025-04-10 to 2025-04-20, ISW", "ISW"),
        ("2025-04, ISW", "ISW"),
        ("15 April 2025, ISW", "ISW"),
        ("by 15 April 2025, ISW", "ISW"),
        ("by April 2025, a colonel", "a colonel: by April 2025"),
        ("by the end of April 2025, ISW", "ISW: by the end of April 2025"),
    ],
)
def test_a_period_keeps_its_words(text: str, label: str) -> None:
    question, answers = before("published", COUNT)
    found = dialogue.understood(answers, question, text, DATA)[1]
    (published,) = loaded(found, DATA).scenario.published
    assert published.label == label


@pytest.mark.parametrize(
    ("key", "text", "back"),
    [
        (
            "losses.count",
            "540 to 660",
            "anything from 540 to 660; each value equally likely; ? explains ranges",
        ),
        (
            "losses.count",
            "540-660",
            "read as 540 to 660; each value equally likely; ? explains ranges",
        ),
        ("losses.count", "540, 600, 660", ""),
        (
            "losses.start",
            "2024-12-01 to 2024-12-03",
            "anything from 2024-12-01 to 2024-12-03; each day equally likely",
        ),
        ("force.size", "9000 to 9500", "anything from 9000 to 9500; each value equally likely"),
    ],
)
def test_what_a_range_means_is_said(key: str, text: str, back: str) -> None:
    typed = COUNT | {"losses.count": "600 to 700" if key == "force.size" else "600"}
    question, answers = before(key, typed)
    read, found = dialogue.understood(answers, question, text, DATA)
    said = reading.read_back(text, read, answers, found)
    assert said.removesuffix("; ? explains ranges") == back.removesuffix("; ? explains ranges")
    assert (key != "force.size" and back != "") == said.endswith("; ? explains ranges")


@pytest.mark.parametrize("when", ["on 2025-10-15", "in October 2025"])
@pytest.mark.parametrize(
    ("topic", "key"), [("arrivals", "reinforcements"), ("outflows", "outflows")]
)
def test_what_comes_may_be_anything_from_nothing_on(topic: str, key: str, when: str) -> None:
    question, answers = before(key, MAY_NOT_COME | {"more": topic})
    found = dialogue.understood(answers, question, f"0 to 2 billion {when}", DATA)[1]
    (event,) = getattr(loaded(found, DATA).scenario, key)
    assert event.size.describe() == "uniform low 0, high 2,000,000,000"
    assert next_question(found).key == "more[1]"


@pytest.mark.parametrize("text", ["4000 by 2025-01-20", "4000, as of 2025-01-20, a ministry"])
def test_the_day_of_a_count_may_follow_it(text: str) -> None:
    """Then it is not asked for."""
    typed = COUNT | {"more": "report", "losses.claims[1].count": text}
    assert "losses.claims[1].as_of" not in questions(typed)
    (_, claim) = written(typed).scenario.losses.claims
    assert claim.as_of.describe() == "constant 2025-01-21"
    assert claim.count.describe() == "constant 4,000"
    first = {k: v for k, v in COUNT.items() if k != "losses.as_of"} | {"losses.count": text}
    assert "losses.as_of" not in questions(first)
    losses = written(first).scenario.losses
    assert losses.as_of is not None
    assert losses.as_of.describe() == "constant 2025-01-21"
    late = before("losses.start", first)
    with pytest.raises(ScenarioError, match=r"not before losses\.as_of"):
        dialogue.answered(late[1], late[0], "2025-01-10 to 2025-02-20", DATA)


def test_several_published_dates_in_one_answer() -> None:
    """Between semicolons; one that only separates a date from its name does not end an answer."""
    typed = COUNT | {"more": "published"}
    question, answers = before("published", typed)
    text = "by the spring, an analyst; 10 May 2030, a ministry"
    read, found = dialogue.understood(answers, question, text, DATA)
    assert read == "2025-02-28, an analyst: by the spring; 2030-05-10, a ministry"
    published = load_text(document(found)).scenario.published
    names = [(one.label, str(one.date)) for one in published]
    assert names == [("an analyst: by the spring", "2025-02-28"), ("a ministry", "2030-05-10")]
    read, found = dialogue.understood(answers, question, "2025-04-15; an analyst", DATA)
    (one,) = load_text(document(found)).scenario.published
    assert one.label == "an analyst"


@pytest.mark.parametrize(
    ("text", "first", "end", "low", "high"),
    [
        ("120 built between March and May 2026", "2026-03-01", "2026-06-01", 120, 120),
        ("120 in the first quarter of 2027, the maker", "2027-01-01", "2027-04-01", 120, 120),
        ("about 120 to be delivered from March to June", "2026-03-01", "2026-07-01", 108, 132),
        ("30 to 40 over the summer of 2026", "2026-06-01", "2026-09-01", 30, 40),
        ("another 60 in 2026", "2026-01-01", "2027-01-01", 60, 60),
    ],
)
def test_what_comes_in_a_period_is_spread_over_its_days(
    text: str, first: str, end: str, low: float, high: float
) -> None:
    question, answers = before("inflow.amount", STOCK)
    found = dialogue.understood(answers, question, text, DATA)[1]
    assert (found["inflow.from"], found["inflow.until"]) == (first, end)
    (inflow,) = loaded(found, DATA).scenario.inflow
    n_days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(first)).days
    n = n_days / {"day": 1, "week": 7, "month": MONTH}[inflow.per]
    assert [n * edge for edge in inflow.amount.support] == pytest.approx([low, high], rel=1e-3)


def test_a_count_in_many_days_is_a_pace_of_a_longer_unit_of_time() -> None:
    """Two billion over 61 days is no 0.03279 billion a day."""
    question, answers = before("inflow.amount", STOCK)
    read, found = dialogue.understood(answers, question, "2 from August to September 2026", DATA)
    assert read == "0.9979 a month from 2026-08-01 until 2026-10-01"
    assert float(found["inflow.amount"]) * 61 / MONTH == pytest.approx(2, rel=1e-4)
