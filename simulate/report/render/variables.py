"""The figures of a citation under names, for documents that hold them as variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from simulate.analysis.summary import Outcome
from simulate.analysis.values import Instant
from simulate.report.text.citation import digest, note, quoted
from simulate.report.text.cited import Cited, probability_words
from simulate.report.text.phrases import (
    equal_tailed,
    event,
    label_words,
    never_error,
    never_probability,
    title_words,
)
from simulate.report.text.wording import (
    hedge,
    inert,
    instant_cell,
    instant_prose,
    percent,
    prose_date,
    prose_pair,
    share,
)

Tree: TypeAlias = Mapping[str, "str | Tree"]

_ONES = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_TEENS = (
    *("Ten", "Eleven", "Twelve", "Thirteen", "Fourteen"),
    *("Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"),
)
_TENS = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_NUMBERED = re.compile(r"([a-z]*?)_?(\d+)(?:_(\d+))?")


def variables(cited: Cited) -> Tree:
    """All that a document may want to quote, as plain text.

    Returns
    -------
    mapping
        Keys are lower case letters, digits and `_`. The figures of the outcome cited stand at the
        top, those of each threshold again under `lost_30`, of each percentile under `p5`, `p97_5`.
    """
    summary, style = cited.summary, cited.style
    run = summary.run
    return {
        **_figures(cited, cited.outcome),
        "interval_probability": share(style.interval),
        "threshold": share(cited.outcome.threshold),
        "horizon": _day(cited, Instant(None, summary.horizon, 0.0)),
        **{_key("lost", one.threshold): _figures(cited, one) for one in summary.outcomes},
        "title": title_words(summary),
        "draws": f"{run.draws:,}",
        "seed": str(run.seed),
        "method": inert(run.method),
        "stream": inert(run.stream),
        "version": inert(run.versions.get("simulate", "")),
        "digest": digest(summary),
        "sentence": " ".join((cited.sentence, *cited.clauses)),
        "note": note(summary, cited.outcome, style.interval, _dates(cited)),
        "reference": cited.reference,
    }


def flat(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text with the keys that lead to it."""
    for key, value in tree.items():
        if isinstance(value, str):
            yield (*path, key), value
        else:
            yield from flat(value, (*path, key))


def letters(path: tuple[str, ...]) -> str:
    """Keys as one name of letters only: `ThirtyMedian` for `lost_30`, `median`."""
    return "".join(map(_letters, path))


def number_name(number: str) -> str:
    """A number such as 97.5 in letters: `NinetySevenPointFive`."""
    whole, _, decimals = number.partition(".")
    count = int(whole)
    if count < 20:
        name = (*_ONES, *_TEENS)[count]
    elif count < 100:
        name = _TENS[count // 10 - 2] + (_ONES[count % 10] if count % 10 else "")
    elif count == 100:
        name = "Hundred"
    else:
        name = "".join(_ONES[int(digit)] for digit in whole)
    return name + ("Point" + "".join(_ONES[int(digit)] for digit in decimals) if decimals else "")


def _figures(cited: Cited, outcome: Outcome) -> dict[str, str | Tree]:
    summary, scale = cited.summary, cited.style.scale
    interval = equal_tailed(outcome, cited.style.interval)
    low, high = (interval.low, interval.high) if interval else (None, None)
    never, error = never_probability(outcome), never_error(outcome)
    found: dict[str, str | Tree] = {
        "event": " ".join(event(outcome)),
        "median": _day(cited, outcome.median),
        "low": _day(cited, low),
        "high": _day(cited, high),
        "interval": _span(cited, low, high),
        "never": percent(never, error),
        **_worded("never_words", probability_words(summary, never, error, scale)),
    }
    for quantile in outcome.quantiles:
        found[_key("p", quantile.level)] = _day(cited, quantile.at)
    for number, check in enumerate(outcome.published, start=1):
        found[f"published_{number}"] = {
            "label": label_words(check.label),
            "date": _day(cited, Instant(None, check.date, 0.0)),
            "probability": percent(check.probability_by, check.mc_error),
            **_worded(
                "words", probability_words(summary, check.probability_by, check.mc_error, scale)
            ),
        }
    for number, by in enumerate(outcome.by, start=1):
        found[f"by_{number}"] = {
            "date": _day(cited, Instant(None, by.date, 0.0)),
            "probability": percent(by.probability, by.mc_error),
            **_worded("words", probability_words(summary, by.probability, by.mc_error, scale)),
        }
    return found


def _dates(cited: Cited) -> Iterator[Instant]:
    """Every date that has a name."""
    for outcome in cited.summary.outcomes:
        yield from quoted(cited.summary, outcome, cited.style.interval)
        yield from (quantile.at for quantile in outcome.quantiles)


def _worded(key: str, words: str) -> dict[str, str]:
    return {key: words} if words else {}


def _day(cited: Cited, at: Instant | None) -> str:
    at = at or Instant(None, None, None, "too_few_draws")
    form = instant_prose if cited.style.prose else instant_cell
    return form(at, cited.summary.horizon)


def _span(cited: Cited, low: Instant | None, high: Instant | None) -> str:
    """`between 14 March and 2 May 2025`, or `2025-03-14 to 2025-05-02`."""
    if low is None or high is None:
        return _day(cited, low)
    ends = _day(cited, low), _day(cited, high)
    if ends[0] == ends[1]:
        return f"on {ends[0]}" if cited.style.prose and low.date else ends[0]
    if cited.style.prose and low.date and high.date:
        if low.date == high.date:
            return f"on {hedge(low) or hedge(high)}{prose_date(low.date)}"
        return f"between {prose_pair(low.date, high.date, 'and', (hedge(low), hedge(high)))}"
    return f"from {ends[0]} to “{ends[1]}”" if cited.style.prose else f"{ends[0]} to {ends[1]}"


def _key(name: str, level: float) -> str:
    """`p97_5`, `lost_30`."""
    number = _percentage(level).replace(".", "_")
    return f"{name}{number}" if name == "p" else f"{name}_{number}"


def _percentage(share_of_one: float) -> str:
    """Percent without exponent and without zeros at its end."""
    return f"{100 * share_of_one:.10f}".rstrip("0").rstrip(".")


def _letters(key: str) -> str:
    match = _NUMBERED.fullmatch(key)
    if match is None:
        return "".join(part.capitalize() for part in key.split("_"))
    number = f"{match[2]}.{match[3]}" if match[3] else match[2]
    return (match[1].capitalize() if match[1] != "lost" else "") + number_name(number)
