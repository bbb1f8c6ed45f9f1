"""What arrives or is taken at once, as a part of the condition of a sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from simulate.analysis.summary import InputSummary
from simulate.report.text import amounts, phrases, wording
from simulate.report.text.headline import Case
from simulate.report.text.rate import around, numbers, stated, time_words

_GROUPS = {"strength": "groups", "stock": "deliveries", "balance": "payments"}
"""What arrives several times, by the word for what is there."""

_OR_NOTHING = (
    r"(?:discrete values|mixture components) \[(?:\(?(?:constant )?0\)?, (.+?)|(.+?), "
    r"\(?(?:constant )?0\)?)\](?:, weights \[(.+), (.+)\])?"
)
"""An amount, certain or not, that comes whole or not at all, and the weights of the two."""
_MONTH_DAYS = 21


def at_once(case: Case, laws: Mapping[str, InputSummary], entries: Sequence[str], word: str) -> str:
    """`400 million more on 1 December 2025`, `700 more in three deliveries by 1 May 2026`."""
    if not entries:
        return ""
    unit = phrases.label_words(case.summary.unit)
    if len(entries) == 1 and (chance := _chance(laws[f"{entries[0]}.size"], unit)):
        return f"{chance} {word} {when(laws[f'{entries[0]}.date'])}"
    sizes = [numbers(laws[f"{entry}.size"].quantiles) for entry in entries]
    total = [sum(each) for each in zip(*sizes, strict=True)]
    said = amounts.amount
    if len(entries) == 1 and total[0]:
        total, said = stated(laws[f"{entries[0]}.size"]), amounts.extent
    days = [laws[f"{entry}.date"] for entry in entries]
    if not total[len(total) // 2]:
        total = [float(f"{total[-1]:.2g}")]
        word = f"{word}, if at all,"
    size = f"{'up to ' if 'if' in word else ''}{amounts.figure(total, unit, said)[0]} {word}"
    if len(entries) == 1:
        return f"{size} {when(days[0])}"
    groups = _GROUPS[case.outcome.words.level] if word.startswith("more") else "steps"
    end = max(str(law.quantiles[-1].value) for law in days)
    by = wording.prose_date(dt.date.fromisoformat(end))
    return f"{size} in {wording.in_words(len(entries))} {groups} by {by}"


def _chance(law: InputSummary, unit: str) -> str:
    """`a 70 % chance of about 4,000`, of an amount that comes whole or not at all; or empty."""
    found = re.fullmatch(_OR_NOTHING, law.distribution)
    if found is None or not isinstance(law.mean, float) or not law.mean:
        return ""
    other, is_law = found[1] or found[2], law.distribution.startswith("mixture")
    if ("), (" if is_law else ", ") in other:
        return ""
    weights = [float(weight.replace(",", "")) for weight in found.groups("1")[2:]]
    chance = weights[1 if found[1] else 0] / sum(weights)
    size, is_certain = law.mean / chance, not is_law or other.startswith("(constant ")
    shown = amounts.figure([size if is_certain else float(f"{size:.2g}")], unit)[0]
    share = wording.percent(chance)
    article = "an" if re.match(r"8|1[18]\b", share) else "a"
    return f"{article} {share} chance of {'' if is_certain else 'about '}{shown}"


def when(law: InputSummary) -> str:
    """`on 1 December 2025`, `in September 2024`, `in early April 2025`."""
    days = [q.value for q in law.quantiles if isinstance(q.value, dt.date)]
    first, day, last = days[0], days[len(days) // 2], days[-1]
    if words := time_words(law):
        return f"in {words}"
    if first == last:
        return f"on {wording.prose_date(day)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"in {wording.month_of(day)}"
    return around(day, (last - first).days, exact=_MONTH_DAYS)
