"""The files of a run in a folder: JSON, tables, pictures and their descriptions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.analysis.summary import Outcome, StrengthOverTime, Summary
from simulate.report.data import json_document
from simulate.report.data.csv_table import Cell, csv_table
from simulate.report.data.tables import HUB_HEADER, hub_rows, spreadsheet
from simulate.report.figures import cdf, dotplot, fan, histogram
from simulate.report.figures.files import picture_files
from simulate.report.folder import (
    atomic_write_all,
    prepare_directory,
)
from simulate.report.text.phrases import event, main_outcome
from simulate.report.text.wording import share

if TYPE_CHECKING:  # it needs NumPy, for which the terminal does not wait
    from simulate.analysis.curve import Curve

RESULT, RUN = "result.json", "run.json"
QUANTILES, INTERVALS, HISTOGRAM = "quantiles.csv", "intervals.csv", "histogram.csv"
HUB, TABLE = "hubverse.csv", "table.csv"
STRENGTH, OBSERVED = "strength.csv", "observed.csv"
CLAIMS, LEAVE_ONE_OUT = "claims.csv", "leave_one_out.csv"
PICTURE, FAN = "histogram", "strength"
CDF, DOTS = "cdf", "dotplot"

_FIXED = (
    RESULT,
    RUN,
    QUANTILES,
    INTERVALS,
    HISTOGRAM,
    HUB,
    TABLE,
    STRENGTH,
    OBSERVED,
    CLAIMS,
    LEAVE_ONE_OUT,
)


def prepare_run_directory(directory: str | os.PathLike[str], *, force: bool = False) -> None:
    """Make sure, before anything is sampled, that a run can be written into a folder.

    Raises
    ------
    FileError
        As `prepare_directory`.
    """
    prepare_directory(directory, force=force, ours=is_ours)


def write_output(
    summary: Summary,
    directory: str | os.PathLike[str],
    *,
    run_json: Mapping[str, Any],
    force: bool = False,
    formats: Sequence[str] = ("svg", "png"),
    curve: Callable[[], Curve] | None = None,
) -> tuple[Path, ...]:
    """Write all files of a run: either all of them are prepared, or nothing is replaced.

    Parameters
    ----------
    summary
        The answer of the run.
    directory
        The folder; created if there is none.
    run_json
        What `run.json` shall hold: all that is needed to repeat the run, as JSON types.
    force
        Replace files of an earlier run.
    formats
        Of the pictures: any of `svg`, `png` and `pdf`; none for no pictures.
    curve
        Gives the curve of the largest threshold, for the pictures `cdf` and `dotplot` of it.

    Returns
    -------
    tuple of Path
        The files written. The picture of the largest threshold is `histogram.svg`, that of a
        threshold of 30 % `histogram-30.svg`, each with its description in a `.txt` file. Strength
        over time and counts published later have files of their own where the summary has them.

    Raises
    ------
    FileError
        As `prepare_directory`, and if a file cannot be written.
    """
    prepare_run_directory(directory, force=force)
    contents = {
        RESULT: json_document.dumps(json_document.document(summary)).encode("utf-8"),
        QUANTILES: csv_table(
            ("threshold", "level", "date", "day", "mc_error_days", "missing"),
            _quantile_rows(summary),
        ),
        INTERVALS: csv_table(("label", "value", "lower", "upper"), _interval_rows(summary)),
        HISTOGRAM: csv_table(
            ("threshold", "start", "end", "probability"), _histogram_rows(summary)
        ),
        HUB: csv_table(HUB_HEADER, hub_rows(summary)),
        TABLE: spreadsheet(summary),
        **_asked(summary),
        **_claims_tables(summary),
        **_pictures(summary, formats, curve),
        RUN: json_document.dumps(run_json).encode("utf-8"),
    }
    folder = Path(directory)
    atomic_write_all(folder, contents, force=force)
    return tuple(folder / name for name in contents)


def is_ours(name: str) -> bool:
    """Whether a file of that name in its folder may be one that `write_output` replaces."""
    return name in _FIXED or (
        name.startswith((PICTURE, FAN, CDF, DOTS))
        and name.endswith((".svg", ".png", ".pdf", ".txt"))
    )


# --- tables ---


def _quantile_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    for outcome in summary.outcomes:
        for quantile in outcome.quantiles:
            at = quantile.at
            yield outcome.threshold, quantile.level, at.date, at.day, at.mc_error_days, at.missing


def _interval_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    for outcome in summary.outcomes:
        middle = outcome.median
        done = event(outcome)[1]
        for interval in outcome.intervals:
            label = (
                f"{share(outcome.threshold)} {done}, {share(interval.probability)} {interval.kind}"
            )
            yield label, middle.date, interval.low.date, interval.high.date


def _histogram_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    for outcome in summary.outcomes:
        histogram = outcome.histogram
        for (start, end), probability in zip(
            pairwise(histogram.edges), histogram.probability, strict=True
        ):
            yield outcome.threshold, start, end, probability


def _asked(summary: Summary) -> dict[str, bytes]:
    tables = {}
    if summary.strength is not None:
        columns = ["quantity", "date", "level", "value", "mc_error"]
        tables[STRENGTH] = csv_table(columns, _strength_rows(summary.strength))
    if summary.observed:
        columns = ["label", "date", "point", "losses", "level", "probability", "mc_error"]
        columns += [f"simulated_p{100 * q.level:g}" for q in summary.observed[0].simulated]
        tables[OBSERVED] = csv_table(columns, _observed_rows(summary))
    return tables


def _strength_rows(strength: StrengthOverTime) -> Iterator[Sequence[Cell]]:
    for name, bands in (("present", strength.present), ("lost", strength.lost)):
        by_date = zip(
            strength.dates,
            zip(*bands.values, strict=True),
            zip(*bands.mc_errors, strict=True),
            strict=True,
        )
        for date, values, errors in by_date:
            for level, value, error in zip(strength.levels, values, errors, strict=True):
                yield name, date, level, value, error


def _observed_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    for check in summary.observed:
        simulated = [quantile.value for quantile in check.simulated]
        for at in check.reported:
            found = (at.point, at.losses, at.level, at.probability, at.mc_error)
            yield check.label, check.date, *found, *simulated


def _claims_tables(summary: Summary) -> dict[str, bytes]:
    if summary.pooled is None:
        return {}
    from simulate.report.data.claims import (
        CLAIMS_HEADER,
        SHIFTS_HEADER,
        claim_rows,
        shift_rows,
    )

    tables = {CLAIMS: csv_table(CLAIMS_HEADER, claim_rows(summary.pooled))}
    if summary.pooled.left_out:
        tables[LEAVE_ONE_OUT] = csv_table(SHIFTS_HEADER, shift_rows(summary.pooled))
    return tables


# --- pictures ---


def _pictures(
    summary: Summary, formats: Sequence[str], curve: Callable[[], Curve] | None
) -> dict[str, bytes]:
    if not formats:
        return {}
    contents: dict[str, bytes] = {}
    main = main_outcome(summary)
    for outcome in summary.outcomes:
        name = PICTURE if outcome is main else _named(outcome)
        contents |= picture_files(name, histogram.drawing(summary, outcome), formats)
    if curve is not None:
        found = curve()
        contents |= picture_files(CDF, cdf.drawing(summary, found, main), formats)
        contents |= picture_files(DOTS, dotplot.drawing(summary, found, main), formats)
    if summary.strength is not None:
        contents |= picture_files(FAN, fan.drawing(summary), formats)
    return contents


def _named(outcome: Outcome) -> str:
    return f"{PICTURE}-{100 * outcome.threshold:.10g}"
