"""Published dates and periods beside the simulated dates, for a newspaper."""

from __future__ import annotations

import datetime as dt
import re

from simulate.analysis.summary import Outcome
from simulate.analysis.values import PeriodCheck, PublishedCheck
from simulate.report.text import mood, phrases, wording
from simulate.report.text.attribution import again, who
from simulate.scenario.words import perfect

# `re` compiles these, and keeps them, when a label first needs them.
_MONTH = rf"(?:{'|'.join(f'{month}|{month[:3]}' for month in wording.MONTHS)}|sept)\b\.?"
_YEAR = r"(?:19|20|21)\d\d"
_TIME = (
    r"(?:(?:decade|year|season|quarter|half|month|week|day)s?|[qh]\d|early|mid|middle|late|end|"
    rf"beginning|start|spring|summer|autumn|fall|winter|midsummer|midwinter|christmas|easter|{_MONTH})(?!\w)"
)
_LIMIT = r"\b(?:by|before|until|till|no later than)\b"
_LEAD = (
    rf"(?:{_LIMIT}|\b(?:in|at|not|after|some ?time|during|within|over|around|about|the|this|next|"
    r"coming|first|second|third|fourth|last|course of)\b)"
)
_IN_WORDS = {
    ":": rf"(?i).*\b{_TIME}|(?:.*{_LIMIT}|{_LEAD}).*\b{_YEAR}\b",
    ",": rf"(?i)(?!{_MONTH})(?:{_LEAD} )*{_TIME}|"
    rf".*{_LIMIT} (?:{_LEAD} )*(?:{_TIME}|{_YEAR}\b)",
}
"""Words for a time behind a name; behind a comma, a month alone may be that of the publication."""
_DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d\d?(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?|"
    rf"{_MONTH} \d\d?(?:st|nd|rd|th)?(?:,? {_YEAR})?)"
)
_A_DAY = rf"(?i)(?:on |(?:(?!week)\w+ )?(?:of|from|dated|published) )?(?:the )?{_DAY}"
"""The date itself in figures, or the day of its publication."""
_NEARLY, _MOST = 0.985, 2 / 3
_BOTH = 2
"""As many published dates as are all named."""
_PEOPLE = re.compile(
    r"(ials|[yi]sts|erts|ors|ians|chers|[sz]ers|gers|kers|sters|aries|eers|ners|tudies)$"
)
"""Plurals of people: officials, analysts, economists, experts, advisors."""
_SOMEBODY = re.compile(r"(?i:an?|this|our|one|two|three|several|some) [a-z]")
"""The beginning of `one official`."""
_PARTICLE = 3
"""Letters of the longest word that is small in a name: `Institute for the Study of War`."""

_PROMISE = re.compile(
    r"(?i)\b(?:until|till|(?:will|would|should|could|can|to) last|lasts|lasting|outlasts?|enough)\b"
)
"""Words for a time up to which it lasts, other than that at which it ends."""
_LIMITED = re.compile(r"(?i)\b(?:not|only|no|at most|at best)\b|n['\u2019]t\b")
_BY = rf"(?i)\bby (?:\d|(?:(?:the|next|this) )*{_TIME})"
"""`by early summer`, not `a projection by ISW`."""


def named(outcome: Outcome) -> tuple[PublishedCheck, ...]:
    """The published dates and periods that a sentence, or a card, has room for."""
    return outcome.published[: _BOTH if len(outcome.published) == _BOTH else 1]


def with_published(stated: str, outcome: Outcome) -> str:
    """Sentences, if there are some, with those on a published date or period, or on both of two."""
    if not stated or not outcome.published:
        return stated
    checks = [(check, _given(check, stated)) for check in named(outcome)]
    if outcome.depleted_probability <= 0:
        told = [
            f"{phrases.capitalised(given)} is {phrases.published_when(check)}."
            for check, given in checks
        ]
    elif only := phrases.only_date(outcome):
        sides = (_compared(only, check, given) for check, given in checks)
        told = [f"That is {', and '.join(sides)}."]
    else:
        told = [f"{_share_by(check, given, outcome)}." for check, given in checks]
    if others := len(outcome.published) - len(checks):
        told.append(f"{phrases.capitalised(wording.in_words(others))} other dates were published.")
    return " ".join((stated, *told))


def _share_by(check: PublishedCheck, given: str, outcome: Outcome) -> str:
    """`In 36 % of simulations it happens by 15 April 2025, the date ISW gave`."""
    when = phrases.published_when(check)
    if check.period is None:
        if is_promise(given.partition("“")[2]):
            lasts = _happens(outcome, 1 - check.probability_by, "last")
            return f"{lasts} until {when}, {given}"
        return f"{_happens(outcome, check.probability_by)} by {when}, {given}"
    if re.search(_BY, check.label):  # a limit, however early the period begins
        by = wording.prose_date(check.period.last)
        return f"{_happens(outcome, check.probability_by)} by {by}, the end of {given}"
    return _of_period(check.period, _with_days(given, when), outcome)


