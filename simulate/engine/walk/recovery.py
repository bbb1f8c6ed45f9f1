"""Men who come back: a share of the lost, after exponential delays in series.

The linear chain trick (MacDonald 1978, Time Lags in Biological Models): k stages in a row, each
left at the rate k / mean, make an Erlang-k delay of that mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Values = Floats | float

_TINY, _HUGE = float(np.finfo(np.float64).tiny), 1e300


@dataclass(frozen=True)
class Recovery:
    """The share of the lost who return, their mean delay in days, and its number of stages.

    Arrays of shape (n,), or numbers where all draws agree, which is quicker.
    """

    share: Values
    mean_days: Values
    stages: int

    def passing(self, days: Values) -> Passing:
        """What `days` do to those who recover.

        Exact where losses fall evenly over the days: the number of stages passed in a given time
        is a Poisson number.
        """
        with np.errstate(over="ignore"):
            passed = np.minimum(np.maximum(self.stages * days / self.mean_days, _TINY), _HUGE)
        probability = np.exp(-passed)
        beyond = -np.expm1(-passed)
        moved, joined = [], []
        for j in range(self.stages):
            moved.append(probability)
            joined.append(self.share * beyond / passed)
            probability = probability * passed / (j + 1)
            beyond = beyond - probability
        held = sum(joined)
        return Passing(moved, joined, held, np.maximum(self.share - held, 0.0))


class Passing(NamedTuple):
    """Transition of the stages over a step.

    `moved[j]` is the probability to pass j stages, `joined[j]` the share of the step's losses that
    is in stage j at its end, `held` that in any of them, `within` the share that is back by then;
    each as in `Recovery`.
    """

    moved: Sequence[Values]
    joined: Sequence[Values]
    held: Values
    within: Values

    def but(self, odd: npt.NDArray[np.int64], some: Passing, n: int) -> Passing:
        """The transition of `n` draws, of which some have one of their own."""

        def mixed(usual: Values, own: Values) -> Floats:
            values = np.array(np.broadcast_to(usual, n))
            values[odd] = own
            return values

        return Passing(
            *(list(map(mixed, *pair)) for pair in zip(self[:2], some[:2], strict=True)),
            *(mixed(*pair) for pair in zip(self[2:], some[2:], strict=True)),
        )

    def move(self, waiting: Floats) -> Floats:
        """Those who wait, by stage (stages, n), passed through their stages."""
        stay, *further = self.moved
        passed = stay * waiting
        for j, probability in enumerate(further, start=1):
            passed[j:] += probability * waiting[:-j]
        return passed

    def join(self, waiting: Floats, losses: Floats) -> None:
        """Add those lost during the step, in place."""
        for j, share in enumerate(self.joined):
            waiting[j] += share * losses
