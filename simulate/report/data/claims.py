"""The rows of the tables that several claims adds to the files of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from simulate.analysis.values import ValueQuantile

if TYPE_CHECKING:
    from simulate.analysis.summary import PooledClaims

Cell: TypeAlias = str | float | dt.date | None

CLAIMS_HEADER = (
    "claim",
    "source",
    "url",
    "published",
    "counts",
    "qualifier",
    "days",
    "weight",
    "share",
    *(f"{name}_{level}" for name in ("count", "as_of", "rate") for level in ("p5", "p50", "p95")),
    "rate_level",
    "rate_level_mc_error",
)
SHIFTS_HEADER = (
    "without",
    "claims",
    "threshold",
    "level",
    "date",
    "missing",
    "date_without",
    "missing_without",
    "shift_days",
    "mc_error_days",
)


def claim_rows(pooled: PooledClaims) -> Iterator[Sequence[Cell]]:
    """One row a claim."""
    for claim in pooled.claims:
        yield (
            claim.number,
            claim.source,
            claim.url,
            claim.published,
            claim.counts,
            claim.qualifier,
            claim.days,
            claim.weight,
            claim.share,
            *_three(claim.count),
            *_three(claim.as_of),
            *_three(claim.rates),
            claim.rate_level,
            claim.rate_level_mc_error,
        )


def shift_rows(pooled: PooledClaims) -> Iterator[Sequence[Cell]]:
    """One row for each source left out, threshold and percentile."""
    for left in pooled.left_out:
        for shift in left.shifts:
            yield (
                left.source,
                " ".join(map(str, left.numbers)),
                shift.threshold,
                shift.level,
                shift.before.date,
                shift.before.missing,
                shift.after.date,
                shift.after.missing,
                shift.days,
                shift.mc_error_days,
            )


def _three(quantiles: Sequence[ValueQuantile]) -> tuple[float | dt.date | None, ...]:
    """The 5th, 50th and 95th percentile, empty where one does not exist."""
    values = {quantile.level: quantile.value for quantile in quantiles}
    return tuple(values.get(level) for level in (0.05, 0.5, 0.95))
