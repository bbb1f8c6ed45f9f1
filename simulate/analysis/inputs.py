"""The inputs as the scenario defines them, free of Monte Carlo error."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from msgspec.structs import replace

from simulate.analysis.summary import InputSummary
from simulate.analysis.values import ValueQuantile
from simulate.scenario.claims import Losses
from simulate.scenario.distributions import Distribution, special
from simulate.scenario.evidence import evidence_of
from simulate.scenario.inputs import Input
from simulate.scenario.model import Scenario
from simulate.scenario.numerals import exact, number
from simulate.scenario.own_past import scale_of
from simulate.scenario.reference import spread
from simulate.scenario.stocks import stock_keys
from simulate.scenario.values import Axis, Day

INPUT_LEVELS = (0.05, 0.5, 0.95)
SHAPE_BINS = 16
_MOST_NAMED = 4

_BETWEEN = ("uniform", "triangular", "pert")
"""Families that lie between a lowest and a highest value."""


def input_summary(item: Input) -> InputSummary:
    """One input as the scenario defines it."""
    law = item.distribution
    mean = law.expectation
    return InputSummary(
        name=item.name,
        distribution=law.describe(),
        source=item.source,
        mean=None if mean is None else _value(mean, law.axis),
        quantiles=percentiles(law),
        per=item.per,
        label=item.label,
        ends=_ends(law),
    )


def _ends(law: Distribution) -> tuple[float | dt.date, ...]:
    family, low, high = (getattr(law, key, None) for key in ("distribution", "low", "high"))
    if family not in _BETWEEN or low is None or high is None:
        return ()
    return _value(low, law.axis), _value(high, law.axis)


def input_summaries(scenario: Scenario) -> tuple[InputSummary, ...]:
    """All inputs as the scenario defines them, then what is pooled from claims."""
    pooled = map(input_summary, _pooled(scenario))
    return (
        *map(input_summary, scenario.inputs),
        *(replace(each, distribution=_pool_words(scenario.losses)) for each in pooled),
    )


def describe_inputs(scenario: Scenario) -> tuple[tuple[InputSummary, tuple[float, ...]], ...]:
    """Each input with its shape: probabilities of equal steps from percentile 0.5 to 99.5."""
    shapes = (_shape(item) for item in (*scenario.inputs, *_pooled(scenario)))
    return tuple(zip(input_summaries(scenario), shapes, strict=True))


def remarks(scenario: Scenario) -> tuple[str, ...]:
    """How thresholds are counted, claims pooled, the rate changes and reports are weighed."""
    pooling = pooling_note(scenario.losses)
    pooled = f"Pooling: {pooling}" if pooling else ""
    return counting_words(scenario), pooled, reference_words(scenario), evidence_words(scenario)


def counting_words(scenario: Scenario) -> str:
    """How thresholds are counted, and why; empty where they are counted as by default."""
    keys, words = stock_keys(dict(scenario)), scenario.wording.words.counting
    if scenario.counting is None and keys:
        described = " and ".join(filter(None, [", ".join(keys[:-1]), keys[-1]]))
        return f"Counting: {words['strength']}, since the scenario has {described}"
    return f"Counting: {words[scenario.counting]}" if scenario.counting else ""


def unusable(scenario: Scenario) -> tuple[float, ...]:
    """Percentiles of what is left when all that can be used is gone; empty if it is nothing."""
    floor = scenario.force.floor
    if floor is None or scenario.counts_by != "strength":
        return ()
    return tuple(float(floor.ppf(level)) for level in INPUT_LEVELS)


def reference_words(scenario: Scenario) -> str:
    """How much the rate changes by `rate.reference`, and what that means; empty without it."""
    reference, scale = scenario.reference, scale_of(scenario)
    if reference is None or scale is None:
        return ""
    kinds = {"front": "whole fronts", "unit": "single contingents or classes of equipment"}
    kind = reference.kind and f"class {reference.kind} ({kinds[reference.kind]})"
    basis = f"from {kind}" if kind else "as given"
    if reference.series:
        beside = f", with {kind} assumed before" if kind else ""
        windows = f"{exact(round(scale.windows, 1))} independent windows of {scale.days} days"
        basis = f"from the series’ own past, {windows}{beside}"
    k = scale.k
    if k is None and reference.sd is not None:
        k = float(reference.sd.ppf(0.5) / spread(90.0))
    most, half = (
        " to ".join(exact(float(f"{math.exp(sign * log_factor):.2g}")) for sign in (-1, 1))
        for log_factor in (k or 0.0)
        * float(spread(90.0))
        * special.stdtrit(scale.degrees, np.array([0.95, 0.75]))
    )
    return (
        "Reference: in nine simulations of ten the mean rate of the 90 days after the count is "
        f"{most} times the rate before, in half of them {half} times. The spread is {basis}: "
        f"k {number(k or 0.0)}, {scale.degrees} degrees of freedom."
    )


def pooling_note(losses: Losses) -> str:
    """How claims are combined, and which are flows; empty for a single count."""
    n, words = len(losses.chosen), []
    if n > 1:
        words.append(f"{n} claims, each by itself" if losses.is_each else _pool_words(losses))
    beside = ", not pooled" if losses.totals else ""
    for name, claim in losses.flows:
        words.append(f"{name} is a flow of {exact(claim.days or 0.0)} days{beside}")
    return "; ".join(words)


def _pool_words(losses: Losses) -> str:
    weights = [exact(claim.weight) for _, claim in losses.chosen]
    shares = f"weights {' : '.join(weights)}" if len(set(weights)) > 1 else "equal weights"
    kind = {"linear": "linear pool", "quantile": "quantile average"}[losses.pooling]
    return f"{kind} of {len(weights)} claims, {shares}"


def _pooled(scenario: Scenario) -> tuple[Input, ...]:
    """Inputs pooled from at least two claims; a single claim has its own."""
    losses = scenario.losses
    return scenario.pooled if len(losses.chosen) > 1 and not losses.is_each else ()


def _shape(item: Input) -> tuple[float, ...]:
    low, high = item.distribution.ppf([0.005, 0.995])
    if not low < high:
        return ()
    edges = np.linspace(low, high, SHAPE_BINS + 1)
    below = item.distribution.cdf(edges)
    below[0] = 0.0  # all at or below the first edge belongs to the first step
    return tuple(np.diff(below).tolist())


def percentiles(law: Distribution) -> tuple[ValueQuantile, ...]:
    """The 5, 50 and 95 % points of an input."""
    return tuple(ValueQuantile(level, value_at(law, level)) for level in INPUT_LEVELS)


def value_at(law: Distribution, level: float) -> float | dt.date:
    """A quantile of an input, a date for a date input."""
    return _value(float(law.ppf(level)), law.axis)


def _value(value: float, axis: Axis) -> float | dt.date:
    return Day(value).date if axis == "date" else value


def evidence_words(scenario: Scenario) -> str:
    """The counts on which the result is updated, and how far they may lie; empty without any."""
    found, errors = evidence_of(scenario), scenario.evidence
    if not found:
        return ""
    listed = "; ".join(f"{count.label}" for count in found[:_MOST_NAMED])
    more = f"; {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    parts = (f"{name} {exact(getattr(errors, name))}" for name in type(errors).model_fields)
    return f"Evidence: {listed}{more}. Standard deviations of logarithms: {', '.join(parts)}."
