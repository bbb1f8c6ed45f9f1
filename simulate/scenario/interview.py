"""A scenario file from answers to questions, each answer checked at once by the scenario's rules.

An answer becomes the value of a key. After each one, the file is written with stand-ins for what is
not yet known, and validated as a whole; so the finished file is valid.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from simulate.errors import Problem, ScenarioError
from simulate.scenario.fields import DEFAULT_HORIZON_YEARS
from simulate.scenario.loader import LoadedScenario, load_text
from simulate.scenario.notation import Spelling, is_nothing, spelling
from simulate.scenario.values import ISO_DATE, shown
from simulate.scenario.words import DOMAINS
from simulate.scenario.yaml_source import resolve

Value = str | CommentedMap
Answers = Mapping[str, Value]
"""The value of each key that is known; empty text where the key is left out."""

_LAWS = {
    "lognormal": "One chance in twenty to be below p5, and one to be above p95.",
    "triangular": "Lowest, most likely and highest value.",
    "uniform": "Every value from low to high is equally likely.",
    "": "Taken as certain.",
}
_TYPED = Spelling("{} to {}", "{}, {}, {}")


@dataclass(frozen=True, slots=True)
class Question:
    """The key of the file that an answer fills, and what to say about it.

    `read` makes a value of the answer. `usual` is the answer of an empty line, None where one is
    required. Without a `when` that holds, the question is skipped.
    """

    key: str
    explained: str
    read: Callable[[str], Value]
    usual: str | None = None
    when: Callable[[Answers], bool] = lambda answers: True


class _Plain(str):
    """A number or date, written as it was typed."""

    __slots__ = ()


def _text(text: str) -> str:
    return DoubleQuotedScalarString(text) if text else ""


def _value(text: str) -> str:
    """A number or date as it was typed; text where it is neither, for the scenario to refuse."""
    return _Plain(text) if _is_value(text) else _text(text)


def _date(text: str) -> str:
    """As `_value`, of a question for a date, for which 400 days or the year 2026 is none."""
    return _Plain(text) if ISO_DATE.fullmatch(text) else _text(text)


def _is_value(text: str) -> bool:
    return ISO_DATE.fullmatch(text) is not None or not isinstance(resolve(text), str)


def _law(of_two: str, names: tuple[str, str], text: str) -> Value:
    """A bare value, a range in the family `of_two`, or low, mode and high."""
    ends, three = re.split(r"\s+to\s+", text), re.split(r",\s+", text)
    if len(ends) == 2 and all(map(_is_value, ends)):
        law = CommentedMap(distribution=of_two, **dict(zip(names, map(_Plain, ends), strict=True)))
    elif len(three) == 3 and all(map(_is_value, three)):
        low, mode, high = map(_Plain, three)
        law = CommentedMap(distribution="triangular", low=low, mode=mode, high=high)
    else:
        return _value(text)
    law.fa.set_flow_style()
    return law


def _known(text: str) -> str:
    """Whether a count or a rate is known."""
    if text in ("count", "rate"):
        return text
    raise ScenarioError(Problem(f"must be count or rate (found {shown(text)})"))


def _with(key: str) -> Callable[[Answers], bool]:
    return lambda answers: bool(answers.get(key))


def _by_rate(answers: Answers) -> bool:
    return answers.get("known") == "rate"


def _by_count(answers: Answers) -> bool:
    return not _by_rate(answers)


_count = functools.partial(_law, "lognormal", ("p5", "p95"))
_range = functools.partial(_law, "uniform", ("low", "high"))

QUESTIONS = (
    Question("title", "A title for the claim, shown on every result.", _text, "My claim"),
    Question("unit", "What is counted, in the plural: soldiers, tanks.", _text, "soldiers"),
    Question("wording", "What runs out: a force, a stock or a fund?", str, "force"),
    Question(
        "known",
        "What is known of the losses: a count up to some day, or a rate, so many a day,\n"
        "week, month or year?",
        _known,
        "count",
    ),
    Question(
        "losses.count",
        "How many were lost? One number (3800), a range that holds it in nine cases of\n"
        "ten (3000 to 4200, lognormal), or lowest, most likely, highest (3000, 3800,\n"
        "4400, triangular).",
        _count,
        when=_by_count,
    ),
    Question(
        "losses.rate",
        "How many per unit of time? One number (92), a range that holds it in nine cases\n"
        "of ten (80 to 100), or lowest, most likely, highest.",
        _count,
        when=_by_rate,
    ),
    Question("losses.per", "Per day, week, month or year?", str, "day", _by_rate),
    Question(
        "losses.as_of",
        "Up to which day do they count? Often earlier than the day it was published.\n"
        "One date (2025-01-16), a range in which every moment is equally likely (its last\n"
        "day is excluded: 2025-01-04 to 2025-01-16), or earliest, most likely, latest.",
        _range,
        when=_by_count,
    ),
    Question(
        "losses.start",
        "On which day did these losses begin? Answer in the same forms.",
        _range,
        when=_by_count,
    ),
    Question("losses.source", "Who published that, and when? Empty: none.", _text, ""),
    Question("losses.url", "Where can it be read? Empty: none.", _text, "", _with("losses.source")),
    Question(
        "force.size",
        "How large was the force or stock? One number, a range in which every value is\n"
        "equally likely (10000 to 12500), or lowest, most likely, highest.",
        _range,
    ),
    Question(
        "force.as_of",
        "On which date was it there? Empty, for a count: it is all that was sent, with\n"
        "what was already lost.",
        _range,
        "",
    ),
    Question(
        "force.floor",
        "How much of it cannot be used? Empty: none.",
        _range,
        "",
        _with("force.as_of"),
    ),
    Question("force.source", "Who published the size, and when? Empty: none.", _text, ""),
    Question("force.url", "Where can it be read? Empty: none.", _text, "", _with("force.source")),
    Question(
        "inflow.amount",
        "How much comes in per unit of time, such as production? Empty: nothing.",
        _range,
        "",
        _with("force.as_of"),
    ),
    Question("inflow.per", "Per day, week, month or year?", str, "month", _with("inflow.amount")),
    Question(
        "inflow.from",
        "From which day on? Empty: from the date of the stock.",
        _range,
        "",
        _with("inflow.amount"),
    ),
    Question(
        "published.date",
        "Has somebody published a date for the loss of the whole force, to be checked?\n"
        "Empty: none.",
        _date,
        "",
    ),
    Question(
        "published.label", "Who named that date?", _text, "Published", _with("published.date")
    ),
    Question("horizon", 'Up to which date? Later dates are reported as "not by".', _date),
)


def next_question(answers: Answers) -> Question | None:
    """The first unanswered question, None at the end."""
    for question in QUESTIONS:
        if question.key not in answers and question.when(answers):
            return question
    return None


def usual(question: Question, answers: Answers) -> str | None:
    """The answer of an empty line, None where one is required."""
    if question.key == "force.as_of" and _by_rate(answers):
        return None  # a rate runs from the date of the stock
    return _horizon(answers) if question.key == "horizon" else question.usual


def answered(answers: Answers, question: Question, text: str) -> dict[str, Value]:
    """The answers with one more, as it was typed; empty text is the usual answer.

    Raises
    ------
    ScenarioError
        If the answer is wrong, by itself or together with the others.
    LimitError
        If it exceeds a limit.
    """
    typed = text.strip() or usual(question, answers) or ""
    if question.usual == "" and is_nothing(typed):
        typed = ""
    found = {**answers, question.key: question.read(typed)}
    try:
        with spelling(_TYPED):
            loaded(found)
    except ScenarioError as error:
        # The file does not exist yet, so its lines would mean nothing to the reader.
        placeless = (p._replace(file="", line=0, column=0, excerpt="") for p in error.problems)
        raise ScenarioError(*placeless) from None
    return found


def loaded(answers: Answers) -> LoadedScenario:
    """The scenario so far, with stand-ins for what is not yet answered."""
    return load_text(document(answers), "")


def document(answers: Answers) -> str:
    """The commented file."""
    filled: dict[str, Any] = {**_stand_ins(answers), **answers}
    domain = filled["wording"]
    words = DOMAINS[domain if domain in DOMAINS else "force"]
    tree = CommentedMap(title=filled["title"])
    tree["question"] = f"When would the whole {words.whole} be {words.lost} if {_SAME_RATE}?"
    tree["unit"] = filled["unit"]
    if domain != "force":
        tree["wording"] = domain
    tree.yaml_set_start_comment(_HEADER)
    for name in ("losses", "force"):
        _put(tree, name, _block(name, filled), "")
    if filled.get("inflow.amount"):
        inflow = CommentedSeq([_block("inflow", filled)])
        _put(tree, "inflow", inflow, "\nWhat comes in, evenly.")
    thresholds = CommentedSeq([0.3, 0.5, 1.0])
    thresholds.fa.set_flow_style()
    _put(tree, "thresholds", thresholds, f"\nShares of the {words.whole} whose dates you want.")
    _put(tree, "horizon", filled["horizon"], '\nLater dates are reported as "not by".')
    if date := filled.get("published.date"):
        label = filled.get("published.label") or _text("Published")
        published = [CommentedMap(label=label, date=date, threshold=1.0)]
        _put(tree, "published", published, "\nDates others have published, to be checked.")
    yaml, text = YAML(), io.StringIO()
    yaml.Representer = _Representer
    yaml.width = 10_000  # a text stays on its line
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(tree, text)
    return text.getvalue()


_HEADER = """\
yaml-language-server: $schema=simulate.schema.json
(write that file with `simulate schema > simulate.schema.json`; your editor then completes keys)

