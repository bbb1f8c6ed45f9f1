"""The draws of a run in a file: CSV, NumPy's npz or Parquet, by the ending of its name."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from simulate.analysis.draw_table import NO_DATE, Column, DrawTable, Values
from simulate.engine.grid import ROUNDING
from simulate.errors import FileError
from simulate.report.data.files import Table
from simulate.report.folder import check_new, growing, shown

_DAY_SECONDS = 86_400

# By kind of column: the type in NumPy's file and in Parquet.
_TYPES = {
    "whole": ("i8", "int64"),
    "number": ("f8", "float64"),
    "moment": ("f8", "timestamp[us]"),
    "day": ("f8", "float64"),
    "date": ("M8[D]", "date32"),
    "cause": ("i1", "string"),
}


def prepare_file(path: str | os.PathLike[str], *, force: bool = False) -> None:
    """Make sure, before anything is sampled, that draws can be written to a file.

    A `FileError` if not: for another ending of its name, without pyarrow, or where it exists.
    """
    target = Path(path)
    if target.suffix.lower() not in _WRITERS:
        raise FileError(f"cannot save draws in {shown(target)}: use .csv, .npz or .parquet")
    if target.suffix.lower() == ".parquet":
        _pyarrow()
    check_new(target, force=force)


def write_draws(path: str | os.PathLike[str], table: DrawTable, *, force: bool = False) -> None:
    """Write the draws of a run.

    The file takes its name once it is whole. Except for .npz, memory does not grow with the draws.
    """
    prepare_file(path, force=force)
    with growing(path, force=force) as file:
        _WRITERS[Path(path).suffix.lower()](file, table)


# --- CSV ---


def _write_csv(file: BinaryIO, table: DrawTable) -> None:
    file.write(_csv_line([column.name for column in table.columns]))
    causes = ["", *(_csv_line([cause]).decode("utf-8").rstrip("\n") for cause in table.causes)]
    for batch in table.batches:
        cells = [
            _cells(column, values, table.origin, causes)
            for column, values in zip(table.columns, batch, strict=True)
        ]
        rows = map(",".join, zip(*cells, strict=True))
        file.write(("\n".join(rows) + "\n").encode("utf-8"))


def _csv_line(texts: Sequence[str]) -> bytes:
    return Table(texts, ()).csv()


def _cells(
    column: Column, values: Values, origin: np.datetime64, causes: Sequence[str]
) -> list[str]:
    """The values of a column as CSV cells, empty for what does not exist."""
    if column.kind == "cause":
        return [causes[place + 1] for place in values.tolist()]
    if column.kind in ("whole", "number"):
        return list(map(repr, values.tolist()))
    if column.kind == "moment":
        # The second it falls in, up to the rounding of the engine.
        seconds = np.floor((values + ROUNDING) * _DAY_SECONDS).astype(np.int64)
        days = _dates(seconds // _DAY_SECONDS, origin)
        clock = _clock()
        times = (seconds % _DAY_SECONDS).tolist()
        return [f"{day}T{clock[time]}" for day, time in zip(days, times, strict=True)]
    if column.kind == "day":
        return ["" if value == np.inf else repr(value) for value in values.tolist()]
    return _dates(values, origin)


def _dates(days: Values, origin: np.datetime64) -> list[str]:
    """Days since the origin as ISO dates; formatting each day only once is much faster."""
    found, place = np.unique(days, return_inverse=True)
    dates = _calendar(found, origin)
    names = np.where(np.isnat(dates), "", np.datetime_as_string(dates)).tolist()
    return [names[k] for k in place.tolist()]


@functools.cache
def _clock() -> list[str]:
    """Every second of a day: `15:47:26`."""
    seconds = np.arange(_DAY_SECONDS).astype("m8[s]") + np.datetime64("2000-01-01T00:00:00")
    return [text[11:] for text in np.datetime_as_string(seconds).tolist()]


# --- NumPy ---


def arrays_of(table: DrawTable) -> dict[str, Values]:
    """All values of each column."""
    parts: dict[str, Values] = {
        name: np.empty(table.n_draws, dtype=_TYPES[kind][0]) for name, kind in table.columns
    }
    begun = 0
    for batch in table.batches:
        rows = slice(begun, begun + len(batch[0]))
        for column, values in zip(table.columns, batch, strict=True):
            parts[column.name][rows] = _plain(column, values, table.origin)
        begun = rows.stop
    return parts


def _write_npz(file: BinaryIO, table: DrawTable) -> None:
    parts: dict[str, Any] = arrays_of(table)
    about = json.dumps(table.about, allow_nan=False, sort_keys=True)
    np.savez(file, **parts, causes=np.array(table.causes), metadata=np.array(about))


def _plain(column: Column, values: Values, origin: np.datetime64) -> Values:
    return _calendar(values, origin) if column.kind == "date" else values


def _calendar(days: Values, origin: np.datetime64) -> Values:
    there = days != NO_DATE
    dates = origin + np.where(there, days, 0).astype("m8[D]")
    return np.where(there, dates, np.datetime64("NaT"))


# --- Parquet ---


def _write_parquet(file: BinaryIO, table: DrawTable) -> None:
    pa, parquet = _pyarrow()
    about = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in table.about.items()
    }
    fields = [pa.field(name, _TYPES[kind][1]) for name, kind in table.columns]
    schema = pa.schema(fields, metadata=about)
    with parquet.ParquetWriter(file, schema) as writer:
        for batch in table.batches:
            arrays = []
            for column, kind, values in zip(table.columns, schema.types, batch, strict=True):
                found, missing = typed(column, values, table)
                arrays.append(pa.array(found, type=kind, mask=missing))
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def typed(
    column: Column, values: Values, table: DrawTable
) -> tuple[Values, npt.NDArray[np.bool_] | None]:
    """The values of a column as Arrow takes them, and which of them do not exist."""
    if column.kind == "cause":
        return np.array(["", *table.causes], dtype=object)[values + 1], values < 0
    if column.kind == "day":
        return values, values == np.inf
    if column.kind == "moment":
        since = np.rint(values * (_DAY_SECONDS * 1e6)).astype("m8[us]")
        return table.origin.astype("M8[us]") + since, None
    found = values if values.dtype.kind == "M" else _plain(column, values, table.origin)
    return found, np.isnat(found) if column.kind == "date" else None


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise FileError(
            "writing Parquet needs the package pyarrow: pip install 'simulate-depletion[parquet]'"
        ) from error
    return pa, parquet


_WRITERS: dict[str, Callable[[BinaryIO, DrawTable], None]] = {
    ".csv": _write_csv,
    ".npz": _write_npz,
    ".parquet": _write_parquet,
}
