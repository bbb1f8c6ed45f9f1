"""What Python callers hand over, as plain values: NumPy, pandas and the standard library alike."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
from pydantic import BaseModel

from simulate.errors import KindError, LimitError, Problem
from simulate.scenario.names import any_of, has_surrogate
from simulate.scenario.stocks import Amount
from simulate.scenario.values import Day, cut
from simulate.scenario.yaml_source import DEEPEST

DateLike: TypeAlias = dt.date | np.datetime64 | str
"""A date, with pandas' `Timestamp` among them, or ISO text."""

_LONGEST = 10**4300
"""Python refuses to write longer whole numbers."""


def plain(value: Any, name: str, depth: int = 0) -> Any:
    """A value as a file holds it: numbers, text, lists, mappings, and dates as text.

    `name` is its key. Raises KindError or ValueError if no file holds it, and LimitError if it is
    nested too deeply, as what holds itself is.
    """
    if depth > DEEPEST:
        raise LimitError(f"{cut(name)} has more than {DEEPEST} levels")
    given, value = value, scalar(value)
    if isinstance(value, dt.date):
        return _date_text(value, name)
    if isinstance(value, str) and has_surrogate(value):
        raise ValueError(f"{name} holds half of a surrogate pair, which is not a character")
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Amount):
        return value.plain
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        keys = [plain(str(scalar(key)), f"a key of {name or 'the scenario'}") for key in value]
        joint = f"{name}." if name else ""
        parts = zip(keys, value.values(), strict=True)
        return {key: plain(part, f"{joint}{key}", depth + 1) for key, part in parts}
    if isinstance(value, list | tuple | range | np.ndarray) or getattr(value, "ndim", 0) == 1:
        return [plain(part, f"{name}[{i}]", depth + 1) for i, part in enumerate(value)]
    kinds = "a number, date, text, list or mapping"
    raise KindError(Problem(f"{name} must be {kinds} (found {found(given)})"))


def _date_text(value: dt.date, name: str) -> str:
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    if value.time() != dt.time() or value.utcoffset():
        hint = f"give its date, {value.date()}; dates have no time of day, and no time zone"
        raise KindError(Problem(f"{name} is a moment (found {value})", hint=hint))
    return value.date().isoformat()


def scalar(value: Any) -> Any:  # noqa: C901, PLR0911  (one return for each kind of value)
    """A single value as one of Python's own types, if it has one; anything else as it is."""
    match value:
        case Enum():
            return scalar(value.value)
        case np.ndarray() if not value.ndim:  # a masked one is its own value
            return math.nan if value[()] is value else scalar(value[()])
        case np.datetime64():
            moment = value.astype("M8[us]").tolist()  # nanoseconds would become a whole number
            return moment if isinstance(moment, dt.datetime) else value
        case Amount() | np.timedelta64():  # numbers by their types alone
            return value
        case Day():
            return value.date
        case os.PathLike():
            return os.fspath(value)
        case str():
            return str(value)
        case bool() | np.bool_():
            return bool(value)
        case Integral():
            return int(value) if abs(int(value)) < _LONGEST else math.inf
        case Real() | Decimal():
            with contextlib.suppress(OverflowError):
                return float(value)
            return math.inf
    # pandas has a date that is none, and no date of the calendar.
    return np.datetime64("NaT") if type(value).__name__ == "NaTType" else value


def as_date(value: object, name: str = "date") -> dt.date:
    """A date of the calendar, also from ISO text or a moment of that day.

    Raises ValueError or TypeError if it is another text, or something else.
    """
    date = scalar(value)
    if isinstance(date, str):
        try:
            return dt.date.fromisoformat(date)
        except ValueError:
            raise ValueError(f"{found(date)} is not a date such as '2025-03-31'") from None
    if not isinstance(date, dt.date):
        raise TypeError(
            f"{name} must be a datetime.date or text such as '2025-03-31' (found {found(value)})"
        )
    return date.date() if isinstance(date, dt.datetime) else date


def as_number(value: object, name: str) -> float:
    """A number; TypeError if it is something else."""
    number = scalar(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{name} must be a number (found {found(value)})")
    return number


def as_flag(value: object, name: str) -> bool:
    """True or False; TypeError if it is something else, such as "no"."""
    flag = scalar(value)
    if not isinstance(flag, bool):
        raise TypeError(f"{name} must be True or False (found {found(value)})")
    return flag


def as_whole(value: object, name: str) -> int:
    """A whole number from 1 up; TypeError or ValueError if it is something else."""
    number = as_number(value, name)
    if number < 1 or not float(number).is_integer():
        raise ValueError(f"{name} must be a whole number from 1 up (found {found(value)})")
    return int(number)


def as_path(value: Any, name: str) -> str:
    """A path as text.

    Raises ValueError or TypeError if it is something else, or holds what no path does.
    """
    path = scalar(value)
    if not isinstance(path, str):
        raise TypeError(f"{name} must be a path, as text or pathlib.Path (found {found(value)})")
    with contextlib.suppress(UnicodeEncodeError):
        if b"\0" not in os.fsencode(path):
            return path
    raise ValueError(f"{name} holds a character that no path has (found {found(value)})")


def one_of(value: Any, name: str, choices: Iterable[str]) -> str:
    """One of several words; ValueError if it is something else."""
    word = scalar(value)
    if not isinstance(word, str) or word not in choices:
        listing = any_of(map(repr, choices))
        raise ValueError(f"{name} must be {listing} (found {found(value)})")
    return word


def listed(values: Any) -> list[Any]:
    """Several values, or a single one, as a list."""
    is_one = isinstance(values, str | bytes | Mapping | BaseModel)
    if is_one or not isinstance(values, Iterable) or getattr(values, "ndim", 1) == 0:
        return [values]
    return list(values)


def found(value: object) -> str:
    """A value in Python's words, short enough for a message."""
    with contextlib.suppress(ValueError):  # too long a number
        return cut(" ".join(repr(value).split()))
    return "a very long number"
