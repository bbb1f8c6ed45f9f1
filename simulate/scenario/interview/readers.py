"""From the text of an answer to values in the file."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from simulate.errors import ScenarioError
from simulate.scenario.counts import checked_points
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview.choices import FATE, KNOWN, KNOWN_TOO, ROWS_TOO, chosen
from simulate.scenario.interview.document import Answers, days_in
from simulate.scenario.interview.grammar import (
    FROM,
    ISO,
    NAMED,
    digits,
    number_in,
    over_days,
    pattern,
    per_of,
    refusal,
    to_digits,
)
from simulate.scenario.interview.prelude import prelude
from simulate.scenario.notation import (
    LONGEST,
    is_date,
    names_days,
)
from simulate.scenario.spelling import IN_A_FILE, Hint, write
from simulate.scenario.stocks import DAYS_IN
from simulate.scenario.values import ISO_DATE, cut
from simulate.scenario.written_numbers import RATE
from simulate.scenario.yaml_source import quoted, resolve

Filled = Mapping[str, str]
"""Values by their places in the file."""

Reader = Callable[[str, str, Answers], Filled]
"""What an answer fills: the key of its question, its text and the answers before it."""


# --- one value ---


def value(text: str) -> str:
    """A number or date as it was typed; text where it is neither, for the scenario to refuse."""
    return text if _is_value(text) else quoted(text)


def _is_value(text: str) -> bool:
    return ISO_DATE.fullmatch(text) is not None or not isinstance(resolve(text), str)


def day(text: str) -> str:
    """As `value`, of a question for a day, for which 400 days or the year 2026 is none."""
    return text if ISO_DATE.fullmatch(text) else quoted(text)


def listed(entries: Iterable[str]) -> str:
    """A list of values."""
    return f"[{', '.join(entries)}]"


def law(text: str) -> str:
    """A bare value, one of two, a range in which all is equally likely, or low, mode and high."""
    either = text.split(" or ")
    if len(either) == 2 and all(map(_is_value, either)):
        return IN_A_FILE.either.format(*either)
    found, three = re.split(r"\s+to\s+", text), re.split(r",\s+", text)
    if len(found) == 2 and found[0] <= found[1] and all(map(ISO_DATE.fullmatch, found)):
        with contextlib.suppress(ValueError, OverflowError):  # no date of the calendar
            found[1] = next_day(found[1])  # a range of days includes the last
    ends, n = (three, 3) if len(three) == 3 else (found, 2)
    return IN_A_FILE.of(*ends) if len(ends) == n and all(map(_is_value, ends)) else value(text)


# --- the keys that an answer fills ---


def one(of: Callable[[str], str]) -> Reader:
    """An answer that is the value of its key."""
    return lambda key, text, _: {key: of(text)}


def choice(choices: Iterable[str], too: Mapping[str, str]) -> Reader:
    """One of several words, perhaps in other words."""
    return lambda key, text, _: {key: chosen(key, text, choices, too)}


def known(key: str, text: str, _: Answers) -> Filled:
    """What is known of the losses."""
    said = "rate" if per_of(text)[1] else "count" if _COUNTED.search(text) else ""
    return {key: chosen(key, text, KNOWN, {text.lower(): said} if said else KNOWN_TOO)}


_COUNTED = pattern(rf"(?=.*\d).*\b(?:{FATE}|lost\b|spent\b|used\b)|\d.*\bfrom .*\bto .*{NAMED}")
"""What has happened to so many, or in days that are past."""


def count(key: str, text: str, answers: Answers) -> Filled:
    """What was lost since the first day; days may follow: `4000 since 2024-12-06 by 2025-01-20`."""
    if since := _SINCE_BY.fullmatch(text):
        found = count(key, f"{since[1]}{since[3] or ''}", answers)
        return {**found, "losses.start": law(since[2])}
    number, date = on_date(text)
    check_total(key, text, "say since when, or answer rate to known, with back, and this again")
    return {key: law(number), **({"losses.as_of": counted(date)} if date else {})}


_SINCE_BY = re.compile(r"(.+?) since (\d{4}-\S+(?: to \d{4}-\S+)?)( by .+)?")


def check_total(key: str, text: str, instead: str) -> None:
    """Raise a `ScenarioError` if an answer counts the losses of some days only."""
    if over_days(on_date(text)[0])[1]:
        raise refusal(
            f"{key} is a total since the first day", text, f"for a count of some days {instead}"
        )


def counted(text: str) -> str:
    """The law of the moment up to which a count runs, from the last day that it includes."""
    days = re.split(r",\s+", text)
    with contextlib.suppress(ValueError, OverflowError):  # no date of the calendar
        if all(map(ISO_DATE.fullmatch, days)):
            return law(", ".join(map(next_day, days)))
    return law(text)


def next_day(date: str, n: int = 1) -> str:
    """The day after a date, or n days after it."""
    return (dt.date.fromisoformat(date) + dt.timedelta(days=n)).isoformat()


def day_before(date: str) -> str:
    """The day before a date."""
    return (dt.date.fromisoformat(date) - dt.timedelta(days=1)).isoformat()


def amount(key: str, text: str, _: Answers) -> Filled:
    """`92 a day`: an amount and its unit of time."""
    no_rate = f"{key} must be so many a day, week, month or year"
    if way := pace_of(text):
        raise refusal(no_rate, text, write(way))
    number, per = per_of(text := _AVERAGE.sub("", text))
    if per and not law(number).startswith('"'):
        return {key: law(number), f"{key.rpartition('.')[0]}.per": per}
    if key == "losses.rate" and on_date(text)[1] and not is_date(number):
        hint = "for a count up to some day type back until known is asked, and answer count"
        raise refusal(no_rate, text, hint)
    if not per and is_date(number):
        said = "the question is how many a day, week, month or year, such as 92 a day"
        hint = Hint(said, of=text, is_general=True)
        raise refusal(f"{key}: {cut(text)} is a date", hint=hint)
    if not law(text).startswith('"'):
        hint = f"write {text} a day, or a week, month or year; or a total: {text} over 90 days"
        raise refusal(f"{key} needs a unit of time", hint=hint)
    return {key: quoted(text), f"{key.rpartition('.')[0]}.per": "day"}


def pace_of(text: str) -> str:
    """How many a day a count, or a range, in so many days is; empty without the days.

    Where that is a small part of one, it is how many a week, month or year.

    Examples
    --------
    >>> pace_of("1000 in the past week"), pace_of("4 in 90 days"), pace_of("1000 a week")
    ('142.9 a day', '1.3528 a month', '')
    """
    count, days = over_days(text)
    if not (days and (whole := digits(count, "count", ranges=True))):
        return ""

    most, of = float(re.findall(r"[\d.]+", whole)[-1]) / float(days), DAYS_IN.items()
    per = next((unit for unit, length in of if most * length > _SMALL), "year")

    def each(count: re.Match[str]) -> str:
        return to_digits(Decimal(count[0]) / Decimal(days) * Decimal(days_in(per)), 4)

    return f"{re.sub(r'[0-9][0-9.]*', each, whole)} a {per}"


_SMALL = 0.5
"""A pace of less is given for a longer unit of time."""


def rate(key: str, text: str, answers: Answers) -> Filled:
    """`92 a day`, perhaps `since 2026-03-15`; a day without a year waits for that of the stock."""
    found = _SINCE.fullmatch(text)
    if found is None or not (pace_of(found[1]) or re.fullmatch(RATE, found[1].lower())):
        return amount(key, text, answers)
    much, begins = amount(key, found[1], answers), found[3]
    if re.search(r"\b(?:until|till|to)\b", begins) and not re.search(rf"{ISO} to {ISO}", begins):
        raise has_an_end(begins)
    if names_days(begins):
        return {**much, "losses.start": law(begins)}
    return {**much, "since": begins if found[2].lower() == "since" else f"from {begins}"}


def has_an_end(days: str) -> ScenarioError:
    """The error of a rate with a last day."""
    hint = "leave it out; more asks about a rate that changes or ends: season, trend, pauses, ends"
    return refusal("losses.rate has a last day", days, hint)


_SINCE = pattern(rf"(.+?),?\s+({FROM})\s+(.+?)(?:\s+on)?")
_AVERAGE = pattern(r"^an average of\s+|,?\s+on average$")


def size(key: str, text: str, _: Answers) -> Filled:
    """`12000`, or `3000 on 2026-01-22`."""
    number, date = on_date(text)
    return {key: law(number), "force.as_of": law(date) if date else ""}


def supply(key: str, text: str, _: Answers) -> Filled:
    """`10 to 12 days on 2025-06-18`."""
    days, date = dated_size(key, re.sub(r"\s+days(?=\s)", "", text))
    return {key: days, "force.as_of": date}


def dated(key: str, text: str, _: Answers) -> Filled:
    """`22500 on 2023-10-07`."""
    return {key: "{{size: {}, date: {}}}".format(*dated_size(key, text))}


def dated_size(key: str, text: str) -> tuple[str, str]:
    """The laws of the number and the date of `400 on 2026-05-01`."""
    number, date = on_date(text)
    if not date:
        size = number_in(text)
        way = digits(size, "count", ranges=True) or size or "400"
        said = f"write {way} on 2025-06-18, with the date you know"
        hint = Hint(said, of=text, is_general=True)
        raise refusal(f"{key} needs a date", hint=hint)
    return law(number), law(date)


_LEFT = pattern(
    r"\s+(?:(?:were|was|are)\s+)?(?:left|remain(?:ed|ing)|in stock)\b|"
    r"\s+(?:when|as|after)\s[^\d,;]+$"
)
"""What is said of a number before its day: left when the war began."""
_ON = pattern(r"(,?\s+(?:on|as of|in|at|by|for|from|since|around|about|before|until|till)\s+|,\s+)")


def on_date(text: str) -> tuple[str, str]:
    """A number and its date, empty where none is named."""
    number, *date = re.split(r",?\s+(?:on|as of)\s+", text, maxsplit=1)
    for joint in () if date else _ON.finditer(text):
        rest = text[joint.end() :]
        # Of 1900, 2000 the second number is no year.
        if len(rest) > LONGEST:
            continue
        if is_date(rest) or (joint[1].strip() != "," and names_days(rest)):
            number, date = text[: joint.start()], [rest]
            break
    # Without a date, 500 left is no answer to how many were sent.
    return _LEFT.sub("", number) if date else number, "".join(date)


def prelude_start(key: str, text: str, answers: Answers) -> Filled:
    """The day on which the losses before those counted began."""
    found = {key: law(text)}
    check_prelude({**answers, **found})
    return found


def check_prelude(answers: Answers) -> None:
    """Raise a `ScenarioError` if more was lost a day before the first day counted than since."""
    if (found := prelude(answers)) and found.is_faster:
        first = re.findall(ISO, answers["losses.start"])[0]
        hint = f"leave it out, and give the size as it was on {first}, after these losses"
        raise refusal(
            "before the first day counted, the pace must not be above that since", hint=hint
        )


def csv_file(_key: str, text: str, _: Answers) -> Filled:
    """`losses.csv`, or with its columns `losses.csv, date, tank`."""
    return {f"losses.series.{part}": quoted(of) for part, of in file_and_columns(text).items()}


def file_and_columns(text: str, count: str = "count") -> dict[str, str]:
    """The name of a file, and those of its columns where they are given."""
    parts = re.split(r",\s*", text, maxsplit=2)
    return dict(zip(("file", "date", count), parts, strict=False))


def check_file(text: str, data: DataFolder) -> None:
    """Raise a `ScenarioError` if dates and counts cannot be read from a file."""
    keys = {"date": None, "count": None, "cumulative": False} | file_and_columns(text)
    checked_points(keys, data)


def rows(key: str, text: str, _: Answers) -> Filled:
    """What a row of a file counts."""
    by_row = chosen(key, text, ("total", "row"), ROWS_TOO) == "row"
    return {"losses.series.cumulative": "false" if by_row else ""}


def window(key: str, text: str, _: Answers) -> Filled:
    """A whole number of days."""
    if not _is_value(text) and (way := digits(text, "days")):
        raise refusal(f"{key} must be a whole number of days", text, write(round(float(way))))
    return {key: value(text)}
