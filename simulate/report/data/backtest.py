"""A back-test as a JSON document and a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis.backtest import Backtest, LeadTimeRecord
from simulate.report.data.files import Cell, Table
from simulate.report.data.json_document import SCHEMA_VERSION, encoded, fields
from simulate.report.text.backtest import headlines


def document(backtest: Backtest) -> dict[str, Any]:
    """The answer as JSON types.

    `days` has an entry for each number of days ahead, with its `methods`. `low` and `high` of a
    coverage are None where cases are too few for a bootstrap.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        **fields(backtest, "records"),
        "headlines": list(headlines(backtest)),
        "days": encoded(backtest.records),
    }


@encoded.register
def _record(record: LeadTimeRecord) -> dict[str, Any]:
    return {**fields(record), "enough_to_judge": record.is_enough}


def table(backtest: Backtest) -> Table:
    """A row for each number of days ahead, method and interval."""
    header = (
        *("days", "origins", "independent", "censored", "method"),
        *("probability", "covered", "low", "high", "width_days", "crps_days", "crps_ratio"),
    )
    return Table(header, list(_rows(backtest)))


def _rows(backtest: Backtest) -> Iterator[Sequence[Cell]]:
    for record in backtest.records:
        cases = (record.days, record.origins, record.independent, record.censored)
        for each in record.methods:
            scores = (each.width_days, each.crps_days, each.crps_ratio)
            for one in each.coverage:
                covered = (one.probability, one.covered, _known(one.low), _known(one.high))
                yield *cases, each.method, *covered, *map(_known, scores)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
