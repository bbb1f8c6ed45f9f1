"""The operational clock: time measured in days at the reported rate of loss.

After the day of the count losses run at the rate r times an intensity: a multiplier, a trend,
pauses, steps, a season. Losses since the count are r times this clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from simulate.engine.season import Season
from simulate.scenario.arrays import Bools, Floats, Ints, at_least, at_most

_FLAT = 1e-12
"""Growth per day below which a trend counts as none; no horizon is long enough for it to show."""

_STEEPEST = 600.0  # logarithm of a growth that uses up any force, yet is below the largest float
LONGEST = 1e150
"""Where a clock stops, in days: losses by then exceed any force but are still a float."""

QUIET = np.errstate(divide="ignore", invalid="ignore", over="ignore")
"""Overflow is cut off at the largest floats, and NaN means never."""


class Pause(Struct, frozen=True):
    """A period with an intensity of its own; arrays of shape (n,), times in days."""

    start: Floats
    end: Floats
    intensity: Floats


class Step(Struct, frozen=True):
    """A factor of the intensity that holds from a time on; arrays of shape (n,)."""

    start: Floats
    factor: Floats


class _Stretches(Struct, frozen=True):
    """Stretches of constant intensity, shape (stretches, n): values where each begins.

    `running` is what the clock would show without pauses and steps.
    """

    time: Floats
    shown: Floats
    running: Floats
    intensity: Floats


def _rows(number: Ints, *arrays: Floats) -> Iterator[Floats]:
    """For each array (stretches, n), each draw's own row, shape (n,)."""
    return (np.take_along_axis(array, number[np.newaxis], axis=0)[0] for array in arrays)


