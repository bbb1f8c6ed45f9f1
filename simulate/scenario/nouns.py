"""The singular of a scenario's unit."""

from __future__ import annotations

import re

_SINGULARS = (
    (r"(?i)series|species|means|headquarters|troops|gas|.*corps", r"\g<0>"),
    (r"(?i)(p)eople", r"\1erson"),
    (r"(.*m)en", r"\1an"),
    (r"(.+)ies", r"\1y"),
    (r"(.*(?:ss|ch|sh|x|z|bus|rus))es", r"\1"),
    (r"(.*[^sui])s", r"\1"),
)
"""Patterns of plurals, the first that fits, and their singulars: batteries, boxes, tanks."""


def one_of(unit: str) -> str:
    """A unit in the singular where its plural is regular, else as it is.

    Examples
    --------
    >>> one_of("guided bombs"), one_of("doses of vaccines"), one_of("men"), one_of("TWh")
    ('guided bomb', 'dose of vaccines', 'man', 'TWh')
    """
    thing, joint, rest = re.split(r"( (?:of|in|per|for|with|from) |$)", unit, maxsplit=1)
    words = thing.split(" ")
    for k in reversed(range(len(words))):  # tanks destroyed
        if (single := _singular(words[k])) != words[k]:
            return " ".join([*words[:k], single, *words[k + 1 :]]) + joint + rest
    return unit


def all_of(whole: str) -> str:
    """What comes before a whole: `the whole`, or of several things `all of the`."""
    return "the whole" if one_of(whole) == whole else "all of the"


def unit_of(shown: str, unit: str) -> str:
    """The unit behind a number: `tank` behind `1`, `about 1` and `just over 1`."""
    return one_of(unit) if re.fullmatch(r"(?:about |just \w+ )?1", shown) else unit


def units(shown: str, unit: str) -> str:
    """A number with its unit: `1 tank`, `about 1 tank`, `3,800 tanks`."""
    return f"{shown} {unit_of(shown, unit)}"


def _singular(word: str) -> str:
    for plural, single in _SINGULARS:
        if re.fullmatch(plural, word):
            return re.sub(plural, single, word)
    return word
