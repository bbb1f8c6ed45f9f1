"""Phrases about the result of a run that terminal, pictures and citation share."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from simulate.analysis.summary import Depletion, Outcome, Summary
from simulate.analysis.values import ByDate, Instant, Interval, PeriodCheck, PublishedCheck
from simulate.report.text import amounts, wording
from simulate.report.text.wrapping import cells, shorten
from simulate.scenario.nouns import all_of, units
from simulate.scenario.numerals import exact
from simulate.scenario.stocks import Amount, is_left, main_threshold
from simulate.scenario.words import DOMAINS, Words

HORIZON_CAUSE = "horizon"  # as in engine/tally.py, which needs NumPy
"""The cause of "never" for draws that reach the end of the simulated period."""

NO_RATE_CAUSE = "no positive loss rate"
"""The cause of "never" for draws without losses."""

INFLOW_CAUSE = "inflow exceeds losses"
"""The cause of "never" for draws in which at least as much comes in as is lost."""

_DIGEST_DIGITS, _MOST = 12, 0.9
_WIDEST_WORD = 7
"""The longest word that fits beside five marked dates in 80 cells: killed, used up."""
_LABEL_CELLS, _TITLE_CELLS = 80, 200
_POOLED = {"linear": "linearly", "quantile": "by averaging quantiles"}


# --- what happens ---


def main_outcome(summary: Summary) -> Outcome:
    """The outcome that a result is about: of the largest share."""
    return outcome_of(summary, main_threshold(each.threshold for each in summary.outcomes))


def outcome_of(summary: Summary, threshold: float) -> Outcome:
    """The outcome of a threshold of the run."""
    return next(outcome for outcome in summary.outcomes if outcome.threshold == threshold)


def equal_tailed(outcome: Outcome, probability: float) -> Interval | None:
    """The equal-tailed interval of that probability, or None if the summary has none."""
    found = (one for one in outcome.intervals if math.isclose(one.probability, probability))
    return next((interval for interval in found if interval.kind == "equal-tailed"), None)


def words_of(summary: Summary) -> Words:
    """The words for what runs out in a scenario."""
    return summary.outcomes[0].words


def event(outcome: Depletion) -> tuple[str, str]:
    """Subject and participle of what happens, as in "30 % of the force" would be "lost"."""
    whole, lost = whole_words(outcome), label_words(outcome.lost)
    if isinstance(outcome.threshold, Amount):
        amount = units(exact(outcome.threshold), label_words(outcome.unit))
        is_rest = is_left(outcome.threshold)
        return (f"the {as_level(outcome)}", f"down to {amount}") if is_rest else (amount, lost)
    if outcome.threshold == 1 and any(outcome.unusable):
        left = " ".join(amounts.figure(outcome.unusable, label_words(outcome.unit)))
        return f"the {as_level(outcome)}", f"down to {left}"
    if outcome.threshold == 1:
        return f"{the_whole(outcome, whole)} (100 %)", share_lost(outcome)
    return f"{wording.part(outcome.threshold)} of the {share_whole(outcome)}", share_lost(outcome)


def is_force(outcome: Depletion) -> bool:
    """Whether it consists of people or equipment that are lost, and go without saying."""
    return outcome.words.level == DOMAINS["force"].level


def whole_words(outcome: Depletion) -> str:
    """What is depleted: `force`, `usable stock`, or of one counted twice `rest of the stock`."""
    whole = label_words(outcome.whole)
    common, name, names = _PARTS_OF[outcome.part]
    return f"{common if whole[:1].islower() else names if ' ' in whole else name}{whole}"


_PARTS_OF = {
    "": ("", "", ""),
    "usable": ("usable ", "usable part of ", "usable part of the "),
    "rest": ("rest of the ", "rest of ", "rest of the "),
}
"""Words before a whole in lower case, a name, and one of several words, which has an article."""


def as_level(outcome: Depletion) -> str:
    """What falls to a level: the stock, also where the rest of it is depleted."""
    return label_words(outcome.whole) if outcome.part == "rest" else whole_words(outcome)


def the_whole(outcome: Depletion, of_size: str) -> str:
    """`the whole force of 900`, or of several things, `all 900 missiles in store`."""
    before = "the" if outcome.part == "rest" else all_of(whole_words(outcome))
    if before == "all of the" and re.match(r"about |\d", of_size):
        before = "all" if of_size[0].isdigit() else "all of"
    return f"{before} {of_size}"


def share_whole(outcome: Depletion) -> str:
    """What shares are shares of: `force`, `usable stock`."""
    is_part = any(outcome.unusable) and outcome.part != "usable"
    return f"{'usable ' if is_part else ''}{whole_words(outcome)}"


def share_lost(outcome: Depletion) -> str:
    """What happens to a share, `lost`, `gone (by strength present)`, or what never does: `lost`."""
    done = outcome.gone if outcome.depleted_probability > 0 else outcome.lost
    by = outcome.words.by_level if outcome.counting == "strength" else ""
    return f"{label_words(done)}{by}"


def in_column(done: str, instead: str) -> str:
    """A participle, or another word where it is too long for a narrow column."""
    return done if cells(done) <= _WIDEST_WORD else instead


def common_event(events: Iterable[tuple[str, str]], threshold: float) -> tuple[str, str]:
    """What happens in several scenarios; neutral words where theirs differ."""
    first, *others = dict.fromkeys(events)
    return (wording.share(threshold), "reached") if others else first


def threshold_words(outcome: Depletion) -> str:
    """`30 %`, `13.5 left`, `5,000 used up`."""
    return wording.share(outcome.threshold, label_words(outcome.lost))


def threshold_cell(outcome: Depletion) -> str:
    """The same for a narrow column."""
    lost = in_column(label_words(outcome.lost), outcome.words.lost)
    return wording.share(outcome.threshold, lost)


def headed(subject: str, done: str) -> str:
    """`Whole force (100 %) lost`, as the beginning of a line."""
    return f"{capitalised(subject.removeprefix('the '))} {done}"


def share_of(outcome: Depletion) -> str:
    """`30 % lost`, `down to 150 million cubic metres`: what a table or picture is about."""
    subject, done = event(outcome)
    if isinstance(outcome.threshold, Amount):
        return done if is_left(outcome.threshold) else f"{subject} {done}"
    if outcome.threshold == 1 and any(outcome.unusable):
        return done
    return f"{wording.share(outcome.threshold)} {done}"


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def cut_words(text: str, cells: int) -> str:
    """Text from elsewhere, cut and ready for use in a phrase."""
    return wording.embedded(shorten(wording.inert(text), cells))


def label_words(label: str) -> str:
    """A label from the scenario, ready for use in a phrase."""
    return cut_words(label, _LABEL_CELLS) or "(no label)"


def claim_label(summary: Summary) -> str:
    """The label of a claim alone, which is the first of its own summary; or empty."""
    return summary.pooled.claims[0].label if summary.pooled else ""


def claim_words(number: int, summary: Summary) -> str:
    """`Claim 2 (ISW)`: a claim alone, to head its sentence; `Claim 2` without a name of its own."""
    label = claim_label(summary)
    return f"Claim {number}{f' ({label_words(label)})' if has_name(number, label) else ''}"


def has_name(number: int, label: str) -> bool:
    """Whether a claim's label is more than its number."""
    return label not in ("", f"claim {number}")


