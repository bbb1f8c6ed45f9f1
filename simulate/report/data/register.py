"""A register of forecasts: a file of JSON lines to which lines are only ever added.

A line holds a forecast or the outcome of an earlier one, and as its `id` the SHA-256 of all else in
it. Of several outcomes of one forecast the last counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from simulate.analysis.score import Forecast, ForecastRecord, Resolution
from simulate.analysis.track_record import ID_DIGITS, Entry, RecordedOutcome, Register
from simulate.errors import Argument, FileError, Message, Problem, ScenarioError
from simulate.report.data.json_document import encoded, fields
from simulate.report.data.past_run import iso_date, problems
from simulate.report.folder import append, shown
from simulate.report.text.score import resolution_words
from simulate.report.text.wording import inert, prose_date
from simulate.scenario.folder import read_bytes
from simulate.scenario.stocks import Amount

SUFFIX = ".jsonl"
LARGEST = 64_000_000


_Date = Annotated[dt.date, BeforeValidator(iso_date)]


class _Line(BaseModel):
    """What every line has: the digest of all else in it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    id: str


class _ForecastLine(_Line):
    """A forecast, made on a day."""

    kind: Literal["forecast"]
    made_on: _Date
    title: str
    event: str
    threshold: float | dict[Literal["left", "lost"], float]
    digest: str
    stream: str
    program: str
    draws: int = Field(ge=1, le=2**53)
    seed: int = Field(ge=0)
    method: str
    origin: _Date
    horizon: _Date
    by: list[_Date]
    straight_day: float | None = Field(ge=-1.0)
    days: list[float] = Field(min_length=2)
    counts: list[float] = Field(min_length=2)

    @model_validator(mode="after")
    def _is_distribution(self) -> Self:
        days, counts = np.array(self.days), np.array([0.0, *self.counts, float(self.draws)])
        rising = (np.diff(days) >= 0).all() and (np.diff(counts) >= 0).all()
        if days.size != counts.size - 2 or not rising:
            raise ValueError("days and counts should rise together, up to draws")
        return self

    @property
    def record(self) -> ForecastRecord:
        """The forecast."""
        threshold = self.threshold
        if isinstance(threshold, dict):
            ((kind, amount),) = threshold.items()
            threshold = Amount(amount, kind)
        names = ("title", "event", "digest", "stream", "program", "draws", "seed", "method")
        return ForecastRecord(
            **{name: getattr(self, name) for name in names},
            threshold=threshold,
            origin=self.origin,
            horizon=self.horizon,
            by=tuple(self.by),
            straight_day=math.inf if self.straight_day is None else self.straight_day,
            forecast=Forecast(np.array(self.days), np.array(self.counts), self.draws),
        )


class _OutcomeLine(_Line):
    """The outcome of the forecast with an id."""

    kind: Literal["outcome"]
    forecast: str
    recorded_on: _Date
    first: _Date
    last: _Date | None
    source: str


_LINE: TypeAdapter[_ForecastLine | _OutcomeLine] = TypeAdapter(
    Annotated[_ForecastLine | _OutcomeLine, Field(discriminator="kind")]
)


def read_register(path: str | os.PathLike[str]) -> Register:
    """Read a register; lines that are torn, foreign or edited are left out and named.

    A `FileError` if none of its lines is one of a register, a `LimitError` beyond 64 MB.
    """
    return _parsed(read_bytes(Path(path), LARGEST), shown(path))


def add_forecast(path: str | os.PathLike[str], record: ForecastRecord) -> Entry:
    """Add a forecast; one of the same scenario and threshold is not added again.

    The entry is that of the file and says as `is_new` whether it was added.
    """
    before: list[Entry] = []

    def more(register: Register) -> bytes:
        before.extend(register.alike(record))
        if before:
            return b""
        few, made = record.forecast.thinned(), {"kind": "forecast", "made_on": today()}
        distribution = {"days": few.days.tolist(), "counts": few.counts.tolist()}
        return _line({**made, **fields(record, "forecast"), **distribution})

    _append(path, more)
    return replace(read_register(path).alike(record)[0], is_new=not before)


def add_outcome(
    path: str | os.PathLike[str],
    choose: Callable[[Register], Entry],
    outcome: RecordedOutcome,
    *,
    correct: bool = False,
) -> Entry:
    """Add the outcome of the forecast that `choose` finds, or with `correct` another one."""
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
    """Refuse an outcome that was known when the forecast was made, by a `ScenarioError`."""
    if resolution.known_on < entry.made_on:
        known, made = prose_date(resolution.known_on), prose_date(entry.made_on)
        message = f"the outcome was known on {known}, before forecast {entry.shown_id} was made"
        hint = (
            f"a register holds forecasts made before their outcome, this one on {made}; "
            "to score it all the same, score it without a register"
        )
        raise ScenarioError(Problem(message, hint=hint))


def _refines(before: RecordedOutcome, after: RecordedOutcome) -> bool:
    """Whether the later outcome lies within the earlier one, or adds who says so."""
    old, new = before.resolution, after.resolution
    if old == new and old.last is not None:
        return not before.source
    is_within = old.last is None or (new.last is not None and new.last <= old.last)
    return is_within and new.first >= old.first


def _contradiction(before: RecordedOutcome, after: RecordedOutcome) -> ScenarioError:
    """The refusal of an outcome that does not agree with the one before."""
    old, now, last = before.resolution, after.resolution, dt.date.max
    known, new = resolution_words(old), resolution_words(now)
    can_both_be = old.first <= (now.last or last) and now.first <= (old.last or last)
    verb = "says less than" if can_both_be else "contradicts"
    message = f"the outcome, {new}, {verb} what is recorded: {known}"
    if old == now:
        message = f"the outcome, {known}, is already recorded, from {inert(before.source)}"
    hint = Message(
        "to correct it, add ",
        Argument("correct", value=True),
        "; both stay in the register, and the last counts",
    )
    return ScenarioError(Problem(message, hint=hint))


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
    """Refuse, by a `FileError`, a name that does not show `simulate score` what the file is."""
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
    return _canonical({**tree, "id": _digest(tree)}) + b"\n"


def _digest(tree: dict[str, Any]) -> str:
    return hashlib.sha256(_canonical(tree)).hexdigest()


def _canonical(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, sort_keys=True, separators=(",", ":")).encode("ascii")


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


def _checked(data: bytes) -> _ForecastLine | _OutcomeLine:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        raise _ForeignError("it is cut off, or not JSON") from None
    if not isinstance(tree, dict) or tree.get("kind") not in ("forecast", "outcome"):
        raise _ForeignError("it holds neither a forecast nor an outcome")
    if tree.get("id") != _digest({key: value for key, value in tree.items() if key != "id"}):
        raise ValueError("it was edited: its id is not the digest of its content")
    try:
        return _LINE.validate_python(tree)
    except ValidationError as error:
        raise ValueError("; ".join(problems(error))) from None


def _enter(
    line: _ForecastLine | _OutcomeLine, entries: dict[str, Entry], again: dict[str, str]
) -> None:
    """Add what a line says to the entries, or to `again` which of them it repeats."""
    if isinstance(line, _ForecastLine):
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
    entries[entry_id] = replace(known, outcome=RecordedOutcome(resolution, line.source))
