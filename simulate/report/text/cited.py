"""A result as it is cited: sentence, what follows it, note and reference, as plain text."""

from __future__ import annotations

from dataclasses import dataclass

from simulate.analysis.request import known_threshold
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import PublishedCheck
from simulate.report.text.citation import digest, drawn, note, pooling_words, program, sentence
from simulate.report.text.likelihood import Scale, likelihood, scale_note
from simulate.report.text.phrases import (
    capitalised,
    label_words,
    never_error,
    never_probability,
    title_words,
)
from simulate.report.text.wording import embedded, inert, not_by, percent, prose_date
from simulate.report.text.wrapping import shorten

AUTHOR, PROGRAM, URL = "The simulate developers", "simulate", ""
"""As CITATION.cff has them; an address where there is one."""

_CHANGES_CELLS = 200


@dataclass(frozen=True, slots=True)
class Style:
    """How a result is cited.

    Attributes
    ----------
    threshold : float, optional
        The outcome that is cited, the largest threshold where None.
    interval : float
        Probability of the equal-tailed interval.
    scale : str, optional
        Of the words for probabilities; no words where None.
    prose : bool
        Whether variables and tables have dates as in running text, else in ISO 8601.
    """

    threshold: float | None = None
    interval: float = 0.9
    scale: Scale | None = None
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """What every format is made of. Texts are plain, on one line, and nothing in them is escaped.

    `clauses` are whole sentences on published dates, dates asked for, and "never".
    """

    summary: Summary
    outcome: Outcome
    style: Style
    sentence: str
    clauses: tuple[str, ...]
    note: str
    reference: str


def cited(summary: Summary, style: Style) -> Cited:
    """Put a citation into words.

    Parameters
    ----------
    summary
        The answer of a run, with the interval that `style` names.
    style
        How it is cited.

    Raises
    ------
    ThresholdError
        If the summary has no such threshold.
    """
    outcome = _chosen(summary, style.threshold)
    clauses = [
        *(_published(summary, check, style.scale) for check in outcome.published),
        *_by(summary, outcome, style.scale),
        *_never(summary, outcome, style.scale),
    ]
    if style.scale and clauses:
        clauses.append(scale_note(style.scale))
    return Cited(
        summary=summary,
        outcome=outcome,
        style=style,
        sentence=sentence(summary, outcome, style.interval),
        clauses=tuple(clauses),
        note=note(summary, outcome, style.interval),
        reference=reference(summary),
    )


def reference(summary: Summary) -> str:
    """The entry for a list of references."""
    run = summary.run
    changed = ", ".join(map(inert, summary.scenario.overrides))
    parts = [
        f"scenario “{title_words(summary)}”",
        *([f"changed by {embedded(shorten(changed, _CHANGES_CELLS))}"] if changed else []),
        f"digest {digest(summary)}",
        drawn(summary),
        f"seed {run.seed}",
        f"method {inert(run.method)}",
        *([pooling_words(summary)] if pooling_words(summary) else []),
        inert(run.stream),
    ]
    where = f" {URL}" if URL else ""
    return f"{AUTHOR}: {program(summary)} (computer program). Result for {', '.join(parts)}.{where}"


def probability_words(
    summary: Summary, probability: float, error: float, scale: Scale | None
) -> str:
    """The word for a probability; empty where none is asked for."""
    return likelihood(probability, error, summary.run.draws, scale) if scale else ""


def _chosen(summary: Summary, threshold: float | None) -> Outcome:
    known = known_threshold(threshold, [outcome.threshold for outcome in summary.outcomes])
    return next(outcome for outcome in summary.outcomes if outcome.threshold == known)


def _published(summary: Summary, check: PublishedCheck, scale: Scale | None) -> str:
    words = probability_words(summary, check.probability_by, check.mc_error, scale)
    return (
        f"By the published date “{label_words(check.label)}” ({prose_date(check.date)}) "
        f"{percent(check.probability_by, check.mc_error)} of draws are depleted{_aside(words)}."
    )


def _by(summary: Summary, outcome: Outcome, scale: Scale | None) -> list[str]:
    """Sentences on the dates asked for that are not published ones."""
    told = {check.date for check in outcome.published}
    return [
        f"Depleted by {prose_date(by.date)}: {percent(by.probability, by.mc_error)} of draws"
        f"{_aside(probability_words(summary, by.probability, by.mc_error, scale))}."
        for by in outcome.by
        if by.date not in told
    ]


def _never(summary: Summary, outcome: Outcome, scale: Scale | None) -> list[str]:
    """The word for "never", which the sentence itself tells in numbers."""
    if scale is None:
        return []
    probability, error = never_probability(outcome), never_error(outcome)
    words = probability_words(summary, probability, error, scale)
    shown = f"{percent(probability, error)} of draws{_aside(words)}."
    return [f"{capitalised(not_by(summary.horizon))}: {shown}"]


def _aside(words: str) -> str:
    return f", {words}" if words else ""
