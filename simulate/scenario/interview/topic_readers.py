"""From the text of an answer about a topic to values in the file."""

from __future__ import annotations

import datetime as dt
import re

from simulate.scenario.interview.choices import (
    COUNTING,
    COUNTING_TOO,
    FATE,
    LISTS,
    POOLING,
    POOLING_TOO,
    TOPICS_TOO,
    chosen,
    offered,
    wanted,
)
from simulate.scenario.interview.document import Answers, days_in
from simulate.scenario.interview.doubt import certain, or_nothing
from simulate.scenario.interview.grammar import (
    FROM,
    PER,
    PERIOD,
    UNTIL,
    number,
    over_days,
    pattern,
    per_of,
    refusal,
)
from simulate.scenario.interview.readers import (
    Filled,
    amount,
    check_prelude,
    check_total,
    counted,
    dated_size,
    file_and_columns,
    law,
    listed,
    on_date,
    value,
)
from simulate.scenario.interview.sources import named_source, sourced, split_source
from simulate.scenario.notation import (
    is_date,
    names_days,
    number_hint,
)
from simulate.scenario.spelling import Hint, write
from simulate.scenario.written_dates import MONTH_NAME, SEASON
from simulate.scenario.written_numbers import SCALE
from simulate.scenario.yaml_source import quoted


def more(key: str, text: str, answers: Answers) -> Filled:
    """The topics to ask about."""
    if _NO_MORE.fullmatch(text):
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
            raise refusal(f"{topic} has been answered", hint=hint)
        if topic == "report" and answers["known"] == "rate":
            _check_dated(answers)
        before.append(topic)
    return {key: " ".join(found)}


def _check_dated(answers: Answers) -> None:
    """Raise a `ScenarioError` unless rates hold from the day of the stock on."""
    if not answers["force.as_of"]:
        hint = "return to force.size with back, and answer as 3000 on 2026-01-22"
        needs = "several reports of a rate need the date on which the whole was there"
        raise refusal(needs, hint=hint)
    if answers.get("losses.start"):
        hint = "return to losses.start with back, and leave it empty; or write a file for each"
        begin = "several reports of a rate begin on the day of the stock, not at losses.start"
        raise refusal(begin, hint=hint)


_NO_MORE = pattern(
    r"(?:no|none|nothing|that's all|done)(?:,? (?:more|else|thanks?|thank you|other topics?))*\W*"
)


def floor(key: str, text: str, _: Answers) -> Filled:
    """`300`, `the last 300` or `it may not fall below 300`."""
    what, by = split_source(text)
    if by:
        hint = f"write {what} alone; the question takes no source"
        raise refusal("force.floor must be a number", text, hint)
    if said := _KEPT.fullmatch(text):
        kept = next(filter(None, said.groups()))
        hint = write(kept) if kept.isdecimal() else number_hint(kept, "count", ranges=True)
        if hint:
            raise refusal("force.floor must be a number", text, hint)
    return {key: law(text)}


_KEPT = pattern(
    r"(?:the )?last (.+?)(?: (?:(?:must|should) be|are|is) (?:kept|held)(?: in reserve)?)?"
    r"|(?:(?:it|they|the \w+) )?(?:(?:[a-z]+) ?not|never) (?:fall|drop|go|sink) "
    r"below (?:the last )?(.+)|(?:not|never) below (.+)"
)
"""What cannot be used, as it is written."""


def events(key: str, text: str, answers: Answers) -> Filled:
    """`400 on 2026-05-01; 300 on 2026-06-01, the ministry`."""
    return {key: "\n".join(_event(key, one, answers) for one in re.split(r"\s*;\s*", text))}


def _event(key: str, text: str, answers: Answers) -> str:
    said, weights = certain(text)
    what, named = split_source(said)
    by, url = named_source(key, named, answers)
    if per_of(_parts(what)[0])[1]:
        hint = "for so much a day, week or month type back, and answer inflow to more"
        raise refusal(f"{key} must be so much on a date", what, hint)
    size, date = dated_size(key, what)
    named = "".join(f", {k}: {quoted(v)}" for k, v in (("source", by), ("url", url)) if v)
    return f"{{date: {date}, size: {or_nothing(size, weights)}{named}}}"


def inflow(key: str, text: str, answers: Answers) -> Filled:
    """`75 a month`, perhaps `from 2026-04-01 until 2026-10-01`."""
    said, weights = certain(text)
    label = _IN_WHAT.search(said)
    found = sourced(_in_period)(key, _IN_WHAT.sub(r"\1", said), answers)
    named = {key.replace("amount", "label"): quoted(label[2])} if label else {}
    return {**found, **named, key: or_nothing(found[key], weights)}


