"""The scenario file that answers make, complete with stand-ins for what is not yet answered."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from simulate.scenario import overlay
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview.prelude import with_prelude
from simulate.scenario.loader import LoadedScenario, Source
from simulate.scenario.nouns import all_of
from simulate.scenario.numerals import exact, simple_part
from simulate.scenario.stocks import DAYS_IN
from simulate.scenario.values import LAST_DATE
from simulate.scenario.words import DOMAINS, Domain, Words, perfect
from simulate.scenario.yaml_source import parse

Answers = Mapping[str, str]
"""What was answered, as the file has it, by its place in the file; empty where that is left out.

The answers `known` and `more` have no place in the file: they say what else is asked. Nor has
`since`, the words for the first day of a rate until a stock says which year they mean, nor
`season`, what a rate is in the months that differ.
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
    is_same = not any(path.startswith("rate.") for path in answers)
    who, does = event(answers, words)
    same = " if the rate stayed the same" if is_same else ""
    if answers.get("losses.ended"):
        rate = " at the same rate" if is_same else ""
        does, same = perfect(does), f" had {words.the_losses} gone on{rate}"
    question = f"When would {who} {does}{same}?"
    usual = {"question": question, **_stand_ins(answers)}
    left_out = {key: usual[key] for key in ("question", "thresholds") if not answers.get(key)}
    filled = {**usual, **answers, **left_out}
    filled["horizon"] = answers.get("horizon", "") or answers.get("published.horizon", "")
    own = [
        f", {k}: {answers[path]}" for k in ("whole", "lost") if (path := f"wording.{k}") in answers
    ]
    if own:
        filled["wording"] = f"{{preset: {filled['wording']}{''.join(own)}}}"
    elif filled["wording"] == "force":  # as without the key
        filled["wording"] = ""
    if filled.get("losses.count") and not filled.get("force.as_of"):
        for path in [path for path in filled if plain(path) == "inflow.amount"]:  # as of a stock
            begins = path.replace("amount", "from")
            filled[begins] = filled.get(begins) or filled["losses.start"]
    if "losses.series.window" not in filled:  # a series needs one
        filled = {path: v for path, v in filled.items() if not path.startswith("losses.series")}
    for key in _LISTED:
        paths = [path for path in filled if plain(path) == key]
        entries = [entry for path in paths for entry in filled.pop(path).split("\n") if entry]
        is_short = len(entries) == 1 or key == "force.counts"
        inline, below = f"[{', '.join(entries)}]", "".join(f"\n  - {entry}" for entry in entries)
        filled[key] = (inline if is_short else below) if entries else ""
    lines = _lines(_in_claims(with_prelude(filled)), words)
    return _HEADER + "".join(f"{line}\n" for line in lines)


def plain(path: str) -> str:
    """A path without the numbers of entries."""
    return re.sub(r"\[\d+\]", "", path)


def days_in(per: str) -> str:
    """The days of a unit of time, of `per`; empty without one."""
    return next((f"{days:.10g}" for unit, days in DAYS_IN.items() if unit == per), "")


def _in_claims(filled: Answers) -> Answers:
    """Several reports as claims, the first of which has been answered as the count or the rate."""
    own = {path: value for path, value in filled.items() if path.startswith("losses.claims[")}
    if not own.get("losses.claims[1].count"):
        return filled
    first = {key: filled.get(f"losses.{key}", "") for key in ("count", "as_of", "source", "url")}
    if filled.get("losses.rate"):
        first |= {"count": filled["losses.rate"], "days": days_in(filled["losses.per"])}
        first["as_of"] = filled["force.as_of"]
    others = {path for path in filled if path in _IN_CLAIMS}
    kept = {path: value for path, value in filled.items() if path not in others}
    for path in [path for path in own if path.endswith(".count")]:
        own.setdefault(path.replace(".count", ".as_of"), first["as_of"])
    return kept | own | {f"losses.claims[0].{key}": value for key, value in first.items()}


class Known(NamedTuple):
    """The day of the count or the stock, and the first day that matters.

    `is_stock` is whether the first is that of a stock, before or after which a rate may begin;
    what was counted was there on the `latest` day, that of its source.
    """

    anchor: dt.date
    first: dt.date
    is_stock: bool = False
    latest: dt.date = dt.date.max


