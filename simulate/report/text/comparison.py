"""Phrases about a comparison that terminal, pictures and files share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from simulate.analysis.comparison import LETTERS, Against, Comparison, Order
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Shift
from simulate.report.text import captions, mood, phrases, wording
from simulate.report.text.attribution import who
from simulate.report.text.citation import sentence
from simulate.report.text.headline import case_of
from simulate.report.text.wrapping import cells
from simulate.scenario.stocks import DAYS_IN

MOST_DRAWN = 26
"""Scenarios that a picture has room for."""

_FILE_CELLS, _NAME_CELLS, _SOURCE_CELLS = 60, 60, 28
_CLAIM = re.compile(r"(.*), (claim \d+)(?:: (.*))?")
_SAME = "on the same day"
_WHOLE_DAYS = 1
"""From so many on titles round days."""
_FEWEST_MONTHS = 2
"""Shorter shifts are given in days; from as many years on, in years."""


def letter(number: int) -> str:
    """The letter of a scenario by its place: A for the reference."""
    return LETTERS[number]


def by_claim(comparison: Comparison) -> Comparison:
    """The comparison with `claim 1` in place of A, if it is of the claims of one scenario."""
    found = [_claim(summary) for summary in comparison.summaries]
    if not all(found) or len({name[0] for name in found}) > 1:
        return comparison
    return replace(comparison, names=tuple(name[1] for name in found))


def claimed(comparison: Comparison) -> str:
    """The title of the scenario whose claims are compared; empty for other comparisons."""
    is_claims = comparison.names[0].startswith("claim ")
    return _claim(comparison.summaries[0])[0] if is_claims else ""


def _claim(summary: Summary) -> tuple[str, ...]:
    """The title of a scenario, which claim of it this is, and its source; or nothing."""
    found = _CLAIM.fullmatch(wording.inert(summary.scenario.title))
    return tuple(part or "" for part in found.groups()) if found else ()


def names(comparison: Comparison) -> list[str]:
    """What tells the scenarios apart: titles without what they share, or files, or letters.

    Titles are in quotation marks, as parts of a sentence: `in “one”`; claims are `by claim 1`.
    """
    if claimed(comparison):
        claims = [_claim(summary)[1:] for summary in comparison.summaries]
        given = [source if cells(source) <= _SOURCE_CELLS else who(source) for _, source in claims]
        are_short = all(cells(source) <= _SOURCE_CELLS for source in given)
        return [
            f"by {name}{f' ({source})' if source and are_short else ''}"
            for (name, _), source in zip(claims, given, strict=True)
        ]
    # Not cut: long titles may differ at the end alone.
    titles = [wording.inert(summary.scenario.title) for summary in comparison.summaries]
    files = [file_words(summary) for summary in comparison.summaries]
    parts = [re.split(r"(?<=[,:]) ", title) for title in titles]
    parts = [part[_alike(parts) :] for part in parts]
    end = _alike([part[::-1] for part in parts])
    found = [" ".join(part[: len(part) - end]).rstrip(",:") for part in parts]
    if len(set(titles)) < len(titles):
        if len(set(files)) < len(files):
            return [f"in {name}" for name in comparison.names[: len(found)]]
        stems = zip(("first", "second"), files, strict=False)
        return [f"in the {rank} scenario ({file.partition('.')[0]})" for rank, file in stems]
    if len(set(found)) < len(found) or max(map(cells, found)) > _NAME_CELLS:
        return [f"in {name}" for name in comparison.names[: len(found)]]
    return [f"in “{wording.embedded(name)}”" for name in found]


def _alike(titles: Sequence[Sequence[str]]) -> int:
    """How many parts titles begin with alike, where each has others too."""
    alike = takewhile(lambda part: len(set(part)) == 1, zip(*titles, strict=False))
    return min(len(tuple(alike)), *(len(title) - 1 for title in titles))


def event_words(comparison: Comparison, threshold: float) -> tuple[str, str]:
    """Subject and participle of what happens; neutral words where the scenarios differ."""
    return phrases.common_event(map(phrases.event, _outcomes(comparison, threshold)), threshold)


def headlines(
    comparison: Comparison, threshold: float | None = None, *, named: bool = True
) -> Iterator[str]:
    """The result of each comparison in one line, for the largest threshold if none is given.

    The event comes first if it is to be `named`; otherwise as short as in a picture.
    """
    threshold = comparison.thresholds[-1] if threshold is None else threshold
    subject, done = event_words(comparison, threshold)
    about = f"{phrases.headed(subject, done)}, " if named else ""
    for against in comparison.against:
        first, other = comparison.names[0], comparison.names[against.number]
        moved = median_words(comparison, against, threshold)
        order = order_words(comparison, against, threshold, brief=not named)
        yield f"{about}{other} against {first}: {'; '.join(filter(None, (moved, order)))}"


def unlike(comparison: Comparison) -> Iterator[str]:
    """A warning where the scenarios count different things, in other units or in other words."""
    found: dict[str, list[str]] = {}
    said = set[tuple[str, str, str]]()
    for number, summary in enumerate(comparison.summaries):
        of = summary.outcomes[0]
        whole = phrases.whole_words(of)
        lost, unit = map(phrases.label_words, (of.lost, summary.unit))
        found.setdefault(f"{unit} ({whole} {lost})", []).append(comparison.names[number])
        said.add((whole, unit, lost))
    if len(found) > 1:
        listed = "; ".join(f"{', '.join(letters)}: {what}" for what, letters in found.items())
        wholes, *others = ({*each} for each in zip(*said, strict=True))
        named = zip(("their units", "what happens"), others, strict=True)
        differ = [name for name, words in named if len(words) > 1]
        is_other = len(wholes) > 1
        lead = "are about different things" if is_other else f"differ in {wording.listed(differ)}"
        yield f"the scenarios {lead}: {listed}"


def finding(comparison: Comparison, threshold: float) -> str:
    """How far the scenarios are apart, as the title of a picture."""
    outcomes = _outcomes(comparison, threshold)
    never = len(outcomes) == 2 and _not_in(comparison, comparison.against[0], threshold)
    about, how = mood.most_open(outcomes), "not" if never else ""
    event = captions.happens(about, how)
    if len({phrases.event(outcome) for outcome in outcomes}) > 1:
        event = "Depletion" if threshold == 1 else phrases.capitalised(wording.part(threshold))
        event = f"{event} {mood.would(about, 'be reached', how)}"
    if never:
        return f"{event} in {never} of either scenario"
    if len(outcomes) == 2:
        shifted, of = _shifted(comparison, threshold)
        if not of and (spans := _spans(comparison, outcomes)):
            return f"{event} {spans}"
        return f"{event} {shifted} {of}" if of else f"{event}: {shifted}"
    days = [outcome.median.date for outcome in outcomes]
    horizon = min(one.horizon for one in comparison.summaries)
    cause = "claim" if claimed(comparison) else "scenario"
    return f"{event}: {wording.medians_words(days, horizon, cause)}"


def _spans(comparison: Comparison, outcomes: Sequence[Outcome]) -> str:
    """The dates of both where a median is open, as in `between ... in A, on ... in B`; or empty."""
    if not any(is_open(outcome.median) for outcome in outcomes):
        return ""
    found = []
    for name, outcome in zip(comparison.names, outcomes, strict=False):
        interval = phrases.equal_tailed(outcome, 0.9)
        if interval is None or interval.low.date is None or interval.high.date is None:
            return ""
        found.append(f"{wording.between_dates(interval.low.date, interval.high.date)} in {name}")
    return ", ".join(found)


def card_words(comparison: Comparison, threshold: float) -> tuple[str, str, str]:
    """Title, number and its meaning, for a card of two scenarios."""
    subject, done = event_words(comparison, threshold)
    number, of = _shifted(comparison, threshold)
    meaning = order_words(comparison, comparison.against[0], threshold).partition(" (")[0]
    if share := _not_in(comparison, comparison.against[0], threshold):
        number = f"not by {number.partition(' by ')[2]}"
        meaning = "; ".join(filter(None, (f"in {share} of either", meaning)))
    if of:
        meaning = f"{of} (median dates); {meaning}"
    title = f"Date by which {subject} is {done}"
    return title, phrases.capitalised(number), phrases.capitalised(meaning)


def _shifted(comparison: Comparison, threshold: float) -> tuple[str, str]:
    """`42 days later` and `in “one” than in “other”`; or why there is no such number."""
    against, (first, second) = comparison.against[0], names(comparison)[:2]
    moved = median_shift(against, threshold)
    medians = (0, moved.before), (against.number, moved.after)
    if open_in := [comparison.names[number] for number, at in medians if is_open(at)]:
        return f"median undetermined in {wording.listed(open_in)}", ""
    if moved.days is None:
        return median_words(comparison, against, threshold), ""
    shifted = _days(moved.days, moved.mc_error_days).partition(" (")[0]
    if abs(moved.days) >= _WHOLE_DAYS and " days " in shifted:
        shifted = f"{abs(moved.days):.0f} days {shifted.split()[-1]}"
    if shifted.endswith("apart"):
        preposition = first.partition(" ")[0]
        return _SAME, f"{first} and {second.removeprefix(f'{preposition} ')}"
    return shifted, f"{second} than {first}"


def sentences(comparison: Comparison) -> str:
    """The citation: each scenario's date and interval, the shift, and which comes first."""
    threshold = comparison.thresholds[-1]
    parts = [
        f"Scenario {letter(number)}: {sentence(summary, phrases.outcome_of(summary, threshold))}"
        for number, summary in enumerate(comparison.summaries)
    ]
    for against in comparison.against:
        moved = median_words(comparison, against, threshold, cited=True)
        first = order_words(comparison, against, threshold, cited=True)
        said = "; ".join(filter(None, (moved, first)))
        parts.append(f"{letter(against.number)} against A: {said}.")
    return " ".join(parts)


