"""Phrases about a comparison that terminal, pictures and files share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simulate.analysis.comparison import LETTERS, Against, Comparison, Order
from simulate.analysis.summary import Summary
from simulate.analysis.values import Instant, Shift
from simulate.report.text.citation import sentence
from simulate.report.text.headline import case_of
from simulate.report.text.phrases import (
    capitalised,
    certain_date,
    common_event,
    digest,
    drawn,
    error_note,
    event,
    headed,
    outcome_of,
    program,
    sampled,
    title_words,
    with_error,
)
from simulate.report.text.wording import (
    embedded,
    inert,
    instant_prose,
    percent,
    prose_date,
    shift_words,
)
from simulate.report.text.wrapping import shorten

_FILE_CELLS = 60


def letter(number: int) -> str:
    """The letter of a scenario by its place: A for the reference."""
    return LETTERS[number]


def event_words(comparison: Comparison, threshold: float) -> tuple[str, str]:
    """Subject and participle of what happens; neutral words where the scenarios differ."""
    outcomes = (outcome_of(summary, threshold) for summary in comparison.summaries)
    return common_event(map(event, outcomes), threshold)


def headlines(
    comparison: Comparison, threshold: float | None = None, *, named: bool = True
) -> Iterator[str]:
    """The result of each comparison in one line, for the largest threshold if none is given.

    The event comes first if it is to be `named`.
    """
    threshold = comparison.thresholds[-1] if threshold is None else threshold
    subject, done = event_words(comparison, threshold)
    about = f"{headed(subject, done)}, " if named else ""
    for against in comparison.against:
        other = letter(against.number)
        moved = median_words(comparison, against, threshold)
        yield f"{about}{other} against A: {moved}; {order_words(against, threshold)}"


def card_words(comparison: Comparison, threshold: float) -> tuple[str, str, str, str]:
    """Title, number, its meaning and the source of a card of two scenarios."""
    first, (against, *_) = comparison.summaries[0], comparison.against
    subject, done = event_words(comparison, threshold)
    moved, other = median_shift(against, threshold), letter(against.number)
    order = order_words(against, threshold)
    if moved.days is None:
        number, meaning = median_words(comparison, against, threshold), order
    else:
        shifted, _, error = _days(moved.days, moved.mc_error_days).partition(" (")
        apart = shifted.endswith("apart")
        number = f"A and {other} {shifted}" if apart else f"{other} {shifted} than A"
        meaning = f"median dates ({error}; {order}"
    files = " and ".join(
        f"{letter(i)} {digest(summary)}" for i, summary in enumerate(comparison.summaries)
    )
    source = f"{program(first)} · {drawn(first)} each, seed {first.run.seed} · scenarios {files}"
    title = f"Date by which {subject} is {done}"
    return title, capitalised(number), capitalised(meaning), source


def sentences(comparison: Comparison) -> str:
    """The citation: each scenario's date and interval, the shift, and which comes first."""
    threshold = comparison.thresholds[-1]
    parts = [
        f"Scenario {letter(number)}: {sentence(summary, outcome_of(summary, threshold))}"
        for number, summary in enumerate(comparison.summaries)
    ]
    for against in comparison.against:
        moved = median_words(comparison, against, threshold, cited=True)
        first = order_words(against, threshold, cited=True)
        parts.append(f"{capitalised(f'{letter(against.number)} against A')}: {moved}; {first}.")
    return " ".join(parts)


def note(comparison: Comparison) -> str:
    """The note under a table or picture: what is compared, and how it can be repeated."""
    first, threshold = comparison.summaries[0], comparison.thresholds[-1]
    cited = [
        at
        for summary in comparison.summaries
        for at in case_of(summary, outcome_of(summary, threshold)).quoted
    ]
    certain = all(
        certain_date(summary, outcome_of(summary, threshold)) for summary in comparison.summaries
    )
    what = (
        "no input is uncertain, so every draw of a scenario gives the same date"
        if certain
        else "90 % simulation intervals, equal-tailed (5th to 95th percentile)"
    )
    return (
        f"Note: {what}, given each "
        f"scenario’s assumptions. {scenarios_words(comparison)}. {drawn(first)} of each scenario, "
        f"{sampled(first)}, with the same random number for inputs of the same name."
        f"{error_note(cited)} {program(first)}, {inert(first.run.stream)}."
    )


