"""What later reports say about each input: its percentiles before and after the update."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from simulate.analysis.moved import Likelier, Moved
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.report import document
from simulate.report.pages.cells import chance_cell, level_cell
from simulate.report.text import moved as words
from simulate.report.text.wording import error_days, percent_cell
from simulate.scenario.numerals import rounded_up


def moved(report: SensitivityResult, *, verbose: bool) -> document.Blocks:
    """Each input before and after; unless `verbose` only those that the reports moved."""
    chosen = [each for each in report.moved if verbose or words.is_moved(each)]
    if chosen:
        yield _inputs(chosen, report.summary)
    if not verbose:
        yield from document.paragraphs([words.hardly_words(report)])
    if report.likelier:
        yield _chances(report.likelier)


def _inputs(chosen: Iterable[Moved], summary: Summary) -> document.Table:
    rows = itertools.chain.from_iterable(_rows(each, summary) for each in chosen)
    levels = [quantile.level for quantile in next(iter(chosen)).before]
    note = "±: largest 95 % Monte Carlo error of the values after."
    header = ("input", "reports", *map(level_cell, levels), "±")
    caption = "Each input before and after the reports"
    return document.table(caption, header, rows, notes=[("", note)])


def _rows(each: Moved, summary: Summary) -> Iterator[list[str]]:
    before, after = (
        [words.shown(quantile, each) for quantile in of] for of in (each.before, each.after)
    )
    yield [words.moved_name(each, summary), "before", *before, ""]
    yield [words.path_words(each), "after", *after, _error(each)]


def _error(each: Moved) -> str:
    known = [after.mc_error for after in each.after if after.mc_error is not None]
    if len(known) < len(each.after):
        return "open"
    if not isinstance(each.after[0].value, int | float):
        return f"{error_days(max(known))} days"
    return rounded_up(max(known))


def _chances(chances: Iterable[Likelier]) -> document.Table:
    rows = [
        (words.case_name(each), percent_cell(each.before), chance_cell(*_pair(each)))
        for each in chances
    ]
    return document.table("Chances before and after the reports", ("what", "before", "after"), rows)


def _pair(each: Likelier) -> tuple[float, float]:
    return each.after.value, each.after.mc_error
