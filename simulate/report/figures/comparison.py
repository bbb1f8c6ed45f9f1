"""The histograms of several scenarios below each other, on one axis of dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.analysis.comparison import Comparison
from simulate.report.figures.card import CARD_SIZE, write_around
from simulate.report.figures.frame import TOP, WIDE, Heading, is_narrow, margin, write_head
from simulate.report.figures.panels import (
    CARD,
    COLUMN,
    PAGE,
    Panel,
    draw_at,
    one_scale,
    scene_of,
    wrapped,
)
from simulate.report.figures.style import GREY, INK, TINY, house_style
from simulate.report.text.comparison import card_words, event_words, headlines, letter
from simulate.report.text.headline import headline
from simulate.report.text.phrases import digest, drawn, outcome_of, program, title_words
from simulate.report.text.wording import inert, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ON_CARD = 2
"""Scenarios that a card has room for."""

_OWN_SCALE = "Each histogram has a vertical scale of its own"

# All lengths in inches.
_GAP, _CARD_GAP = 0.22, 0.12
_AXIS, _CARD_AXIS = 0.42, 0.78


def comparison_figure(
    comparison: Comparison, threshold: float | None = None, *, width: float = WIDE
) -> Figure:
    """A histogram for each scenario, for one threshold that all have.

    Parameters
    ----------
    comparison
        Scenarios over the same draws.
    threshold
        One of `comparison.thresholds`; the largest if left out.
    width
        Inches. Below 5 the labels are shorter.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot. All are on one axis of dates and in bars of the same
        width, each with its median and that of the reference; draws that are never depleted are
        a hatched gauge of their own beside it.
    """
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(width, 5.0))
        _compose(figure, comparison, _number(comparison, threshold))
    return figure


def comparison_card(comparison: Comparison, threshold: float | None = None) -> Figure:
    """Two scenarios as a card for social media, 8 by 4.5 inches, the shift in large type.

    Raises
    ------
    ValueError
        If there are more than two.
    """
    from matplotlib.figure import Figure

    if len(comparison.summaries) > ON_CARD:
        raise ValueError("a card has room for two scenarios only")
    with house_style():
        figure = Figure(figsize=CARD_SIZE)
        _compose_card(figure, comparison, _number(comparison, threshold))
    return figure


def comparison_alt_text(comparison: Comparison, threshold: float | None = None) -> str:
    """What the figure shows in words, generated from its numbers; plain text on one line."""
    threshold = comparison.thresholds[_number(comparison, threshold)]
    n = len(comparison.summaries)
    each = [
        f"{letter(number)}, “{title_words(summary)}”: "
        f"{headline(summary, outcome_of(summary, threshold))}"
        for number, summary in enumerate(comparison.summaries)
    ]
    start = f"Histograms of the simulated dates of {n} scenarios on one axis of dates"
    return ". ".join([start, *each, *headlines(comparison, threshold)]) + "."


def _number(comparison: Comparison, threshold: float | None) -> int:
    """Which of the thresholds is meant."""
    chosen = comparison.thresholds[-1] if threshold is None else threshold
    return comparison.thresholds.index(chosen)


def _compose(figure: Figure, comparison: Comparison, k: int) -> None:
    width = figure.get_figwidth()
    scene = scene_of(figure, comparison, k, COLUMN if is_narrow(width) else PAGE)
    panels = scene.panels
    tall = max(1.5 - 0.1 * len(panels), 0.6)
    head = _head(figure, comparison, comparison.thresholds[k])
    foot = _foot_lines(figure, comparison, panels)
    above = TOP + sum(part.height for part in head)
    body = sum(_GAP + scene.above(panel.number) + tall for panel in panels)
    height = above + body + _AXIS + 0.15 * len(foot) + 0.12
    figure.set_size_inches(width, height)
    write_head(figure, head)
    y = height - above
    for panel in panels:
        y -= _GAP + scene.above(panel.number) + tall
        draw_at(figure, scene, panel, y=y, tall=tall)
    for number, line in enumerate(reversed(foot)):
        place = (0.12 + 0.15 * number) / height
        figure.text(margin(figure) / width, place, line, size=TINY, color=GREY, va="bottom")


def _compose_card(figure: Figure, comparison: Comparison, k: int) -> None:
    scene = scene_of(figure, comparison, k, CARD)
    title, number, meaning, source = card_words(comparison, comparison.thresholds[k])
    scales = "" if one_scale(scene.panels) else f". {_OWN_SCALE}"
    y = write_around(figure, title, number, f"{meaning}{scales}", source)
    words = sum(scene.above(panel.number) for panel in scene.panels)
    tall = (y - _CARD_AXIS - words) / len(scene.panels) - _CARD_GAP
    for panel in scene.panels:
        y -= _CARD_GAP + scene.above(panel.number) + tall
        draw_at(figure, scene, panel, y=y, tall=tall)


# --- words ---


def _head(figure: Figure, comparison: Comparison, threshold: float) -> list[Heading]:
    subject, done = event_words(comparison, threshold)
    title = f"Date by which {subject} is {done}"
    narrow = is_narrow(figure.get_figwidth())
    lines = headlines(comparison, threshold, named=False)
    texts = [
        (title, 10.0 if narrow else 12.5, "bold", 3 if narrow else 2),
        *((line, 8.0 if narrow else 9.5, "normal", 8 if narrow else 3) for line in lines),
    ]
    return [
        Heading(wrapped(figure, text, size, lines, weight), size, weight, INK)
        for text, size, weight, lines in texts
    ]


def _foot_lines(figure: Figure, comparison: Comparison, panels: Sequence[Panel]) -> list[str]:
    first = comparison.summaries[0]
    run = first.run
    parts = [
        f"{drawn(first)} each",
        f"seed {run.seed}",
        inert(run.method),
        program(first),
        inert(run.stream),
        *(f"{letter(panel.number)} {digest(panel.summary)}" for panel in panels),
    ]
    remarks = []
    outside = max((p.drawn.before + p.drawn.after if p.drawn else 0.0) for p in panels)
    if outside > 0:
        part = f"Up to {percent(outside, 0)} of the draws of a scenario"
        remarks.append(f"{part} are depleted outside the dates drawn.")
    if not one_scale(panels):
        remarks.append(f"{_OWN_SCALE}.")
    return [
        *wrapped(figure, " ".join(remarks), TINY, 2),
        *wrapped(figure, " · ".join(parts), TINY, 6),
    ]
