"""Losses against an inflow: exactly, between two events.

Within a step the losses a day are p exp(g t), p and the growth g known, and the inflow b a day is
constant, so that the strength changes by b t - p (exp(g t) - 1) / g and has at most one extremum.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct

from simulate.engine.clock import QUIET
from simulate.engine.first_passage import EVEN, falling
from simulate.engine.walk.returning import STEEPEST, Stretch, grown
from simulate.scenario.arrays import Bools, Floats

_MOST_ROUNDS = 200


def losses_after(loss: Floats, growth: Floats, days: Floats) -> Floats:
    """Losses in some days, p (exp(g t) - 1) / g."""
    return loss * grown(growth, days)


@QUIET
def turning(loss: Floats, growth: Floats, inflow: Floats) -> Floats:
    """Days until the inflow equals the losses, inf where that is past or never."""
    days = np.log(inflow / loss) / growth
    return np.where(days > 0, days, np.inf)


@QUIET
def first_at(above: Floats, loss: Floats, growth: Floats, inflow: Floats, days: Floats) -> Floats:
    """Days until the strength has fallen by `above`, inf where it has not within `days`.

    Newton's method on the only stretch of the step in which the strength falls. It approaches from
    the side where it cannot overshoot; the bracket guards against rounding.
    """
    falls = falling(loss, inflow)
    even = np.abs(growth * days) < EVEN
    found = np.where(even & (falls > 0), above / falls, np.inf)
    found[found > days] = np.inf
    turn = np.minimum(turning(loss, growth, inflow), days)
    # Before the maximum, or after the minimum, the strength rises.
    low = np.where((growth > 0) & (falls <= 0), turn, 0.0)
    high = np.where(growth < 0, turn, days)

    left = above + inflow * high - losses_after(loss, growth, high)
    found[~even] = np.inf
    i = np.flatnonzero(~even & ~((growth < 0) & (falls <= 0)) & (left <= 0))
    if i.size:
        found[i] = _root(above[i], loss[i], growth[i], inflow[i], (low[i], high[i]))
    return found


def _root(
    above: Floats, loss: Floats, growth: Floats, inflow: Floats, bracket: tuple[Floats, Floats]
) -> Floats:
    """When losses less inflow are `above`, in a bracket over which the strength only falls.

    Losses that grow are compared by their logarithms: far beyond the root these are straight.
    """
    grows, (low, high) = growth > 0, bracket
    done = (above <= 0) & (low == 0)  # where it falls at once
    at = np.where(grows & ~done, high, low)
    for _ in range(_MOST_ROUNDS):
        worth = 1.0 + growth * (above + inflow * at) / loss
        left = above + inflow * at - losses_after(loss, growth, at)
        value = np.where(grows, np.log(worth) - growth * at, left)
        pace = loss * np.exp(np.minimum(growth * at, STEEPEST))
        slope = np.where(grows, growth * (inflow / (loss * worth) - 1.0), inflow - pace)
        low, high = np.where(value > 0, at, low), np.where(value > 0, high, at)
        then = at - value / slope
        then = np.where((then >= low) & (then <= high), then, 0.5 * (low + high))
        rounding = 4.0 * np.spacing(above + inflow * at)
        near = (np.abs(left) <= rounding) | (np.abs(then - at) <= 4.0 * np.spacing(np.abs(then)))
        at = np.where(done, at, then)  # the same whatever the other draws still need
        done |= near
        if done.all():
            break
    return at


class Flow(Struct, frozen=True, dict=True):
    """The strength of n draws at the beginning of a step, and losses and inflow a day.

    Losses grow by the factor exp(`growth`) a day; arrays of shape (n,).
    """

    strength: Floats
    loss: Floats
    growth: Floats
    inflow: Floats

    @cached_property
    def absorbed(self) -> Bools:
        """Where nothing is left and no less is lost than comes in, so that it stays like that."""
        slack = np.where(self.growth > 0, -EVEN, EVEN)
        return (self.strength <= 0) & (self.loss > self.inflow * (1.0 + slack))

    def lasts(self, days: Floats) -> tuple[Floats, Bools]:
        """Days, not more than `days`, until nothing is left or something is again.

        Also where nothing is left by then.
        """
        empty = first_at(self.strength, self.loss, self.growth, self.inflow, days)
        again = turning(self.loss, self.growth, self.inflow)
        until = np.minimum(days, np.where(self.absorbed, again, empty))
        return until, self.absorbed | np.isfinite(empty)

    def lowest(self, end: Floats, rise: float, days: Floats) -> Floats:
        """How far the strength falls, less what a threshold rises, if it ends a step at `end`."""
        if not (self.growth < 0).any():
            return end
        inflow = self.inflow * (1.0 - rise)
        turn = np.minimum(turning(self.loss, self.growth, inflow), days)
        least = self.strength + inflow * turn - losses_after(self.loss, self.growth, turn)
        return np.where((self.growth < 0) & (turn < days), np.minimum(end, least), end)

    def days_until(self, left: Floats | float, rise: float, days: Floats) -> Floats:
        """Days until a threshold that is reached within `days`, but for rounding."""
        above, inflow = self.strength - left, self.inflow * (1.0 - rise)
        found = np.minimum(first_at(above, self.loss, self.growth, inflow, days), days)
        return np.where(above <= 0, 0.0, found)

    @QUIET
    def days_for(self, losses: Floats) -> Floats:
        """Days until `losses` more are lost, inf for never."""
        free = Stretch(self.loss, self.growth, 0.0, 0.0).when_lost(losses)
        found = np.where(self.absorbed, losses / self.inflow, free)
        return np.where(losses > 0, found, 0.0)
