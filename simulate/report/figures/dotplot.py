"""The simulated dates as 50 dots that can be counted, each one fiftieth of the draws."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections import Counter
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import DateHistogram
from simulate.report.document import Drawing
from simulate.report.figures import dates
from simulate.report.figures.bars import Shaded, bars, shaded
from simulate.report.figures.canvas import Axes, Figure, without_scale
from simulate.report.figures.date_lines import date_flags, moment_flags
from simulate.report.figures.flags import Room
from simulate.report.figures.frame import Sheet, framed
from simulate.report.figures.never import Aside, brief_words, few_words, never_label
from simulate.report.figures.style import DOT, INK, NEVER_DOT, UPDATED, Look
from simulate.report.text.update import reports_words, updated_outcome

if TYPE_CHECKING:
    from simulate.analysis.curve import (
        CdfCurve,  # needs NumPy, for which the terminal does not wait
    )

_LARGEST, _SMALLEST, _STEP = 0.36, 0.07, 0.005
"""Inches from dot to dot."""

_MOST_ABREAST = 8
_CLEAR = 0.1
"""Inches above the axis without labels."""
_LEAST = 0.7
"""Inches that the axis is tall at least."""


def drawing(summary: Summary, curve: CdfCurve, outcome: Outcome) -> Drawing:
    """Quantile dotplot of the depletion date: 50 dots, each 2 % of the draws.

    Dots of the 90 % interval are filled; those of draws that are never depleted are crossed, apart
    at the right. Those of an updated result are the dates after later reports.
    """
    if (after := updated_outcome(summary, outcome)) is not None:
        curve = replace(curve, dots=_fiftieths(after.histogram, summary.origin, len(curve.dots)))
    return framed(_alt_text(summary, curve, outcome), partial(_figure, summary, curve, outcome))


def _fiftieths(dates: DateHistogram, origin: dt.date, n: int) -> tuple[float | None, ...]:
    """The days after the origin at the middles of `n` equal shares of all draws; None is never."""
    days = [edge.toordinal() - origin.toordinal() for edge in dates.edges]
    upto = [0.0, *accumulate(dates.probability)]
    found: list[float | None] = []
    for level in ((k + 0.5) / n for k in range(n)):
        k = bisect_left(upto, level, 1)
        if k == len(upto):
            found.append(None)
            continue
        part = (level - upto[k - 1]) / (upto[k] - upto[k - 1])
        found.append(days[k - 1] + part * (days[k] - days[k - 1]))
    return tuple(found)


def _alt_text(summary: Summary, curve: CdfCurve, outcome: Outcome) -> str:
    summary, outcome, after = _shown(summary, outcome)
    never = curve.dots.count(None)
    more = _too_few_for_a_dot(summary, curve, outcome)
    if never:
        dots = "1 dot stands" if never == 1 else f"{never} dots stand"
        more = [f"{dots} apart at the right: the draws that are never depleted"]
    what = f"{_dots(curve)}{after}, over the simulated dates of"
    return dates.described(what, summary, outcome, more)


class _Dots(Struct, frozen=True):
    """What is drawn: days on the axis, how many are never depleted, and room for those."""

    days: tuple[float, ...]
    never: int
    beside: float
    label: float
    """Inches above the dots that are never depleted, for their words."""
    is_card: bool
    """Whether these may be as high as the labels of lines, of which none is above them."""
    interval: Shaded | None
    """The days of the dots that are filled; None if all are."""
    color: str = DOT

    def grid(self, room: Room) -> tuple[float, int]:
        """The most inches from dot to dot, and the fewest dots abreast, so that all stacks fit."""
        for abreast in range(1, _MOST_ABREAST + 1):
            step = _LARGEST
            while step > _SMALLEST:
                if self._tall(room, step, abreast) <= room.tall + 1e-9:
                    return step, abreast
                step -= _STEP
        return _SMALLEST, _MOST_ABREAST

    def columns(self, step: float) -> int:
        """Columns of the dots that are never depleted."""
        return max(int(self.beside / step + 1e-9), 1)

    def is_filled(self, number: int) -> bool:
        """Whether a dot is in the interval; those at P5 and P95 themselves belong to it."""
        inside, day = self.interval, self.days[number]
        return inside is None or inside.first - 1e-6 <= day <= inside.last + 1e-6

    def stacks(self, room: Room, wide: float) -> Counter[float]:
        """Number of dots in each stack, by the day of its middle; stacks are so many inches wide.

        Those of the interval lie within it, so that no dot is on the other side of its ends.
        """
        days = wide * (room.high - room.low) / room.inches
        if self.interval is None:
            if self.days and self.days[-1] - self.days[0] < days:  # at the line of their date
                return Counter({sum(self.days) / len(self.days): len(self.days)})
            return Counter(
                room.low + (math.floor((day - room.low) / days) + 0.5) * days for day in self.days
            )
        first, last = self.interval[:2]
        between = max(int((last - first) / days), 1)
        if last - first < days:  # one stack, wider than the interval
            first, last = (first + last - days) / 2, (first + last + days) / 2
        found: list[float] = []
        for number, day in enumerate(self.days):
            if self.is_filled(number):
                step = (last - first) / between
                k = min(max(int((day - first) / step), 0), between - 1)
                found.append(first + (k + 0.5) * step)
            else:
                is_late = number > len(self.days) / 2
                gap, most = day - last, room.high - last
                if not is_late:
                    gap, most = first - day, first - room.low
                # Within the axis, unless it has no room for a dot.
                away = max(min(gap // days, most // days - 1), 0) + 0.5
                found.append(last + away * days if is_late else first - away * days)
        return Counter(found)

    def tall(self, room: Room) -> float:
        """Inches that the dots take, on an axis at least as tall."""
        return max(self._tall(room, *self.grid(room)), _LEAST)

    def _tall(self, room: Room, step: float, abreast: int) -> float:
        most = max(self.stacks(room, step * abreast).values(), default=0)
        tallest, rows = -(-most // abreast), -(-self.never // self.columns(step))
        above = max(self.label - room.strip, 0.0) if self.is_card else self.label
        return max(tallest * step, rows * step + above if rows else 0.0)


def _figure(summary: Summary, curve: CdfCurve, outcome: Outcome, sheet: Sheet) -> Figure:
    whole, first = summary, outcome
    summary, outcome, after = _shown(summary, outcome)
    origin = summary.origin.toordinal()
    sheet = replace(sheet, left=sheet.margin + 0.1)  # there is no vertical scale
    marked = date_flags(outcome, sheet)
    shown = bars(outcome.histogram, dates.MOST_BARS, summary.horizon)
    span = dates.span_of(summary, marked, shown)
    never = curve.dots.count(None)
    widest = 1.1 if sheet.is_narrow else 2.2
    dots = _Dots(
        days=tuple(origin + day for day in curve.dots if day is not None),
        never=never,
        beside=max(0.25, min(widest * math.sqrt(never / len(curve.dots)), 0.27 * sheet.width)),
        label=sheet.labels * 0.02 * (4 if sheet.is_tight else 2) + 0.08,
        is_card=sheet.is_card,
        interval=_interval(summary, outcome, sheet),
        color=UPDATED if after else DOT,
    )

    def draw(axes: Axes, room: Room) -> None:
        without_scale(axes)
        if dots.days:
            _draw(axes, room, dots)
        else:
            dates.say_nothing(axes, summary, outcome)

    moments = moment_flags(summary, outcome, sheet)
    if after:
        moments = [replace(flag, color=UPDATED) for flag in moments]
    aside = _aside(summary, outcome, dots, sheet) if never else None
    body = dates.Body(span, [*moments, *marked], draw, aside, dots.tall)
    inside = f"; filled: {dots.interval.words}" if dots.interval and dots.days else ""
    remarks = _too_few_for_a_dot(summary, curve, outcome)
    words = f"{_dots(curve, 'simulations')}{after}{inside}"
    return dates.composed(whole, first, sheet, body, shown=words, remarks=remarks)


def _shown(summary: Summary, outcome: Outcome) -> tuple[Summary, Outcome, str]:
    """The result drawn, which is that after later reports if there are some, and when it is."""
    after, then = summary.updated, updated_outcome(summary, outcome)
    if summary.update is None or after is None or then is None:
        return summary, outcome, ""
    return after, then, f", after {reports_words(summary.update)}"


def _dots(curve: CdfCurve, parts: str = "the draws") -> str:
    n = len(curve.dots)
    return f"{n} dots, each {100 // n} % of {parts}"


def _too_few_for_a_dot(summary: Summary, curve: CdfCurve, outcome: Outcome) -> list[str]:
    return [] if None in curve.dots else few_words(summary, outcome, ", too few for a dot")


def _interval(summary: Summary, outcome: Outcome, sheet: Sheet) -> Shaded | None:
    """The days that are shaded, unless they are one."""
    found = shaded(summary, outcome, on_card=sheet.is_card)
    return found if found and int(found.first) < math.ceil(found.last) - 1 else None


def _draw(axes: Axes, room: Room, dots: _Dots) -> None:
    step, abreast = dots.grid(room)
    axes.set_ylim(0, room.tall + room.strip)
    per_inch = (room.high - room.low) / room.inches
    places = [
        (
            middle + (k % abreast - (abreast - 1) / 2) * step * per_inch,
            (k // abreast + 0.5) * step,
        )
        for middle, count in sorted(dots.stacks(room, step * abreast).items())
        for k in range(count)
    ]
    for number, spot in enumerate(places):
        fill = dots.color if dots.is_filled(number) else "white"
        look: Look = {"markerfacecolor": fill, "markeredgewidth": 0.8, "zorder": 3}
        _dot(axes, spot, 0.82 * step, dots.color, **look)


def _aside(summary: Summary, outcome: Outcome, dots: _Dots, sheet: Sheet) -> Aside:
    tight = sheet.is_tight
    words = (brief_words if tight else never_label)(summary, outcome)
    room = sheet.labels * (0.083 if tight else 0.15)

    def draw(axes: Axes, room: Room) -> None:
        step, _ = dots.grid(room)
        columns = dots.columns(step)
        axes.set_xlim(0, dots.beside)
        axes.set_ylim(0, room.tall)
        axes.set_xticks([])
        without_scale(axes)
        for number in range(dots.never):
            spot = (number % columns + 0.5) * step, (number // columns + 0.5) * step
            _dot(axes, spot, 0.82 * step, NEVER_DOT)
            _dot(axes, spot, 0.4 * step, NEVER_DOT, "x")
        top = -(-dots.never // columns) * step + 0.05
        axes.text(0, top, words, size=sheet.labels, color=INK, va="bottom")

    # The last stack may reach beyond the end of the axis by nearly one dot.
    # On a card its words are beside those of the lines, which keep off it.
    above = _CLEAR if sheet.is_card else 0.0
    return Aside(dots.beside, _LARGEST, max(room - dots.beside, 0.0), above, draw)


def _dot(
    axes: Axes, spot: tuple[float, float], inches: float, color: str, sign: str = "o", **look: Any
) -> None:
    marker: Look = {"marker": sign, "markersize": 72 * inches, "markeredgecolor": color}
    look = {"markerfacecolor": "white", "markeredgewidth": 1.0, **look}
    axes.plot(*spot, linestyle="", clip_on=False, **marker, **look)
