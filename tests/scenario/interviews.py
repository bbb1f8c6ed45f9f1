"""Answers to the questions of `init --interactive`, one set for each thing that can be known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

import simulate
from simulate.errors import ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview import dialogue
from simulate.scenario.interview.document import document
from simulate.scenario.interview.questions import Question
from simulate.scenario.loader import LoadedScenario, load_text

DATA = DataFolder(Path())

COUNT = {
    "title": "A claim",
    "wording": "force",
    "known": "count",
    "unit": "soldiers",
    "losses.count": "3000 to 4200",
    "losses.source": "A newspaper, https://example.org/losses",
    "losses.start": "2024-12-01, 2024-12-06, 2024-12-14",
    "losses.as_of": "2024-12-26 to 2025-01-16",
    "force.size": "12000",
    "force.source": "A newspaper https://example.org/force",
    "more": "horizon, published",
    "horizon": "2026-01-01",
    "published": "2025-04-15, A newspaper",
}
STOCK = {
    "title": "Vehicles",
    "wording": "stock",
    "known": "rate",
    "unit": "vehicles",
    "losses.rate": "200 a month",
    "losses.source": "",
    "force.size": "3000 on 2026-01-22",
    "force.source": "",
    "losses.start": "",
    "more": "inflow, floor",
    "inflow.amount": "75 a month",
    "inflow.source": "",
    "inflow.from": "2026-04-01",
    "force.floor": "600",
}
FUND = {
    "title": "A fund",
    "wording": "fund",
    "known": "rate",
    "unit": "euros",
    "losses.rate": "410 a month",
    "losses.source": "",
    "force.size": "14200",
    "force.source": "",
    "losses.start": "2022-01-01",
    "more": "",
}
LEFT = {
    "title": "Fighters",
    "wording": "force",
    "known": "left",
    "unit": "fighters",
    "force.counts[0]": "22500 on 2023-10-07",
    "force.counts[1]": "10500 on 2024-06-06",
    "force.source": "",
    "more": "",
}
SUPPLY = {
    "title": "Interceptors",
    "wording": "stock",
    "known": "supply",
    "force.lasts": "11 on 2025-06-18",
    "force.source": "",
    "more": "",
}
SERIES = {
    "title": "Tanks",
    "wording": "force",
    "known": "file",
    "unit": "tanks",
    "losses.series.file": "losses.csv, day, tank",
    "rows": "total",
    "losses.series.window": "40",
    "losses.series.source": "A count from pictures, https://example.org/x",
    "force.size": "1000 on 2025-03-01",
    "force.source": "",
    "more": "",
}
MONTH = 365.2425 / 12


Kept = tuple[tuple[str, str], ...]
"""Answers, as a key."""


@cache
def following(answers: Kept) -> Question | None:
    """The next question; interviews that begin alike are led up to there once."""
    return dialogue.next_question(dict(answers))


@cache
def taken(answers: Kept, text: str) -> Kept:
    """The answers with one more, to the next question."""
    question = following(answers)
    assert question is not None
    return tuple(dialogue.answered(dict(answers), question, text, DATA).items())


def asked(
    typed: Mapping[str, str] = COUNT, data: DataFolder = DATA, /, **changes: str
) -> dict[str, str]:
    """The answers, as they are kept, to all questions; each text typed answers one of them."""
    typed = dict(typed) | {key.replace("__", "."): value for key, value in changes.items()}
    answers: Kept = ()
    while (question := following(answers)) is not None:
        text = typed.get(question.key, "")
        if data is DATA:
            answers = taken(answers, text)
        else:
            answers = tuple(dialogue.answered(dict(answers), question, text, data).items())
    return dict(answers)


def before(
    key: str, typed: Mapping[str, str] = COUNT, *, understood: bool = False
) -> tuple[Question, dict[str, str]]:
    """The question for a key, and the answers to those before it, perhaps in words."""
    answers: Kept = ()
    while (question := following(answers)) is not None and question.key != key:
        text = typed.get(question.key, "")
        if understood:
            answers = tuple(dialogue.understood(dict(answers), question, text, DATA)[1].items())
        else:
            answers = taken(answers, text)
    assert question is not None
    return question, dict(answers)


def questions(typed: Mapping[str, str]) -> dict[str, str]:
    """What is said of each question of an interview, by its key."""
    answers, found = dict[str, str](), dict[str, str]()
    while (question := dialogue.next_question(answers)) is not None:
        found[question.name] = found.get(question.name) or dialogue.explained(question, answers)
        answers = dialogue.answered(answers, question, typed.get(question.key, ""), DATA)
    return found


def written(typed: Mapping[str, str] = COUNT, /, **changes: str) -> LoadedScenario:
    return load_text(document(asked(typed, DATA, **changes)))


def days(typed: Mapping[str, str], /, **changes: str) -> float:
    """Days from the first date of a claim that is certain to the last of its stock."""
    day = simulate.run(written(typed, **changes), draws=64).quantile(0.5).day
    assert day is not None
    return day


TOPICS = {
    "inflow.amount": "inflow",
    "losses.claims[1].count": "report",
    "observed": "observed",
    "published": "published",
    "rate.by_month": "season",
    "trend": "trend",
}


def read(typed: dict[str, str], key: str, text: str) -> tuple[str, dict[str, str]]:
    """An answer as it was read, and what it fills."""
    topic = {"more": TOPICS[key]} if key in TOPICS else {}
    question, answers = before(key, typed | topic)
    return dialogue.understood(answers, question, text, DATA)


def refused(typed: dict[str, str], key: str, text: str) -> str:
    """What is said of an answer that is refused."""
    with pytest.raises(ScenarioError) as caught:
        read(typed, key, text)
    return str(caught.value)
