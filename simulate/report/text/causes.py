"""Why a draw never ends in depletion, as clauses."""

from __future__ import annotations

import math

from simulate.analysis.summary import Outcome, Summary
from simulate.report.text import mood
from simulate.report.text.phrases import (
    HORIZON_CAUSE,
    INFLOW_CAUSE,
    NO_RATE_CAUSE,
    label_words,
    never_probability,
)


def comes_first(outcome: Outcome) -> str:
    """What an event does that ends the losses."""
    return f" {mood.happens(outcome, 'come')} first"


def reason(cause: str, summary: Summary, outcome: Outcome) -> str:
    """Why it does not happen: `at least as much comes in as is lost`."""
    lost = f"{'is' if outcome.mood == 'open' else 'was'} {label_words(outcome.lost)}"
    counts = " between the two counts" if "force.counts[0].size" in summary.laws else ""
    own = {
        HORIZON_CAUSE: f"it {mood.would(outcome, 'take longer')}",
        NO_RATE_CAUSE: f"nothing {lost}{counts}",
        INFLOW_CAUSE: f"at least as much {mood.happens(outcome, 'come')} in as {lost}",
    }
    return own.get(cause) or f"“{label_words(cause)}”{comes_first(outcome)}"


def horizon_share(outcome: Outcome) -> float:
    """Probability that a draw has not ended otherwise by the horizon."""
    known = [each.probability for each in outcome.never if each.cause == HORIZON_CAUSE]
    return math.fsum(known) if outcome.never else never_probability(outcome)
