"""The lines of a register as they are checked when read."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from simulate.analysis.score import Forecast, ForecastRecord
from simulate.report.data.past_run import iso_date
from simulate.scenario.stocks import Amount

_Date = Annotated[dt.date, BeforeValidator(iso_date)]


class Line(BaseModel):
    """What every line has: the digest of all else in it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    id: str


class ForecastLine(Line):
    """A forecast, made on a day."""

    kind: Literal["forecast"]
    made_on: _Date
    title: str
    event: str
    threshold: float | dict[Literal["left", "lost"], float]
    digest: str
    stream: str
    program: str
    draws: int = Field(ge=1, le=2**53)
    seed: int = Field(ge=0)
    method: str
    origin: _Date
    horizon: _Date
    by: list[_Date]
    straight_day: float | None = Field(ge=-1.0)
    days: list[float] = Field(min_length=2)
    counts: list[float] = Field(min_length=2)

    @model_validator(mode="after")
    def _is_distribution(self) -> Self:
        days, counts = np.array(self.days), np.array([0.0, *self.counts, float(self.draws)])
        rising = (np.diff(days) >= 0).all() and (np.diff(counts) >= 0).all()
        if days.size != counts.size - 2 or not rising:
            raise ValueError("days and counts should rise together, up to draws")
        return self

    @property
    def record(self) -> ForecastRecord:
        """The forecast."""
        threshold = self.threshold
        if isinstance(threshold, dict):
            ((kind, amount),) = threshold.items()
            threshold = Amount(amount, kind)
        names = ("title", "event", "digest", "stream", "program", "draws", "seed", "method")
        return ForecastRecord(
            **{name: getattr(self, name) for name in names},
            threshold=threshold,
            origin=self.origin,
            horizon=self.horizon,
            by=tuple(self.by),
            straight_day=math.inf if self.straight_day is None else self.straight_day,
            forecast=Forecast(np.array(self.days), np.array(self.counts), self.draws),
        )


class OutcomeLine(Line):
    """The outcome of the forecast with an id."""

    kind: Literal["outcome"]
    forecast: str
    recorded_on: _Date
    first: _Date
    last: _Date | None
    source: str


LINE: TypeAdapter[ForecastLine | OutcomeLine] = TypeAdapter(
    Annotated[ForecastLine | OutcomeLine, Field(discriminator="kind")]
)
