"""The scores of a forecast, and the track record of a register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.analysis.score import Assessment
from simulate.analysis.track_record import BINS, Entry, Register, TrackRecord
from simulate.report import document
from simulate.report.text import score as words
from simulate.report.text.wording import inert, share
from simulate.report.text.wrapping import wrap

_TITLE_CELLS, _TITLE_LINES = 14, 4


def score_page(found: Assessment, warnings: Sequence[str] = ()) -> document.Document:
    """Where the outcome lies, and the scores beside those of the straight line."""
    record = found.record
    lines = (f"{line}." for line in (words.outcome_line(found), words.crps_line(found)))
    notes = [("", note) for note in words.notes(found)]
    table = document.table("Scores", words.HEADER, words.rows(found), notes=notes)
    return document.composed(
        inert(record.title),
        ("answer", "", document.paragraphs(lines, "strong")),
        ("warnings", "", document.warned(warnings)),
        ("scores", "Scores", [table]),
        question=inert(record.event),
        foot=inert(f"{record.program}, {record.stream}, scenario {record.digest[:12]}"),
    )


def register_page(register: Register, record: TrackRecord) -> document.Document:
    """How many forecasts, how they fared, and each of them."""
    answer = (words.count_words(len(register.entries), record.n), words.mean_words(record))
    return document.composed(
        f"Forecasts of {register.name}",
        ("warnings", "", document.warned(register.problems)),
        ("answer", "", document.paragraphs(answer, "strong")),
        ("coverage", "Intervals", _coverage(record) if record.n else ()),
        ("levels", "Levels", _levels(record) if record.n else ()),
        ("forecasts", "Forecasts", _forecasts(register.entries)),
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
    header = ("id", "made on", "at", "outcome", "level", "CRPS\ndays", "line\ndays", "title")
    if entries:
        caption = "Each forecast, and the straight line beside it"
        notes = [("", note) for note in words.REGISTER_NOTES]
        yield document.table(caption, header, map(_row, entries), optional=1, notes=notes)


def _row(entry: Entry) -> list[str]:
    scored = ["", "", "", ""]
    if (found := entry.assessment) is not None:
        scores = (words.days_words(one.crps_days) for one in (found.forecast, found.straight))
        scored = [words.resolution_cell(found.resolution), words.level_cell(found), *scores]
    title = wrap(inert(entry.record.title), _TITLE_CELLS, lines=_TITLE_LINES, ellipsis="...")
    at = share(entry.record.threshold)
    return [entry.shown_id, entry.made_on.isoformat(), at, *scored, "\n".join(title)]
