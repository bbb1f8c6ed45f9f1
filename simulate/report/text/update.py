"""The result updated on later reports, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.analysis.summary import Outcome, Summary, Update
from simulate.analysis.values import Report
from simulate.report.text import phrases, wording
from simulate.report.text.headline import result_dates
from simulate.scenario.numerals import count, exact

_MOST_NAMED = 3
_AS_NUMBER = {"more_than": "more than", "about": "about"}


def updated_headline(summary: Summary, outcome: Outcome | None = None) -> str:
    """`Updated on three later reports: 3 February to 13 April 2025, median ...`; or empty."""
    update, after = summary.update, summary.updated
    if update is None or after is None:
        return ""
    of = None if outcome is None else phrases.outcome_of(after, outcome.threshold)
    return f"Updated on {reports_words(update)}: {result_dates(after, of)}"


def updated_outcome(summary: Summary, outcome: Outcome) -> Outcome | None:
    """The same outcome after the update; None without one."""
    after = summary.updated
    return None if after is None else phrases.outcome_of(after, outcome.threshold)


def updated_alt(summary: Summary, outcome: Outcome) -> str:
    """The updated result in the description of a picture; or empty."""
    words = updated_headline(summary, outcome)
    return words and f"Both are drawn, before and after later reports. {words}."


def before_and_after(summary: Summary) -> str:
    """`before and after three later reports`; empty without an update."""
    return f"before and after {reports_words(summary.update)}" if summary.update else ""


def reports_words(update: Update) -> str:
    """`three later reports`."""
    n = len(update.reports)
    return "a later report" if n == 1 else f"{wording.in_words(n)} later reports"


def updated_sentence(summary: Summary, outcome: Outcome, probability: float = 0.9) -> str:
    """The sentence that a citation adds: the reports, and the dates after the update; or empty."""
    update, after = summary.update, summary.updated
    if update is None or after is None:
        return ""
    names = [phrases.label_words(report.label) for report in update.reports[:_MOST_NAMED]]
    more = len(update.reports) - len(names)
    named = "; ".join([*names, *([f"{more} more"] if more else [])])
    dates = result_dates(after, phrases.outcome_of(after, outcome.threshold), probability)
    ess = wording.grouped(round(update.effective_sample_size))
    return (
        f"Updated on {reports_words(update)} ({named}): {dates}; "
        f"effective sample size {ess} of {phrases.drawn(summary)}."
    )


def reported(report: Report) -> str:
    """`4,000`, `more than 5,000`, `at least 6,000`."""
    shown = count(report.losses, 0.0, report.losses)
    word = "at least" if report.bound else _AS_NUMBER.get(report.qualifier, "")
    return f"{word} {shown}".strip()


def errors_words(update: Update) -> str:
    """How far reports may lie from the losses, and what words before their numbers mean."""
    parts = (
        (update.error, "of its own"),
        (update.source_bias, "shared by reports of one source"),
        (update.common_bias, "shared by all"),
    )
    listed = ", ".join(f"{exact(round(100 * sd, 6))} % {what}" for sd, what in parts if sd > 0)
    words = f"Errors of a report (standard deviations): {listed}."
    return " ".join([words, *_qualifiers(update)])


def _qualifiers(update: Update) -> Iterator[str]:
    numbers = [word for key, word in _AS_NUMBER.items() if key in _used(update)]
    if numbers:
        listed = " and ".join(f"“{word}”" for word in numbers)
        yield f"A number after {listed} is taken as the number itself."
    if "at_least" in _used(update):
        yield "A number after “at least” is a lower bound."


def _used(update: Update) -> set[str]:
    return {report.qualifier for report in update.reports}


def weight_words(summary: Summary, update: Update) -> str:
    """`Effective sample size 9,377 of 131,072 draws, at least 1,147 in each of ...`."""
    whole, least = (
        wording.grouped(round(n))
        for n in (update.effective_sample_size, update.smallest_effective_sample_size)
    )
    return (
        f"Effective sample size {whole} of {phrases.drawn(summary)}, at least {least} in each of "
        f"{summary.run.replicates} replicates."
    )
