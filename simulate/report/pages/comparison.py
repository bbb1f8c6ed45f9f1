"""A comparison of scenarios."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from itertools import pairwise, starmap

from simulate.analysis.comparison import Against, Comparison
from simulate.analysis.values import Instant, Shift
from simulate.report import document
from simulate.report.figures.comparison import drawing
from simulate.report.pages.cells import chance_cell, date_cell, labelled, level_cell
from simulate.report.text import comparison as words
from simulate.report.text.wording import (
    MARK,
    MARKED,
    inert,
    instant_cell,
    listed,
    share,
    shift_words,
)

_MOST_IN_FULL = 8
_MOST_IN_A_PICTURE = 4
"""Scenarios whose histograms are on one page of paper, in letters that can be read."""


def comparison_page(comparison: Comparison, *, verbose: bool = True) -> document.Document:
    """How the dates of the largest threshold shift, and which comes first.

    Of more than eight scenarios only the dates. With `verbose` all thresholds of any number of
    scenarios, and how to cite the comparison.
    """
    full = verbose or len(comparison.summaries) <= _MOST_IN_FULL
    chosen = comparison.thresholds[::-1] if verbose else comparison.thresholds[-1:]
    cited = (words.sentences(comparison), words.note(comparison)) if verbose else ()
    headlines = words.headlines(comparison) if full else ()
    return document.composed(
        f"{len(comparison.summaries)} scenarios compared",
        ("answer", "", document.paragraphs(headlines, "strong")),
        ("dates", "Dates", _dates(comparison, chosen)),
        ("orders", "Which comes first", _orders(comparison, chosen) if full else ()),
        ("pictures", "In pictures", _pictures(comparison, chosen)),
        ("warnings", "Warnings", document.warned(warning_lines(comparison, named=True))),
        ("cite", "To cite", document.paragraphs(cited)),
        names=_names(comparison),
    )


def _names(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for number, summary in enumerate(comparison.summaries):
        file = words.file_words(summary)
        title = inert(summary.scenario.title)
        yield words.letter(number), f"{title} ({file})" if file else title


def _dates(comparison: Comparison, chosen: Collection[float]) -> document.Blocks:
    for threshold in chosen:
        subject, done = words.event_words(comparison, threshold)
        header = ("", *map(level_cell, comparison.levels))
        rows = _date_rows(comparison, threshold)
        yield document.table(f"Date by which {subject} is {done}", header, rows)
    yield document.paragraph(
        "B - A: days by which B is later (+) or earlier (-), ± 95 % Monte Carlo error of the "
        "difference, on shared random numbers.",
        "small",
    )
    every = (shift for against in comparison.against for shift in against.shifts)
    shifts = [shift for shift in every if shift.threshold in chosen]
    moments = [at for shift in shifts for at in (shift.before, shift.after)]
    if any(MARK in instant_cell(at, comparison.summaries[0].horizon) for at in moments):
        yield document.paragraph(MARKED, "marked")


def _date_rows(comparison: Comparison, threshold: float) -> Iterator[list[str]]:
    def row(name: str, number: int, moments: Iterator[Instant]) -> list[str]:
        horizon = comparison.summaries[number].horizon
        return [name, *(date_cell(at, horizon, document.SOFT_BREAK) for at in moments)]

    for against in comparison.against:
        found = [shift for shift in against.shifts if shift.threshold == threshold]
        name = words.letter(against.number)
        if against is comparison.against[0]:
            yield row("A", 0, (shift.before for shift in found))
        yield row(name, against.number, (shift.after for shift in found))
        yield [f"{name} - A", *(_shift_cell(shift, name) for shift in found)]


def _shift_cell(shift: Shift, name: str) -> str:
    if words.is_open(shift.before) or words.is_open(shift.after):
        return "undetermined"
    if shift.days is not None:
        return shift_words(shift.days, shift.mc_error_days)
    if "too_few_draws" in (shift.before.missing, shift.after.missing):
        return f"too few{document.SOFT_BREAK}draws"
    if shift.before.missing and shift.after.missing:
        return f"reached{document.SOFT_BREAK}in neither"
    return f"only in {'A' if shift.after.missing else name}"


def _orders(comparison: Comparison, chosen: Collection[float]) -> document.Blocks:
    for against in comparison.against:
        name = words.letter(against.number)
        caption = f"Which comes first, A or {name}, by calendar days"
        outcomes = ("A first", f"{name} first", "same day", f"not by {against.horizon}")
        rows = _order_rows(comparison, against, chosen)
        yield document.table(caption, ("share", "draws", *outcomes), rows)
    yield document.paragraph(words.pairing(comparison), "small")
    yield document.paragraph("± 95 % Monte Carlo error in percentage points.", "small")


def _order_rows(
    comparison: Comparison, against: Against, chosen: Collection[float]
) -> Iterator[list[str]]:
    for threshold in chosen:
        first = _share(comparison, threshold)
        for draws, order in words.orders_of(against, threshold).items():
            chances = (chance_cell(each.probability, each.mc_error) for each in order.chances)
            yield [first, draws, *chances]
            first = ""


def _share(comparison: Comparison, threshold: float) -> str:
    return share(threshold, words.event_words(comparison, threshold)[1])


def _pictures(comparison: Comparison, chosen: Collection[float]) -> Iterator[document.Picture]:
    n = len(comparison.summaries)
    pictures = -(-n // _MOST_IN_A_PICTURE)
    ends = [n * k // pictures for k in range(pictures + 1)]
    for threshold in chosen if n <= words.MOST_DRAWN else ():
        for part in starmap(slice, pairwise(ends)):
            names = "" if pictures == 1 else f", {listed(comparison.names[part])}"
            caption = f"The dates of all simulations, {_share(comparison, threshold)}{names}."
            yield document.Picture(caption, partial(drawing, comparison, threshold, part))


def warning_lines(comparison: Comparison, *, named: bool = False) -> tuple[str, ...]:
    """Each warning once, after the letters of its scenarios; with `named`, inputs in words."""
    found: dict[str, list[str]] = {}
    for number, summary in enumerate(comparison.summaries):
        for warning in summary.warnings:
            shown = labelled(warning, summary) if named else warning
            found.setdefault(shown, []).append(words.letter(number))
    lines = (f"{', '.join(letters)}: {warning}" for warning, letters in found.items())
    return (*words.unlike(comparison), *lines)
