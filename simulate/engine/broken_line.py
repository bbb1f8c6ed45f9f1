"""First passage on a broken line: a constant rate, with flows that begin, change and end.

The equation of the strength S is everywhere

    dS/dt = inflow(t) + returns(t) - loss(t),  with jumps at arrivals and outflows, and S >= 0
    loss(t) = r m trend(t) season(t) intensity(t) drift(t) (S(t) / S(A)) ** kappa

where r is the rate behind the count and the factors apply after A, the day of the count; before it
the loss is that of the claimed path. While S is 0, no more is lost than comes in. Here all factors
but m are 1 and nobody returns, so that S is piecewise linear. With a floor it takes the place of 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from simulate.engine.bent_line import Claim, Goal, Setting
from simulate.engine.first_passage import EVEN, Inflow, Passage, falling
from simulate.scenario.arrays import Bools, Floats
from simulate.scenario.stocks import Amount

_FURTHEST = 1e9  # days beyond every horizon, at which an edge that never comes may lie


def broken_line(setting: Setting, inflows: Sequence[Inflow], *, horizon: float = np.inf) -> Passage:
    """First passage at a rate that only changes on the day of the count, with flows.

    An inflow that exceeds the losses has begun by the day `horizon`.
    """
    claim, goal = setting.claim, setting.goal
    sent, found = claim.size, np.full((len(goal.thresholds), claim.size.size), np.inf)
    strength = sent if claim.stock is None else claim.stock.size
    lost, lowest = np.zeros_like(sent), claim.lowest
    times, jumps = _edges(claim, setting.arrivals, inflows)
    beyond = np.full_like(sent, np.inf)
    for now, then, jump in zip(times, [*times[1:], beyond], jumps, strict=True):
        if jump is not None:
            taken = np.minimum(np.maximum(-jump, 0.0), strength - lowest)
            strength, lost = strength - taken + np.maximum(jump, 0.0), lost + taken
            sent = sent + np.maximum(jump, 0.0)
        loss = _pace(claim, setting.clock.multiplier, now) * claim.rate
        coming = sum((inflow.at(now) for inflow in inflows), 0.0)
        days, stretch = then - now, _Stretch(strength, sent, lost, loss, coming, lowest)
        for row, q in zip(found, goal.thresholds, strict=True):
            left = goal.left_at(q, sent)
            reached = stretch.days_until(q, left, shares_of_sent=goal.whole is None)
            np.copyto(row, now + reached, where=np.isinf(row) & (reached < days))
        if then is not beyond:
            strength, sent, lost = stretch.after(days)
    last, pace = np.full_like(claim.rate, horizon), claim.rate * setting.clock.multiplier
    filled = refilled(goal, inflows, last, lambda _: pace)
    return setting.passage(found, inflows)._replace(refilled=filled)


def refilled(
    goal: Goal, inflows: Sequence[Inflow], horizon: Floats, loss: Callable[[float], Floats]
) -> Bools:
    """Whether no less comes in without end than is lost, by threshold, shape (thresholds, n).

    Inflows count that have begun by the `horizon` (n,); `loss` is what is lost a day at a
    threshold. What was lost in all grows all the same.
    """
    lasting = (np.where(np.isinf(i.until) & (i.since <= horizon), i.pace, 0.0) for i in inflows)
    come, found = sum(lasting, np.zeros_like(horizon)), []
    for q in goal.thresholds:
        coming = come * (1.0 - goal.rise(q, by_losses=False))
        found.append((coming > 0) & (loss(q) * (1.0 - EVEN) <= coming))
    return np.array(found).reshape(len(found), *horizon.shape)


def _pace(claim: Claim, multiplier: Floats, time: Floats) -> Floats:
    """Losses from each time on, relative to the rate."""
    after = np.where(time < claim.as_of, 1.0, multiplier)
    before = np.where(time < claim.early, 0.0, claim.early_intensity)
    return np.where(time < claim.start, before, after)


class _Stretch(Struct, frozen=True):
    """Strength, all sent and losses at the beginning of a stretch, and losses and inflow a day.

    The losses end where the strength is at its `lowest`.
    """

    strength: Floats
    sent: Floats
    lost: Floats
    loss: Floats
    inflow: Floats | float
    lowest: Floats

    @property
    def empty(self) -> Floats:
        """Days until nothing is left that can be lost."""
        return _quotient(self.strength - self.lowest, falling(self.loss, self.inflow))

    def days_until(self, q: float, left: Floats, *, shares_of_sent: bool) -> Floats:
        """Days until a threshold, which now lies at a strength of `left`; inf for never."""
        if isinstance(q, Amount) and q.kind == "lost":
            missing, empty = np.maximum(float(q) - self.lost, 0.0), self.empty
            days = _quotient(missing, self.loss)
            with np.errstate(invalid="ignore"):
                late = empty + _quotient(missing - self.loss * empty, self.inflow)
            return np.where(days <= empty, days, late)
        inflow = self.inflow
        if shares_of_sent and not isinstance(q, Amount):
            inflow = inflow * q  # what comes in raises the threshold by 1 - q of it
        above = self.strength - left
        days = _quotient(above, falling(self.loss, inflow))
        return np.where(above <= EVEN * self.sent, 0.0, days)

    def after(self, days: Floats) -> tuple[Floats, Floats, Floats]:
        """Strength, all sent and losses some days later."""
        full = np.minimum(days, self.empty)
        left = np.maximum(self.strength - (self.loss - self.inflow) * days, self.lowest)
        lost = self.lost + self.loss * full + self.inflow * (days - full)
        return np.where(full < days, self.lowest, left), self.sent + self.inflow * days, lost


def _quotient(of: Floats, by: Floats | float) -> Floats:
    """The quotient where the divisor is positive, else inf."""
    positive = np.asarray(by > 0)
    return np.where(positive, of / np.where(positive, by, 1.0), np.inf)


def _edges(
    claim: Claim, arrivals: Sequence[tuple[Floats, Floats]], inflows: Sequence[Inflow]
) -> tuple[list[Floats], list[Floats | None]]:
    """Times at which something changes, each draw's own in order, and what arrives at them."""
    inner = [
        claim.early,
        claim.start,
        claim.as_of,
        *(edge for inflow in inflows for edge in inflow.edges),
    ]
    later = ((edge > claim.since) & (edge < _FURTHEST) for edge in inner)
    edges = [claim.since, *(edge for edge, here in zip(inner, later, strict=True) if here.any())]
    edges = [np.maximum(edge, claim.since) for edge in edges]
    arriving = [np.maximum(day, claim.since) for day, _ in arrivals]
    times = np.minimum(np.stack(np.broadcast_arrays(*edges, *arriving)), _FURTHEST)
    if not arriving:
        return list(np.sort(times, axis=0)), [None] * len(times)
    order = np.argsort(times, axis=0, kind="stable")
    sizes = np.zeros_like(times)
    for row, (_, size) in zip(sizes[len(edges) :], arrivals, strict=True):
        row[:] = size
    sizes = np.take_along_axis(sizes, order, axis=0)
    return list(np.take_along_axis(times, order, axis=0)), list(sizes)
