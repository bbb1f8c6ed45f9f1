"""How the forecasts of a register have fared, as far as their outcomes are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct

from simulate.analysis.score import PROBABILITIES, Assessment, ForecastRecord, Resolution, assess
from simulate.scenario.arrays import Floats

BINS = 10
LEVELS = 0.05, 0.5, 0.95
"""Percentiles that are shown of each forecast."""

ID_DIGITS = 12
"""Digits of an id that are printed; any beginning that only one forecast has names it."""


class RecordedOutcome(NamedTuple):
    """What happened, and who says so."""

    resolution: Resolution
    source: str


@dataclass(frozen=True, repr=False)
class Entry:
    """A forecast of a register, and its outcome where it is known.

    `is_new` is false where it had been registered before.
    """

    id: str
    made_on: dt.date
    record: ForecastRecord
    outcome: RecordedOutcome | None = None
    is_new: bool = field(default=True, compare=False)

    def __repr__(self) -> str:
        known = f"; outcome {self.outcome}" if self.outcome else ""
        return f"<Entry {self.shown_id}, made on {self.made_on}{known}\n {self.record!r}>"

    @property
    def shown_id(self) -> str:
        """The digits of the id that are printed."""
        return self.id[:ID_DIGITS]

    @property
    def assessment(self) -> Assessment | None:
        """The scores, where the outcome is known."""
        return None if self.outcome is None else assess(self.record, self.outcome.resolution)


class Register(Struct, frozen=True):
    """The forecasts of a file in their order; `problems` names each line that is left out."""

    name: str
    entries: tuple[Entry, ...]
    problems: tuple[str, ...]

    @property
    def resolved(self) -> tuple[Assessment, ...]:
        """The scores of the forecasts whose outcome is known."""
        found = (entry.assessment for entry in self.entries)
        return tuple(one for one in found if one is not None)

    def named(self, beginning: str) -> tuple[Entry, ...]:
        """The forecasts whose id begins so."""
        return tuple(entry for entry in self.entries if entry.id.startswith(beginning.lower()))

    def alike(self, record: ForecastRecord) -> tuple[Entry, ...]:
        """The forecasts with the same scenario and threshold."""
        key = (record.digest, record.threshold)
        return tuple(e for e in self.entries if (e.record.digest, e.record.threshold) == key)


class CoverageCount(NamedTuple):
    """Intervals of one probability: how many are decided, and how many held the outcome."""

    probability: float
    held: int
    decided: int


class TrackRecord(Struct, frozen=True):
    """The scores of several forecasts, `n` with a known outcome.

    Of these `n_open` had not happened up to a date, and are scored up to it. `levels` counts
    outcomes by tenths of their level. An outcome between two levels is spread
    evenly between them (Czado, Gneiting and Held 2009, Biometrics 65, 1254-1261). The
    means are None if no outcome is known.
    """

    n: int
    coverage: tuple[CoverageCount, ...]
    levels: tuple[float, ...]
    crps_days: float | None
    straight_crps_days: float | None
    n_open: int = 0

    @classmethod
    def of(cls, resolved: Sequence[Assessment]) -> Self:
        """The track record of the forecasts whose outcome is known."""
        held = [[one.held for one in each.forecast.intervals] for each in resolved]
        columns = list(zip(*held, strict=True)) or [()] * len(PROBABILITIES)
        pairs = zip(PROBABILITIES, columns, strict=True)
        return cls(
            n=len(resolved),
            coverage=tuple(
                CoverageCount(p, column.count(True), len(column) - column.count(None))
                for p, column in pairs
            ),
            levels=tuple(sum(map(_spread, resolved), np.zeros(BINS)).tolist()),
            crps_days=_mean([each.forecast.crps_days for each in resolved]),
            straight_crps_days=_mean([each.straight.crps_days for each in resolved]),
            n_open=sum(each.resolution.last is None for each in resolved),
        )


def _spread(one: Assessment) -> Floats:
    """One outcome, divided among the bins between its levels."""
    low, high, edges = one.forecast.low, one.forecast.high, np.linspace(0.0, 1.0, BINS + 1)
    if high - low < 1e-12:
        return np.bincount([min(int(low * BINS), BINS - 1)], minlength=BINS).astype(np.float64)
    return np.diff(np.clip(edges, low, high)) / (high - low)


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
