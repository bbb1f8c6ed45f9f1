"""The answer of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval
from simulate.report import document
from simulate.report.figures.sketch import histogram_sketch
from simulate.report.pages.cells import date_cell, level_cell
from simulate.report.pages.claims import claims, left_out
from simulate.report.pages.strength import observed, strength
from simulate.report.pages.update import update
from simulate.report.text import phrases, wording
from simulate.report.text.citation import note, sentence
from simulate.report.text.headline import headline
from simulate.report.text.news import news_sentence
from simulate.report.text.precision import advised_dates, precision_words, settling_phrase
from simulate.report.text.rate import constant_words, rate_words
from simulate.report.text.update import updated_sentence
from simulate.scenario.numerals import number


def run_page(summary: Summary, *, verbose: bool = False) -> document.Document:
    """The dates, the shares of draws, their spread, and how to cite them.

    With `verbose`, all thresholds in full, and the Monte Carlo error of each percentile.
    """
    chosen = summary.outcomes if verbose else (phrases.main_outcome(summary),)
    numbered = tuple(enumerate(chosen))
    serious, others = summary.warnings[: summary.n_serious], summary.warnings[summary.n_serious :]
    several = summary.pooled is not None and len(summary.pooled.claims) > 1
    of = phrases.words_of(summary)
    updated = updated_sentence(summary, phrases.main_outcome(summary))
    cited = (news_sentence(summary), f"{sentence(summary)} {updated}".strip(), note(summary))
    return document.composed(
        wording.inert(summary.scenario.title),
        ("doubts", "Doubtful", document.warned(serious)),
        ("answer", "", _answer(summary)),
        ("update", "Updated on later reports", update(summary, chosen)),
        ("dates", "Dates", dates(summary, chosen, verbose=verbose)),
        *((f"shares-{n}", shares_heading(each), [shares(summary, each)]) for n, each in numbered),
        ("claims", f"The claims about {of.the_losses}", claims(summary) if several else ()),
        *((f"left-out-{n}", "Without a source", left_out(summary, each)) for n, each in numbered),
        *((f"histogram-{n}", "Histogram", [histogram(summary, each)]) for n, each in numbered),
        ("strength", phrases.capitalised(of.level), strength(summary)),
        ("observed", "Counts published later", observed(summary)),
        ("warnings", "Warnings", document.warned(others)),
        ("cite", "To cite", document.paragraphs(cited)),
        question=wording.inert(summary.scenario.question),
    )


def _answer(summary: Summary) -> document.Blocks:
    yield document.paragraph(headline(summary), "strong")
    constant = summary.reference or constant_words(summary, phrases.main_outcome(summary))
    yield from document.paragraphs((rate_words(summary), constant))


def dates(summary: Summary, chosen: Iterable[Outcome], *, verbose: bool = False) -> document.Blocks:
    """Percentiles of all thresholds, intervals of the chosen ones, and their precision."""
    chosen, main = tuple(chosen), phrases.main_outcome(summary)
    done = phrases.event(main)[1]
    if main.quantiles:
        header = [done, *(level_cell(q.level) for q in summary.outcomes[0].quantiles), "± days"]
        rows = (_percentile_row(summary, each, verbose=verbose) for each in summary.outcomes)
        whole = phrases.label_words(main.whole)
        yield document.table(f"Date by which the share of the {whole} is {done}", header, rows)
    for outcome in chosen:
        if certain := phrases.certain_date(summary, outcome):
            only = wording.prose_date(certain)
            yield document.paragraph(f"No input is uncertain: every draw gives {only}.")
        elif outcome.intervals:
            caption = f"Simulation intervals, {phrases.share_of(outcome)}"
            rows = (_interval_row(interval, summary) for interval in outcome.intervals)
            yield document.table(caption, ("interval", "from", "to", "± days"), rows)
    yield from _precision(summary, chosen)


def histogram(summary: Summary, outcome: Outcome) -> document.Picture:
    """The dates of all draws for one threshold."""

    def drawn() -> document.Drawing:
        from simulate.report.figures.histogram import drawing

        return drawing(summary, outcome)

    return document.Picture(
        "The dates of all draws.",
        drawn,
        lambda width, blocks: histogram_sketch(summary, outcome, width, blocks=blocks),
    )


def _percentile_row(summary: Summary, outcome: Outcome, *, verbose: bool) -> list[str]:
    def cell(at: Instant) -> str:
        shown = date_cell(at, summary.horizon, document.SOFT_BREAK)
        return f"{shown}\n± {_error(summary, at)}" if verbose and at.date else shown

    moments = [quantile.at for quantile in outcome.quantiles]
    return [wording.share(outcome.threshold), *map(cell, moments), _error(summary, *moments)]


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


def _precision(summary: Summary, chosen: tuple[Outcome, ...]) -> document.Blocks:
    row = "± days: largest 95 % Monte Carlo error of the dates in the row."
    yield from document.paragraphs((row, precision_words(summary, chosen)), "small")
    settling = settling_phrase(summary, advised_dates(summary, chosen))
    shown = (at for outcome in chosen for at in phrases.instants(outcome))
    if settling:
        yield document.paragraph(f"{wording.MARK} {settling}.", "marked")
    elif any(wording.MARK in wording.instant_cell(at, summary.horizon) for at in shown):
        yield document.paragraph(wording.MARKED, "marked")


def shares_heading(outcome: Outcome) -> str:
    """The heading of `shares`."""
    return f"Shares of draws, {phrases.share_of(outcome)}"


def shares(summary: Summary, outcome: Outcome) -> document.Listing:
    """The shares of draws for published dates, dates the user gave, and "never"."""
    return document.Listing(tuple(map(document.plain, _share_lines(summary, outcome))))


def _share_lines(summary: Summary, outcome: Outcome) -> Iterator[str]:
    for check in outcome.published:
        label = phrases.label_words(check.label)
        if period := check.period:
            parts = ", ".join(phrases.period_shares(period, phrases.with_error))
            yield f"{label} ({phrases.published_when(check)}): {parts}"
            continue
        date = f"{label} ({check.date.isoformat()})"
        shown = phrases.with_error(check.probability_by, check.mc_error)
        yield f"{date}: {shown} of draws are depleted by then"
    for by in outcome.by:
        shown = phrases.with_error(by.probability, by.mc_error)
        yield f"depleted by {by.date.isoformat()}: {shown}"
    passed = outcome.already_passed_probability
    if passed > 0:
        shown = phrases.with_error(passed, outcome.already_passed_mc_error)
        yield f"already passed {phrases.passed_when(summary)}: {shown}"
    causes = phrases.never_causes(outcome)
    never = phrases.with_error(phrases.never_probability(outcome), outcome.depleted_mc_error)
    yield f"{wording.not_by(summary.horizon)}: {never}{f': {causes}' if causes else ''}"
    error = outcome.restricted_mean_mc_error_days
    since, words = phrases.counted_from(summary)
    mean = outcome.restricted_mean_days - (since - summary.origin).days
    days = number(mean, max(error, 0.1))  # to tenths, as the error is
    yield (
        f"mean up to the horizon (restricted mean): {days} days (± {wording.error_days(error)}) "
        f"after {wording.prose_date(since)}{words}"
    )
