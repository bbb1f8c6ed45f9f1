"""The files of a sensitivity analysis: JSON, a table, the tornado and its description."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simulate.analysis.effects import Case, Effect, Effects
from simulate.analysis.inverse import Needed
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.values import Instant
from simulate.report.data.csv_table import Cell, csv_table
from simulate.report.data.json_document import document as run_document
from simulate.report.data.json_document import dumps, encoded, fields
from simulate.report.figures.files import picture_files
from simulate.report.figures.tornado import drawing
from simulate.report.folder import atomic_write_all, prepare_directory
from simulate.report.pages.sensitivity import sensitivity_page
from simulate.report.render.html import PAGE, html
from simulate.report.text.sensitivity import headline, outcome_of

DOCUMENT, TABLE, PICTURE = "sensitivity.json", "sensitivity.csv", "tornado"
FORMATS = ("svg", "png")
_NAMES = (DOCUMENT, TABLE, PAGE, f"{PICTURE}.txt", *(f"{PICTURE}.{kind}" for kind in FORMATS))

_HEADER = (
    "threshold",
    "input",
    "kind",
    "figure",
    "case",
    "bound",
    "value",
    "date",
    "mc_error",
    "missing",
)


def prepare(directory: str | os.PathLike[str], *, force: bool = False) -> None:
    """Make sure, before anything is sampled, that the files can be written into a folder.

    Raises
    ------
    FileError
        As `files.prepare_directory`.
    """
    prepare_directory(directory, force=force, ours=_NAMES.__contains__)


def write(
    report: SensitivityResult, directory: str | os.PathLike[str], *, force: bool = False
) -> tuple[Path, ...]:
    """Write all files of an analysis: either all of them are prepared, or nothing is replaced.

    Parameters
    ----------
    report
        The answer of the analysis.
    directory
        The folder; created if there is none.
    force
        Replace files of an earlier analysis.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    FileError
        As `prepare`, and if a file cannot be written.
    """
    prepare(directory, force=force)
    contents = {
        DOCUMENT: dumps(document(report)).encode("utf-8"),
        TABLE: csv_table(_HEADER, _rows(report)),
        PAGE: html(sensitivity_page(report, verbose=True)).encode("utf-8"),
        **picture_files(PICTURE, drawing(report), FORMATS),
    }
    folder = Path(directory)
    atomic_write_all(folder, contents, force=force)
    return tuple(folder / name for name in contents)


# --- JSON ---


def document(report: SensitivityResult) -> dict[str, Any]:
    """The answer as a tree of dictionaries, lists, texts, numbers and None.

    Returns
    -------
    dict
        `scenario`, `run`, `origin`, `horizon` and `warnings` as in the document of a run. What does
        not exist, such as the rank correlation of a claim, is None.
    """
    run = run_document(report.summary)
    same = ("schema_version", "scenario", "run", "unit", "origin", "horizon", "warnings")
    return {
        **{key: run[key] for key in same},
        "headline": headline(report),
        "correlated": list(report.correlated),
        "thresholds": [_threshold(report, found) for found in report.thresholds],
        "needed": [_needed(needed) for needed in report.needed],
        "needed_draws": report.needed_draws,
    }


def _threshold(report: SensitivityResult, found: Effects) -> dict[str, Any]:
    return {
        "threshold": found.threshold,
        "median": encoded(outcome_of(report, found).median),
        "first_order_sum": encoded(found.together),
        "inputs": [_effect(effect) for effect in found.ranked],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    found = {
        "label": effect.label or None,
        "low": _case(effect.low),
        "high": _case(effect.high),
    }
    return {**fields(effect), **found}


def _case(case: Case | None) -> dict[str, Any] | None:
    return None if case is None else fields(case, names={"name": "case"})


def _needed(needed: Needed) -> dict[str, Any]:
    without = ["target", "low", "high", *(["day"] if needed.day is None else [])]
    names = {"earliest": "earliest_median", "latest": "latest_median", "jump": "between"}
    return {
        **fields(needed.target),
        **fields(needed, without=without, names=names),
        "range": encoded((needed.low, needed.high)),
    }


# --- the table: one row a figure ---


def _rows(report: SensitivityResult) -> Iterator[Sequence[Cell]]:
    for found in report.thresholds:
        for effect in found.ranked:
            start = (found.threshold, effect.name, effect.kind)
            for figure, estimate in (
                ("total", effect.total),
                ("first_order", effect.first_order),
                ("rank_correlation", effect.rank_correlation),
            ):
                if estimate is not None:
                    yield *start, figure, "", None, estimate.value, None, estimate.mc_error, ""
            for case in (effect.low, effect.high):
                if case is not None:
                    yield *start, "median", case.name, case.bound, *_moment(case.median)
    for needed in report.needed:
        at = f"median {needed.target.date.isoformat()}"
        start = (needed.target.threshold, needed.name, "input")
        if isinstance(needed.value, dt.date):
            yield *start, "needed", at, None, needed.day, needed.value, needed.mc_error, ""
        else:
            missing = "" if needed.value is not None else "none in range"
            yield *start, "needed", at, None, needed.value, None, needed.mc_error, missing


def _moment(at: Instant) -> Sequence[Cell]:
    return at.day, at.date, at.mc_error_days, at.missing
