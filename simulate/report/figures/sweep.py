"""Median and intervals of every combination of a sweep, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from simulate.analysis.sweep import Sweep, SweepCell
from simulate.errors import LimitError
from simulate.report.document import Drawing
from simulate.report.figures import frame
from simulate.report.figures.axis import date_axis, place
from simulate.report.figures.canvas import (
    Axes,
    Figure,
    fitted,
    text_width,
    white_edge,
    without_scale,
)
from simulate.report.figures.frame import Sheet
from simulate.report.figures.style import BLUE, GREY, INK, MEDIAN, PALE, SKY, SMALL, Look
from simulate.report.text import sweep as text
from simulate.report.text import wording
from simulate.report.text.attribution import sources
from simulate.report.text.captions import question_words
from simulate.report.text.phrases import digest, title_words
from simulate.report.text.wrapping import shorten

# Lengths in inches.
_ROW, _HEADER, _NEVER = 0.24, 0.2, 0.85
_NAMED_ROW, _EDGE = 0.4, 0.15
_GAP, _COLUMNS = 0.15, (1.15, 1.8)
_VALUE_CELLS = 30
_SHORTEST_AXIS_DAYS = 14

_POINT: Look = {"marker": "o", "color": MEDIAN, "markersize": 5, "markeredgecolor": "white"}
_ARROW: Look = {"marker": ">", "color": BLUE, "markersize": 7}
_HALF: Look = {"color": SKY, "linewidth": 6.0, "solid_capstyle": "butt"}
_OUTER: Look = {"color": BLUE, "linewidth": 1.4, "solid_capstyle": "butt"}


def drawing(sweep: Sweep) -> Drawing:
    """Every combination as a row: the median, the middle half and the 5th to 95th percentile.

    The share of draws that are never depleted is at the right; an interval whose upper end is "not
    by the horizon" ends in an arrow.

    Raises
    ------
    LimitError
        If there are more than 60 combinations.
    """
    if len(sweep.cells) > text.MOST_DRAWN:
        n, most = len(sweep.cells), text.MOST_DRAWN
        raise LimitError(f"{n:,} combinations are more than the {most} a picture can show")
    return frame.framed(_alt_text(sweep), partial(_figure, sweep))


def _alt_text(sweep: Sweep) -> str:
    what = f"Medians and intervals of {len(sweep.cells)} combinations of {text.swept_words(sweep)}"
    parts = [
        f"{what} in the scenario “{title_words(sweep.first)}”",
        text.headline(sweep),
        *(_row_words(sweep, cell) for cell in sweep.cells),
    ]
    return ". ".join(parts) + "."


def _row_words(sweep: Sweep, cell: SweepCell) -> str:
    low, middle, high = (
        wording.instant_prose(cell.chosen.at(level), cell.horizon) for level in (0.05, 0.5, 0.95)
    )
    never = 1.0 - cell.chosen.depleted_probability
    share = (
        f", never in {wording.percent(never, cell.chosen.depleted_mc_error)}" if never > 0 else ""
    )
    named = text.cell_words(sweep, cell)
    return f"{named}; median {middle}, P5 {low}, P95 {high}{share}"


def _figure(sweep: Sweep, sheet: Sheet) -> Figure:
    narrow, rows = sheet.is_narrow, len(sweep.cells)
    columns = [] if narrow else _columns(sweep)
    never = any(cell.chosen.depleted_probability < 1 for cell in sweep.cells)
    row, never_column = _NAMED_ROW if narrow else _ROW, _NEVER if never and not narrow else 0.0
    left = sheet.margin + (_EDGE if narrow else sum(width for _, width in columns))
    inches = sheet.width - left - sheet.right - never_column
    names, brief = _row_names(sweep, sheet) if narrow else ([], False)
    page = frame.Frame(
        sheet,
        _words(sweep, brief=brief),
        tall=_HEADER * max((labels[0].count("\n") + 1 for labels, _ in columns), default=1)
        + rows * row,
        legend=_legend(sweep),
    )
    axes = page.canvas.axes(left, page.bottom, inches, rows * row)
    low, high = _span(sweep)
    date_axis(axes, low, high, sheet)
    axes.set_ylim(rows - 0.5, -0.5)
    without_scale(axes)
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    for number, cell in enumerate(sweep.cells):
        if number and cell.values[:-1] != sweep.cells[number - 1].values[:-1]:
            axes.axhline(number - 0.5, color=GREY, linewidth=0.5)
        _draw_row(axes, cell, number + (0.2 if narrow else 0.0), high)
    top = page.bottom + rows * row
    if narrow:
        # In a column values are above their rows, with their names if there is room.
        for number in range(rows):
            (line,) = fitted(names[number], sheet.labels, inches=sheet.inches, lines=1)
            look: Look = {"va": "center", "path_effects": white_edge()}
            page.canvas.text(sheet.margin, top - (number + 0.25) * row, line, sheet.labels, **look)
        return page.figure
    x = sheet.margin
    for labels, width in columns:
        _write_column(page, x, labels, top)
        x += width
    if never:
        shares = [_never_cell(cell) for cell in sweep.cells]
        _write_column(page, sheet.width - sheet.right - _NEVER + 0.15, ["never", *shares], top)
    return page.figure


def _row_names(sweep: Sweep, sheet: Sheet) -> tuple[list[str], bool]:
    """Names and values of each combination, or the values alone where one would be cut."""
    values = [[text.plain_value(value) for value in cell.values] for cell in sweep.cells]
    full = [text.cell_words(sweep, cell) for cell in sweep.cells]
    never = [
        f" (never {_never_cell(cell)})" if 0 < cell.chosen.depleted_probability < 1 else ""
        for cell in sweep.cells
    ]
    widest = max(text_width(a + b, sheet.labels) for a, b in zip(full, never, strict=True))
    brief = widest > sheet.inches
    shown = map(", ".join, values) if brief else full
    return [a + b for a, b in zip(shown, never, strict=True)], brief


def _never_cell(cell: SweepCell) -> str:
    chosen = cell.chosen
    if cell.refused:
        return ""
    return wording.percent_cell(1.0 - chosen.depleted_probability, chosen.depleted_mc_error)


def _words(sweep: Sweep, *, brief: bool) -> frame.Words:
    subject, done = text.event_words(sweep)
    scenario = sweep.first.scenario
    by = f", by {', '.join(text.input_names(sweep))}" if brief else ""
    return frame.Words(
        text.finding(sweep),
        [text.headline(sweep)],
        [text.never_words(sweep)]
        if any(c.chosen.depleted_probability < 1 for c in sweep.cells)
        else [],
        [
            sources(sweep.first),
            f"{frame.run_words(sweep.first, digest(sweep.first))} (first combination)",
        ],
        wording.inert(scenario.title),
        question_words(sweep.first),
        shown=f"Dates by which {subject} is {done}{by}",
    )


def _legend(sweep: Sweep) -> list[frame.Sign]:
    signs = [frame.Sign("median", line={**_POINT, "linestyle": ""})]
    if any(_place(cell, 0.05) != _place(cell, 0.95) for cell in sweep.cells):
        signs.append(frame.Sign("middle half", line=_HALF))
        signs.append(frame.Sign("5th to 95th percentile", line=_OUTER))
    if any(cell.chosen.at(0.95).missing == "beyond_horizon" for cell in sweep.cells):
        signs.append(frame.Sign("beyond the horizon", line={**_ARROW, "linestyle": ""}))
    return signs


# --- rows ---


def _columns(sweep: Sweep) -> list[tuple[list[str], float]]:
    """The labels of each swept setting, its name first, and how wide they are."""
    columns = []
    for number, name in enumerate(text.input_names(sweep)):
        values = (text.plain_value(cell.values[number]) for cell in sweep.cells)
        labels = [wording.embedded(shorten(wording.inert(value), _VALUE_CELLS)) for value in values]
        narrow, most = _COLUMNS
        labels = [fitted(label, SMALL, inches=most, lines=1)[0] for label in labels]
        # A long name has two lines, as narrow as they can be.
        head = fitted(name, SMALL, inches=narrow, lines=2)
        if " ".join(head) != name:
            head = fitted(name, SMALL, inches=most, lines=2)
        labels.insert(0, "\n".join(head))
        columns.append((labels, max(text_width(label, SMALL) for label in {*labels}) + _GAP))
    return columns


def _write_column(page: frame.Frame, x: float, labels: Sequence[str], top: float) -> None:
    """A name above the rows, which begin at `top`, and a label beside each."""
    name, *values = labels
    page.canvas.text(x, top + 0.06, name, SMALL, color=GREY, va="bottom", linespacing=1.1)
    for row, label in enumerate(values):
        page.canvas.text(x, top - (row + 0.5) * _ROW, label, SMALL, color=INK, va="center")


def _draw_row(axes: Axes, cell: SweepCell, row: float, end: float) -> None:
    """The line of one combination; what is beyond the horizon runs to the end of the axis."""
    if _place(cell, 0.05) is None:
        words = (
            wording.not_by(cell.horizon) if cell.chosen.at(0.05).missing == "beyond_horizon" else ""
        )
        axes.text(end, row, f"{words or 'too few draws'} ", size=SMALL, ha="right", va="center")
    for low, high, look in ((0.05, 0.95, _OUTER), (0.25, 0.75, _HALF)):
        start, stop = _place(cell, low), _place(cell, high)
        if start is None:
            continue
        axes.plot([start, end if stop is None else stop], [row, row], **look)
        if stop is None and low == 0.05:
            axes.plot([end], [row], clip_on=False, zorder=5, **_ARROW)
    middle = _place(cell, 0.5)
    if middle is not None:
        axes.plot([middle], [row], zorder=4, **_POINT)


def _place(cell: SweepCell, level: float) -> float | None:
    return place(cell.origin, cell.chosen.at(level))


def _span(sweep: Sweep) -> tuple[float, float]:
    """First and last day of the axis, with room beside what is drawn."""
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    places = [_place(cell, level) for cell in sweep.cells for level in levels]
    known = [place for place in places if place is not None]
    if not known:
        start = min(cell.origin for cell in sweep.cells).toordinal()
        return start, max(cell.horizon for cell in sweep.cells).toordinal() + 1
    low, high = min(known), max(known)
    padding = max(0.03 * (high - low), (_SHORTEST_AXIS_DAYS - (high - low)) / 2)
    open_end = 0.12 * (high - low) if None in places else 0.0
    return low - padding, high + padding + open_end
