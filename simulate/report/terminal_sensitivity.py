"""A sensitivity analysis as text for a terminal of any width."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from simulate.analysis.influences import Case, Estimate, Influence, Influences
from simulate.analysis.inverse import Needed
from simulate.analysis.sensitivity import Report
from simulate.analysis.summary import Instant
from simulate.report.citation import digest, program
from simulate.report.findings import event, label_words
from simulate.report.sensitivity_words import (
    explanations,
    headline,
    is_minor,
    main_influences,
    minor_words,
    name_words,
    never_words,
    outcome_of,
    run_words,
    share_words,
    together_words,
)
from simulate.report.terminal_page import (
    HEADING,
    NARROWEST,
    WIDEST,
    Page,
    page_for,
    warnings_section,
)
from simulate.report.wording import (
    error_days,
    grouped,
    inert,
    instant_cell,
    instant_prose,
    points,
    prose_date,
    share,
)
from simulate.report.wrapping import cells, wrap
from simulate.scenario.numerals import first_digit, number, rounded_up

INFLUENCE_HEADER = ("input", "total", "first", "rank", "lowest 10th", "highest 10th")
NEEDED_HEADER = ("input", "value", "±", "level", "median over its range")
_NARROWEST_NAME = 16
_FEW = 6
"""So many inputs are shown in full in any case."""

_TITLE_LINES = 4
_SOURCE_LINES = 2


def print_sensitivity(report: Report, *, file: TextIO | None = None, verbose: bool = False) -> None:
    """Print a sensitivity analysis to a stream, by default standard output; as in `render`."""
    stream = sys.stdout if file is None else file
    page = page_for(stream)
    _report(page, report, verbose=verbose)
    stream.write(page.text())


def print_line(report: Report, *, file: TextIO | None = None) -> None:
    """Print the answer in one line."""
    stream = sys.stdout if file is None else file
    page = page_for(stream, color=False)
    page.line(page.translated(headline(report)))
    stream.write(page.text())


def render(
    report: Report,
    width: int = 80,
    *,
    color: bool = False,
    encoding: str = "utf-8",
    verbose: bool = False,
) -> str:
    """The text that `print_sensitivity` prints.

    Parameters
    ----------
    report
        The answer of a sensitivity analysis.
    width
        In character cells; 20 are used at least and 100 at most.
    color
        Whether to write colour codes.
    encoding
        Of the terminal; letters that it does not have become question marks.
    verbose
        Show all thresholds, and inputs with hardly any influence too.
    """
    page = Page(min(max(width, NARROWEST), WIDEST), color=color, encoding=encoding)
    _report(page, report, verbose=verbose)
    return page.text()


def _report(page: Page, report: Report, *, verbose: bool) -> None:
    summary, main = report.summary, main_influences(report)
    page.paragraph(inert(summary.scenario.title), HEADING, lines=_TITLE_LINES)
    page.line()
    page.paragraph(headline(report), HEADING)
    chosen = tuple(reversed(report.thresholds)) if verbose else (main,)
    shown = {found.threshold: _shown(found, verbose=verbose) for found in chosen}
    for found in chosen:
        _influences(page, report, found, shown[found.threshold])
    named = {influence.name: influence for some in shown.values() for influence in some}
    if named:
        for line in explanations(report, tuple(named.values())):
            page.paragraph(line)
        _sources(page, tuple(named.values()))
    for _, answers in groupby(report.needed, key=lambda needed: needed.target):
        _needed(page, report, tuple(answers), verbose=verbose)
    warnings_section(page, summary.warnings)
    page.line()
    page.paragraph(
        f"{run_words(report)} {program(summary)}, {inert(summary.run.stream)}, "
        f"scenario {digest(summary)}."
    )


def _shown(found: Influences, *, verbose: bool) -> tuple[Influence, ...]:
    """The influences shown in full."""
    if verbose or len(found.ranked) <= _FEW:
        return found.ranked
    return tuple(influence for influence in found.ranked if not is_minor(influence))


# --- what moves the date ---


def _influences(page: Page, report: Report, found: Influences, shown: Sequence[Influence]) -> None:
    outcome, horizon = outcome_of(report, found), report.summary.horizon
    middle = instant_prose(outcome.median, horizon)
    never = never_words(report, found)
    about = "What moves the date" if found.ranked else "The date"
    page.heading(f"{about}, {share(found.threshold)} {event(outcome)[1]}")
    page.paragraph(f"Median of all draws: {middle}{f'; {never}' if never else ''}")
    if not found.ranked:
        return
    rows = [influence_row(influence, horizon) for influence in shown]
    _labelled(page, INFLUENCE_HEADER, rows)
    page.paragraph(minor_words([i for i in found.ranked if i not in shown]))
    page.paragraph(together_words(found))


def influence_row(influence: Influence, horizon: dt.date) -> list[str]:
    """What moves the date, as cells of a table under `INFLUENCE_HEADER`."""
    correlation = influence.rank_correlation
    return [
        name_words(influence),
        _share_cell(influence.total),
        _share_cell(influence.first_order),
        "" if correlation is None else _correlation_cell(correlation),
        _case_cell(influence.low, horizon),
        _case_cell(influence.high, horizon),
    ]


def _share_cell(estimate: Estimate | None) -> str:
    return "" if estimate is None else f"{share_words(estimate)}\n± {points(estimate.mc_error)}"


def _correlation_cell(estimate: Estimate) -> str:
    error = estimate.mc_error
    shown = f"{estimate.value:+.{min(max(first_digit(error), 2), 3) if error else 2}f}"
    hundredths = points(estimate.mc_error)
    error = float(hundredths.replace(",", "")) / 100
    return f"{shown.lstrip('+-') if float(shown) == 0 else shown}\n± {error:.3g}"


def _case_cell(case: Case | None, horizon: dt.date) -> str:
    if case is None:
        return ""
    short = {"does not happen": "if not", "happens": "if so"}
    cell = _moment(case.median, horizon)
    if case.name in short:
        return f"{cell}\n{short[case.name]}"
    return f"{cell}\n{case.name.partition(':')[0]}" if case.name.startswith("claim ") else cell


def _moment(at: Instant, horizon: dt.date) -> str:
    """A date with its error below it, or "not by" above the horizon."""
    cell = instant_cell(at, horizon)
    if at.date is None:
        return "\n".join(cell.rsplit(" ", 1))
    return f"{cell}\n± {'open' if at.mc_error_days is None else error_days(at.mc_error_days)}"


def _sources(page: Page, shown: Sequence[Influence]) -> None:
    page.heading("Where each comes from")
    ellipsis = page.translated("…")
    for influence in shown:
        if influence.kind == "walk":
            continue
        text = f"{name_words(influence)}: {inert(influence.source) or 'no source given'}"
        lines = wrap(page.translated(text), page.width - 4, lines=_SOURCE_LINES, ellipsis=ellipsis)
        for place, line in enumerate(lines):
            page.line(("    " if place else "  ") + line)


# --- the inverse question ---


def _needed(page: Page, report: Report, answers: Sequence[Needed], *, verbose: bool) -> None:
    target = answers[0].target
    found = next(each for each in report.thresholds if each.threshold == target.threshold)
    outcome = outcome_of(report, found)
    page.heading(
        f"What would make {prose_date(target.date)} the median, "
        f"{share(target.threshold)} {event(outcome)[1]}"
    )
    page.paragraph(f"Published: {label_words(target.label)}")
    listed = {influence.name for influence in _shown(found, verbose=verbose)}
    rows = [a for a in answers if a.value is not None or a.jump is not None or a.name in listed]
    _labelled(page, NEEDED_HEADER, [needed_row(needed, report.summary.horizon) for needed in rows])
    others = len(answers) - len(rows)
    if others:
        page.paragraph(f"None of the {grouped(others)} other inputs could, alone, in its range.")
    page.paragraph(
        "Each input alone, the others as stated. level: where that value lies in the input’s own "
        f"distribution. {grouped(report.needed_draws)} draws."
    )


def needed_row(needed: Needed, horizon: dt.date) -> list[str]:
    """An answer to the inverse question, as cells of a table under `NEEDED_HEADER`."""
    ends = [instant_cell(at, horizon) for at in (needed.earliest, needed.latest)]
    span = ends[0] if ends[0] == ends[1] else f"{ends[0]} to\n{ends[1]}"
    if needed.jump is not None:
        low, high = (_value(value, None, needed.jump) for value in needed.jump)
        return [inert(needed.name), f"between {low}\nand {high}", "", "", span]
    if needed.value is None or needed.level is None:
        return [inert(needed.name), "none", "", "", span]
    shown = _value(needed.value, needed.mc_error)
    return [inert(needed.name), shown, _error(needed), _level(needed.level), span]


def _value(
    value: float | dt.date,
    error: float | None,
    beside: Sequence[float | dt.date] = (),
) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    numbers = [other for other in beside if not isinstance(other, dt.date)]
    return number(value, error, max(numbers) - min(numbers) if numbers else None)


def _error(needed: Needed) -> str:
    if isinstance(needed.value, dt.date):
        return f"{error_days(needed.error)} days"
    return rounded_up(needed.error)


def _level(level: float) -> str:
    if level < 0.001:
        return "<P0.1"
    return ">P99.9" if level > 0.999 else f"P{100 * level:.1f}".removesuffix(".0")


def _labelled(page: Page, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose first column takes the room that the others leave."""
    others = zip(header[1:], *(row[1:] for row in rows), strict=True)
    taken = sum(
        2 + max(cells(line) for cell in column for line in cell.split("\n")) for column in others
    )
    room = max(page.width - taken, _NARROWEST_NAME)
    ellipsis = page.translated("…")

    def named(name: str) -> str:
        return "\n".join(wrap(page.translated(name), room, lines=3, ellipsis=ellipsis))

    page.grid(header, [[named(row[0]), *row[1:]] for row in rows])
