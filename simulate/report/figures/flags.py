"""Labels of vertical lines, like flags on poles, on as few rows as possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from simulate.report.figures.canvas import Axes, text_width, words_beside
from simulate.report.figures.style import Look

LineStyle = str | tuple[int, tuple[int, ...]]
DASHED: LineStyle = (0, (5, 3))
DOTTED: LineStyle = (0, (1, 2))

_BAND: Look = {"alpha": 0.12, "linewidth": 0, "zorder": 0.4}
_CLEAR = 0.1
"""Inches between what is drawn and the lowest label above it."""
_MOST_TURNED = 2
"""Labels tried at the left of their lines where others begin before theirs."""
_STRETCH = 0.04
"""Share of an axis by which labels may stretch it before they move to the left of their lines."""


class Flag(Struct, frozen=True):
    """A labelled vertical line at `x`, a proleptic Gregorian ordinal with its part of a day.

    With `level` given, a point marks where the line meets a curve; with `end`, a band reaches from
    the line to another at that day. `far` is the label at the edge of an axis that ends before it.
    """

    x: float
    label: str
    color: str
    line: LineStyle
    level: float | None = None
    end: float | None = None
    far: str = ""
    key: str = ""
    """What a letter means that replaces the label in a narrow picture."""

    @property
    def last(self) -> float:
        """The last place that it marks."""
        return self.x if self.end is None else self.end


class Room(Struct, frozen=True):
    """An axis from `low` to `high`, and inches: of its length, of the picture, of its labels."""

    low: float
    high: float
    inches: float
    tall: float = 0.0
    strip: float = 0.0
    levels: Sequence[int] = ()
    """The lowest row of each label."""
    poles: Sequence[Pole] = ()
    """Where it is."""

    @property
    def stretch(self) -> float:
        """By how much the axes are taller than what is drawn, for the labels above it."""
        return (self.tall + self.strip) / self.tall


class Pole(Struct, frozen=True):
    """A vertical line at `x` with a label `width` inches wide at its right, or at its left.

    A label that begins `before` its line, by so many inches, is above it.
    """

    x: float
    width: float
    left: bool = False
    before: float = 0.0
    lines: int = 1

    def span(self, units_per_inch: float) -> tuple[float, float]:
        """Where the label is."""
        start = self.x - (self.width if self.left else self.before) * units_per_inch
        return start, start + self.width * units_per_inch


def upright(flags: Sequence[Flag]) -> list[float]:
    """Where their lines are."""
    return [day for flag in flags for day in (flag.x, flag.last)]


def poles(flags: Sequence[Flag], size: float) -> list[Pole]:
    """The flags as they are measured in words of that size."""
    return [
        Pole(flag.x, text_width(flag.label, size) + 0.12, lines=flag.label.count("\n") + 1)
        for flag in flags
    ]


def needed_end(
    poles: Sequence[Pole], start: float, end: float, inches: float, over: float = 0.0
) -> float:
    """Where an axis that starts at `start` and is `inches` long must end for all labels to fit.

    At least `end`; the labels keep their width in inches while the axis is stretched. They may
    reach `over` inches beyond its end.
    """
    ends = (
        start + (pole.x - start) / max(1 - max(pole.width - pole.before - over, 0.0) / inches, 0.3)
        for pole in poles
        if not pole.left
    )
    return max([end, *ends])


def turned(
    poles: Sequence[Pole], start: float, end: float, inches: float, beside: tuple[float, float]
) -> list[Pole]:
    """The poles with as few of the last labels at their left as keep the axis from stretching.

    Where that does not help, labels begin before their lines, with as few as possible at their
    left; or else are all at their right. Labels may reach so many inches `beside` both ends of the
    axis.
    """
    before, over = beside
    order = sorted(range(len(poles)), key=lambda index: poles[index].x)
    for n in range(len(poles) + 1):
        last = set(order[len(poles) - n :])
        found = [replace(pole, left=k in last) for k, pole in enumerate(poles)]
        high = needed_end(found, start, end, inches, over)
        per_inch = (high - start) / inches
        lowest = min((pole.span(per_inch)[0] for pole in found if pole.left), default=start)
        fits = lowest >= start - before * per_inch
        if fits and high - end <= _STRETCH * (end - start) and rows(found, per_inch) is not None:
            return found
    per_inch = (end - start) / inches
    centred = [
        replace(pole, before=max(pole.width - over - (end - pole.x) / per_inch, 0.0))
        for pole in poles
    ]
    for n in range(_MOST_TURNED + 1):
        for chosen in combinations(order, n):
            found = [replace(pole, left=k in chosen) for k, pole in enumerate(centred)]
            lowest = min((found[k].span(per_inch)[0] for k in chosen), default=start)
            if lowest >= start - before * per_inch and rows(found, per_inch) is not None:
                return found
    return list(poles)


def rows(poles: Sequence[Pole], units_per_inch: float) -> list[int] | None:
    """Lowest row of each label, from 0 up, so that no label touches another label or a line.

    Each line reaches up to its own label, so a label must be above all whose lines it would cross.
    Where the labels of two lines meet between them, that of the left line is above, or else, if
    that leaves no way, that of the right line. None if two would have to be above each other.
    """
    found = (_rows(poles, units_per_inch, right_above=right) for right in (False, True))
    return next((each for each in found if each is not None), None)


def _rows(poles: Sequence[Pole], units_per_inch: float, *, right_above: bool) -> list[int] | None:
    spans = [pole.span(units_per_inch) for pole in poles]

    def above(one: int, other: int) -> bool:
        (low, high), x = spans[one], poles[other].x
        if x == poles[one].x:
            return one < other and poles[one].left == poles[other].left
        if low <= x <= high:
            return True
        first, last = (other, one) if right_above else (one, other)
        start, end = poles[first], poles[last]
        met = start.x < end.x and not start.left and (end.left or end.before > 0)
        return met and spans[first][1] > spans[last][0] > start.x

    numbers = range(len(poles))
    crossed = [[b for b in numbers if a != b and above(a, b)] for a in numbers]
    found = [0] * len(poles)
    for _ in numbers:
        higher = [max((found[b] + poles[b].lines for b in under), default=0) for under in crossed]
        if higher == found:
            break
        found = higher
    settled = [max((found[b] + poles[b].lines for b in under), default=0) for under in crossed]
    return found if settled == found else None


def strip(levels: Sequence[int], poles: Sequence[Pole], size: float) -> float:
    """Inches that labels on these rows take above a picture."""
    tops = (level + pole.lines for level, pole in zip(levels, poles, strict=True))
    return _CLEAR + size * 0.025 * max(tops, default=0)


def draw_flags(
    axes: Axes, flags: Sequence[Flag], room: Room, size: float, *, labelled: bool = True
) -> None:
    """Draw lines from the axis to their labels above the picture, or to its top without labels."""
    up = axes.get_xaxis_transform()
    for flag, level, pole in zip(flags, room.levels, room.poles, strict=True):
        foot = (room.tall + _CLEAR + size * 0.025 * level) / (room.tall + room.strip)
        beside = 0.05 + size * 0.025 * (pole.lines - 1) / (room.tall + room.strip)
        top = foot + (-0.015 if pole.before else beside)
        top = top if labelled else room.tall / (room.tall + room.strip)
        look: Look = {"color": flag.color, "linestyle": flag.line, "linewidth": 1.3}
        axes.plot([flag.x, flag.x], [0, top], transform=up, clip_on=False, **look)
        if labelled:
            look = {"xycoords": up, "size": size, "color": flag.color, "va": "bottom"}
            look["ha"] = "right" if pole.left else "left"
            offset = -3 if pole.left else 3 - 72 * pole.before
            words_beside(axes, flag.label, (flag.x, foot), (offset, 0), **look)
        if flag.end is not None:
            tall = room.tall / (room.tall + room.strip)
            axes.axvspan(flag.x, min(flag.end, room.high), 0, tall, color=flag.color, **_BAND)
            if flag.end <= room.high:
                look = {"color": flag.color, "linestyle": flag.line, "linewidth": 1.3}
                axes.plot([flag.end, flag.end], [0, tall], transform=up, **look)
        if flag.level is not None:
            axes.plot(flag.x, flag.level, "o", markersize=4, color=flag.color, zorder=4)
