"""The tables of a run, each with its header beside its rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, StrengthOverTime, Summary, dates_of
from simulate.analysis.values import Instant, Interval, ValueQuantile
from simulate.report.data.files import Cell, Table
from simulate.report.text import phrases
from simulate.report.text.phrases import digest
from simulate.report.text.wording import TOO_FEW, not_by, percentile, prose_date, share

if TYPE_CHECKING:
    import pandas as pd


def quantiles(summary: Summary) -> Table:
    """A row for each threshold and percentile."""
    header = ("threshold", "level", "date", "day", "mc_error_days", "missing")
    rows = [
        (outcome.threshold, level, at.date, at.day, at.mc_error_days, at.missing)
        for outcome in summary.outcomes
        for level, at in outcome.quantiles
    ]
    return Table(header, rows)


def together(named: Iterable[tuple[str, Summary]]) -> Table:
    """The rows of `quantiles` of several runs, each after the name and the title of its run."""
    tables = [(name, summary.scenario.title, quantiles(summary)) for name, summary in named]
    rows = [(name, title, *row) for name, title, table in tables for row in table.rows]
    return Table(("result", "title", *tables[0][2].header), rows)


def updated(summary: Summary) -> Table | None:
    """As `quantiles`, after an update on later reports, if there is one."""
    return None if summary.updated is None else quantiles(summary.updated)


def data_frame(summary: Summary) -> pd.DataFrame:
    """The table of `quantiles` for pandas.

    `mc_error_days` is infinite where the error bar of a date reaches past the horizon, and NaN
    where there is no date; `missing` says why there is none.
    """
    frame = quantiles(summary).data_frame()
    frame = frame.astype({"date": "datetime64[us]", "day": "float64", "mc_error_days": "float64"})
    frame.loc[frame["date"].notna() & frame["mc_error_days"].isna(), "mc_error_days"] = math.inf
    return frame


def intervals(summary: Summary) -> Table:
    """A row for each threshold and interval, as chart tools take bars with ends; also updated."""

    def label(outcome: Outcome, when: str, interval: Interval) -> str:
        return f"{phrases.share_of(outcome)}{when}, {share(interval.probability)} {interval.kind}"

    rows = [
        (label(outcome, when, found), outcome.median.date, found.low.date, found.high.date)
        for when, outcome in _before_and_after(summary)
        for found in outcome.intervals
    ]
    return Table(("label", "value", "lower", "upper"), rows)


def _before_and_after(summary: Summary) -> Iterator[tuple[str, Outcome]]:
    """Each outcome after what its label adds, with those of an update on later reports."""
    for each in filter(None, (summary, summary.updated)):
        yield from ((phrases.updated_words(each), outcome) for outcome in each.outcomes)


def histogram(summary: Summary) -> Table:
    """A row for each threshold and bin; after an update, in the same bins, a column more."""
    both = list(filter(None, (summary, summary.updated)))
    rows = [
        (outcomes[0].threshold, start, end, *probabilities)
        for outcomes in zip(*(one.outcomes for one in both), strict=True)
        for (start, end), *probabilities in zip(
            pairwise(outcomes[0].histogram.edges),
            *(outcome.histogram.probability for outcome in outcomes),
            strict=True,
        )
    ]
    names = ("probability", "updated")[: len(both)]
    return Table(("threshold", "start", "end", *names), rows)


def strength(summary: Summary) -> Table | None:
    """A row for each date and percentile of strength and losses, if the run has them.

    An update adds its own, where its draws support the percentile.
    """
    found, update = summary.strength, summary.update
    if found is None:
        return None
    header, rows = ("quantity", "date", "level", "value", "mc_error"), [*_bands(found)]
    if update is None or update.strength is None:
        return Table(header, rows)
    after = {row[:3]: row[3:] for row in _bands(update.strength)}
    both = [(*row, *after.get(row[:3], (None, None))) for row in rows]
    return Table((*header, "updated", "updated_mc_error"), both)


def _bands(found: StrengthOverTime) -> Iterator[tuple[Cell, ...]]:
    for name, bands in (("present", found.present), ("lost", found.lost)):
        for day, date in enumerate(found.dates):
            for level, values, errors in zip(found.levels, *bands, strict=True):
                yield name, date, level, values[day], errors[day]


def observed(summary: Summary) -> Table | None:
    """A row for each point of each count published later, if there are any."""
    if not summary.observed:
        return None
    header = ["label", "date", "point", "losses", "level", "probability", "mc_error"]
    header += [f"simulated_p{100 * q.level:g}" for q in summary.observed[0].simulated]
    rows = [
        (
            *(check.label, check.date),
            *(at.point, at.losses, at.level, at.probability, at.mc_error),
            *(quantile.value for quantile in check.simulated),
        )
        for check in summary.observed
        for at in check.reported
    ]
    return Table(header, rows)


def published(summary: Summary) -> Table | None:
    """A row for each threshold and published period, if there are any; after an update."""
    shares = ("before", "within", "after")
    header = ["threshold", "label", "from", "to"]
    header += [f"{name}{figure}" for name in shares for figure in ("", "_mc_error")]
    rows: list[Sequence[Cell]] = [
        [
            *(outcome.threshold, check.label, check.period.first, check.period.last),
            *chain.from_iterable((at.probability, at.mc_error) for at in check.period.chances),
        ]
        for outcome in (summary.updated or summary).outcomes
        for check in outcome.published
        if check.period
    ]
    return Table(header, rows) if rows else None


def claims(summary: Summary) -> Table | None:
    """A row for each claim, if the losses are given by several."""
    if summary.pooled is None:
        return None
    plain = ("source", "url", "published", "counts", "qualifier", "days", "weight", "share")
    spread = [f"{name}_{p}" for name in ("count", "as_of", "rate") for p in ("p5", "p50", "p95")]
    rate = ("rate_level", "rate_level_mc_error")
    rows = [
        (
            *(claim.number, *attrgetter(*plain)(claim)),
            *_at_three_levels(claim.count, claim.as_of, claim.rates),
            *attrgetter(*rate)(claim),
        )
        for claim in summary.pooled.claims
    ]
    return Table(("claim", *plain, *spread, *rate), rows)


def leave_one_out(summary: Summary) -> Table | None:
    """A row for each source left out, threshold and percentile, if there are several sources."""
    if summary.pooled is None or not summary.pooled.left_out:
        return None
    header = (
        *("without", "claims", "threshold", "level"),
        *("date", "missing", "date_without", "missing_without", "shift_days", "mc_error_days"),
    )
    rows = [
        (
            *(left.source, " ".join(map(str, left.numbers)), shift.threshold, shift.level),
            *(shift.before.date, shift.before.missing, shift.after.date, shift.after.missing),
            *(shift.days, shift.mc_error_days),
        )
        for left in summary.pooled.left_out
        for shift in left.shifts
    ]
    return Table(header, rows)


def _at_three_levels(*figures: Sequence[ValueQuantile]) -> Iterator[float | dt.date | None]:
    """The 5th, 50th and 95th percentile of each, None where one does not exist."""
    for quantiles_of in figures:
        values = {quantile.level: quantile.value for quantile in quantiles_of}
        yield from map(values.get, (0.05, 0.5, 0.95))


# --- forecast hubs ---


def hubverse(summary: Summary) -> Table:
    """Median, quantiles and distribution function of each threshold, after an update.

    The model output format of the hubverse: columns of the task, as a hub chooses them, then
    `output_type`, `output_type_id` and `value`. Values must be numbers, so a date is given as days
    from `origin_date`, the day of the last count: its start is 0, and the end of a date its number
    plus 1.
    Quantiles beyond the horizon have no row; the last row of the distribution function shows how
    much comes after it.
    """
    header = ("origin_date", "target", "threshold", "output_type", "output_type_id", "value")
    return Table(header, list(_hub_rows(summary.updated or summary)))


def _hub_rows(summary: Summary) -> Iterator[Sequence[Cell]]:
    origin = summary.counted_until or summary.origin
    before = (origin - summary.origin).days
    for outcome in summary.outcomes:
        task = (origin, "days to depletion", outcome.threshold)
        if outcome.median.day is not None:
            yield *task, "median", "NA", outcome.median.day - before
        for _, level, at in dates_of(outcome):
            if at.day is not None:
                yield *task, "quantile", level, at.day - before
        for day, probability in sorted(_cumulative(summary, outcome).items()):
            yield *task, "cdf", day - before, probability


def _cumulative(summary: Summary, outcome: Outcome) -> dict[int, float]:
    """Probability of depletion by the end of some days, and by the horizon."""

    def day_after(date: dt.date) -> int:
        return (date - summary.origin).days + 1

    end = day_after(summary.horizon)
    edges = [(edge - summary.origin).days for edge in outcome.histogram.edges]
    sums = accumulate(outcome.histogram.probability, initial=0.0)
    found = dict(zip(edges, sums, strict=bool(edges)))
    found |= {day_after(by.date): by.probability for by in outcome.by}
    found |= {day_after(one.date): one.probability_by for one in outcome.published}
    periods = (one.period for one in outcome.published if one.period)
    found |= {day_after(one.first) - 1: one.before.probability for one in periods}
    found = {day: probability for day, probability in found.items() if day < end}
    found[end] = outcome.depleted_probability
    # Summed bins differ from the counted shares in the last digits.
    return {day: round(min(probability, 1.0), 12) for day, probability in found.items()}


# --- spreadsheets ---


def spreadsheet(summary: Summary) -> Table:
    """A row for each threshold, also updated, with headings in words."""
    main, run = phrases.main_outcome(summary), summary.run
    header = (
        f"Share of the {phrases.share_whole(main)} {phrases.share_lost(main)}",
        *(phrases.capitalised(percentile(quantile.level)) for quantile in main.quantiles),
        "Largest Monte Carlo error, days",
        f"{phrases.capitalised(not_by(summary.horizon))}, share of simulations",
        *("Scenario", "Digest", "Draws", "Seed"),
    )
    # A spreadsheet would round a number of more than 15 digits.
    seed = run.seed if run.seed < 10**15 else f"seed {run.seed}"
    rows = [
        (
            f"{phrases.threshold_words(outcome)}{when}",
            *(_date(quantile.at, summary.horizon) for quantile in outcome.quantiles),
            _rounded_up(phrases.largest_error([quantile.at for quantile in outcome.quantiles])),
            phrases.never_probability(outcome),
            *(summary.scenario.title, digest(summary), run.draws, seed),
        )
        for when, outcome in _before_and_after(summary)
    ]
    return Table(header, rows)


def _rounded_up(error: float | None) -> float | None:
    return None if error is None else math.ceil(100 * error - 1e-9) / 100


def _date(at: Instant, horizon: dt.date) -> Cell:
    if at.date is not None:
        return at.date
    return TOO_FEW if at.missing == "too_few_draws" else f"not by {prose_date(horizon)}"
