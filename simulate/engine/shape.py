"""Which departures from the straight line a scenario has, and their values as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import Claim, bent_line
from simulate.engine.clock import Clock, Pause
from simulate.engine.first_passage import Passage
from simulate.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
Values = Mapping[str, Floats | float]


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a scenario, without its numbers."""

    is_straight: bool
    counting: Literal["casualties", "strength"]
    pauses: int
    reinforcements: int
    ends: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """The shape of a scenario."""
        return cls(
            is_straight=scenario.is_straight,
            counting=scenario.counting,
            pauses=len(scenario.pauses),
            reinforcements=len(scenario.reinforcements),
            ends=tuple(end.label for end in scenario.ends),
        )


def bent_passage(values: Values, shape: Shape, thresholds: Sequence[float]) -> Passage:
    """First passages of a scenario that departs from the straight line."""
    n = np.broadcast_shapes(*(np.shape(value) for value in values.values()))

    def value(name: str, default: Floats | float = 0.0) -> Floats:
        return np.broadcast_to(np.asarray(values.get(name, default), dtype=np.float64), n or (1,))

    start, as_of, size = value("losses.start"), value("losses.as_of"), value("force.size")
    count = value("losses.count")
    claim = Claim(
        count=count,
        size=size,
        start=start,
        as_of=as_of,
        early=np.minimum(value("prelude.start", start), start),
        early_intensity=value("prelude.intensity"),
    )
    if "force.as_of" in values:
        claim = replace(claim, size=size + claim.rate * (value("force.as_of") - start))
    pauses = [
        Pause(
            value(f"pauses[{i}].start"),
            value(f"pauses[{i}].start") + value(f"pauses[{i}].days"),
            value(f"pauses[{i}].intensity"),
        )
        for i in range(shape.pauses)
    ]
    clock = Clock(
        zero=as_of,
        multiplier=value("rate.multiplier", 1.0),
        growth=value("rate.trend_per_week") / 7.0,
        pauses=pauses,
    )
    arrivals = [
        (value(f"reinforcements[{i}].date"), value(f"reinforcements[{i}].size"))
        for i in range(shape.reinforcements)
    ]
    exponent = value("rate.strength_exponent")
    return bent_line(claim, clock, exponent, arrivals, thresholds, counting=shape.counting)


def with_ends(passage: Passage, values: Values, shape: Shape) -> Passage:
    """The passage with the first of the events that stop the clock."""
    times = []
    for i in range(len(shape.ends)):
        happens = values[f"ends[{i}].happens"] < values.get(f"ends[{i}].probability", 1.0)
        times.append(np.where(happens, values[f"ends[{i}].date"], np.inf))
    n = np.size(times[0])
    return passage._replace(
        time=np.broadcast_to(passage.time, (len(passage.time), n)),
        passed=np.broadcast_to(passage.passed, (len(passage.passed), n)),
        over=np.broadcast_to(passage.over, n),
        end_time=np.min(times, axis=0),
        end=np.argmin(times, axis=0),
    )
