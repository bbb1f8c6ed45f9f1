"""The calendar's influence on the rate: a factor for each month."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Self

import numpy as np
from msgspec import Struct

from simulate.scenario.arrays import Floats, Ints

YEAR = 12
"""Months a year; also the row of the factor, always 1, that holds after the last month."""


class Months:
    """Consecutive calendar months.

    Parameters
    ----------
    edges : sequence of float
        Where they begin, and where the last one ends, in days.
    first : int
        The first of them, 0 for January.
    """

    def __init__(self, edges: Sequence[float], first: int) -> None:
        self.edges = np.array(edges, dtype=np.float64)
        # Which factor holds from each edge on.
        self.rows = (first + np.arange(self.edges.size)) % YEAR
        self.rows[-1] = YEAR
        # Days in each calendar month up to each edge, shape (edges, 13).
        self.days = np.zeros((self.edges.size, YEAR + 1))
        self.days[np.arange(1, self.edges.size), self.rows[:-1]] = np.diff(self.edges)
        np.cumsum(self.days, axis=0, out=self.days)


class Season(Struct, frozen=True, dict=True):
    """Factors on the rate of n draws by calendar month, with a mean of 1.

    `factors` (13, n), or a tuple of 13 where all draws agree, ends with the 1 that holds after the
    last month. Times before the first month belong to it.
    """

    factors: Floats | tuple[float, ...]
    months: Months

    @classmethod
    def of(cls, factors: Floats, months: Months) -> Self:
        """The season of twelve factors, shape (12,) or (12, n), divided by their mean."""
        mean = sum(factors, np.zeros(1)) / YEAR
        scaled = np.append(factors / mean, np.ones((1, *factors.shape[1:])), axis=0)
        return cls(tuple(scaled.tolist()) if scaled.ndim == 1 else scaled, months)

    def factor(self, time: Floats) -> Floats:
        """The factor from each time on, shape (n,)."""
        return self._factor(self._month(time))

    def next_edge(self, time: Floats) -> Floats:
        """The next beginning of a month, inf after the last one."""
        edges = np.append(self.months.edges, np.inf)
        found: Floats = edges[edges.searchsorted(time, "right")]
        return found

    def at(self, time: Floats) -> Floats:
        """The integral of the factor from the first edge to each time, shape (n,)."""
        number = self._month(time)
        days: Floats = time - self.months.edges[number]
        return self._elapsed(number) + self._factor(number) * days

    def between(self, begin: Floats | float, end: Floats | float) -> Floats:
        """The integral of the factor between two times, of shape (n,) or numbers."""
        n = 1 if isinstance(self.factors, tuple) else self.factors.shape[-1]
        shape = np.broadcast_shapes(np.shape(begin), np.shape(end), n)
        return self.at(np.broadcast_to(end, shape)) - self.at(np.broadcast_to(begin, shape))

    def when(self, integral: Floats) -> Floats:
        """The first time at which the integral is as large, shape (n,)."""
        low = self._before(integral)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            days = (integral - self._elapsed(low)) / self._factor(low)
        found: Floats = self.months.edges[low] + np.where(np.isnan(days), 0.0, days)
        return found

    def _before(self, integral: Floats) -> Ints:
        """The last month that begins with a smaller integral, else the first one."""
        if isinstance(self.factors, tuple):
            return np.maximum(self._table.searchsorted(integral) - 1, 0)
        low = np.zeros(integral.shape, dtype=np.int64)
        high = np.full(integral.shape, self.months.edges.size)
        while (high - low > 1).any():
            middle = (low + high) // 2
            later = self._elapsed(middle) < integral
            low, high = np.where(later, middle, low), np.where(later, high, middle)
        return low

    @cached_property
    def _table(self) -> Floats:
        """The integral up to each edge, where all draws agree."""
        table: Floats = self.months.days @ np.array(self.factors)
        return table

    def _month(self, time: Floats) -> Ints:
        found: Ints = np.maximum(self.months.edges.searchsorted(time, "right") - 1, 0)
        return found

    def _factor(self, number: Ints) -> Floats:
        rows = self.months.rows[number]
        if isinstance(self.factors, tuple):
            return np.array(self.factors)[rows]
        return self.factors[rows, np.arange(rows.shape[-1])]

    def _elapsed(self, number: Ints) -> Floats:
        if isinstance(self.factors, tuple):
            table: Floats = self._table[number]
            return table
        # Added up month by month, a draw gives the same bits alone and among others.
        days = np.moveaxis(self.months.days[number], -1, 0)
        return sum((a * b for a, b in zip(days, self.factors, strict=True)), np.zeros(1))
