"""Dates before and after later reports: both marked, named on the picture, and beside "never"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from simulate.analysis.summary import Outcome, Summary
from simulate.report.figures.bars import Bars
from simulate.report.figures.canvas import Axes, text_width, white_edge, words_beside
from simulate.report.figures.date_lines import moment_flags
from simulate.report.figures.flags import Flag, Room
from simulate.report.figures.frame import Sheet, Sign
from simulate.report.figures.never import LEAST, Aside, bare_gauge, never_aside
from simulate.report.figures.style import BEFORE, HISTOGRAM, INK, UPDATED, Look
from simulate.report.text.phrases import never_probability
from simulate.report.text.update import reports_words
from simulate.report.text.wording import percent_cell, short_date

LOOKS = (("before", BEFORE, "////"), ("after", UPDATED, "\\\\\\\\"))
"""Name, colour and hatch of each result."""

_FULL = 0.8
"""A gauge with more has no room for words beyond the bar."""
_NEAR = 0.12
"""Curves or bars closer together than this share of the tallest have no name between them."""
_EDGE = 0.04
"""Share of an axis at whose beginning a name in the middle of a bar would cover the scale."""


def moments(summary: Summary, outcome: Outcome, after: Outcome | None, sheet: Sheet) -> list[Flag]:
    """The median before, and all moments after later reports, as far as they are dates."""
    if after is None:
        return moment_flags(summary, outcome, sheet)
    first = [flag for flag in moment_flags(summary, outcome, sheet) if "median" in flag.label]
    then = moment_flags(summary, after, sheet)
    pairs = zip(LOOKS, (first, then[:1] if sheet.is_card else then), strict=True)
    return [
        # In a column, and at the second end of a pair, the colours say so.
        Flag(
            flag.x,
            flag.label
            if sheet.is_narrow or flag.label.startswith("to ")
            else f"{name}: {flag.label}",
            color,
            flag.line,
        )
        for (name, color, _), flags in pairs
        for flag in flags
    ]


def signs(summary: Summary, *, lines: bool = False) -> list[Sign]:
    """The names of both histograms, or curves, in a line above a narrow picture."""
    if summary.update is None:
        return []
    after = f"after {reports_words(summary.update)}"
    if lines:
        look: Look = {"linewidth": 1.8}
        return [
            Sign("before", line=look | {"color": BEFORE}),
            Sign(after, line=look | {"color": UPDATED}),
        ]
    return [
        Sign("before", {"facecolor": HISTOGRAM, "alpha": 0.45}),
        Sign(after, {"facecolor": UPDATED, "alpha": 0.35}),
    ]


def draw_after(
    axes: Axes, before: Bars, after: Bars, sheet: Sheet, upright: Sequence[float] = ()
) -> None:
    """Draw the histogram after later reports over the one before, and name both where alone.

    A name is on no `upright` line at these days if it has room elsewhere.
    """
    look: Look = {"facecolor": UPDATED, "alpha": 0.35, "edgecolor": "none"}
    axes.stairs(after.heights, after.edges, fill=True, **look)
    axes.stairs(after.heights, after.edges, color=UPDATED, linewidth=1.6)
    if sheet.is_narrow:
        return  # `signs` name them
    tallest = max(*before.heights, *after.heights)
    first, last = axes.get_xlim()
    size = sheet.labels + 1
    for (name, color, _), own, other in zip(LOOKS, (before, after), (after, before), strict=True):
        wide = _days(axes, name, size)
        # Beside the scale there is room at the right only.
        starts = [
            end + 0.01 * (last - first)
            if (begin + end) / 2 - first < _EDGE * (last - first)
            else (begin + end - wide) / 2
            for begin, end in pairwise(own.edges)
        ]
        gaps = [a - b for a, b in zip(own.heights, other.heights, strict=True)]
        free = [k for k, gap in enumerate(gaps) if gap >= _NEAR * tallest]
        k = max(free, key=lambda k: (_clear(starts[k], wide, upright), gaps[k]), default=None)
        if k is not None:
            look = {"size": size, "color": color, "ha": "left", "va": "center"}
            _named(axes, name, (starts[k], other.heights[k] + gaps[k] / 2), 0, look)


def name_curves(
    axes: Axes,
    days: Sequence[float],
    lines: Sequence[Sequence[float]],
    size: float,
    *,
    colors: Sequence[str] = (BEFORE, UPDATED),
    upright: Sequence[float] = (),
) -> None:
    """Name two curves at the last place where they are about furthest apart.

    There no `upright` line at these days crosses their names, if that can be.
    """
    gaps = [abs(a - b) for a, b in zip(*lines, strict=True)]
    if not gaps or max(gaps) < _NEAR * axes.get_ylim()[1]:
        return
    wide = max(_days(axes, f"{name} ", size) for name, _, _ in LOOKS)
    free = (k for k, gap in enumerate(gaps) if gap >= 0.9 * max(gaps))
    k = max(free, key=lambda k: (_clear(days[k] - wide, wide, upright), k))
    for (name, _, _), color, line in zip(LOOKS, colors, lines, strict=True):
        look: Look = {"size": size, "color": color, "ha": "right", "va": "bottom"}
        _named(axes, name, (days[k], line[k]), 3, look)


def _days(axes: Axes, name: str, size: float) -> float:
    """Days of the axis that a bold name covers."""
    first, last = axes.get_xlim()
    inches = axes.get_window_extent().width / axes.figure.dpi
    return text_width(name, size, "bold") / inches * (last - first)


def _clear(start: float, wide: float, upright: Sequence[float]) -> bool:
    """Whether no line crosses a name that begins at a day and is so many days wide."""
    return not any(start < day < start + wide for day in upright)


def _named(axes: Axes, name: str, at: tuple[float, float], up: float, look: Look) -> None:
    look = {"weight": "bold", "zorder": 5, "path_effects": white_edge(), **look}
    words_beside(axes, name, at, (-up, up), **look)


def gauge_of(
    summary: Summary,
    outcome: Outcome,
    after: Outcome | None,
    sheet: Sheet,
    *,
    from_top: bool = False,
) -> Aside | None:
    """A gauge of the draws that are never depleted, or two; None if all are depleted."""
    if after is None:
        return never_aside(summary, outcome, sheet, from_top=from_top)
    found = [(never_probability(each), each.depleted_mc_error) for each in (outcome, after)]
    if max(share for share, _ in found) < LEAST:
        return None
    size = sheet.ticks if sheet.is_card else sheet.labels

    def draw(gauge: Axes, _: Room) -> None:
        bare_gauge(gauge, 2)
        gauge.set_xticks([0.5, 1.5], [name for name, _, _ in LOOKS], size=size)
        gauge.axvline(1, color=INK, linewidth=0.6)
        for x, (share, error), (_name, color, hatch) in zip((0.5, 1.5), found, LOOKS, strict=True):
            base = 1.0 - share if from_top else 0.0
            look: Look = {"facecolor": "white", "edgecolor": color, "hatch": hatch}
            gauge.bar(x, share, 1, base, linewidth=0.8, **look)
            # Beyond the end of the bar, or within it where there is no room.
            full = share > _FULL
            y = 0.5 if full else base if from_top else share
            words: Look = {"size": size, "color": color, "ha": "center"}
            words["va"] = "center" if full else "top" if from_top else "bottom"
            shown = f"{100 * share:.0f} %" if sheet.is_narrow else percent_cell(share, error)
            offset = (0, 0 if full else -2 if from_top else 2)
            behind: Look = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
            words_beside(gauge, shown, (x, y), offset, bbox=behind if full else None, **words)
        above = f"not by\n{short_date(summary.horizon)}:"
        words_beside(gauge, above, (2, 1), (0, 2), size=size, ha="right", va="bottom")

    # "before" and "41.5 %" take about 0.06 inches for each point of their size.
    # The gap has room for half a date at the end of the axis.
    return Aside(0.12 * size, 0.028 * sheet.ticks, 0.04, 0.052 * size, draw)
