"""A sensitivity analysis as a JSON document and a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis.effects import Effect, GroupMedian
from simulate.analysis.inverse import Needed
from simulate.analysis.moved import RATE
from simulate.analysis.sensitivity import SensitivityResult
from simulate.report.data.files import Cell, Table
from simulate.report.data.json_document import document as run_document
from simulate.report.data.json_document import encoded, fields
from simulate.report.text.sensitivity import headline, outcome_of

_OF_AN_UPDATE = "update", "moved", "likelier"
_SAID = "reports", "effective_sample_size", "smallest_effective_sample_size"
"""What an update is, as far as the document of a run does not say it."""


def document(report: SensitivityResult) -> dict[str, Any]:
    """The answer as JSON types.

    `scenario`, `run`, `origin`, `horizon` and `warnings` as in the document of a run. What does
    not exist, such as the rank correlation of a claim, is None. With later reports as evidence
    all dates and shares are the updated ones, only chance from day to day has a total share, the
    inverse question is missing, and `update` has each input's percentiles before and after.
    """
    run = run_document(report.summary)
    same = ("schema_version", "scenario", "run", "unit", "origin", "horizon", "warnings")
    update, said = report.update, {}
    if update is not None:
        known = {name: encoded(getattr(update, name)) for name in _SAID}
        inputs, chances = encoded(report.moved), encoded(report.likelier)
        said = {"update": {**known, "inputs": inputs, "chances": chances}}
    return {
        **{key: run[key] for key in same},
        **fields(report, "summary", "thresholds", "rotates", "own_draws", *_OF_AN_UPDATE),
        **said,
        "headline": headline(report),
        "thresholds": [
            {
                "threshold": found.threshold,
                "median": encoded(outcome_of(report, found).median),
                "first_order_sum": encoded(found.together),
                "inputs": encoded(found.ranked),
            }
            for found in report.thresholds
        ],
    }


encoded.register(GroupMedian, lambda case: fields(case, name="case"))


@encoded.register
def _effect(effect: Effect) -> dict[str, Any]:
    return {**fields(effect), "label": effect.label or None}


@encoded.register
def _needed(needed: Needed) -> dict[str, Any]:
    without = ["target", "low", "high", *(["day"] if needed.day is None else [])]
    names = {"earliest": "earliest_median", "latest": "latest_median", "jump": "between"}
    target = needed.target
    period = dict(zip(("from", "to"), encoded(target.period or ()), strict=False))
    return {
        **fields(target, "period"),
        **period,
        **fields(needed, *without, **names),
        "range": encoded((needed.low, needed.high)),
    }


def table(report: SensitivityResult) -> Table:
    """A row for each figure of each input."""
    header = (
        *("threshold", "input", "kind", "figure", "case"),
        *("bound", "value", "date", "mc_error", "missing"),
    )
    return Table(header, list(_rows(report)))


def _moved_rows(report: SensitivityResult) -> Iterator[Sequence[Cell]]:
    """The inputs before and after an update, for no threshold."""
    for moved in report.moved:
        about = None, moved.name, "rate" if moved.name == RATE else "input"
        for figure, quantiles in (("before", moved.before), ("after", moved.after)):
            for level, value, error in quantiles:
                pair = (None, value) if isinstance(value, dt.date) else (value, None)
                yield *about, figure, f"p{100 * level:g}", None, *pair, error, ""
    for chance in report.likelier:
        about = None, chance.name, "claim" if chance.name.endswith(".claim") else "event"
        after = chance.after.value, None, chance.after.mc_error
        for figure, values in (("before", (chance.before, None, None)), ("after", after)):
            yield *about, figure, chance.case, None, *values, ""


def _rows(report: SensitivityResult) -> Iterator[Sequence[Cell]]:
    for found in report.thresholds:
        for effect in found.ranked:
            start = (found.threshold, effect.name, effect.kind)
            for figure in ("total", "first_order", "rank_correlation"):
                if (one := getattr(effect, figure)) is not None:
                    yield *start, figure, "", None, one.value, None, one.mc_error, ""
            for case in filter(None, (effect.low, effect.high)):
                at = case.median
                figures = (at.day, at.date, at.mc_error_days, at.missing)
                yield *start, "median", case.name, case.bound, *figures
    yield from _moved_rows(report)
    for needed in report.needed:
        dated = isinstance(needed.value, dt.date)
        value, date = (needed.day, needed.value) if dated else (needed.value, None)
        yield (
            *(needed.target.threshold, needed.name, "input", "needed"),
            *(f"median {needed.target.date.isoformat()}", None),
            *(value, date, needed.mc_error, "none in range" if needed.value is None else ""),
        )
