"""Questions that lead to a scenario file, each answer checked at once by the scenario's rules.

An answer becomes the values of one or several keys. After each one, the file is written with
stand-ins for what is not yet known, and validated as a whole; so the finished file is valid.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.distributions import Distribution
from simulate.scenario.interview import forecasts, order, periods, trends, unclear
from simulate.scenario.interview.choices import AT_FIRST, net_rate, own_words, plain_number
from simulate.scenario.interview.days import has_amount, in_figures, seen_from
from simulate.scenario.interview.document import (
    Answers,
    Known,
    domain,
    event,
    known_days,
    loaded,
    plain,
)
from simulate.scenario.interview.doubt import certain
from simulate.scenario.interview.grammar import ISO, refusal
from simulate.scenario.interview.prompts import called, usual
from simulate.scenario.interview.questions import ASKED, FIRST, Question
from simulate.scenario.interview.readers import check_file, law
from simulate.scenario.interview.sources import split_source, unbracketed
from simulate.scenario.interview.topics import about_topics, what_else
from simulate.scenario.interview.units import in_units
from simulate.scenario.notation import is_nothing, lacks_a_year
from simulate.scenario.spelling import Hint, Spelling, spelling
from simulate.scenario.values import shown
from simulate.scenario.words import DOMAINS
from simulate.scenario.yaml_source import parse

_TYPED = Spelling(
    *("{} to {}", "{}, {}, {}"),
    per=" a {}",
    period="{} to {}",
    whole_days=True,
    spoken=True,
    either="{} or {}",
)
_SOME_DAY = Known(dt.date(2000, 1, 1), dt.date(2000, 1, 1), is_stock=True)
_N_LEVELS = 40
_OFTEN = 0.05
_ROUNDS = 8


def next_question(answers: Answers) -> Question | None:
    """The first unanswered question, None at the end."""
    for question in (*FIRST, *about_topics(answers)):
        if question.key not in answers and question.when(answers):
            return question
    return what_else(answers)


def explained(question: Question, answers: Answers) -> str:
    """What to say about a question, in the words of what runs out."""
    return _in_words(question.text, answers)


def _in_words(text: str, answers: Answers) -> str:
    name = domain(answers)
    unit = parse(answers["unit"], "").tree if "unit" in answers else ""
    size = ASKED[name].size.format(unit=unit)
    about, words = " ".join(event(answers, DOMAINS[name])), DOMAINS[name]
    if "{size}" not in text:  # where what was lost is no person
        words = words._replace(lost=answers.get("wording.lost", words.lost).strip('"'))
    return text.format(w=words, asked=ASKED[name], unit=unit, size=size, event=about)


def answered(answers: Answers, question: Question, text: str, data: DataFolder) -> dict[str, str]:
    """The answers with one more, as it was typed; empty text is the usual answer.

    Raises ScenarioError if the answer is wrong, by itself or together with the others; LimitError
    if it exceeds a limit.
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

    Days in words become figures, and words such as `killed or wounded` beside a number become those
    of the sentences. A question mark is refused with what helps to answer. The text that is
    returned is the answer as it was read.
    """
    if text == "?":
        raise refusal(_in_words(question.more_help or question.text, answers))
    if plain(question.key) != "published":
        try:
            return _one_understood(answers, question, text, data)
        except ScenarioError as error:
            if not any(hint.is_general for hint in _hints(error)):
                raise
            raise _in_part(answers, question, text, data) or error from None
    several, known = forecasts.entries(text), known_days(answers)
    if len(several) == 2 and not re.search("[,:]", several[0]):  # a day and a name, of one
        is_dated = forecasts.is_dated(in_figures(several[1], question.key, known))
        several = several if is_dated else [text]
    reads, laws = [], []
    for one in several or [text]:
        forecasts.check_single(one)
        read, answers = _one_understood(answers, question, one, data)
        reads.append(read)
        laws.append(answers[question.key])
    return "; ".join(reads), {**answers, question.key: "\n".join(laws)}


def _one_understood(
    answers: Answers, question: Question, text: str, data: DataFolder
) -> tuple[str, dict[str, str]]:
    key, is_amount, typed = question.key, has_amount(question.key), text
    text = unbracketed(text) if is_amount else text
    with spelling(_TYPED):
        text, part = unclear.in_part(key, text)
    unclear.check_part(key, text)
    text = order.day_behind(text) if is_amount else text
    text, called_so = order.number_first(key, text)
    text, words = unclear.in_all(key, text)
    if key == "trend":
        unclear.check_trend(text)
    if is_amount:
        text = text if split_source(text)[1] else text.removesuffix(".")
        unclear.check_reading(key, text, answers.get("unit", "").strip('"'))
        text = plain_number(key, text)
    if key == "force.size" and answers.get("losses.start"):
        text = AT_FIRST.sub("", text)
    known, _ = seen_from(key, text, answers)
    text = periods.in_a_period(key, periods.from_a_day(key, text, answers), known)
    text = periods.in_a_pause(key, text, known)
    with spelling(_TYPED):
        text = trends.step(key, text, known)
    text, is_net = net_rate(key, text)
    text, in_words = own_words(key, text)
    in_words |= is_net
    text = in_figures(text, key, known)
    if known is None and key != "losses.rate" and in_figures(text, key, _SOME_DAY) != text:
        raise refusal("the year is missing", typed, _with_a_year(text, answers))
    if is_amount:
        unclear.check_days(key, text, known)
        text = in_units(key, text, answers)
        if left := re.search(r"\([^()]*\)?", certain(split_source(text)[0])[0]):
            hint = "leave them out; a source follows a comma"
            raise refusal(f"{key} has words that mean nothing here", left[0], hint)
    try:
        read, found = _as_the_hints_say(answers, question, text, data)
    except ScenarioError as error:
        if not (in_words or words or called_so or part):
            raise
        raise ScenarioError(*(_quoting(typed, p) for p in error.problems)) from None
    return read, found | in_words | words | called_so | part


def _in_part(
    answers: Answers, question: Question, text: str, data: DataFolder
) -> ScenarioError | None:
    """The error of an answer of which a part can be read: what is left, and how to write that part.

    None where no part can.
    """
    for part, left in order.readable(question.key, text):
        with contextlib.suppress(ScenarioError, LimitError):
            _one_understood(answers, question, part, data)
            wrong = f'words that were not understood: "{left}"' if left else "another form"
            hint = Hint(
                f"write {part}, if that is what it means",
                such_as=part if order.is_idle(left.replace(" ... ", " ")) else "",
                of=text,
            )
            return ScenarioError(Problem(f"{called(question.name)} has {wrong}", hint=hint))
    return None


def _with_a_year(text: str, answers: Answers) -> str:
    """How to write the day of an answer with a year, perhaps that of the title or of a source."""
    if (day := periods.DAY.search(re.sub(ISO, "", text))) is None:
        return "add it to the day: 16 January 2025"
    names = (answers[key] for key in answers if key == "title" or key.endswith("source"))
    years = re.findall(r"(?<![\w-])(?:19|20)\d\d\b", " ".join(names))
    return f"write {day[0]} {years[0]}, with the year" if years else f"add its year to {day[0]}"


def _quoting(typed: str, problem: Problem) -> Problem:
    """A problem with the whole answer, where it quotes what the answer does not have."""
    hint = problem.hint
    if not isinstance(hint, Hint) or not hint.of or hint.of in typed:
        return problem
    return problem._replace(message=problem.message.replace(shown(hint.of), shown(typed)))


def with_ends(answers: Answers, data: DataFolder) -> Iterator[Answers]:
    """The answers, and with later ends of the simulation as long as none was chosen."""
    yield answers
    scenario = loaded(answers, data).scenario
    for years in () if answers.get("horizon") else _LATER:
        end = f"{scenario.origin.year + years}-01-01"
        if end > str(scenario.last_day):
            yield {**answers, "published.horizon": end}


_LATER = (10, 20, 50)
"""Years after the first day, one of which is the end if the usual one is too early."""
_SEPARATE = (
    *("trend", "force.floor", "force.usable", "rate.by_month", "thresholds", "question"),
    *("horizon", "published", "observed", "outflows", "reinforcements", "losses.ended"),
)
"""Topics of one question, without which the others mean the same."""
_LEAVE = "type back until more is asked, and answer nothing or other topics"


def left_out(answers: Answers, question: Question, data: DataFolder) -> dict[str, str] | None:
    """The answers without one that is wrong, None where the next questions depend on it."""
    found = {**answers, question.key: ""}
    if plain(question.key) not in _SEPARATE:
        return None
    with contextlib.suppress(ScenarioError, LimitError):
        loaded(found, data)
        return found
    return None


def suggestion(
    answers: Answers,
    question: Question,
    text: str,
    error: ScenarioError | LimitError,
    data: DataFolder,
) -> str:
    """What an empty line can answer after a wrong one, and is taken if it does; empty without it.

    It is the answer with what a hint names as an example, in figures where these say the same.
    """
    for one in (_replaced(text, hint.of, hint.such_as) for hint in _hints(error)):
        with contextlib.suppress(ScenarioError, LimitError):
            read, found = understood(answers, question, one, data) if one else ("", answers)
            with contextlib.suppress(ScenarioError, LimitError):
                if understood(answers, question, read, data)[1] == found:
                    return read
            return one
    return ""


def _as_the_hints_say(
    answers: Answers, question: Question, text: str, data: DataFolder
) -> tuple[str, dict[str, str]]:
    for _ in range(_ROUNDS):
        try:
            return text, answered(answers, question, text, data)
        except ScenarioError as error:
            if (better := _as_hinted(text, error)) == text:
                others = [p for p in error.problems if not lacks_a_year(p.hint)]
                raise ScenarioError(*(others or error.problems)) from None
            text = better
    return text, answered(answers, question, text, data)


def _as_hinted(text: str, error: ScenarioError) -> str:
    """The text with what is wrong as the hints have it, where they leave no choice."""
    for hint in _hints(error):
        text = _replaced(text, hint.of, hint.way) or text
    return text


def _hints(error: ScenarioError | LimitError) -> list[Hint]:
    problems = error.problems if isinstance(error, ScenarioError) else ()
    return [problem.hint for problem in problems if isinstance(problem.hint, Hint)]


def _replaced(text: str, wrong: str, new: str) -> str:
    """The text with something else for what is wrong; empty if that is not in it."""
    found = re.search(rf"(?<![\w.]){re.escape(wrong)}(?![\w.])", text, re.IGNORECASE)
    return f"{text[: found.start()]}{new}{text[found.end() :]}" if found and wrong and new else ""


def _answered(answers: Answers, question: Question, text: str, data: DataFolder) -> dict[str, str]:
    if is_nothing(text) and (without := left_out(answers, question, data)) is not None:
        return without
    typed = _typed(answers, question, text)
    if question.key == "losses.series.file":
        check_file(typed, data)
    found = {**answers, question.key: "", **(question.read(typed, answers) if typed else {})}
    if (since := found.get("since")) and "since" not in answers:
        first = in_figures(unclear.led(since), "losses.start", _SOME_DAY)
        if not first[:1].isdecimal():
            hint = Hint("after since comes a day: since 2 May", is_general=True)
            raise refusal("losses.rate does not begin on a day", since, hint)
    if since and found.get("force.as_of") and "losses.start" not in found:
        found["losses.start"] = law(unclear.begins(since, found))
    if question.key.startswith("published") and "horizon" not in answers:
        last = loaded(answers, data).scenario.last_day
        if (day := forecasts.latest_day(typed, last)) > last:
            found["published.horizon"] = day.isoformat()
    scenario = loaded(found, data).scenario
    if found.keys() >= {"losses.start", "losses.as_of"}:
        _check_order(scenario.start, scenario.losses.law("as_of"), found["losses.start"])
    return found


def _typed(answers: Answers, question: Question, text: str) -> str:
    """The answer, or that of an empty line and of nothing."""
    typed = text or usual(question, answers)
    if is_nothing(text) and (question.usual == "" or "more" in answers):
        typed = question.usual
    if typed is None:
        leave = "answer nothing" if plain(question.key) in _SEPARATE else _LEAVE
        hint = f"to leave it out, {leave}" if "more" in answers else ""
        raise refusal(f"{question.key} is required", hint=hint)
    return typed


def _check_order(start: Distribution, as_of: Distribution, first: str) -> None:
    """Raise a `ScenarioError` if the count often ends before the losses begin, or as they do.

    `first` is the first day of the losses as the file has it.
    """
    levels = [(i + 0.5) / _N_LEVELS for i in range(_N_LEVELS)]
    starts, ends = ([float(law.ppf(level)) for level in levels] for law in (start, as_of))
    n_late = sum(begin >= end for begin in starts for end in ends)
    is_often = (share := n_late / _N_LEVELS**2) >= _OFTEN
    is_period = float(start.ppf(0)) < float(start.ppf(1)) == float(as_of.ppf(1))
    problem = "losses.start can be the last day of the count"
    hint = "give later days for the count, or earlier ones for losses.start with back"
    if is_often:
        often = f"in about {100 * share:.0f} % of simulations"
        problem = f"losses.start is not before losses.as_of {often}"
    if is_period:
        day = dt.date.fromisoformat(re.findall(ISO, first)[0])
        hint = "for the period of the count, type back and answer its first day, "
        hint += f"{day.day} {day:%B %Y}"
    if is_often or is_period:
        raise refusal(problem, hint=hint)


def _named(text: str) -> str:
    """A text with the names of questions for those of the keys."""
    text = re.sub(r"\bforce\.counts\[\d\]", lambda key: called(key[0]), text)
    return re.sub(r"\b(inflow|pauses|ends|observed|published)\[0\]", r"\1", text)
