"""The scores of a forecast, and the track record of a register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.analysis.score import Assessment
from simulate.analysis.track_record import BINS, LEVELS, Entry, Register, TrackRecord
from simulate.report import document
from simulate.report.text import score as words
from simulate.report.text.wording import inert, share
from simulate.report.text.wrapping import wrap

_TITLE_CELLS, _TITLE_LINES = 30, 3


def score_page(found: Assessment, warnings: Sequence[str] = ()) -> document.Document:
    """Where the outcome lies, and the scores beside those of the straight line."""
    record = found.record
    lines = (f"{line}." for line in (words.outcome_line(found), words.crps_line(found)))
    notes = [("", note) for note in words.notes(found)]
    table = document.table("", words.HEADER, words.rows(found), notes=notes)
    return document.composed(
        inert(record.title),
        ("answer", "", document.paragraphs(lines, "strong")),
        ("warnings", "", document.warned(warnings)),
        ("scores", "Scores", [table]),
        question=inert(record.event),
        foot=inert(f"{record.program}, {record.stream}, scenario {record.digest[:12]}"),
    )


def register_page(
    register: Register, record: TrackRecord, added: Entry | None = None
) -> document.Document:
    """How many forecasts, how they fared, and each of them; or the one just added."""
    answer = (words.count_words(len(register.entries), record.n), words.mean_words(record))
    known = [entry for entry in register.entries if entry.outcome]
    whole = (
        ("coverage", "Intervals", _coverage(record) if record.n else ()),
        ("levels", "Levels", _levels(record) if record.n else ()),
        ("scores", "Scores", _scores(known)),
    )
    return document.composed(
        f"Forecasts of {register.name}",
        ("warnings", "", document.warned(register.problems)),
        ("answer", "", document.paragraphs(answer[:1] if added else answer, "strong")),
        *(() if added else whole),
        ("forecasts", "Forecasts", _forecasts([added] if added else register.entries)),
    )


def _coverage(record: TrackRecord) -> Iterator[document.Table]:
    header, rows = ("interval", "held the outcome"), words.coverage_words(record)
    yield document.table("How many intervals held the outcome", header, rows)


def _levels(record: TrackRecord) -> Iterator[document.Table]:
    rows = (
        (f"{100 * k // BINS} to {100 * (k + 1) // BINS} %", f"{count:.3g}")
        for k, count in enumerate(record.levels)
    )
    note = "Evenly spread if the forecasts are neither too early nor too late, too narrow or wide."
    caption = "Outcomes by their level in the forecast"
    yield document.table(caption, ("level", "outcomes"), rows, notes=[("", note)])


def _forecasts(entries: Sequence[Entry]) -> Iterator[document.Table]:
    header = ("id\nmade on", "at", "median", "P5\nP95", "title")
    if entries:
        yield document.table("What was forecast", header, map(_forecast_row, entries), optional=1)


def _forecast_row(entry: Entry) -> list[str]:
    record = entry.record
    beyond = f"not by\n{record.horizon}"
    low, median, high = (str(record.date_at(p) or beyond) for p in LEVELS)
    made = f"{entry.shown_id}\n{entry.made_on}"
    return [made, share(record.threshold), median, f"{low}\n{high}", _title(entry)]


def _scores(entries: Sequence[Entry]) -> Iterator[document.Table]:
    header = ("id", "outcome", "level", "CRPS\ndays", "line\ndays", "title")
    if entries:
        caption = "Each known outcome, and the straight line beside the forecast"
        notes = [("", note) for note in words.REGISTER_NOTES]
        rows = map(_score_row, entries)
        yield document.table(caption, header, rows, optional=1, notes=notes)


def _score_row(entry: Entry) -> list[str]:
    if (found := entry.assessment) is None:
        return []
    scores = (words.days_words(one.crps_days) for one in (found.forecast, found.straight))
    outcome = words.resolution_cell(found.resolution)
    return [entry.shown_id, outcome, words.level_cell(found), *scores, _title(entry)]


def _title(entry: Entry) -> str:
    title = wrap(inert(entry.record.title), _TITLE_CELLS, lines=_TITLE_LINES, ellipsis="...")
    return "\n".join(title)
