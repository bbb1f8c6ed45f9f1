"""Two tables of a run for other programs: forecast hubs, and spreadsheets."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant
from simulate.report.data.csv_table import Cell, csv_table
from simulate.report.text.phrases import (
    capitalised,
    digest,
    event,
    label_words,
    largest_error,
    main_outcome,
    never_probability,
)
from simulate.report.text.wording import TOO_FEW, not_by, percentile, prose_date, share, tail_levels

# The model output format of the hubverse: columns that name the task, as a hub likes them, and
# then these three.
HUB_HEADER = ("origin_date", "target", "threshold", "output_type", "output_type_id", "value")
HUB_TARGET = "days to depletion"
MISSING = "NA"
"""How the hubverse writes that there is nothing."""

# Excel takes a file without this mark for one in the local character set.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def hub_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    """Median, quantiles and distribution function of each threshold.

    Values must be numbers there, so a date is told as days from `origin_date`: the start of that
    day is 0, and the end of a date its number plus 1. Quantiles beyond the horizon have no value
    and no row; the last row of the distribution function tells how much comes after.
    """
    for outcome in summary.outcomes:
        task = (summary.origin, HUB_TARGET, outcome.threshold)
        if outcome.median.day is not None:
            yield *task, "median", MISSING, outcome.median.day
        for level, at in sorted(_quantiles(outcome).items()):
            if at.day is not None:
                yield *task, "quantile", level, at.day
        for day, probability in sorted(_cumulative(summary, outcome).items()):
            yield *task, "cdf", day, probability


def spreadsheet(summary: Summary) -> bytes:
    """A row for each threshold, with headings in words, for Excel and its kin."""
    return _BYTE_ORDER_MARK + csv_table(_headings(summary), _sheet_rows(summary))


def _quantiles(outcome: Outcome) -> dict[float, Instant]:
    """All that is known, by level: percentiles asked for, and ends of equal-tailed intervals."""
    found = {0.5: outcome.median}
    for interval in outcome.intervals:
        if interval.kind == "equal-tailed":
            low, high = tail_levels(interval.probability)
            found |= {low: interval.low, high: interval.high}
    return found | {quantile.level: quantile.at for quantile in outcome.quantiles}


def _cumulative(summary: Summary, outcome: Outcome) -> dict[int, float]:
    """Probability of depletion up to the end of some days, and up to the horizon."""
    end = _day_after(summary, summary.horizon)
    edges = [(edge - summary.origin).days for edge in outcome.histogram.edges]
    sums = accumulate(outcome.histogram.probability, initial=0.0)
    found = dict(zip(edges, sums, strict=bool(edges)))
    found |= {_day_after(summary, by.date): by.probability for by in outcome.by}
    found |= {_day_after(summary, one.date): one.probability_by for one in outcome.published}
    found = {day: probability for day, probability in found.items() if day < end}
    found[end] = outcome.depleted_probability
    # Sums of shares of draws differ from the shares of the sums in the last digits.
    return {day: round(min(probability, 1.0), 12) for day, probability in found.items()}


def _day_after(summary: Summary, date: dt.date) -> int:
    return (date - summary.origin).days + 1


def _headings(summary: Summary) -> tuple[str, ...]:
    main = main_outcome(summary)
    return (
        f"Share of the {label_words(main.whole)} {event(main)[1]}",
        *(capitalised(percentile(quantile.level)) for quantile in main.quantiles),
        "Largest Monte Carlo error, days",
        f"{capitalised(not_by(summary.horizon))}, share of draws",
        "Scenario",
        "Digest",
        "Draws",
        "Seed",
    )


def _sheet_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    run = summary.run
    for outcome in summary.outcomes:
        dates = [quantile.at for quantile in outcome.quantiles]
        error = largest_error(dates)
        yield (
            share(outcome.threshold),
            *(_date(at, summary.horizon) for at in dates),
            None if error is None else math.ceil(100 * error - 1e-9) / 100,
            never_probability(outcome),
            summary.scenario.title,
            digest(summary),
            run.draws,
            # A spreadsheet would round a number of more than 15 digits.
            run.seed if run.seed < 10**15 else f"seed {run.seed}",
        )


def _date(at: Instant, horizon: dt.date) -> Cell:
    if at.date is not None:
        return at.date
    return TOO_FEW if at.missing == "too_few_draws" else f"not by {prose_date(horizon)}"
