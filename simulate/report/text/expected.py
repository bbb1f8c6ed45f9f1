"""The first published date or period beside the simulated dates, for a newspaper."""

from __future__ import annotations

import calendar
import re

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Period, PublishedCheck
from simulate.report.text import phrases, wording

_NEARLY, _MOST = 0.985, 2 / 3

_TIMES = "early mid late the start end next this spring summer autumn fall winter christmas easter"
_LIMIT = re.compile(
    rf"\bby (?:\d|(?:{'|'.join([*_TIMES.split(), *calendar.month_abbr[1:]])}))", re.IGNORECASE
)
"""`by early summer`, not `a projection by ISW`."""


def with_published(stated: str, summary: Summary, outcome: Outcome) -> str:
    """Sentences, if there are some, with one on the first published date or period."""
    if not stated or not outcome.published:
        return stated
    check = outcome.published[0]
    given, when = _given(check), phrases.published_when(check)
    if phrases.certain_date(summary, outcome):
        return f"{stated} {phrases.capitalised(given)} is {when}."
    if check.period is None:
        return f"{stated} {_happens(check.probability_by)} by {when}, {given}."
    if _LIMIT.search(check.label):  # a limit, however early the period begins
        by = wording.prose_date(check.period.last)
        return f"{stated} {_happens(check.probability_by)} by {by}, the end of {given}."
    return f"{stated} {_of_period(check.period, f'{given}, {when}', outcome)}."


def _of_period(period: Period, given: str, outcome: Outcome) -> str:
    """`In 52 % of simulations it happens in the period ISW gave, May 2025, and in 8 % earlier`."""
    before, after = period.before.probability, period.after.probability
    never = ", or not at all" if phrases.never_probability(outcome) > 0 else ""
    inside = period.within.probability
    for share, where, end in ((before, "before", ""), (inside, "in", ""), (after, "after", never)):
        if share >= _NEARLY:
            all_of = "all" if share >= 1 else "practically all"
            return f"In {all_of} simulations it happens {where} {given}{end}"
        if share >= _MOST and where != "in":
            within = wording.percent(inside)
            return f"{_happens(share)} {where} {given}{end}, and in {within} in it"
    within = f"{_happens(inside)} in {given}"
    if round(100 * after) < 1:
        return f"{within}, otherwise earlier"
    if round(100 * before) < 1:
        return f"{within}, otherwise later{never}"
    return f"{within}, and in {wording.percent(before)} earlier"


def _given(check: PublishedCheck) -> str:
    """`the date ISW gave`; `the published period (City of Cape Town)`, a name without article."""
    what, label = "period" if check.period else "date", phrases.label_words(check.label)
    name, *said = re.split(r"[:,] ", label, maxsplit=1)
    is_one_word = " " not in name and name[:1].isupper() and (said or name.isupper())
    if is_one_word or re.match("[Tt]he ", name):
        return f"the {what} {name} gave"
    return f"the published {what}{'' if name == 'Published' else f' ({name})'}"


def _happens(probability: float) -> str:
    """`In 36 % of simulations it happens`."""
    if probability <= 0:
        return "In no simulation does it happen"
    share = f"{wording.percent(probability)} of" if probability < 1 else "all"
    return f"In {share} simulations it happens"
