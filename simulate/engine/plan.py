"""A scenario made ready for sampling: plain numbers, columns and bins, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from simulate.engine.first_passage import Passage
from simulate.engine.grid import RateGrid, TimeGrid
from simulate.engine.sampling.design import Design, Segment, segments
from simulate.engine.sampling.pool import CHOICE, LinearPool
from simulate.engine.shape import (
    Draws,
    Shape,
    Values,
    bent_passage,
    claim_of,
    first_end,
    straight_passage,
    with_end,
)
from simulate.engine.strength import Recorder, StrengthGrid, record_straight_line
from simulate.engine.tally import HORIZON, NO_RATE, Tally
from simulate.scenario.distributions import Distribution

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """Everything the blocks of a run need; the same plan gives the same tally.

    `columns` are the uncertain inputs in the order of the points' rows, `constants` the others;
    dates among them count days from the scenario's origin.
    """

    design: Design
    seed: int
    columns: Mapping[str, Distribution]
    constants: Mapping[str, float]
    origin: float
    thresholds: tuple[float, ...]
    shape: Shape
    times: TimeGrid
    rates: RateGrid
    correlated: tuple[str, ...]
    correlations: tuple[tuple[float, ...], ...]
    strength: StrengthGrid | None = None
    pool: LinearPool | None = None

    @property
    def causes(self) -> tuple[str, ...]:
        """Why a draw may never be depleted, in the order of the tally's last axis."""
        return (NO_RATE, *self.shape.ends, HORIZON)

    def empty_tally(self, replicates: int) -> Tally:
        """A tally of no draws, in the bins of this plan."""
        return Tally.empty(
            replicates,
            len(self.thresholds),
            self.times,
            self.rates,
            len(self.causes),
            strength=self.strength,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the uncertain inputs, in the order of the points' rows."""
        return tuple(self.columns)

    def draws(self, points: Floats, places: tuple[Segment, ...] = ()) -> Draws:
        """The draws at points of the unit cube.

        Parameters
        ----------
        points : ndarray, shape (inputs, n)
        places : tuple of Segment
            Where random numbers beyond the points come from; the first place where left out.
        """
        values, n = self.values(points), points.shape[1]
        end_time, end = first_end(values, self.shape, n) if self.shape.ends else (None, None)
        return Draws(values, self.seed, places or segments(0, 0, 0, n), end_time, end)

    def values(self, points: Floats) -> Values:
        """Input values at points of the unit cube, shape (inputs, n)."""
        if self.correlated:
            from simulate.engine.sampling.copula import correlate

            points = correlate(points, self._correlated_rows, self._cholesky)
        values: dict[str, Floats | float] = dict(self.constants)
        for (name, distribution), column in zip(self.columns.items(), points, strict=True):
            value = distribution.ppf(column)
            if distribution.axis == "date":
                value -= self.origin
            values[name] = value
        return values if self.pool is None else self.pool.follow(values)

    def same_value(self, levels: Floats, name: str) -> tuple[Floats, Floats]:
        """Between which levels an uncertain input has the value it has at levels, shape (n,) each.

        `levels` are those of all inputs, shape (inputs, n).
        """
        row = levels[self.names.index(name)]
        if self.pool is None or name not in self.pool.laws:
            return self.columns[name].same_value(row)
        return self.pool.same_value(name, row, levels[self.names.index(CHOICE)])

    def first_passage(self, draws: Draws, recorders: Sequence[Recorder] = ()) -> Passage:
        """First passages, in days from the origin.

        Recorders take down strength and losses, each those of an equal share of the draws.
        """
        shape = self.shape
        if shape.road == "straight":
            passage = straight_passage(draws.values, self.thresholds)
            for recorder in recorders:
                record_straight_line(draws, recorder)
        else:
            from simulate.engine.walk import road

            walk = partial(road.walk, draws, self.columns, shape, self.thresholds)
            if shape.road != "bent":
                passage = walk(days=self.times.days, recorders=recorders)
            else:
                passage = bent_passage(draws.values, shape, self.thresholds)
                if recorders:
                    walk(days=recorders[0].times[-1], recorders=recorders)
        return with_end(passage, draws)

    def loss_rates(self, draws: Draws) -> Floats:
        """Loss rates, without a walk to the first passage."""
        return claim_of(draws.values, draws.n).rate

    @cached_property
    def _correlated_rows(self) -> list[int]:
        return [self.names.index(name) for name in self.correlated]

    @cached_property
    def _cholesky(self) -> Floats:
        return np.linalg.cholesky(np.array(self.correlations))
