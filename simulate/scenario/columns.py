"""The numbers or the dates of a column, all read by one rule.

A cell with two meanings is settled by the other cells of its column, or refused.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pydantic_core import PydanticCustomError

from simulate.scenario.notation import Ambiguous, is_nothing, number_hint
from simulate.scenario.values import ISO_DATE, fail, parse_date, shown
from simulate.scenario.written_dates import days
from simulate.scenario.written_numbers import Kind

_BLANKS = " \u00a0\u2009\u202f'\u2019"


def _form(separator: str, mark: str, power: str = "") -> str:
    """The pattern of a number with this mark; between groups of digits there is one separator."""
    grouped = rf"[1-9]\d{{0,2}}([{separator}{_BLANKS}])\d{{3}}(?:\1\d{{3}})*"
    return rf"(?a)[-+−]?(?=\D?\d)(?:{grouped}|\d+)?(?:{mark}\d*)?{power}"


_POINT, _COMMA = _form(",", r"\.", r"(?:[eE][-+]?\d+)?"), _form(".", ",")
_SEPARATORS = [str.maketrans("−", "-", f"{mark}{_BLANKS}") for mark in ",."]

_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?", re.ASCII)
_IN_EITHER_ORDER = re.compile(r"(\d\d?)([/-])(\d\d?)\2(\d{4})", re.ASCII)
_TOTAL = re.compile(
    r"(?:grand |sub)?(?:total|sum|gesamt|insgesamt|summe|suma|totale|итого|всего|разом|усього)\b",
    re.IGNORECASE,
)
_NO_VALUE = ("nan", "null", "#n/a")


class Cell(NamedTuple):
    """What a cell holds, and where: `losses.csv line 3`."""

    text: str
    place: str


def is_empty(text: str) -> bool:
    """Whether a cell holds nothing, or a word for it such as `n/a`."""
    return not text or is_nothing(text) or text.lower() in _NO_VALUE


# --- numbers ---


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    return any(re.fullmatch(form, text) for form in (_POINT, _COMMA))


def numbers(
    cells: Sequence[Cell], key: str, kind: Kind, delimiter: str, *, has_commas: bool
) -> list[float]:
    """The numbers of a column, with decimal points or commas, and digits in groups of three.

    Where all can be read in both ways, as 12.500 and 13.000 can, a dot is a decimal point, and the
    numbers are `Ambiguous`. So is a comma between semicolons; between commas it separates
    thousands. `key` is what a message calls the column, none of whose `cells` is empty; `delimiter`
    separates the columns of the file, and `has_commas` is whether any has decimal commas. Raises
    PydanticCustomError if a cell holds no number, or one with two meanings.
    """
    for cell in cells:
        if not is_number(cell.text):
            message = f"{cell.place}: {key} must be a number (found {shown(cell.text)})"
            raise fail(message, hint=number_hint(cell.text, kind), at="file")
    found = np.array([_readings(cell.text) for cell in cells]).reshape(-1, 2)
    for cell, readings in zip(cells, found, strict=True):
        if np.isinf(readings).any():
            raise fail(f"{cell.place}: {key} is too large (found {shown(cell.text)})", at="file")
    in_doubt = ~np.isnan(found).any(axis=1) & (found[:, 0] != found[:, 1])
    fits = ~np.isnan(found).any(axis=0)
    if fits[0] != fits[1]:
        return [float(x) for x in found[:, int(fits[1])]]
    if not in_doubt.any():
        return [float(x) for x in np.fmax(found[:, 0], found[:, 1])]
    doubtful = [cell for cell, doubt in zip(cells, in_doubt, strict=True) if doubt]
    marks = {"." if "." in cell.text else "," for cell in doubtful}
    if marks == {","} and delimiter == "," and fits[0]:
        return [float(x) for x in found[:, 0]]
    decimals = found[:, int(marks == {","})]
    least = np.abs(decimals[in_doubt]).min()
    # Other whole numbers are larger, as in 975, 1.037: it goes on in thousands.
    as_thousands = (decimals[~in_doubt] > least).any()
    by_file = {".": has_commas, ",": delimiter == "\t"}
    if not fits[0] or len(marks) == 2 or as_thousands or by_file[marks.pop()]:
        raise _in_two_ways(doubtful[0])
    return [Ambiguous(x) if q else float(x) for x, q in zip(decimals, in_doubt, strict=True)]


def _readings(text: str) -> tuple[float, float]:
    """The number with a decimal point and with a decimal comma, NaN if it cannot be."""
    point, comma = (text.translate(separators) for separators in _SEPARATORS)
    return (
        float(point) if re.fullmatch(_POINT, text) else np.nan,
        float(comma.replace(",", ".")) if re.fullmatch(_COMMA, text) else np.nan,
    )


def _in_two_ways(cell: Cell) -> PydanticCustomError:
    digits = re.sub("[.,]", "", cell.text)
    mark = "dot" if "." in cell.text else "comma"
    message = f"{cell.place}: {cell.text} can be read in two ways; does the {mark} separate"
    decimal = f"{cell.text.replace(',', '.')}0"
    hint = f"write {digits}, or {decimal} if it is a decimal {'point' if mark == 'dot' else mark}"
    return fail(f"{message} thousands?", hint=f"{hint}, and all others alike", at="file")


# --- dates ---


def dates(cells: Sequence[Cell], key: str = "date") -> list[dt.date]:
    """The dates of a column: YYYY-MM-DD, or another form that can only be one day.

    Forms such as 09/13/2025 are read in the order of day and month in which all of them in the
    column are dates. A time of day is left out if it is midnight. Raises PydanticCustomError if a
    cell holds no date, or both orders are possible.
    """
    cells = [Cell(_MIDNIGHT.sub("", cell.text), cell.place) for cell in cells]
    both = [_in_both_orders(cell, key) for cell in cells]
    by_day, by_month = [one for one, _ in both], [other for _, other in both]
    if by_day == by_month or (None in by_day) != (None in by_month):
        return [date for date in (by_month if None in by_day else by_day) if date is not None]
    if None in by_day:
        k, other = by_month.index(None), cells[by_day.index(None)]
        why = f"begins with the day, but {other.text} in {other.place} with the month"
    else:
        k = next(k for k, (one, another) in enumerate(both) if one != another)
        why = f"can be {by_day[k]} or {by_month[k]}, since no day in the column is above 12"
    message = f"{cells[k].place}: {key} {cells[k].text} {why}"
    raise fail(message, hint="write YYYY-MM-DD", at="file")


def is_date(text: str) -> bool:
    """Whether a cell holds a date."""
    try:
        dates([Cell(text, "")])
    except PydanticCustomError:
        return _IN_EITHER_ORDER.fullmatch(text) is not None
    return True


def _in_both_orders(cell: Cell, key: str) -> tuple[dt.date | None, dt.date | None]:
    """The date that begins with the day, and the one that begins with the month."""
    if match := _IN_EITHER_ORDER.fullmatch(cell.text):
        by_day, by_month = _date(match, day=1), _date(match, day=3)
        if by_day or by_month:
            return by_day, by_month
    return (date := _one_day(cell, key)), date


def _date(match: re.Match[str], *, day: int) -> dt.date | None:
    """The date with its day in this group."""
    with contextlib.suppress(ValueError):
        return dt.date(int(match[4]), int(match[4 - day]), int(match[day]))
    return None


def _one_day(cell: Cell, key: str) -> dt.date:
    try:
        if ISO_DATE.fullmatch(cell.text) or ":" in cell.text or len(found := days(cell.text)) != 1:
            return parse_date(cell.text)
    except PydanticCustomError as error:
        wrong = error.context or {}
        message = f"{cell.place}: {key} {wrong['text']}"
        is_total = _TOTAL.match(cell.text)
        hint = "leave out the row of totals" if is_total else wrong["hint"]
        raise fail(message, hint=hint, at="file") from error
    return found[0]
