"""The probability of depletion by date as a picture: a curve that rises towards 100 %."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulate.analysis.curve import Curve
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import ByDate
from simulate.report.figures.date_frame import (
    CARD,
    DOTTED,
    Aside,
    Body,
    Flag,
    Form,
    Room,
    compose,
    page_form,
)
from simulate.report.figures.frame import WIDE
from simulate.report.figures.histogram import (
    MOST_BARS,
    MOST_PUBLISHED,
    label_of,
    moment_flags,
    outside_words,
    span,
)
from simulate.report.figures.never_gauge import LABELS_INCHES, draw_never, draw_never_briefly
from simulate.report.figures.style import BLUE, INK, SKY, house_style
from simulate.report.text.alt_text import published_words
from simulate.report.text.bars import bars
from simulate.report.text.headline import headline
from simulate.report.text.phrases import (
    drawn,
    main_outcome,
    never_error,
    never_probability,
    title_words,
)
from simulate.report.text.wording import percent, points, prose_date, short_date

if TYPE_CHECKING:
    import datetime as dt

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BY = 4
_VISIBLE = 0.004
"""A band of this half-width is as wide as the line."""


def cdf_figure(
    summary: Summary, curve: Curve, outcome: Outcome | None = None, *, width: float = WIDE
) -> Figure:
    """Probability of depletion by date, with its Monte Carlo error as a band.

    Parameters
    ----------
    summary
        The answer of a run.
    curve
        The curve of that outcome.
    outcome
        One of `summary.outcomes`; the one with the largest threshold if left out.
    width
        Inches. Below 5 there are fewer labels: dates asked for are letters, told in the foot.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. The median, the 90 % interval, the published dates and those asked for
        are marked; draws that are never depleted are the hatched gap between the curve and 100 %.
    """
    return _figure(summary, curve, outcome, page_form(width))


def cdf_card(summary: Summary, curve: Curve, outcome: Outcome | None = None) -> Figure:
    """The same as a card for social media, 8 by 4.5 inches, the number in large type."""
    return _figure(summary, curve, outcome, CARD)


def cdf_alt_text(summary: Summary, outcome: Outcome | None = None) -> str:
    """Describe the curve in words, generated from its numbers; plain text on one line."""
    outcome = main_outcome(summary) if outcome is None else outcome
    what = "Curve of the probability of depletion by date of"
    shown = {check.date for check in outcome.published}
    parts = [
        f"{what} “{title_words(summary)}” from {drawn(summary)}",
        headline(summary, outcome),
        *(published_words(check) for check in outcome.published),
        *(
            f"{percent(by.probability, by.mc_error)} of draws are depleted by {prose_date(by.date)}"
            for by in outcome.by
            if by.date not in shown
        ),
    ]
    never = never_probability(outcome)
    if never > 0:
        rest = percent(1 - never, never_error(outcome))
        gap = percent(never, never_error(outcome))
        parts.append(
            f"The curve ends at {rest}; the gap to 100 %, {gap} of draws that are never depleted, "
            "is hatched"
        )
    return ". ".join(parts) + "."


def _figure(summary: Summary, curve: Curve, outcome: Outcome | None, form: Form) -> Figure:
    from matplotlib.figure import Figure

    outcome = main_outcome(summary) if outcome is None else outcome
    with house_style():
        figure = Figure(figsize=(form.width, 4.5))
        compose(figure, summary, outcome, _body(summary, curve, outcome, form), form)
    return figure


def _body(summary: Summary, curve: Curve, outcome: Outcome, form: Form) -> Body:
    parts = bars(outcome.histogram, MOST_BARS)
    low, high = span(summary, outcome, parts)
    origin = summary.origin.toordinal()
    flags = moment_flags(summary, outcome, form)
    if len({flag.x for flag in flags}) > 1:
        flags = [replace(flag, level=curve.at(flag.x - origin)) for flag in flags]
    marked, told = _date_flags(outcome, form)
    if form.card:
        flags, marked = flags[:1], marked[:1]
    return Body(
        low,
        high,
        [flag for flag in [*flags, *marked] if low <= flag.x <= high],
        lambda axes, room: _draw(axes, room, summary, curve, form),
        _aside(summary, outcome, form),
        [*told, *_error_words(curve), *outside_words(parts)],
    )


def _date_flags(outcome: Outcome, form: Form) -> tuple[list[Flag], list[str]]:
    """The published dates and those asked for, and what is told of them in the foot."""
    checks = outcome.published[:MOST_PUBLISHED]
    shown = {check.date for check in checks}
    asked = [by for by in outcome.by if by.date not in shown][:MOST_BY]
    found: list[tuple[dt.date, str, float, str]] = []
    for check in checks:
        by = ByDate(check.date, check.probability_by, check.mc_error)
        found.append((check.date, label_of(check.label), by.probability, _percent(by)))
    found += [(by.date, f"by {short_date(by.date)}", by.probability, _percent(by)) for by in asked]
    flags, told = [], []
    for number, (date, name, probability, shown_as) in enumerate(found):
        words = f"{name}: {shown_as}"
        if form.brief:
            letter = chr(ord("a") + number)
            told.append(
                f"{letter}: {name} ({prose_date(date)}): {shown_as} by then"
                if number < len(checks)
                else f"{letter}: {shown_as} by {prose_date(date)}"
            )
            words = letter
        # "By" a date is until its end.
        flags.append(Flag(date.toordinal() + 1.0, words, INK, DOTTED, probability))
    return flags, told


def _percent(by: ByDate) -> str:
    return percent(by.probability, by.mc_error)


def _error_words(curve: Curve) -> list[str]:
    largest = max(curve.mc_error, default=0.0)
    if largest <= 0:
        return []
    told = f"95 % Monte Carlo error at most {points(largest)} percentage points"
    return [f"Band: {told}." if largest > _VISIBLE else f"{told}: no wider than the line."]


def _aside(summary: Summary, outcome: Outcome, form: Form) -> Aside | None:
    if never_probability(outcome) <= 0:
        return None
    if form.brief or form.card:
        return Aside(
            form.size * 0.025,
            0.06,
            form.size * 0.083,
            0.0,
            lambda _, gauge, __: draw_never_briefly(
                gauge, summary, outcome, size=form.size, from_top=True
            ),
        )
    return Aside(
        0.3,
        0.1,
        LABELS_INCHES,
        0.4,
        lambda figure, gauge, _: draw_never(figure, gauge, summary, outcome, from_top=True),
    )


def _draw(axes: Axes, room: Room, summary: Summary, curve: Curve, form: Form) -> None:
    axes.set_ylim(0, room.stretch)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.spines["left"].set_bounds(0, 1)
    words = (
        "draws depleted by date" if form.brief or form.card else "share of draws depleted by date"
    )
    axes.set_ylabel(words, y=0.5 / room.stretch)
    for level in (0.25, 0.5, 0.75, 1.0):
        axes.plot(
            [0, 1],
            [level, level],
            transform=axes.get_yaxis_transform(),
            color="#DDDDDD",
            linewidth=0.6,
            zorder=0.5,
        )
    origin = summary.origin.toordinal()
    start, end = axes.get_xlim()
    first, last = (curve.days[0], curve.days[-1]) if curve.days else (0.0, 0.0)
    top = curve.probability[-1] if curve.days else 0.0
    days = [min(start, origin + first), *(origin + day for day in curve.days)]
    days.append(max(end, origin + last))
    values = [0.0, *curve.probability, top]
    errors = [0.0, *curve.mc_error, curve.mc_error[-1] if curve.days else 0.0]
    axes.fill_between(
        days,
        [max(value - error, 0.0) for value, error in zip(values, errors, strict=True)],
        [min(value + error, 1.0) for value, error in zip(values, errors, strict=True)],
        facecolor=SKY,
        alpha=0.55,
        linewidth=0,
    )
    axes.plot(days, values, color=BLUE, linewidth=1.8, zorder=3)
    axes.set_xlim(start, end)
    if not curve.days:
        axes.text(
            0.5,
            0.5 / room.stretch,
            f"No draw is depleted\nby {prose_date(summary.horizon)}.",
            transform=axes.transAxes,
            ha="center",
            va="center",
            size=form.size + 1,
            color=INK,
        )
