"""When cumulative losses reach a share of the force: the straight line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulate.engine.grid import ROUNDING
from simulate.scenario.arrays import Bools, Floats, Ints
from simulate.scenario.stocks import Amount

Values = Floats | float

EVEN = 1e-12
"""Relative difference of inflow and losses that is rounding alone: the strength stays."""


class Passage(NamedTuple):
    """First passages of several thresholds, for n draws.

    `time` (thresholds, n) is in days on the axis of the inputs, inf where a threshold is never
    reached; `rate` (n,) is in units a day, 0 where it is not positive; `passed` (thresholds, n)
    is true if the threshold lies on or before the day of the count, `over` (n,) if the count is
    above all who were sent. Where events can stop the clock, `end_time` (n,) is the first of
    them, inf for none, and `end` (n,) its number.
    """

    time: Floats
    rate: Floats
    passed: Bools
    over: Bools
    end_time: Floats | None = None
    end: Ints | None = None

    def some(self, rows: slice) -> Passage:
        """The passages of consecutive draws."""
        return Passage(
            time=self.time[:, rows],
            rate=self.rate[rows],
            passed=self.passed[:, rows],
            over=self.over[rows],
            end_time=None if self.end_time is None else self.end_time[rows],
            end=None if self.end is None else self.end[rows],
        )


def straight_line(
    count: Values,
    size: Values,
    start: Values,
    as_of: Values,
    thresholds: Sequence[float],
    *,
    size_as_of: Values | None = None,
    rate: Values | None = None,
    floor: Values | None = None,
    inflow: Values | None = None,
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
        The part L of F that cannot be used.
    inflow : array_like, shape (n,), optional
        Units b a day that come in from B on; only with `size_as_of`.

    Returns
    -------
    Passage
        T_q = S + q (F - L) / r; with `size_as_of`, max(B, S) in the place of the first S, and with
        an inflow r - b in the place of r. Where C or A - S is not positive there is no rate and T
        is inf.

    Examples
    --------
    The published claim: 3,800 of 12,000 between 6 December and 16 January, 41 days.

    >>> claim = straight_line(3800.0, 12000.0, 0.0, 41.0, [0.5, 1.0])
    >>> claim.rate.round(2), claim.time.round(4).ravel()
    (array([92.68]), array([ 64.7368, 129.4737]))
    """
    count, start, sent = np.atleast_1d(count), np.atleast_1d(start), np.atleast_1d(size)
    since = start if size_as_of is None else np.maximum(start, size_as_of)
    if rate is None:
        elapsed = np.atleast_1d(np.subtract(as_of, start))
        if not (count.min() > 0 and elapsed.min() > 0):
            has_rate = (count > 0) & (elapsed > 0)
            count = np.where(has_rate, count, 0.0)
            elapsed = np.where(has_rate, elapsed, np.inf)
        rate = count / elapsed
    else:
        rate = np.maximum(np.atleast_1d(rate), 0.0)
    stock, usable = sent, sent
    if size_as_of is not None:
        sent = stock + rate * (since - start)
    if floor is not None:
        usable = np.maximum(stock - floor, 0.0)
    last = as_of + ROUNDING
    n = np.broadcast_shapes(sent.shape, rate.shape, since.shape, usable.shape, np.shape(inflow))
    time = np.empty((len(thresholds), *n))
    passed = np.empty((len(thresholds), *n), dtype=np.bool_)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if inflow is None:
            days = usable / rate
        else:
            falls = np.maximum(falling(rate, inflow), 0.0)
            ahead = inflow * (since - size_as_of)
        for row, q in zip(time, thresholds, strict=True):
            above = None if not isinstance(q, Amount) else np.maximum(stock - float(q), 0.0)
            if inflow is not None:
                # What came in before the losses began is used up first.
                above = q * usable if above is None else above
                np.divide(above + ahead, falls, out=row)
                row[np.broadcast_to(above <= 0, n)] = 0.0
            elif above is None:
                np.multiply(days, q, out=row)
            else:
                np.divide(above, rate, out=row)
            np.add(row, since, out=row)
    if not rate.min() > 0:
        time[:, np.broadcast_to(rate <= 0, n)] = np.inf
    np.less_equal(time, last, out=passed)
    return Passage(time, rate, passed, np.broadcast_to(count > sent, n))


def falling(loss: Floats, inflow: Values) -> Floats:
    """Net losses a day, exactly 0 where inflow and losses are equal but for rounding."""
    net = loss - inflow
    return np.where(np.abs(net) <= EVEN * loss, 0.0, net)
