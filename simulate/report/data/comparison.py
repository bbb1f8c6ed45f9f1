"""A comparison as files: JSON, a table, a picture and its description."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simulate.analysis.comparison import Against, Comparison
from simulate.report.data.csv_table import Cell, csv_table
from simulate.report.data.json_document import SCHEMA_VERSION, dumps, encoded, shift_document
from simulate.report.data.json_document import document as run_document
from simulate.report.figures.comparison import drawing
from simulate.report.figures.files import picture_files
from simulate.report.folder import atomic_write_all, prepare_directory
from simulate.report.pages.comparison import comparison_page
from simulate.report.render.html import PAGE, html
from simulate.report.text.comparison import (
    letter,
    note,
    orders_of,
    outcome_of,
    sentences,
)

NAME = "comparison"
_KINDS = ("json", "csv", "svg", "png", "pdf", "txt")
_HEADER = (
    "threshold",
    "scenario",
    "reference",
    "file",
    "digest",
    "quantity",
    "draws",
    "level",
    "date",
    "value",
    "mc_error",
    "missing",
)
_ORDERS = ("reference_first", "scenario_first", "same_day", "neither")


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as a tree of dictionaries, lists, texts, numbers and None.

    Returns
    -------
    dict
        Each scenario under its letter, laid out as in the result of a run; the shifts and orders
        of each against the reference; the histograms in bins of their own that all share.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "scenarios": [
            {"name": letter(number), **run_document(summary)}
            for number, summary in enumerate(comparison.summaries)
        ],
        "reference": letter(0),
        "thresholds": list(comparison.thresholds),
        "comparisons": [_against(comparison, against) for against in comparison.against],
        "histograms": [
            {
                "threshold": threshold,
                "edges": [edge.isoformat() for edge in histograms[0].edges],
                "probability": {
                    letter(number): list(histogram.probability)
                    for number, histogram in enumerate(histograms)
                },
            }
            for threshold, histograms in zip(
                comparison.thresholds, comparison.histograms, strict=True
            )
        ],
        "citation": {"sentence": sentences(comparison), "note": note(comparison)},
    }


def prepare_comparison_directory(directory: str | os.PathLike[str], *, force: bool = False) -> None:
    """Make sure, before anything is sampled, that a comparison can be written into a folder.

    Raises
    ------
    FileError
        As `files.prepare_directory`.
    """
    names = {PAGE, *(f"{NAME}.{kind}" for kind in _KINDS)}
    prepare_directory(directory, force=force, ours=names.__contains__)


def write_comparison(
    comparison: Comparison,
    directory: str | os.PathLike[str],
    *,
    force: bool = False,
    formats: Sequence[str] = ("svg", "png"),
) -> tuple[Path, ...]:
    """Write `comparison.json`, `comparison.csv`, the page and the pictures: all, or none.

    Parameters
    ----------
    comparison
        Scenarios over the same draws.
    directory
        The folder; created if there is none.
    force
        Replace files of an earlier comparison.
    formats
        Of the picture: any of `svg`, `png` and `pdf`; none for no picture.

    Raises
    ------
    FileError
        If the folder cannot be used, holds such files already, or a file cannot be written.
    """
    prepare_comparison_directory(directory, force=force)
    contents = {
        f"{NAME}.json": dumps(document(comparison)).encode("utf-8"),
        f"{NAME}.csv": csv_table(_HEADER, _rows(comparison)),
    }
    contents[PAGE] = html(comparison_page(comparison)).encode("utf-8")
    if formats:
        contents |= picture_files(NAME, drawing(comparison), formats)
    folder = Path(directory)
    atomic_write_all(folder, contents, force=force)
    return tuple(folder / name for name in contents)


def _against(comparison: Comparison, against: Against) -> dict[str, Any]:
    return {
        "scenario": letter(against.number),
        "reference": letter(0),
        "horizon": against.horizon.isoformat(),
        "shifts": [shift_document(shift, "reference", "scenario") for shift in against.shifts],
        "orders": [
            {
                "threshold": threshold,
                "draws": draws,
                **{
                    name: encoded(chance)
                    for name, chance in zip(_ORDERS, order.chances, strict=True)
                },
            }
            for threshold in comparison.thresholds
            for draws, order in orders_of(against, threshold).items()
        ],
    }


def _rows(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    """One row a number: dates of each scenario, their shifts, and which comes first."""
    for threshold in comparison.thresholds:
        for number, summary in enumerate(comparison.summaries):
            name = letter(number)
            record = (summary.scenario.file, summary.scenario.digest)
            for level, at in _dates(comparison, number, threshold):
                start = (threshold, name, "", *record, "date", "", level)
                yield (*start, at.date, at.day, at.mc_error_days, at.missing)
            outcome = outcome_of(summary, threshold)
            never_at = (threshold, name, "", *record, "never", "", None, None)
            yield (*never_at, 1.0 - outcome.depleted_probability, outcome.depleted_mc_error, "")
            if not number:
                continue
            against = comparison.against[number - 1]
            versus = (threshold, name, letter(0), *record)
            for shift in against.shifts:
                if shift.threshold == threshold:
                    missing = shift.after.missing or shift.before.missing
                    found = (shift.days, shift.mc_error_days, missing)
                    yield (*versus, "shift_days", "", shift.level, None, *found)
            for draws, order in orders_of(against, threshold).items():
                for quantity, chance in zip(_ORDERS, order.chances, strict=True):
                    found = (chance.probability, chance.mc_error, "")
                    yield (*versus, quantity, draws, None, None, *found)


def _dates(comparison: Comparison, number: int, threshold: float) -> Iterator[Any]:
    """Level and moment of each percentile of one scenario."""
    against = comparison.against[max(number - 1, 0)]
    for shift in against.shifts:
        if shift.threshold == threshold:
            yield shift.level, shift.after if number else shift.before
