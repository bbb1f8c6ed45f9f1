"""The days that the words of an answer mean, seen from the days that are known already.

There is one rule for all questions. A month, a season or a year is all its days, but something that
comes `from` one begins on its first day, and `by`, `before` or `until` one is over on the day
before that, and `no later than` or `not beyond` one on its last day. The start and the end of a
month are its first and its last day, but of a stock the end is the next morning. A count `by
mid-April` is of any day of it, but what was published as `by mid-April` is by the middle of it.
`Around` a day is three days either way. A date without a year is the nearest one to the count or
the stock, but a stock on the day on which a count begins is of its year; what was published comes
after it, and `since` before it, unless that is before all that was counted and a later one is
nearer to it. Nothing was counted after the day of its source. What happens at once is not before
the first day that is known, but an inflow or a rate may begin before it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from simulate.scenario import written_dates as dates
from simulate.scenario.interview.document import Answers, Known, known_days, plain, year_of_title
from simulate.scenario.interview.forecasts import SHARE, Forecast, bare, is_name, is_what_happens
from simulate.scenario.interview.grammar import ISO, NAMED, SAYS, pattern, small
from simulate.scenario.interview.meant import (
    AROUND,
    EITHER_WAY,
    FROM_WORDS,
    LIMITS,
    NOT_BEFORE,
    UNTIL_WORDS,
    Role,
    meanings,
)
from simulate.scenario.interview.relative import (
    check_known,
    check_yearly,
    start_of,
    unquoted,
    with_years,
)
from simulate.scenario.interview.sources import split_source
from simulate.scenario.notation import LONGEST

_ALONE: dict[str, Role] = {
    **dict.fromkeys(("losses.start", "prelude.start"), "earlier"),
    "losses.as_of": "day",
    "losses.claims.as_of": "day",
    "losses.ended": "day",
    "pauses.start": "day",
    "ends.date": "later",
    "horizon": "last",
}
"""What the day is in questions for a day alone."""
_BESIDE: dict[str, Role] = {
    **dict.fromkeys(("losses.count", "losses.claims.count", "reinforcements", "outflows"), "day"),
    **dict.fromkeys(("force.size", "force.counts", "force.lasts"), "stock"),
    **dict.fromkeys(("inflow.amount", "inflow.from", "losses.rate"), "first"),
    "prelude.count": "earlier",
    "observed": "reported",
    "trend": "until",
}
"""What it is in those for a number that a day can follow."""
_ROLES: dict[str, Role] = {**_ALONE, **_BESIDE, "published": "published"}
_COUNTED = (
    *("losses.count", "losses.start", "losses.as_of", "losses.claims.count", "losses.claims.as_of"),
    *("force.size", "force.counts", "force.lasts", "observed"),
)
"""Whose days are past when a source names them."""
_AT_ONCE = ("reinforcements", "outflows", "inflow.amount")
_JOINT = pattern(rf",?\s+(?:{UNTIL_WORDS}|{FROM_WORDS}|on|as of|in|at|for|around|about)\s+|,\s+")
_IN = rf"{FROM_WORDS}|in|on|at|within|during|over the|for|another|a further"
_GONE_BY, _GONE_IN = (
    pattern(rf"(?:^|(?<=\s))(?:{leads})\s[^,]{{1,{LONGEST}}}(?=, )")
    for leads in (rf"{NOT_BEFORE}|{UNTIL_WORDS}", _IN)
)
"""The first words for a day behind what happens, up to a comma."""
_SAYS_SO = pattern(
    rf"^(?!(?:it|he|she|they)\b)([^,:;\d]+?)\s+{SAYS}(?:\s+on\s+([^,:;]+?)\s+that)?\s+(?:that\s+)?(?=\S)"
)
_COUNTED_FROM = pattern(r"(?<=s )\(((?:from|after) [^()]*)\)")
"""Of ten more days (from 17 June)."""
_OF_A_SHARE = pattern(
    rf"(?P<share>[^,:;]*?)\s+(?P<day>(?:{NOT_BEFORE}|{UNTIL_WORDS}|in|on)\s[^,:;]+),\s+"
    r"(?P<name>[^:;]+):\s+(?P<words>.+)"
)
"""A share by a day, a name, and the words of the source for that day."""
_YEAR_APART = pattern(
    rf"(?:{NAMED}|\b(?:christmas|easter)),\s+(?:in|{dates.MONTH_NAME}[a-z]*)\s+(?:19|20|21)\d\d\b"
)
"""A day in words and its year, as if that were another one: by June, in 2026."""
_AROUND_A_DAY = pattern(
    rf"(?:{dates.AROUND})\s*(?:\S+\s+)?(?:\d\d?\w*\s+)?(?:of\s+)?"
    rf"(?:{dates.MONTH_NAME}|\d{{4}}-\d\d|\d\d?[./]\d)"
)
_BEFORE_YEARS = ("in", "from", "since", "after", *LIMITS)
_TO_A_DAY = pattern(  # 410 to 15 February, but not from 1 to 15 February
    rf"^((?:(?!\b(?:from|between|by|on|in|since|up)\b|\b\d\d?\s+to\b).)*?)\bto\s+"
    rf"(?=\d\d?\w*\s+(?:of\s+)?{dates.MONTH_NAME}|{dates.MONTH_NAME}\w*\s+\d|\d{{4}}-\d\d-)"
)
_DATED = r"(?:(?:published )?on|dated|of|from)\s+"
_BEFORE_A_DAY = pattern(rf"(?:^|,\s+|\s\()(?:{_DATED})?|\s{_DATED}|\s(?=\d)")
"""What comes between a name and the day on which it published something."""
_DAY_OF_MONTH = re.compile(r"(?<![\d.])\d\d?(?!\d)")
_WHAT_ENDED = pattern(
    rf"^\D*?\b(?:on|of|since|with)\s+(?=(?:the\s+)?(?:{dates.MONTH_NAME}\w*\s+)?\d{{1,2}}(?!\d))"
)
"""What ended the losses, before the day: a ceasefire on 24 June 2025."""
_ONWARDS = pattern(rf"^((?:{FROM_WORDS})\s.+?)\s+on(?:wards?)?$")
_A_PAUSE = re.compile(rf"from {ISO}.* (?:until|for) ")  # as `periods` writes it
_N_WORDS = 9  # no day is named in more words


def seen_from(key: str, text: str, answers: Answers) -> tuple[Known | None, str]:
    """The days that tell the year of one without it; whose year it is, if of no other answer."""
    source = split_source(text)[1] or answers.get(f"{key.rpartition('.')[0]}.source", "")
    day = published_on(source.strip('"'), None)
    latest = day if day and plain(key) in _COUNTED else dt.date.max
    if known := known_days(answers):
        if key.startswith("prelude."):
            eve = known.first - dt.timedelta(1)
            return Known(eve, eve, latest=eve), ""
        return known._replace(latest=latest), ""
    if day:
        said = f"the year follows from the day of the source, {day.day} {day:%B %Y}"
        return Known(day, day - _A_YEAR, latest=latest), said
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
    is_dated = key != "losses.rate" or re.search(rf"\s(?:{FROM_WORDS})\s", text, re.IGNORECASE)
    is_read = not is_dated or (is_pause and _A_PAUSE.match(text))
    if (role := _ROLES.get(key)) is None or is_read or len(text) > 20 * LONGEST:
        return text
    if key in _AT_ONCE:
        check_yearly(key, text, known)
    if key != "losses.rate":  # whose year may wait for that of the stock
        check_known(text, known)
    if role == "published":
        return _published(unquoted(text), known)
    in_years = with_years(_WHAT_ENDED.sub("", text) if key == "losses.ended" else text, known)
    is_period = key == "inflow.from"
    if key in _ALONE or (
        is_period and not re.search(rf"\b(?:{UNTIL_WORDS})\b", in_years, re.IGNORECASE)
    ):
        return _alone(in_years, role, known)
    if is_period:
        is_led = re.match(rf"(?:{FROM_WORDS}|{UNTIL_WORDS})\s", in_years, re.IGNORECASE)
        return _beside(f"{'' if is_led else ' from'} {in_years}", role, known).strip()
    what, _ = split_source(text)
    return f"{_beside(with_years(what, known), role, known)}{text.removeprefix(what)}"


def _alone(text: str, role: Role, known: Known | None) -> str:
    """A day or a period, or three days."""
    text = _ONWARDS.sub(r"\1", text)
    found = meanings(text, role, known)
    if len(found) == 1:
        return str(found[0])
    three = [meanings(AROUND.sub("", part), role, known) for part in re.split(r",\s+", text)]
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
    is_limit, is_start = lead in LIMITS, re.fullmatch(FROM_WORDS, lead) is not None
    if role in ("first", "until"):
        # `from` one day `until` another; a day ends a trend, and nothing else of it.
        if re.search(rf"\s(?:{UNTIL_WORDS})\s", phrase) or (role == "until" and not is_limit):
            return ""
        role = "until" if is_limit else role
    has_meaning = is_limit or is_start or re.fullmatch(dates.AROUND, lead)
    found = meanings(phrase if has_meaning else phrase[len(lead) :], role, known)
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
    text = _COUNTED_FROM.sub(r"\1", text)
    text = _SAYS_SO.sub(lambda who: f"{', '.join(filter(None, (small(who[1]), who[2])))}: ", text)
    dated = _OF_A_SHARE.fullmatch(text)
    if dated and (SHARE.search(dated["share"]) or re.match(r"(?i)all\b", dated["share"])):
        name, made = _made(dated["name"], known)
        if len(found := meanings(dated["day"], "published", made)) == 1:
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
        if found := meanings(phrase, "published", made):
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
    is_named = who or not meanings(after.strip(" ,"), "published", known)
    if len(found := meanings(led[0], "published", made)) != 1 or not is_named:
        return ""
    return str(Forecast.said(found[0], name, said[: led.end()]))


def _made(text: str, known: Known | None) -> tuple[str, Known | None]:
    """The name beside a published day, and the day it was published where that follows it."""
    name, *said = bare(text).split(": ", 1)
    for joint in _BEFORE_A_DAY.finditer(name):
        when = name[joint.end() :].rstrip(")")
        if not when.isdecimal() and len(found := meanings(when, "day", known)) == 1:
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


def is_around(text: str, read: str) -> bool:
    """Whether an answer has a day with `around`, read as those three days either way."""
    ranges = re.findall(rf"({ISO}) to ({ISO})", read)
    days = (map(dt.date.fromisoformat, ends) for ends in ranges)
    is_wide = any(last - first == 2 * EITHER_WAY for first, last in days)
    return is_wide and _AROUND_A_DAY.search(text) is not None
