"""A scenario made ready for sampling: plain numbers, columns and bins, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from simulate.engine.design import Design, Segment, design_for, segments
from simulate.engine.first_passage import Passage
from simulate.engine.grid import RateGrid, TimeGrid
from simulate.engine.pilot import Pilot
from simulate.engine.pool import CHOICE, LinearPool
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
from simulate.scenario.distributions import Distribution, Uniform
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day

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
            from simulate.engine.copula import correlate

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
            from simulate.engine import by_days

            walk = partial(by_days.walk, draws, self.columns, shape, self.thresholds)
            if shape.road == "daily":
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


def plan_for(
    scenario: Scenario, *, draws: int, seed: int, method: str, strength: bool = False
) -> Plan:
    """Prepare a run.

    Parameters
    ----------
    scenario : Scenario
    draws : int
    seed : int
    method : str
    strength : bool
        Whether to tally the strength present and the losses by date as well.

    Raises
    ------
    LimitError
        If more draws are asked for than the limit.
    """
    origin = float(Day.of(scenario.origin))
    constants = {}
    for item in scenario.sampled:
        if item.distribution.is_constant and not item.followed:
            shift = origin if item.distribution.axis == "date" else 0.0
            constants[item.name] = item.distribution.support[0] - shift
    names, matrix = scenario.copula
    unit, pool = Uniform(low=0.0, high=1.0), LinearPool.of(scenario, origin)
    plan = Plan(
        design=design_for(method, draws),
        seed=seed,
        columns={
            item.name: unit if item.followed else item.distribution for item in scenario.uncertain
        }
        | ({} if pool is None else {CHOICE: unit})
        | {f"ends[{i}].happens": unit for i in range(len(scenario.ends))},
        constants=constants,
        origin=origin,
        thresholds=scenario.thresholds,
        shape=Shape.of(scenario),
        times=TimeGrid((scenario.last_day - scenario.origin).days + 1),
        rates=RateGrid(1.0, 1.0),
        correlated=names,
        correlations=tuple(map(tuple, matrix)),
        pool=pool,
    )
    pilot = Pilot.of(plan)
    days = sorted({(item.date - scenario.origin).days for item in scenario.observed})
    return replace(
        plan, rates=pilot.rate_grid(), strength=pilot.strength_grid(days, every_day=strength)
    )
