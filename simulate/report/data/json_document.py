"""Answers as JSON: one encoder of frozen values, and where JSON differs from their fields."""

from __future__ import annotations

import datetime as dt
import functools
import json
import math
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from simulate.analysis import summary as answer
from simulate.analysis import values
from simulate.scenario.stocks import Amount

SCHEMA_VERSION = 1

_OPTIONAL = ("strength", "observed", "pooled", "reference", "update", "is_updated")


def document(summary: answer.Summary) -> dict[str, Any]:
    """The summary as JSON types: dictionaries, lists, texts, numbers, truth values and None.

    Dates are ISO 8601 texts, days count from `origin` in full precision, and a number that is not
    finite is None. A moment that does not exist has `day` and `date` None and either
    `beyond_horizon` or `too_few_draws` true; one in a gap between draws has `gap`, the dates on
    both sides, the second None for "never". The keys `strength`, `observed`, `ledger`, `reference`,
    how much the rate changes, and `update`, the result updated on later counts, exist only where
    the scenario or the command asks for them.
    """
    absent = [name for name in _OPTIONAL if not getattr(summary, name)]
    for_pages = ("default_horizon", "n_serious", "counted_until")
    return {
        "schema_version": SCHEMA_VERSION,
        **fields(summary, *absent, *for_pages, pooled="ledger"),
    }


def dumps(tree: Any) -> str:
    """A document as text: ASCII, keys sorted, indented by two, with a line end at the end."""
    return json.dumps(tree, allow_nan=False, indent=2, sort_keys=True) + "\n"


@functools.singledispatch
def encoded(value: Any) -> Any:
    """A value as JSON types; a type whose JSON differs from its fields registers its own form."""
    return fields(value) if isinstance(value, Struct) else value


def fields(value: Any, /, *without: str, **names: str) -> dict[str, Any]:
    """The fields of a frozen value, without some, and with other names for some."""
    found = value.__struct_fields__ if isinstance(value, Struct) else value._fields
    kept = (name for name in found if name not in without)
    return {names.get(name, name): encoded(getattr(value, name)) for name in kept}


# JSON has neither infinity nor "not a number".
encoded.register(float, lambda value: value if math.isfinite(value) else None)
encoded.register(Amount, lambda amount: amount.plain)
encoded.register(dt.date, dt.date.isoformat)
encoded.register(Mapping, lambda value: {key: encoded(part) for key, part in value.items()})
encoded.register(list, lambda value: [encoded(part) for part in value])


@encoded.register(tuple)
def _tuple(value: tuple[Any, ...]) -> Any:
    return fields(value) if hasattr(value, "_fields") else [encoded(part) for part in value]


@encoded.register
def _instant(at: values.Instant) -> dict[str, Any]:
    found = fields(at, "missing") if at.gap else fields(at, "missing", "gap")
    return {**found, at.missing: True} if at.missing else found


@encoded.register(values.Quantile)
@encoded.register(answer.Unreached)
def _dated(value: values.Quantile | answer.Unreached) -> dict[str, Any]:
    return {**fields(value, "at"), **encoded(value.at)}


@encoded.register
def _value_quantile(quantile: values.ValueQuantile) -> dict[str, Any]:
    return fields(quantile, *(["mc_error"] if quantile.mc_error is None else []))


encoded.register(
    answer.InputSummary, lambda item: fields(item, "label", "ends", *([] if item.per else ["per"]))
)


@encoded.register
def _scenario(record: answer.ScenarioRecord) -> dict[str, Any]:
    return fields(record, *(name for name in ("author", "url") if not getattr(record, name)))


encoded.register(values.PeriodCheck, lambda period: fields(period, first="from", last="to"))


@encoded.register
def _published(check: values.PublishedCheck) -> dict[str, Any]:
    return {**fields(check, "period"), **(encoded(check.period) if check.period else {})}


encoded.register(answer.Outcome, lambda outcome: fields(outcome, *answer.WORDED))
encoded.register(
    answer.PooledClaims, lambda pooled: fields(pooled, "parts", left_out="leave_one_out")
)


@encoded.register
def _run(run: answer.RunRecord) -> dict[str, Any]:
    absent = [] if run.precision else ["precision"]
    if run.asked in (0, run.draws):
        absent.append("asked")
    return fields(run, *absent)


@encoded.register
def _precision(precision: answer.Precision) -> dict[str, Any]:
    shortest = precision.shortest_left_out
    return {
        **fields(precision, "shortest_left_out", days="asked_days", largest="largest_error_days"),
        "reached": precision.reached,
        "shortest_left_out": [{"threshold": t, "probability": p} for t, p in shortest],
    }


@encoded.register
def _update(update: answer.Update) -> dict[str, Any]:
    return fields(update, *([] if update.strength else ["strength"]))


@encoded.register
def _strength(strength: answer.StrengthOverTime) -> dict[str, Any]:
    def by_level(bands: answer.Bands) -> list[dict[str, Any]]:
        parts = zip(strength.levels, bands.values, bands.mc_errors, strict=True)
        return [
            {"level": level, "values": encoded(found), "mc_errors": encoded(errors)}
            for level, found, errors in parts
        ]

    bands = {"present": by_level(strength.present), "lost": by_level(strength.lost)}
    return {**fields(strength, "levels", "present", "lost"), **bands}


@encoded.register
def _claim(claim: answer.ClaimSummary) -> dict[str, Any]:
    return {**fields(claim, "label", rates="rate"), "qualifier": claim.qualifier or None}


@encoded.register
def _left_out(left: answer.LeftOut) -> dict[str, Any]:
    shifts = [fields(shift, after="without") for shift in left.shifts]
    return {"source": left.source, "claims": list(left.numbers), "shifts": shifts}
