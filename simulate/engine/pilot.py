"""A few draws beforehand, to choose bins by; they do not depend on seed or method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from simulate.engine.design import design_for
from simulate.engine.grid import RateGrid
from simulate.engine.points import METHODS
from simulate.engine.shape import Draws
from simulate.engine.strength import Sketch, StrengthGrid, depletion_times, moments_for

if TYPE_CHECKING:
    from simulate.engine.plan import Plan

_DRAWS = 4096
_MARGIN = 4.0
_SETTLED = 0.99
"""Where this share of draws is depleted, bands of strength up to the 95th percentile have ended."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """The draws of a plan without bins."""

    plan: Plan
    draws: Draws

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The pilot of a plan."""
        design = design_for("lattice", 8 * _DRAWS)
        points = next(METHODS["lattice"](design, 0, plan.names, 0, 0))
        return cls(plan, plan.draws(points)._replace(seed=0))

    def rate_grid(self) -> RateGrid:
        """Bins for the loss rates."""
        rate = self.plan.loss_rates(self.draws)
        rate = rate[rate > 0]
        if not rate.size:
            return RateGrid(1.0, 1.0)
        low, high = float(rate.min()), float(rate.max())
        return RateGrid(low, high) if low == high else RateGrid(low / _MARGIN, high * _MARGIN)

    def strength_grid(self, days: Sequence[int], *, every_day: bool) -> StrengthGrid | None:
        """Moments and bins for strength and losses: some days and, if asked for, every day."""
        times = tuple(map(float, days))
        if every_day:
            times = moments_for(0, self._last_change(), days)
        if not times:
            return None
        sketch = Sketch(times)
        self.plan.first_passage(self.draws, [sketch])
        return sketch.grid(times)

    def _last_change(self) -> int:
        """The day after which hardly any draw changes, at most the horizon."""
        if self.plan.shape.road != "straight":
            return self.plan.times.days
        ended = depletion_times(self.draws.values)
        if self.draws.end_time is not None:
            ended = np.minimum(ended, self.draws.end_time)
        # The nearest one above, since there is nothing between a number and infinity.
        last = float(np.quantile(ended, _SETTLED, method="higher"))
        return max(int(min(last + 1.0, float(self.plan.times.days))), 1)
