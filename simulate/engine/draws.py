"""The values of draws that are worked out together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple

from simulate.engine.sampling.design import Segment
from simulate.scenario.arrays import Floats, Ints

Value = Floats | float
Values = Mapping[str, Value]
T = TypeVar("T")

# The C library keeps freed memory for later arrays up to the size of the largest piece ever freed;
# the system would have to clear what it gets back (mallopt(3), M_MMAP_THRESHOLD).
np.empty(2**22 - 2**12)


class DrawBatch(NamedTuple):
    """Draws worked out together.

    `values` holds the inputs, a number where all draws agree; `seed` and `segments` give further
    random numbers. Where events can stop the clock, `end_time` (n,) is the first of them, inf
    for none, and `end` (n,) its number.
    """

    values: Values
    seed: int
    segments: tuple[Segment, ...]
    end_time: Floats | None
    end: Ints | None

    @property
    def n(self) -> int:
        """Number of draws."""
        return sum(segment.n for segment in self.segments)

    def until(self, days: float) -> Floats:
        """When each draw ends: at the horizon, after `days`, or with the losses, shape (n,)."""
        end = np.inf if self.end_time is None else self.end_time
        return np.broadcast_to(np.minimum(end, days), self.n)

    def parts(self, most: int) -> Iterator[tuple[slice, DrawBatch]]:
        """Consecutive draws in whole segments: at most `most` of them, or one longer segment."""
        upto = np.cumsum([segment.n for segment in self.segments]).tolist()
        first = begun = 0
        while first < len(upto):
            last = max(bisect_right(upto, begun + most), first + 1)
            rows = slice(begun, upto[last - 1])
            yield rows, self._some(rows, self.segments[first:last])
            first, begun = last, rows.stop

    def _some(self, rows: slice, segments: tuple[Segment, ...]) -> DrawBatch:
        values = {
            name: value[rows] if isinstance(value, np.ndarray) and value.size > 1 else value
            for name, value in self.values.items()
        }
        end_time = None if self.end_time is None else self.end_time[rows]
        end = None if self.end is None else self.end[rows]
        return DrawBatch(values, self.seed, segments, end_time, end)


def select(value: T, index: Ints) -> T:
    """The value for some draws only: every array in it is cut along its last axis."""
    found: Any = value
    if isinstance(value, np.ndarray):
        one_for_all = value.strides[-1] == 0
        # `take` is faster than [..., index].
        found = value[..., : index.size] if one_for_all else value.take(index, axis=-1)
    elif isinstance(value, Struct):
        found = type(value)(*[select(part, index) for part in astuple(value)])
    elif isinstance(value, tuple | list):
        parts = [select(part, index) for part in value]
        found = value._make(parts) if hasattr(value, "_make") else type(value)(parts)
    same: T = found
    return same
