"""Words of pictures: titles that state a finding, and a line that credits the sources."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Callable

from simulate.analysis.summary import (
    Depletion,
    Outcome,
    SourcePart,
    StrengthOverTime,
    Summary,
    Update,
)
from simulate.report.text import causes, mood, phrases, wording
from simulate.report.text.amounts import amount, brief
from simulate.report.text.attribution import source_words, sources
from simulate.report.text.headline import Case, between, case_of
from simulate.report.text.inflow import more_comes_in
from simulate.report.text.never import not_happening
from simulate.report.text.pace import CHANGES, beyond, figure, pooled, size_of
from simulate.report.text.rate import by_about, has, middle, unit_of_time
from simulate.report.text.strength import (
    changes_to_the_end,
    last_change,
    scaled_quantities,
    shown_from,
)
from simulate.report.text.update import reports_words, updated_outcome
from simulate.scenario.nouns import one_of
from simulate.scenario.numerals import first_digit
from simulate.scenario.stocks import is_left

_OF_TEN = "nine simulations in ten"
_MOSTLY = 0.5
"""Share of simulations without a date from which on that is the finding."""

_NEAR, _NONE = 0.1, 0.01
"""Shares of the strength at first: how near the size is, and what of a median is none."""

# What a stock may consist of, unlike what it is measured in.
_THINGS = re.compile(
    r"(?!(units|items|pieces|tons|tonnes|lit(er|re)s|barrels|gallons|hours|days|weeks|months)$)"
    r"[a-z]+([ -][a-z]+)?s"
)


def happens(outcome: Depletion, how: str = "") -> str:
    """`Whole force would be lost`, `30 % of the force would not be lost`."""
    subject, done = _event(outcome)
    return phrases.headed(subject, mood.would(outcome, f"be {done}", how))


def simulations_with(outcome: Depletion) -> str:
    """What a curve shows: `Simulations with the whole force lost by each date`."""
    subject, done = _event(outcome)
    return f"Simulations with {subject} {done} by each date"


def finding(summary: Summary, outcome: Outcome) -> str:
    """The result as a title: `Whole force lost between early February and mid-April 2025`.

    Followed by the condition, such as `at about 127 soldiers a day`; after later reports it begins
    with these.
    """
    if summary.update is not None and (after := summary.updated) is not None:
        return _updated_finding(summary.update, after, outcome)
    return _finding(summary, outcome, happens, _condition(case_of(summary, outcome)))


def _finding(summary: Summary, outcome: Outcome, told: Callable[..., str], condition: str) -> str:
    """The finding as `told` words what happens, or does `not`."""
    case, horizon = case_of(summary, outcome), wording.prose_date(summary.horizon)
    condition = condition and f" {condition}"
    event, negated = told(outcome), told(outcome, "not")
    if outcome.depleted_probability <= 0:
        by = f" by {horizon}" if causes.horizon_share(outcome) > 0 else ""
        return f"{negated}{by} in any simulation"
    if certain := phrases.certain_date(summary, outcome):
        return f"{event} on {wording.prose_date(certain)}{condition}"
    never = phrases.never_probability(outcome)
    if never >= _MOSTLY:
        shown = wording.percent(never, outcome.depleted_mc_error)
        return f"{negated} by {horizon} in {shown} of simulations"
    if case.interval is None or case.middle is None or case.middle.date is None:
        return f"{event}: too few simulations for a date"
    low, high = case.interval.low.date, case.interval.high.date
    if low is not None and high is not None:
        spans = [(each.first, each.last) for each in case.clusters] or [(low, high)]
        when = wording.either([wording.between_dates(*span) for span in spans])
        if case.clusters:  # the sentence has another interval
            condition = f" in {_clusters_share(case)}"
    else:
        around = f"around {wording.month_of(case.middle.date)}"
        if most := case.body or case.days:
            around = wording.between_dates(most.first, most.last)
        when = f"{around}, if at all{',' if condition else ''}"
    return f"{event} {when}{condition}"


def _updated_finding(update: Update, summary: Summary, outcome: Outcome) -> str:
    """`After three later reports: whole force lost by 1 January 2026 in 16 % of simulations`."""
    after = phrases.outcome_of(summary, outcome.threshold)

    def told(of: Outcome, how: str = "") -> str:
        subject, done = _event(outcome)
        subject = subject.removeprefix("the ")
        does = mood.would(of, f"be {done}", how)
        return f"After {reports_words(update)}: {subject} {does}"

    if phrases.never_probability(after) < _MOSTLY:
        return _finding(summary, after, told, "")
    then, first = (
        wording.percent(each.depleted_probability, each.depleted_mc_error)
        for each in (after, outcome)
    )
    fallen = after.depleted_probability < outcome.depleted_probability
    since = f", {'down' if fallen else 'up'} from {first}" if then != first else ""
    by = wording.prose_date(summary.horizon)
    return f"{told(after)} by {by} in {then} of simulations{since}"


def strength_finding(summary: Summary, strength: StrengthOverTime) -> str:
    """The medians: `Soldiers present would fall from 11,600 to none by about 7 March 2025`.

    That is the median date of depletion, or the last day simulated. Those after later reports, if
    there are some. Between separate clusters of dates medians say nothing: the dates stand instead.
    """
    (present, _), units = scaled_quantities(summary, strength)
    outcome: Outcome | None = (main := phrases.main_outcome(summary))
    if summary.update is None and case_of(summary, main).clusters:
        return finding(summary, main)
    if summary.update is not None and summary.update.strength is not None:
        strength = summary.update.strength
        present = f"After {reports_words(summary.update)}, {present[:1].lower()}{present[1:]}"
        outcome = updated_outcome(summary, main)
    if 0.5 not in strength.levels:
        return f"{present} over time"
    values, last = strength.present.values[strength.levels.index(0.5)], last_change(strength)
    known = outcome and outcome.median.date
    is_end = not known and changes_to_the_end(summary, strength)
    date = known or (summary.horizon if is_end else strength.dates[last])
    day = min(bisect_left(strength.dates, date), len(strength.dates) - 1)
    if known and outcome and outcome.threshold != 1:
        day = min(day, last)
        date = strength.dates[day]
    start = _counted(summary, strength)
    places = 2 + first_digit(values[start]) if values[start] else 0
    begins = (summary.update is None and stated_size(summary, values[start])) or values[start]
    first, then = (brief(round(value, places) * units) for value in (begins, values[day]))
    least = _least(summary, outcome) if outcome else None
    if least is not None and abs(values[day] - least) < _NONE * values[start]:
        then = brief(least * units)  # reached by the end of that day, if not by all of its medians
    if outcome is not None and outcome.threshold == 1 and values[day] < _NONE * values[0]:
        then = brief(0)  # the last one is gone when less than one is left
    by = f"by {wording.prose_date(date)}{', the last day simulated' if is_end else ''}"
    if outcome and not (phrases.only_date(outcome) or is_end or phrases.is_fixed(summary)):
        by = by_about(date, case_of(summary, outcome).spread if known else 0)
    if first == then:
        return f"{present} {mood.would(main, f'be {then}', 'still')} {by}"
    at_first = values[max(bisect_left(strength.dates, shown_from(summary, strength)) - 1, 0)]
    moved = "rise" if values[day] > at_first else "fall"
    counted = ""
    if abs(at_first - begins) >= _NEAR * begins:  # the line begins before the count
        month = strength.dates[start] + dt.timedelta(days=1)
        counted = f" in {wording.month_of(month)}"
    return f"{present} {mood.would(main, moved)} from {first}{counted} to {then} {by}"


def stated_size(summary: Summary, near: float) -> float:
    """The size as the sentence gives it; 0 without one, or where the line begins elsewhere.

    Where each draw has another day for the size, all together are a little larger before it.
    """
    law = size_of(summary.laws)
    size = float(amount(law).removeprefix("about ").replace(",", "")) if law else 0.0
    return size if abs(size - near) < _NEAR * near else 0.0


def _least(summary: Summary, outcome: Outcome) -> float | None:
    """What is left on the date of depletion, where that is one number other than zero."""
    if is_left(outcome.threshold):
        return float(outcome.threshold)
    floor = summary.laws.get("force.floor")
    values = {each.value for each in floor.quantiles} if floor and outcome.threshold == 1 else set()
    value = values.pop() if len(values) == 1 else None
    return float(value) if isinstance(value, int | float) else None


def _counted(summary: Summary, strength: StrengthOverTime) -> int:
    """Where the line is on the day of which the size is known, or at its beginning."""
    law = summary.laws.get("force.as_of") or summary.laws.get("force.counts[1].date")
    date = middle(law.quantiles) if law else None
    if not isinstance(date, dt.date):
        return 0
    # Values are those of the end of a day; the size is that of its morning.
    return max(bisect_left(strength.dates, date) - 1, 0)


def _event(outcome: Depletion) -> tuple[str, str]:
    """Subject and participle, as short as a title."""
    subject, done = phrases.event(outcome)
    subject, whole = subject.removesuffix(" (100 %)"), phrases.label_words(outcome.whole)
    unit = phrases.label_words(outcome.unit)
    is_stock = outcome.words.whole == "stock" and subject.endswith(f" {whole}")
    named = one_of(unit) in whole or done.endswith(f" {unit}")
    if is_stock and _THINGS.fullmatch(unit) and not named:
        subject = f"{subject} of {unit}"
    return subject, done.removesuffix(outcome.words.by_level)


def _condition(case: Case) -> str:
    """What the date rests on: `at about 127 soldiers a day`; empty where the pace changes."""
    summary = case.summary
    if summary.reference or has(summary.laws, (*CHANGES, "force.lasts")):
        return ""
    beside = ", with more coming in" if more_comes_in(case) else ""
    if n := pooled(summary):
        return f"at the pace of {wording.in_words(n)} reports{beside}"
    pace = " ".join(figure(summary))
    said = f"at {pace} a {unit_of_time(summary)[0]}" if pace else "at the reported pace"
    return f"{said}{beyond(summary)}{beside}"


def states_pace(summary: Summary) -> bool:
    """Whether a finding names the pace, which nothing changes."""
    return _condition(case_of(summary)) != ""


def _clusters_share(case: Case) -> str:
    """`97 % of simulations`: those in separate clusters of dates."""
    return f"{wording.percent(sum(one.probability for one in case.clusters))} of simulations"


# --- questions ---


def question_words(summary: Summary) -> str:
    """The scenario's question, and what is counted where it names losses that arrivals replace."""
    said, main = wording.inert(summary.scenario.question), phrases.main_outcome(summary)
    replaced = main.gone != main.lost and main.threshold < 1 and main.lost in said
    return f"{said} Counted: {main.words.counting['strength']}." if replaced else said


