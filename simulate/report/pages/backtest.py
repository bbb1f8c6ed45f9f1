"""A back-test: how intervals made from the series would have fared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from simulate.analysis.backtest import Backtest, MethodRecord, TrackRecord
from simulate.report import document
from simulate.report.figures.backtest import drawing
from simulate.report.text import backtest as words
from simulate.report.text.wording import grouped, inert

_HEADER = ("method", "50 % covers", "90 % covers", "width", "CRPS", "ratio")


def backtest_page(backtest: Backtest) -> document.Document:
    """Coverage, width and score of each method, a table for each number of days ahead."""
    lines = words.explanations(backtest)
    return document.composed(
        inert(backtest.title),
        ("answer", "", document.paragraphs(words.headlines(backtest), "strong")),
        *(
            (f"days-{record.days}", words.ahead(record), _record(record))
            for record in backtest.records
        ),
        ("pictures", "In pictures", [_picture(backtest)]),
        ("terms", "How to read it", document.paragraphs(lines)),
        ("warnings", "Warnings", document.warned(backtest.warnings)),
        (
            "series",
            "The series",
            document.paragraphs((words.series_words(backtest), words.too_long_words(backtest))),
        ),
    )


def _record(record: TrackRecord) -> Iterator[document.Block]:
    yield document.paragraph(words.cases_words(record))
    yield document.table("", _HEADER, map(_row, record.methods))


def _row(method: MethodRecord) -> list[str]:
    return [
        method.method,
        words.in_percent(method.at(0.5)),
        words.in_percent(method.at(0.9)),
        f"{grouped(round(method.width_days))} days" if math.isfinite(method.width_days) else "open",
        f"{method.crps_days:,.1f} days",
        "" if math.isnan(method.crps_ratio) else f"{method.crps_ratio:.2f}",
    ]


def fared(backtest: Backtest) -> Iterator[document.Block]:
    """The same as one section of a longer page."""
    yield document.paragraph(words.series_words(backtest))
    for record in backtest.records:
        yield document.paragraph(f"{words.ahead(record)}: {words.cases_words(record)}")
        yield document.table("", _HEADER, map(_row, record.methods))
    yield _picture(backtest)
    yield document.Listing(tuple((line,) for line in words.explanations(backtest)))


def _picture(backtest: Backtest) -> document.Picture:
    """Coverage against the probability of the interval, and where outcomes lay."""
    caption = "How often intervals held the outcome, and where in the forecast it lay."
    return document.Picture(caption, partial(drawing, backtest))
