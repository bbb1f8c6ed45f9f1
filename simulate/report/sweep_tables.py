"""A sweep as a table for a terminal of any width: one row a combination."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO

from simulate.analysis.summary import Instant
from simulate.analysis.sweep import Cell, Sweep
from simulate.report.findings import largest_error_words
from simulate.report.sweep_words import (
    event_words,
    headline,
    never_words,
    note,
    sentence,
    short_names,
    shown_dates,
    swept_words,
    warnings,
)
from simulate.report.terminal_page import HEADING, MARKED, NARROWEST, WIDEST, Page, page_for
from simulate.report.wording import (
    inert,
    instant_cell,
    percent_cell,
    shift_words,
)
from simulate.report.wrapping import cells as width_of
from simulate.report.wrapping import wrap

_GAP = 2
_VALUE_WIDTH, _VALUE_LINES = 18, 3
_MOST_WARNINGS = 10


class _Column(NamedTuple):
    """A column of the table; `name` is what it is called where there is no room for it."""

    name: str
    header: str
    cells: Sequence[str]

    @property
    def width(self) -> int:
        return max(
            width_of(line) for cell in (self.header, *self.cells) for line in cell.split("\n")
        )


def print_sweep(sweep: Sweep, *, quiet: bool = False, file: TextIO | None = None) -> None:
    """Print a sweep.

    Parameters
    ----------
    sweep
        The answer of a sweep.
    quiet
        The result line only.
    file
        Where to; standard output if left out.

    Raises
    ------
    OSError
        If the stream cannot be written.
    """
    stream = sys.stdout if file is None else file
    page = page_for(stream, color=False if quiet else None)
    if quiet:
        page.line(page.translated(headline(sweep)))
    else:
        _sweep(page, sweep)
    stream.write(page.text())


def render_sweep(
    sweep: Sweep, width: int = 80, *, color: bool = False, encoding: str = "utf-8"
) -> str:
    """The text that `print_sweep` prints, in lines of at most `width` cells."""
    page = Page(min(max(width, NARROWEST), WIDEST), color=color, encoding=encoding)
    _sweep(page, sweep)
    return page.text()


def _sweep(page: Page, sweep: Sweep) -> None:
    page.paragraph(inert(sweep.first.scenario.title), HEADING, lines=4)
    page.paragraph(f"Swept: {swept_words(sweep)}")
    page.line()
    page.paragraph(headline(sweep), HEADING)
    subject, done = event_words(sweep)
    page.heading(f"Date by which {subject} is {done}")
    columns, left_out = _chosen(page, sweep)
    page.grid(
        [column.header for column in columns],
        zip(*(column.cells for column in columns), strict=True),
    )
    page.paragraph(_explanation(columns, left_out, never_words(sweep)))
    found = list(warnings(sweep))
    if found:
        page.heading("Warnings")
    for warning in found[:_MOST_WARNINGS]:
        page.paragraph(warning, MARKED, first="- ", indent="  ")
    if len(found) > _MOST_WARNINGS:
        page.paragraph(f"... and {len(found) - _MOST_WARNINGS} more; all are in the JSON.", MARKED)
    page.heading("To cite")
    page.paragraph(sentence(sweep))
    page.paragraph(note(sweep))


def _chosen(page: Page, sweep: Sweep) -> tuple[list[_Column], list[str]]:
    """The columns that fit, and the names of those that do not; in a list all have room."""
    needed = list(_needed(sweep))
    extra = [column for column in _extra(sweep) if any(column.cells)]
    room = page.width + _GAP - sum(column.width + _GAP for column in needed)
    if room < 0:
        return [*needed, *extra], []
    fitting, left_out = [], []
    for column in extra:
        if column.width + _GAP <= room:
            fitting.append(column)
            room -= column.width + _GAP
        else:
            left_out.append(column.name)
    return [*needed, *fitting], left_out


def _needed(sweep: Sweep) -> Iterator[_Column]:
    for place, name in enumerate(short_names(sweep)):
        values = [_value(cell.values[place]) for cell in sweep.cells]
        yield _Column(name, name, values)
    for name, level in (("median", 0.5), ("P5", 0.05), ("P95", 0.95)):
        yield _Column(name, name, [_date(cell.chosen.at(level), cell) for cell in sweep.cells])
    never = [
        percent_cell(1.0 - cell.chosen.depleted_probability, cell.chosen.depleted_mc_error)
        for cell in sweep.cells
    ]
    yield _Column("never", "never", never)


def _extra(sweep: Sweep) -> Iterator[_Column]:
    """What is left out where there is no room, the most wanted first."""
    dates = [by.date for by in sweep.cells[0].chosen.by]
    if dates:
        yield _by(sweep, 0)
    yield _Column("shift", "shift, days", [_shift(cell) for cell in sweep.cells])
    yield _Column("± days", "± days", [_errors(cell) for cell in sweep.cells])
    for place in range(1, len(dates)):
        yield _by(sweep, place)


def _by(sweep: Sweep, place: int) -> _Column:
    date = sweep.cells[0].chosen.by[place].date
    found = []
    for cell in sweep.cells:
        known = [by for by in cell.chosen.by if by.date == date]
        found.append(percent_cell(known[0].probability, known[0].mc_error) if known else "")
    return _Column(f"by {date}", f"by\n{date}", found)


def _value(value: str) -> str:
    return "\n".join(wrap(inert(value), _VALUE_WIDTH, lines=_VALUE_LINES, ellipsis="..."))


def _date(at: Instant, cell: Cell) -> str:
    return "\n".join(instant_cell(at, cell.horizon).rsplit(" ", 1))


def _shift(cell: Cell) -> str:
    shift = cell.chosen.shift
    if shift is None or shift.days is None:
        return ""
    return shift_words(shift.days, shift.mc_error_days)


def _errors(cell: Cell) -> str:
    return largest_error_words(shown_dates(cell))


def _explanation(columns: Sequence[_Column], left_out: Sequence[str], never: str) -> str:
    shown = {column.name for column in columns}
    ends = ([c.cells for c in columns if c.name == name] for name in ("P5", "P95"))
    # Where both are the same, there is no interval to speak of.
    parts = [never] if operator.eq(*ends) else ["P5 to P95: 90 % simulation interval.", never]
    if any("~" in cell for column in columns for cell in column.cells):
        parts.append("~ Monte Carlo error above half a day.")
    if "shift" in shown:
        parts.append(
            "shift: days by which the median is later (+) or earlier (-) than in the first row, "
            "± 95 % Monte Carlo error of the difference on shared random numbers."
        )
    if "± days" in shown:
        parts.append("± days: largest 95 % Monte Carlo error of the dates in the row.")
    if left_out:
        parts.append(f"No room for: {', '.join(left_out)}; see --json or --out.")
    return " ".join(parts)
