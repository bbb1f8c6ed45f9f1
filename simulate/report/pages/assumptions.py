"""The basis of an answer: inputs with sources, claims, published dates, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.analysis.effects import Effect
from simulate.analysis.inputs import reference_words
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import InputSummary, Summary
from simulate.report import document
from simulate.report.pages.claims import claims, left_out
from simulate.report.pages.inputs import median_and_range
from simulate.report.text.inputs import in_rows, input_words, is_fixed
from simulate.report.text.phrases import main_outcome, published_when, share_of, with_error
from simulate.report.text.sensitivity import decides, main_effects, name_words, share_with_error
from simulate.report.text.wording import inert, prose_date
from simulate.scenario.model import Scenario

Row = tuple[str | document.Words, ...]

_CLAIMS = "losses.claims["
_POOLED = ("losses.count", "losses.as_of", "losses.rate")


# --- inputs ---


def assumptions(
    scenario: Scenario, summary: Summary, sensitivity: SensitivityResult
) -> document.Blocks:
    """Every input with its distribution, its source and its share of the variance."""
    found = main_effects(sensitivity)
    ranked = {each.name: each for each in found.ranked}
    rows = [_input_row(scenario, summary, *row, ranked) for row in in_rows(summary.inputs)]
    named = {item.name for item in summary.inputs}
    rows += [_other_row(each, summary) for each in found.ranked if each.name not in named]
    header = ("input", "assumed", "median (P5 to P95)", "share of variance", "source")
    means = (
        "that would remain if every other input were known (total share); shares of inputs that "
        "act together overlap"
    )
    if sensitivity.update:
        means = (
            "after the update on later reports, that would disappear on average if this input "
            "alone were known (first-order share)"
        )
        if any(each.kind == "walk" and each.total for each in found.ranked):
            means += "; of chance, the part that would remain if every input were known"
    explained = (
        "share of variance: the part of the variance of the date’s rank, "
        f"{share_of(main_outcome(summary))}, {means}. P5, P95: 5th and 95th percentile."
    )
    caption = "Inputs, where each comes from, and how much it decides"
    yield document.table(caption, header, rows, notes=[("", explained)], wide=True)
    if words := reference_words(scenario):
        yield document.paragraph(words)


def notes(scenario: Scenario, summary: Summary) -> document.Blocks:
    """What the scenario says of its inputs."""
    if found := _notes(scenario, summary):
        yield document.Listing(tuple(found))


def _input_row(
    scenario: Scenario,
    summary: Summary,
    name: str,
    items: Sequence[InputSummary],
    ranked: dict[str, Effect],
) -> Row:
    item = items[0]
    path = item.name if len(items) == 1 else name
    source: document.Words = ("pooled from the claims below",)
    if not _is_pooled(scenario, item):
        said = scenario.said_of(item.name)
        source = document.sourced(said.source, said.url)
    return (
        (f"{input_words(path, summary)}\n({inert(path)})",),
        document.plain("fixed" if is_fixed(item) else item.distribution),
        median_and_range(items),
        _share_cell(scenario, item, ranked),
        source,
    )


def _is_pooled(scenario: Scenario, item: InputSummary) -> bool:
    return item.name in _POOLED and bool(scenario.losses.claims)


def _other_row(effect: Effect, summary: Summary) -> Row:
    """A row for chance, or a choice that varies between draws but is not a number in the file."""
    return (
        name_words(effect, summary),
        "varies from draw to draw",
        "",
        _decides(effect),
        document.plain(effect.source),
    )


def _share_cell(scenario: Scenario, item: InputSummary, ranked: dict[str, Effect]) -> str:
    name = item.name
    if name in ranked:
        return _decides(ranked[name])
    if name.startswith(_CLAIMS):
        claim = scenario.losses.claims[int(name.removeprefix(_CLAIMS).partition("]")[0])]
        pooled = claim.is_total or scenario.losses.by_rate
        return f"see losses.{scenario.losses.pooled[0]}" if pooled else "none, compared only"
    return "none, fixed" if is_fixed(item) else "none"


def _decides(effect: Effect) -> str:
    share = decides(effect)
    return "" if share is None else share_with_error(share)


def _notes(scenario: Scenario, summary: Summary) -> list[document.Words]:
    """Each note once, after the names of its inputs."""
    about: dict[str, list[str]] = {}
    for name, (item, *_) in in_rows(summary.inputs):
        notes = "" if _is_pooled(scenario, item) else scenario.said_of(item.name).notes
        if inert(notes):
            about.setdefault(notes, []).append(name)
    return [(f"{', '.join(names)}: ", *document.linked(notes)) for notes, names in about.items()]


# --- claims ---


def pooled(summary: Summary) -> document.Blocks:
    """Every claim with its rate, and how dates move without each source; nothing without claims."""
    pooled = summary.pooled
    if pooled is None:
        return
    yield from claims(summary)
    how = {
        "linear": "Linear pool: each draw follows one claim, chosen by weight.",
        "quantile": "Quantile average: the claims are averaged by weight at the same probability.",
    }
    if pooled.pooling in how:
        yield document.paragraph(how[pooled.pooling], "small")
    for outcome in reversed(summary.outcomes):
        yield from left_out(summary, outcome)


# --- published dates ---


def published(scenario: Scenario, summary: Summary) -> document.Blocks:
    """Where each published date or period falls; nothing if there are none."""
    given = {
        (item.label, item.last): document.sourced(item.source, item.url)
        for item in scenario.published
    }
    checks = [(one, check) for one in reversed(summary.outcomes) for check in one.published]
    when = ", before later reports" if summary.update else ""
    dates: list[Row] = []
    periods: list[Row] = []
    for outcome, check in checks:
        label, source = document.plain(check.label), given.get((check.label, check.date), ())
        if period := check.period:
            shares = (with_error(at.probability, at.mc_error) for at in period.chances)
            periods.append((label, published_when(check), share_of(outcome), *shares, source))
        else:
            shown = with_error(check.probability_by, check.mc_error)
            dates.append((label, check.date.isoformat(), share_of(outcome), shown, source))
    then = "depleted by then: share of simulations that are depleted by the end of that day."
    ends = "Shares of simulations; the first and the last day belong to a period."
    for what, rows, columns, words in (
        ("date", dates, ("depleted by then",), then),
        ("period", periods, ("before", "within", "after or never"), ends),
    ):
        if rows:
            header = ("published", what, "about", *columns, "source")
            caption = f"Published {what}s in the distribution of dates{when}"
            notes = [("", words), *_of_all(scenario, periods=what == "period")]
            yield document.table(caption, header, rows, notes=notes, wide=True)


def _of_all(scenario: Scenario, *, periods: bool) -> Iterator[tuple[str, str]]:
    """Which dates, or periods, refer to every threshold because the scenario names none."""
    labels = [
        inert(item.label)
        for item in scenario.published
        if item.threshold is None and (item.date is None) == periods
    ]
    if labels and len(scenario.thresholds) > 1:
        yield "", f"The scenario names no threshold for {'; '.join(labels)}: all are shown."


# --- what is left out ---


def limits(scenario: Scenario, summary: Summary) -> document.Blocks:
    """What the scenario leaves out, and its own notes."""
    yield document.paragraph(
        "The interval covers the uncertainty that the scenario states, and no other. What the "
        "scenario leaves out can move the date further than what it covers. Not in this scenario:"
    )
    yield document.Listing(tuple((words,) for words in _absent(scenario)))
    fixed = [name for name, items in in_rows(summary.inputs) if is_fixed(items[0])]
    if fixed:
        yield document.paragraph(f"Taken as certain: {', '.join(fixed)}.")
    yield document.paragraph(
        f"Nothing after {prose_date(summary.horizon)} is considered. The result does not say "
        "whether a source is right, whether an input is well chosen, or what will happen."
    )
    if inert(summary.scenario.notes):
        yield document.paragraph("The scenario’s own notes:")
        yield document.Paragraph(document.linked(summary.scenario.notes), "quote")


def _absent(scenario: Scenario) -> Iterator[str]:
    rate, rests = scenario.rate, scenario.rotation is not None
    if rate is None and not rests:
        counted = bool(scenario.losses.dates)
        stays = "after the count stays as it was" if counted else "stays the same"
        yield f"The rate {stays}: no trend, no random ups and downs."
    elif not rests and not scenario.drifts:
        yield "No random ups and downs of the rate."
    is_bent = rate is not None and rate.strength_exponent is not None
    if not is_bent:
        yield "The rate does not depend on how much is left."
    also = {
        "reinforcements": bool(scenario.inflow),
        "pauses": rests,
        "prelude": scenario.losses.start is None,
    }
    for key, words in scenario.wording.words.absent.items():
        if not getattr(scenario, key) and not also.get(key):
            yield words
    if not scenario.correlations:
        yield "All inputs are assumed to be independent of each other."
