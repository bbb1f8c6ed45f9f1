"""By how much a pace changes after the count, as a part of the condition of a sentence."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from simulate.analysis.summary import InputSummary
from simulate.report.text import amounts, arrivals, wording
from simulate.report.text.rate import about, earliest, moment_words, numbers, stated

Laws = Mapping[str, InputSummary]


def multiplied(laws: Laws) -> str:
    """`then at about 55 % of that pace`; of a stated rate, `raised by about 40 %` at once."""
    law = laws.get("rate.multiplier")
    values = stated(law) if law else []
    if law is None or not values or values[0] == 1 == values[-1]:
        return ""
    is_stated, value, wide = "losses.rate" in laws, amounts.middle(values), amounts.is_wide(values)
    near = round(20 * value) == 20
    if is_stated and not near and not wide:
        change = f"{about(law.quantiles)}{amounts.percent(abs(value - 1))}"
        return f"{'raised' if value > 1 else 'cut'} by {change}"
    share = f"{amounts.percents(values)} of" if wide or not near else "about"
    return f"{'taken' if is_stated else 'then'} at {share} that pace"


def stepped(laws: Laws, entries: Sequence[str]) -> str:
    """`rising by 25 % on 1 July 2026 and halving in 2027`, for steps such as `rate.steps[0]`."""
    words = []
    for entry in sorted(entries, key=lambda one: earliest(laws[f"{one}.date"])):
        factors, day = stated(laws[f"{entry}.factor"]), arrivals.when(laws[f"{entry}.date"])
        low, high = factors[0], factors[-1]
        if low == high and low in _SHARP:
            words.append(f"{_SHARP[low]} {day}")
        elif low < 1 < high:
            words.append(f"changing to {amounts.percents(factors)} of its pace {day}")
        else:
            by = amounts.percents(sorted(abs(factor - 1) for factor in factors))
            words.append(f"{'rising' if high > 1 else 'falling'} by {by} {day}")
    return wording.listed(words) if words else ""


_SHARP = {0: "stopping", 0.5: "halving", 2: "doubling", 3: "tripling"}


def per(laws: Laws, key: str, last: dt.date) -> str:
    """`falling by about 5 % a week until 1 April 2025`."""
    law, until = laws.get(f"rate.trend_per_{key}"), laws.get("rate.trend_until")
    values = stated(law) if law else []
    if not any(values):
        return ""
    if min(values) < 0 < max(values):
        words = f"rising or falling from {key} to {key}"
    else:
        way = "rising" if max(values) > 0 else "falling"
        sizes = sorted(map(abs, values))
        near = f"about {amounts.percent(amounts.middle(sizes))}"
        words = f"{way} by {amounts.percents(sizes) if amounts.is_wide(sizes) else near} a {key}"
    return f"{words} until {moment_words(until)}" if until and earliest(until) < last else words


def by_month(laws: Laws) -> dict[float, list[int]]:
    """The months, from 0 on, of each pace in a year, which is a factor on their mean.

    The ordinary pace, that of the most months, comes first. Empty where no three months are
    ordinary, where there are more than two others, and where a month is uncertain.
    """
    months = [numbers(law.quantiles) for name, law in laws.items() if "rate.by_month[" in name]
    if not months or any(values[0] != values[-1] for values in months):
        return {}
    factors = [values[0] for values in months]
    ordinary, *others = Counter(factors).most_common()
    if ordinary[1] < _ORDINARY or len(others) > _OTHERS or not ordinary[0]:
        return {}
    return {
        factor / statistics.fmean(factors): [k for k, one in enumerate(factors) if one == factor]
        for factor in (ordinary[0], *dict.fromkeys(factors))
    }


_ORDINARY, _OTHERS = 3, 2
