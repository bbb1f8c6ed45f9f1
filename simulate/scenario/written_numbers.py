"""The number that a text means: digits with separators, words, scales, units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import ContextVar
from decimal import Context, Decimal
from typing import Literal, NamedTuple

from simulate.scenario.spelling import SPELLING, Hint

Kind = Literal["count", "rate", "days", "share", "level", "factor", "growth", "number"]
"""What a number measures: things counted, things in a unit of time, days, a part of a whole (above
0 up to 1; a level is below 1), a factor (0 or more), a change that can be negative; `number` if
that is not known."""

AMOUNTS: tuple[Kind, ...] = ("count", "rate", "number")
RATIOS: tuple[Kind, ...] = ("share", "level", "factor", "growth")

EXAMPLES: dict[Kind, tuple[str, str, str]] = {
    "count": ("3800", "3000", "4200"),
    "rate": ("92", "80", "100"),
    "days": ("45", "30", "60"),
    "share": ("0.3", "0.2", "0.4"),
    "level": ("0.9", "0.8", "0.95"),
    "factor": ("0.8", "0.5", "1.1"),
    "growth": ("-0.05", "-0.1", "0.05"),
}
"""A number of each kind, and a low and a high one."""

DIGITS = r"[-+]?(?:\d[\d,.'_]*|\.\d+)(?: \d{3}(?!\d)[\d,.]*)*(?:e[-+]?\d{1,2}\b)?"
THREE_DECIMALS = r"[1-9]\d{0,2}\.\d{3}"
THREE_OF_THREE = r"([1-9]\d\d),([1-9]\d\d),([1-9]\d\d)(?: [a-z]+)?"
"""Groups of a number, or three numbers of the same size: 300,380,440, but not 1,234,567."""
CUT_OFF = r"0\d\d"
"""What is left of 12,055 where a comma separates entries."""

PER_CENT = r"(?:%|per ?cent|pct)"
PERIODS = {
    "hour": (Decimal(24), "day"),
    **dict.fromkeys(("day", "night", "daily", "nightly"), (Decimal(1), "day")),
    **dict.fromkeys(("week", "weekly"), (Decimal(1), "week")),
    "fortnight": (Decimal("0.5"), "week"),
    **dict.fromkeys(("month", "monthly"), (Decimal(1), "month")),
    **dict.fromkeys(("quarter", "quarterly"), (Decimal(4), "year")),
    **dict.fromkeys(("year", "annum", "yearly", "annually"), (Decimal(1), "year")),
}
"""How often a period fits into one that `per` can name, and that one."""

SCALES = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "mln", "mio", "million", "millions"), 10**6),
    **dict.fromkeys(("b", "bn", "mrd", "billion", "billions"), 10**9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 10**12),
    "hundred": 100,
    "score": 20,
    "dozen": 12,
}
SCALE = "|".join(scale for scale in SCALES if len(scale) > 1 and scale != "score")
"""A word or sign that multiplies."""
UNIT = ContextVar("unit", default="")
"""What a file counts, perhaps by the million."""
_PER_CENT_SIGNS = ("%", "percent", "per cent", "pct")
_EXACT = (1, 7, 14)
"""Days in units of a length that is known exactly."""

_CURRENCY = r"(?:(?:us|c|a)?\$|[€£¥₽₴]|usd|eur|gbp|chf|rub|uah|dollars?|euros?|pounds?|roubles?)"
_YEAR = Decimal("365.2425")
_DAYS_EACH = {
    "hour": 1 / Decimal(24),
    **dict.fromkeys(("day", "night"), Decimal(1)),
    "week": Decimal(7),
    "fortnight": Decimal(14),
    "month": _YEAR / 12,
    "quarter": _YEAR / 4,
    "year": _YEAR,
}
_TIMES = rf"(?:{'|'.join(PERIODS)})s?"
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# Words that make another quantity of the number they follow.
_ANOTHER = (
    r"/|±|\d|\b(?:x|times|\w*fold|an?|per|each|every|of|left|remain\w*|more|most|less|least|fewer|to|and|or|"
    rf"{_TIMES}|{_MONTHS}|ago|approx\w*|est|estimated|mil|"
    r"(?<!ed )by|before|until|till|since|after|up|"  # promised by the EU
    r"not|without|excluding|except|unless|if|plus|minus|double|half)\b"
)
LOSSES = r"(?:killed|dead|died|wounded|injured|captured|missing|lost|destroyed|damaged)"

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_FRACTION_SIGNS = str.maketrans({"½": ".5", "¼": ".25", "¾": ".75"})
WORD = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b"
"""A number in a word; several make one."""
_BELOW_1000 = rf"{WORD}(?:[ -]{WORD})?(?: hundred\b(?:(?: and)? {WORD}(?:[ -]{WORD})?)?)?"
# Where only a scale follows, as in "two million", it is left to `SCALES`.
_IN_WORDS = rf"{_BELOW_1000}(?: (?:thousand|million)(?: and)? {_BELOW_1000})*"
_ONE = rf"(half )?an? (?=(?:{'|'.join((*SCALES, *_DAYS_EACH))})\b)"

# --- the words around a number ---


class Hedge(NamedTuple):
    """Words before a number that is not exact, and how far it can lie below and above."""

    words: str
    below: Decimal
    above: Decimal
    said: str

    def limits(self, value: Decimal) -> list[Decimal]:
        """The lowest and the highest number meant."""
        return sorted((value * (1 - self.below), value * (1 + self.above)))


_SLIGHTLY = r"(?:just|a little|slightly)"
_NONE, _LITTLE, _TENTH = Decimal(0), Decimal("0.05"), Decimal("0.1")
_BELOW = Hedge(
    r"nearly|almost|close to|not quite|"
    rf"{_SLIGHTLY} (?:under|below|short of|(?:less|fewer) than)",
    *(_LITTLE, _NONE, "up to 5 % below"),
)
_ABOVE = Hedge(
    rf"{_SLIGHTLY} (?:over|above|more than)",
    *(_NONE, _LITTLE, "up to 5 % above"),
)
_ODD = Hedge("", _NONE, _TENTH, "up to 10 % above")
_ABOUT = Hedge(
    r"about|around|roughly|approximately|approx\.?|circa|ca?\.|ca(?![a-z])|~|≈|some|perhaps|maybe|possibly|"
    r"probably|an estimated|estimated|est\.",
    *(_TENTH, _TENTH, "10 % either way"),
)
HEDGE = rf"(?:{'|'.join(hedge.words for hedge in (_BELOW, _ABOVE, _ABOUT))})\s*"
HEDGE_AFTER = r"(?:\s+or so|[ -]odd|-?ish|\s+approx(?:\.|imately)?|\s+est(?:\.|imated)?)"
"""Words of about, before and behind a number."""
BOUND = (
    r"(?:more than|over|at least|at a minimum|above|exceeding|upwards? of|"
    r"well (?:over|above|under|below)|no (?:fewer|less|more) than|not more than|less than|"
    r"fewer than|under|below|up to|at most|as (?:many|much|few) as|a (?:minimum|maximum) of|"
    r"[<>]=?|≥|≤)\s*"
)
"""Words of a limit: the other one is not known."""
BELOW = (
    r"^(?:well (?:under|below)|no more|not more|less|fewer|under|below|up to|at most|"
    r"as (?:many|much)|a maximum|[<≤])|(?:or (?:fewer|less)|(?:and|at)(?: the)? most)\b"
)
"""Of these, the words of an upper limit."""
BOUND_AFTER = r",?\s*(?:\+|plus\b|or (?:more|fewer|less)|(?:and|at)(?: the)? (?:more|least|most))"
TO = r"(?:\s*(?:[-–—]|\.\.+|…)\s*| to | and | or |, )"
MAGNITUDES = {"ten": 10} | {name: n for name, n in SCALES.items() if len(name) > 4}
VAGUE = rf"(?:(?:a few|few|several|many|some|a couple of|{'|'.join(MAGNITUDES)})s?(?: of)?\s*)+"
MOST = (
    r"(?:(?P<most>most|(?:the|a) majority)|(?P<nearly>nearly |almost )?(?:all|everyone))"
    r"(?: of (?:them|it|those|these|(?:the )?(?P<whole>\d.*)|the .*))?"
)
"""A share without its number."""
_FRACTIONS = {"half": 2, "halv": 2, "thir": 3, "quar": 4, "fift": 5, "tent": 10}
PART = (
    rf"(?:(?P<percent>{DIGITS})\s*{PER_CENT}|"
    r"(?P<part>\w+)(?: in | out of |/|(?<=\d) of (?=\d))(?P<parts>\w+)|"
    r"(?:(?P<n>\w+) )?(?P<fraction>half|halves|third|quarter|fifth|tenth)s?)(?: of (?P<whole>.+))?"
)
_NOUNS = "|".join(name for name in PERIODS if not name.endswith("ly"))
_ADVERBS = "|".join(name for name in PERIODS if name.endswith("ly"))
RATE = rf"(.+?)(?:\s*(?:/|\b(?:per|an?|each|every)\b)\s*({_NOUNS})|\s({_ADVERBS}))"


class Written(NamedTuple):
    """A number, what to remark on it, and the text behind its digits: ` million`, `%`."""

    value: Decimal
    remark: str = ""
    tail: str = ""

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"


def number_example(kind: Kind, *, ranges: bool) -> Hint:
    """A number of this kind, for a text that is none."""
    if kind not in EXAMPLES:
        return Hint("", is_general=True)
    one, low, high = EXAMPLES[kind]
    spelled = SPELLING.get()
    per = spelled.per.format("day") if kind == "rate" else ""
    said = f"for instance {one}{per}{f', or {spelled.of(low, high)}{per}' if ranges else ''}"
    return Hint(said, is_general=True)


def read(text: str, kind: Kind) -> Written | None:
    """One number with the words around it, as a value of that kind."""
    aside = re.search(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])$", text)
    words = text if aside is None else text[: aside.start()]
    digits = _in_digits(words)
    match = re.fullmatch(
        rf"(?P<sign>-?)(?:{_CURRENCY}\s*)?(?P<number>{DIGITS})\s*(?P<rest>.*)", digits
    )
    if match is None or (match["number"].endswith(",") and match["rest"]):
        return None  # a word behind a comma is no unit
    number, rest = f"{match['sign']}{match['number']}", match["rest"]
    for scale, unit in _split_scales(rest):
        value = scaled(number, scale, kind)
        if value is not None and (remark := _remark(unit, scale, kind)) is not None:
            value = value * remark[0] if remark[0] in _EXACT else rounded(value * remark[0])
            said = remark[1] if unit or digits == words else ""
            is_money = unit or re.match(_CURRENCY, digits)
            if kind in ("count", "rate") and (scale or (is_money and value >= unit_scale())):
                value /= unit_scale()
                said = said if unit_scale() == 1 else f", in {_plural(unit_scale())}"
            if aside is not None:
                said = "; what is in brackets belongs in notes"
            return Written(value, said, match["rest"]) if fits(value, kind) else None
    return None


def unit_scale() -> int:
    """How many of what is counted make up one unit of the file: a million of million dollars."""
    found = re.search(rf"\b({SCALE})s?\b", UNIT.get(), re.IGNORECASE)
    return SCALES[found[1].lower()] if found else 1


def _plural(scale: int) -> str:
    """`millions`, for 1,000,000."""
    return next(f"{name}s" for name, n in SCALES.items() if n == scale and len(name) > len("mio"))


def hedge_of(text: str) -> Hedge:
    """What a text with one of the words of about means: `300-odd` is 300 or more."""
    if text.endswith("odd"):
        return _ODD
    return next((one for one in (_BELOW, _ABOVE) if re.match(one.words, text)), _ABOUT)


def fits(value: Decimal, kind: Kind) -> bool:
    """Whether such a number can be of that kind."""
    if kind in ("growth", "number"):
        return True
    if kind == "factor":
        return value >= 0
    return value > 0 and (
        value < 1 or kind not in ("share", "level") or (kind == "share" and value == 1)
    )


def scaled(number: str, scale: str, kind: Kind = "number") -> Decimal | None:
    """The value of digits with a scale or a percent sign; None where they have two readings."""
    value = _decimal(number, kind)
    if value is None:
        return None
    return value / 100 if scale in _PER_CENT_SIGNS else value * SCALES.get(scale, 1)


def share(match: re.Match[str]) -> Decimal | None:
    """The share that a match of `PART` states."""
    if match["percent"]:
        return scaled(match["percent"], "%")
    if match["fraction"]:
        n = "1" if match["n"] in (None, "a", "an") else match["n"]
        of = str(_FRACTIONS[match["fraction"][:4]])
    else:
        n, of = match["part"], match["parts"]
    part, parts = read(n, "count"), read(of, "count")
    return part.value / parts.value if part and parts and part.value < parts.value else None


def part(text: str, kind: Kind) -> Written | None:
    """`a third`, as a value of a kind that can be a part."""
    match = re.fullmatch(PART, text) if kind in RATIOS else None
    is_part = match and not (match["percent"] or match["whole"])
    value = share(match) if match and is_part else None
    return Written(rounded(value)) if value and fits(value, kind) else None


def rounded(value: Decimal) -> Decimal:
    """A value that is not stated exactly, to four digits."""
    return Context(prec=4).plus(value)


def _in_digits(text: str) -> str:
    """The text with the number at its beginning in digits: `two weeks`, `half a million`, `3½`."""
    text = text.translate(_FRACTION_SIGNS)
    if match := re.match(_ONE, text):
        return f"{0.5 if match[1] else 1} {text[match.end() :]}"
    if (match := re.match(_IN_WORDS, text)) is None:
        return text
    total = part = 0
    for word in re.split(r"[ -]", match[0]):
        if word in ("thousand", "million"):
            total, part = total + part * SCALES[word], 0
        else:
            part = part * 100 if word == "hundred" else part + _WORDS.get(word, 0)
    return f"{total + part}{text[match.end() :]}"


def _split_scales(rest: str) -> Iterator[tuple[str, str]]:
    """What follows a number as `million` and `soldiers`."""
    for scale in (*SCALES, *_PER_CENT_SIGNS):
        if rest == scale or re.match(rf"{re.escape(scale)}(?:\s|\b\W)", rest):
            yield scale, rest[len(scale) :].strip()
    yield "", rest


def _remark(unit: str, scale: str, kind: Kind) -> tuple[Decimal | int, str] | None:  # noqa: PLR0911  (one rule a line)
    """A factor and a remark for the words after a number; None if they change its meaning."""
    if scale in _PER_CENT_SIGNS:
        is_ratio = kind in RATIOS and not unit
        return (1, ", a share instead of a percentage") if is_ratio else None
    if scale and kind not in AMOUNTS:
        return None  # 3m is no number of days
    if not unit:
        return 1, "" if scale else ", without separators or leading zeros"
    if re.fullmatch(_CURRENCY, unit) and kind in AMOUNTS:
        return 1, ""
    if kind == "days":
        days = _DAYS_EACH.get(unit.removesuffix("s"))
        return None if days is None else (days, ", in days")
    if kind == "factor" and unit in ("x", "×", "times", "fold", "-fold"):
        return 1, ""
    plain = re.sub(rf"({LOSSES})(?:,| and| or) (?={LOSSES})", r"\1 ", unit)
    is_unit = (
        plain[0].isalpha() and re.fullmatch(r"[\w .-]+", plain) and not re.search(_ANOTHER, plain)
    )
    return (1, "; give what is counted as unit") if kind in ("count", "rate") and is_unit else None


def _decimal(text: str, kind: Kind) -> Decimal | None:
    """A number with separators; None where a comma or dot can be read in two ways."""
    sign, digits = ("-" if text.startswith("-") else ""), text.lstrip("-+").rstrip(",.' ")
    if "e" in digits:
        plain = re.fullmatch(r"(?:\d+\.?\d*|\.\d+)e[-+]?\d+", digits)
        return Decimal(sign + digits) if plain else None
    if re.fullmatch(CUT_OFF, digits):
        return None
    grouped = re.fullmatch(r"([1-9]\d{0,2}(?:([,.' _])\d{3})(?:\2\d{3})*)(?:([,.])(\d+))?", digits)
    if grouped and grouped[3] != grouped[2]:
        alone = grouped[3] is None and digits.count(grouped[2]) == 1
        if alone and (grouped[2] == "." or (grouped[2] == "," and kind in RATIOS)):
            return Decimal(sign + digits) if grouped[2] == "." else None
        whole = grouped[1].replace(grouped[2], "")
        return Decimal(f"{sign}{whole}.{grouped[4] or 0}")
    if re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}", digits):  # as in India
        return Decimal(sign + digits.replace(",", ""))
    single = re.fullmatch(r"(\d*)(?:[,.](\d+))?", digits)
    return Decimal(f"{sign}{single[1] or 0}.{single[2] or 0}") if digits and single else None
