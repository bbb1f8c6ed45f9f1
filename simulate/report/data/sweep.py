"""A sweep as files: JSON, a table, a picture and its description."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simulate.analysis.sweep import Cell, Row, Sweep
from simulate.report.data.csv_table import Cell as CsvCell
from simulate.report.data.csv_table import csv_table
from simulate.report.data.json_document import SCHEMA_VERSION, dumps, fields, shift_document
from simulate.report.data.json_document import document as run_document
from simulate.report.figures.files import picture_files
from simulate.report.figures.sweep import drawing
from simulate.report.folder import atomic_write_all, prepare_directory
from simulate.report.pages.sweep import sweep_page
from simulate.report.render.html import PAGE, html
from simulate.report.text.sweep import MOST_DRAWN, note, sentence

NAME = "sweep"
_KINDS = ("json", "csv", "svg", "png", "pdf", "txt")


def document(sweep: Sweep) -> dict[str, Any]:
    """The sweep as a tree of dictionaries, lists, texts, numbers and None.

    Returns
    -------
    dict
        The settings and their values, and for each combination its digest and what is reported
        of each threshold. `first` is the whole result of the first combination.
    """
    grid = sweep.grid
    return {
        "schema_version": SCHEMA_VERSION,
        "first": run_document(sweep.first),
        "threshold": sweep.main.threshold,
        "fixed": list(grid.fixed),
        "swept": [{"name": name, "values": list(values)} for name, values in grid.swept],
        "combinations": [_cell(sweep, cell) for cell in sweep.cells],
        "citation": {"sentence": sentence(sweep), "note": note(sweep)},
    }


def prepare_sweep_directory(directory: str | os.PathLike[str], *, force: bool = False) -> None:
    """Make sure, before anything is sampled, that a sweep can be written into a folder.

    Raises
    ------
    FileError
        As `files.prepare_directory`.
    """
    names = {PAGE, *(f"{NAME}.{kind}" for kind in _KINDS)}
    prepare_directory(directory, force=force, ours=names.__contains__)


def write_sweep(
    sweep: Sweep,
    directory: str | os.PathLike[str],
    *,
    force: bool = False,
    formats: Sequence[str] = ("svg", "png"),
) -> tuple[Path, ...]:
    """Write `sweep.json`, `sweep.csv`, the page and the pictures: all of them, or none.

    Parameters
    ----------
    sweep
        The answer of a sweep.
    directory
        The folder; created if there is none.
    force
        Replace files of an earlier sweep.
    formats
        Of the picture: any of `svg`, `png` and `pdf`; none for no picture. There is none either
        of more combinations than can be read, 60.

    Raises
    ------
    FileError
        If the folder cannot be used, holds such files already, or a file cannot be written.
    """
    prepare_sweep_directory(directory, force=force)
    contents = {
        f"{NAME}.json": dumps(document(sweep)).encode("utf-8"),
        f"{NAME}.csv": csv_table(list(_header(sweep)), _rows(sweep)),
    }
    contents[PAGE] = html(sweep_page(sweep)).encode("utf-8")
    if formats and len(sweep.cells) <= MOST_DRAWN:
        contents |= picture_files(NAME, drawing(sweep), formats)
    folder = Path(directory)
    atomic_write_all(folder, contents, force=force)
    return tuple(folder / name for name in contents)


# --- JSON ---


def _cell(sweep: Sweep, cell: Cell) -> dict[str, Any]:
    names = [name for name, _ in sweep.grid.swept]
    return {
        **fields(cell, without=["rows", "chosen"]),
        "values": dict(zip(names, cell.values, strict=True)),
        "outcomes": [_row(row) for row in cell.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    shift = row.shift and shift_document(row.shift, "first", "this")
    return {**fields(row, without=["shift", "counting", "whole", "lost"]), "median_shift": shift}


# --- the table ---


def _header(sweep: Sweep) -> Iterator[str]:
    yield "combination"
    yield from (name for name, _ in sweep.grid.swept)
    yield "threshold"
    for level in _levels(sweep):
        label = f"p{100 * level:.10g}"
        yield from (label, f"{label}_day", f"{label}_mc_error_days")
    yield from ("median_shift_days", "median_shift_mc_error_days")
    for date in _dates(sweep):
        yield from (f"by_{date}", f"by_{date}_mc_error")
    yield from ("never", "never_mc_error", "horizon", "digest")


def _rows(sweep: Sweep) -> Iterator[Sequence[CsvCell]]:
    """One row for each combination and threshold."""
    for number, cell in enumerate(sweep.cells, start=1):
        for row in cell.rows:
            yield [
                number,
                *map(_typed, cell.values),
                *_figures(sweep, row),
                cell.horizon,
                cell.digest,
            ]


def _typed(value: str) -> CsvCell:
    """A number as a number, so that a minus sign is not taken for the start of a formula."""
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(value)
    return value


def _figures(sweep: Sweep, row: Row) -> Iterator[CsvCell]:
    yield row.threshold
    known = {quantile.level: quantile.at for quantile in row.quantiles}
    for level in _levels(sweep):
        at = known.get(level)
        yield from (at.date, at.day, at.mc_error_days) if at else (None, None, None)
    yield from (row.shift.days, row.shift.mc_error_days) if row.shift else (None, None)
    by = {one.date.isoformat(): one for one in row.by}
    for date in _dates(sweep):
        one = by.get(date)
        yield from (one.probability, one.mc_error) if one else (None, None)
    yield from (1.0 - row.depleted_probability, row.depleted_mc_error)


def _levels(sweep: Sweep) -> list[float]:
    rows = (row for cell in sweep.cells for row in cell.rows)
    return sorted({quantile.level for row in rows for quantile in row.quantiles})


def _dates(sweep: Sweep) -> list[str]:
    rows = (row for cell in sweep.cells for row in cell.rows)
    return sorted({by.date.isoformat() for row in rows for by in row.by})
