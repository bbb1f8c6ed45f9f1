"""Whatever is typed is taken, and the file stays valid, or refused with a reason."""

from __future__ import annotations

import contextlib
import functools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.errors import LimitError, ScenarioError
from simulate.scenario.interview import dialogue
from simulate.scenario.interview.document import loaded
from simulate.scenario.interview.questions import Question
from tests.scenario.interviews import COUNT, DATA, FUND, LEFT, STOCK, SUPPLY

SETS = {"count": COUNT, "stock": STOCK, "fund": FUND, "left": LEFT, "supply": SUPPLY}
SETS["lists"] = COUNT | {
    "more": "report, report, inflow, inflow, pauses, ends, observed, arrivals, trend",
    "losses.claims[1].count": "3000",
    "losses.claims[1].as_of": "2025-01-05",
    "losses.claims[2].count": "900 in 7 days",
    "losses.claims[2].as_of": "2025-01-05",
    "inflow.amount": "9 a week",
    "inflow[1].amount": "9 a day",
    "trend": "0.02 a month",
    "pauses.start": "2025-02-01",
    "pauses.days": "3",
    "ends.date": "2025-09-01",
    "ends.label": "A truce",
    "observed": "4700 on 2025-02-09",
    "reinforcements": "1 on 2025-02-01",
}
PHRASES = (
    "killed and wounded",
    "in the past week",
    "until",
    "rises by",
    "according to",
    "all",
    "300,380,440",
    "(A)",
    " since mid-December",
    " until July",
    "by the spring",
    "within three months",
    " (one in three)",
    " or ",
    "about ",
    " in taxes",
    "0 or ",
)
WORDS = ("1", "0.5", "2025-01-01", "2025-02", "to", "on", "a day", "left", "nan", "yes", "~", "-")
PEOPLE = ("2 %", "mid-April", "9 May 2025", "3,000", "pace", "6.4bn", "the BBC")
SIGNS = (", ", "; ", " ", '"', "{", "}", "[", "#", ": ", "- ", "\\", "https://", "{w}", "x.csv")
OTHERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)


@functools.cache
def steps(typed: str) -> list[tuple[Question, dict[str, str]]]:
    """Each question of an interview with the answers before it."""
    texts, answers, found = SETS[typed], dict[str, str](), []
    while (question := dialogue.next_question(answers)) is not None:
        found.append((question, answers))
        answers = dialogue.answered(answers, question, texts.get(question.key, ""), DATA)
    return found


def without_words(answers: dict[str, str]) -> dict[str, str]:
    """Answers without the words that sentences repeat as they were typed."""
    label = r'label: "(?:[^"\\]|\\.)*"'
    own = ((key, text) for key, text in answers.items() if not key.startswith("wording."))
    return {
        key: re.sub(label, "", text) if key.startswith("published") else text for key, text in own
    }


@given(
    st.sampled_from(sorted(SETS)),
    st.integers(0, 1000),
    st.lists(st.sampled_from([*WORDS, *PEOPLE, *PHRASES, *SIGNS]) | OTHERS, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_any_answer(typed: str, n: int, pieces: list[str]) -> None:
    question, answers = steps(typed)[n % len(steps(typed))]
    with contextlib.suppress(ScenarioError, LimitError):
        read, found = dialogue.understood(answers, question, "".join(pieces), DATA)
        again = dialogue.answered(answers, question, read, DATA)
        assert without_words(found) == without_words(again)
        assert question.key in found
        assert dialogue.explained(question, found)
        assert loaded(found, DATA).scenario.title


@pytest.mark.parametrize("piece", [*(f"{sign} " for sign in ",;:%"), "on ", "1 ", "x", ", on May "])
@pytest.mark.parametrize("typed", ["lists", "supply"])
def test_the_longest_answer(typed: str, piece: str) -> None:
    """It is refused or taken, without a search that calls itself without end."""
    text = (piece * 3000)[:3000]  # far beyond the depth of any recursion
    for question, answers in steps(typed):
        with contextlib.suppress(ScenarioError, LimitError):
            dialogue.understood(answers, question, text, DATA)
