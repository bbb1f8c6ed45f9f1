"""First passage beyond the straight line, wherever it still has a closed form.

Between two arrivals of reinforcements the loss rate depends on time through the operational clock
and on the strength present through a power, so that the strength follows in closed form from what
the clock shows. A force is gone only when no strength at all is left: below an
exponent of 1 that takes a finite time, from 1 on it never happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.engine.clock import Clock
from simulate.engine.first_passage import Inflow, Passage
from simulate.engine.grid import ROUNDING
from simulate.engine.season import Season
from simulate.scenario.arrays import Bools, Floats
from simulate.scenario.stocks import Amount

Counting = Literal["casualties", "strength"]

_PROPORTIONAL = 1e-9
"""Distance of the strength exponent from 1 below which losses are taken as proportional."""

NOBODY = 1e-9
"""Share of the force below which nobody counts as left on the day of the count."""


class Stock(Struct, frozen=True):
    """The strength present on a day, to which thresholds refer; shape (n,)."""

    size: Floats
    day: Floats


class Claim(Struct, frozen=True, dict=True):
    """The claim of n draws; arrays of shape (n,), times in days on any common axis.

    `early` and `early_intensity` describe the prelude, an interval before `start` with losses at
    that share of the later rate; there is none if `early` equals `start`. `size` is the force
    before the first loss; if a `stock` was counted on a day, `size` is the force that leads to it,
    and thresholds count from that day. The rate follows from the count unless
    `stated`; with a `season` it is multiplied by the factor of each month. What lies below the
    `floor` cannot be used: there the losses end.
    """

    count: Floats
    size: Floats
    start: Floats
    as_of: Floats
    early: Floats
    early_intensity: Floats
    stock: Stock | None = None
    stated: Floats | None = None
    season: Season | None = None
    floor: Floats | None = None

    @cached_property
    def rate(self) -> Floats:
        """Losses a day between `start` and `as_of`, 0 where there is no positive rate."""
        if self.stated is not None:
            return np.maximum(self.stated, 0.0)
        worth = self.worth(self.as_of)
        possible = (self.count > 0) & (self.as_of > self.start) & (worth > 0)
        return np.where(possible, self.count, 0.0) / np.where(possible, worth, 1.0)

    @property
    def since(self) -> Floats:
        """The earliest time at which a threshold can be reached."""
        return self.early if self.stock is None else self.stock.day

    @property
    def lowest(self) -> Floats:
        """The strength at which the losses end: the floor, or the whole stock if that is less."""
        if self.floor is None:
            return np.broadcast_to(0.0, self.size.shape)
        return np.minimum(self.floor, self.size if self.stock is None else self.stock.size)

    @property
    def before(self) -> Floats:
        """What was lost before the stock was counted, from when on losses count."""
        if self.stock is None:
            return np.broadcast_to(0.0, self.size.shape)
        return self.size - self.stock.size

    def worth(self, time: Floats) -> Floats:
        """Days at the full rate from the first loss to a time not after `as_of`."""
        full = self.days(self.start, np.maximum(time, self.start))
        before = self.days(self.early, np.minimum(time, self.start))
        return full + self.early_intensity * np.maximum(before, 0.0)

    def time_of(self, losses: Floats) -> Floats:
        """When cumulative losses reach `losses` (n,), on the path up to the day of the count."""
        early_rate = self.rate * self.early_intensity
        before = early_rate * self.days(self.early, self.start)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            early = self._after(self.early, losses / early_rate)
            late = self._after(self.start, (losses - before) / self.rate)
        return np.where(losses < before, early, late)

    def days(self, begin: Floats, end: Floats) -> Floats:
        """Days between two times, those of each month times its factor."""
        return end - begin if self.season is None else self.season.between(begin, end)

    def _after(self, begin: Floats, days: Floats) -> Floats:
        """The time when that many days have gone by."""
        return (
            begin + days if self.season is None else self.season.when(self.season.at(begin) + days)
        )


def leading_to(claim: Claim, stock: Stock, worth: Floats, exponent: Floats) -> Claim:
    """The claim with the force that leaves a given stock on its day.

    After the count, when the clock has advanced by `worth`, the strength at the count is x times
    the stock F, where x - x ** kappa = (1 - kappa) r worth / F. Whatever else came in or left
    before that day is in the stock, and so not in this force.
    """
    rate = claim.rate
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lost = rate * worth / stock.size
        a, low, high = 1.0 - exponent, np.zeros_like(lost), np.log1p(lost)
        # Bisection for the logarithm of x, which increases and never exceeds this bound.
        for _ in range(64 if exponent.any() else 0):
            middle = 0.5 * (low + high)
            bent = np.where(np.abs(a) < _PROPORTIONAL, middle, -np.expm1(-a * middle) / a)
            below = np.exp(middle) * bent < lost
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        more = np.where(exponent == 0.0, lost, np.expm1(high)) * stock.size
    before = rate * claim.worth(np.minimum(stock.day, claim.as_of))
    return replace(claim, size=stock.size + np.maximum(before, 0.0) + more, stock=stock)


class Attrition(Struct, frozen=True, dict=True):
    """Losses by the clock: rate r times (strength / strength at the count) ** kappa.

    The methods take and return what is present above a `floor`, which counts in the ratio.
    """

    rate: Floats
    at_count: Floats
    exponent: Floats
    floor: Floats | float = 0.0

    @cached_property
    def is_constant(self) -> bool:
        """Whether the strength does not matter in any draw."""
        return not self.exponent.any()

    def clock_for(self, strength: Floats, left: Floats) -> Floats:
        """Advance of the clock until the strength is down to `left`: 0 if it is, inf for never."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            clock = (strength - left) / self.rate
            if not self.is_constant:
                a, present = 1.0 - self.exponent, strength + self.floor
                above = np.log(present / self.at_count)
                span = np.log(present / np.maximum(left + self.floor, 0.0))
                # The difference of two powers, the larger one taken out.
                larger = np.exp(np.maximum(a * above, a * (above - span)))
                curved = larger * -np.expm1(-np.abs(a) * span) / np.abs(a)
                worth = np.where(np.abs(a) < _PROPORTIONAL, span, curved)
                clock = np.where(self.exponent == 0.0, clock, self.at_count / self.rate * worth)
        return np.where(strength > left, clock, 0.0)

    def left_after(self, strength: Floats, clock: Floats) -> Floats:
        """Strength left when the clock has advanced by `clock`.

        At a constant rate it can be negative.
        """
        straight = strength - self.rate * clock
        if self.is_constant:
            return straight
        present = strength + self.floor
        bent = present * np.exp(self._decline(present, clock)) - self.floor
        return np.where(self.exponent == 0.0, straight, bent)

    def _decline(self, strength: Floats, clock: Floats) -> Floats:
        """Logarithm of the share left, without loss of digits near an exponent of 1."""
        a = 1.0 - self.exponent
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            spent = np.maximum(self.rate * clock, 0.0) / self.at_count
            # The part used up of the strength to the power a, as a logarithm: it can be enormous.
            used = np.log(np.abs(a)) + np.log(spent) - a * np.log(strength / self.at_count)
            below = np.where(used < 0.0, np.log1p(-np.exp(used)), -np.inf)
            curved = np.where(a > 0, below, np.logaddexp(0.0, used)) / a
        return np.where(np.abs(a) < _PROPORTIONAL, -spent, curved)


