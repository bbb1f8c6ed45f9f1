"""What a run keeps of its draws: counts, which add exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct

from simulate.engine.evidence import WeightedTally
from simulate.engine.extremes import Extremes
from simulate.engine.strength import StrengthTally
from simulate.scenario.arrays import Ints

NO_RATE = "no positive loss rate"
HORIZON = "horizon"
INFLOW = "inflow exceeds losses"


class Tally(Struct, frozen=True, eq=False):
    """Counts of draws, by replicate, and the extreme first passages and rates met in each bin.

    `passed` counts the draws whose threshold lies on or before the day of the count, `over` those
    whose count is above all who were sent. In `times_met`, never lies beyond the bins.
    """

    passages: Ints  # (replicates, thresholds, time bins)
    never: Ints  # (replicates, thresholds, causes)
    passed: Ints  # (replicates, thresholds)
    rates: Ints  # (replicates, rate bins + 2)
    over: Ints  # (replicates,)
    times_met: Extremes  # (thresholds, time bins + causes)
    rates_met: Extremes  # (rate bins + 2,)
    strength: StrengthTally | None = None
    updated: WeightedTally | None = None
    groups: Ints | None = None  # (replicates, thresholds, groups of sources, days)

    def __eq__(self, other: object) -> bool:
        # Arrays have no single truth value.
        return isinstance(other, Tally) and _same(self, other)

    __hash__ = None  # type: ignore[assignment]  # counts are added to


def add_part(whole: Any, part: Any, replicate: int) -> None:
    """Add the counts of a part of a tally that holds one replicate, in place."""
    if isinstance(whole, Extremes):
        whole.merge(part)
    elif isinstance(whole, np.ndarray):
        whole[replicate : replicate + 1] += part
    elif isinstance(whole, Struct):
        for name in whole.__struct_fields__:
            add_part(getattr(whole, name), getattr(part, name), replicate)


def _same(one: Any, other: Any) -> bool:
    """Whether two tallies, or two parts of them, hold the same counts."""
    if isinstance(one, Struct):
        names = one.__struct_fields__
        return all(_same(getattr(one, name), getattr(other, name)) for name in names)
    return np.array_equal(one, other)