def _in_period(key: str, text: str, answers: Answers) -> Filled:
    much, begins, until = _parts(text)
    return {**amount(key, much, answers), **_edges(key, begins, until)}


def period(key: str, text: str, _: Answers) -> Filled:
    """`from 2026-04-01 until 2026-10-01`, or one of them; a day alone is the first."""
    if _A_RATE.search(text):
        hint = "for a rate that changes answer until when this one holds, and inflow again to more"
        raise refusal(f"{key} must be days", text, hint)
    is_bare = not re.match(rf"(?:{FROM}|{UNTIL})\s", text, re.IGNORECASE)
    days = _parts(f"it comes {'from ' * is_bare}{text}")[1:]
    return {key: "", **_edges(key, *days)}


def _parts(text: str) -> tuple[str, str, str]:
    """What comes, and the days from which and until which it does, empty where not named."""
    found = _FROM_UNTIL.fullmatch(text)
    return (text, "", "") if found is None else (found[1], found[2] or "", found[3] or "")


def _edges(key: str, begins: str, until: str) -> Filled:
    # A source behind words that are no day is not what is wrong.
    days = (day if names_days(day) else day.partition(", ")[0] for day in (begins, until))
    block = key.rpartition(".")[0]
    edges = zip((f"{block}.from", f"{block}.until"), days, strict=True)
    return {at: law(day) for at, day in edges if day}


_A_RATE = pattern(rf"\b{PER} {PERIOD}\b")
_IN_WHAT = pattern(
    r"\b(day|week|month|year) (?:in|from) "
    rf"(?!all\b|[^,]*(?:{MONTH_NAME}|\b(?:{SEASON}|now|today)\b))"
    r"([^\W\d][^\d,]*?)(?=$|,| (?:from|since|until)\b)"
)
"""What it is that comes in: in payroll taxes, from donations."""
_FROM_UNTIL = pattern(
    rf"(.+?)(?:,?\s+{FROM}\s+(.+?)(?:\s+on)?)?"
    rf"(?:,?\s+{UNTIL}\s+(.+))?"
)


def report(key: str, text: str, answers: Answers) -> Filled:
    """`4000`, `1000 in 7 days` or `92 a day`, perhaps `by 2025-01-20`."""
    block = key.rpartition(".")[0]
    what, date = on_date(text)
    count, days = over_days(what)
    many, per = per_of(what)
    if not (per or days) and answers.get("known") == "rate":
        amount(f"{block}.rate", text, answers)  # says what is missing
    found = day_of_report(f"{block}.as_of", date, answers) if date else {}
    return {key: law(count if days else many), **found, f"{block}.days": days or days_in(per)}


def day_of_report(key: str, text: str, answers: Answers) -> Filled:
    """The day up to which a report counts; a rate is one of the morning of its day."""
    return {key: (law if answers.get("known") == "rate" else counted)(text)}


def prelude(key: str, text: str, answers: Answers) -> Filled:
    """`4500`, perhaps `since 2022-02-01` or `from 2022-02-01 to 2022-12-14`."""
    found = _BEFORE.fullmatch(text)
    much, lead, first, last = found.groups("") if found else (text, "", "", "")
    if law(much).startswith('"'):
        instance = Hint("for instance 4500 since 1 February 2022", is_general=True)
        hint = number_hint(much, "count", ranges=True) or instance
        raise refusal(f"{key} must be a number", much, hint)
    first = f"{first} to {last}" if lead == "since" and last else first  # since mid-February
    filled = {key: law(much), **({"prelude.start": law(first)} if first else {})}
    check_prelude({**answers, **filled})
    return filled


_BEFORE = re.compile(
    r"(.+?)(?: (since|from|in) (\d{4}-\S+)(?: to (\d{4}-\S+))?)?(?: (?:by|until) \d{4}-.+)?"
)


def returns(key: str, text: str, _answers: Answers) -> Filled:
    """`a third`, perhaps `of the wounded return after 60 days`."""
    share, _, after = _RETURN.sub(" ", text).partition(" after ")
    if vague := _SOME_TIME.fullmatch(after.strip()):
        hint = Hint("how long is that? a range, such as 14 to 56 days", such_as="14 to 56 days")
        raise refusal("wounded.return_days must be a number of days", vague[0], hint)
    days = {"wounded.return_days": law(_DAYS.sub("", after.strip()))} if after else {}
    return {key: law(share.strip()), **days}