def title_words(summary: Summary) -> str:
    """The scenario's title, ready for use in a phrase."""
    return cut_words(summary.scenario.title, _TITLE_CELLS) or "untitled"


def updated_words(summary: Summary) -> str:
    """`, updated on later reports` where the dates of a summary are; else empty."""
    return ", updated on later reports" if summary.is_updated else ""


def passed_when(summary: Summary) -> str:
    """When a point had already passed: at the count of losses, or of what there was."""
    words, names = words_of(summary), [item.name for item in summary.inputs]
    counted = any(name.startswith(("losses.count", "losses.claims[")) for name in names)
    stock = any(name.startswith(("force.as_of", "force.counts[")) for name in names)
    return words.at_count if counted or not stock else f"on the date of the {words.whole}"


# --- probabilities and "never" ---


def with_error(probability: float, error: float) -> str:
    """`96.3 % (± 0.1)`, with the Monte Carlo error in percentage points unless it is 0."""
    shown = wording.percent(probability, error)
    return f"{shown} (± {wording.points(error)})" if error else shown


def published_when(check: PublishedCheck) -> str:
    """The published date, or period, in running text."""
    period = check.period
    if period is None:
        return wording.prose_date(check.date)
    return wording.prose_period(period.first, period.last)


def published_label(check: PublishedCheck, form: str = "{}") -> str:
    """`ISW: mid-April (10 to 20 April 2025)`, without the days if the label has them."""
    label, when = undated(check.label, check.date), published_when(check)
    return form.format(label) + ("" if check.period and when in label else f" ({when})")


