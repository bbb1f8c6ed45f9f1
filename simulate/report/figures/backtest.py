"""A back-test: coverage against the probability of the interval, and where outcomes lay."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from simulate._version import __version__
from simulate.analysis.backtest import PIT_BINS, Backtest, LeadTimeRecord, MethodRecord
from simulate.analysis.past_forecasts import OWN
from simulate.report.document import Drawing
from simulate.report.figures.canvas import QUARTERS, Axes, Figure, percents, round_marks
from simulate.report.figures.frame import Frame, Sheet, Sign, Words, framed
from simulate.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    Look,
)
from simulate.report.text import backtest as text
from simulate.report.text.phrases import capitalised
from simulate.report.text.wording import inert, listed, percent

# Lengths in inches.
_PANEL, _HEADING, _NAME, _TICKS, _BETWEEN = 2.0, 0.25, 0.25, 0.55, 0.6
_LABEL, _EDGE = 0.1, 0.15

_HOW_TO_READ = {
    "coverage": "Calibrated intervals follow the diagonal.",
    "pit": "Outcomes fill all tenths of a calibrated forecast alike, up to the grey line.",
}
_METHODS = (
    "Counting noise: the rate stays as it was, and only the counts vary by chance. Reference: the "
    "rate changes as it has changed before"
)
_FIXED = "; front, unit: by a fixed amount, for a whole front or for one contingent"
_REFERENCE, _NOISE = "reference", "counting noise"
_LOOKS: dict[str, Look] = {
    "straight line": {"color": GREY, "linewidth": 1.2, "linestyle": ":"},
    _NOISE: {"color": ORANGE, "linewidth": 1.6},
    "reference, front": {"color": GREEN, "linewidth": 1.0, "linestyle": "--"},
    "reference, unit": {"color": PURPLE, "linewidth": 1.0, "linestyle": "-."},
    # With points, as it is no lighter than the reference in grey print.
    OWN: {"color": VERMILION, "linewidth": 1.4, "marker": "o", "markersize": 3.5},
    _REFERENCE: {"color": BLUE, "linewidth": 1.8},
}
_BANDS = {_REFERENCE: SKY, _NOISE: ORANGE}


def drawing(backtest: Backtest, kinds: Sequence[str] = ("coverage", "pit")) -> Drawing:
    """For each number of days ahead, coverage by method and a histogram of outcome levels.

    Or one of these `kinds`. Bands are the 90 % block-bootstrap intervals of the coverage.
    """
    return framed(_alt_text(backtest, kinds), partial(_figure, backtest, kinds))


def _alt_text(backtest: Backtest, kinds: Sequence[str]) -> str:
    names = {"coverage": "Coverage of past intervals", "pit": "levels of outcomes"}
    what = " and ".join(names[kind] for kind in kinds)
    parts = [f"{what[0].upper()}{what[1:]} for “{inert(backtest.title)}”"]
    for record in backtest.records:
        if "coverage" in kinds:
            parts.append(text.headline(record).removesuffix("."))
        if "pit" in kinds:
            tenths = ", ".join(map(percent, record.of(_REFERENCE).pit))
            days = "" if "coverage" in kinds else f", {text.ahead(record)}"
            each = "Outcomes in each tenth of the reference forecast"
            parts.append(f"{each}{days}, earliest first: {tenths}")
    return ". ".join(parts) + "."


def _figure(backtest: Backtest, kinds: Sequence[str], sheet: Sheet) -> Figure:
    drawn = set(_BANDS)
    if "coverage" in kinds:
        drawn = {method.method for record in backtest.records for method in record.methods}
    shown = ["bands"] * ("coverage" in kinds) + ["brackets"] * (not sheet.bare)
    intervals = f"{capitalised(listed(shown))}: 90 % block-bootstrap intervals." if shown else ""
    read = filter(None, (intervals, *(_HOW_TO_READ[kind] for kind in kinds)))
    head = Words(
        text.finding(backtest),
        list(text.headlines(backtest)),
        [" ".join(read), f"{_METHODS}{_FIXED if 'reference, front' in drawn else ''}."],
        [f"{text.series_words(backtest)} simulate {__version__}"],
        inert(backtest.title),
    )
    legend = [Sign(name, line=look) for name, look in _LOOKS.items() if name in drawn]
    # In a column the panels of a record are below each other.
    abreast = 1 if sheet.is_narrow else len(kinds)
    panel = _NAME + _PANEL + _TICKS
    each = _HEADING + panel * len(kinds) / abreast
    tall = len(backtest.records) * each - _TICKS
    frame = Frame(sheet, head, tall=tall, below=_LABEL, legend=legend)
    inches = (sheet.inches - _EDGE - abreast * _BETWEEN) / abreast
    for number, record in enumerate(backtest.records):
        y = frame.top - number * each
        independent = text.independent(record).replace(" of them", "")
        words = f"{text.ahead(record)}: {record.origins} cases, {independent}"
        frame.canvas.text(sheet.margin, y - 0.15, words, sheet.labels, weight="bold")
        for place, kind in enumerate(kinds):
            down, across = divmod(place, abreast)
            left = sheet.margin + _BETWEEN + across * (inches + _BETWEEN)
            bottom = y - _HEADING - _NAME - _PANEL - down * panel
            _PANELS[kind](frame.canvas.axes(left, bottom, inches, _PANEL), record, sheet)
    return frame.figure


def _draw_coverage(axes: Axes, record: LeadTimeRecord, sheet: Sheet) -> None:
    axes.plot([0, 1], [0, 1], color=PALE, linewidth=3)
    for each in record.methods:
        if each.method in _BANDS:
            _draw_band(axes, each, _BANDS[each.method])
        covered = [(0.0, 0.0), *((one.probability, one.covered) for one in each.coverage)]
        axes.plot(*zip(*covered, strict=True), **_LOOKS[each.method])
    _percent_axis(axes, sheet, "probability of the interval")
    axes.set_yticks(QUARTERS, percents(QUARTERS), size=sheet.labels)
    axes.set_ylim(-0.01, 1.01)
    axes.set_title("Outcomes held", size=sheet.labels, loc="left", color=INK)


def _draw_band(axes: Axes, method: MethodRecord, color: str) -> None:
    levels = [one.probability for one in method.coverage]
    low, high = ([getattr(one, end) for one in method.coverage] for end in ("low", "high"))
    axes.fill_between(levels, low, high, facecolor=color, alpha=0.35, linewidth=0)


def _draw_levels(axes: Axes, record: LeadTimeRecord, sheet: Sheet) -> None:
    edges = [k / PIT_BINS for k in range(PIT_BINS + 1)]
    reference, noise = record.of(_REFERENCE).pit, record.of(_NOISE).pit
    centers = [sum(pair) / 2 for pair in pairwise(edges)]
    axes.bar(centers, reference, 1 / PIT_BINS, facecolor=SKY, edgecolor=BLUE, linewidth=0.8)
    axes.stairs(noise, edges, color=ORANGE, linewidth=1.4)
    axes.axhline(1 / PIT_BINS, color=GREY, linewidth=0.8)
    _percent_axis(axes, sheet, "where in the forecast the outcome lay")
    top = max(*reference, *noise)
    marks = round_marks(top, top * 1.05, 4)
    axes.set_yticks(marks, percents(marks), size=sheet.labels)
    axes.set_ylim(0, top * 1.05)
    axes.set_title("Share of outcomes", size=sheet.labels, loc="left", color=INK)


_PANELS = {"coverage": _draw_coverage, "pit": _draw_levels}


def _percent_axis(axes: Axes, sheet: Sheet, words: str) -> None:
    axes.set_xticks(QUARTERS, percents(QUARTERS), size=sheet.labels)
    axes.set_xlim(0, 1)
    axes.set_xlabel(words, size=sheet.labels)
