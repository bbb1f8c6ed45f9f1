"""From the text of an answer about a published date to values in the file."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import re

from simulate.scenario.interview.document import THRESHOLDS, Answers
from simulate.scenario.interview.grammar import NAMED, number, pattern, refusal
from simulate.scenario.interview.readers import Filled
from simulate.scenario.notation import (
    HOW_DATES,
    LONGEST,
    date_hint,
    lacks_a_year,
    names_days,
    period_hint,
)
from simulate.scenario.values import days_of_month
from simulate.scenario.written_dates import MONTH_NAME, SEASON
from simulate.scenario.yaml_source import quoted

_WAYS = (
    'give a day, a month, a season or a year, such as 2 May 2025, "by the spring of 2025" or "in '
    '2027", then the name'
)
_DAY_OR_MONTH = r"\d{4}-\d\d(?:-\d\d)?"
_PERIOD = rf"({_DAY_OR_MONTH})\s+to\s+({_DAY_OR_MONTH})"


def published(key: str, text: str, answers: Answers) -> Filled:
    """A day, a month, or a period from one to the other, and who published it."""
    day, label = _date_and_name(text)
    if not _is_period(day):
        _check_words(text)
    match = re.fullmatch(_PERIOD, day)
    if not match and date_hint(day) == HOW_DATES and not period_hint(day, "date"):
        raise refusal("published.date must be a date", day, _WAYS)
    month_or_day = day if re.fullmatch(_DAY_OR_MONTH, day) else quoted(day)
    when = f"from: {match[1]}, to: {match[2]}" if match else f"date: {month_or_day}"
    whole = re.search(r"[\[ ]1(\.0*)?[,\]]", answers.get("thresholds", THRESHOLDS))
    threshold = ", threshold: 1.0" if whole else ""
    return {key: f"{{label: {quoted(label.strip('()') or 'Published')}, {when}{threshold}}}"}


def _check_words(text: str) -> None:
    """Raise a `ScenarioError` if a day in words has others beside it that may change it."""
    found = _DAY_IN_WORDS.search(text)
    if found is None or _FEAST.search(text):
        return
    said, (others, _, name) = text[: found.start()], text[found.end() :].partition(", ")
    if not name and ": " in said:
        name, _, said = said.partition(": ")
    others = " ".join(f"{said} {others}".split()).strip(" ,;:()")
    if others and not re.search(r"\d|\bor\b", others):
        share = f"{others} " if _SHARE.fullmatch(others) else ""
        alone = ", ".join(filter(None, (f"{share}{found[0]}", name.strip("()"))))
        hint = f"write {alone}, if that is what it means"
        if re.search(r"\bnot\s*$", said):
            hint = "give a day by which, or a period in which, it happens"
        raise refusal("published is a day and a name, without other words", others, hint)


_DAY_IN_WORDS = pattern(
    r"(?:\b(?:by|before|until|till|through|in|on)\s+)?"
    r"(?:the\s+)?(?:(?:start|beginning|end) of\s+)?"
    r"(?:the\s+)?(?:\b(?:early|mid|late)[- ])?(?:(?:next|this|last|coming)\s+)?"
    rf"(?:{NAMED}|\bchristmas\b)"
    r"(?:\s+(?:\d\d?,? )?\d{4}\b)?"
)


def label_of(read: str, words: str) -> str:
    """The label of what was published: the name in an answer, and its words for the time.

    Words behind the name, `a diplomat: by next spring`, are those that were said.
    """
    name = _date_and_name(read)[1].strip("()")
    return name if ": " in name else ": ".join(filter(None, (name, words)))


def entries(text: str) -> list[str]:
    """The parts between semicolons, none of them empty."""
    return [part for part in re.split(r"\s*;\s*", text) if part]


def check_single(text: str) -> None:
    """Raise a `ScenarioError` if the name of one that published has the day of another."""
    if found := _ANOTHER.search(text):
        other = found[0].lstrip("; ")
        hint = "separate several by semicolons, each a day of the calendar and a name: "
        hint += "2025-05-31, A; 2025-06-30, B"
        raise refusal("published has a second day in a name", other, hint)


_ANOTHER = pattern(
    r"(?:;[^;]*?|\band\s+)\b(?:by|before|until|till|in|on|no later than)\s+(?:the\s+)?"
    rf"(?:(?:start|beginning|end|middle) of\s+)?(?:(?:early|mid|late)[- ])?(?:\d\d?\w*\s+)?"
    rf"(?:{MONTH_NAME}|(?:{SEASON})\b|\d{{4}}\b|christmas|easter|ramadan)[^;]*"
)


def of_share(text: str, law: str, answers: Answers) -> str:
    """The law of what was published, about the share of the whole that its words name.

    Raises a `ScenarioError` for a share, or an amount, whose date is not wanted.
    """
    if amount := _AMOUNT.search(text):
        hint = f"leave out {amount[1]} if it is all, or write the share: half by June, an analyst"
        raise refusal("published is when all is gone, or a share", amount[1], hint)
    if (found := _SHARE.search(text)) is None or (share := number(found[0], "share")) is None:
        return law
    of = re.findall(r"\d+(?:\.\d+)?", answers.get("thresholds", THRESHOLDS))
    at = next((one for one in of if math.isclose(float(one), share, rel_tol=_CLOSE)), "")
    if not at:
        hint = "return to more with back, and answer shares before published"
        raise refusal("published is about a share whose date is not wanted", found[0], hint)
    return re.sub(r"(?:, threshold: [\d.]+)?}$", f", threshold: {at}}}", law)


_CLOSE = 1e-3
_AMOUNT = pattern(
    r"(?:^|[:,] )(\d[\d,.]*\d\d(?: (?:thousand|million|billion))?)(?: (?!by\b)[a-z]+){0,3} "
    r"(?:by|before|until) "
)
_SHARE = pattern(
    r"(?:(?<!first )(?<!second )(?<!other )\bhalf(?! of (?:the year|\d)|[- ]year)|"
    r"\b(?:an?|one|two|three|four) (?:third|quarter|fifth|tenth)s?|"
    r"\d[\d.,]*\s*(?:%|per ?cent\b|pct\b))(?! (?:chance|probability|likel))"
)


_SAYS = pattern(
    r"(?:\s+(?:says?|said|expects?|predicts?|forecasts?|gives? (?:it|them))(?:\s+that)?|:)?$"
)


def _date_and_name(text: str) -> tuple[str, str]:
    """The date or period at the beginning or end of a text, and the name beside it."""
    joints = [*re.finditer(r"[,:;]?\s+", text[: LONGEST + 1])]
    before = [at for at in reversed(joints) if is_name("", text[at.start() :])]
    parts = [(text, ""), *((text[: at.start()], text[at.end() :]) for at in before)]
    whole = [(day, name) for day, name in parts if _is_period(day)]
    yearless = [each for each in reversed(parts) if lacks_a_year(date_hint(each[0]))]
    behind = [at for at in joints if is_name(text[: at.end()], "")]
    ends = [(text[at.end() :], _SAYS.sub("", text[: at.start()])) for at in behind]
    last = [(day, name) for day, name in ends if _is_period(day) and not day.isdecimal()]
    day, comma, name = text.partition(", ")
    unread = (day, name) if comma and is_name("", f", {name}") else (text, "")
    return (*whole, *last, *yearless, unread)[0]


def is_dated(text: str) -> bool:
    """Whether a text has a day or a period in figures beside a name."""
    return _is_period(_date_and_name(text)[0])


def is_name(before: str, after: str) -> bool:
    """Whether the texts around a day can name who published it, and do not change the day.

    Examples
    --------
    >>> is_name("an officer: ", ""), is_name("by Independence Day in ", ""), is_name("", " or 2026")
    (True, False, False)
    """
    if after and not _AFTER.match(after):
        return False
    if not before.strip("( "):
        return True
    if not is_what_happens(before) or _FEAST.search(before):
        return False
    said = _SAYS.sub("", before.strip("( "))
    # Without a colon or comma before the day there is a name alone.
    is_apart = before.strip("( ") != said or before.strip("( ")[-1] in ",;"
    return is_apart or not re.search(rf"[,:;]|\b{_LEADS}\b", said)


def is_what_happens(text: str) -> bool:
    """Whether a text before a day says nothing of time itself, and denies nothing."""
    parts = re.split(r"[,:;]\s+|\bsa(?:ys?|id)\s+(?:that\s+)?", text)
    return not any(re.match(rf"{_LEADS}\s", part, re.IGNORECASE) for part in parts) and not (
        re.search(r"\b(?:not|never|unless|if|or)\b|n't\b", text, re.IGNORECASE)
    )


_LEADS = (
    r"(?:by|before|until|till|through|from|since|after|in|on|at|within|between|during|over the)"
)
_FEAST = pattern(r"\b(?:day|eve|easter|ramadan|thanksgiving|passover)\b")
_AFTER = re.compile(
    rf"\)?(?:[,:;]\s+(?!(?:{_LEADS}|or|and|to)\s)|\s+(?=[A-Z(]|(?:an?|the|one|two|according)\b))"
)
"""What follows a day before a name; other words would change the day."""


def _is_period(text: str) -> bool:
    return re.fullmatch(_PERIOD, text) is not None or names_days(text)


def latest_day(text: str, otherwise: dt.date) -> dt.date:
    """The last day that an answer names, or another where that is later."""
    named = [otherwise]
    for found in re.findall(_DAY_OR_MONTH, text):
        with contextlib.suppress(ValueError):
            month = days_of_month(found)
            named.append(month[1] if month else dt.date.fromisoformat(found))
    return max(named)