class Goal(Struct, frozen=True):
    """Where the thresholds lie: shares of `whole` (n,), or of all sent if that is None.

    What lies below the `floor` (n,) cannot be used: the losses end at it, or at the stock if that
    is less. No threshold refers to those who were lost `before` (n,) the stock was counted.
    """

    thresholds: tuple[float, ...]
    whole: Floats | None
    floor: Floats | float = 0.0
    before: Floats | float = 0.0

    def rise(self, q: float, *, by_losses: bool) -> float:
        """How much the strength, or the losses, at a threshold rise with each one more sent."""
        if isinstance(q, Amount) or self.whole is not None:
            return 1.0 if isinstance(q, Amount) and q.kind == "lost" and not by_losses else 0.0
        return q if by_losses else 1.0 - q

    def left_at(self, q: float, sent: Floats) -> Floats:
        """Strength present at a threshold if nobody returns; below 0 for never."""
        if isinstance(q, Amount):
            left = np.full_like(sent, q) if q.kind == "left" else sent - (self.before + float(q))
            return np.where(left < np.minimum(self.floor, self._whole(sent)), -np.inf, left)
        return (1.0 - q) * self._whole(sent) + q * self.floor

    def losses_at(self, q: float, sent: Floats) -> Floats:
        """Cumulative losses at a threshold if nobody returns."""
        if isinstance(q, Amount):
            return self.before + np.full_like(sent, q) if q.kind == "lost" else sent - float(q)
        whole = self._whole(sent)
        return q * (whole - self.floor) + (sent - whole)

    def _whole(self, sent: Floats) -> Floats:
        return sent - self.before if self.whole is None else self.whole


