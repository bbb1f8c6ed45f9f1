"""How much the rate of a scenario changes: by its class, or as its series has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulate.scenario.arrays import Floats
from simulate.scenario.counts import Counts
from simulate.scenario.distributions import Distribution
from simulate.scenario.fields import ScenarioFields
from simulate.scenario.reference import DEGREES, spread
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
    counts: Counts, window: int, as_of: Day, *, days_left: float, prior: float = 1.0
) -> Scale | None:
    """The scale of a series' own past up to `as_of`; None if it has less than two windows.

    `days_left` are the median days until the force is lost; the rest is as in `past_scales`.
    """
    found = past_scales(counts, window, days_left, np.array([as_of]), prior)
    k, degrees, days, windows = (float(each[0]) for each in found)
    if as_of - counts.days[0] < 2.0 * (window + days):
        return None
    return Scale(k, int(degrees), int(days), windows)


def past_scales(
    counts: Counts, window: int, ahead: float, at: Floats, prior: float = 1.0
) -> tuple[Floats, Floats, Floats, Floats]:
    """The scales that a series shows up to the days `at`, with `prior` assumed beforehand.

    Origins are a week apart. Each has L, the logarithm of the mean rate of the next h days relative
    to that of the W days before, at most 2.3 either way. Squares L^2 / s(h)^2 count half for each
    365 days of age, and what is assumed beforehand counts as four windows.

    Parameters
    ----------
    counts : Counts
    window : int
        Days W before each origin whose losses give the rate.
    ahead : float
        H, the days it takes at an unchanging rate. Changes are measured over h days, the longest
        horizon that is not longer and has two windows of W + h days behind it, or else the
        shortest.
    at : array of shape (n,)
        Days since 1970; nothing after them is used.
    prior : float
        The spread k assumed beforehand.

    Returns
    -------
    k, degrees, h, windows : arrays of shape (n,)
        The spread, degrees of freedom, and the weight of the past in independent windows.
    """
    past = at - counts.days[0]
    days = np.full(at.shape, float(HORIZONS[0]))
    for each in HORIZONS[1:]:
        if each <= ahead:
            days[past >= 2 * (window + each)] = each
    before = np.arange(0, max(past.max(initial=0.0), 1.0), _WEEK)
    origins = (at - days)[:, np.newaxis] - before
    logs = _log_ratios(counts, origins, window, days[:, np.newaxis])
    weights = np.where(np.isnan(logs), 0.0, 0.5 ** (before / _HALF_LIFE))
    squares = np.nansum(weights * logs**2, axis=1) / np.maximum(weights.sum(axis=1), 1e-300)
    windows = np.clip(past / (window + days) - 1, 0.0, _EFFECTIVE_DAYS / (window + days))
    windows[~weights.any(axis=1)] = 0.0
    total = DEGREES + windows
    k = np.sqrt((DEGREES * prior**2 + windows * squares / spread(days) ** 2) / total)
    return k, np.minimum(np.rint(total), _MOST_DEGREES), days, windows


def _log_ratios(counts: Counts, origins: Floats, window: int, days: Floats) -> Floats:
    """ln(mean rate of the next days / of the window), NaN where either is not known."""
    start, now, end = (counts.at(each) for each in (origins - window, origins, origins + days))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log((end - now) / days / ((now - start) / window))
    known = (origins - window >= counts.days[0]) & (end > start)
    return np.where(known, np.clip(logs, -_LARGEST_CHANGE, _LARGEST_CHANGE), np.nan)
