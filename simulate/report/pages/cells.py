"""How dates and probabilities are written in the cells of a table, and inputs in a warning."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator

from simulate.analysis.summary import Summary
from simulate.analysis.values import Instant, PublishedCheck
from simulate.report import document
from simulate.report.text import phrases
from simulate.report.text.inputs import input_words
from simulate.report.text.wording import instant_cell, level_label, percent_cell, points

_KEY = re.compile(
    r"(?P<the>\bthe )?(?P<open>\()?(?P<key>\b[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)+)"
)


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


def published_cells(check: PublishedCheck, shown: Callable[[float, float], str]) -> tuple[str, str]:
    """A published date or period with its label, and its shares of simulations, for a list."""
    if period := check.period:
        shares = ", ".join(phrases.period_shares(period, shown))
        return phrases.published_label(check), shares.replace(" of simulations", "", 1)  # as headed
    label, when = phrases.undated(check.label, check.date), phrases.published_when(check)
    return f"by {when} ({label})", shown(check.probability_by, check.mc_error)


def labelled(text: str, summary: Summary) -> str:
    """A warning with its inputs in words: `the size of the force (force.size)`."""

    def words(match: re.Match[str]) -> str:
        label = input_words(match["key"], summary)
        if label == match["key"]:
            return match[0]
        named = f"the {label}"
        return f"({named}: {match['key']}" if match["open"] else f"{named} ({match['key']})"

    return _KEY.sub(words, text)


def warned(texts: Iterable[str], summary: Summary) -> Iterator[document.Listing]:
    """Warnings as a list, their inputs in words."""
    return document.warned(labelled(text, summary) for text in texts)