class Setting(NamedTuple):
    """What the roads beyond the straight line need to know of n draws.

    Parameters
    ----------
    claim : Claim
    clock : Clock
        Zero at `claim.as_of`.
    exponent : ndarray, shape (n,)
        How the rate after the count follows the strength present: 0 constant, 1 proportional.
    arrivals : sequence of (time, size)
        Arrays of shape (n,), in any order; those before `claim.early` count as sent from the start.
        Of negative size they are outflows, of which no more leaves than is present.
    thresholds : tuple of float or Amount
        Shares q. `casualties`: cumulative losses reach q times all sent so far. `strength`: the
        strength present falls to F - q (F - floor), where F is `claim.size` or the stock.
    counting : {"casualties", "strength"}
    """

    claim: Claim
    clock: Clock
    exponent: Floats
    arrivals: Sequence[tuple[Floats, Floats]]
    thresholds: tuple[float, ...]
    counting: Counting = "casualties"

    @property
    def goal(self) -> Goal:
        """Where the thresholds lie."""
        claim, whole = self.claim, None
        if self.counting == "strength":
            whole = claim.size if claim.stock is None else claim.stock.size
        floor = 0.0 if claim.floor is None else claim.floor
        return Goal(self.thresholds, whole, floor, claim.before)

    def arrivals_since(self, first: Floats) -> tuple[Floats, Floats]:
        """Times, none before `first`, and sizes, shape (arrivals, n), each draw's own in order."""
        if not self.arrivals:
            return np.empty((0, first.size)), np.empty((0, first.size))
        times = np.stack([np.maximum(time, first) for time, _ in self.arrivals])
        sizes = np.stack([np.broadcast_to(size, first.shape) for _, size in self.arrivals])
        order = np.argsort(times, axis=0, kind="stable")
        return np.take_along_axis(times, order, axis=0), np.take_along_axis(sizes, order, axis=0)

    def passage(self, time: Floats, inflows: Sequence[Inflow] = ()) -> Passage:
        """The passage at the times found, which are never where there is no rate."""
        claim = self.claim
        time = np.maximum(time, claim.since)
        time[:, claim.rate <= 0] = np.inf
        passed = time <= claim.as_of + ROUNDING
        return Passage(time, claim.rate, passed, self._over(inflows))

    def _over(self, inflows: Sequence[Inflow]) -> Bools:
        """Whether more were counted than there can have been up to the day of the count."""
        claim = self.claim
        sent = claim.size
        for day, size in self.arrivals:
            sent = sent + np.where(day <= claim.as_of, np.maximum(size, 0.0), 0.0)
        for inflow in inflows:
            sent = sent + inflow.between(claim.early, claim.as_of)
        return (claim.count > sent) & (claim.rate > 0)


def bent_line(setting: Setting) -> Passage:
    """First passage with a prelude, a changing rate, pauses and reinforcements."""
    claim, clock = setting.claim, setting.clock
    n, goal = claim.count.size, setting.goal
    times, sizes = setting.arrivals_since(claim.early)
    time, sent = on_the_way(claim, times, sizes, goal)

    # From one arrival to the next; each stage starts from the strength and clock at the last
    # arrival: subtracting losses step by step would add up rounding errors.
    lowest = claim.lowest
    strength, shown = np.maximum(sent - claim.count, lowest), np.zeros(n)
    rate, at_count = claim.rate, np.maximum(strength, NOBODY * claim.size)
    attrition = Attrition(np.where(rate > 0, rate, 1.0), at_count, setting.exponent)
    for stage in range(len(times) + 1):
        until = times[stage] if stage < len(times) else np.full(n, np.inf)
        for row, q in zip(time, goal.thresholds, strict=True):
            left = goal.left_at(q, sent)
            reached = clock.when(shown + attrition.clock_for(strength, left))
            here = np.isinf(row) & (reached < until) & (left >= 0)
            row[here] = reached[here]
        if stage < len(times):
            gained = np.where(until > claim.as_of, sizes[stage], 0.0)
            now = clock.at(np.maximum(until, claim.as_of))
            there = np.maximum(attrition.left_after(strength, now - shown), lowest) + gained
            strength = np.where(gained > 0, there, strength)
            shown = np.where(gained > 0, now, shown)
            sent = sent + gained
    return setting.passage(time)


def on_the_way(claim: Claim, times: Floats, sizes: Floats, goal: Goal) -> tuple[Floats, Floats]:
    """First passages up to the day of the count (k, n), inf for later ones, and all sent by then.

    On the way there losses follow the claimed path, whatever the strength.
    """
    time = np.full((len(goal.thresholds), claim.count.size), np.inf)
    sent = claim.size
    for until, size in zip([*times, np.inf], [*sizes, 0.0], strict=True):
        for row, q in zip(time, goal.thresholds, strict=True):
            losses = goal.losses_at(q, sent)
            reached = claim.time_of(losses)
            here = np.isinf(row) & (losses <= claim.count) & (reached < until)
            here &= goal.left_at(q, sent) >= 0
            np.copyto(row, reached, where=here)
        sent = sent + np.where(until <= claim.as_of, size, 0.0)
    return time, sent
