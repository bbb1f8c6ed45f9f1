"""The words of a citation: the sentence, what follows it, the note and the reference.

The result line above every answer is in headline.py, as are the dates that both quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulate.analysis.request import known_threshold
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant
from simulate.report.text.headline import Case, case_of
from simulate.report.text.likelihood import Scale, likelihood, scale_note
from simulate.report.text.phrases import (
    capitalised,
    certain_date,
    digest,
    drawn,
    error_note,
    label_words,
    never_causes,
    never_error,
    never_probability,
    pooling_words,
    program,
    requested_days,
    sampled,
    title_words,
)
from simulate.report.text.wording import (
    embedded,
    hedge,
    inert,
    instant_prose,
    not_by,
    percent,
    prose_date,
    prose_pair,
    tail_levels,
)
from simulate.report.text.wrapping import shorten

AUTHOR, PROGRAM, URL = "The simulate developers", "simulate", ""
"""As in CITATION.cff; the address is empty as long as there is none."""

_CHANGES_CELLS = 200


@dataclass(frozen=True, slots=True)
class Style:
    """How a result is cited.

    Attributes
    ----------
    threshold : float, optional
        The outcome to cite, the largest threshold where None.
    interval : float
        Probability of the equal-tailed interval.
    scale : str, optional
        Of the words for probabilities; no words where None.
    prose : bool
        Whether variables and tables write dates as running text does, else in ISO 8601.
    """

    threshold: float | None = None
    interval: float = 0.9
    scale: Scale | None = None
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """What every format shows: plain texts on one line each, not yet escaped.

    `clauses` are whole sentences on published dates, dates the user gave, and "never".
    """

    summary: Summary
    outcome: Outcome
    style: Style
    sentence: str
    clauses: tuple[str, ...]
    note: str
    reference: str


def cited(summary: Summary, style: Style) -> Citation:
    """Put a citation into words.

    Parameters
    ----------
    summary
        The answer of a run, with the interval that `style` names.
    style
        How to cite it.

    Raises
    ------
    ValueError
        If the summary has no such threshold.
    """
    outcome = _chosen(summary, style.threshold)
    clauses = tuple(_clauses(summary, outcome, style.scale))
    return Citation(
        summary=summary,
        outcome=outcome,
        style=style,
        sentence=sentence(summary, outcome, style.interval),
        clauses=(*clauses, scale_note(style.scale)) if style.scale and clauses else clauses,
        note=note(summary, outcome, style.interval),
        reference=reference(summary),
    )


def sentence(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """One sentence that states an outcome and the uncertainty of its date.

    Parameters
    ----------
    summary
        The answer of a run.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.
    probability
        Of the equal-tailed interval to quote. Where the outcome lacks it, or the draws do not
        support it, the sentence says so and gives the median.

    Returns
    -------
    str
        Plain text on one line. Dates whose Monte Carlo error exceeds half a day are "about" a date.
    """
    case = case_of(summary, outcome, probability)
    assumptions = f"under the assumptions of the scenario “{title_words(summary)}”"
    return f"{capitalised(_statement(case))}{_passed(case)}{case.unchosen}, {assumptions}."


def note(
    summary: Summary,
    outcome: Outcome | None = None,
    probability: float = 0.9,
    beside: Iterable[Instant] = (),
) -> str:
    """The note under a sentence: what the interval is and how the run can be repeated.

    Parameters are those of `sentence`; the Monte Carlo error is the largest among the dates that it
    quotes and those `beside` it, in a table or under names.
    """
    case, pooled = case_of(summary, outcome, probability), pooling_words(summary)
    what = (
        "no input is uncertain, so every draw gives the same date,"
        if certain_date(summary, case.outcome)
        else f"{case.name}, equal-tailed ({case.ranks}): that share of draws between the two dates,"
    )
    return (
        f"Note: {what} given the scenario’s assumptions on the force, "
        "the loss rate and how it continues; uncertainty the scenario leaves out is not in it. "
        f"{drawn(summary)}, {sampled(summary)}{f', {pooled}' if pooled else ''}."
        f"{error_note((*case.quoted, *beside), requested_days(summary))} "
        f"{program(summary)}, {inert(summary.run.stream)}, scenario “{title_words(summary)}”, "
        f"digest {digest(summary)}."
    )


def reference(summary: Summary) -> str:
    """The entry for a list of references."""
    changed = ", ".join(map(inert, summary.scenario.overrides))
    parts = [
        f"scenario “{title_words(summary)}”",
        f"changed by {embedded(shorten(changed, _CHANGES_CELLS))}" if changed else "",
        f"digest {digest(summary)}",
        drawn(summary),
        f"seed {summary.run.seed}",
        f"method {inert(summary.run.method)}",
        pooling_words(summary),
        inert(summary.run.stream),
    ]
    result = f"Result for {', '.join(filter(None, parts))}."
    return f"{AUTHOR}: {program(summary)} (computer program). {result}{f' {URL}' if URL else ''}"


def probability_words(
    summary: Summary, probability: float, error: float, scale: Scale | None
) -> str:
    """The word for a probability; empty without a scale."""
    return likelihood(probability, error, summary.run.draws, scale) if scale else ""


def _chosen(summary: Summary, threshold: float | None) -> Outcome:
    known = known_threshold(threshold, [outcome.threshold for outcome in summary.outcomes])
    return next(outcome for outcome in summary.outcomes if outcome.threshold == known)


def _clauses(summary: Summary, outcome: Outcome, scale: Scale | None) -> Iterator[str]:
    """Sentences on published dates, on other dates the user gave, and, in words, on "never"."""

    def worded(probability: float, error: float, after: str = "") -> str:
        words = probability_words(summary, probability, error, scale)
        shown = f"{percent(probability, error)} of draws{after}"
        return f"{shown}, {words}." if words else f"{shown}."

    for check in outcome.published:
        date = f"“{label_words(check.label)}” ({prose_date(check.date)})"
        shown = worded(check.probability_by, check.mc_error, " are depleted")
        yield f"By the published date {date} {shown}"
    published = {check.date for check in outcome.published}
    for by in outcome.by:
        if by.date not in published:
            yield f"Depleted by {prose_date(by.date)}: {worded(by.probability, by.mc_error)}"
    if scale:
        never = worded(never_probability(outcome), never_error(outcome))
        yield f"{capitalised(not_by(summary.horizon))}: {never}"


def _statement(case: Case) -> str:
    would = f"{case.subject} would be {case.done}"
    if case.outcome.depleted_probability <= 0:
        none = f"by {prose_date(case.horizon)} in any of {drawn(case.summary)}"
        return f"{case.subject} would not be {case.done} {none}{_causes(case)}"
    if certain := certain_date(case.summary, case.outcome):
        return f"{would} on {prose_date(certain)}"
    if case.interval is None:
        return _without_interval(case)
    low, high = case.interval.low, case.interval.high
    if low.date is None or high.date is None:
        return _open_ended(case, low)
    if low.date == high.date:
        when, middle = f"on {hedge(low)}{prose_date(low.date)}", ""
    else:
        when = f"between {prose_pair(low.date, high.date, 'and', (hedge(low), hedge(high)))}"
        middle = f"; median {case.median}" if case.middle else ""
    return f"{would} {when} ({case.name}, {case.ranks}{middle}){case.never}"


def _open_ended(case: Case, low: Instant) -> str:
    """The statement where one end of the interval, or both, lies beyond the horizon."""
    error = never_error(case.outcome)
    start = (
        f"{case.subject} would be {case.done} by {prose_date(case.horizon)} "
        f"in {percent(case.outcome.depleted_probability, error)} of draws "
        f"and not by then in {percent(never_probability(case.outcome), error)}{_causes(case)}"
    )
    name = f"{case.name} ({case.ranks})"
    if low.date is None:
        return f"{start}; both ends of the {name} are “{not_by(case.horizon)}”"
    at = "" if case.middle and case.middle.gap else "at "
    middle = f", with the median {at}{case.median_quoted}" if case.middle else ""
    between = f"from {instant_prose(low, case.horizon)} to “{not_by(case.horizon)}”"
    return f"{start}; the {name} runs {between}{middle}"


def _without_interval(case: Case) -> str:
    """The statement where there is no interval: the median, if at least that is known."""
    draws = drawn(case.summary)
    reason = f"no {case.name} can be given from {draws}{case.never}"
    if case.middle is None:
        return f"the date on which {case.subject} would be {case.done} is not known: {reason}"
    if case.middle.date is None:
        none = f"would not be {case.done} by {prose_date(case.horizon)}"
        return f"in the median of {draws} {case.subject} {none}; {reason}"
    when = f"on {instant_prose(case.middle, case.horizon)} (median of {draws})"
    return f"{case.subject} would be {case.done} {when}; {reason}"


def _causes(case: Case) -> str:
    causes = never_causes(case.outcome)
    return f" ({causes})" if causes else ""


def _passed(case: Case) -> str:
    # A probability below the lower tail lies outside the interval and needs no mention.
    probability = case.outcome.already_passed_probability
    if probability < tail_levels(case.probability)[0]:
        return ""
    return (
        f"; in {percent(probability)} of draws this point had already passed "
        "when the losses were counted"
    )