def is_promise(said: str) -> bool:
    """Whether words for a date say that it lasts until then: `enough until the spring`."""
    return bool(_PROMISE.search(said) and not _LIMITED.search(said))


def _compared(date: dt.date, check: PublishedCheck, given: str) -> str:
    """`before 15 April 2025, the date ISW gave`, `in the period ISW gave, April 2025`."""
    first, last = (check.period.first, check.period.last) if check.period else (check.date,) * 2
    where = "before" if date < first else "after" if date > last else "in"
    when = phrases.published_when(check)
    if check.period:
        return f"{where} {_with_days(given, when)}"
    return f"also {given}" if where == "in" else f"{where} {when}, {given}"


def _of_period(period: PeriodCheck, given: str, outcome: Outcome) -> str:
    """`In 52 % of simulations it happens in the period ISW gave, May 2025, and in 8 % earlier`."""
    before, after = period.before.probability, period.after.probability
    never = ", or not at all" if phrases.never_probability(outcome) > 0 else ""
    inside = period.within.probability
    for share, where, end, rest in (
        (before, "before", "", (after, "later")),
        (inside, "in", "", None),
        (after, "after", never, (before, "earlier")),
    ):
        if share >= _NEARLY:
            all_of = "all" if share >= 1 else "practically all"
            return f"In {all_of} simulations it {mood.happens(outcome)} {where} {given}{end}"
        if share >= _MOST and rest:
            others = ((inside, "in it"), rest)
            beside = [f"in {wording.percent(p)} {word}" for p, word in others if round(100 * p)]
            beside = beside if len(beside) > 1 else [f"and {one}" for one in beside]
            return f"{_happens(outcome, share)} {where} {given}{end}, {' and '.join(beside)}"
    within = f"{_happens(outcome, inside)} in {given}"
    if round(100 * after) < 1:
        return f"{within}, otherwise earlier"
    if round(100 * before) < 1:
        return f"{within}, otherwise later{never}"
    return f"{within}, and in {wording.percent(before)} earlier"


def _with_days(given: str, when: str) -> str:
    """A period with its days: in brackets where they are a reading of words."""
    return f"{given} ({when})" if given.endswith("”") else f"{given}, {when}"


def _given(check: PublishedCheck, stated: str) -> str:
    """`the date ISW gave`, `the period ISW gave on 6 January as “mid-April”`.

    Where the label names nobody for certain, `the published date (a paper)`. Who has been `stated`
    is named in short.
    """
    what, label = "period" if check.period else "date", phrases.label_words(check.label)
    joint = ":" if ": " in label else ","
    name, _, said = label.partition(f"{joint} ")
    if name == "Published":
        return f"the published {what}"
    said = said.strip("\"'“”‘’ ")
    words = f"“{said}”" if _is_in_words(said, joint, check) else ""
    made = re.search(rf"(?i), (?:on )?({_DAY})$", name) if words else None
    if by := _named(name.partition(", ")[0], alone=not said):
        on, quoted = f" on {made[1]}" if made else "", f" as {words}" if words else ""
        return f"the {what} {again(by) if by in stated else by} gave{on}{quoted}"
    return f"the published {what} ({': '.join(filter(None, (name, words)))})"


def _is_in_words(said: str, joint: str, check: PublishedCheck) -> bool:
    """Whether what follows a name is words for a time, other than the date or period in figures."""
    plain = re.sub(r"(?i)^(?:in|on|the) " if check.period else r"(?i)^(?:by|on) ", "", said)
    return (
        not f"{phrases.published_when(check)} ".startswith(f"{plain} ")
        and re.fullmatch(_A_DAY, said) is None
        and re.match(_IN_WORDS[joint], said) is not None
    )


def _named(name: str, *, alone: bool) -> str:
    """Who gave a date, inside a sentence; empty if that may be no person or body.

    Names keep their capitals: all in capitals, several of them, or after "The". A single word is a
    name unless it ends as plurals of people do: `Officials` becomes `officials`.
    """
    if _SOMEBODY.match(name):
        return f"{name[0].lower()}{name[1:]}"
    first, *more = name.split()
    if first in {"The", "the"} and more:
        return name if more[0][0].isupper() else f"the {' '.join(more)}"
    if _PEOPLE.search(name):
        return name if more or name.isupper() else name.lower()
    if more:
        small = [word for word in more if word[0].islower()]
        is_name = first[0].isupper() and all(len(word) <= _PARTICLE for word in small)
        return who(name) if is_name and "by" not in small else ""
    known = who(name)
    return known if name.isupper() or known != name or not alone else ""


def _happens(of: Outcome, probability: float, does: str = "happen") -> str:
    """`In 36 % of simulations it happens`."""
    if probability <= 0:
        does_it = f"does it {does}" if of.mood == "open" else f"would it {perfect(does)}"
        return f"In no simulation {does_it}"
    share = f"{wording.percent(probability)} of" if probability < 1 else "all"
    return f"In {share} simulations it {mood.happens(of, does)}"
