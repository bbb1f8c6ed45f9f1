"""Random numbers beyond the columns of a block: what is drawn anew day by day or spell by spell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulate.engine.sampling.design import Segment
from simulate.engine.sampling.streams import Bits, open_unit, raw_bits, split_mix
from simulate.engine.walk.dynamics import DAYS
from simulate.scenario.distributions.normal_quantile import normal_ppf

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRIFT = "rate.drift"
"""Name of the stream of the drift's normal numbers."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The streams of the draws of some segments.

    A draw's numbers depend on its segment and its place in it, not on what became of others.
    """

    seed: int
    segments: tuple[Segment, ...]

    def normals(self, day: int, number: Ints) -> Floats:
        """Standard normal numbers of `DAYS` days from `day` on, for some draws, (DAYS, draws)."""
        rows = self._bits(DRIFT, day // DAYS, DAYS)
        if number.size < rows.shape[1]:
            rows = np.take(rows, number, axis=1)
        return normal_ppf(open_unit(rows))

    def keys(self, name: str) -> Bits:
        """What each draw's own sequence for an input begins with, shape (draws,)."""
        keys: Bits = self._bits(name, 0, 1)[0]
        return keys

    def _bits(self, name: str, turn: int, rows: int) -> Bits:
        found = [
            raw_bits(self.seed, name, (*place, turn), rows * n).reshape(rows, n)
            for *place, n in self.segments
        ]
        return found[0] if len(found) == 1 else np.concatenate(found, axis=1)


def later_uniforms(keys: Bits, number: Ints, spell: Ints) -> Floats:
    """Uniform numbers of later spells, for some draws by their numbers."""
    return open_unit(split_mix(keys[number], spell))
