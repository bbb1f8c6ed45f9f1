"""From the text of an answer about a published date to values in the file."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import re
from typing import NamedTuple

from simulate.scenario.interview.document import Answers, shares_in
from simulate.scenario.interview.grammar import NAMED, PERIOD, SAYS, number, pattern, refusal
from simulate.scenario.interview.readers import Filled, listed
from simulate.scenario.notation import (
    HOW_DATES,
    date_hint,
    names_days,
    period_hint,
)
from simulate.scenario.values import days_of_month
from simulate.scenario.written_dates import MONTH_NAME, SEASON
from simulate.scenario.yaml_source import quoted

_WAYS = (
    'give a day, a month, a season, a year or a time, such as 2 May 2025, "by the spring of 2025", '
    '"in 2027" or "within six weeks", then the name'
)
_BY_WHICH = "give a day by which, or a period in which, it happens"
_DAY_OR_MONTH = r"\d{4}-\d\d(?:-\d\d)?"
_PERIOD = rf"({_DAY_OR_MONTH})\s+to\s+({_DAY_OR_MONTH})"
_IN_FIGURES = re.compile(rf"({_DAY_OR_MONTH}(?:\s+to\s+{_DAY_OR_MONTH})?)([,:;]?\s+|$)")


class Forecast(NamedTuple):
    """What was published: its day or period, and who gave it, perhaps with the words for it.

    As an answer it is written `2025-04-01 to 2025-04-30, ISW, 6 January 2025: in April`.
    """

    days: str
    label: str = ""

    @classmethod
    def of(cls, text: str) -> Forecast:
        """The day or period before the first comma or colon, and what follows."""
        if (found := _IN_FIGURES.match(text)) and (
            found[2][:1] == ":" or is_name("", text[found.end(1) :])
        ):
            return cls(found[1], bare(text[found.end() :]))
        day, comma, name = text.partition(", ")
        return cls(day, bare(name)) if comma and is_name("", f", {name}") else cls(text)

    @classmethod
    def said(cls, days: object, name: str, words: str) -> Forecast:
        """Of a name, beside which those words for the days stood; those in the name come first."""
        name = bare(name)
        return cls(str(days), name if ": " in name else ": ".join(filter(None, (name, words))))

    def __str__(self) -> str:
        is_in_words = self.label and not is_name("", f", {self.label}")
        return f"{self.days}{(': ' if is_in_words else ', ') if self.label else ''}{self.label}"


def bare(name: str) -> str:
    """A name without brackets around it, `according to` before it, or the verb behind it."""
    return _AROUND.sub(r"\1", _SAYS.sub("", name.strip(" ,;")))


_AROUND = pattern(r"^(?:\(([^()]*)\)$|according to\s+(?=\S))")


def published(key: str, text: str, answers: Answers) -> Filled:
    """A day, a month, or a period from one to the other, and who published it."""
    day, label = Forecast.of(text)
    match = re.fullmatch(_PERIOD, day)
    if not match and not names_days(day):
        _check_words(text)
    if not match and date_hint(day) == HOW_DATES and not period_hint(day, "date"):
        hint = _BY_WHICH if re.match(r"not\b", day) else _WAYS
        raise refusal("published.date must be a date", day, hint)
    month_or_day = day if re.fullmatch(_DAY_OR_MONTH, day) else quoted(day)
    when = f"from: {match[1]}, to: {match[2]}" if match else f"date: {month_or_day}"
    about = _threshold(text, answers)
    at = f", threshold: {about}" if about else ""
    label = _OF_WHAT.sub(r"\1", label)  # the threshold says it
    wanted = shares_in(answers)[1:-1].split(", ")
    is_new = about not in ("", "1.0", *_NUMBER.findall(" ".join(wanted)))
    too = {"thresholds": listed(sorted((about, *wanted), key=_share))} if is_new else {}
    return {key: f"{{label: {quoted(label or 'Published')}, {when}{at}}}", **too}


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
        share = f"{others} " if SHARE.fullmatch(others) else ""
        alone = ", ".join(filter(None, (f"{share}{found[0]}", name.strip("()"))))
        hint = f"write {alone}, if that is the date asked for, not one of another event"
        if re.search(r"\bnot(?: .*into)?\s*$", said):
            hint = _BY_WHICH
        raise refusal("published is a day and a name, without other words", others, hint)


_DAY_IN_WORDS = pattern(
    r"(?:\b(?:by|before|until|till|through|in|on)\s+)?"
    r"(?:the\s+)?(?:(?:start|beginning|end) of\s+)?"
    r"(?:the\s+)?(?:\b(?:early|mid|late)[- ])?(?:(?:next|this|last|coming)\s+)?"
    rf"(?:{NAMED}|\bchristmas\b)"
    r"(?:\s+(?:\d\d?,? )?\d{4}\b)?"
)


def entries(text: str) -> list[str]:
    """The parts between semicolons, none of them empty."""
    return [part for part in re.split(r"\s*;\s*", text) if part]


def has_a_clause(text: str) -> bool:
    """Whether what was published has words for what happens, beside a day and a name.

    Examples
    --------
    >>> (
    ...     has_a_clause("2025-06-01, A: pay must be cut by June"),
    ...     has_a_clause("2025-06-01, A: by June"),
    ... )
    (True, False)
    """
    words = Forecast.of(text).label.partition(": ")[2]
    return bool(_VERB.search(words)) and not SHARE.search(words)


_VERB = pattern(
    r"\b(?:will|would|could|can|must|might|ha[sd]|have|is|are|be)\b|\bmay (?!or\b|to\b|and\b)[a-z]"
)


def check_single(text: str) -> None:
    """Raise a `ScenarioError` if the name of one that published has the day of another."""
    if found := _ANOTHER.search(text):
        hint = "separate several by semicolons, each a day of the calendar and a name: "
        hint += "2025-05-31, A; 2025-06-30, B"
        raise refusal("published has a second day in a name", found[0], hint)


_ANOTHER = pattern(
    r"\band\s+(?:by|before|until|till|in|on|no later than)\s+(?:the\s+)?"
    rf"(?:(?:start|beginning|end|middle) of\s+)?(?:(?:early|mid|late)[- ])?(?:\d\d?\w*\s+)?"
    rf"(?:{MONTH_NAME}|(?:{SEASON})\b|\d{{4}}\b|christmas|easter|ramadan)[^;]*"
)


def _threshold(text: str, answers: Answers) -> str:
    """The share of the whole that the words of what was published name; empty for all thresholds.

    Raises a `ScenarioError` for an amount.
    """
    if amount := _AMOUNT.search(text):
        hint = f"leave out {amount[1]} if it is all, or write the share: half by June, an analyst"
        raise refusal("published is when all is gone, or a share", amount[1], hint)
    wanted = shares_in(answers)
    if (found := SHARE.search(text)) is None or (share := number(found[0], "share")) is None:
        return "1.0" if re.search(r"[\[ ]1(\.0*)?[,\]]", wanted) else ""
    of = _NUMBER.findall(wanted)
    return next((one for one in of if math.isclose(float(one), share, rel_tol=_CLOSE)), f"{share}")


def _share(entry: str) -> float:
    """The share of a threshold; that of an amount comes last."""
    return float(entry) if _NUMBER.fullmatch(entry) else math.inf


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


_CLOSE = 1e-3
_AMOUNT = pattern(
    r"(?:^|[:,] )(\d[\d,.]*\d\d(?: (?:thousand|million|billion))?)(?: (?!by\b)[a-z]+){0,3} "
    r"(?:by|before|until) "
)
SHARE = pattern(
    r"(?:(?<!first )(?<!second )(?<!other )\bhalf(?! of (?:the year|\d)|[- ]year)|"
    r"\b(?:an?|one|two|three|four) (?:third|quarter|fifth|tenth)s?|"
    r"\d[\d.,]*\s*(?:%|per ?cent\b|pct\b))(?! (?:chance|probability|likel))"
)

_OF_WHAT = pattern(
    rf"(^|: ){SHARE.pattern}(?: of (?:it|them|the \w+))?,? (?=(?:by|before|until|in|on)\b)"
)

_SAYS = pattern(
    rf"(?:\s+(?:{SAYS}|expects?|predicts?|forecasts?|gives? (?:it|them))(?:\s+that)?|:)?$"
)


def is_dated(text: str) -> bool:
    """Whether a text has a day or a period in figures, perhaps before a name."""
    days = Forecast.of(text).days
    return re.fullmatch(_PERIOD, days) is not None or names_days(days)


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
    if re.search(rf"\b{PERIOD}s?(?:\s+(?:from|after|since))?\s*$", text, re.IGNORECASE):
        return False  # ten more days from 17 June
    parts = re.split(rf"[,:;]\s+|\b{SAYS}\s+(?:that\s+)?", text)
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


def latest_day(text: str, otherwise: dt.date) -> dt.date:
    """The last day that an answer names, or another where that is later."""
    named = [otherwise]
    for found in re.findall(_DAY_OR_MONTH, Forecast.of(text).days):
        with contextlib.suppress(ValueError):
            month = days_of_month(found)
            named.append(month[1] if month else dt.date.fromisoformat(found))
    return max(named)
