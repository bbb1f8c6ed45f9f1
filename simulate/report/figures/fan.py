"""Strength over time as a picture: bands of strength present and of losses, and the counts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulate.analysis.summary import Bands, StrengthOverTime, Summary
from simulate.report.figures.card import BODY_BOTTOM, CARD_SIZE, CARD_WORDS, write_card
from simulate.report.figures.fan_marks import Mark, draw_list, draw_marks, list_height, marks_of
from simulate.report.figures.frame import (
    TOP,
    date_axis,
    foot_height,
    foot_lines,
    heading,
    is_narrow,
    write_foot,
    write_head,
)
from simulate.report.figures.style import BLUE, GREY, VERMILION, house_style
from simulate.report.text.phrases import capitalised, drawn, label_words, main_outcome, title_words
from simulate.report.text.strength import (
    claim_words,
    last_change,
    observed_lines,
    quantities,
    round_dates,
    short_words,
    spans,
)
from simulate.report.text.wording import prose_date, share
from simulate.scenario.numerals import count, first_digit, fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAN_WIDTH = 7.0

WORDS, _NARROW_WORDS = 10.0, 8.0
"""Size of the words beside the panels, in points: legible at half the width too."""

# All lengths in inches.
_LEFT, _RIGHT = 0.85, 0.8
_NARROW_LEFT, _NARROW_RIGHT = 0.6, 0.62
_PANEL, _PANEL_HEAD, _TICKS = 1.6, 0.42, 0.5
_LINE = 0.16
"""Distance between two labels at the end of the bands."""
_SHARE_WORDS = 1.3
"""Width of the words of a line of a share."""

_MOST_TOLD = 4
"""Counts that the description tells; the others are in the picture's list."""

_DASHED = (0, (4, 2))


@dataclass(frozen=True, slots=True)
class _Panel:
    """One quantity: its name, its bands and its colour."""

    name: str
    bands: Bands
    color: str
    shares: Sequence[tuple[float, str]] = ()
    marks: Sequence[Mark] = ()
    words: Literal["left", "right"] = "left"
    """Where the bands leave more room for the words of a share."""


def fan_figure(summary: Summary, *, width: float = FAN_WIDTH) -> Figure:
    """Bands of the strength present, and below them of the losses, by date.

    Parameters
    ----------
    summary
        The answer of a run with strength over time.
    width
        Inches. Below 5 the words are smaller.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. Counts that the losses are taken from are circles, those
        published later diamonds, with bars over their ranges, and are listed beneath.

    Raises
    ------
    ValueError
        If the run was made without strength over time.
    """
    from matplotlib.figure import Figure

    strength = _strength(summary)
    with house_style():
        figure = Figure(figsize=(width, 5.0))
        _compose(figure, summary, strength)
    return figure


def fan_card(summary: Summary) -> Figure:
    """A card for social media, 8 by 4.5 inches: the date in large type, and what it rests on.

    Of the two panels there is the one that thresholds are counted by, without the counts.

    Raises
    ------
    ValueError
        If the run was made without strength over time.
    """
    from matplotlib.figure import Figure

    strength = _strength(summary)
    with house_style():
        figure = Figure(figsize=CARD_SIZE)
        _compose_card(figure, summary, strength)
    return figure


