"""The words of a citation: the sentence, what follows it, the note and the reference.

The result line above every answer is in headline.py, as are the dates that both quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from sys import maxsize
from typing import Literal, NamedTuple

from simulate.analysis.request import known_threshold
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval
from simulate.report.text import mood, phrases
from simulate.report.text.headline import Case, between, case_of
from simulate.report.text.likelihood import Scale, likelihood, scale_note
from simulate.report.text.news import news_sentence
from simulate.report.text.rate import constant_words
from simulate.report.text.update import updated_outcome, updated_sentence
from simulate.report.text.wording import (
    between_dates,
    inert,
    instant_prose,
    not_by,
    percent,
    prose_date,
    share,
)

AUTHOR, PROGRAM, URL = "The simulate developers", "simulate", ""
"""As in CITATION.cff; the address is empty as long as there is none."""

_CHANGES_CELLS = 200


class Style(NamedTuple):
    """How a result is cited.

    `threshold` chooses the outcome (the largest where None), `interval` is the probability of the
    equal-tailed interval, `scale` that of the words for probabilities (none where None). With
    `prose` variables and tables write dates as running text does, else in ISO 8601. `track_record`
    is a sentence on how such intervals have fared, if one is wanted. `only` leaves out the sentence
    of the other form; `year` is that of the citation.
    """

    threshold: float | None = None
    interval: float = 0.9
    scale: Scale | None = None
    prose: bool = False
    track_record: str = ""
    only: Literal["", "news", "paper"] = ""
    year: int | None = None


class Citation(NamedTuple):
    """What every format shows: plain texts on one line each, not yet escaped.

    `news` is the sentence for a newspaper, empty where there is no date; `clauses` are whole
    sentences on an update on later reports, the track record, published dates, dates the user gave,
    and "never". `caution` goes with `news`: what is known of other intervals made this way.
    """

    summary: Summary
    outcome: Outcome
    style: Style
    news: str
    sentence: str
    clauses: tuple[str, ...]
    caution: str
    note: str
    reference: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Those of the form wanted; the one for a paper where no newspaper could print a date."""
        paper = (" ".join((self.sentence, *self.clauses)),)
        news = tuple(filter(None, (self.news, self.caution)))
        if self.style.only == "news":
            return news or paper
        return paper if self.style.only == "paper" else (*news, *paper)

    @property
    def below(self) -> tuple[str, ...]:
        """The note and the reference, which a newspaper does not print."""
        return () if self.style.only == "news" else (self.note, f"Reference: {self.reference}")


def cited(summary: Summary, style: Style) -> Citation:
    """Put a citation into words; ValueError if the summary has no threshold as in `style`."""
    known = known_threshold(style.threshold, [each.threshold for each in summary.outcomes])
    outcome = phrases.outcome_of(summary, known)
    updated = updated_sentence(summary, outcome, style.interval)
    latest, last = summary.updated or summary, updated_outcome(summary, outcome)
    clauses = tuple(_clauses(latest, last or outcome, style.scale))
    if last:
        clauses = tuple(f"After the update, {one[0].lower()}{one[1:]}" for one in clauses)
    if style.scale and clauses:
        clauses = (*clauses, scale_note(style.scale))
    clauses = (*filter(None, (updated, style.track_record)), *clauses)
    news, words = (form(summary, outcome, style.interval) for form in (news_sentence, sentence))
    beside = case_of(latest, last, style.interval).quoted if last else ()
    below = note(summary, outcome, style.interval, beside)
    certain = phrases.certain_date(summary, outcome) is not None
    is_bare = style.track_record or not news or (style.only == "news" and not certain)
    caution = "" if is_bare else constant_words(summary, outcome)
    source = reference(summary, style.year)
    return Citation(summary, outcome, style, news, words, clauses, caution, below, source)


