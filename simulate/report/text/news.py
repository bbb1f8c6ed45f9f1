"""The sentence for a newspaper: the pace, what runs out, around when, and how sure that is."""

from __future__ import annotations

import datetime as dt
import re
from itertools import permutations

from simulate.analysis.summary import InputSummary, Outcome, Summary
from simulate.report.text import amounts, mood, pace, phrases, wording
from simulate.report.text.attribution import who
from simulate.report.text.expected import with_published
from simulate.report.text.headline import Case, case_of
from simulate.report.text.never import by_horizon, not_happening, out_of, reports_apart
from simulate.report.text.rate import around, by_about, stated
from simulate.report.text.update import reports_words
from simulate.scenario.nouns import units
from simulate.scenario.numerals import exact
from simulate.scenario.stocks import Amount, is_left

_OUT_OF = {
    0.9: "nine simulations in ten",
    0.8: "eight simulations in ten",
    0.5: "half of the simulations",
}

_MOST_CAUSES, _HALF, _MOSTLY = 3, 0.5, 0.9
_FEW = 3
"""Most sources that have a date each."""


def news_sentence(
    summary: Summary, outcome: Outcome | None = None, probability: float = 0.9
) -> str:
    """One sentence that carries the condition with the date, and one on what was published.

    With later reports, the dates after them come first. Parameters are those of
    `simulate.report.text.citation.sentence`. Where there is no date, it says what outweighs
    the pace. Empty where the draws support neither, and for updated dates alone, which the pace
    does not give.
    """
    case, after = case_of(summary, outcome, probability), summary.updated
    under = reports_apart(case) or pace.condition(case)
    stated = "" if summary.is_updated else _stated(case, under)
    if after is None or summary.update is None or not stated:
        return with_published(stated, case.outcome)
    then = case_of(after, phrases.outcome_of(after, case.outcome.threshold), probability)
    update, is_one = summary.update, len(summary.update.reports) == 1
    lead = _stated(then, f"weighed against {reports_words(update)}")
    lead = with_published(lead, then.outcome)
    before = f"Before {'this report' if is_one else 'these reports'}"
    first = ", ".join(filter(None, (before, pace.briefly(case))))
    return lead and f"{lead} {first}, it would {_briefly(case)}."


def _stated(case: Case, condition: str) -> str:
    """The sentence on the date, under a condition."""
    outcome, certain = case.outcome, phrases.certain_date(case.summary, case.outcome)
    known = case.middle is not None and case.interval is not None
    if certain is None and not known:
        return ""
    subject, does = _event(case)
    done, is_past = mood.would(outcome, does), False
    by_source = _by_source(case)
    start = condition
    if outcome.already_passed_probability >= _HALF:
        already = mood.would(outcome, does, "already")
        passed = f"{subject} {already} {phrases.passed_when(case.summary)}"
        parts = [f"{passed}, {out_of(outcome.already_passed_probability)}{_doubt(case)}"]
        if pace.pooled(case.summary) and not case.summary.is_updated:
            start = ""  # a median pace is none of the reports'
        is_past = True
    elif certain is None and (case.middle is None or case.middle.date is None):
        gone, lost = (phrases.label_words(word) for word in (outcome.gone, outcome.lost))
        negated = mood.would(outcome, does.replace(gone, lost), "not")
        parts = [f"{subject} {negated}{not_happening(case)}"]
    elif by_source:
        (name, date), *others = by_source
        start = _under(case, condition, pace.by_source(case.summary, name))
        parts = [f"{subject} {done} {date}"]
        for name, date in others:
            parts.append(f"{pace.by_source(case.summary, name, again=True)}, {date}")
        parts += _spread(case)
    elif case.clusters:
        if reports := pace.pooled(case.summary):
            who = f"by {wording.in_words(reports)} reports that disagree"
            start = _under(case, condition, who)
        parts = [f"{subject} {done} {case.either(_between)}", *_others(case)]
    else:
        late, within = pace.too_late(case), _in_body(case)
        date = f"{subject} {done} {within or _date(case)}"
        rest = _others(case) if within else _spread(case)
        parts = [", ".join(filter(None, (date, late))), *rest]
    start = start if is_past else mood.supposed(outcome, start)
    return phrases.capitalised(", ".join(filter(None, (start, "; ".join(parts))))) + "."


