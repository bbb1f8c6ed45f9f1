"""The result line, the sentence to cite and the note that belongs to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval
from simulate.report.text.phrases import (
    asked_days,
    capitalised,
    certain_date,
    equal_tailed,
    error_note,
    event,
    horizon_phrase,
    main_outcome,
    never_causes,
    never_error,
    never_phrase,
    never_probability,
    title_words,
)
from simulate.report.text.wording import (
    grouped,
    hedge,
    inert,
    instant_prose,
    not_by,
    ordinal,
    percent,
    prose_date,
    prose_pair,
    share,
    tail_levels,
)
from simulate.report.text.wrapping import shorten

DIGEST_DIGITS = 12
_MOST_SOURCES, _SOURCE_CELLS = 2, 46

_POOLED = {"linear": "linearly", "quantile": "by averaging quantiles"}


def sentence(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """One sentence that states an outcome and the uncertainty of its date.

    Parameters
    ----------
    summary
        The answer of a run.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.
    probability
        Of the equal-tailed interval to quote. It must be among the outcome's intervals; if it is
        not, or the draws do not support it, the sentence says so and gives the median.

    Returns
    -------
    str
        Plain text on one line. Dates whose Monte Carlo error exceeds half a day are "about" a date.
    """
    case = _case(summary, outcome, probability)
    assumptions = f"under the assumptions of the scenario “{title_words(summary)}”"
    return f"{capitalised(_statement(case))}{_passed(case)}{case.unchosen}, {assumptions}."


def headline(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """The result in one short line, without the assumptions that a citation must name.

    Parameters and cases are those of `sentence`.
    """
    case = _case(summary, outcome, probability)
    what = capitalised(case.subject.removeprefix("the "))
    return f"{what} {case.done}: {_dates(case)}{case.unchosen}"


def span(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """The dates of the result line alone: `3 February to 13 April 2025`.

    Parameters and cases are those of `sentence`.
    """
    case = _case(summary, outcome, probability)
    if case.outcome.depleted_probability <= 0:
        return not_by(case.horizon)
    if case.interval is None:
        return _middle(case.middle, case.horizon) if case.middle else "not known"
    return not_by(case.horizon) if case.interval.low.date is None else _between(case, case.interval)


def quoted(
    summary: Summary, outcome: Outcome | None = None, probability: float = 0.9
) -> tuple[Instant, ...]:
    """The dates that `sentence` quotes: the median and the ends of the interval."""
    return _case(summary, outcome, probability).quoted


def note(
    summary: Summary,
    outcome: Outcome | None = None,
    probability: float = 0.9,
    beside: Iterable[Instant] = (),
) -> str:
    """The note under a sentence: what the interval is and how the run can be repeated.

    Parameters are those of `sentence`; the Monte Carlo error is the largest one of the dates that
    it quotes, and of those that stand `beside` it, in a table or under names of their own.
    """
    run = summary.run
    replicates = f" ({run.replicates} replicates)" if run.replicates > 1 else ""
    pooled = pooling_words(summary)
    case = _case(summary, outcome, probability)
    precision = error_note((*case.quoted, *beside), asked_days(summary))
    what = (
        "no input is uncertain, so every draw gives the same date,"
        if case.certain
        else f"{case.name}, equal-tailed ({_ranks(probability)}): "
        "that share of draws between the two dates,"
    )
    return (
        f"Note: {what} given the scenario’s assumptions on the force, "
        "the loss rate and how it continues; uncertainty the scenario leaves out is not in it. "
        f"{drawn(summary)}, seed {run.seed}, method {inert(run.method)}{replicates}"
        f"{f', {pooled}' if pooled else ''}.{precision} "
        f"{program(summary)}, {inert(run.stream)}, scenario “{title_words(summary)}”, "
        f"digest {digest(summary)}."
    )


def drawn(summary: Summary) -> str:
    """`131,072 draws`."""
    count = summary.run.draws
    return "1 draw" if count == 1 else f"{grouped(count)} draws"


def pooling_words(summary: Summary) -> str:
    """`3 claims pooled linearly`; empty where the losses do not rest on several totals."""
    pooled = summary.pooled
    n = 0 if pooled is None else sum(not claim.is_flow for claim in pooled.claims)
    if pooled is None or n < 2 or pooled.pooling not in _POOLED:
        return ""
    return f"{n} claims pooled {_POOLED[pooled.pooling]}"


def program(summary: Summary) -> str:
    """`simulate 1.0.0`, from the versions of the run record."""
    return f"simulate {inert(summary.run.versions.get('simulate', '(version unknown)'))}"


def digest(summary: Summary) -> str:
    """The digits of the scenario's digest that a citation names."""
    return inert(summary.scenario.digest).rpartition(":")[2][:DIGEST_DIGITS]


