"""How the rate changes, from the text of an answer."""

from __future__ import annotations

import math
import re

from simulate.errors import Problem, ScenarioError
from simulate.scenario import written_dates as dates
from simulate.scenario.interview.document import Answers, days_in
from simulate.scenario.interview.doubt import number
from simulate.scenario.interview.readers import Filled, in_full, law, listed, per_of
from simulate.scenario.notation import number_hint
from simulate.scenario.spelling import only_way
from simulate.scenario.values import shown
from simulate.scenario.written_dates import MONTH_NAME, SEASON
from simulate.scenario.written_numbers import HEDGE

_BEHIND = r"(?:(?!(?:not|never|no|may|might|could|if|unless|until|or)\b)[a-z][a-z'-]*,?\s+)*"
_GROWS = re.compile(
    rf"{_BEHIND}(?:(grow(?:s|ing)?|rises?|rising|rose|increases?|increasing|plus|up)|"
    r"(falls?|falling|fell|declin(?:es?|ing)|decreases?|decreasing|shrinks?|shrinking|minus|down))"
    r"(?:\s+by)?\s+(.+)",
    re.IGNORECASE,
)
"""A change in words, behind what it is that changes; words that doubt it are none of these."""


def season(text: str, _: Answers) -> Filled:
    """Twelve factors, or `0.33 from April to September; 2 in December`, where the others are 1."""
    joint = r"[,;]\s*" if re.search("[^-+\\d\\s.]", text) else r"\s+"
    factors = [law(part) for part in re.split(joint, text)]
    if _MONTH.search(text):
        factors = ["1"] * 12
        for part in re.split(r";\s*", text):
            factor, months = _in_months(part)
            for month in months:
                factors[month] = law(factor)
    if len(factors) == 1 and factors[0].startswith('"'):
        message = f"rate.by_month needs twelve numbers, or months (found {shown(text)})"
        raise ScenarioError(Problem(message, hint="write it as 0.33 from April to September"))
    return {"rate.by_month": listed(factors)}


def _in_months(text: str) -> tuple[str, list[int]]:
    """The factor and the months, from 0 on, of `a third from April to September`."""
    forms = (form.fullmatch(text.strip()) for form in (_FACTOR_IN, _IN_FACTOR))
    found = next(filter(None, forms), None)
    names = [f"{found[name] or found['first']} 2001" for name in ("first", "last")] if found else []
    # Winter 2001 is one of two, with the same months.
    spans = [span for name in names for span in dates.periods(dates.tidy(name))[-1:]]
    if found is None or len(spans) != 2:
        message = f"rate.by_month must be a number and its months (found {shown(text)})"
        hint = "write it as 0.33 from April to September; the other months are 1"
        raise ScenarioError(Problem(message, hint=hint))
    first, n_months = spans[0].first.month, (spans[1].last.month - spans[0].first.month) % 12 + 1
    factor = _TWICE.sub("2", found["factor"])
    if about := re.match(HEDGE, factor.lower()):
        plain = number(factor[about.end() :], "factor")
        factor = factor if plain is None else f"{0.9 * plain:.3g} to {1.1 * plain:.3g}"
    return factor, [(first - 1 + i) % 12 for i in range(n_months)]


_NAMED = rf"(?:{MONTH_NAME}[a-z]*\.?|\b(?:{SEASON})\b)"
_MONTH = re.compile(_NAMED, re.IGNORECASE)
_MONTHS = (
    rf"(?:the\s+)?(?P<first>{_NAMED})(?:\s+(?:to|and|through)\s+(?:the\s+)?(?P<last>{_NAMED}))?"
)
_FACTOR_IN = re.compile(
    rf"(?P<factor>.+?),?\s+(?:from|in|during|between)\s+{_MONTHS}", re.IGNORECASE
)
_IN_FACTOR = re.compile(
    rf"(?:(?:from|in|during|between)\s+)?{_MONTHS}:?\s+(?P<factor>\D*\d.*|half|twice|.* third)",
    re.IGNORECASE,
)
_TWICE = re.compile(r"^(?:twice|double)$", re.IGNORECASE)


