"""Before and after later reports: their levels, the dates and the shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from simulate.analysis.summary import ObservedCheck, Outcome, Summary, Update
from simulate.report import document
from simulate.report.pages.cells import chance_cell
from simulate.report.text import phrases, wording
from simulate.report.text import update as words
from simulate.report.text.expected import named
from simulate.report.text.headline import mean_words
from simulate.report.text.news import news_sentence
from simulate.report.text.strength import hidden, hidden_words, reported

_NONE = "0 %"


def update(summary: Summary, chosen: Iterable[Outcome], *, verbose: bool = True) -> document.Blocks:
    """Levels and shares before and after the update, where there is evidence.

    With `verbose` also the updated dates in words, and what the weights rest on.
    """
    new, after = summary.update, summary.updated
    if new is None or after is None:
        return
    if verbose:
        yield document.paragraph(words.updated_headline(summary))
    yield _levels(summary, new, verbose=verbose)
    for outcome in chosen if verbose or _is_unsaid(summary) else ():
        then = phrases.outcome_of(after, outcome.threshold)
        shares = _shares(summary, outcome, then, verbose=verbose)
        if shares.rows:
            yield shares
    if verbose:
        texts = (words.weight_words(summary, new), words.errors_words(new))
        yield from document.paragraphs(texts)


def _is_unsaid(summary: Summary) -> bool:
    """Whether the sentence leaves out a published date or one that the user gave."""
    main = phrases.main_outcome(summary)
    is_whole = main.published == named(main)
    return not is_whole or any(phrases.unpublished(main)) or not news_sentence(summary)


def _levels(summary: Summary, new: Update, *, verbose: bool) -> document.Table:
    """Where each count falls in the simulated losses, before and after."""
    shown = _form(verbose=verbose)
    used = {(report.label, report.date): report for report in new.reports}

    def row(before: ObservedCheck, after: ObservedCheck) -> Iterator[str | document.Words]:
        report = used.get((before.label, before.date))
        number = reported(before)
        yield document.plain(phrases.undated(before.label, before.date))
        yield before.date.isoformat()
        yield words.reported(report) if report else f"{number}, not used"
        for point in (before.middle, after.middle):
            yield shown(point.level, point.mc_error)

    rows = [[*row(*pair)] for pair in zip(summary.observed, new.observed, strict=True)]
    left_out = hidden(rows, verbose=verbose)
    del rows[left_out]
    losses = phrases.words_of(summary).losses
    caption = f"Share of simulations with fewer {losses} than reported, before and after"
    header, more = ("report", "up to", "number", "before", "after"), hidden_words(left_out)
    return document.table(caption, header, rows, notes=[("", more)] if more else [])


def _shares(summary: Summary, before: Outcome, after: Outcome, *, verbose: bool) -> document.Table:
    """Shares of simulations for published dates, dates the user gave and "never"."""
    first, then = (dict(_chances(summary, of, verbose=verbose)) for of in (before, after))
    rows = [
        (document.plain(name), first.get(name, _NONE), then.get(name, _NONE))
        for name in {**first, **then}
    ]
    header = ("depleted", "before", "after")
    return document.table(f"Shares of simulations, {phrases.share_of(before)}", header, rows)


def _chances(summary: Summary, outcome: Outcome, *, verbose: bool) -> Iterator[tuple[str, str]]:
    shown = _form(verbose=verbose)
    for check in outcome.published:
        name = f"by {check.date.isoformat()}, {phrases.label_words(check.label)}"
        yield name, shown(check.probability_by, check.mc_error)
    for by in phrases.unpublished(outcome):
        yield f"by {by.date.isoformat()}", shown(by.probability, by.mc_error)
    if never := phrases.never_probability(outcome):
        yield wording.not_by(summary.horizon), shown(never, outcome.depleted_mc_error)
    if verbose:
        for cause in outcome.never if phrases.never_causes(outcome) else ():
            name = phrases.cause_words(cause.cause, outcome.words)
            yield f"- {name}", chance_cell(cause.probability, cause.mc_error)
        if (passed := outcome.already_passed_probability) > 0:
            name = f"already passed {phrases.passed_when(summary)}"
            yield name, chance_cell(passed, outcome.already_passed_mc_error)
        days, error, since = mean_words(summary, outcome)
        yield f"mean up to the horizon, days after {since}", f"{days} ± {error}"


def _form(*, verbose: bool) -> Callable[[float, float], str]:
    return chance_cell if verbose else wording.percent_cell
