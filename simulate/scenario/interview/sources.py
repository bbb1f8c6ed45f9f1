"""Who published something, beside a number or alone."""

from __future__ import annotations

import re

from simulate.scenario.interview.choices import FATE
from simulate.scenario.interview.document import Answers
from simulate.scenario.interview.doubt import certain
from simulate.scenario.interview.forecasts import bare
from simulate.scenario.interview.grammar import (
    FROM,
    PER,
    PERIOD,
    SAYS,
    is_number,
    pattern,
    per_of,
    refusal,
)
from simulate.scenario.interview.readers import Filled, Reader
from simulate.scenario.notation import SAME_SOURCE, names_days
from simulate.scenario.written_dates import MONTH_NAME, SEASON
from simulate.scenario.written_numbers import HEDGE, LOSSES
from simulate.scenario.yaml_source import parse, quoted

_RATE = pattern(rf"\b(?:to|by|at|of) \S+ {PER} {PERIOD}\b")
_IS_NAME = (
    rf"(?!{HEDGE}\d|(?:{FATE}|{LOSSES}|(?:[\w-]+\s+){{0,3}}of (?:whom|which|them|these|those)|"
    r"(?:in|ex)cluding|not|most|mostly|at (?:the )?(?:least|most))\b)(?!-?\d)(?=\S)"
)
_SOURCED = pattern(
    rf"(.*(?:[\d)]|\b(?:day|week|month|year)s?|\b(?:{SEASON})|{MONTH_NAME}\w*)(?: on)?)"
    rf"(?:[,;]?\s+according to\s+|[,;]\s+)({_IS_NAME}.*)"
)
"""A number, perhaps with its date or unit of time, and who published it."""
_WHO = r"(?:(?-i:[A-Z])|(?:the|an?|one|two|several|some) )"
_LAST_CLAUSE = pattern(rf"(.*\d.*),\s+({_IS_NAME}(?:{_WHO}[^,;\d]*|[a-z]+s|[^,;\d]*\b{SAYS}))")
"""A number with its noun, and who published it."""
_IN_BRACKETS = pattern(rf",?\s*\(({_WHO}[^()]*)\)$")


def split_source(text: str) -> tuple[str, str]:
    """The text before a source that follows it, and the source."""
    named = _SOURCED.fullmatch(text)
    if named is None and (named := _LAST_CLAUSE.fullmatch(text)) and not is_number(named[1]):
        named = None
    if named is None or names_days(named[2]) or _FIRST_DAY.match(named[2]):
        return text, ""
    return named[1], named[2]


def unbracketed(text: str) -> str:
    """A text whose source in brackets follows a comma: `3800 (the ministry)`."""
    found = _IN_BRACKETS.search(text)
    is_source = found and split_source(f"1, {found[1]}")[1] and not certain(text)[1]
    return _IN_BRACKETS.sub(r", \1", text) if is_source else text


_FIRST_DAY = pattern(rf"{FROM}\s+(?:(?:\S+\s+)?\W*(?:{SEASON}|{MONTH_NAME})|\d{{4}}-\d\d-\d\d)")


def sourced(read: Reader, block: str = "") -> Reader:
    """As `read`, where the source may follow: `90 a month, the ministry`."""

    def with_source(key: str, text: str, answers: Answers) -> Filled:
        what, said = split_source(text)
        at = f"{block or key.rpartition('.')[0]}.source"
        named = dict(source(at, said, answers)) if said else {}
        if said and (before := answers.get(at)) and before != named[at]:  # of two counts
            named[at] = f"{before[:-1]}; {named[at][1:]}"
        return {**read(key, what, answers), **named}

    return with_source


def source(key: str, text: str, answers: Answers) -> Filled:
    """Who published something, and the address at the end."""
    by, _ = _by_and_url(text)
    if _RATE.search(by) and not re.match(r"\W*\d", by):
        hint = "answer one rate at a time, and name inflow or report again for another"
        raise refusal(f"{key} is no name", by, hint)
    if re.match(r"\W*\d", by) or _FIRST_DAY.match(by) or per_of(by)[1]:
        hint = "begin with who published it: a newspaper, 22 January 2025"
        raise refusal(f"{key} must begin with a name", by, hint)
    block = key.rpartition(".")[0]
    by, url = named_source(block, text, answers)
    return {key: quoted(by) if by else "", f"{block}.url": quoted(url) if url else ""}


def named_source(block: str, text: str, answers: Answers) -> tuple[str, str]:
    """Who published something, and the address at the end.

    Raises a `ScenarioError` if what should name a source says more of a number.
    """
    by, url = _named_again(block, *_by_and_url(text), answers)
    if behind := _DAY_BEHIND.search(by):
        day, name = by[behind.start() :].strip(", "), by[: behind.start()].strip(", ")
        raise refusal(f"{block}.source must be a name", by, f"put the day before it: {day}, {name}")
    if _CLAUSE.search(by) is None:
        return by, url
    hint = "leave it out; a source is a name, such as the ministry"
    if block == "rate":
        hint = "begin with the change, then its day and the name: a fifth more from July 2026 on, A"
    elif block == "losses":
        hint = (
            "leave it out, or give a wider range, such as 6 to 18 a week; season, trend and "
            "pauses, which more asks about, change the rate"
        )
    raise refusal(f"{block}.source must be a name", by, hint)


_CLAUSE = re.compile(
    r"^(?:[Ww]ith|and|or|if|when|while|perhaps|maybe|rising|falling|growing|up|down|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|half) (?:in|on|at|during|an?|per))(?= )|"
    r"\b(?:twice|as (?:many|much|few)|but|(?<!the )then|until|till|more(?! than)|fewer|less|"
    r"doubl(?:e[ds]?|ing)|except|unless|depending)\b"
)
"""What says more of a number, and names no source."""
_DAY_BEHIND = pattern(
    r"(?:,?\s(?:by|until|since|before|starting(?: in| on)?)|"
    r"(?<!figures)(?<!report)(?<!data)\sfrom)\s+(?:the\s+)?(?:(?:start|beginning|middle|end)\s+of\s+)?"
    rf"(?:{SEASON}|(?:\d\d?\s+|(?:mid|early|late)[- ]){MONTH_NAME}|"
    rf"{MONTH_NAME}\w* \d|\d{{4}}-\d\d)"
)


def _by_and_url(text: str) -> tuple[str, str]:
    """Who published something, and the address at the end."""
    match = re.fullmatch(r"(.*?)[,;]?\s*((?:https?:|www\.)\S+)", text)
    return (bare(match[1]), match[2]) if match else (bare(text), "")


def _named_again(block: str, by: str, url: str, answers: Answers) -> tuple[str, str]:
    """The source named before in place of `the same`; what follows is kept.

    After a comma that replaces all but the name: `the same, 24 January`.
    """
    same = SAME_SOURCE.match(by)
    rest = by[same.end() :] if same else "-"
    if not re.match(r"\.?$|[,;:.] ", rest):
        return by, url
    named = [path for path, value in answers.items() if path.endswith(".source") and value]
    if not named:
        hint = "no source was named before; write who it is"
        raise refusal(f"{block}.source must be a name", by, hint)
    beside = f"{named[-1].rpartition('.')[0]}.url"
    name, address = (parse(answers.get(at) or '""', "").tree for at in (named[-1], beside))
    if rest[:1] == ",":
        return f"{name.partition(', ')[0]}{rest}", url
    return f"{name}{rest}", url or address