def scenarios_words(comparison: Comparison) -> str:
    """`A: scenario “title”, file a.yaml, digest 0123; B: ...`."""
    parts = []
    for number, summary in enumerate(comparison.summaries):
        file = f"file {file_words(summary)}, " if file_words(summary) else ""
        title = f"scenario “{title_words(summary)}”"
        parts.append(f"{letter(number)}: {title}, {file}digest {digest(summary)}")
    return "; ".join(parts)


def file_words(summary: Summary) -> str:
    """The name of a scenario's file, ready for use in a phrase; empty if it has none."""
    return embedded(shorten(inert(summary.scenario.file), _FILE_CELLS))


PAIRING = (
    "shared: an input of the same name takes the same random number in both scenarios, so that "
    "common inputs have equal values in both, and inputs that differ lie at the same percentile "
    "of their ranges. independent: the same dates if the two had nothing in common."
)
"""The two kinds of draws."""


# --- the median ---


def median_shift(against: Against, threshold: float) -> Shift:
    """The shift of the median of one threshold."""
    return next(s for s in against.shifts if s.threshold == threshold and s.level == 0.5)


def median_words(
    comparison: Comparison, against: Against, threshold: float, *, cited: bool = False
) -> str:
    """`median 41.9 days later (± 0.1)`, or why there is no such number."""
    moved, other = median_shift(against, threshold), letter(against.number)
    if moved.days is not None:
        return (
            f"the median date is {_days(moved.days, moved.mc_error_days, cited=True)}"
            if cited
            else f"median {_days(moved.days, moved.mc_error_days)}"
        )
    horizons = [comparison.summaries[0].horizon, comparison.summaries[against.number].horizon]
    if moved.before.missing and moved.after.missing:
        return f"the median is reached in neither {_by(horizons)}"
    first, second = _in("A", moved.before, horizons[0]), _in(other, moved.after, horizons[1])
    return f"median {first}, {second}"


def _in(name: str, at: Instant, horizon: dt.date) -> str:
    words = instant_prose(at, horizon)
    return f"{words} in {name}" if at.date else f"“{words}” in {name}"


def _by(horizons: list[dt.date]) -> str:
    low, high = min(horizons), max(horizons)
    if low == high:
        return f"by {prose_date(low)}"
    return f"by the horizons, {prose_date(horizons[0])} and {prose_date(horizons[1])}"


def _days(days: float, error: float | None, *, cited: bool = False) -> str:
    size, _, spread = shift_words(days, error).partition(" ± ")
    way = {"+": " later", "-": " earlier"}.get(size[0], " apart")
    number = size.lstrip("+-")
    words = f"{number} {'day' if number in ('1', '1.0') else 'days'}{way}"
    return f"{words} (95 % Monte Carlo error {spread} days)" if cited else f"{words} (± {spread})"


# --- which comes first ---


def orders_of(against: Against, threshold: float) -> dict[str, Order]:
    """The two orders of a threshold, by the kind of draws."""
    return {order.draws: order for order in against.orders if order.threshold == threshold}


def order_words(against: Against, threshold: float, *, cited: bool = False) -> str:
    """`A comes first in 97 % of shared draws (95 % if the two were independent), B in 3 %`."""
    orders, other = orders_of(against, threshold), letter(against.number)
    neither = f"neither is reached by {prose_date(against.horizon)}"
    words = ("A comes first", f"{other} comes first", "both fall on the same day", neither)
    chances = zip(words, orders["shared"].chances, orders["independent"].chances, strict=True)
    shown = with_error if cited else percent
    found = [
        (
            words,
            shown(shared.probability, shared.mc_error),
            percent(alone.probability, alone.mc_error),
        )
        for words, shared, alone in chances
        if shared.probability > 0
    ]
    (first, share_of_draws, alone), *rest = found
    draws = "draws with shared random numbers" if cited else "shared draws"
    others = "".join(f", {words} in {probability}" for words, probability, _ in rest)
    return f"{first} in {share_of_draws} of {draws} ({alone} if the two were independent){others}"
