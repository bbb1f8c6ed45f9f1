"""First passage beyond the straight line, wherever it still has a closed form.

Between two arrivals of reinforcements the loss rate depends on time through the operational clock
and on the strength present through a power, so that losses over a stretch follow in closed form
from what the clock shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from simulate.engine.clock import Clock
from simulate.engine.first_passage import Passage
from simulate.engine.grid import ROUNDING

Floats = npt.NDArray[np.float64]

_PROPORTIONAL = 1e-9
"""Distance of the strength exponent from 1 below which losses are taken as proportional."""

NOBODY = 1e-9
"""Share of the force below which nobody is left on the day of the count to compare with."""


@dataclass(frozen=True)
class Claim:
    """What is claimed of n draws; arrays of shape (n,), times in days on any common axis.

    `early` and `early_intensity` describe the prelude, an interval before `start` with losses at
    that share of the later rate; an `early` equal to `start` is none.
    """

    count: Floats
    size: Floats
    start: Floats
    as_of: Floats
    early: Floats
    early_intensity: Floats

    @cached_property
    def rate(self) -> Floats:
        """Losses a day between `start` and `as_of`, 0 where there is no positive rate."""
        worth = (self.as_of - self.start) + self.early_intensity * (self.start - self.early)
        possible = (self.count > 0) & (self.as_of > self.start) & (worth > 0)
        return np.where(possible, self.count, 0.0) / np.where(possible, worth, 1.0)

    def time_of(self, losses: Floats) -> Floats:
        """When cumulative losses reach `losses` (n,), on the path up to the day of the count."""
        early_rate = self.rate * self.early_intensity
        before = early_rate * (self.start - self.early)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            early = self.early + losses / early_rate
            late = self.start + (losses - before) / self.rate
        return np.where(losses < before, early, late)

    def losses_at(self, time: Floats) -> Floats:
        """Cumulative losses on that path, the inverse of `time_of`."""
        early = np.clip(time, self.early, self.start) - self.early
        late = np.clip(time, self.start, np.maximum(self.as_of, self.start)) - self.start
        return self.rate * (self.early_intensity * early + late)


@dataclass(frozen=True)
class Attrition:
    """Losses by the clock: rate r times (strength / strength at the count) ** kappa."""

    rate: Floats
    at_count: Floats
    exponent: Floats

    @cached_property
    def is_constant(self) -> bool:
        """Whether the strength does not matter in any draw."""
        return not self.exponent.any()

    def clock_for(self, strength: Floats, losses: Floats) -> Floats:
        """What the clock advances while `losses` are taken off `strength`; inf if for ever."""
        if self.is_constant:
            return losses / self.rate
        a = 1.0 - self.exponent
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            above = np.log(strength / self.at_count)
            span = np.log(strength / np.maximum(strength - losses, 0.0))
            curved = -np.exp(a * above) * np.expm1(-a * span) / a
            worth = np.where(np.abs(a) < _PROPORTIONAL, span, curved)
            bent = self.at_count / self.rate * worth
        clock = np.where(self.exponent == 0.0, losses / self.rate, bent)
        return np.where(np.isnan(clock), np.inf, clock)

    def losses(self, strength: Floats, clock: Floats) -> Floats:
        """Losses while the clock advances by `clock`; at a constant rate more than there are."""
        constant = self.rate * clock
        if self.is_constant:
            return constant
        bent = strength - self.left_after(strength, clock)
        # In no time nobody is lost, not even by rounding.
        return np.where((self.exponent == 0.0) | (clock <= 0), constant, bent)

    def left_after(self, strength: Floats, clock: Floats) -> Floats:
        """Strength left when the clock has advanced by `clock`, never below zero."""
        if self.is_constant:
            return np.maximum(strength - self.rate * clock, 0.0)
        a = 1.0 - self.exponent
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            spent = self.rate * clock / self.at_count  # inf if nobody is left to be lost
            curved = (strength / self.at_count) ** a - a * spent
            curved = self.at_count * np.maximum(curved, 0.0) ** (1.0 / a)
            proportional = strength * np.exp(-spent)
        left = np.where(np.abs(a) < _PROPORTIONAL, proportional, curved)
        return np.maximum(np.where(self.exponent == 0.0, strength - self.rate * clock, left), 0.0)


@dataclass(frozen=True)
class Goal:
    """When thresholds (k, 1) are reached; `size` (n,) is the force sent at first."""

    thresholds: Floats
    size: Floats
    counting: Literal["casualties", "strength"]

    def losses(self, sent: Floats) -> Floats:
        """Cumulative losses that reach each threshold if nobody returns, shape (k, n)."""
        if self.counting == "casualties":
            return self.thresholds * sent
        return self.thresholds * self.size + (sent - self.size)


def bent_line(
    claim: Claim,
    clock: Clock,
    exponent: Floats,
    arrivals: Sequence[tuple[Floats, Floats]],
    thresholds: Sequence[float],
    *,
    counting: Literal["casualties", "strength"] = "casualties",
) -> Passage:
    """First passage with a prelude, a changing rate, pauses and reinforcements.

    Parameters
    ----------
    claim : Claim
    clock : Clock
        Zero at `claim.as_of`.
    exponent : ndarray, shape (n,)
        How the rate after the count follows the strength present: 0 constant, 1 proportional.
    arrivals : sequence of (time, size)
        Reinforcements, arrays of shape (n,), in any order; those before `claim.early` count as
        sent from the first.
    thresholds : sequence of float
        Shares q. `casualties`: cumulative losses reach q times all sent so far. `strength`: the
        strength present falls to 1 - q times `claim.size`.

    Returns
    -------
    Passage
    """
    n = claim.count.size
    rate = claim.rate
    runs = rate > 0
    safe = np.where(runs, rate, 1.0)
    times, sizes = sorted_arrivals(arrivals, claim.early, n)
    ladder = np.asarray(thresholds)[:, np.newaxis]

    goal = Goal(ladder, claim.size, counting)
    time, sent = on_the_way(claim, times, sizes, goal)
    over = (claim.count > sent) & runs

    # From then on: from one arrival to the next.
    lost, begun, shown = claim.count, claim.as_of, np.zeros(n)
    strength = np.maximum(sent - lost, 0.0)
    attrition = Attrition(safe, np.maximum(strength, NOBODY * claim.size), exponent)
    for stage in range(len(times) + 1):
        until = times[stage] if stage < len(times) else np.full(n, np.inf)
        losses = goal.losses(sent) - lost
        for row, wanted in zip(time, losses, strict=True):
            reached = clock.when(shown + attrition.clock_for(strength, np.maximum(wanted, 0.0)))
            here = np.isinf(row) & (reached < until)
            row[here] = reached[here]
        if stage < len(times):
            later = until > claim.as_of
            begun = np.maximum(until, begun)
            now = np.where(later, clock.at(begun), shown)
            left = attrition.left_after(strength, now - shown)
            lost, shown = lost + (strength - left), now
            strength = left + np.where(later, sizes[stage], 0.0)
            sent = sent + np.where(later, sizes[stage], 0.0)
    time[:, ~runs] = np.inf
    return Passage(time, rate, time <= claim.as_of + ROUNDING, over)


def on_the_way(claim: Claim, times: Floats, sizes: Floats, goal: Goal) -> tuple[Floats, Floats]:
    """First passages up to the day of the count (k, n), inf for later ones, and all sent by then.

    On the way there losses follow the claimed path, whatever the strength.
    """
    time = np.full((goal.thresholds.size, claim.count.size), np.inf)
    sent = claim.size
    for stage in range(len(times) + 1):
        until = times[stage] if stage < len(times) else np.inf
        losses = goal.losses(sent)
        reached = claim.time_of(losses)
        here = np.isinf(time) & (losses <= claim.count) & (reached < until)
        time = np.where(here, reached, time)
        if stage < len(times):
            sent = sent + np.where(times[stage] <= claim.as_of, sizes[stage], 0.0)
    return time, sent


def sorted_arrivals(
    arrivals: Sequence[tuple[Floats, Floats]], first: Floats, n: int
) -> tuple[Floats, Floats]:
    """Arrival times and sizes, shape (arrivals, n), each draw's own in the order of time."""
    if not arrivals:
        return np.empty((0, n)), np.empty((0, n))
    times = np.stack([np.maximum(np.broadcast_to(time, n), first) for time, _ in arrivals])
    sizes = np.stack([np.broadcast_to(size, n) for _, size in arrivals]).astype(np.float64)
    order = np.argsort(times, axis=0, kind="stable")
    return np.take_along_axis(times, order, axis=0), np.take_along_axis(sizes, order, axis=0)
