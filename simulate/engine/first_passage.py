"""When cumulative losses reach a share of the force: the straight line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulate.engine.grid import ROUNDING
from simulate.scenario.arrays import Bools, Floats, Ints

Values = Floats | float


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
) -> Passage:
    """First passage at a constant rate of loss.

    Parameters
    ----------
    count : array_like, shape (n,)
        Losses C from `start` S to `as_of` A; days on any common origin. All inputs broadcast.
    size : array_like, shape (n,)
        Force F, all who were sent; with `size_as_of` B the stock present on that day.
    start, as_of : array_like, shape (n,)
    thresholds : sequence of float
        Shares q of the force or of the stock lost.
    size_as_of : array_like, shape (n,), optional

    Returns
    -------
    Passage
        T_q = S + q F (A - S) / C; with `size_as_of`, max(B, S) in the place of the first S. Where C
        or A - S is not positive there is no rate and T is inf.

    Examples
    --------
    The published claim: 3,800 of 12,000 between 6 December and 16 January, 41 days.

    >>> claim = straight_line(3800.0, 12000.0, 0.0, 41.0, [0.5, 1.0])
    >>> claim.rate.round(2), claim.time.round(4).ravel()
    (array([92.68]), array([ 64.7368, 129.4737]))
    """
    count, start = np.atleast_1d(count), np.atleast_1d(start)
    elapsed = np.atleast_1d(np.subtract(as_of, start))
    sent = whole = np.atleast_1d(size)
    since = start if size_as_of is None else np.maximum(start, size_as_of)
    if not (count.min() > 0 and elapsed.min() > 0):
        has_rate = (count > 0) & (elapsed > 0)
        count = np.where(has_rate, count, 0.0)
        elapsed = np.where(has_rate, elapsed, np.inf)
    rate = count / elapsed
    if size_as_of is not None:
        sent = whole + rate * (since - start)
    with np.errstate(divide="ignore", over="ignore"):
        days = whole / rate
    last = as_of + ROUNDING
    n = np.broadcast_shapes(days.shape, since.shape)
    time = np.empty((len(thresholds), *n))
    passed = np.empty((len(thresholds), *n), dtype=np.bool_)
    for row, reached, q in zip(time, passed, thresholds, strict=True):
        np.multiply(days, q, out=row)
        np.add(row, since, out=row)
        np.less_equal(row, last, out=reached)
    return Passage(time, rate, passed, np.broadcast_to(count > sent, n))
