"""A picture of 1200 x 675 pixels for social media: the number in large type, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, Summary
from simulate.report.figures.frame import MARGIN
from simulate.report.figures.style import BLUE, GREY, INK, fitted, text_width
from simulate.report.text.phrases import (
    capitalised,
    certain_date,
    digest,
    drawn,
    equal_tailed,
    event,
    horizon_phrase,
    never_error,
    never_probability,
    program,
    sources,
)
from simulate.report.text.wording import (
    hedge,
    inert,
    instant_prose,
    not_by,
    percent,
    prose_date,
    prose_pair,
    share,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CARD_SIZE = (8.0, 4.5)
"""Inches: 1200 x 675 at the 150 dots an inch of all pictures."""

CARD_WORDS = 10.0
BODY_BOTTOM = 0.92
"""Inches from the lower edge of the card to the axis of its picture."""

_INTERVAL = 0.9
_TITLE, _WHAT, _LARGEST = 13.0, 11.0, 32.0
_TOP = 0.22


def number_and_meaning(summary: Summary, outcome: Outcome) -> tuple[str, str]:
    """The number of a card, and what it is."""
    horizon = summary.horizon
    interval = equal_tailed(outcome, _INTERVAL)
    whole = capitalised(" ".join(event(outcome)).removeprefix("the "))
    rest = percent(never_probability(outcome), never_error(outcome))
    unchosen = " (default horizon)" if horizon_phrase(summary, outcome) else ""
    never = f"; {not_by(horizon)} in {rest} of draws{unchosen}"
    never = never if never_probability(outcome) > 0 else ""
    if outcome.depleted_probability <= 0:
        return capitalised(not_by(horizon)), f"{whole}: in none of {drawn(summary)}{unchosen}"
    certain = certain_date(summary, outcome)
    if certain:
        meaning = "no input is uncertain, given the scenario’s assumptions"
        return prose_date(certain), f"{whole}: {meaning}"
    middle = instant_prose(outcome.median, horizon)
    ends = () if interval is None else (interval.low, interval.high)
    if interval is None or any(end.missing == "too_few_draws" for end in ends):
        if outcome.median.missing == "too_few_draws":
            return "No date can be given", f"{whole}: {drawn(summary)} are too few"
        told = f"{whole}: median of {drawn(summary)}, too few for an interval"
        return capitalised(middle), f"{told}{never}"
    meaning = f"{whole}: {share(_INTERVAL)} simulation interval, given the scenario’s assumptions"
    low, high = interval.low, interval.high
    if low.date is None:
        number = capitalised(not_by(horizon))
    elif high.date is None:
        number = f"{capitalised(instant_prose(low, horizon))} to “{not_by(horizon)}”"
    elif low.date == high.date:
        number = capitalised(instant_prose(low, horizon))
    else:
        number = prose_pair(low.date, high.date, "to", (hedge(low), hedge(high)))
        number = capitalised(number)
    return number, f"{meaning}{never}"


def write_card(figure: Figure, summary: Summary, outcome: Outcome) -> float:
    """Give the figure its size, write the words of a card, and tell how high the rest may reach.

    Returns
    -------
    float
        Inches from the lower edge of the card to the lowest word above the picture.
    """
    return write_words(figure, summary, *number_and_meaning(summary, outcome))


def write_words(figure: Figure, summary: Summary, number: str, meaning: str) -> float:
    """The same for a number and its meaning in words."""
    run = summary.run
    parts = [f"scenario {digest(summary)}", program(summary), f"{drawn(summary)}, seed {run.seed}"]
    title, below = inert(summary.scenario.title), (sources(summary), " · ".join(parts))
    return write_around(figure, title, number, meaning, *below)


def write_around(figure: Figure, title: str, number: str, meaning: str, *below: str) -> float:
    """The same for any title and lines below the picture, each fit to be shown."""
    figure.set_size_inches(*CARD_SIZE)
    width, height = CARD_SIZE
    inches = width - 2 * MARGIN
    at_full = text_width(figure, number, _LARGEST, "bold")
    large = min(_LARGEST, 0.98 * _LARGEST * inches / at_full)
    y = height - _TOP
    for lines, size, weight, color in (
        (fitted(figure, title, _TITLE, inches=inches, lines=2, weight="bold"), _TITLE, "bold", INK),
        ([number], large, "bold", BLUE),
        (fitted(figure, meaning, _WHAT, inches=inches, lines=3), _WHAT, "normal", INK),
    ):
        for line in lines:
            figure.text(
                MARGIN / width,
                y / height,
                line,
                size=size,
                weight=weight,
                color=color,
                va="top",
            )
            y -= size * 1.25 / 72
        y -= 0.09
    for number_below, text in enumerate(reversed(below)):
        (shown,) = fitted(figure, text, 9.0, inches=inches, lines=1)
        at = (0.12 + 0.16 * number_below) / height
        figure.text(MARGIN / width, at, shown, size=9.0, color=GREY, va="bottom")
    return y
