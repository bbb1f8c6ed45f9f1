"""The files of a run: JSON, tables, pictures and their descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulate.analysis.summary import Summary
from simulate.report.data import tables
from simulate.report.data.files import Table
from simulate.report.data.json_document import document, dumps
from simulate.report.figures import cdf, dotplot, fan, histogram
from simulate.report.figures.files import picture_files
from simulate.report.text.phrases import main_outcome

if TYPE_CHECKING:
    from simulate.analysis.curve import Curve

RESULT, RUN = "result.json", "run.json"
TABLES: Mapping[str, Callable[[Summary], Table | None]] = {
    "quantiles.csv": tables.quantiles,
    "intervals.csv": tables.intervals,
    "histogram.csv": tables.histogram,
    "hubverse.csv": tables.hubverse,
    "table.csv": tables.spreadsheet,
    "strength.csv": tables.strength,
    "observed.csv": tables.observed,
    "claims.csv": tables.claims,
    "leave_one_out.csv": tables.leave_one_out,
}

# Without this mark, Excel reads a file in the local character set.
_MARKS = {"table.csv": b"\xef\xbb\xbf"}

_PICTURE = re.compile(
    r"(histogram(-[0-9.]+(e-[0-9]+)?)?|cdf|dotplot|strength)\.(svg|png|pdf|txt)", re.ASCII
)


def is_ours(name: str) -> bool:
    """Whether a run may write a file of that name."""
    return name in (RESULT, RUN, *TABLES) or _PICTURE.fullmatch(name) is not None


def run_files(
    summary: Summary,
    run_json: Mapping[str, Any],
    formats: Sequence[str] = ("svg", "png"),
    curve: Callable[[], Curve] | None = None,
) -> dict[str, bytes]:
    """The content of each file of a run, by its name.

    Parameters
    ----------
    summary
        The answer of the run.
    run_json
        What `run.json` holds: all that is needed to repeat the run, as JSON types.
    formats
        Of the pictures: any of `svg`, `png` and `pdf`; none for no pictures.
    curve
        Gives the curve of the largest threshold, for its pictures `cdf` and `dotplot`.

    Returns
    -------
    dict
        The picture of the largest threshold is `histogram.svg`, of a threshold of 30 %
        `histogram-30.svg`, each with its description in a `.txt` file. Only a run with strength
        over time, counts published later or several claims has the files of these.
    """
    found = ((name, table(summary)) for name, table in TABLES.items())
    return {
        RESULT: dumps(document(summary)).encode("utf-8"),
        **{name: _MARKS.get(name, b"") + table.csv() for name, table in found if table},
        **_pictures(summary, formats, curve),
        RUN: dumps(run_json).encode("utf-8"),
    }


def _pictures(
    summary: Summary, formats: Sequence[str], curve: Callable[[], Curve] | None
) -> dict[str, bytes]:
    if not formats:
        return {}
    main = main_outcome(summary)
    drawings = {
        "histogram" if one is main else f"histogram-{100 * one.threshold:.10g}": histogram.drawing(
            summary, one
        )
        for one in summary.outcomes
    }
    if curve is not None:
        known = curve()
        drawings["cdf"] = cdf.drawing(summary, known, main)
        drawings["dotplot"] = dotplot.drawing(summary, known, main)
    if summary.strength is not None:
        drawings["strength"] = fan.drawing(summary)
    return {
        name: data
        for stem, drawing in drawings.items()
        for name, data in picture_files(stem, drawing, formats).items()
    }