def _under(case: Case, condition: str, who: str) -> str:
    """By whom, with the reports it is weighed against or how the pace goes on."""
    given = (condition, who) if case.summary.is_updated else (who, pace.changes(case))
    return ", ".join(filter(None, given))


def _briefly(case: Case) -> str:
    """`have happened around 7 March 2025`, `..., and in 42 of 100 simulations not by ...`."""
    never = phrases.never_probability(case.outcome)
    if case.outcome.depleted_probability <= 0:
        return f"not have happened {by_horizon(case)}"
    if case.middle is None or case.middle.date is None:
        return f"have happened {by_horizon(case)} {out_of(1 - never)}"
    date = f"have happened {case.either(_between) or _in_body(case) or _date(case)}"
    if round(100 * never) < 1:
        return date
    return f"{date}, and {out_of(never)} not {by_horizon(case)}"


# --- what happens ---


def _event(case: Case) -> tuple[str, str]:
    """`the whole force of about 12,000`, `be lost`."""
    outcome, laws = case.outcome, case.summary.laws
    unit = phrases.label_words(outcome.unit)
    lost, gone = map(phrases.label_words, (outcome.lost, outcome.gone))
    is_force, law = phrases.is_force(outcome), pace.size_law(laws)
    of_size, at = _of_size(outcome, laws, unit), outcome.threshold
    if isinstance(at, Amount):
        shown = units(exact(float(at)), unit)
        return (f"the {of_size}", f"fall to {shown}") if is_left(at) else (shown, f"be {lost}")
    if at == 1 and any(outcome.unusable):
        left, of = amounts.figure(outcome.unusable, unit)
        if not law:  # days of supply
            return f"the {phrases.as_level(outcome)}", f"fall to {left} {of}"
        if is_force or left.endswith((*wording.LARGE,)):
            return f"the {of_size}", f"fall to {left}"
        first = amounts.amount(pace.size_of(laws))
        return f"the {phrases.as_level(outcome)}", f"fall from {first} to {left} {of}"
    more = "those who follow" if is_force else "what is added"
    beside = f" and {more}" if outcome.counting == "casualties" and pace.following(case) else ""
    if at == 1:
        return f"{phrases.the_whole(outcome, of_size)}{beside}", f"be {gone}"
    what = "what can be used of " if any(outcome.unusable) else ""
    return f"{wording.part(at)} of {what}the {of_size}{beside}", f"be {gone}"


def _of_size(outcome: Outcome, laws: pace.Laws, unit: str) -> str:
    """`force of about 12,000`, `usable stock, 95 % of 800 missiles,`, `119 missiles in store`."""

    def much(law: InputSummary) -> str:
        values = stated(law)
        return amounts.extent(values) if phrases.is_force(outcome) else pace.much(values, unit)

    law, whole = pace.size_law(laws), phrases.whole_words(outcome)
    if law is None:
        return whole
    size = much(law)
    if outcome.part == "rest":
        return f"{whole}, {_out_of(size, much(laws['force.counts[0].size']))},"
    if outcome.part == "usable":
        return f"{whole}, {amounts.percents(stated(laws['force.usable']))} of {size},"
    if named := re.match(rf"((?:(?!of )\S+ )*?){re.escape(unit)}\b", whole):
        return f"{size.removesuffix(unit)}{named[1]}{whole.removeprefix(named[1])}"
    return f"{whole} of {size}"


def _out_of(part: str, whole: str) -> str:
    """`37.5 of 113.5 billion dollars`, without the words that both end with."""
    some, of = part.split(), whole.split()
    while len(some) > 1 and some[-1:] == of[-1:]:
        some, of = some[:-1], of[:-1]
    return f"{' '.join(some)} of {whole}"


def _by(case: Case) -> str:
    """`by `, since a whole is lost little by little; empty for what falls to a level on one day."""
    return "" if phrases.event(case.outcome)[1].startswith("down to") else "by "


def _doubt(case: Case) -> str:
    """That losses above the whole are no forecast, where it is the whole."""
    return ", which puts these figures in doubt" if case.outcome.threshold == 1 else ""


# --- clusters ---


