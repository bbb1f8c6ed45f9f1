"""Losses that have ended: what contradicts that, and the question about it."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import document
from simulate.scenario.loader import load_text
from tests.scenario.interviews import COUNT, DATA, LEFT, STOCK, before, written
from tests.scenario.mistakes import refused

HEAD = "title: T\nforce: {size: 500}\n"
COUNTED = "losses: {count: 125, start: 2025-06-13, as_of: 2025-06-25, ended: "
HINT = "ended is the last day of the losses; correct one of the two"


RATE = "losses: {rate: 9, per: day, start: 2025-07-01, ended: 2025-06-24}\n"
TWICE = "force: {counts: [{size: 9, date: 2025-06-01}, {size: 5, date: 2025-06-21}]}\n"
LATER = "observed: [{label: X, date: 2025-06-26, losses: 130}]\n"


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (f"{HEAD}{COUNTED}2025-06-23}}\n", "3:67: {}-23, is before the day of losses.as_of", HINT),
        (
            f"{HEAD}{COUNTED}2025-06-24}}\nends: [{{label: truce, date: 2025-07-01}}]\n",
            "4:7: ends cannot be given beside losses.ended",
            "leave out ends, or losses.ended if another event could have come first",
        ),
        (
            f"{HEAD}{COUNTED}2025-06-24}}\n{LATER}",
            "4:29: 2025-06-26 is after the losses ended, on 2025-06-24",
            "the simulation goes on, so there is nothing to compare it with; leave it out",
        ),
        (
            f"{HEAD.replace('500', '500, as_of: 2025-06-13')}{RATE}",
            "3:55: {}-24, is before the day of losses.start",
            HINT,
        ),
        (
            f"title: T\n{TWICE}losses: {{ended: 2025-06-19}}\n",
            "3:17: {}-19, is before the day of force.counts[1].date",
            HINT,
        ),
    ],
)
def test_what_contradicts_the_end(text: str, said: str, hint: str) -> None:
    said = f"{said} in every simulation" if hint == HINT else said
    refused(text, said.format("losses.ended, 2025-06"), hint)


@pytest.mark.parametrize(
    "text",
    [
        # The last day counted, as the file has the day after; and a day that may be counted.
        f"{HEAD}{COUNTED}2025-06-24}}\n",
        f"{HEAD}{COUNTED}2025-06-20}}\n".replace(
            "as_of: 2025-06-25", "as_of: {distribution: uniform, low: 2025-06-15, high: 2025-07-01}"
        ),
        # All losses may be known later, but not more of them.
        f"{HEAD}{COUNTED}2025-06-24}}\nobserved: [{{label: X, date: 2025-06-25, losses: 130}}]\n",
        "title: T\nforce: {lasts: 9, as_of: 2025-06-21}\nlosses: {ended: 2025-06-20}\n",
    ],
)
def test_what_goes_with_it(text: str) -> None:
    scenario = load_text(text).scenario
    assert load_text(text).scenario.model_validate(scenario.model_dump()) == scenario


def test_the_end_alone_says_nothing_of_a_force() -> None:
    with pytest.raises(ScenarioError, match=r"losses\.count is required"):
        load_text(f"{HEAD}losses: {{ended: 2025-06-24}}\n")


CEASED = COUNT | {
    "losses.start": "13 June 2025",
    "losses.as_of": "24 June 2025",
    "losses.source": "",
    "more": "ended",
}


@pytest.mark.parametrize(
    "text",
    [
        *("24 June", "on 24 June 2025", "2025-06-24", "24th of June", "the end of 24 June 2025"),
        *("ceasefire on 24 June 2025", "a truce of 24 June", "the firing stopped on June 24"),
        "a ceasefire on the 24th of June 2025",
    ],
)
def test_the_day_on_which_losses_stopped(text: str) -> None:
    question, answers = before("losses.ended", CEASED, understood=True)
    found = dialogue.understood(answers, question, text, DATA)[1]
    assert found["losses.ended"] == "2025-06-24"
    assert "When would the whole force have been lost had the losses gone on at" in document(found)


def test_no_end_is_no_end() -> None:
    question, answers = before("losses.ended", CEASED, understood=True)
    found = dialogue.understood(answers, question, "nothing", DATA)[1]
    assert "When would the whole force be lost if the rate stayed the same?" in document(found)


def test_the_end_of_a_month_is_its_last_day() -> None:
    question, answers = before("losses.ended", CEASED, understood=True)
    found = dialogue.understood(answers, question, "at the end of June 2025", DATA)[1]
    assert found["losses.ended"] == "2025-06-30"
    for text in ("June 2025", "soon", "20 June 2025"):
        with pytest.raises(ScenarioError, match=r"losses\.ended"):
            dialogue.understood(answers, question, text, DATA)


@pytest.mark.parametrize("typed", [STOCK, LEFT])
def test_it_is_asked_whatever_is_known(typed: dict[str, str]) -> None:
    scenario = written(typed | {"more": "ended", "losses.ended": "2026-06-24"}).scenario
    assert str(scenario.losses.ended) == "2026-06-24"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("8 July 2025", "the count ends 14 days before its source; if the losses stopped in betwe"),
        ("7 July 2025", ""),
    ],
)
def test_a_count_long_before_its_source(day: str, words: str) -> None:
    typed = CEASED | {"losses.source": f"CNN, {day}"}
    question, answers = before("losses.as_of", typed, understood=True)
    read, found = dialogue.understood(answers, question, "24 June 2025", DATA)
    back = reading.read_back("24 June 2025", read, answers, found)
    assert words in back
    assert ("ended" in back) is bool(words)
