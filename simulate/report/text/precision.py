"""How precise the dates of a run are, and how many draws would make them more so."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from simulate.analysis.clusters import FEW_DRAWS, clusters
from simulate.analysis.summary import Outcome, Precision, Summary, Unreached, dates_of
from simulate.engine.evidence import MOST_DRAWS as MOST_WEIGHTED
from simulate.engine.sampling.design import MOST_DRAWS
from simulate.report.text import wording
from simulate.report.text.phrases import (
    largest_error,
    outcome_of,
    threshold_words,
)
from simulate.scenario.numerals import exact

_MOST_LISTED = 3


def precision_words(summary: Summary, chosen: Sequence[Outcome]) -> str:
    """Whether a requested precision is reached, or that dates are stable to the day; or empty."""
    if requested := precision_phrase(summary):
        return requested
    dated = [date.at for date in advised_dates(summary, chosen) if date.at.date or date.at.gap]
    if not dated or any(at.gap or not wording.is_settled(at) for at in dated):
        return ""
    return (
        "Percentiles and equal-tailed intervals are stable to the day: "
        f"Monte Carlo error at most {wording.error_days(largest_error(dated) or 0.0)} days."
    )


def advised_dates(summary: Summary, chosen: Sequence[Outcome]) -> list[Unreached]:
    """The dates that advice is about: all percentiles, and equal-tailed intervals of `chosen`.

    The shortest intervals need far more draws than anybody would cite. An update adds its own.
    """
    spread, after = {outcome.threshold for outcome in chosen}, summary.updated
    every = (*summary.outcomes, *(after.outcomes if after else ()))
    shown = (o if o.threshold in spread else replace(o, intervals=()) for o in every)
    return [date for outcome in shown for date in dates_of(outcome)]


def settling_phrase(summary: Summary, dates: Sequence[Unreached], *, brief: bool = False) -> str:
    """Why some dates are marked, and how many draws would cut their error to half a day.

    The error of a quantile falls at least as fast as one over the square root of the number of
    draws, so that number is on the safe side; with a requested precision, `precision_phrase` says
    it instead. More draws do not help a percentile between clusters of dates, and no number is
    named that exceeds the limit of a run. If `brief`, only an error without an upper end is
    explained. Empty if all dates are settled.
    """
    apart = [(date, gap) for date in dates if (gap := _gap(summary, date))]
    parts = [] if brief else list(_gap_phrases(summary, apart))
    if summary.run.precision is not None:
        return "; ".join(parts)
    between = [date for date, _ in apart]
    dated = [date.at for date in dates if date.at.date is not None and date not in between]
    largest = largest_error(dated) or 0.0
    if not brief and largest > wording.SETTLED_DAYS:
        least = summary.run.draws * (largest / wording.SETTLED_DAYS) ** 2
        step = 10 ** max(math.floor(math.log10(least)) - 1, 0)
        needed = math.ceil(least / step) * step  # to two digits
        more = f"about {wording.grouped(needed)} draws (-n {needed})"
        most = MOST_WEIGHTED if summary.update else MOST_DRAWS
        if needed > most:
            more = f"no run of up to {wording.grouped(most)} draws"
        which, it = ("another error", "that one") if parts else ("error", "it")
        parts.append(f"{which} above half a day; {more} would settle {it}")
    if any(at.mc_error_days is None for at in dated):
        end = f"past {wording.prose_date(summary.horizon)} has no upper end"
        more = "a later horizon or more draws would settle it"
        parts.append(f"an error bar that reaches {end}; {more}")
    return "; ".join(parts)


_Gap = tuple[dt.date, dt.date | None]


def _gap(summary: Summary, date: Unreached) -> _Gap | None:
    """The days without draws, or between clusters of dates, that a percentile could be any of."""
    at, error = date.at, date.at.mc_error_days or 0.0
    is_settled = error <= wording.SETTLED_DAYS or summary.run.draws < FEW_DRAWS
    if at.gap or at.date is None or is_settled:
        return at.gap
    # The error bar ends in few draws between two clusters, which it covers by half.
    bar = (at.date - dt.timedelta(error), at.date + dt.timedelta(error))
    for one, other in pairwise(clusters(outcome_of(summary, date.threshold).histogram)):
        width = min(bar[1], other.first) - max(bar[0], one.last)
        if width > (other.first - one.last) / 2:
            return one.last, other.first
    return None


def _gap_phrases(summary: Summary, apart: Sequence[tuple[Unreached, _Gap]]) -> Iterator[str]:
    """`the median falls in a gap between 8 April and 19 May 2025, however many the draws`."""
    several = len({date.threshold for date, _ in apart}) > 1
    found = {(date.threshold, date.level): (date, gap) for date, gap in apart}
    for date, (low, high) in list(found.values())[:_MOST_LISTED]:
        never = f"{wording.prose_date(low)} and “never”"
        ends = wording.prose_pair(low, high, "and") if high else never
        of = f" of {_threshold(summary, date.threshold)}" if several else ""
        where = "in a gap" if date.at.gap else "among the few dates"
        yield f"the {wording.percentile(date.level)}{of} falls {where} between {ends}"
    if found:
        parts = summary.pooled.parts if summary.pooled else ()
        instead = (
            "give the dates by each report" if len(parts) > 1 else "give the clusters of dates"
        )
        yield f"more draws do not settle {'it' if len(found) == 1 else 'them'}: {instead} instead"


def precision_phrase(summary: Summary) -> str:
    """Whether the requested precision is reached, and how many intervals it excludes; or empty."""
    found = summary.run.precision
    if found is None:
        return ""
    draws = f"with {wording.grouped(summary.run.draws)} draws"
    requested = f"Requested precision of {exact(found.days)} days"
    if found.reached:
        largest = "no date has an error"
        if found.largest is not None:
            largest = f"largest error {wording.error_days(found.largest, found.days)} days"
        words = f"{requested}: reached, {largest} {draws}."
    else:
        most = ", the most allowed" if summary.run.draws >= found.most_draws else ""
        words = f"{requested}: not reached {draws}{most}: {_missed(summary, found)}."
    n = len(found.shortest_left_out)
    if n:
        omitted, ends = ("interval is", "its") if n == 1 else ("intervals are", "their")
        words += f" {n} shortest {omitted} omitted because {ends} ends are less precise."
    if summary.update is not None or summary.is_updated:
        words += " The precision is that of the dates after the update."
    return words


def _missed(summary: Summary, found: Precision) -> str:
    """The first dates that missed it and by how much, `30 % P95 ± 0.2 days, ... and 3 more`."""
    listed = []
    for date in found.missed[:_MOST_LISTED]:
        error, words = date.at.mc_error_days, f"± open past {wording.prose_date(summary.horizon)}"
        if date.at.missing:
            words = wording.TOO_FEW
        elif error is not None:
            words = f"± {wording.error_days(error, found.days)} days"
        label = f"{_threshold(summary, date.threshold)} {wording.level_label(date.level)}"
        listed.append(f"{label} {words}")
    more = len(found.missed) - len(listed)
    return ", ".join(listed) + (f" and {more} more" if more else "")


def _threshold(summary: Summary, threshold: float) -> str:
    return threshold_words(outcome_of(summary, threshold))
