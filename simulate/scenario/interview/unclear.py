"""Answers whose number is another than it seems, or has two readings."""

from __future__ import annotations

import contextlib
import re
from itertools import pairwise
from statistics import median

from simulate.scenario.interview.choices import FATE, FATES, lost_words
from simulate.scenario.interview.days import in_figures, published_on
from simulate.scenario.interview.document import Answers, Known, known_days, plain
from simulate.scenario.interview.grammar import (
    FROM,
    NAMED,
    digits,
    number,
    pattern,
    refusal,
)
from simulate.scenario.interview.prelude import WITHIN
from simulate.scenario.interview.sources import split_source
from simulate.scenario.spelling import IN_A_FILE, Hint
from simulate.scenario.written_numbers import BOUND, HEDGE, THREE_DECIMALS, Kind

_LOSSES = ("losses.count", "losses.rate", "losses.claims.count", "observed")


def in_all(key: str, text: str) -> tuple[str, dict[str, str]]:
    """An answer with the sum of its parts, and the words for what happened to them.

    Raises a `ScenarioError` if the parts cannot be added.

    Examples
    --------
    >>> in_all("losses.count", "300 killed and 2,700 wounded")
    ('3000', {'wording.lost': '"killed or wounded"'})
    """
    if plain(key) not in _LOSSES:
        return text, {}
    typed, text = text, _AS_MANY.sub(r"\g<first>\g<n>", text)
    parts = [*_PART.finditer(text)]
    if len(parts) < 2 and not _AND_OTHERS.search(split_source(text)[0]):
        return text, {}
    joints = [text[one.end() : two.start()] for one, two in pairwise(parts)]
    sizes = [number(part["n"], "count") for part in parts]
    before, after = text[: parts[0].start()], text[parts[-1].end() :]
    is_plain = not before or re.fullmatch(HEDGE, before.lower())
    if len(parts) < 2 or not (is_plain and all(map(_AND.fullmatch, joints)) and all(sizes)):
        hint = "add the parts: 3000 killed or wounded, or 2400 to 3600 killed or wounded"
        raise refusal(f"{key} must be one number in all", typed, hint)
    if not before and any(map(_ABOUT.search, joints)):
        before = "about "
    fates = [*dict.fromkeys(part["fate"] for part in parts)]
    words = lost_words(" and ".join(filter(None, (", ".join(fates[:-1]), fates[-1]))))
    own = {"wording.lost": words} if key in ("losses.count", "losses.rate") else {}
    return f"{before}{sum(filter(None, sizes)):.10g}{after}", own


_N_OF = r"(?P<n>\d[\d,.]*\d|\d)"
_DONE = rf"(?: (?!{FATE})[^\W\d]+)?,? (?:(?:were|have been|had been) )?"
_PART = pattern(rf"{_N_OF}{_DONE}(?P<fate>{FATES})\b")
_AS_MANY = pattern(
    rf"(?P<first>{_N_OF}{_DONE}{FATES},? (?:and|plus) (?:{HEDGE})?)"
    rf"as many(?: again)?(?={_DONE}{FATE})"
)
_AND_OTHERS = pattern(rf"\d{_DONE}{FATES},? (?:and|plus) (?!{FATE})[^,;]*\b{FATE}")
"""Others behind a number, whose own is none: 3000 killed and twice as many wounded."""
_ABOUT = pattern(rf"(?<!\w){HEDGE}")
_AND = pattern(rf"(?:,|;|,? (?:and|plus),?) (?:another |a further )?(?:{HEDGE})?")


def in_part(key: str, text: str) -> tuple[str, dict[str, str]]:
    """A count in all without the part of it since a day, and the share of it before that day.

    Examples
    --------
    >>> in_part("losses.count", "9,000 in all, a third of them since December, A")
    ('9,000 since December, A', {'prelude.share': '0.6667'})
    """
    apart = re.sub(r"\s\(([^()]+)\)", r", \1", text)
    found = _IN_PART.fullmatch(apart) if key == "losses.count" else None
    if found is None or not _numbers(found["n"], "count"):
        return text, {}
    shares, total = _numbers(found["part"], "share"), 1.0
    if not shares:
        shares, total = (
            _numbers(found["part"], "count"),
            median(_numbers(found["n"], "count") or [0]),
        )
    before = [f"{1 - n / total:.4g}" for n in reversed(shares) if 0 < n < total]
    if not before:
        return text, {}
    law = IN_A_FILE.of(*before) if before[1:] else before[0]
    return f"{found['all']} {found['since']}", {WITHIN: law}


def _numbers(text: str, kind: Kind) -> list[float]:
    """The number, or those of a range, that a text means."""
    with contextlib.suppress(ValueError):
        way = digits(text, kind, ranges=True) or text
        return [float(n) for n in re.split(" to |, ", way)]
    return []


_OF_THEM = "(?:of (?:them|these|those|that|whom|which)|including)"
_IN_PART = pattern(
    rf"(?P<all>(?:{HEDGE}|{BOUND})?(?P<n>\d[\d,.]*(?:(?: to |[-–])\d[\d,.]*)?)(?<!,)"
    rf"(?:\s(?!(?:of|and|plus)\b)[\w-]+)*?)(?:\s+in (?:all|total))?(?:\s+{FROM}\s[^,\d]+)?,?\s+"
    rf"(?:{_OF_THEM} )?"
    rf"(?P<part>(?:{HEDGE})?(?:\d\S*(?: to \d\S*)?(?: \S+)?|half|an? \w+|\w+ \w+s))"
    rf"(?: {_OF_THEM})?(?:,? {FATE})? (?P<since>{FROM}\s.+)"
)
"""A count and the part of it since a day: 9,000, half of them since December."""


