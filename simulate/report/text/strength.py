"""Strength over time and later counts, in words and rows for terminal, pictures and files."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from simulate.analysis.summary import Bands, CountPoint, ObservedCheck, StrengthOverTime, Summary
from simulate.report.text import wording
from simulate.report.text.amounts import brief
from simulate.report.text.calendar import ticks
from simulate.report.text.phrases import (
    capitalised,
    event,
    label_words,
    main_outcome,
    undated,
    words_of,
)
from simulate.report.text.rate import day_words, has, numbers
from simulate.report.text.wording import (
    level_label,
    ordinal,
    points,
    prose_date,
    prose_pair,
    short_date,
)
from simulate.report.text.wrapping import shorten
from simulate.scenario.nouns import units
from simulate.scenario.numerals import count, stated
from simulate.scenario.words import Words

_WORD_CELLS = 22
LINE_CELLS = 60
"""Of a label in a picture, which may have two lines."""

_CHANGE = 1e-3
"""A smaller change, relative to the largest value, gets no row and no room on an axis."""

_SHOWN = 3
"""Counts published later that are shown from each end of a long list."""

OUTER = (0.05, 0.5, 0.95)

Row = tuple[str, Sequence[float], Sequence[float]]
"""Label of a level, then the values and errors of a quantity at each date."""


def quantities(summary: Summary, most: int = _WORD_CELLS) -> tuple[str, str]:
    """What the two panels and the columns show: `Soldiers present`, `Soldiers lost`."""
    main, unit = main_outcome(summary), short_words(summary.unit)
    present = f"usable {unit}" if "force.usable" in summary.laws else unit
    lost = f"{unit} {short_words(main.lost, most)}"
    return capitalised(f"{present} {main.words.present}"), capitalised(lost)


def short_words(text: str, most: int = _WORD_CELLS) -> str:
    """A label from the scenario, cut to fit beside others: to so many cells."""
    return shorten(label_words(text), most)


_SECOND = "force.counts[1].date"

_ROUNDING = 1e-12
"""Share of the largest strength below which a number is none."""


def reach(strength: StrengthOverTime) -> float:
    """The largest strength at the first date, the scale for all others."""
    return max((values[0] for values in strength.present.values), default=0.0)


def scaled_quantities(
    summary: Summary, strength: StrengthOverTime, most: int = _WORD_CELLS
) -> tuple[tuple[str, str], float]:
    """`quantities`, and how much one is: for thousands of `Million euros`, `Euros` and 1e6."""
    names = quantities(summary, most)
    size, _, rest = summary.unit.partition(" ")
    if not rest or size not in wording.LARGE or reach(strength) < 1000:
        return names, 1.0
    present, lost = (capitalised(re.sub(rf"(?i)\b{size} ", "", name, count=1)) for name in names)
    return (present, lost), wording.LARGE[size]


def last_change(strength: StrengthOverTime) -> int:
    """Index of the first date after which no printed figure changes."""
    series = [*strength.present.values, *strength.lost.values]
    return _last_change(series) or len(strength.dates) - 1


def changes_to_the_end(summary: Summary, strength: StrengthOverTime) -> bool:
    """Whether printed figures change in the last tenth of the simulated time."""
    first, last = strength.dates[0], strength.dates[last_change(strength)]
    return 10 * (summary.horizon - last) < summary.horizon - first


def _last_change(series: Sequence[Sequence[float]]) -> int:
    final = [values[-1] for values in series]
    scale = max((max(values) for values in series), default=0.0)
    for k in reversed(range(len(final and series[0]) - 1)):
        if any(abs(v[k] - end) > _CHANGE * scale for v, end in zip(series, final, strict=True)):
            return k + 1
    return 0


def round_dates(
    strength: StrengthOverTime,
    answer: dt.date | None = None,
    *,
    since: dt.date | None = None,
    certain: bool = False,
) -> list[int]:
    """Indices of about eight round dates between the count and the last change of what is present.

    Where all that comes in is lost at once, losses go on with nothing to be seen. The first is not
    before `since`, the last not before the `answer`, the median date; a certain one is among them.
    """
    dates = strength.dates
    last = _last_change(strength.present.values) or last_change(strength)
    at_answer = bisect_left(dates, answer or dates[0], hi=len(dates) - 1)
    last = max(last, at_answer)
    first = since or min((claim.date for claim in strength.claims), default=dates[0])
    if not dates[0] <= first < dates[last]:
        first = dates[0]
    days = [mark.day for mark in ticks(first.toordinal(), dates[last].toordinal(), most=10)]
    known = [date.toordinal() for date in dates]
    nearest = {min(range(len(known)), key=lambda k: abs(known[k] - day)) for day in days}
    if (certain and answer in dates) or at_answer > max(nearest, default=last):
        nearest.add(at_answer)
    return sorted(nearest or {0, last})


def is_line(bands: Bands) -> bool:
    """Whether all levels are the same at every date."""
    return all(len(set(values)) == 1 for values in zip(*bands.values, strict=True))


def goes_on(summary: Summary) -> str:
    """That losses go on with what comes in once nothing else is left to lose; or empty.

    `Once the stock is down to 300 guided bombs, what comes in is used up at once.`
    """
    found, main = summary.strength, main_outcome(summary)
    if found is None or main.threshold != 1:
        return ""
    present = _last_change(found.present.values)
    if not present or _last_change(found.lost.values) <= present:
        return ""
    if not has(summary.laws, "inflow["):
        return ""
    subject, done = event(main)
    subject, done = subject.removesuffix(" (100 %)"), done.removesuffix(main.words.by_level)
    return f"Once {subject} is {done}, what comes in is {label_words(main.lost)} at once."


def counted_since(summary: Summary) -> dt.date | None:
    """The first day from which the losses of a stock count, where the record begins before it."""
    law = summary.laws.get(_SECOND) or summary.laws.get("force.as_of")
    first = law.quantiles[0].value if law else None
    if not isinstance(first, dt.date) or summary.strength is None:
        return None
    return first if (first - summary.strength.dates[0]).days > 1 else None


def shown_from(summary: Summary, strength: StrengthOverTime) -> dt.date:
    """The first day of a picture: that of a stock, of which nothing was said before."""
    since = None if _SECOND in summary.laws else counted_since(summary)
    return since or strength.dates[0] + dt.timedelta(days=1)


def counted_from(summary: Summary) -> str:
    """From when on losses of a stock that was counted twice are shown; or empty.

    `Guided bombs used up: from 10 February 2025, the second count, on.`
    """
    law = summary.laws.get(_SECOND)
    if law is None or counted_since(summary) is None:
        return ""
    return f"{quantities(summary)[1]}: from {day_words(law.quantiles)}, the second count, on."


def band(bands: Bands, strength: StrengthOverTime, level: float) -> Row | None:
    """One level of a quantity, None where the draws do not support it.

    An error of rounding is zero.
    """
    if level not in strength.levels:
        return None
    k, least = strength.levels.index(level), _ROUNDING * reach(strength)
    values = tuple(0.0 if abs(value) < least else value for value in bands.values[k])
    return level_label(level), values, bands.mc_errors[k]


def spans(strength: StrengthOverTime, bands: Bands, k: int) -> str:
    """A quantity at one date: `7,012 (5th to 95th percentile 5,120 to 8,431)`, `2.69 billion`."""

    def shown(value: float, error: float) -> str:
        is_large = value >= min(wording.LARGE.values())
        return brief(value) if is_large else count(value, error, reach(strength))

    rows = (band(bands, strength, level) for level in OUTER)
    low, middle, high = (row and shown(row[1][k], row[2][k]) for row in rows)
    if low is None or high is None or low == high:
        return middle or ""
    return f"{middle} (5th to 95th percentile {low} to {high})"


# --- counts published later ---


def observed_lines(summary: Summary, *, verbose: bool = True) -> Iterator[str]:
    """Where each count published later falls: a sentence with errors, or only the percentile."""
    for check in summary.observed:
        label = undated(check.label, check.date)
        if not verbose:
            is_dated = wording.month_of(check.date) in label
            when = "" if is_dated else f", {short_date(check.date)}"
            yield f"{label}{when}: {reported(check)}, {_place(check)}"
            continue
        counted = units(reported(check), label_words(summary.unit))
        error = max(point.mc_error for point in check.reported)
        fall = fall_words(check, words_of(summary))
        fall += f" (± {points(error)} points)" if error > 0 else ""
        day = prose_date(check.date)
        yield f"{reporter(check)}{counted} by {day} {fall}{_simulated(check)}"


def reporter(check: ObservedCheck) -> str:
    """`UK Ministry of Defence: `, before a number and its date; empty if that is all."""
    label = undated(check.label, check.date)
    return "" if label == prose_date(check.date) else f"{label}: "


def hidden(counts: Sequence[object], *, verbose: bool) -> slice:
    """The counts in the middle of a long list, which only `verbose` shows."""
    long = len(counts) > 2 * _SHOWN and not verbose
    return slice(_SHOWN, len(counts) - _SHOWN) if long else slice(0)


def hidden_words(hidden: slice) -> str:
    """How many they are, and where to find them; or empty."""
    n = hidden.stop - (hidden.start or 0)
    return f"{n} more in between. In full: -v, or observed.csv." if n else ""


def reported(check: ObservedCheck) -> str:
    """`4,700` or `4,715 to 4,985`."""
    numbers = [point.losses for point in check.reported]
    low, high = (stated(end, numbers[-1] - numbers[0]) for end in (numbers[0], numbers[-1]))
    return low if low == high else f"{low} to {high}"


def fall_words(check: ObservedCheck, words: Words) -> str:
    """`fall at the 31st to 38th percentile of the simulated losses`."""
    where = _place(check)
    verb = "reach" if where.startswith("from") else "fall"
    return f"{verb} {place_words(check, words)}"


def place_words(check: ObservedCheck, words: Words) -> str:
    """`at the 31st to 38th percentile of the simulated losses`."""
    return f"{_place(check)} of the simulated {words.losses}"


def _place(check: ObservedCheck) -> str:
    """`at the 31st to 38th percentile`."""
    low, high = (round(100 * check.reported[end].level) for end in (0, -1))
    first, last = map(_rank, (low, high))
    if first == last:
        where = f"{'at ' if 0 < low < 100 else ''}{first}"
    elif low <= 0 and high == 1:
        where = f"at or below {last}"
    elif high >= 100 and low == 99:
        where = f"at or above {first}"
    elif low <= 0 or high >= 100:
        where = f"from {first} to {last}"
    else:
        where = f"at {first} to {last.removeprefix('the ')}"
    return f"{where} percentile"


def _rank(percent: int) -> str:
    if percent <= 0:
        return "below the 1st"
    return "above the 99th" if percent >= 100 else f"the {ordinal(percent / 100)}"


def _simulated(check: ObservedCheck) -> str:
    values = numbers(check.simulated)
    spread = max(values, default=0.0) - min(values, default=0.0)
    pairs = zip(check.simulated, values, strict=True)
    at = {q.level: count(value, q.mc_error, spread) for q, value in pairs}
    low, middle, high = map(at.get, OUTER)
    if middle is None:
        return ""
    words = f"; simulated: median {middle}"
    return words if low is None else f"{words}, 5th to 95th percentile {low} to {high}"


# --- counts as points ---


def claim_words(claim: CountPoint, unit: str) -> str:
    """`Zelensky, interview: 3,748 soldiers (3,237 to 4,195) up to 4 January 2025 (...)`.

    The last day counted is the one before the day at whose beginning a count ends.
    """
    ends = (claim.count, claim.low, claim.high)
    words, low, high = (stated(value, claim.high - claim.low) for value in ends)
    if claim.low < claim.high:
        words += f" ({low} to {high})"
    day, first, last = (
        date - dt.timedelta(days=1) for date in (claim.date, claim.earliest, claim.latest)
    )
    spread = f" ({prose_pair(first, last, 'to')})" if first < last else ""
    return f"{label_words(claim.label)}: {units(words, unit)} up to {prose_date(day)}{spread}"
