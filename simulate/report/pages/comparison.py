"""A comparison of scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from simulate.analysis.comparison import Against, Chance, Comparison
from simulate.analysis.values import Instant, Shift
from simulate.report.document import (
    MARK,
    SOFT_BREAK,
    Block,
    Document,
    Picture,
    paragraph,
    sections,
    table,
    warned,
)
from simulate.report.figures.comparison import drawing
from simulate.report.text.comparison import (
    event_words,
    file_words,
    headlines,
    letter,
    note,
    orders_of,
    pairing_words,
    sentences,
)
from simulate.report.text.wording import (
    inert,
    instant_cell,
    level_label,
    percent_cell,
    points,
    share,
    shift_words,
)


def comparison_page(comparison: Comparison) -> Document:
    """How dates shift, which comes first, and how to cite it."""
    return Document(
        title=f"{len(comparison.summaries)} scenarios compared",
        question="",
        names=tuple(_names(comparison)),
        sections=sections(
            ("answer", "", (paragraph(line, "strong") for line in headlines(comparison))),
            ("dates", "Dates", _dates(comparison)),
            ("orders", "Which comes first", _orders(comparison)),
            ("pictures", "In pictures", _pictures(comparison)),
            ("warnings", "Warnings", warned(warning_lines(comparison))),
            ("cite", "To cite", map(paragraph, (sentences(comparison), note(comparison)))),
        ),
    )


def _names(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for number, summary in enumerate(comparison.summaries):
        file = file_words(summary)
        yield letter(number), inert(summary.scenario.title) + (f" ({file})" if file else "")


def _dates(comparison: Comparison) -> Iterator[Block]:
    for threshold in reversed(comparison.thresholds):
        subject, done = event_words(comparison, threshold)
        yield table(
            f"Date by which {subject} is {done}",
            ("", *map(_column, comparison.levels)),
            _date_rows(comparison, threshold),
        )
    yield paragraph(
        "B - A: days by which B is later (+) or earlier (-), ± 95 % Monte Carlo error of the "
        "difference, on shared random numbers.",
        "small",
    )
    cells = [
        instant_cell(at, comparison.summaries[0].horizon)
        for against in comparison.against
        for shift in against.shifts
        for at in (shift.before, shift.after)
    ]
    if any(MARK in cell for cell in cells):
        yield paragraph(f"{MARK} Monte Carlo error of the date above half a day.", "marked")


def _date_rows(comparison: Comparison, threshold: float) -> Iterator[list[str]]:
    for against in comparison.against:
        found = [shift for shift in against.shifts if shift.threshold == threshold]
        name = letter(against.number)
        if against is comparison.against[0]:
            yield ["A", *(_when(s.before, comparison, 0) for s in found)]
        yield [name, *(_when(s.after, comparison, against.number) for s in found)]
        yield [f"{name} - A", *(_shift_cell(s, name) for s in found)]


def _column(level: float) -> str:
    return "P50 median" if level == 0.5 else level_label(level)


def _when(at: Instant, comparison: Comparison, number: int) -> str:
    cell = instant_cell(at, comparison.summaries[number].horizon)
    return cell if at.date is not None else SOFT_BREAK.join(cell.rsplit(" ", 1))


def _shift_cell(shift: Shift, name: str) -> str:
    if shift.days is not None:
        return shift_words(shift.days, shift.mc_error_days)
    if "too_few_draws" in (shift.before.missing, shift.after.missing):
        return f"too few{SOFT_BREAK}draws"
    if shift.before.missing and shift.after.missing:
        return f"reached{SOFT_BREAK}in neither"
    return f"only in {'A' if shift.after.missing else name}"


def _orders(comparison: Comparison) -> Iterator[Block]:
    for against in comparison.against:
        name = letter(against.number)
        yield table(
            f"Which comes first, A or {name}, by calendar days",
            ("share", "draws", "A first", f"{name} first", "same day", f"not by {against.horizon}"),
            _order_rows(comparison, against),
        )
    yield paragraph(pairing_words(), "small")
    yield paragraph("± 95 % Monte Carlo error in percentage points.", "small")


def _order_rows(comparison: Comparison, against: Against) -> Iterator[list[str]]:
    for threshold in reversed(comparison.thresholds):
        for draws, order in orders_of(against, threshold).items():
            first = share(threshold) if draws == "shared" else ""
            yield [first, draws, *map(_chance_cell, order.chances)]


def _chance_cell(chance: Chance) -> str:
    shown = percent_cell(chance.probability, chance.mc_error)
    return f"{shown} ± {points(chance.mc_error)}" if chance.mc_error else shown


def _pictures(comparison: Comparison) -> Iterator[Picture]:
    for threshold in reversed(comparison.thresholds):
        words = f"The dates of all draws, {share(threshold)}."
        yield Picture(words, partial(drawing, comparison, threshold))


def warning_lines(comparison: Comparison) -> tuple[str, ...]:
    """Each warning once, after the letters of the scenarios that have it."""
    found: dict[str, list[str]] = {}
    for number, summary in enumerate(comparison.summaries):
        for warning in summary.warnings:
            found.setdefault(warning, []).append(letter(number))
    return tuple(f"{', '.join(letters)}: {warning}" for warning, letters in found.items())
