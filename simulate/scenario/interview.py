"""A scenario file from answers to questions, each answer judged at once by the scenario's rules.

An answer becomes the YAML of its value; the file is put together from these, with what is not yet
answered filled in, and validated as a whole. What stands at the end is therefore valid.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from simulate.errors import Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.fields import DEFAULT_HORIZON_YEARS
from simulate.scenario.loader import LoadedScenario, load_text
from simulate.scenario.notation import HOW_DATES, date_hint, number_hint
from simulate.scenario.values import NOTHING, parse_date, shown
from simulate.scenario.yaml_source import quoted

Answers = Mapping[str, str]
"""The YAML of each value that is known, by the name of its question."""

_LAWS = {
    "lognormal": "p5 and p95: one chance in twenty to be below, and above.",
    "triangular": "Lowest, most likely and highest value.",
    "uniform": "Every value from low to high is equally likely.",
    "": "Taken as certain.",
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TO = "{} to {}".format
_NUMBER_FORMS = "write 3800, or 3000 to 4200, or 3000, 3800, 4400"
_DATE_FORMS = "write 2025-01-16, or 2025-01-04 to 2025-01-16, or 2025-01-04, 2025-01-09, 2025-01-16"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the key of the file that it fills, and what to say about it.

    `read` makes YAML of the answer; `usual` is the answer of an empty line, None where one must
    be given; with `only_with`, the question is asked only where that one was not left empty.
    """

    key: str
    explained: str
    read: Callable[[str], str]
    usual: str | None = None
    only_with: str = ""


def _count(text: str) -> str:
    return _law(_numbers(text), "lognormal", ("p5", "p95"))


def _size(text: str) -> str:
    return _law(_numbers(text), "uniform", ("low", "high"))


def _when(text: str) -> str:
    return _law(_dates(text), "uniform", ("low", "high"))


def _day(text: str) -> str:
    return _date(text) if text else ""


def _law(values: tuple[str, ...], of_two: str, names: tuple[str, str]) -> str:
    """A bare value, a range in the family `of_two`, or low, mode and high."""
    if len(values) == 1:
        return values[0]
    family, keys = (of_two, names) if len(values) == 2 else ("triangular", ("low", "mode", "high"))
    told = ", ".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
    return f"{{distribution: {family}, {told}}}"


def _numbers(text: str) -> tuple[str, ...]:
    three = re.fullmatch(r"([1-9]\d{0,2}),([1-9]\d{2}),([1-9]\d{2})", text)
    if three and int(three[1]) < int(three[2]) < int(three[3]):
        raise _refused(
            f'"{text}" can be one number or three',
            f"write {text.replace(',', '')}, or {text.replace(',', ', ')}",
        )
    alone = _THOUSANDS.fullmatch(text) is not None
    forms = number_hint(text, "count", _TO) or _NUMBER_FORMS
    parts = (text,) if alone else _parts(text, "number", forms)
    return tuple(_number(part) for part in parts)


def _number(text: str) -> str:
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    if not text or isinstance(yaml_source.resolve(plain), str | bool | None):
        hint = number_hint(text, "count", _TO) or _NUMBER_FORMS
        raise _refused(f"must be a number or a range of numbers (found {_found(text)})", hint)
    return plain


def _dates(text: str) -> tuple[str, ...]:
    hint = date_hint(text, _TO)
    forms = _DATE_FORMS if hint == HOW_DATES else hint
    return tuple(_date(part, _DATE_FORMS) for part in _parts(text, "date", forms))


def _date(text: str, forms: str = "") -> str:
    try:
        return parse_date(text).isoformat()
    except PydanticCustomError as error:
        hint = date_hint(text, _TO if forms else None)
        if forms and hint == HOW_DATES and not _ISO.fullmatch(text):
            hint = forms
        message = error.message() if text else "must be a date (found nothing)"
        raise _refused(message, hint) from None


def _parts(text: str, kind: str, forms: str) -> tuple[str, ...]:
    """One value, two with "to" between them, or three between commas."""
    ends = re.split(r"\s+to\s+|\s*[–—]\s*", text)
    if len(ends) == 2:
        return tuple(ends)
    # A comma inside a number has no blank after it.
    parts = re.split(r",\s+" if re.search(r",\s", text) else r",", text)
    if len(ends) > 2 or len(parts) not in (1, 3):
        raise _refused(
            f"must be one {kind}, a range of two, or three (found {_found(text)})", forms
        )
    return tuple(part.strip() for part in parts)


def _found(text: str) -> str:
    return shown(text or None)


def _refused(message: str, hint: str) -> ScenarioError:
    return ScenarioError(Problem(message, hint=hint))


