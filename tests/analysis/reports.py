"""Reports as evidence, for tests of updates."""

from __future__ import annotations

import math
from typing import Any

from simulate.analysis.summary import Update
from simulate.api.result import Result
from tests.cases import lognormal

DAY_111, DAY_120 = "2025-03-27", "2025-04-05"


def report(losses: Any, date: str = "2025-03-06", **more: Any) -> dict[str, Any]:
    """By default of day 90."""
    return {"label": f"R of {date}", "date": date, "losses": losses, "evidence": True, **more}


def errors(error: float, source_bias: float = 0.0, common_bias: float = 0.0) -> dict[str, float]:
    return {"error": error, "source_bias": source_bias, "common_bias": common_bias}


def updated(result: Result) -> Update:
    assert result.update is not None
    return result.update


def multiplier(sd: float) -> dict[str, Any]:
    low, high = (math.exp(z * sd) for z in (-1.6448536269514722, 1.6448536269514722))
    return {"multiplier": lognormal(low, high)}


TWO = [report(7500, source="A"), report(9000, DAY_120, source="A", qualifier="at_least")]
CONFLICTING = {
    "observed": [report(5000, DAY_111)],
    "evidence": errors(0.10),
    "rate": multiplier(0.4),
    "horizon": "2027-12-31",
}
"""A report far below what a count of 3800 leads to."""
