"""The days of an answer from one to another: a count, a rate that was measured, a pause."""

from __future__ import annotations

import contextlib
import datetime as dt
import re

from simulate.scenario.interview.days import in_figures, seen_from
from simulate.scenario.interview.document import Answers, Known, plain
from simulate.scenario.interview.grammar import (
    FROM,
    ISO,
    NAMED,
    PER,
    PERIOD,
    UNTIL,
    digits,
    over_days,
    pattern,
    per_of,
    refusal,
)
from simulate.scenario.interview.meant import meanings
from simulate.scenario.interview.readers import has_an_end, next_day, pace_of
from simulate.scenario.interview.sources import split_source
from simulate.scenario.written_numbers import RATE


def from_a_day(key: str, text: str, answers: Answers) -> str:
    """A count `since` one day, or `from` one `to` another, as `since` one `by` the other.

    Raises a `ScenarioError` if the question is for a total, or the first day has no year.
    """
    what, _ = split_source(text)
    found = _FROM_TO.fullmatch(what) if plain(key) in _COUNTS else None
    if found is None or not _DATED.search(found["first"]):
        return text
    (much, in_days), (first, last) = over_days(found["much"]), found.group("first", "last")
    known, _ = seen_from(key, text, answers)
    if last:
        first = _in_the_month(first, last)
        last = in_figures(f"through {last}", "losses.as_of", known)
        known = _known(last, known)
    first = in_figures(f"since {first}", "losses.start", known)
    if not last and in_days.isdecimal() and re.fullmatch(ISO, first):
        last = next_day(first, int(in_days) - 1)
    days = [first, *([last] if last else [])]
    if not all(re.match(ISO, day) for day in days):
        hint = "write it as 3800 since 6 December 2024, or 3800 from 6 December 2024 to 16 May 2025"
        raise refusal(f"{key} needs the days it counts, with their years", what, hint)
    by = f" by {last}" if last else ""
    behind = text.removeprefix(what)
    if key == "losses.count":
        return f"{much} since {first}{by}{behind}"
    if answers.get("losses.start") == first and last:
        return f"{much}{by}{behind}"
    per, is_certain = per_of(much)[1], len(re.findall(ISO, first + by)) == 2
    if key != "observed" and last and is_certain and not per:
        n = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days + 1
        return f"{much} in {n} days{by}{behind}"
    problem, until = "needs the last day that was counted", by or " by 2025-01-20"
    hint = f"write {much}{until}{'' if by else ', with the day you know'}"
    if key == "observed" or not (last or per):
        problem = "is a total since losses.start"
        hint = f"write {much}{until}, if it is"
        hint += "" if key == "observed" else f", or {much} from {first} to 2025-01-20 if it is not"
    raise refusal(f"{key} {problem}", what, hint)


def in_a_period(key: str, text: str, known: Known | None) -> str:
    """What comes in `from` one period `to` another, as `from` one day `until` the other.

    Of a rate, which goes on after the days in which it was measured, only the first day is left.

    Raises a `ScenarioError` if more than the rate has those days.
    """
    key, (what, _) = plain(key), split_source(text)
    if key == "inflow.amount":
        _check_single(text, known)
    if key not in ("inflow.amount", "inflow.from", "losses.rate", "prelude.count"):
        return text
    if (
        key == "losses.rate"
        and (found := _IN_DAYS.search(what))
        and _is_rate(what[: found.start()])
        and measured(text)
    ):
        return in_a_period(
            key, f"{what[: found.start()]}{found['since'] or ''}{text.removeprefix(what)}", known
        )
    if (found := _PERIOD.search(what)) is None or not (found["lead"] or key == "inflow.from"):
        return f"{_in_one(key, what, known)}{text.removeprefix(what)}"
    if key == "losses.rate" and not measured(text):
        raise has_an_end(found[0].strip())
    last = found["last"]
    first = _in_the_month(found["first"], last)
    if re.search(r"\d{4}", last) and not re.search(r"\d{4}", first):
        end = in_figures(f"through {last}", "horizon", known)
        first = in_figures(f"since {first}", "losses.start", _known(end, known))
    if key == "losses.rate":
        return f"{what[: found.start()].rstrip(' ,')} from {first}{text.removeprefix(what)}"
    begins = in_figures(f"from {first}", "inflow.from", known)
    if after := _known(begins, known):  # without a year, it ends within a year of its beginning
        day = after.first
        after = Known(day + dt.timedelta(_HALF_A_YEAR), day + dt.timedelta(1))
    ends = in_figures(f"from 1900-01-01 through {last}", "inflow.from", after)
    until = ends.partition(" until ")[2]
    if not (re.match(ISO, begins) and until):
        return text
    period = f"from {begins} until {until}"
    much = what[: found.start()].rstrip(" ,")
    much = _in_its_days(much, period) if key == "inflow.amount" else much
    return f"{much} {period}{what[found.end() :]}{text.removeprefix(what)}".lstrip()


