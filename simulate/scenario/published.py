"""Dates and periods that somebody published."""

import datetime as dt
from typing import Annotated, Any, Self, cast

from pydantic import Field, WithJsonSchema, model_validator

from simulate.scenario.notation import period_hint
from simulate.scenario.stocks import Threshold
from simulate.scenario.values import (
    ISO_DATE,
    MONTH_PATTERN,
    Date,
    Line,
    Sourced,
    days_of_month,
    fail,
    shown,
)

DateOrMonth = Annotated[Date, WithJsonSchema({"type": "string", "pattern": MONTH_PATTERN})]


class Published(Sourced):
    """A date or a period somebody published, to check against the result.

    A month, such as 2026-02, is the period of its days.
    """

    label: Line = Field(description="Who said it, for instance 'ISW: mid-April 2025'.")
    date: DateOrMonth | None = Field(None, description="The day, or the month (2026-02).")
    begins: DateOrMonth | None = Field(
        None, alias="from", description="First day of a period, in place of `date`."
    )
    ends: DateOrMonth | None = Field(None, alias="to", description="Last day of the period.")
    threshold: Threshold | None = Field(
        None, description="The threshold the date is about; all thresholds if left out."
    )

    @property
    def first(self) -> dt.date:
        """The day, or the first of the period."""
        return cast("dt.date", self.date or self.begins)

    @property
    def last(self) -> dt.date:
        """The day, or the last of the period."""
        return cast("dt.date", self.date or self.ends)

    @model_validator(mode="before")
    @classmethod
    def _read_months(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        days = {key: days_of_month(value.get(key)) for key in ("date", "from", "to")}
        for key, month in days.items():
            text = str(written) if isinstance(written := value.get(key), str | int) else ""
            # The search for what is meant takes long, and a day is usual.
            is_day = ISO_DATE.fullmatch(text) is not None
            if text and not month and not is_day and (hint := period_hint(text, key)):
                raise fail(f"has a period as {key} (found {shown(written)})", hint=hint, at=key)
        if days["date"] and not {"from", "to"} & value.keys():
            value = {key: part for key, part in value.items() if key != "date"}
            return {**value, **dict(zip(("from", "to"), days["date"], strict=True))}
        ends = {"from": days["from"][:1], "to": days["to"][1:]}
        return {**value, **{key: day for key, found in ends.items() for day in found}}

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        hint, ends = "give date, or from and to", {"from": self.begins, "to": self.ends}
        given = [key for key, day in ends.items() if day is not None]
        if self.date is not None and given:
            raise fail(f"has both date and {given[0]}", hint=hint, at=given[0])
        if self.date is None and not given:
            raise fail("needs date, or from and to")
        if len(given) == 1:
            raise fail("needs both from and to", hint=hint)
        if self.last < self.first:
            raise fail(f"to, {self.last}, is before from, {self.first}", at="to")
        return self
