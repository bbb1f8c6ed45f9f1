"""What a summary says, in phrases that terminal, pictures and citation share."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulate.analysis.summary import InputSummary, Outcome, Precision, Summary, Unreached, dates_of
from simulate.analysis.values import Instant, Interval
from simulate.engine.sampling.design import MOST_DRAWS
from simulate.report.text.wording import (
    SETTLED_DAYS,
    embedded,
    error_days,
    grouped,
    inert,
    is_settled,
    level_label,
    not_by,
    percent,
    percentile,
    prose_date,
    prose_pair,
    share,
)
from simulate.report.text.wrapping import shorten
from simulate.scenario.numerals import exact, number

if TYPE_CHECKING:
    from simulate.analysis.sweep import Row

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


def event(outcome: Outcome | Row) -> tuple[str, str]:
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


def horizon_phrase(summary: Summary, outcome: Outcome) -> str:
    """That nobody chose the horizon, where the result speaks of it; else empty."""
    if not summary.default_horizon or never_probability(outcome) <= 0:
        return ""
    return f"{prose_date(summary.horizon)} is the default horizon, not one that was chosen"


def largest_error(moments: Iterable[Instant]) -> float | None:
    """The largest Monte Carlo error in days among the moments that have one."""
    return max((at.mc_error_days for at in moments if at.mc_error_days is not None), default=None)


def largest_error_words(moments: Iterable[Instant], asked: float | None = None) -> str:
    """As `largest_error`: `0.3`; `open` where that of one of the dates has no end; else empty."""
    dated = [at for at in moments if at.date is not None]
    if any(at.mc_error_days is None for at in dated):
        return "open"
    largest = largest_error(dated)
    return "" if largest is None else error_days(largest, asked)


def error_note(moments: Iterable[Instant], asked: float | None = None) -> str:
    """What a note says of the error of the dates that it stands under; empty if there is none."""
    words = largest_error_words((at for at in moments if at.gap is None), asked)
    if words == "open":
        return " The Monte Carlo error of a date cited is open: it reaches past the horizon."
    return f" Monte Carlo error of the dates cited at most {words} days." if words else ""


def asked_days(summary: Summary) -> float | None:
    """The precision asked for, if any."""
    return None if summary.run.precision is None else summary.run.precision.days


def certain_date(summary: Summary, outcome: Outcome) -> dt.date | None:
    """The date of every draw, where no input is uncertain; else None."""
    edges = outcome.histogram.edges
    is_fixed = all(len({q.value for q in item.quantiles}) <= 1 for item in summary.inputs)
    if not is_fixed or outcome.depleted_probability < 1 or len(edges) != 2:
        return None
    return edges[0] if edges[1] - edges[0] == dt.timedelta(days=1) else None


def certain_words(date: dt.date) -> str:
    """What stands in the place of intervals where every draw gives one date."""
    return f"No input is uncertain: every draw gives {prose_date(date)}."


def common_event(events: Iterable[tuple[str, str]], threshold: float) -> tuple[str, str]:
    """What happens in several scenarios; plain words where their own differ."""
    first, *others = dict.fromkeys(events)
    return (f"the share of {share(threshold)}", "reached") if others else first


def rate_phrase(summary: Summary) -> str:
    """`median 92.0, P5 76.8 to P95 110.2, mean 92.6 soldiers a day`; empty if not tallied."""
    rate = summary.rate
    known = [q for q in rate.quantiles if isinstance(q.value, int | float)]
    values = {q.level: float(str(q.value)) for q in known}
    all_values = [*values.values(), *(() if rate.mean is None else (rate.mean,))]
    spread = max(all_values, default=0.0) - min(all_values, default=0.0)
    if rate.mean is not None and spread <= 1e-9 * rate.mean:
        return f"{number(rate.mean)} {label_words(summary.unit)} a day"
    shown = {q.level: number(values[q.level], q.mc_error, spread) for q in known}
    parts = []
    if 0.5 in values:
        parts.append(f"median {shown[0.5]}")
    tails = [
        level for level in (min(values, default=0.5), max(values, default=0.5)) if level != 0.5
    ]
    if tails:
        parts.append(" to ".join(f"{level_label(level)} {shown[level]}" for level in tails))
    if rate.mean is not None:
        parts.append(f"mean {number(rate.mean, rate.mean_mc_error, spread)}")
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


def told_dates(summary: Summary, chosen: Sequence[Outcome]) -> list[Unreached]:
    """The dates that advice is about: percentiles of all thresholds, equal tails of those chosen.

    The shortest intervals need far more draws than anybody would cite.
    """
    shown = (o if o in chosen else replace(o, intervals=()) for o in summary.outcomes)
    return [date for outcome in shown for date in dates_of(outcome)]


def settling_phrase(summary: Summary, dates: Sequence[Unreached]) -> str:
    """Why some dates are marked, and how many draws would bring their error to half a day.

    The error of a quantile falls at least as fast as one over the square root of the number of
    draws, so the number named is on the safe side; with a precision asked for, `precision_phrase`
    says it. No number helps where a percentile falls in a gap between the dates of draws, and none
    is named that one run cannot have. Empty if all dates are settled.

    See also `stability_phrase`, for those that are.
    """
    parts = list(_gap_phrases(dates))
    if summary.run.precision is not None:
        return "; ".join(parts)
    dated = [date.at for date in dates if date.at.date is not None and date.at.gap is None]
    largest = largest_error(dated) or 0.0
    if largest > SETTLED_DAYS:
        needed = _two_digits_up(summary.run.draws * (largest / SETTLED_DAYS) ** 2)
        parts.append(
            f"Monte Carlo error above half a day (up to ± {error_days(largest)} days); "
            + (
                f"about {grouped(needed)} draws (-n {needed}) would settle it"
                if needed <= MOST_DRAWS
                else f"no run of up to {grouped(MOST_DRAWS)} draws would settle it"
            )
        )
    if any(at.mc_error_days is None for at in dated):
        parts.append(
            f"an error bar that reaches past {prose_date(summary.horizon)} has no upper end; "
            "a later horizon or more draws would settle it"
        )
    return "; ".join(parts)


def _gap_phrases(dates: Sequence[Unreached]) -> Iterator[str]:
    """`the median falls in a gap between 8 April and 19 May 2025: both are medians`."""
    several = len({date.threshold for date in dates}) > 1
    found = {(date.threshold, date.level): date.at.gap for date in dates if date.at.gap}
    for (threshold, level), (low, high) in list(found.items())[:_MOST_TOLD]:
        ends = f"{prose_date(low)} and “never”" if high is None else prose_pair(low, high, "and")
        of = f" of {share(threshold)}" if several else ""
        name = percentile(level)
        both = f"both are {name}s within the Monte Carlo error"
        yield f"the {name}{of} falls in a gap between {ends}: {both}"


def stability_phrase(dates: Sequence[Unreached]) -> str:
    """That the dates of a run are stable to the day, where they are; else nothing."""
    dated = [date.at for date in dates if date.at.date is not None]
    if any(date.at.gap for date in dates) or not dated or not all(map(is_settled, dated)):
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
    asked = f"Precision asked {exact(found.days)} days"
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
