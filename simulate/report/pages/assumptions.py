"""What an answer rests on: inputs with sources, claims, published dates, and what is absent."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.analysis.effects import Effect
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import InputSummary, Summary
from simulate.report.document import (
    Block,
    Listing,
    Paragraph,
    Words,
    linked,
    paragraph,
    plain,
    sourced,
    table,
)
from simulate.report.pages.claims import claims, left_out
from simulate.report.pages.inputs import input_values
from simulate.report.text.phrases import event, main_outcome
from simulate.report.text.sensitivity import main_effects, name_words, share_words
from simulate.report.text.wording import (
    inert,
    percent,
    points,
    prose_date,
    share,
)
from simulate.scenario.model import Scenario

_CLAIMS = "losses.claims["
_POOLED = ("losses.count", "losses.as_of")


# --- inputs ---


def assumptions(
    scenario: Scenario, summary: Summary, sensitivity: SensitivityResult
) -> Iterator[Block]:
    """Every input with its distribution, its source and its share of the variance."""
    found = main_effects(sensitivity)
    ranked = {each.name: each for each in found.ranked}
    rows = [_input_row(scenario, item, ranked) for item in summary.inputs]
    named = {item.name for item in summary.inputs}
    rows += [_other_row(each) for each in found.ranked if each.name not in named]
    header = ("input", "assumed", "median (P5 to P95)", "share of variance", "source")
    explained = (
        "share of variance: of the variance of the date’s rank, "
        f"{share(found.threshold)} {event(main_outcome(summary))[1]}, what would remain if every "
        "other input were known (total share); shares of inputs that act together overlap. "
        "P5, P95: 5th and 95th percentile."
    )
    caption = "Inputs, where each comes from, and how much it decides"
    yield table(caption, header, rows, notes=[("", explained)], wide=True)
    notes = _notes(scenario, summary)
    if notes:
        yield paragraph("Notes on the inputs:")
        yield Listing(tuple(notes))


def _input_row(
    scenario: Scenario, item: InputSummary, ranked: dict[str, Effect]
) -> tuple[Words, ...]:
    fixed = len({quantile.value for quantile in item.quantiles}) == 1
    if item.name in _POOLED and scenario.losses.claims:
        source: Words = ("pooled from the claims below",)
    else:
        said = scenario.said_of(item.name)
        source = sourced(said.source, said.url)
    middle = _spelled(item)
    words = "fixed" if fixed else item.distribution
    return (
        plain(item.name),
        plain(words),
        (middle,),
        (_share_cell(scenario, item.name, ranked, fixed=fixed),),
        source,
    )


def _other_row(sensitivity: Effect) -> tuple[Words, ...]:
    """A row for what differs between draws and is no number of the file."""
    source = inert(sensitivity.source)
    return (
        (name_words(sensitivity),),
        ("drawn afresh in each draw",),
        (),
        (_told(sensitivity),),
        (source,) if source else (),
    )


def _share_cell(scenario: Scenario, name: str, ranked: dict[str, Effect], *, fixed: bool) -> str:
    if name in ranked:
        return _told(ranked[name])
    if name.startswith(_CLAIMS):
        claim = scenario.losses.claims[int(name.removeprefix(_CLAIMS).partition("]")[0])]
        return "see losses.count" if claim.is_total else "none, compared only"
    return "none, fixed" if fixed else "none"


def _told(sensitivity: Effect) -> str:
    total = sensitivity.total
    return "" if total is None else f"{share_words(total)} (± {points(total.mc_error)})"


def _spelled(item: InputSummary) -> str:
    values = input_values(item)
    if len(values) == 3 and len(set(values)) > 1:
        return f"{values[1]} ({values[0]} to {values[2]})"
    return values[0] if values else ""


def _notes(scenario: Scenario, summary: Summary) -> list[Words]:
    """Each note once, after the inputs it is about."""
    about: dict[str, list[str]] = {}
    for item in summary.inputs:
        if not (item.name in _POOLED and scenario.losses.claims):
            notes = scenario.said_of(item.name).notes
            if inert(notes):
                about.setdefault(notes, []).append(inert(item.name))
    return [(f"{', '.join(names)}: ", *linked(notes)) for notes, names in about.items()]


# --- claims ---


def pooled(summary: Summary) -> Iterator[Block]:
    """Every claim with its rate, and how dates move without each source; else nothing."""
    pooled = summary.pooled
    if pooled is None:
        return
    yield from claims(summary)
    how = {
        "linear": "Linear pool: each draw follows one claim, chosen by weight.",
        "quantile": "Quantile average: the claims are averaged by weight at the same probability.",
    }
    if pooled.pooling in how:
        yield paragraph(how[pooled.pooling], "small")
    for outcome in reversed(summary.outcomes):
        yield from left_out(summary, outcome)


# --- published dates ---


def published(scenario: Scenario, summary: Summary) -> Iterator[Block]:
    """Where each published date falls; nothing where none is given."""
    said = {(item.label, item.date): item for item in scenario.published}
    rows = []
    for outcome in reversed(summary.outcomes):
        for check in outcome.published:
            item = said.get((check.label, check.date))
            by = percent(check.probability_by, check.mc_error)
            rows.append(
                (
                    plain(check.label),
                    (check.date.isoformat(),),
                    (f"{share(outcome.threshold)} {event(outcome)[1]}",),
                    (f"{by} (± {points(check.mc_error)})" if check.mc_error else by,),
                    sourced(item.source, item.url) if item else (),
                )
            )
    if not rows:
        return
    header = ("published", "date", "about", "in this distribution", "depleted by then", "source")
    words = "P96 says that 96 % of the draws are depleted by the middle of that day."
    caption = "Published dates in the distribution of dates"
    yield table(caption, header, rows, notes=[("", words)], wide=True)


# --- what is left out ---


def limits(scenario: Scenario, summary: Summary) -> Iterator[Block]:
    """What the scenario does not consider, from what it does not hold; and its own notes."""
    yield paragraph(
        "The interval holds the uncertainty that the scenario states, and no other. What it "
        "leaves out can move the date further than what it holds. Not in this scenario:"
    )
    yield Listing(tuple((words,) for words in _absent(scenario)))
    fixed = [
        inert(item.name)
        for item in summary.inputs
        if len({quantile.value for quantile in item.quantiles}) == 1
    ]
    if fixed:
        yield paragraph(f"Taken as certain: {', '.join(fixed)}.")
    yield paragraph(
        f"Nothing after {prose_date(summary.horizon)} is looked at. The result does not say "
        "whether a source is right, whether an input is well chosen, or what will happen."
    )
    if inert(summary.scenario.notes):
        yield paragraph("The scenario’s own notes:")
        yield Paragraph(linked(summary.scenario.notes), "quote")


def _absent(scenario: Scenario) -> Iterator[str]:
    rate, rests = scenario.rate, scenario.rotation is not None
    if rate is None and not rests:
        yield "The rate after the count stays as it was: no trend, no random ups and downs."
    elif not rests and (rate is None or rate.drift is None):
        yield "No random ups and downs of the rate."
    absences = (
        (
            rate is not None and rate.strength_exponent is not None,
            "The rate does not depend on how much is left.",
        ),
        (scenario.wounded is not None, "Nothing that was lost comes back into use."),
        (bool(scenario.reinforcements), "No arrivals and no production."),
        (bool(scenario.pauses) or rests, "No pauses and no rest."),
        (bool(scenario.ends), "No withdrawal, no ceasefire, no other end."),
        (scenario.prelude is not None, "No losses before losses.start."),
        (bool(scenario.correlations), "All inputs are taken as independent of each other."),
    )
    yield from (words for present, words in absences if not present)
