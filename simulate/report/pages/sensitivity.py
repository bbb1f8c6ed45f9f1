"""A sensitivity analysis: what moves the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from simulate.analysis.effects import Case, Effect, Effects, Estimate
from simulate.analysis.inverse import Needed, PublishedTarget
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.values import Instant
from simulate.report import document
from simulate.report.figures.tornado import drawing
from simulate.report.pages.cells import date_cell
from simulate.report.text import sensitivity as words
from simulate.report.text.phrases import label_words, outcome_of, program_line, share_of
from simulate.report.text.wording import (
    error_days,
    grouped,
    inert,
    instant_cell,
    instant_prose,
    points,
    prose_date,
)
from simulate.scenario.numerals import first_digit, number, rounded_up

_FEW = 6
"""This many inputs are always shown in full."""

_SOURCE_LINES = 2


def sensitivity_page(report: SensitivityResult, *, verbose: bool = False) -> document.Document:
    """What moves the date, and what would make a published date the median.

    With `verbose`, all thresholds, and inputs with almost no effect.
    """
    summary = report.summary
    chosen = tuple(reversed(report.thresholds)) if verbose else (words.main_effects(report),)
    shown = {found.threshold: _shown(found, verbose=verbose) for found in chosen}
    named = tuple({each.name: each for some in shown.values() for each in some}.values())
    explained = tuple(words.explanations(report, named)) if named else ()
    targets = groupby(report.needed, key=lambda needed: needed.target)
    effects = [[*_effects(report, found, shown[found.threshold])] for found in chosen]
    effects[-1] += document.paragraphs(explained)
    run = f"{words.run_words(report)} {program_line(summary)}."
    return document.composed(
        inert(summary.scenario.title),
        ("answer", "", [document.paragraph(words.headline(report), "strong")]),
        *(
            (f"effects-{place}", _heading(report, found), effects[place])
            for place, found in enumerate(chosen)
        ),
        ("pictures", "In pictures", (tornado(report, found) for found in chosen if found.ranked)),
        ("sources", "Where each comes from", _sources(named)),
        *(
            (f"needed-{place}", *_needed(report, tuple(answers), verbose=verbose))
            for place, (_, answers) in enumerate(targets)
        ),
        ("warnings", "Warnings", document.warned(summary.warnings)),
        ("run", "", [document.paragraph(run)]),
    )


def _shown(found: Effects, *, verbose: bool) -> tuple[Effect, ...]:
    """The effects shown in full."""
    if verbose or len(found.ranked) <= _FEW:
        return found.ranked
    return tuple(effect for effect in found.ranked if not words.is_minor(effect))


# --- what moves the date ---


def _heading(report: SensitivityResult, found: Effects) -> str:
    about = "What moves the date" if found.ranked else "The date"
    return f"{about}, {share_of(words.outcome_of(report, found))}"


def _effects(report: SensitivityResult, found: Effects, shown: Sequence[Effect]) -> document.Blocks:
    horizon = report.summary.horizon
    middle = instant_prose(words.outcome_of(report, found).median, horizon)
    never = words.never_words(report, found)
    yield document.paragraph(f"Median of all draws: {middle}{f'; {never}' if never else ''}")
    if not found.ranked:
        return
    yield effects_table("", shown, horizon)
    minor = words.minor_words([i for i in found.ranked if i not in shown])
    yield from document.paragraphs((minor, words.together_words(found)))


def effects_table(caption: str, effects: Iterable[Effect], horizon: dt.date) -> document.Table:
    """What moves the date: an input a row."""
    header = ("input", "total", "first", "rank", "lowest 10th", "highest 10th")
    return document.table(caption, header, (_effect_row(effect, horizon) for effect in effects))


def _effect_row(effect: Effect, horizon: dt.date) -> list[str]:
    correlation = effect.rank_correlation
    return [
        words.name_words(effect),
        _share_cell(effect.total),
        _share_cell(effect.first_order),
        "" if correlation is None else _correlation_cell(correlation),
        _case_cell(effect.low, horizon),
        _case_cell(effect.high, horizon),
    ]


def _share_cell(estimate: Estimate | None) -> str:
    return (
        "" if estimate is None else f"{words.share_words(estimate)}\n± {points(estimate.mc_error)}"
    )


def _correlation_cell(estimate: Estimate) -> str:
    error = estimate.mc_error
    shown = f"{estimate.value:+.{min(max(first_digit(error), 2), 3) if error else 2}f}"
    hundredths = points(estimate.mc_error)
    error = float(hundredths.replace(",", "")) / 100
    return f"{shown.lstrip('+-') if float(shown) == 0 else shown}\n± {error:.3g}"


def _case_cell(case: Case | None, horizon: dt.date) -> str:
    if case is None:
        return ""
    short = {"does not happen": "if not", "happens": "if so"}
    cell = _moment(case.median, horizon)
    if case.name in short:
        return f"{cell}\n{short[case.name]}"
    return f"{cell}\n{case.name.partition(':')[0]}" if case.name.startswith("claim ") else cell


def _moment(at: Instant, horizon: dt.date) -> str:
    """A date with its error below it, or "not by" above the horizon."""
    cell = date_cell(at, horizon)
    if at.date is None:
        return cell
    return f"{cell}\n± {'open' if at.mc_error_days is None else error_days(at.mc_error_days)}"


def _sources(shown: Sequence[Effect]) -> document.Blocks:
    items = tuple(
        (f"{words.name_words(each)}: {inert(each.source) or 'no source given'}",)
        for each in shown
        if each.kind != "walk"
    )
    if shown:
        yield document.Listing(items, lines=_SOURCE_LINES)


def tornado(report: SensitivityResult, found: Effects) -> document.Picture:
    """The median date of one threshold when one input is low or high."""
    caption = "The median date when one input is low or high."
    return document.Picture(caption, partial(drawing, report, found))


# --- the inverse question ---


def _needed(
    report: SensitivityResult, answers: Sequence[Needed], *, verbose: bool
) -> tuple[str, Iterable[document.Block]]:
    target = answers[0].target
    found = next(each for each in report.thresholds if each.threshold == target.threshold)
    listed = {effect.name for effect in _shown(found, verbose=verbose)}
    rows = [a for a in answers if a.value is not None or a.jump is not None or a.name in listed]
    others = len(answers) - len(rows)
    could = f"None of the {grouped(others)} other inputs could do so alone, within its range."
    return needed_heading(report, target), (
        document.paragraph(f"Published: {label_words(target.label)}"),
        needed_table("", rows, report.summary.horizon),
        *([document.paragraph(could)] if others else []),
        document.paragraph(needed_note(report), "small"),
    )


def needed_heading(report: SensitivityResult, target: PublishedTarget) -> str:
    """`What would make 15 April 2025 the median, 100 % lost`."""
    outcome = outcome_of(report.summary, target.threshold)
    return f"What would make {prose_date(target.date)} the median, {share_of(outcome)}"


def needed_note(report: SensitivityResult, remark: str = "") -> str:
    """The explanation of `needed_table`, with a remark in its middle."""
    return (
        "Each input changes alone, the others are as stated. level: where that value lies in the "
        f"input’s own distribution. {remark}{grouped(report.needed_draws)} draws."
    )


def needed_table(caption: str, answers: Iterable[Needed], horizon: dt.date) -> document.Table:
    """The value of each input that would make a date the median."""
    header = ("input", "value", "±", "level", "median over its range")
    return document.table(caption, header, (_needed_row(needed, horizon) for needed in answers))


def _needed_row(needed: Needed, horizon: dt.date) -> list[str]:
    ends = [instant_cell(at, horizon) for at in (needed.earliest, needed.latest)]
    span = ends[0] if ends[0] == ends[1] else f"{ends[0]} to\n{ends[1]}"
    if needed.jump is not None:
        low, high = (_value(value, None, needed.jump) for value in needed.jump)
        return [inert(needed.name), f"between {low}\nand {high}", "", "", span]
    if needed.value is None or needed.level is None:
        return [inert(needed.name), "none", "", "", span]
    shown = _value(needed.value, needed.mc_error)
    return [inert(needed.name), shown, _error(needed), _level(needed.level), span]


def _value(
    value: float | dt.date,
    error: float | None,
    beside: Sequence[float | dt.date] = (),
) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    numbers = [other for other in beside if not isinstance(other, dt.date)]
    return number(value, error, max(numbers) - min(numbers) if numbers else None)


def _error(needed: Needed) -> str:
    if isinstance(needed.value, dt.date):
        return f"{error_days(needed.error)} days"
    return rounded_up(needed.error)


def _level(level: float) -> str:
    if level < 0.001:
        return "<P0.1"
    return ">P99.9" if level > 0.999 else f"P{100 * level:.1f}".removesuffix(".0")