def known_days(answers: Answers) -> Known | None:
    """The days in the answers so far."""
    keys = ("losses.as_of", "force.as_of", "force.counts[0]", "force.counts[1]")
    texts = [answers.get(key, "") for key in keys]
    of, starts = (
        [*map(dt.date.fromisoformat, re.findall(r"\d{4}-\d\d-\d\d", text))]
        for text in (" ".join(texts), answers.get("losses.start", ""))
    )
    if not (of or starts):
        return None
    anchor = max(of or starts)
    if str(anchor) in texts[0]:  # the day after the last that was counted
        anchor -= dt.timedelta(1)
    return Known(anchor, min(of + starts), not texts[0])


def year_of_title(answers: Answers) -> Known | None:
    """The days of the year that the title names; None if it names none, or two."""
    years = {*re.findall(r"(?<![\w-])(?:19|20)\d\d\b", answers.get("title", ""))}
    if len(years) != 1:
        return None
    year = int(years.pop())
    return Known(dt.date(year, 7, 1), dt.date(year, 1, 1))


def event(answers: Answers, words: Words) -> tuple[str, str]:
    """What the dates are about: `the whole force`, `be lost`, or `the stock`, `fall to 600`."""
    whole = answers.get("wording.whole", words.whole).strip('"')
    lost = answers.get("wording.lost", words.lost).strip('"')
    is_net = answers.get("counting") != "casualties" and any(
        plain(path).partition(".")[0] in _FLOWS for path in answers
    )
    gone = "gone" if is_net else lost  # others may have come for those lost
    tree = parse(shares_in(answers), "").tree
    amounts = [pair for at in tree if isinstance(at, dict) for pair in at.items()]
    shares = [at for at in tree if not isinstance(at, dict)]
    if not all(isinstance(at, float | int) for at in (*shares, *(at for _, at in amounts))):
        shares = [1.0]  # until it is answered rightly
    if not shares:
        kind, amount = amounts[0]
        number = exact(float(amount))
        return (f"the {whole}", f"fall to {number}") if kind == "left" else (number, f"be {lost}")
    at = float(max(shares))  # the main threshold
    if level := in_words(answers.get("force.floor", "")) if at == 1 else "":
        return f"the {whole}", f"fall to {level}"
    part = f"{simple_part(at) or f'{exact(100 * at)} %'} of the"
    return f"{all_of(whole) if at == 1 else part} {whole}", f"be {gone}"


def shares_in(answers: Answers) -> str:
    """The shares, or amounts, whose dates are wanted, as the file has them."""
    return answers.get("thresholds") or (
        "[1.0]" if answers.get("force.floor") else "[0.3, 0.5, 1.0]"
    )


def in_words(law: str) -> str:
    """The number of a law in words: `600 million`, `between 5 and 7`; empty where it has none."""
    ends = re.findall(r"(?:low|mode|high): ([^\s,}]+)", law) or [law]
    if not (law and all(map(_NUMBER.fullmatch, ends))):
        return ""
    found = [float(end) for end in dict.fromkeys((ends[0], ends[-1]))]
    for scale, word in ((1e9, " billion"), (1e6, " million"), (1.0, "")):
        if found[0] >= scale > 1 or scale == 1:
            said = " and ".join(f"{number / scale:,.10g}" for number in found) + word
            return f"between {said}" if len(found) == 2 else said
    return ""


