"""Scores as JSON documents and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from simulate.analysis.score import Assessment, Score
from simulate.analysis.track_record import LEVELS, Entry, Register, TrackRecord
from simulate.report.data import files
from simulate.report.data.json_document import SCHEMA_VERSION, encoded, fields
from simulate.report.text.score import scored_up_to
from simulate.report.text.wording import share


def document(found: Assessment) -> dict[str, Any]:
    """The scores as JSON types; an outcome without `last` is none before `first`."""
    return {"schema_version": SCHEMA_VERSION, **_assessed(found)}


def _assessed(found: Assessment) -> dict[str, Any]:
    record = found.record
    straight = {"date": record.straight_date, "day": record.straight_day, **_scores(found.straight)}
    return {
        **fields(record, "forecast", "straight_day", "by"),
        "outcome": fields(found.resolution),
        "scored_up_to": encoded(scored_up_to(found)),
        "forecast": _scores(found.forecast),
        "straight_line": encoded(straight),
    }


def _scores(score: Score) -> dict[str, Any]:
    level = {"low": score.low, "high": score.high, "middle": score.level}
    return {"level": level, **fields(score, "low", "high")}


def table(found: Assessment) -> files.Table:
    """A row for each score."""
    return files.Table(("score", "of", "forecast", "straight_line"), list(_rows(found)))


def _rows(found: Assessment) -> Iterator[Sequence[files.Cell]]:
    own, line = found.forecast, found.straight
    yield "level_low", None, own.low, line.low
    yield "level_high", None, own.high, line.high
    yield "crps_days", None, own.crps_days, line.crps_days
    for one, other in zip(own.intervals, line.intervals, strict=True):
        yield "interval_score_days", one.probability, one.score_days, other.score_days
    for by, other_by in zip(own.by, line.by, strict=True):
        yield "brier_score", by.date, by.score, other_by.score


def register_document(
    register: Register, record: TrackRecord, entries: Sequence[Entry]
) -> dict[str, Any]:
    """A register, how its forecasts fared, and some of them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "register": register.name,
        "left_out": list(register.problems),
        **fields(record, n="resolved", n_open="open"),
        "forecasts": list(map(_entry, entries)),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    found, source = entry.assessment, entry.outcome and entry.outcome.source
    scored = fields(entry.record, "forecast", "by") if found is None else _assessed(found)
    dates = [{"level": p, "date": encoded(entry.record.date_at(p))} for p in LEVELS]
    head = {"id": entry.id, "made_on": encoded(entry.made_on), "quantiles": dates}
    return {**head, **scored, "source": source}


def register_table(entries: Sequence[Entry]) -> files.Table:
    """A row for each forecast."""
    header = (
        *("id", "made_on", "title", "event", "digest", "first", "last", "source"),
        *("level_low", "level_high", "crps_days", "straight_line_crps_days", "threshold"),
        *("p5", "median", "p95"),
    )
    return files.Table(header, [list(_cells(entry)) for entry in entries])


def _cells(entry: Entry) -> Iterator[files.Cell]:
    record, found, outcome = entry.record, entry.assessment, entry.outcome
    yield from (entry.id, entry.made_on, record.title, record.event, record.digest)
    if found is None or outcome is None:
        yield from [None] * 7
    else:
        yield from (found.resolution.first, found.resolution.last, outcome.source)
        score = found.forecast
        yield from (score.low, score.high, score.crps_days, found.straight.crps_days)
    yield share(record.threshold)
    yield from map(record.date_at, LEVELS)
