"""The answer of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, product
from typing import TypeAlias

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import ByDate, Instant, Interval, PublishedCheck
from simulate.report import document
from simulate.report.figures.sketch import histogram_sketch
from simulate.report.pages.cells import date_cell, labelled, level_cell, published_cells
from simulate.report.pages.claims import claims, left_out
from simulate.report.pages.strength import observed, strength
from simulate.report.pages.update import update
from simulate.report.text import phrases, wording
from simulate.report.text.captions import question_words, sources_and_program
from simulate.report.text.causes import reason
from simulate.report.text.expected import named
from simulate.report.text.headline import headline, mean_words
from simulate.report.text.news import news_sentence
from simulate.report.text.precision import (
    advised_dates,
    precision_phrase,
    precision_words,
    settling_phrase,
)
from simulate.report.text.rate import constant_words, rate_words
from simulate.report.text.update import updated_headline, updated_outcome, updated_sentence
from simulate.scenario.stocks import suffix

_Shown: TypeAlias = Callable[[float, float], str]
"""How a share and its Monte Carlo error are written."""


def run_page(summary: Summary, *, verbose: bool = False) -> document.Document:
    """The sentence, and for the largest threshold the dates, their spread and the shares of draws.

    With `verbose`, each percentile's Monte Carlo error, then the other thresholds, intervals,
    claims, and how to cite the result. Where nothing is uncertain, the sentence says it all.
    """
    main = phrases.main_outcome(summary)
    more = [each for each in summary.outcomes if each is not main] if verbose else []
    chosen = (main, *more)
    spread = () if phrases.certain_date(summary, main) else chosen
    warnings = [labelled(text, summary) for text in summary.warnings]
    serious, others = warnings[: summary.n_serious], warnings[summary.n_serious :]
    of = phrases.words_of(summary)
    less = product(("histogram", "shares"), more)
    among = "" if verbose else f", among the simulated {of.losses}"
    return document.composed(
        wording.inert(summary.scenario.title),
        ("doubts", "Doubtful", document.warned(serious)),
        ("answer", "", _answer(summary, verbose=verbose)),
        ("update", "Updated on later reports", update(summary, chosen, verbose=verbose)),
        ("dates", "Dates", dates(summary, chosen if verbose else (), verbose=verbose)),
        *chain.from_iterable(_spread(summary, each, verbose=verbose) for each in chosen),
        ("intervals", "Intervals", intervals(summary, spread) if verbose else ()),
        *(_claims(summary, chosen) if verbose else ()),
        ("strength", phrases.capitalised(of.level), strength(summary)),
        ("observed", f"Counts published later{among}", _observed(summary, verbose=verbose)),
        _warnings(others, verbose=verbose),
        ("cite", "To cite", document.paragraphs(cited(summary) if verbose else ())),
        question=question_words(summary) if verbose else "",
        foot=sources_and_program(summary),
        folded=("intervals", *(f"{part}-{suffix(each.threshold)}" for part, each in less)),
    )


def _spread(
    summary: Summary, outcome: Outcome, *, verbose: bool
) -> Iterator[tuple[str, str, document.Blocks]]:
    name, of = suffix(outcome.threshold), phrases.share_of(outcome)
    heading = "Histogram" if len(summary.outcomes) == 1 else f"Histogram, {of}"
    # Of a certain date there is nothing to see, and of none the sentence has said so.
    same = phrases.day_of_most if summary.strength else phrases.only_date
    said = same(outcome) or not (verbose or outcome.depleted_probability > 0)
    yield f"histogram-{name}", heading, iter([] if said else [histogram(summary, outcome)])
    yield f"shares-{name}", shares_heading(outcome), shares(summary, outcome, verbose=verbose)


def _warnings(texts: Sequence[str], *, verbose: bool) -> tuple[str, str, document.Blocks]:
    """What to be careful about: a single warning needs no heading, in brief."""
    if len(texts) != 1 or verbose:
        return "warnings", "Warnings", document.warned(texts)
    return "warnings", "", document.paragraphs((f"Warning: {wording.inert(*texts)}",), "marked")


def _answer(summary: Summary, *, verbose: bool) -> document.Blocks:
    news, changes = news_sentence(summary), summary.reference
    constant = constant_words(summary, phrases.main_outcome(summary))
    yield document.paragraph(news or headline(summary), "strong")
    yield from document.paragraphs(("" if news else updated_headline(summary),), "strong")
    if verbose:
        yield from document.paragraphs((news and headline(summary), rate_words(summary), changes))
    yield from document.paragraphs((constant,))


def _observed(summary: Summary, *, verbose: bool) -> document.Blocks:
    """Where later counts fall, unless the table of an update says it."""
    if summary.update is None:
        yield from observed(summary, verbose=verbose)


def _claims(
    summary: Summary, chosen: Iterable[Outcome]
) -> Iterator[tuple[str, str, document.Blocks]]:
    if summary.pooled is not None and len(summary.pooled.claims) > 1:
        of = phrases.words_of(summary)
        yield "claims", f"The claims about {of.the_losses}", claims(summary)
    for place, outcome in enumerate(chosen):
        heading = f"Without a source, {phrases.share_of(outcome)}"
        yield f"left-out-{place}", heading, left_out(summary, outcome)


def cited(summary: Summary) -> tuple[str, str, str]:
    """The sentence for a newspaper, if there is one, that for a paper, and its note."""
    from simulate.report.text.citation import note, sentence

    updated = updated_sentence(summary, phrases.main_outcome(summary))
    return news_sentence(summary), f"{sentence(summary)} {updated}".strip(), note(summary)


def dates(
    summary: Summary, chosen: tuple[Outcome, ...], *, verbose: bool = False
) -> document.Blocks:
    """Percentiles of all thresholds, and their precision with the intervals of the chosen ones.

    If none is chosen, those that matter less are omitted.
    """
    main = phrases.main_outcome(summary)
    done = phrases.share_lost(main)
    if phrases.certain_date(summary, main):
        if len(summary.outcomes) > 1:
            yield document.paragraph(f"{', '.join(_certain_dates(summary))}.")
        return
    every = [*summary.outcomes, *(summary.updated.outcomes if summary.updated else ())]
    if all(each.depleted_probability <= 0 for each in every):
        return
    less = () if chosen else _less(summary, main)
    if len(less) == len(summary.outcomes) - 1 and _is_one_date(updated_outcome(summary, main)):
        yield from document.paragraphs((precision_phrase(summary),), "small")
        return  # the histogram has that date
    if main.quantiles:
        header = [
            phrases.in_column(done, "share"),
            *(level_cell(q.level) for q in summary.outcomes[0].quantiles),
            *([] if verbose else ["± days"]),
        ]
        rows = _percentile_rows(summary, less, verbose=verbose, before=bool(chosen))
        whole = phrases.share_whole(main)
        updated = ", updated" if summary.updated and not chosen else ""
        caption = f"Date by which the share of the {whole} is {done}{updated}"
        yield document.table(caption, header, rows)
    yield from _precision(summary, chosen, verbose=verbose)


def intervals(summary: Summary, chosen: Iterable[Outcome]) -> document.Blocks:
    """Intervals of the chosen thresholds."""
    for outcome in chosen:
        then = updated_outcome(summary, outcome)
        # After an update there are no shortest ones.
        for each, when in ((outcome, "before" if then else ""), (then, "after")):
            if each and each.intervals and not phrases.certain_date(summary, outcome):
                caption = f"Simulation intervals, {phrases.share_of(outcome)}"
                caption += f", {when} later reports" if when and then else ""
                rows = [_interval_row(interval, summary) for interval in each.intervals]
                marked = any(wording.MARK in cell for row in rows for cell in row)
                notes = [("", wording.MARKED)] if marked else []
                header = ("interval", "from", "to", "± days")
                yield document.table(caption, header, rows, notes=notes)


def histogram(summary: Summary, outcome: Outcome) -> document.Picture:
    """The dates of all simulations for one threshold."""

    def drawn() -> document.Drawing:
        from simulate.report.figures.histogram import drawing

        return drawing(summary, outcome)

    return document.Picture(
        "",
        drawn,
        lambda width, blocks: histogram_sketch(summary, outcome, width, blocks=blocks),
    )


def _certain_dates(summary: Summary) -> Iterator[str]:
    for outcome in summary.outcomes:
        if date := phrases.certain_date(summary, outcome):
            yield f"{phrases.share_of(outcome)} on {wording.prose_date(date)}"


def _less(summary: Summary, main: Outcome) -> list[Outcome]:
    """Thresholds beside the main one that matter less.

    With an update, which has two rows for each, all of them; else those that every draw had passed
    when the losses were counted. Where the main one has no date, theirs are all there is.
    """
    if main.median.date is None:
        return []
    others = (each for each in summary.outcomes if each is not main)
    return [each for each in others if summary.update or each.already_passed_probability >= 1]


def _is_one_date(outcome: Outcome | None) -> bool:
    """Whether an outcome after an update has a date at one percentile at most."""
    return outcome is not None and sum(q.at.date is not None for q in outcome.quantiles) <= 1


def _percentile_rows(
    summary: Summary, without: Sequence[Outcome], *, verbose: bool, before: bool
) -> Iterator[list[str]]:
    """A row for each threshold, after an update; with one `before` it too, if wanted."""
    after = summary.updated
    for outcome in summary.outcomes:
        if outcome in without:
            continue
        row = _percentile_row(summary, outcome, verbose=verbose)
        if after is None or before:
            yield row
        if after is not None:
            then = phrases.outcome_of(after, outcome.threshold)
            name = "after" if before else row[0]
            yield [name, *_percentile_row(summary, then, verbose=verbose)[1:]]


def _percentile_row(summary: Summary, outcome: Outcome, *, verbose: bool) -> list[str]:
    def cell(at: Instant) -> str:
        shown = date_cell(at, summary.horizon, document.SOFT_BREAK)
        return f"{shown}\n± {_error(summary, at)}" if verbose and at.date else shown

    moments = [quantile.at for quantile in outcome.quantiles]
    largest = [] if verbose else [_error(summary, *moments)]
    return [phrases.threshold_cell(outcome), *map(cell, moments), *largest]


def _error(summary: Summary, *moments: Instant) -> str:
    return phrases.largest_error_words(moments, phrases.requested_days(summary))


def _interval_row(interval: Interval, summary: Summary) -> list[str]:
    ends = (interval.low, interval.high)
    errors = filter(None, (_error(summary, end) for end in ends))
    return [
        f"{wording.share(interval.probability)} {interval.kind}",
        *(date_cell(end, summary.horizon, document.SOFT_BREAK) for end in ends),
        " and ".join(dict.fromkeys(errors)),
    ]


def _precision(summary: Summary, chosen: tuple[Outcome, ...], *, verbose: bool) -> document.Blocks:
    words = precision_words(summary, chosen) if chosen else precision_phrase(summary)
    errors = _CELL_WORDS if verbose else _row_words(summary, brief=not chosen)
    yield from document.paragraphs((errors, words), "small")
    settling = settling_phrase(summary, advised_dates(summary, chosen), brief=not chosen)
    shown = [quantile.at for outcome in chosen for quantile in outcome.quantiles]
    marked = any(wording.MARK in wording.instant_cell(at, summary.horizon) for at in shown)
    if settling:
        below = " in the intervals:" if shown and not marked else ""
        yield document.paragraph(f"{wording.MARK}{below} {settling}.", "marked")
    elif marked:
        yield document.paragraph(wording.MARKED, "marked")


_CELL_WORDS = "± 95 % Monte Carlo error in days."


def _row_words(summary: Summary, *, brief: bool) -> str:
    """What the last column of the percentiles is and, if `brief`, what its mark means."""
    after = summary.updated
    outcomes = (*summary.outcomes, *(after.outcomes if after else ()))
    dated = [q.at for outcome in outcomes for q in outcome.quantiles if q.at.date is not None]
    if brief and not all(map(wording.is_settled, dated)):
        gap = ", or where dates have a gap" if any(at.gap for at in dated) else ""
        mark = f"{wording.MARK} if above half a day{gap}"
        return f"± days: largest 95 % Monte Carlo error in the row; {mark}."
    return "± days: largest 95 % Monte Carlo error in the row."


def shares_heading(outcome: Outcome) -> str:
    """The heading of `shares`."""
    return f"Shares of simulations, {phrases.share_of(outcome)}"


def shares(summary: Summary, outcome: Outcome, *, verbose: bool = True) -> document.Blocks:
    """The shares of draws for published dates, dates the user gave, and "never".

    With `verbose` each has its Monte Carlo error, and the restricted mean is added. Where there is
    an update, its table has them.
    """
    if summary.update is not None:
        return
    rows = _share_lines(summary, outcome) if verbose else _brief_shares(summary, outcome)
    if lines := tuple(map(document.plain, rows)):
        yield document.Listing(lines)


def _share_lines(summary: Summary, outcome: Outcome) -> Iterator[str]:
    shown = phrases.with_error
    dated = [(check.date, _published_line(check, shown)) for check in outcome.published]
    dated += [(by.date, _by_words(by, shown)) for by in phrases.unpublished(outcome)]
    yield from (line for _, line in sorted(dated))
    if (passed := outcome.already_passed_probability) > 0:
        share = shown(passed, outcome.already_passed_mc_error)
        yield f"already passed {phrases.passed_when(summary)}: {share}"
    yield _never_line(summary, outcome, shown)
    yield _restricted_mean(summary, outcome)


def _brief_shares(summary: Summary, outcome: Outcome) -> Iterator[str]:
    """What the sentence and the histogram leave out: other published dates, dates, causes."""
    shown = wording.percent
    said = news_sentence(summary)
    first = len(named(outcome)) if said else 0
    yield from (_published_line(check, shown) for check in outcome.published[first:])
    if by := [_by_words(each, shown) for each in phrases.unpublished(outcome)]:
        yield "; ".join(by)
    # A cause that rounds to none of 100 simulations is not worth a line.
    likely = (each for each in outcome.never if round(100 * each.probability) >= 1)
    causes = (each.cause for each in likely if each.cause != phrases.HORIZON_CAUSE)
    words = ((phrases.cause_words(c, outcome.words), reason(c, summary, outcome)) for c in causes)
    if any(name not in said and why not in said for name, why in words):
        yield _never_line(summary, outcome, shown)


def _published_line(check: PublishedCheck, shown: _Shown) -> str:
    return ": ".join(published_cells(check, shown))


def _by_words(by: ByDate, shown: _Shown) -> str:
    return f"by {wording.prose_date(by.date)}: {shown(by.probability, by.mc_error)}"


def _never_line(summary: Summary, outcome: Outcome, shown: _Shown) -> str:
    causes = phrases.never_causes(outcome)
    never = shown(phrases.never_probability(outcome), outcome.depleted_mc_error)
    return f"{wording.not_by(summary.horizon)}: {never}{f', of which {causes}' if causes else ''}"


def _restricted_mean(summary: Summary, outcome: Outcome) -> str:
    days, error, since = mean_words(summary, outcome)
    return f"mean up to the horizon (restricted mean): {days} days (± {error}) after {since}"
