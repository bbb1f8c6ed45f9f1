"""The loss rate and what it rests on."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from simulate.analysis.summary import ClaimSummary, InputSummary, Outcome, Summary
from simulate.analysis.values import Interval, ValueQuantile
from simulate.report.text import amounts, phrases, wording
from simulate.scenario.nouns import units
from simulate.scenario.numerals import exact, number
from simulate.scenario.stocks import DAYS_IN

Quantiles = Sequence[ValueQuantile]

_HELD = ((0.0, 0.0), (0.34, 0.26), (0.68, 0.45), (1.25, 0.63), (2.23, 0.76))
"""Width of a 90 % interval, in days ahead of its median, and how often one would hold the outcome.

Back-tests of 38 series of losses, 2026: weekly origins, windows of 14, 41 and 90 days, 30, 90 and
180 days ahead, with known counts. Intervals of these widths held 27, 49, 72 and 87 % of outcomes:
ln(days needed / days at a constant rate) was like 0.465 t with 4 degrees of freedom. Where the
width comes from inputs that are not known, their errors add to it, and fewer are held.
"""

_FEW, _HALF = 0.02, 0.5
_MOMENT = 1e-6
"""Days between dates that differ by rounding alone."""
_AS_GIVEN = "as given"

_PARTS, _MONTH = ((1, 11), (11, 21), (21, 1), (1, 1)), 31
"""First days of the thirds of a month, and of all of it, and of what is after them."""

DAYS = {str(name): days for name, days in DAYS_IN.items()}
"""Days in a unit of time."""

COUNTED = "losses.start", "losses.as_of"
STOCK_COUNTED = "force.counts[0].date", "force.counts[1].date"
"""Names of the two dates between which losses were counted."""

_BEGINS = "losses.as_of", "force.counts[1].date", "force.as_of", "losses.start"
"""Names of the date from which the rate is projected; the first there is counts."""

_CHANGES = ("rate.", "rotation.", "pauses[", "prelude.")
"""Beginnings of the names of inputs that change the rate after the count."""


def rate_words(summary: Summary) -> str:
    """`Loss rate: 92.7 soldiers a day (3,800 over 41 days)`; empty if not tallied.

    Nothing is said of days of supply, of which one a day is used.
    """
    rate, basis = rate_phrase(summary), basis_words(summary)
    if not rate or "force.lasts" in summary.laws:
        return ""
    name = phrases.capitalised(phrases.words_of(summary).rate)
    if has(summary.laws, "rate.by_month"):
        rate = f"{rate} on average over the year"
        basis = "" if basis == _AS_GIVEN else f"{basis}, adjusted for the season"
    when = ", before later reports" if summary.update or summary.is_updated else ""
    return f"{name}{when}: {rate}{f' ({basis})' if basis else ''}"


def constant_words(summary: Summary, outcome: Outcome) -> str:
    """What is known of intervals from a rate that does not change; empty if it does.

    Also empty without a day from which the rate is projected or an end of the interval. Where no
    uncertain input moves the date, what that means.
    """
    interval = phrases.equal_tailed(outcome, 0.9)
    if phrases.certain_date(summary, outcome) or (
        phrases.only_date(outcome) and _is_still(interval)
    ):
        is_fixed = phrases.is_fixed(summary)
        lead = "No input is uncertain" if is_fixed else "No uncertain input moves the date"
        return (
            f"{lead}, so every simulation gives this date. Ranges in place of single numbers would "
            "show how far off it could be; simulate describe lists the inputs."
        )
    laws, date = summary.laws, outcome.median.date
    begins = next((middle(laws[name].quantiles) for name in _BEGINS if name in laws), None)
    low, high = (interval.low.day, interval.high.day) if interval else (None, None)
    changes = summary.reference or summary.update or has(laws, _CHANGES)
    if changes or low is None or high is None:
        return ""
    if not isinstance(begins, dt.date) or date is None or date <= begins:
        return ""
    width = (high - low) / (date - begins).days
    held, at_least = _held(width), "at least " if width > _HELD[-1][0] else ""
    cases = f"{at_least}about {wording.percent(held)} of cases"
    cases = cases if held >= _FEW else "hardly any case"
    series = f"38 series of losses in war, none of a {outcome.words.whole}"
    if phrases.is_force(outcome):
        series = "38 real series of losses"
    return (
        f"Going by back-tests on {series}, ranges this "
        f"{'narrow' if held < _HALF else 'wide'} at a constant rate hold the true date in {cases}."
    )


def _is_still(interval: Interval | None) -> bool:
    """Whether the ends of an interval are one moment, but for rounding."""
    ends = (interval.low.day, interval.high.day) if interval else (None, None)
    return ends[0] is not None and ends[1] is not None and ends[1] - ends[0] < _MOMENT


def _held(width: float) -> float:
    """How often an interval as wide has held the outcome, between the rows of `_HELD`."""
    for (narrow, low), (wide, high) in pairwise(_HELD):
        if width < wide:
            return low + (high - low) * (width - narrow) / (wide - narrow)
    return _HELD[-1][1]


def rate_phrase(summary: Summary) -> str:
    """`median 92.0, P5 76.8 to P95 110.2, mean 92.6 soldiers a day`; empty if not tallied."""
    rate, (per, days) = summary.rate, unit_of_time(summary)
    known = [q for q in rate.quantiles if isinstance(q.value, int | float)]
    values = {q.level: days * value for q, value in zip(known, numbers(known), strict=True)}
    mean = None if rate.mean is None else days * rate.mean
    all_values = [*values.values(), *([] if mean is None else [mean])] or [0.0]
    spread = max(all_values) - min(all_values)
    unit = phrases.label_words(summary.unit)
    if mean is not None and spread <= 1e-9 * mean:
        return f"{units(number(mean), unit)} a {per}"
    # One rounding for all, the coarsest, so that a median never passes a percentile.
    errors = (days * q.mc_error for q in known if q.mc_error is not None)
    error = max(errors, default=None)
    shown = {level: number(value, error, spread) for level, value in values.items()}
    parts = [f"median {shown[0.5]}"] if 0.5 in values else []
    ends = (min(values, default=0.5), max(values, default=0.5))
    tails = [f"{wording.level_label(level)} {shown[level]}" for level in ends if level != 0.5]
    parts += [" to ".join(tails)] if tails else []
    if mean is not None:
        mean_error = None if rate.mean_mc_error is None else days * rate.mean_mc_error
        parts.append(f"mean {number(mean, mean_error, spread)}")
    return f"{', '.join(parts)} {unit} a {per}" if parts else ""


def unit_of_time(summary: Summary) -> tuple[str, float]:
    """The unit of time of all rates, that of the file or one with few digits; its days.

    Of fewer than two a fraction would count: ten a week, not 1.46 a day; a year is long for that.
    """
    law = summary.laws.get("losses.rate")
    middle_rate = amounts.middle(numbers(summary.rate.quantiles) or [0.0])
    if law:
        return law.per, DAYS[law.per]
    year = DAYS_IN["year"]
    units = [(name, days) for name, days in DAYS_IN.items() if days < year]
    enough = (unit for least in (2, 1) for unit in units if unit[1] * middle_rate >= least)
    return next(enough, ("year", year))


def basis_words(summary: Summary) -> str:
    """What the rate is calculated from: `3,800 over 41 days`, `as given`.

    Uncertain values are "about" their medians. Of several claims only the number is named.
    """
    laws = {item.name: item.quantiles for item in summary.inputs}
    if "losses.rate" in laws and not summary.pooled:
        return _AS_GIVEN
    if "force.counts[0].size" in laws:
        first, last = dated = [laws[date] for date in STOCK_COUNTED]
        sizes = [amount(laws[f"force.counts[{k}].size"]) for k in (0, 1)]
        counts = [f"{sizes[k]} on {day_words(dated[k])}" for k in (0, 1)]
        flows = has(laws, ("inflow[", "reinforcements["))
        between = ", and what came in between" if flows else ""
        return f"{', '.join(counts)}, {_days(first, last)} later{between}"
    chosen = claims_of(summary)
    if len(chosen) == 1 and chosen[0].days is not None:
        return f"{amount(chosen[0].count)} over {_days_of(chosen[0].days)}"
    if len(chosen) == 1:
        laws |= {"losses.count": chosen[0].count, "losses.as_of": chosen[0].as_of}
    start, end = (laws.get(day, ()) for day in COUNTED)
    if len(chosen) > 1:
        what, days = f"{len(chosen)} claims", _days(start, *(claim.as_of for claim in chosen))
        return " over ".join(filter(None, (what, days)))
    what, days = amount(laws.get("losses.count", ())), _days(start, end)
    began, upto = middle(start), middle(end)
    if "prelude.start" in laws and isinstance(began, dt.date) and isinstance(upto, dt.date):
        counted = amounts.middle(numbers(summary.rate.quantiles)) * (upto - began).days
        whole = f"of {what} since {day_words(laws['prelude.start'])}"
        return f"about {exact(float(f'{counted:.2g}'))} over {days}, {whole}"
    return " over ".join(filter(None, (what, days)))


def counted_phrase(inputs: Iterable[InputSummary]) -> str:
    """`41 days counted, from losses.start up to but excluding losses.as_of`, or between two counts.

    `about` if the dates are uncertain; empty where claims count up to different days.
    """
    laws = {item.name: item.quantiles for item in inputs}
    for first, last in (COUNTED, STOCK_COUNTED):
        if days := _days(laws.get(first, ()), laws.get(last, ())):
            return f"{days} counted, from {first} up to but excluding {last}"
    return ""


def _days(start: Quantiles, *ends: Quantiles) -> str:
    """`41 days`, with uncertain dates `about 41 days` by their medians; empty without dates.

    To several ends `30 and 41 days`, of three or more `30 to 41 days`. A date is the beginning of
    its day, so the last day is excluded.
    """
    low, last = middle(start), [middle(end) for end in ends]
    if not isinstance(low, dt.date):
        return ""
    days = sorted({(high - low).days for high in last if isinstance(high, dt.date)})
    if not days:
        return ""
    shorter = f"{exact(days[0])} {'to' if days[2:] else 'and'} " if days[1:] else ""
    return f"{about(start) or max(map(about, ends))}{shorter}{_days_of(days[-1])}"


def _days_of(days: float) -> str:
    return f"{exact(days)} day{'' if days == 1 else 's'}"


def amount(law: Quantiles) -> str:
    """`3,800`, `about 3,400`."""
    return amounts.amount(numbers(law))


def claims_of(summary: Summary) -> Sequence[ClaimSummary]:
    """The claims behind the rate: totals, or where there are none the flows; none if not pooled."""
    claims = summary.pooled.claims if summary.pooled else ()
    return [one for one in claims if not one.is_flow] or claims


def has(names: Iterable[str], start: str | tuple[str, ...]) -> bool:
    """Whether one of the names of inputs begins so."""
    return any(name.startswith(start) for name in names)


def numbers(law: Quantiles) -> list[float]:
    """The percentiles of an input that is no date."""
    return [float(q.value) for q in law if isinstance(q.value, int | float)]


def stated(law: InputSummary) -> list[float]:
    """The percentiles of an input between its lowest and highest value, if those are given.

    Where all values between these two are equally likely, nothing else was stated; where one of
    the two is the likeliest, it stands for all percentiles.
    """
    ends = [float(end) for end in law.ends if isinstance(end, int | float)]
    between = [] if ends and law.distribution.startswith("uniform") else numbers(law.quantiles)
    if ends and law.distribution.startswith("triangular") and isinstance(law.mean, float):
        mode = 3 * law.mean - sum(ends)
        between = next(([end] * len(between) for end in ends if math.isclose(mode, end)), between)
    return [*ends[:1], *between, *ends[1:]]


def day_words(law: Quantiles) -> str:
    """`7 October 2023`, `about 7 October 2023`."""
    day = middle(law)
    return f"{about(law)}{wording.prose_date(day)}" if isinstance(day, dt.date) else ""


def time_words(law: InputSummary) -> str:
    """`late September 2026`, `May 2025`, where a date can be any day of it; else empty."""
    low, high = law.ends or (None, None)
    if not (isinstance(low, dt.date) and isinstance(high, dt.date)):
        return ""
    for end in (high, high + dt.timedelta(days=1)):  # in a file, the last day or the one after
        if (low.day, end.day) in _PARTS and (end - low).days <= _MONTH:
            return wording.rough_date(low, (end - low).days, month=20)
    return ""


def moment_words(law: InputSummary) -> str:
    """`late September 2026`, `about 7 October 2023`."""
    return time_words(law) or day_words(law.quantiles)


def by_about(date: dt.date, days: int) -> str:
    """A limit of a spread of days: `by about 7 March 2025`, `by mid-March 2025`."""
    return f"by {around(date, days).removeprefix('in ').replace('around', 'about', 1)}"


def around(date: dt.date, days: int, exact: int = wording.EXACT_DAYS) -> str:
    """A date of a spread of days: `around 7 March 2025`, `in mid-March 2025`, `around March 2025`.

    It is whole up to `exact` days.
    """
    if days <= exact:
        return f"around {wording.prose_date(date)}"
    rough = wording.rough_date(date, days)
    return f"{'in' if rough[0].islower() else 'around'} {rough}"


def about(law: Quantiles) -> str:
    """`about ` before what is uncertain."""
    return "about " if len({q.value for q in law}) > 1 else ""


def earliest(law: InputSummary) -> dt.date:
    """The earliest percentile of a date."""
    day = law.quantiles[0].value
    return day if isinstance(day, dt.date) else dt.date.min


def middle(law: Quantiles) -> float | dt.date | None:
    """The median of an input."""
    return law[len(law) // 2].value if law else None