From the answers to `simulate init --interactive`. Run it with `simulate run FILE`, look at the
inputs with `simulate describe FILE`; `simulate init` shows what else a scenario can contain.

"""
_SAME_RATE = "the rate stayed the same"
_KEYS = {
    "losses.count": "Losses from start to as_of.",
    "losses.as_of": "The day the count runs up to.",
    "losses.start": "The day the losses began.",
    "losses.rate": "Losses per unit of time.",
    "losses.per": "",
    "force.size": "All who were sent, those already lost included.",
    "force.as_of": "The date on which that was there.",
    "force.floor": "What cannot be used.",
    "inflow.amount": "How much comes in per unit of time.",
    "inflow.per": "",
    "inflow.from": "From this day on.",
}


def _block(name: str, filled: Mapping[str, Any]) -> CommentedMap:
    """A block of the file: the keys that are answered, each below a comment, and its source."""
    block = CommentedMap()
    for key, words in _KEYS.items():
        if key.startswith(name) and (value := filled.get(key)):
            if key == "force.size" and filled.get("force.as_of"):
                words = "What was there on the date as_of."
            family = value["distribution"] if isinstance(value, CommentedMap) else ""
            comment = f"{words} {_LAWS[family]}" if words else ""
            _put(block, key.partition(".")[2], value, comment, indent=2)
    block.update({k: v for k in ("source", "url") if (v := filled.get(f"{name}.{k}"))})
    return block


def _put(block: CommentedMap, key: str, value: Any, comment: str, indent: int = 0) -> None:
    """Add a key below a comment, or below an empty line."""
    block[key] = value
    block.yaml_set_comment_before_after_key(key, before=comment or "\n", indent=indent)


class _Representer(RoundTripRepresenter):
    def represent_plain(self, data: _Plain) -> Any:
        tag = YAML().resolver.resolve(ScalarNode, str(data), (True, False))
        return self.represent_scalar(tag, str(data))


_Representer.add_representer(_Plain, _Representer.represent_plain)


def _stand_ins(answers: Answers) -> dict[str, str]:
    first = min(_days(answers))
    found = {
        "title": "untitled",
        "unit": "units",
        "wording": "force",
        "force.size": _Plain("1e99"),  # any count is below it
        "inflow.per": "month",
        "horizon": _Plain(_horizon(answers)),
    }
    if _by_rate(answers):
        rate = {"losses.rate": _Plain(1), "losses.per": "day", "force.as_of": _Plain(first)}
        return {**found, **rate}
    before = dt.date.fromordinal(max(first.toordinal() - 1, 1))
    days = {"losses.as_of": _Plain(first), "losses.start": _Plain(before)}
    return {**found, "losses.count": _Plain(1), **days}


def _days(answers: Answers) -> list[dt.date]:
    """The days from which the rate runs, by the answers; some day where they name none."""
    value = answers.get("force.as_of" if _by_rate(answers) else "losses.as_of", "")
    days = []
    for part in value.values() if isinstance(value, CommentedMap) else [value]:
        with contextlib.suppress(ValueError):
            days.append(dt.date.fromisoformat(part))
    return days or [dt.date(2024, 1, 2)]


def _horizon(answers: Answers) -> str:
    """Five years after the latest day of the count, or the published date if that is later."""
    day = max(_days(answers))
    year = min(day.year + DEFAULT_HORIZON_YEARS, dt.MAXYEAR)
    five_years = day.replace(year=year, day=min(day.day, 28)).isoformat()
    return max(five_years, str(answers.get("published.date", "")))
