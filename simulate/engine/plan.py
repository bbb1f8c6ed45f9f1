"""A scenario made ready for sampling: plain numbers, columns and bins, nothing left to look up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulate.engine.design import Design, design_for
from simulate.engine.first_passage import Passage, straight_line
from simulate.engine.grid import RateGrid, TimeGrid
from simulate.engine.points import METHODS
from simulate.engine.shape import Shape, bent_passage, with_ends
from simulate.engine.strength import (
    Pilot,
    Recorder,
    StrengthGrid,
    depletion_times,
    moments_for,
    record_straight_line,
)
from simulate.engine.tally import HORIZON, NO_RATE, Tally
from simulate.scenario.distributions import Distribution, Uniform
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day

Floats = npt.NDArray[np.float64]

_PILOT = 4096
_MARGIN = 4.0
_SETTLED = 0.99
"""Where this share of draws is depleted, bands of strength up to the 95th percentile have ended."""


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
        return values

    def first_passage(self, points: Floats) -> Passage:
        """First passages at points of the unit cube, shape (inputs, n), in days from the origin."""
        return self.passage(self.values(points))

    def passage(self, values: Mapping[str, Floats | float]) -> Passage:
        """First passages at values of the inputs."""
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

    def record_strength(
        self,
        values: Mapping[str, Floats | float],
        recorder: Recorder,
        end_time: Floats | None,
        *,
        weight: int = 1,
    ) -> None:
        """Take down strength and losses at values of the inputs; see `record_straight_line`."""
        if not self.shape.is_straight:
            raise NotImplementedError("strength over time beyond the straight line")
        record_straight_line(values, recorder, end_time, weight=weight)

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
    for item in scenario.inputs:
        if item.distribution.is_constant:
            shift = origin if item.distribution.axis == "date" else 0.0
            constants[item.name] = item.distribution.support[0] - shift
    names, matrix = scenario.copula
    plan = Plan(
        design=design_for(method, draws),
        seed=seed,
        columns={item.name: item.distribution for item in scenario.uncertain}
        | {f"ends[{i}].happens": Uniform(low=0.0, high=1.0) for i in range(len(scenario.ends))},
        constants=constants,
        origin=origin,
        thresholds=scenario.thresholds,
        shape=Shape.of(scenario),
        times=TimeGrid((scenario.last_day - scenario.origin).days + 1),
        rates=RateGrid(1.0, 1.0),
        correlated=names,
        correlations=tuple(map(tuple, matrix)),
    )
    values = plan.values(_pilot_points(plan))
    passage = plan.passage(values)
    observed = [float((item.date - scenario.origin).days + 1) for item in scenario.observed]
    grid = _strength_grid(plan, values, passage, observed, every_day=strength)
    return replace(plan, rates=_rate_grid(passage), strength=grid)


def _pilot_points(plan: Plan) -> Floats:
    """Points of a pilot that does not depend on seed or method."""
    pilot = design_for("lattice", 8 * _PILOT)
    return next(METHODS["lattice"](pilot, 0, plan.names, 0, 0))


def _strength_grid(
    plan: Plan,
    values: Mapping[str, Floats | float],
    passage: Passage,
    observed: Iterable[float],
    *,
    every_day: bool,
) -> StrengthGrid | None:
    """Moments and bins for strength and losses: the dates observed and, if asked for, every day."""
    times = tuple(sorted(set(observed)))
    if every_day:
        times = moments_for(0, _last_change(plan, values, passage), map(int, times))
    if not times:
        return None
    pilot = Pilot(times)
    plan.record_strength(values, pilot, passage.end_time)
    return pilot.grid(times)


def _last_change(plan: Plan, values: Mapping[str, Floats | float], passage: Passage) -> int:
    """The day after which hardly any draw changes, at most the horizon."""
    if not plan.shape.is_straight:
        return plan.times.days
    ended = depletion_times(values)
    if passage.end_time is not None:
        ended = np.minimum(ended, passage.end_time)
    # The nearest one above, since there is nothing between a number and infinity.
    last = float(np.quantile(ended, _SETTLED, method="higher"))
    return max(int(min(last + 1.0, float(plan.times.days))), 1)


def _rate_grid(passage: Passage) -> RateGrid:
    """Bins for the rates, from the first passages of a pilot."""
    rate = passage.rate[passage.rate > 0]
    if not rate.size:
        return RateGrid(1.0, 1.0)
    low, high = float(rate.min()), float(rate.max())
    return RateGrid(low, high) if low == high else RateGrid(low / _MARGIN, high * _MARGIN)