def sources(summary: Summary) -> str:
    """`Sources: HUR, 6 January 2025; ISW and 2 more`: whose numbers the inputs are, each once."""
    found = list(dict.fromkeys(inert(item.source) for item in summary.inputs if item.source))
    if not found:
        return "No source given"
    told = "; ".join(shorten(source, _SOURCE_CELLS) for source in found[:_MOST_SOURCES])
    more = len(found) - _MOST_SOURCES
    return f"Source{'s'[: len(found) - 1]}: {told}{f' and {more} more' if more > 0 else ''}"


@dataclass(frozen=True, slots=True)
class _Case:
    """One outcome and the interval to quote for it, None where the draws do not support it."""

    summary: Summary
    outcome: Outcome
    probability: float
    interval: Interval | None
    middle: Instant | None
    subject: str
    done: str

    @property
    def horizon(self) -> dt.date:
        return self.summary.horizon

    @property
    def never(self) -> str:
        words = never_phrase(self.summary, self.outcome)
        return f"; {words}" if words else ""

    @property
    def certain(self) -> dt.date | None:
        return certain_date(self.summary, self.outcome)

    @property
    def unchosen(self) -> str:
        words = horizon_phrase(self.summary, self.outcome)
        return f"; {words}" if words else ""

    @property
    def quoted(self) -> tuple[Instant, ...]:
        ends = (self.interval.low, self.interval.high) if self.interval else ()
        return (self.middle, *ends) if self.middle else ends

    @property
    def name(self) -> str:
        return f"{share(self.probability)} simulation interval"


def _case(summary: Summary, outcome: Outcome | None, probability: float) -> _Case:
    chosen = main_outcome(summary) if outcome is None else outcome
    interval = equal_tailed(chosen, probability)
    if interval and "too_few_draws" in (interval.low.missing, interval.high.missing):
        interval = None
    known = chosen.median.missing != "too_few_draws"
    middle = chosen.median if known else None
    return _Case(summary, chosen, probability, interval, middle, *event(chosen))


# --- the sentence ---


def _statement(case: _Case) -> str:
    if case.outcome.depleted_probability <= 0:
        causes = never_causes(case.outcome)
        none = f"by {prose_date(case.horizon)} in any of {drawn(case.summary)}"
        return f"{case.subject} would not be {case.done} {none}{f' ({causes})' if causes else ''}"
    if case.certain:
        return f"{case.subject} would be {case.done} on {prose_date(case.certain)}"
    if case.interval is None:
        return _without_interval(case)
    low, high = case.interval.low, case.interval.high
    if low.date is None or high.date is None:
        return _open_ended(case, case.interval)
    when = (
        f"on {hedge(low)}{prose_date(low.date)}"
        if low.date == high.date
        else f"between {prose_pair(low.date, high.date, 'and', (hedge(low), hedge(high)))}"
    )
    apart = case.middle and low.date != high.date
    middle = f"; median {_middle(case.middle, case.horizon)}" if case.middle and apart else ""
    aside = f"{case.name}, {_ranks(case.probability)}{middle}"
    return f"{case.subject} would be {case.done} {when} ({aside}){case.never}"


