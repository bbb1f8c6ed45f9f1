"""Phrases about a sweep that terminal, pictures and files share."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulate.analysis.sweep import Cell, Sweep
from simulate.analysis.values import Instant
from simulate.report.text.phrases import (
    common_event,
    digest,
    drawn,
    error_note,
    event,
    headed,
    program,
    sampled,
    title_words,
)
from simulate.report.text.wording import (
    embedded,
    grouped,
    inert,
    instant_prose,
    not_by,
)
from simulate.report.text.wrapping import shorten

MOST_DRAWN = 60
"""Combinations that a picture can show."""

_VALUE_CELLS = 60
_MOST_VALUES = 12


def short_names(sweep: Sweep) -> list[str]:
    """Names of the swept settings for narrow columns: the last part where that is unique."""
    names = [name for name, _ in sweep.grid.swept]
    last = [name.rpartition(".")[2] for name in names]
    return [
        embedded(inert(short if last.count(short) == 1 else name))
        for name, short in zip(names, last, strict=True)
    ]


def value_words(value: str) -> str:
    """A value of a swept setting, ready for use in a phrase."""
    return embedded(shorten(inert(value), _VALUE_CELLS))


def cell_words(sweep: Sweep, cell: Cell) -> str:
    """`return_share 0.25, size 10000`."""
    pairs = zip(short_names(sweep), cell.values, strict=True)
    return ", ".join(f"{name} {value_words(value)}" for name, value in pairs)


def swept_words(sweep: Sweep) -> str:
    """`wounded.return_share (0, 0.25, 0.5) and force.size (10000, 12000)`."""
    parts = []
    for name, values in sweep.grid.swept:
        shown = [value_words(value) for value in values[:_MOST_VALUES]]
        more = len(values) - len(shown)
        listed = ", ".join([*shown, *([f"and {more} more"] if more else [])])
        parts.append(f"{embedded(inert(name))} ({listed})")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def event_words(sweep: Sweep) -> tuple[str, str]:
    """Subject and participle of what happens; neutral words where the combinations differ."""
    return common_event((event(cell.chosen) for cell in sweep.cells), sweep.main.threshold)


def shown_dates(cell: Cell) -> tuple[Instant, ...]:
    """The dates of a combination that tables and pictures show."""
    return tuple(cell.chosen.at(level) for level in (0.05, 0.5, 0.95))


def headline(sweep: Sweep) -> str:
    """The result in one line: the earliest and the latest median."""
    subject, done = event_words(sweep)
    return f"{headed(subject, done)}, {grouped(len(sweep.cells))} combinations: {span_words(sweep)}"


def sentence(sweep: Sweep) -> str:
    """One sentence to cite, with the range of the medians over the grid."""
    subject, done = event_words(sweep)
    n = grouped(len(sweep.cells))
    return (
        f"Over {n} combinations of {swept_words(sweep)}, for the date by which {subject} would be "
        f"{done}: {span_words(sweep)}, under the assumptions of the scenario "
        f"“{title_words(sweep.first)}”."
    )


def note(sweep: Sweep) -> str:
    """The note under a table or picture: what the figures are and how they can be repeated."""
    precision = error_note(at for cell in sweep.cells for at in shown_dates(cell))
    fixed = ", ".join(value_words(setting) for setting in sweep.grid.fixed)
    also = f" Set everywhere: {fixed}." if fixed else ""
    file = inert(sweep.first.scenario.file)
    reached = all(cell.chosen.depleted_probability >= 1 for cell in sweep.cells)
    unchosen = sweep.first.default_horizon and not reached
    also += " The horizon is the default, not one that was chosen." if unchosen else ""
    return (
        f"Note: {drawn(sweep.first)} of each combination, the same random numbers in all, "
        f"{sampled(sweep.first)}.{precision} Uncertainty that the scenario leaves out is not in "
        f"it.{also} {program(sweep.first)}, {inert(sweep.first.run.stream)}, "
        f"{f'file {embedded(file)}, ' if file else ''}digest of the first combination "
        f"{digest(sweep.first)}."
    )


def never_words(sweep: Sweep) -> str:
    """What "never" means."""
    horizons = {cell.horizon for cell in sweep.cells}
    if len(horizons) == 1:
        return f"never: {not_by(horizons.pop())}."
    return "never: not by the horizon of that combination."


def warnings(sweep: Sweep) -> Iterator[str]:
    """Each warning once, with its combinations unless it applies to all."""
    found: dict[str, list[Cell]] = {}
    for cell in sweep.cells:
        for warning in cell.warnings:
            found.setdefault(warning, []).append(cell)
    for warning, cells in found.items():
        if len(cells) == len(sweep.cells):
            yield inert(warning)
            continue
        first = cell_words(sweep, cells[0])
        n = len(cells)
        where = f"with {first}" if n == 1 else f"in {n} combinations, the first {first}"
        yield f"{inert(warning)} [{where}]"


def span_words(sweep: Sweep) -> str:
    """`median from 7 March 2025 (size 10000) to 13 April 2025 (size 12000)`."""
    medians = [(_order(cell.chosen.at(0.5)), number) for number, cell in enumerate(sweep.cells)]
    low, high = min(medians), max(medians, key=lambda item: (item[0], -item[1]))
    if low[0] == math.inf and len({cell.horizon for cell in sweep.cells}) > 1:
        return "median “not by the horizon” in all of them"
    if low[0] == high[0]:
        return f"median {_median(sweep, low[1])} in all of them"
    first, last = (sweep.cells[number] for _, number in (low, high))
    return (
        f"median from {_median(sweep, low[1])} ({cell_words(sweep, first)}) "
        f"to {_median(sweep, high[1])} ({cell_words(sweep, last)})"
    )


def _order(at: Instant) -> float:
    """Calendar day, infinite beyond the horizon; a median needs no minimum of draws."""
    return math.inf if at.date is None else at.date.toordinal()


def _median(sweep: Sweep, number: int) -> str:
    cell = sweep.cells[number]
    at = cell.chosen.at(0.5)
    return instant_prose(at, cell.horizon) if at.date else f"“{not_by(cell.horizon)}”"
