"""What was lost before the first day counted: beside the count, within it, or left out."""

from __future__ import annotations

import datetime as dt

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import choices, dialogue, reading
from simulate.scenario.interview.document import loaded
from simulate.scenario.model import Scenario
from tests.scenario.interviews import COUNT, DATA, STOCK, asked, before, days, questions

WAGNER = COUNT | {
    "losses.count": "4500",
    "losses.start": "2022-12-15",
    "losses.as_of": "2023-02-16",
    "force.size": "50000",
    "more": "prelude, shares",
    "prelude.count": "4500 from 2022-06-15",
    "thresholds": "0.5",
}
LENGTH = (dt.date(2023, 2, 17) - dt.date(2022, 12, 15)).days  # of the days counted, 64
BEFORE = (dt.date(2022, 12, 15) - dt.date(2022, 6, 15)).days


def understood(key: str, text: str, typed: dict[str, str] = WAGNER) -> tuple[Scenario, str]:
    """The scenario after an answer in words, and what is said back."""
    question, answers = before(key, typed)
    read, found = dialogue.understood(answers, question, text, DATA)
    return loaded(found, DATA).scenario, reading.read_back(text, read, answers, found)


def test_losses_before_the_first_day_are_lost_and_change_no_pace() -> None:
    # Half of 50,000 less the 9,000 lost in all, at 4,500 in 64 days.
    expected = (25000 - 9000) / (4500 / LENGTH)
    assert days(WAGNER | {"more": "prelude, shares"}) == pytest.approx(
        BEFORE + LENGTH + expected, abs=0.01
    )
    alone = {key: text for key, text in WAGNER.items() if key != "prelude.count"}
    assert days(alone | {"more": "shares"}) == pytest.approx(
        LENGTH + (25000 - 4500) / (4500 / LENGTH), abs=0.01
    )


@pytest.mark.parametrize(
    ("text", "start", "low", "high"),
    [
        ("4,500 since 15 June 2022", "constant 2022-06-15", 4500, 4500),
        ("about 4,500 since 15 June", "constant 2022-06-15", 4050, 4950),
        ("200 between 15 June and November 2022", "constant 2022-06-15", 200, 200),
        ("4,000 to 4,400 from 15 June to mid-December 2022", "constant 2022-06-15", 4000, 4400),
        (
            "4,500 since June 2022, a ministry",
            "constant 2022-06-01",
            4500,
            4500,
        ),
    ],
)
def test_how_it_is_written(text: str, start: str, low: float, high: float) -> None:
    scenario, said = understood("prelude.count", text)
    prelude, total = scenario.prelude, 4500 + (low + high) / 2
    assert prelude is not None
    assert prelude.start.describe() == start
    length = BEFORE if start.endswith("15") else BEFORE + 14
    paces = [LENGTH / length * n / 4500 for n in (low, high)]
    assert prelude.intensity.support == pytest.approx(paces, rel=1e-5)
    assert scenario.losses.count is not None
    assert scenario.losses.count.describe() == f"constant {total:,.0f}"
    assert f"{total:,.0f} in all, {total - 4500:,.0f} of them before the first day counted" in said
    assert prelude.source == ("a ministry" if "ministry" in text else "")


def test_another_report_has_the_same_share_before_the_first_day() -> None:
    typed = WAGNER | {
        "more": "prelude, report",
        "losses.claims[1].count": "6000",
        "losses.claims[1].as_of": "2023-02-16",
    }
    said = understood("losses.claims[1].count", "6000, a ministry", typed)[1]
    assert "other reports get the same share before that day" in said
    later = typed | {"more": "report, prelude"}
    assert (
        "other reports get the same share"
        in understood("prelude.count", "900 from 2022-06-15", later)[1]
    )
    claims = loaded(asked(typed), DATA).scenario.losses.claims
    assert [claim.count.support[0] for claim in claims] == [9000, 12000]


def test_its_first_day_is_asked_for_where_it_is_not_said() -> None:
    question, answers = before("prelude.count", WAGNER)
    found = dialogue.understood(answers, question, "4,000 before mid-December", DATA)[1]
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "prelude.start"
    scenario, _ = understood("prelude.start", "15 June", WAGNER | {"prelude.count": "4000"})
    assert scenario.prelude is not None
    assert scenario.prelude.start.describe() == "constant 2022-06-15"


