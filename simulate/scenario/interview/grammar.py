"""What every answer is read by: patterns and their parts, one number, and the way to refuse."""

from __future__ import annotations

import contextlib
import re
from decimal import Context, Decimal

from simulate.errors import Problem, ScenarioError
from simulate.scenario.notation import number_hint
from simulate.scenario.spelling import Hint
from simulate.scenario.values import shown
from simulate.scenario.written_dates import MONTH_NAME, SEASON
from simulate.scenario.written_numbers import THREE_DECIMALS, Kind


def pattern(text: str) -> re.Pattern[str]:
    """A pattern of words, in small letters or capitals."""
    return re.compile(text, re.IGNORECASE)


# --- the parts of patterns ---

PER = r"(?:an?|per|each|every)"
PERIOD = r"(?:day|week|month|year)"
NAMED = rf"(?:{MONTH_NAME}[a-z]*|\b(?:{SEASON})\b)"
"""A month or a season."""
FROM = r"(?:from|since|(?:starting|beginning)(?: on| in| from)?(?! of\b))"
UNTIL = r"(?:until|till)"
ISO = r"\d{4}-\d\d-\d\d"
SAYS = (
    r"(?:says?|said|reported|estimated|announced|warn(?:s|ed)|wrote|claimed|argued|calculated|"
    r"reckoned)"
)
UNDOUBTED = pattern(
    r"(?:(?!(?:not|never|no|hardly|may|might|could|if|unless|until|or|[a-z]+n['\u2019]t)\b)[a-z][a-z'\u2019-]*,?\s+)*"
)
"""Words before a number or a change that neither deny nor doubt it."""


# --- numbers ---


def digits(text: str, kind: Kind, *, ranges: bool = False) -> str:
    """How the number, or the range, in a text is typed; empty where it has none, or two."""
    return number_hint(text, kind, ranges=ranges).way


def number(text: str, kind: Kind) -> float | None:
    """The number that a text means, None where it is none or has two meanings."""
    with contextlib.suppress(ValueError):
        return float(digits(text, kind) or text)
    return None


def is_number(text: str) -> bool:
    """Whether a text is a number, a range or a rate, or says how to write one."""
    much, _ = per_of(text)
    return bool(number_hint(much, "rate", ranges=True)) or number(much, "rate") is not None


def number_in(text: str, *, is_time: bool = False) -> str:
    """The longest number, range or rate in a text, of those that begin first; perhaps of days."""
    words = [*re.finditer(r"[^\s,;()]+", text)]
    windows = ((one, last) for i, one in enumerate(words) for last in words[i : i + _N_WORDS][::-1])
    texts = (
        text[one.start() : last.end()]
        for one, last in windows
        if not (_ELSE.match(text, last.end()) or (_TIME.match(text, last.end()) and not is_time))
    )
    return next((one for one in texts if not _JOINT.search(one) and is_number(one)), "")


_N_WORDS = 8
_JOINT = pattern(
    r"\s(?:in|on|at|by|for|with|as|the|is|are|was|were|will|when|who|which|that)\b|\s(?:from|to|an?)$"
)
_ELSE = pattern(rf"\s*(?:%|per ?cent|{NAMED}|(?:to|or|-|–)\s*\S)")
_TIME = pattern(rf"\s*{PERIOD}s?\b")


def per_of(text: str) -> tuple[str, str]:
    """The amount and the unit of time of `92 a day`; empty where there is none."""
    match = _PER.fullmatch(text)
    return (match[1], match[2].lower()) if match else (text, "")


def over_days(text: str) -> tuple[str, str]:
    """The count and the days of `1000 in the past week`; no days where none are named."""
    if (found := _OVER.fullmatch(text)) is None:
        return text, ""
    return found[1], digits(found[2], "days") or digits(f"a {found[2]}", "days")


_PER = pattern(rf"(.+?)\s+{PER}\s+({PERIOD})")
_OVER = pattern(
    r"((?!(?:just|well|a little|slightly)\s+over\b).+?)\s+(?:in|over|within|during)\s+"
    r"(?:the\s+)?(?:(?:first|last|past)\s+)?(.+)"
)


def to_digits(value: Decimal, n: int) -> str:
    """A number to so many digits; not of three decimals, which could be thousands.

    Examples
    --------
    >>> to_digits(Decimal(100) / 31, 4), to_digits(Decimal(100) / 7, 4)
    ('3.2258', '14.29')
    """
    texts = (f"{Context(prec=digits).plus(value).normalize():f}" for digits in (n, n + 1))
    return next((text for text in texts if not re.fullmatch(THREE_DECIMALS, text)), f"{value:.4f}")


# --- names ---


def small(name: str) -> str:
    """A name with its article in small letters."""
    return re.sub(r"^(?:The|An?)\b", lambda article: article[0].lower(), name)


# --- refusals ---


def refusal(problem: str, found: object = ..., hint: str = "") -> ScenarioError:
    """The error of an answer: what is wrong, the value that is, and what to type instead."""
    if found is not ...:
        problem += f" (found {shown(found)})"
        hint = (hint if isinstance(hint, Hint) else Hint(hint)).about(str(found))
    return ScenarioError(Problem(problem, hint=hint))
