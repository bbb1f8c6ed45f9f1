"""A register of forecasts: a file of JSON lines to which lines are only ever added.

A line holds a forecast or the outcome of an earlier one, and as its `id` the SHA-256 of all else in
it. Of several outcomes of one forecast the last counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulate.analysis.score import ForecastRecord, Resolution
from simulate.analysis.track_record import ID_DIGITS, Entry, Outcome, Register
from simulate.errors import Argument, FileError, Message, Problem, ScenarioError
from simulate.report.data.json_document import encoded, fields
from simulate.report.data.past_run import problems
from simulate.report.data.register_lines import LINE, ForecastLine, OutcomeLine
from simulate.report.folder import append, shown
from simulate.report.text.score import resolution_words
from simulate.report.text.wording import inert, prose_date
from simulate.scenario.folder import read_bytes

SUFFIX = ".jsonl"
LARGEST = 64_000_000


def read_register(path: str | os.PathLike[str]) -> Register:
    """Read a register; lines that are torn, foreign or edited are left out and named.

    Raises
    ------
    FileError
        If it cannot be read, or none of its lines is one of a register.
    LimitError
        If it is larger than 64 MB.
    """
    return _parsed(read_bytes(Path(path), LARGEST), shown(path))


def add_forecast(path: str | os.PathLike[str], record: ForecastRecord) -> Entry:
    """Add a forecast; one of the same scenario and threshold is not added again.

    The entry is that of the file and says as `is_new` whether it was added.

    Raises
    ------
    FileError
        If the file cannot be written or is no register.
    """
    few = record.forecast.thinned()
    tree = {
        "kind": "forecast",
        "made_on": today(),
        **fields(record, "forecast"),
        "days": few.days.tolist(),
        "counts": few.counts.tolist(),
    }
    line = _line(tree)
    key = json.loads(line)["id"]
    before: list[Entry] = []

    def more(register: Register) -> bytes:
        before.extend(register.alike(record))
        return b"" if before else line

    _append(path, more)
    if before:
        return replace(before[0], is_new=False)
    return next(entry for entry in read_register(path).entries if entry.id == key)


def add_outcome(
    path: str | os.PathLike[str],
    choose: Callable[[Register], Entry],
    outcome: Outcome,
    *,
    correct: bool = False,
) -> Entry:
    """Add the outcome of the forecast that `choose` finds, or with `correct` another one.

    Raises
    ------
    ScenarioError
        If the outcome was known, or can have come, when the forecast was made; or if another one is
        known and not to be corrected.
    FileError
        If the file cannot be written or is no register.
    """
    chosen: list[Entry] = []

    def more(register: Register) -> bytes:
        entry = choose(register)
        known = entry.outcome
        # Without a source an outcome says no more than the same one with it.
        if known and outcome in (known, known._replace(source="")):
            chosen.append(entry)
            return b""
        check_later(entry, outcome.resolution)
        _check_begun(entry, outcome.resolution)
        if known is not None and not (correct or _refines(known, outcome)):
            raise _contradiction(known, outcome)
        chosen.append(Entry(entry.id, entry.made_on, entry.record, outcome))
        resolution = fields(outcome.resolution)
        tree = {"kind": "outcome", "forecast": entry.id, "recorded_on": today(), **resolution}
        return _line({**tree, "source": outcome.source})

    check_name(path)
    if not Path(path).exists():  # which `append` would create
        first = "register the forecast first, then add its outcome"
        raise FileError(f"cannot read {shown(path)}: it does not exist; {first}")
    _append(path, more)
    return chosen[0]


def check_later(entry: Entry, resolution: Resolution) -> None:
    """Refuse an outcome that was known when the forecast was made.

    Raises
    ------
    ScenarioError
    """
    if resolution.known_on < entry.made_on:
        known, made = prose_date(resolution.known_on), prose_date(entry.made_on)
        message = f"the outcome was known on {known}, before forecast {entry.shown_id} was made"
        hint = (
            f"a register holds forecasts made before their outcome, this one on {made}; "
            "to score it all the same, score it without a register"
        )
        raise ScenarioError(Problem(message, hint=hint))


def _refines(before: Outcome, after: Outcome) -> bool:
    """Whether the later outcome lies within the earlier one, or adds who says so."""
    old, new = before.resolution, after.resolution
    if old == new and old.last is not None:
        return not before.source
    is_within = old.last is None or (new.last is not None and new.last <= old.last)
    return is_within and new.first >= old.first


def _contradiction(before: Outcome, after: Outcome) -> ScenarioError:
    """The refusal of an outcome that does not agree with the one before."""
    known, new = resolution_words(before.resolution), resolution_words(after.resolution)
    verb = "says less than" if _overlap(before.resolution, after.resolution) else "contradicts"
    message = f"the outcome, {new}, {verb} what is recorded: {known}"
    if before.resolution == after.resolution:
        message = f"the outcome, {known}, is already recorded, from {inert(before.source)}"
    hint = Message(
        "to correct it, add ",
        Argument("correct", value=True),
        "; both stay in the register, and the last counts",
    )
    return ScenarioError(Problem(message, hint=hint))


def _overlap(one: Resolution, other: Resolution) -> bool:
    """Whether both can be true."""
    last = dt.date.max
    return one.first <= (other.last or last) and other.first <= (one.last or last)


def _check_begun(entry: Entry, resolution: Resolution) -> None:
    """Refuse an outcome that can have come before the forecast was made."""
    if resolution.last is not None and resolution.first < entry.made_on:
        made = prose_date(entry.made_on)
        message = f"the outcome can lie before forecast {entry.shown_id} was made, on {made}"
        hint = f"if it had not happened by then, begin with {entry.made_on}; else score it without"
        raise ScenarioError(Problem(message, hint=f"{hint} the register"))


def today() -> dt.date:
    """The date where the user is."""
    return dt.datetime.now().astimezone().date()


def check_name(path: str | os.PathLike[str]) -> None:
    """Refuse a name by which `simulate score` would not know the file for a register.

    Raises
    ------
    FileError
    """
    if Path(path).suffix.lower() != SUFFIX:
        raise FileError(f"cannot use {shown(path)} as a register: its name must end in {SUFFIX}")


def _append(path: str | os.PathLike[str], more: Callable[[Register], bytes]) -> None:
    check_name(path)

    def lines(content: bytes) -> bytes:
        new = more(_parsed(content, shown(path)))
        # The end of a torn line; what follows is whole.
        return b"\n" + new if new and content and not content.endswith(b"\n") else new

    append(path, lines, LARGEST)


def _line(tree: dict[str, Any]) -> bytes:
    tree = encoded(tree)
    return f"{_canonical({**tree, 'id': _digest(tree)})}\n".encode("ascii")


def _digest(tree: dict[str, Any]) -> str:
    return hashlib.sha256(_canonical(tree).encode("ascii")).hexdigest()


def _canonical(tree: dict[str, Any]) -> str:
    return json.dumps(tree, sort_keys=True, separators=(",", ":"))


def _parsed(content: bytes, name: str) -> Register:
    entries: dict[str, Entry] = {}
    again: dict[str, str] = {}
    left_out: list[str] = []
    numbered = enumerate(content.split(b"\n"), start=1)
    lines = [(number, line) for number, line in numbered if line.strip()]
    foreign = 0
    for number, data in lines:
        try:
            line = _checked(data)
            _enter(line, entries, again)
        except _ForeignError as error:
            foreign += 1
            left_out.append(f"line {number} of {name} is left out: {error}")
        except (ValueError, RecursionError, ScenarioError) as error:
            left_out.append(f"line {number} of {name} is left out: {error}")
    if lines and foreign == len(lines):
        raise FileError(
            f"{name} is not a register of forecasts: {left_out[0]}; "
            "a register is written by registering a forecast"
        )
    return Register(name, tuple(entries.values()), tuple(left_out))


class _ForeignError(ValueError):
    """Not a line of a register."""


def _checked(data: bytes) -> ForecastLine | OutcomeLine:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        raise _ForeignError("it is cut off, or not JSON") from None
    if not isinstance(tree, dict) or tree.get("kind") not in ("forecast", "outcome"):
        raise _ForeignError("it holds neither a forecast nor an outcome")
    if tree.get("id") != _digest({key: value for key, value in tree.items() if key != "id"}):
        raise ValueError("it was edited: its id is not the digest of its content")
    try:
        return LINE.validate_python(tree)
    except ValidationError as error:
        raise ValueError("; ".join(problems(error))) from None


def _enter(
    line: ForecastLine | OutcomeLine, entries: dict[str, Entry], again: dict[str, str]
) -> None:
    """Add what a line says to the entries, or to `again` which of them it repeats."""
    if isinstance(line, ForecastLine):
        if line.id in entries or line.id in again:
            raise ValueError("it repeats an earlier line")
        entry = Entry(line.id, line.made_on, line.record)
        if before := Register("", tuple(entries.values()), ()).alike(line.record):
            again[line.id] = before[0].id
            raise ValueError(f"its scenario and threshold are those of {before[0].shown_id}")
        entries[line.id] = entry
        return
    entry_id = again.get(line.forecast, line.forecast)
    if (known := entries.get(entry_id)) is None:
        what = inert(line.forecast)[:ID_DIGITS]
        raise ValueError(f"the forecast {what}, whose outcome it gives, is not above it")
    resolution = Resolution(line.first, line.last)
    check_later(known, resolution)
    entries[entry_id] = replace(known, outcome=Outcome(resolution, line.source))
