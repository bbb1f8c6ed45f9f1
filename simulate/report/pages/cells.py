"""How dates and probabilities are written in the cells of a table."""

from __future__ import annotations

import datetime as dt

from simulate.analysis.values import Instant
from simulate.report.text.wording import instant_cell, level_label, percent_cell, points


def date_cell(at: Instant, horizon: dt.date, separator: str = "\n") -> str:
    """A date, or "not by" above the horizon; with `SOFT_BREAK` beside it where there is room."""
    cell = instant_cell(at, horizon)
    return cell if at.date is not None else separator.join(cell.rsplit(" ", 1))


def chance_cell(probability: float, error: float) -> str:
    """`96.3 % ± 0.1`, the Monte Carlo error in percentage points."""
    shown = percent_cell(probability, error)
    return f"{shown} ± {points(error)}" if error else shown


def level_cell(level: float) -> str:
    """The header of a column of percentiles."""
    return "P50 median" if level == 0.5 else level_label(level)
