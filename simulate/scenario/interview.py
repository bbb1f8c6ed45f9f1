"""Questions that lead to a scenario file, each answer checked at once by the scenario's rules.

An answer becomes the value of a key. After each one, the file is written with stand-ins for what is
not yet known, and validated as a whole; so the finished file is valid.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ruamel.yaml.comments import CommentedMap

from simulate.errors import Problem, ScenarioError
from simulate.scenario.answers import (
    Answers,
    Plain,
    Value,
    by_rate,
    domain,
    loaded,
    quoted,
    usual_horizon,
)
from simulate.scenario.notation import Spelling, is_nothing, spelling
from simulate.scenario.values import ISO_DATE, days_of_month, shown
from simulate.scenario.words import DOMAINS, Domain
from simulate.scenario.yaml_source import resolve

_TYPED = Spelling("{} to {}", "{}, {}, {}", per=" (next answer: {})", period="{} to {}")
_TO = re.compile(r"\s+to\s+")


@dataclass(frozen=True, slots=True)
class Question:
    """The key of the file that an answer fills, and what to say about it.

    `text` has places for the words of the domain. `read` makes a value of the answer. `usual` is
    the answer of an empty line, None where one is required. Unless `when` holds, the question is
    skipped.
    """

    key: str
    text: str
    read: Callable[[str], Value]
    usual: str | None = None
    when: Callable[[Answers], bool] = lambda _: True


class _Asked(NamedTuple):
    """Words of the questions by domain, beside those of the answer."""

    how: str
    unit: str
    units: str
    inflow: str


_ASKED: Mapping[Domain, _Asked] = {
    "force": _Asked("How many were", "soldiers", "soldiers, tanks", "recruits or production"),
    "stock": _Asked("How much was", "units", "missiles, litres", "production or rain"),
    "fund": _Asked("How much was", "dollars", "dollars, euros", "contributions or interest"),
}


# --- what an answer becomes ---


def _value(text: str) -> str:
    """A number or date as it was typed; text where it is neither, for the scenario to refuse."""
    return Plain(text) if _is_value(text) else quoted(text)


def _date(text: str) -> str:
    """As `_value`, of a question for a date, for which 400 days or the year 2026 is none."""
    return Plain(text) if ISO_DATE.fullmatch(text) else quoted(text)


def _date_or_period(text: str) -> Value:
    """A day, a month, or a period from one to the other."""
    ends = _TO.split(text)
    if len(ends) == 2 and all(map(_is_day_or_month, ends)):
        return CommentedMap(zip(("from", "to"), map(Plain, ends), strict=True))
    return Plain(text) if _is_day_or_month(text) else quoted(text)


def _is_day_or_month(text: str) -> bool:
    return bool(ISO_DATE.fullmatch(text) or days_of_month(text))


def _is_value(text: str) -> bool:
    return ISO_DATE.fullmatch(text) is not None or not isinstance(resolve(text), str)


def _law(of_two: str, names: tuple[str, str], text: str) -> Value:
    """A bare value, a range in the family `of_two`, or low, mode and high."""
    ends, three = _TO.split(text), re.split(r",\s+", text)
    if len(ends) == 2 and all(map(_is_value, ends)):
        law = CommentedMap(distribution=of_two, **dict(zip(names, map(Plain, ends), strict=True)))
    elif len(three) == 3 and all(map(_is_value, three)):
        low, mode, high = map(Plain, three)
        law = CommentedMap(distribution="triangular", low=low, mode=mode, high=high)
    else:
        return _value(text)
    law.fa.set_flow_style()
    return law


def _known(text: str) -> str:
    if text.lower() in ("count", "rate"):
        return text.lower()
    raise ScenarioError(Problem(f"known must be 'count' or 'rate' (found {shown(text)})"))


_count = functools.partial(_law, "lognormal", ("p5", "p95"))
_range = functools.partial(_law, "uniform", ("low", "high"))


# --- the questions ---


def _by_count(answers: Answers) -> bool:
    return not by_rate(answers)


def _with(key: str) -> Callable[[Answers], bool]:
    return lambda answers: bool(answers.get(key))


def _as_at_first(answers: Answers) -> bool:
    return not answers.get("force.as_of")


def _from_a_start(answers: Answers) -> bool:
    return by_rate(answers) and _as_at_first(answers)


def _is_stock(answers: Answers) -> bool:
    """Whether there can be a floor and an inflow."""
    return by_rate(answers) or not _as_at_first(answers)


_DATES = (
    "One date (2025-01-16), a range in which every moment is equally likely (its last day is "
    "excluded: 2025-01-04 to 2025-01-16), or earliest, most likely, latest."
)
_SIZES = (
    "One number, a range in which every value is equally likely (10000 to 12500), or lowest, most "
    "likely, highest."
)
_SAME_FORMS = "Answer in the same forms."
_AS_OF = (
    "As of which date is the size of the {w.whole} known? It is then what was {w.present} on that "
    "date."
)
_NO_DATE = "Empty: it is the size {w.at_first}."
_PER = "Per day, week, month or year?"
_WHERE = "Where can it be read? Empty: none."

QUESTIONS = (
    Question("title", "A title for the claim, shown on every result.", quoted, "My claim"),
    Question("wording", "What runs out: a force, a stock or a fund?", str.lower, "force"),
    Question("unit", "What is counted, in the plural: {asked.units}.", quoted),
    Question(
        "known",
        "What is known: a count ({w.losses} up to some day) or a rate ({w.losses} per day, week, "
        "month or year)?",
        _known,
        "count",
    ),
    Question(
        "losses.count",
        "{asked.how} {w.lost}? One number (3800), a range that holds it in nine cases of ten (3000 "
        "to 4200, lognormal), or lowest, most likely, highest (3000, 3800, 4400, triangular).",
        _count,
        when=_by_count,
    ),
    Question(
        "losses.rate",
        "{asked.how} {w.lost} per unit of time? The unit is the next question. One number (92), a "
        "range that holds it in nine cases of ten (80 to 100, lognormal), or lowest, most likely, "
        "highest (80, 92, 110, triangular).",
        _count,
        when=by_rate,
    ),
    Question("losses.per", _PER, str.lower, "day", by_rate),
    Question(
        "losses.as_of",
        "Up to which day does the count run? Often earlier than the day it was published. "
        f"{_DATES}",
        _range,
        when=_by_count,
    ),
    Question(
        "losses.start",
        "On which day did {w.the_losses} begin? " + _SAME_FORMS,
        _range,
        when=_by_count,
    ),
    Question("losses.source", "Who published that, and when? Empty: none.", quoted, ""),
    Question("losses.url", _WHERE, quoted, "", _with("losses.source")),
    Question("force.as_of", f"{_AS_OF} {_SAME_FORMS} {_NO_DATE}", _range, "", _by_count),
    Question("force.as_of", f"{_AS_OF} {_DATES} {_NO_DATE}", _range, "", by_rate),
    Question(
        "losses.start",
        f"From which day on does the rate hold? {_SAME_FORMS}",
        _range,
        when=_from_a_start,
    ),
    Question(
        "force.size",
        "How large was the {w.whole} {w.at_first}, including what was {w.lost} since? " + _SIZES,
        _range,
        when=_as_at_first,
    ),
    Question(
        "force.size",
        "How large was the {w.whole} on that date? " + _SIZES,
        _range,
        when=_with("force.as_of"),
    ),
    Question(
        "force.floor",
        f"How much of it cannot be used? {_SAME_FORMS} Empty: nothing.",
        _range,
        "",
        _is_stock,
    ),
    Question("force.source", "Who published the size, and when? Empty: none.", quoted, ""),
    Question("force.url", _WHERE, quoted, "", _with("force.source")),
    Question(
        "inflow.amount",
        "How much comes in per unit of time, such as {asked.inflow}? "
        f"{_SAME_FORMS} Empty: nothing.",
        _range,
        "",
        _is_stock,
    ),
    Question("inflow.per", _PER, str.lower, "month", _with("inflow.amount")),
    Question(
        "inflow.from",
        "From which day on does it come in? Empty: from the first day on.",
        _range,
        "",
        _with("inflow.amount"),
    ),
    Question(
        "published.date",
        "Has somebody published when the whole {w.whole} would be {w.lost}, to be checked? A date "
        "(2025-04-15), a month (2025-04) or a period, both days included (2025-04-10 to "
        "2025-04-20). Empty: none.",
        _date_or_period,
        "",
    ),
    Question("published.label", "Who published it?", quoted, "Published", _with("published.date")),
    Question("horizon", 'Up to which date? Later dates are reported as "not by".', _date),
)


def next_question(answers: Answers) -> Question | None:
    """The first unanswered question, None at the end."""
    for question in QUESTIONS:
        if question.key not in answers and question.when(answers):
            return question
    return None


def explained(question: Question, answers: Answers) -> str:
    """What to say about a question, in the words of what runs out."""
    name = domain(answers)
    return question.text.format(w=DOMAINS[name], asked=_ASKED[name])


def usual(question: Question, answers: Answers) -> str | None:
    """The answer of an empty line, None where one is required."""
    if question.key == "unit":
        return _ASKED[domain(answers)].unit
    return usual_horizon(answers) if question.key == "horizon" else question.usual


def answered(answers: Answers, question: Question, text: str) -> dict[str, Value]:
    """The answers with one more, as it was typed; empty text is the usual answer.

    Raises
    ------
    ScenarioError
        If the answer is wrong, by itself or together with the others.
    LimitError
        If it exceeds a limit.
    """
    typed = text.strip() or usual(question, answers)
    if typed is None:
        raise ScenarioError(Problem(f"{question.key} is required"))
    if question.usual == "" and is_nothing(typed):
        typed = ""
    found = {**answers, question.key: question.read(typed)}
    try:
        with spelling(_TYPED):
            loaded(found)
    except ScenarioError as error:
        # The file does not exist yet, so its lines and lists would mean nothing to the reader.
        raise ScenarioError(
            *(Problem(p.message.replace("[0]", ""), hint=p.hint) for p in error.problems)
        ) from None
    return found
