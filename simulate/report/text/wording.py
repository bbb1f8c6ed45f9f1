"""How numbers, dates and text from elsewhere are written, the same in every medium.

Months are English and decimal marks are dots whatever the locale. A percentage keeps a space before
its sign, and never rounds to a certainty that the draws do not have.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence

from simulate.analysis.values import Instant
from simulate.scenario.numerals import exact, first_digit, simple_part
from simulate.scenario.stocks import Amount, is_left

LARGE = {"billion": 1e9, "million": 1e6}
"""Numbers from which a word stands for the zeros."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

SETTLED_DAYS = 0.5
"""A printed date whose Monte Carlo error exceeds this many days is marked as unsettled."""

MARK = "~"
"""Precedes a date whose Monte Carlo error exceeds `SETTLED_DAYS`."""

MARKED = f"{MARK} Monte Carlo error above half a day."

EXACT_DAYS = 150
"""Dates further apart are rounded to a part of the month, a month or a year."""

_MONTHS, _YEARS = 300, 1100
"""Days between two dates from which the month, and the year, says enough."""

TOO_FEW = "too few draws"
# Whole escape sequences first (7-bit and 8-bit introducers): no "[31m" is left behind.
_TERMINAL_ESCAPE = (
    r"(?s)(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]).*?(?:\x07|\x1b\\|\x9c|$)"
    r"|\x1b[ -/]*[0-~]"
)
# Format characters that scripts need: joiners, and the Arabic, Syriac and Kaithi number signs.
_NEEDED_FORMAT = frozenset(
    "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd"
)


def inert(text: str) -> str:
    """Free text from elsewhere, made safe to show on one line.

    Terminal escape sequences, control characters, bidirectional overrides and isolates, invisible
    format characters, lone surrogates and non-characters are dropped; runs of white space
    (line breaks too) become one blank. Letters of every script stay as they are.
    """
    if not text.isprintable():  # one of these, or white space other than a blank
        text = re.sub(_TERMINAL_ESCAPE, "", text)
        text = "".join(_shown(character) for character in text)
    return " ".join(text.split())


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    category, code = unicodedata.category(character), ord(character)
    is_control = category in ("Cc", "Cs") or (category == "Cf" and character not in _NEEDED_FORMAT)
    is_unassigned = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return "" if is_control or is_unassigned else character


def visible(text: str) -> str:
    """A message of several lines, with a question mark for each control character.

    Every character keeps its place, so that a caret in the line below still points at it.
    """
    return "".join(sign if sign == "\n" else _shown(sign) or "?" for sign in text)


def embedded(text: str) -> str:
    """Inert text as a part of an English phrase.

    Right-to-left text is set between left-to-right marks; without them a number after it would
    appear on its other side.
    """
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        return f"\u200e{text}\u200e"
    return text


# --- dates ---