def check_reading(key: str, text: str, unit: str) -> None:
    """Raise a `ScenarioError` if the number of an answer is that of something else, or of two."""
    what, _ = split_source(text)
    if dotted := _DOTTED.search(what):
        decimal = dotted[0].rstrip("0").rstrip(".")
        decimal = f"{dotted[0]}0" if re.fullmatch(THREE_DECIMALS, decimal) else decimal
        hint = f"write {dotted[0].replace('.', '')}, or {decimal} if it is a decimal point"
        problem = f"{key} can be read in two ways; does the dot separate thousands"
        raise refusal(f"{problem} (found {dotted[0]})?", hint=hint)
    own = {name for name, sign in _CURRENCIES.items() if re.search(sign, unit, re.IGNORECASE)}
    for name, sign in _CURRENCIES.items() if own else ():
        if name not in own and (found := re.search(sign, what, re.IGNORECASE)):
            raise refusal(
                f"{key} must be in {unit}, not in {name}",
                found[0],
                f"work out what it is in {unit}",
            )
    if plain(key) in _LOSSES and (left := _LEFT.search(what)):
        hint = "write what had been lost by that day: of 12,000 with 700 left, 11,300"
        raise refusal(f"{key} must be what was lost, not what was left", left[0].strip(), hint)


def check_part(key: str, text: str) -> None:
    """Raise a `ScenarioError` if an answer has the days of a part of the losses only."""
    if plain(key) in ("losses.start", *_LOSSES) and _OF_A_PART.search(text):
        hint = "give the day of the first loss; or count the part of those days alone, and answer "
        hint += "prelude to more for the losses before them"
        raise refusal("the days must cover all the losses", text, hint)
    if key == "force.size" and (lost := _LOST_OF_IT.fullmatch(text)):
        more = "to add what was lost before the first day counted, answer prelude to more"
        hint = f"write {lost[1]}; {more}"
        raise refusal(f"{key} must be one number", text, Hint(hint, such_as=lost[1], of=text))


_LOST_OF_IT = pattern(rf"(.*?\d[^,]*?),?\s+{_OF_THEM}\b.*\b(?:{FATE}|lost\b|used\b|spent\b).*")
_OF_A_PART = pattern(rf"\b(?:{_OF_THEM}|mostly|mainly|largely)\b.*\b{FROM}\b.*(?:{NAMED}|\d)")


def check_trend(text: str) -> None:
    """Raise a `ScenarioError` if a change that was typed may be in per cent or in units."""
    if (found := _A_TIME.search(text)) and abs(float(found["last"])) >= 1:
        share, per = found["share"], found["per"].lower()
        hint = f"write {share} % a {per}, or the share of the rate that it is"
        raise refusal(f"trend can be {share} % or {share} of what is counted", found[0], hint)


_A_TIME = pattern(
    r"(?<![\w.,+-])(?P<share>(?:[-+]?\d+(?:\.\d+)?\s*(?:to|or|-)\s*)?(?P<last>[-+]?\d+(?:\.\d+)?))"
    r"\s*(?:\b(?:an?|per|each|every)|/)\s*(?P<per>day|week|month|year)\b"
)


def check_days(key: str, text: str, known: Known | None) -> None:
    """Raise a `ScenarioError` if an answer in figures still has words for the day it was given."""
    if found := _SPOKEN.search(split_source(text)[0]):
        hint = "write the date: 3000 on 22 January 2026"
        if day := published_on(text[found.end() :].removeprefix(", "), known):
            hint = f"write the date: {text[: found.start()].strip()} by {day.day} {day:%B %Y}"
        raise refusal(f"{key} has a day that depends on when it is read", found[0], hint)


_CURRENCIES = {
    "dollars": r"\$|\busd\b|\bdollars?\b",
    "euros": r"€|\beur\b|\beuros?\b",
    "pounds": r"£|\bgbp\b|\bpounds?\b",
    "roubles": r"₽|\brub\b|\brou?bles?\b",
    "francs": r"\bchf\b|\bfrancs?\b",
    "hryvnias": r"₴|\buah\b|\bhryvnias?\b",
    "yen": r"¥|\bjpy\b|\byen\b",
}
_DOTTED = pattern(
    rf"(?<![\w.,-]){THREE_DECIMALS}(?![\d.,]*\d|\s*(?:%|per ?cent|pct|(?:thousand|[mbt]n|k|m)\b|"
    r"\w*illion))"
)
_LEFT = pattern(
    r"\s(?:(?:were|was|are|is)\s+)?(?:still\s+)?(?:left|remain(?:ing|ed|s)?|in stock)\b"
)
_SPOKEN = pattern(
    r"(?<!in the )(?<!over the )(?<!during the )(?<!within the )(?<!since )(?<!from )"
    r"\b(?:last|this|past)\s+(?:(?:early|mid|late)[- ])?"
    rf"(?:week|month|year|night|quarter|{NAMED}|\w+day)\b"
    r"|(?<!from )\b(?:today|now|nowadays|yesterday|tonight|tomorrow|currently|at present)\b"
    r"|\b(?:so far|to date)\b"
)


def led(since: str) -> str:
    """The first day of a rate with the word before it."""
    return since if since.startswith("from ") else f"since {since}"


def begins(since: str, found: Answers) -> str:
    """The first day of a rate, in the year that the day of the stock leaves no doubt about."""
    known = known_days(found)
    first = in_figures(led(since), "losses.start", known)
    if known and led(since) != since and first > str(known.first):
        later = int(first[:4])
        hint = f"return to it with back, and write the year: since {since} {later}"
        raise refusal(f"losses.rate can begin in {later - 1} or in {later}", since, hint)
    return first
