"""The operational clock: how many days at the reported rate a stretch of time is worth.

After the day of the count losses run at the rate r times an intensity: a multiplier, a weekly
trend, pauses. Losses since the count are r times this clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_FLAT = 1e-12
"""A growth per day below which a trend is none; it would take longer than any horizon to show."""

_STEEPEST = 600.0
"""Logarithm of a growth after which any force is used up, and short of the largest float."""


class Pause(NamedTuple):
    """A period with an intensity of its own; arrays of shape (n,), times in days."""

    start: Floats
    end: Floats
    intensity: Floats


@dataclass(frozen=True)
class Clock:
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
        In the order of time, not overlapping. The trend runs on during a pause.
    """

    zero: Floats
    multiplier: Floats
    growth: Floats
    pauses: Sequence[Pause] = ()

    @cached_property
    def _steep(self) -> npt.NDArray[np.bool_]:
        return np.abs(self.growth) > _FLAT

    @cached_property
    def _bends(self) -> bool:
        """Whether there is a trend in any draw."""
        return bool(self._steep.any())

    def at(self, time: Floats) -> Floats:
        """What the clock shows at times not before `zero`, shape (n,)."""
        shown = self._unpaused(time)
        for pause in self.pauses:
            start, end = (np.clip(edge, self.zero, time) for edge in (pause.start, pause.end))
            lost = self._unpaused(end) - self._unpaused(start)
            shown = shown - (1.0 - pause.intensity) * lost
        return shown

    def when(self, shown: Floats) -> Floats:
        """The first time at which the clock shows `shown` (n,), inf where it never does."""
        # Walk through the pauses in order: each takes its share off what is still to be run.
        left, begun, time = shown, self.zero, np.full(np.shape(shown), np.inf)
        for pause in self.pauses:
            for edge, intensity in ((pause.start, 1.0), (pause.end, pause.intensity)):
                upto = np.maximum(edge, begun)
                worth = intensity * (self._unpaused(upto) - self._unpaused(begun))
                here = np.isinf(time) & (left <= worth)
                time = np.where(here, self._inverse(begun, left, intensity), time)
                left, begun = left - worth, upto
        return np.where(np.isinf(time), self._inverse(begun, left, 1.0), time)

    def _unpaused(self, time: Floats) -> Floats:
        """The clock without its pauses: multiplier * (exp(growth * days) - 1) / growth."""
        days = time - self.zero
        if not self._bends:
            return self.multiplier * days
        steep = self._steep
        grown = np.expm1(np.minimum(self.growth * days, _STEEPEST))
        return self.multiplier * np.where(steep, grown / np.where(steep, self.growth, 1.0), days)

    def _inverse(self, begun: Floats, worth: Floats, intensity: Floats | float) -> Floats:
        """When the clock has advanced by `worth` since `begun`, at the given intensity."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            pace = intensity * self.multiplier
            if self._bends:
                steep = self._steep
                growth = np.where(steep, self.growth, 0.0)
                pace = pace * np.exp(growth * (begun - self.zero))
            days = np.where(worth > 0, worth / pace, 0.0)
            if self._bends:
                bent = np.log1p(growth * days)
                days = np.where(steep, bent / np.where(steep, growth, 1.0), days)
        # A trend that dies out may never get there.
        return begun + np.where(np.isnan(days), np.inf, days)