def undated(label: str, date: dt.date) -> str:
    """A label without its date at the end: `US document` of `US document: 13 April 2023`."""
    shown = label_words(label)
    return shown.removesuffix(wording.prose_date(date)).rstrip(":, ") or shown


def unpublished(outcome: Outcome) -> Iterator[ByDate]:
    """The dates the user gave that nobody published."""
    published = {check.date for check in outcome.published if check.period is None}
    yield from (by for by in outcome.by if by.date not in published)


def period_shares(
    period: PeriodCheck, shown: Callable[[float, float], str] = wording.percent
) -> Iterator[str]:
    """`12 % of simulations before`, `30 % within`, `58 % after or never`."""
    words = ("of simulations before", "within", "after or never")
    for chance, where in zip(period.chances, words, strict=True):
        yield f"{shown(chance.probability, chance.mc_error)} {where}"


def never_probability(outcome: Outcome) -> float:
    """Probability that a draw ends without depletion; its error is that of depletion."""
    if outcome.never:
        return min(math.fsum(cause.probability for cause in outcome.never), 1.0)
    return max(1.0 - outcome.depleted_probability, 0.0)


def cause_words(cause: str, words: Words) -> str:
    """The name of a cause of "never", ready for print."""
    own = {
        HORIZON_CAUSE: "later or never",
        NO_RATE_CAUSE: f"no positive {words.rate}",
        INFLOW_CAUSE: f"inflow exceeds {words.losses}",
    }
    return own.get(cause) or label_words(cause)


def never_percent(outcome: Outcome) -> str:
    """`never_probability` in running text."""
    return wording.percent(never_probability(outcome), outcome.depleted_mc_error)


def never_causes(outcome: Outcome) -> str:
    """`withdrawal 30 %, later or never 11 %`; empty if the horizon is the only cause."""
    causes = [cause for cause in outcome.never if cause.probability > 0]
    if all(cause.cause == HORIZON_CAUSE for cause in causes):
        return ""
    return ", ".join(
        f"{cause_words(c.cause, outcome.words)} {wording.percent(c.probability, c.mc_error)}"
        for c in causes
    )


def never_phrase(summary: Summary, outcome: Outcome) -> str:
    """`not by 1 January 2031 in 41 % of draws (...)`; empty if every draw is depleted."""
    if never_probability(outcome) <= 0:
        return ""
    causes = never_causes(outcome)
    words = f"{wording.not_by(summary.horizon)} in {never_percent(outcome)} of simulations"
    return f"{words} ({causes})" if causes else words


# --- Monte Carlo error, and its absence ---


