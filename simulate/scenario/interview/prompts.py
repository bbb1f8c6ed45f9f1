"""What a question is called before an answer, and which question a line is for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulate.scenario.interview import choices
from simulate.scenario.interview.document import Answers, domain, plain
from simulate.scenario.interview.questions import ASKED, FIRST, Question
from simulate.scenario.interview.topics import ALL_TOPICS, about_topics

_NAMES = {*(plain(question.key) for question in (*FIRST, *about_topics(ALL_TOPICS))), "more"}
_FIRST_OF = {
    topic: plain(next(iter(about_topics({"more": topic}))).key) for topic in choices.TOPICS
}
"""The key of the first question about each topic."""
_ENTRIES = {key: topic for topic, key in choices.LISTS.items()} | {"force.counts": "count"}
_NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_PARTS = {"as_of": "day", "from": "period", "amount": "", "count": ""}
"""Words for the key of an entry."""
_PROMPT = re.compile(
    r"\s*([a-z_.]+(?:\[\d+\][a-z_.]*)?|\w+ [a-z]+(?:, [a-z]+)?)(?: \[[^\]]*\])?:\s*"
)


def usual(question: Question, answers: Answers) -> str | None:
    """The answer of an empty line, None where one is required."""
    return ASKED[domain(answers)].unit if question.key == "unit" else question.usual


def prompt(question: Question, answers: Answers, suggested: str = "") -> str:
    """What is printed before an answer; after a wrong one, with what was suggested.

    An entry of a list is called by its number: `second inflow, source`.
    """
    default, name = suggested or usual(question, answers), called(question.name)
    return f"{name} [{default}]: " if default else f"{name}: "


def called(name: str) -> str:
    """What the prompt calls a question; an entry of a list by its number."""
    if (entry := re.fullmatch(r"([a-z.]+)\[(\d+)\]\.?(.*)", name)) is None:
        return name
    part, index = _PARTS.get(entry[3], entry[3]), int(entry[2])
    nth = _NUMBERS[index] if index < len(_NUMBERS) else f"{index + 1}th"
    return f"{nth} {_ENTRIES[entry[1]]}{f', {part}' if part else ''}"


def keyed(text: str) -> tuple[str, str]:
    """The question that a line begins with, `key: ` or `key [default]: `, and the rest.

    A topic such as `inflow` is short for the first question about it. The key is empty where the
    line begins with none.
    """
    if (match := _PROMPT.match(text)) is None:
        return "", text
    key = _entry(match[1]) or _FIRST_OF.get(match[1], match[1])
    return (key, text[match.end() :]) if plain(key) in _NAMES else ("", text)


def _entry(name: str) -> str:
    """The key that `second inflow, source` stands for; empty for a text of another form."""
    number = name.partition(" ")[0]
    nth = number.removesuffix("th")
    index = _NUMBERS.index(number) if number in _NUMBERS else int(nth) - 1 if nth.isdecimal() else 0
    named = ((block, known) for block in _ENTRIES for known in _NAMES if known.startswith(block))
    keys = (known.replace(block, f"{block}[{index}]", 1) for block, known in named)
    return next((key for key in keys if called(key) == name), "")


def is_for(key: str, question: Question) -> bool:
    """Whether a line with this key answers a question; one with none answers any."""
    of_topic = key in _FIRST_OF.values() and key == plain(question.key)
    return of_topic or key in ("", question.name)


def topics_of(keys: Iterable[str]) -> str:
    """The topics whose first questions have these keys, as an answer to `more`."""
    topics = {key: topic for topic, key in _FIRST_OF.items()}
    return ", ".join(topics[key] for key in map(plain, keys) if key in topics)
