"""How the rate changes, from the text of an answer."""

from __future__ import annotations

import datetime as dt
import math
import re
import statistics
from collections.abc import Iterator
from decimal import Decimal
from operator import itemgetter

from simulate.scenario import written_dates as dates
from simulate.scenario.interview.days import in_figures
from simulate.scenario.interview.document import Answers, Known, days_in
from simulate.scenario.interview.grammar import (
    ISO,
    NAMED,
    PER,
    UNDOUBTED,
    digits,
    number,
    pattern,
    per_of,
    refusal,
)
from simulate.scenario.interview.readers import Filled, law, listed
from simulate.scenario.notation import number_hint
from simulate.scenario.spelling import write
from simulate.scenario.written_numbers import HEDGE, hedge_of

YEAR = 12
_GROWS = pattern(
    rf"{UNDOUBTED.pattern}(?:(grow(?:s|ing)?|rises?|rising|rose|increases?|increasing|raised|plus|"
    r"up)|"
    r"(falls?|falling|fell|declin(?:es?|ing)|decreases?|decreasing|shrinks?|shrinking|cut|lowered|reduced|"
    r"minus|down))"
    r"(?:\s+by)?\s+(.+)"
)
"""A change in words, behind what it is that changes; words that doubt it are none of these."""


def season(_key: str, text: str, answers: Answers) -> Filled:
    """Twelve factors, or `0.33 from April to September; 2 in December`, where the others are 1.

    A rate is that of the months with 1, if there are some; in the file it is the mean of the year.
    """
    if _ON.search(text):
        raise refusal("a season comes back every year", text, _FOR_GOOD)
    joint = r"[,;]\s*" if re.search("[^-+\\d\\s.]", text) else r"\s+"
    factors = [law(part) for part in re.split(joint, text)]
    if in_words := _MONTH.search(text):
        factors = ["1"] * YEAR
        for part in re.split(r";\s*|,\s*(?:and\s+)?(?=[\d.]+\s+(?:in|from)\b)", text):
            factor, months = _in_months(part, _counted(answers))
            for month in months:
                factors[month] = factor
    if len(factors) == 1 and factors[0].startswith('"'):
        raise refusal(
            "rate.by_month needs twelve numbers, or months",
            text,
            "write it as 0.33 from April to September",
        )
    found = {"rate.by_month": listed(factors)}
    if "losses.rate" not in answers or len(factors) != YEAR or '"' in "".join(factors):
        return found
    mean = statistics.fmean(statistics.fmean(_numbers(factor)) for factor in factors)
    if not mean or not (in_words or factors.count("1") >= _ORDINARY):
        return found
    rate = answers["losses.rate"]
    return {
        "rate.by_month": listed(_times(factor, 1 / mean) for factor in factors),
        "losses.rate": _times(rate, mean),
        "season": _rates(rate, answers["losses.per"], factors),
    }


def _counted(answers: Answers) -> set[int]:
    """The months, from 0 on, of a count of less than half a year, which shows no season."""
    keys = ("losses.start", "losses.as_of", "force.counts[0]", "force.counts[1]")
    found = re.findall(ISO, " ".join(answers.get(key, "") for key in keys))
    days = sorted(map(dt.date.fromisoformat, found)) if "losses.rate" not in answers else []
    if not days or (days[-1] - days[0]).days >= _HALF_A_YEAR:
        return set()
    # The last day is that after the count.
    return {(days[0] + dt.timedelta(n)).month - 1 for n in range((days[-1] - days[0]).days)}


_HALF_A_YEAR = 182
_ORDINARY = 3
"""So many of twelve factors are 1 where they are relative to ordinary months."""


def _rates(rate: str, per: str, factors: list[str]) -> str:
    """`3 to 4 a week, but 6 to 8 from August to October`."""
    ends, said = _numbers(rate), []
    for factor in dict.fromkeys(("1", *factors)):
        limits = zip((ends[0], ends[-1]), itemgetter(0, -1)(_numbers(factor)), strict=True)
        much = " to ".join(dict.fromkeys(_said(one * by) for one, by in limits))
        months = [month for month, one in enumerate(factors) if one == factor]
        said.append(f"{much} a {per}" if factor == "1" else f"{much} {dates.in_months(months)}")
    return f"{said[0]}, but {', '.join(said[1:])}"


