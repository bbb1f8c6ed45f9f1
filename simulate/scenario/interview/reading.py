"""What is said back of an answer: how it was read, and what it leaves out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from simulate.scenario.interview import forecasts
from simulate.scenario.interview.choices import AT_FIRST
from simulate.scenario.interview.days import counted_from, is_around, published_on, seen_from
from simulate.scenario.interview.document import (
    Answers,
    domain,
    event,
    in_words,
    known_days,
    plain,
)
from simulate.scenario.interview.grammar import ISO, NAMED
from simulate.scenario.interview.periods import in_a_pause, measured
from simulate.scenario.interview.prelude import BESIDE, WITHIN, numbers, prelude, scaled
from simulate.scenario.interview.readers import day_before
from simulate.scenario.interview.sources import split_source
from simulate.scenario.numerals import exact, simple_part
from simulate.scenario.values import ISO_DATE
from simulate.scenario.words import DOMAINS
from simulate.scenario.written_dates import season_in
from simulate.scenario.written_numbers import HEDGE, LOSSES, WORD, hedge_of
from simulate.scenario.yaml_source import parse

_HEDGED = re.compile(
    rf"(?<!\w){HEDGE}(?!\s*(?:\d\d?\w* )?(?:(?:of|the|early|mid|late)\b|{NAMED}|{ISO}))"
    rf"(?!\s*(?:between |from )?(?:\d|{WORD})\S*?(?: [a-z]+)?(?: (?:to|and) |\s*[-–]\s*)"
    rf"(?:{WORD}|\d)(?!\d?\w* {NAMED}|\d*-))"
)
"""Neither about mid-March nor about 500 to 700, to which nothing is added."""
_RANGE = re.compile(
    r"distribution: (?:uniform|triangular), low: (\S+),(?: mode: (?!\d{4}-)(\S+),)? high: ([^\s}]+)"
)
_PAUSE = re.compile(rf"from {ISO} until ({ISO})$")
_FOR_DAYS = re.compile(rf"^(from {ISO}.* for [\d.]+(?: to [\d.]+)?)$")
_UNGROUPED = 4
_OWN_WORDS = ("wording.whole", "wording.lost")


def read_back(text: str, read: str, before: Answers, found: Answers) -> str:
    """How an answer was read, what a range means, and the words it added for the sentences."""
    new = {key: value for key, value in found.items() if value != before.get(key)}
    texts = (value for key, value in new.items() if key != WITHIN)
    laws = "" if "season" in new else "\n".join(texts)  # a season scales the rate
    earlier = _RANGE.findall(" ".join(before.values()))
    ranges = [one for one in dict.fromkeys(_RANGE.findall(laws)) if one not in earlier]
    ranges = [one for one in ranges if read != text or not one[1]]  # three numbers say it all
    are_days = [ISO_DATE.fullmatch(low) is not None for low, _, _ in ranges]
    # Of days, the file has the one after the last.
    said = [
        f"anything from {low} to {day_before(high) if is_day else high}"
        for (low, _, high), is_day in zip(ranges, are_days, strict=True)
    ]
    if read != text:
        read = _FOR_DAYS.sub(r"\1 days", read)
        said = [f"read as {_grouped(read)}"]
        if (about := _HEDGED.search(text.lower())) and not all(are_days):
            said.append(f'"{about[0].strip()}" is {hedge_of(about[0]).said}')
        if is_around(text, read):
            said.append("around a day is three days either way")
        said += filter(None, [season_in(text)])
        said += _of_a_late_stock(text, new, before)
        years = {*re.findall(r"\b(\d{4})-\d\d-", read)} - {*re.findall(r"\d{4}", text)}
        said += filter(None, [seen_from(next(iter(new), ""), text, before)[1] if years else ""])
        keys = {"force.size", "force.counts", "force.lasts"}.intersection(map(plain, new))
        if keys and "end of " in text.lower():
            said.append("the evening of a day is the morning of the next")
    if ranges:
        modes = [f"{_grouped(mode)} likeliest" for _, mode, _ in ranges if mode]
        said += modes or [f"each {'day' if all(are_days) else 'value'} equally likely"]
        said += [] if earlier else ["? explains ranges"]
    elif "weights: [1, 1]" in laws and "[0," not in laws:
        said.append("both equally likely")
    said += _of_the_rate(text, new, found)
    if pause := _PAUSE.match(read):
        said.append(f"its last day is {day_before(pause[1])}")
        if in_a_pause("pauses.start", text, known_days(before)) != read:
            said.append("what came before is counted already")
    said += _of_reports(new, before)
    said += _of_an_old_count(new, found)
    said += _of_other_losses(text, new, before)
    said += _of_certainty(laws, new, before)
    said += _of_forecasts(read, new, before)
    said += _of_the_first_day(text, new, before, found)
    if "losses.start" in new and _SPAN.match(text):
        said.append("if these are the first and the last day counted, answer the first alone")
    own = (parse(new[key], "").tree for key in _OWN_WORDS if key in new)
    return "; ".join((*said, *(f'the sentences will say "{words}"' for words in own)))


def _of_forecasts(read: str, new: Answers, before: Answers) -> Iterator[str]:
    """From which day a published date was counted, and for which share it is."""
    if any(plain(key) == "published" for key in new):
        counted = (counted_from(one, known_days(before)) for one in forecasts.entries(read))
        yield from (f"counted from {day.day} {day:%B %Y}" for day in counted if day)
        subject, does = event(before, DOMAINS[domain(before)])
        if any(map(forecasts.has_a_clause, forecasts.entries(read))):
            yield f"compared with the date by which {subject} will {does}"
            yield "if it is of another event, type back, then nothing"
    for share in re.findall(r"label: .*, threshold: (0\.\d+)", "\n".join(new.values())):
        said = simple_part(float(share)) or f"{exact(100 * float(share))} %"
        yield f"compared with the date of {said}"


def _of_reports(new: Answers, before: Answers) -> Iterator[str]:
    """From which day on a later report counts, where it says none; what its own days mean."""
    own = [new[key] for key in new if plain(key) == "losses.claims.days" and new[key]]
    if own and before.get("known") == "count":
        yield f"a count of {own[0]} days is compared with the result, not mixed with the totals"
    days = re.findall(ISO, before.get("losses.start", ""))
    is_total = any(plain(key) == "losses.claims.count" for key in new) and not any(
        new.get(key) for key in new if plain(key) == "losses.claims.days"
    )
    if days and is_total:
        last = day_before(days[-1]) if _RANGE.search(before["losses.start"]) else days[-1]
        shown = map(dt.date.fromisoformat, dict.fromkeys((days[0], last)))
        yield f"from the same first day, {' to '.join(f'{day.day} {day:%B %Y}' for day in shown)}"


def _of_an_old_count(new: Answers, found: Answers) -> Iterator[str]:
    """That a count ends long before its source, by which the losses may have ended."""
    days = re.findall(ISO, found.get("losses.as_of", ""))
    source = published_on(found.get("losses.source", "").strip('"'), None)
    if not (days and source and new.keys() & {"losses.as_of", "losses.source"}):
        return
    before = (source - dt.date.fromisoformat(day_before(days[-1]))).days
    if before >= _LONG:
        losses = DOMAINS[domain(found)].the_losses
        yield (
            f"the count ends {before} days before its source; if {losses} stopped in between, "
            "answer ended to more"
        )


_LONG = 14
"""Days between the last day of a count and its source from which on it may be over."""


def _of_the_rate(text: str, new: Answers, found: Answers) -> Iterator[str]:
    """What a season, the first day of a rate and the days in which it was measured mean."""
    if "losses.net" in new:
        yield "what comes in is subtracted already, and the sentences will say so"
    if "losses.rate" in new and (behind := measured(text)):
        yield f"measured {behind}; it goes on after that"
    if new.get("rate.by_month") and "losses.rate" in found:
        yield f"the rate is {found.get('season', 'the mean of the year')}"
    if since := new.get("since"):
        yield f'the year of "{since}" will be the one nearest to the day of the stock'
    elif (since := found.get("since")) and "losses.start" in found and "force.as_of" in new:
        days = re.findall(ISO, found["losses.start"])
        ends = " to ".join((days[0], *map(day_before, days[1:])))
        yield f'"{since}", when the rate begins, is {ends}'


def _of_a_late_stock(text: str, new: Answers, before: Answers) -> Iterator[str]:
    """That the day of a stock, whose year was not typed, is after all that was counted."""
    days, known = re.findall(ISO, new.get("force.as_of", "")), known_days(before)
    if days and known and before.get("losses.as_of") and days[0][:4] not in text:
        last = known.anchor
        if dt.date.fromisoformat(days[0]) > last + dt.timedelta(1):
            yield f"that is after the count, which ends on {last.day} {last:%B %Y}"


def _grouped(read: str) -> str:
    """An answer with its large numbers in groups of three digits, but not those of its source."""
    what, _ = split_source(read)
    numbers = r"(?<![\d.-])\d{4,}(?![\d-])"
    if any(len(digits) > _UNGROUPED for digits in re.findall(numbers, what)):
        what = re.sub(numbers, lambda number: f"{int(number[0]):,}", what)
    return f"{what}{read[len(split_source(read)[0]) :]}"


def _of_other_losses(text: str, new: Answers, before: Answers) -> Iterator[str]:
    """Losses that an answer names, where they are not those that the dates are about so far."""
    about_losses = any(key.startswith(_NAMING_LOSSES) for key in new)
    if not about_losses or domain(before) != "force" or not (named := _losses_in(text)):
        return
    event = (before.get(key, "") for key in ("wording.lost", "unit", "title"))
    so_far = next(filter(None, map(_losses_in, event)), [])
    said, earlier = (" or ".join(each) for each in (named, so_far))
    if not so_far and len(named) == 1:
        yield f'"{said}" leaves out all other losses, with which the date would be earlier'
    elif so_far and {*named} != {*so_far}:
        yield (
            f'"{said}" are other losses than "{earlier}", which was named before; a date is about '
            "one of them, so count the same losses everywhere"
        )


def _losses_in(text: str) -> list[str]:
    """The kinds of losses that a text counts, each once."""
    found = _KIND.findall(_LEFT_OUT.sub("", text.lower()))
    return [*dict.fromkeys(kind for word in found for kind in _SAME.get(word, (word,)))]


_NAMING_LOSSES = ("unit", "losses", "wording.lost", "observed", "published", "question")
_SAME = {
    **dict.fromkeys(("dead", "died", "deaths"), ("killed",)),
    "injured": ("wounded",),
    "casualties": ("killed", "wounded"),
    "lost": (),
}
_KIND = re.compile(rf"\b(?:{LOSSES}|deaths|casualties)\b")
_LEFT_OUT = re.compile(r"\b(?:not|without|excluding|except|besides)\b[^,;]*")


def _of_the_prelude(new: Answers, found: Answers) -> Iterator[str]:
    """What was lost before the first day counted."""
    if WITHIN in new:
        shares = numbers(new[WITHIN])
        ends = dict.fromkeys((shares[0], shares[-1]))
        said = " to ".join(exact(float(f"{100 * share:.3g}")) for share in ends)
        yield f"{said} % of them before that day"
    if (both := prelude(found)) and new.keys() & {BESIDE, "prelude.start", "losses.as_of"}:
        total, earlier = (f"{n:,.6g}" for n in (both.before + both.since, both.before))
        yield f"{total} in all, {earlier} of them before the first day counted"
        if found.get("force.size") and not found.get("force.as_of"):
            yield "the size is what there was before these"
    reports = scaled(found) if both else ()
    if reports and new.keys() & {BESIDE, "prelude.start", *reports}:
        yield "other reports get the same share before that day"


def _of_the_first_day(text: str, new: Answers, before: Answers, found: Answers) -> Iterator[str]:
    """What was there on the first day counted, and lost before it, or that nothing was."""
    days = (found.get("losses.start", ""), new.get("force.as_of", ""))
    starts, of = (re.findall(ISO, day) for day in days)
    first = dt.date.fromisoformat(starts[0]) if starts else None
    at_first = AT_FIRST.search(text) if first and "force.size" in new and not of else None
    if first and at_first:
        yield f'"{at_first[0].strip(" ,")}" is the first day counted, {first.day} {first:%B %Y}'
    yield from _of_the_prelude(new, found)
    is_earlier = _SENT.search(text) is not None or (of and starts and of[0] < starts[0])
    if not (first and found.get("force.size") and new.keys() & {"force.size", "losses.start"}):
        return
    nothing = f"nothing {DOMAINS[domain(before)].lost} before {first.day} {first:%B %Y} is counted"
    if found.get("known") == "rate":
        stock = re.findall(ISO, found.get("force.as_of", ""))
        if not stock:
            yield f"{nothing}; to count it, answer count to known"
        elif stock[-1] < starts[0]:
            yield f"{nothing}; if the rate holds from the day of the size on, type back, then Enter"
    elif is_earlier and "losses.count" in found and not prelude(found):
        yield f"{nothing}; to add it, answer prelude to more"


_SPAN = re.compile(r"from\b.* (?:to|until|through) ", re.IGNORECASE)
_SENT = re.compile(r"\b(?:sent|deployed|committed)\b", re.IGNORECASE)


def _of_certainty(laws: str, new: Answers, before: Answers) -> Iterator[str]:
    """What the first number without a range means."""
    if _bare(before):
        return
    for number in _bare(new) if laws else ():
        ends = [share * float(number) for share in (0.9, 1.1)]
        low, high = (f"{end:.0f}" if float(number) >= _WHOLE else f"{end:.2g}" for end in ends)
        such_as = in_words(f"low: {low}, high: {high}")
        yield f'taken as certain; if it is not, a range such as {such_as} says so ("back")'
        return


def _bare(answers: Answers) -> list[str]:
    """The counts, rates and sizes that are single numbers."""
    found = (_NUMBER.match(answers[key]) for key in answers if plain(key) in _AMOUNTS)
    return [number[1] for number in found if number]


_AMOUNTS = ("losses.count", "losses.rate", "force.size", "force.counts", "force.lasts")
_NUMBER = re.compile(r"(?:{size: )?(\d[\d.]*)(?:,|$)")
_WHOLE = 10
"""From so many on, an example has no decimals."""
