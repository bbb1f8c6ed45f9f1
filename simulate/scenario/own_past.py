"""How much the rate of a scenario changes: by its class, or as its series has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulate.scenario.distributions import Distribution
from simulate.scenario.fields import ScenarioFields
from simulate.scenario.reference import DEGREES, spread
from simulate.scenario.series import Counts
from simulate.scenario.stocks import Amount, is_left
from simulate.scenario.values import Contradiction, Day

HORIZONS = (28, 56, 90, 180)
"""Days over which changes are measured, from the shortest."""

_LARGEST_CHANGE = 2.3
_HALF_LIFE = 365.0
_EFFECTIVE_DAYS = 1.44 * _HALF_LIFE
"""Days that weights with this half-life amount to."""

_MOST_DEGREES = 12
_WEEK = 7.0


class Scale(NamedTuple):
    """How much rates change: the spread k, None where `sd` gives it, and degrees of freedom.

    From a series' own past also the days over which changes are measured and the weight of the
    past, in independent windows.
    """

    k: float | None
    degrees: int
    days: int = 0
    windows: float = 0.0


def scale_of(scenario: ScenarioFields) -> Scale | None:
    """The scale of `rate.reference`; None without it, or if its series is missing or too short."""
    reference, losses = scenario.reference, scenario.losses
    if reference is None:
        return None
    if not reference.series:
        return Scale(None if reference.kind is None else reference.prior, DEGREES)
    if losses.series is None or losses.as_of is None:
        return None
    window, as_of = losses.series.window, Day(losses.as_of.support[0])
    days_left, prior = _days_left(scenario, window, as_of), reference.prior
    return own_past(losses.series.counts, window, as_of, days_left=days_left, prior=prior)


def _days_left(scenario: ScenarioFields, window: int, as_of: float) -> float:
    """Days from `as_of` to the last threshold at the rate of the window, from medians."""
    force, (_, size) = scenario.force, scenario.force.stock
    whole = _median(size) * _median(force.usable, 1.0)
    most = max(
        (whole - q if is_left(q) else float(q))
        if isinstance(q, Amount)
        else q * (whole - _median(force.floor))
        for q in scenario.thresholds
    )
    start = as_of - window
    since = start if force.measured is None else max(start, _median(force.measured[1]))
    return since + most * window / _median(scenario.losses.count) - as_of


def _median(law: Distribution | None, default: float = 0.0) -> float:
    return default if law is None else float(law.ppf(0.5))


def without_past(scenario: ScenarioFields) -> Iterator[Contradiction]:
    """A reference to the past of a series that is missing or too short."""
    reference, series = scenario.reference, scenario.losses.series
    if reference is None or scale_of(scenario) is not None:
        return
    at, hint = "rate.reference.series", "give rate.reference.class, unit or front, in its place"
    if series is None:
        yield Contradiction(at, f"{at} needs losses.series, whose past it measures", hint)
    else:
        days = 2 * (series.window + HORIZONS[0])
        message = f"{at} needs {days} days of {series.file} before as_of: two windows of "
        message += f"{series.window} days, each with the {HORIZONS[0]} days after it"
        yield Contradiction(at, message, f"{hint}, or a shorter window")


def own_past(
    counts: Counts, window: float, as_of: Day, *, days_left: float, prior: float = 1.0
) -> Scale | None:
    """The scale of a series' own past; None if it has less than two windows.

    Parameters
    ----------
    counts : Counts
    window : float
        Days W before each origin whose losses give the rate.
    as_of : Day
        Nothing later is used.
    days_left : float
        Median days until the force is lost. Changes are measured over h days, the longest horizon
        that is not longer and has two windows of W + h days behind it, or else the shortest.
    prior : float
        The spread k assumed beforehand.

    Notes
    -----
    Origins are a week apart. Each has L, the logarithm of the mean rate of the next h days relative
    to that of the W days before, at most 2.3 either way. Squares L^2 / s(h)^2 count half for each
    365 days of age.
    """
    past = float(as_of - counts.days[0])
    possible = [h for h in HORIZONS if h <= days_left and past >= 2.0 * (window + h)]
    h = max(possible, default=HORIZONS[0])
    each = window + h
    if past < 2.0 * each:
        return None
    origins = np.arange(as_of - h, counts.days[0] + window - 1e-9, -_WEEK)
    begun, now, then = (
        np.interp(origins + shift, counts.days, counts.totals) for shift in (-window, 0.0, h)
    )
    before, after = (now - begun) / window, (then - now) / h
    known = (before > 0) | (after > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.clip(np.log(after / before)[known], -_LARGEST_CHANGE, _LARGEST_CHANGE)
    weight = 0.5 ** ((as_of - origins[known]) / _HALF_LIFE)
    mean = float(np.sum(weight * change**2) / np.sum(weight)) / float(spread(h)) ** 2
    windows = min((past - each) / each, _EFFECTIVE_DAYS / each)
    squared = (DEGREES * prior**2 + windows * mean) / (DEGREES + windows)
    return Scale(float(np.sqrt(squared)), min(_MOST_DEGREES, round(DEGREES + windows)), h, windows)
