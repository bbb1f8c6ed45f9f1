"""The whole answer as one page: question, result, and everything it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from simulate.analysis.backtest import Backtest
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.report import document
from simulate.report.pages import sensitivity as effects
from simulate.report.pages.assumptions import assumptions, limits, notes, pooled, published
from simulate.report.pages.backtest import fared
from simulate.report.pages.cells import warned
from simulate.report.pages.moved import moved
from simulate.report.pages.run import cited, dates, histogram, intervals, shares, shares_heading
from simulate.report.pages.strength import observed, strength_picture
from simulate.report.pages.update import update
from simulate.report.text import phrases
from simulate.report.text import sensitivity as words
from simulate.report.text.captions import question_words, sources_and_program
from simulate.report.text.citation import sentence
from simulate.report.text.headline import span
from simulate.report.text.news import news_sentence
from simulate.report.text.rate import constant_words, rate_words
from simulate.report.text.terms import explanations
from simulate.report.text.wording import grouped, inert
from simulate.scenario.model import Scenario


def report_page(
    scenario: Scenario,
    summary: Summary,
    sensitivity: SensitivityResult,
    command: str,
    backtest: Backtest | None = None,
) -> document.Document:
    """The page of a run and its analyses, and the shell command that writes it again."""
    warnings = (*warned(summary.warnings, summary),) or document.paragraphs(["None."])
    return document.composed(
        inert(summary.scenario.title) or "Untitled scenario",
        ("answer", "The answer", _answer(summary)),
        ("update", "Updated on later reports", _updated(summary)),
        ("pictures", "In pictures", _pictures(summary, sensitivity)),
        ("assumptions", "What it rests on", assumptions(scenario, summary, sensitivity)),
        ("notes", "Notes on the inputs", notes(scenario, summary)),
        ("claims", "The claims and how they are combined", pooled(summary)),
        ("published", "Published dates", published(scenario, summary)),
        ("sensitivity", "What would change the answer", _sensitivity(sensitivity)),
        ("dates", "All dates", () if summary.update else _dates(summary)),
        ("observed", "Counts published later", _observed(summary)),
        ("backtest", "How such intervals have fared", fared(backtest) if backtest else ()),
        ("warnings", "Warnings", warnings),
        ("method", "Method", _method(scenario, sensitivity)),
        ("limits", "What is left out", limits(scenario, summary)),
        ("cite", "To cite", document.paragraphs(cited(summary), "quote")),
        ("repeat", "To repeat", _reproduction(summary, command)),
        question=question_words(summary),
        foot=sources_and_program(summary),
        folded=("notes", "dates", "backtest", "method", "repeat"),
    )


def _answer(summary: Summary) -> document.Blocks:
    yield from warned(summary.warnings[: summary.n_serious], summary)
    main = phrases.main_outcome(summary)
    yield document.paragraph(phrases.headed(*phrases.event(main)), "subject")
    yield document.paragraph(phrases.capitalised(span(summary.updated or summary)), "span")
    yield document.paragraph(news_sentence(summary) or sentence(summary))
    if rate := rate_words(summary):
        yield document.paragraph(f"{rate}.")
    yield from document.paragraphs([summary.reference, constant_words(summary, main)])
    n = len(summary.warnings)
    below = f" See the {'warning' if n == 1 else f'{n} warnings'} below." if n else ""
    what = (
        "The date"
        if phrases.certain_date(summary, main)
        else "A simulation interval is often loosely called a confidence interval. It reflects "
        "only the assumptions listed below and"
    )
    yield document.paragraph(f"{what} says nothing about whether a claim is true.{below}", "small")


def _pictures(summary: Summary, sensitivity: SensitivityResult) -> Iterator[document.Picture]:
    main = phrases.main_outcome(summary)
    if not phrases.certain_date(summary, main):
        yield histogram(summary, main)
    yield from strength_picture(summary)
    found = words.main_effects(sensitivity)
    if words.has_picture(found, sensitivity.summary):
        yield effects.tornado(sensitivity, found)


# --- what would change the answer ---


def _sensitivity(sensitivity: SensitivityResult) -> document.Blocks:
    found = words.main_effects(sensitivity)
    yield document.paragraph(words.headline(sensitivity))
    yield from moved(sensitivity, verbose=True)
    if not found.ranked or words.ends_alike(found, sensitivity.summary):
        return
    caption = f"What moves the date, {phrases.share_of(words.outcome_of(sensitivity, found))}"
    yield effects.effects_table(caption, found.ranked, sensitivity.summary)
    lines = (*explanations(sensitivity, found.ranked), words.together_words(found))
    yield document.Listing(tuple((line,) for line in lines if line))
    for target, answers in groupby(sensitivity.needed, key=lambda needed: needed.target):
        published = f"published: {words.target_words(target)}"
        caption = f"{effects.needed_heading(sensitivity, target)} ({published})"
        each = tuple(answers)
        if gap := words.passed_over(sensitivity, each):
            yield document.paragraph(f"{caption}? {gap}")
        else:
            yield effects.needed_table(caption, each, sensitivity.summary)
    tried = {needed.name for needed in sensitivity.needed}
    if tried:
        remark = "none: no value in its range would do so. "
        if len(tried) < sum(each.kind == "input" for each in found.ranked):
            remark += "Only the most influential inputs were tried. "
        yield document.paragraph(effects.needed_note(sensitivity, remark), "small")


# --- all dates ---


def _updated(summary: Summary) -> document.Blocks:
    """What later reports change, with all dates before and after them."""
    if summary.update is not None:
        yield from update(summary, summary.outcomes)
        yield from _dates(summary)


def _dates(summary: Summary) -> document.Blocks:
    chosen = tuple(reversed(summary.outcomes))
    yield from dates(summary, chosen)
    if phrases.certain_date(summary, phrases.main_outcome(summary)):
        return
    yield from intervals(summary, chosen)
    for outcome in () if summary.update else chosen:
        yield document.paragraph(f"{shares_heading(outcome)}:")
        yield from shares(summary, outcome)


def _observed(summary: Summary) -> document.Blocks:
    if summary.observed and not summary.update:
        yield document.paragraph(
            "These counts are not inputs; they show how the scenario has fared."
        )
        yield from observed(summary)


# --- method and citation ---


def _method(scenario: Scenario, sensitivity: SensitivityResult) -> document.Blocks:
    yield document.paragraph(
        "Every draw takes one value of each input and gives one date; the percentiles of those "
        f"dates are the answer. {_line(scenario)}"
    )
    if not scenario.is_straight:
        way = "is simulated day by day" if scenario.goes_by_days else "is solved exactly"
        if scenario.reference is not None:
            way = "follows a random path of the rate"
        yield document.paragraph(
            f"This scenario departs from that straight line as its inputs specify; each draw {way}."
        )
    yield document.paragraph(
        "A draw that is not depleted by the horizon counts as “not by” that date. The Monte "
        "Carlo error (±) is how far a figure would move with other random numbers, as a 95 % "
        "half-width; it shrinks with more draws, the interval does not."
    )
    yield document.paragraph(f"Sensitivity analysis: {words.run_words(sensitivity)}")


def _line(scenario: Scenario) -> str:
    """The straight line of a scenario."""
    of, force, losses = scenario.wording.words, scenario.force, scenario.losses
    size, begin = "a whole of F", "S"
    if force.measured is not None:
        size, begin = f"a whole of which F is {of.present} on day B", "max(B, S)"
    if losses.start is None:
        begin = "B"
    if force.lasts is not None:
        return f"With F days of supply on day B, a share q of them is {of.lost} on day B + qF."
    end = f"a share q of F is {of.lost} on day {begin} + qF / r."
    if force.counts:
        between = " and I came in between" if scenario.inflow or scenario.reinforcements else ""
        used = "(E − F + I)" if between else "(E − F)"
        left = f"E {of.present} on day A and F on day B{between}"
        return f"With {left}, the rate is r = {used} / (B − A), and {end}"
    if losses.by_rate:
        return f"With a rate of r a day out of {size}, {end}"
    rate = "the rate is r = C / (A − S)"
    return f"With {of.c_losses} from day S to day A out of {size}, {rate}, and {end}"


def _reproduction(summary: Summary, command: str) -> document.Blocks:
    yield document.paragraph("To write this page again from the same file:")
    yield document.Code(inert(command))
    run = summary.run
    facts = [
        ("scenario file", summary.scenario.file or "built in Python"),
        ("digest (SHA-256)", summary.scenario.digest),
        ("changes by --set", "; ".join(summary.scenario.overrides) or "none"),
        ("draws", grouped(run.draws)),
        ("seed", str(run.seed)),
        ("method", f"{run.method}, {run.replicates} replicates"),
        ("stream of random numbers", run.stream),
        ("versions", ", ".join(f"{name} {value}" for name, value in run.versions.items())),
    ]
    rows = [tuple(map(inert, fact)) for fact in facts]
    yield document.table("What identifies the run", ("what", "value"), rows, wide=True)
