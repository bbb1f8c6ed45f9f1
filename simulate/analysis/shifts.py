"""How percentile dates move from one run to another that shares its random numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np

from simulate.analysis.binned import Binned, quantile_of, replicate_error
from simulate.analysis.outcomes import instant, passages_of
from simulate.analysis.values import Shift
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.scenario.values import Day

Run: TypeAlias = tuple[Plan, Tally]

INTERVAL_LEVELS = (0.05, 0.5, 0.95)
"""Percentiles whose shifts are always reported."""


def shifts(
    before: Run, after: Run, thresholds: Iterable[float], levels: Iterable[float]
) -> Iterator[Shift]:
    """Shifts of percentile dates between runs with the same thresholds and replicates."""
    levels = tuple(levels)
    origin, other = Day(before[0].origin).date, Day(after[0].origin).date
    later = (other - origin).days
    for threshold in thresholds:
        old, new = passages_at(before, threshold), passages_at(after, threshold)
        for level in levels:
            old_at, new_at = instant(old, origin, level), instant(new, other, level)
            if old_at.day is None or new_at.day is None:
                yield Shift(threshold, level, old_at, new_at, None, None)
                continue
            # In this order, equal days on two origins are exactly a whole number of days apart.
            days = later + (new_at.day - old_at.day)
            yield Shift(threshold, level, old_at, new_at, days, _error(old, new, level))


def passages_at(run: Run, threshold: float) -> Binned:
    """The first passages of a threshold, in days since the run's origin."""
    plan, tally = run
    return passages_of(plan, tally, plan.thresholds.index(threshold))


def _error(before: Binned, after: Binned, level: float) -> float | None:
    """Monte Carlo error of a difference of quantiles, from the replicates' differences."""
    pairs = zip(_by_replicate(before, level), _by_replicate(after, level), strict=True)
    differences = [a - b for b, a in pairs if b is not None and a is not None]
    all_exist = len(differences) == before.replicates
    return replicate_error(np.array(differences)) if all_exist else None


def _by_replicate(of: Binned, level: float) -> list[float | None]:
    return [quantile_of(of.edges, counts, level * of.draws) for counts in of.by_replicate]
