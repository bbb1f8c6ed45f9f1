"""Percentile dates as a pandas table, where pandas is installed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simulate.analysis.summary import Summary
from simulate.analysis.values import Instant

if TYPE_CHECKING:
    import pandas as pd

NEEDED = "this needs the package pandas: pip install pandas"


def data_frame(summary: Summary) -> pd.DataFrame:
    """A row for each threshold and percentile.

    Returns
    -------
    pandas.DataFrame
        With the columns `threshold`, `level`, `date`, `day`, `mc_error_days` and `missing`: why
        there is no date, empty where there is one.

    Raises
    ------
    ImportError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(NEEDED) from error
    found = [
        (outcome.threshold, quantile.level, quantile.at)
        for outcome in summary.outcomes
        for quantile in outcome.quantiles
    ]
    moments = [at for *_, at in found]
    dates: Any = [at.date for at in moments]
    columns: dict[str, Any] = {
        "threshold": [threshold for threshold, *_ in found],
        "level": [level for _, level, _ in found],
        "date": pd.to_datetime(dates),
        "day": [_number(at.day) for at in moments],
        "mc_error_days": [_error(at) for at in moments],
        "missing": [str(at.missing) for at in moments],
    }
    return pd.DataFrame(columns)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _error(at: Instant) -> float:
    """An error bar that reaches past the horizon has no end."""
    return (
        math.inf if at.date is not None and at.mc_error_days is None else _number(at.mc_error_days)
    )
