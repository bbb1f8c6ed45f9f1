"""Answers as JSON: one encoder of frozen values, and what it writes otherwise than they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from simulate.analysis.summary import (
    Outcome,
    Precision,
    RunRecord,
    StrengthOverTime,
    Summary,
    Unreached,
)
from simulate.analysis.values import Instant, Quantile, ValueQuantile

if TYPE_CHECKING:
    from simulate.analysis.summary import ClaimSummary, LeftOut, PooledClaims
    from simulate.analysis.values import Shift

SCHEMA_VERSION = 1


def document(summary: Summary) -> dict[str, Any]:
    """The summary as a tree of dictionaries, lists, texts, numbers and None.

    Returns
    -------
    dict
        Dates are ISO 8601 texts, days are counted from `origin` in full precision, and a
        number that is not finite is None. A moment that does not exist has `day` and `date`
        None and either `beyond_horizon` or `too_few_draws` true; one in a gap between draws has
        `gap`, the dates on both sides, the second None for "never". The keys `strength`,
        `observed` and `ledger` are there only where the scenario or the command asks for them.
    """
    optional = ("strength", "observed", "pooled")
    absent = [name for name in optional if not getattr(summary, name)]
    words = ("default_horizon", "n_serious")  # what pages need to know of the warnings
    return {
        "schema_version": SCHEMA_VERSION,
        **fields(summary, without=[*absent, *words], names={"pooled": "ledger"}),
    }


def dumps(tree: Any) -> str:
    """A document as text: ASCII, keys sorted, indented by two, with a line end at the end."""
    return json.dumps(tree, allow_nan=False, indent=2, sort_keys=True) + "\n"


def encoded(value: Any) -> Any:
    """A value as JSON knows it; JSON has neither infinity nor "not a number"."""
    form = _FORMS.get(type(value).__name__)
    if form is not None:
        return form(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: encoded(part) for key, part in value.items()}
    if dataclasses.is_dataclass(value) or hasattr(value, "_fields"):
        return fields(value)
    return [encoded(part) for part in value] if isinstance(value, tuple | list) else value


def fields(
    value: Any, *, without: Iterable[str] = (), names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The fields of a frozen value, some left out, some under other names."""
    found = getattr(value, "_fields", None) or [f.name for f in dataclasses.fields(value)]
    kept = (name for name in found if name not in without)
    return {(names or {}).get(name, name): encoded(getattr(value, name)) for name in kept}


def shift_document(shift: Shift, before: str, after: str) -> dict[str, Any]:
    """A shift of a percentile date, its two ends under the given keys."""
    return fields(shift, names={"before": before, "after": after})


def _instant(at: Instant) -> dict[str, Any]:
    found = fields(at, without=["missing"] if at.gap else ["missing", "gap"])
    return {**found, at.missing: True} if at.missing else found


def _at(dated: Quantile | Unreached) -> dict[str, Any]:
    return {**fields(dated, without=["at"]), **_instant(dated.at)}


def _value_quantile(quantile: ValueQuantile) -> dict[str, Any]:
    return fields(quantile, without=["mc_error"] if quantile.mc_error is None else [])


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return fields(outcome, without=["whole", "lost"])


def _run(run: RunRecord) -> dict[str, Any]:
    """With what was asked, where that is not simply the number of draws."""
    absent = [] if run.asked not in (0, run.draws) else ["asked"]
    return fields(run, without=absent if run.precision else [*absent, "precision"])


def _precision(precision: Precision) -> dict[str, Any]:
    return {
        **precision.asked,
        "reached": precision.reached,
        "largest_error_days": encoded(precision.largest),
        "missed": encoded(precision.missed),
        "shortest_left_out": [
            {"threshold": threshold, "probability": probability}
            for threshold, probability in precision.shortest_left_out
        ],
    }


def _strength(strength: StrengthOverTime) -> dict[str, Any]:
    bands = {
        name: [
            {"level": level, "values": encoded(values), "mc_errors": encoded(errors)}
            for level, values, errors in zip(
                strength.levels, band.values, band.mc_errors, strict=True
            )
        ]
        for name, band in (("present", strength.present), ("lost", strength.lost))
    }
    return {**fields(strength, without=["levels", "present", "lost"]), **bands}


def _pooled_claims(pooled: PooledClaims) -> dict[str, Any]:
    return fields(pooled, names={"left_out": "leave_one_out"})


def _claim(claim: ClaimSummary) -> dict[str, Any]:
    found = fields(claim, without=["label"], names={"rates": "rate"})
    return {**found, "qualifier": claim.qualifier or None}


def _left_out(left: LeftOut) -> dict[str, Any]:
    shifts = [shift_document(shift, "before", "without") for shift in left.shifts]
    return {"source": left.source, "claims": list(left.numbers), "shifts": shifts}


# By name: a run does not wait for the modules that only some answers need.
_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "Instant": _instant,
    "Quantile": _at,
    "Unreached": _at,
    "ValueQuantile": _value_quantile,
    "Outcome": _outcome,
    "RunRecord": _run,
    "Precision": _precision,
    "StrengthOverTime": _strength,
    "PooledClaims": _pooled_claims,
    "ClaimSummary": _claim,
    "LeftOut": _left_out,
}