_HEADER = """\
# yaml-language-server: $schema=simulate.schema.json
# (write that file with `simulate schema > simulate.schema.json`; your editor then completes keys)
#
# From the answers to `simulate init --interactive`. Run it with `simulate run FILE`, look at the
# inputs with `simulate describe FILE`; `simulate init` shows what else a scenario can contain.

"""
_FLOWS = ("inflow", "reinforcements", "outflows", "wounded")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e\d+)?")
_COMMENTS = {
    **dict.fromkeys(("title", "question", "unit", "wording"), ""),
    "losses.count": "{w.losses} from start to as_of. {law}",
    "losses.rate": "{w.losses} per unit of time. {law}",
    **dict.fromkeys(("losses.per", "losses.pooling"), ""),
    "losses.net": "What comes in is subtracted already.",
    "losses.start": "The day {w.the_losses} began. {law}",
    "losses.as_of": "The count runs up to the beginning of this day, and does not include it. "
    "{law}",
    "losses.ended": "The last day of {w.the_losses}; the sentences say what would have happened.",
    "losses.claims.count": "{w.losses} by one report. {law}",
    "losses.claims.days": "The days up to as_of in which they fell.",
    **dict.fromkeys((f"losses.claims.{key}" for key in ("as_of", "source", "url")), ""),
    **dict.fromkeys(
        (f"losses.series.{key}" for key in ("file", "date", "count", "cumulative")), ""
    ),
    "losses.series.window": "Days up to the last date of the file.",
    **dict.fromkeys(("losses.series.source", "losses.series.url"), ""),
    **dict.fromkeys(("losses.source", "losses.url"), ""),
    "prelude.start": "The count has {w.losses} before losses.start too, from this day on. {law}",
    "prelude.intensity": "Their pace relative to that from losses.start on. {law}",
    **dict.fromkeys(("prelude.source", "prelude.url"), ""),
    "force.counts": "What was left at the beginning of each date.",
    "force.lasts": "Days of supply left on the date as_of. {law}",
    "force.size": "The {w.whole} {w.at_first}, including what was {w.lost} since. {law}",
    "force.as_of": "That was there at the beginning of this day. {law}",
    "force.floor": "What cannot be used. {law}",
    "force.usable": "The share that can be used. {law}",
    **dict.fromkeys(("force.source", "force.url"), ""),
    "inflow.amount": "What comes in. {law}",
    "inflow.per": "",
    "inflow.from": "The day it begins. {law}",
    "inflow.until": "The day it ends, which is excluded. {law}",
    **dict.fromkeys(("inflow.label", "inflow.source", "inflow.url"), ""),
    "outflows": "What is taken at once on a date.",
    "reinforcements": "What arrives at once on a date.",
    "wounded.share": "Share of the losses that are wounded. {law}",
    "wounded.return_share": "Share of the wounded who return. {law}",
    "wounded.return_days": "Mean days until they return. {law}",
    **dict.fromkeys(("wounded.source", "wounded.url"), ""),
    **dict.fromkeys(("pauses.start", "pauses.days", "pauses.intensity"), ""),
    **dict.fromkeys(("ends.label", "ends.date", "ends.probability"), ""),
    "rate.by_month": "The rate of each month relative to the others, January first.",
    **{
        f"rate.trend_per_{per}": f"Change of the rate per {per}. {{law}}"
        for per in ("week", "month", "year")
    },
    "rate.trend_until": "The day from which the rate stays as it is. {law}",
    "rate.steps": "From each date on the rate is this many times what it was before.",
    **dict.fromkeys(("rate.source", "rate.url"), ""),
    "counting": "A share is one of those at first (strength) or of all sent so far (casualties).",
    "thresholds": "Shares of the {w.whole}, or amounts, whose dates you want.",
    "horizon": 'Later dates are reported as "not by".',
    "observed": "Counts published later, to be compared.",
    "published": "Dates others have published, to be checked.",
}
"""The comment above each key of a file, in its order, with places for words and distribution."""
_ORDER = {path: rank for rank, path in enumerate(_COMMENTS)}
_FIRST = {
    name: next(rank for path, rank in _ORDER.items() if path.startswith(f"{name}."))
    for name in ("inflow", "pauses", "ends", "losses.claims")
}
"""The place of each list whose entries have one line a key."""
_LISTED = ("force.counts", "outflows", "reinforcements", "observed", "published")
"""Lists whose entries have one line each."""
_ENTRY = re.compile(rf"({'|'.join(_FIRST)})(?:\[(\d+)\])?\.")
"""A key of their entries; that of the first has no number."""
_IN_CLAIMS = (
    *("losses.count", "losses.as_of", "losses.rate", "losses.per"),
    *("losses.source", "losses.url"),
)
_ON_A_DATE = "What was {w.present} on the date as_of. {law}"
"""The comment above a size that has one."""
_UP_TO = {
    "losses.as_of": "The count runs up to and including {last}, to the beginning of this day.",
    "losses.claims.as_of": "Up to and including {last}.",
}
"""The comment above the day of a count, where it is certain."""
_FIRST_OF_RATE = "The day from which on the rate holds. {law}"
_RANGE_OF_DAYS = r"{distribution: uniform, low: \d{4}-"
_LAWS = {
    "discrete": "One of the values, as often as its weight says.",
    "mixture": "One of the components, as often as its weight says.",
    "triangular": "Lowest, most likely, highest.",
    "uniform": "Every value from low to high is equally likely.",
    "days": "Every moment from low to the beginning of high, the day after the last, is equally "
    "likely.",
    "": "Taken as certain.",
}


