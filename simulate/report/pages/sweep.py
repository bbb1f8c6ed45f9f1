"""A sweep: one row a combination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from simulate.analysis.sweep import Sweep, SweepCell
from simulate.report import document
from simulate.report.figures.sweep import drawing
from simulate.report.pages.cells import date_cell, warned
from simulate.report.text import sweep as words
from simulate.report.text.phrases import largest_error_words
from simulate.report.text.wording import MARK, MARKED, inert, percent_cell, shift_words, short_date
from simulate.report.text.wrapping import cells, wrap

_NAME_WIDTH, _NAME_LINES = 10, 5
_VALUE_WIDTH, _VALUE_LINES = 18, 3
_MOST_WARNINGS = 10


class _Column(NamedTuple):
    header: str
    cell: Callable[[SweepCell], str]
    note: str = ""


def sweep_page(sweep: Sweep, *, verbose: bool = False) -> document.Document:
    """The dates of every combination; with `verbose` also how to cite them."""
    cited = (words.sentence(sweep), words.note(sweep)) if verbose else ()
    return document.composed(
        inert(sweep.first.scenario.title),
        ("answer", "", [document.paragraph(words.headline(sweep), "strong")]),
        ("dates", "Dates", _dates(sweep)),
        ("pictures", "In pictures", _pictures(sweep)),
        ("warnings", "Warnings", _warnings(sweep)),
        ("cite", "To cite", document.paragraphs(cited)),
        question=f"Swept: {words.swept_words(sweep)}",
    )


def _dates(sweep: Sweep) -> document.Blocks:
    subject, done = words.event_words(sweep)
    needed = list(_needed(sweep))
    extra = [c for c in _extra(sweep) if any(c.cell(cell) for cell in sweep.cells)]
    columns = [*needed, *extra]
    rows = [[column.cell(cell) for column in columns] for cell in sweep.cells]
    ends = [column.cell for column in needed if column.header in ("P5", "P95")]
    # Where both are the same in every row, there is no interval to explain.
    spread = any(ends[0](cell) != ends[1](cell) for cell in sweep.cells)
    notes = [("", "P5 to P95: 90 % simulation interval.")] if spread else []
    notes += [("", note) for note in (words.updated_note(sweep), words.never_words(sweep)) if note]
    if any(MARK in cell for row in rows for cell in row):
        notes.append(("", MARKED))
    notes += [(column.header, column.note) for column in columns if column.note]
    caption, header = f"Date by which {subject} is {done}", [column.header for column in columns]
    yield document.table(caption, header, rows, notes=notes, optional=len(extra))


def _needed(sweep: Sweep) -> Iterator[_Column]:
    for place, name in enumerate(words.input_names(sweep)):
        width = max(_NAME_WIDTH, *map(cells, name.split()))  # a key is one word
        header = "\n".join(wrap(name, width, lines=_NAME_LINES))
        yield _Column(header, partial(_value, place))
    for name, level in (("median", 0.5), ("P5", 0.05), ("P95", 0.95)):
        yield _Column(name, partial(_date, level))
    yield _Column("never", _never)


def _extra(sweep: Sweep) -> Iterator[_Column]:
    """Columns omitted where they do not fit, the most useful first."""
    dates = [_Column(_by_words(by.date), partial(_by, by.date)) for by in sweep.cells[0].chosen.by]
    yield from dates
    yield _Column(
        "shift (days)",
        partial(_shift, sweep.cells[0]),
        "shift: days by which the median is later (+) or earlier (-) than in the first row, "
        "± 95 % Monte Carlo error of the difference on shared random numbers.",
    )
    yield _Column(
        "± days",
        lambda cell: largest_error_words(words.shown_dates(cell)),
        "± days: largest 95 % Monte Carlo error of the dates in the row.",
    )


def _never(cell: SweepCell) -> str:
    if cell.refused:
        return ""
    return percent_cell(1.0 - cell.chosen.depleted_probability, cell.chosen.depleted_mc_error)


def _by_words(date: dt.date) -> str:
    """The header of a column for a date, as narrow as its shares."""
    return "by\n" + "\n".join(short_date(date).rsplit(" ", 1))


def _by(date: dt.date, cell: SweepCell) -> str:
    found = (by for by in cell.chosen.by if by.date == date and not cell.refused)
    return next((percent_cell(by.probability, by.mc_error) for by in found), "")


def _value(place: int, cell: SweepCell) -> str:
    value = inert(words.plain_value(cell.values[place]))
    return "\n".join(wrap(value, _VALUE_WIDTH, lines=_VALUE_LINES, ellipsis="..."))


def _date(level: float, cell: SweepCell) -> str:
    return date_cell(cell.chosen.at(level), cell.horizon)


def _shift(first: SweepCell, cell: SweepCell) -> str:
    shift = cell.chosen.shift
    if shift is None or shift.days is None:
        return ""
    # A median anywhere in a gap has no error, whatever the draws at hand give.
    gap = first is not cell and (first.chosen.at(0.5).gap or cell.chosen.at(0.5).gap)
    return shift_words(shift.days, None if gap else shift.mc_error_days)


def _pictures(sweep: Sweep) -> Iterator[document.Picture]:
    if len(sweep.cells) <= words.MOST_DRAWN:
        caption = "Median and intervals of every combination."
        yield document.Picture(caption, partial(drawing, sweep))


def _warnings(sweep: Sweep) -> document.Blocks:
    found = tuple(words.warnings(sweep))
    yield from warned(found[:_MOST_WARNINGS], sweep.first)
    more = len(found) - _MOST_WARNINGS
    if more > 0:
        yield document.paragraph(f"... and {more} more; all are in the JSON.", "marked")
