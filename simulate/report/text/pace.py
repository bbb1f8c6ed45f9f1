"""The condition of a newspaper sentence: the pace, who counted it, and what changes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from simulate.analysis.summary import InputSummary, Summary
from simulate.report.text import amounts, arrivals, inflow, phrases, rate, trend, wording
from simulate.report.text.attribution import figures, who
from simulate.report.text.headline import Case
from simulate.report.text.rate import (
    claims_of,
    day_words,
    has,
    middle,
    moment_words,
    numbers,
    stated,
    time_words,
    unit_of_time,
)
from simulate.scenario.nouns import all_of, units
from simulate.scenario.stocks import Amount
from simulate.scenario.written_dates import in_months

Laws = dict[str, InputSummary]

CHANGES = ("rate.", "wounded.", "rotation.", "reinforcements[", "pauses[", "outflows[")
"""Inputs by which the pace changes, or what is there, at once."""

_SEASONS = "changing with the seasons"
_COURSES = {
    "rate.by_month": _SEASONS,
    "rate.drift": "with random ups and downs",
    "rate.strength_exponent": "slowing as less is left",
}
_SPELLS = {
    "rotation.": ("spells of rest", "idle spells", "slowed as units are relieved in turn"),
    "pauses[": ("pauses", "pauses", "slowed by pauses"),
}
"""Spells of a lower pace: of people, of anything else, and where they make a great difference."""
_GREAT = 4 / 3

_PARTICIPLE = re.compile(r"(shot|\w*(ed|[eorw]n|id|[ln][dt]))( (away|back|down|off|out|over))?")
"""Neither `gone` nor `killed or wounded`, which are not said twice in a sentence."""


def size_law(laws: Laws) -> InputSummary | None:
    """The size, or what the second count found; None for days of supply."""
    return laws.get("force.size") or laws.get("force.counts[1].size")


def size_of(laws: Laws) -> list[float]:
    """Percentiles of what there is, between the ends, as if size and usable share rose together."""
    law, usable = size_law(laws), laws.get("force.usable")
    if law is None or usable is None:
        return stated(law) if law else []
    both = zip(numbers(law.quantiles), numbers(usable.quantiles), strict=True)
    return [float(f"{size * share:.12g}") for size, share in both]


def condition(case: Case) -> str:
    """`at about 127 soldiers a day, based on figures from HUR for 1 to 9 May 2025, with pauses`."""
    at, laws = pace(case.summary), case.summary.laws
    reported = at and _reported(case.summary)
    since = f"{beyond(case.summary) and ','}{since}" if at and (since := _since(laws)) else ""
    seasons = _seasons(case.summary) if at else ""
    how = (words for words in _changes(case, laws) if not seasons or words != _SEASONS)
    if reported.startswith(figures("")):
        reported += _size_from(case, reported)
    return ", ".join(filter(None, (f"{at}{since}", seasons, reported, *how)))


def _size_from(case: Case, reported: str) -> str:
    """` and, for the size of the stock, from analysts`, where others than of the pace gave it."""
    law, whole = case.summary.laws.get("force.size"), phrases.label_words(case.outcome.whole)
    name = who(law.source) if law else ""
    if not name or f"{reported} for ".startswith(f"{figures(name)} for "):
        return ""
    is_short = re.fullmatch(r"[a-z-]+", whole) and all_of(whole) != "all of the"
    of = whole if is_short else case.outcome.words.whole
    return f" and, for the size of the {of}, from {name}"


def briefly(case: Case) -> str:
    """The pace where nothing changes it; of reports apart, a median is the pace of none."""
    is_none = pooled(case.summary) and case.clusters
    return "" if is_none or changes(case) else pace(case.summary)


def changes(case: Case) -> str:
    """How the pace goes on: `then at about that pace, with pauses`."""
    return ", ".join(filter(None, _changes(case, case.summary.laws)))


def pace(summary: Summary) -> str:
    """`at about 7 missiles fired a day`, in the first unit of time in which it is at least 1."""
    laws = summary.laws
    if "force.lasts" in laws:
        supply, day = laws["force.lasts"], laws["force.as_of"].quantiles
        return f"with {units(amounts.extent(stated(supply)), 'days')} of supply on {day_words(day)}"
    levels, per = trend.by_month(laws), unit_of_time(summary)[0]
    if not (said := " ".join(figure(summary, next(iter(levels), 1.0)))):
        return ""
    of_year = " on average over the year" if has(laws, "rate.by_month") and not levels else ""
    return f"at {said}{deed(summary)} a {per}{of_year}{beyond(summary)}"


def beyond(summary: Summary) -> str:
    """` more than comes in`, ` more than are replaced`, of a net pace."""
    of = phrases.main_outcome(summary)
    does = "are replaced" if phrases.is_force(of) else "comes in"
    return f" more than {does}" if of.net else ""


def _seasons(summary: Summary) -> str:
    """`465,000 from December to February`: the pace of other months than the ordinary ones."""
    others = [*trend.by_month(summary.laws).items()][1:]
    paces = (amounts.bare(figure(summary, at)[0]) if at else "none" for at, _ in others)
    words = [f"{pace} {in_months(of)}" for pace, (_, of) in zip(paces, others, strict=True)]
    return wording.listed(words) if words else ""


def figure(summary: Summary, factor: float = 1.0) -> Sequence[str]:
    """The pace times a factor, and its unit; empty if it was not tallied."""
    given, unit = summary.laws.get("losses.rate"), phrases.label_words(summary.unit)
    if given:  # the mean of the year has six digits in a file of the interview
        rates = [float(f"{factor * rate:.{12 if factor == 1 else 5}g}") for rate in stated(given)]
        return amounts.figure(rates, unit, amounts.extent)
    rates = _by_time(numbers(summary.rate.quantiles), factor * unit_of_time(summary)[1])
    return amounts.figure(rates, unit) if rates else ()


def _by_time(rates: Sequence[float], days: float) -> list[float]:
    """Rates a day as those of so many days; a certain one with three digits."""
    each = [days * rate for rate in rates]
    return [float(f"{each[0]:.3g}")] if each and each[0] == each[-1] else each


def deed(summary: Summary) -> str:
    """` fired`: what happens to a unit, if the scenario has a participle of its own for it.

    Empty where `had use gone on` says it.
    """
    of = phrases.main_outcome(summary)
    if of.mood == "ended" and not phrases.is_force(of):
        return ""
    lost = phrases.label_words(of.lost)
    return f" {lost}" if lost != of.words.lost and _PARTICIPLE.fullmatch(lost) else ""


def pooled(summary: Summary) -> int:
    """How many reports the losses are pooled from; 0 for a single one."""
    n = len(claims_of(summary))
    return n if n > 1 else 0


def by_source(summary: Summary, name: str, *, again: bool = False) -> str:
    """`at about 15 men a day, based on figures from HUR`; `again`, without the men.

    The pace of one claim, or the range of those of several.
    """
    said, claims = figures(name), summary.pooled.claims if summary.pooled else ()
    found = [numbers(one.rates) for one in claims if one.share and who(one.source) == name]
    if not found or not all(found):
        return said
    (per, days), unit = unit_of_time(summary), phrases.label_words(summary.unit)
    middles = sorted(days * amounts.middle(rates) for rates in found)
    size, of = amounts.figure(_by_time(found[0], days), unit)
    if found[0][0] == found[0][-1] or middles[0] < middles[-1]:  # as coarse as those of others
        ends = [amounts.figure([float(f"{middles[k]:.2g}")], unit) for k in (0, -1)]
        low, high = (end.removeprefix("about ") for end, _ in ends)
        size, of = f"{low} to {high}" if low != high else f"about {low}", ends[-1][1]
    return f"at {size}{'' if again else f' {of}{deed(summary)}'} a {per}, {said}"


def much(values: Sequence[float], unit: str) -> str:
    """A number with its unit, from a million on in words: `about 6.4 billion dollars`.

    A wide range is named: `25 to 40 tanks`.
    """
    return " ".join(amounts.figure(values, unit, amounts.extent))


def _reported(summary: Summary) -> str:
    """`the pace reported for 1 to 9 May 2025`, `based on figures from HUR for May 2025`."""
    laws = summary.laws
    if "force.lasts" in laws:
        return ""
    if law := laws.get("losses.rate"):
        name = who(law.source)
        return figures(name) if name else ""
    if reports := pooled(summary):
        return f"the pace of {wording.in_words(reports)} reports"
    claims = [one for one in claims_of(summary) if not one.is_flow]
    counted, twice = laws.get("losses.count"), laws.get("force.counts[1].size")
    start, end = rate.STOCK_COUNTED if twice else rate.COUNTED
    dated = [laws.get(day) for day in (start, end)]
    begins, ends = (law.quantiles if law else () for law in dated)
    source = next((law.source for law in (counted, twice) if law), "")
    if claims and not counted:
        source, ends, dated = claims[0].source, claims[0].as_of, [dated[0], None]
    first, last = middle(begins), middle(ends)
    if not (isinstance(first, dt.date) and isinstance(last, dt.date) and first < last):
        return ""
    name, days = who(source), wording.prose_pair(first, last, "and")
    if twice and (times := [time_words(law) if law else "" for law in dated]) != ["", ""]:
        days = " and ".join(
            words or wording.prose_date(day)
            for words, day in zip(times, (first, last), strict=True)
        )
    if twice:
        return f"{figures(name)} for {days}" if name else f"the pace between the counts of {days}"
    days = _days_counted(dated, first, last - dt.timedelta(days=1))  # which is not counted
    # With a season the pace is that of the year, and not of these days.
    reported = "based on figures" if has(laws, "rate.by_month") else "the pace reported"
    return f"{figures(name) if name else reported} for {days}"


def _days_counted(dated: Sequence[InputSummary | None], first: dt.date, last: dt.date) -> str:
    """`1 to 9 May 2025`, `6 December to late December 2024`."""
    words = [time_words(law) if law else "" for law in dated]
    if not any(words):
        return wording.prose_period(first, last)
    begin, end = words[0] or wording.prose_date(first), words[-1] or wording.prose_date(last)
    year = f" {last.year}"
    return f"{begin.removesuffix(year) if end.endswith(year) else begin} to {end}"


def _since(laws: Laws) -> str:
    """` from 30 June 2023 on`, where a stated rate begins with or after a stock that is dated."""
    start, as_of = laws.get("losses.start"), laws.get("force.as_of")
    if "losses.rate" not in laws or as_of is None:
        return ""
    if start is None:
        return f" from {moment_words(as_of)} on"
    return f" from {moment_words(max(start, as_of, key=rate.earliest))} on"


# --- what changes the pace ---


def _changes(case: Case, laws: Laws) -> Iterator[str]:
    """How the pace goes on, as far as it can move the date: `rising by about 1.4 % a month`."""
    last = case.last
    yield trend.multiplied(laws)
    for key in ("week", "month", "year"):
        yield trend.per(laws, key, last)
    yield trend.stepped(laws, _in_time(laws, "rate.steps[", last))
    if case.summary.reference:
        yield "changing as such rates have changed"
    yield from (words for start, words in _COURSES.items() if has(laws, start))
    is_force = phrases.is_force(case.outcome)
    beside = [words[0] if is_force else words[1] for words in _spells(case, laws)]
    if _is_slowed(case, laws):
        yield from _slowed(case, laws)
        beside = []
    if _returns(case, laws):
        beside.append("wounded who return" if is_force else "returns")
    for what, word in (("reinforcements[", "more"), ("outflows[", "less")):
        beside += filter(None, [arrivals.at_once(case, laws, _in_time(laws, what, last), word)])
    beside += inflow.inflows(case, is_named=" a " in pace(case.summary))
    if beside:
        yield f"with {wording.listed(beside)}"


def _returns(case: Case, laws: Laws) -> bool:
    """Whether wounded who return can move the date."""
    follows = "rate.strength_exponent" in laws or case.outcome.counting == "strength"
    return follows and has(laws, "wounded.")


def _in_time(laws: Laws, start: str, last: dt.date) -> list[str]:
    """The entries of a list, such as `pauses[0]`, that can begin before the date."""
    dated = {name: law for name, law in laws.items() if name.startswith(start)}
    days = {name: law for name, law in dated.items() if name.endswith((".date", ".start"))}
    return [name.rpartition(".")[0] for name, law in days.items() if rate.earliest(law) <= last]


def _spells(case: Case, laws: Laws) -> Iterator[tuple[str, str, str]]:
    """The words for spells of a lower pace that can begin before the date."""
    for start, words in _SPELLS.items():
        if has(laws, start) and (start != "pauses[" or _in_time(laws, start, case.last)):
            one, several = ("a pause", "pauses")
            if any(amounts.middle(numbers(law.quantiles)) > 1 for law in _intensities(laws)):
                one, several = ("a spell at another pace", "spells at another pace")
            one = several if has(laws, "pauses[1]") else one
            people, others, slowed = (text.replace("pauses", one) for text in words)
            yield people, others, slowed


def _intensities(laws: Laws) -> Iterator[InputSummary]:
    """The pace during each pause."""
    return (law for name, law in laws.items() if re.fullmatch(r"pauses\[\d+\]\.intensity", name))


def _slowed(case: Case, laws: Laws) -> Iterator[str]:
    """`slowed as units are relieved in turn and by pauses`."""
    words = [words[2].removeprefix("slowed ") for words in _spells(case, laws)]
    if words:
        yield f"slowed {' and '.join(words)}"


def _is_slowed(case: Case, laws: Laws) -> bool:
    """Whether spells alone make the date later by more than a third than size and pace suggest."""
    others = has(laws, ("rate.trend", "rate.steps")) or has(laws, "rate.strength_exponent")
    if others or _returns(case, laws):
        return False
    names = ("force.counts[1].date", "force.as_of", "losses.start")
    begins = [middle(laws[name].quantiles) for name in names if name in laws]
    begin = max((day for day in begins if isinstance(day, dt.date)), default=None)
    days = days_needed(case, laws)
    if days is None or begin is None:
        return False
    date = (case.middle and case.middle.date) or case.horizon
    law = laws.get("rate.multiplier")
    factor = max(amounts.middle(numbers(law.quantiles)), 1e-9) if law else 1.0
    return (date - begin).days > _GREAT * days / factor


def following(case: Case) -> list[str]:
    """The reinforcements that can arrive before the date, as `reinforcements[0]`."""
    return _in_time(case.summary.laws, "reinforcements[", case.last)


def days_needed(case: Case, laws: Laws) -> float | None:
    """Days that size and pace suggest, with what arrives in time; None where they do not."""
    size, rates, at = size_of(laws), numbers(case.summary.rate.quantiles), case.outcome.threshold
    if not (size and rates) or isinstance(at, Amount):
        return None
    arriving = following(case)
    coming = [amounts.middle(numbers(laws[f"{entry}.size"].quantiles)) for entry in arriving]
    losses = at * amounts.middle(size) + sum(coming)
    return losses / max(amounts.middle(rates) - inflow.a_day(laws), 1e-9)


def too_late(case: Case) -> str:
    """`too early for the 100 due in September 2024`, where nothing else arrives; or empty."""
    laws = case.summary.laws
    entries = [name.rpartition(".")[0] for name in laws if re.match(r"reinforcements.*date$", name)]
    if len(entries) != 1 or _in_time(laws, "reinforcements[", case.last):
        return ""
    unit, sizes = phrases.label_words(case.summary.unit), stated(laws[f"{entries[0]}.size"])
    size = amounts.bare(amounts.figure(sizes, unit, amounts.extent)[0])
    return f"too early for the {size} due {arrivals.when(laws[f'{entries[0]}.date'])}"
