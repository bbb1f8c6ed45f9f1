"""Pictures over an axis of dates: labelled lines above, "never" at the right, head and foot.

Histogram, curve and dotplot differ in what they draw on the axis only, which is their `Body`. A
page is as tall as it needs to be; a card, for social media, has a fixed size and large words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, Summary
from simulate.report.figures.card import BODY_BOTTOM, CARD_WORDS, write_card
from simulate.report.figures.flags import Pole, needed_end, rows
from simulate.report.figures.frame import (
    TICK_LABELS,
    TOP,
    WIDE,
    date_axis,
    foot_height,
    foot_lines,
    heading,
    is_narrow,
    write_foot,
    write_head,
)
from simulate.report.figures.style import SMALL, text_width
from simulate.report.text.headline import headline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LineStyle = str | tuple[int, tuple[int, ...]]
DASHED: LineStyle = (0, (5, 3))
DOTTED: LineStyle = (0, (1, 2))

_LABEL = 0.026
"""Inches from the left edge to the foot of an upright word, for each point of its size."""

_CLEAR = 0.1
"""Inches between what is drawn and the lowest label above it."""


@dataclass(frozen=True, slots=True)
class Form:
    """How much room a picture has: lengths in inches, sizes in points."""

    width: float
    left: float
    right: float
    tall: float
    size: float
    brief: bool
    """Whether labels are short: long ones are told by letters, and explained in the foot."""
    card: bool = False

    @property
    def row(self) -> float:
        """Height of a row of labels."""
        return self.size * 0.025


def page_form(width: float = WIDE) -> Form:
    """The form of a page that is so many inches wide."""
    if is_narrow(width):
        return Form(width, 0.72, 0.12, 1.8, SMALL - 0.5, brief=True)
    return Form(width, 0.8, 0.3, 2.7, SMALL, brief=False)


CARD = Form(WIDE, 0.95, 0.3, 0.0, CARD_WORDS, brief=False, card=True)


@dataclass(frozen=True, slots=True)
class Flag:
    """A labelled vertical line at `x`, a proleptic Gregorian ordinal with its part of a day.

    With `level` given, a point marks where the line meets a curve.
    """

    x: float
    label: str
    color: str
    line: LineStyle
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What there is for drawing: inches of the axis, of the picture and of the labels above it."""

    inches: float
    tall: float
    strip: float
    low: float
    high: float
    """Ends of the axis."""

    @property
    def stretch(self) -> float:
        """By how much the axes are taller than what is drawn, for the labels above it."""
        return (self.tall + self.strip) / self.tall


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands at the right of the axis: its own width, and room beside and above it."""

    inches: float
    gap: float
    words: float
    above: float
    draw: Callable[[Figure, Axes, Room], None]


@dataclass(frozen=True, slots=True)
class Body:
    """The days between which the axis runs, and all that is drawn."""

    low: float
    high: float
    flags: Sequence[Flag]
    draw: Callable[[Axes, Room], None]
    aside: Aside | None = None
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Layout:
    """The end of the axis, its inches, and the row of each label."""

    high: float
    inches: float
    levels: list[int]
    strip: float


def compose(figure: Figure, summary: Summary, outcome: Outcome, body: Body, form: Form) -> None:
    """Draw a body with all that stands around it, and give the figure its size."""
    layout = _layout(figure, body, form)
    if form.card:
        top = write_card(figure, summary, outcome)
        bottom, tall = BODY_BOTTOM, top - BODY_BOTTOM - layout.strip
    else:
        figure.set_size_inches(form.width, 5.0)
        head = heading(figure, summary, headline(summary, outcome), title_size=12.5)
        foot = foot_lines(figure, summary, body.remarks)
        bottom, tall = TICK_LABELS + foot_height(foot, least=2), form.tall
        height = TOP + sum(part.height for part in head) + 0.1 + layout.strip + tall + bottom
        figure.set_size_inches(form.width, height)
        write_head(figure, head)
        write_foot(figure, foot)
    _draw(figure, body, form, layout, bottom=bottom, tall=tall)


def _layout(figure: Figure, body: Body, form: Form) -> _Layout:
    aside = body.aside
    beside = 0.0 if aside is None else aside.gap + aside.inches + aside.words
    inches = form.width - form.left - form.right - beside
    widths = [text_width(figure, flag.label, form.size) + 0.12 for flag in body.flags]
    poles = [Pole(flag.x, width) for flag, width in zip(body.flags, widths, strict=True)]
    # Where nothing stands above what is at the right, labels may reach out over it.
    over = beside if aside is not None and not aside.above else 0.0
    reaching = [Pole(pole.x, max(pole.width - over, 0.0)) for pole in poles]
    high = needed_end(reaching, body.low, body.high, inches)
    levels = rows(poles, (high - body.low) / inches)
    strip = _CLEAR + form.row * (max(levels, default=-1) + 1)
    return _Layout(high, inches, levels, max(strip, 0.0 if aside is None else aside.above))


def _draw(
    figure: Figure, body: Body, form: Form, layout: _Layout, *, bottom: float, tall: float
) -> None:
    width, height = figure.get_size_inches()
    room = Room(layout.inches, tall, layout.strip, body.low, layout.high)
    axes = figure.add_axes(
        (
            form.left / width,
            bottom / height,
            layout.inches / width,
            (tall + layout.strip) / height,
        )
    )
    size = form.size if form.card or form.brief else None
    date_axis(axes, body.low, layout.high, layout.inches, size=size)
    body.draw(axes, room)
    if size is not None:
        axes.tick_params(axis="y", labelsize=size)
        axes.yaxis.label.set_fontsize(size)
        # Long labels of ticks would push it out of the picture.
        _, y = axes.yaxis.label.get_position()
        axes.yaxis.set_label_coords((_LABEL * size - form.left) / layout.inches, y)
    for flag, level in zip(body.flags, layout.levels, strict=True):
        foot = (tall + _CLEAR + form.row * level) / (tall + layout.strip)
        draw_flag(axes, flag, foot, form.size)
        if flag.level is not None:
            axes.plot(flag.x, flag.level, "o", markersize=4, color=flag.color, zorder=4)
    if body.aside is not None:
        left = (form.left + layout.inches + body.aside.gap) / width
        beside = figure.add_axes((left, bottom / height, body.aside.inches / width, tall / height))
        body.aside.draw(figure, beside, room)


def draw_flag(axes: Axes, flag: Flag, foot: float, size: float) -> None:
    """A line from the axis to the label, whose lower edge is at `foot` in the units of the axes."""
    axes.plot(
        [flag.x, flag.x],
        [0, foot + 0.05],
        transform=axes.get_xaxis_transform(),
        color=flag.color,
        linestyle=flag.line,
        linewidth=1.3,
        clip_on=False,
    )
    axes.annotate(
        flag.label,
        (flag.x, foot),
        xycoords=axes.get_xaxis_transform(),
        xytext=(3, 0),
        textcoords="offset points",
        size=size,
        color=flag.color,
        va="bottom",
        annotation_clip=False,
    )
