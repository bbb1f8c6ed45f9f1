"""Whatever is typed is taken, and the file stays valid, or refused with a reason."""

from __future__ import annotations

import contextlib
import functools

from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.errors import LimitError, ScenarioError
from simulate.scenario.interview import dialogue
from simulate.scenario.interview.document import loaded
from simulate.scenario.interview.questions import Question
from tests.scenario.interviews import COUNT, DATA, FUND, LEFT, STOCK, SUPPLY

SETS = {"count": COUNT, "stock": STOCK, "fund": FUND, "left": LEFT, "supply": SUPPLY}
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


@given(
    st.sampled_from(sorted(SETS)),
    st.integers(0, 100),
    st.lists(st.sampled_from([*WORDS, *PEOPLE, *SIGNS]) | OTHERS, max_size=6),
)
@settings(max_examples=300, deadline=None)
def test_any_answer(typed: str, n: int, pieces: list[str]) -> None:
    question, answers = steps(typed)[n % len(steps(typed))]
    with contextlib.suppress(ScenarioError, LimitError):
        read, found = dialogue.understood(answers, question, "".join(pieces), DATA)
        assert found == dialogue.answered(answers, question, read, DATA)
        assert question.key in found
        assert dialogue.explained(question, found)
        assert loaded(found, DATA).scenario.title
