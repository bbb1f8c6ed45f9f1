"""From the text of an answer to values in the file."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping

from pydantic_core import PydanticCustomError

from simulate.errors import Problem, ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview.document import THRESHOLDS, Answers
from simulate.scenario.series import read_points
from simulate.scenario.values import ISO_DATE, closest, days_of_month, shown
from simulate.scenario.words import DOMAINS
from simulate.scenario.yaml_source import quoted, resolve

Filled = Mapping[str, str]
"""Values by their places in the file."""

Reader = Callable[[str, Answers], Filled]
"""What the text of an answer fills, after the answers before it."""


KNOWN = {
    "count": "{w.losses} up to some day, such as 3800 by 16 January",
    "rate": "{w.losses} per day, week, month or year, such as 92 a day",
    "left": "what was left on two dates",
    "supply": "for how many days what is left will last",
    "file": "counts of several dates, in a CSV file",
}
TOPICS = {
    "inflow": "what comes in evenly: {asked.inflow}",
    "arrivals": "what arrives at once on a date",
    "outflows": "what is taken at once on a date",
    "floor": "what cannot be used",
    "usable": "the share that can be used",
    "season": "how the rate differs from month to month",
    "trend": "how the rate grows or falls",
    "shares": "for which shares or amounts you want dates; now 30, 50 and 100 %",
    "question": "the question that the scenario answers, in words",
    "published": "when others say it will happen, to be checked",
    "horizon": "the last date that matters",
}
"""What is asked only where it is wanted; the names are answers to `more`."""


# --- one value ---


def value(text: str) -> str:
    """A number or date as it was typed; text where it is neither, for the scenario to refuse."""
    return text if _is_value(text) else quoted(text)


def _is_value(text: str) -> bool:
    return ISO_DATE.fullmatch(text) is not None or not isinstance(resolve(text), str)


def day(text: str) -> str:
    """As `value`, of a question for a day, for which 400 days or the year 2026 is none."""
    return text if ISO_DATE.fullmatch(text) else quoted(text)


def values(text: str) -> str:
    """A list of numbers."""
    return _listed(map(value, re.split(r"[,;]\s*", text)))


def _listed(entries: Iterable[str]) -> str:
    return f"[{', '.join(entries)}]"


def kind(text: str) -> str:
    """What runs out."""
    return text.lower() if text.lower() in DOMAINS else quoted(text)


def law(text: str) -> str:
    """A bare value, a range in which all is equally likely, or low, mode and high."""
    return _law(text, "uniform", "low", "high")


def law_of_count(text: str) -> str:
    """As `law`, with a range that holds the value in nine cases of ten."""
    return _law(text, "lognormal", "p5", "p95")


def _law(text: str, family: str, *ends: str) -> str:
    found, keys = re.split(r"\s+to\s+", text), ends
    if len(three := re.split(r",\s+", text)) == 3:
        found, family, keys = three, "triangular", ("low", "mode", "high")
    if len(found) != len(keys) or not all(map(_is_value, found)):
        return value(text)
    pairs = ", ".join(f"{key}: {one}" for key, one in zip(keys, found, strict=True))
    return f"{{distribution: {family}, {pairs}}}"


def _text(text: str) -> str:
    return quoted(text) if text else ""


# --- the keys that an answer fills ---


def one(key: str, of: Callable[[str], str]) -> Reader:
    """An answer that is the value of one key."""
    return lambda text, _: {key: of(text)}


def known(text: str, _: Answers) -> Filled:
    """What is known of the losses."""
    return {"known": _chosen("known", text, *KNOWN)}


def _chosen(key: str, text: str, *choices: str) -> str:
    if (found := text.lower()) in choices:
        return found
    listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
    near = closest(found, choices)
    hint = f"did you mean {near}?" if near else ""
    raise ScenarioError(Problem(f"{key} must be {listed} (found {shown(text)})", hint=hint))


def included(text: str, answers: Answers) -> Filled:
    """Whether a count includes the day itself; it then runs up to the next."""
    as_of = answers["losses.as_of"]
    is_in = _chosen("included", {"y": "yes", "n": "no"}.get(text.lower(), text), "yes", "no")
    return {"losses.as_of": next_day(as_of) if is_in == "yes" else as_of}


def next_day(date: str) -> str:
    """The day after a date."""
    return (dt.date.fromisoformat(date) + dt.timedelta(days=1)).isoformat()


def amount(block: str, key: str, of: Callable[[str], str]) -> Reader:
    """`92 a day`: an amount and its unit of time."""

    def read(text: str, _: Answers) -> Filled:
        number, per = _per(text)
        if per and not of(number).startswith('"'):
            return {f"{block}.{key}": of(number), f"{block}.per": per}
        if not of(text).startswith('"'):
            hint = f"write {text} a day, or a week, month or year"
            raise ScenarioError(Problem(f"{block}.{key} needs a unit of time", hint=hint))
        return {f"{block}.{key}": quoted(text), f"{block}.per": "day"}

    return read


def trend(text: str, _: Answers) -> Filled:
    """`0.02 a month until 2026-07-01`."""
    change, *until = re.split(r"\s+until\s+", text, maxsplit=1)
    number, per = _per(change)
    if per in ("week", "month", "year"):
        return {f"rate.trend_per_{per}": law(number), "rate.trend_until": "".join(map(law, until))}
    hint = "write 0.02 a month, or -0.05 a week where it falls"
    message = f"trend needs a share per week, month or year (found {shown(text)})"
    raise ScenarioError(Problem(message, hint=hint))


def _per(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.+?)\s+(?:an?|per)\s+(day|week|month|year)", text, re.IGNORECASE)
    return (match[1], match[2].lower()) if match else (text, "")


def size(text: str, _: Answers) -> Filled:
    """`12000`, or `3000 on 2026-01-22`."""
    found, date = _on(text)
    return {"force.size": found, "force.as_of": date}


def supply(text: str, _: Answers) -> Filled:
    """`10 to 12 days on 2025-06-18`."""
    days, date = _dated("force.lasts", re.sub(r"\s+days(?=\s)", "", text))
    return {"force.lasts": days, "force.as_of": date}


def dated(key: str) -> Reader:
    """`22500 on 2023-10-07`."""
    return lambda text, _: {key: "{{size: {}, date: {}}}".format(*_dated(key, text))}


def events(key: str) -> Reader:
    """`400 on 2026-05-01; 300 on 2026-06-01`."""

    def read(text: str, _: Answers) -> Filled:
        found = (_dated(key, event) for event in re.split(r"\s*;\s*", text))
        return {key: _listed(f"{{date: {date}, size: {size}}}" for size, date in found)}

    return read


def _dated(key: str, text: str) -> tuple[str, str]:
    found, date = _on(text)
    if not date:
        hint = f"write {text} on 2025-06-18, with the date you know"
        raise ScenarioError(Problem(f"{key} needs a date", hint=hint))
    return found, date


def _on(text: str) -> tuple[str, str]:
    """The law of a number and that of its date, empty where none is named."""
    number, *date = re.split(r"\s+(?:on|as of)\s+", text, maxsplit=1)
    return law(number), "".join(map(law, date))


def source(block: str) -> Reader:
    """Who published something, and the address at the end."""

    def read(text: str, _: Answers) -> Filled:
        match = re.fullmatch(r"(.*?)[,;]?\s*((?:https?:|www\.)\S+)", text)
        by, url = match.groups() if match else (text, "")
        return {f"{block}.source": _text(by), f"{block}.url": _text(url)}

    return read


def csv_file(text: str, _: Answers) -> Filled:
    """`losses.csv`, or with its columns `losses.csv, date, tank`."""
    return {f"losses.series.{key}": quoted(part) for key, part in _file_and_columns(text).items()}


def _file_and_columns(text: str) -> dict[str, str]:
    parts = re.split(r",\s*", text, maxsplit=2)
    return dict(zip(("file", "date", "count"), parts, strict=False))


def check_file(text: str, data: DataFolder) -> None:
    """Raise a `ScenarioError` if dates and counts cannot be read from a file."""
    keys = {"date": None, "count": None, "cumulative": False} | _file_and_columns(text)
    try:
        read_points(keys, "count", {"data": data})
    except PydanticCustomError as error:
        found = error.context or {}
        raise ScenarioError(Problem(found["text"], hint=found["hint"])) from None


def rows(text: str, _: Answers) -> Filled:
    """What a row of a file counts."""
    by_row = _chosen("rows", text, "total", "row") == "row"
    return {"losses.series.cumulative": "false" if by_row else ""}


def more(text: str, _: Answers) -> Filled:
    """The topics to ask about."""
    words = re.split(r"[,;\s]+(?:and\s+)?", text.lower().strip(",; "))
    return {"more": " ".join(_chosen("more", word, *TOPICS) for word in words)}


def shares(text: str, _: Answers) -> Filled:
    """`0.5, 1, left 600`."""

    def threshold(entry: str) -> str:
        match = re.fullmatch(r"(left|lost)\s+(.+)", entry, re.IGNORECASE)
        return f"{{{match[1].lower()}: {value(match[2])}}}" if match else value(entry)

    return {"thresholds": _listed(map(threshold, re.split(r"[,;]\s*", text)))}


_DAY_OR_MONTH = r"\d{4}-\d\d(?:-\d\d)?"


def published(text: str, answers: Answers) -> Filled:
    """A day, a month, or a period from one to the other, and who published it."""
    form = rf"({_DAY_OR_MONTH})(?:\s+to\s+({_DAY_OR_MONTH}))?(?:[\s,:;]+(.+))?"
    match = re.fullmatch(form, text)
    day, _, by = text.partition(", ")
    otherwise = (day, None, by) if re.search(r"\d{4}", day) else (text, None, None)
    first, last, label = match.groups() if match else otherwise
    when = f"from: {first}, to: {last}" if last else f"date: {first if match else quoted(first)}"
    whole = re.search(r"[\[ ]1(\.0*)?[,\]]", answers.get("thresholds", THRESHOLDS))
    threshold = ", threshold: 1.0" if whole else ""
    return {"published": f"[{{label: {quoted(label or 'Published')}, {when}{threshold}}}]"}


def latest_day(text: str, otherwise: dt.date) -> dt.date:
    """The last day that an answer names, or another where that is later."""
    named = [otherwise]
    for found in re.findall(_DAY_OR_MONTH, text):
        with contextlib.suppress(ValueError):
            month = days_of_month(found)
            named.append(month[1] if month else dt.date.fromisoformat(found))
    return max(named)
