"""The words of a card for social media: the number in large type, and what it is."""

from __future__ import annotations

from simulate.analysis.summary import Outcome, Summary
from simulate.report.text import phrases
from simulate.report.text.headline import between, case_of
from simulate.report.text.wording import instant_prose, not_by, percent, prose_date


def number_and_meaning(summary: Summary, outcome: Outcome) -> tuple[str, str]:
    """The number of a card, and what it is."""
    case, draws = case_of(summary, outcome), phrases.drawn(summary)
    whole, beyond = phrases.headed(case.subject, case.done), not_by(case.horizon)
    unchosen = " (default horizon)" if case.unchosen else ""
    never, chance = "", phrases.never_probability(outcome)
    if chance > 0:
        never = f"; {beyond} in {percent(chance, phrases.never_error(outcome))} of draws{unchosen}"
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