def trend(text: str, _: Answers) -> Filled:
    """`0.02 a month until 2026-07-01`."""
    change, *until = re.split(r"\s+until\s+", text, maxsplit=1)
    if spread := _monthly(change):
        message = f"trend needs a share per month (found {shown(change)})"
        raise ScenarioError(Problem(message, hint=f"write {spread} a month"))
    share, per = per_of(change)
    hint = (
        "write 2 % a month, or -5 % a week where it falls; or the change in all and the time it "
        "took: 10 % in 6 months, which is about 1.6 % a month"
    )
    if per not in ("week", "month", "year"):
        message = f"trend needs a share per week, month or year (found {shown(text)})"
        raise ScenarioError(Problem(message, hint=hint))
    if said := _GROWS.fullmatch(share):
        if way := _signed(number_hint(said[3], "growth", ranges=True), falls=bool(said[2])):
            hint = _exact(way, per) or hint
        raise ScenarioError(Problem(f"trend must be a number ({in_full(change)})", hint=hint))
    if (value := law(share)).startswith('"'):  # no number as it is
        way = only_way(number_hint(share, "growth"))
        as_it_is, exact = (f"write {way} a {per}", _exact(way, per)) if way else ("", "")
        if exact != as_it_is or not number_hint(share, "growth", ranges=True):
            message = f"trend must be a number (found {shown(share)})"
            raise ScenarioError(Problem(message, hint=exact or hint))
    return {f"rate.trend_per_{per}": value, "rate.trend_until": "".join(map(law, until))}


_LARGE = 0.1
"""From here on, a share of a week, month or year differs from the logarithm that the file has."""


def _exact(way: str, per: str) -> str:
    """`write -0.6931 a month` for a fall by half; empty where all or more would be gone."""
    try:
        share = float(way)
    except ValueError:  # a range
        return f"write {way} a {per}"
    if share <= -1:
        return ""
    return f"write {way if abs(share) < _LARGE else f'{math.log1p(share):.4g}'} a {per}"


def _signed(hint: str, *, falls: bool) -> str:
    """What a hint says to write, or the limits of `about`, below 0 for what falls."""
    _, _, limits = hint.partition(" for exactly that, or the limits it lies between, such as ")
    way = limits or only_way(hint)
    if not falls:
        return way
    joint = " or " if " or " in way else " to "
    return joint.join(f"-{one.lstrip('-')}" for one in reversed(way.split(joint)) if one)


_IN_ALL = re.compile(
    r"(.+?\d?\s*(?:%|per ?cent|pct)|0?\.\d+|an? \w+|half)\s*(?:more|less)?\s+"
    r"(?:in|over|within|during)\s+(?:the (?:last |past )?)?(?:(\S+) )?(week|month|year)s?",
    re.IGNORECASE,
)

_TIMES = re.compile(
    rf"{_BEHIND}(?:(halv(?:es?|ing))|(doubl(?:es?|ing))|tripl(?:es?|ing))\s+"
    r"(?:each|every|an?|per|in|within)\s+(?:(\S+)\s+)?(week|month|year)s?",
    re.IGNORECASE,
)


def _monthly(text: str) -> str:
    """The logarithm of the change a month of `10 % in six months` and `halves every week`.

    Empty where neither is said.
    """
    month = float(days_in("month"))
    if times := _TIMES.fullmatch(text):
        n = 1.0 if times[3] is None else number(times[3], "count")
        days = (n or 0.0) * float(days_in(times[4].lower()))
        factor = 0.5 if times[1] else 2.0 if times[2] else 3.0
        return f"{math.log(factor) * month / days:.4g}" if days else ""
    if (found := _IN_ALL.fullmatch(text)) is None:
        return ""
    said = _GROWS.fullmatch(found[1])
    falls = bool(said and said[2]) or re.search(r"\bless\b", text) is not None
    change = number(said[3] if said else found[1], "growth")
    n = 1.0 if found[2] in (None, "a", "an") else number(found[2], "count")
    if change is None or not n:
        return ""
    total = -abs(change) if falls else change
    if total <= -1:
        return ""
    days = n * float(days_in(found[3].lower()))
    return f"{math.log1p(total) * month / days:.4g}"
