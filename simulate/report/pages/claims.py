"""Claims about the losses: each with its rate, its influence, and its result alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from simulate.analysis.summary import ClaimSummary, Outcome, PooledClaims, Summary
from simulate.analysis.values import Shift, ValueQuantile
from simulate.report import document
from simulate.report.pages.cells import date_cell, published_cells, warned
from simulate.report.text import phrases
from simulate.report.text.captions import question_words
from simulate.report.text.headline import headline
from simulate.report.text.news import news_sentence
from simulate.report.text.rate import constant_words, unit_of_time
from simulate.report.text.wording import (
    TOO_FEW,
    in_words,
    inert,
    level_label,
    percent,
    percent_cell,
    prose_date,
    shift_words,
)
from simulate.scenario.numerals import count, exact

_GAP = "  "
_SHOWN_LEVELS = (0.05, 0.5, 0.95)
_MOST_SENTENCES = 3

_POOLED = (
    "Where claims are pooled, each has fewer simulations, so its dates there can differ from these "
    "by their Monte Carlo error."
)
_QUALIFIERS = {"at_least": "at least", "more_than": "more than", "about": "about", "": ""}


def claims(summary: Summary) -> document.Blocks:
    """Every claim with its rate, where the scenario lists claims."""
    pooled = summary.pooled
    if pooled is None:
        return
    of = phrases.words_of(summary)
    per, days = unit_of_time(summary)
    notes = (
        f"{of.losses}, a {per}: P5 to P95 by that claim alone. as of: the count ends as this day "
        f"begins. lower: the share of all simulations with a lower {of.rate} than its median."
    )
    if flows := [claim for claim in pooled.claims if claim.is_flow]:
        use = "compared, not pooled" if _is_compared(flows[0]) else "pooled as the rate"
        notes += f" A flow counts {of.the_losses} of a given period; it is {use}."
    header = ("claim", of.losses, "as of", f"a {per}", "lower", "share", "published")
    rows = (_claim_row(claim, days) for claim in pooled.claims)
    yield document.table("Claims", header, rows, notes=[("", notes)], optional=1, wide=True)


def left_out(summary: Summary, outcome: Outcome) -> document.Blocks:
    """How the dates of one threshold move without each source; nothing for a single source."""
    pooled = summary.pooled
    if pooled is None or not pooled.left_out:
        return
    rows = [[_source_words(pooled, left.numbers, left.source)] for left in pooled.left_out]
    for row, left in zip(rows, pooled.left_out, strict=True):
        for shift in left.shifts:
            if shift.threshold == outcome.threshold and shift.level in _SHOWN_LEVELS:
                row.append(_shift_cell(shift, summary.horizon))
    when = ", before later reports" if summary.update else ""
    caption = f"Days by which dates move without a source, {phrases.share_of(outcome)}{when}"
    note = "+ later, - earlier; ± 95 % Monte Carlo error of the difference."
    header = ("without", *map(level_label, _SHOWN_LEVELS))
    yield document.table(caption, header, rows, notes=[("", note)])


def claims_page(
    numbered: Sequence[tuple[int, Summary]], title: str, drawing: document.Drawing | None
) -> document.Document:
    """The page of all claims, one folder above those of each claim alone, and their picture."""
    found = side_by_side(numbered, title, is_page=True)
    caption = "The dates of all simulations, by each claim alone."
    shown = [document.Picture(caption, lambda: drawing)] if drawing else []
    where = "Each claim has a page of its own: "
    pages: list[str | document.Link] = [where]
    for n, one in numbered:
        pages += [
            *("; " if n != numbered[0][0] else ""),
            document.Link(phrases.claim_words(n, one), f"claim-{n}/index.html"),
        ]
    between = document.composed(
        "",
        ("pages", "", [document.Paragraph((*pages, "."))]),
        ("pictures", "In pictures", shown),
    )
    answer, *others = found.sections
    return replace(found, sections=(answer, *between.sections, *others))


def side_by_side(
    numbered: Sequence[tuple[int, Summary]], title: str, *, is_page: bool = False
) -> document.Document:
    """The result of each claim alone, with its number in the file; at least one claim is needed.

    A page gives the sentences of any number of claims.
    """
    summaries = [summary for _, summary in numbered]
    first = summaries[0]
    main = phrases.main_outcome(first)
    subject, done = phrases.event(main)
    claims = first.pooled.claims if first.pooled else ()
    certain = all(phrases.certain_date(one, phrases.main_outcome(one)) for one in summaries)
    interval = "" if certain else "P5 to P95: 90 % simulation interval. "
    caption = f"Date by which {subject} is {done}, by each claim alone"
    header = ("claim", "median", "P5", "P95", f"by {first.horizon.isoformat()}")
    rows = [[*_result_row(number, summary)] for number, summary in numbered]
    pooled = _POOLED if interval else ""
    notes = [("", f"{interval}{pooled}" if is_page else f"{interval}Full pages: -v.")]
    return document.composed(
        inert(title),
        ("answer", "", _sentences(numbered, most=len(numbered) if is_page else _MOST_SENTENCES)),
        ("dates", "", [document.table(caption, header, rows, notes=notes)]),
        ("shares", f"Shares of simulations, {phrases.share_of(main)}", _shares(numbered)),
        *(
            (f"flow-{place}", "", [document.paragraph(_flow_words(place, numbered))])
            for place, claim in enumerate(claims)
            if _is_compared(claim)
        ),
        ("warnings", "Warnings", warned(_warnings(numbered), numbered[0][1])),
        question=question_words(first),
    )


def _sentences(numbered: Sequence[tuple[int, Summary]], most: int) -> document.Blocks:
    """The sentence of each claim after its source; of many claims only how to see them."""
    if len(numbered) > most:
        n = phrases.capitalised(in_words(len(numbered)))
        words = "claims, each with dates of its own; -v or `simulate cite` gives their sentences."
        yield document.paragraph(f"{n} {words}", "strong")
        return
    for number, one in numbered:
        said, main = news_sentence(one) or f"{headline(one)}.", phrases.main_outcome(one)
        yield document.paragraph(f"{phrases.claim_words(number, one)}: {said}", "strong")
        if not phrases.certain_date(one, main):
            yield from document.paragraphs((constant_words(one, main),))


def _shares(numbered: Sequence[tuple[int, Summary]]) -> document.Blocks:
    """A line for each published date and each date of the user: its shares by each claim."""
    lines = dict[str, list[str]]()
    for n, one in numbered:
        main = phrases.main_outcome(one)
        given = (
            (f"by {prose_date(by.date)}", percent(by.probability, by.mc_error))
            for by in phrases.unpublished(main)
        )
        for name, shares in (*(published_cells(each, percent) for each in main.published), *given):
            lines.setdefault(name, []).append(f"{shares} (claim {n})")
    if lines:
        items = (f"{name}: {'; '.join(shares)}" for name, shares in lines.items())
        yield document.Listing(tuple(map(document.plain, items)))


def _warnings(numbered: Sequence[tuple[int, Summary]]) -> Iterator[str]:
    """Each warning once, with the numbers of its claims unless it is one of all."""
    for text in dict.fromkeys(text for _, one in numbered for text in one.warnings):
        numbers = [str(n) for n, one in numbered if text in one.warnings]
        of = f" (claim {', '.join(numbers)})" if len(numbers) < len(numbered) else ""
        yield f"{text}{of}"


def _is_compared(claim: ClaimSummary) -> bool:
    """Whether a claim is a flow beside totals."""
    return claim.is_flow and claim.share is None


def _result_row(number: int, summary: Summary) -> Iterator[str]:
    yield _numbered(number, phrases.claim_label(summary))
    main = phrases.main_outcome(summary)
    interval = phrases.equal_tailed(main, 0.9)
    for at in (main.median, *((interval.low, interval.high) if interval else ())):
        yield date_cell(at, summary.horizon)
    yield percent_cell(main.depleted_probability, main.depleted_mc_error)


def _numbered(number: int, label: str) -> str:
    """`2  Name`; a claim without a name of its own is only its number."""
    named = phrases.has_name(number, label)
    return f"{number}{_GAP}{phrases.label_words(label)}" if named else str(number)


def _flow_words(place: int, numbered: Sequence[tuple[int, Summary]]) -> str:
    """A flow, and where it falls in each result."""
    flows = {n: summary.pooled.claims[place] for n, summary in numbered if summary.pooled}
    flow = next(iter(flows.values()))
    shares = ", ".join(f"{_lower(by.rate_level)} by claim {n}" for n, by in flows.items())
    losses, first = document.on_one_line(_losses(flow)), numbered[0][1]
    per, days = unit_of_time(first)
    return (
        f"Flow, compared and not pooled: {phrases.label_words(flow.label)}, {losses} in "
        f"{exact(flow.days or 0.0)} days, {_range(flow.rates, days)} a {per}. "
        f"Simulations with a lower {phrases.words_of(first).rate}: {shares}."
    )


def _source_words(pooled: PooledClaims, numbers: tuple[int, ...], source: str) -> str:
    """`1, 3  Name`; a claim without a source is only its number."""
    listed = ", ".join(str(number) for number in numbers)
    named = any(claim.source.strip() for claim in pooled.claims if claim.number in numbers)
    return f"{listed}{_GAP}{phrases.label_words(source)}" if named else listed


def _claim_row(claim: ClaimSummary, days: float) -> list[str | document.Words]:
    return [
        document.sourced_name(_numbered(claim.number, claim.label), claim.url),
        _losses(claim),
        _dates(claim.as_of),
        _range(claim.rates, days),
        _lower(claim.rate_level),
        "flow" if claim.share is None else percent_cell(claim.share),
        f"{claim.published or ''}",
    ]


def _losses(claim: ClaimSummary) -> str:
    """`more than 1,000`, or the range with the source's qualifier below it; and what is counted."""
    words, counted = _QUALIFIERS[claim.qualifier], _range(claim.count)
    notes = [] if claim.counts == "all" else [claim.counts]
    if len({quantile.value for quantile in claim.count}) == 1:
        counted = f"{words} {exact(float(str(claim.count[0].value)))}".strip()
    elif words:
        notes.append(f"“{words}”")
    return f"{counted}\n({'; '.join(notes)})" if notes else counted


