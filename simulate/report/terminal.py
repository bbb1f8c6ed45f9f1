"""The answer of a run as text for a terminal of any width."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TextIO

from simulate.analysis.summary import Instant, Interval, Outcome, Summary
from simulate.report.citation import headline, note, sentence
from simulate.report.findings import (
    asked_days,
    certain_date,
    certain_words,
    counted_phrase,
    event,
    instants,
    label_words,
    largest_error_words,
    main_outcome,
    never_causes,
    never_error,
    never_probability,
    precision_phrase,
    rate_phrase,
    settling_phrase,
    stability_phrase,
    told_dates,
)
from simulate.report.terminal_histogram import draw_histogram
from simulate.report.terminal_page import (
    HEADING,
    MARK,
    MARKED,
    NARROWEST,
    SOFT_BREAK,
    WIDEST,
    Page,
    page_for,
    warnings_section,
)
from simulate.report.wording import (
    error_days,
    inert,
    instant_cell,
    level_label,
    mean_days,
    not_by,
    percent,
    points,
    prose_date,
    share,
)

_TITLE_LINES = 4


def print_summary(
    summary: Summary,
    *,
    file: TextIO | None = None,
    width: int | None = None,
    color: bool | None = None,
    verbose: bool = False,
) -> None:
    """Print a summary.

    Parameters
    ----------
    summary
        The answer of a run.
    file
        Where to; standard output if left out.
    width
        In character cells; that of the terminal if left out, 80 where there is none.
    color
        Whether to write colour codes. If left out: on a terminal, unless the environment holds
        `NO_COLOR` or `TERM=dumb`.
    verbose
        As in `render`.

    Raises
    ------
    OSError
        If the stream cannot be written.
    """
    stream = sys.stdout if file is None else file
    page = page_for(stream, width=width, color=color)
    _summary(page, summary, verbose=verbose)
    stream.write(page.text())


def print_headline(summary: Summary, *, name: str = "", file: TextIO | None = None) -> None:
    """Print the result in one line, after a name where there are several."""
    stream = sys.stdout if file is None else file
    page = page_for(stream, color=False)
    line = f"{label_words(name)}: {headline(summary)}" if name else headline(summary)
    page.line(page.translated(line))
    stream.write(page.text())


def render(
    summary: Summary,
    width: int = 80,
    *,
    color: bool = False,
    encoding: str = "utf-8",
    verbose: bool = False,
) -> str:
    """The text that `print_summary` prints.

    Parameters
    ----------
    summary
        The answer of a run.
    width
        In character cells; 20 are used at least and 100 at most.
    color
        Whether to write colour codes.
    encoding
        Of the terminal. Without block characters the histogram is drawn in ASCII; letters that the
        encoding does not have become question marks.
    verbose
        Show all thresholds in full, and the Monte Carlo error of each percentile.

    Returns
    -------
    str
        Lines of at most `width` cells, each ended by a line feed. No text of the scenario is parsed
        as markup, and none of its control characters is left.
    """
    page = Page(min(max(width, NARROWEST), WIDEST), color=color, encoding=encoding)
    _summary(page, summary, verbose=verbose)
    return page.text()


def _summary(page: Page, summary: Summary, *, verbose: bool) -> None:
    main = main_outcome(summary)
    chosen = summary.outcomes if verbose else (main,)
    page.paragraph(inert(summary.scenario.title), HEADING, lines=_TITLE_LINES)
    page.paragraph(inert(summary.scenario.question), lines=_TITLE_LINES)
    doubts, others = summary.warnings[: summary.n_doubts], summary.warnings[summary.n_doubts :]
    warnings_section(page, doubts, "Doubtful")
    page.line()
    page.paragraph(headline(summary, main), HEADING)
    rate = rate_phrase(summary)
    counted = counted_phrase(summary.inputs)
    page.paragraph(f"Loss rate: {'; '.join(filter(None, (rate, counted)))}" if rate else "")
    _percentiles(page, summary, verbose=verbose)
    for outcome in chosen:
        _intervals(page, summary, outcome)
    _explanation(page, summary, chosen)
    for outcome in chosen:
        _shares(page, summary, outcome)
    if summary.ledger is not None:
        from simulate.report.ledger_tables import claims_section, leave_one_out_section

        claims_section(page, summary)
        for outcome in chosen:
            leave_one_out_section(page, summary, outcome)
    for outcome in chosen:
        draw_histogram(page, summary, outcome)
    if summary.strength or summary.observed:
        from simulate.report.terminal_strength import draw_observed, draw_strength

        draw_strength(page, summary)
        draw_observed(page, summary)
    warnings_section(page, others)
    page.heading("To cite")
    page.paragraph(sentence(summary))
    page.paragraph(note(summary))


def _percentiles(page: Page, summary: Summary, *, verbose: bool) -> None:
    main = main_outcome(summary)
    if not main.quantiles:
        return
    whole = label_words(main.whole)
    page.heading(f"Date by which the share of the {whole} is {event(main)[1]}")
    header = [
        event(main)[1],
        *(_column(quantile.level) for quantile in summary.outcomes[0].quantiles),
        "± days",
    ]
    rows = []
    for outcome in summary.outcomes:
        dates = [quantile.at for quantile in outcome.quantiles]
        rows.append(
            [
                share(outcome.threshold),
                *(instant_words(at, summary, verbose=verbose) for at in dates),
                largest_error_words(dates, asked_days(summary)),
            ]
        )
    page.grid(header, rows)


def _column(level: float) -> str:
    return "P50 median" if level == 0.5 else level_label(level)


def instant_words(at: Instant, summary: Summary, *, verbose: bool = False) -> str:
    """A moment for a cell of a table; if verbose with its Monte Carlo error."""
    cell = instant_cell(at, summary.horizon)
    if at.date is None:
        head, _, tail = cell.rpartition(" ")
        return f"{head}{SOFT_BREAK}{tail}"
    return f"{cell}\n± {_error(at, summary)}" if verbose else cell


def _error(at: Instant, summary: Summary) -> str:
    return largest_error_words([at], asked_days(summary))


def _intervals(page: Page, summary: Summary, outcome: Outcome) -> None:
    certain = certain_date(summary, outcome)
    if certain:
        page.line()
        page.paragraph(certain_words(certain))
    if not outcome.intervals or certain:
        return
    page.heading(f"Simulation intervals, {share(outcome.threshold)} {event(outcome)[1]}")
    page.grid(
        ["interval", "from", "to", "± days"],
        [interval_row(interval, summary) for interval in outcome.intervals],
    )


def interval_row(interval: Interval, summary: Summary) -> list[str]:
    """An interval as cells of a table: name, ends, Monte Carlo error."""
    ends = (interval.low, interval.high)
    errors = [error for error in (_error(end, summary) for end in ends) if error]
    return [
        f"{share(interval.probability)} {interval.kind}",
        instant_words(interval.low, summary),
        instant_words(interval.high, summary),
        " and ".join(dict.fromkeys(errors)),
    ]


def _explanation(page: Page, summary: Summary, chosen: tuple[Outcome, ...]) -> None:
    advised = told_dates(summary, chosen)
    page.paragraph("± days: largest 95 % Monte Carlo error of the dates in the row.")
    asked = precision_phrase(summary)
    page.paragraph(asked or stability_phrase(advised))
    settling = settling_phrase(summary, advised)
    marked = any(MARK in instant_cell(at, summary.horizon) for o in chosen for at in instants(o))
    if settling or marked:
        page.paragraph(f"{MARK} {settling or 'Monte Carlo error above half a day'}.", MARKED)


def _shares(page: Page, summary: Summary, outcome: Outcome) -> None:
    page.heading(f"Shares of draws, {share(outcome.threshold)} {event(outcome)[1]}")
    for line in share_lines(summary, outcome):
        page.paragraph(line, first="  ", indent="    ")


def share_lines(summary: Summary, outcome: Outcome) -> Iterator[str]:
    """What the draws say of published dates, dates asked for, and "never"."""
    for check in outcome.published:
        probability = _with_error(check.probability_by, check.mc_error)
        yield (
            f"{label_words(check.label)} ({check.date.isoformat()}): "
            f"{probability} of draws are depleted by then"
        )
    for by in outcome.by:
        yield f"depleted by {by.date.isoformat()}: {_with_error(by.probability, by.mc_error)}"
    if outcome.already_passed_probability > 0:
        words = _with_error(outcome.already_passed_probability, outcome.already_passed_mc_error)
        yield f"already passed when the losses were counted: {words}"
    causes = never_causes(outcome)
    never = _with_error(never_probability(outcome), never_error(outcome))
    yield f"{not_by(summary.horizon)}: {never}{f': {causes}' if causes else ''}"
    yield (
        "mean up to the horizon (restricted mean): "
        f"{mean_days(outcome.restricted_mean_days, outcome.restricted_mean_mc_error_days)} days "
        f"(± {error_days(outcome.restricted_mean_mc_error_days)}) "
        f"after {prose_date(summary.origin)}"
    )


def _with_error(probability: float, error: float) -> str:
    shown = percent(probability, error)
    return f"{shown} (± {points(error)})" if error else shown
