"""What is wrong between parts of a scenario that are valid one by one."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator

import numpy as np

from simulate.errors import Argument, Message
from simulate.scenario.correlation import SMALLEST_EIGENVALUE, smallest_eigenvalue
from simulate.scenario.distributions import NOT_NEGATIVE, Distribution
from simulate.scenario.ended import against_the_end
from simulate.scenario.evidence import impossible_evidence
from simulate.scenario.fields import ScenarioFields
from simulate.scenario.horizon import LONGEST_HORIZON_DAYS
from simulate.scenario.inputs import (
    FURTHEST_LEVEL,
    cut_off,
    not_too_large,
    out_of_range,
    within,
)
from simulate.scenario.names import did_you_mean
from simulate.scenario.numerals import exact
from simulate.scenario.own_past import without_past
from simulate.scenario.spelling import write
from simulate.scenario.stocks import Force, is_left
from simulate.scenario.values import Contradiction, Day

OTHER_CAUSES = ("horizon", "no positive loss rate", "inflow exceeds losses")
"""Causes of "never" beside the labels of the ends."""

_LIKE_ANOTHER = "later or never|inflow exceeds .*|no positive .*"
"""The same in the words of any stock."""

_POOLED = ("losses.count", "losses.as_of")
"""Inputs that several claims share."""


def contradictions(scenario: ScenarioFields) -> Iterator[Contradiction]:
    """What is wrong between the parts of a scenario, judged by the ranges of its inputs."""
    rules = (_force, _stock, _thresholds, _rate, _claims, _dates, _observed, _correlations)
    yield from out_of_range(scenario.inputs)
    more = (_prelude, _rotation, _steps, _pauses, _flows, _ends, without_past)
    for rule in (*rules, *more, impossible_evidence, against_the_end):
        yield from rule(scenario)


def _force(scenario: ScenarioFields) -> Iterator[Contradiction]:
    at, size = scenario.force.stock
    yield from not_too_large(size, at)
    if not size.ppf(FURTHEST_LEVEL) > 0:
        yield Contradiction(at, f"{at} must be above 0 in every simulation", cut_off(size, low=1.0))
    if scenario.losses.count is not None:
        yield from _count(scenario, scenario.losses.count, "losses.count")


def _stock(scenario: ScenarioFields) -> Iterator[Contradiction]:
    force = scenario.force
    if force.floor is not None and force.floor.support[0] >= _most(force):
        hint = f"the floor is what remains unusable of {force.stock[0]}"
        message = f"force.floor is not below {force.at_hand} in any simulation"
        yield Contradiction("force.floor", message, hint)
    if force.counts:
        first, second = force.counts
        if first.date.support[0] >= second.date.support[1]:
            message = "force.counts[0].date is not before force.counts[1].date in any simulation"
            hint = "give the earlier count first, on two different dates"
            yield Contradiction("force.counts[1].date", message, hint)
        if not first.size.support[1] > 0:
            at = "force.counts[0].size"
            yield Contradiction(at, f"{at} must be above 0")


def _most(force: Force) -> float:
    """The most that can be used."""
    most = force.stock[1].support[1]
    return most if force.usable is None else most * force.usable.support[1]


def _thresholds(scenario: ScenarioFields) -> Iterator[Contradiction]:
    force, floor = scenario.force, scenario.force.floor
    for threshold in scenario.thresholds:  # sorted, so that their places in the file are lost
        if not is_left(threshold):
            continue
        if threshold > _most(force):
            message = f"{exact(threshold)} left is above {force.at_hand} in every simulation"
            hint = "a threshold is reached when the stock falls to it"
            yield Contradiction("thresholds", message, hint)
        if floor is not None and threshold < floor.support[0]:
            message = f"{exact(threshold)} left is below force.floor in every simulation"
            hint = "what lies below the floor cannot be used; give at least the floor"
            yield Contradiction("thresholds", message, hint)


def _rate(scenario: ScenarioFields) -> Iterator[Contradiction]:
    losses, rate = scenario.losses, scenario.rate
    if losses.rate is not None:
        yield from not_too_large(losses.rate, "losses.rate")
        if losses.rate.support[1] == 0:
            yield Contradiction("losses.rate", "losses.rate must be above 0")
    if rate is not None and rate.trend_until is not None:
        # The trend begins with the count, or once the rate runs and the stock was there.
        first = min if losses.dates else max
        name, since = first(scenario.runs_from, key=lambda named: named[1].support[0])
        if rate.trend_until.support[1] <= since.support[0]:
            at = "rate.trend_until"
            hint = f"the trend runs from {name} to {at}; give a later date, or leave the trend out"
            yield Contradiction(at, f"{at} is not after {name} in any simulation", hint)
    if rate is not None and rate.by_month:
        if not any(factor.support[1] > 0 for factor in rate.by_month):
            hint = "give the months' rates relative to each other, such as 1.5 in a busy month"
            yield Contradiction("rate.by_month", "rate.by_month is 0 in every month", hint)
        if losses.by_rate and losses.claims:
            message = "rate.by_month cannot be combined with flows alone"
            hint = "give one of them as losses.count, with its first day as start"
            yield Contradiction("rate.by_month", message, hint)


def _steps(scenario: ScenarioFields) -> Iterator[Contradiction]:
    name, day = scenario.since
    for i, step in enumerate(scenario.rate.steps if scenario.rate else ()):
        if step.date.support[1] < day:
            at, hint = f"rate.steps[{i}]", "the rate already includes it; leave the step out"
            yield Contradiction(f"{at}.date", f"{at} is before {name}", hint)


def _count(scenario: ScenarioFields, count: Distribution, at: str) -> Iterator[Contradiction]:
    yield from not_too_large(count, at)
    if not count.support[1] > 0:
        yield Contradiction(at, f"{at} must be above 0")
    elif scenario.force.measured is None and count.support[0] > scenario.force.stock[1].support[1]:
        hint = (
            "force.size includes what was lost before; for what was present on a date "
            "give force.as_of"
        )
        yield Contradiction(at, f"{at} is above force.size in every simulation", hint)


def _claims(scenario: ScenarioFields) -> Iterator[Contradiction]:
    losses, last = scenario.losses, scenario.last_day
    for name, claim in (*losses.totals, *losses.flows):
        at = f"{name}.as_of"
        yield from _count(scenario, claim.count, f"{name}.count")
        if losses.start is not None and losses.start.support[0] >= claim.as_of.support[1]:
            message = f"{at} is not after losses.start in any simulation"
            yield Contradiction(at, message, _later_than_start(scenario))
        if Day.of(last) < claim.as_of.support[0]:
            hint = "make the horizon later, or leave the claim out"
            yield Contradiction(at, f"{at} is after the horizon, {last}, in every simulation", hint)
        if claim.published is not None and claim.as_of.support[0] >= Day.of(claim.published) + 1:
            at = f"{name}.published"
            message = f"{at}, {claim.published}, is before as_of in every simulation"
            hint = "as_of is the day the count runs up to, published the day it was announced"
            yield Contradiction(at, message, hint)


def _later_than_start(scenario: ScenarioFields) -> str:
    return f"the count must be later than the day {scenario.wording.words.the_losses} began"


def _dates(scenario: ScenarioFields) -> Iterator[Contradiction]:
    losses, last = scenario.losses, scenario.last_day
    if losses.as_of is not None and scenario.start.support[0] >= losses.as_of.support[1]:
        message = "losses.start is not before losses.as_of in any simulation"
        yield Contradiction("losses.start", message, _later_than_start(scenario))
    for name, law in () if losses.claims else scenario.runs_from:
        if Day.of(last) < law.support[0]:
            yield Contradiction("horizon", f"horizon is before {name} in every simulation")
    yield from _far_apart(scenario)
    yield from late(scenario.by, last)
    yield from late([count.date for count in scenario.observed], last, "observed[{}].date")
    for i, claim in enumerate(scenario.published):
        key = "date" if claim.date else "to"
        yield from late([claim.last], last, f"published[{i}].{key}")
        if claim.threshold is not None and claim.threshold not in scenario.thresholds:
            message = (
                f"threshold {exact(claim.threshold)} is not among the thresholds of the scenario"
            )
            hint = "add it to thresholds, or leave it out here to check all of them"
            yield Contradiction(f"published[{i}].threshold", message, hint)


def _far_apart(scenario: ScenarioFields) -> Iterator[Contradiction]:
    """Days of the claim so far apart that walking from one to the next would take minutes."""
    latest = Day.of(scenario.origin) + LONGEST_HORIZON_DAYS
    if Day.of(scenario.last_day) > latest:  # which is refused as such
        return
    measured = scenario.force.measured
    for name, law in dict([*scenario.runs_from, *([measured] if measured else [])]).items():
        if law.isf(FURTHEST_LEVEL) > latest:
            message = (
                f"{name} can be more than {LONGEST_HORIZON_DAYS:,} days after the earliest "
                f"possible date, {scenario.origin}"
            )
            yield Contradiction(name, message, f"name dates up to {Day(latest).date}")


def late(dates: Iterable[dt.date], last: dt.date, path: str = "by[{}]") -> Iterator[Contradiction]:
    """Dates after the last day of the horizon; `path` names the key of each by its number."""
    for i, date in enumerate(dates):
        if date > last:
            message = f"{path.partition('[')[0]}: {date} is after the horizon, {last}"
            later = Argument("set", {"horizon": f"{date}"})
            hint = Message("make the horizon later, in the scenario or by ", later)
            yield Contradiction(path.format(i), message, hint)


def _observed(scenario: ScenarioFields) -> Iterator[Contradiction]:
    name, since = scenario.counted_from
    starts = [since] if scenario.force.measured else [since, scenario.start]
    first = min(float(start.ppf(FURTHEST_LEVEL)) for start in starts)
    for i, count in enumerate(scenario.observed):
        at = f"observed[{i}]"
        if Day.of(count.date) < first:
            message = f"{count.date} is before {name} in every simulation"
            hint = f"losses are compared since {name}; correct the date"
            yield Contradiction(f"{at}.date", message, hint)
        yield from within(count.losses, *NOT_NEGATIVE, f"{at}.losses")


def _correlations(scenario: ScenarioFields) -> Iterator[Contradiction]:
    names = [item.name for item in scenario.uncertain]
    seen: set[frozenset[str]] = set()
    for i, pair in enumerate(scenario.correlations):
        at = f"correlations[{i}].inputs"
        unknown = [name for name in pair.inputs if name not in names]
        for name in unknown:
            hint = _claims_hint(scenario, name) or did_you_mean(name, names)
            yield Contradiction(at, f"{name} is not an uncertain input", hint)
        if len(set(pair.inputs)) < 2 or frozenset(pair.inputs) in seen:
            yield Contradiction(at, "list each pair of two different inputs once")
            return
        if unknown:
            return
        seen.add(frozenset(pair.inputs))
    smallest = smallest_eigenvalue(np.array(scenario.copula[1])) if seen else 1.0
    if smallest < SMALLEST_EIGENVALUE:
        yield Contradiction(
            "correlations",
            "correlations are inconsistent: the matrix is not positive definite "
            f"(smallest eigenvalue {smallest:.4g})",
            "weaken them, or add repair: nearest to one of them",
        )


def _claims_hint(scenario: ScenarioFields, name: str) -> str:
    """The name to use instead of a claim's own count or day."""
    if name in _POOLED and scenario.losses.claims:
        return "it is fixed in every claim; the choice of claim cannot be correlated"
    known = [item.name for item in scenario.uncertain if item.name in _POOLED]
    if name.startswith("losses.claims[") and known:
        return f"all claims share their random numbers: name {' or '.join(known)}"
    return ""


