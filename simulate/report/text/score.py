"""Phrases about scores that terminal, page and files share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simulate.analysis.score import Assessment, IntervalScore, Resolution
from simulate.analysis.track_record import TrackRecord
from simulate.report.text.wording import counted, prose_date, prose_period, share

_MOST = 0.9
"""The probability of the range that the result line names."""

HEADER = "score (smaller is better)", "forecast", "straight line"

_CRPS = (
    "CRPS (continuous ranked probability score): how far the forecast lies from the outcome, in "
    "days; for a single date, the days by which it is off. 0 is perfect."
)
_INTERVAL = (
    "Interval score: width of the interval, plus 2 / (1 - probability) days for each day by which "
    "it misses the outcome."
)
_BRIER = (
    "Brier score: squared error of the probability by that date; always saying 50 % scores 0.25."
)
_CERTAIN = "the single date from the median of each input, arrivals included, at a constant rate"
NO_SOURCE = "who says so? The outcome is recorded without a source; record it again with one"
_LEVEL = "level: the share of simulations before the outcome."
_CRPS_IN_SHORT = "CRPS: how far the forecast lies from the outcome; 0 is perfect."
_LINE_IN_SHORT = f"line: days by which the straight line ({_CERTAIN}) was off."
REGISTER_NOTES = (_LEVEL, _CRPS_IN_SHORT, _LINE_IN_SHORT)


def resolution_words(resolution: Resolution) -> str:
    """`14 April 2025`, `1 to 10 April 2025`, `not by 12 February 2026`."""
    if resolution.last is None:
        return f"not by {prose_date(resolution.known_on)}"
    return prose_period(resolution.first, resolution.last)


def hindsight_words(resolution: Resolution, latest: dt.date) -> str:
    """That a forecast was updated on a report later than its outcome."""
    return (
        f"the forecast was updated on a report of {prose_date(latest)}, when the outcome, "
        f"{resolution_words(resolution)}, could be known: it is no forecast of it"
    )


def resolution_cell(resolution: Resolution) -> str:
    """The same in two lines of a table."""
    if resolution.last is None:
        return f"not by\n{resolution.known_on}"
    if resolution.first == resolution.last:
        return resolution.first.isoformat()
    return f"{resolution.first}\n{resolution.last}"


def days_words(days: float) -> str:
    """`12.3`, or whole days from 100 on."""
    return f"{days:,.1f}" if days < 99.95 else f"{days:,.0f}"


def place_words(found: Assessment) -> str:
    """`came later than 96 of 100 simulations`."""
    low, high, level = found.forecast.low, found.forecast.high, found.forecast.level
    if _is_open(found):
        return f"in {_of_100(low)} {'it had' if low > 0 else 'had it'}"
    if high <= 0 or low >= 1:
        return f"came {'later' if low >= 1 else 'earlier'} than all simulations"
    if _is_dated(found):
        word, share = ("later", level) if level >= 0.5 else ("earlier", 1 - level)
        return f"came {word} than {_of_100(share)}"
    return f"came later than {_of_100(low)}, earlier than {_of_100(1 - high)}"


def _of_100(share: float) -> str:
    """`96 of 100 simulations`; neither none nor all where that is not exact."""
    if not 0 < share < 1:
        return "all simulations" if share >= 1 else "no simulation"
    n = round(100 * share)
    count = {0: "fewer than 1", 100: "more than 99"}.get(n, str(n))
    return f"{count} of 100 simulations"


def range_words(found: Assessment) -> str:
    """`outside the range that nine in ten fall into`; empty where that is open."""
    held = next(one.held for one in found.forecast.intervals if one.probability == _MOST)
    where = {True: "inside", False: "outside", None: ""}[held]
    return f"{where} the range that nine in ten fall into" if where else ""


def _is_open(found: Assessment) -> bool:
    """Whether it had not happened as far as is scored."""
    return found.resolution.last is None or found.resolution.first > found.record.horizon


def _is_dated(found: Assessment) -> bool:
    """Whether it happened on a single day."""
    return found.resolution.first == found.resolution.last and not _is_open(found)


def level_cell(found: Assessment) -> str:
    """`96 %`, `93-100 %`."""
    levels = (found.forecast.low, found.forecast.high)
    low, high = (f"{100 * level:.0f}" for level in levels)
    if _is_dated(found) or low == high:
        return f"{100 * found.forecast.level:.0f} %"
    return f"{low}-{high} %"


def outcome_line(found: Assessment) -> str:
    """`The outcome, 14 April 2025, came later than 96 of 100 simulations: outside ...`."""
    said = f"The outcome, {resolution_words(found.resolution)}, {place_words(found)}"
    if _is_open(found):
        said = f"It had not happened by {prose_date(scored_up_to(found))}; {place_words(found)}"
    where = range_words(found)
    return f"{said}: {where}" if where else said


def crps_line(found: Assessment) -> str:
    """`The forecast scores 12.3 days (CRPS; 0 is perfect); the straight ... was off by 38`."""
    own, straight = (days_words(one.crps_days) for one in (found.forecast, found.straight))
    date = found.record.straight_date
    single = "the straight line, which gives no date,"
    if date is not None:
        single = f"the straight line’s single date, {prose_date(date)},"
    said = f"The forecast scores {own} days (CRPS; 0 is perfect)"
    if found.straight.crps_days == 0:
        return f"{said}; {single} agrees with all that is known"
    at_least = "" if _is_dated(found) else "at least "
    return f"{said}; {single} was off by {at_least}{straight} days"


def headline(found: Assessment) -> str:
    """The result line."""
    return f"{outcome_line(found)}. {crps_line(found)}."


def rows(found: Assessment) -> Iterator[tuple[str, str, str]]:
    """The scores of the forecast and of the straight line, in the columns of `HEADER`."""
    own, straight = found.forecast, found.straight
    yield "CRPS, days", days_words(own.crps_days), days_words(straight.crps_days)
    for one, other in zip(own.intervals, straight.intervals, strict=True):
        name = f"interval score {share(one.probability)}, days"
        yield name, f"{days_words(one.score_days)} ({_held(one)})", days_words(other.score_days)
    for by, other_by in zip(own.by, straight.by, strict=True):
        name = f"Brier score, by {by.date.isoformat()}"
        yield name, f"{by.score:.3f}", f"{other_by.score:.3f}"


def _held(one: IntervalScore) -> str:
    if one.held is None:
        return "open"
    return "outcome inside" if one.held else "outcome outside"


def notes(found: Assessment) -> Iterator[str]:
    """What each score means, and what is good."""
    yield scored_words(found)
    yield from (_CRPS, _INTERVAL)
    if found.forecast.by:
        yield _BRIER
    date = found.record.straight_date
    which = f" ({prose_date(date)})" if date else ""
    yield f"Straight line: {_CERTAIN}{which}."


def scored_up_to(found: Assessment) -> dt.date:
    """The last day that is scored."""
    resolution, horizon = found.resolution, found.record.horizon
    return horizon if resolution.last else min(resolution.known_on, horizon)


def scored_words(found: Assessment) -> str:
    """Up to which day is scored, and from which day to which not."""
    words = f"Scored up to {prose_date(scored_up_to(found))}"
    resolution = found.resolution
    if resolution.last is not None and resolution.first != resolution.last:
        words += f", without {resolution_words(resolution)}, where the outcome is not known"
    return f"{words}."


# --- a register ---


def count_words(n: int, resolved: int) -> str:
    """`12 forecasts; the outcome of 9 is known`, as a sentence."""
    known = f"the outcome of {resolved:,} is known" if resolved else "no outcome is known yet"
    return f"{counted(n, 'forecast')}; {known}."


def coverage_words(record: TrackRecord) -> Iterator[tuple[str, str]]:
    """`90 % interval`, `held the outcome in 8 of 9 cases (89 %)`, for each probability."""
    for one in record.coverage:
        percent = f" ({100 * one.held / one.decided:.0f} %)" if one.decided else ""
        yield f"{share(one.probability)}", f"{one.held} of {one.decided}{percent}"


def mean_words(record: TrackRecord) -> str:
    """The mean scores beside each other; empty without an outcome."""
    if record.crps_days is None or record.straight_crps_days is None:
        return ""
    own, straight = days_words(record.crps_days), days_words(record.straight_crps_days)
    words = f"Mean CRPS {own} days; single dates alone were off by {straight} days on average"
    if record.n_open:
        words += f" ({record.n_open:,} of {record.n:,} had not happened, and count up to that date)"
    return f"{words}."
