"""A picture in words, for readers who cannot see it."""

from __future__ import annotations

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import PublishedCheck
from simulate.report.text import phrases
from simulate.report.text.headline import headline
from simulate.report.text.wording import percent, prose_date


def alt_text(summary: Summary, outcome: Outcome | None = None) -> str:
    """Describe the histogram of an outcome, by default the one with the largest threshold."""
    outcome = phrases.main_outcome(summary) if outcome is None else outcome
    about = f"“{phrases.title_words(summary)}” from {phrases.drawn(summary)}"
    parts = [
        f"Histogram of the simulated dates of {about}",
        headline(summary, outcome),
        *(published_words(check) for check in outcome.published),
    ]
    chance = phrases.never_probability(outcome)
    if chance > 0:
        shown = percent(chance, phrases.never_error(outcome))
        parts.append(
            f"The {shown} of draws that are never depleted have a separate hatched bar beside it"
        )
    return ". ".join(parts) + "."


def published_words(check: PublishedCheck) -> str:
    """Where a published date falls, in words."""
    return (
        f"{phrases.label_words(check.label)} ({prose_date(check.date)}) is marked: "
        f"{percent(check.probability_by, check.mc_error)} of draws are depleted by then"
    )
