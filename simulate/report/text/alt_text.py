"""A picture in words, for readers who cannot see it."""

from __future__ import annotations

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import PublishedCheck
from simulate.report.text.headline import headline
from simulate.report.text.phrases import (
    drawn,
    label_words,
    main_outcome,
    never_error,
    never_probability,
    title_words,
)
from simulate.report.text.wording import percent, prose_date


def alt_text(summary: Summary, outcome: Outcome | None = None) -> str:
    """Describe the histogram of an outcome, from its numbers.

    Parameters
    ----------
    summary
        The answer of a run.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.

    Returns
    -------
    str
        Plain text on one line; long titles and labels are cut.
    """
    outcome = main_outcome(summary) if outcome is None else outcome
    parts = [
        f"Histogram of the simulated dates of “{title_words(summary)}” from {drawn(summary)}",
        headline(summary, outcome),
        *(published_words(check) for check in outcome.published),
    ]
    if never_probability(outcome) > 0:
        shown = percent(never_probability(outcome), never_error(outcome))
        parts.append(
            f"The {shown} of draws that are never depleted have a separate hatched bar beside it"
        )
    return ". ".join(parts) + "."


def published_words(check: PublishedCheck) -> str:
    """Where a published date falls, in words."""
    return (
        f"{label_words(check.label)} ({prose_date(check.date)}) is marked: "
        f"{percent(check.probability_by, check.mc_error)} of draws are depleted by then"
    )
