"""Published counts as evidence: their logarithms, how these may err, and what cannot be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulate.scenario.arrays import Bools, Floats
from simulate.scenario.distributions import Distribution
from simulate.scenario.fields import ScenarioFields
from simulate.scenario.inputs import FURTHEST_LEVEL, cut_off
from simulate.scenario.observed import MOST_BOUNDS, MOST_EVIDENCE, Observed
from simulate.scenario.values import Contradiction, Day

_LEVELS = (np.arange(512) + 0.5) / 512

_FAR_APART = 4.0
"""Standard deviations between two reports of one source; by chance one pair in 30,000."""


class Reports(NamedTuple):
    """Reports as evidence, the last axis of every array being the report.

    `logs` are the logarithms of the counts, `bounds` says which are lower bounds; `covariance`,
    shape (reports, reports), is that of the errors of the logarithms.
    """

    logs: Floats
    bounds: Bools
    covariance: Floats


def evidence_of(scenario: ScenarioFields) -> tuple[Observed, ...]:
    """The counts on which the result is updated."""
    return tuple(count for count in scenario.observed if count.evidence)


def reports_of(scenario: ScenarioFields) -> Reports:
    """The reports of a scenario with their errors.

    ln R_i = ln N(t_i) + common + b_source + e_i with independent normal terms. A range of a count
    adds the variance of its logarithm to its own error. Reports without a `source` share none.
    """
    found, errors = evidence_of(scenario), scenario.evidence
    logs, spreads = zip(*(_logarithm(count.losses) for count in found), strict=True)
    names = [count.source.strip() or i for i, count in enumerate(found)]
    same = np.array([[one == other for other in names] for one in names])
    covariance = errors.common_bias**2 + errors.source_bias**2 * same
    covariance += np.diag(errors.error**2 + np.array(spreads))
    bounds = np.array([count.qualifier == "at_least" for count in found])
    return Reports(np.array(logs), bounds, covariance)


def _logarithm(losses: Distribution) -> tuple[float, float]:
    """Mean and variance of the logarithm of a count."""
    if losses.is_constant:
        return math.log(losses.support[0]), 0.0
    values = np.log(losses.ppf(_LEVELS))
    return float(values.mean()), float(values.var())


def doubtful_updates(scenario: ScenarioFields) -> Iterator[str]:
    """A warning where an update rests on a factor on the rate that never changes."""
    rate = scenario.rate
    if rate is None or rate.multiplier is None or not evidence_of(scenario):
        return
    if not (rate.multiplier.is_constant or scenario.drifts or scenario.rotation):
        yield (
            "the update rests on a rate.multiplier that never changes: reports on the past then "
            "decide the whole future, and such 90 % intervals held the outcome in 17 % of past "
            "cases; give rate.reference or rate.drift, which held it in 86 to 89 %"
        )


def impossible_evidence(scenario: ScenarioFields) -> Iterator[Contradiction]:
    """Reports that no draw can be judged by."""
    named = [(i, count) for i, count in enumerate(scenario.observed) if count.evidence]
    (begun, since), (name, zero) = scenario.since, scenario.counted_from
    positive = True
    for i, count in named:
        at = f"observed[{i}]"
        hint = "leave evidence out, or correct the date"
        if Day.of(count.date) < since:
            message = f"evidence of {count.date} is before {begun} in every simulation"
            hint = f"the scenario's own count covers it; {hint}"
            yield Contradiction(f"{at}.date", message, hint)
        elif Day.of(count.date) <= zero.support[0]:
            message = f"evidence of {count.date} is not after {name}, from which losses count"
            yield Contradiction(f"{at}.date", message, hint)
        if not count.losses.ppf(FURTHEST_LEVEL) > 0:
            positive = False
            message = f"{at}.losses must be above 0 to be evidence"
            hint = cut_off(count.losses, low=1.0) or "leave evidence out of a report of no losses"
            yield Contradiction(f"{at}.losses", message, hint)
    n_bounds = sum(count.qualifier == "at_least" for _, count in named)
    for what, n, most in (
        ("reports as evidence", len(named), MOST_EVIDENCE),
        ("lower bounds as evidence", n_bounds, MOST_BOUNDS),
    ):
        if n > most:
            hint = "keep the last ones, or one a month: each report counts all losses so far"
            yield Contradiction("observed", f"observed has {n} {what}, at most {most}", hint)
            return
    if positive:
        yield from _against_themselves(scenario, named)


def _against_themselves(
    scenario: ScenarioFields, named: list[tuple[int, Observed]]
) -> Iterator[Contradiction]:
    """Two reports of one source of which the later is far below: losses in all do not fall."""
    own = scenario.evidence.error**2
    in_order = sorted(named, key=lambda item: item[1].date)
    for (i, first), (j, second) in itertools.combinations(in_order, 2):
        if not first.source.strip() or first.source.strip() != second.source.strip():
            continue
        pairs = [(i, first, *_logarithm(first.losses)), (j, second, *_logarithm(second.losses))]
        if first.date == second.date:
            pairs.sort(key=lambda pair: -pair[2])
        (k, high, most, above), (m, low, least, below) = pairs
        spread = math.sqrt(2.0 * own + above + below)
        if low.qualifier != "at_least" and most - least > _FAR_APART * spread:
            message = (
                f"observed[{k}] and observed[{m}] contradict each other: the same source reports "
                f"{'fewer losses later' if high.date < low.date else 'two numbers for one date'}"
            )
            hint = "keep the one that holds, raise evidence.error, or name different sources"
            yield Contradiction(f"observed[{max(k, m)}].losses", message, hint)