def prose_date(date: dt.date) -> str:
    """A date in running text: `14 April 2025`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def short_date(date: dt.date, days: int = 0) -> str:
    """A date where there is little room: `14 Apr 2025`, of a spread of many days `Apr 2025`."""
    month = f"{MONTHS[date.month - 1][:3]} {date.year}"
    return month if days > _MONTHS else f"{date.day} {month}"


def prose_pair(low: dt.date, high: dt.date, joiner: str, hedges: tuple[str, str] = ("", "")) -> str:
    """Two dates in running text, year and month once if they are the same: `10 to 28 May 2025`.

    `hedges` are put before the two dates ("about ").
    """
    first = prose_date(low)
    if low.year == high.year:
        first = f"{low.day}" if low.month == high.month else first.rpartition(" ")[0]
    return f"{hedges[0]}{first} {joiner} {hedges[1]}{prose_date(high)}"


def between_dates(low: dt.date, high: dt.date, exact: int = 21) -> str:
    """Two dates as exact as they are close: `between early February and mid-April 2025`.

    Up to `exact` days apart, or in one month, they are whole.
    """
    pair = rough_pair(low, high, "and", exact)
    return f"between {pair}" if low < high else f"on {prose_date(low)}"


def rough_pair(low: dt.date, high: dt.date, joiner: str, exact: int = EXACT_DAYS) -> str:
    """`3 February to 13 April 2025`, `mid-January to mid-September 2024`, `2031 to 2038`."""
    days = (high - low).days
    if days <= exact or (low.year, low.month) == (high.year, high.month):
        return prose_pair(low, high, joiner)
    first, last = (rough_date(date, days) for date in (low, high))
    if low.year == high.year:
        first = first.removesuffix(f" {low.year}")
    return f"{first} {joiner} {last}"


def medians_words(dates: Sequence[dt.date | None], horizon: dt.date, cause: str) -> str:
    """`median between early March and mid-April 2025, depending on the assumptions`.

    `median in late March 2029, or not by 1 January 2032, ...` where some have no date.
    """
    known = {date for date in dates if date is not None}
    if not known:
        return f"median {not_by(horizon)} in any case"
    span, late = between_dates(min(known), max(known)), ""
    if len({*dates}) == 1:
        return f"median {span} in any case"
    if None in dates:
        span = span if len(known) > 1 else f"in {rough_date(min(known), _MONTHS - 1)}"
        late = f", or {not_by(horizon)}"
    return f"median {span}{late}, depending on the {cause}"


def rough_date(date: dt.date, days: int, month: int = _MONTHS) -> str:
    """A date of a spread of days: `mid-March 2025`, `March 2025` from `month` on, or `2025`."""
    if days > _YEARS:
        return str(date.year)
    if days > month:
        return month_of(date)
    part = "early " if date.day <= 10 else "mid-" if date.day <= 20 else "late "
    return f"{part}{month_of(date)}"


def month_of(date: dt.date) -> str:
    """The month of a date in running text: `March 2025`."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def prose_period(first: dt.date, last: dt.date) -> str:
    """Days in running text: `10 to 20 April 2025`, `28 March to 4 April 2025`.

    Whole months and years have no days: `February 2026`, `March to May 2026`, `2024`.
    """
    after = last + dt.timedelta(1)
    if first.day > 1 or after.day > 1:
        return prose_date(last) if first == last else prose_pair(first, last, "to")
    if first.month == after.month == 1:
        return str(last.year) if first.year == last.year else f"{first.year} to {last.year}"
    begin = month_of(first) if first.year != last.year else MONTHS[first.month - 1]
    is_month = (first.year, first.month) == (last.year, last.month)
    return month_of(last) if is_month else f"{begin} to {month_of(last)}"


def either(spans: Sequence[str], shares: Sequence[str] = ()) -> str:
    """`20 May to 20 June (55 % of simulations) or 6 to 23 July 2025 (45 %)`, the same year once."""
    years = {year for span in spans for year in re.findall(r"\b\d{4}\b", span)}
    end = f" {min(years, default='')}" if len(years) == 1 else ""
    parts = [*(span.removesuffix(end) for span in spans[:-1]), spans[-1]]
    if shares:
        of = (f"{shares[0]} of simulations", *shares[1:])
        parts = [f"{part} ({share})" for part, share in zip(parts, of, strict=True)]
    return listed(parts, "or")


def not_by(horizon: dt.date) -> str:
    """A moment beyond the horizon, in running text."""
    return f"not by {prose_date(horizon)}"


def is_settled(at: Instant) -> bool:
    """Whether a date exists and its Monte Carlo error is at most half a day."""
    return at.date is not None and at.mc_error_days is not None and at.mc_error_days <= SETTLED_DAYS


def instant_prose(at: Instant, horizon: dt.date) -> str:
    """A moment in running text, with "about" where its Monte Carlo error exceeds half a day."""
    if at.date is None:
        return _missing(at, not_by(horizon))
    return hedge(at) + prose_date(at.date)


def instant_quoted(at: Instant, horizon: dt.date) -> str:
    """As `instant_prose`, with “not by” in quotation marks."""
    words = instant_prose(at, horizon)
    return words if at.date else f"“{words}”"


def middle_prose(at: Instant, horizon: dt.date) -> str:
    """A median as `instant_quoted`, or the whole gap that it falls in."""
    if at.gap is None:
        return instant_quoted(at, horizon)
    low, high = at.gap
    if high is None:
        return f"anywhere from {prose_date(low)} to “{not_by(horizon)}”"
    return f"anywhere from {prose_pair(low, high, 'to')}"


def instant_cell(at: Instant, horizon: dt.date) -> str:
    """A moment in a table: ISO 8601, marked `~` where its Monte Carlo error exceeds half a day."""
    if at.date is None:
        return _missing(at, f"not by {horizon.isoformat()}")
    return ("" if is_settled(at) else MARK) + at.date.isoformat()


def hedge(at: Instant) -> str:
    """`about ` before a date whose Monte Carlo error exceeds half a day, else nothing."""
    return "" if is_settled(at) else "about "