def _in_one(key: str, what: str, known: Known | None) -> str:
    """What comes, or a rate, `in` one month, quarter or year, as from its first day on."""
    found = _IN.fullmatch(what)
    is_rate = key == "losses.rate" and found is not None and _is_rate(found["much"])
    is_count = key == "inflow.amount" and not _A_RATE.search(what)
    days = meanings(found["when"], "day", known) if found and (is_rate or is_count) else []
    if found is None or len(days) != 1 or days[0].low == days[0].high:
        return what
    if is_rate:
        return f"{found['much']} from {days[0].low}"
    period = f"from {days[0].low} until {next_day(str(days[0].high))}"
    return f"{_in_its_days(found['much'], period)} {period}"


def _in_its_days(much: str, period: str) -> str:
    """What comes in a period as a count in its days, unless it is a rate."""
    first, *others = map(dt.date.fromisoformat, re.findall(ISO, period))
    if not much or _A_RATE.search(much) or len(others) != 1:
        return much
    return f"{_DONE.sub('', much)} in {(others[0] - first).days} days"


_A_RATE = pattern(rf"\b{PER}\s+{PERIOD}\b|\d\s*/|\b(?:dai|week|month|year)ly\b")
_DONE = pattern(r"\s+(?:(?:is|are|was|were|will|to)\s+)?(?:be\s+|being\s+)?[a-z]+ed$")
_IN = pattern(r"(?P<much>.*\d.*?),?\s+(?:in|during|over)\s+(?P<when>.+)")


def measured(text: str) -> str:
    """The days in which a rate was measured, behind it; empty without them.

    Examples
    --------
    >>> measured("9 a week from 2 to 11 March, the navy"), measured("9 a week since 2 March")
    ('from 2 to 11 March', '')
    """
    what, _ = split_source(text)
    for days in filter(None, (each.search(what) for each in (_IN_DAYS, _PERIOD, _IN_A_MONTH))):
        before = what[: days.start()].rstrip(" ,")
        if days.end() == len(what) and (_is_rate(before) or pace_of(before)):
            return days[0].strip(" ,")
    return ""


def _is_rate(text: str) -> bool:
    return re.fullmatch(RATE, text.rstrip(" ,").lower()) is not None


_IN_A_MONTH = pattern(
    rf",?\s+(?:in|during|over)\s+(?:(?:early|mid|late)[- ])?{NAMED}(?:\s+\d{{4}})?$"
)
_IN_DAYS = pattern(
    r",?\s+(?:in|over|during)\s+(?:the\s+)?(?:(?:first|last|past)\s+)?"
    r"(?:(?!next|coming)\S+\s+)?"
    rf"(?:day|week|fortnight|month)s?(?P<since>\s+{FROM}\s+.+)?$"
)


def _check_single(text: str, known: Known | None) -> None:
    """Raise a `ScenarioError` if one rate of an inflow follows another, or it begins elsewhere."""
    found = _THEN.match(text) or _OPENS.match(text)
    if found is None:
        return
    rate, day = _rate_in_figures(found["rate"]), found["day"]
    then = found.groupdict().get("then")
    at = in_figures(f"{rate} {'until' if then else 'from'} {day}", "inflow.amount", known)
    if not re.search(r"\d{4}", day) and (year := re.search(r" (\d{4})-", at)):
        day = f"{day} {year[1]}"
    if then:
        hint = (
            f'answer inflow twice: "{rate} until {day}" and "{_rate_in_figures(then)} from {day}"'
        )
        raise refusal("inflow.amount must be one rate", text, hint)
    alone = f"or that of a source alone: {found['what']}, {day}"
    hint = f'write the day behind the rate, "{rate} from {day}", {alone}'
    raise refusal("inflow.amount has a day behind a comma", text, hint)


def _rate_in_figures(text: str) -> str:
    """`12 a month` for `a dozen a month`."""
    much, per = per_of(text)
    return f"{digits(much, 'count', ranges=True) or much} a {per}"


