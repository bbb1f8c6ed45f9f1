"""The first published date or period beside the simulated dates, for a newspaper."""

from __future__ import annotations

import re

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Period, PublishedCheck
from simulate.report.text import phrases, wording

_IN_WORDS = re.compile(
    r"(?:(?:by|in|at|some ?time|the) )*(?:early|mid|middle|late|end|beginning|start|spring|summer|"
    r"autumn|fall|winter|first|second|third|fourth|last)\b",
    re.IGNORECASE,
)
"""Words for a period, whose days are a reading of them."""
_NEARLY, _MOST = 0.985, 2 / 3


def with_published(stated: str, summary: Summary, outcome: Outcome) -> str:
    """Sentences, if there are some, with one on the first published date or period."""
    if not stated or not outcome.published:
        return stated
    check = outcome.published[0]
    given, when = _given(check), phrases.published_when(check)
    is_read = "“" in given
    if phrases.certain_date(summary, outcome):
        return f"{stated} {phrases.capitalised(given)} is {'taken as ' if is_read else ''}{when}."
    if check.period is None:
        return f"{stated} {_happens(check.probability_by)} by {when}, {given}."
    if re.search(r"\bby\b", check.label):  # a limit, however early the period begins
        by = wording.prose_date(check.period.last)
        return f"{stated} {_happens(check.probability_by)} by {by}, the end of {given}."
    given = f"{given}, {'here ' if is_read else ''}{when}"
    return f"{stated} {_of_period(check.period, given, outcome)}."


def _of_period(period: Period, given: str, outcome: Outcome) -> str:
    """`In 52 % of simulations it happens in the period ISW gave, May 2025, and in 8 % earlier`."""
    before, after = period.before.probability, period.after.probability
    never = ", or not at all" if phrases.never_probability(outcome) > 0 else ""
    for share, where, end in ((before, "before", ""), (after, "after", never)):
        if share >= _NEARLY:
            all_of = "all" if share >= 1 else "practically all"
            return f"In {all_of} simulations it happens {where} {given}{end}"
        if share >= _MOST:
            inside = wording.percent(period.within.probability)
            return f"{_happens(share)} {where} {given}{end}, and in {inside} in it"
    within = f"{_happens(period.within.probability)} in {given}"
    if round(100 * after) < 1:
        return f"{within}, otherwise earlier"
    if round(100 * before) < 1:
        return f"{within}, otherwise later{never}"
    return f"{within}, and in {wording.percent(before)} earlier"


def _given(check: PublishedCheck) -> str:
    """`the date ISW gave`, `the period ISW gave as “mid-April”`, `the published date (a paper)`."""
    what, label = "period" if check.period else "date", phrases.label_words(check.label)
    name, *said = re.split(r"[:,] ", label, maxsplit=1)
    is_one_word = " " not in name and name[:1].isupper() and (said or name.isupper())
    words = f" as “{said[0]}”" if check.period and said and _IN_WORDS.match(said[0]) else ""
    if is_one_word or re.match("[Tt]he ", name):
        return f"the {what} {name} gave{words}"
    return f"the published {what}{'' if name == 'Published' else f' ({name}{words})'}"


def _happens(probability: float) -> str:
    """`In 36 % of simulations it happens`."""
    if probability <= 0:
        return "In no simulation does it happen"
    share = f"{wording.percent(probability)} of" if probability < 1 else "all"
    return f"In {share} simulations it happens"
