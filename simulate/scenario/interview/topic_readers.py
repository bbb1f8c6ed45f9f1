"""From the text of an answer about a topic to values in the file."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable

from simulate.errors import Problem, ScenarioError
from simulate.scenario.interview.choices import LISTS, TOPICS_TOO, chosen, offered, wanted
from simulate.scenario.interview.document import THRESHOLDS, Answers, days_in
from simulate.scenario.interview.readers import (
    Filled,
    Reader,
    amount,
    by_and_url,
    check_total,
    dated_size,
    file_and_columns,
    law,
    listed,
    on_date,
    over_days,
    per_of,
    sourced,
    split_source,
    value,
)
from simulate.scenario.notation import (
    LONGEST,
    date_hint,
    deadline,
    is_date,
    lacks_a_year,
    names_days,
    number_hint,
)
from simulate.scenario.spelling import only_way
from simulate.scenario.values import days_of_month, shown
from simulate.scenario.written_numbers import Kind
from simulate.scenario.yaml_source import quoted, resolve


def more(key: str) -> Reader:
    """The topics to ask about."""

    def read(text: str, answers: Answers) -> Filled:
        if re.match(r"(?:no|none|nothing|that's all|done)\b", text, re.IGNORECASE):
            return {key: ""}
        topics = offered(answers)
        if per_of(text)[1]:
            return {key: chosen("more", text, topics, {text.lower(): "inflow"})}
        parts = re.split(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+", text.lower().strip(",; "))
        words = [[part] if set(part.split()) - topics.keys() else part.split() for part in parts]
        found = [chosen("more", word, topics, TOPICS_TOO) for part in words for word in part]
        before = [*wanted(answers)]
        for topic in found:
            if topic in before and topic not in LISTS:
                hint = "name another topic; back returns to the question before"
                raise ScenarioError(Problem(f"{topic} has been answered", hint=hint))
            if topic == "report" and answers["known"] == "rate" and not answers["force.as_of"]:
                message = "several reports of a rate need the date on which the whole was there"
                hint = "return to force.size with back, and answer as 3000 on 2026-01-22"
                raise ScenarioError(Problem(message, hint=hint))
            before.append(topic)
        return {key: " ".join(found)}

    return read


_GROWS = re.compile(
    r".*?\b(?:(rises|rising|rose|grows|growing|increases|increasing|plus|up)|"
    r"(falls|falling|fell|declines|declining|decreases|shrinks|shrinking|minus|down))(?:\s+by)?\s+(.+)",
    re.IGNORECASE,
)


def trend(text: str, _: Answers) -> Filled:
    """`0.02 a month until 2026-07-01`."""
    change, *until = re.split(r"\s+until\s+", text, maxsplit=1)
    if spread := _monthly(change):
        message = f"trend needs a share per month (found {shown(change)})"
        raise ScenarioError(Problem(message, hint=f"write {spread} a month"))
    number, per = per_of(change)
    if per in ("week", "month", "year"):
        if (said := _GROWS.fullmatch(number)) and (way := only_way(number_hint(said[3], "growth"))):
            hint = f"write {'-' if said[2] else ''}{way.lstrip('-')} a {per}"
            raise ScenarioError(
                Problem(f"trend must be a number (found {shown(change)})", hint=hint)
            )
        return {f"rate.trend_per_{per}": law(number), "rate.trend_until": "".join(map(law, until))}
    hint = (
        "write 2 % a month, or -5 % a week where it falls; or the change in all and the time it "
        "took: 10 % in 6 months, which is about 1.6 % a month"
    )
    message = f"trend needs a share per week, month or year (found {shown(text)})"
    raise ScenarioError(Problem(message, hint=hint))


_IN_ALL = re.compile(
    r"(.+?\d?\s*(?:%|per ?cent|pct)|0?\.\d+|an? \w+|half)\s*(?:more|less)?\s+"
    r"(?:in|over|within|during)\s+(?:the (?:last |past )?)?(?:(\S+) )?(week|month|year)s?",
    re.IGNORECASE,
)


def _monthly(text: str) -> str:
    """The change a month, compounded, of `10 % in six months`; empty where that is not said."""
    if (found := _IN_ALL.fullmatch(text)) is None:
        return ""
    said = _GROWS.fullmatch(found[1])
    falls = bool(said and said[2]) or re.search(r"\bless\b", text) is not None
    change = _number(said[3] if said else found[1], "growth")
    n = 1.0 if found[2] in (None, "a", "an") else _number(found[2], "count")
    if change is None or not n:
        return ""
    total = -abs(change) if falls else change
    if total <= -1:
        return ""
    days = n * float(days_in(found[3].lower()))
    return f"{(1 + total) ** (float(days_in('month')) / days) - 1:.4g}"


def _number(text: str, kind: Kind) -> float | None:
    way = only_way(number_hint(text, kind)) or text
    with contextlib.suppress(ValueError):
        return float(way)
    return None


_COMES = r"(?:come|arrive|happen|follow|(?:be )?(?:paid|delivered|approved|agreed|released))"
_DOUBT = re.compile(
    rf"(?:[,;]\s*)?\(?\b(?:but\s+)?(?:it\s+)?(?:(?:may|might|could)(?:\s+well)?(?:\s+not\b|(?=\s+{_COMES}))"
    rf"(?:\s+{_COMES})?|(?:(?:is|are)\s+)?(?:perhaps|possibly|probably|maybe|expected|(?:un)?likely|uncertain|"
    r"not\s+certain)|if\s+(?:it\s+is\s+)?[a-z][^,;\d]*?(?=$|[,;)]|\s(?:from|since|until|on|in|by)\b))"
    r"(?![\w-])\)?",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"(?:an?\s+)?(?:even|equal)(?:\s+chances?)?|(?:50|fifty)\s*[-/:]\s*(?:50|fifty)", re.IGNORECASE
)


def _certain(text: str) -> tuple[str, bool]:
    """A text without words of doubt such as `but may not`, and whether it has any."""
    said, n = _DOUBT.subn(" ", text)
    return (
        (re.sub(r"\s+(?=,)", "", " ".join(said.split())).strip(", "), True) if n else (text, False)
    )


def _or_nothing(size: str) -> str:
    """The law of a size that may not come, with even weights until its chance is known."""
    if size.startswith('"'):  # no number, which the scenario refuses
        return size
    family, values = ("mixture", "components") if "{" in size else ("discrete", "values")
    return f"{{distribution: {family}, {values}: [0, {size}], weights: [0.5, 0.5]}}"


def is_doubtful(key: str) -> Callable[[Answers], bool]:
    """Whether what fills a key may not come."""
    return lambda answers: "[0.5, 0.5]" in answers.get(key, "")


def chance(key: str, of: str) -> Reader:
    """`0.5`, `50 %` or `an even chance`: how likely it is that what fills the key `of` comes."""

    def read(text: str, answers: Answers) -> Filled:
        number = resolve(text)
        if isinstance(number, str) or not 0 <= number <= 1:
            hint = "write 0.5" if _EVEN.fullmatch(text) else number_hint(text, "share")
            message = f"{key} must be a number from 0 to 1 (found {shown(number)})"
            raise ScenarioError(Problem(message, hint=hint or "an even chance is 0.5"))
        weights = f"[{1 - number:.10g}, {number:.10g}]"
        return {of: answers[of].replace("[0.5, 0.5]", weights)}

    return read


def events(key: str) -> Reader:
    """`400 on 2026-05-01; 300 on 2026-06-01, the ministry`."""

    def event(text: str) -> str:
        certain, is_doubted = _certain(text)
        what, said = split_source(certain)
        by, url = by_and_url(said)
        size, date = dated_size(key, what)
        size = _or_nothing(size) if is_doubted else size
        named = "".join(f", {k}: {quoted(v)}" for k, v in (("source", by), ("url", url)) if v)
        return f"{{date: {date}, size: {size}{named}}}"

    return lambda text, _: {key: "\n".join(map(event, re.split(r"\s*;\s*", text)))}


def inflow(block: str) -> Reader:
    """`75 a month`, perhaps `from 2026-04-01 until 2026-10-01`."""
    amounts = amount(block, "amount", law)

    def read(text: str, answers: Answers) -> Filled:
        certain, is_doubted = _certain(text)
        found = read_certain(certain, answers)
        size = found[f"{block}.amount"]
        return {**found, f"{block}.amount": _or_nothing(size)} if is_doubted else found

    def in_period(text: str, answers: Answers) -> Filled:
        if (found := _FROM_UNTIL.fullmatch(text)) is None or not (found[2] or found[3]):
            return amounts(text, answers)
        # A source behind words that are no day is not what is wrong.
        days = (
            day and (day if names_days(day) else day.partition(", ")[0])
            for day in found.groups()[1:]
        )
        edges = zip((f"{block}.from", f"{block}.until"), days, strict=True)
        return {**amounts(found[1], answers), **{key: law(day) for key, day in edges if day}}

    read_certain = sourced(block, in_period)
    return read


_FROM_UNTIL = re.compile(
    r"(.+?)(?:,?\s+(?:from|since|starting)\s+(.+?)(?:\s+on)?)?"
    r"(?:,?\s+(?:until|till)\s+(.+))?",
    re.IGNORECASE,
)


def report(block: str) -> Reader:
    """`4000`, `1000 in 7 days` or `92 a day`, perhaps `by 2025-01-20`."""

    def read(text: str, answers: Answers) -> Filled:
        what, date = on_date(text)
        count, days = over_days(what)
        number, per = per_of(what)
        if not (per or days) and answers.get("known") == "rate":
            amount(block, "rate", law)(text, answers)  # says what is missing
        found = {f"{block}.as_of": law(date)} if date else {}
        return {
            f"{block}.count": law(count if days else number),
            **found,
            f"{block}.days": days or days_in(per),
        }

    return read


def pooling(*ways: str) -> Reader:
    """How several reports are combined."""
    too = {"mix": "linear", "average": "quantile", "mean": "quantile", "separate": "each"}
    return lambda text, _: {"losses.pooling": chosen("losses.pooling", text, ways, too)}


def observed(key: str) -> Reader:
    """`4700 on 2025-01-20, NIS`, or the name of a file."""

    def read(text: str, _: Answers) -> Filled:
        if re.match(r"\S+\.(?:csv|tsv|txt)(?:,|$)", text, re.IGNORECASE):
            columns = file_and_columns(text, "losses")
            return {key: f"{{{', '.join(f'{k}: {quoted(v)}' for k, v in columns.items())}}}"}
        what, said = split_source(text)
        by, url = by_and_url(said)
        check_total(key, what, "answer report to more")
        size, date = dated_size(key, what)
        label = quoted(by or f"Count of {date.strip(chr(34))}")
        return {key: f"{{label: {label}, date: {date}, losses: {size}{_url(url)}}}"}

    return read


def _url(url: str) -> str:
    return f", url: {quoted(url)}" if url else ""


def shares(text: str, _: Answers) -> Filled:
    """`0.5, 1, left 600`, or `600 left`."""

    def threshold(entry: str) -> str:
        entry = re.sub(r"^(.+?)\s+(left|lost)$", r"\2 \1", entry, flags=re.IGNORECASE)
        match = re.fullmatch(r"(left|lost)\s+(.+)", entry, re.IGNORECASE)
        return (
            f"{{{match[1].lower()}: {value(match[2])}}}" if match else value(_WHOLE.sub("1", entry))
        )

    return {"thresholds": listed(map(threshold, re.split(r"[,;]\s*", text)))}


def own_question(text: str, _: Answers) -> Filled:
    """A question in words; a number with a date was meant for another one."""
    if "?" not in text and re.match(r"\W*\d", text) and is_date(re.sub(r"^\S+\s+\w+\s+", "", text)):
        message = f"question must be in words (found {shown(text)})"
        hint = "end it with a question mark; back, and then a topic, adds a number of a date"
        raise ScenarioError(Problem(message, hint=hint))
    return {"question": quoted(text)}


_WHOLE = re.compile(r"^(?:all|everything|the whole|whole)$", re.IGNORECASE)


# --- what was published ---

_DAY_OR_MONTH = r"\d{4}-\d\d(?:-\d\d)?"
_PERIOD = rf"({_DAY_OR_MONTH})\s+to\s+({_DAY_OR_MONTH})"


def published(key: str) -> Reader:
    """A day, a month, or a period from one to the other, and who published it."""

    def read(text: str, answers: Answers) -> Filled:
        day, label = _date_and_name(text)
        if last := deadline(day):
            message = f"{key} must be a day or a period (found {shown(day)})"
            raise ScenarioError(Problem(message, hint=f"write {last}"))
        match = re.fullmatch(_PERIOD, day)
        when = f"from: {match[1]}, to: {match[2]}" if match else f"date: {_day_or_month(day)}"
        whole = re.search(r"[\[ ]1(\.0*)?[,\]]", answers.get("thresholds", THRESHOLDS))
        threshold = ", threshold: 1.0" if whole else ""
        return {key: f"{{label: {quoted(label.strip('()') or 'Published')}, {when}{threshold}}}"}

    return read


def words_of_period(text: str) -> str:
    """The label of what was published, with the words for a period that an answer has."""
    words, name = _date_and_name(text)
    name = name.strip("()")
    return ": ".join(filter(None, (name, words))) if re.search(r"[^\W\d_]", words) else ""


_SAYS = re.compile(
    r"(?:\s+(?:says?|said|expects?|predicts?|forecasts?)(?:\s+that)?|:)?$", re.IGNORECASE
)


def _date_and_name(text: str) -> tuple[str, str]:
    """The date or period at the beginning or end of a text, and the name beside it."""
    joints = [*re.finditer(r"[,:;]?\s+", text[: LONGEST + 1])]
    parts = [(text, ""), *((text[: at.start()], text[at.end() :]) for at in reversed(joints))]
    whole = [(day, name) for day, name in parts if _is_period(day)]
    yearless = [each for each in reversed(parts) if lacks_a_year(date_hint(each[0]))]
    ends = [(text[at.end() :], _SAYS.sub("", text[: at.start()])) for at in joints]
    # Of "by Christmas 2025" the year alone is not what was said.
    last = [(day, name) for day, name in ends if _is_period(day) and not day.isdecimal()]
    return (*whole, *last, *yearless, (text, ""))[0]


def _is_period(text: str) -> bool:
    return re.fullmatch(_PERIOD, text) is not None or names_days(text)


def _day_or_month(text: str) -> str:
    return text if re.fullmatch(_DAY_OR_MONTH, text) else quoted(text)


def latest_day(text: str, otherwise: dt.date) -> dt.date:
    """The last day that an answer names, or another where that is later."""
    named = [otherwise]
    for found in re.findall(_DAY_OR_MONTH, text):
        with contextlib.suppress(ValueError):
            month = days_of_month(found)
            named.append(month[1] if month else dt.date.fromisoformat(found))
    return max(named)
