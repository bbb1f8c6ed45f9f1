"""A comparison of scenarios as text for a terminal of any width."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TextIO

from simulate.analysis.comparison import Against, Chance, Comparison
from simulate.analysis.shifts import Shift
from simulate.analysis.summary import Instant
from simulate.report.comparison_words import (
    event_words,
    file_words,
    headlines,
    letter,
    note,
    orders_of,
    pairing_words,
    sentences,
)
from simulate.report.terminal_page import (
    HEADING,
    MARK,
    MARKED,
    NARROWEST,
    SOFT_BREAK,
    WIDEST,
    Page,
    page_for,
    warnings_section,
)
from simulate.report.wording import (
    inert,
    instant_cell,
    level_label,
    percent_cell,
    points,
    share,
    shift_words,
)

_TITLE_LINES = 3


def print_comparison(
    comparison: Comparison, *, quiet: bool = False, file: TextIO | None = None
) -> None:
    """Print a comparison.

    Parameters
    ----------
    comparison
        Scenarios over the same draws.
    quiet
        The result lines only.
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
        for line in headlines(comparison):
            page.line(page.translated(line))
    else:
        _comparison(page, comparison)
    stream.write(page.text())


def render_comparison(
    comparison: Comparison, width: int = 80, *, color: bool = False, encoding: str = "utf-8"
) -> str:
    """The text that `print_comparison` prints, in lines of at most `width` cells."""
    page = Page(min(max(width, NARROWEST), WIDEST), color=color, encoding=encoding)
    _comparison(page, comparison)
    return page.text()


def _comparison(page: Page, comparison: Comparison) -> None:
    for number, summary in enumerate(comparison.summaries):
        file = file_words(summary)
        title = inert(summary.scenario.title) + (f" ({file})" if file else "")
        page.paragraph(
            title, HEADING, lines=_TITLE_LINES, first=f"{letter(number)}  ", indent="   "
        )
    page.line()
    for line in headlines(comparison):
        page.paragraph(line, HEADING)
    for threshold in reversed(comparison.thresholds):
        _dates(page, comparison, threshold)
    page.paragraph(
        "B - A: days by which B is later (+) or earlier (-), ± 95 % Monte Carlo error of the "
        "difference, on shared random numbers."
    )
    cells = [
        instant_cell(at, comparison.summaries[0].horizon)
        for against in comparison.against
        for shift in against.shifts
        for at in (shift.before, shift.after)
    ]
    if any(MARK in cell for cell in cells):
        page.paragraph(f"{MARK} Monte Carlo error of the date above half a day.", MARKED)
    _orders(page, comparison)
    warnings_section(page, warning_lines(comparison))
    page.heading("To cite")
    page.paragraph(sentences(comparison))
    page.paragraph(note(comparison))


def _dates(page: Page, comparison: Comparison, threshold: float) -> None:
    subject, done = event_words(comparison, threshold)
    page.heading(f"Date by which {subject} is {done}")
    header = ["", *(_column(level) for level in comparison.levels)]
    rows: list[list[str]] = []
    for against in comparison.against:
        found = [shift for shift in against.shifts if shift.threshold == threshold]
        name = letter(against.number)
        if not rows:
            rows.append(["A", *(_when(s.before, comparison, 0) for s in found)])
        rows += [
            [name, *(_when(s.after, comparison, against.number) for s in found)],
            [f"{name} - A", *(_shift_cell(s, name) for s in found)],
        ]
    page.grid(header, rows)


def _column(level: float) -> str:
    return "P50 median" if level == 0.5 else level_label(level)


def _when(at: Instant, comparison: Comparison, number: int) -> str:
    cell = instant_cell(at, comparison.summaries[number].horizon)
    if at.date is not None:
        return cell
    head, _, tail = cell.rpartition(" ")
    return f"{head}{SOFT_BREAK}{tail}"


def _shift_cell(shift: Shift, name: str) -> str:
    if shift.days is not None:
        return shift_words(shift.days, shift.mc_error_days)
    if "too_few_draws" in (shift.before.missing, shift.after.missing):
        return f"too few{SOFT_BREAK}draws"
    if shift.before.missing and shift.after.missing:
        return f"reached{SOFT_BREAK}in neither"
    return f"only in {'A' if shift.after.missing else name}"


def _orders(page: Page, comparison: Comparison) -> None:
    for against in comparison.against:
        name = letter(against.number)
        page.heading(f"Which comes first, A or {name}, by calendar days")
        header = [
            "share",
            "draws",
            "A first",
            f"{name} first",
            "same day",
            f"not by {against.horizon}",
        ]
        page.grid(header, _order_rows(comparison, against))
    page.paragraph(pairing_words())
    page.paragraph("± 95 % Monte Carlo error in percentage points.")


def _order_rows(comparison: Comparison, against: Against) -> Iterator[list[str]]:
    for threshold in reversed(comparison.thresholds):
        for draws, order in orders_of(against, threshold).items():
            first = share(threshold) if draws == "shared" else ""
            yield [first, draws, *map(_chance_cell, order.chances)]


def _chance_cell(chance: Chance) -> str:
    shown = percent_cell(chance.probability, chance.mc_error)
    return f"{shown} ± {points(chance.mc_error)}" if chance.mc_error else shown


def warning_lines(comparison: Comparison) -> tuple[str, ...]:
    """Each warning once, after the letters of the scenarios that have it."""
    found: dict[str, list[str]] = {}
    for number, summary in enumerate(comparison.summaries):
        for warning in summary.warnings:
            found.setdefault(warning, []).append(letter(number))
    return tuple(f"{', '.join(letters)}: {warning}" for warning, letters in found.items())
