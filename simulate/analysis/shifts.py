"""How percentile dates move from one run to another that shares its random numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np

from simulate.analysis.binned import Binned, quantile_of, replicate_error
from simulate.analysis.outcomes import instant, passages_of
from simulate.analysis.values import Shift
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally

Run: TypeAlias = tuple[Plan, Tally]

INTERVAL_LEVELS = (0.05, 0.5, 0.95)
"""Percentiles whose shifts are told whatever percentiles are asked for."""


def shifts(
    before: Run, after: Run, thresholds: Iterable[float], levels: Iterable[float]
) -> Iterator[Shift]:
    """Shifts of percentile dates from one run to another with as many replicates.

    Parameters
    ----------
    before, after : pair of Plan and Tally
    thresholds : iterable of float
        Each a threshold of both.
    levels : iterable of float
    """
    levels = tuple(levels)
    origin, other = date_of_origin(before[0]), date_of_origin(after[0])
    later = (other - origin).days
    for threshold in thresholds:
        old, new = _passages(before, threshold), _passages(after, threshold)
        for level in levels:
            old_at, new_at = instant(old, origin, level), instant(new, other, level)
            if old_at.day is None or new_at.day is None:
                yield Shift(threshold, level, old_at, new_at, None, None)
                continue
            # In this order the same days on two origins are a whole number of days apart.
            days = later + (new_at.day - old_at.day)
            yield Shift(threshold, level, old_at, new_at, days, _error(old, new, level))


def _passages(of: Run, threshold: float) -> Binned:
    plan, tally = of
    return passages_of(plan, tally, plan.thresholds.index(threshold))


def _error(before: Binned, after: Binned, level: float) -> float | None:
    """Monte Carlo error of a difference of quantiles, from the replicates' differences."""
    pairs = zip(_by_replicate(before, level), _by_replicate(after, level), strict=True)
    differences = [a - b for b, a in pairs if b is not None and a is not None]
    all_exist = len(differences) == before.replicates
    return replicate_error(np.array(differences)) if all_exist else None


def _by_replicate(of: Binned, level: float) -> list[float | None]:
    return [quantile_of(of.edges, counts, level * of.draws) for counts in of.by_replicate]


def date_of_origin(plan: Plan) -> dt.date:
    """The date from which the days of a plan are counted."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=plan.origin)
