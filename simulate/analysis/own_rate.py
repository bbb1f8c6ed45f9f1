"""The forecast of a scenario's own rate block, wherever the claim is made."""

from __future__ import annotations

import numpy as np

from simulate.engine.pilot_run import plan_for
from simulate.engine.redraw import replayed
from simulate.scenario.arrays import Floats
from simulate.scenario.dynamics import Rate
from simulate.scenario.fields import LONGEST_HORIZON_DAYS
from simulate.scenario.model import Scenario
from simulate.scenario.stocks import DAYS_IN
from simulate.scenario.values import Sourced

_DRAWS = 2**13
_LATEST = 10
"""Times the days: what is later counts as never."""

_ANYWHERE = {"multiplier", "drift", "reference", *(f"trend_per_{per}" for per in DAYS_IN)}
"""Keys whose effect does not depend on the calendar or on how much is left."""


def given_keys(rate: Rate | None) -> set[str]:
    """The keys of a rate block, but for what is said about it."""
    return set() if rate is None else rate.model_fields_set - set(Sourced.model_fields)


def is_testable(rate: Rate) -> bool:
    """Whether the rate changes in the same way wherever the claim is made."""
    of_series = rate.reference is not None and rate.reference.series
    return len(given_keys(rate)) > 0 and given_keys(rate) <= _ANYWHERE and not of_series


def times(rate: Rate, days: int) -> Floats:
    """Days until that many days' worth is lost, in the order of time, inf for never.

    The draws of a scenario with one unit a day and as many units as days, whose rate block this is.
    """
    scenario = Scenario.model_validate(
        {
            "title": "T",
            "force": {"size": days, "as_of": "2000-01-01"},
            "losses": {"rate": 1, "per": "day"},
            "rate": rate,
            "horizon": min(_LATEST * days, LONGEST_HORIZON_DAYS),
        }
    )
    plan = plan_for(scenario, draws=_DRAWS, seed=0, method="lattice")
    return np.sort(np.concatenate([block.time[0] for block in replayed(plan)]))
