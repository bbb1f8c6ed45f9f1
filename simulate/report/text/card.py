"""The words of a card for social media: the number in large type, and what it is."""

from __future__ import annotations

from simulate.analysis.summary import Outcome, Summary
from simulate.report.text.phrases import (
    capitalised,
    certain_date,
    drawn,
    equal_tailed,
    event,
    horizon_phrase,
    never_error,
    never_probability,
)
from simulate.report.text.wording import (
    hedge,
    instant_prose,
    not_by,
    percent,
    prose_date,
    prose_pair,
    share,
)

_INTERVAL = 0.9


def number_and_meaning(summary: Summary, outcome: Outcome) -> tuple[str, str]:
    """The number of a card, and what it is."""
    horizon = summary.horizon
    interval = equal_tailed(outcome, _INTERVAL)
    whole = capitalised(" ".join(event(outcome)).removeprefix("the "))
    rest = percent(never_probability(outcome), never_error(outcome))
    unchosen = " (default horizon)" if horizon_phrase(summary, outcome) else ""
    never = f"; {not_by(horizon)} in {rest} of draws{unchosen}"
    never = never if never_probability(outcome) > 0 else ""
    if outcome.depleted_probability <= 0:
        return capitalised(not_by(horizon)), f"{whole}: in none of {drawn(summary)}{unchosen}"
    certain = certain_date(summary, outcome)
    if certain:
        meaning = "no input is uncertain, given the scenario’s assumptions"
        return prose_date(certain), f"{whole}: {meaning}"
    middle = instant_prose(outcome.median, horizon)
    ends = () if interval is None else (interval.low, interval.high)
    if interval is None or any(end.missing == "too_few_draws" for end in ends):
        if outcome.median.missing == "too_few_draws":
            return "No date can be given", f"{whole}: {drawn(summary)} are too few"
        few = f"{whole}: median of {drawn(summary)}, too few for an interval"
        return capitalised(middle), f"{few}{never}"
    meaning = f"{whole}: {share(_INTERVAL)} simulation interval, given the scenario’s assumptions"
    low, high = interval.low, interval.high
    if low.date is None:
        number = capitalised(not_by(horizon))
    elif high.date is None:
        number = f"{capitalised(instant_prose(low, horizon))} to “{not_by(horizon)}”"
    elif low.date == high.date:
        number = capitalised(instant_prose(low, horizon))
    else:
        number = prose_pair(low.date, high.date, "to", (hedge(low), hedge(high)))
        number = capitalised(number)
    return number, f"{meaning}{never}"