def note(comparison: Comparison) -> str:
    """The note under a table or picture: what is compared, and how it can be repeated."""
    first, threshold = comparison.summaries[0], comparison.thresholds[-1]
    cases = [case_of(one, phrases.outcome_of(one, threshold)) for one in comparison.summaries]
    error = phrases.error_note(at for case in cases for at in case.quoted)
    what = (
        "no input is uncertain, so every simulation of a scenario gives the same date"
        if all(phrases.certain_date(case.summary, case.outcome) for case in cases)
        else "no simulation gives a date"
        if all(case.outcome.depleted_probability <= 0 for case in cases)
        else "90 % simulation intervals, equal-tailed (5th to 95th percentile)"
    )
    return (
        f"Note: {what}, given each scenario’s assumptions. {'; '.join(_identified(comparison))}. "
        f"{phrases.drawn(first)} of each scenario, "
        f"{phrases.sampled(first)}, with the same random number for inputs of the same name."
        f"{error} {phrases.program(first)}, {wording.inert(first.run.stream)}."
    )


def _identified(comparison: Comparison) -> Iterator[str]:
    """`A: scenario “title”, file a.yaml, digest 0123`."""
    for number, summary in enumerate(comparison.summaries):
        file, title = file_words(summary), phrases.title_words(summary)
        named = f"scenario “{title}”, {f'file {file}, ' if file else ''}"
        yield f"{letter(number)}: {named}digest {phrases.digest(summary)}"