def _by_source(case: Case) -> list[tuple[str, str]]:
    """Sources and `by about 1 June 2025`, in turn, if sources part the dates.

    They do where the median by each of a few sources lies outside the middle nine tenths of the
    dates by any other.
    """
    pooled = case.summary.pooled
    k = [each.threshold for each in case.summary.outcomes].index(case.outcome.threshold)
    own = {who(part.source): part.dates[k] for part in (pooled.parts if pooled else ())}
    spans = [span for span in own.values() if span[0] and span[1]]
    if pooled is None or "" in own or not 2 <= len(pooled.parts) == len(spans) <= _FEW:
        return []
    last = case.horizon
    ends = {name: (low, mid, high or last) for name, (low, mid, high) in own.items() if low and mid}
    order = sorted(ends, key=lambda name: ends[name][1])
    if any(ends[a][0] < ends[b][1] < ends[a][2] for a, b in permutations(order, 2)):
        return []
    said = [_around(case, ends[name][1], (ends[name][2] - ends[name][0]).days) for name in order]
    if len({ends[name][1].year for name in order}) == 1:
        year = f" {ends[order[0]][1].year}"
        said[1:] = [date.removesuffix(year) for date in said[1:]]
    return [*zip(order, said, strict=True)]


# --- dates and shares ---


def _between(low: dt.date, high: dt.date) -> str:
    """`between 10 and 24 January 2026`, as exact as the two are close."""
    return wording.between_dates(low, high, wording.EXACT_DAYS)


def _date(case: Case) -> str:
    """`by about 7 March 2025`, `by 14 April 2025`, `on 14 April 2025`."""
    if certain := phrases.certain_date(case.summary, case.outcome):
        return f"{_by(case) or 'on '}{wording.prose_date(certain)}"
    if case.middle is None or case.middle.date is None:
        return case.median
    if _on_one_day(case):
        return f"{_by(case) or 'on '}{wording.prose_date(case.middle.date)}"
    return _around(case, case.middle.date, case.spread)


def _in_body(case: Case) -> str:
    """`between 9 and 30 May 2025 in 45 of 100 simulations`, in place of the median; or empty."""
    if case.body is None:
        return ""
    first, last, probability, _ = case.body
    return f"{_between(first, last)} {out_of(probability)}"


def _on_one_day(case: Case) -> bool:
    """Whether at least nine simulations in ten end on one day."""
    low, high = case.ends
    return case.probability >= _MOSTLY and low is not None and low == high


def _around(case: Case, date: dt.date, days: int) -> str:
    """A date of a spread of some days: `by about 7 March 2025`, `around 7 March 2025`."""
    return by_about(date, days) if _by(case) else around(date, days)


def _spread(case: Case) -> list[str]:
    """Where the dates of most simulations lie, and what else holds."""
    (low, high), middle = case.ends, case.middle.date if case.middle else None
    if low is None or high is None or middle is None or _on_one_day(case):
        return _others(case)
    if phrases.certain_date(case.summary, case.outcome):
        return _others(case)
    share = f"{wording.share(case.probability)} of simulations"
    ends = _between(low, high)
    if low.year == high.year == middle.year:
        ends = ends.removesuffix(f" {high.year}")
    where = ends if low < high else "on that day"
    return [f"{_OUT_OF.get(case.probability, share)} fall {where}", *_others(case)]


def _others(case: Case) -> list[str]:
    """In how many simulations it has happened already, and in how many it does not."""
    found = [f"{case.passed.removeprefix('; ')}{_doubt(case)}"] if case.passed else []
    if round(100 * phrases.never_probability(case.outcome)) >= 1:
        never = phrases.never_probability(case.outcome)
        not_so = mood.happens(case.outcome, never=True)
        found.append(f"{out_of(never)} it {not_so} {by_horizon(case)}{_causes(case)}")
    return found


def _causes(case: Case) -> str:
    """The causes of "never", of 100 simulations: ` (withdrawal in 23, ceasefire in 10)`."""
    causes = [
        f"{phrases.cause_words(each.cause, case.outcome.words)} in {100 * each.probability:.0f}"
        for each in case.outcome.never[:_MOST_CAUSES]
        if each.cause != phrases.HORIZON_CAUSE and round(100 * each.probability) >= 1
    ]
    return f" ({', '.join(causes)})" if causes else ""
