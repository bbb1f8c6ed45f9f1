"""The sentence for a newspaper: the pace, what runs out, around when, and how sure that is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from simulate.analysis.summary import InputSummary, Outcome, Summary
from simulate.analysis.values import PublishedCheck
from simulate.report.text import phrases, wording
from simulate.report.text.headline import Case, case_of
from simulate.report.text.rate import about, amount, day_words, middle
from simulate.report.text.update import reports_words
from simulate.scenario.numerals import exact, number, stated_about
from simulate.scenario.stocks import Amount, is_left
from simulate.scenario.words import DOMAINS

_OUT_OF = {
    0.9: "nine simulations in ten",
    0.8: "eight simulations in ten",
    0.5: "half of the simulations",
}
CHANGES = ("rate.", "wounded.", "rotation.", "reinforcements[", "pauses[", "outflows[")
"""Inputs by which the pace changes, or what is there, at once."""

_COURSES = {
    "rate.by_month": "changing with the seasons",
    "rate.drift": "with random ups and downs",
    "rate.strength_exponent": "slowing as less is left",
}
_BESIDE = {
    "rotation.": ("spells of rest", "idle spells"),
    "pauses[": ("pauses", "pauses"),
    "wounded.": ("wounded who return", "returns"),
    "reinforcements[": ("reinforcements", "additions"),
    "outflows[": ("single outflows", "single outflows"),
}
"""How the pace, or what is there, goes on, by the beginnings of inputs' names; of people, and of
anything else."""

_THOUSAND = 1000

_EXACT_DAYS = 150
"""Dates further apart are rounded to a part of the month, a month or a year."""

_MOST_CAUSES = 3


def news_sentence(
    summary: Summary, outcome: Outcome | None = None, probability: float = 0.9
) -> str:
    """One sentence that carries the condition with the date, and one on the first published date.

    Parameters are those of `simulate.report.text.citation.sentence`. Empty where the draws do not
    support a date, and for updated dates, which the pace alone does not give.
    """
    stated = "" if summary.is_updated else _stated(summary, outcome, probability)
    return stated if summary.update else _with_published(stated, summary, outcome)


def _stated(summary: Summary, outcome: Outcome | None, probability: float) -> str:
    """The sentence on the date."""
    case = case_of(summary, outcome, probability)
    laws = {item.name: item for item in summary.inputs}
    date, certain = _date(case), phrases.certain_date(summary, case.outcome)
    if not date or (certain is None and case.interval is None):
        return ""
    pace = ", ".join(filter(None, (_pace(case, laws), *_changes(summary, laws))))
    start = f"{pace}, {_subject(case, laws)}" if pace else _subject(case, laws)
    return phrases.capitalised("; ".join(filter(None, (f"{start} {date}", *_spread(case))))) + "."


def updated_news(summary: Summary, outcome: Outcome | None = None, probability: float = 0.9) -> str:
    """What later reports make of the sentences before it; empty without an update.

    `Weighed against three later reports, that would be around 3 June 2025: nine simulations in ten
    then fall between ... and ...`; parameters are those of `news_sentence`.
    """
    after = summary.updated
    if after is None or not news_sentence(summary, outcome, probability):
        return ""
    of = None if outcome is None else phrases.outcome_of(after, outcome.threshold)
    return _with_published(_weighed(summary, case_of(after, of, probability)), after, of)


def _weighed(summary: Summary, case: Case) -> str:
    """The sentence on the date after later reports."""
    never = _never(case)
    start = f"Weighed against {reports_words(summary.update)}" if summary.update else ""
    if never and (case.middle is None or case.middle.date is None):
        return f"{start}, {never}."
    date, spread = _date(case), "; ".join(_spread(case))
    if not date:
        return ""
    then = spread.replace(" fall ", " then fall ", 1)
    colon = ": " if then != spread else "; " if spread else ""
    return f"{start}, that would be {date}{colon}{then}."


def _with_published(stated: str, summary: Summary, outcome: Outcome | None) -> str:
    """Sentences, if there are some, with one on the first published date or period."""
    main = outcome or phrases.main_outcome(summary)
    if not stated or not main.published:
        return stated
    check = main.published[0]
    given, when = _given(check), phrases.published_when(check)
    if phrases.certain_date(summary, main):
        return f"{stated} {phrases.capitalised(given)} is {when}."
    if check.period is None:
        happens = f"{_happens(check.probability_by)} by {when}, {given}"
    else:
        before = wording.percent(check.period.before.probability)
        happens = _happens(check.period.within.probability)
        happens += f" in {given}, {when}, and in {before} earlier"
    return f"{stated} {happens}."


def _given(check: PublishedCheck) -> str:
    """`the date ISW gave`; `the published period (City of Cape Town)`, a name without article."""
    what, label = "period" if check.period else "date", phrases.label_words(check.label)
    name, *said = re.split(r"[:,] ", label, maxsplit=1)
    is_one_word = " " not in name and name[:1].isupper() and (said or name.isupper())
    if is_one_word or name.startswith("The "):
        return f"the {what} {name} gave"
    return f"the published {what}{'' if name == 'Published' else f' ({name})'}"


def _happens(probability: float) -> str:
    """`In 36 % of simulations it happens`."""
    if probability <= 0:
        return "In no simulation does it happen"
    share = f"{wording.percent(probability)} of" if probability < 1 else "all"
    return f"In {share} simulations it happens"


def _pace(case: Case, laws: dict[str, InputSummary]) -> str:
    """`at about 127 soldiers a day, the pace reported for 6 December 2024 to 4 January 2025`."""
    summary = case.summary
    unit = phrases.label_words(summary.unit)
    if "force.lasts" in laws:
        supply, day = (laws[f"force.{key}"].quantiles for key in ("lasts", "as_of"))
        return f"with {amount(supply)} days of supply on {day_words(day)}"
    if per := "".join(item.per for name, item in laws.items() if name == "losses.rate"):
        return f"at {_much(laws['losses.rate'], unit)} a {per}"
    rates = [q.value for q in summary.rate.quantiles if isinstance(q.value, float)]
    if not rates:
        return ""
    rate = number(rates[0]) if rates[0] == rates[-1] else amount(summary.rate.quantiles)
    days = laws.get("losses.start"), laws.get("losses.as_of")
    if "force.counts[0].date" in laws:
        days = laws["force.counts[0].date"], laws["force.counts[1].date"]
    claims = summary.pooled.claims if summary.pooled else ()
    pooled = len([one for one in claims if not one.is_flow] or claims)
    if pooled > 1 and case.middle and case.middle.gap:  # no middle rate either
        return f"at the pace of one of {wording.in_words(pooled)} reports"
    reported = f"the pace of {wording.in_words(pooled)} reports" if pooled > 1 else _reported(*days)
    return ", ".join(filter(None, (f"at {rate} {unit} a day", reported)))


def _reported(start: InputSummary | None, end: InputSummary | None) -> str:
    first, last = (middle(day.quantiles) if day else None for day in (start, end))
    if not (isinstance(first, dt.date) and isinstance(last, dt.date) and first < last):
        return ""
    if end is not None and end.name == "losses.as_of":  # the count ends with the day before
        last -= dt.timedelta(days=1)
    if first == last:
        return f"the pace reported for {wording.prose_date(first)}"
    return f"the pace reported for {wording.prose_pair(first, last, 'to')}"


def _changes(summary: Summary, laws: dict[str, InputSummary]) -> Iterator[str]:
    """How the pace goes on: `rising by about 1.4 % a month`, `with spells of rest and pauses`."""
    yield _multiplied(laws.get("rate.multiplier"))
    for key in ("week", "month", "year"):
        yield _trend(laws, key)
    if summary.reference:
        yield "changing as such rates have changed"
    yield from (words for start, words in _COURSES.items() if _has(laws, start))
    kind = phrases.words_of(summary).level != DOMAINS["force"].level
    beside = [words[kind] for start, words in _BESIDE.items() if _has(laws, start)]
    coming = [name.removesuffix(".amount") for name in laws if name.endswith("].amount")]
    unit = phrases.label_words(summary.unit)
    beside += [_inflow(laws, name, unit) for name in coming]
    if beside:
        *most, last = beside
        yield f"with {', '.join(most)} and {last}" if most else f"with {last}"


def _has(laws: dict[str, InputSummary], start: str) -> bool:
    return any(name.startswith(start) for name in laws)


def _multiplied(law: InputSummary | None) -> str:
    """`then at about 55 % of that pace`."""
    value = None if law is None else middle(law.quantiles)
    if law is None or not isinstance(value, int | float):
        return ""
    much = "about" if round(20 * value) == 20 else f"{about(law.quantiles)}{100 * value:.2g} % of"
    return f"then at {much} that pace" if about(law.quantiles) or value != 1 else ""


def _trend(laws: dict[str, InputSummary], key: str) -> str:
    """`falling by about 5 % a week until 1 April 2025`."""
    law, until = laws.get(f"rate.trend_per_{key}"), laws.get("rate.trend_until")
    values = [float(str(quantile.value)) for quantile in law.quantiles] if law else []
    if not any(values):
        return ""
    if min(values) < 0 < max(values):
        words = f"rising or falling from {key} to {key}"
    else:
        way, middle_value = "rising" if max(values) > 0 else "falling", values[len(values) // 2]
        words = f"{way} by about {100 * abs(middle_value):.2g} % a {key}"
    return f"{words} until {day_words(until.quantiles)}" if until else words


def _inflow(laws: dict[str, InputSummary], name: str, unit: str) -> str:
    """`75 tanks a month coming in from 1 April 2026 on`, `about 900 tanks a year coming in`."""
    item, days = laws[f"{name}.amount"], [laws.get(f"{name}.{key}") for key in ("from", "until")]
    begin, end = (day_words(day.quantiles) if day else "" for day in days)
    words = f"{_much(item, unit)} a {item.per} coming in"
    if begin:
        words += f" from {begin}{'' if end else ' on'}"
    return f"{words} until {end}" if end else words


def _much(law: InputSummary, unit: str) -> str:
    """A number with its unit, from a million on in words: `about 6.4 billion dollars`."""
    given, value = amount(law.quantiles), middle(law.quantiles)
    size, _, rest = unit.partition(" ")
    units, of = (wording.LARGE[size], rest) if size in wording.LARGE and rest else (1.0, unit)
    if not isinstance(value, int | float):
        return f"{given} {unit}"
    name = next((name for name, least in wording.LARGE.items() if value * units >= least), "")
    if not name or (units > 1 and value < _THOUSAND):
        return f"{given} {unit}"
    values = [float(str(q.value)) * units / wording.LARGE[name] for q in law.quantiles]
    spread, shown = max(values) - min(values), value * units / wording.LARGE[name]
    figure = stated_about(shown, spread) if spread else exact(float(f"{shown:.3g}"))
    hedge = "about " if spread or float(figure.replace(",", "")) != shown else ""
    return f"{hedge}{figure} {name} {of}"


def _subject(case: Case, laws: dict[str, InputSummary]) -> str:
    """`the whole force of about 12,000 would be lost`."""
    outcome = case.outcome
    names = ("force.size", "force.counts[1].size")
    law = next((laws[name] for name in names if name in laws), None)
    whole, lost = phrases.label_words(outcome.whole), phrases.label_words(outcome.lost)
    size = "" if law is None else amount(law.quantiles)
    if law and outcome.words.level != DOMAINS["force"].level:  # people go without saying
        size = _much(law, phrases.label_words(outcome.unit))
    of_size = f"{whole} of {size}" if size else whole
    at, limited = outcome.threshold, {"force.floor", "force.usable"} & laws.keys()
    if isinstance(at, Amount):
        units = f"{exact(float(at))} {phrases.label_words(outcome.unit)}"
        down = f"the {of_size} would be down to {units}"
        return down if is_left(at) else f"{units} would be {lost}"
    if at == 1:
        all_of = f"all that can be used of the {of_size}" if limited else f"the whole {of_size}"
        return f"{all_of} would be {lost}"
    share = {0.5: "half"}.get(at, wording.share(at))
    return f"{share} of {'what can be used of ' if limited else ''}the {of_size} would be {lost}"


def _date(case: Case) -> str:
    """`around 7 March 2025`; empty where the draws do not tell."""
    if certain := phrases.certain_date(case.summary, case.outcome):
        return f"on {wording.prose_date(certain)}"
    if case.outcome.depleted_probability <= 0:
        return ""
    if case.middle is None or case.middle.gap is not None:
        return case.median.replace("anywhere", "at any time")
    if case.middle.date is None:
        return "at some time, if at all"
    days = _days_between(case)
    exact = days is not None and days <= _EXACT_DAYS
    date = case.middle.date
    return f"around {wording.prose_date(date) if exact else wording.rough_date(date, days or 0)}"


def _days_between(case: Case) -> int | None:
    """Days between the ends of the interval; None where they are not dates."""
    low, high = (case.interval.low.date, case.interval.high.date) if case.interval else (None, None)
    return None if low is None or high is None else (high - low).days


def _spread(case: Case) -> list[str]:
    """Where the dates of most simulations lie, and in how many it does not happen."""
    found, interval = [], case.interval
    if phrases.certain_date(case.summary, case.outcome) is None and interval is not None:
        low, high = interval.low.date, interval.high.date
        if low is not None and high is not None and case.middle and case.middle.date:
            share = f"{wording.share(case.probability)} of simulations"
            name = _OUT_OF.get(case.probability, share)
            ends = wording.between_dates(low, high, _EXACT_DAYS)
            if low.year == high.year == case.middle.date.year:
                ends = ends.removesuffix(f" {high.year}")
            found.append(f"{name} fall {ends if low < high else 'on that day'}")
    found += [case.passed.removeprefix("; ")] if case.passed else []
    found += filter(None, [_never(case)])
    return found


def _never(case: Case) -> str:
    """`in 42 of 100 simulations it does not happen by 1 January 2026 (ceasefire 10)`; or empty."""
    never = phrases.never_probability(case.outcome)
    if round(100 * never) < 1:
        return ""
    causes = [
        f"{phrases.cause_words(each.cause, case.outcome.words)} {100 * each.probability:.0f}"
        for each in case.outcome.never[:_MOST_CAUSES]
        if each.cause != phrases.HORIZON_CAUSE and round(100 * each.probability) >= 1
    ]
    listed = f" ({', '.join(causes)})" if causes else ""
    by = wording.prose_date(case.horizon)
    return f"in {100 * never:.0f} of 100 simulations it does not happen by {by}{listed}"