def _open_ended(case: _Case, interval: Interval) -> str:
    """The statement where one end of the interval, or both, lies beyond the horizon."""
    error = never_error(case.outcome)
    causes = never_causes(case.outcome)
    start = (
        f"{case.subject} would be {case.done} by {prose_date(case.horizon)} "
        f"in {percent(case.outcome.depleted_probability, error)} of draws "
        f"and not by then in {percent(never_probability(case.outcome), error)}"
        f"{f' ({causes})' if causes else ''}"
    )
    name = f"{case.name} ({_ranks(case.probability)})"
    if interval.low.date is None:
        return f"{start}; both ends of the {name} are “{not_by(case.horizon)}”"
    middle = f", with the median {_at(case.middle, case.horizon)}" if case.middle else ""
    span = f"from {instant_prose(interval.low, case.horizon)} to “{not_by(case.horizon)}”"
    return f"{start}; the {name} runs {span}{middle}"


def _without_interval(case: _Case) -> str:
    """The statement where the interval is not at hand: the median, if at least that is."""
    draws = drawn(case.summary)
    reason = f"no {case.name} can be given from {draws}{case.never}"
    if case.middle is None:
        return f"the date on which {case.subject} would be {case.done} is not known: {reason}"
    if case.middle.date is None:
        none = f"would not be {case.done} by {prose_date(case.horizon)}"
        return f"in the median of {draws} {case.subject} {none}; {reason}"
    when = f"on {instant_prose(case.middle, case.horizon)} (median of {draws})"
    return f"{case.subject} would be {case.done} {when}; {reason}"


def _passed(case: _Case) -> str:
    # Below the interval's lower tail it is no part of what the interval says.
    probability = case.outcome.already_passed_probability
    if probability < tail_levels(case.probability)[0]:
        return ""
    return (
        f"; in {percent(probability)} of draws this point had already passed "
        "when the losses were counted"
    )


# --- the result line ---


def _dates(case: _Case) -> str:
    if case.outcome.depleted_probability <= 0:
        return f"{not_by(case.horizon)} in any of {drawn(case.summary)}"
    if case.certain:
        return prose_date(case.certain)
    if case.interval is None:
        middle = (
            f"{_quoted(case.middle, case.horizon)}, median of " if case.middle else "not known, "
        )
        return f"{middle}{drawn(case.summary)}, too few for a {case.name}{case.never}"
    low, high = case.interval.low, case.interval.high
    if low.date is None:
        return never_phrase(case.summary, case.outcome)
    settled = low.date == high.date
    middle = f", median {_quoted(case.middle, case.horizon)}" if case.middle and not settled else ""
    return f"{_between(case, case.interval)}{middle} ({case.name}){case.never}"


def _between(case: _Case, interval: Interval) -> str:
    """From one end of an interval that has a lower end to the other."""
    low, high = interval.low, interval.high
    if low.date is None or high.date is None:
        return f"{instant_prose(low, case.horizon)} to “{not_by(case.horizon)}”"
    if low.date == high.date:
        return instant_prose(low, case.horizon)
    return prose_pair(low.date, high.date, "to", (hedge(low), hedge(high)))


def _quoted(at: Instant, horizon: dt.date) -> str:
    words = _middle(at, horizon)
    return words if at.date or at.gap else f"“{words}”"


def _at(at: Instant, horizon: dt.date) -> str:
    return f"{'' if at.gap else 'at '}{_quoted(at, horizon)}"


def _middle(at: Instant, horizon: dt.date) -> str:
    """A median in running text; all of the gap that it falls in."""
    if at.gap is None:
        return instant_prose(at, horizon)
    low, high = at.gap
    if high is None:
        return f"anywhere from {prose_date(low)} to “{not_by(horizon)}”"
    return f"anywhere from {prose_pair(low, high, 'to')}"


def _ranks(probability: float) -> str:
    low, high = (ordinal(level) for level in tail_levels(probability))
    return f"{low} to {high} percentile"