class Clock(Struct, frozen=True, dict=True):
    """The clocks of n draws.

    Parameters
    ----------
    zero : ndarray, shape (n,)
        The day of the count, where the clock shows zero and from which the trend is counted.
    multiplier : ndarray, shape (n,)
        Intensity right after `zero`.
    growth : ndarray, shape (n,)
        Growth of the logarithm of the intensity per day, the weekly trend over seven.
    pauses : sequence of Pause
        In any order. The trend runs on during a pause.
    steps : sequence of Step
        In any order, before, between and in pauses; a step before `zero` holds from `zero` on.
    until : ndarray, shape (n,), optional
        Where the trend stops; the intensity stays what it is.
    season : Season, optional
        Only without a trend.
    """

    zero: Floats
    multiplier: Floats
    growth: Floats
    pauses: Sequence[Pause] = ()
    steps: Sequence[Step] = ()
    until: Floats | None = None
    season: Season | None = None

    @property
    def edges(self) -> list[Floats]:
        """Where the intensity jumps or its growth changes, but for the season; (n,) each."""
        return self._jumps if self.until is None else [*self._jumps, self.until]

    @property
    def _jumps(self) -> list[Floats]:
        edges = [edge for pause in self.pauses for edge in (pause.start, pause.end)]
        return edges + [step.start for step in self.steps]

    @QUIET
    def pace(self, time: Floats) -> tuple[Floats, Floats]:
        """Intensity from each time on, without the season, and its growth a day; (n,) each."""
        growth, days = self.growth, at_least(time - self.zero, 0.0)
        if self.until is not None:
            days = np.minimum(days, self._trend_days)
            growth = np.where(time < self.until, growth, 0.0)
        pace = self.multiplier * np.exp(at_most(self.growth * days, _STEEPEST))
        if self._jumps:
            begun = self._stretches
            here = np.count_nonzero(begun.time[1:] <= time, axis=0)
            pace = pace * next(_rows(here, begun.intensity))
        return np.where(time < self.zero, 0.0, pace), growth

    @cached_property
    def _trend_days(self) -> Floats:
        """Days from `zero` to where the trend stops."""
        until = np.inf if self.until is None else self.until
        return np.maximum(until - self.zero, 0.0)

    @cached_property
    def _steep(self) -> Bools:
        return np.abs(self.growth) > _FLAT

    @cached_property
    def _bends(self) -> bool:
        """Whether there is a trend in any draw."""
        return bool(self._steep.any())

    @QUIET
    def at(self, time: Floats) -> Floats:
        """What the clock shows, nothing before `zero`; shape (n,)."""
        running = self._unpaused(time)
        if not self._jumps:
            return running
        begun = self._stretches
        here = np.count_nonzero(begun.time[1:] <= time, axis=0)
        shown, ran, pace = _rows(here, begun.shown, begun.running, begun.intensity)
        return at_most(shown + pace * (running - ran), LONGEST)

    def when(self, shown: Floats) -> Floats:
        """The first time at which the clock shows `shown` (n,), inf where it never does."""
        if not self._jumps:
            return self._inverse(self.zero, shown, 1.0)
        begun = self._stretches
        here = np.count_nonzero(begun.shown[1:] < shown, axis=0)
        time, before, pace = _rows(here, begun.time, begun.shown, begun.intensity)
        return self._inverse(time, shown - before, pace)

    @cached_property
    @QUIET
    def _stretches(self) -> _Stretches:
        """From `zero` to the first edge, from there to the next, and so on."""
        edges = np.stack(np.broadcast_arrays(self.zero, *self._jumps))
        time = np.sort(np.maximum(edges, self.zero), axis=0)
        intensity = np.ones(time.shape)
        for pause in self.pauses:
            intensity *= np.where((pause.start <= time) & (time < pause.end), pause.intensity, 1.0)
        for step in self.steps:
            intensity *= np.where(step.start <= time, step.factor, 1.0)
        running = np.stack([self._unpaused(edge) for edge in time])
        shown = np.zeros_like(time)
        np.cumsum(intensity[:-1] * np.diff(running, axis=0), axis=0, out=shown[1:])
        return _Stretches(time, np.minimum(shown, LONGEST), running, intensity)

    @QUIET
    def _unpaused(self, time: Floats) -> Floats:
        """The clock without pauses and steps: multiplier * (exp(growth * days) - 1) / growth."""
        worth = at_least(time - self.zero, 0.0)
        if self.season is not None:
            worth = np.maximum(self.season.at(time) - self.season.at(self.zero), 0.0)
        if self._bends:
            steep, after = self._steep, np.zeros_like(worth)
            if self.until is not None:
                after = np.maximum(worth - self._trend_days, 0.0)
                worth = np.minimum(worth, self._trend_days)
                after = after * np.exp(at_most(self.growth * worth, _STEEPEST))
            grown = np.expm1(at_most(self.growth * worth, _STEEPEST))
            worth = np.where(steep, grown / np.where(steep, self.growth, 1.0), worth) + after
        return at_most(self.multiplier * worth, LONGEST)

    @QUIET
    def _inverse(self, begun: Floats, worth: Floats, intensity: Floats | float) -> Floats:
        """When the clock has advanced by `worth` since `begun`, at the given intensity."""
        pace = intensity * self.multiplier
        if self.until is not None and self._bends:
            then = np.maximum(begun, self.zero + self._trend_days)
            left = worth - intensity * (self._unpaused(then) - self._unpaused(begun))
            late = pace * np.exp(np.minimum(self.growth * self._trend_days, _STEEPEST))
            later = then + np.where(left > 0, left / late, 0.0)
        if self._bends:
            steep = self._steep
            growth = np.where(steep, self.growth, 0.0)
            pace = pace * np.exp(growth * (begun - self.zero))
        days = np.where(worth > 0, worth / pace, 0.0)
        if self.season is not None:
            there = self.season.when(self.season.at(begun) + days)
            return np.where(days > 0, np.where(np.isnan(days), np.inf, there), begun)
        if self._bends:
            bent = np.log1p(growth * days)
            days = np.where(steep, bent / np.where(steep, growth, 1.0), days)
        # A trend that dies out may never get there.
        found = begun + np.where(np.isnan(days), np.inf, days)
        if self.until is not None and self._bends:
            return np.where(left > 0, later, found)
        return found
