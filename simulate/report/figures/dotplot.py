"""The simulated dates as 50 dots that can be counted, each one fiftieth of the draws."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.curve import DOTS, Curve
from simulate.analysis.summary import Outcome, Summary
from simulate.report.figures.date_frame import CARD, Aside, Body, Form, Room, compose, page_form
from simulate.report.figures.frame import WIDE
from simulate.report.figures.histogram import INTERVAL, MOST_BARS, date_flags, say_nothing, span
from simulate.report.figures.style import BLUE, INK, ORANGE, house_style
from simulate.report.text.alt_text import published_words
from simulate.report.text.bars import bars
from simulate.report.text.headline import headline
from simulate.report.text.phrases import (
    certain_date,
    drawn,
    equal_tailed,
    main_outcome,
    never_error,
    never_probability,
    title_words,
)
from simulate.report.text.wording import percent, percent_cell, prose_date, share, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_EACH = f"{100 // DOTS} %"
_LARGEST, _SMALLEST, _STEP = 0.24, 0.07, 0.005
"""Inches from dot to dot."""

_MOST_ABREAST = 8


def dotplot_figure(
    summary: Summary, curve: Curve, outcome: Outcome | None = None, *, width: float = WIDE
) -> Figure:
    """Quantile dotplot of the depletion date: 50 dots, each standing for 2 % of the draws.

    Parameters
    ----------
    summary
        The answer of a run.
    curve
        The curve of that outcome, which holds the dots.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.
    width
        Inches. Below 5 there are fewer labels: published dates are letters, told in the foot.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. Dots of the 90 % interval are filled; those of draws that are never
        depleted are crossed, and stand apart at the right.
    """
    return _figure(summary, curve, outcome, page_form(width))


def dotplot_card(summary: Summary, curve: Curve, outcome: Outcome | None = None) -> Figure:
    """The same as a card for social media, 8 by 4.5 inches, the number in large type."""
    return _figure(summary, curve, outcome, CARD)


def dotplot_alt_text(summary: Summary, curve: Curve, outcome: Outcome | None = None) -> str:
    """Describe the dots in words, generated from its numbers; plain text on one line."""
    outcome = main_outcome(summary) if outcome is None else outcome
    never = curve.dots.count(None)
    what = f"{DOTS} dots, each {_EACH} of the draws, over the simulated dates of"
    parts = [
        f"{what} “{title_words(summary)}” from {drawn(summary)}",
        headline(summary, outcome),
        *(published_words(check) for check in outcome.published),
    ]
    if never:
        parts.append(f"{_dots(never)} apart at the right: the draws that are never depleted")
    parts += _too_few_for_a_dot(summary, curve, outcome)
    return ". ".join(part.removesuffix(".") for part in parts) + "."


def _dots(n: int) -> str:
    return "1 dot stands" if n == 1 else f"{n} dots stand"


def _figure(summary: Summary, curve: Curve, outcome: Outcome | None, form: Form) -> Figure:
    from matplotlib.figure import Figure

    outcome = main_outcome(summary) if outcome is None else outcome
    with house_style():
        figure = Figure(figsize=(form.width, 4.5))
        compose(figure, summary, outcome, _body(summary, curve, outcome, form), form)
    return figure


@dataclass(frozen=True, slots=True)
class _Grid:
    """Inches from dot to dot, and how many dots a stack is wide."""

    step: float
    abreast: int


@dataclass(frozen=True, slots=True)
class _Dots:
    """What is drawn: days on the axis, how many are never depleted, and room for those."""

    days: tuple[float, ...]
    never: int
    beside: float
    label: float
    """Inches above the dots that are never depleted, for their words."""

    def grid(self, room: Room) -> _Grid:
        """The largest dots of which all stacks fit, more than one dot wide only if they must be."""
        for abreast in range(1, _MOST_ABREAST + 1):
            step = _LARGEST
            while step > _SMALLEST:
                if self._fits(room, _Grid(step, abreast)):
                    return _Grid(step, abreast)
                step -= _STEP
        return _Grid(_SMALLEST, _MOST_ABREAST)

    def columns(self, step: float) -> int:
        """Columns of the dots that are never depleted."""
        return max(int(self.beside / step + 1e-9), 1)

    def stacks(self, room: Room, grid: _Grid) -> Counter[int]:
        """How many dots stand in each stack along the axis."""
        per_inch = (room.high - room.low) / room.inches
        wide = grid.step * grid.abreast
        return Counter(int((day - room.low) / per_inch / wide) for day in self.days)

    def _fits(self, room: Room, grid: _Grid) -> bool:
        most = max(self.stacks(room, grid).values(), default=0)
        tallest, rows = -(-most // grid.abreast), -(-self.never // self.columns(grid.step))
        return tallest * grid.step <= room.tall and rows * grid.step + self.label <= room.tall


def _body(summary: Summary, curve: Curve, outcome: Outcome, form: Form) -> Body:
    origin = summary.origin.toordinal()
    low, high = span(summary, outcome, bars(outcome.histogram, MOST_BARS))
    never = curve.dots.count(None)
    close = form.brief or form.card
    dots = _Dots(
        days=tuple(origin + day for day in curve.dots if day is not None),
        never=never,
        beside=max(0.25, (0.8 if form.brief else 1.4) * math.sqrt(never / DOTS)),
        label=form.size * 0.02 * (4 if close else 2) + 0.08,
    )
    flags, told = date_flags(summary, outcome, form)
    interval = equal_tailed(outcome, INTERVAL)
    known = interval is not None and interval.low.missing != "too_few_draws"
    known = known and not certain_date(summary, outcome)

    def draw(axes: Axes, room: Room) -> None:
        if dots.days:
            _draw(axes, room, dots, known=known)
        else:
            say_nothing(axes, summary, outcome)
        axes.set_ylabel(f"each dot: {_EACH} of draws", y=0.5 / room.stretch)

    return Body(
        low,
        high,
        [flag for flag in flags if low <= flag.x <= high],
        draw,
        _aside(summary, outcome, dots, form) if never else None,
        [*_key(known=known), *told, *_too_few_for_a_dot(summary, curve, outcome)],
    )


def _key(*, known: bool) -> list[str]:
    words = f"{DOTS} dots, each {_EACH} of the draws"
    inside = f"filled inside the {share(INTERVAL)} simulation interval"
    return [f"{words}, {inside}." if known else f"{words}."]


def _too_few_for_a_dot(summary: Summary, curve: Curve, outcome: Outcome) -> list[str]:
    never = never_probability(outcome)
    if never <= 0 or None in curve.dots:
        return []
    shown = percent(never, never_error(outcome))
    return [f"Not by {prose_date(summary.horizon)}: {shown} of draws, too few for a dot."]


def _draw(axes: Axes, room: Room, dots: _Dots, *, known: bool) -> None:
    grid = dots.grid(room)
    step, abreast = grid.step, grid.abreast
    axes.set_ylim(0, room.tall + room.strip)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    per_inch = (room.high - room.low) / room.inches
    places: list[tuple[float, float]] = []
    for stack, count in sorted(dots.stacks(room, grid).items()):
        places += [
            (
                room.low + (stack * abreast + k % abreast + 0.5) * step * per_inch,
                (k // abreast + 0.5) * step,
            )
            for k in range(count)
        ]
    for number, (x, y) in enumerate(places):
        level = (number + 0.5) / DOTS
        # The dots at P5 and P95 themselves belong to the interval.
        filled = not known or (1 - INTERVAL) / 2 - 1e-9 <= level <= (1 + INTERVAL) / 2 + 1e-9
        axes.plot(
            x,
            y,
            "o",
            markersize=0.82 * 72 * step,
            markerfacecolor=BLUE if filled else "white",
            markeredgecolor=BLUE,
            markeredgewidth=0.8,
            clip_on=False,
            zorder=3,
        )


def _aside(summary: Summary, outcome: Outcome, dots: _Dots, form: Form) -> Aside:
    close = form.brief or form.card
    width = form.size * (0.083 if close else 0.15)
    words = _never_words(summary, outcome, close=close)
    return Aside(
        dots.beside,
        _LARGEST,  # the last stack may reach beyond the end of the axis by nearly one dot
        max(width - dots.beside, 0.0),
        0.0,
        lambda _, axes, room: _draw_never(axes, room, dots, words, form.size),
    )


def _never_words(summary: Summary, outcome: Outcome, *, close: bool) -> str:
    shown = percent_cell(never_probability(outcome), never_error(outcome))
    date = short_date(summary.horizon)
    if close:
        return f"{shown}\nof draws\nnot by\n{date}"
    return f"not by {date}:\n{shown} of draws"


def _draw_never(axes: Axes, room: Room, dots: _Dots, words: str, size: float) -> None:
    step = dots.grid(room).step
    columns = dots.columns(step)
    axes.set_xlim(0, dots.beside)
    axes.set_ylim(0, room.tall)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for number in range(dots.never):
        x, y = (number % columns + 0.5) * step, (number // columns + 0.5) * step
        for sign, scale in (("o", 0.82), ("x", 0.4)):
            axes.plot(
                x,
                y,
                sign,
                markersize=scale * 72 * step,
                markerfacecolor="white",
                markeredgecolor=ORANGE,
                markeredgewidth=1.0,
                clip_on=False,
            )
    rows = -(-dots.never // columns)
    axes.text(0, rows * step + 0.05, words, size=size, color=INK, va="bottom")
