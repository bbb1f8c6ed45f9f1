"""The files of a run: JSON, tables, pictures and their descriptions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.analysis.summary import Summary
from simulate.report.data import tables
from simulate.report.data.files import PAGE, Table
from simulate.report.data.json_document import SCHEMA_VERSION, document, dumps
from simulate.report.document import Drawing
from simulate.report.text.phrases import day_of_most, main_outcome
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.stocks import suffix

if TYPE_CHECKING:
    from simulate.analysis.curve import CdfCurve

RESULT, RUN, CITATION = "result.json", "run.json", "citation.txt"
TABLES: Mapping[str, Callable[[Summary], Table | None]] = {
    "quantiles.csv": tables.quantiles,
    "intervals.csv": tables.intervals,
    "histogram.csv": tables.histogram,
    "hubverse.csv": tables.hubverse,
    "table.csv": tables.spreadsheet,
    "strength.csv": tables.strength,
    "observed.csv": tables.observed,
    "updated.csv": tables.updated,
    "published.csv": tables.published,
    "claims.csv": tables.claims,
    "leave_one_out.csv": tables.leave_one_out,
}

# Without this mark, Excel reads a file in the local character set.
_MARKS = {"table.csv": b"\xef\xbb\xbf"}

_PICTURES = r"(histogram(-[0-9.]+(e-[0-9]+)?)?|cdf|dotplot|strength)\.(svg|png|pdf|txt)"
FILE_NAMES = re.compile(
    "|".join([_PICTURES, *map(re.escape, (RESULT, RUN, CITATION, PAGE, *TABLES))]), re.ASCII
)

_CLAIM = re.compile(r"claim-[1-9][0-9]*", re.ASCII)


def claim_folders(folder: Path) -> list[Path]:
    """Folders that a run of "pooling: each" wrote below this one, and nobody added a file to."""
    return [
        below
        for below in sorted(folder.glob("claim-*"), key=lambda path: (len(path.name), path.name))
        if _CLAIM.fullmatch(below.name) and not below.is_symlink() and _holds_a_run(below)
    ]


def _holds_a_run(folder: Path) -> bool:
    """Whether a folder holds a whole run and nothing else."""
    try:
        files = {path.name: path.is_file() for path in folder.iterdir()}
    except OSError:  # not a folder, or a closed one
        return False
    return RUN in files and all(files.values()) and all(map(FILE_NAMES.fullmatch, files))


def run_files(
    summary: Summary,
    run_json: Mapping[str, Any],
    formats: Sequence[str] = ("svg", "png"),
    curve: Callable[[], CdfCurve] | None = None,
    *,
    every: bool = True,
) -> dict[str, bytes]:
    """The content of each file of a run, by its name.

    `run_json` is what `run.json` holds; `curve` gives the curve of the largest threshold. Pictures
    in the `formats` are the strength and the histogram of the largest threshold, which is
    `histogram.svg`; with `every` also `cdf`, `dotplot` and the other histograms, of a threshold of
    30 % `histogram-30.svg`; none of a threshold that all draws reach on one date.
    """
    made = {RESULT: dumps(document(summary)).encode("utf-8")}
    for name, table_of in TABLES.items():
        if table := table_of(summary):
            made[name] = _MARKS.get(name, b"") + table.csv()
    if formats:
        from simulate.report.figures.files import picture_files

        for stem, drawing in _pictures(summary, curve, every=every):
            made |= picture_files(stem, drawing, formats)
    return {**made, RUN: dumps(run_json).encode("utf-8")}


def _pictures(
    summary: Summary, curve: Callable[[], CdfCurve] | None, *, every: bool
) -> Iterator[tuple[str, Drawing]]:
    from simulate.report.figures import cdf, dotplot, fan, histogram

    main = main_outcome(summary)
    chosen = summary.outcomes if every else (main,)
    for one in (one for one in chosen if not day_of_most(one)):
        stem = "histogram" if one is main else f"histogram-{suffix(one.threshold)}"
        yield stem, histogram.drawing(summary, one)
    if curve is not None and every:
        known = curve()
        yield "cdf", cdf.drawing(summary, known, main)
        yield "dotplot", dotplot.drawing(summary, known, main)
    if summary.strength is not None:
        yield "strength", fan.drawing(summary)


def record(loaded: LoadedScenario, summary: Summary) -> dict[str, Any]:
    """Everything needed to repeat a run, including the scenario, as JSON types."""
    from importlib import metadata  # slow to import

    run = summary.run
    drawn_with = {name: metadata.version(name) for name in ("scipy", "matplotlib")}
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": loaded.resolved,
        "file": loaded.file,
        "overrides": list(loaded.overrides),
        "digest": loaded.digest,
        **({"data_files": dict(found)} if (found := loaded.data_digests) else {}),
        "run": {
            **{name: getattr(run, name) for name in ("draws", "seed", "method", "stream")},
            **({"asked": run.asked} if run.asked != run.draws else {}),
            **({"precision": run.precision.asked} if run.precision is not None else {}),
            **({"strength": True} if summary.strength is not None else {}),
            "versions": {**run.versions, **drawn_with},
        },
        "written": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
