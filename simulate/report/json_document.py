"""The result as JSON, layout `schema_version` 1."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

from simulate.analysis.summary import (
    InputSummary,
    Instant,
    ObservedCheck,
    Outcome,
    RunRecord,
    StrengthOverTime,
    Summary,
    ValueQuantile,
)

if TYPE_CHECKING:
    from simulate.analysis.ledger import ClaimSummary, LeftOut
    from simulate.analysis.shifts import Shift

SCHEMA_VERSION = 1


def document(summary: Summary) -> dict[str, Any]:
    """The summary as a tree of dictionaries, lists, texts, numbers and None.

    Returns
    -------
    dict
        Dates are ISO 8601 texts, days are counted from `origin` in full precision, and a
        number that is not finite is None. A moment that does not exist has `day` and `date`
        None and either `beyond_horizon` or `too_few_draws` true; one in a gap between draws has
        `gap`, the dates on both sides, the second None for "never". The keys `strength` and
        `observed` are there only where they were asked for.
    """
    scenario, run = summary.scenario, summary.run
    asked: dict[str, Any] = {}
    if summary.strength is not None:
        asked["strength"] = _strength(summary.strength)
    if summary.observed:
        asked["observed"] = [_observed(check) for check in summary.observed]
    return {
        **asked,
        "schema_version": SCHEMA_VERSION,
        "scenario": {
            "title": scenario.title,
            "question": scenario.question,
            "notes": scenario.notes,
            "file": scenario.file,
            "digest": scenario.digest,
            "overrides": list(scenario.overrides),
        },
        "run": {
            "draws": run.draws,
            "seed": run.seed,
            "method": run.method,
            "replicates": run.replicates,
            "stream": run.stream,
            "versions": dict(run.versions),
            **_asked(run),
        },
        "unit": summary.unit,
        "origin": summary.origin.isoformat(),
        "horizon": summary.horizon.isoformat(),
        "rate": {
            "mean": _value(summary.rate.mean),
            "mean_mc_error": _value(summary.rate.mean_mc_error),
            "quantiles": [_value_quantile(quantile) for quantile in summary.rate.quantiles],
        },
        "outcomes": [_outcome(outcome) for outcome in summary.outcomes],
        "inputs": [input_document(item) for item in summary.inputs],
        "warnings": list(summary.warnings),
        **_ledger(summary),
    }


def _asked(run: RunRecord) -> dict[str, Any]:
    """What was asked of a run, where that is not simply its number of draws."""
    found: dict[str, Any] = {"asked": run.asked} if run.asked not in (0, run.draws) else {}
    if run.precision is not None:
        precision = run.precision
        found["precision"] = {
            **precision.asked,
            "reached": precision.reached,
            "largest_error_days": precision.largest,
            "missed": [
                {"threshold": date.threshold, "level": date.level, **instant_document(date.at)}
                for date in precision.missed
            ],
            "shortest_left_out": [
                {"threshold": threshold, "probability": probability}
                for threshold, probability in precision.shortest_left_out
            ],
        }
    return found


def dumps(summary: Summary) -> str:
    """The document as text: ASCII, keys sorted, indented by two, with a line end at the end."""
    return json.dumps(document(summary), allow_nan=False, indent=2, sort_keys=True) + "\n"


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "threshold": outcome.threshold,
        "counting": outcome.counting,
        "depleted_probability": outcome.depleted_probability,
        "depleted_mc_error": _value(outcome.depleted_mc_error),
        "never": [
            {"cause": n.cause, "probability": n.probability, "mc_error": _value(n.mc_error)}
            for n in outcome.never
        ],
        "already_passed_probability": outcome.already_passed_probability,
        "already_passed_mc_error": _value(outcome.already_passed_mc_error),
        "restricted_mean_days": _value(outcome.restricted_mean_days),
        "restricted_mean_mc_error_days": _value(outcome.restricted_mean_mc_error_days),
        "median": instant_document(outcome.median),
        "quantiles": [
            {"level": quantile.level, **instant_document(quantile.at)}
            for quantile in outcome.quantiles
        ],
        "intervals": [
            {
                "kind": interval.kind,
                "probability": interval.probability,
                "low": instant_document(interval.low),
                "high": instant_document(interval.high),
            }
            for interval in outcome.intervals
        ],
        "by": [
            {
                "date": by.date.isoformat(),
                "probability": by.probability,
                "mc_error": _value(by.mc_error),
            }
            for by in outcome.by
        ],
        "published": [
            {
                "label": check.label,
                "date": check.date.isoformat(),
                "probability_by": check.probability_by,
                "mc_error": _value(check.mc_error),
            }
            for check in outcome.published
        ],
        "histogram": {
            "edges": [edge.isoformat() for edge in outcome.histogram.edges],
            "probability": list(outcome.histogram.probability),
        },
    }


def _strength(strength: StrengthOverTime) -> dict[str, Any]:
    found: dict[str, Any] = {"dates": [date.isoformat() for date in strength.dates]}
    for name, bands in (("present", strength.present), ("lost", strength.lost)):
        found[name] = [
            {"level": level, "values": list(values), "mc_errors": list(errors)}
            for level, values, errors in zip(
                strength.levels, bands.values, bands.mc_errors, strict=True
            )
        ]
    found["claims"] = [
        {
            "label": claim.label,
            "date": claim.date.isoformat(),
            "earliest": claim.earliest.isoformat(),
            "latest": claim.latest.isoformat(),
            "count": claim.count,
            "low": claim.low,
            "high": claim.high,
        }
        for claim in strength.claims
    ]
    return found


def _observed(check: ObservedCheck) -> dict[str, Any]:
    return {
        "label": check.label,
        "date": check.date.isoformat(),
        "source": check.source,
        "reported": [
            {
                "point": at.point,
                "losses": at.losses,
                "level": at.level,
                "probability": at.probability,
                "mc_error": _value(at.mc_error),
            }
            for at in check.reported
        ],
        "simulated": [_value_quantile(quantile) for quantile in check.simulated],
    }


def _ledger(summary: Summary) -> dict[str, Any]:
    """The key `ledger`, where the losses are given by several claims."""
    ledger = summary.ledger
    if ledger is None:
        return {}
    return {
        "ledger": {
            "pooling": ledger.pooling,
            "claims": [_claim(claim) for claim in ledger.claims],
            "leave_one_out": [_left_out(left) for left in ledger.left_out],
        }
    }


def _claim(claim: ClaimSummary) -> dict[str, Any]:
    return {
        "number": claim.number,
        "source": claim.source,
        "url": claim.url,
        "published": _value(claim.published),
        "counts": claim.counts,
        "qualifier": claim.qualifier or None,
        "days": _value(claim.days),
        "weight": _value(claim.weight),
        "share": _value(claim.share),
        "count": [_value_quantile(quantile) for quantile in claim.count],
        "as_of": [_value_quantile(quantile) for quantile in claim.as_of],
        "rate": [_value_quantile(quantile) for quantile in claim.rates],
        "rate_level": _value(claim.rate_level),
        "rate_level_mc_error": _value(claim.rate_level_mc_error),
    }


def _left_out(left: LeftOut) -> dict[str, Any]:
    return {
        "source": left.source,
        "claims": list(left.numbers),
        "shifts": [shift_document(shift, "before", "without") for shift in left.shifts],
    }


def shift_document(shift: Shift, before: str, after: str) -> dict[str, Any]:
    """A shift of a percentile date, its two ends under the given keys."""
    return {
        "threshold": shift.threshold,
        "level": shift.level,
        before: instant_document(shift.before),
        after: instant_document(shift.after),
        "days": _value(shift.days),
        "mc_error_days": _value(shift.mc_error_days),
    }


def instant_document(at: Instant) -> dict[str, Any]:
    """A moment as JSON knows it."""
    found: dict[str, Any] = {
        "day": _value(at.day),
        "date": _value(at.date),
        "mc_error_days": _value(at.mc_error_days),
    }
    if at.gap is not None:
        found["gap"] = [_value(date) for date in at.gap]
    return {**found, at.missing: True} if at.missing else found


def input_document(item: InputSummary) -> dict[str, Any]:
    """One input as JSON knows it."""
    return {
        "name": item.name,
        "distribution": item.distribution,
        "source": item.source,
        "mean": _value(item.mean),
        "quantiles": [_value_quantile(quantile) for quantile in item.quantiles],
    }


def _value_quantile(quantile: ValueQuantile) -> dict[str, Any]:
    found = {"level": quantile.level, "value": _value(quantile.value)}
    return found if quantile.mc_error is None else {**found, "mc_error": _value(quantile.mc_error)}


def _value(value: float | dt.date | None) -> float | str | None:
    """A number or date as JSON knows it; JSON has neither infinity nor "not a number"."""
    if value is None:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if math.isfinite(value) else None
