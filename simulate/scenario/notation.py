"""How people write numbers and dates, and how a scenario file writes them.

Files, settings and the interview share these hints. A hint is given only if the program would
accept it and the meaning is certain.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["count", "rate", "days", "share", "level", "factor", "growth", "number"]
"""What a number measures: things counted, so many per unit of time, days, a part of a whole (above
0 up to 1; a level is below 1), a factor (0 or more), a change that can be negative; `number` if
that is not known."""

Spelled = Callable[[str, str], str]
"""Writes a range, where one is allowed, from its two ends."""

LONGEST = 60
"""No written number or date is longer."""

HOW_DATES = "use YYYY-MM-DD"


def in_a_file(low: str, high: str) -> str:
    """A range as a scenario file has it."""
    return f"{{distribution: uniform, low: {low}, high: {high}}}"


# --- numbers ---


class Ambiguous(float):
    """A number with three decimals, such as 12.000, whose dot may have been meant for thousands."""

    __slots__ = ()


_THREE_DECIMALS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")


def as_number(text: str) -> float:
    """The value of a decimal number."""
    return Ambiguous(text) if _THREE_DECIMALS.fullmatch(text) else float(text)


_DIGITS = r"[-+]?(?:\d[\d,.'_]*|\.\d+)(?: \d{3}(?!\d)[\d,.]*)*(?:e[-+]?\d{1,2}\b)?"
_HEDGE = (
    r"(?:about|around|roughly|approximately|approx\.?|circa|ca?\.|ca|~|≈|some|nearly|almost|"
    r"estimated|est\.)\s*"
)
_BOUND = (
    r"(?:more than|over|at least|above|exceeding|upwards? of|no (?:fewer|less|more) than|"
    r"less than|fewer than|under|below|up to|at most|[<>]=?|≥|≤)\s*"
)
_BOUND_AFTER = r"\s*(?:\+|plus|or (?:more|fewer|less)|and more)"
_RATIOS = ("share", "level", "factor", "growth")
_PER_CENT = ("%", "percent", "per cent", "pct")
_SCALES = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 10**9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 10**12),
    "hundred": 100,
    "dozen": 12,
}
_CURRENCY = r"(?:us\$|[$€£¥]|usd|eur|gbp|dollars?|euros?|pounds?)"
_DAYS_EACH = {"day": 1, "week": 7, "fortnight": 14}
_TIMES = r"(?:hour|day|week|fortnight|month|quarter|year)s?"
# Words that make another quantity of the number they follow.
_ANOTHER = re.compile(
    rf"/|±|\d|\b(?:x|times|\w*fold|an?|per|each|every|of|left|remain\w*|more|less|fewer|to|and|or|{_TIMES}|daily|"
    r"weekly|monthly|yearly|ago)\b"
)


_CUT_OFF = re.compile(r"0\d\d")
"""What is left of 12,055 where a comma separates entries."""


class _Read(NamedTuple):
    value: Decimal
    remark: str = ""
    scale: str = ""

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"


def number_hint(text: str, kind: Kind = "number", spelled: Spelled | None = None) -> str:
    """How to write the number that a text probably means.

    Parameters
    ----------
    text : str
        What was written in place of a number.
    kind : {"count", "days", "share", "level", "factor", "growth", "number"}
        What the number measures.
    spelled : callable, optional
        Writes a range; left out where only a single number is allowed.

    Returns
    -------
    str
        Empty where no hint would be certainly right.

    Examples
    --------
    >>> number_hint("$37.5bn", "count")
    'write 37500000000'
    >>> number_hint("30 % of 30,000", "count")
    'write 9000'
    """
    plain = _tidy(text)
    if len(plain) > LONGEST:
        return ""
    if _CUT_OFF.fullmatch(plain):
        return "a comma separates entries; write numbers without it"
    for form, hint in _FORMS:
        if (match := re.fullmatch(form, plain)) and (found := hint(match, kind, spelled)):
            return found
    return ""


def _tidy(text: str) -> str:
    text = text.replace("−", "-").replace("\u2019", "'")
    text = " ".join(text.split()).lower()  # every kind of blank is one
    return re.sub(r"(?<=[a-z])_|_(?=[a-z])", " ", text)  # about_900, as typed in a shell


def _single(match: re.Match[str], kind: Kind, _spelled: Spelled | None) -> str:
    found = _read(match[0], kind)
    return "" if found is None else f"write {found}{found.remark}"


def _hedged(match: re.Match[str], kind: Kind, spelled: Spelled | None) -> str:
    if (found := _read(match[1], kind)) is None:
        return ""
    off = found.value / 10
    low, high = sorted((found.value - off, found.value + off))
    if spelled is None or not (low < high and _fits(high, kind)):
        return f"write {found}"
    ends = spelled(str(_Read(low)), str(_Read(high)))
    return f"write {found} for exactly that, or the limits it lies between, such as {ends}"


def _bounded(match: re.Match[str], kind: Kind, spelled: Spelled | None) -> str:
    if (found := _read(match[1] or f"{match[2]}{match[3]}", kind)) is None:
        return ""
    limits = "" if spelled is None else ", or a range with the other limit you assume"
    return f"write {found} for the limit itself{limits}"


def _part_of(match: re.Match[str], kind: Kind, _spelled: Spelled | None) -> str:
    """`30 % of 30,000` is a count; `30 % of the force` is a share."""
    share = Decimal("0.5") if match[2] else _scaled(match[1], "%")
    if share is None:
        return ""
    whole = None if match[3] is None else _read(match[3], "number")
    if kind == "count":
        if whole is not None:
            return f"write {_Read(share * whole.value)}"
        return "a number of units is wanted, not a share: work out what it comes to"
    if kind in _RATIOS and whole is None and _fits(share, kind):
        return f"write {_Read(share)}{'' if match[2] else ', a share instead of a percentage'}"
    return ""


def _range(match: re.Match[str], kind: Kind, spelled: Spelled | None) -> str:
    if spelled is None or (high := _read(match[2], kind)) is None:
        return ""
    scaled = re.search(r"[a-z%]$", match[1]) is not None  # 5-10 million are both millions
    low = _read(match[1] if scaled else f"{match[1]}{high.scale}", kind)
    if low is None or not low.value < high.value:
        return ""
    return f"write {spelled(str(low), str(high))}"


_FORMS = (
    (".*", _single),
    (rf"(?:({_DIGITS})\s*(?:%|per ?cent)|(half))(?: of (.+))?", _part_of),
    (r"(?:(?:between|from) )?(.+?)(?:\s*[-–—]\s*| to | and )(.+)", _range),
    (f"{_HEDGE}(.+)", _hedged),
    (f"{_BOUND}(.+)|(.+?){_BOUND_AFTER}(.*)", _bounded),
)


def _read(text: str, kind: Kind) -> _Read | None:
    """One number with the words around it, as a value of that kind."""
    match = re.fullmatch(
        rf"(?P<sign>-?)(?:{_CURRENCY}\s*)?(?P<number>{_DIGITS})\s*(?P<rest>.*)", text
    )
    if match is None:
        return None
    number, rest = f"{match['sign']}{match['number']}", match["rest"]
    for scale, unit in _split_scales(rest):
        value = _scaled(number, scale, kind)
        if value is not None and (remark := _remark(unit, scale, kind)) is not None:
            value *= remark[0]
            return _Read(value, remark[1], scale) if _fits(value, kind) else None
    return None


def _fits(value: Decimal, kind: Kind) -> bool:
    """Whether such a number can be of that kind."""
    if kind in ("growth", "number"):
        return True
    if kind == "factor":
        return value >= 0
    return value > 0 and (
        value < 1 or kind in ("count", "days") or (kind == "share" and value == 1)
    )


def _split_scales(rest: str) -> Iterator[tuple[str, str]]:
    """What follows a number as `million` and `soldiers`."""
    for scale in (*_SCALES, *_PER_CENT):
        if rest == scale or re.match(rf"{re.escape(scale)}(?:\s|\b\W)", rest):
            yield scale, rest[len(scale) :].strip()
    yield "", rest


def _scaled(number: str, scale: str, kind: Kind = "number") -> Decimal | None:
    value = _decimal(number, kind)
    if value is None:
        return None
    return value / 100 if scale in _PER_CENT else value * _SCALES.get(scale, 1)


def _remark(unit: str, scale: str, kind: Kind) -> tuple[int, str] | None:  # noqa: PLR0911  (one rule a line)
    """A factor and a remark for the words after a number; None if they change its meaning."""
    if scale in _PER_CENT:
        fits = kind in _RATIOS and not unit
        return (1, ", a share instead of a percentage") if fits else None
    if scale and kind not in ("count", "number"):
        return None  # 3m is no number of days
    if not unit:
        return 1, "" if scale else ", without separators or leading zeros"
    if re.fullmatch(_CURRENCY, unit) and kind in ("count", "number"):
        return 1, ""
    if kind == "days":
        days = _DAYS_EACH.get(unit.removesuffix("s"))
        return None if days is None else (days, ", in days")
    if kind == "factor" and unit in ("x", "×", "times", "fold", "-fold"):
        return 1, ""
    if kind == "count" and re.fullmatch(r"[^\W\d_][\w .-]*", unit) and not _ANOTHER.search(unit):
        return 1, "; give what is counted as unit"
    return None


def _decimal(text: str, kind: Kind) -> Decimal | None:
    """A number with separators; None where a comma or dot can be read in two ways."""
    sign, digits = ("-" if text.startswith("-") else ""), text.lstrip("-+").rstrip(",.' ")
    if "e" in digits:
        return Decimal(sign + digits)
    if _CUT_OFF.fullmatch(digits):
        return None
    grouped = re.fullmatch(r"([1-9]\d{0,2}(?:([,.' _])\d{3})(?:\2\d{3})*)(?:([,.])(\d+))?", digits)
    if grouped and grouped[3] != grouped[2]:
        alone = grouped[3] is None and digits.count(grouped[2]) == 1
        if alone and (grouped[2] == "." or (grouped[2] == "," and kind in _RATIOS)):
            return Decimal(sign + digits) if grouped[2] == "." else None
        whole = grouped[1].replace(grouped[2], "")
        return Decimal(f"{sign}{whole}.{grouped[4] or 0}")
    if re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}", digits):  # as in India
        return Decimal(sign + digits.replace(",", ""))
    single = re.fullmatch(r"(\d*)(?:[,.](\d+))?", digits)
    return Decimal(f"{sign}{single[1] or 0}.{single[2] or 0}") if digits and single else None


# --- dates ---

_DATE_FORMS = (
    *("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y %B %d", "%Y %b %d"),
    *("%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"),
)
_MONTH_FORMS = ("%B %Y", "%b %Y", "%Y %B", "%Y-%m", "%Y/%m", "%m/%Y")
_TENTHS = {"early": (1, 11), "mid": (11, 21), "late": (21, 32), "": (1, 32)}


def date_hint(text: str, spelled: Spelled | None = None) -> str:
    """How to write the date that a text probably means; at least the form of a date.

    Parameters are those of `number_hint`.

    Examples
    --------
    >>> date_hint("24 June 2025")
    'write 2025-06-24'
    >>> date_hint("2026-02", in_a_file)
    'write {distribution: uniform, low: 2026-02-01, high: 2026-03-01}, all its days alike'
    """
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", _tidy(text).replace(",", " "))
    plain = re.sub(rf"^{_HEDGE}", "", " ".join(plain.split())).replace("sept ", "sep ")
    if len(plain) > LONGEST:
        return HOW_DATES
    if (date := _date(plain)) is not None:
        return f"write {date}"
    if spelled is None:
        return HOW_DATES
    if (month := _month(plain)) is not None:
        return f"write {spelled(*map(str, month))}, all its days alike"
    ends = re.fullmatch(r"(?:(?:between|from) )?(.+?)(?: (?:to|and|-) |\s*[–—]\s*)(.+)", plain)
    low, high = (_date(ends[1]), _date(ends[2])) if ends else (None, None)
    if low is not None and high is not None and low < high:
        return f"write {spelled(str(low), str(high))}"
    return HOW_DATES


def _date(text: str) -> dt.date | None:
    text = re.sub(r"(?<=\d)[t ]\d\d:\d\d.*", "", text)  # a time of day
    for form in _DATE_FORMS:
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007  (a date has no zone)
    # With slashes the day may come first or second; above 12 it can only be the day.
    if match := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text):
        first, second = int(match[1]), int(match[2])
        if first == second or max(first, second) > 12:
            with contextlib.suppress(ValueError):
                return dt.date(int(match[3]), min(first, second), max(first, second))
    return None


def _month(text: str) -> tuple[dt.date, dt.date] | None:
    """First day of a month, or of a third of it, and the day after its last."""
    part, _, rest = re.sub(r"^(early|mid|late)[ -]", r"\1 ", text).partition(" ")
    part, name = (part, rest) if part in _TENTHS else ("", text)
    for form in _MONTH_FORMS:
        with contextlib.suppress(ValueError, OverflowError):
            first = dt.datetime.strptime(name, form).date()  # noqa: DTZ007
            low, high = (first + dt.timedelta(day - 1) for day in _TENTHS[part])
            following = (first + dt.timedelta(31)).replace(day=1)
            return low, min(high, following)
    return None