def sentence(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """One sentence that states an outcome and the uncertainty of its date.

    The outcome is the one with the largest threshold if left out; `probability` is that of the
    equal-tailed interval to quote. Where the outcome lacks the interval, or the draws do not
    support it, the sentence says so and gives the median. Dates whose Monte Carlo error exceeds
    half a day are "about" a date.
    """
    case = case_of(summary, outcome, probability)
    title = f"“{phrases.title_words(summary)}”{phrases.updated_words(summary)}"
    assumptions = f"under the assumptions of the scenario {title}"
    return f"{phrases.capitalised(_statement(case))}{case.passed}{case.unchosen}, {assumptions}."


def note(
    summary: Summary,
    outcome: Outcome | None = None,
    probability: float = 0.9,
    beside: Iterable[Instant] = (),
) -> str:
    """The note under a sentence: what the interval is and how the run can be repeated.

    Parameters are those of `sentence`; the Monte Carlo error is the largest among the dates that it
    quotes and those `beside` it, in a table or under names.
    """
    case, pooled = case_of(summary, outcome, probability), phrases.pooling_words(summary)
    words, quoted = case.outcome.words, [*case.quoted, *beside]
    what, after = _what_is_quoted(case), summary.updated
    if after is not None:
        quoted += case_of(after, updated_outcome(summary, case.outcome), probability).quoted
    return (
        f"Note: {what} given the scenario’s assumptions on the {words.whole}, the {words.rate} "
        "and how it continues; uncertainty the scenario leaves out is not in it. "
        f"{phrases.drawn(summary)}, {phrases.sampled(summary)}{f', {pooled}' if pooled else ''}."
        f"{phrases.error_note(quoted, phrases.requested_days(summary))} "
        f"{phrases.program(summary)}, {inert(summary.run.stream)}, "
        f"scenario “{phrases.title_words(summary)}”, digest {phrases.digest(summary)}."
    )


def _what_is_quoted(case: Case) -> str:
    """What an interval means, or why there is none."""
    if case.outcome.depleted_probability <= 0:
        return "no simulation gives a date,"
    if phrases.certain_date(case.summary, case.outcome):
        return "no input is uncertain, so every simulation gives the same date,"
    if phrases.only_date(case.outcome):
        return "every simulation gives the same date,"
    if case.interval is None:
        return "the figures hold"
    is_dated = case.interval.high.date is not None
    ends = "its two dates," if is_dated else "its two ends, and “not by” is later than every date,"
    of_all = f"{share(case.probability)} of simulations"
    return f"{case.name}, equal-tailed ({case.ranks}): {of_all} fall between {ends}"


def reference(summary: Summary, year: int | None = None) -> str:
    """The entry for a list of references, in a year; the address follows the scenario."""
    changed = phrases.cut_words(", ".join(map(inert, summary.scenario.overrides)), _CHANGES_CELLS)
    facts = (
        f"scenario “{phrases.title_words(summary)}”{phrases.updated_words(summary)}, "
        f"{f'changed by {changed}, ' if changed else ''}digest {phrases.digest(summary)}, "
        f"{', '.join(run_facts(summary))}."
    )
    if address := url_words(summary):
        facts = f"{facts} {address}"
    said, when = f"{phrases.program(summary)} (computer program).", f" ({year})" if year else ""
    if author := author_words(summary):
        facts = phrases.capitalised(facts)
        return f"{author}{when}: {facts} Computed with {AUTHOR}: {said}"
    return f"{AUTHOR}{when}: {said} Result for {facts}"


def url_words(summary: Summary) -> str:
    """The address that the scenario names, or else the program's."""
    return inert(summary.scenario.url) or URL


def author_words(summary: Summary) -> str:
    """The author that the scenario names, ready for use in a phrase; or empty."""
    return phrases.cut_words(summary.scenario.author, _CHANGES_CELLS)


def run_facts(summary: Summary) -> list[str]:
    """What a reference says about a run: draws, seed, method, pooling, random numbers."""
    run = summary.run
    facts = (f"seed {run.seed}", f"method {inert(run.method)}", phrases.pooling_words(summary))
    return [*filter(None, (phrases.drawn(summary), *facts, inert(run.stream)))]


def _clauses(summary: Summary, outcome: Outcome, scale: Scale | None) -> Iterator[str]:
    """Sentences on published dates, on other dates the user gave, and, in words, on "never"."""

    def ranked(shown: str, probability: float, error: float) -> str:
        words = likelihood(probability, error, summary.run.draws, scale)
        return f"{shown}, {words}" if words else shown

    def worded(probability: float, error: float) -> str:
        return f"{ranked(f'{percent(probability, error)} of simulations', probability, error)}."

    happens = mood.happens(outcome)
    for check in outcome.published:
        date = phrases.published_label(check, "“{}”")
        if check.period:
            shares = zip(phrases.period_shares(check.period), check.period.chances, strict=True)
            parts = [ranked(shown, at.probability, at.mc_error) for shown, at in shares]
            yield f"The published period {date}: {('; ' if scale else ', ').join(parts)}."
            continue
        shown = worded(check.probability_by, check.mc_error)
        yield f"By the published date {date} it {happens} in {shown}"
    for by in phrases.unpublished(outcome):
        shown = worded(by.probability, by.mc_error)
        yield f"By {prose_date(by.date)} it {happens} in {shown}"
    if scale:
        never = worded(phrases.never_probability(outcome), outcome.depleted_mc_error)
        yield f"{phrases.capitalised(not_by(summary.horizon))}: {never}"


def _statement(case: Case) -> str:
    by = f"by {prose_date(case.horizon)}"
    if case.outcome.depleted_probability <= 0:
        none = f"{by} {phrases.in_any(case.summary)}"
        return f"{case.would_not} {none}{case.causes}"
    if certain := phrases.certain_date(case.summary, case.outcome):
        return f"{case.would} on {prose_date(certain)}"
    if case.interval is None:
        return _without_interval(case)
    return _with_interval(case, case.interval)


def _with_interval(case: Case, interval: Interval) -> str:
    """Clusters or the median, and the interval, or how often there is a date."""
    low, high, would = interval.low, interval.high, case.would
    dates = between(interval, case.horizon, "to" if case.clusters else "and")
    if low.date and (apart := case.either(partial(between_dates, exact=maxsize))):
        runs = f"the {case.name} ({case.ranks}) runs from {dates}"
        return f"{would} {apart}; {runs}{case.never}"
    if only := phrases.only_date(case.outcome):
        return f"{would} on {prose_date(only)} in all simulations"
    if low.date and high.date:
        middle = f"; median {case.median}" if case.middle and low.date != high.date else ""
        when = f"{'on' if low.date == high.date else 'between'} {dates}"
        return f"{would} {when} ({case.name}, {case.ranks}{middle}){case.never}"
    shown = percent(case.outcome.depleted_probability, case.outcome.depleted_mc_error)
    never = phrases.never_percent(case.outcome)
    by, name = f"by {prose_date(case.horizon)}", f"{case.name} ({case.ranks})"
    start = f"{would} {by} in {shown} of simulations and not by then in {never}{case.causes}"
    if low.date is None:
        return f"{start}; both ends of the {name} are “{dates}”"
    at = "" if case.middle and case.middle.gap else "at "
    middle = f", with the median {at}{case.median_quoted}" if case.middle else ""
    return f"{start}; the {name} runs from {dates}{middle}"


def _without_interval(case: Case) -> str:
    """The statement where there is no interval: the median, if at least that is known."""
    draws = phrases.drawn(case.summary)
    reason = f"no {case.name} can be given from {draws}{case.never}"
    if case.middle is None:
        return f"the date on which {case.would} is not known: {reason}"
    if case.middle.date is None:
        none = f"{case.would_not} by {prose_date(case.horizon)}"
        return f"in the median of {draws} {none}; {reason}"
    when = f"on {instant_prose(case.middle, case.horizon)} (median of {draws})"
    return f"{case.would} {when}; {reason}"
