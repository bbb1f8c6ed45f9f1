"""What may not come: words of doubt, and how likely something is."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulate.scenario.interview.document import Answers
from simulate.scenario.interview.grammar import PER, PERIOD, number, pattern, refusal
from simulate.scenario.interview.readers import Filled, Reader
from simulate.scenario.yaml_source import resolve

_COMES = r"(?:come|arrive|happen|follow|(?:be )?(?:paid|delivered|approved|agreed|released))"
_MAY = rf"(?:may|might|could)(?:\s+well)?(?:\s+not\b|(?=\s+{_COMES}))(?:\s+{_COMES})?"
_PERHAPS = (  # perhaps 300 a month is about so many
    rf"(?:(?:is|are)\s+)?(?:(?:perhaps|possibly|probably|maybe)(?!\s+[^,;]*\b{PER} {PERIOD}\b)|"
    r"expected|(?:un)?likely|uncertain|not\s+certain)"
)
_IF = r"if\s+(?:it\s+is\s+)?[a-z][^,;\d]*?(?=$|[,;)]|\s(?:from|since|until|on|in|by)\b)"
_DOUBT = pattern(rf"(?:[,;]\s*)?\(?\b(?:but\s+)?(?:it\s+)?(?:{_MAY}|{_PERHAPS}|{_IF})(?![\w-])\)?")
_EVEN = r"(?:an? )?(?:even|equal)(?: chances?)?|(?:50|fifty)\s*[-/:]\s*(?:50|fifty)"
_SHARE = (
    rf"(?:{_EVEN}|\d[\d.,]*\s*(?:%|per ?cent|pct)|0?\.\d+|[a-z\d]+ (?:chances? )?(?:in|out of) "
    r"[a-z\d]+)"
)
_LIKELY = r"(?:chance|probability|likel(?:y|ihood))"
_CHANCE = pattern(
    rf",?\s*\((?:with |at )?(?:an? )?(?:{_LIKELY} )?(?:of )?(?P<a>{_SHARE})(?: {_LIKELY})?\)"
    rf"|,?\s*\b(?:with |at )?(?:an? )?(?P<b>{_SHARE}) {_LIKELY}(?: of\b)?"
    rf"|,?\s*\b(?:with |at )?(?:an? )?{_LIKELY}(?: of| is)? (?P<c>{_SHARE})"
    rf"|,\s*(?P<d>{_SHARE})(?=$|;|,(?!\s*\d))"
)
"""How likely something is: in brackets, between commas, or with a word such as chance."""
_OR_NOT = pattern(r"^(?:0|zero|nothing|none) or |\s+or (?:nothing|none|not|0|zero)\b")
_UNKNOWN = "[0.5, 0.5]"
"""The weights of a chance that is still to be asked for."""


def certain(text: str) -> tuple[str, str]:
    """A text without words of doubt such as `but may not`, and the weights that they give it.

    The weights are empty where there is no doubt.
    """
    found = _CHANCE.search(text)
    weights = _weights(next(filter(None, found.groups()))) if found else ""
    said = f"{text[: found.start()]} {text[found.end() :]}" if found and weights else text
    said, n = _DOUBT.subn(" ", said)
    said, n_or = _OR_NOT.subn(" ", said)
    if not (weights or n or n_or):
        return text, ""
    said = re.sub(r"\s+(?=,)", "", " ".join(said.split())).strip(", ")
    return said, weights or _UNKNOWN


def _weights(text: str) -> str:
    """The weights of nothing and of something so likely, never those of what is unknown.

    They are empty where the text says no share.
    """
    if re.fullmatch(_EVEN, text, re.IGNORECASE):
        return "[1, 1]"
    if odds := re.fullmatch(r"(\w+) (?:chances? )?(?:in|out of) (\w+)", text, re.IGNORECASE):
        one, of = (number(f"{part} men", "count") for part in odds.groups())
        if one and of and one < of:
            return f"[{of - one:g}, {one:g}]"
    share = number(text, "share")
    if share is None or not 0 <= share <= 1:
        return ""
    return f"[{1 - share:.10g}, {share:.10g}]".replace(_UNKNOWN, "[1, 1]")


def or_nothing(size: str, weights: str) -> str:
    """The law of a size that may not come."""
    if not weights or size.startswith('"'):  # no number, which the scenario refuses
        return size
    family, values = ("mixture", "components") if "{" in size else ("discrete", "values")
    return f"{{distribution: {family}, {values}: [0, {size}], weights: {weights}}}"


def is_doubtful(key: str) -> Callable[[Answers], bool]:
    """Whether what fills a key may not come, and how likely that is has not been said."""
    return lambda answers: _UNKNOWN in answers.get(key, "")


def chance(of: str) -> Reader:
    """`0.5`, `one in three` or `an even chance`: how likely what fills the key `of` is."""

    def read(key: str, text: str, answers: Answers) -> Filled:
        if not (weights := _weights(text)):
            wanted = f"{key} must be a number from 0 to 1"
            raise refusal(wanted, resolve(text), "an even chance is 0.5")
        return {of: answers[of].replace(_UNKNOWN, weights)}

    return read
