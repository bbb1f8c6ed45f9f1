"""Pooled claims of three sources, made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from simulate.analysis import summary as answer
from simulate.analysis import values


def ledger(name: str) -> answer.PooledClaims:
    median = values.Instant(150.2, dt.date(2025, 4, 30), 0.2)
    beyond = values.Instant(None, None, None, "beyond_horizon")
    few = values.Instant(None, None, None, "too_few_draws")
    moved = values.Instant(181.5, dt.date(2025, 5, 31), 0.1)
    pairs = (
        (median, moved, 31.3, 0.04),
        (median, beyond, None, None),
        (beyond, moved, None, None),
        (beyond, beyond, None, None),
        (few, few, None, None),
        (median, moved, -1234.5, None),
        (median, median, -0.004, 0.0),
        (median, moved, 31.3, 12.1),
        (moved, median, -31.3, 0.3),
    )
    shifts = [values.Shift(1.0, (0.05, 0.5, 0.95)[i % 3], *pair) for i, pair in enumerate(pairs)]
    return answer.PooledClaims(
        pooling="linear",
        claims=(
            claim(1, name, qualifier="about", count=(2700.0, 2985.0, 3300.0)),
            claim(2, "", counts="killed", qualifier="more_than"),
            claim(3, name, rates=(), rate_level=None),
            claim(4, "The White House", days=7.0, weight=None, share=None, rate_level=0.9999),
        ),
        left_out=(
            answer.LeftOut(name, (1, 3), tuple(shifts[:3])),
            answer.LeftOut("claim 2", (2,), tuple(shifts[3:6])),
            answer.LeftOut("A third", (4,), tuple(shifts[6:])),
        ),
    )


def claim(
    number: int,
    source: str,
    *,
    count: tuple[float, ...] = (1000.0, 1000.0, 1000.0),
    rates: tuple[float, ...] = (74.4, 88.2, 110.0),
    **more: Any,
) -> answer.ClaimSummary:
    days = (dt.date(2025, 1, 6), dt.date(2025, 1, 9), dt.date(2025, 1, 12))
    known: dict[str, Any] = {
        "url": "https://example.org/a",
        "published": dt.date(2025, 1, 13),
        "counts": "all",
        "qualifier": "",
        "days": None,
        "weight": 2.0,
        "share": 0.3333,
        "rate_level": 0.32,
        "rate_level_mc_error": 0.001,
    }
    return answer.ClaimSummary(
        number=number,
        label=source or f"claim {number}",
        source=source,
        count=three(count),
        as_of=three(days if count[0] < count[-1] else days[:1] * 3),
        rates=three(rates),
        **{**known, **more},
    )


def three(
    of: Iterable[float | dt.date], error: float | None = None
) -> tuple[values.ValueQuantile, ...]:
    return tuple(
        values.ValueQuantile(level, value, error)
        for level, value in zip((0.05, 0.5, 0.95), of, strict=False)
    )