@pytest.mark.parametrize(
    ("text", "count", "shares"),
    [
        ("9,000 in all, a third of them since 15 December 2022", (9000, 9000), (2 / 3, 2 / 3)),
        ("9,000, of which 4,500 since 15 December 2022", (9000, 9000), (0.5, 0.5)),
        ("9,000, about half of them since 15 December 2022", (9000, 9000), (0.45, 0.55)),
        ("9,000 killed, 4,000 to 5,000 since 15 December 2022", (9000, 9000), (4 / 9, 5 / 9)),
        ("9,000, including 6,000 since 15 December 2022, A", (9000, 9000), (1 / 3, 1 / 3)),
        ("9,000 (half of that since 15 December 2022)", (9000, 9000), (0.5, 0.5)),
        ("9,000 to 9,900 dead in all, half since 15 December 2022", (9000, 9900), (0.5, 0.5)),
    ],
)
def test_a_part_of_the_count_since_a_day(
    text: str, count: tuple[float, float], shares: tuple[float, float]
) -> None:
    question, answers = before("losses.count", WAGNER)
    answers = dialogue.understood(answers, question, text, DATA)[1]
    for typed in ("2023-02-16",) if text.endswith("A") else ("", "2023-02-16"):
        following = dialogue.next_question(answers)
        assert following is not None
        answers = dialogue.answered(answers, following, typed, DATA)
    following = dialogue.next_question(answers)
    assert following is not None
    assert following.key == "prelude.start"
    scenario = loaded(dialogue.answered(answers, following, "2022-06-15", DATA), DATA).scenario
    assert scenario.prelude is not None
    assert scenario.losses.count is not None
    assert scenario.losses.count.support == count
    paces = [LENGTH / BEFORE * share / (1 - share) for share in shares]
    assert scenario.prelude.intensity.support == pytest.approx(paces, rel=1e-3)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("4,000 to 5,000", "44.4 to 55.6 %"),
        ("about half of them", "45 to 55 %"),
        ("a third of them", "66.7 %"),
    ],
)
def test_the_share_before_the_first_day_is_said(part: str, said: str) -> None:
    question, answers = before("losses.count", WAGNER)
    text = f"9,000, {part} since 15 December 2022"
    read, found = dialogue.understood(answers, question, text, DATA)
    back = reading.read_back(text, read, answers, found)
    assert f"; {said} of them before that day" in back


def test_where_it_is_said_that_nothing_before_is_counted() -> None:
    warning = "nothing lost before 15 December 2022 is counted; to add it, answer prelude to more"
    for text in ("about 50,000 were sent", "50,000 on 24 February 2022"):
        assert warning in understood("force.size", text)[1]
    for text in ("50,000", "46,000 on 1 January 2023"):
        assert "prelude" not in understood("force.size", text)[1]


RATE = {
    "title": "T",
    "wording": "fund",
    "known": "rate",
    "unit": "dollars",
    "losses.rate": "410 a month",
    "losses.source": "",
    "force.source": "",
    "more": "",
}


def test_from_one_day_to_another_may_be_the_days_counted() -> None:
    alone = "answer the first alone"
    assert alone in understood("losses.start", "from 13 to 24 June 2022")[1]
    assert alone not in understood("losses.start", "13 to 24 June 2022")[1]


@pytest.mark.parametrize(
    ("size", "start", "said"),
    [
        ("14200 on 2022-01-01", "1 August 2022", "; if the rate holds from the day of the size on"),
        ("14200", "1 August 2022", "; to count it, answer count to known"),
        ("14200 on 2022-08-01", "1 August 2022", ""),
    ],
)
def test_a_rate_counts_nothing_before_its_first_day(size: str, start: str, said: str) -> None:
    found = understood("losses.start", start, RATE | {"force.size": size})[1]
    nothing = f"nothing spent before 1 August 2022 is counted{said}"
    assert (nothing in found) == bool(said)
    assert said or "nothing spent" not in found


def test_the_dead_beside_the_size_are_not_lost() -> None:
    question, answers = before("force.size", WAGNER)
    text = "50,000, of whom 4,500 had been killed before mid-December"
    with pytest.raises(ScenarioError, match="counted, answer prelude to more") as caught:
        dialogue.understood(answers, question, text, DATA)
    assert dialogue.suggestion(answers, question, text, caught.value, DATA) == "50000"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("whenever", "prelude.start must be a date"),
        ("20 December 2022", "prelude.start is not before losses.start"),
    ],
)
def test_a_first_day_that_is_none(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        understood("prelude.start", text, WAGNER | {"prelude.count": "4000"})


def test_a_faster_pace_before_is_refused() -> None:
    with pytest.raises(ScenarioError, match="give the size as it was on 2022-12-15"):
        understood("prelude.count", "9,000 since 1 December 2022")


def test_only_a_count_has_a_first_day() -> None:
    assert "prelude" in choices.offered(before("more", WAGNER)[1])
    assert "prelude" not in choices.offered(before("more", STOCK)[1])
    assert "prelude.start" not in questions(COUNT)
    assert loaded(asked(COUNT), DATA).scenario.prelude is None


@pytest.mark.parametrize(
    "text",
    [
        "250 to 300 before the war",
        "a pre-war stock of 250 to 300",
        "250 to 300 at the outset",
        "250 to 300 missiles when it began, analysts",
    ],
)
def test_a_size_before_the_war(text: str) -> None:
    typed = COUNT | {"unit": "missiles", "losses.count": "100"}
    scenario, said = understood(
        "force.size", text, typed | {"losses.start": "2025-06-13", "losses.as_of": "2025-06-24"}
    )
    assert scenario.force.size is not None
    assert scenario.force.size.support == (250.0, 300.0)
    assert scenario.force.as_of is None
    assert "is the first day counted, 13 June 2025" in said


def test_what_is_offered_is_read_again_as_it_was() -> None:
    """Since 11 to 20 December, in figures, is a period; in words it is an uncertain day."""
    question, answers = before("losses.count", WAGNER)
    text = "more than 4,500 since mid-December 2022, A"
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    offered = dialogue.suggestion(answers, question, text, caught.value, DATA)
    assert offered == "4500 since mid-December 2022, A"
    found = dialogue.understood(answers, question, offered, DATA)[1]
    assert found["losses.start"] == "{distribution: uniform, low: 2022-12-11, high: 2022-12-21}"
    assert "losses.as_of" not in found
