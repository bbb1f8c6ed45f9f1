"""Words of pictures: titles that state a finding, and a line that credits the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from simulate.analysis.summary import (
    Depletion,
    Outcome,
    SourcePart,
    StrengthOverTime,
    Summary,
    Update,
)
from simulate.report.text import phrases, wording
from simulate.report.text.headline import case_of
from simulate.report.text.pace import CHANGES
from simulate.report.text.strength import last_change, quantities
from simulate.report.text.update import reports_words
from simulate.report.text.wrapping import shorten
from simulate.scenario.numerals import exact, first_digit

"""Spans in days: up to the first, titles give days; then parts of months, months, years."""

_SOURCE_CELLS, _MOST_SOURCES = 46, 8

# Sentences of a source may begin with the part that they support, as in "Low: HUR, 6 January".
_SENTENCE = re.compile(r"(?:(?<=[.;]) +|^)(?:[A-Z]\w*(?: \w+){0,3}|p\d+): +|(?<=\.) +(?=[A-Z])")


def happens(outcome: Depletion) -> str:
    """`Whole force lost`, `30 % of the force lost`, `Stock down to 13.5 TWh`."""
    subject, done = _event(outcome)
    return phrases.headed(subject, done)


def simulations_with(outcome: Depletion) -> str:
    """What a curve shows: `Simulations with the whole force lost by each date`."""
    subject, done = _event(outcome)
    return f"Simulations with {subject} {done} by each date"


def finding(summary: Summary, outcome: Outcome) -> str:
    """The result as a title: `Whole force lost between early February and mid-April 2025`.

    Followed by the condition, such as `at the reported pace`; after later reports it begins with
    these.
    """
    if summary.update is not None and (after := summary.updated) is not None:
        return _updated_finding(summary.update, after, outcome)
    return _finding(summary, outcome, happens(outcome), _condition(summary))


def _finding(summary: Summary, outcome: Outcome, event: str, condition: str) -> str:
    case = case_of(summary, outcome)
    condition = condition and f" {condition}"
    if outcome.depleted_probability <= 0:
        return f"{event}: {wording.not_by(summary.horizon)} in any simulation"
    if certain := phrases.certain_date(summary, outcome):
        return f"{event} on {wording.prose_date(certain)}{condition}"
    never = phrases.never_probability(outcome)
    if never >= 0.5:
        shown = wording.percent(never, outcome.depleted_mc_error)
        return f"{event}: {wording.not_by(summary.horizon)} in {shown} of simulations"
    if case.interval is None or case.middle is None or case.middle.date is None:
        return f"{event}: too few simulations for a date"
    low, high = case.interval.low.date, case.interval.high.date
    if low is not None and high is not None:
        when = wording.between_dates(low, high)
    else:
        when = f"around {wording.month_of(case.middle.date)}, if at all{',' if condition else ''}"
    return f"{event} {when}{condition}"


def _updated_finding(update: Update, summary: Summary, outcome: Outcome) -> str:
    """`After three later reports: whole force lost by 1 January 2026 in 16 % of simulations`."""
    after = phrases.outcome_of(summary, outcome.threshold)
    subject, done = _event(outcome)
    event = f"After {reports_words(update)}: {subject.removeprefix('the ')} {done}"
    if phrases.never_probability(after) < 0.5:
        return _finding(summary, after, event, "")
    then, first = (
        wording.percent(each.depleted_probability, each.depleted_mc_error)
        for each in (after, outcome)
    )
    fallen = after.depleted_probability < outcome.depleted_probability
    since = f", {'down' if fallen else 'up'} from {first}" if then != first else ""
    by = wording.prose_date(summary.horizon)
    return f"{event} by {by} in {then} of simulations{since}"


def strength_finding(summary: Summary, strength: StrengthOverTime) -> str:
    """The medians: `Soldiers present: 11,600 at first, 5,800 by the end of 19 January 2025`.

    Those after later reports, if there are some.
    """
    present, _ = quantities(summary)
    if summary.update is not None and summary.update.strength is not None:
        strength = summary.update.strength
        present = f"After {reports_words(summary.update)}, {present[:1].lower()}{present[1:]}"
    if 0.5 not in strength.levels:
        return f"{present} over time"
    k, last = strength.levels.index(0.5), last_change(strength)
    values = strength.present.values[k]
    halved = (day for day, value in enumerate(values) if value <= values[0] / 2)
    day = min(next(halved, last), last)
    first, then = (brief(values[at]) for at in (0, day))
    date = wording.prose_date(strength.dates[day])
    return f"{present}: {first} at first, {then} by the end of {date}"


def brief(value: float) -> str:
    """At most three digits of a number: `11,600`, `48`, `3.65 billion`."""
    name, unit = next(((n, u) for n, u in wording.LARGE.items() if value >= u), ("", 1.0))
    return f"{exact(float(f'{value / unit:.3g}'))} {name}".rstrip() if value > 0 else "none"


def _event(outcome: Depletion) -> tuple[str, str]:
    """Subject and participle, as short as a title."""
    subject, done = phrases.event(outcome)
    return subject.removesuffix(" (100 %)"), done.removesuffix(outcome.words.by_level)


def _condition(summary: Summary) -> str:
    """What the date rests on: `at the reported pace`."""
    laws = {item.name: item for item in summary.inputs}
    if any(name.startswith((*CHANGES, "inflow[", "force.lasts")) for name in laws):
        return "under the scenario’s assumptions"
    if stated := laws.get("losses.rate"):
        values = [float(q.value) for q in stated.quantiles if isinstance(q.value, int | float)]
        value, spread = values[len(values) // 2], max(values) - min(values)
        shown = brief(round(value, first_digit(spread) + 1) if spread else value)
        unit = phrases.label_words(summary.unit)
        return f"at {'about ' if spread else ''}{shown} {unit} a {stated.per}"
    claims = summary.pooled.claims if summary.pooled else ()
    n = len([claim for claim in claims if not claim.is_flow])
    return f"at the pace of {wording.in_words(n)} reports" if n > 1 else "at the reported pace"


# --- sources ---


def sources(*summaries: Summary) -> str:
    """`Sources: HUR; ISW and 2 more`: who the inputs are taken from, each once."""
    found: dict[str, None] = {}
    whole: dict[str, None] = {}
    for item in chain.from_iterable(summary.inputs for summary in summaries):
        source = wording.inert(item.source)
        if source and not source.startswith("losses.claims["):
            whole[shorten(source, _SOURCE_CELLS)] = None
            found |= dict.fromkeys(_names(source))
    names = [*(found or whole)]
    if not names:
        return "No source given"
    more = len(names) - _MOST_SOURCES
    listed = "; ".join(names[:_MOST_SOURCES])
    return f"Source{'s'[: len(names) - 1]}: {listed}{f' and {more} more' if more > 0 else ''}"


def part_words(part: SourcePart) -> str:
    """`25 % President Zelensky`: a source, after its share of the simulations."""
    name = source_words(part.source) if part.source else "others"
    return f"{max(round(100 * part.share), 1)} % {name}"


def parts_words(summary: Summary) -> str:
    """What the colours of bars are, in the description of a picture; or empty."""
    parts = summary.pooled.parts if summary.pooled else ()
    listed = "; ".join(map(part_words, parts))
    return listed and f"Colours divide each bar by the source whose count is followed: {listed}."


def source_words(source: str) -> str:
    """A source by the first name in it, as short as a label."""
    shown = wording.inert(source)
    return next(_names(shown), shown)


def _names(source: str) -> Iterator[str]:
    """Who is named at the beginning of a source, and of each part of it that has a label."""
    for sentence in _SENTENCE.split(source):
        name = re.split(r", |: |\.$|; ", sentence.strip())[0]
        name = name if name.count("(") == name.count(")") else name.partition(" (")[0]
        is_name = name[:1].isupper() and not re.search(r"\d[.]\d|^Judgement", name)
        if is_name and len(name) <= _SOURCE_CELLS:
            yield name