def _said(value: float) -> str:
    """A rate in three digits, or all of a whole one."""
    return f"{value if value == round(value) else float(f'{value:.3g}'):,.10g}"


def _numbers(value: str) -> list[float]:
    """The numbers of a law from the interview, lowest first, whose mean is that of the law."""
    return [float(one) for one in _NUMBER.findall(value.partition(", weights")[0])]


def _times(value: str, by: float) -> str:
    """A law from the interview, multiplied."""
    head, joint, weights = value.partition(", weights")
    scaled = _NUMBER.sub(lambda number: f"{float(f'{float(number[0]) * by:.6g}'):.10g}", head)
    return f"{scaled}{joint}{weights}"


_NUMBER = re.compile(r"(?<![\w.])\d*\.?\d+(?:e[-+]?\d+)?")


def _in_months(text: str, counted: set[int]) -> tuple[str, list[int]]:
    """The factor and the months, from 0 on, of `a third from April to September`.

    Raises a `ScenarioError` for some of the months `counted`, whose rate is past.
    """
    forms = (form.fullmatch(text.strip()) for form in (_FACTOR_IN, _IN_FACTOR))
    if (found := next(filter(None, forms), None)) is None:
        raise refusal("rate.by_month must be a number and its months", text, _HOW)
    months, is_range = found["months"], found["lead"].lower().startswith("between")
    spans = [months] if is_range else re.split(r",\s*(?:and\s+)?|\s+and\s+", months)
    named = [month for span in spans for month in _months(span)]
    if {*named} < counted:
        raise refusal("a past rise is not a season", text, _RECENT)
    factor = _plain(found["factor"])
    if about := re.match(HEDGE, factor.lower()):
        plain = number(factor[about.end() :], "factor")
        factor = (
            factor
            if plain is None
            else " to ".join(
                f"{float(end):.3g}" for end in hedge_of(about[0]).limits(Decimal(plain))
            )
        )
    if (value := law(factor)).startswith('"'):
        hint = number_hint(factor, "factor", ranges=True) or _HOW
        raise refusal("rate.by_month must be a number and its months", factor, hint)
    return value, named


def _plain(text: str) -> str:
    """A factor without words such as `as much`; that of `20 % less` is 0.8."""
    if change := _MORE.fullmatch(text := _AS_MUCH.sub("", text)):
        share = number(change[1], "growth")
        is_more = change[2] is None or change[2].lower() in ("more", "higher")
        if share and 0 < share < 1:
            return f"{1 + share if is_more else 1 - share:.4g}"
    return {"twice": "2", "double": "2", "triple": "3"}.get(text.lower(), text)


def _months(text: str) -> list[int]:
    """The months, from 0 on, of one that is named, or of those from one to another."""
    names = re.split(r"\s+(?:to|and|through)\s+", text)
    # Winter 2001 is one of two, with the same months.
    spans = [span for name in names for span in dates.periods(dates.tidy(f"{name} 2001"))[-1:]]
    if len(spans) != len(names):
        raise refusal("rate.by_month must be a number and its months", text, _HOW)
    first, n_months = spans[0].first.month, (spans[-1].last.month - spans[0].first.month) % 12 + 1
    return [(first - 1 + i) % YEAR for i in range(n_months)]


