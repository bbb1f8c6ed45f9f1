"""What a summary says, in phrases that terminal, pictures and citation share."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from simulate.analysis.summary import InputSummary, Instant, Interval, Outcome, Precision, Summary
from simulate.report.wording import (
    SETTLED_DAYS,
    amount,
    decimals,
    embedded,
    error_days,
    grouped,
    inert,
    is_settled,
    level_label,
    not_by,
    percent,
    prose_date,
    share,
)
from simulate.report.wrapping import shorten

HORIZON_CAUSE = "horizon"
"""The cause of "never" of draws that reach the end of the period simulated."""


_TITLE_CELLS = 200
_LABEL_CELLS = 80
_MOST_TOLD = 3


def main_outcome(summary: Summary) -> Outcome:
    """The outcome with the largest threshold, the last one among equals."""
    return max(reversed(summary.outcomes), key=lambda outcome: outcome.threshold)


def equal_tailed(outcome: Outcome, probability: float) -> Interval | None:
    """The equal-tailed interval of that probability, or None if the summary has none."""
    for interval in outcome.intervals:
        if interval.kind == "equal-tailed" and math.isclose(interval.probability, probability):
            return interval
    return None


def instants(outcome: Outcome) -> Iterable[Instant]:
    """Every moment that is reported for an outcome."""
    yield from (quantile.at for quantile in outcome.quantiles)
    for interval in outcome.intervals:
        yield interval.low
        yield interval.high


def event(outcome: Outcome) -> tuple[str, str]:
    """Subject and participle of what happens, as in "30 % of the force" would be "lost"."""
    whole, lost = label_words(outcome.whole), label_words(outcome.lost)
    if outcome.counting == "strength":
        lost = f"{lost} (by strength present)"
    if outcome.threshold == 1:
        return f"the whole {whole} (100 %)", lost
    return f"{share(outcome.threshold)} of the {whole}", lost


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def never_probability(outcome: Outcome) -> float:
    """Probability that a draw ends without depletion, whatever the cause."""
    if outcome.never:
        return min(math.fsum(cause.probability for cause in outcome.never), 1.0)
    return max(1.0 - outcome.depleted_probability, 0.0)


def never_error(outcome: Outcome) -> float:
    """Monte Carlo error of `never_probability`, the complement of that of depletion."""
    return outcome.depleted_mc_error


def cause_words(cause: str) -> str:
    """The name of a cause of "never", fit to be printed."""
    return "horizon reached" if cause == HORIZON_CAUSE else label_words(cause)


def label_words(label: str) -> str:
    """A label from the scenario, fit to stand in a phrase."""
    return embedded(shorten(inert(label), _LABEL_CELLS)) or "(no label)"


def title_words(summary: Summary) -> str:
    """The scenario's title, fit to stand in a phrase."""
    return embedded(shorten(inert(summary.scenario.title), _TITLE_CELLS)) or "untitled"


def never_causes(outcome: Outcome) -> str:
    """`withdrawal 30 %, horizon reached 11 %`; empty if there is one cause only, the horizon."""
    causes = [cause for cause in outcome.never if cause.probability > 0]
    if all(cause.cause == HORIZON_CAUSE for cause in causes):
        return ""
    return ", ".join(f"{cause_words(c.cause)} {percent(c.probability, c.mc_error)}" for c in causes)


def never_phrase(summary: Summary, outcome: Outcome) -> str:
    """`not by 1 January 2031 in 41 % of draws (...)`; empty if every draw is depleted."""
    probability = never_probability(outcome)
    if probability <= 0:
        return ""
    causes = never_causes(outcome)
    shown = percent(probability, never_error(outcome))
    words = f"{not_by(summary.horizon)} in {shown} of draws"
    return f"{words} ({causes})" if causes else words


def largest_error(moments: Iterable[Instant]) -> float | None:
    """The largest Monte Carlo error in days among the moments that have one."""
    return max((at.mc_error_days for at in moments if at.mc_error_days is not None), default=None)


def rate_phrase(summary: Summary) -> str:
    """`median 92.0, P5 76.8 to P95 110.2, mean 92.6 soldiers a day`; empty if not tallied."""
    rate = summary.rate
    values = {q.level: float(q.value) for q in rate.quantiles if isinstance(q.value, int | float)}
    all_values = [*values.values(), *(() if rate.mean is None else (rate.mean,))]
    if rate.mean is not None and max(all_values) - min(all_values) <= 1e-9 * rate.mean:
        return f"{rate.mean:.4g} {label_words(summary.unit)} a day"
    places = decimals(all_values, max((q.mc_error or 0.0 for q in rate.quantiles), default=0.0))
    parts = []
    if 0.5 in values:
        parts.append(f"median {amount(values[0.5], places)}")
    tails = [
        level for level in (min(values, default=0.5), max(values, default=0.5)) if level != 0.5
    ]
    if tails:
        parts.append(
            " to ".join(f"{level_label(level)} {amount(values[level], places)}" for level in tails)
        )
    if rate.mean is not None:
        parts.append(f"mean {amount(rate.mean, places)}")
    return f"{', '.join(parts)} {label_words(summary.unit)} a day" if parts else ""


