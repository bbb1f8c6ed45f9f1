"""The figures of a citation under names, for documents that hold them as variables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval, PublishedCheck
from simulate.report.text import phrases, wording
from simulate.report.text.citation import Citation, note
from simulate.report.text.headline import between, case_of
from simulate.report.text.likelihood import likelihood
from simulate.report.text.pace import size_law
from simulate.scenario.numerals import number, stated
from simulate.scenario.stocks import Amount, is_left

Tree: TypeAlias = Mapping[str, "str | Tree"]


def variables(cited: Citation) -> Tree:
    """All figures that a document may want to quote, as plain text.

    Keys are lower case letters, digits and `_`. The figures of the cited outcome are at the top,
    those of each threshold under `lost_30`, of each percentile under `p5`, `p97_5`. Where later
    reports update the result, `updated` has the same figures after them.
    """
    summary, style = cited.summary, cited.style
    run = summary.run
    return {
        **_figures(cited, cited.outcome),
        "interval_probability": wording.share(style.interval),
        "threshold": phrases.threshold_words(cited.outcome),
        "horizon": _day(cited, Instant(None, summary.horizon, 0.0)),
        **_by_threshold(cited, summary),
        **_updated(cited),
        **dict(_amounts(summary)),
        "title": phrases.title_words(summary),
        "draws": wording.grouped(run.draws),
        "seed": str(run.seed),
        "method": wording.inert(run.method),
        "stream": wording.inert(run.stream),
        "version": wording.inert(run.versions.get("simulate", "")),
        "digest": phrases.digest(summary),
        **({"news": cited.news} if cited.news else {}),
        "sentence": " ".join((cited.sentence, *cited.clauses)),
        "note": note(summary, cited.outcome, style.interval, _dates(cited)),
        "reference": cited.reference,
    }


def _by_threshold(cited: Citation, summary: Summary) -> dict[str, Tree]:
    return {_threshold_key(one.threshold): _figures(cited, one) for one in summary.outcomes}


def _updated(cited: Citation) -> dict[str, Tree]:
    """The figures after an update, and how many reports and draws it rests on."""
    update, after = cited.summary.update, cited.summary.updated
    if update is None or after is None:
        return {}
    return {
        "updated": {
            **_figures(cited, phrases.outcome_of(after, cited.outcome.threshold)),
            **_by_threshold(cited, after),
            "reports": str(len(update.reports)),
            "effective_sample_size": wording.grouped(round(update.effective_sample_size)),
        }
    }


def _amounts(summary: Summary) -> Iterator[tuple[str, str]]:
    """Rate a day, force and count with their lowest and highest percentile, and their unit."""
    laws = summary.laws
    count = laws["losses.count"].quantiles if "losses.count" in laws else ()
    size = size_law(laws)
    force = size.quantiles if size else ()
    known = {"rate": summary.rate.quantiles, "force": force, "count": count}
    for name, quantiles in known.items():
        values = {q.level: float(q.value) for q in quantiles if isinstance(q.value, int | float)}
        if 0.5 in values:
            spread = max(values.values()) - min(values.values())
            shown = number if name == "rate" else stated
            for key, level in (("", 0.5), ("_low", min(values)), ("_high", max(values))):
                yield f"{name}{key}", shown(values[level], spread=spread)
    yield "unit", phrases.label_words(summary.unit)


def flat(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text with the keys that lead to it."""
    for key, value in tree.items():
        if isinstance(value, str):
            yield (*path, key), value
        else:
            yield from flat(value, (*path, key))


def _figures(cited: Citation, outcome: Outcome) -> dict[str, str | Tree]:
    interval = phrases.equal_tailed(outcome, cited.style.interval)
    error = outcome.depleted_mc_error
    apart = case_of(cited.summary, outcome, cited.style.interval).either(wording.prose_period)
    found: dict[str, str | Tree] = {
        "event": " ".join(phrases.event(outcome)),
        "median": _day(cited, outcome.median),
        "low": _day(cited, interval and interval.low),
        "high": _day(cited, interval and interval.high),
        "interval": _span(cited, interval),
        **({"clusters": apart} if apart else {}),
        "never": phrases.never_percent(outcome),
        **_words(cited, "never_words", phrases.never_probability(outcome), error),
    }
    for quantile in outcome.quantiles:
        found[_key("p", quantile.level)] = _day(cited, quantile.at)
    for place, check in enumerate(outcome.published, start=1):
        found[f"published_{place}"] = _published(cited, check)
    for place, by in enumerate(outcome.by, start=1):
        found[f"by_{place}"] = _chance(cited, by.date, by.probability, by.mc_error)
    return found


def _published(cited: Citation, check: PublishedCheck) -> dict[str, str]:
    """A published date, for a period its last day, with the shares before, within and after it."""
    chance = _chance(cited, check.date, check.probability_by, check.mc_error)
    found = {"label": phrases.label_words(check.label), **chance}
    if period := check.period:
        found["period"] = phrases.published_when(check)
        for name, at in zip(("before", "within", "after"), period.chances, strict=True):
            found[name] = wording.percent(at.probability, at.mc_error)
            found |= _words(cited, f"{name}_words", at.probability, at.mc_error)
    return found


def _chance(cited: Citation, date: dt.date, probability: float, error: float) -> dict[str, str]:
    return {
        "date": _day(cited, Instant(None, date, 0.0)),
        "probability": wording.percent(probability, error),
        **_words(cited, "words", probability, error),
    }


def _words(cited: Citation, key: str, probability: float, error: float) -> dict[str, str]:
    words = likelihood(probability, error, cited.summary.run.draws, cited.style.scale)
    return {key: words} if words else {}


def _dates(cited: Citation) -> Iterator[Instant]:
    """Every date that has a name."""
    after = cited.summary.updated
    for outcome in (*cited.summary.outcomes, *(after.outcomes if after else ())):
        yield from case_of(cited.summary, outcome, cited.style.interval).quoted
        yield from (quantile.at for quantile in outcome.quantiles)


def _day(cited: Citation, at: Instant | None) -> str:
    at = at or Instant(None, None, None, "too_few_draws")
    form = wording.instant_prose if cited.style.prose else wording.instant_cell
    return form(at, cited.summary.horizon)


def _span(cited: Citation, interval: Interval | None) -> str:
    """`between 14 March and 2 May 2025`, or `2025-03-14 to 2025-05-02`."""
    if interval is None:
        return _day(cited, None)
    low, high = interval.low, interval.high
    ends = _day(cited, low), _day(cited, high)
    if ends[0] == ends[1]:
        return f"on {ends[0]}" if cited.style.prose and low.date else ends[0]
    if cited.style.prose and low.date and high.date:
        if low.date == high.date:
            return f"on {wording.hedge(low) or wording.hedge(high)}{wording.prose_date(low.date)}"
        return f"between {between(interval, cited.summary.horizon, 'and')}"
    return f"from {ends[0]} to “{ends[1]}”" if cited.style.prose else f"{ends[0]} to {ends[1]}"


def _threshold_key(threshold: float) -> str:
    """`lost_30`; of an amount `left_13_5` or `amount_5000`."""
    if isinstance(threshold, Amount):
        return _key("left_" if is_left(threshold) else "amount_", threshold / 100)
    return _key("lost_", threshold)


def _key(name: str, level: float) -> str:
    """`p97_5`, `lost_30`: percent without an exponent or zeros at its end."""
    number = f"{100 * level:.10f}".rstrip("0").rstrip(".")
    return f"{name}{number.replace('.', '_')}"