def file_words(summary: Summary) -> str:
    """The name of a scenario's file, ready for use in a phrase; empty if it has none."""
    return phrases.cut_words(summary.scenario.file, _FILE_CELLS)


def pairing(comparison: Comparison) -> str:
    """The kinds of draws whose order is known."""
    shared = (
        "shared: an input of the same name takes the same random number in both scenarios, so that "
        "common inputs have equal values in both, and inputs that differ lie at the same "
        "percentile of their ranges. "
    )
    is_updated = any(summary.is_updated for summary in comparison.summaries)
    return f"{'' if is_updated else shared}independent: dates if the two had nothing in common."


# --- the median ---


def median_shift(against: Against, threshold: float) -> Shift:
    """The shift of the median of one threshold."""
    return next(s for s in against.shifts if s.threshold == threshold and s.level == 0.5)


def is_open(at: Instant) -> bool:
    """Whether a date could be any in a gap, or never, so that no difference from it counts."""
    return at.gap is not None or (at.date is not None and at.mc_error_days is None)


def median_words(
    comparison: Comparison, against: Against, threshold: float, *, cited: bool = False
) -> str:
    """`median 41.9 days later (± 0.1)`, or why there is no such number."""
    moved = median_shift(against, threshold)
    if moved.days is not None and not (is_open(moved.before) or is_open(moved.after)):
        shown = _days(moved.days, moved.mc_error_days, cited=cited)
        return f"the median date is {shown}" if cited else f"median {shown}"
    horizons = [comparison.summaries[0].horizon, comparison.summaries[against.number].horizon]
    if share := _not_in(comparison, against, threshold):
        never = mood.happens(mood.most_open(_outcomes(comparison, threshold)), never=True)
        return f"it {never} in {share} of either {_by(horizons)}"
    first, second = map(wording.middle_prose, (moved.before, moved.after), horizons)
    one, other = comparison.names[0], comparison.names[against.number]
    return f"median {first} in {one}, {second} in {other}"


