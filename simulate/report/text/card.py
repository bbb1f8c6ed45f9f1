"""The words of a run's pictures: the number of a card, and the description for a screen reader."""

from __future__ import annotations

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import PublishedCheck
from simulate.report.text import phrases
from simulate.report.text.headline import between, case_of, headline
from simulate.report.text.wording import instant_prose, not_by, percent, prose_date


def number_and_meaning(summary: Summary, outcome: Outcome) -> tuple[str, str]:
    """The number of a card, and what it is."""
    case, draws = case_of(summary, outcome), phrases.drawn(summary)
    whole, beyond = phrases.headed(case.subject, case.done), not_by(case.horizon)
    unchosen = " (default horizon)" if case.unchosen else ""
    never = ""
    if phrases.never_probability(outcome) > 0:
        never = f"; {beyond} in {phrases.never_percent(outcome)} of draws{unchosen}"
    if outcome.depleted_probability <= 0:
        return phrases.capitalised(beyond), f"{whole}: in none of {draws}{unchosen}"
    given = "given the scenario’s assumptions"
    if certain := phrases.certain_date(summary, outcome):
        return prose_date(certain), f"{whole}: no input is uncertain, {given}"
    if case.interval is not None:
        dates = phrases.capitalised(between(case.interval, case.horizon))
        return dates, f"{whole}: {case.name}, {given}{never}"
    if case.middle is None:
        return "No date can be given", f"{whole}: {draws} are too few"
    median = phrases.capitalised(instant_prose(case.middle, case.horizon))
    return median, f"{whole}: median of {draws}, too few for an interval{never}"


def alt_text(summary: Summary, outcome: Outcome | None = None) -> str:
    """Describe the histogram of an outcome, by default the one with the largest threshold."""
    outcome = outcome or phrases.main_outcome(summary)
    about = f"“{phrases.title_words(summary)}” from {phrases.drawn(summary)}"
    parts = [f"Histogram of the simulated dates of {about}", headline(summary, outcome)]
    parts += map(published_words, outcome.published)
    if phrases.never_probability(outcome) > 0:
        draws = f"The {phrases.never_percent(outcome)} of draws that are never depleted"
        parts.append(f"{draws} have a separate hatched bar beside it")
    return ". ".join(parts) + "."


def published_words(check: PublishedCheck) -> str:
    """Where a published date falls, in words."""
    return (
        f"{phrases.label_words(check.label)} ({prose_date(check.date)}) is marked: "
        f"{percent(check.probability_by, check.mc_error)} of draws are depleted by then"
    )