def in_a_pause(key: str, text: str, known: Known | None) -> str:
    """A period in which the rate is another, as `from` a day `until` another or `for` some days.

    A first day that is not certain is left as it is: between 4 and 15 January, mid-January. What
    the pause is called, a truce or a lull, may come before the days.
    """
    if plain(key) != "pauses.start":
        return text
    if lasts := _LASTS.fullmatch(text) or _FOR.fullmatch(text):
        first, much = in_figures(lasts["first"], key, known), lasts["much"]
        n = digits(much, "days") or digits(f"a {much}", "days")
        if re.fullmatch(ISO, first) and n.isdecimal():
            with contextlib.suppress(OverflowError):  # beyond the calendar
                return f"from {first} until {next_day(first, int(n))}"
        return f"from {first} for {much}"
    when = _CALLED.sub("", text)
    found = in_figures(when, key, known)
    days = re.fullmatch(rf"({ISO}) to ({ISO})", found)
    if days is None or (_SOME_DAY.search(when) and not _TO.search(when)):
        return when if re.match(ISO, found) else text
    is_open = re.search(rf"\b{UNTIL}\b", when, re.IGNORECASE)  # its last day is the one before
    return f"from {days[1]} until {days[2] if is_open else next_day(days[2])}"


_MUCH = r"(?:the\s+)?(?P<much>(?:\S+\s+){1,4}(?:day|week|fortnight|month)s?)"
_LASTS = pattern(
    rf"(?:(?:.*\s)?(?:of|for|lasting)\s+)?{_MUCH},?\s+(?:{FROM}|after|in|on)\s+"
    r"(?P<first>.+?)(?:\s+on(?:wards?)?)?"
)
_FOR = pattern(rf"(?:(?:{FROM}|on|in)\s+)?(?P<first>.+?),?\s+(?:for|lasting)\s+{_MUCH}")
_SOME_DAY = pattern(r"\b(?:between|some ?time|early|mid|late|start|middle|end|around|about)\b")
_TO = pattern(rf"\s(?:to|through|{UNTIL})\s")
_CALLED = pattern(
    rf"^(?:(?!{NAMED}|{_SOME_DAY.pattern})[a-z][a-z'-]*\s+){{1,6}}(?=(?:{FROM}|between|in|on)\s)"
)
"""What a pause is called: a truce, a lull in the fighting."""


def _in_the_month(first: str, last: str) -> str:
    """The first day of `from 6 to 16 January 2025`, with its month."""
    is_bare = re.fullmatch(r"\d\d?\w{0,2}", first)
    return f"{first} {re.sub(r'^[0-9]+[a-z]* *', '', last)}" if is_bare else first


def _known(days: str, otherwise: Known | None) -> Known | None:
    """The last day of some in figures as the one that is known."""
    if not (found := re.findall(ISO, days)):
        return otherwise
    return Known(day := dt.date.fromisoformat(found[-1]), day)


_HALF_A_YEAR = 182
_TH = r"(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:(?:the|early|mid|late|middle|start|beginning|end|of)[ -])*(?:\d\d?{_TH}\s+)?(?:of\s+)?"
    rf"{NAMED}\.?(?:\s+\d\d?(?!\d))?(?:,?\s+\d{{4}})?"
    rf"|{ISO}"
)
DAY = pattern(_DAY)
_PERIOD = pattern(
    rf"(?:\b(?P<lead>{FROM}|between)\s+|^)"
    rf"(?P<first>{_DAY}|\d\d?{_TH})\s*(?:\b(?:to|and)\b|[-–—])\s*(?P<last>{_DAY})"
)
_ONE_RATE = rf"(?P<rate>.+?\s{PER} {PERIOD})\b"
_THEN = pattern(
    rf"{_ONE_RATE},?\s+(?:{UNTIL}|up to)\s+(?P<day>{_DAY}),?\s+(?:and\s+)?"
    rf"(?:then|after that|afterwards),?\s+(?P<then>.+?\s{PER} {PERIOD})\b"
)
_OPENS = pattern(
    rf"{_ONE_RATE},\s+(?P<what>[^,]+),\s+[a-z]+ing\s+(?:{FROM}|in|on)\s+(?P<day>{_DAY})"
)
_COUNTS = ("losses.count", "losses.claims.count", "observed")
_FROM_TO = pattern(
    rf"(?P<much>.+?),?\s+(?:{FROM}|between|beginning(?: on| in))\s+(?P<first>.+?)"
    r"(?:,?\s+(?:to|until|till|through|up to|by|and|as of)\s+(?P<last>.+))?"
)
_DATED = pattern(rf"{NAMED}|\b\d{{4}}\b|\d[./]\d|^\d\d?\w{{0,2}}$")
