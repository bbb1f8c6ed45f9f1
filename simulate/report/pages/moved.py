"""What later reports say about each input: its percentiles before and after the update."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.analysis.moved import RATE, Moved
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.report import document
from simulate.report.pages.cells import chance_cell, level_cell
from simulate.report.text import moved as words
from simulate.report.text.inputs import name_words
from simulate.report.text.wording import error_days, percent_cell
from simulate.scenario.numerals import rounded_up


def moved(report: SensitivityResult, *, verbose: bool) -> document.Blocks:
    """Each input before and after; unless `verbose` only those that the reports moved."""
    yield from document.paragraphs([words.moved_sentence(report)])
    chosen = [each for each in report.moved if verbose or words.is_moved(each)]
    if chosen:
        header = ("input", "reports", *(level_cell(each.level) for each in chosen[0].before), "±")
        rows = (row for each in chosen for row in _rows(each, report.summary))
        caption = "Each input before and after the reports"
        note = "±: largest 95 % Monte Carlo error of the values after, in days for dates."
        yield document.table(caption, header, rows, notes=[("", note)])
    if not verbose:
        yield from document.paragraphs([words.hardly_words(report)])
    chances = [
        (
            words.case_name(each),
            percent_cell(each.before),
            chance_cell(each.after.value, each.after.mc_error),
        )
        for each in report.likelier
    ]
    if chances:
        caption, header = "Chances before and after the reports", ("what", "before", "after")
        note = "±: 95 % Monte Carlo error in percentage points."
        yield document.table(caption, header, chances, notes=[("", note)])


def _rows(each: Moved, summary: Summary) -> Iterator[list[str]]:
    shown = rounded_up if isinstance(each.after[0].value, int | float) else error_days
    times = words.days_of(each, summary)
    errors = [times * at.mc_error for at in each.after if at.mc_error is not None]
    error = shown(max(errors)) if len(errors) == len(each.after) else "open"
    before, after = (
        [words.shown(at, each, times) for at in of] for of in (each.before, each.after)
    )
    yield [words.moved_name(each, summary), "before", *before, ""]
    path = "" if each.name == RATE else f"({name_words(each.name)})"
    yield [path, "after", *after, error]