def largest_error(moments: Iterable[Instant]) -> float | None:
    """The largest Monte Carlo error in days among the moments that have one."""
    return max((at.mc_error_days for at in moments if at.mc_error_days is not None), default=None)


def largest_error_words(moments: Iterable[Instant], requested: float | None = None) -> str:
    """`0.3`; `open` where the error of one of the dates has no upper end; empty without dates."""
    dated = [at for at in moments if at.date is not None]
    if any(at.mc_error_days is None for at in dated):
        return "open"
    largest = largest_error(dated)
    return "" if largest is None else wording.error_days(largest, requested)


def error_note(moments: Iterable[Instant], requested: float | None = None) -> str:
    """What a note says about the error of its dates, after a blank; empty if they have none."""
    words = largest_error_words((at for at in moments if at.gap is None), requested)
    if words == "open":
        return " The Monte Carlo error of a date cited is open: it reaches past the horizon."
    is_exact = words in ("", "0")
    return "" if is_exact else f" Monte Carlo error of the dates cited at most {words} days."


def requested_days(summary: Summary) -> float | None:
    """The requested precision, if any."""
    return None if summary.run.precision is None else summary.run.precision.days


def certain_date(summary: Summary, outcome: Outcome) -> dt.date | None:
    """The date of every draw, where no input is uncertain; else None."""
    return only_date(outcome) if is_fixed(summary) else None


def is_fixed(summary: Summary) -> bool:
    """Whether no input is uncertain."""
    return all(len({q.value for q in item.quantiles}) <= 1 for item in summary.inputs)


def only_date(outcome: Outcome) -> dt.date | None:
    """The date of every draw, also of uncertain inputs, if it is one; else None."""
    first, *others = outcome.histogram.edges or (None,)
    is_one_day = first is not None and others == [first + dt.timedelta(days=1)]
    return first if is_one_day and outcome.depleted_probability >= 1 else None


def day_of_most(outcome: Outcome) -> tuple[dt.date, float] | None:
    """The day of nine simulations in ten or more, and their share: a histogram would be one bar."""
    edges, shares = outcome.histogram
    bars = zip(pairwise(edges), shares, strict=True)
    most = (bar for bar in bars if bar[1] >= _MOST)
    return next(((a, share) for (a, b), share in most if (b - a).days == 1), None)


# --- the run and its sources ---


def drawn(summary: Summary) -> str:
    """`131,072 draws`."""
    return wording.counted(summary.run.draws, "draw")


def in_any(summary: Summary) -> str:
    """`in any of 131,072 simulations`."""
    return f"in any of {drawn(summary).replace('draw', 'simulation')}"


def sampled(summary: Summary) -> str:
    """`seed 1, method lattice (16 replicates)`."""
    run = summary.run
    replicates = f" ({run.replicates} replicates)" if run.replicates > 1 else ""
    return f"seed {run.seed}, method {wording.inert(run.method)}{replicates}"


def pooling_words(summary: Summary) -> str:
    """`3 claims pooled linearly`; empty unless the losses are pooled from several claims."""
    pooled = summary.pooled
    if pooled is None or pooled.pooling not in _POOLED:
        return ""
    n = sum(claim.share is not None for claim in pooled.claims)
    return f"{n} claims pooled {_POOLED[pooled.pooling]}" if n > 1 else ""


def program(summary: Summary) -> str:
    """`simulate 1.0.0`, from the versions of the run record."""
    return f"simulate {wording.inert(summary.run.versions.get('simulate', '(version unknown)'))}"


def digest(summary: Summary) -> str:
    """The digits of the scenario's digest that a citation names."""
    return wording.inert(summary.scenario.digest).rpartition(":")[2][:_DIGEST_DIGITS]


def program_line(summary: Summary) -> str:
    """`simulate 1.0.0, stream-1, scenario 0123456789ab`."""
    return f"{program(summary)}, {wording.inert(summary.run.stream)}, scenario {digest(summary)}"
