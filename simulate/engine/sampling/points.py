"""Points in the unit cube by four methods, one column for each input.

Every method yields the blocks of one shift of a design as arrays of shape (inputs, points), with
the same numbers on every worker. A column depends on its input's name only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from simulate.engine.sampling.design import Design, Task
from simulate.engine.sampling.streams import Bits, open_unit, raw_bits
from simulate.scenario.arrays import Floats

SLOTS = (
    "losses.count",
    "force.size",
    "losses.as_of",
    "losses.start",
    "force.as_of",
    "losses.claim",
)
"""Inputs with a dimension of their own in the lattice and the Sobol sequence, the most influential
first. Other inputs get Latin hypercube columns."""

_IN_PLACE_OF = {"force.counts[0].size": "losses.count", "force.counts[1].size": "force.size"}
"""Two counts of a stock give both its size and what was lost, and so have their dimensions."""

# Components 9, 3, 6, 14, 2 and 12 of F. Kuo, lattice-33002-1024-1048576.9125, for 2**10 to 2**20
# points; Cools, Kuo and Nuyens (2006), SIAM J. Sci. Comput. 28(6), 2162-2188. Of 720 ordered
# choices of the first three this had the smallest errors of P5 and P95: no short vector of the dual
# lattice points in the direction in which first passages grow. The last was chosen among fourteen
# for small errors in two pools of claims.
_GENERATING_VECTOR = (271103, 213731, 116671, 162965, 182667, 230887)

Fill = Callable[[Floats, str, int], None]
"""Fills a row of a block for the name of its input, from the number of its first point on."""

Method = Callable[[Design, int, Sequence[str], int, int], Iterator[Floats]]
"""The blocks of a design for a seed and some names, of one replicate and one shift of it."""


def _by_rows(filled: Callable[[Design, int, Sequence[str], Task], Fill]) -> Method:
    """The blocks of a method that fills them row by row."""

    def blocks(
        design: Design, seed: int, names: Sequence[str], replicate: int, shift: int
    ) -> Iterator[Floats]:
        fill = filled(design, seed, names, (replicate, shift))
        for first in design.blocks():
            yield _filled(fill, names, first, design.block_size(first))

    return blocks


def _filled(fill: Fill, names: Sequence[str], first: int, n: int) -> Floats:
    points = np.empty((len(names), n))
    for row, name in zip(points, names, strict=True):
        fill(row, name, first)
    return points


@_by_rows
def lattice(design: Design, seed: int, names: Sequence[str], place: Task) -> Fill:
    """Randomly shifted rank-1 lattice (Cranley and Patterson 1976)."""
    to_fixed_point = 65 - design.points.bit_length()  # points = 2**k as steps of 2**-k
    steps = {
        name: np.uint64((_GENERATING_VECTOR[slot] << to_fixed_point) % 2**64)
        for name, slot in _slots(names).items()
    }
    i = np.arange(design.block_size(0), dtype=np.uint64)
    leaps = {name: i * step for name, step in steps.items()}
    shifts = {name: raw_bits(seed, name, (*place, 0), 1)[0] for name in steps}

    def fill(row: Floats, name: str, first: int) -> None:
        # Unsigned arithmetic wraps around, which is the "modulo 1" of the lattice.
        with np.errstate(over="ignore"):
            bits: Bits = leaps[name] + (np.uint64(first) * steps[name] + shifts[name])
        open_unit(bits, out=row)

    return _stratified_beside(fill, seed, place)


@_by_rows
def sobol(design: Design, seed: int, names: Sequence[str], place: Task) -> Fill:
    """Sobol sequence (Joe and Kuo 2008) with a random digital shift."""
    from scipy.stats.qmc import Sobol

    slots = _slots(names)
    sequence = Sobol(max(slots.values(), default=0) + 1, scramble=False, bits=52)
    shifts = {name: raw_bits(seed, name, (*place, 0), 1)[0] for name in slots}
    block: Bits = np.empty((0, 0), dtype=np.uint64)
    reached = -1

    def fill(row: Floats, name: str, first: int) -> None:
        nonlocal block, reached
        if first != reached:
            points = sequence.random(design.block_size(first))
            block, reached = (points.T * 2.0**52).astype(np.uint64) << np.uint64(12), first
        open_unit(block[slots[name]] ^ shifts[name], out=row)

    return _stratified_beside(fill, seed, place)


@_by_rows
def latin_hypercube(_: Design, seed: int, __: Sequence[str], place: Task) -> Fill:
    """Latin hypercube (McKay, Beckman and Conover 1979), one for each block."""
    return lambda row, name, first: _stratified(row, seed, name, (*place, first))


@_by_rows
def plain_random(_: Design, seed: int, __: Sequence[str], place: Task) -> Fill:
    """Independent uniform points."""

    def fill(row: Floats, name: str, first: int) -> None:
        open_unit(raw_bits(seed, name, (*place, first), row.size), out=row)

    return fill


METHODS: dict[str, Method] = {
    "lattice": lattice,
    "sobol": sobol,
    "latin-hypercube": latin_hypercube,
    "random": plain_random,
}


def _slots(names: Sequence[str]) -> dict[str, int]:
    """The dimension of each input that has one."""
    named = {name: _IN_PLACE_OF.get(name, name) for name in names}
    return {name: SLOTS.index(slot) for name, slot in named.items() if slot in SLOTS}


def _stratified_beside(slots: Fill, seed: int, place: Task) -> Fill:
    """Stratified columns for inputs without a slot."""

    def fill(row: Floats, name: str, first: int) -> None:
        if _slots([name]):
            slots(row, name, first)
        else:
            _stratified(row, seed, name, (*place, first))

    return fill


def _stratified(row: Floats, seed: int, name: str, place: tuple[int, int, int]) -> None:
    """One point in each of as many equal strata, in random order."""
    n = row.size
    bits = raw_bits(seed, name, place, 2 * n)
    np.add(_order(bits[:n]), open_unit(bits[n:]), out=row)
    row /= n
    # The sum is rounded: keep points of the last stratum below one.
    np.minimum(row, 1.0 - 2.0**-53, out=row)


def _order(bits: Bits) -> Bits:
    """The order of random numbers, as a stable argsort gives it.

    Their upper bits are sorted with the places below them, several times as fast.
    """
    places = np.uint64((1 << (bits.size - 1).bit_length()) - 1)
    found = bits & ~places
    found |= np.arange(bits.size, dtype=np.uint64)
    found.sort()
    if ((found[1:] ^ found[:-1]) <= places).any():  # numbers with the same upper bits
        return np.argsort(bits, kind="stable").astype(np.uint64)
    found &= places
    return found
