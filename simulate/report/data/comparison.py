"""A comparison as a JSON document and a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis.comparison import Against, Comparison, Order
from simulate.report.data.files import Cell, Table
from simulate.report.data.json_document import SCHEMA_VERSION, encoded, fields
from simulate.report.data.json_document import document as run_document
from simulate.report.text.comparison import letter, note, orders_of, sentences
from simulate.report.text.phrases import outcome_of

_ORDERS = ("reference_first", "scenario_first", "same_day", "neither")


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON types.

    Each scenario under its letter, as in the result of a run; the shifts and orders of each
    against the reference; the histograms in bins that all scenarios share.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "scenarios": [
            {"name": letter(number), **run_document(summary)}
            for number, summary in enumerate(comparison.summaries)
        ],
        "reference": letter(0),
        "thresholds": list(comparison.thresholds),
        "comparisons": encoded(comparison.against),
        "histograms": [
            {
                "threshold": threshold,
                "edges": encoded(found[0].edges),
                "probability": {
                    letter(number): list(one.probability) for number, one in enumerate(found)
                },
            }
            for threshold, found in zip(comparison.thresholds, comparison.histograms, strict=True)
        ],
        "citation": {"sentence": sentences(comparison), "note": note(comparison)},
    }


@encoded.register
def _against(against: Against) -> dict[str, Any]:
    return {
        **fields(against, "number"),
        "scenario": letter(against.number),
        "reference": letter(0),
        "shifts": [fields(shift, before="reference", after="scenario") for shift in against.shifts],
    }


encoded.register(Order, lambda order: fields(order, other_first="scenario_first"))


def table(comparison: Comparison) -> Table:
    """A row for each number: the dates of each scenario, their shifts, and which comes first."""
    header = (
        *("threshold", "scenario", "reference", "file", "digest", "quantity", "draws", "level"),
        *("date", "value", "mc_error", "missing"),
    )
    return Table(header, list(_rows(comparison)))


def _rows(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    for threshold in comparison.thresholds:
        for number, summary in enumerate(comparison.summaries):
            against = comparison.against[max(number - 1, 0)]
            shifts = [shift for shift in against.shifts if shift.threshold == threshold]
            record = (summary.scenario.file, summary.scenario.digest)
            alone = (threshold, letter(number), "", *record)
            for shift in shifts:
                at = shift.after if number else shift.before
                yield *alone, "date", "", shift.level, at.date, at.day, at.mc_error_days, at.missing
            outcome = outcome_of(summary, threshold)
            never = 1.0 - outcome.depleted_probability
            yield *alone, "never", "", None, None, never, outcome.depleted_mc_error, ""
            if not number:
                continue
            versus = (threshold, letter(number), letter(0), *record)
            for shift in shifts:
                missing = shift.after.missing or shift.before.missing
                figures = (None, shift.days, shift.mc_error_days, missing)
                yield *versus, "shift_days", "", shift.level, *figures
            for draws, order in orders_of(against, threshold).items():
                for name, chance in zip(_ORDERS, order.chances, strict=True):
                    yield *versus, name, draws, None, None, chance.probability, chance.mc_error, ""
