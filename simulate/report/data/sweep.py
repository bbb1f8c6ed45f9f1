"""A sweep as a JSON document and a table."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis.summary import WORDED
from simulate.analysis.sweep import Row, Sweep, SweepCell
from simulate.report.data import files
from simulate.report.data.json_document import SCHEMA_VERSION, encoded, fields
from simulate.report.data.json_document import document as run_document
from simulate.report.text.sweep import note, sentence

_EFFECTIVE, _OF_AN_UPDATE = "effective_sample_size", ("effective", "refused")


def document(sweep: Sweep) -> dict[str, Any]:
    """The sweep as JSON types.

    The settings and their values, and for each combination its digest and the results of each
    threshold. `first` is the whole result of the first combination. Where later reports are
    evidence, a combination has its `effective_sample_size`; where that is too small, `refused`
    says so and its figures are None.
    """
    names = [name for name, _ in sweep.grid.swept]
    return {
        "schema_version": SCHEMA_VERSION,
        "first": run_document(sweep.first),
        "threshold": sweep.main.threshold,
        "fixed": list(sweep.grid.fixed),
        "swept": [{"name": name, "values": list(values)} for name, values in sweep.grid.swept],
        "combinations": [
            {
                **fields(cell, "rows", "chosen", *_absent(cell), effective=_EFFECTIVE),
                "values": dict(zip(names, cell.values, strict=True)),
                "outcomes": encoded(cell.rows),
            }
            for cell in sweep.cells
        ],
        "citation": {"sentence": sentence(sweep), "note": note(sweep)},
    }


def _absent(cell: SweepCell) -> tuple[str, ...]:
    return () if cell.refused else ("refused",) if cell.effective is not None else _OF_AN_UPDATE


@encoded.register
def _row(row: Row) -> dict[str, Any]:
    shift = row.shift and fields(row.shift, before="first", after="this")
    return {**fields(row, "shift", "counting", *WORDED), "median_shift": shift}


def table(sweep: Sweep) -> files.Table:
    """A row for each combination and threshold.

    Percentiles and dates that only some combinations ask for are columns of all.
    """
    rows = [row for cell in sweep.cells for row in cell.rows]
    levels = sorted({quantile.level for row in rows for quantile in row.quantiles})
    dates = sorted({by.date for row in rows for by in row.by})
    of_date = ("", "_day", "_mc_error_days")
    header = (
        *("combination", *(name for name, _ in sweep.grid.swept), "threshold"),
        *(f"p{100 * level:.10g}{figure}" for level in levels for figure in of_date),
        *("median_shift_days", "median_shift_mc_error_days"),
        *(f"by_{date}{figure}" for date in dates for figure in ("", "_mc_error")),
        *("never", "never_mc_error", "horizon", "digest"),
    )
    return files.Table(header, list(_rows(sweep, levels, dates)))


def _rows(
    sweep: Sweep, levels: Sequence[float], dates: Sequence[dt.date]
) -> Iterator[Sequence[files.Cell]]:
    for number, cell in enumerate(sweep.cells, start=1):
        for row in cell.rows:
            known = {quantile.level: quantile.at for quantile in row.quantiles}
            by = {one.date: one for one in row.by}
            shift = row.shift
            found: list[files.Cell] = [number, *map(_typed, cell.values), row.threshold]
            for at in map(known.get, levels):
                found += (at.date, at.day, at.mc_error_days) if at else (None, None, None)
            found += (shift.days, shift.mc_error_days) if shift else (None, None)
            for one in map(by.get, dates):
                known_by = one is not None and not cell.refused
                found += (one.probability, one.mc_error) if one and known_by else (None, None)
            never = 1.0 - row.depleted_probability, row.depleted_mc_error
            found += (None, None) if cell.refused else never
            yield [*found, cell.horizon, cell.digest]


def _typed(value: str) -> files.Cell:
    """A number as a number, so that its minus sign is not taken for the start of a formula."""
    for kind in (int, float, dt.date.fromisoformat):
        with contextlib.suppress(ValueError):
            return kind(value)
    return value
