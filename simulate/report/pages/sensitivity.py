"""A sensitivity analysis: what moves the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby

from simulate.analysis.effects import Effect, Effects, Estimate, GroupMedian
from simulate.analysis.inverse import Needed, PublishedTarget
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.report import document
from simulate.report.figures.tornado import drawing
from simulate.report.pages.cells import date_cell, warned
from simulate.report.pages.moved import moved
from simulate.report.text import sensitivity as words
from simulate.report.text import wording
from simulate.report.text.inputs import input_words, unit_words
from simulate.report.text.phrases import only_date, outcome_of, program_line, share_of
from simulate.report.text.rate import numbers
from simulate.report.text.terms import explanations
from simulate.report.text.wording import inert, points
from simulate.scenario.numerals import decimals, first_digit, fixed, number, rounded_up

_FEW = 6
"""This many inputs are always shown in full."""

_SOURCE_LINES = 2
_NO_DATE = (
    "“not by” at both ends: at least half of the simulations give no date, whether this input is "
    "low or high; it may still move the dates of the others."
)


def sensitivity_page(report: SensitivityResult, *, verbose: bool = False) -> document.Document:
    """What moves the date, and what would make a published date the median.

    With `verbose`, all thresholds, and inputs with almost no effect.
    """
    summary = report.summary
    chosen = tuple(reversed(report.thresholds)) if verbose else (words.main_effects(report),)
    shown = {found.threshold: _shown(found, report.summary, verbose=verbose) for found in chosen}
    named = tuple({each.name: each for some in shown.values() for each in some}.values())
    explained = tuple(explanations(report, named)) if named else ()
    targets = groupby(report.needed, key=lambda needed: needed.target)
    effects = [[*_effects(report, found, shown[found.threshold])] for found in chosen]
    effects[-1] += document.paragraphs(explained)
    drawn = [found for found in chosen if words.has_picture(found, summary)]
    run = f"{words.run_words(report)} {program_line(summary)}."
    return document.composed(
        inert(summary.scenario.title),
        ("answer", "", [document.paragraph(words.headline(report), "strong")]),
        ("moved", "What the reports say about each input", moved(report, verbose=verbose)),
        *((f"effects-{k}", _heading(report, each), effects[k]) for k, each in enumerate(chosen)),
        ("pictures", "In pictures", (tornado(report, found) for found in drawn)),
        ("sources", "Where each comes from", _sources(named, summary)),
        *(
            (f"needed-{k}", *_needed(report, tuple(answers), verbose=verbose))
            for k, (_, answers) in enumerate(targets)
        ),
        ("warnings", "Warnings", warned(summary.warnings, summary)),
        ("run", "", [document.paragraph(run)]),
    )


def _shown(found: Effects, summary: Summary, *, verbose: bool) -> tuple[Effect, ...]:
    """The effects shown in full; none where all simulations end alike."""
    if words.ends_alike(found, summary):
        return ()
    if verbose or len(found.ranked) <= _FEW:
        return found.ranked

    def is_full(each: Effect) -> bool:  # the share of chance is of another kind after an update
        return not words.is_minor(each) or (each.kind == "walk" and summary.is_updated)

    return tuple(filter(is_full, found.ranked)) or found.ranked


# --- what moves the date ---


def _heading(report: SensitivityResult, found: Effects) -> str:
    about = "What moves the date" if found.ranked else "The date"
    return f"{about}, {share_of(words.outcome_of(report, found))}"


def _effects(report: SensitivityResult, found: Effects, shown: Sequence[Effect]) -> document.Blocks:
    horizon, main = report.summary.horizon, words.main_effects(report)
    if words.ends_alike(found, report.summary):  # which the result line says of the main threshold
        said = () if found is main else (words.headline(report, found),)
        yield from document.paragraphs(said)
        return
    median = words.outcome_of(report, found).median
    middle = (wording.middle_prose if median.gap else wording.instant_prose)(median, horizon)
    never = words.never_words(report, found)
    yield document.paragraph(f"Median of all simulations: {middle}{never}")
    if not found.ranked:
        return
    yield effects_table("", shown, report.summary)
    ends = ((effect.low, effect.high) for effect in shown)
    if any(all(at and at.median.missing == "beyond_horizon" for at in pair) for pair in ends):
        yield document.paragraph(_NO_DATE, "small")
    minor = words.minor_words([i for i in found.ranked if i not in shown], report.summary)
    yield from document.paragraphs((minor, words.together_words(found)))


def effects_table(caption: str, effects: Iterable[Effect], summary: Summary) -> document.Table:
    """What moves the date: an input a row."""
    header = ("input", "total", "first", "rank", "lowest 10th", "highest 10th")
    rows = [
        (
            words.named_cell(effect, summary),
            *map(_share_cell, (effect.total, effect.first_order)),
            _correlation_cell(effect.rank_correlation),
            *(_case_cell(case, summary.horizon) for case in (effect.low, effect.high)),
        )
        for effect in effects
    ]
    if any(total for _, total, *_ in rows):
        return document.table(caption, header, rows)
    return document.table(
        caption, ("input", *header[2:]), [(name, *others) for name, _, *others in rows]
    )


def _share_cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    return f"{words.share_words(estimate)}\n± {points(estimate.mc_error)}"


def _correlation_cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    error = estimate.mc_error
    shown = f"{estimate.value:+.{min(max(first_digit(error), 2), 3) if error else 2}f}"
    rounded = float(points(error).replace(",", "")) / 100
    return f"{shown.lstrip('+-') if float(shown) == 0 else shown}\n± {rounded:.3g}"


def _case_cell(case: GroupMedian | None, horizon: dt.date) -> str:
    if case is None:
        return ""
    lines, at = [date_cell(case.median, horizon)], case.median
    if at.date is not None:
        error = at.mc_error_days
        lines.append(f"± {'open' if error is None else wording.error_days(error)}")
    if case.name.startswith("claim "):
        lines.append(case.name.partition(":")[0])
    elif short := {"does not happen": "if not", "happens": "if so"}.get(case.name):
        lines.append(short)
    return "\n".join(lines)


def _sources(shown: Sequence[Effect], summary: Summary) -> document.Blocks:
    named: dict[str, list[str]] = {}
    for each in shown:
        if each.kind != "walk":
            source = inert(each.source) or "no source given"
            named.setdefault(source, []).append(words.name_words(each, summary))
    if shown:
        items = tuple((f"{'; '.join(names)}: {source}",) for source, names in named.items())
        yield document.Listing(items, lines=_SOURCE_LINES)


def tornado(report: SensitivityResult, found: Effects) -> document.Picture:
    """The median date of one threshold when one input is low or high."""
    share = f", {share_of(words.outcome_of(report, found))}" if len(report.thresholds) > 1 else ""
    caption = f"Which input moves the date most{share}."
    return document.Picture(caption, partial(drawing, report, found))


# --- the inverse question ---


def _needed(
    report: SensitivityResult, answers: Sequence[Needed], *, verbose: bool
) -> tuple[str, Iterable[document.Block]]:
    target = answers[0].target
    found = next(each for each in report.thresholds if each.threshold == target.threshold)
    listed = {effect.name for effect in _shown(found, report.summary, verbose=verbose)}
    rows = [a for a in answers if a.value is not None or a.jump is not None or a.name in listed]
    others = len(answers) - len(rows)
    published = document.paragraph(f"Published: {words.target_words(target)}")
    if gap := words.passed_over(report, answers):
        return needed_heading(report, target), (published, document.paragraph(gap))
    if not rows:
        only = only_date(outcome_of(report.summary, target.threshold))
        if target.period and only and target.period[0] <= only <= target.period[1]:
            return "", ()  # nothing is needed
        none = document.paragraph("No uncertain input could do so alone, within its range.")
        return needed_heading(report, target), (published, none)
    could = "None of the {} other inputs could do so alone, within its range."
    return needed_heading(report, target), (
        published,
        needed_table("", rows, report.summary),
        *([document.paragraph(could.format(wording.grouped(others)))] if others else []),
        document.paragraph(needed_note(report), "small"),
    )


def needed_heading(report: SensitivityResult, target: PublishedTarget) -> str:
    """`What would make 15 April 2025 the median, 100 % lost`; of a period, a day in the middle."""
    outcome = outcome_of(report.summary, target.threshold)
    day = wording.prose_date(target.date)
    if target.period:
        day = f"the middle of {wording.prose_period(*target.period)}, {day},"
    return f"What would make {day} the median, {share_of(outcome)}"


def needed_note(report: SensitivityResult, remark: str = "") -> str:
    """The explanation of `needed_table`, with a remark in its middle."""
    return (
        "Each input changes alone; the others are as stated. below: the probability of a lower "
        f"value, by the scenario. {remark}{wording.grouped(report.needed_draws)} draws."
    )


def needed_table(caption: str, answers: Iterable[Needed], summary: Summary) -> document.Table:
    """The value of each input that would make a date the median."""
    header = ("input", "value", "±", "below", "median over its range")
    return document.table(caption, header, (_needed_row(needed, summary) for needed in answers))


def _needed_row(needed: Needed, summary: Summary) -> list[str]:
    ends = [wording.instant_cell(at, summary.horizon) for at in (needed.earliest, needed.latest)]
    span = ends[0] if ends[0] == ends[1] else f"{ends[0]} to\n{ends[1]}"
    value = needed.value
    shown, error, level = "none", "", ""
    if needed.jump is not None:
        shown = "between {}\nand {}".format(*_jump_ends(*needed.jump))
    elif value is not None and needed.level is not None:
        level = _level(needed.level)
        if isinstance(value, dt.date):
            shown, error = value.isoformat(), f"{wording.error_days(needed.error)} days"
        else:
            law = summary.laws.get(needed.name)  # none of a claim that is the only one
            values = numbers(law.quantiles) if law else [0.0]
            places = decimals(value, needed.mc_error, max(values) - min(values))
            least = 10.0**-places  # the last digit shown
            shown, error = fixed(value, places), rounded_up(needed.error)
            error = error if needed.error >= least else f"<{fixed(least, places)}"
    name = input_words(needed.name, summary)
    item = summary.laws.get(needed.name)
    unit = unit_words(item, summary.unit) if item else ""
    return [f"{name},{unit}" if unit else name, shown, error, level, span]


def _jump_ends(low: float | dt.date, high: float | dt.date) -> Iterator[str]:
    if isinstance(low, dt.date) or isinstance(high, dt.date):
        yield from map(str, (low, high))
    else:
        yield from (number(end, None, abs(high - low)) for end in (low, high))


def _level(level: float) -> str:
    if level < 0.001:
        return "<0.1 %"
    return ">99.9 %" if level > 0.999 else f"{100 * level:.1f}".removesuffix(".0") + " %"
