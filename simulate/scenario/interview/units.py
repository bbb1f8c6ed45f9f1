"""What is counted, perhaps by the million."""

from __future__ import annotations

import re

from simulate.errors import Problem, ScenarioError
from simulate.scenario.interview.document import Answers
from simulate.scenario.notation import number_hint
from simulate.scenario.values import shown
from simulate.scenario.written_numbers import SCALES
from simulate.scenario.written_numbers import read as read_number
from simulate.scenario.yaml_source import quoted


def unit(text: str) -> str:
    """What is counted, in the plural; a number in it was meant for another question."""
    if scaled := _SCALED.fullmatch(text):
        if scaled[2]:
            return quoted(f"{scaled[1].lower()} {scaled[2]}")
        message = f"unit must be what is counted (found {shown(text)})"
        raise ScenarioError(Problem(message, hint=f"write {scaled[1].lower()} euros, for instance"))
    if _SINGULAR.fullmatch(last := (text.split() or [""])[-1]):
        plural = _PLURALS.get(last.lower(), f"{last.lower()}s")
        message = f"unit must be in the plural (found {shown(last)})"
        raise ScenarioError(Problem(message, hint=f"write {plural}"))
    numbers = [word for word in text.split() if re.search(r"\d", word) and _is_number(word)]
    if not numbers:
        return quoted(text)
    message = f"unit must be a word for what is counted (found {shown(text)})"
    raise ScenarioError(Problem(message, hint=f"leave out {numbers[0]}: soldiers, T-72 tanks"))


def in_units(text: str, answers: Answers) -> str:
    """An answer with amounts such as 4.1 billion as multiples of a unit such as million dollars."""
    if (of := _SCALED.fullmatch(answers.get("unit", "").strip('"'))) is None:
        return text

    def multiple(match: re.Match[str]) -> str:
        found = read_number(match[0].lower(), "count")
        return match[0] if found is None else str(found._replace(value=found.value / SCALES[of[1]]))

    return _AMOUNT.sub(multiple, _RANGE.sub(r"\1 \4\2\3 \4", text))


_SCALED = re.compile(
    rf"({'|'.join(scale for scale in SCALES if len(scale) > 1 and scale != 'score')})s?\b"
    r"(?: of\b)?\s*(.*)",
    re.IGNORECASE,
)
_SCALE = rf"(?:{'|'.join(sorted(SCALES, key=len, reverse=True))})\b"
_RANGE = re.compile(
    rf"(\d[\d,.]*)(\s*(?:-|–|\bto\b|\bor\b|\band\b)\s*)(\d[\d,.]*)\s*({_SCALE})", re.IGNORECASE
)
_AMOUNT = re.compile(
    rf"(?:\d[\d,.]*|\b[a-z]+(?:[ -][a-z]+)?)\s*{_SCALE}(?:\s+(?:dollars|euros|pounds))?",
    re.IGNORECASE,
)
_PLURALS = {"man": "men", "person": "people", "casualty": "casualties"}
_SINGULAR = re.compile(
    rf"{'|'.join(_PLURALS)}|soldier|fighter|recruit|tank|vehicle|gun|ship|plane|drone|missile|"
    r"rocket|shell|interceptor|unit|ton|tonne|litre|liter|barrel|dollar|euro|pound|rouble",
    re.IGNORECASE,
)


def _is_number(word: str) -> bool:
    return bool(number_hint(word)) or not re.search(r"[^\W\d_]", word)
