"""The days that the words of an answer mean, seen from the days that are known already.

There is one rule for all questions. A month, a season or a year is all its days, but something
that comes `from` one begins on its first day, and `by`, `before` or `until` one is over on the day
before that, and `no later than` or `not beyond` one on its last day. The start and the end of a
month are its first and its last day, but of a stock the end is the next morning. A count `by
mid-April` is of any day of it, but what was published as `by mid-April` is by the middle of it.
`Around` a day is three days either way. A date without a year is the nearest one to the count or
the stock, but a stock on the day on which a count begins is of its year; what was published comes
after it, and `since` before it, unless that is before all that was counted and a later one is
nearer to it. What happens at once is not before the first day that is known, but an inflow or a
rate may begin before it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from simulate.scenario import written_dates as dates
from simulate.scenario.interview.document import Answers, Known, known_days, plain, year_of_title
from simulate.scenario.interview.forecasts import SHARE, Forecast, bare, is_name, is_what_happens
from simulate.scenario.interview.grammar import FROM, ISO, NAMED, SAYS, pattern, refusal, small
from simulate.scenario.interview.relative import (
    check_known,
    check_yearly,
    start_of,
    unquoted,
    with_years,
    within,
)
from simulate.scenario.interview.sources import split_source
from simulate.scenario.notation import LONGEST

Role = Literal[
    "day", "stock", "first", "until", "earlier", "later", "reported", "last", "published"
]
"""What a day in an answer is: any day, that of a stock in the morning, the first of something, the
one on which it ends and which is excluded, one before or after the day of the count, that of a
later report, the last of all, or what was published."""

_ALONE: dict[str, Role] = {
    "losses.start": "earlier",
    "losses.as_of": "day",
    "losses.claims.as_of": "day",
    "pauses.start": "day",
    "ends.date": "later",
    "horizon": "last",
}
"""What the day is in questions for a day alone."""
_BESIDE: dict[str, Role] = {
    **dict.fromkeys(("losses.count", "losses.claims.count", "reinforcements", "outflows"), "day"),
    **dict.fromkeys(("force.size", "force.counts", "force.lasts"), "stock"),
    **dict.fromkeys(("inflow.amount", "inflow.from", "losses.rate"), "first"),
    "observed": "reported",
    "trend": "until",
}
"""What it is in those for a number that a day can follow."""
_ROLES: dict[str, Role] = {**_ALONE, **_BESIDE, "published": "published"}
_AT_ONCE = ("reinforcements", "outflows", "inflow.amount")
_TO_THE_END = (
    *("no later than", "not later than", "no longer than", "not beyond", "not last beyond"),
    *("through", "up to and including"),
)
_LIMITS = (*_TO_THE_END, "up to", "by", "before", "until", "till")
_UNTIL = "|".join(_LIMITS)
_FROM = rf"{FROM}|after"
_JOINT = pattern(rf",?\s+(?:{_UNTIL}|{_FROM}|on|as of|in|at|for|around|about)\s+|,\s+")
_LED = rf"(?:(?:{_UNTIL}|in|on) )?"
_AT_BEST = pattern(rf"^((?:{_UNTIL}) .+) at (?:best|most)$|^(before .+?),? at the latest$")
_NOT_BEFORE = (
    r"(?:well\s+)?into|not\s+until|(?:no|not)\s+(?:earlier|sooner)\s+than|"
    r"not\s+(?:[a-z]+\s+){0,4}before"
)
"""What is so is not over before the first day: it lasts into June, it is not gone before June."""
_LEADS = pattern(rf"(?:(?:some ?time|the)\s+)*\b({_NOT_BEFORE}|{_UNTIL}|{_FROM})\s+(.+)")
_GONE_BY, _GONE_IN = (
    pattern(rf"(?:^|(?<=\s))(?:{leads})\s[^,]{{1,{LONGEST}}}(?=, )")
    for leads in (rf"{_NOT_BEFORE}|{_UNTIL}", rf"{_FROM}|in|on|at|within|during|over the")
)
"""The first words for a day behind what happens, up to a comma."""
_SAYS_SO = pattern(
    rf"^(?!(?:it|he|she|they)\b)([^,:;\d]+?)\s+{SAYS}(?:\s+on\s+([^,:;]+?)\s+that)?\s+(?:that\s+)?(?=\S)"
)
_OF_A_SHARE = pattern(
    rf"(?P<share>[^,:;]*?)\s+(?P<day>(?:{_NOT_BEFORE}|{_UNTIL}|in|on)\s[^,:;]+),\s+"
    r"(?P<name>[^:;]+):\s+(?P<words>.+)"
)
"""A share by a day, a name, and the words of the source for that day."""
_YEAR_APART = pattern(
    rf"(?:{NAMED}|\b(?:christmas|easter)),\s+(?:in|{dates.MONTH_NAME}[a-z]*)\s+(?:19|20|21)\d\d\b"
)
"""A day in words and its year, as if that were another one: by June, in 2026."""
_AROUND = pattern(rf"(?:{dates.AROUND})\s*(?=\S)")
_AROUND_A_DAY = pattern(
    rf"(?:{dates.AROUND})\s*(?:\S+\s+)?(?:\d\d?\w*\s+)?(?:of\s+)?"
    rf"(?:{dates.MONTH_NAME}|\d{{4}}-\d\d|\d\d?[./]\d)"
)
_EITHER_WAY = dt.timedelta(3)  # what `around` a day adds before and after it
_BEFORE_YEARS = ("in", "from", "since", "after", *_LIMITS)
_AT_THE_LATEST = pattern(f"at the latest,? {_LED}(.+)|{_LED}(.+?),? at the latest")
_TO_A_DAY = pattern(  # 410 to 15 February, but not from 1 to 15 February
    rf"^((?:(?!\b(?:from|between|by|on|in|since|up)\b|\b\d\d?\s+to\b).)*?)\bto\s+"
    rf"(?=\d\d?\w*\s+(?:of\s+)?{dates.MONTH_NAME}|{dates.MONTH_NAME}\w*\s+\d|\d{{4}}-\d\d-)"
)
_DATED = r"(?:(?:published )?on|dated|of|from)\s+"
_BEFORE_A_DAY = pattern(rf"(?:^|,\s+|\s\()(?:{_DATED})?|\s{_DATED}|\s(?=\d)")
"""What comes between a name and the day on which it published something."""
_DAY_OF_MONTH = re.compile(r"(?<![\d.])\d\d?(?!\d)")
_ONWARDS = pattern(rf"^((?:{_FROM})\s.+?)\s+on(?:wards?)?$")
_A_PAUSE = re.compile(rf"from {ISO}.* (?:until|for) ")  # as `periods` writes it
_N_WORDS = 9  # no day is named in more words
_IN_PART = ("day", "stock", "earlier", "until")
"""Whose day can be any of a part of a month."""
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


def seen_from(key: str, text: str, answers: Answers) -> tuple[Known | None, str]:
    """The days that tell the year of one without it; whose year it is, if of no other answer."""
    if known := known_days(answers):
        return known, ""
    source = split_source(text)[1] or answers.get(f"{key.rpartition('.')[0]}.source", "")
    if day := published_on(source.strip('"'), None):
        return Known(
            day, day - _A_YEAR
        ), f"the year follows from the day of the source, {day.day} {day:%B %Y}"
    year = None if key == "losses.rate" else year_of_title(answers)
    return year, "the year is that of the title" if year else ""


_A_YEAR = dt.timedelta(days=365)


def has_amount(key: str) -> bool:
    """Whether the answer for a key has a number of what is counted."""
    return plain(key) in (*_BESIDE, "force.floor", "thresholds") and key != "trend"


def in_figures(text: str, key: str, known: Known | None) -> str:
    """An answer with its days as YYYY-MM-DD; what was published begins with them.

    Examples
    --------
    >>> known = Known(dt.date(2025, 1, 20), dt.date(2024, 10, 1))
    >>> in_figures("an analyst: by the spring", "published", known)
    '2025-02-28, an analyst: by the spring'
    >>> in_figures("ten a month from July, the maker", "inflow.amount", known)
    'ten a month from 2025-07-01, the maker'
    """
    key, text = plain(key), re.sub(r"(?i)\b(?:in|on) the morning of\b", "on", text)
    is_pause = key == "pauses.start"
    if key in (*_ALONE, "losses.count", "losses.claims.count") and not is_pause:
        text = _TO_A_DAY.sub(r"\1by ", text)
    is_dated = key != "losses.rate" or re.search(rf"\s(?:{_FROM})\s", text, re.IGNORECASE)
    is_read = not is_dated or (is_pause and _A_PAUSE.match(text))
    if (role := _ROLES.get(key)) is None or is_read or len(text) > 20 * LONGEST:
        return text
    if key in _AT_ONCE:
        check_yearly(key, text, known)
    if key != "losses.rate":  # whose year may wait for that of the stock
        check_known(text, known)
    if role == "published":
        return _published(unquoted(text), known)
    in_years = with_years(text, known)
    is_period = key == "inflow.from"
    if key in _ALONE or (
        is_period and not re.search(rf"\b(?:{_UNTIL})\b", in_years, re.IGNORECASE)
    ):
        return _alone(in_years, role, known)
    if is_period:
        is_led = re.match(rf"(?:{_FROM}|{_UNTIL})\s", in_years, re.IGNORECASE)
        return _beside(f"{'' if is_led else ' from'} {in_years}", role, known).strip()
    what, _ = split_source(text)
    return f"{_beside(with_years(what, known), role, known)}{text.removeprefix(what)}"


def _alone(text: str, role: Role, known: Known | None) -> str:
    """A day or a period, or three days."""
    text = _ONWARDS.sub(r"\1", text)
    found = _meanings(text, role, known)
    if len(found) == 1:
        return str(found[0])
    three = [_meanings(_AROUND.sub("", part), role, known) for part in re.split(r",\s+", text)]
    is_whole = len(three) == 3 and all(len(each) == 1 for each in three)
    return ", ".join(str(one) for (one,) in three) if is_whole else text


def _beside(text: str, role: Role, known: Known | None) -> str:
    """Each day behind a number and a joint, such as `on` or a comma."""
    at = 0
    while joint := _JOINT.search(text, at):
        lead = joint[0].strip(" ,").lower()
        start, at = joint.end() - len(joint[0].lstrip(" ,")), joint.end()
        for end in _ends(text, start):
            phrase = text[start:end]
            if _is_dated(phrase, lead) and (found := _at_joint(phrase, lead, role, known)):
                text, at = f"{text[:start]}{found}{text[end:]}", start + len(found)
                break
    return text


def _at_joint(phrase: str, lead: str, role: Role, known: Known | None) -> str:
    """A day with its joint, in figures; empty where the phrase is none."""
    is_limit, is_start = lead in _LIMITS, re.fullmatch(_FROM, lead) is not None
    if role in ("first", "until"):
        # `from` one day `until` another; a day ends a trend, and nothing else of it.
        if re.search(rf"\s(?:{_UNTIL})\s", phrase) or (role == "until" and not is_limit):
            return ""
        role = "until" if is_limit else role
    has_meaning = is_limit or is_start or re.fullmatch(dates.AROUND, lead)
    found = _meanings(phrase if has_meaning else phrase[len(lead) :], role, known)
    if len(found) != 1:
        return ""
    if is_limit:
        lead = "until" if role == "until" else "by"
    elif is_start and role == "first":
        lead = "from"
    elif lead == "at" and found[0].low == found[0].high:
        lead = "on"  # the beginning of December is a day
    return f"{lead} {found[0]}".strip()


def _is_dated(phrase: str, lead: str) -> bool:
    """Whether a phrase can be a day, where a number could stand as well."""
    text = dates.tidy(phrase)
    if text == "may" and "May" not in phrase:
        return False
    has_year = re.search(r"\b(?:19|20|21)\d\d$", text) is not None
    in_a_year = has_year and (lead in _BEFORE_YEARS or dates.part_of(text)[0] in dates.EDGES)
    return in_a_year or dates.names_a_day(text) or dates.lacks_a_year(text)


def _ends(text: str, start: int) -> Iterator[int]:
    """The ends of the words after a place, the farthest first; a comma is no part of a word."""
    words = [*re.finditer(r"\S+", text[start : start + LONGEST + 1])][:_N_WORDS]
    for word in reversed(words):
        yield start + word.start() + len(word[0].rstrip(",;:()"))


def _published(text: str, known: Known | None) -> str:
    """The day or period at the beginning or the end of a text, and the name beside it."""
    if _YEAR_APART.search(text) or re.match(rf"{ISO}(?: to {ISO})?: ", text):  # or it is read
        return text
    text = _SAYS_SO.sub(lambda who: f"{', '.join(filter(None, (small(who[1]), who[2])))}: ", text)
    dated = _OF_A_SHARE.fullmatch(text)
    if dated and (SHARE.search(dated["share"]) or re.match(r"(?i)all\b", dated["share"])):
        name, made = _made(dated["name"], known)
        if len(found := _meanings(dated["day"], "published", made)) == 1:
            return str(Forecast.said(found[0], name, f"{dated['share']} {dated['words']}"))
    joints = [*re.finditer(r"[,:;]?\s+", text[: 2 * LONGEST])]
    parts = [(0, len(text)), *((0, at.start()) for at in reversed(joints))]
    parts += [(at.end(), len(text)) for at in joints]
    for start, end in parts:
        if start and (clause := _in_a_clause(text, known)):  # the last day may be the publication's
            return clause
        phrase, before, after = text[start:end].strip("()"), text[:start], text[end:]
        # Of "by Independence Day 2025" the year alone is not what was said.
        is_whole = not (start and phrase.isdecimal()) and is_name(before, after)
        if end - start > LONGEST or not is_whole:
            continue
        name, made = _made(before or after, known)
        if found := _meanings(phrase, "published", made):
            if len(found) > 1:
                return str(Forecast.said(phrase, name, ""))
            in_words = re.search(r"[^\W\d_]", phrase.replace(" to ", "")) and (
                found[0].is_vague or not _DAY_OF_MONTH.search(phrase)
            )
            return str(Forecast.said(found[0], name, phrase if in_words else ""))
    return _in_a_clause(text, known) or text


def _in_a_clause(text: str, known: Known | None) -> str:
    """What was published, where its time ends a clause: half gone by the spring, an analyst.

    Empty where there is none, or where what follows it is a time and no name.
    """
    who, _, said = text.rpartition(": ")
    clauses = f"{said}, " if who else said
    led = _GONE_BY.search(clauses) or _GONE_IN.search(clauses)
    if led is None or not led.start() or not is_what_happens(said[: led.start()]):
        return ""
    after = said[led.end() :]
    name, made = _made(f"{who}{after}", known)
    is_named = who or not _meanings(after.strip(" ,"), "published", known)
    if len(found := _meanings(led[0], "published", made)) != 1 or not is_named:
        return ""
    return str(Forecast.said(found[0], name, said[: led.end()]))


def _made(text: str, known: Known | None) -> tuple[str, Known | None]:
    """The name beside a published day, and the day it was published where that follows it."""
    name, *said = bare(text).split(": ", 1)
    for joint in _BEFORE_A_DAY.finditer(name):
        when = name[joint.end() :].rstrip(")")
        if not when.isdecimal() and len(found := _meanings(when, "day", known)) == 1:
            day, by = found[0].high, ", ".join(filter(None, (bare(name[: joint.start()]), when)))
            return ": ".join((by, *said)), Known(day, min(day, known.first if known else day))
    return ": ".join((name, *said)), known


def counted_from(read: str, known: Known | None) -> dt.date | None:
    """The day from which `within a year` is counted in what was published, as it was read."""
    label = Forecast.of(read).label
    made = _made(label, known)[1]
    return made and start_of(label.rpartition(": ")[2], made.anchor)


def published_on(source: str, known: Known | None) -> dt.date | None:
    """The day on which a source published something, None where its name has none."""
    made = _made(source, known)[1]
    return None if made is known else made and made.anchor


def _meanings(phrase: str, role: Role, known: Known | None) -> list[Found]:
    """The day or the period that a phrase means, several where it has more than one meaning."""
    lead, words = "", dates.with_feasts(" ".join(with_years(phrase, known).split()))
    words = _AT_BEST.sub(r"\1\2", words)
    if latest := _AT_THE_LATEST.fullmatch(words):
        words = f"{_TO_THE_END[0]} {latest[1] or latest[2]}"
    if leads := _LEADS.fullmatch(words):
        lead, words = leads[1].lower(), leads[2]
    after_the_count = role in ("later", "reported", "last", "published")
    if after_the_count and known and (last := within(words, known.anchor)):
        return [Found(last, last, is_vague=True)]
    candidates = _candidates(dates.tidy(words), known)
    if candidates and lead == "after" and role == "published":
        hint = "write a period, such as 2026-08-01 to 2026-12-31; after a day has no end"
        raise refusal("published has no last day", phrase, hint)
    found = [_meant(text, span, lead, role) for text, span in candidates]
    if known and dates.lacks_a_year(dates.tidy(words)):
        found = _in_the_year(found, lead, role, known)
    is_open = lead not in _LIMITS and role not in ("until", "last", "reported")
    if is_open and _AROUND.match(words) and len(found) == 1 and found[0].low == found[0].high:
        day = found[0].low
        return [Found(day - _EITHER_WAY, day + _EITHER_WAY, is_vague=True)]
    return found


def is_around(text: str, read: str) -> bool:
    """Whether an answer has a day with `around`, read as those three days either way."""
    ranges = re.findall(rf"({ISO}) to ({ISO})", read)
    days = (map(dt.date.fromisoformat, ends) for ends in ranges)
    is_wide = any(last - first == 2 * _EITHER_WAY for first, last in days)
    return is_wide and _AROUND_A_DAY.search(text) is not None


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
    is_limit = lead in _LIMITS
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
    if re.fullmatch(_NOT_BEFORE, lead):
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