# --- cards ---


def number_and_meaning(summary: Summary, outcome: Outcome, look: str = "") -> tuple[str, str]:
    """The number of a card, and what it is; its dates may have a `look` in the picture."""
    case, draws = case_of(summary, outcome), phrases.drawn(summary)
    event, beyond = happens(outcome), wording.not_by(case.horizon)
    negated = happens(outcome, "not")
    condition = _condition(case)
    condition = condition and f" {condition}"
    given = f"{event}{condition}"
    unchosen = " (default horizon)" if case.unchosen else ""
    often, never = phrases.never_probability(outcome), ""
    if often > 0:
        never = f"; {beyond} in {phrases.never_percent(outcome)} of simulations{unchosen}"
    if outcome.depleted_probability <= 0:
        number = beyond if causes.horizon_share(outcome) > 0 else "in no simulation"
        return phrases.capitalised(number), f"{negated}{not_happening(case)}"
    if certain := phrases.certain_date(summary, outcome):
        return wording.prose_date(certain), f"{given}, if every number is exact"
    if case.interval is not None:
        share = "all simulations" if phrases.only_date(outcome) else _OF_TEN
        low, high = case.ends
        dates = phrases.capitalised(between(case.interval, case.horizon))
        if found := case.clusters:
            dates = wording.either([_period(one.first, one.last) for one in found])
            share = _clusters_share(case)
        elif low and high and case.spread > wording.EXACT_DAYS:
            dates = phrases.capitalised(_period(low, high))
        elif one := case.days:
            dates = phrases.capitalised(_period(one.first, one.last))
            share = f"{wording.percent(one.probability)} of simulations"
        look = look and f" ({look})"
        if often >= _MOSTLY:
            never = f"{phrases.never_percent(outcome)} of simulations{unchosen}"
            number = phrases.capitalised(beyond)
            return number, f"{negated}{condition}: {never}; {dates} in {share}{look}"
        return dates, f"{given}: {share}{look}{never}"
    if case.middle is None:
        return "No date can be given", f"{event}: {draws} are too few"
    median = phrases.capitalised(wording.instant_prose(case.middle, case.horizon))
    return median, f"{event}: median of {draws}, too few for an interval{never}"