def _outcomes(comparison: Comparison, threshold: float) -> list[Outcome]:
    return [phrases.outcome_of(summary, threshold) for summary in comparison.summaries]


def _not_in(comparison: Comparison, against: Against, threshold: float) -> str:
    """`any simulation` or `most simulations` of both, if neither has a median; else empty."""
    moved = median_shift(against, threshold)
    if not (moved.before.missing and moved.after.missing):
        return ""
    summaries = comparison.summaries[0], comparison.summaries[against.number]
    outcomes = (phrases.outcome_of(summary, threshold) for summary in summaries)
    never = all(each.depleted_probability <= 0 for each in outcomes)
    return "any simulation" if never else "most simulations"


def _by(horizons: list[dt.date]) -> str:
    dates = [wording.prose_date(date) for date in dict.fromkeys(horizons)]
    return f"by {dates[0]}" if len(dates) == 1 else f"by the horizons, {' and '.join(dates)}"


def _days(days: float, error: float | None, *, cited: bool = False) -> str:
    """`41.9 days later (± 0.1)`; from two months on `3.4 months later (103.2 days ± 0.1)`."""
    size, _, spread = wording.shift_words(days, error).partition(" ± ")
    way = {"+": " later", "-": " earlier"}.get(size[0], " apart")
    number = size.lstrip("+-")
    words = f"{number} {'day' if number in ('1', '1.0') else 'days'}"
    margin = f"95 % Monte Carlo error {spread} days" if cited else f"± {spread}"
    months, years = abs(days) / DAYS_IN["month"], abs(days) / DAYS_IN["year"]
    if months < _FEWEST_MONTHS:
        return f"{words}{way} ({margin})"
    longer = f"{months:.1f} months" if years < _FEWEST_MONTHS else f"{years:.1f} years"
    return f"{longer}{way} ({words}{',' if cited else ''} {margin})"


# --- which comes first ---


def orders_of(against: Against, threshold: float) -> dict[str, Order]:
    """The two orders of a threshold, by the kind of draws."""
    return {order.draws: order for order in against.orders if order.threshold == threshold}


def order_words(
    comparison: Comparison,
    against: Against,
    threshold: float,
    *,
    cited: bool = False,
    brief: bool = False,
) -> str:
    """`A comes first in 97 % of simulations (95 % if the two were independent), B in 3 %`.

    Empty where neither ever happens; `brief` without the brackets.
    """
    orders = orders_of(against, threshold)
    one, other = comparison.names[0], comparison.names[against.number]
    alone, shared = orders["independent"], orders.get("shared")
    happens = mood.happens(mood.most_open(_outcomes(comparison, threshold)))
    neither = f"neither {happens} by {wording.prose_date(against.horizon)}"
    words = (f"{one} comes first", f"{other} comes first", "both fall on the same day", neither)
    form = phrases.with_error if cited else wording.percent
    chances = zip(words, (shared or alone).chances, alone.chances, strict=True)
    (first, chance, of_alone), *rest = (each for each in chances if each[1].probability > 0)
    if first == neither and chance.probability >= 1:
        return ""
    others = "".join(f", {words} in {form(p.probability, p.mc_error)}" for words, p, _ in rest)
    draws = f"simulations{' with shared random numbers' if cited and shared else ''}"
    independent = wording.percent(of_alone.probability, of_alone.mc_error)
    same = independent == wording.percent(chance.probability, chance.mc_error)
    beside = (
        "" if brief or (same and not cited) else f" ({independent} if the two were independent)"
    )
    if shared is None:
        beside = " if the two are independent"
    return f"{first} in {form(chance.probability, chance.mc_error)} of {draws}{beside}{others}"
