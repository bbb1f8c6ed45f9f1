"""One panel of strength over time: bands of a quantity, its thresholds and the counts."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.summary import Bands, StrengthOverTime
from simulate.report.figures.axis import date_axis
from simulate.report.figures.before_after import name_curves
from simulate.report.figures.canvas import (
    Axes,
    balanced,
    fitted,
    round_marks,
    text_width,
    white_edge,
    words_beside,
)
from simulate.report.figures.fan_marks import Mark, draw_marks
from simulate.report.figures.flags import Room
from simulate.report.figures.frame import Sheet
from simulate.report.figures.style import GREY, UPDATED, Look
from simulate.report.text.phrases import capitalised
from simulate.report.text.strength import is_line
from simulate.report.text.wording import LARGE, share
from simulate.scenario.numerals import first_digit, fixed

# Lengths in inches.
HEAD = 0.42
"""Above a panel, for its name."""
_LINE = 0.16
"""Distance between two labels at the end of the bands."""

_DASHED = (0, (4, 2))
_DRAWN = (0.05, 0.5, 0.95)
"""Levels that have a line."""
_NAME_SIZE = 10.0
_STARTS = (0, 1, 0.5, 0.25, 0.75, *(k / 24 for k in range(1, 24) if k % 6))
"""Where words of a share may begin, as parts of the way to the last place; the best first."""
_NAMED = 0.7
"""Share of the dates among which medians are named: beyond are other words."""


Box: TypeAlias = tuple[float, float, float, float]
"""Left, right, lower and upper edge, in the units of the axes."""
Curve: TypeAlias = tuple[Sequence[float], Sequence[float]]
"""Days and values."""
Updated: TypeAlias = tuple[tuple[float, ...], Bands]
"""The levels and bands of a quantity after later reports."""


class Panel(Struct, frozen=True):
    """One quantity: its name, its bands and its colour, the thresholds and the counts.

    The first of the `shares` matters most.
    """

    name: str
    bands: Bands
    color: str
    shares: Sequence[tuple[float, str]] = ()
    marks: Sequence[Mark] = ()
    words: Literal["left", "right"] = "left"
    """Where the bands leave more room for the words of a share."""
    updated: Updated | None = None
    jumps: Sequence[tuple[float, float]] = ()
    """Days of the calendar when something arrives at once, and how much."""
    since: float | None = None
    """The day from which on it is counted, if that is not the first of the axis."""
    scale: float = 1.0
    """How much one of its values is, in what the name counts."""

    def ends(self, strength: StrengthOverTime, at: float) -> list[float]:
        """The value of each level at the end of an axis."""
        days = [date.toordinal() + 1.0 for date in strength.dates]
        k = min(max(bisect_right(days, at), 1), len(days) - 1)
        part = min(max((at - days[k - 1]) / (days[k] - days[k - 1]), 0.0), 1.0) if k else 1.0
        return [values[k - 1] * (1 - part) + values[k] * part for values in self.bands.values]

    def by_level(
        self, days: Sequence[float], levels: Sequence[float], bands: Bands
    ) -> dict[float, list[float]]:
        """The values of each level at the days of a course."""
        courses = (self.course(days, values) for values in bands.values)
        return {
            level: [value for _, value in course]
            for level, course in zip(levels, courses, strict=True)
        }

    def course(self, days: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
        """Values at the ends of days, with an upright line where something arrives."""
        points = [*zip(days, values, strict=True)]
        if self.since is not None:
            points = [(self.since, 0.0), *(point for point in points if point[0] > self.since)]
        course = points[:1]
        for (start, first), (end, last) in pairwise(points):
            inside = [jump for jump in self.jumps if start <= jump[0] < end]
            slope = (last - first - sum(size for _, size in inside)) / (end - start)
            for at, size in inside:
                day, value = course[-1]
                before = max(value + slope * (at - day), 0.0)
                course += [(at, before)] * (at > day) + [(at, before + size)]
            course.append((end, last))
        return course


def draw_panel(
    axes: Axes,
    panel: Panel,
    strength: StrengthOverTime,
    room: Room,
    sheet: Sheet,
    *,
    upright: Sequence[float],
    above: float,
) -> None:
    """Draw a panel on its axes, its name so many inches `above`.

    Words keep clear of `upright` lines at these days.
    """
    size = 8.0 if sheet.is_narrow else _NAME_SIZE
    date_axis(axes, room.low, room.high, sheet)
    axes.tick_params(axis="y", labelsize=sheet.ticks)
    ends = [date.toordinal() + 1.0 for date in strength.dates]
    values = panel.by_level(ends, strength.levels, panel.bands)
    after = panel.by_level(ends, *panel.updated) if panel.updated else {}
    days = [day for day, _ in panel.course(ends, [0.0] * len(ends))]
    for low, high, shade in ((0.05, 0.95, 0.22), (0.25, 0.75, 0.4)):
        if low in values and high in values:
            look: Look = {"facecolor": panel.color, "alpha": shade, "linewidth": 0}
            axes.fill_between(days, values[low], values[high], **look)
    for level in (0.05, 0.95):
        if level in values:
            axes.plot(days, values[level], color=panel.color, linestyle=_DASHED, linewidth=0.8)
    if 0.5 in values:
        axes.plot(days, values[0.5], color=panel.color, linewidth=2.0)
    visible = slice(max(bisect_right(ends, room.low) - 1, 0), bisect_right(ends, room.high))
    counted = _value_axis(axes, panel, visible, room)
    median = None if sheet.is_narrow else values.get(0.5)
    _draw_updated(axes, days, after, median, panel.color, upright=upright)
    curves: list[Curve] = [(days, each) for each in values.values()]
    curves += [(days, each) for level, each in values.items() if level == 0.5]  # thick: twice
    curves += [(days, each) for each in after.values()]
    curves += [((day, day), (0.0, math.inf)) for day in dict.fromkeys(upright)]
    shares = panel.shares
    if sheet.is_narrow:  # where the name of the panel says what has happened
        shares = [(place, _brief(words, panel.name)) for place, words in shares]
    _draw_shares(axes, replace(panel, shares=shares), curves, room, sheet)
    draw_marks(axes, panel.marks)
    if len(values) > 1 and not is_line(panel.bands):
        _label_ends(axes, panel, strength, room, sheet.labels)
    name: Look = {"size": size, "weight": "bold", "color": panel.color}
    wrapped = balanced(f"{panel.name}{counted}", size, inches=room.inches, lines=2, weight="bold")
    axes.set_title("\n".join(wrapped), name, loc="left", pad=6 + 72 * above, linespacing=1.0)


def _draw_updated(
    axes: Axes,
    days: Sequence[float],
    after: Mapping[float, Sequence[float]],
    median: Sequence[float] | None,
    color: str,
    *,
    upright: Sequence[float],
) -> None:
    """Percentiles `after` later reports by level; with the `median` before, both are named."""
    for level in _DRAWN:
        if level in after:
            style: Look = {"linewidth": 2.0} if level == 0.5 else {"linestyle": _DASHED}
            axes.plot(days, after[level], color=UPDATED, **{"linewidth": 1.0, **style})
    if median is not None and 0.5 in after:
        upto = bisect_right(days, days[0] + _NAMED * (axes.get_xlim()[1] - days[0]))
        medians = [each[:upto] for each in (median, after[0.5])]
        name_curves(
            axes, days[:upto], medians, _NAME_SIZE, colors=(color, UPDATED), upright=upright
        )


def _value_axis(axes: Axes, panel: Panel, visible: slice, room: Room) -> str:
    """Round numbers from 0 to the largest value of the visible dates; `, millions` if of those."""
    bands = [panel.bands, *([panel.updated[1]] if panel.updated else [])]
    tops = [max(values[visible]) for each in bands for values in each.values]
    tops += [mark.high for mark in panel.marks] + [place for place, _ in panel.shares]
    top = max(tops, default=0.0) or 1.0
    # Room for words above the highest line.
    end = top * (room.tall / (room.tall - 0.2) if panel.shares else 1.06)
    axes.set_ylim(0, end)
    marks = round_marks(top, end, 4)
    large = ((n, u) for n, u in LARGE.items() if max(marks) * panel.scale >= u)
    name, unit = next(large, ("", 1.0))
    scaled = [mark * panel.scale / unit for mark in marks]
    digits = _digits(scaled)
    axes.set_yticks(marks, [fixed(value, digits) for value in scaled])
    return f", {name}s" if name else ""


def _digits(marks: Sequence[float]) -> int:
    """Decimals needed to show marks of even steps, such as 0.25."""
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    most = max(first_digit(step), 0) + 2
    return next((n for n in range(most) if all(math.isclose(round(m, n), m) for m in marks)), most)


def _draw_shares(
    axes: Axes, panel: Panel, curves: Sequence[Curve], room: Room, sheet: Sheet
) -> None:
    """Light horizontal lines, each with its words where they cover least; none without room.

    Words that would cover one of the `curves` on a card, which names the first threshold, or beside
    the first more than one elsewhere, are left out.
    """
    per_inch, days_per_inch = axes.get_ylim()[1] / room.tall, (room.high - room.low) / room.inches
    size = sheet.labels
    marks = [_around(mark, days_per_inch, per_inch) for mark in panel.marks if mark.inside]
    taken: list[Box] = []
    written: list[float] = []
    for number, (place, words) in enumerate(panel.shares):
        if place <= 0 or any(abs(each - place) < 0.17 * per_inch for each in written):
            continue
        top = axes.get_ylim()[1] + 0.02 * per_inch
        boxes: dict[Box, str] = {}
        for lines in _wrapped(capitalised(words), size, room.inches):
            wide = (max(text_width(line, size) for line in lines) + 0.08) * days_per_inch
            tall = 0.02 * size * len(lines) * per_inch
            last = room.high - wide
            starts = [room.low + part * (last - room.low) for part in _STARTS]
            if panel.words == "right":
                starts[:2] = reversed(starts[:2])
            levels = [y for y in (place, place - tall) if 0 < y <= top - tall]
            each = [(x, x + wide, y, y + tall) for y in levels for x in starts]
            boxes |= dict.fromkeys(each, "\n".join(lines))
        free = [box for box in boxes if not any(_meet(box, each) for each in (*marks, *taken))]
        covers = {box: sum(_crosses(curve, box) for curve in curves) for box in free}
        # A line more is as bad as a curve that is covered, or a little better.
        cost = {box: (n + boxes[box].count("\n"), n) for box, n in covers.items()}
        best = min(cost, key=cost.__getitem__, default=None)
        most = 0 if sheet.is_card else 1 if number > 0 else len(curves)
        if best is None or covers[best] > most:
            continue
        taken.append(best)
        shown = boxes[best]
        written.append(place)
        axes.axhline(place, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5)
        look: Look = {"size": size, "color": GREY, "zorder": 5, "path_effects": white_edge()}
        above = best[2] == place
        look |= {"ha": "left", "va": "bottom" if above else "top"}
        words_beside(axes, shown, (best[0], place), (3, 1.5 if above else -1.5), **look)


def _brief(words: str, name: str) -> str:
    """`About 50 %` of `About 50 % killed or wounded` beneath `Soldiers killed or wounded`."""
    share, _, done = words.partition(" % ")
    return f"{share} %" if done and name.endswith(f" {done}") else words


def _wrapped(words: str, size: float, inches: float) -> list[list[str]]:
    """The words of a share in a few lines, and in narrower ones where all of them have room."""
    most, *narrower = (
        fitted(words, size, inches=part * inches, lines=3) for part in (0.6, 0.45, 0.3)
    )
    return [most, *(lines for lines in narrower if " ".join(lines) == " ".join(most))]


def _around(mark: Mark, days_per_inch: float, per_inch: float) -> Box:
    """A count with its number, wherever that is beside it."""
    x, y = 0.2 * days_per_inch, 0.26 * per_inch
    return mark.earliest - x, mark.latest + x, mark.low - y, mark.high + y


def _meet(one: Box, other: Box) -> bool:
    across = one[0] < other[1] and other[0] < one[1]
    return across and one[2] < other[3] and other[2] < one[3]


def _crosses(curve: Curve, box: Box) -> bool:
    """Whether a line of straight pieces enters a box."""
    start, end, low, high = box
    beside = slice(max(bisect_left(curve[0], start) - 1, 0), bisect_right(curve[0], end) + 1)
    for (a, first), (b, last) in pairwise(zip(*(each[beside] for each in curve), strict=True)):
        slope = (last - first) / (b - a) if b > a else 0.0
        values = [first + slope * (max(start, a) - a), first + slope * (min(end, b) - a)]
        if b == a:
            values = [first, last]
        if min(values) < high and max(values) > low:
            return True
    return False


def _label_ends(
    axes: Axes, panel: Panel, strength: StrengthOverTime, room: Room, size: float
) -> None:
    """Name each level at the right end of the axis, if the bands are wide enough apart there."""
    per_inch = axes.get_ylim()[1] / room.tall
    last = min(strength.dates[-1].toordinal() + 1.0, room.high)
    beyond = (room.high - last) / (room.high - room.low) * room.inches
    ends = dict(zip(strength.levels, panel.ends(strength, last), strict=True))
    if max(ends.values()) - min(ends.values()) < 0.15 * per_inch:
        return
    levels = sorted(ends)
    centre = sum(ends.values()) / len(ends) / per_inch
    lowest = max(centre - _LINE * (len(levels) - 1) / 2, 0.05)
    line: Look = {"arrowstyle": "-", "color": panel.color, "linewidth": 0.6, "shrinkB": 0}
    for row, level in enumerate(levels):
        offset = (72 * beyond + 10, (lowest + row * _LINE - ends[level] / per_inch) * 72)
        for text, arrow in (("median" if level == 0.5 else share(level), None), ("", line)):
            look: Look = {"size": size, "color": panel.color, "va": "center", "arrowprops": arrow}
            words_beside(axes, text, (last, ends[level]), offset, **look)