def _period(first: dt.date, last: dt.date) -> str:
    """Days as exact as in the sentence: `10 to 20 April 2025`, `November 2028 to May 2029`."""
    if (last - first).days > wording.EXACT_DAYS:
        return wording.rough_pair(first, last, "to")
    return wording.prose_period(first, last)


def updated_card(summary: Summary, outcome: Outcome, look: str = "") -> tuple[str, str] | None:
    """The number of a card after later reports, and what it is; None without them."""
    update, after = summary.update, summary.updated
    if update is None or after is None:
        return None
    number, meaning = number_and_meaning(after, phrases.outcome_of(after, outcome.threshold), look)
    return number, f"{meaning}, after {reports_words(update)}"


# --- sources ---


def sources_and_program(summary: Summary) -> str:
    """The foot of a page."""
    named = sources(summary)
    stop = "" if named.endswith("…") else "."
    return f"{named}{stop} {phrases.program_line(summary)}"


def part_words(part: SourcePart) -> str:
    """`25 %: President Zelensky`: a source, after its share of the simulations."""
    name = source_words(part.source) if part.source else "others"
    return f"{max(round(100 * part.share), 1)} %: {name}"


def parts_words(summary: Summary, outcome: Outcome) -> str:
    """What the colours of bars are, in the description of a picture; or empty."""
    bare = undated_parts(summary, outcome)
    parts = [part for part in summary.pooled.parts if part not in bare] if summary.pooled else []
    listed = "; ".join(map(part_words, parts))
    colours = "Colours divide each bar by the source whose count is followed"
    return listed and f"{colours}, with its share of simulations ({listed})."


def undated_parts(summary: Summary, outcome: Outcome) -> list[SourcePart]:
    """The sources by whose counts it never happens: they have no bars."""
    k = [each.threshold for each in summary.outcomes].index(outcome.threshold)
    parts = summary.pooled.parts if summary.pooled else ()
    return [part for part in parts if not any(part.probability[k])]


def undated_words(summary: Summary, outcome: Outcome) -> list[str]:
    """`No date by the count of the group (50 % of simulations).`, for each of these."""
    words = (part_words(part).split(": ", 1) for part in undated_parts(summary, outcome))
    return [f"No date by the count of {name} ({share} of simulations)." for share, name in words]