def fan_alt_text(summary: Summary) -> str:
    """Describe the picture in words, generated from its numbers."""
    strength = _strength(summary)
    names = quantities(summary)
    unit = label_words(summary.unit)
    what = f"the strength present and of the losses of “{title_words(summary)}”"
    parts = [f"Bands over time of {what} from {drawn(summary)}"]
    chosen = round_dates(strength)
    for k in chosen[:: max(1, len(chosen) // 3)]:
        present, lost = (
            f"{name} {spans(strength, bands, k)}"
            for name, bands in zip(names, (strength.present, strength.lost), strict=True)
        )
        parts.append(f"At the end of {prose_date(strength.dates[k])}: {present}; {lost}")
    counts = [f"Count used: {claim_words(claim, unit)}" for claim in strength.claims]
    counts += observed_lines(summary)
    parts += counts[:_MOST_TOLD]
    if len(counts) > _MOST_TOLD:
        parts.append(f"{len(counts) - _MOST_TOLD} more counts are listed beneath it")
    return ". ".join(parts) + "."


def _strength(summary: Summary) -> StrengthOverTime:
    if summary.strength is None:
        raise ValueError("this run was made without strength=True")
    return summary.strength


def _compose(figure: Figure, summary: Summary, strength: StrengthOverTime) -> None:
    low, high = _span(summary, strength)
    marks = marks_of(summary, low, high)
    panels = _panels(summary, strength, marks)
    head = heading(figure, summary, _key(strength), title_size=11.5)
    listed = list_height(figure, marks)
    lines = foot_lines(figure, summary, _remarks(summary, strength))
    foot = foot_height(lines, least=2)
    below = foot + listed + _TICKS
    height = TOP + sum(part.height for part in head) + 2 * (_PANEL + _PANEL_HEAD) + below
    width = figure.get_figwidth()
    narrow = is_narrow(width)
    left, right = (_NARROW_LEFT, _NARROW_RIGHT) if narrow else (_LEFT, _RIGHT)
    inches = width - left - right

    figure.set_size_inches(width, height)
    write_head(figure, head)
    for place, panel in enumerate(panels):
        y = below + (1 - place) * (_PANEL + _PANEL_HEAD)
        axes = figure.add_axes((left / width, y / height, inches / width, _PANEL / height))
        date_axis(axes, low, high, inches, size=_NARROW_WORDS if narrow else None)
        axes.tick_params(labelsize=_words(axes) - 1, labelbottom=place == 1)
        _draw_panel(axes, panel, strength)
    draw_list(figure, marks, (foot + listed) / height)
    write_foot(figure, lines)


def _compose_card(figure: Figure, summary: Summary, strength: StrengthOverTime) -> None:
    top = write_card(figure, summary, main_outcome(summary))
    tall = top - BODY_BOTTOM - _PANEL_HEAD
    low, high = _span(summary, strength)
    width, height = CARD_SIZE
    inches = width - _LEFT - _RIGHT
    axes = figure.add_axes((_LEFT / width, BODY_BOTTOM / height, inches / width, tall / height))
    date_axis(axes, low, high, inches, size=CARD_WORDS)
    axes.tick_params(labelsize=CARD_WORDS)
    _draw_panel(axes, _counted(_panels(summary, strength, ())), strength)


def _counted(panels: Sequence[_Panel]) -> _Panel:
    """The one in which the thresholds are drawn."""
    return next((panel for panel in panels if panel.shares), panels[-1])


def _words(axes: Axes) -> float:
    return _NARROW_WORDS if is_narrow(_figure_width(axes)) else WORDS


def _figure_width(axes: Axes) -> float:
    return float(axes.bbox.width / axes.get_position().width / axes.figure.dpi)


def _inches(axes: Axes) -> float:
    return float(axes.bbox.width / axes.figure.dpi)


def _tall(axes: Axes) -> float:
    return float(axes.bbox.height / axes.figure.dpi)


def _key(strength: StrengthOverTime) -> str:
    middle = "Line: median of the draws at the end of the day"
    if len(strength.levels) == 1:
        return f"{middle}. The draws are too few for bands."
    if _is_line(strength.present) and _is_line(strength.lost):
        return "At the end of the day. One line only: all draws agree."
    dark = f"{middle}. Dark band: middle half of the draws (25th to 75th percentile)."
    outer = 0.05 in strength.levels
    return f"{dark} Light band with dashed edges: 5th to 95th percentile." if outer else dark


def _remarks(summary: Summary, strength: StrengthOverTime) -> list[str]:
    size = _sent(strength)
    if size is None or not size[1]:
        return []
    unit = short_words(summary.unit)
    middle = count(size[0])
    whole = short_words(main_outcome(summary).whole)
    return [f"Shares are drawn for the median {whole} before the losses, {middle} {unit}."]


def _span(summary: Summary, strength: StrengthOverTime) -> tuple[float, float]:
    """The instants between which something changes, and the counts that are not far away."""
    low = strength.dates[0].toordinal() + 1.0
    last = max(_end(strength.dates[last_change(strength)]), low + 1.0)
    days = [check.date for check in summary.observed]
    days += [claim.latest for claim in strength.claims]
    near = [_end(day) for day in days if _end(day) <= last + 0.5 * (last - low)]
    high = max([last, *near])
    return low, high + 0.02 * (high - low)


def _end(date: dt.date) -> float:
    """The end of a date, on an axis of proleptic Gregorian ordinals."""
    return date.toordinal() + 1.0


# --- panels ---


def _panels(summary: Summary, strength: StrengthOverTime, marks: Sequence[Mark]) -> list[_Panel]:
    present, lost = quantities(summary)
    shares = _shares(summary, strength)
    by_strength = main_outcome(summary).counting == "strength"
    return [
        _Panel(present, strength.present, BLUE, shares if by_strength else (), words="right"),
        _Panel(lost, strength.lost, VERMILION, () if by_strength else shares, marks),
    ]


def _shares(summary: Summary, strength: StrengthOverTime) -> list[tuple[float, str]]:
    """Where the thresholds lie for the median force before any loss, with their words."""
    size = _sent(strength)
    if size is None:
        return []
    middle, varies = size
    about = "about " if varies else ""
    return [
        (
            middle * (1 - o.threshold if o.counting == "strength" else o.threshold),
            f"{about}{share(o.threshold)} {short_words(o.lost)}",
        )
        for o in summary.outcomes
    ]


def _sent(strength: StrengthOverTime) -> tuple[float, bool] | None:
    """Median of the force before any loss, and whether it differs between draws."""
    if 0.5 not in strength.levels:
        return None
    first = [values[0] for values in strength.present.values]
    return first[strength.levels.index(0.5)], min(first) < max(first)


def _is_line(bands: Bands) -> bool:
    return all(len(set(values)) == 1 for values in zip(*bands.values, strict=True))


def _draw_panel(axes: Axes, panel: _Panel, strength: StrengthOverTime) -> None:
    days = [_end(date) for date in strength.dates]
    values = dict(zip(strength.levels, panel.bands.values, strict=True))
    for low, high, shade in ((0.05, 0.95, 0.22), (0.25, 0.75, 0.4)):
        if low in values and high in values:
            axes.fill_between(
                days, values[low], values[high], facecolor=panel.color, alpha=shade, linewidth=0
            )
    for level, line in ((0.05, _DASHED), (0.95, _DASHED)):
        if level in values:
            axes.plot(days, values[level], color=panel.color, linestyle=line, linewidth=0.8)
    if 0.5 in values:
        axes.plot(days, values[0.5], color=panel.color, linewidth=2.0)
    _value_axis(axes, panel)
    _draw_shares(axes, panel)
    draw_marks(axes, panel.marks)
    if len(values) > 1 and not _is_line(panel.bands):
        _label_ends(axes, panel, days, values)
    look = {"size": _words(axes), "weight": "bold", "color": panel.color}
    axes.set_title(panel.name, look, loc="left", pad=6)


def _value_axis(axes: Axes, panel: _Panel) -> None:
    from matplotlib.ticker import MaxNLocator

    tops = [max(values) for values in panel.bands.values]
    tops += [mark.high for mark in panel.marks] + [place for place, _ in panel.shares]
    top = max(tops, default=0.0) or 1.0
    # Room for words above the highest line.
    end = top * (_tall(axes) / (_tall(axes) - 0.2) if panel.shares else 1.06)
    axes.set_ylim(0, end)
    marks = [
        value
        for value in MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
        if 0 <= value <= end
    ]
    axes.set_yticks(marks, [fixed(value, _digits(marks)) for value in marks])


def _digits(marks: Sequence[float]) -> int:
    """Decimals that tell marks of even steps, such as 0.25, apart."""
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    most = max(first_digit(step), 0) + 2
    return next((n for n in range(most) if all(math.isclose(round(m, n), m) for m in marks)), most)


def _draw_shares(axes: Axes, panel: _Panel) -> None:
    """Light horizontal lines with words above them, where there is room for the words."""
    from matplotlib.patheffects import withStroke

    per_inch = axes.get_ylim()[1] / _tall(axes)
    written = math.inf
    for place, words in sorted(panel.shares, reverse=True):
        if place <= 0:
            continue
        axes.axhline(place, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5)
        if written - place < 0.17 * per_inch:
            continue
        written = place
        near = [m for m in panel.marks if m.inside and _beside(m, place / per_inch, per_inch)]
        taken = {side: _taken(axes, near, side) for side in ("left", "right")}
        if all(taken.values()):
            continue
        right = panel.words == "right" or taken["left"]
        axes.annotate(
            capitalised(words),
            (1 if right else 0, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-3 if right else 3, 1.5),
            textcoords="offset points",
            size=_words(axes) - 2,
            color=GREY,
            ha="right" if right else "left",
            va="bottom",
            zorder=5,
            # A light edge keeps the words apart from a line of the bands behind them.
            path_effects=[withStroke(linewidth=2.5, foreground="white", alpha=0.8)],
        )


def _beside(mark: Mark, inches: float, per_inch: float) -> bool:
    """Whether a count, or its number, is as high as words above a line."""
    return mark.low / per_inch - 0.2 < inches + 0.15 and mark.high / per_inch + 0.2 > inches


def _taken(axes: Axes, marks: Sequence[Mark], side: str) -> bool:
    """Whether a count lies where words would stand at one end of a line."""
    low, high = axes.get_xlim()
    room = (high - low) * _SHARE_WORDS / _inches(axes)
    if side == "left":
        return any(mark.earliest < low + room for mark in marks)
    return any(mark.latest > high - room for mark in marks)


def _label_ends(
    axes: Axes, panel: _Panel, days: Sequence[float], values: dict[float, tuple[float, ...]]
) -> None:
    """Name each level at the right end of the axis, if the bands are wide enough apart there."""
    start, edge = axes.get_xlim()
    last = max(k for k, day in enumerate(days) if day <= edge)
    beyond = (edge - days[last]) / (edge - start) * _inches(axes)
    ends = {level: each[last] for level, each in values.items()}
    per_inch = axes.get_ylim()[1] / _tall(axes)
    if max(ends.values()) - min(ends.values()) < 0.15 * per_inch:
        return
    levels = sorted(ends)
    centre = sum(ends.values()) / len(ends) / per_inch
    lowest = max(centre - _LINE * (len(levels) - 1) / 2, 0.05)
    for row, level in enumerate(levels):
        offset = (72 * beyond + 10, (lowest + row * _LINE - ends[level] / per_inch) * 72)
        for text, arrow in (
            ("median" if level == 0.5 else share(level), None),
            ("", {"arrowstyle": "-", "color": panel.color, "linewidth": 0.6, "shrinkB": 0}),
        ):
            axes.annotate(
                text,
                (days[last], ends[level]),
                xytext=offset,
                textcoords="offset points",
                size=_words(axes) - 1,
                color=panel.color,
                va="center",
                annotation_clip=False,
                arrowprops=arrow,
            )