_RETURN = pattern(
    r"\s+(?:of (?:them|(?:the|those) (?:wounded|injured))|"
    r"(?:(?:will|can|may) )?(?:returns?|come back|recover)"
    r"(?: to (?:duty|service|the (?:front|fight)|their units?))?)(?!\w)"
)
_SOME_TIME = pattern(r"(?:some|a few|several|many) (?:days|weeks|months)")
_DAYS = pattern(r"\s+days?(?: on average)?$")


def pause(key: str, text: str, _: Answers) -> Filled:
    """A first day, perhaps `from 2025-01-20 until 2025-02-11` or `from 2025-03-03 for 14 days`."""
    if (found := _PAUSE.fullmatch(text)) is None:
        return {key: law(text)}
    first, until, days = found.groups()
    if until:
        days = str((dt.date.fromisoformat(until) - dt.date.fromisoformat(first)).days)
    return {key: law(first), key.replace("start", "days"): law(_DAYS.sub("", days))}


_PAUSE = re.compile(r"from (.+?)(?: until (\S+)| for (.+))")


def counting(key: str, text: str, _: Answers) -> Filled:
    """What a share is a share of."""
    found = chosen(key, text, COUNTING, COUNTING_TOO)
    return {key: {"present": "strength", "sent": "casualties"}[found]}


def pooling(key: str, text: str, _: Answers) -> Filled:
    """How several reports enter the result, in the words of the file."""
    found = chosen(key, text, POOLING, POOLING_TOO)
    return {key: {"either": "linear", "average": "quantile", "separate": "each"}[found]}


def observed(key: str, text: str, answers: Answers) -> Filled:
    """`4700 on 2025-01-20, NIS`, or the name of a file."""
    if re.match(r"\S+\.(?:csv|tsv|txt)(?:,|$)", text, re.IGNORECASE):
        columns = file_and_columns(text, "losses")
        return {key: f"{{{', '.join(f'{k}: {quoted(v)}' for k, v in columns.items())}}}"}
    what, said = split_source(text)
    by, url = named_source(key, said, answers)
    check_total(key, what, "answer report to more")
    size, date = dated_size(key, what)
    label = quoted(by or f"Count of {date.strip(chr(34))}")
    named = f", url: {quoted(url)}" if url else ""
    return {key: f"{{label: {label}, date: {date}, losses: {size}{named}}}"}


def shares(key: str, text: str, _: Answers) -> Filled:
    """`0.5, 1, left 600`, `600 left`, `a third of the 50,000`, or `20 % left`, which is 0.8."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)

    def threshold(entry: str) -> str:
        if share := _part_gone(entry):
            raise refusal(f"{key} must be shares that are lost", entry, write(share))
        if amount := _AMOUNT.fullmatch(entry := _OF_IT.sub("", entry)):
            done, n = (amount[1], amount[2]) if amount[1] else (amount[4], amount[3])
            return f"{{{'left' if done.lower() == 'left' else 'lost'}: {value(n)}}}"
        return value(_WHOLE.sub("1", entry))

    return {key: listed(map(threshold, re.split(r"[,;]\s*", text)))}


def _part_gone(entry: str) -> str:
    """The share that is lost where 20 % of the force is left, or 80 % lost; empty for others."""
    part = _PART.fullmatch(entry)
    share = number(part["share"], "share") if part else None
    if part is None or share is None or share >= 1:
        return ""
    is_amount = not part["of"] and part["share"].replace(".", "").isdecimal()  # 0.2 left
    return "" if is_amount else f"{1 - share if part['left'] else share:.4g}"


def own_question(key: str, text: str, _: Answers) -> Filled:
    """A question in words; a number with a date was meant for another one."""
    if "?" not in text and re.match(r"\W*\d", text) and is_date(re.sub(r"^\S+\s+\w+\s+", "", text)):
        hint = "end it with a question mark; back, and then a topic, adds a number of a date"
        raise refusal("question must be in words", text, hint)
    return {key: quoted(text)}


_GONE = rf"left|lost|used up|used|spent|{FATE}"
_AMOUNT = pattern(
    rf"({_GONE})\s+(.+)|(?:when )?(.*?\d\S*(?:\s+(?:{SCALE})\b)?)"
    rf"(?:\s+(?!{_GONE})[^\W\d]\S*)*?\s+({_GONE})"
)
"""An amount that is left or lost, and what of it: 600 soldiers left."""
_PART = pattern(
    rf"(?:when )?(?P<share>.+?)(?P<of> of (?:it|them|those|the)\b.*?)?"
    rf"(?: (?:is|are|has been|have been))? (?:(?P<left>left|remaining)|{_GONE}|gone)"
)
_WHOLE = pattern(r"^(?:all|everything|the whole|whole)$")
_OF_IT = pattern(r"(?<=\w) of (?:it|them|those|the)\b.*$")
