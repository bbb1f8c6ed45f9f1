"""A lasting change of the rate on a date, in the words of a newspaper."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue
from simulate.scenario.interview.document import loaded
from tests.scenario.interviews import DATA, before

FUND = {
    "wording": "fund",
    "known": "rate",
    "unit": "million dollars",
    "losses.rate": "6 a month",
    "losses.source": "the auditor",
    "force.size": "90 on 2025-06-30",
    "more": "trend",
}


@pytest.mark.parametrize(
    ("text", "date", "factor"),
    [
        ("25 % more from July 2026 on", "2026-07-01", (1.25, 1.25)),
        ("a quarter more from 1 July, the ministry", "2025-07-01", (1.25, 1.25)),
        ("from July on payments are expected to rise by a quarter", "2025-07-01", (1.25, 1.25)),
        ("From July on, payments rise by a fifth, the ministry", "2025-07-01", (1.2, 1.2)),
        ("From 1 September the pace doubles", "2025-09-01", (2, 2)),
        ("on 1 August payments rise by a fifth", "2025-08-01", (1.2, 1.2)),
        ("use rises by 20 to 30 % from 1 October on", "2025-10-01", (1.2, 1.3)),
        ("increase by about a fifth from 1 August", "2025-08-01", (1.18, 1.22)),
        ("halves from 1 March 2026", "2026-03-01", (0.5, 0.5)),
        ("cut by 20 % starting in August", "2025-08-01", (0.8, 0.8)),
        ("falls by a tenth from January on", "2026-01-01", (0.9, 0.9)),
        ("20 % less as of 1 October 2025", "2025-10-01", (0.8, 0.8)),
        ("1.5 times as much from 1 August", "2025-08-01", (1.5, 1.5)),
        ("twice as much from the autumn", "2025-09-01", (2, 2)),
        ("1.25 times from 2025-08-01 on", "2025-08-01", (1.25, 1.25)),
        (
            "As new rules take effect on 1 August, payments rise by a fifth from then on",
            *("2025-08-01", (1.2, 1.2)),
        ),
        ("New rules begin on 1 May, so use halves thereafter, the mayor", "2026-05-01", (0.5, 0.5)),
    ],
)
def test_a_change_on_a_date_is_a_step(text: str, date: str, factor: tuple[float, float]) -> None:
    question, answers = before("trend", FUND)
    read, found = dialogue.understood(answers, question, text, DATA)
    rate = loaded(found, DATA).scenario.rate
    assert rate is not None
    (step,) = rate.steps
    assert step.date.describe() == f"constant {date}"
    assert step.factor.support == factor
    assert rate.trend is None
    # What it says it read is an answer that is read the same way.
    assert dialogue.understood(answers, question, read, DATA) == (read, found)


@pytest.mark.parametrize(
    "text",
    [
        "2 % a month from July on",
        "may rise by a quarter from July",
        "down 10 % since July",
        "10 % since spring",
        "rise to 7.5 million a month from August",
        "falls by 120 % from July on",
    ],
)
def test_what_is_no_step_is_refused_with_the_way_to_write_one(text: str) -> None:
    question, answers = before("trend", FUND)
    with pytest.raises(ScenarioError, match=r"25 % more from July 2026 on|must be"):
        dialogue.understood(answers, question, text, DATA)


def test_a_season_without_an_end_is_sent_to_the_trend() -> None:
    question, answers = before("rate.by_month", FUND | {"more": "season"})
    with pytest.raises(ScenarioError, match="answer trend: 25 % more from July 2026 on"):
        dialogue.understood(answers, question, "1.25 from July on", DATA)
    assert dialogue.understood(answers, question, "1.25 from July to December", DATA)


def test_a_source_that_is_more_of_the_change_is_refused_in_its_words() -> None:
    question, answers = before("trend", FUND)
    with pytest.raises(ScenarioError, match="begin with the change, then its day and the name"):
        dialogue.understood(answers, question, "2 % a month, rising until it doubles", DATA)
