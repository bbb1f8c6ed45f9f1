"""Losses that have ended, and days that are past: whether it may still happen, or would have."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from simulate.scenario.fields import ScenarioFields
from simulate.scenario.values import Contradiction, Day
from simulate.scenario.words import Mood
from simulate.scenario.written_dates import days, tidy

_DATED = re.compile(
    r"(?:^|; )(?:[^,;:.]|\b[A-Z]\.)+, "
    r"(\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)\b"
)
"""A source with the day of its publication."""


def mood_of(scenario: ScenarioFields, first: dt.date | None, last: dt.date | None) -> Mood:
    """The mood of an outcome with dates from the `first` to the `last`, None where there is none.

    What they all reach before the losses ended does not need them to go on.
    """
    if ended := scenario.losses.ended:
        return "past" if last and last <= ended else "ended"
    stated = max(_stated(scenario), default=None)
    return "past" if first and stated and first < stated else "open"


def _stated(scenario: ScenarioFields) -> Iterator[dt.date]:
    """The days on which losses and size were published."""
    yield from (claim.published for _, claim in scenario.losses.chosen if claim.published)
    known = (item for item in scenario.inputs if item.name.startswith(("force.", "losses.")))
    for source in {item.said.source for item in known}:
        for day in _DATED.findall(source):
            yield from days(tidy(day))


def against_the_end(scenario: ScenarioFields) -> Iterator[Contradiction]:
    """What cannot be where the losses have ended: counts of later days, and another end."""
    losses, ended, counts = scenario.losses, scenario.losses.ended, scenario.force.counts
    if ended is None:
        return
    the_losses = scenario.wording.words.the_losses
    counted = [*losses.dates, *((f"{name}.as_of", claim.as_of) for name, claim in losses.flows)]
    counted += [("losses.start", losses.start)] if losses.rate and losses.start else []
    counted += [("force.counts[1].date", counts[1].date)] if counts else []
    for name, day in counted:
        if day.support[0] > Day.of(ended) + 1:
            message = f"losses.ended, {ended}, is before the day of {name} in every simulation"
            hint = f"ended is the last day of {the_losses}; correct one of the two"
            yield Contradiction("losses.ended", message, hint)
    for i, count in enumerate(scenario.observed):
        if Day.of(count.date) > Day.of(ended) + 1:
            message = f"{count.date} is after {the_losses} ended, on {ended}"
            hint = "the simulation goes on, so there is nothing to compare it with; leave it out"
            yield Contradiction(f"observed[{i}].date", message, hint)
    if scenario.ends:
        hint = "leave out ends, or losses.ended if another event could have come first"
        yield Contradiction("ends", "ends cannot be given beside losses.ended", hint)