_HOW = (
    "write it as 0.33 from April to September; 2 in December, with a semicolon between; the other "
    "months are 1"
)
_RECENT = (
    "give the recent pace instead, such as known: rate; for what comes back every year, give all "
    "twelve numbers"
)
_FOR_GOOD = "for a change that lasts, answer trend: 25 % more from July 2026 on"
_ON = pattern(r"\bfrom\s+[^;,]+\son(?:wards?)?$")
_NAMED = rf"(?:the\s+)?{NAMED}\.?"
_MONTH = pattern(_NAMED)
_MONTHS = (
    rf"(?:the\s+(?:[a-z]+\s+)?months\s+(?:of|from)\s+)?(?P<months>{_NAMED}"
    rf"(?:(?:\s+(?:to|and|through)\s+|,\s*(?:and\s+)?){_NAMED})*)(?:\s+months)?"
)
_FACTOR_IN = pattern(rf"(?P<factor>.+?),?\s+(?P<lead>from|in|during|between)\s+{_MONTHS}")
_IN_FACTOR = pattern(
    rf"(?P<lead>(?:from|in|during|between)\s+|){_MONTHS}:?\s+"
    r"(?P<factor>\D*\d.*|half|(?:that is )?(?:twice|double|half).*|.* third)"
)
_AS_MUCH = pattern(r"^(?:that|it) is\s+|\s+(?:as (?:much|many|high|fast)|the usual(?: rate)?)$")
_MORE = pattern(r"(.+?)\s+(?:(?:as (?:much|many)\s+)?again|(more|higher|less|lower|fewer))")


def trend(_key: str, text: str, _: Answers) -> Filled:
    """`0.02 a month until 2026-07-01`, or for good `1.25 times from 2026-07-01 on`."""
    if found := _STEP.fullmatch(text):
        return {"rate.steps": f"[{{date: {law(found[2])}, factor: {law(found[1])}}}]"}
    change, *until = re.split(r"\s+until\s+", text, maxsplit=1)
    if spread := _monthly(change):
        raise refusal("trend needs a share per month", change, write(f"{spread} a month"))
    share, per = per_of(change)
    hint = (
        "write 2 % a month, or -5 % a week where it falls; the change in all and the time it took: "
        "10 % in 6 months, which is about 1.6 % a month; or 25 % more from July 2026 on, for good"
    )
    if per not in ("week", "month", "year"):
        raise refusal("trend needs a share per week, month or year", text, hint)
    if said := _GROWS.fullmatch(share):
        if way := _signed(said[3], falls=bool(said[2])):
            hint = _exact(way, per) or hint
        raise refusal("trend must be a number", change, hint)
    if (value := law(share)).startswith('"'):  # no number as it is
        exact = _exact(way, per) if (way := digits(share, "growth")) else ""
        if exact != f"write {way} a {per}" or not number_hint(share, "growth", ranges=True):
            raise refusal("trend must be a number", change, exact or hint)
    return {f"rate.trend_per_{per}": value, "rate.trend_until": "".join(map(law, until))}


_STEP = re.compile(rf"([\d.]+(?:(?: to | or |, )[\d.]+)*) times from ({ISO}(?: to {ISO})?) on")
"""A lasting change, as `step` writes it."""


def step(key: str, text: str, known: Known | None) -> str:
    """A change for good, `a quarter more from July on`, as `1.25 times from 2026-07-01 on`.

    Any other answer is left as it is.
    """
    if key != "trend":
        return text
    text = _FROM_THEN.sub(r"\2 from \1 on", text)
    what, comma, source = _COMMA.sub(r"\1", text).partition(", ")
    for change, day in _changes(what):
        days = in_figures(f"from {day}", "ends.date", known)
        if re.match(ISO, days) and (factor := _factor(change)):
            return f"{factor} times from {days} on{comma}{source}"
    return text


def _changes(text: str) -> Iterator[tuple[str, str]]:
    """What can be a change, and the day from which on it holds, named before or behind it."""
    if behind := _BEHIND_IT.fullmatch(text):
        yield behind[1], behind[2]
    if before := _BEFORE_IT.fullmatch(text):
        words = before[1].split()
        for n in range(1, len(words)):
            yield " ".join(words[n:]), _ONWARDS.sub("", " ".join(words[:n]))


