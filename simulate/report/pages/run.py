"""The answer of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval
from simulate.report.document import (
    MARK,
    SOFT_BREAK,
    Block,
    Document,
    Listing,
    Picture,
    Words,
    paragraph,
    plain,
    sections,
    table,
    warned,
)
from simulate.report.figures.histogram import drawing
from simulate.report.figures.sketch import histogram_sketch
from simulate.report.pages.claims import claims, left_out
from simulate.report.pages.strength import observed, strength
from simulate.report.text.citation import headline, note, sentence
from simulate.report.text.phrases import (
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
from simulate.report.text.wording import (
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


def run_page(summary: Summary, *, verbose: bool = False) -> Document:
    """The dates, what the draws say of others, how they are spread, and how to cite them.

    Parameters
    ----------
    summary
        The answer of a run.
    verbose
        Show all thresholds in full, and the Monte Carlo error of each percentile.
    """
    main = main_outcome(summary)
    chosen = summary.outcomes if verbose else (main,)
    serious, others = summary.warnings[: summary.n_serious], summary.warnings[summary.n_serious :]
    return Document(
        title=inert(summary.scenario.title),
        question=inert(summary.scenario.question),
        sections=sections(
            ("doubts", "Doubtful", warned(serious)),
            ("answer", "", _answer(summary, main)),
            ("dates", "Dates", dates(summary, chosen, verbose=verbose)),
            *(
                (f"shares-{number}", shares_heading(outcome), [Listing(shares(summary, outcome))])
                for number, outcome in enumerate(chosen)
            ),
            ("claims", "The claims about the losses", _claims(summary)),
            *(
                (f"left-out-{number}", "Without a source", left_out(summary, outcome))
                for number, outcome in enumerate(chosen)
            ),
            *(
                (f"histogram-{number}", "Histogram", [histogram(summary, outcome)])
                for number, outcome in enumerate(chosen)
            ),
            ("strength", "Strength", strength(summary)),
            ("observed", "Counts published later", observed(summary)),
            ("warnings", "Warnings", warned(others)),
            ("cite", "To cite", (paragraph(sentence(summary)), paragraph(note(summary)))),
        ),
    )


def _claims(summary: Summary) -> Iterator[Block]:
    """What there is to compare: more than one claim."""
    if summary.pooled is not None and len(summary.pooled.claims) > 1:
        yield from claims(summary)


def _answer(summary: Summary, main: Outcome) -> Iterator[Block]:
    yield paragraph(headline(summary, main), "strong")
    rate = rate_phrase(summary)
    if rate:
        counted = counted_phrase(summary.inputs)
        yield paragraph(f"Loss rate: {'; '.join(filter(None, (rate, counted)))}")


def dates(summary: Summary, chosen: Iterable[Outcome], *, verbose: bool = False) -> Iterator[Block]:
    """Percentiles of all thresholds, intervals of those chosen, and how precise they are."""
    chosen, main = tuple(chosen), main_outcome(summary)
    done = event(main)[1]
    if main.quantiles:
        header = [done, *(_column(q.level) for q in summary.outcomes[0].quantiles), "± days"]
        rows = []
        for outcome in summary.outcomes:
            moments = [quantile.at for quantile in outcome.quantiles]
            cells = (instant_words(at, summary, verbose=verbose) for at in moments)
            rows.append(
                [
                    share(outcome.threshold),
                    *cells,
                    largest_error_words(moments, asked_days(summary)),
                ]
            )
        whole = label_words(main.whole)
        yield table(f"Date by which the share of the {whole} is {done}", header, rows)
    for outcome in chosen:
        certain = certain_date(summary, outcome)
        if certain:
            yield paragraph(certain_words(certain))
        elif outcome.intervals:
            yield table(
                f"Simulation intervals, {share(outcome.threshold)} {event(outcome)[1]}",
                ("interval", "from", "to", "± days"),
                (_interval_row(interval, summary) for interval in outcome.intervals),
            )
    yield from _precision(summary, chosen)


def histogram(summary: Summary, outcome: Outcome) -> Picture:
    """The dates of all draws for one threshold."""
    return Picture(
        "The dates of all draws.",
        partial(drawing, summary, outcome),
        lambda width, blocks: histogram_sketch(summary, outcome, width, blocks=blocks),
    )


def _column(level: float) -> str:
    return "P50 median" if level == 0.5 else level_label(level)


def instant_words(at: Instant, summary: Summary, *, verbose: bool = False) -> str:
    """A moment for a cell of a table; if verbose with its Monte Carlo error."""
    cell = instant_cell(at, summary.horizon)
    if at.date is None:
        return SOFT_BREAK.join(cell.rsplit(" ", 1))
    return f"{cell}\n± {_error(at, summary)}" if verbose else cell


def _error(at: Instant, summary: Summary) -> str:
    return largest_error_words([at], asked_days(summary))


def _interval_row(interval: Interval, summary: Summary) -> list[str]:
    """An interval as cells of a table: name, ends, Monte Carlo error."""
    ends = (interval.low, interval.high)
    errors = [error for error in (_error(end, summary) for end in ends) if error]
    return [
        f"{share(interval.probability)} {interval.kind}",
        instant_words(interval.low, summary),
        instant_words(interval.high, summary),
        " and ".join(dict.fromkeys(errors)),
    ]


def _precision(summary: Summary, chosen: tuple[Outcome, ...]) -> Iterator[Block]:
    advised = told_dates(summary, chosen)
    yield paragraph("± days: largest 95 % Monte Carlo error of the dates in the row.", "small")
    asked = precision_phrase(summary)
    if asked or stability_phrase(advised):
        yield paragraph(asked or stability_phrase(advised), "small")
    settling = settling_phrase(summary, advised)
    marked = any(MARK in instant_cell(at, summary.horizon) for o in chosen for at in instants(o))
    if settling or marked:
        yield paragraph(f"{MARK} {settling or 'Monte Carlo error above half a day'}.", "marked")


def shares_heading(outcome: Outcome) -> str:
    """What the draws say of one threshold."""
    return f"Shares of draws, {share(outcome.threshold)} {event(outcome)[1]}"


def shares(summary: Summary, outcome: Outcome) -> tuple[Words, ...]:
    """What the draws say of published dates, dates asked for, and "never"."""
    return tuple(plain(line) for line in _share_lines(summary, outcome))


def _share_lines(summary: Summary, outcome: Outcome) -> Iterator[str]:
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