QUESTIONS = (
    Question("title", "A title for the claim; it stands on every result.", quoted, "My claim"),
    Question("unit", "What is counted, in the plural: soldiers, tanks.", quoted, "soldiers"),
    Question(
        "losses.count",
        "How many were lost? One number (3800), a range that holds it in nine cases of\n"
        "ten (3000 to 4200, lognormal), or lowest, most likely, highest (3000, 3800,\n"
        "4400, triangular).",
        _count,
    ),
    Question(
        "losses.as_of",
        "Up to which day do they count? Often earlier than the day it was published.\n"
        "One date (2025-01-16), a range in which every moment is equally likely, up to\n"
        "the beginning of its last day (2025-01-04 to 2025-01-16), or earliest, most\n"
        "likely, latest.",
        _when,
    ),
    Question("losses.start", "On which day did these losses begin? In the same forms.", _when),
    Question("losses.source", "Who published the count, and when? Empty: none.", quoted, ""),
    Question("losses.url", "Where can it be read? Empty: none.", quoted, "", "losses.source"),
    Question(
        "force.size",
        "How large was the force, those already lost included? One number, a range in\n"
        "which every value is equally likely (10000 to 12500), or lowest, most likely,\n"
        "highest.",
        _size,
    ),
    Question("force.source", "Who published the size, and when? Empty: none.", quoted, ""),
    Question("force.url", "Where can it be read? Empty: none.", quoted, "", "force.source"),
    Question(
        "published.date",
        "Has somebody published a date for the loss of the whole force, to be checked?\n"
        "Empty: none.",
        _day,
        "",
    ),
    Question("published.label", "Who named that date?", quoted, "Published", "published.date"),
    Question("horizon", 'Later dates are reported as "not by". Up to which date to look?', _date),
)


def next_question(answers: Answers) -> Question | None:
    """The first question that is open, None where there is none."""
    for question in QUESTIONS:
        wanted = not question.only_with or answers.get(question.only_with) not in (None, "", '""')
        if wanted and question.key not in answers:
            return question
    return None


def usual(question: Question, answers: Answers) -> str | None:
    """The answer of an empty line; None where one must be given."""
    return _horizon(answers) if question.key == "horizon" else question.usual


def answered(answers: Answers, question: Question, text: str) -> dict[str, str]:
    """The answers with one more.

    Parameters
    ----------
    answers : mapping
        What is known so far.
    question : Question
        The question that is answered.
    text : str
        As it was typed; empty for the usual answer.

    Raises
    ------
    ScenarioError
        With what is wrong with the answer, by itself or beside the others.
    LimitError
        If a stated limit is passed.
    """
    typed = text.strip() or usual(question, answers) or ""
    if question.usual == "" and typed.lower() in NOTHING:
        typed = ""
    found = {**answers, question.key: question.read(typed)}
    try:
        loaded(found)
    except ScenarioError as error:
        # The place of a mistake in a file that is not yet written would tell nobody anything.
        told = (p._replace(file="", line=0, column=0, excerpt="") for p in error.problems)
        raise ScenarioError(*told) from None
    return found


def loaded(answers: Answers) -> LoadedScenario:
    """The scenario so far, with what is not yet answered filled in."""
    return load_text(document(answers), "")


def document(answers: Answers) -> str:
    """The commented file."""
    as_of = answers.get("losses.as_of", "2024-01-02")
    filled = {
        "title": "untitled",
        "unit": "units",
        "losses.count": "1",
        "losses.as_of": as_of,
        "losses.start": _day_before(_ISO.findall(as_of)[0]),
        "force.size": "1e99",  # any count is below it
        "horizon": _horizon(answers),
        **answers,
    }

    def law(key: str) -> str:
        family = re.match(r"\{distribution: (\w+)", filled[key])
        return _LAWS[family[1] if family else ""]

    def sources(block: str) -> str:
        keys = [key for key in ("source", "url") if filled.get(f"{block}.{key}", '""') != '""']
        return "".join(f"  {key}: {filled[f'{block}.{key}']}\n" for key in keys)

    return _TEMPLATE.format(
        **{key.replace(".", "_"): value for key, value in filled.items()},
        count_law=law("losses.count"),
        as_of_law=law("losses.as_of"),
        start_law=law("losses.start"),
        size_law=law("force.size"),
        losses_sources=sources("losses"),
        force_sources=sources("force"),
        published=_published(filled),
    )


_TEMPLATE = """\
# yaml-language-server: $schema=simulate.schema.json
# (write that file with `simulate schema > simulate.schema.json`; your editor then completes keys)
#
# From the answers to `simulate init --interactive`. Run it with `simulate run FILE`, look at the
# inputs with `simulate describe FILE`; `simulate init` shows what else a scenario can say.

title: {title}
question: When would the whole force be lost if the rate stayed the same?
unit: {unit}

losses:
  # Losses from start to as_of. {count_law}
  count: {losses_count}
  # The day the count runs up to. {as_of_law}
  as_of: {losses_as_of}
  # The day the losses began. {start_law}
  start: {losses_start}
{losses_sources}
force:
  # All who were sent, those already lost included. {size_law}
  size: {force_size}
{force_sources}
# Shares of the force whose dates you want.
thresholds: [0.3, 0.5, 1.0]

# Later dates are reported as "not by".
horizon: {horizon}
{published}"""


def _published(filled: Answers) -> str:
    if not filled.get("published.date"):
        return ""
    label = filled.get("published.label", "Published")
    return (
        "\n# Dates others have published, to be checked.\npublished:\n"
        f"  - label: {label}\n    date: {filled['published.date']}\n    threshold: 1.0\n"
    )


def _horizon(answers: Answers) -> str:
    """Five years after the latest day of the count, or the published date if that is later."""
    latest = max(_ISO.findall(answers.get("losses.as_of", "")), default="2024-01-02")
    day = dt.date.fromisoformat(latest)
    year = min(day.year + DEFAULT_HORIZON_YEARS, dt.MAXYEAR)
    five_years = day.replace(year=year, day=min(day.day, 28)).isoformat()
    return max(five_years, answers.get("published.date", ""))


def _day_before(date: str) -> str:
    return dt.date.fromordinal(max(dt.date.fromisoformat(date).toordinal() - 1, 1)).isoformat()
