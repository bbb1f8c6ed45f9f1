"""Words that mean a day only as seen from the day of a claim: next spring, each January."""

from __future__ import annotations

import datetime as dt
import re

from simulate.errors import Problem, ScenarioError
from simulate.scenario import written_dates as dates
from simulate.scenario.interview.document import Known
from simulate.scenario.values import shown

_NAMED = rf"(?:{dates.MONTH_NAME}[a-z]*\b|\b(?:{dates.SEASON})\b)"
_YEAR_OF = re.compile(  # a year that is named by the day that is known
    r"(?:\b((?:end|start|beginning|middle|half|quarter|early|mid|late)[- ](?:in |of )?)"
    r"(the|this|next)|\b(this|next)) year(?!\w|['\u2019-]| \d)",
    re.IGNORECASE,
)
_YEAR_END = re.compile(
    r"\b(?:before the year(?: i|['\u2019])?s (?:out|over)|before the year ends|"
    r"by (?:the )?year(?:['\u2019]?s)?[- ]end)\b",
    re.IGNORECASE,
)
_NAMED_BY = re.compile(
    rf"\b(?:the )?(this|next|last|coming)(?: year['\u2019]s)? ({_NAMED}|month\b)",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\b(?:each|every)\s+(?:\d\d?(?:st|nd|rd|th)?\s+)?"
    rf"(?:{_NAMED}|year\b)|\b(?:a|per) year in\b|\b(?:annually|yearly)\b",
    re.IGNORECASE,
)


def with_years(text: str, known: Known | None) -> str:
    """A text with years for `next spring`, `this year` and `before the year is out`.

    What is next is of the year after that of the known day, and what is last is over on it.

    Examples
    --------
    >>> known = Known(dt.date(2024, 2, 15), dt.date(2023, 9, 21))
    >>> with_years("by next spring", known), with_years("before the year is out", known)
    ('by spring 2025', 'by the end of 2024')
    """
    if known is None:
        if found := _YEAR_END.search(text) or _NAMED_BY.search(text):
            message = f"the year is missing (found {shown(found[0])})"
            raise ScenarioError(Problem(message, hint="write the year: by spring 2026, an analyst"))
        return text
    day = known.anchor

    def year(match: re.Match[str]) -> str:
        return f"{match[1] or ''}{day.year + ((match[2] or match[3]).lower() == 'next')}"

    text = _YEAR_END.sub(f"by the end of {day.year}", text)
    text = _NAMED_BY.sub(lambda match: _named(match[1].lower(), match[2], day), text)
    return _YEAR_OF.sub(year, text)


def _named(which: str, name: str, day: dt.date) -> str:
    """A month or season with its year, that of January for a winter."""
    if name.lower() == "month":
        n = {"last": -1, "next": 1}.get(which, 0)
        return f"{dates.first_of(day.year, day.month + n):%B %Y}"
    if which == "coming":
        return name
    year = day.year + (which == "next")
    if name.lower() == "winter":
        is_over = day.month > _LAST_OF_WINTER
        year += is_over if which == "this" else -(which == "last" and not is_over)
        return f"winter {year - 1}-{year}"
    (span,) = dates.periods(dates.tidy(f"{name} {year}"))
    return f"{name} {year - (which == 'last' and span.end > day)}"


_LAST_OF_WINTER = 2  # February


def check_yearly(key: str, text: str, known: Known | None) -> None:
    """Raise a `ScenarioError` if something comes again each year, which a file lists."""
    if (found := _YEARLY.search(text)) is None:
        return
    message = f"{key} is what comes once (found {shown(found[0])})"
    named = re.search(rf"(?:\b\d\d?\s+)?{_NAMED}", text, re.IGNORECASE)
    number = re.split(r",?\s+(?:(?:each|every|an?|per|in|on)\s)", text, maxsplit=1)[0]
    hint = "list each, separated by semicolons, as far as they can matter"
    if named and known:
        name, day = re.sub(r"^\d+\s+", "", named[0]), known.anchor
        month = dates.periods(dates.tidy(f"{name} {day.year}"))[-1]
        first = day.year + (month.first <= day)
        listed = "; ".join(f"{number} in {named[0]} {first + n}" for n in range(2))
        hint = f"{hint}: {listed}"
    if key.startswith("inflow"):
        hint = f"return with back, answer arrivals to more, and {hint}"
    raise ScenarioError(Problem(message, hint=hint))