def counted_phrase(inputs: Iterable[InputSummary]) -> str:
    """`41 days counted`, from `losses.start` to `losses.as_of`; `about` from uncertain ones.

    Of uncertain days the medians count. A date is the beginning of its day, so that the last one is
    not among them. Empty where claims count up to different days.
    """
    ends = {item.name: [q.value for q in item.quantiles] for item in inputs}
    start, as_of = ends.get("losses.start", []), ends.get("losses.as_of", [])
    low, high = start[len(start) // 2 :][:1], as_of[len(as_of) // 2 :][:1]
    if not (low and high and isinstance(low[0], dt.date) and isinstance(high[0], dt.date)):
        return ""
    days = (high[0] - low[0]).days
    about = "about " if len({*start}) + len({*as_of}) > 2 else ""
    return f"{about}{grouped(days)} day{'' if days == 1 else 's'} counted"


def settling_phrase(summary: Summary, moments: Iterable[Instant]) -> str:
    """Why some dates are marked, and how many draws would bring their error to half a day.

    The error of a quantile falls at least as fast as one over the square root of the number of
    draws, so the number named is on the safe side. Empty if all dates are settled.

    See also `stability_phrase`, for those that are.
    """
    dated = [at for at in moments if at.date is not None]
    largest = largest_error(dated) or 0.0
    parts = []
    if largest > SETTLED_DAYS:
        needed = _two_digits_up(summary.run.draws * (largest / SETTLED_DAYS) ** 2)
        parts.append(
            f"Monte Carlo error above half a day (up to ± {error_days(largest)} days); "
            f"about {grouped(needed)} draws would settle it, or --precision {SETTLED_DAYS:g}"
        )
    if any(at.mc_error_days is None for at in dated):
        parts.append(
            f"an error bar that reaches past {prose_date(summary.horizon)} has no upper end; "
            "a later horizon or more draws would settle it"
        )
    return "; ".join(parts)


def stability_phrase(moments: Iterable[Instant]) -> str:
    """That the dates of a run are stable to the day, where they are; else nothing."""
    dated = [at for at in moments if at.date is not None]
    if not dated or not all(map(is_settled, dated)):
        return ""
    largest = largest_error(dated) or 0.0
    return (
        f"Percentiles and equal-tailed intervals are stable to the day: "
        f"Monte Carlo error at most {error_days(largest)} days."
    )


def precision_phrase(summary: Summary) -> str:
    """What became of the precision asked for, and of intervals left out for it."""
    found = summary.run.precision
    if found is None:
        return ""
    draws = f"with {grouped(summary.run.draws)} draws"
    asked = f"Precision asked {found.days:g} days"
    if found.reached:
        largest = "no date has an error"
        if found.largest is not None:
            largest = f"largest error {error_days(found.largest, found.days)} days"
        words = f"{asked}: reached, {largest} {draws}."
    else:
        most = ", the most allowed" if summary.run.draws >= found.most_draws else ""
        words = f"{asked}: not reached {draws}{most}: {_missed(summary, found)}."
    n = len(found.shortest_left_out)
    if n:
        words += (
            f" {n} shortest interval{'' if n == 1 else 's'} left out, "
            f"{'its' if n == 1 else 'their'} ends being less precise than that."
        )
    return words


def _missed(summary: Summary, found: Precision) -> str:
    """The first dates that missed it and by how much, `30 % P95 ± 0.2 days, ... and 3 more`."""
    told = []
    for date in found.missed[:_MOST_TOLD]:
        label = f"{share(date.threshold)} {level_label(date.level)}"
        if date.at.missing:
            told.append(f"{label} too few draws")
        elif date.at.mc_error_days is None:
            told.append(f"{label} ± open past {prose_date(summary.horizon)}")
        else:
            told.append(f"{label} ± {error_days(date.at.mc_error_days, found.days)} days")
    more = len(found.missed) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _two_digits_up(value: float) -> int:
    scale = 10 ** max(math.floor(math.log10(value)) - 1, 0)
    return int(math.ceil(value / scale) * scale)
