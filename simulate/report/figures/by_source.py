"""The parts of a histogram that follow each source: stacked bars, each named beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import DateHistogram
from simulate.report.figures.axis import date_axis
from simulate.report.figures.bars import Bars, in_bars_of
from simulate.report.figures.canvas import Axes, fitted, text_width, words_beside
from simulate.report.figures.flags import Pole, Room
from simulate.report.figures.frame import Sheet, Sign
from simulate.report.figures.never import apart
from simulate.report.figures.style import OTHER_SOURCES, SOURCES, Look
from simulate.report.text.captions import part_words

_WIDEST = 1.5
"""Inches of a name."""
_MOST_LINES, _BETWEEN = 18.0, 0.5
"""Lines beside a picture, and from one name to the next."""
_LEAD = 0.32
"""Inches from the bars to the names."""
_INSIDE, _OUTSIDE = 0.75, 0.4
"""How dense colours are inside the interval, and outside."""


class Part(Struct, frozen=True):
    """A source: its name with its share, its colour, and the lower and upper end of each bar.

    `spot` is the middle of a bar in which it is tall, if possible after the median, whose line a
    line from there to the name at the right would otherwise cross.
    """

    words: str
    color: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    spot: tuple[float, float]


def parts_of(summary: Summary, outcome: Outcome, drawn: Bars | None) -> list[Part]:
    """The parts in the bars of the whole, from below; none where draws follow no single claim.

    A source without a bar has no part.
    """
    found = summary.pooled.parts if summary.pooled else ()
    if drawn is None or not found:
        return []
    k = [each.threshold for each in summary.outcomes].index(outcome.threshold)
    middle = summary.origin.toordinal() + (outcome.median.day or 0.0)
    after = bisect_right(drawn.edges, middle) + 1
    low, parts = (0.0,) * len(drawn.heights), []
    for number, part in enumerate(found):
        own = in_bars_of(DateHistogram(outcome.histogram.edges, part.probability[k]), drawn).heights
        if not any(own):
            continue
        high = tuple(a + b for a, b in zip(low, own, strict=True))
        color = SOURCES[number % len(SOURCES)] if part.source else OTHER_SOURCES
        at = _spot(own, 0.1 * max(drawn.heights), after)
        day = (drawn.edges[at] + drawn.edges[at + 1]) / 2
        spot = (day, (low[at] + high[at]) / 2)
        parts.append(Part(part_words(part), color, low, high, spot))
        low = high
    return parts


def _spot(own: Sequence[float], least: float, after: int) -> int:
    """The last bar at least half as tall as the tallest, or one after the median `least` tall."""
    last = max(i for i, height in enumerate(own) if height >= 0.5 * max(own))
    beyond = [i for i in range(after, len(own)) if own[i] >= least]
    return last if last >= after or not beyond else max(beyond, key=own.__getitem__)


def draw_parts(
    axes: Axes, parts: Sequence[Part], edges: Sequence[int], inside: tuple[float, float]
) -> None:
    """Bars upon bars, denser between the first day and the end of the interval."""
    first, last = inside
    for part in parts:
        for start, end, alpha in (
            (edges[0], first, _OUTSIDE),
            (first, last, _INSIDE),
            (last, edges[-1], _OUTSIDE),
        ):
            within = [min(max(edge, start), end) for edge in edges]
            look: Look = {"facecolor": part.color, "alpha": alpha, "edgecolor": "none"}
            axes.stairs(part.high, within, baseline=part.low, fill=True, **look)
        axes.stairs(part.high, edges, color="white", linewidth=0.6)


def signs(parts: Sequence[Part]) -> list[Sign]:
    """The names in a line above a narrow picture, as short as a column is wide."""
    return [Sign(part.words, {"facecolor": part.color, "alpha": _INSIDE}) for part in parts]


def names_pole(parts: Sequence[Part], beyond: float, sheet: Sheet) -> Pole:
    """What the names need at the right of the last bar or line."""
    lines = (line for name in _names(parts, sheet) for line in name)
    return Pole(beyond, _LEAD + max(text_width(line, sheet.labels) for line in lines))


def draw_names(axes: Axes, parts: Sequence[Part], beyond: float, room: Room, sheet: Sheet) -> None:
    """Names at the right, each with a line to the last place where its part is about as tall."""
    step = sheet.labels * 1.3 / 72 / room.tall
    top = axes.get_ylim()[1] / room.stretch
    lines = _names(parts, sheet)
    heights = [step * (len(each) + _BETWEEN) for each in lines]
    order = sorted(range(len(parts)), key=lambda k: parts[k].spot[1])
    placed = apart([parts[k].spot[1] / top for k in order], [heights[k] for k in order])
    x = beyond + _LEAD * (room.high - room.low) / room.inches
    for k, y in zip(order, placed, strict=True):
        look: Look = {"size": sheet.labels, "color": parts[k].color, "va": "center"}
        words_beside(axes, "\n".join(lines[k]), (x, y * top), (0, 0), linespacing=1.25, **look)
        (day, height), end = parts[k].spot, x - 0.06 * (room.high - room.low) / room.inches
        line: Look = {"color": parts[k].color, "linewidth": 0.9, "zorder": 3}
        axes.plot([day, end], [height, y * top], **line)
        axes.plot(day, height, "o", markersize=3.5, markeredgecolor="white", **line)
    # The names are no part of the axis.
    date_axis(axes, room.low, room.high, sheet, end=beyond)
    axes.spines["bottom"].set_bounds(room.low, beyond)


def _names(parts: Sequence[Part], sheet: Sheet) -> list[list[str]]:
    """The names on as many lines as there is room for."""
    inches, names = _WIDEST * sheet.labels / 8, []
    for most in (3, 2, 1):
        names = [fitted(part.words, sheet.labels, inches=inches, lines=most) for part in parts]
        if most == 1:
            wide = 1.3 * inches
            names = [fitted(part.words, sheet.labels, inches=wide, lines=1) for part in parts]
        if sum(len(lines) + _BETWEEN for lines in names) <= _MOST_LINES:
            break
    return names
