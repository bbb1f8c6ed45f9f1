"""Phrases about a sweep that terminal, pictures and files share."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator

from simulate.analysis.sweep import Sweep, SweepCell
from simulate.analysis.update import CONFLICTS, FEW_FIT
from simulate.analysis.values import Instant
from simulate.report.text import captions, mood, phrases, wording
from simulate.report.text.inputs import input_words
from simulate.report.text.update import reports_words

MOST_DRAWN = 60
"""Combinations that a picture can show."""

_VALUE_CELLS = 60
_MOST_VALUES = 12


def input_names(sweep: Sweep) -> list[str]:
    """Names of the swept settings in words."""
    return [
        phrases.cut_words(input_words(name, sweep.first), _VALUE_CELLS)
        for name, _ in sweep.grid.swept
    ]


def value_words(value: str) -> str:
    """A value of a swept setting, ready for use in a phrase."""
    return phrases.cut_words(value, _VALUE_CELLS)


def plain_value(value: str) -> str:
    """A value as in a picture: `2,000`, `1 Dec 2024`."""
    if re.fullmatch(r"[1-9]\d{3,}", value):
        return wording.grouped(int(value))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return wording.short_date(dt.date.fromisoformat(value))
    return value


def cell_words(sweep: Sweep, cell: SweepCell) -> str:
    """`share of wounded who return: 0.25, size of the force: 10,000`."""
    pairs = zip(input_names(sweep), map(plain_value, cell.values), strict=True)
    return ", ".join(f"{name}: {value_words(value)}" for name, value in pairs)


def swept_words(sweep: Sweep) -> str:
    """`share of wounded who return (0, 0.25, 0.5) and size of the force (10,000, 12,000)`."""
    parts = []
    for name, (_, values) in zip(input_names(sweep), sweep.grid.swept, strict=True):
        shown = [value_words(plain_value(value)) for value in values[:_MOST_VALUES]]
        if more := len(values) - len(shown):
            shown.append(f"and {more} more")
        parts.append(f"{name} ({', '.join(shown)})")
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def event_words(sweep: Sweep) -> tuple[str, str]:
    """Subject and participle of what happens; neutral words where the combinations differ."""
    return phrases.common_event(
        (phrases.event(cell.chosen) for cell in sweep.cells), sweep.main.threshold
    )


def shown_dates(cell: SweepCell) -> tuple[Instant, ...]:
    """The dates of a combination that tables and pictures show."""
    return tuple(cell.chosen.at(level) for level in (0.05, 0.5, 0.95))


def headline(sweep: Sweep) -> str:
    """The result in one line: the earliest and the latest median."""
    n, medians = wording.grouped(len(sweep.cells)), span_words(sweep)
    event, updated = phrases.headed(*event_words(sweep)), updated_words(sweep)
    return f"{event}{updated}, {n} combinations: {medians}"


def finding(sweep: Sweep) -> str:
    """How far the median moves, as the title of a picture."""
    cells = [cell for cell in sweep.cells if not cell.refused]
    days = [cell.chosen.at(0.5).date for cell in cells]
    event = captions.happens(mood.most_open([cell.chosen for cell in cells]))
    horizon = min(cell.horizon for cell in cells)
    return f"{event}: {wording.medians_words(days, horizon, 'assumptions')}"


def sentence(sweep: Sweep) -> str:
    """One sentence to cite, with the range of the medians over the grid."""
    subject, done = event_words(sweep)
    n = wording.grouped(len(sweep.cells))
    about = mood.most_open([cell.chosen for cell in sweep.cells])
    event = f"{subject} {mood.would(about, f'be {done}')}"
    return (
        f"Over {n} combinations of {swept_words(sweep)}, for the date by which {event}: "
        f"{span_words(sweep)}, under the assumptions of the scenario "
        f"“{phrases.title_words(sweep.first)}”{updated_words(sweep)}."
    )


def note(sweep: Sweep) -> str:
    """The note under a table or picture: what the figures are and how they can be repeated."""
    first = sweep.first
    precision = phrases.error_note(at for cell in sweep.cells for at in shown_dates(cell))
    fixed = ", ".join(value_words(setting) for setting in sweep.grid.fixed)
    also = f" Set everywhere: {fixed}." if fixed else ""
    file = wording.inert(first.scenario.file)
    if first.default_horizon and any(c.chosen.depleted_probability < 1 for c in sweep.cells):
        also += " The horizon is the default, not one that was chosen."
    return (
        f"Note: {phrases.drawn(first)} of each combination, the same random numbers in all, "
        f"{phrases.sampled(first)}.{precision} Uncertainty that the scenario leaves out is not in "
        f"it.{also} {phrases.program(first)}, {wording.inert(first.run.stream)}, "
        f"{f'file {wording.embedded(file)}, ' if file else ''}digest of the first combination "
        f"{phrases.digest(first)}."
    )


def updated_words(sweep: Sweep) -> str:
    """`, updated on three later reports`; empty where no reports are evidence."""
    update = sweep.first.update
    return f", updated on {reports_words(update)}" if update else ""


def updated_note(sweep: Sweep) -> str:
    """That all figures are those after an update, and why some are missing; or empty."""
    n, of = sum(cell.effective is not None for cell in sweep.cells), len(sweep.cells)
    if not n:
        return ""
    which = "All figures" if n == of else f"The figures of {n} of {of} combinations"
    words = f"{which} are those after the update."
    if any(cell.refused for cell in sweep.cells):
        words += f" {wording.TOO_FEW}: not enough of its draws fit the reports."
    return words


def never_words(sweep: Sweep) -> str:
    """What "never" means."""
    horizons = {cell.horizon for cell in sweep.cells}
    own = "not by the horizon of that combination"
    return f"never: {wording.not_by(*horizons) if len(horizons) == 1 else own}."


def warnings(sweep: Sweep) -> Iterator[str]:
    """Each warning once, with its combinations unless it applies to all alike."""
    found: dict[str, list[tuple[str, SweepCell]]] = {}
    for cell in sweep.cells:
        for warning in cell.warnings:
            found.setdefault(_without_figures(warning), []).append((warning, cell))
    for cases in found.values():
        warning, cell = cases[0]
        n, first = len(cases), cell_words(sweep, cell)
        where = f" [with {first}]" if n == 1 else f" [in {n} combinations, the first {first}]"
        if len({text for text, _ in cases}) > 1:
            where = f" [in {n} combinations, these figures with {first}]"
        elif n == len(sweep.cells):
            where = ""
        yield f"{wording.inert(warning)}{where}"


def _without_figures(warning: str) -> str:
    """What a warning about an update says, whose figures differ from one combination to another."""
    for words in (CONFLICTS, FEW_FIT):
        before, said, _ = warning.partition(words)
        if said:
            return f"{before}{said}"
    return warning


def span_words(sweep: Sweep) -> str:
    """`median from 7 March 2025 (size of the force: 10,000) to 13 April 2025 (...)`."""

    def day(cell: SweepCell) -> float:
        at = cell.chosen.at(0.5)
        return math.inf if at.date is None else at.date.toordinal()

    def median(cell: SweepCell) -> str:
        return wording.middle_prose(cell.chosen.at(0.5), cell.horizon)

    cells = [cell for cell in sweep.cells if not cell.refused]
    first, last = min(cells, key=day), max(cells, key=day)
    which = "all" if len(cells) == len(sweep.cells) else f"{len(cells)}"
    if day(first) == math.inf and len({cell.horizon for cell in cells}) > 1:
        return f"median “not by the horizon” in {which} of them"
    if day(first) == day(last):
        return f"median {median(first)} in {which} of them"
    low, high = (f"{median(cell)} ({cell_words(sweep, cell)})" for cell in (first, last))
    if first.chosen.at(0.5).gap or last.chosen.at(0.5).gap:
        return f"earliest median {low}, latest {high}"
    return f"median from {low} to {high}"
