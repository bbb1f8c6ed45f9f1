"""A pooled of claims in words: the claims, what each source decides, results side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, ValueQuantile
from simulate.report.document import (
    Block,
    Document,
    Words,
    paragraph,
    sections,
    sourced_name,
    table,
    warned,
)
from simulate.report.text.phrases import (
    certain_date,
    equal_tailed,
    event,
    label_words,
    main_outcome,
)
from simulate.report.text.wording import (
    inert,
    instant_cell,
    level_label,
    percent_cell,
    share,
    shift_words,
)
from simulate.scenario.numerals import count, exact

if TYPE_CHECKING:
    from simulate.analysis.summary import ClaimSummary, PooledClaims
    from simulate.analysis.values import Shift

_GAP = "  "
_SHOWN_LEVELS = (0.05, 0.5, 0.95)

QUALIFIERS = {"at_least": "at least", "more_than": "more than", "about": "about", "": ""}


def claims(summary: Summary) -> Iterator[Block]:
    """Every claim with its rate, where the scenario lists claims."""
    pooled = summary.pooled
    if pooled is None:
        return
    explained = (
        "losses, a day: P5 to P95 by that claim alone. level: where its median rate falls among "
        "the loss rates of all draws."
    )
    flow = " A flow counts the losses of some days; it is compared, not pooled."
    flows = any(claim.is_flow for claim in pooled.claims)
    yield table(
        "Claims",
        ("claim", "losses", "as of", "a day", "level", "share", "published"),
        (
            [_claim_words(claim), *_claim_cells(claim), f"{claim.published or ''}"]
            for claim in pooled.claims
        ),
        notes=[("", f"{explained}{flow if flows else ''}")],
        optional=1,
        wide=True,
    )


def left_out(summary: Summary, outcome: Outcome) -> Iterator[Block]:
    """How the dates of one threshold move without each source; nothing for a single source."""
    pooled = summary.pooled
    if pooled is None or not pooled.left_out:
        return
    yield table(
        "Days by which dates move without a source, "
        f"{share(outcome.threshold)} {event(outcome)[1]}",
        ("without", *map(level_label, _SHOWN_LEVELS)),
        (
            [
                _source_words(pooled, left.numbers, left.source),
                *(
                    _shift_cell(shift, summary.horizon)
                    for shift in left.shifts
                    if shift.threshold == outcome.threshold and shift.level in _SHOWN_LEVELS
                ),
            ]
            for left in pooled.left_out
        ),
        notes=[("", "+ later, - earlier; ± 95 % Monte Carlo error of the difference.")],
    )


def side_by_side(numbered: Sequence[tuple[int, Summary]], title: str) -> Document:
    """One result a claim: median, interval, probability of depletion.

    Parameters
    ----------
    numbered
        The number of each claim in the file, and its result. At least one.
    title
        Of the scenario.
    """
    summaries = [summary for _, summary in numbered]
    first = summaries[0]
    subject, done = event(main_outcome(first))
    claims = first.pooled.claims if first.pooled else ()
    certain = all(certain_date(summary, main_outcome(summary)) for summary in summaries)
    interval = "" if certain else "P5 to P95: 90 % simulation interval. "
    return Document(
        title=inert(title),
        question=inert(first.scenario.question),
        sections=sections(
            (
                "dates",
                "",
                [
                    table(
                        f"Date by which {subject} is {done}, by each claim alone",
                        ("claim", "median", "P5", "P95", f"by {first.horizon.isoformat()}"),
                        (
                            [_claim_name(number, summary), *_result_cells(summary)]
                            for number, summary in numbered
                        ),
                        notes=[("", f"{interval}Full pages: -v.")],
                    )
                ],
            ),
            *(
                (f"flow-{place}", "", [paragraph(_flow_words(place, numbered))])
                for place, claim in enumerate(claims)
                if claim.is_flow
            ),
            (
                "warnings",
                "Warnings",
                warned(dict.fromkeys(text for one in summaries for text in one.warnings)),
            ),
        ),
    )


def _result_cells(summary: Summary) -> Iterator[str]:
    main = main_outcome(summary)
    interval = equal_tailed(main, 0.9)
    yield _when(main.median, summary.horizon)
    for at in (interval.low, interval.high) if interval else ():
        yield _when(at, summary.horizon)
    yield percent_cell(main.depleted_probability, main.depleted_mc_error)


def _claim_name(number: int, summary: Summary) -> str:
    """`2  Name`: the claim by itself is the first of its own pooled."""
    label = summary.pooled.claims[0].label if summary.pooled else ""
    named = label not in ("", f"claim {number}")
    return f"{number}{_GAP}{label_words(label)}" if named else str(number)


def _flow_words(place: int, numbered: Sequence[tuple[int, Summary]]) -> str:
    """What a flow says, and where it falls in each result."""
    flows = {n: summary.pooled.claims[place] for n, summary in numbered if summary.pooled}
    flow = next(iter(flows.values()))
    levels = ", ".join(f"{_level(by.rate_level)} by claim {n}" for n, by in flows.items())
    told = " ".join(_losses(flow).split("\n"))
    return (
        f"Flow, compared and not pooled: {label_words(flow.label)}, {told} in "
        f"{exact(flow.days or 0.0)} days, {_range(flow.rates)} a day. "
        f"Its level among the loss rates: {levels}."
    )


def _claim_words(claim: ClaimSummary) -> Words:
    """Number and source of a claim, with its address."""
    named = claim.label != f"claim {claim.number}"
    words = f"{claim.number}{_GAP}{label_words(claim.label)}" if named else str(claim.number)
    return sourced_name(words, claim.url)


def _source_words(pooled: PooledClaims, numbers: tuple[int, ...], source: str) -> str:
    """`1, 3  Name`; a claim without a source is only its number."""
    listed = ", ".join(str(number) for number in numbers)
    named = any(claim.source.strip() for claim in pooled.claims if claim.number in numbers)
    return f"{listed}{_GAP}{label_words(source)}" if named else listed


def _claim_cells(claim: ClaimSummary) -> Iterator[str]:
    """Losses, day, rate, level of the rate and share in the pool, as cells of a table."""
    yield _losses(claim)
    yield _dates(claim.as_of)
    yield _range(claim.rates)
    yield _level(claim.rate_level)
    yield "flow" if claim.share is None else percent_cell(claim.share)


def _losses(claim: ClaimSummary) -> str:
    """`more than 1,000`, or the range and below it what was said; what is counted if not all."""
    words, counted = QUALIFIERS[claim.qualifier], _range(claim.count)
    notes = [] if claim.counts == "all" else [claim.counts]
    if len({quantile.value for quantile in claim.count}) == 1:
        counted = f"{words} {exact(float(str(claim.count[0].value)))}".strip()
    elif words:
        notes.append(f"said: {words}")
    return f"{counted}\n({'; '.join(notes)})" if notes else counted


def _dates(quantiles: Sequence[ValueQuantile]) -> str:
    first, last = quantiles[0].value, quantiles[-1].value
    return f"{first}" if first == last else f"{first} to\n{last}"


def _range(quantiles: Sequence[ValueQuantile]) -> str:
    """`2,700 to 3,300`, from P5 to P95; draws without a rate leave the lower one out."""
    values = {q.level: float(q.value) for q in quantiles if isinstance(q.value, int | float)}
    if not values:
        return "none"
    high = values[max(values)]
    low = values.get(_SHOWN_LEVELS[0])
    if low is None:
        return f"up to {count(high)}"
    if high - low <= 1e-9 * abs(high):
        return count(high)
    return " to ".join(count(end, spread=high - low) for end in (low, high))


def _level(level: float | None) -> str:
    if level is None:
        return ""
    rounded = round(100 * level)
    return "<P1" if rounded < 1 else ">P99" if rounded > 99 else f"P{rounded}"


def _shift_cell(shift: Shift, horizon: dt.date) -> str:
    """By how much a date moves, or why that cannot be said, as a cell of a table."""
    before, without = shift.before, shift.after
    if shift.days is not None:
        return shift_words(shift.days, shift.mc_error_days)
    if "too_few_draws" in (before.missing, without.missing):
        return "too few draws"
    if before.missing and without.missing:
        return "not by,\nas before"
    return (
        _when(without, horizon) if without.missing else f"{_when(without, horizon)}\n(was not by)"
    )


def _when(at: Instant, horizon: dt.date) -> str:
    """A date, or "not by" above the horizon."""
    return "\n".join(instant_cell(at, horizon).rsplit(" ", 1))
