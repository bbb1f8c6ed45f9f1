"""What later reports say about each input, in words."""

from __future__ import annotations

import datetime as dt

from simulate.analysis.moved import RATE, Likelier, Moved
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.analysis.values import ValueQuantile
from simulate.report.text import phrases
from simulate.report.text.inputs import input_words
from simulate.report.text.rate import unit_of_time
from simulate.report.text.update import reports_words
from simulate.report.text.wording import listed, prose_date
from simulate.scenario.numerals import stated

HARDLY = 0.02
"""Inputs whose percentiles move by less, in levels of what was assumed, are only named."""


def is_moved(moved: Moved) -> bool:
    """Whether a percentile moves, and by more than its Monte Carlo error."""
    pairs = zip(moved.before, moved.after, strict=True)
    return moved.moved >= HARDLY and any(
        after.mc_error is not None and _days_or_units(before, after) > after.mc_error
        for before, after in pairs
    )


def _days_or_units(before: ValueQuantile, after: ValueQuantile) -> float:
    one, other = (
        each.value.toordinal() if isinstance(each.value, dt.date) else each.value
        for each in (before, after)
    )
    return abs(other - one)


def moved_name(moved: Moved, summary: Summary) -> str:
    """An input in words, or the loss rate that follows from several."""
    if moved.name == RATE:
        words = phrases.words_of(summary)
        return f"{words.rate}, {phrases.label_words(summary.unit)} a {unit_of_time(summary)[0]}"
    return input_words(moved.name, summary)


def days_of(moved: Moved, summary: Summary) -> float:
    """What a value is multiplied by: a loss rate, the days in its unit of time."""
    return unit_of_time(summary)[1] if moved.name == RATE else 1.0


def shown(quantile: ValueQuantile, moved: Moved, times: float = 1.0) -> str:
    """A value, as exact as the range before the update calls for."""
    if not isinstance(quantile.value, int | float):
        return quantile.value.isoformat()
    low, *_, high = (float(str(each.value)) for each in moved.before)
    return stated(times * quantile.value, times * (high - low))


def case_name(each: Likelier) -> str:
    """`ceasefire happens`, `claim 2: ISW`."""
    words = phrases.label_words(each.case)
    return words if each.name.endswith(".claim") else f"{words} happens"


def moved_sentence(report: SensitivityResult) -> str:
    """What the reports moved most; empty without an update, or where they moved nothing."""
    of_inputs = [each for each in report.moved if is_moved(each) and each.name != RATE]
    if report.update is None or not report.moved:
        return ""
    reports = phrases.capitalised(reports_words(report.update))
    if not of_inputs:
        return f"{reports} hardly changed what is known of any input."
    most = of_inputs[0]
    before, after = (each[len(each) // 2] for each in (most.before, most.after))
    values = [
        shown(each, most) if isinstance(each.value, int | float) else prose_date(each.value)
        for each in (before, after)
    ]
    name = moved_name(most, report.summary)
    return f"{reports} moved the {name} most: median {values[0]} before, {values[1]} after."


def hardly_words(report: SensitivityResult) -> str:
    """The inputs that are only named."""
    names = [moved_name(each, report.summary) for each in report.moved if not is_moved(each)]
    return f"Hardly moved: {listed(names)}." if names else ""
