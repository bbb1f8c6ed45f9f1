"""A scenario prepared for sampling: plain numbers, columns and bins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from simulate.engine.draws import DrawBatch, Values
from simulate.engine.evidence import DatedReports, WeightedTally
from simulate.engine.extremes import Extremes
from simulate.engine.first_passage import Passage
from simulate.engine.grid import RateGrid, TimeGrid
from simulate.engine.sampling.design import Design, Segment, segments
from simulate.engine.sampling.pool import CHOICE, LinearPool
from simulate.engine.shape import Road, Shape, bent, first_end, straight
from simulate.engine.strength import (
    Recorder,
    StrengthGrid,
    StrengthTally,
    record_straight_line,
    with_past,
)
from simulate.engine.tally import HORIZON, INFLOW, NO_RATE, Tally
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions import Distribution
from simulate.scenario.stocks import Amount


class Plan(Struct, frozen=True, dict=True):
    """Everything a run needs; the same plan gives the same tally.

    `columns` are the uncertain inputs in the order of the points' rows, `constants` the others;
    dates among them count days from the scenario's origin.
    """

    design: Design
    seed: int
    columns: Mapping[str, Distribution]
    constants: Mapping[str, float]
    origin: float
    shape: Shape
    times: TimeGrid
    rates: RateGrid
    correlated: tuple[str, ...]
    correlations: tuple[tuple[float, ...], ...]
    strength: StrengthGrid | None = None
    evidence: DatedReports | None = None
    pool: LinearPool | None = None

    @property
    def road(self) -> Road:
        """How first passages are worked out."""
        return self.shape.road

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Shares of the force or amounts whose first passages are wanted."""
        return self.shape.thresholds

    @property
    def causes(self) -> tuple[str, ...]:
        """Reasons why a draw is never depleted, in the order of the tally's last axis."""
        return (NO_RATE, *self.shape.ends, *([INFLOW] if self.knows_inflow else []), HORIZON)

    @property
    def knows_inflow(self) -> bool:
        """Whether a first passage at inf can mean that at least as much comes in as is lost.

        A level below a floor is never reached either.
        """
        amounts = any(isinstance(q, Amount) for q in self.thresholds)
        limited = amounts and "force.floor" in {*self.columns, *self.constants}
        return bool(self.shape.inflow_days) and not limited

    def empty_tally(self, replicates: int) -> Tally:
        """A tally of no draws, in the bins of this plan."""
        thresholds, causes = len(self.thresholds), len(self.causes)
        time_bins, rate_bins, grid = self.times.n_bins, self.rates.n_bins + 2, self.strength
        updated = None
        if grid is not None and self.evidence is not None:
            sizes = thresholds, time_bins, causes, len(grid.times)
            updated = WeightedTally.empty(replicates, *sizes)

        def zeros(*shape: int) -> Ints:
            return np.zeros((replicates, *shape), dtype=np.int64)

        groups = None
        if self.pool is not None and self.pool.groups:
            groups = zeros(thresholds, 1 + max(self.pool.groups), self.times.days)

        return Tally(
            passages=zeros(thresholds, time_bins),
            never=zeros(thresholds, causes),
            passed=zeros(thresholds),
            rates=zeros(rate_bins),
            over=zeros(),
            times_met=Extremes.empty(thresholds, time_bins + causes),
            rates_met=Extremes.empty(rate_bins),
            strength=None if grid is None else StrengthTally.empty(replicates, grid),
            updated=updated,
            groups=groups,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the uncertain inputs, in the order of the points' rows."""
        return tuple(self.columns)

    def draws(
        self, points: Floats, places: tuple[Segment, ...] = (), held: Values | None = None
    ) -> DrawBatch:
        """The draws at points of the unit cube.

        Parameters
        ----------
        points : ndarray, shape (inputs, n)
        places : tuple of Segment
            Where random numbers beyond the points come from; by default the first place.
        held : mapping of str to ndarray of shape (n,), optional
            Values that replace constants of the plan.
        """
        values, n = {**self.values(points), **(held or {})}, points.shape[1]
        end_time, end = first_end(values, self.shape, n)
        return DrawBatch(values, self.seed, places or segments(0, 0, 0, n), end_time, end)

    def values(self, points: Floats) -> Values:
        """Input values at points of the unit cube, shape (inputs, n)."""
        values: dict[str, Floats | float] = dict(self.constants)
        for (name, distribution), column in zip(
            self.columns.items(), self.correlate(points), strict=True
        ):
            value = distribution.ppf(column)
            if distribution.axis == "date":
                value -= self.origin
            values[name] = value
        return values if self.pool is None else self.pool.follow(values)

    def correlate(self, points: Floats) -> Floats:
        """Points of the unit cube with the scenario's correlations, shape (inputs, n)."""
        if not self.correlated:
            return points
        # Brings scipy, which a scenario without correlations does not need.
        from simulate.engine.sampling.copula import correlate

        return correlate(points, self.correlated_rows, self._cholesky)

    def same_value(self, levels: Floats, name: str) -> tuple[Floats, Floats]:
        """Lowest and highest level at which an input has the same value, shape (n,) each.

        `levels` holds all inputs, shape (inputs, n).
        """
        row = levels[self.names.index(name)]
        if self.pool is None or name not in self.pool.laws:
            return self.columns[name].same_value(row)
        return self.pool.same_value(name, row, levels[self.names.index(CHOICE)])

    def first_passage(self, draws: DrawBatch, recorders: Sequence[Recorder] = ()) -> Passage:
        """First passages, in days from the origin.

        Each recorder records strength and losses of an equal share of the draws.
        """
        values, shape, n = draws.values, self.shape, draws.n
        recorders = with_past(draws, shape, recorders)
        if self.road == "straight":
            passage = straight(values, shape, days=self.times.days)
        elif self.road == "bent":
            passage = bent(values, shape, days=self.times.days)
        elif self.road == "drift":
            from simulate.engine import time_change

            passage = time_change.first_passages(draws, shape, days=self.times.days)
        else:
            passage = self._walk(draws, self.times.days, recorders)
        if recorders and self.road == "straight" and not shape.flows:
            (recorder,) = recorders  # its tasks are not taken together
            record_straight_line(draws, shape, recorder)
        elif self.road in {"straight", "bent", "drift"} and recorders:
            self._walk(draws, recorders[0].times[-1], recorders)
        if draws.end is None:
            return passage
        return passage._replace(
            time=np.broadcast_to(passage.time, (len(passage.time), n)),
            passed=np.broadcast_to(passage.passed, (len(passage.passed), n)),
            over=np.broadcast_to(passage.over, n),
            end_time=draws.end_time,
            end=draws.end,
        )

    def _walk(self, draws: DrawBatch, days: float, recorders: Sequence[Recorder]) -> Passage:
        from simulate.engine.walk import road

        return road.walk(draws, self.columns, self.shape, days=days, recorders=recorders)

    @cached_property
    def correlated_rows(self) -> list[int]:
        """Rows of the correlated inputs among the points."""
        return [self.names.index(name) for name in self.correlated]

    @cached_property
    def _cholesky(self) -> Floats:
        return np.linalg.cholesky(np.array(self.correlations))
