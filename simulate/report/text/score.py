"""Phrases about scores that terminal, page and files share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simulate.analysis.score import Assessment, IntervalScore, Resolution
from simulate.analysis.track_record import TrackRecord
from simulate.report.text.wording import ordinal, percent, prose_date, prose_period, share
from simulate.scenario.numerals import exact
from simulate.scenario.stocks import Amount

HEADER = "score (smaller is better)", "forecast", "straight line"

_CRPS = (
    "CRPS (continuous ranked probability score): how far the distribution lies from the outcome; "
    "for a single date, the days by which it is off."
)
_INTERVAL = (
    "Interval score: width of the interval, plus 2 / (1 - probability) days for each day by which "
    "it misses the outcome."
)
_LINE = "Straight line: the date that the medians of the inputs give at an unchanging rate."
NOTES = (_CRPS, _INTERVAL, _LINE)


def resolution_words(resolution: Resolution) -> str:
    """`14 April 2025`, `1 to 10 April 2025`, `not by 12 February 2026`."""
    if resolution.last is None:
        return f"not by {prose_date(resolution.known_on)}"
    return prose_period(resolution.first, resolution.last)


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


def level_words(found: Assessment) -> str:
    """`lies at the 96th percentile of the simulated dates`."""
    low, high, level = found.forecast.low, found.forecast.high, found.forecast.level
    if _is_open(found):
        return f"rules out {percent(low)} of the simulations"
    if high <= 0 or low >= 1:
        return f"lies {'after' if low >= 1 else 'before'} all simulated dates"
    if not _is_dated(found):
        return f"lies between {percent(low)} and {percent(high)} of the simulated dates"
    place = f"at the {ordinal(round(level, 2))}"
    if not 0.005 <= level < 0.995:
        place = "above the 99th" if level > 0.5 else "below the 1st"
    return f"lies {place} percentile of the simulated dates"


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
    """`The outcome, 14 April 2025, lies at the 96th percentile of the simulated dates`."""
    return f"The outcome, {resolution_words(found.resolution)}, {level_words(found)}"


def crps_line(found: Assessment) -> str:
    """`CRPS 12.3 days; the single date alone would have been off by 38 days`."""
    own, straight = (days_words(one.crps_days) for one in (found.forecast, found.straight))
    date = found.record.straight_date
    single = "the straight line, which gives no date,"
    if date is not None:
        single = f"the single date {prose_date(date)} alone"
    if found.straight.crps_days == 0:
        return f"CRPS {own} days; {single} agrees with all that is known"
    at_least = "" if _is_dated(found) else "at least "
    return f"CRPS {own} days; {single} would have been off by {at_least}{straight} days"


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
    what = "1 forecast" if n == 1 else f"{n:,} forecasts"
    known = f"the outcome of {resolved:,} is known" if resolved else "no outcome is known yet"
    return f"{what}; {known}."


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


def threshold_cell(threshold: float) -> str:
    """`50 %`, `1,000 left`, `5,000 lost`."""
    if isinstance(threshold, Amount):
        return f"{exact(threshold)} {threshold.kind}"
    return share(threshold)
