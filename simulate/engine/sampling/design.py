"""How the draws of a run are laid out: replicates of shifts of blocks of points."""

from __future__ import annotations

import math
from typing import NamedTuple

from msgspec import Struct

from simulate.errors import LimitError

MOST_DRAWS = 2**27
"""A whole number of the longest shifts, so that rounding up never exceeds it."""

_READABLE = 10**15
MOST_SAVED = 10**7
"""Draws that can be saved one by one."""

REPLICATES = 8
"""Independent groups of draws, whose spread gives the Monte Carlo error. A few long ones are more
precise than many short ones."""

LONGEST_SHIFT = 2**20
"""Points under one random shift; the generating vector is good up to here."""

BLOCK = 2**17
"""Points evaluated at once. Smaller blocks fit a core's cache better but make threads hinder each
other; larger ones need more memory. Part of `stream-1`: some methods draw numbers by block."""


SEGMENT = 2**14
"""Most draws that take their numbers beyond the points from one place. Part of `stream-1`."""


Task = tuple[int, int]
"""Numbers of a replicate and of a shift in it, the unit of work."""


class Segment(NamedTuple):
    """Consecutive draws that take further random numbers from one place, the first draw's."""

    replicate: int
    shift: int
    first: int
    n: int


def segments(replicate: int, shift: int, first: int, n: int) -> tuple[Segment, ...]:
    """The segments of a block of `n` points from number `first` on."""
    return tuple(
        Segment(replicate, shift, begun, min(SEGMENT, first + n - begun))
        for begun in range(first, first + n, SEGMENT)
    )


class Design(Struct, frozen=True):
    """A fixed layout of draws, the same for any number of workers.

    A replicate is `shifts` independently shifted point sets of `points` each; `asked` is the number
    of draws requested, smaller than `n_draws` where the method rounded it up.
    """

    method: str
    shifts: int
    points: int
    replicates: int = REPLICATES
    asked: int = 0

    @property
    def n_draws(self) -> int:
        """Draws of all replicates."""
        return self.replicates * self.per_replicate

    @property
    def per_replicate(self) -> int:
        """Draws of one replicate."""
        return self.shifts * self.points

    @property
    def is_independent(self) -> bool:
        """Whether the draws are independent of each other."""
        return self.method == "random"

    @property
    def tasks(self) -> list[Task]:
        """All units of work."""
        return [(r, s) for s in range(self.shifts) for r in range(self.replicates)]

    def blocks(self) -> range:
        """Numbers of the first points of the blocks of one shift."""
        return range(0, self.points, BLOCK)

    def block_size(self, first: int) -> int:
        """Points of the block that begins with point number `first`."""
        return min(BLOCK, self.points - first)


def too_many_to_save(n_draws: int) -> str:
    """The message for more draws than can be saved."""
    return f"{n_draws:,} draws are beyond the limit of {MOST_SAVED:,} saved draws"


def design_for(method: str, draws: int) -> Design:
    """The smallest design with at least `draws` draws.

    Lattice and Sobol point sets have a power of two of points, so other numbers are rounded up.

    Raises
    ------
    LimitError
        Above 2**27 draws.

    Examples
    --------
    >>> design_for("lattice", 100_000).n_draws
    131072
    """
    if draws > MOST_DRAWS:
        number = f"{draws:,}" if draws <= _READABLE else f"more than {_READABLE:,}"
        raise LimitError(f"{number} draws are beyond the limit of {MOST_DRAWS:,} (2^27)")
    each = math.ceil(draws / REPLICATES)
    shifts = math.ceil(each / LONGEST_SHIFT)
    points = math.ceil(each / shifts)
    if method in ("lattice", "sobol"):
        points = 1 << (points - 1).bit_length()
    return Design(method, shifts, points, asked=draws)
