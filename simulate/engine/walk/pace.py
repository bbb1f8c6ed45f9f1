"""How losses run until the next event, and what a step leads to."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct

from simulate.engine.bent_line import Attrition
from simulate.engine.clock import LONGEST, Clock
from simulate.engine.walk.inflow import Flow
from simulate.engine.walk.returning import Stretch, grown
from simulate.engine.walk.walkers import State, Terms
from simulate.scenario.arrays import Floats, Ints, at_least, at_most

_ROUNDS = 5  # of an iteration that starts with an error of some thousandths of a day


class Step(NamedTuple):
    """A step to `upto`: what the clock shows then, and the strength left if nobody returns.

    At a constant rate that can be below zero; `spent` is as in `State`.
    """

    upto: Floats
    shown: Floats
    left: Floats
    spent: Floats

    def put(self, i: Ints, part: Step) -> None:
        """Replace the steps of some draws, in place."""
        for whole, some in zip(self, part, strict=True):
            whole[i] = some


class Pace(Struct, frozen=True):
    """How losses run until the next event; arrays of shape (n,).

    The clock has advanced by `spent` since the strength was `base`. Of the `coming` men who return
    each day, or come in, half count as present from the start. Where `flow` is given, it is exact.
    """

    time: Floats
    shown: Floats
    strength: Floats
    base: Floats
    spent: Floats
    coming: Floats | None
    intensity: Floats
    clock: Clock
    attrition: Attrition
    inflow: Floats | None
    flow: Flow | None

    @classmethod
    def of(cls, terms: Terms, state: State) -> Self:
        """The pace at the present state of some draws."""
        base, spent, coming, flow = state.base, state.spent, None, None
        inflow = terms.inflow(state.time)
        if terms.recovery is not None or inflow is not None:
            base, spent = state.strength, np.zeros_like(state.spent)
            if not terms.attrition.is_constant:
                # A draw at a constant rate gives the same bits alone and among others.
                coming = state.coming if inflow is None else state.coming + inflow
                coming = np.where(terms.attrition.exponent == 0.0, 0.0, coming)
        intensity = state.turn
        if terms.drift is not None:
            days = terms.day(state.time).astype(np.int64) % len(state.paces)
            intensity = intensity * np.take_along_axis(state.paces, days[np.newaxis], axis=0)[0]
        if terms.season is not None:
            intensity = intensity * terms.season.factor(state.time)
        if inflow is not None and terms.exact:
            pace, growth = terms.clock.pace(state.time)
            flow = Flow(state.strength, terms.attrition.rate * intensity * pace, growth, inflow)
        return cls(
            time=state.time,
            shown=state.shown,
            strength=state.strength,
            base=base,
            spent=spent,
            coming=coming,
            intensity=intensity,
            clock=terms.clock,
            attrition=terms.attrition,
            inflow=inflow,
            flow=flow,
        )

    def step(self, upto: Floats) -> Step:
        """The step to `upto`, which is not later than the next event."""
        base, shown = self._present(upto - self.time), self.clock.at(upto)
        with np.errstate(over="ignore"):
            spent = self.spent + at_most((shown - self.shown) * self.intensity, LONGEST)
        left = self.attrition.left_after(base, spent)
        if self.coming is not None:
            left = left + (self.strength - base)
            if self.inflow is not None:
                days = upto - self.time
                left = self._extrapolated(left, self.coming, days, spent - self.spent)
        if self.flow is not None:
            left = np.where(self.flow.absorbed, -self.flow.inflow * (upto - self.time), left)
        return Step(upto, shown, np.minimum(left, self.strength), spent)  # not above by rounding

    def _extrapolated(self, left: Floats, coming: Floats, days: Floats, spent: Floats) -> Floats:
        """The strength left as if by far shorter steps, by Richardson's extrapolation.

        Half of what comes before the losses and half after them is of order 2 (Strang 1968). In
        half the `days` the clock advances by 1 / (1 + exp(growth days / 2)) of what is `spent`.
        """
        half, quarter = 0.5 * spent, 0.25 * coming * days
        if np.any(self.clock.growth):
            half = spent / (1.0 + np.exp(0.5 * days * self.clock.pace(self.time)[1]))
        middle = self.attrition.left_after(self.strength + quarter, half) + quarter
        found = self.attrition.left_after(middle + quarter, spent - half) - 3.0 * quarter
        return np.where((coming > 0) & (middle > quarter), (4.0 * found - left) / 3.0, left)

    def when_lost(self, losses: Floats, days: Floats | float = 1.0) -> Floats:
        """When `losses` more are lost, in a step of `days`; inf for never."""
        if self.flow is not None:
            return self.time + self.flow.days_for(at_least(losses, 0.0))
        return self.when_left(self.strength - at_least(losses, 0.0), days)

    def when_left(self, left: Floats, days: Floats | float = 1.0) -> Floats:
        """When the strength has fallen to `left` if nobody returns; inf for never."""
        base = self._present(days)
        if self.coming is not None:
            left = left + (base - self.strength)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            clock = (self.attrition.clock_for(base, left) - self.spent) / self.intensity
        return self.clock.when(self.shown + np.where(clock > 0, clock, 0.0))

    def when_left_net(self, left: Floats | float, rise: float, guess: Floats) -> Floats:
        """When the strength has fallen to `left` with what comes in, which raises it, too."""
        if self.coming is None:
            return guess
        days = guess - self.time
        for _ in range(_ROUNDS):
            then = self.when_left(left - (1.0 - rise) * self.coming * days, days) - self.time
            days = np.where(np.isfinite(then), then, days)
        return np.where(self.attrition.exponent == 0.0, guess, self.time + days)

    def _present(self, days: Floats | float) -> Floats:
        return self.base if self.coming is None else self.base + 0.5 * self.coming * days


def stretch_of(terms: Terms, state: State, pace: Pace, step: Step) -> Stretch | None:
    """How losses and returns run in a step, where they do not go by days."""
    recovery, days = terms.recovery, step.upto - state.time
    if recovery is None or terms.daily:
        return None
    growth = terms.clock.pace(state.time)[1] if np.any(terms.clock.growth) else 0.0
    worth = grown(growth, days)
    rate = (state.strength - step.left) / np.where(worth > 0, worth, np.inf)
    inflow = 0.0 if pace.inflow is None else pace.inflow
    return Stretch(rate, growth, recovery.share, recovery.pace, inflow)
