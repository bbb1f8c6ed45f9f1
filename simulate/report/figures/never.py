"""The draws that are never depleted, as a gauge from 0 to 100 % beside a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import NeverCause
from simulate.report.figures.canvas import Axes, fitted
from simulate.report.figures.flags import Room
from simulate.report.figures.frame import Sheet
from simulate.report.figures.style import CAUSES, SMALL, Look
from simulate.report.text import phrases
from simulate.report.text.wording import not_by, percent, percent_cell, short_date
from simulate.scenario.words import Words

MOST_CAUSES = 4
LEAST = 0.01
"""Share of the draws that a gauge can show; a smaller one is a remark."""

_APART = 0.025
"""Between two labels, as a share of the gauge."""
_LABELS = 1.3
"""Inches that the labels need at the right of the gauge."""


class Aside(Struct, frozen=True):
    """A picture at the right of an axis: its width, and room beside and above it, in inches."""

    inches: float
    gap: float
    words: float
    above: float
    draw: Callable[[Axes, Room], None]

    @property
    def beside(self) -> float:
        """Inches that it takes from the axis."""
        return self.gap + self.inches + self.words


def never_aside(
    summary: Summary, outcome: Outcome, sheet: Sheet, *, from_top: bool = False
) -> Aside | None:
    """A gauge of the draws that are never depleted; None if it would show nothing of them.

    With `from_top` it hangs from 100 %, and is the gap above a curve that ends at its left.
    """
    if phrases.never_probability(outcome) < LEAST:
        return None
    if sheet.is_tight:
        return brief_aside(summary, outcome, sheet.labels, from_top=from_top)

    def draw(gauge: Axes, _: Room) -> None:
        _draw(gauge, summary, outcome, from_top=from_top)

    inches, gap = (0.3, 0.1) if from_top else (0.4, 0.6)
    return Aside(inches, gap, _LABELS, 0.4, draw)


def brief_aside(
    summary: Summary, outcome: Outcome, size: float, *, from_top: bool = False
) -> Aside:
    """The same with all causes in one and its words at its right, in points."""
    never = phrases.never_probability(outcome)

    def draw(gauge: Axes, _: Room) -> None:
        bare_gauge(gauge)
        base = 1.0 - never if from_top else 0.0
        _fill(gauge, base, never, CAUSES[0])
        gauge.text(1.25, 0.5, brief_words(summary, outcome), size=size, va="center")

    # "30 Jun 2026" takes 0.087 inches for each point of its size.
    return Aside(size * 0.025, 0.06 if from_top else 0.14, size * 0.087, 0.0, draw)


def brief_words(summary: Summary, outcome: Outcome) -> str:
    """How many draws are never depleted, on lines as short as a date."""
    shown = percent_cell(phrases.never_probability(outcome), outcome.depleted_mc_error)
    return f"in {shown}\nnot by\n{short_date(summary.horizon)}"


def few_words(summary: Summary, outcome: Outcome, why: str = "") -> list[str]:
    """A sentence on the draws that are never depleted if they are too few for a gauge.

    Or, to say `why`, for something else.
    """
    never = phrases.never_probability(outcome)
    if never <= 0 or (never >= LEAST and not why):
        return []
    shown = percent(never, outcome.depleted_mc_error)
    return [phrases.capitalised(f"{not_by(summary.horizon)}: {shown} of simulations{why}.")]


def never_label(summary: Summary, outcome: Outcome) -> str:
    """The same on two lines."""
    shown = percent_cell(phrases.never_probability(outcome), outcome.depleted_mc_error)
    return f"not by {short_date(summary.horizon)}:\n{shown} of simulations"


def _draw(gauge: Axes, summary: Summary, outcome: Outcome, *, from_top: bool) -> None:
    """Fill the gauge cause by cause from below, or so that it ends at the top."""
    causes = _few_causes(outcome)
    bare_gauge(gauge)
    if not from_top:
        gauge.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"], size=SMALL)
    base = 1.0 - phrases.never_probability(outcome) if from_top else 0.0
    middles = []
    for cause, look in zip(causes, CAUSES, strict=False):
        _fill(gauge, base, cause.probability, look)
        middles.append(base + cause.probability / 2)
        base += cause.probability
    gauge.text(0, 1.03, never_label(summary, outcome), size=SMALL)
    if [cause.cause for cause in causes] == [phrases.HORIZON_CAUSE]:
        return
    labels = [_cause_label(cause, outcome.words) for cause in causes]
    heights = [0.05 * (1 + label.count("\n")) + _APART for label in labels]
    for y, label in zip(apart(middles, heights), labels, strict=True):
        gauge.text(1.15, y, label, size=SMALL, va="center")


def _fill(gauge: Axes, base: float, share: float, look: tuple[str, str]) -> None:
    """Hatch a part of the gauge; `look` is a colour and a hatch."""
    color, hatch = look
    hatched: Look = {"facecolor": "white", "edgecolor": color, "hatch": hatch, "linewidth": 0.8}
    gauge.bar(0.5, share, 1, base, **hatched)


def bare_gauge(gauge: Axes, wide: int = 1) -> None:
    """A frame from 0 to 1, without marks."""
    gauge.set_xlim(0, wide)
    gauge.set_ylim(0, 1)
    gauge.set_xticks([])
    gauge.set_yticks([])
    for spine in gauge.spines.values():
        spine.set_visible(True)
        spine.set_linewidth(0.6)


def _cause_label(cause: NeverCause, words: Words) -> str:
    lines = fitted(phrases.cause_words(cause.cause, words), SMALL, inches=_LABELS, lines=2)
    return "\n".join([*lines, percent_cell(cause.probability, cause.mc_error)])


def _few_causes(outcome: Outcome) -> list[NeverCause]:
    """The causes with the largest shares, the largest first; the small ones joined into one."""
    causes = sorted((c for c in outcome.never if c.probability > 0), key=lambda c: -c.probability)
    if not causes:
        return [NeverCause(phrases.HORIZON_CAUSE, phrases.never_probability(outcome), 0.0)]
    rest = causes[MOST_CAUSES:]
    if len(rest) < 2:
        return causes
    joined = NeverCause(
        "other causes", sum(c.probability for c in rest), sum(c.mc_error for c in rest)
    )
    return [*causes[:MOST_CAUSES], joined]


def apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles of labels stacked upwards in 0..1, near to where each is wanted."""
    placed, floor, ceiling = list(wanted), 0.0, 1.0
    for index, height in enumerate(heights):
        placed[index] = max(placed[index], floor + height / 2)
        floor = placed[index] + height / 2
    for index, height in reversed(list(enumerate(heights))):
        placed[index] = min(placed[index], ceiling - height / 2)
        ceiling = placed[index] - height / 2
    return placed
