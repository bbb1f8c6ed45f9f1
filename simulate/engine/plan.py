"""A scenario made ready for sampling: plain numbers, columns and bins, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulate.engine.design import Design, design_for
from simulate.engine.first_passage import Passage, straight_line
from simulate.engine.grid import RateGrid, TimeGrid
from simulate.engine.points import METHODS
from simulate.engine.pool import CHOICE, LinearPool
from simulate.engine.shape import Shape, bent_passage, with_ends
from simulate.engine.tally import HORIZON, NO_RATE, Tally
from simulate.scenario.distributions import Distribution, Uniform
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day

Floats = npt.NDArray[np.float64]

_PILOT = 4096
_MARGIN = 4.0


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
    pool: LinearPool | None = None

    @property
    def causes(self) -> tuple[str, ...]:
        """Why a draw may never be depleted, in the order of the tally's last axis."""
        return (NO_RATE, *self.shape.ends, HORIZON)

    def empty_tally(self, replicates: int) -> Tally:
        """A tally of no draws, in the bins of this plan."""
        return Tally.empty(
            replicates, len(self.thresholds), self.times, self.rates, len(self.causes)
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the uncertain inputs, in the order of the points' rows."""
        return tuple(self.columns)

    def values(self, points: Floats) -> dict[str, Floats | float]:
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

    def first_passage(self, points: Floats) -> Passage:
        """First passages at points of the unit cube, shape (inputs, n), in days from the origin."""
        values = self.values(points)
        if not self.shape.is_straight:
            passage = bent_passage(values, self.shape, self.thresholds)
        else:
            passage = straight_line(
                values["losses.count"],
                values["force.size"],
                values["losses.start"],
                values["losses.as_of"],
                self.thresholds,
                size_as_of=values.get("force.as_of"),
            )
        return with_ends(passage, values, self.shape) if self.shape.ends else passage

    @cached_property
    def _correlated_rows(self) -> list[int]:
        return [self.names.index(name) for name in self.correlated]

    @cached_property
    def _cholesky(self) -> Floats:
        return np.linalg.cholesky(np.array(self.correlations))


def plan_for(scenario: Scenario, *, draws: int, seed: int, method: str) -> Plan:
    """Prepare a run.

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
    return replace(plan, rates=_rate_grid(plan))


def _rate_grid(plan: Plan) -> RateGrid:
    """Bins for the rates, from a pilot that does not depend on seed or method."""
    pilot = design_for("lattice", 8 * _PILOT)
    points = next(METHODS["lattice"](pilot, 0, plan.names, 0, 0))
    rate = plan.first_passage(points).rate
    rate = rate[rate > 0]
    if not rate.size:
        return RateGrid(1.0, 1.0)
    low, high = float(rate.min()), float(rate.max())
    return RateGrid(low, high) if low == high else RateGrid(low / _MARGIN, high * _MARGIN)
