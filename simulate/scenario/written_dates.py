"""The day or the period that a text means."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from calendar import month_name
from collections.abc import Collection
from typing import NamedTuple

_DAY_FORMS = (
    *("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y %B %d", "%Y %b %d"),
    *("%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d"),
)
_MONTH_FORMS = ("%B %Y", "%b %Y", "%Y %B", "%Y %b", "%Y-%m", "%Y/%m", "%m/%Y")
_PARTS = {
    **dict.fromkeys(("early", "beginning", "start"), 0),
    **dict.fromkeys(("mid", "middle"), 1),
    **dict.fromkeys(("late", "end"), 2),
}
EDGES = ("beginning", "start", "end")
"""Parts of a month are a third of it; of what is longer, these are its first or last month."""
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
SEASON = "|".join(_SEASONS)
_BY_THE_SUN = {3: 20, 6: 21, 9: 22, 12: 21}
"""The day on which the season of a month begins in most years."""
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_WEEKDAY = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
AROUND = r"around|about|circa|c\.|ca\.?|approx\.?|~"
MONTH_NAME = r"\b(?:jan|feb|mar|apr|may(?![a-z])|june?|july?|aug|sep|oct|nov|dec)"
_BEFORE = (
    r"(?:(?:some ?time|by|at|in|on|since|until|as of|during|the course|"
    r"up to(?: and incl(?:uding|\.))?|including|(?:up )?through|"
    rf"within(?= \d{{4}}$)|(?:over|within)(?= (?:the )?(?:{SEASON}|{MONTH_NAME}))|"
    rf"before(?= (?:the )?end )|the|{AROUND}) ?)+"
)
_JOINTS = (r"[ -](?:to|and|until|till|through|-)[ -]", r"\s*[–—]\s*", r"(?<=[a-z\d])-(?=[a-z\d])")
_NEW_YEAR = r"(?<!lunar )(?<!chinese )new year(?!')"
_TURN = rf"(?:the )?(?:turn of the year|{_NEW_YEAR})(?! (?:of )?\d)"
_FEASTS = {
    r"(?:around|about) midsummer": "15 june to 15 july",
    r"midsummer(?:'?s)?(?: day)?": "24 june",
    r"christmas eve": "24 december",
    r"christmas(?: day)?": "25 december",
    r"new year'?s eve": "31 december",
    r"new year'?s day": "1 january",
    r"(?:the )?turn of the year (\d{4})[-/–](?:\d\d)?\d\d": r"31 december \1",
    rf"(since|from|after) {_TURN}": r"\1 1 january",
    rf"(?:the )?{_NEW_YEAR} (?:of )?(\d{{4}})": r"1 january \1",
    _TURN: "31 december",
}
MOVABLE_FEAST = (
    r"\b(?:orthodox|ramadan|eid|passover|thanksgiving|pentecost|lent|hanukkah|diwali|"
    r"(?:lunar|chinese) new year|nowruz)\b"
)
"""A feast that is on another day each year, or by another calendar."""
YEAR_MISSING = "the year is missing"


_DAYS_OF_A_MONTH = (
    r"(?:(first|second|third|last) week|(last)(?: few)? days|"
    r"(?:first|early|opening)(?: few)? days) (?:in )?(.+)"
)


class Period(NamedTuple):
    """The first day of a period, the day after its last, and what it is."""

    first: dt.date
    end: dt.date
    name: str

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.end - dt.timedelta(1)


def tidy(text: str) -> str:
    """A lower-case text without what changes no date: commas, `24th`, `of`, weekdays, `by`."""
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.lower().replace(",", " "))
    text = with_feasts(text)
    text = re.sub(rf"({MONTH_NAME}t?)\.", r"\1", re.sub(_WEEKDAY, "", text))
    text = " ".join(re.sub(r"\b(?<!as )of\b", " ", text).split())
    return re.sub(rf"^{_BEFORE}", "", text).replace("sept ", "sep ")


def with_feasts(text: str) -> str:
    """A text with days for feasts and for the turn of the year, the last or the first of one."""
    for feast, day in _FEASTS.items():
        text = re.sub(rf"(?i)\b{feast}(?!\w)", day, text.replace("\u2019", "'"))
    return text


_LAST = {dt.date.max}
"""It has no day after it."""


def days(text: str) -> tuple[dt.date, ...]:
    """The day that a tidy text means, two where day and month can be exchanged, or none."""
    text = re.sub(r"(?<=\d)[t ]\d\d:\d\d.*", "", text)  # a time of day
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    for form in _DAY_FORMS:
        with contextlib.suppress(ValueError):
            found = {dt.datetime.strptime(text, form).date()}  # noqa: DTZ007  (a date has no zone)
            return tuple(found - _LAST)
    if match := re.fullmatch(r"easter(?: sunday| day)? (\d{4})", text):
        return (_easter(int(match[1])),)
    found = set()
    if match := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text):
        one, two, year = map(int, match.groups())
        for month, day in ((one, two), (two, one)):
            with contextlib.suppress(ValueError):
                found.add(dt.date(year, month, day))
    return tuple(sorted(found - _LAST))


def _easter(year: int) -> dt.date:
    """Easter Sunday of the western churches (the anonymous algorithm of Nature, 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + epact + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def periods(text: str) -> tuple[Period, ...]:
    """The period that a tidy text means, two for `winter 2025`, or none.

    Examples
    --------
    >>> [str(day) for day in periods("mid-april 2025")[0][:2]]
    ['2025-04-11', '2025-04-21']
    """
    if match := re.fullmatch(_DAYS_OF_A_MONTH, text):
        months = (one for one in periods(match[3]) if one.first.day == one.end.day == 1)
        return tuple(
            _week(one, match[1] or match[2] or "first")
            for one in months
            if (one.end - one.first).days <= 31
        )
    word, name = part_of(text)
    with contextlib.suppress(ValueError):  # dates end before the year 10000
        return tuple(_part(whole, word) if word else whole for whole in _wholes(name))
    return ()


def spans(text: str) -> tuple[Period, ...]:
    """The days, or else the periods, that a tidy text can mean."""
    found = days(text)
    return tuple(Period(day, day + dt.timedelta(1), "") for day in found) or periods(text)


def last_by(text: str) -> tuple[dt.date, ...]:
    """The last day of `by`, `before` or `until` a period: two for a winter, or none.

    The end of a period is its last day; a whole one is over on the day before its first, but what
    is no later than a period can be on its last day.

    Examples
    --------
    >>> [str(day) for day in last_by("by spring 2025")]
    ['2025-02-28']
    >>> [str(day) for day in last_by("before the winter of 2025")]
    ['2024-11-30', '2025-11-30']
    """
    if not re.match(r"(?:by|before|until|till|(?:no|not) later than)\s", text):
        return ()
    plain = re.sub(r"^(?:(?:no |not )?later than|till|before) (?:the )?", "", tidy(text))
    part, _ = part_of(plain)
    if part not in ("", "end"):
        return ()
    is_in_it = part or re.match(r"(?:no|not) ", text)
    one = dt.timedelta(1)
    return tuple(each.last if is_in_it else each.first - one for each in periods(plain))


def end_of(text: str) -> dt.date | None:
    """The day after a day or period that a text includes, None where it does not say so.

    Examples
    --------
    >>> str(end_of("up to and including 30 November 2024")), end_of("30 November 2024")
    ('2024-12-01', None)
    """
    included = re.match(r"(?:up to and )?incl(?:uding|\.) |(?:up )?through ", text)
    span = _span(tidy(text)) if included else None
    return span.end if span else None


def part_of(text: str) -> tuple[str, str]:
    """The part of a period that a tidy text names, such as `mid` or `end`, and the period."""
    match = re.fullmatch(rf"({'|'.join(_PARTS)})[ -](.+)", text)
    return (match[1], re.sub(r"\bthe ", "", match[2])) if match else ("", text)


def between(text: str) -> Period | None:
    """The period between two days or periods that a tidy text names, both included."""
    plain = re.sub(r"^(?:between|from) ", "", text)
    for joint in _JOINTS:
        low, *rest = re.split(joint, plain, maxsplit=1)
        for high in rest:
            words = high.split()
            # The month or year can be written once: 4 to 16 January 2025, January 4-16 2025.
            lows = (low, *(f"{low} {' '.join(words[-n:])}" for n in (1, 2)))
            if low in _PARTS:  # early to mid-May is no early of the year
                lows = (f"{low} {part_of(high)[1]}",)
            highs = (high, f"{low.split()[0]} {high}") if low.split() else ()
            first = next((found for each in lows if (found := _span(each))), None)
            second = next((found for each in highs if (found := _span(each))), None)
            if first and second and first.first < second.first:
                return Period(first.first, second.end, "")
    return None


def season_in(text: str) -> str:
    """What the season that a text names is taken as; empty without one."""
    found = re.search(
        rf"\b(?:by|before|than|beyond|next|since|from|until|in|into)(?: the)? ({SEASON})\b",
        text.lower(),
    )
    if found is None:
        return ""
    month = _SEASONS[found[1]]
    first, last = first_of(2001, month), first_of(2001, month + 2)
    sun = f"the astronomical one begins on {_BY_THE_SUN[month]} {first:%B}"
    return f"{found[1]} is {first:%B} to {last:%B}; {sun}"


def in_months(months: Collection[int]) -> str:
    """What months are called, from 0 on.

    Examples
    --------
    >>> in_months([0, 1, 11]), in_months([4, 6])
    ('from December to February', 'in May and in July')
    """
    found = []
    for first in (month for month in months if (month - 1) % 12 not in months):
        last = next(i for i in range(first, first + 12) if (i + 1) % 12 not in months) % 12
        one, other = month_name[first + 1], month_name[last + 1]
        found.append(f"in {one}" if first == last else f"from {one} to {other}")
    return " and ".join(found) or "all year"


def names_a_day(text: str) -> bool:
    """Whether a text has a month's name or a date in figures, which no number has."""
    return re.search(rf"{MONTH_NAME}|\b\d{{1,4}}([-./])\d\d?\1\d", text) is not None


def lacks_a_year(text: str) -> bool:
    """Whether a text names a month or a season, and no year."""
    named = re.search(rf"{MONTH_NAME}|\b(?:{SEASON}|easter)\b", text)
    return named is not None and not re.search(r"\d{4}", text)


def why_none(text: str) -> str:
    """What keeps a tidy text from being a date; empty where that is not known."""
    if re.search(MOVABLE_FEAST, text):
        return "that feast is on another day each year"
    if "turn the year" in text:  # at the beginning or the end of the one year that is named
        return "name both years, as in the turn of the year 2022/23"
    if season := re.search(r"hurricane season(?: in)?( \d{4})?", text):
        return f"the hurricane season is June to November{season[1] or ''}"
    if re.fullmatch(rf"\d\d?\W+{MONTH_NAME}[a-z]*\W+\d\d", text):
        return "a year has four digits"
    return YEAR_MISSING if lacks_a_year(text) else ""


def _span(text: str) -> Period | None:
    """A single day or period."""
    found = spans(text)
    return found[0] if len(found) == 1 else None


def _wholes(text: str) -> tuple[Period, ...]:
    """The months, quarters, seasons and years that a text without a part of them means."""
    for form in _MONTH_FORMS:
        with contextlib.suppress(ValueError):
            first = dt.datetime.strptime(text, form)  # noqa: DTZ007  (a date alone)
            return (_months(first.year, first.month, 1, "the month"),)
    text = text.removeprefix("year ")
    text = re.sub(rf"^({'|'.join(_ORDINALS)})\b", lambda match: _ORDINALS[match[1]], text)
    if re.fullmatch(r"(?:19|20|21)\d\d", text):
        return (_months(int(text), 1, 12, "the year"),)
    for name, short, n in (("quarter", "q", 3), ("half", "h", 6)):
        form = rf"(?:{short}(\d)|(\d) {name})[ -/]?(\d{{4}})|(\d{{4}})[ -/]?{short}(\d)"
        if match := re.fullmatch(form, text):
            k, year = int(match[1] or match[2] or match[5]), int(match[3] or match[4])
            whole = _months(year, n * (k - 1) + 1, n, f"that {name} of the year")
            return (whole,) if 1 <= k <= 12 // n else ()
    if match := re.fullmatch(rf"({SEASON}) (\d{{4}})", text):
        year, month = int(match[2]), _SEASONS[match[1]]
        years = (year - 1, year) if month == 12 else (year,)
        return tuple(_season(year, month) for year in years)
    match = re.fullmatch(r"winter (\d{4})[-/–](?:\d\d)?(\d\d)", text)
    if match and (int(match[1]) + 1) % 100 == int(match[2]):
        return (_season(int(match[1]), 12),)
    return ()


def _months(year: int, month: int, n: int, name: str) -> Period:
    return Period(first_of(year, month), first_of(year, month + n), name)


def _season(year: int, month: int) -> Period:
    months = first_of(year, month), first_of(year, month + 2)
    return _months(year, month, 3, " to ".join(f"{day:%B %Y}" for day in months))


def _part(whole: Period, word: str) -> Period:
    """A third of a period, that of a month ending on day 10 and 20, or its first or last month."""
    part, first, name = _PARTS[word], whole.first, f"that third of {whole.name}"
    months = 12 * (whole.end.year - first.year) + whole.end.month - first.month
    if months == 1:
        end = whole.end if part == 2 else first.replace(day=10 * part + 11)
        return Period(first.replace(day=10 * part + 1), end, name)
    n = 1 if word in EDGES else months // 3
    begins = first_of(first.year, first.month + (0, n, months - n)[part])
    return _months(begins.year, begins.month, n, f"{begins:%B %Y}" if word in EDGES else name)


def _week(month: Period, which: str) -> Period:
    """The first, second or third seven days of a month, or its last."""
    first = month.end - dt.timedelta(7)
    if which != "last":
        first = month.first + dt.timedelta(7 * (int(_ORDINALS[which]) - 1))
    return Period(first, first + dt.timedelta(7), f"the {which} week of the month")


def first_of(year: int, month: int) -> dt.date:
    """The first day of a month; month 13 is January of the next year."""
    return dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
