"""A back-test: how intervals made from the series would have fared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from simulate.analysis.backtest import Backtest, LeadTimeRecord, MethodRecord
from simulate.analysis.past_forecasts import OWN
from simulate.report import document
from simulate.report.figures.backtest import drawing
from simulate.report.text import backtest as words
from simulate.report.text.wording import grouped, inert

_HEADER = ("method", "50 % covers", "90 % covers", "width", "CRPS", "ratio")


def backtest_page(backtest: Backtest) -> document.Document:
    """Coverage, width and score of each method, in full for the days ahead that matter most."""
    lines, main = words.explanations(backtest), backtest.main
    first = map(words.headline, words.main_first(backtest))
    return document.composed(
        inert(backtest.title),
        ("answer", "", document.paragraphs(first, "strong")),
        (f"days-{main.days}", words.ahead(main), _record(main)),
        ("others", "Other days ahead", _others(backtest)),
        ("pictures", "In pictures", [_picture(backtest)]),
        ("terms", "What the words mean", document.paragraphs(lines)),
        ("warnings", "Warnings", document.warned(backtest.warnings)),
        (
            "series",
            "The series",
            document.paragraphs((words.series_words(backtest), words.too_long_words(backtest))),
        ),
    )


def _record(record: LeadTimeRecord) -> Iterator[document.Block]:
    yield document.paragraph(words.cases_words(record))
    yield document.paragraph(words.HOW_TO_READ)
    yield document.table("", _HEADER, _rows(record))


def _rows(record: LeadTimeRecord) -> Iterator[list[str]]:
    """A row a method; one that the scenario's own equals has both names."""
    found = {method.method: _row(method)[1:] for method in record.methods}
    own = found.pop(OWN, None)
    alike = next((name for name, cells in found.items() if cells == own), None)
    if own is not None and alike is None:
        yield [OWN, *own]
    for name, cells in found.items():
        yield [f"{name}, as {OWN}" if name == alike else name, *cells]


def _others(backtest: Backtest) -> Iterator[document.Block]:
    if len(backtest.records) > 1:
        header, *rows = words.in_short(backtest)
        yield document.table("Outcomes in the 90 % interval, in %", header, rows)


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
    main = backtest.main
    yield document.paragraph(words.series_words(backtest))
    yield document.paragraph(f"{words.ahead(main)}: {words.cases_words(main)}")
    yield document.paragraph(words.HOW_TO_READ)
    yield document.table("", _HEADER, _rows(main))
    yield from _others(backtest)
    yield _picture(backtest)
    yield document.Listing(tuple((line,) for line in words.explanations(backtest)))


def _picture(backtest: Backtest) -> document.Picture:
    caption = "How often intervals held the outcome, and where in the forecast it lay."
    return document.Picture(caption, partial(drawing, backtest))
