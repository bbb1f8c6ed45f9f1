"""Random numbers, one stream for each input, by its name.

The layout is public and called `stream-1`: the raw bits of PCG64DXSM, seeded by
`SeedSequence(seed, spawn_key=(input's digest, replicate, shift, block))`. They are the same on
every version of NumPy. Adding an input to a scenario leaves the numbers of the others unchanged,
and scenarios that share an input share its numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from simulate.scenario.arrays import Floats, Ints

Bits = npt.NDArray[np.uint64]
Number = TypeVar("Number", np.float64, np.uint64)

STREAM = "stream-1"

_ONE = np.uint64(0x3FF0_0000_0000_0000)  # the bits of 1.0


def raw_bits(seed: int, name: str, place: tuple[int, ...], n: int) -> Bits:
    """`n` raw 64-bit words of the stream of an input: replicate, shift and block are the place."""
    digest = hashlib.sha256(name.encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "little") for i in (0, 4, 8, 12)]
    sequence = np.random.SeedSequence(seed, spawn_key=(*words, *place))
    return np.random.PCG64DXSM(sequence).random_raw(n)


def split_mix(keys: Bits, index: Ints) -> Bits:
    """Element `index` of the SplitMix64 sequence that each key starts, all of shape (k,).

    Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA: each draw
    that needs an unknown number of further random numbers has its own sequence.
    """
    with np.errstate(over="ignore"):
        z: Bits = keys + index.astype(np.uint64) * np.uint64(0x9E37_79B9_7F4A_7C15)
        z ^= z >> np.uint64(30)
        z *= np.uint64(0xBF58_476D_1CE4_E5B9)
        z ^= z >> np.uint64(27)
        z *= np.uint64(0x94D0_49BB_1331_11EB)
        z ^= z >> np.uint64(31)
    return z


def open_unit(bits: Bits, out: Floats | None = None) -> Floats:
    """The upper 52 bits as a number strictly between 0 and 1; overwrites `bits`.

    The result is (2 k + 1) / 2**53 exactly, so quantile functions never see 0 or 1.
    """
    bits >>= np.uint64(12)
    bits |= _ONE
    return np.subtract(bits.view(np.float64), 1.0 - 2.0**-53, out=out)


def side_by_side(parts: Iterable[npt.NDArray[Number]]) -> npt.NDArray[Number]:
    """Arrays joined along their last axis; one alone is not copied."""
    first, *others = parts
    return np.concatenate([first, *others], axis=-1) if others else first
