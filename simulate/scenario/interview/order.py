"""An answer in the order in which it is read: the number, its unit of time, its day, its source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulate.scenario.interview.choices import FATE, FATES
from simulate.scenario.interview.days import has_amount
from simulate.scenario.interview.document import plain
from simulate.scenario.interview.grammar import (
    FROM,
    NAMED,
    PER,
    PERIOD,
    SAYS,
    UNDOUBTED,
    UNTIL,
    is_number,
    number_in,
    pattern,
    per_of,
    small,
)
from simulate.scenario.interview.periods import DAY
from simulate.scenario.interview.sources import split_source
from simulate.scenario.notation import LONGEST
from simulate.scenario.yaml_source import quoted


def day_behind(text: str) -> str:
    """An answer that begins with its day, with the day behind the number.

    Examples
    --------
    >>> day_behind("By the end of June, 300 men were killed, the ministry")
    '300 men were killed by the end of June, the ministry'
    """
    if (found := _DAY_FIRST.fullmatch(text)) is None:
        return text
    lead = found["lead"].lower()
    return f"{found['what']} {lead} {found['day']}{found['behind']}"


_DAY_FIRST = pattern(
    rf"(?P<lead>by|up to|through|as of|on|in|before|{UNTIL}|{FROM})\s+(?P<day>{DAY.pattern})"
    r"(?:,\s+|\s+(?!\d{4}\b))"
    rf"(?P<what>.*?\d.*?(?:\s{FATES})?)(?P<behind>(?:;\s+.*|,\s+\D.*|,?\s+according to .*)?)"
)
"""A day, a number, perhaps with what happened, and a source."""


def number_first(key: str, text: str) -> tuple[str, dict[str, str]]:
    """An answer without the clause before its number, and what an inflow is called by it.

    Who says it becomes the source, and what happened stands behind the number.

    Examples
    --------
    >>> number_first("losses.rate", "The ministry says they have fired six a week")
    ('six a week, fired, the ministry', {})
    >>> number_first("inflow.amount", "the government adds 1 million a year")
    ('1 million a year', {'inflow.label': '"the government"'})
    """
    if plain(key) not in _CLAUSES or len(text) > _LONGEST:
        return text, {}
    what, by = split_source(text)
    if (found := next(_clauses(what), None)) is None:
        return text, {}
    lead, rate, behind = found
    if who := _SAYS.match(lead):
        lead, by = lead[who.end() :], by or small(who["who"] or who["says"])
    verb = _VERB.fullmatch(lead.strip())
    giver = verb["giver"] if verb and not _PRONOUN.fullmatch(verb["giver"]) else ""
    fate = f", {verb['fate']}" if verb and verb["fate"] else ""
    label = {key.replace("amount", "label"): quoted(small(giver))}
    is_named = giver and key.startswith("inflow")
    return f"{rate}{fate}{behind}{', ' if by else ''}{by}", label if is_named else {}


def _clauses(text: str) -> Iterator[tuple[str, str, str]]:
    """A clause without number, day or doubt, the rate behind it, and what follows."""
    for word in re.finditer(r"(?:^|\s)(?=\S)", text):
        lead, rest = text[: word.end()], text[word.end() :]
        rate = _RATE.match(rest)
        if rate and is_number(rate[0]):
            if lead and is_idle(lead.strip()):
                yield lead, rate[0], rest[rate.end() :]
            return


_LONGEST = 5 * LONGEST
_CLAUSES = ("losses.rate", "inflow.amount", "losses.claims.count")
_RATE = pattern(rf".+?\s+{PER}\s+{PERIOD}\b")
_OPEN = pattern(
    rf"(?:{DAY.pattern})|\b(?:less|more|fewer|perhaps|maybe|early|late|mid|end)\b|"
    r"(?:\b(?:by|than|(?<!average )of|from|with|without|under|over|below|above|for|but|twice|"
    r"double|half|another|further|additional|extra)|,)$"
)
"""A day, or a word that goes with the number or doubts it."""
_SAYS = pattern(rf"according to (?P<who>[^,]+),\s+|(?P<says>.+?),?\s+{SAYS}\s+(?:that\s+)?")
_VERB = pattern(
    r"(?P<giver>.*?)\s*(?:\b(?:will|would|can|is|are|was|were|has|have|had|been|be|now|also|still|"
    rf"already|currently|[a-z]+ly)\s+)*(?:(?P<fate>{FATE})|[a-z]+)(?:\s+(?:in|out|up|off|to))?"
)
"""Who gives it, and what happens to it."""
_PRONOUN = pattern(r"(?:it|they|we|he|she|there|this|that|which|who)?")


def readable(key: str, text: str) -> Iterator[tuple[str, str]]:
    """Parts of an answer in the order in which they are read, and the words that they leave out.

    A number is followed by its unit of time, the day and the source; the fullest comes first.
    """
    if len(text) > _LONGEST:
        return
    what, comma, last = text.rpartition(", ")
    by = split_source(f"1, {last}")[1] if comma else ""
    day = _first(_DAY, text.replace(" may ", " will "))  # no month
    number = number_in(text.replace(day, ";", 1), is_time=plain(key) in _IN_DAYS)
    per = "" if per_of(number)[1] else _first(_PER, text)
    whole = [(number, per, day), (number, per), (number,)] if number else []
    alone = [*((parts, by) for parts in whole if by), *((parts, "") for parts in whole)]
    if day and not has_amount(key):
        alone.append(((day,), ""))
    for parts, source in alone:
        rest = what if source else text
        for part in filter(None, parts):
            rest = rest.replace(part, ";", 1)
        if day and {day, number} <= {*parts} and re.search(r"\d", DAY.sub("", rest)):
            continue  # the day may be that of another number
        left = " ... ".join(filter(None, (each.strip(" ,.()") for each in rest.split(";"))))
        said = " ".join(_CAPITAL.sub(lambda one: one[0].lower(), one) for one in parts if one)
        yield f"{said}{', ' if source else ''}{source}", left


def is_idle(words: str) -> bool:
    """Whether the words beside a number neither deny, doubt nor change it, and name no day."""
    return UNDOUBTED.fullmatch(f"{words} ") is not None and not _OPEN.search(words)


def _first(form: re.Pattern[str], text: str) -> str:
    return found[0] if (found := form.search(text)) else ""


_CAPITAL = re.compile(rf"^(?!(?i:{NAMED}))[A-Z](?=[a-z ])")
_IN_DAYS = ("force.lasts", "pauses.days", "wounded.return_days")
_PER = pattern(rf"\b(?:{PER}\s+{PERIOD}|daily|weekly|monthly|yearly)\b")
_DAY = pattern(
    rf"(?:\b(?:by|up to|through|as of|on|in|at|before|after|between|{UNTIL}|{FROM})\s+)?"
    rf"(?:{DAY.pattern})(?:\s+(?:to|and|{UNTIL})\s+(?:{DAY.pattern}))?"
    rf"|\b(?:in|over|during) the (?:last|past|first) \S+ {PERIOD}s?\b"
    rf"|\b(?:by|at|in|before|{UNTIL}|{FROM}) the (?:start|beginning|middle|end) of (?:19|20)\d\d\b"
)
