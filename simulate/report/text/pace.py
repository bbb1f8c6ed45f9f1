"""The condition of a newspaper sentence: the pace, who counted it, and what changes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from simulate.analysis.summary import InputSummary, Summary
from simulate.report.text import amounts, arrivals, phrases, wording
from simulate.report.text.headline import Case
from simulate.report.text.rate import about, amount, day_words, middle, numbers
from simulate.scenario.numerals import exact
from simulate.scenario.stocks import DAYS_IN, Amount
from simulate.scenario.words import DOMAINS

Laws = dict[str, InputSummary]

CHANGES = ("rate.", "wounded.", "rotation.", "reinforcements[", "pauses[", "outflows[")
"""Inputs by which the pace changes, or what is there, at once."""

_COURSES = {
    "rate.by_month": "changing with the seasons",
    "rate.drift": "with random ups and downs",
    "rate.strength_exponent": "slowing as less is left",
}
_SPELLS = {
    "rotation.": ("spells of rest", "idle spells", "slowed as units are relieved in turn"),
    "pauses[": ("pauses", "pauses", "slowed by pauses"),
}
"""Spells of a lower pace: of people, of anything else, and where they make a great difference."""
_GREAT, _HALF = 4 / 3, 0.5

_SOURCE_CELLS = 40
_LABELLED = re.compile(r"\d|: |;|judge?men", re.IGNORECASE)
_PEOPLE = re.compile(r"(\w+ ){0,2}\w*(ials|[yi]sts|perts|advisors|ians|chers|sters|ners)")
"""People without an article: `local officials`."""
_LED = re.compile(r"^(?:according to|(?:as )?reported by|from) ", re.IGNORECASE)
_UNNAMED = re.compile(r"(?:own|our|my|unknown|anonymous|unnamed|internal|estimates?)\b")
_COMMON = re.compile(  # but Western officials
    r"(?:(?:local|senior|military|independent|several|some|two|three) )?"
    r"(?:analysts|experts|officials|journalists|researchers|advisors)"
)
_BODY = (
    r"\b(Agency|Army|Bank|Centre|Center|Chiefs|City of|Committee|Council|Department|Federation|"
    r"Force|Government|Group|Institute|Ministry|Navy|Office|Service|Staff|government)\b"
)


def laws_of(summary: Summary) -> Laws:
    """The inputs by their names."""
    return {item.name: item for item in summary.inputs}


def condition(case: Case) -> str:
    """`at about 127 soldiers a day, based on figures from HUR for 1 to 9 May 2025, with pauses`."""
    at = pace(case.summary)
    reported = at and _reported(case.summary)
    since = _since(laws_of(case.summary)) if reported else ""
    return ", ".join(filter(None, (f"{at}{since}", reported, changes(case))))


def briefly(case: Case) -> str:
    """The pace, and what makes a great difference to it."""
    laws = laws_of(case.summary)
    slowed = _slowed(case, laws) if _is_slowed(case, laws) else ()
    return ", ".join(filter(None, (pace(case.summary), *slowed)))


def changes(case: Case) -> str:
    """How the pace goes on: `then at about that pace, with pauses`."""
    return ", ".join(filter(None, _changes(case, laws_of(case.summary))))


def pace(summary: Summary) -> str:
    """`at about 127 soldiers a day`, in the first unit of time in which it is at least 1."""
    unit, laws = phrases.label_words(summary.unit), laws_of(summary)
    if "force.lasts" in laws:
        supply, day = (laws[f"force.{key}"].quantiles for key in ("lasts", "as_of"))
        return f"with {amount(supply)} days of supply on {day_words(day)}"
    if stated := laws.get("losses.rate"):
        return f"at {much(numbers(stated.quantiles), unit)} a {stated.per}"
    rates = numbers(summary.rate.quantiles)
    if not rates:
        return ""
    per, days = unit_of_time(summary)
    rates = [days * rate for rate in rates]
    if rates[0] == rates[-1]:
        rates = [float(f"{rates[0]:.3g}")]
    return f"at {much(rates, unit)} a {per}"


def unit_of_time(summary: Summary) -> tuple[str, float]:
    """The unit of time of the pace, that of the file or the first with at least 1, and its days."""
    stated = laws_of(summary).get("losses.rate")
    middle_rate = _middle(numbers(summary.rate.quantiles) or [0.0])
    for name, days in DAYS_IN.items():
        if name == stated.per if stated else days * middle_rate >= 1:
            return name, days
    return "year", DAYS_IN["year"]


def pooled(summary: Summary) -> int:
    """How many reports the losses are pooled from; 0 for a single one."""
    claims = summary.pooled.claims if summary.pooled else ()
    n = len([one for one in claims if not one.is_flow] or claims)
    return n if n > 1 else 0


def who(source: str) -> str:
    """A short name of who counted, ready for use: `the monitoring group`; or empty."""
    name = _LED.sub("", wording.inert(source)).partition(", ")[0].rstrip(".")
    small = f"{name[:1].lower()}{name[1:]}"
    is_common = small.islower() and (_UNNAMED.match(small) or _COMMON.fullmatch(small))
    if is_common or re.match(r"(?:The|An?) ", name):
        name = small
    article = re.match(r"(the|an?) |[\w-]+['\u2019]s? ", name)  # or whose: Ukraine's General Staff
    is_name = article or name[:1].isupper() or _PEOPLE.fullmatch(name)
    if not is_name or len(name) > _SOURCE_CELLS or _LABELLED.search(name):
        return ""
    return f"{'' if article or not re.search(_BODY, name) else 'the '}{phrases.label_words(name)}"


def figures(*names: str) -> str:
    """`based on figures from HUR and ISW`: titles and names need no article."""
    return f"based on figures from {wording.listed(names)}"


def much(values: Sequence[float], unit: str) -> str:
    """A number with its unit, from a million on in words: `about 6.4 billion dollars`."""
    return " ".join(amounts.figure(values, unit))


def _middle(values: Sequence[float]) -> float:
    return values[len(values) // 2]


def _reported(summary: Summary) -> str:
    """`the pace reported for 1 to 9 May 2025`, `based on figures from HUR for May 2025`."""
    laws = laws_of(summary)
    if "force.lasts" in laws:
        return ""
    if stated := laws.get("losses.rate"):
        name = who(stated.source)
        return figures(name) if name else ""
    if reports := pooled(summary):
        return f"the pace of {wording.in_words(reports)} reports"
    if "force.counts[0].date" in laws:
        return _between_counts(laws)
    claims = [one for one in summary.pooled.claims if not one.is_flow] if summary.pooled else []
    counted = laws.get("losses.count")
    source = counted.source if counted else claims[0].source if claims else ""
    ends = laws["losses.as_of"].quantiles if counted else claims[0].as_of if claims else ()
    begins = laws["losses.start"].quantiles if "losses.start" in laws else ()
    first, last = middle(begins), middle(ends)
    if not (isinstance(first, dt.date) and isinstance(last, dt.date) and first < last):
        return ""
    last -= dt.timedelta(days=1)  # the count ends with the day before
    days = wording.prose_period(first, last)
    name = who(source)
    return f"{figures(name)} for {days}" if name else f"the pace reported for {days}"


def _since(laws: Laws) -> str:
    """` from 30 June 2023 on`, where the day of the stock alone dates a stated rate."""
    if "losses.rate" not in laws or "losses.start" in laws or "force.as_of" not in laws:
        return ""
    return f" from {day_words(laws['force.as_of'].quantiles)} on"


def _between_counts(laws: Laws) -> str:
    """`based on figures from the minister for 31 January and 3 May 2024`."""
    first, last = (middle(laws[f"force.counts[{k}].date"].quantiles) for k in (0, 1))
    if not (isinstance(first, dt.date) and isinstance(last, dt.date) and first < last):
        return ""
    name, days = who(laws["force.counts[1].size"].source), wording.prose_pair(first, last, "and")
    return f"{figures(name)} for {days}" if name else f"the pace between the counts of {days}"


# --- what changes the pace ---


def _changes(case: Case, laws: Laws) -> Iterator[str]:
    """How the pace goes on, as far as it can move the date: `rising by about 1.4 % a month`."""
    last = _last(case)
    yield _multiplied(laws.get("rate.multiplier"))
    for key in ("week", "month", "year"):
        yield _trend(laws, key, last)
    if case.summary.reference:
        yield "changing as such rates have changed"
    yield from (words for start, words in _COURSES.items() if _has(laws, start))
    beside = [words[0] if _is_force(case) else words[1] for words in _spells(case, laws)]
    if _is_slowed(case, laws):
        yield from _slowed(case, laws)
        beside = []
    follows = "rate.strength_exponent" in laws or case.outcome.counting == "strength"
    if _has(laws, "wounded.") and follows:
        beside.append("wounded who return" if _is_force(case) else "returns")
    for what, word in (("reinforcements[", "more"), ("outflows[", "less")):
        beside += filter(None, [arrivals.at_once(case, laws, _in_time(laws, what, last), word)])
    beside += _inflows(case, laws, last)
    if beside:
        yield f"with {wording.listed(beside)}"


def _last(case: Case) -> dt.date:
    """The day from which on nothing moves the dates of the sentence."""
    return (case.interval.high.date if case.interval else None) or case.horizon


def _has(laws: Laws, start: str) -> bool:
    return any(name.startswith(start) for name in laws)


def _is_force(case: Case) -> bool:
    return case.outcome.words.level == DOMAINS["force"].level


def _first(law: InputSummary) -> dt.date:
    """The earliest percentile of a date."""
    day = law.quantiles[0].value
    return day if isinstance(day, dt.date) else dt.date.min


def _in_time(laws: Laws, start: str, last: dt.date) -> list[str]:
    """The entries of a list, such as `pauses[0]`, that can begin before the date."""
    dated = {name: law for name, law in laws.items() if name.startswith(start)}
    days = {name: law for name, law in dated.items() if name.endswith((".date", ".start"))}
    return [name.rpartition(".")[0] for name, law in days.items() if _first(law) <= last]


def _spells(case: Case, laws: Laws) -> Iterator[tuple[str, str, str]]:
    """The words for spells of a lower pace that can begin before the date."""
    for start, words in _SPELLS.items():
        if _has(laws, start) and (start != "pauses[" or _in_time(laws, start, _last(case))):
            yield words


def _slowed(case: Case, laws: Laws) -> Iterator[str]:
    """`slowed as units are relieved in turn and by pauses`."""
    words = [words[2].removeprefix("slowed ") for words in _spells(case, laws)]
    if words:
        yield f"slowed {' and '.join(words)}"


def _is_slowed(case: Case, laws: Laws) -> bool:
    """Whether the date is later by more than a third than size and pace suggest."""
    begins = ("force.counts[1].date", "force.as_of", "losses.start")
    begin = next((middle(laws[name].quantiles) for name in begins if name in laws), None)
    days = days_needed(case, laws)
    if days is None or not isinstance(begin, dt.date):
        return False
    date = (case.middle and case.middle.date) or case.horizon
    return (date - begin).days > _GREAT * days


def days_needed(case: Case, laws: Laws) -> float | None:
    """Days that size and pace suggest, with what arrives in time; None where they do not."""
    names = ("force.size", "force.counts[1].size")
    size = next((numbers(laws[name].quantiles) for name in names if name in laws), [])
    rates, at = numbers(case.summary.rate.quantiles), case.outcome.threshold
    if not (size and rates) or isinstance(at, Amount):
        return None
    arriving = _in_time(laws, "reinforcements[", _last(case))
    coming = [numbers(laws[f"{entry}.size"].quantiles) for entry in arriving]
    return (at * _middle(size) + sum(map(_middle, coming))) / max(_middle(rates), 1e-9)


def _percent(share: float) -> str:
    """`1.3 %`, `120 %`: two digits."""
    return f"{exact(float(f'{100 * share:.2g}'))} %"


def _multiplied(law: InputSummary | None) -> str:
    """`then at about 55 % of that pace`."""
    value = None if law is None else middle(law.quantiles)
    if law is None or not isinstance(value, int | float):
        return ""
    share = "about" if round(20 * value) == 20 else f"{about(law.quantiles)}{_percent(value)} of"
    return f"then at {share} that pace" if about(law.quantiles) or value != 1 else ""


def _trend(laws: Laws, key: str, last: dt.date) -> str:
    """`falling by about 5 % a week until 1 April 2025`."""
    law, until = laws.get(f"rate.trend_per_{key}"), laws.get("rate.trend_until")
    values = numbers(law.quantiles) if law else []
    if not any(values):
        return ""
    if min(values) < 0 < max(values):
        words = f"rising or falling from {key} to {key}"
    else:
        way = "rising" if max(values) > 0 else "falling"
        words = f"{way} by about {_percent(abs(_middle(values)))} a {key}"
    return (
        f"{words} until {day_words(until.quantiles)}" if until and _first(until) < last else words
    )


def _inflows(case: Case, laws: Laws, last: dt.date) -> Iterator[str]:
    """`75 a month coming in from 1 April 2026 on`; with its unit where the pace has named none."""
    unit, is_named = phrases.label_words(case.summary.unit), " a " in pace(case.summary)
    for name in [name.removesuffix(".amount") for name in laws if name.endswith("].amount")]:
        item, (begin, end) = (
            laws[f"{name}.amount"],
            (laws.get(f"{name}.{key}") for key in ("from", "until")),
        )
        if begin and _first(begin) > last:
            continue
        size, of = amounts.figure(numbers(item.quantiles), unit)
        words = f"{size if is_named else f'{size} {of}'} a {item.per}"
        words += f"{_in_terms_of_pace(case, item)} coming in"
        ends = f" until {day_words(end.quantiles)}" if end and _first(end) < last else ""
        if begin:
            words += f" from {day_words(begin.quantiles)}{'' if ends else ' on'}"
        yield f"{words}{ends}"


def _in_terms_of_pace(case: Case, item: InputSummary) -> str:
    """` (about 39 a day)`, where what comes in outweighs a pace given in another unit of time."""
    outcome, (per, days) = case.outcome, unit_of_time(case.summary)
    outweighs = any(each.cause == phrases.INFLOW_CAUSE for each in outcome.never)
    if not outweighs or outcome.depleted_probability >= _HALF or per == item.per:
        return ""
    own = next(length for name, length in DAYS_IN.items() if name == item.per)
    value = _middle(numbers(item.quantiles)) * days / own
    return f" (about {exact(float(f'{value:.2g}'))} a {per})"


def too_late(case: Case) -> str:
    """`too early for the 100 due in September 2024`, where nothing else arrives; or empty."""
    laws = laws_of(case.summary)
    entries = [name.rpartition(".")[0] for name in laws if re.match(r"reinforcements.*date$", name)]
    if len(entries) != 1 or _in_time(laws, "reinforcements[", _last(case)):
        return ""
    unit, sizes = phrases.label_words(case.summary.unit), laws[f"{entries[0]}.size"].quantiles
    size = amounts.figure(numbers(sizes), unit)[0].removeprefix("about ")
    return f"too early for the {size} due {arrivals.when(laws[f'{entries[0]}.date'])}"
