"""When cumulative losses reach a share of the force: the straight line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulate.engine.draws import Value
from simulate.engine.grid import ROUNDING
from simulate.scenario.arrays import Bools, Floats, Ints
from simulate.scenario.stocks import Amount

EVEN = 1e-12
"""Relative difference of inflow and losses that is rounding alone: the strength stays."""


class Inflow(NamedTuple):
    """Units that come in every day from one time until another; shape (n,), or numbers."""

    pace: Value
    since: Value
    until: Value

    @property
    def edges(self) -> tuple[Floats, Floats]:
        """When it begins and ends."""
        return np.asarray(self.since), np.asarray(self.until)

    def at(self, time: Floats) -> Floats:
        """What comes in a day from each time on, shape (n,)."""
        return np.where((time >= self.since) & (time < self.until), self.pace, 0.0)

    def between(self, begin: Value, end: Value) -> Value:
        """What comes in between two times."""
        days = np.minimum(end, self.until) - np.maximum(begin, self.since)
        found: Value = self.pace * np.maximum(days, 0.0)
        return found


class Passage(NamedTuple):
    """First passages of several thresholds, for n draws.

    `time` (thresholds, n) is in days on the axis of the inputs, inf where a threshold is never
    reached; `rate` (n,) is in units a day, 0 where it is not positive; `passed` (thresholds, n)
    is true if the threshold lies on or before the day of the count, `over` (n,) if the count is
    above all who were sent. Where events can stop the clock, `end_time` (n,) is the first of
    them, inf for none, and `end` (n,) its number. `group` (n,) is the group of sources that a
    draw's claim belongs to, where there are several. `refilled` (thresholds, n) says whether a time
    beyond the horizon means that at least as much comes in as is lost; where it is None, all of
    inf do.
    """

    time: Floats
    rate: Floats
    passed: Bools
    over: Bools
    end_time: Floats | None = None
    end: Ints | None = None
    group: Ints | None = None
    refilled: Bools | None = None

    def some(self, rows: slice) -> Passage:
        """The passages of consecutive draws; what is the same for all draws stays so."""
        return Passage._make(
            part if part is None or part.shape[-1] == 1 else part[..., rows] for part in self
        )


def straight_line(
    count: Value,
    size: Value,
    start: Value,
    as_of: Value,
    thresholds: Sequence[float],
    *,
    size_as_of: Value | None = None,
    rate: Value | None = None,
    floor: Value | None = None,
    inflow: Inflow | None = None,
) -> Passage:
    """First passage at a constant rate of loss.

    Parameters
    ----------
    count : array_like, shape (n,)
        Losses C from `start` S to `as_of` A; days on any common origin. All inputs broadcast.
    size : array_like, shape (n,)
        Force F, all who were sent; with `size_as_of` B the stock present on that day.
    start, as_of : array_like, shape (n,)
    thresholds : sequence of float or Amount
        Shares q of the force or of the stock lost, or levels to which it falls.
    size_as_of : array_like, shape (n,), optional
    rate : array_like, shape (n,), optional
        The rate r a day in the place of C / (A - S).
    floor : array_like, shape (n,), optional
        The part L of F that cannot be used, at which the losses end.
    inflow : Inflow, optional
        Units b a day that come in, not before B; only with `size_as_of`.

    Returns
    -------
    Passage
        T_q = S + q (F - L) / r; with `size_as_of`, max(B, S) in the place of the first S, and while
        there is an inflow r - b in the place of r. Where C or A - S is not positive there is no
        rate and T is inf.

    Examples
    --------
    The published claim: 3,800 of 12,000 between 6 December and 16 January, 41 days.

    >>> claim = straight_line(3800.0, 12000.0, 0.0, 41.0, [0.5, 1.0])
    >>> claim.rate.round(2), claim.time.round(4).ravel()
    (array([92.68]), array([ 64.7368, 129.4737]))
    """
    count, start, sent = np.atleast_1d(count), np.atleast_1d(start), np.atleast_1d(size)
    since = start if size_as_of is None else np.maximum(start, size_as_of)
    count, pace = _pace(count, np.subtract(as_of, start), rate)
    stock, usable = sent, sent
    if size_as_of is not None:
        sent = stock + pace * (since - start)
    if floor is not None:
        usable = np.maximum(stock - floor, 0.0)
    last = as_of + ROUNDING
    n = np.broadcast_shapes(sent.shape, pace.shape, since.shape, usable.shape)
    if inflow is not None:
        n = np.broadcast_shapes(n, *(np.shape(part) for part in inflow))
    time = np.empty((len(thresholds), *n))
    passed = np.empty((len(thresholds), *n), dtype=np.bool_)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        days = usable / pace
        for row, reached, q in zip(time, passed, thresholds, strict=True):
            above, share = usable, q
            if isinstance(q, Amount):
                above, share = np.maximum(stock - float(q), 0.0), 1.0
            if inflow is not None:
                row[:] = _used_up(above if share == 1.0 else above * share, pace, since, inflow)
            else:
                np.multiply(days if above is usable else above / pace, share, out=row)
                np.add(row, since, out=row)
            if not above.min() > 0:
                np.copyto(row, start if size_as_of is None else size_as_of, where=above <= 0)
            if floor is not None and isinstance(q, Amount):
                np.copyto(row, np.inf, where=(q < floor) & (above > 0))
            if not pace.min() > 0:
                np.copyto(row, np.inf, where=pace <= 0)
            np.less_equal(row, last, out=reached)
    return Passage(time, pace, passed, np.broadcast_to(count > sent, n))


def _used_up(above: Floats, loss: Floats, since: Floats, inflow: Inflow) -> Floats:
    """When `above` units are used up by losses from `since` on, against an inflow."""
    begins = np.maximum(inflow.since, since)
    ends = np.maximum(inflow.until, begins)
    net = falling(loss, inflow.pace)
    if (since > inflow.since).any():  # what came in before the losses began is used up as well
        above = above + inflow.between(inflow.since, since)
    starts_late = bool((begins > since).any())
    left = above - loss * (begins - since) if starts_late else above
    time = left / (net if net.min() > 0 else np.maximum(net, 0.0)) + begins
    if not np.isinf(ends).all():
        late = ends + (left - net * (ends - begins)) / loss
        time = np.where(time <= ends, time, late)
    return np.where(left <= 0, since + above / loss, time) if starts_late else time


def _pace(count: Floats, elapsed: Floats, rate: Value | None) -> tuple[Floats, Floats]:
    """Losses counted, where they give a rate, and the rate a day, stated or from the count."""
    if rate is not None:
        return count, np.maximum(np.atleast_1d(rate), 0.0)
    elapsed = np.atleast_1d(elapsed)
    if not (count.min() > 0 and elapsed.min() > 0):
        has_rate = (count > 0) & (elapsed > 0)
        count = np.where(has_rate, count, 0.0)
        elapsed = np.where(has_rate, elapsed, np.inf)
    return count, count / elapsed


def falling(loss: Floats, inflow: Value) -> Floats:
    """Net losses a day, exactly 0 where inflow and losses are equal but for rounding."""
    net: Floats = loss - inflow
    if net.min() > EVEN * loss.max():
        return net
    return np.where(np.abs(net) <= EVEN * loss, 0.0, net)
