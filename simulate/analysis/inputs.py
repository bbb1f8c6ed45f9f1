"""What a scenario says of its inputs, free of Monte Carlo error."""

from __future__ import annotations

import datetime as dt

import numpy as np

from simulate.analysis.summary import InputSummary, ValueQuantile
from simulate.scenario.model import Input, Scenario
from simulate.scenario.values import Axis, Day

INPUT_LEVELS = (0.05, 0.5, 0.95)
SHAPE_BINS = 16


def input_summary(item: Input) -> InputSummary:
    """One input as the scenario defines it."""
    law = item.distribution
    mean = law.expectation
    return InputSummary(
        name=item.name,
        distribution=law.describe(),
        source=item.source,
        mean=None if mean is None else _value(mean, law.axis),
        quantiles=tuple(
            ValueQuantile(level, _value(float(law.ppf(level)), law.axis)) for level in INPUT_LEVELS
        ),
    )


def describe_inputs(scenario: Scenario) -> tuple[tuple[InputSummary, tuple[float, ...]], ...]:
    """Each input with its shape: probabilities of equal steps from percentile 0.5 to 99.5."""
    return tuple((input_summary(item), _shape(item)) for item in scenario.inputs)


def _shape(item: Input) -> tuple[float, ...]:
    low, high = item.distribution.ppf([0.005, 0.995])
    if not low < high:
        return ()
    edges = np.linspace(low, high, SHAPE_BINS + 1)
    below = item.distribution.cdf(edges)
    below[0] = 0.0  # what lies at or below the first edge belongs to the first step
    return tuple(np.diff(below).tolist())


def _value(value: float, axis: Axis) -> float | dt.date:
    return Day(value).date if axis == "date" else value
