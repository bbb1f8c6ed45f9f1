"""Up to when a scenario is followed."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from simulate.errors import LimitError
from simulate.scenario.notation import names_days, number_hint, period_hint
from simulate.scenario.values import DATE_SCHEMA, ISO_DATE, Day, fail, parse_date, shown

DEFAULT_HORIZON_YEARS = 5
LONGEST_HORIZON_DAYS = 36_525


def too_far(what: str) -> str:
    """The message for a horizon beyond the limit."""
    return f"horizon of {what} is beyond the limit of {LONGEST_HORIZON_DAYS:,} days"


def _read(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool | Day):
        if not 0 < value < math.inf:
            raise fail(f"must be a date or a positive number of days (found {shown(value)})")
        if value > LONGEST_HORIZON_DAYS:
            days = f"{value:,.10g} days" if value < 2**63 else shown(value)
            raise LimitError(too_far(days), at="horizon")
        return float(value)
    # A date is usual, and recognised sooner than the search for what is meant ends.
    if isinstance(value, str) and not ISO_DATE.fullmatch(value):
        if hint := period_hint(value, "to"):
            hint = hint.about(value, ", its last day")
            raise fail(f"must be a date (found {shown(value)})", hint=hint)
        days = number_hint(value, "days")
        if days.endswith("in days") and not names_days(value):
            either = f"{days} after the count, or a date as YYYY-MM-DD"
            raise fail(f"must be a date or a number of days (found {shown(value)})", hint=either)
    return parse_date(value)


Horizon = Annotated[
    dt.date | float,
    BeforeValidator(_read),
    PlainSerializer(lambda value: value.isoformat() if isinstance(value, dt.date) else value),
    WithJsonSchema({"anyOf": [DATE_SCHEMA, {"type": "number", "exclusiveMinimum": 0}]}),
]
"""A date, or a number of days after the latest possible `losses.as_of`."""
