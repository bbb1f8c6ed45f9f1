"""Random numbers beyond the columns of a block: what is drawn anew day by day or spell by spell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulate.engine.course import DAYS
from simulate.engine.streams import Bits, open_unit, raw_bits, split_mix
from simulate.scenario.distributions.normal_quantile import normal_ppf

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRIFT = "rate.drift"
"""Name of the stream of the drift's normal numbers."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The streams of `n` draws at one place: replicate, shift and number of the first point.

    A draw's numbers depend on the place and its number alone, not on what became of others.
    """

    seed: int
    place: tuple[int, int, int]
    n: int

    def normals(self, day: int, number: Ints) -> Floats:
        """Standard normal numbers of `DAYS` days from `day` on, for some draws, (DAYS, draws)."""
        bits = raw_bits(self.seed, DRIFT, (*self.place, day // DAYS), DAYS * self.n)
        rows = bits.reshape(DAYS, self.n)
        if number.size < self.n:
            rows = np.take(rows, number, axis=1)
        return normal_ppf(open_unit(rows))

    def keys(self, name: str) -> Bits:
        """What each draw's own sequence for an input begins with, shape (n,)."""
        return raw_bits(self.seed, name, (*self.place, 0), self.n)


def later_uniforms(keys: Bits, number: Ints, spell: Ints) -> Floats:
    """Uniform numbers of later spells, for some draws by their numbers."""
    return open_unit(split_mix(keys[number], spell))
