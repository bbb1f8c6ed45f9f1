"""Questions that lead to a scenario file, each answer checked at once by the scenario's rules.

An answer becomes the values of one or several keys. After each one, the file is written with
stand-ins for what is not yet known, and validated as a whole; so the finished file is valid.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.distributions import Distribution
from simulate.scenario.interview import choices
from simulate.scenario.interview.choices import own_words
from simulate.scenario.interview.document import Answers, domain, event, loaded, plain
from simulate.scenario.interview.questions import ASKED, FIRST, RANGES, Question, on_one_day
from simulate.scenario.interview.readers import check_file, next_day
from simulate.scenario.interview.topic_readers import latest_day, words_of_period
from simulate.scenario.interview.topics import ALL_TOPICS, about_topics, what_else
from simulate.scenario.notation import is_nothing, lacks_a_year
from simulate.scenario.spelling import Spelling, only_way, spelling
from simulate.scenario.values import ISO_DATE
from simulate.scenario.words import DOMAINS
from simulate.scenario.yaml_source import parse, quoted

_NAMES = {*(plain(question.key) for question in (*FIRST, *about_topics(ALL_TOPICS))), "more"}
_FIRST_OF = {
    topic: plain(next(iter(about_topics({"more": topic}))).key) for topic in choices.TOPICS
}
"""The key of the first question about each topic."""
_PROMPT = re.compile(
    r"\s*(?:[a-z]+ \d+(?:, [a-z]+)? \()?([a-z_.]+(?:\[\d+\][a-z_.]*)?)\)?(?: \[[^\]]*\])?:\s*"
)
_ENTRIES = {key: topic for topic, key in choices.LISTS.items()} | {"force.counts": "count"}
_PARTS = {"as_of": "day"}
"""Words for the key of an entry."""
_TYPED = Spelling(
    "{} to {}", "{}, {}, {}", per=" a {}", period="{} to {}", whole_days=True, spoken=True
)
_SUCH_AS = re.compile(r", such as (\d.*)")
_FOUND = re.compile(r'\(found (?:the text "(.+)"|(.+))\)$')
_DAYS = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_NOT_DATED = re.compile(r"^(?:title|unit|question|published)|(?:source|url|label|horizon)$")
_PER_CENT = re.compile(r"%|per ?cent", re.IGNORECASE)
_RANGE = re.compile(r"distribution: uniform, low: (\S+), high: ([^\s}]+)")
_N_LEVELS = 40
_OFTEN = 0.05
_ROUNDS = 8
_OWN_WORDS = ("wording.whole", "wording.lost")


def next_question(answers: Answers) -> Question | None:
    """The first unanswered question, None at the end."""
    for question in (*FIRST, *about_topics(answers)):
        if question.key not in answers and question.when(answers):
            return question
    return what_else(answers)


def explained(question: Question, answers: Answers) -> str:
    """What to say about a question, in the words of what runs out."""
    name, as_of = domain(answers), answers.get("losses.as_of", "")
    days = {"as_of": as_of, "after": "", "span": "", "span_after": ""}
    if on_one_day(answers):
        days["after"] = next_day(as_of)
        days["span"] = _span(answers, as_of)
        days["span_after"] = _span(answers, days["after"])
    unit = parse(answers["unit"], "").tree if "unit" in answers else ""
    size = ASKED[name].size.format(unit=unit)
    days |= {"unit": unit, "size": size, "event": event(answers, DOMAINS[name])}
    return question.text.format(w=DOMAINS[name], asked=ASKED[name], **days)


def _span(answers: Answers, as_of: str) -> str:
    """How many days a count spans whose first day is certain, after a comma."""
    if not ISO_DATE.fullmatch(start := answers.get("losses.start", "")):
        return ""
    days = (dt.date.fromisoformat(as_of) - dt.date.fromisoformat(start)).days
    return f", {days} day{'' if days == 1 else 's'} from {start} on"


def usual(question: Question, answers: Answers) -> str | None:
    """The answer of an empty line, None where one is required."""
    return ASKED[domain(answers)].unit if question.key == "unit" else question.usual


def prompt(question: Question, answers: Answers, suggested: str = "") -> str:
    """What is printed before an answer; after a wrong one, with what a hint suggested.

    A key with the number of an entry follows words for it.
    """
    default, name = suggested or usual(question, answers), question.name
    if number := re.fullmatch(r"([a-z.]+)\[(\d+)\]\.?(.*)", name):
        part = f", {_PARTS.get(number[3], number[3])}" if number[3] else ""
        name = f"{_ENTRIES[number[1]]} {int(number[2]) + 1}{part} ({name})"
    return f"{name} [{default}]: " if default else f"{name}: "


def keyed(text: str) -> tuple[str, str]:
    """The question that a line begins with, `key: ` or `key [default]: `, and the rest.

    A topic such as `inflow` is short for the first question about it. The key is empty where the
    line begins with none.
    """
    if (match := _PROMPT.match(text)) is None or plain(match[1]) not in _NAMES | _FIRST_OF.keys():
        return "", text
    return _FIRST_OF.get(match[1], match[1]), text[match.end() :]


def is_for(key: str, question: Question) -> bool:
    """Whether a line with this key answers a question; one with none answers any."""
    of_topic = key in _FIRST_OF.values() and key == plain(question.key)
    return of_topic or key in ("", question.name)


def topics_of(keys: Iterable[str]) -> str:
    """The topics whose first questions have these keys, as an answer to `more`."""
    topics = {key: topic for topic, key in _FIRST_OF.items()}
    return ", ".join(topics[key] for key in map(plain, keys) if key in topics)


def answered(answers: Answers, question: Question, text: str, data: DataFolder) -> dict[str, str]:
    """The answers with one more, as it was typed; empty text is the usual answer.

    Raises
    ------
    ScenarioError
        If the answer is wrong, by itself or together with the others.
    LimitError
        If it exceeds a limit.
    """
    try:
        with spelling(_TYPED):
            return _answered(answers, question, text.strip(), data)
    except ScenarioError as error:
        # The file does not exist yet, so its lines would mean nothing to the reader.
        raise ScenarioError(
            *(Problem(_named(p.message), hint=p.hint) for p in error.problems)
        ) from None


def understood(
    answers: Answers, question: Question, text: str, data: DataFolder
) -> tuple[str, dict[str, str]]:
    """As `answered`, but reads what a hint says to type instead, where that is one thing only.

    Words such as `killed or wounded` beside a number become those of the sentences.

    Returns
    -------
    text : str
        The answer as it was read.
    answers : dict
    """
    if text == "?":
        raise ScenarioError(Problem(RANGES))
    text, words = own_words(question.key, text)
    read, found = _understood(answers, question, text, data)
    law = found.get(question.key, "")
    words_said = words_of_period(text) if question.key.startswith("published") else ""
    if words_said and ", from: " in law and read != text:
        label = quoted(words_said)
        found[question.key] = re.sub(r'label: "(?:[^"\\]|\\.)*"', lambda _: f"label: {label}", law)
    return read, found | words


def suggestion(question: Question, text: str, error: ScenarioError | LimitError) -> str:
    """A wrong answer with the limits that the hint names as an example; empty without them."""
    for problem in error.problems if isinstance(error, ScenarioError) else ():
        if limits := _SUCH_AS.search(problem.hint):
            texts = (text, own_words(question.key, text)[0])
            return next(filter(None, (_replaced(one, problem, limits[1]) for one in texts)), "")
    return ""


def read_back(text: str, read: str, before: Answers, found: Answers) -> str:
    """How an answer was read, what a range means, and the words it added for the sentences."""
    new = (parse(found[key], "").tree for key in _OWN_WORDS if found.get(key) != before.get(key))
    laws = " ".join(found[key] for key in found if found[key] != before.get(key))
    ranges = [*dict.fromkeys(_RANGE.findall(laws))]
    said = [f"anything from {low} to {_last(high)}, all alike" for low, high in ranges]
    if read != text:
        said = [f"read as {read}{', all alike' if ranges else ''}"]
    if ranges and not _RANGE.search(" ".join(before.values())):
        said.append("? for other shapes")
    return "; ".join((*said, *(f'the sentences will say "{words}"' for words in new)))


def _last(high: str) -> str:
    """The last value of a range, of which the file has the day after."""
    if not ISO_DATE.fullmatch(high):
        return high
    return (dt.date.fromisoformat(high) - dt.timedelta(1)).isoformat()


def _understood(
    answers: Answers, question: Question, text: str, data: DataFolder, *, is_dated: bool = False
) -> tuple[str, dict[str, str]]:
    """With `is_dated`, the year that a date lacked has been added, and is not sought again."""
    for _ in range(_ROUNDS):
        try:
            return text, answered(answers, question, text, data)
        except ScenarioError as error:
            if (better := _as_hinted(text, error, answers)) == text:
                others = [p for p in error.problems if not lacks_a_year(p.hint)]
                if others:
                    raise ScenarioError(*others) from None
                dated = None if is_dated else _in_its_year(answers, question, text, data, error)
                if dated is None:
                    raise
                return dated
            text = better
    return text, answered(answers, question, text, data)


def _as_hinted(text: str, error: ScenarioError, answers: Answers) -> str:
    """The text with what is wrong as the hints have it, where they leave no choice."""
    in_per_cent = _PER_CENT.search(answers.get("unit", ""))
    for problem in error.problems:
        _, is_share, number = problem.hint.partition("where the unit is per cent, ")
        if way := only_way(number if is_share and in_per_cent else problem.hint):
            text = _replaced(text, problem, way) or text
    return text


def _replaced(text: str, problem: Problem, new: str) -> str:
    """The text with something else for what a problem found; empty if that is not in it."""
    if (found := _FOUND.search(problem.message)) is None:
        return ""
    wrong = re.compile(rf"(?<![\w.]){re.escape(found[1] or found[2])}(?![\w.])", re.IGNORECASE)
    replaced, n = wrong.subn(lambda match: new.format(match[0]), text, count=1)
    return replaced if n else ""


def _in_its_year(
    answers: Answers, question: Question, text: str, data: DataFolder, error: ScenarioError
) -> tuple[str, dict[str, str]] | None:
    """The text with the only year that its date can have, that of another answer or the next.

    What was published is the first such date after those of the other answers.
    """
    is_forecast = question.key.startswith("published")
    others = (said for key, said in answers.items() if not _NOT_DATED.search(key))
    known = _DAYS.findall(" ".join(others))
    years = sorted({int(day[:4]) for day in known})
    found = []
    for year in (*years, *(last + 1 for last in years[-1:])):
        dated = text
        for problem in error.problems:
            if lacks_a_year(problem.hint):
                dated = _replaced(dated, problem, f"{{}} {year}")
        with contextlib.suppress(ScenarioError, LimitError):
            one = _understood(answers, question, dated, data, is_dated=True) if dated else None
            last = dt.date.fromisoformat(max(known))
            if one and (not is_forecast or latest_day(one[0], last) > last):
                found.append(one)
        if found and (is_forecast or year == years[-1]):
            break
    return found[0] if len(found) == 1 else None


def _answered(answers: Answers, question: Question, text: str, data: DataFolder) -> dict[str, str]:
    typed = text or usual(question, answers)
    if typed is None:
        raise ScenarioError(Problem(f"{question.key} is required"))
    if question.usual == "" and is_nothing(typed):
        typed = ""
    if question.key == "losses.series.file":
        check_file(typed, data)
    found = {**answers, question.key: "", **(question.read(typed, answers) if typed else {})}
    if question.key.startswith("published") and "horizon" not in answers:
        last = loaded(answers, data).scenario.last_day
        if (day := latest_day(typed, last)) > last:
            found["published.horizon"] = day.isoformat()
    scenario = loaded(found, data).scenario
    if found.keys() >= {"losses.start", "losses.as_of"}:
        _check_order(scenario.start, scenario.losses.law("as_of"))
    return found


def _check_order(start: Distribution, as_of: Distribution) -> None:
    """Raise a `ScenarioError` if the count often ends before the losses begin."""
    levels = [(i + 0.5) / _N_LEVELS for i in range(_N_LEVELS)]
    starts, ends = ([float(law.ppf(level)) for level in levels] for law in (start, as_of))
    n_late = sum(first >= last for first in starts for last in ends)
    if (share := n_late / _N_LEVELS**2) >= _OFTEN:
        message = (
            f"losses.start is not before losses.as_of in about {100 * share:.0f} % of simulations"
        )
        hint = "give later days for the count, or earlier ones for losses.start with back"
        raise ScenarioError(Problem(message, hint=hint))


def _named(text: str) -> str:
    """A text with the names of questions for those of the keys."""
    return re.sub(r"\b(inflow|pauses|ends|observed|published)\[0\]", r"\1", text)
