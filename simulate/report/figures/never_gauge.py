"""The draws that are never depleted, as a gauge from 0 to 100 % beside a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import NeverCause
from simulate.report.figures.style import (
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SMALL,
    TINY,
    fitted,
)
from simulate.report.text.phrases import (
    HORIZON_CAUSE,
    cause_words,
    never_error,
    never_probability,
)
from simulate.report.text.wording import percent_cell, short_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELS_INCHES = 1.3
"""Room that the labels need at the right of the gauge."""

MOST_CAUSES = 4

# A second cue beside each colour. No dots: a pattern of them is ten times the rest of the picture.
_LOOKS = ((ORANGE, "////"), (GREEN, "\\\\\\\\"), (PURPLE, "xxxx"), (SKY, "----"), (GREY, "++++"))


def draw_never(
    figure: Figure, gauge: Axes, summary: Summary, outcome: Outcome, *, from_top: bool = False
) -> None:
    """A gauge from 0 to 100 %, filled cause by cause from below, or so that it ends at the top."""
    causes = _few_causes(outcome)
    _frame(gauge)
    if not from_top:
        gauge.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"], size=TINY)
    base = 1.0 - never_probability(outcome) if from_top else 0.0
    middles = []
    for cause, (color, hatch) in zip(causes, _LOOKS, strict=False):
        gauge.bar(
            0.5,
            cause.probability,
            1,
            base,
            facecolor="white",
            edgecolor=color,
            hatch=hatch,
            linewidth=0.8,
        )
        middles.append(base + cause.probability / 2)
        base += cause.probability
    shown = percent_cell(never_probability(outcome), never_error(outcome))
    gauge.text(0, 1.03, f"not by {short_date(summary.horizon)}:\n{shown} of draws", size=SMALL)
    if [cause.cause for cause in causes] == [HORIZON_CAUSE]:
        return
    labels = [_cause_label(figure, cause) for cause in causes]
    for y, label in zip(
        _apart(middles, [0.05 * (1 + label.count("\n")) for label in labels]), labels, strict=True
    ):
        gauge.text(1.15, y, label, size=SMALL, va="center")


def draw_never_briefly(
    gauge: Axes, summary: Summary, outcome: Outcome, *, size: float, from_top: bool = False
) -> None:
    """The same where there is little room: all causes in one, the words at its right."""
    never = never_probability(outcome)
    _frame(gauge)
    base = 1.0 - never if from_top else 0.0
    gauge.bar(0.5, never, 1, base, facecolor="white", edgecolor=INK, hatch="////", linewidth=0.8)
    shown = percent_cell(never, never_error(outcome))
    words = f"{shown}\nof draws\nnot by\n{short_date(summary.horizon)}"
    gauge.text(1.25, 0.5, words, size=size, va="center")


def _frame(gauge: Axes) -> None:
    gauge.set_xlim(0, 1)
    gauge.set_ylim(0, 1)
    gauge.set_xticks([])
    gauge.set_yticks([])
    for spine in gauge.spines.values():
        spine.set_visible(True)
        spine.set_linewidth(0.6)


def _cause_label(figure: Figure, cause: NeverCause) -> str:
    lines = fitted(figure, cause_words(cause.cause), SMALL, inches=LABELS_INCHES, lines=2)
    return "\n".join([*lines, percent_cell(cause.probability, cause.mc_error)])


def _few_causes(outcome: Outcome) -> list[NeverCause]:
    """The causes with the largest shares, the largest first; the small ones joined into one."""
    causes = sorted((c for c in outcome.never if c.probability > 0), key=lambda c: -c.probability)
    if not causes:
        return [NeverCause(HORIZON_CAUSE, never_probability(outcome), 0.0)]
    rest = causes[MOST_CAUSES:]
    if len(rest) < 2:
        return causes
    joined = NeverCause(
        "other causes", sum(c.probability for c in rest), sum(c.mc_error for c in rest)
    )
    return [*causes[:MOST_CAUSES], joined]


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles of labels stacked upwards in 0..1, near to where each is wanted."""
    placed: list[float] = []
    floor = 0.0
    for y, height in zip(wanted, heights, strict=True):
        middle = max(y, floor + height / 2)
        placed.append(middle)
        floor = middle + height / 2
    ceiling = 1.0
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], ceiling - heights[index] / 2)
        ceiling = placed[index] - heights[index] / 2
    return placed
