"""The scenario file that answers make, complete with stand-ins for what is not yet answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simulate.scenario import overlay
from simulate.scenario.data_file import DataFolder
from simulate.scenario.loader import LoadedScenario, Source
from simulate.scenario.values import LAST_DATE
from simulate.scenario.words import DOMAINS, Domain, Words

Answers = Mapping[str, str]
"""What was answered, as the file has it, by its place in the file; empty where that is left out.

The answers `known` and `more` have no place in the file: they say what else is asked.
"""


def domain(answers: Answers) -> Domain:
    """What runs out; a force until another is known."""
    return next((name for name in DOMAINS if name == answers.get("wording")), "force")


def loaded(answers: Answers, data: DataFolder) -> LoadedScenario:
    """The scenario so far, with stand-ins for what is not yet answered; `data` has its files."""
    return Source(overlay.parse(document(answers).encode(), ""), data, "").load()


def document(answers: Answers) -> str:
    """The commented file."""
    words = DOMAINS[domain(answers)]
    filled = {"question": _question(answers, words), **_stand_ins(answers), **answers}
    if filled["wording"] == "force":  # as without the key
        filled["wording"] = ""
    if "losses.series.window" not in filled:  # a series needs one
        filled = {path: v for path, v in filled.items() if not path.startswith("losses.series")}
    return _HEADER + "".join(f"{line}\n" for line in _lines(filled, words))


def _question(answers: Answers, words: Words) -> str:
    changes = any(path.startswith("rate.") for path in answers)
    same = "" if changes else " if the rate stayed the same"
    return f"When would the whole {words.whole} be {words.lost}{same}?"


_HEADER = """\
# yaml-language-server: $schema=simulate.schema.json
# (write that file with `simulate schema > simulate.schema.json`; your editor then completes keys)
#
# From the answers to `simulate init --interactive`. Run it with `simulate run FILE`, look at the
# inputs with `simulate describe FILE`; `simulate init` shows what else a scenario can contain.

"""
_COMMENTS = {
    "title": "",
    "question": "",
    "unit": "",
    "wording": "",
    "losses.count": "{w.losses} from start to as_of. {law}",
    "losses.rate": "{w.losses} per unit of time. {law}",
    "losses.per": "",
    "losses.start": "The day {w.the_losses} began. {law}",
    "losses.as_of": "The count runs up to the beginning of this day. {law}",
    "losses.series.file": "",
    "losses.series.date": "",
    "losses.series.count": "",
    "losses.series.cumulative": "",
    "losses.series.window": "Days up to the last date of the file.",
    "losses.series.source": "",
    "losses.series.url": "",
    "losses.source": "",
    "losses.url": "",
    "force.counts": "What was left at the beginning of each date.",
    "force.lasts": "Days of supply left on the date as_of. {law}",
    "force.size": "The {w.whole} {w.at_first}, including what was {w.lost} since. {law}",
    "force.as_of": "That was there at the beginning of this day. {law}",
    "force.floor": "What cannot be used. {law}",
    "force.usable": "The share that can be used. {law}",
    "force.source": "",
    "force.url": "",
    "inflow[0].amount": "What comes in. {law}",
    "inflow[0].per": "",
    "inflow[0].from": "The day it begins. {law}",
    "inflow[0].until": "The day it ends, which is excluded. {law}",
    "inflow[0].source": "",
    "inflow[0].url": "",
    "outflows": "What is taken at once on a date.",
    "reinforcements": "What arrives at once on a date.",
    "rate.by_month": "The rate of each month relative to the others, January first.",
    **{
        f"rate.trend_per_{per}": f"Change of the rate per {per}. {{law}}"
        for per in ("week", "month", "year")
    },
    "rate.trend_until": "The day from which the rate stays as it is. {law}",
    "thresholds": "Shares of the {w.whole}, or amounts, whose dates you want.",
    "horizon": 'Later dates are reported as "not by".',
    "published": "Dates others have published, to be checked.",
}
"""The comment above each key of a file, in its order, with places for words and distribution."""
_ON_A_DATE = "What was {w.present} on the date as_of. {law}"
"""The comment above a size that has one."""
_RANGE_OF_DAYS = r"{distribution: uniform, low: \d{4}-"
_LAWS = {
    "lognormal": "One chance in twenty to be below p5, and one above p95.",
    "triangular": "Lowest, most likely, highest.",
    "uniform": "Every value from low to high is equally likely.",
    "days": "Every moment from low to the beginning of high, the day after the last, is equally "
    "likely.",
    "": "Taken as certain.",
}


def _lines(filled: Answers, words: Words) -> Iterator[str]:
    """The lines of the file, with a blank one above each block and each comment at its margin."""
    within: list[str] = []
    for path, usual in _COMMENTS.items():
        if not (value := filled.get(path)):
            continue
        is_dated = path == "force.size" and filled.get("force.as_of")
        text = _ON_A_DATE if is_dated else usual
        *blocks, key = path.split(".")
        margin, begins = "  " * len(blocks), blocks != within[: len(blocks)]
        if begins or (not blocks and text):
            yield ""
        for depth, block in enumerate(blocks):
            if within[: depth + 1] != blocks[: depth + 1]:
                yield f"{'  ' * depth}{block.removesuffix('[0]')}:"
        within = blocks
        is_entry = any(block.endswith("[0]") for block in blocks)
        if text:
            family = (re.findall(r"^{distribution: (\w+)", value) or [""])[0]
            law = _LAWS["days" if re.match(_RANGE_OF_DAYS, value) else family]
            comment = text.format(w=words, law=law).strip()
            yield f"{margin}{'  ' * is_entry}# {comment[0].upper()}{comment[1:]}"
        if is_entry:
            margin += "- " if begins else "  "
        yield f"{margin}{key}: {value}"


def _stand_ins(answers: Answers) -> dict[str, str]:
    """What the file has until it is answered, so that the rest can be checked."""
    found = {"title": "untitled", "unit": "units", "wording": "force", "thresholds": THRESHOLDS}
    known, date = answers.get("known", "count"), _after(answers)
    if known == "left":
        first = answers.get("force.counts[0]", "{size: 1e99, date: 2024-01-01}")
        second = answers.get("force.counts[1]", f"{{size: 1, date: {date}}}")
        return {**found, "force.counts": f"[{first}, {second}]"}
    if known == "supply":
        return {**found, "unit": "", "force.lasts": "1", "force.as_of": date}
    found["force.size"] = "1e99"  # any count is below it
    if "losses.series.window" in answers:
        return found
    if known == "rate":
        start = {} if answers.get("force.as_of") else {"losses.start": date}
        return {**found, "losses.rate": "1", "losses.per": "day", **start}
    days = {"losses.start": "2024-01-01", "losses.as_of": date}
    return {**found, "losses.count": "1", **days}


THRESHOLDS = "[0.3, 0.5, 1.0]"


def _after(answers: Answers) -> str:
    """A day after the first days that are answered, however they are written."""
    first = answers.get("force.counts[0]", "").partition("date: ")[2]
    years = map(int, re.findall(r"(?<!\d)\d{4}", f"{answers.get('losses.start', '')} {first} 2023"))
    return str(LAST_DATE.replace(year=min(max(years) + 1, LAST_DATE.year)))
