"""A scenario with a value in the place of another, and what a hint says to write instead."""

from __future__ import annotations

import copy
import functools
import re
import typing
from typing import Any

import pytest

from simulate.errors import Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.loader import load_mapping

FULL = """\
title: T
force: {size: 1e30}
prelude: {start: 2024-11-01, intensity: 0.2}
losses:
  start: 2024-12-06
  claims:
    - {count: 0.3, as_of: 2025-01-16, weight: 2}
    - {count: 0.2, as_of: 2025-01-16, days: 7}
rate: {multiplier: 1, trend_per_week: 0.01, strength_exponent: 0.1,
  drift: {sd: 0.1, correlation_days: 20}}
wounded: {share: 0.5, return_share: 0.5, return_days: 45}
rotation: {line_days: 20, at_loss_share: 0.2, rest_days: 7, rest_intensity: 0.1,
  return_intensity: 0.6}
reinforcements: [{date: 2025-02-01, size: 5}]
pauses: [{start: 2025-03-01, days: 5, intensity: 0.1}]
ends: [{label: E, date: 2025-06-01, probability: 0.2}]
observed: [{label: O, date: 2025-06-01, losses: 5000}]
published: [{label: P, date: 2025-06-01, threshold: 0.5}]
thresholds: [0.5]
levels: [0.5]
horizon: 2040-01-01
"""


def told(problem: Problem) -> tuple[str, ...]:
    """What a hint says to write: all it offers."""
    value = r"(\{.*?\}|-?[\d.]+(?:-\d\d-\d\d)?(?!\w))"
    if not problem.hint.startswith("write"):  # an example of any number
        return ()
    return tuple(re.findall(rf"(?:write|such as|or|last:|over [^:{{]+:) {value}", problem.hint))


@functools.cache
def _parsed() -> Any:
    return yaml_source.parse(FULL, "f").tree


def placed(value: Any, place: str) -> dict[str, Any]:
    tree = copy.deepcopy(_parsed())
    *above, last = (
        int(i) if i else key for key, i in re.findall(r"(\w+)(?<!\d\])|\[(\d+)\]", place)
    )
    inner = tree
    for step in above:
        inner = inner[step]
    inner[last] = value
    if place == "thresholds[0]":
        del tree["published"]
    return typing.cast("dict[str, Any]", tree)


def problem_with(value: Any, place: str) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        load_mapping(placed(value, place))
    problem, *_ = caught.value.problems  # then what the date that is meant contradicts
    return problem
