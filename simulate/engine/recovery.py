"""Men who come back: a share of the lost, after exponential delays in series.

The linear chain trick (MacDonald 1978, Time Lags in Biological Models): k stages in a row, each
left at the rate k / mean, make an Erlang-k delay of that mean.
"""

from __future__ import annotations

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
            passed = np.clip(self.stages * days / self.mean_days, _TINY, _HUGE)
        probability = np.exp(-passed)
        beyond = -np.expm1(-passed)
        moved, joined, within = [], [], self.share
        for j in range(self.stages):
            moved.append(probability)
            joined.append(self.share * beyond / passed)
            within = within - joined[-1]
            probability = probability * passed / (j + 1)
            beyond = beyond - probability
        return Passing(moved, joined, np.maximum(within, 0.0))


class Passing(NamedTuple):
    """Transition of the stages over a step.

    `moved[j]` is the probability to pass j stages, `joined[j]` the share of the step's losses that
    is in stage j at its end, `within` the share that is back by then; each as in `Recovery`.
    """

    moved: list[Values]
    joined: list[Values]
    within: Values

    def move(self, waiting: Floats) -> None:
        """Pass those who wait (stages, n) through their stages, in place."""
        stay, *further = self.moved
        part = np.empty_like(waiting[0])
        for stage in range(len(waiting) - 1, -1, -1):
            waiting[stage] *= stay
            for probability, source in zip(further, waiting[:stage][::-1], strict=False):
                waiting[stage] += np.multiply(probability, source, out=part)

    def join(self, waiting: Floats, losses: Floats) -> None:
        """Add those lost during the step, in place."""
        part = np.empty_like(losses)
        for stage, share in enumerate(self.joined):
            waiting[stage] += np.multiply(share, losses, out=part)
