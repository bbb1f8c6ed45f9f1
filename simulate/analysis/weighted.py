"""Weighted draws as fractions of draws, which together are as many as their effective number."""

from __future__ import annotations

from typing import Self

import numpy as np
from msgspec import Struct

from simulate.engine.evidence import WeightedTally
from simulate.scenario.arrays import Floats


class Weighted(Struct, frozen=True, eq=False):
    """The sums of a weighted tally, scaled so that all draws sum to the effective sample size.

    Arrays as in the tally; `weights` (replicates,) is what each replicate weighs, relative to the
    mean of all, and `draws` the effective number of draws for each replicate.
    """

    passages: Floats
    never: Floats
    passed: Floats
    present: Floats
    lost: Floats
    weights: Floats
    draws: float

    @classmethod
    def of(cls, tally: WeightedTally) -> Self:
        """Scale the sums of a tally; its effective sample size must not be zero."""
        total, n = tally.total.astype(np.float64), tally.effective[0]
        scale = n / float(total.sum())
        return cls(
            passages=np.multiply(scale, tally.passages),
            never=np.multiply(scale, tally.never),
            passed=np.multiply(scale, tally.passed),
            present=np.multiply(scale, tally.present),
            lost=np.multiply(scale, tally.lost),
            weights=total / total.mean(),
            draws=n / total.size,
        )