def _dates(quantiles: Sequence[ValueQuantile]) -> str:
    first, last = quantiles[0].value, quantiles[-1].value
    return f"{first}" if first == last else f"{first} to\n{last}"


def _range(quantiles: Sequence[ValueQuantile], times: float = 1.0) -> str:
    """`2,700 to 3,300`, from P5 to P95; without the lower end if some draws have no rate."""
    values = {
        q.level: times * float(q.value) for q in quantiles if isinstance(q.value, int | float)
    }
    if not values:
        return "none"
    high = values[max(values)]
    low = values.get(_SHOWN_LEVELS[0])
    if low is None:
        return f"up to {count(high)}"
    if high - low <= 1e-9 * abs(high):
        return count(high)
    ends = [count(end, spread=high - low) for end in (low, high)]
    whole = all(end.endswith(".0") for end in ends)
    return " to ".join(end.removesuffix(".0") if whole else end for end in ends)


def _lower(level: float | None) -> str:
    if level is None:
        return ""
    rounded = round(100 * level)
    return "<1 %" if rounded < 1 else ">99 %" if rounded > 99 else f"{rounded} %"


def _shift_cell(shift: Shift, horizon: dt.date) -> str:
    """By how much a date moves, or why that is unknown."""
    if shift.days is not None:
        return shift_words(shift.days, shift.mc_error_days)
    if "too_few_draws" in (shift.before.missing, shift.after.missing):
        return TOO_FEW
    if shift.before.missing and shift.after.missing:
        return "not by,\nas before"
    after = date_cell(shift.after, horizon)
    return after if shift.after.missing else f"{after}\n(was not by)"
