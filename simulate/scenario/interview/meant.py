"""The day or the period that a phrase means, by what it is the day of."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal, NamedTuple

from simulate.scenario import written_dates as dates
from simulate.scenario.interview.document import Known
from simulate.scenario.interview.grammar import FROM, NAMED, pattern, refusal
from simulate.scenario.interview.relative import with_years, within
from simulate.scenario.notation import LONGEST
from simulate.scenario.spelling import Hint

Role = Literal[
    "day", "stock", "first", "until", "earlier", "later", "reported", "last", "published"
]
"""What a day in an answer is: any day, that of a stock in the morning, the first of something, the
one on which it ends and which is excluded, one before or after the day of the count, that of a
later report, the last of all, or what was published."""

_TO_THE_END = (
    *("no later than", "not later than", "no longer than", "not beyond", "not last beyond"),
    *("through", "up to and including"),
)
LIMITS = (*_TO_THE_END, "up to", "by", "before", "until", "till")
UNTIL_WORDS = "|".join(LIMITS)
FROM_WORDS = rf"{FROM}|after"
_AT_BEST = pattern(rf"^((?:{UNTIL_WORDS}) .+) at (?:best|most)$|^(before .+?),? at the latest$")
NOT_BEFORE = (
    r"(?:well\s+)?into|not\s+until|(?:no|not)\s+(?:earlier|sooner)\s+than|"
    r"not\s+(?:[a-z]+\s+){0,4}before"
)
"""What is so is not over before the first day: it lasts into June, it is not gone before June."""
_LEADS = pattern(rf"(?:(?:some ?time|the)\s+)*\b({NOT_BEFORE}|{UNTIL_WORDS}|{FROM_WORDS})\s+(.+)")
AROUND = pattern(rf"(?:{dates.AROUND})\s*(?=\S)")
EITHER_WAY = dt.timedelta(3)  # what `around` a day adds before and after it
_LED = rf"(?:(?:{UNTIL_WORDS}|in|on) )?"
_AT_THE_LATEST = pattern(f"at the latest,? {_LED}(.+)|{_LED}(.+?),? at the latest")
_IN_PART = ("day", "stock", "earlier", "until")
"""Whose day can be any of a part of a month."""
_MORE_OR_LESS = pattern(
    r"(?:in|within) (?:(?:just|a little|little|a bit|slightly|not much|well) )?"
    r"(?:over|above|more than|under|below|less than|short of) "
)
_YEAR = r"\b\d{4}\b"
_MONTH = rf"((?:the )?(?:(?:early|mid|late)[- ])?{NAMED}(?: (?:of )?{_YEAR})?)"
_BOTH = pattern(rf"(?:(?:in|between|from) )?{_MONTH} (?:or|and|to) (?:in )?{_MONTH}")
"""In December or January."""
_ONE = dt.timedelta(days=1)
_LAST_YEAR = 9998


class Found(NamedTuple):
    """A day, or a first and a last one, as the interview writes it.

    `is_vague` is whether words for a time of several days named it.
    """

    low: dt.date
    high: dt.date
    is_vague: bool = False

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


def _check_certain(phrase: str, lead: str, words: str, known: Known | None) -> None:
    """Raise a `ScenarioError` if what was published has no last day, or one of two."""
    more = _MORE_OR_LESS.match(words)
    time = f"within {words[more.end() :]}" if more else ""
    if time and known and (days := within(time, known.anchor)):
        said = f"write {time}, which is by {days[1].day} {days[1]:%B %Y}, or the day that it means"
        way = Hint(said, such_as=time, of=phrase)
        raise refusal("published has no certain last day", phrase, way)
    if lead == "by" and (year := re.fullmatch(rf"(?:the year )?({_YEAR})", words)):
        hint = f"write before {year[1]}, or by the end of {year[1]}"
        raise refusal("published can be before the year or in it", phrase, hint)


def meanings(phrase: str, role: Role, known: Known | None) -> list[Found]:
    """The day or the period that a phrase means, several where it has more than one meaning."""
    lead, words = "", dates.with_feasts(" ".join(with_years(phrase, known).split()))
    words = _AT_BEST.sub(r"\1\2", words)
    if latest := _AT_THE_LATEST.fullmatch(words):
        words = f"{_TO_THE_END[0]} {latest[1] or latest[2]}"
    if leads := _LEADS.fullmatch(words):
        lead, words = leads[1].lower(), leads[2]
    after_the_count = role in ("later", "reported", "last", "published")
    if after_the_count and known and (days := within(words, known.anchor)):
        return [Found(*days, is_vague=True)]
    if role == "published":
        _check_certain(phrase, lead, words, known)
    if role == "published" and (both := _BOTH.fullmatch(words)):
        return _from_to(both[1], both[2], known)
    candidates = _candidates(dates.tidy(words), known)
    if candidates and lead == "after" and role == "published":
        hint = "write a period, such as 2026-08-01 to 2026-12-31; after a day has no end"
        raise refusal("published has no last day", phrase, hint)
    found = [_meant(text, span, lead, role) for text, span in candidates]
    if known and dates.lacks_a_year(dates.tidy(words)):
        past = [one for one in found if one.low <= known.latest]
        found = _in_the_year(past, lead, role, known) or _in_the_year(found, lead, role, known)
    is_open = lead not in LIMITS and role not in ("until", "last", "reported")
    if is_open and AROUND.match(words) and len(found) == 1 and found[0].low == found[0].high:
        day = found[0].low
        return [Found(day - EITHER_WAY, day + EITHER_WAY, is_vague=True)]
    return found


def _from_to(first: str, second: str, known: Known | None) -> list[Found]:
    """From the beginning of one month or season to the end of the next of another."""
    year = None if re.search(_YEAR, first) else re.search(_YEAR, second)
    for each in [f"{first} {int(year[0]) - n}" for n in (0, 1)] if year else [first]:
        for low in meanings(each, "published", known)[:1]:
            for high in meanings(second, "published", Known(low.high, low.low)):
                if low.low < high.low:
                    return [Found(low.low, high.high, is_vague=True)]
    return []


def _candidates(text: str, known: Known | None) -> list[tuple[str, dates.Period]]:
    """What a tidy text can mean, with its year, in the years around a known day."""
    if len(text) > LONGEST or re.search(r" (?:the|of|in|by|on)$", text):
        return []
    texts = [text]
    if dates.lacks_a_year(text):
        years = range(known.anchor.year - 4, known.anchor.year + 5) if known else ()
        texts = [f"{text} {year}" for year in years if 0 < year < _LAST_YEAR]
    spans = ((each, dates.spans(each) or (dates.between(each),)) for each in texts)
    return [(each, span) for each, found in spans for span in found if span]


def _meant(text: str, span: dates.Period, lead: str, role: Role) -> Found:
    """What is meant by a day or period, named by a tidy text, behind a word such as `by`."""
    part, whole = dates.part_of(text)
    is_limit = lead in LIMITS
    is_of_a_month = span.first.day != 1 or span.end.day != 1
    if part in dates.EDGES and (is_limit or role != "published" or is_of_a_month):
        wholes = (one for one in dates.periods(whole) if one.first <= span.first < one.end)
        edged = next(wholes, span)
        last = edged.end if role == "stock" else edged.last  # the evening is the next morning
        day = last if part == "end" else edged.first
        span = dates.Period(day, day + _ONE, "")
    is_day = span.last == span.first
    is_point = is_day or bool(part) or re.search(r"\b(?:week|days)\b", text) is not None
    is_named = is_point or bool(span.name)  # not from one day to another
    if lead == "after":
        return Found(span.end, span.end)
    if re.fullmatch(NOT_BEFORE, lead):
        return Found(span.first, span.first, is_vague=True)
    is_whole = lead == "before" or (role == "until" and lead in _TO_THE_END)
    is_part = is_point and not is_day and role in _IN_PART and not is_whole
    if is_named and (is_limit or role == "until") and not is_part:
        middle = span.first + (span.last - span.first) / 2
        if lead in _TO_THE_END or part == "end":
            end = span.end
        elif is_point:
            end = middle if lead == "before" or role == "until" else middle + _ONE
        else:
            end = span.first
        day = end if role == "until" else end - _ONE
        return Found(day, day, not is_day)
    if role == "last":
        return Found(span.last, span.last)
    if (lead or role == "first") and not is_point and is_named:
        return Found(span.first, span.first)
    return Found(span.first, span.last, not is_day)


def _in_the_year(found: list[Found], lead: str, role: Role, known: Known) -> list[Found]:
    """The one in the year that is meant."""
    if lead == "since" if role != "earlier" else not known.is_stock:
        past = [one for one in found if one.low <= known.anchor][-1:]
        if role != "first" or known.is_stock:
            return past
        # What began before all that was counted may rather begin after it.
        off = {one: max(known.first - one.low, one.low - known.anchor) for one in found}
        return past if past and past[0].low >= known.first else sorted(off, key=off.__getitem__)[:1]
    if role in ("later", "reported", "last", "published"):
        return [one for one in found if one.high > known.anchor][:1]
    named = [one for one in found if one.low <= known.first <= one.high]
    if role == "stock" and named and not known.is_stock:  # that of the count's first day
        return named[:1]
    is_bound = role not in ("first", "earlier")
    possible = (one for one in found if not is_bound or one.high >= known.first)
    return sorted(possible, key=lambda one: abs((one.low - known.anchor).days))[:1]
