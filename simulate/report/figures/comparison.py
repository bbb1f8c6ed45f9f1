"""The histograms of several scenarios below each other, on one axis of dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.comparison import Comparison
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import DateHistogram
from simulate.errors import LimitError
from simulate.report.document import Drawing
from simulate.report.figures import dates, frame, style
from simulate.report.figures.bars import Bars, bars, in_bars_of
from simulate.report.figures.canvas import Axes, Figure, fitted, without_scale
from simulate.report.figures.date_lines import date_flags
from simulate.report.figures.flags import DASHED, Flag, LineStyle, Room
from simulate.report.figures.histogram import draw_bars
from simulate.report.figures.never import LEAST, brief_aside
from simulate.report.text import comparison as text
from simulate.report.text.attribution import sources
from simulate.report.text.headline import headline
from simulate.report.text.phrases import (
    capitalised,
    digest,
    never_probability,
    outcome_of,
    title_words,
)
from simulate.report.text.wording import inert, percent, short_date

ON_CARD = 2
"""Scenarios that a card has room for."""

_OWN_SCALE = "Each histogram has a vertical scale of its own"
_SAME_SCALE = 4.0
"""Histograms of which none is so many times taller than another have one vertical scale."""
_ALL = slice(None)
_GAP, _CARD_GAP = 0.22, 0.08
"""Inches between two scenarios."""
_LOWEST = 0.2
"""Inches of a panel."""


class _Panel(Struct, frozen=True):
    """One scenario: its name and words, and its bars, None where no draw is depleted."""

    number: int
    name: str
    summary: Summary
    outcome: Outcome
    drawn: Bars | None

    @property
    def tallest(self) -> float:
        """The height of the tallest bar."""
        return max(self.drawn.heights) if self.drawn else 0.0

    @property
    def look(self) -> tuple[str, str]:
        """Colour and hatch."""
        return style.SCENARIOS[self.number % len(style.SCENARIOS)]


def drawing(comparison: Comparison, threshold: float | None = None, part: slice = _ALL) -> Drawing:
    """A histogram for each scenario, or for a part of them, for one threshold that all have.

    All are on one axis of dates and in bars of the same width, each with its own median and that
    of the first scenario; a hatched gauge beside it shows the draws that are never depleted.
    A card (the sheet "social") has room for two scenarios.

    Raises
    ------
    LimitError
        If there are more than 26 scenarios.
    """
    if (n := len(comparison.summaries)) > text.MOST_DRAWN:
        raise LimitError(f"{n} scenarios are more than the {text.MOST_DRAWN} a picture can show")
    threshold = comparison.thresholds[-1] if threshold is None else threshold
    comparison = text.by_claim(comparison)
    draw = partial(_figure, comparison, threshold, part=part)
    return frame.framed(_alt_text(comparison, threshold, part), draw)


def _alt_text(comparison: Comparison, threshold: float, part: slice) -> str:
    each = [
        f"{comparison.names[number]}, “{title_words(summary)}”: "
        f"{headline(summary, outcome_of(summary, threshold))}"
        for number, summary in [*enumerate(comparison.summaries)][part]
    ]
    what = f"{len(each)} scenario{'s' if len(each) > 1 else ''}"
    start = f"Histograms of the simulated dates of {what} on one axis of dates"
    return ". ".join([start, *each, *text.headlines(comparison, threshold)]) + "."


def _figure(
    comparison: Comparison,
    threshold: float,
    sheet: frame.Sheet,
    *,
    part: slice,
    dated: bool = True,
) -> Figure:
    if sheet.is_card and len(comparison.summaries) > ON_CARD:
        raise ValueError("a card has room for two scenarios only")
    if sheet.is_card:  # which has little room, and no vertical scale
        sheet = replace(sheet, left=sheet.margin, labels=9.0, number=26.0)
    panels = _panels(comparison, threshold, dates.MOST_BARS // (2 if sheet.is_narrow else 1))
    bodies = _bodies(panels, sheet)[part]
    alike = len({panel.summary.scenario.title for panel in panels}) < len(panels)
    shown = panels[part]
    n = len(shown)
    if not dated:
        medians = ([flag for flag in body.flags if flag.color == style.MEDIAN] for body in bodies)
        bodies = [replace(body, flags=own) for body, own in zip(bodies, medians, strict=True)]
    areas = dates.rooms(bodies, sheet)
    headings = [_headings(panel, sheet, alike=alike) for panel in shown]
    gap = _CARD_GAP if sheet.is_card else _GAP
    above = [
        gap + frame.headings_height(sheet, heading) + area.strip
        for heading, area in zip(headings, areas, strict=True)
    ]
    page = frame.Frame(
        sheet,
        _words(
            comparison, threshold, panels, sheet, dates.keys(f for b in bodies for f in b.flags)
        ),
        tall=sum(above) + n * max(1.5 - 0.1 * n, 0.6) - sheet.gap,
    )
    tall = (page.top + sheet.gap - page.bottom - sum(above)) / n
    if dated and tall < _LOWEST:  # published dates have no room on this card
        return _figure(comparison, threshold, sheet, part=part, dated=False)
    y = page.top + sheet.gap
    for body, area, heading, words in zip(bodies, areas, headings, above, strict=True):
        page.write(heading, y - gap)
        y -= words + tall
        axes = dates.draw_body(page.canvas, sheet, body, replace(area, tall=tall), y)
        axes.tick_params(axis="x", labelbottom=body is bodies[-1])
    return page.figure


def _words(
    comparison: Comparison,
    threshold: float,
    panels: Sequence[_Panel],
    sheet: frame.Sheet,
    keys: Sequence[str],
) -> frame.Words:
    own = "" if _one_scale(panels) else _OWN_SCALE
    first = comparison.summaries[0]
    digests = (f"{panel.name} {digest(panel.summary)}" for panel in panels)
    origin = [sources(*comparison.summaries), frame.run_words(first, *digests)]
    if sheet.is_card:
        origin[0] = frame.one_line(sheet, *comparison.summaries)
        title, number, meaning = text.card_words(comparison, threshold)
        origin[1] += " · scales differ" if own else ""
        return frame.Words(title, [meaning], origin=origin, number=number)
    remarks = []
    outside = max((p.drawn.outside if p.drawn else 0.0) for p in panels)
    if outside > 0:
        shown = percent(outside, 0)
        part = capitalised(shown) if shown.startswith("under") else f"Up to {shown}"
        remarks.append(f"{part} of the simulations of a scenario fall outside the dates drawn.")
    if own:
        remarks.append(f"{own}.")
    results = [*map(capitalised, text.headlines(comparison, threshold, named=False))]
    has_errors = not sheet.bare and any("±" in result for result in results)
    errors = ["±: 95 % Monte Carlo error, in days."] if has_errors else []
    drawn = next((panel.drawn for panel in panels if panel.drawn), None)
    return frame.Words(
        text.finding(comparison, threshold),
        results,
        [*keys, " ".join(remarks), *errors],
        origin,
        subject=text.claimed(comparison),
        shown=f"Simulations per {drawn.span_words}" if drawn else "",
    )


def _headings(panel: _Panel, sheet: frame.Sheet, *, alike: bool) -> list[frame.Heading]:
    """Name and title, the file if titles are alike, and the result where there is room."""
    file = text.file_words(panel.summary) if alike else ""
    title = inert(panel.summary.scenario.title)
    name = f"{capitalised(panel.name)}: {title}{f' ({file})' if file else ''}"
    _, is_claim, source = title.rpartition(f", {panel.name}: ")
    if is_claim:  # whose scenario the page names
        name = f"{capitalised(panel.name)}: {source}"
    size, most = min(sheet.words, 10.0), 1 if sheet.is_card else sheet.most[0]
    lines = fitted(name, size, inches=sheet.inches, lines=most, weight="bold")
    color, _ = panel.look
    # Text in the lighter colours would be hard to read.
    dark = color if color in (style.BLUE, style.GREEN, style.GREY) else style.INK
    found = [frame.Heading(lines, size, "bold", dark)]
    if not (sheet.is_card or sheet.bare):
        result = headline(panel.summary, panel.outcome)
        lines = fitted(result, style.SMALL, inches=sheet.inches, lines=8)
        found.append(frame.Heading(lines, style.SMALL))
    return found


# --- panels ---


def _panels(comparison: Comparison, threshold: float, most: int) -> list[_Panel]:
    histograms = comparison.histograms[comparison.thresholds.index(threshold)]
    together = bars(_pooled(histograms), most)
    return [
        _Panel(
            number,
            comparison.names[number],
            summary,
            outcome_of(summary, threshold),
            None if together is None else in_bars_of(histogram, together),
        )
        for number, (summary, histogram) in enumerate(
            zip(comparison.summaries, histograms, strict=True)
        )
    ]


def _bodies(panels: Sequence[_Panel], sheet: frame.Sheet) -> list[dates.Body]:
    """One for each scenario, on an axis that has room for the published dates of all."""
    marked = [_published(panel, panels, sheet) for panel in panels]
    pairs = [*zip(panels, marked, strict=True)]
    spans = [dates.span_of(panel.summary, each, panel.drawn) for panel, each in pairs]
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    bodies = [_body(panel, panels, sheet, each, (low, high)) for panel, each in pairs]
    flags = [flag for body in bodies for flag in body.flags]
    return [replace(body, flags=dates.inside(body.flags, low, high, flags)) for body in bodies]


def _published(panel: _Panel, panels: Sequence[_Panel], sheet: frame.Sheet) -> list[Flag]:
    """The published dates; a card has room for the names of one, in its first panel."""
    if not sheet.is_card:
        return date_flags(panel.outcome, sheet, shares=not sheet.is_tight)
    first, *others = (date_flags(one.outcome, sheet, shares=False)[:1] for one in panels)
    if any(each != first for each in others):
        return []
    return [replace(flag, label="", far="") for flag in first] if panel.number else first


def _body(
    panel: _Panel,
    panels: Sequence[_Panel],
    sheet: frame.Sheet,
    marked: Sequence[Flag],
    span: tuple[float, float],
) -> dates.Body:
    """One scenario, with the gauge of "never" if one of them needs it."""
    flags = _flag(panel, "median", style.MEDIAN, "-")
    if panel.number and not sheet.is_card:
        first = panels[0].name
        name = f"{first}:" if sheet.is_narrow else f"median of {first}{':' if ' ' in first else ''}"
        flags += _flag(panels[0], name, style.INK, DASHED)
    flags += marked
    top = max(one.tallest for one in panels) if _one_scale(panels) else panel.tallest

    def draw(axes: Axes, room: Room) -> None:
        if panel.drawn is None or not panel.tallest:
            dates.say_nothing(axes, panel.summary, panel.outcome)
            without_scale(axes)
            return
        color, hatch = panel.look
        look: style.Look = {"color": color, "hatch": hatch, "top": top}
        draw_bars(axes, panel.drawn, room, **look, steps=3, size=sheet.labels)
        if sheet.is_card:
            without_scale(axes)

    never = any(never_probability(one.outcome) >= LEAST for one in panels)
    aside = brief_aside(panel.summary, panel.outcome, sheet.labels) if never else None
    if aside and never_probability(panel.outcome) < LEAST:
        aside = replace(aside, draw=lambda gauge, _: gauge.set_axis_off())
    return dates.Body(span, flags, draw, aside)


def _flag(panel: _Panel, name: str, color: str, line: LineStyle) -> list[Flag]:
    at = panel.outcome.median
    if at.day is None or at.date is None or text.is_open(at):
        return []
    x = panel.summary.origin.toordinal() + at.day
    return [Flag(x, f"{name} {short_date(at.date)}", color, line)]


def _pooled(histograms: Sequence[DateHistogram]) -> DateHistogram:
    """The mean of histograms with the same bins."""
    columns = zip(*(histogram.probability for histogram in histograms), strict=True)
    mean = tuple(math.fsum(column) / len(histograms) for column in columns)
    return DateHistogram(histograms[0].edges, mean)


def _one_scale(panels: Sequence[_Panel]) -> bool:
    """Whether all histograms have the same vertical scale."""
    heights = [panel.tallest for panel in panels if panel.tallest > 0]
    return max(heights, default=1.0) <= _SAME_SCALE * min(heights, default=1.0)
