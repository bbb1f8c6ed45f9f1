"""A scenario: fields that are valid each by itself and together."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from pydantic import ValidationInfo, model_validator

from simulate.errors import LimitError
from simulate.scenario.claims import LossClaim, Losses
from simulate.scenario.consistency import contradictions, dates_asked
from simulate.scenario.fields import (
    LONGEST_HORIZON_DAYS,
    MOST_INPUTS,
    ScenarioFields,
    earliest_day,
    latest_day,
    too_far,
)
from simulate.scenario.values import all_of

DATES_ONLY: dict[str, Any] = {}
"""Context of a validation where all but `by` and `levels` was valid before."""


class Scenario(ScenarioFields):
    """A claim about when a force or stock runs out, with the uncertainty of what it rests on."""

    def following(self, *claims: LossClaim) -> Scenario:
        """The same scenario with some of its claims only, up to the same horizon.

        Nothing is checked again. Correlations of what is no longer uncertain are left out.
        """
        losses = {name: getattr(self.losses, name) for name in Losses.model_fields}
        pooling = "linear" if self.losses.is_each else self.losses.pooling
        fields = {name: getattr(self, name) for name in Scenario.model_fields}
        fields |= {
            "losses": Losses.model_construct(**{**losses, "claims": claims, "pooling": pooling}),
            "horizon": self.last_day,
        }
        names = {item.name for item in Scenario.model_construct(**fields).uncertain}
        kept = tuple(pair for pair in self.correlations if names.issuperset(pair.inputs))
        return Scenario.model_construct(**{**fields, "correlations": kept})

    @model_validator(mode="after")
    def _check_whole(self, info: ValidationInfo) -> Self:
        if info.context is DATES_ONLY:
            if found := tuple(dates_asked(self)):
                raise all_of(found)
            return self
        for item in self.inputs:
            if item.distribution.axis == "date":
                earliest_day(item), latest_day(item.distribution, item.name)
        if len(self.inputs) > MOST_INPUTS:
            raise LimitError(f"more than {MOST_INPUTS} inputs")
        if found := tuple(contradictions(self)):
            raise all_of(found)
        days = (self.last_day - self.origin).days
        if days > LONGEST_HORIZON_DAYS:
            last = self.origin + dt.timedelta(days=LONGEST_HORIZON_DAYS)
            told = f"{days:,} days from the earliest possible date, {self.origin}, on"
            raise LimitError(f"{too_far(told)}; name a date up to {last}", at="horizon")
        return self