def _prelude(scenario: ScenarioFields) -> Iterator[Contradiction]:
    prelude, losses = scenario.prelude, scenario.losses
    if prelude is None:
        return
    if losses.by_rate or scenario.force.has_rate:
        message = "prelude needs a count: its losses are a part of those counted"
        hint = "leave prelude out, or give losses.count, as_of and start"
        yield Contradiction("prelude", message, hint)
    elif prelude.start.support[0] >= scenario.start.support[1]:
        message = "prelude.start is not before losses.start in any simulation"
        hint = "a prelude lasts from prelude.start to losses.start"
        yield Contradiction("prelude.start", message, hint)


def _rotation(scenario: ScenarioFields) -> Iterator[Contradiction]:
    rotation = scenario.rotation
    if rotation is None:
        return
    if rotation.line_days is None and rotation.at_loss_share is None:
        hint = "say what ends a spell on the line: its length, or the losses it may cost"
        yield Contradiction("rotation", "rotation needs line_days or at_loss_share", hint)
    if not rotation.rest_days.ppf(FURTHEST_LEVEL) >= 1:
        hint = cut_off(rotation.rest_days, low=1.0) or "where there is no rest, leave rotation out"
        message = "rotation.rest_days must be at least 1 in every simulation"
        yield Contradiction("rotation.rest_days", message, hint)


