"""Strength over time and counts published later, on the page of a terminal."""

from __future__ import annotations

import math

from simulate.analysis.summary import StrengthOverTime, Summary
from simulate.report.findings import label_words, main_outcome
from simulate.report.strength_words import (
    OUTER,
    band,
    observed_lines,
    quantities,
    reach,
    round_dates,
)
from simulate.report.terminal_page import Page
from simulate.report.wrapping import cells
from simulate.scenario.numerals import count, decimals, fixed

_WIDEST_WORD = 8
"""What three columns of a page of 80 have room for: fired, killed, used up."""


def draw_strength(page: Page, summary: Summary) -> None:
    """A table of strength and losses at round dates, where the run has them."""
    strength = summary.strength
    if strength is None:
        return
    present, lost = quantities(summary)
    page.heading(f"{present} and {lost[:1].lower()}{lost[1:]} at the end of each date")
    widest = reach(strength)
    header, columns = ["date"], []
    errors = [0.0]
    chosen = round_dates(strength)
    lost = label_words(main_outcome(summary).lost)
    if cells(lost) > _WIDEST_WORD:
        lost = "lost"  # the heading has the whole of it
    gap = " " if cells(lost) <= len("lost") else "\n"
    for name, bands in (("present ", strength.present), (f"{lost}{gap}", strength.lost)):
        for level in OUTER:
            row = band(bands, strength, level)
            if row is not None:
                header.append(f"{name}{'P50' if level == 0.5 else row[0]}")
                shown = [count(row[1][k], row[2][k], widest) for k in chosen]
                width = max(map(cells, (*header[-1].split("\n"), *shown)))
                columns.append([cell.rjust(width) for cell in shown])
                errors += [row[2][k] for k in chosen]
    dates = [strength.dates[k].isoformat() for k in chosen]
    page.grid(header, zip(dates, *columns, strict=True))
    page.paragraph(
        f"{_precision(max(errors), max(decimals(widest), 0), summary)}{_explained(strength)}"
    )


def draw_observed(page: Page, summary: Summary) -> None:
    """Where each count published later falls, whatever it says."""
    if not summary.observed:
        return
    page.heading("Counts published later")
    for line in observed_lines(summary):
        page.paragraph(line, first="  ", indent="    ")


def _precision(error: float, digits: int, summary: Summary) -> str:
    if error == 0:
        return ""
    scale: float = 10.0**-digits
    shown = fixed(math.ceil(error / scale - 1e-9) * scale, digits)
    return f"95 % Monte Carlo error at most ± {shown} {label_words(summary.unit)}. "


def _explained(strength: StrengthOverTime) -> str:
    if not set(OUTER) <= set(strength.levels):
        return "The draws are too few for further percentiles."
    return "Each column is a percentile of its own, not the path of one draw."
