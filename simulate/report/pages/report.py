"""The whole answer as one page: what was asked, what came out, and all that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.report.document import (
    Block,
    Code,
    Document,
    Listing,
    Picture,
    paragraph,
    sections,
    table,
    warned,
)
from simulate.report.figures import fan
from simulate.report.pages.assumptions import assumptions, limits, pooled, published
from simulate.report.pages.run import dates, histogram, shares, shares_heading
from simulate.report.pages.sensitivity import (
    EFFECT_HEADER,
    NEEDED_HEADER,
    effect_row,
    needed_row,
    tornado,
)
from simulate.report.pages.strength import observed
from simulate.report.text.citation import digest, note, program, sentence, span
from simulate.report.text.phrases import (
    capitalised,
    certain_date,
    counted_phrase,
    event,
    main_outcome,
    rate_phrase,
)
from simulate.report.text.sensitivity import (
    explanations,
    main_effects,
    outcome_of,
    run_words,
    together_words,
)
from simulate.report.text.sensitivity import headline as decisive
from simulate.report.text.wording import grouped, inert, prose_date, share
from simulate.scenario.model import Scenario


@dataclass(frozen=True)
class Findings:
    """All that a page is made of.

    Attributes
    ----------
    scenario : Scenario
    summary : Summary
    sensitivity : SensitivityResult
        The sensitivity analysis of the same scenario, from draws of its own.
    command : str
        What writes the page again, for a shell.
    """

    scenario: Scenario
    summary: Summary
    sensitivity: SensitivityResult
    command: str


def report_page(found: Findings) -> Document:
    """Compose the page. Sections that have nothing to say are left out."""
    scenario, summary = found.scenario, found.summary
    return Document(
        title=inert(summary.scenario.title) or "Untitled scenario",
        question=inert(summary.scenario.question),
        sections=sections(
            ("answer", "The answer", _answer(summary)),
            ("pictures", "In pictures", _pictures(found)),
            ("assumptions", "What it rests on", assumptions(scenario, summary, found.sensitivity)),
            ("claims", "The claims and how they meet", pooled(summary)),
            ("published", "Dates that were published", published(scenario, summary)),
            ("sensitivity", "What would change the answer", _sensitivity(found.sensitivity)),
            ("dates", "All dates", _dates(summary)),
            ("observed", "Counts published later", _observed(summary)),
            ("warnings", "Warnings", _warnings(summary)),
            ("method", "Method", _method(found)),
            ("limits", "What is left out", limits(scenario, summary)),
            ("cite", "To repeat and to cite", _citation(found)),
        ),
        foot=f"{program(summary)}, {inert(summary.run.stream)}, scenario {digest(summary)}",
    )


def _answer(summary: Summary) -> Iterator[Block]:
    subject, done = event(main_outcome(summary))
    yield from warned(summary.warnings[: summary.n_serious])
    yield paragraph(f"{capitalised(subject.removeprefix('the '))} {done}", "subject")
    yield paragraph(span(summary), "span")
    yield paragraph(sentence(summary))
    rate = rate_phrase(summary)
    if rate:
        counted = counted_phrase(summary.inputs)
        yield paragraph(f"Loss rate: {'; '.join(filter(None, (rate, counted)))}.")
    n = len(summary.warnings)
    below = f" See the {'warning' if n == 1 else f'{n} warnings'} below." if n else ""
    what = (
        "The date"
        if certain_date(summary, main_outcome(summary))
        else (
            "A simulation interval is what write-ups loosely call a confidence interval. It is no "
            "wider than the assumptions listed below, and"
        )
    )
    yield paragraph(f"{what} says nothing about whether a claim is true.{below}", "small")


def _pictures(found: Findings) -> Iterator[Picture]:
    summary, sensitivity = found.summary, found.sensitivity
    yield histogram(summary, main_outcome(summary))
    if summary.strength is not None:
        yield Picture("Strength and losses at the end of each day.", partial(fan.drawing, summary))
    if main_effects(sensitivity).ranked:
        yield tornado(sensitivity, main_effects(sensitivity))


# --- what would change the answer ---


def _sensitivity(sensitivity: SensitivityResult) -> Iterator[Block]:
    found = main_effects(sensitivity)
    yield paragraph(decisive(sensitivity))
    if not found.ranked:
        return
    horizon = sensitivity.summary.horizon
    done = f"{share(found.threshold)} {event(outcome_of(sensitivity, found))[1]}"
    rows = (effect_row(each, horizon) for each in found.ranked)
    yield table(f"What moves the date, {done}", EFFECT_HEADER, rows)
    together = together_words(found)
    yield Listing(
        tuple((line,) for line in (*explanations(sensitivity, found.ranked), together) if line)
    )
    for target, answers in groupby(sensitivity.needed, key=lambda needed: needed.target):
        lost = event(
            next(o for o in sensitivity.summary.outcomes if o.threshold == target.threshold)
        )
        yield table(
            f"What would make {prose_date(target.date)} the median, "
            f"{share(target.threshold)} {lost[1]} (published: {target.label})",
            NEEDED_HEADER,
            (needed_row(needed, horizon) for needed in answers),
        )
    asked = {needed.name for needed in sensitivity.needed}
    fewer = len(asked) < sum(each.kind == "input" for each in found.ranked)
    if asked:
        yield paragraph(
            "Each input alone, the others as stated; “none” where no value in its range does "
            "it. level: where that value lies in the input’s own distribution. "
            f"{'Only the most influential inputs were asked. ' if fewer else ''}"
            f"{grouped(sensitivity.needed_draws)} draws.",
            "small",
        )


# --- all dates ---


def _dates(summary: Summary) -> Iterator[Block]:
    chosen = tuple(reversed(summary.outcomes))
    yield from dates(summary, chosen)
    for outcome in chosen:
        yield paragraph(f"{shares_heading(outcome)}:")
        yield Listing(shares(summary, outcome))


def _observed(summary: Summary) -> Iterator[Block]:
    if summary.observed:
        yield paragraph("These counts are no input; they show how the scenario has fared.")
        yield from observed(summary)


def _warnings(summary: Summary) -> Iterator[Block]:
    yield from warned(summary.warnings) if summary.warnings else [paragraph("None.")]


# --- how, and how again ---


def _method(found: Findings) -> Iterator[Block]:
    scenario = found.scenario
    size, begin = "a whole of F", "S"
    if scenario.force.as_of is not None:
        size, begin = "a whole of which F is there on day B", "max(B, S)"
    yield paragraph(
        "Every draw takes one value of each input and gives one date; the percentiles of those "
        f"dates are the answer. With C losses from day S to day A out of {size}, the rate "
        f"is r = C / (A − S), and a share q of F is lost on day {begin} + qF / r."
    )
    if not scenario.is_straight:
        way = (
            "an exact solution for each draw"
            if scenario.has_closed_form
            else "walked day by day in each draw"
        )
        yield paragraph(f"This scenario departs from that straight line as its inputs say: {way}.")
    yield paragraph(
        "A draw that is not depleted by the horizon counts as “not by” that date. The Monte "
        "Carlo error (±) is how far a figure would move with other random numbers, as a 95 % "
        "half-width; it shrinks with more draws, the interval does not."
    )
    yield paragraph(f"Sensitivity analysis: {run_words(found.sensitivity)}")


def _citation(found: Findings) -> Iterator[Block]:
    summary = found.summary
    yield paragraph("The same page, from the same file:")
    yield Code(inert(found.command))
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
    yield table(
        "What the run is known by",
        ("what", "value"),
        [tuple(map(inert, fact)) for fact in facts],
        wide=True,
    )
    yield paragraph("To cite:")
    yield paragraph(sentence(summary), "quote")
    yield paragraph(note(summary), "quote")