def _pauses(scenario: ScenarioFields) -> Iterator[Contradiction]:
    name, since = scenario.since
    for i, pause in enumerate(scenario.pauses):
        (first, start), (shortest, longest) = pause.start.support, pause.days.support
        if start < since:
            at, day, left = f"pauses[{i}]", Day(since).date, start + longest - since
            counted = "the count already includes what happened before"
            hint = f"{counted}; begin it on {day}, with the days left from then on"
            if left <= 0:
                hint = f"{counted}; leave the pause out"
            elif (first, shortest) == (start, longest) and left == round(left):
                remark = f", with the {exact(left)} days left from then on; {counted}"
                hint = write(day, remark, of=str(Day(start).date))
            found = f"(found {Day(start).date})"
            yield Contradiction(f"{at}.start", f"{at} begins before {name} {found}", hint)
    for i, (before, after) in enumerate(itertools.pairwise(scenario.pauses)):
        if after.start.support[0] < before.start.support[1] + before.days.support[1]:
            at, hint = f"pauses[{i + 1}]", "list pauses in order of time, without overlap"
            yield Contradiction(f"{at}.start", f"{at} can overlap the pause before it", hint)


def _flows(scenario: ScenarioFields) -> Iterator[Contradiction]:
    for key, happens in (("reinforcements", "arrives"), ("outflows", "is taken")):
        for i, jump in enumerate(getattr(scenario, key)):
            at = f"{key}[{i}]"
            yield from _before_the_stock(scenario, jump.date, f"{at}.date", f"{at} {happens}")
    if scenario.losses.net and not scenario.losses.rate:
        hint = "leave it out; a count is of all that was lost"
        yield Contradiction("losses.net", "losses.net needs losses.rate", hint)
    if scenario.losses.net and scenario.inflow:
        hint = "leave inflow out, or losses.net if the rate is all that is lost"
        yield Contradiction("inflow", "inflow is already subtracted from a net rate", hint)
    for i, inflow in enumerate(scenario.inflow):
        at, until = f"inflow[{i}].until", inflow.until
        if until is None:
            continue
        if inflow.begins is not None and until.support[1] <= inflow.begins.support[0]:
            hint = "an inflow runs from the day from to the day until, which is excluded"
            yield Contradiction(at, f"{at} is not after inflow[{i}].from in any simulation", hint)
        else:
            yield from _before_the_stock(scenario, until, at, f"inflow[{i}] ends")


