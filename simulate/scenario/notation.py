"""How people write numbers and dates, and what to write in a scenario instead.

There is one rule for files, settings and the interview: a number is digits with a decimal point, a
date is YYYY-MM-DD, and where there is no source or address, words such as `none` leave it out. Any
other form is refused, and the refusal says what to write. Nothing is guessed: a hint is given only
if the program would accept it; where a text has two meanings, the hint has both. The interview
takes what a hint says where that is one thing only, and says how it read the answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from simulate.scenario import written_dates as dates
from simulate.scenario import written_numbers as numbers
from simulate.scenario.spelling import SPELLING, Hint, Spelling, write
from simulate.scenario.written_numbers import AMOUNTS, RATIOS, Kind, Written

LONGEST = 60
"""No written number or date is longer."""

HOW_DATES = Hint("use YYYY-MM-DD", is_general=True)
_NO_HINT = Hint("")
_YEAR_MISSING = f"{HOW_DATES}; {dates.YEAR_MISSING}"

MORNING_AFTER = "the morning after"
_NOTHING = r"none|no|n/a|na|n\.a\.|[-–—]|nothing|unknown|not (?:\w+en|stated|said|known|named)"
SAME_SOURCE = re.compile(r"(?i)(?:(?:the )?same|as above|ibid)\b(?: source| as above)?")
"""The beginning of a source that is the one named before."""


class Ambiguous(float):
    """A number with three decimals, such as 12.000, whose dot may have been meant for thousands."""

    __slots__ = ()


def as_number(text: str) -> float:
    """The value of a decimal number."""
    dotted = re.fullmatch(rf"[-+]?{numbers.THREE_DECIMALS}", text)
    return Ambiguous(text) if dotted else float(text)


def is_nothing(text: str) -> bool:
    """Whether a text is a word for "there is none"."""
    return re.fullmatch(_NOTHING, text.strip().lower()) is not None


# --- numbers ---


class _Wanted(NamedTuple):
    """What kind of number a hint has to give, and how a range is written, if one will do.

    A rate is multiplied by `times`, and `per` is what to write behind it.
    """

    kind: Kind
    spelled: Spelling | None
    times: Decimal = Decimal(1)
    per: str = ""

    def read(self, text: str) -> Written | None:
        """A number of that kind, or a part in words: a third."""
        found = numbers.read(text, self.kind) or numbers.part(text, self.kind)
        return None if found is None else found._replace(value=found.value * self.times)

    def range(self, *values: Decimal) -> str:
        """A range as it is written here; empty where only a single number will do."""
        return "" if self.spelled is None else f"{self.spelled.of(*map(Written, values))}{self.per}"


def number_hint(text: str, kind: Kind = "number", *, ranges: bool = False) -> Hint:
    """How to write the number that a text probably means; empty where no hint is certainly right.

    `kind` is what the number measures, and `ranges` whether a range can be written in its place.

    Examples
    --------
    >>> number_hint("$37.5bn", "count"), number_hint("3 months", "days")
    ('write 37500000000', 'write 91.31, in days')
    >>> number_hint("30 % of 30,000", "count"), number_hint("350 per night", "rate")
    ('write 9000', 'write 350 with per: day')
    """
    plain = _tidy(text)
    if len(plain) > LONGEST:
        return _NO_HINT
    wanted = _Wanted(kind, SPELLING.get() if ranges else None)
    if rate := re.fullmatch(numbers.RATE, plain):
        period = numbers.PERIODS[rate[2] or rate[3]]
        if kind == "rate":
            per = SPELLING.get().per.format(period[1])
            plain, wanted = rate[1], wanted._replace(times=period[0], per=per)
    for form, kinds, hint in _FORMS:
        match = re.fullmatch(form, plain) if not kinds or kind in kinds else None
        if match and (found := hint if isinstance(hint, Hint) else hint(match, wanted)):
            return found.about(text)
    return _NO_HINT


def _tidy(text: str) -> str:
    text = text.replace("−", "-").replace("\u2019", "'")
    text = " ".join(text.split()).lower().strip("'\"")  # every kind of blank is one
    return re.sub(r"(?<=[a-z])_|_(?=[a-z])", " ", text)  # about_900, as typed in a shell


def _single(match: re.Match[str], wanted: _Wanted) -> Hint:
    found = wanted.read(match[0])
    if found is None:
        return _NO_HINT
    remark = ", without quotes or brackets" if str(found) == match[0] else found.remark
    return write(f"{found}{wanted.per}", "" if wanted.per and remark[:1] == "," else remark)


def _thousand_or_decimal(match: re.Match[str], _wanted: _Wanted) -> Hint:
    thousand, decimal = (Written(Decimal(text)) for text in (match[0].replace(".", ""), match[0]))
    return Hint(
        f"write {thousand} if the dot separates thousands, or {decimal} if it is a decimal point"
    )


def _three_or_thousands(match: re.Match[str], wanted: _Wanted) -> Hint:
    """`300,380,440` may be a range; if it descends, or no range will do, it is one number."""
    one, three = (how(match, wanted).way for how in (_single, _three))
    said = f"write {one} if the commas separate thousands, or {three} for a range"
    return Hint(said) if three else _NO_HINT


_WHOLE_FROM = 50
"""From here on, one is at most a tenth of the range, whose limits are whole."""


def _hedged(match: re.Match[str], wanted: _Wanted) -> Hint:
    if (found := wanted.read(match[1] or match[2])) is None:
        return _NO_HINT
    low, high = numbers.hedge_of(match[0]).limits(found.value)
    scale = next(iter(found.tail.split()), "") if numbers.unit_scale() == 1 else ""
    exactly = f"{found}{wanted.per}"
    if not (wanted.spelled and low < high and numbers.fits(high, wanted.kind)):
        return write(exactly)
    if wanted.kind in AMOUNTS and found.value >= _WHOLE_FROM and scale not in numbers.SCALES:
        low, high = Decimal(round(low)), Decimal(round(high))
    if wanted.kind in numbers.RATIOS:
        low, high = numbers.rounded(low), numbers.rounded(high)
    values = (low, found.value, high)
    texts = [*map(str, map(Written, values))]
    if wanted.spelled.spoken and len(scale) > 2 and scale in numbers.SCALES:
        texts = [f"{Written(value / numbers.SCALES[scale])} {scale}" for value in values]
        exactly = f"{Written(found.value / numbers.SCALES[scale])} {scale}{wanted.per}"
    limits = f"{wanted.spelled.of(*texts)}{wanted.per}"
    said = f"write {exactly} for exactly that, or the lowest, likeliest and highest value"
    return Hint(f"{said}, such as {limits}", way=limits)


_ASSUMED = Decimal("0.1")
"""How far the other limit is in what is offered."""


def _bounded(match: re.Match[str], wanted: _Wanted) -> Hint:
    if (found := wanted.read(match[1] or f"{match[2]}{match[3]}")) is None:
        return _NO_HINT
    limit = f"{found}{wanted.per}"
    said = f"write {limit} for the limit itself"
    if wanted.spelled is None:
        return Hint(said)
    way, way_said = (-1, "less") if re.search(numbers.BELOW, match[0]) else (1, "more")
    other = found.value * (1 + way * _ASSUMED)
    if wanted.kind in AMOUNTS and found.value >= _WHOLE_FROM:
        other = Decimal(round(other))
    if wanted.kind in numbers.RATIOS:
        other = numbers.rounded(other)
    said += ", or a range with the other limit you assume"
    if match[0].startswith("well") or not numbers.fits(other, wanted.kind):
        return Hint(said)
    limits = wanted.range(*sorted((found.value, other)))
    return Hint(f"{said}, such as {limits} for up to 10 % {way_said}", such_as=limit)


def _part_of(match: re.Match[str], wanted: _Wanted) -> Hint:
    """`30 % of 30,000` is a count; `30 % of the force` is a share."""
    share, whole = numbers.share(match), match["whole"]
    if share is None:
        return _NO_HINT
    if wanted.kind in ("count", "rate"):
        if whole is not None and (found := numbers.read(whole, "number")) is not None:
            return write(f"{Written(round(share * found.value, 6))}{wanted.per}")
        per_cent = write(f"{Written(100 * share)}{wanted.per}")
        if match["percent"] and re.search(numbers.PER_CENT, numbers.UNIT.get()):
            return per_cent
        way = f"; where the unit is per cent, {per_cent}" if match["percent"] else ""
        return Hint(f"{_NOT_A_SHARE}{way}")
    if (whole and numbers.read(whole, "number")) or not numbers.fits(share, wanted.kind):
        return _NO_HINT
    said = ", a share instead of a percentage" if match["percent"] else ""
    return write(Written(numbers.rounded(share)), said)


def _range(match: re.Match[str], wanted: _Wanted) -> Hint:
    if wanted.spelled is None or (high := wanted.read(match[2])) is None:
        return _NO_HINT
    if match[1] == "0" and wanted.kind in AMOUNTS:
        return write(wanted.range(Decimal(0), high.value))
    for low in _in_the_scale_of(match, high, wanted):
        if low.value < high.value:
            return write(wanted.range(low.value, high.value), wanted.spelled.other_ends)
    return _NO_HINT


def _in_the_scale_of(match: re.Match[str], other: Written, wanted: _Wanted) -> Iterator[Written]:
    """The first number of `5 to 10 million` or `five to seven hundred`, then as it is written."""
    scale = re.search(rf"\b(?:{numbers.SCALE})\b.*", match[2])
    texts = (f"{match[1]} {scale[0] if scale else other.tail}", match[1])
    return filter(None, map(wanted.read, texts))


def _either(match: re.Match[str], wanted: _Wanted) -> Hint:
    """`6 or 7` is one of two."""
    if wanted.spelled is None or (two := wanted.read(match[2])) is None:
        return _NO_HINT
    for one in _in_the_scale_of(match, two, wanted):
        if one.value != two.value:
            return write(f"{wanted.spelled.either.format(one, two)}{wanted.per}")
    return _NO_HINT


def _plus_or_minus(match: re.Match[str], wanted: _Wanted) -> Hint:
    one, off = wanted.read(match[1]), wanted.read(match[2])
    if not (wanted.spelled and one and off and numbers.fits(one.value - off.value, wanted.kind)):
        return _NO_HINT
    limits = wanted.range(one.value - off.value, one.value + off.value)
    return Hint(f"write {limits} if these are the limits", such_as=limits)


def _three(match: re.Match[str], wanted: _Wanted) -> Hint:
    found = [each for part in match.groups() if part and (each := wanted.read(part))]
    low, mode, high = (each.value for each in found) if len(found) == 3 else (Decimal(),) * 3
    is_range = wanted.spelled and low <= mode <= high and low < high
    return write(wanted.range(low, mode, high)) if is_range else _NO_HINT


def _vague(match: re.Match[str], wanted: _Wanted) -> Hint:
    """`several hundred` is an order of magnitude."""
    words = (word.removesuffix("s") for word in re.split(r"\W+", match[0]))
    size = Decimal(math.prod(numbers.MAGNITUDES.get(word, 1) for word in words))
    size /= scale if size >= (scale := numbers.unit_scale()) else 1
    limits = wanted.range(2 * size, 9 * size) if scale * size > 1 else ""
    said = f"write the limits you assume, such as {limits}"
    return Hint(said, such_as=limits) if limits else _NO_HINT


def _is_a_rate(match: re.Match[str], _: _Wanted) -> Hint:
    found = number_hint(match[0], "rate") or number_hint(match[0], "rate", ranges=True)
    way = found.removeprefix("write ").partition(";")[0]
    takes = f"losses.rate, or the amount of an inflow, takes {way}"
    return Hint(f"a number of units is wanted, not a rate: {takes}") if found else _NO_HINT


def _most(match: re.Match[str], wanted: _Wanted) -> Hint:
    """`most of them` and `nearly all` are no numbers; those of a number that is named are."""
    whole = numbers.read(match["whole"] or "12000", "count")
    if whole is None or wanted.spelled is None:
        return Hint(_NOT_A_SHARE)
    most, nearly_all = (wanted.range(whole.value * of, whole.value) for of in (_HALF, _NEARLY_ALL))
    if match["whole"]:
        return write(most if match["most"] else nearly_all if match["nearly"] else whole)
    return Hint(f"{_NOT_A_SHARE}; most of {whole} is {most}, nearly all of it {nearly_all}")


_HALF, _NEARLY_ALL = Decimal("0.5"), Decimal("0.9")

_Answer: TypeAlias = Hint | Callable[[re.Match[str], _Wanted], Hint]

_NOT_A_SHARE = "a number of units is wanted, not a share: work out what it comes to"

_FORMS: tuple[tuple[str, tuple[Kind, ...], _Answer], ...] = (
    (numbers.CUT_OFF, (), Hint("a comma separates entries; write numbers without it")),
    (numbers.THREE_DECIMALS, (*AMOUNTS, "days"), _thousand_or_decimal),
    (numbers.THREE_OF_THREE, (*AMOUNTS, "days"), _three_or_thousands),
    (numbers.PART, ("count", "rate", *RATIOS), _part_of),
    (".*", (), _single),
    (r"(.+?) or (.+)", (), _either),
    (rf"(?:{numbers.HEDGE})?(?:(?:between|from) )?(.+?){numbers.TO}(.+)", (), _range),
    (r"(.+?)\s*(?:±|\+/?-| give or take )\s*(.+)", (), _plus_or_minus),
    (r"(.+?), (.+?), (.+)|([^, ]+),([^, ]+),([^, ]+)", (), _three),
    (f"{numbers.HEDGE}(.+)|(.+?){numbers.HEDGE_AFTER}", (), _hedged),
    (f"{numbers.BOUND}(.+)|(.+?){numbers.BOUND_AFTER}(.*)", (), _bounded),
    (numbers.VAGUE, AMOUNTS, _vague),
    (numbers.RATE, ("count",), _is_a_rate),
    (numbers.MOST, ("count", "rate"), _most),
)
"""Each form of a number, the kinds of number it is read as (all if empty), and what to write."""


# --- dates ---


def date_hint(text: str, *, ranges: bool = False) -> Hint:
    """How to write the date that a text probably means; at least the form of a date.

    Examples
    --------
    >>> date_hint("24 June 2025")
    'write 2025-06-24'
    >>> date_hint("2026-02", ranges=True)
    'write a uniform over the month: {distribution: uniform, low: 2026-02-01, high: 2026-03-01}'
    """
    return _date_hint(text, SPELLING.get() if ranges else None).about(text)


def _date_hint(text: str, spelled: Spelling | None) -> Hint:
    if len(plain := _tidy(text)) > LONGEST:
        return HOW_DATES
    three = [dates.days(dates.tidy(part)) for part in plain.split(", ")]
    if spelled and len(three) == 3 and all(len(days) == 1 for days in three):
        return write(spelled.of(*(day for (day,) in three)))
    if spelled and not spelled.whole_days and (end := dates.end_of(plain)):
        return write(end, f", {MORNING_AFTER}")
    plain = dates.tidy(plain)
    if found := _day(plain) or _period(plain, spelled):
        return found
    why = dates.why_none(plain)
    return Hint(f"{HOW_DATES}; {why}", is_general=True) if why else HOW_DATES


def is_date(text: str) -> bool:
    """Whether a text can only be a day or a period."""
    return dates.names_a_day(_tidy(text)) and date_hint(text, ranges=True) != HOW_DATES


def names_days(text: str) -> bool:
    """Whether a text names a day or a period, with its year."""
    return not date_hint(text, ranges=True).startswith(HOW_DATES)


def lacks_a_year(hint: str) -> bool:
    """Whether a hint of `date_hint` says that the year is missing."""
    return hint == _YEAR_MISSING


def period_hint(text: str, key: str) -> Hint:
    """How to write the season, year or range that a text means: from, to, or both as a date."""
    plain = dates.tidy(_tidy(text))
    if len(plain) > LONGEST:
        return _NO_HINT
    if key == "date" and (days := dates.last_by(_tidy(text))):
        return _one_of(map(str, days)).about(text)
    found = dates.periods(plain) or filter(None, [dates.between(plain)])
    form = {"from": "{0}", "to": "{1}"}.get(key, SPELLING.get().period)
    return _one_of(form.format(one.first, one.last) for one in found).about(text)


def _one_of(ways: Iterable[str]) -> Hint:
    """The hint to write one of several things, if there are any."""
    found = [*ways]
    said = f"write {', or '.join(found)}"
    return Hint(said, way=found[0] if len(found) == 1 else "") if found else _NO_HINT


def edge_hint(text: str, *, end: bool) -> Hint:
    """As `date_hint`, of a day on which something begins, or ends and which is excluded.

    Examples
    --------
    >>> edge_hint("October 2026", end=True).partition(":")[0]
    'write 2026-11-01 if it ends with the month, or a uniform over the month'
    """
    found, hint = dates.periods(dates.tidy(_tidy(text)[:LONGEST])), date_hint(text, ranges=True)
    _, is_period, ways = hint.partition("a uniform over ")
    if len(found) != 1 or not is_period or (SPELLING.get().whole_days and not end):
        return hint
    (one,) = found
    day, how = (one.end, "ends") if end else (one.first, "begins")
    return Hint(f"write {day} if it {how} with {one.name}, or a uniform over {ways}", of=text)


def _day(text: str) -> Hint:
    days = dates.days(text)
    if len(days) < 2:
        return _one_of(map(str, days))
    by_month, by_day = days if int(text.partition("/")[0]) == days[0].month else reversed(days)
    return Hint(f"write {by_day} if the day comes first, or {by_month} if the month does")


def _period(text: str, spelled: Spelling | None) -> Hint:
    """How to write a month, a season, or what lies between two days."""
    found, joined = dates.periods(text), None
    if not found and (joined := dates.between(text)) is not None:
        found = (joined,)
    if not found or spelled is None:
        days = " or ".join(str(one.last) for one in found)
        return Hint(f"write a single day of it, such as the last: {days}") if days else _NO_HINT
    first = found[0]
    if joined and not spelled.whole_days and re.search(r"\d-\d\d-\d\d$", text):
        # Written as low and high, whose day is excluded.
        return write(spelled.of(first.first, first.last), ", the last day excluded")
    if joined:
        return write(spelled.days(first), ", the last day included")
    ways = [f"a uniform over {one.name}: {spelled.days(one)}" for one in found]
    if text.startswith(("end", "beginning", "start")) and not spelled.whole_days:
        end = f"{first.end}, {MORNING_AFTER}"  # a date is the beginning of its day
        day = f"{first.first} for that day alone"
        ways.insert(0, end if text.startswith("end") else day)
    return Hint(f"write {', or '.join(ways)}", way=spelled.days(first) if len(ways) == 1 else "")
