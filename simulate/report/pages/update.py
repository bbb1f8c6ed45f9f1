"""Before and after later reports: their levels, the dates and the shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulate.analysis.summary import Outcome, Summary, Update
from simulate.report import document
from simulate.report.pages.cells import chance_cell, date_cell, level_cell
from simulate.report.text import phrases, wording
from simulate.report.text import update as words
from simulate.report.text.strength import reported


def update(summary: Summary, chosen: Iterable[Outcome]) -> document.Blocks:
    """The updated result beside the one before, where there is evidence."""
    new, after = summary.update, summary.updated
    if new is None or after is None:
        return
    yield document.paragraph(words.updated_headline(summary), "strong")
    yield _levels(summary, new)
    for outcome in chosen:
        then = phrases.outcome_of(after, outcome.threshold)
        yield _dates(summary, outcome, then)
        yield _shares(summary, outcome, then)
    texts = (words.weight_words(summary, new), words.errors_words(new))
    yield from document.paragraphs(texts)


def _levels(summary: Summary, new: Update) -> document.Table:
    """Where each count falls in the simulated losses, before and after."""
    used = {(report.label, report.date): report for report in new.reports}
    rows, unused = [], False
    for before, after in zip(summary.observed, new.observed, strict=True):
        report = used.get((before.label, before.date))
        unused |= report is None
        rows.append(
            (
                document.plain(phrases.label_words(before.label)),
                before.date.isoformat(),
                words.reported(report)
                if report
                else f"{reported(before).removeprefix('reported ')}*",
                chance_cell(before.middle.level, before.middle.mc_error),
                chance_cell(after.middle.level, after.middle.mc_error),
            )
        )
    header = ("report", "up to", "number", "level before", "level after")
    caption = f"Levels of the reports in the simulated {phrases.words_of(summary).losses}"
    notes = [("", "* not used for the update")] if unused else []
    return document.table(caption, header, rows, notes=notes)


def _dates(summary: Summary, before: Outcome, after: Outcome) -> document.Table:
    """Percentiles before and after, with the largest error of both."""
    rows = []
    for old, new in zip(before.quantiles, after.quantiles, strict=True):
        moments = (old.at, new.at)
        cells = (date_cell(at, summary.horizon, document.SOFT_BREAK) for at in moments)
        error = phrases.largest_error_words(moments, phrases.requested_days(summary))
        rows.append((level_cell(old.level), *cells, error))
    header = ("", "before", "after", "± days")
    return document.table(f"Dates, {phrases.share_of(before)}", header, rows)


def _shares(summary: Summary, before: Outcome, after: Outcome) -> document.Table:
    """Shares of draws for published dates, dates the user gave and "never", before and after."""
    shares = zip(_chances(summary, before), _chances(summary, after), strict=True)
    rows = [(document.plain(name), first, second) for (name, first), (_, second) in shares]
    header = ("depleted", "before", "after")
    return document.table(f"Shares of draws, {phrases.share_of(before)}", header, rows)


def _chances(summary: Summary, outcome: Outcome) -> Iterator[tuple[str, str]]:
    for check in outcome.published:
        name = f"by {check.date.isoformat()}, {phrases.label_words(check.label)}"
        yield name, chance_cell(check.probability_by, check.mc_error)
    published = {check.date for check in outcome.published}
    for date, probability, error in outcome.by:
        if date not in published:
            yield f"by {date.isoformat()}", chance_cell(probability, error)
    never = phrases.never_probability(outcome)
    yield wording.not_by(summary.horizon), chance_cell(never, outcome.depleted_mc_error)