def _before_the_stock(
    scenario: ScenarioFields, date: Distribution, at: str, what: str
) -> Iterator[Contradiction]:
    """What happens, in every draw, before the path of the stock begins."""
    force, name, since = scenario.force, "losses.start", scenario.start
    hint = "count it in force.size instead"
    if force.measured is not None:
        name, since = force.measured
        hint = f"{force.stock[0]} already accounts for it; leave it out"
    if force.counts:
        name, since = "force.counts[0].date", force.counts[0].date
    if date.support[1] < since.support[0]:
        yield Contradiction(at, f"{what} before {name}", hint)


def _ends(scenario: ScenarioFields) -> Iterator[Contradiction]:
    labels = [end.label for end in scenario.ends]
    for i, end in enumerate(scenario.ends):
        at = f"ends[{i}]"
        if end.date.support[1] < scenario.start.support[0]:
            hint = "an end stops losses that have begun; correct its date, or leave it out"
            yield Contradiction(f"{at}.date", f"{at} is before losses.start", hint)
        if end.label in labels[:i]:
            message = f'two ends have the label "{end.label}"'
            hint = "results identify ends by their labels; give each its own"
            yield Contradiction(f"{at}.label", message, hint)
        if end.label in OTHER_CAUSES or re.fullmatch(_LIKE_ANOTHER, end.label):
            message = f'results use the label "{end.label}" for another cause of "never"'
            hint = "name the event, such as withdrawal or ceasefire"
            yield Contradiction(f"{at}.label", message, hint)
