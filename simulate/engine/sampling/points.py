"""Points in the unit cube by four methods, one column for each input.

Every method has the same form: it yields the blocks of one shift of a design as arrays of shape
(inputs, points), the same numbers whoever computes them. Columns depend on their input's name only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from simulate.engine.sampling.design import Design
from simulate.engine.sampling.streams import Bits, Floats, open_unit, raw_bits

SLOTS = (
    "losses.count",
    "force.size",
    "losses.as_of",
    "losses.start",
    "force.as_of",
    "losses.claim",
)
"""Inputs with a dimension of their own in the lattice and the Sobol sequence, the most influential
first. Others are filled up with Latin hypercube columns."""

# Components 9, 3, 6, 14, 2 and 12 of F. Kuo, lattice-33002-1024-1048576.9125, for 2**10 to 2**20
# points; Cools, Kuo and Nuyens (2006), SIAM J. Sci. Comput. 28(6), 2162-2188. Of 720 ordered
# choices of the first three this had the smallest errors of P5 and P95: no short vector of the
# dual lattice points the way first passages grow. The last was chosen
# of fourteen for small errors in two pools of claims.
_GENERATING_VECTOR = (271103, 213731, 116671, 162965, 182667, 230887)

Blocks = Iterator[Floats]
Method = Callable[[Design, int, Sequence[str], int, int], Blocks]


def lattice(design: Design, seed: int, names: Sequence[str], replicate: int, shift: int) -> Blocks:
    """Randomly shifted rank-1 lattice (Cranley and Patterson 1976)."""
    to_fixed_point = 65 - design.points.bit_length()  # points = 2**k as steps of 2**-k
    steps = {
        name: np.uint64((_GENERATING_VECTOR[SLOTS.index(name)] << to_fixed_point) % 2**64)
        for name in names
        if name in SLOTS
    }
    i = np.arange(design.block_size(0), dtype=np.uint64)
    leaps = {name: i * step for name, step in steps.items()}
    shifts = {name: raw_bits(seed, name, (replicate, shift, 0), 1)[0] for name in names}

    def column(name: str, first: int) -> Bits:
        # Unsigned arithmetic wraps around, which is the "modulo 1" of the lattice.
        with np.errstate(over="ignore"):
            bits: Bits = leaps[name] + (np.uint64(first) * steps[name] + shifts[name])
        return bits

    yield from _padded(design, seed, names, (replicate, shift), column)


def sobol(design: Design, seed: int, names: Sequence[str], replicate: int, shift: int) -> Blocks:
    """Sobol sequence (Joe and Kuo 2008) with a random digital shift."""
    from scipy.stats.qmc import Sobol

    slots = [SLOTS.index(name) for name in names if name in SLOTS]
    sequence = Sobol(max(slots, default=0) + 1, scramble=False, bits=52)
    shifts = {name: raw_bits(seed, name, (replicate, shift, 0), 1)[0] for name in names}
    block: Bits = np.empty((0, 0), dtype=np.uint64)
    reached = -1

    def column(name: str, first: int) -> Bits:
        nonlocal block, reached
        if first != reached:
            points = sequence.random(design.block_size(first))
            block, reached = (points.T * 2.0**52).astype(np.uint64) << np.uint64(12), first
        bits: Bits = block[SLOTS.index(name)] ^ shifts[name]
        return bits

    yield from _padded(design, seed, names, (replicate, shift), column)


def latin_hypercube(
    design: Design, seed: int, names: Sequence[str], replicate: int, shift: int
) -> Blocks:
    """Latin hypercube (McKay, Beckman and Conover 1979), each block one by itself."""
    for first in design.blocks():
        n = design.block_size(first)
        points = np.empty((len(names), n))
        for row, name in zip(points, names, strict=True):
            row[:] = _stratified(seed, name, (replicate, shift, first), n)
        yield points


def plain_random(
    design: Design, seed: int, names: Sequence[str], replicate: int, shift: int
) -> Blocks:
    """Independent uniform points."""
    for first in design.blocks():
        n = design.block_size(first)
        points = np.empty((len(names), n))
        for row, name in zip(points, names, strict=True):
            open_unit(raw_bits(seed, name, (replicate, shift, first), n), out=row)
        yield points


METHODS: dict[str, Method] = {
    "lattice": lattice,
    "sobol": sobol,
    "latin-hypercube": latin_hypercube,
    "random": plain_random,
}


def _padded(
    design: Design,
    seed: int,
    names: Sequence[str],
    place: tuple[int, int],
    column: Callable[[str, int], Bits],
) -> Blocks:
    """Blocks whose columns without a slot are stratified by themselves."""
    for first in design.blocks():
        n = design.block_size(first)
        points = np.empty((len(names), n))
        for row, name in zip(points, names, strict=True):
            if name in SLOTS:
                open_unit(column(name, first), out=row)
            else:
                row[:] = _stratified(seed, name, (*place, first), n)
        yield points


def _stratified(seed: int, name: str, place: tuple[int, int, int], n: int) -> Floats:
    """One point in each of `n` equal strata, in random order."""
    bits = raw_bits(seed, name, place, 2 * n)
    order = np.argsort(bits[:n])  # several times as fast as a stable sort
    if (np.diff(bits[order]) == 0).any():
        order = np.argsort(bits[:n], kind="stable")
    points = order + open_unit(bits[n:])
    points /= n
    # The sum rounds: keep the last stratum's points below one.
    return np.minimum(points, 1.0 - 2.0**-53, out=points)
