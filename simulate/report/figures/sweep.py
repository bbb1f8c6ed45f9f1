"""Median and intervals of every combination of a sweep, a row each, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.analysis.sweep import Cell, Sweep
from simulate.analysis.values import Instant
from simulate.errors import LimitError
from simulate.report.figures.frame import MARGIN, TOP, Heading, date_axis, write_head
from simulate.report.figures.style import (
    BLUE,
    GREY,
    INK,
    SKY,
    SMALL,
    TINY,
    VERMILION,
    fitted,
    house_style,
    text_width,
)
from simulate.report.text.phrases import digest, drawn, program, title_words
from simulate.report.text.sweep import (
    MOST_DRAWN,
    cell_words,
    event_words,
    headline,
    never_words,
    short_names,
    span_words,
    swept_words,
)
from simulate.report.text.wording import (
    embedded,
    inert,
    instant_prose,
    not_by,
    percent,
    percent_cell,
)
from simulate.report.text.wrapping import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# All lengths in inches.
_WIDTH = 8.0
_RIGHT, _NEVER = 0.3, 0.85
_ROW, _HEADER, _AXIS, _LEGEND = 0.24, 0.3, 0.5, 0.32
_GAP, _WIDEST_COLUMN = 0.15, 1.8
_VALUE_CELLS = 26
_SHORTEST_AXIS_DAYS = 14


def sweep_figure(sweep: Sweep) -> Figure:
    """Every combination as a row: the median, the middle half and the 5th to 95th percentile.

    Parameters
    ----------
    sweep
        The answer of a sweep.

    Returns
    -------
    matplotlib.figure.Figure
        8 inches wide, not tied to pyplot. The share of draws that are never depleted stands at
        the right; an interval whose upper end is "not by the horizon" ends in an arrow.

    Raises
    ------
    LimitError
        If there are more than 60 combinations.
    """
    from matplotlib.figure import Figure

    if len(sweep.cells) > MOST_DRAWN:
        raise LimitError(
            f"{len(sweep.cells):,} combinations are more than the {MOST_DRAWN} a picture can show"
        )
    with house_style():
        figure = Figure(figsize=(_WIDTH, 5.0))
        _compose(figure, sweep)
    return figure


def sweep_alt_text(sweep: Sweep) -> str:
    """What the figure shows in words, generated from its numbers; plain text on one line."""
    what = f"Medians and intervals of {len(sweep.cells)} combinations of {swept_words(sweep)}"
    parts = [
        f"{what} in the scenario “{title_words(sweep.first)}”",
        headline(sweep),
        *(_row_words(sweep, cell) for cell in sweep.cells),
    ]
    return ". ".join(parts) + "."


def _row_words(sweep: Sweep, cell: Cell) -> str:
    low, middle, high = (_spoken(cell.chosen.at(level), cell) for level in (0.05, 0.5, 0.95))
    never = 1.0 - cell.chosen.depleted_probability
    told = f", never in {percent(never, cell.chosen.depleted_mc_error)}" if never > 0 else ""
    return f"{cell_words(sweep, cell)}: median {middle}, P5 {low}, P95 {high}{told}"


def _spoken(at: Instant, cell: Cell) -> str:
    return instant_prose(at, cell.horizon)


def _compose(figure: Figure, sweep: Sweep) -> None:
    columns = _columns(figure, sweep)
    left = MARGIN + sum(width for _, width in columns)
    inches = _WIDTH - left - _RIGHT - _NEVER
    rows = len(sweep.cells)
    head = _head(figure, sweep)
    foot = _wrapped(figure, _foot(sweep), TINY, 2)
    top = TOP + sum(part.height for part in head) + _HEADER
    bottom = _AXIS + _LEGEND + 0.15 * len(foot) + 0.12
    height = top + rows * _ROW + bottom
    figure.set_size_inches(_WIDTH, height)
    write_head(figure, head)
    axes = figure.add_axes((left / _WIDTH, bottom / height, inches / _WIDTH, rows * _ROW / height))
    low, high = _span(sweep)
    date_axis(axes, low, high, inches)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    for number, cell in enumerate(sweep.cells):
        if number and cell.values[:-1] != sweep.cells[number - 1].values[:-1]:
            axes.axhline(number - 0.5, color=GREY, linewidth=0.5)
        _draw_row(axes, cell, number, high)
    _write_labels(figure, sweep, columns, top)
    open_ended = any(cell.chosen.at(0.95).missing == "beyond_horizon" for cell in sweep.cells)
    _legend(figure, bottom - _AXIS - 0.1, open_ended=open_ended)
    for number, line in enumerate(reversed(foot)):
        place = (0.12 + 0.15 * number) / height
        figure.text(MARGIN / _WIDTH, place, line, size=TINY, color=GREY, va="bottom")


def _head(figure: Figure, sweep: Sweep) -> list[Heading]:
    subject, done = event_words(sweep)
    texts = (
        (inert(sweep.first.scenario.title), 12.5, "bold", INK, 3),
        (f"Date by which {subject} is {done}: {span_words(sweep)}", 9.5, "normal", INK, 4),
    )
    return [
        Heading(_wrapped(figure, text, size, lines, weight), size, weight, color)
        for text, size, weight, color, lines in texts
    ]


def _wrapped(
    figure: Figure, text: str, size: float, lines: int, weight: str = "normal"
) -> list[str]:
    inches = _WIDTH - 2 * MARGIN
    return fitted(figure, text, size, inches=inches, lines=lines, weight=weight)


def _foot(sweep: Sweep) -> str:
    run = sweep.first.run
    parts = [
        f"{drawn(sweep.first)} each",
        f"seed {run.seed}",
        inert(run.method),
        program(sweep.first),
        inert(run.stream),
        f"first combination {digest(sweep.first)}",
        never_words(sweep).removesuffix("."),
    ]
    return " · ".join(parts)


# --- rows ---


def _columns(figure: Figure, sweep: Sweep) -> list[tuple[list[str], float]]:
    """The labels of each swept setting, its name first, and how wide they are."""
    columns = []
    for place, name in enumerate(short_names(sweep)):
        texts = [name, *(cell.values[place] for cell in sweep.cells)]
        labels = [embedded(shorten(inert(text), _VALUE_CELLS)) for text in texts]
        widest = max(text_width(figure, label, SMALL) for label in dict.fromkeys(labels))
        most = _WIDEST_COLUMN / max(len(sweep.grid.swept) - 1, 1)
        if widest > most:
            labels = [fitted(figure, t, SMALL, inches=most, lines=1)[0] for t in labels]
        columns.append((labels, min(widest, most) + _GAP))
    return columns


def _write_labels(
    figure: Figure, sweep: Sweep, columns: Sequence[tuple[list[str], float]], top: float
) -> None:
    height = figure.get_figheight()

    def write(x: float, row: int, label: str, color: str = INK, weight: str = "normal") -> None:
        y = height - top - (row + 0.5) * _ROW
        figure.text(
            x / _WIDTH, y / height, label, size=SMALL, color=color, weight=weight, va="center"
        )

    x = MARGIN
    for labels, width in columns:
        for row, label in enumerate(labels, start=-1):
            write(x, row, label, GREY if row < 0 else INK)
        x += width
    x = _WIDTH - _RIGHT - _NEVER + 0.15
    write(x, -1, "never", GREY)
    for row, cell in enumerate(sweep.cells):
        never = 1.0 - cell.chosen.depleted_probability
        write(x, row, percent_cell(never, cell.chosen.depleted_mc_error), INK)


def _draw_row(axes: Axes, cell: Cell, row: int, end: float) -> None:
    """The line of one combination; what is beyond the horizon runs to the end of the axis."""
    found = {level: _place(cell, level) for level in (0.05, 0.25, 0.5, 0.75, 0.95)}
    if found[0.05] is None:
        words = not_by(cell.horizon) if cell.chosen.at(0.05).missing == "beyond_horizon" else ""
        axes.text(end, row, f"{words or 'too few draws'} ", size=SMALL, ha="right", va="center")
    for low, high, width, color in ((0.05, 0.95, 1.4, BLUE), (0.25, 0.75, 6.0, SKY)):
        start, stop = found[low], found[high]
        if start is None:
            continue
        to = end if stop is None else stop
        axes.plot([start, to], [row, row], color=color, linewidth=width, solid_capstyle="butt")
        if stop is None and low == 0.05:
            axes.plot([end], [row], ">", color=color, markersize=7, clip_on=False, zorder=5)
    if found[0.5] is not None:
        axes.plot(
            [found[0.5]],
            [row],
            "o",
            color=VERMILION,
            markersize=5,
            markeredgecolor="white",
            zorder=4,
        )


def _place(cell: Cell, level: float) -> float | None:
    day = cell.chosen.at(level).day
    return None if day is None else cell.origin.toordinal() + day


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


def _legend(figure: Figure, y: float, *, open_ended: bool) -> None:
    """What line, bar and point stand for."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker="o", linestyle="", color=VERMILION, markersize=5, label="median"),
        Line2D([], [], color=SKY, linewidth=6, label="middle half"),
        Line2D([], [], color=BLUE, linewidth=1.4, label="5th to 95th percentile"),
    ]
    if open_ended:
        words = "beyond the horizon"
        arrow = Line2D([], [], marker=">", linestyle="", color=BLUE, markersize=7, label=words)
        handles.append(arrow)
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(MARGIN / _WIDTH, (y + 0.02) / figure.get_figheight()),
        ncols=len(handles),
        fontsize=SMALL,
        frameon=False,
        borderaxespad=0,
        handlelength=1.8,
    )
