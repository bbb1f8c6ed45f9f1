"""What is counted, perhaps by the million."""

from __future__ import annotations

import re

from simulate.scenario.interview.choices import KINDS_TOO
from simulate.scenario.interview.document import Answers, plain
from simulate.scenario.interview.grammar import ISO, pattern, refusal
from simulate.scenario.interview.sources import split_source
from simulate.scenario.notation import number_hint
from simulate.scenario.spelling import write
from simulate.scenario.written_numbers import SCALE, SCALES
from simulate.scenario.written_numbers import read as read_number
from simulate.scenario.yaml_source import quoted


def unit(text: str) -> str:
    """What is counted, in the plural; a number in it was meant for another question."""
    if money := _MONEY.fullmatch(text):  # $ bn
        scale = _SPELLED_OUT.get(SCALES[money[2].lower()], money[2])
        text = f"{scale} {_CURRENCIES[money[1].lower()]}"
    if scaled := _SCALED.fullmatch(text):
        if scaled[2]:
            return quoted(f"{scaled[1].lower()} {scaled[2]}")
        raise refusal(
            "unit must be what is counted", text, f"write {scaled[1].lower()} euros, for instance"
        )
    last = (text.split() or [""])[-1].lower()
    if (plural := _PLURALS.get(last, f"{last}s")) in (*_PLURALS.values(), *_COUNTED):
        raise refusal("unit must be in the plural", last, write(plural))
    words = (word for word in text.split() if re.search(r"\d", word))
    numbers = [word for word in words if number_hint(word) or not re.search(r"[^\W\d_]", word)]
    if not numbers:
        return quoted(text)
    hint = f"leave out {numbers[0]}: soldiers, T-72 tanks"
    raise refusal("unit must be a word for what is counted", text, hint)


def in_units(key: str, text: str, answers: Answers) -> str:
    """An answer with amounts such as 4.1 billion as multiples of a unit such as million dollars.

    Raises a `ScenarioError` if a number without a scale is probably one of the bare unit.
    """
    if (of := _SCALED.fullmatch(answers.get("unit", "").strip('"'))) is None:
        return text

    def multiple(match: re.Match[str]) -> str:
        found = read_number(match[0].lower(), "count")
        return match[0] if found is None else str(found._replace(value=found.value / SCALES[of[1]]))

    spelled_out = _RANGE.sub(r"\1 \4\2\3 \4", text)
    _check_scale(key, _AMOUNT.sub("", spelled_out), of, answers)
    return _AMOUNT.sub(multiple, spelled_out)


def _check_scale(key: str, text: str, of: re.Match[str], answers: Answers) -> None:
    """Raise a `ScenarioError` if a text has a number that may be in dollars, not in millions."""
    scale, bare = of[1].lower(), of[2].lower()
    said = " ".join(answers.get(key, "") for key in _AMOUNTS if key in answers)
    others = [float(n.replace(",", "")) for n in re.findall(_PLAIN, re.sub(ISO, "", said))]
    limit = _FAR * max(others, default=0.0)
    if not others or plain(key) in ("force.size", "losses.count", "force.counts"):
        limit = max(limit, _LARGE)  # a stock can be far larger than what is used in a day
    what, _ = split_source(re.sub(ISO, "", text))
    for found in re.finditer(
        rf"(?P<sign>{_SIGN}\s*)?(?P<n>{_PLAIN})(?P<noun>\s*{re.escape(bare)}\b)?", what.lower()
    ):
        value = float(found["n"].replace(",", ""))
        if value >= limit or (value >= 1 and (found["sign"] or found["noun"])):
            number = f"{value:,.10g}"
            hint = f"write {value / SCALES[scale]:,.10g} {scale} or {number} {scale}"
            raise refusal(f"{key} can be {number} {bare} or {number} {scale}", found[0], hint)


_AMOUNTS = ("force.size", "losses.count", "losses.rate", "force.counts[0]", "force.counts[1]")
_FAR = 1000
"""How far beyond the largest of the others a number is in another unit."""
_LARGE = 1e5
_PLAIN = r"(?<![\w.-])\d[\d,]*(?:\.\d+)?"
_SIGN = r"(?:(?:us|c|a)?\$|[€£¥₽₴]|\b(?:usd|eur|gbp|chf|rub|uah)\b)"

_SCALED = pattern(rf"({SCALE})s?\b(?: of\b)?\s*(.*)")
_SCALE = rf"(?:{'|'.join(sorted(SCALES, key=len, reverse=True))})\b"
_RANGE = pattern(rf"(\d[\d,.]*)(\s*(?:-|–|\bto\b|\bor\b|\band\b)\s*)(\d[\d,.]*)\s*({_SCALE})")
_AMOUNT = pattern(
    rf"(?:\d[\d,.]*|\b[a-z]+(?:[ -][a-z]+)?)\s*{_SCALE}(?:\s+(?:dollars|euros|pounds))?"
)
_CURRENCIES = {
    **dict.fromkeys(("$", "us$", "usd"), "dollars"),
    **dict.fromkeys(("€", "eur"), "euros"),
    **dict.fromkeys(("£", "gbp"), "pounds"),
    **dict.fromkeys(("₽", "rub"), "roubles"),
}
_SPELLED_OUT = {SCALES[name]: name for name in ("thousand", "million", "billion", "trillion")}
_MONEY = pattern(rf"({'|'.join(map(re.escape, _CURRENCIES))})\s*({_SCALE})")
_PLURALS = {"man": "men", "person": "people", "casualty": "casualties"}
_COUNTED = {
    *KINDS_TOO,
    "fighters",
    "recruits",
    "rockets",
    "units",
    "tons",
    "tonnes",
    "litres",
    "liters",
    "barrels",
}
"""What is usually counted, in the plural."""
