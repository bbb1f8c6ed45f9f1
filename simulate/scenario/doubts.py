"""What can go wrong in some draws of a valid scenario, told without sampling."""

from __future__ import annotations

from simulate.scenario.distributions import Distribution
from simulate.scenario.model import FURTHEST_LEVEL, Scenario


def possible_doubts(scenario: Scenario) -> tuple[str, ...]:
    """Sentences about what the ranges of the inputs allow; empty where nothing is doubtful."""
    losses, force = scenario.losses, scenario.force
    count, size = _furthest(losses.count), _furthest(force.size)
    found = []
    if not count[0] > 0:
        found.append("losses.count can be zero or negative; such draws are never depleted")
    if not _furthest(losses.start)[1] < _furthest(losses.as_of)[0]:
        found.append("losses.start can fall after losses.as_of; such draws are never depleted")
    if force.as_of is None and count[1] > size[0]:
        found.append("losses.count can be above force.size")
    return tuple(found)


def _furthest(law: Distribution) -> tuple[float, float]:
    """The smallest and largest value any draw comes near."""
    return float(law.ppf(FURTHEST_LEVEL)), float(law.isf(FURTHEST_LEVEL))