def _place(path: str) -> tuple[int, int, int]:
    """Where a key is in the file: entry by entry in a list."""
    rank = _ORDER[plain(path)]
    if (entry := _ENTRY.match(path)) is None:
        return rank, 0, 0
    return _FIRST[entry[1]], int(entry[2] or 0), rank


def _lines(filled: Answers, words: Words) -> Iterator[str]:
    """The lines of the file, with a blank one above each block and each comment at its margin."""
    within: list[str] = []
    for path in sorted((p for p in filled if filled[p] and plain(p) in _ORDER), key=_place):
        value, usual = filled[path], _comment(path, filled)
        *blocks, key = path.split(".")
        names, before = [plain(block) for block in blocks], [plain(block) for block in within]
        margin, begins = "  " * len(blocks), blocks != within[: len(blocks)]
        if names[:1] != before[:1] or (not blocks and usual):
            yield ""
        for depth, name in enumerate(names):
            if before[: depth + 1] != names[: depth + 1]:
                yield f"{'  ' * depth}{name}:"
        within, is_entry = blocks, _ENTRY.match(path) is not None
        if usual:
            family = (re.findall(r"^{distribution: (\w+)", value) or [""])[0]
            law = _LAWS["days" if re.match(_RANGE_OF_DAYS, value) else family]
            comment = usual.format(w=words, law=law).strip()
            yield f"{margin}{'  ' * is_entry}# {comment[0].upper()}{comment[1:]}"
        if is_entry:
            margin += "- " if begins else "  "
        yield f"{margin}{key}: {value}".replace(": \n", ":\n")


def _comment(path: str, filled: Answers) -> str:
    """What to say above a key, with places for words and distribution; empty for nothing."""
    key, value = plain(path), filled[path]
    if key in _UP_TO and not filled.get(path.replace("as_of", "days")):
        with contextlib.suppress(ValueError, OverflowError):  # no single day of the calendar
            last = dt.date.fromisoformat(value) - dt.timedelta(1)
            return _UP_TO[key].format(last=f"{last.day} {last:%B %Y}")
    if path == "force.size" and filled.get("force.as_of"):
        return _ON_A_DATE
    if path == "losses.start" and filled.get("losses.rate"):
        return _FIRST_OF_RATE
    if path == "losses.rate" and (season := filled.get("season")):
        return _COMMENTS[key].replace(" time.", f" time, the mean of the year: {season}.")
    return _COMMENTS[key]


def _stand_ins(answers: Answers) -> dict[str, str]:
    """What the file has until it is answered, so that the rest can be checked."""
    found = {"title": "untitled", "unit": "units", "wording": "force"}
    found["thresholds"] = shares_in(answers)
    known, date = answers.get("known", "count"), _after(answers)
    for path in answers:
        block, _, key = path.rpartition(".")
        if block == "wounded":
            found |= {f"wounded.{at}": "1" for at in ("share", "return_share", "return_days")}
        if plain(path) in ("pauses.start", "ends.date"):
            found |= {f"{block}.days": _LASTS} if key == "start" else {f"{block}.label": "an end"}
    if known == "left":
        first, second = "{size: 1e99, date: 2024-01-01}", f"{{size: 1, date: {date}}}"
        return {**found, "force.counts[0]": first, "force.counts[1]": second}
    if known == "supply":
        return {**found, "unit": "", "force.lasts": "1", "force.as_of": date}
    found["force.size"] = "1e99"  # any count is below it
    if "losses.series.window" in answers:
        return found
    if known == "rate":
        start = {} if answers.get("force.as_of") else {"losses.start": date}
        return {**found, "losses.rate": "1", "losses.per": "day", **start}
    year = min(map(int, _YEAR.findall(answers.get("losses.as_of", "2025"))), default=2025) - 1
    days = {"losses.start": f"{max(year, 1):04}-01-01", "losses.as_of": date}
    return {**found, "losses.count": "1", **days}


_LASTS = "{distribution: uniform, low: 1, high: 3650}"  # until the days of a pause are known
_YEAR = re.compile(r"(?<!\d)\d{4}")


def _after(answers: Answers) -> str:
    """A day after the first days that are answered, however they are written."""
    first = answers.get("force.counts[0]", "").partition("date: ")[2]
    years = map(int, _YEAR.findall(f"{answers.get('losses.start', '')} {first} 2023"))
    return str(LAST_DATE.replace(year=min(max(years) + 1, LAST_DATE.year)))