def _factor(text: str) -> str:
    """`1.25` for `payments will rise by a quarter`, `0.5` for `halves`; empty where it is none."""
    if once := _ONCE.fullmatch(text):
        return f"{0.5 if once[1] else 2 if once[2] else 3}"
    if said := _GROWS.fullmatch(text):
        way = _signed(said[3], falls=bool(said[2]))
        return re.sub(r"-?[\d.]+", lambda change: f"{1 + float(change[0]):.4g}", way)
    found = _plain(_AS_BEFORE.sub("", text))
    is_factor = found != text and re.fullmatch(r"[\d.]+", found)
    return found if is_factor else digits(found, "factor", ranges=True) if found != text else ""


_DAY = r"(?:from|as of|on|(?:starting|beginning)(?: on| in| from)?)"
_BEHIND_IT = pattern(rf"(.+?),?\s+{_DAY}\s+(.+?)(?:\s+on(?:wards?)?)?")
_BEFORE_IT = pattern(rf"{_DAY}\s+(.+)")
_FROM_THEN = pattern(
    rf"^[^,]*\b{_DAY}\s+([^,]+),\s+(.+?)\s+"
    r"(?:from (?:then|that day)(?: on(?:wards?)?)?|thereafter)\b"
)
"""The day in a clause before the change."""
_COMMA = pattern(rf"^({_DAY}\s[^,]*(?:\d|{NAMED}|on(?:wards?)?)),(?=\s\D)")
_ONWARDS = pattern(r"(?:\s+on(?:wards?)?)?,?$")
_ONCE = pattern(
    rf"{UNDOUBTED.pattern}(?:(halv(?:es?|ed|ing))|(doubl(?:es?|ed|ing))|(tripl(?:es?|ed|ing)))"
)
_AS_BEFORE = pattern(
    r"\s+(?:times(?: as (?:much|many|high|fast))?|(?:as |than )?before|that|"
    r"of (?:that|the (?:old|usual) (?:rate|pace)))$"
)


_LARGE = 0.1
"""From here on, a share of a week, month or year differs from the logarithm that the file has."""


def _exact(way: str, per: str) -> str:
    """`write -0.6931 a month` for a fall by half; empty where all or more would be gone."""
    try:
        share = float(way)
    except ValueError:  # a range
        return write(f"{way} a {per}")
    if share <= -1:
        return ""
    return write(f"{way if abs(share) < _LARGE else f'{math.log1p(share):.4g}'} a {per}")


def _signed(text: str, *, falls: bool) -> str:
    """How a change, or a range, is typed; below 0 for what falls."""
    way = digits(text, "growth", ranges=True)
    if not falls:
        return way
    joint = next((joint for joint in (" or ", ", ") if joint in way), " to ")
    return joint.join(f"-{one.lstrip('-')}" for one in reversed(way.split(joint)) if one)


_IN_ALL = pattern(
    r"(.+?\d?\s*(?:%|per ?cent|pct)|0?\.\d+|an? \w+|half)\s*(?:more|less)?\s+"
    r"(?:in|over|within|during)\s+(?:the (?:last |past )?)?(?:(\S+) )?(?P<per>week|month|year)s?"
)

_TIMES = pattern(
    rf"{UNDOUBTED.pattern}(?:(halv(?:es?|ing))|(doubl(?:es?|ing))|tripl(?:es?|ing))\s+"
    rf"(?:{PER}|in|within)\s+(?:(\S+)\s+)?(?P<per>week|month|year)s?"
)


def _monthly(text: str) -> str:
    """The logarithm of the change a month of `10 % in six months` and `halves every week`.

    Empty where neither is said.
    """
    if found := _TIMES.fullmatch(text):
        total, time = -0.5 if found[1] else 1.0 if found[2] else 2.0, found[3]
    elif found := _IN_ALL.fullmatch(text):
        said, time = _GROWS.fullmatch(found[1]), found[2]
        change = number(said[3] if said else found[1], "growth") or 0.0
        falls = bool(said and said[2]) or re.search(r"\bless\b", text)
        total = -abs(change) if falls else change
    else:
        return ""
    n = 1.0 if time in (None, "a", "an") else number(time, "count")
    if not n or not total > -1:
        return ""
    days = n * float(days_in(found["per"].lower()))
    return f"{math.log1p(total) * float(days_in('month')) / days:.4g}"
