"""A scenario's own nouns inside a sentence: one of several, and without a capital."""

from __future__ import annotations

import re

_SINGULARS = (
    (r"(?i)series|species|means|headquarters|troops|gas", r"\g<0>"),
    (r"(?i)(p)eople", r"\1erson"),
    (r"(.*m)en", r"\1an"),
    (r"(.+)ies", r"\1y"),
    (r"(.*(?:ss|ch|sh|x|z|bus|rus))es", r"\1"),
    (r"(.*[^sui])s", r"\1"),
)
"""Patterns of plurals, the first that fits, and their singulars: batteries, boxes, tanks."""

_WORDS = """
soldier fighter recruit convict volunteer reservist conscript officer pilot prisoner man
woman person troops personnel tank vehicle gun howitzer ship boat plane aircraft helicopter
drone missile rocket shell round bomb mine interceptor launcher weapon unit system ton tonne
litre liter barrel dollar euro pound rouble dose mask ventilator bed address casualty loss
death injury force contingent army garrison brigade fleet stock stockpile reserve pool
reservoir fund budget balance account water gas oil grain fuel ammunition equipment rain
production manufacture output delivery supply import export purchase order repair
refurbishment replacement reinforcement mobilisation mobilization conscription recruitment
enlistment return payment income revenue receipt earning tax tariff toll duty fee fare sale
rent levy gift grant aid loan donation contribution premium subsidy interest pension wage
payroll inflow outflow new old fresh existing local foreign domestic other guided armoured
armored fighting infantry military newly withdrawn shot spent gone lost withdrawal retreat
ceasefire truce armistice end battle winter
"""
_COMMON = frozenset(_WORDS.split())
"""First words of labels that are no names; of others their capital may be one's own."""


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


def unit_of(shown: str, unit: str) -> str:
    """The unit behind a number: `tank` behind `1` and `about 1`."""
    return one_of(unit) if shown.removeprefix("about ") == "1" else unit


def units(shown: str, unit: str) -> str:
    """A number with its unit: `1 tank`, `about 1 tank`, `3,800 tanks`."""
    return f"{shown} {unit_of(shown, unit)}"


def in_sentence(label: str) -> str:
    """A label without the capital that it has at the beginning of a line; names keep theirs.

    Examples
    --------
    >>> in_sentence("Taxes on fuel"), in_sentence("Javelins"), in_sentence("Tax Office")
    ('taxes on fuel', 'Javelins', 'Tax Office')
    """
    first, *more = label.split(" ")
    noun = _singular(first).lower()
    is_common = first[1:].islower() and (noun in _COMMON or noun.endswith("ed"))
    is_name = any(word[:1].isupper() and not word.isupper() for word in more[:1])
    return f"{label[0].lower()}{label[1:]}" if is_common and not is_name else label


def _singular(word: str) -> str:
    for plural, single in _SINGULARS:
        if re.fullmatch(plural, word):
            return re.sub(plural, single, word)
    return word
