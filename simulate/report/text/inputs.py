"""The inputs of a scenario in words: their names, their units of time, a season in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from simulate.analysis.summary import InputSummary, Summary
from simulate.report.text.phrases import is_force, label_words
from simulate.report.text.wording import MONTHS, inert
from simulate.scenario.nouns import one_of

_MONTH = re.compile(r"(?<=^rate\.by_month)\[(\d+)\]")
_ENTRY = re.compile(r"\[(\d+)\]")

_LABELS = {
    "force.size": "size of the {whole}",
    "force.as_of": "day the {whole} was counted",
    "force.floor": "part that cannot be used",
    "force.usable": "share that can be used",
    "force.lasts": "number of days of supply",
    "force.counts[].size": "size of the {whole}, count",
    "force.counts[].date": "day of count",
    "losses.count": "number {lost}",
    "losses.as_of": "day the count was made",
    "losses.start": "day {the_losses} began",
    "losses.rate": "{rate}",
    "losses.claims[].count": "number {lost}, claim",
    "losses.claims[].as_of": "day of the count, claim",
    "losses.claims[].rate": "{rate}, claim",
    "prelude.start": "day earlier {losses} began",
    "prelude.intensity": "pace of earlier {losses}",
    "rate.multiplier": "change of rate after the count",
    "rate.trend_per_week": "trend of the rate",
    "rate.trend_per_month": "trend of the rate",
    "rate.trend_per_year": "trend of the rate",
    "rate.trend_until": "end of the trend",
    "rate.by_month": "season",
    "rate.steps[].date": "day the rate changes",
    "rate.steps[].factor": "change of rate on that day",
    "rate.drift.sd": "size of ups and downs of the rate",
    "rate.drift.correlation_days": "length of ups and downs",
    "rate.strength_exponent": "response of the rate to the {level}",
    "wounded.share": "share of wounded",
    "wounded.return_share": "share of wounded who return",
    "wounded.return_days": "time until the wounded return",
    "rotation.line_days": "time in the line",
    "rotation.at_loss_share": "loss before a rest",
    "rotation.rest_days": "length of a rest",
    "rotation.rest_intensity": "pace during a rest",
    "rotation.return_intensity": "pace after a rest",
    "reinforcements[].date": "day of arrival",
    "reinforcements[].size": "size of arrival",
    "inflow[].amount": "inflow",
    "inflow[].from": "beginning of inflow",
    "inflow[].until": "end of inflow",
    "outflows[].date": "day of outflow",
    "outflows[].size": "size of outflow",
    "pauses[].start": "beginning of pause",
    "pauses[].days": "length of pause",
    "pauses[].intensity": "pace during pause",
    "ends[].date": "day of end",
    "ends[].probability": "chance of end",
}
"""Names of inputs in words, for lists with the number of the entry behind them."""

_OF_THINGS = {
    "wounded.share": "share that can come back",
    "wounded.return_share": "share of these that comes back",
    "wounded.return_days": "time until they come back",
    "rotation.at_loss_share": "use before a rest",
    "reinforcements[].date": "day of addition",
    "reinforcements[].size": "size of addition",
}
"""The same for what is not a force."""

_OF_UNITS = ("size", "floor", "count", "rate", "amount")
"""Last parts of the names of inputs that are numbers of units, perhaps by time."""


def input_words(name: str, summary: Summary) -> str:
    """An input in words, as `day the count was made` for `losses.as_of`."""
    of = summary.outcomes[0]
    if month := _MONTH.search(name):
        return f"season, {MONTHS[int(month[1])]}"
    labels = _LABELS if is_force(of) else {**_LABELS, **_OF_THINGS}
    label = labels.get(_ENTRY.sub("[]", name))
    if label is None:
        return inert(name)
    words = label.format(
        whole=label_words(of.whole),
        lost=label_words(of.lost),
        losses=of.words.losses,
        the_losses=of.words.the_losses,
        rate=of.words.rate,
        level=of.words.level,
    )
    entry = _ENTRY.search(name)
    if entry is None or not any(
        f"{name[: entry.start()]}[1]" in each.name for each in summary.inputs
    ):
        return words
    return f"{words} {int(entry[1]) + 1}"


def name_words(name: str) -> str:
    """The path of an input; `rate.by_month[0] (January)` for a month."""
    month = _MONTH.search(name)
    return inert(f"{name} ({MONTHS[int(month[1])]})" if month else name)


def per_words(item: InputSummary) -> str:
    """`` a year`` for a rate, else empty."""
    return f" a {item.per}" if item.per else ""


def unit_words(item: InputSummary, unit: str) -> str:
    """`` TWh a year``, `` soldiers``, `` days``; empty for shares, factors and dates."""
    kind = item.name.rpartition(".")[2]
    is_time = kind == "lasts" or kind.endswith("days")
    of = "days" if is_time else label_words(unit) if kind in _OF_UNITS else ""
    of = one_of(of) if is_fixed(item) and item.quantiles[0].value == 1 else of
    return f"{of and f' {of}'}{per_words(item)}"


def is_fixed(item: InputSummary) -> bool:
    """Whether an input is certain."""
    return len({quantile.value for quantile in item.quantiles}) == 1


def in_rows(inputs: Iterable[InputSummary]) -> Iterator[tuple[str, tuple[InputSummary, ...]]]:
    """Each input under its name; a season that is certain as one, under `rate.by_month`."""
    for name, items in groupby(inputs, lambda item: _MONTH.sub("", item.name)):
        found = tuple(items)
        if len(found) > 1 and all(map(is_fixed, found)) and len({i.source for i in found}) == 1:
            yield name, found
        else:
            yield from ((name_words(item.name), (item,)) for item in found)