def _missing(at: Instant, beyond: str) -> str:
    return TOO_FEW if at.missing == "too_few_draws" else beyond


# --- numbers ---


def percent(probability: float, error: float | None = None) -> str:
    """A probability in running text: `74 %`, `74.3 %`, `under 1 %`, `over 99 %`.

    There is one decimal where the Monte Carlo error (a 95 % half-width) is below a percentage
    point, none where it is larger or unknown. `0 %` and `100 %` mean exactly 0 and 1.
    """
    if not 0 < probability < 1:
        return "100 %" if probability >= 1 else "0 %"
    decimals = percent_places(error)
    shown = f"{100 * probability:.{decimals}f}"
    if float(shown) == 0:
        return f"under {10**-decimals:g} %"
    if float(shown) == 100:
        return f"over {100 - 10**-decimals:g} %"
    return f"{shown} %"


def percent_cell(probability: float, error: float | None = None) -> str:
    """As `percent`, for tables and labels: `<1 %`, `>99 %`."""
    return percent(probability, error).replace("under ", "<").replace("over ", ">")


def percent_places(error: float | None) -> int:
    """Decimals of a percentage: down to the first digit of its error, one at most."""
    if error is None:
        return 0
    return 1 if error == 0 else min(max(first_digit(100 * error), 0), 1)


def points(error: float) -> str:
    """A Monte Carlo error of a probability in percentage points, rounded up: `0.3`, `13`."""
    return _rounded_up(100 * error)


def share(value: float, lost: str = "lost") -> str:
    """A threshold, or the probability of an interval: `30 %`, `13.5 left`, `5,000 lost`."""
    if isinstance(value, Amount):
        return f"{exact(value)} {'left' if is_left(value) else lost}"
    return f"{_exact_hundredth(value)} %"


def part(value: float) -> str:
    """A share in a sentence: `half`, `a third`, `30 %`."""
    return simple_part(value) or share(value)


def error_days(error: float, requested: float | None = None) -> str:
    """A Monte Carlo error in days, rounded up so that it is never understated: `0.3`, `13`.

    Fine enough to compare with the requested precision, if any: `0.038` beside 0.05.
    """
    if requested is None:
        return _rounded_up(error)
    return _rounded_up(error, max(1, 1 - math.floor(math.log10(requested))))


def shift_words(days: float, error: float | None) -> str:
    """Days by which a date moves, `+3.2 ± 0.3`; `-13 ± open` where the error has no upper end."""
    places = 0 if error is None or error >= 10 else 1
    shown = f"{days:+,.{places}f}"
    if float(shown.replace(",", "")) == 0:
        shown = shown.lstrip("+-")
    return f"{shown} ± {'open' if error is None else error_days(error)}"


def _rounded_up(value: float, places: int | None = None) -> str:
    """By default to tenths below 10, else to whole numbers."""
    if value == 0:
        return "0"
    places = int(value < 10) if places is None else places
    # Without the small allowance 0.3000000000000001 would become 0.4.
    digits = max(math.ceil(10.0**places * value - 1e-9), 1)
    return f"{digits / 10.0**places:,.{places}f}"


def listed(names: Sequence[str], joiner: str = "and") -> str:
    """`HUR, ISW and the ministry`."""
    return f" {joiner} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def in_words(count: int) -> str:
    """A number from one to ten in running text: `three`; others in digits."""
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count - 1] if 0 < count <= len(words) else grouped(count)


def grouped(count: int) -> str:
    """A whole number in running text: `131,072`."""
    return f"{count:,}"


def counted(count: int, thing: str) -> str:
    """`1 draw`, `131,072 draws`."""
    return f"{grouped(count)} {thing}{'' if count == 1 else 's'}"


# --- levels ---


def level_label(level: float) -> str:
    """`P5`, `P97.5`; the level 0.5 is `median`."""
    return "median" if level == 0.5 else f"P{_exact_hundredth(level)}"


def percentile(level: float) -> str:
    """`5th percentile`, `97.5th percentile`; the level 0.5 is `median`."""
    return "median" if level == 0.5 else f"{ordinal(level)} percentile"


def ordinal(level: float) -> str:
    """The rank of a level: `5th`, `21st`, `97.5th`."""
    number = _exact_hundredth(level)
    if "." in number or number[-2:] in ("11", "12", "13"):
        return f"{number}th"
    return number + {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")


def _exact_hundredth(value: float) -> str:
    return f"{100 * value:.10g}"
