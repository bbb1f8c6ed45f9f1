"""Words that mean a day only as seen from the day of a claim: next spring, each January."""

from __future__ import annotations

import datetime as dt
import re
from calendar import month_abbr, month_name

from simulate.scenario import written_dates as dates
from simulate.scenario.interview.document import Known
from simulate.scenario.interview.grammar import digits, pattern, refusal
from simulate.scenario.written_numbers import SCALES

_NAMED = rf"\b(?:{'|'.join((*month_name[1:], *month_abbr[1:], 'sept', dates.SEASON))})\b"
_YEAR_OF = pattern(  # a year that is named by the day that is known
    r"(?:\b((?:end|start|beginning|middle|half|quarter|early|mid|late)[- ](?:in |of )?)"
    r"(the|this|next)|\b(this|next)) year(?!\w|['\u2019-]| \d)"
)
_YEAR_END = pattern(
    r"\b(?:before (?:the|this) year(?:(?: i|['\u2019])s (?:out|over)| ends)|"
    r"within the year|by (?:the )?year(?:['\u2019]?s)?[- ]end)\b"
)
_NAMED_BY = pattern(rf"\b(?:the )?(this|next|last|coming)(?: year['\u2019]s)? ({_NAMED}|month\b)")
_HEDGE = r"(?:about|around|roughly|approximately|some) "
_WITHIN = pattern(
    r"(?P<lead>(?:within|in|over|for)(?: the)?(?: next| coming)? )?"
    r"(?P<again>another |a further )?"
    rf"(?:{_HEDGE})?(?:(?P<low>\S+) (?:to|or) )?(?P<n>\S+) (?P<more>more |further )?"
    r"(?P<unit>day|week|month|year)s?(?:['\u2019]?s?['\u2019]? time)?"
    r"(?: (?:of|from|after) (?P<day>.+))?"
)
_LONGEST_TIME = 999
_AMOUNT = pattern(rf"\d[\d.,]*(?:\s*(?:to|-)\s*\d[\d.,]*)?(?:\s+(?:{'|'.join(SCALES)})\b)?")
_YEARLY = pattern(
    r"\b(?:each|every)\s+(?:\d\d?(?:st|nd|rd|th)?\s+)?"
    rf"(?:{_NAMED}|year\b)|\b(?:a|per) year in\b|\b(?:annually|yearly)\b"
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
    if known is None or not _FIRST_YEAR <= known.anchor.year <= _LAST_YEAR:
        return text
    day = known.anchor

    def year(match: re.Match[str]) -> str:
        return f"{match[1] or ''}{day.year + ((match[2] or match[3]).lower() == 'next')}"

    text = _YEAR_END.sub(f"by the end of {day.year}", text)
    text = _NAMED_BY.sub(
        lambda match: _joined(match, _named(match[1].lower(), match[2], day)), text
    )
    return _YEAR_OF.sub(year, text)


def _joined(match: re.Match[str], period: str) -> str:
    """A period behind `in`, where a number is right before it: 300 next month."""
    before = match.string[: match.start()]
    return (
        f"in {period}"
        if re.search(r"\d[^,;]*\s$", before) and not _JOINED.search(before)
        else period
    )


_JOINED = pattern(
    r"\b(?:in|by|from|since|until|till|on|before|after|for|at|early|mid|late|through|to|and|or|of|"
    r"around|about|during)(?: the)?\s$"
)


def check_known(text: str, known: Known | None) -> None:
    """Raise a `ScenarioError` if an answer has such words before any day is known."""
    if known is None and (found := _YEAR_END.search(text) or _NAMED_BY.search(text)):
        raise refusal("the year is missing", found[0], "name it: spring 2026, by spring 2026")


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
    (span,) = dates.periods(dates.tidy(f"{name} {year}"))  # of one month or three
    return f"{name} {year - (which == 'last' and span.end > day)}"


_LAST_OF_WINTER = 2  # February
_FIRST_YEAR, _LAST_YEAR = 1001, 8999
_ANY_DAY = dt.date(2000, 1, 1)
"""Of other years, no others beside them are years of four digits for certain."""


def start_of(words: str, day: dt.date) -> dt.date | None:
    """The day from which `within three months` is counted: a given one, or one it names itself."""
    found = _WITHIN.fullmatch(words)
    if found is None or _after(_ANY_DAY, found["n"], found["unit"].lower()) is None:
        return None
    if not found["day"]:
        return day
    spans = dates.spans(dates.tidy(found["day"]))
    return spans[0].last if len(spans) == 1 else None


def within(words: str, day: dt.date) -> tuple[dt.date, dt.date] | None:
    """The last day of `within three months`, or both of `10 to 12 more days`, seen from another.

    Examples
    --------
    >>> [str(last) for last in within("10 to 12 more days from 17 June 2025", dt.date.max) or ()]
    ['2025-06-27', '2025-06-29']
    """
    found, first = _WITHIN.fullmatch(words), start_of(words, day)
    if found is None or first is None or first.year > _LAST_YEAR:
        return None
    low, high = (_after(first, found[n] or found["n"], found["unit"].lower()) for n in ("low", "n"))
    return (low, high) if low and high and low <= high else None


def _after(first: dt.date, n_in_words: str, unit: str) -> dt.date | None:
    """The day so many units of time after another; None where that is no number of them."""
    one = "1" if n_in_words.lower() in ("a", "an") else n_in_words
    number = digits(f"{one} soldiers", "count") or one
    if not number.isdecimal() or not 0 < int(number) <= _LONGEST_TIME:
        return None
    n = int(number)
    if unit in ("day", "week"):
        return first + dt.timedelta(n * (7 if unit == "week" else 1))
    month = first.month + n * (12 if unit == "year" else 1)
    end = dates.first_of(first.year, month + 1) - dt.timedelta(1)
    return end.replace(day=min(first.day, end.day))


def unquoted(text: str) -> str:
    """A text without quotation marks around words for a day."""
    return _QUOTED.sub(r"\1", text)


_OPEN, _CLOSE, _INSIDE = "['\"\u2018\u201c]", "['\"\u2019\u201d]", "[^'\"\u2019\u201d]*"
_QUOTED = pattern(rf"(?<!\w){_OPEN}({_INSIDE}(?:\d{{4}}|\byear\b|{_NAMED}){_INSIDE}){_CLOSE}(?!\w)")


def check_yearly(key: str, text: str, known: Known | None) -> None:
    """Raise a `ScenarioError` if something comes again each year, which a file lists."""
    if (found := _YEARLY.search(text)) is None:
        return
    named = re.search(rf"(?:\b\d\d?\s+)?{_NAMED}", text, re.IGNORECASE)
    numbers = _AMOUNT.search(_YEARLY.sub(" ", text))
    hint = "list each, separated by semicolons, as far as they can matter"
    if numbers and named and known and _FIRST_YEAR <= known.anchor.year <= _LAST_YEAR:
        name, day = re.sub(r"^\d+\s+", "", named[0]), known.anchor
        month = dates.periods(dates.tidy(f"{name} {day.year}"))[-1]
        first = day.year + (month.first <= day)
        is_day, is_month = named[0][0].isdecimal(), month.last.month == month.first.month
        joint = "on " if is_day else "on 1 " if is_month else "in "
        listed = "; ".join(f"{numbers[0]} {joint}{named[0]} {first + n}" for n in range(2))
        hint = f"{hint}: {listed}"
        if is_month and not is_day:
            hint += f"; in {named[0]} {first} if the day is not known"
    if key.startswith("inflow"):
        hint = f"return with back, answer arrivals to more, and {hint}"
    raise refusal(f"{key} is what comes once", found[0], hint)
