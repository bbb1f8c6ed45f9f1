"""The tornado: the median date with each input low or high."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from simulate.analysis.effects import Effect, Effects
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.values import Instant
from simulate.report.document import Drawing
from simulate.report.figures.axis import date_axis, place
from simulate.report.figures.canvas import (
    Axes,
    Figure,
    fitted,
    in_the_middle,
    percents,
    round_marks,
    text_width,
    words_beside,
)
from simulate.report.figures.frame import Frame, Sheet, Words, framed, of_scenario
from simulate.report.figures.style import HIGH_INPUT, INK, LOW_INPUT, Look
from simulate.report.figures.tornado_bars import (
    Bar,
    Label,
    between_clusters,
    error_days,
    labels,
    limits,
)
from simulate.report.text import sensitivity as text
from simulate.report.text.attribution import source_words
from simulate.report.text.phrases import (
    capitalised,
    drawn,
    only_date,
    share_of,
    title_words,
    updated_words,
)
from simulate.report.text.wording import hedge, instant_prose, listed, short_date

_MOST_BARS = 15

_VISIBLE = 0.005
"""A whisker that reaches so far, as a share of the longest bar, is wider than its edge."""
_BAR = 0.24 / 0.42
"""Height of a bar, as a share of the height of its row."""
_LEADING = 1.2

_LOOKS: tuple[Look, Look] = (
    {"facecolor": LOW_INPUT, "hatch": "////"},
    {"facecolor": HIGH_INPUT, "hatch": ""},
)


_ABOVE, _EDGE, _APART = 0.2, 0.15, 0.14
"""Inches above the bars, for the label of the median; beside an axis, for its first date; between
a name and the labels of its bar."""

_SHOWN = (
    "Median date, {}, with each input in its lowest or highest tenth; in per cent, how much the "
    "input matters"
)
_ONLY_SHARES = "How much each input matters: no input alone moves the median date, {}, “{}”"
_SHARE_NOTE = "How much an input matters: its {} share of the variance of the {}date’s rank."


def drawing(report: SensitivityResult, found: Effects | None = None) -> Drawing:
    """Bars from the median date with an input low to that with it high, the weightiest first.

    A median beyond the horizon ends the bar at the right edge, with words.
    """
    found = text.main_effects(report) if found is None else found
    return framed(_alt_text(report, found), partial(_figure, report, found))


def _alt_text(report: SensitivityResult, found: Effects) -> str:
    summary, outcome = report.summary, text.outcome_of(report, found)
    horizon = summary.horizon
    lost, updated = share_of(outcome), updated_words(summary)
    parts = [
        f"Tornado of the median date of “{title_words(summary)}” from {drawn(summary)}{updated}",
        text.headline(report, found).removesuffix("."),
        f"Median of all draws, {lost}: {instant_prose(outcome.median, horizon)}",
    ]
    for bar in _bars(report, found)[:_MOST_BARS]:
        ends = (
            f"{text.case_words(case)} {instant_prose(case.median, horizon)}" for case in bar.cases
        )
        parts.append(f"{text.name_words(bar.effect, summary)}: {', '.join(ends)}")
    parts += filter(None, [_between(report, found).removesuffix(".")])
    return ". ".join(parts) + "."


def _bars(report: SensitivityResult, found: Effects) -> list[Bar]:
    """Those worth drawing, in the order of the table: how much they matter, or of their length."""
    end = report.summary.horizon.toordinal() + 1.0

    def at(moment: Instant) -> float:
        return place(report.summary.origin, moment) or end

    start = at(text.outcome_of(report, found).median)
    bars = []
    for effect in found.ranked:
        low, high = effect.low, effect.high
        if between_clusters(effect):
            continue
        if low is not None and high is not None and not text.is_minor(effect):
            ends = (at(low.median), at(high.median))
            bars.append(Bar(effect, (low, high), start, ends))
    return sorted(bars, key=lambda bar: (_share(bar), bar.span), reverse=True)


def _figure(report: SensitivityResult, found: Effects, sheet: Sheet) -> Figure:
    most, row, widest = _MOST_BARS, 0.42, 2.2
    if sheet.is_narrow:
        most, row = 8, 0.5
    if sheet.is_card:
        most, row, widest = 4, 0.36, 2.6
    bars = _bars(report, found)[:most]
    outcome = text.outcome_of(report, found)
    above = _ABOVE if outcome.median.date else 0.0
    # A median beyond the horizon that no input brings before it.
    still = any(map(_share, bars)) and not any(bar.span for bar in bars)
    which = f"{share_of(outcome)}{', after later reports' if report.update else ''}"
    shown = _SHOWN.format(which)
    if not (still or any(bar.span for bar in bars)):
        shown, bars = "", []
    if still:
        median = instant_prose(outcome.median, report.summary.horizon)
        shown = _ONLY_SHARES.format(which, median)
    words = Words(
        text.finding(report, found), foot=_remarks(report, found, bars, sheet), shown=shown
    )
    key = shown.partition("; ")[0].replace(f", {which},", "")
    card = text.number_and_meaning(report, found)
    words = of_scenario(words, report.summary, sheet, card, key)
    frame = Frame(sheet, words, tall=row * (len(bars) or 2) + above)
    # The words of a card may leave room for fewer, or for more, which would be too thick.
    bars = bars[: max(int((frame.tall - above) / row + 1e-6), 1)]
    rows = max(len(bars), 2) if sheet.is_card else len(bars) or 2
    shares: list[str] = []  # from below
    for bar in reversed(bars):
        own = text.decides(bar.effect)
        shares.append(text.share_words(own, shares[-1] if shares else "") if own else "")
    names = [
        _name(bar.effect, report, sheet, widest, total)
        for bar, total in zip(bars, reversed(shares), strict=True)
    ]
    widest = max((text_width(name, sheet.labels) for name in names), default=0.5)
    left = sheet.margin + (_EDGE if sheet.is_narrow else widest + 0.06 + _APART)
    inches = sheet.width - left - sheet.margin - (_EDGE if sheet.is_narrow else 0.0)
    axes = frame.canvas.axes(left, frame.bottom, inches, frame.tall - above)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    # In a column names are above their bars, which then have its whole width.
    axes.set_yticks(range(len(bars)), [] if sheet.is_narrow else names, size=sheet.labels)
    axes.tick_params(axis="y", length=0, pad=72 * _APART)
    for number, name in enumerate(names if sheet.is_narrow else ()):
        across = axes.get_yaxis_transform()
        look: Look = {"size": sheet.labels, "va": "center", "transform": across}
        axes.text(-_EDGE / inches, number - 0.3, name, **look)
    if still:
        _draw_shares(axes, bars, sheet)
    else:
        _draw_dates(axes, bars, report, found, sheet)
    return frame.figure


def _draw_shares(axes: Axes, bars: Sequence[Bar], sheet: Sheet) -> None:
    """Bars from 0 %, as long as each input matters."""
    shares = [*map(_share, bars)]
    rows = [number + _below(sheet) for number in range(len(bars))]
    axes.barh(rows, shares, _BAR, color=HIGH_INPUT, edgecolor=INK, linewidth=0.6)
    end = 1.1 * max(shares)
    axes.set_xlim(0, end)
    marks = round_marks(max(shares), 0.96 * end, 4)
    axes.set_xticks(marks, percents(marks), size=sheet.ticks)


def _draw_dates(
    axes: Axes,
    bars: Sequence[Bar],
    report: SensitivityResult,
    found: Effects,
    sheet: Sheet,
) -> None:
    """Bars between dates, and a line at the median of all draws."""
    median = text.outcome_of(report, found).median
    inches = axes.get_window_extent().width / axes.figure.dpi
    middle = place(report.summary.origin, median)
    if not bars:
        axes.set_axis_off()
        in_the_middle(axes, _unmoved(report, found))
        return
    beside = [labels(bar, report.summary, bars, sheet) for bar in bars]
    date_axis(axes, *limits(bars, middle, beside, inches, sheet), sheet)
    for number, (bar, both) in enumerate(zip(bars, beside, strict=True)):
        _draw(axes, number + _below(sheet), bar, both, sheet)
    if middle is not None:
        # In a column it leaves out the names.
        ends = [(number - 0.2, number + 0.5) for number in range(len(bars))]
        for top, end in ends if sheet.is_narrow else [(-0.5, axes.get_ylim()[0])]:
            axes.plot([middle, middle], [top, end], color=INK, linewidth=1.2, zorder=3)
        label = f"median {hedge(median)}{short_date(median.date)}" if median.date else ""
        look: Look = {"size": sheet.labels, "ha": "center", "va": "bottom"}
        words_beside(axes, label, (middle, -0.5), (0, 3), **look)


def _unmoved(report: SensitivityResult, found: Effects) -> str:
    """In place of bars, as in `17 May 2027 in every simulation: no input is uncertain`."""
    outcome = text.outcome_of(report, found)
    shown = instant_prose(outcome.median, report.summary.horizon)
    if outcome.depleted_probability <= 0:
        shown = f"{capitalised(shown)} in any simulation"
    elif only_date(outcome):
        shown = f"{shown} in every simulation"
    else:
        shown = f"Median date: {shown}"
    if any(map(between_clusters, found.ranked)):
        return "The median of each case could be\nany date between two clusters"
    why = "no uncertain input moves it" if found.ranked else "no input is uncertain"
    return f"{shown}:\n{why}"


def _share(bar: Bar) -> float:
    """How much an input matters, at least 0."""
    share = text.decides(bar.effect)
    return max(share.value, 0.0) if share else 0.0


def _below(sheet: Sheet) -> float:
    """How far a bar is below the middle of its row, in rows: in a column beneath its name."""
    return 0.15 if sheet.is_narrow else 0.0


def _between(report: SensitivityResult, found: Effects) -> str:
    """What has no bar since its medians are between clusters of dates; or empty."""
    names = [text.name_words(e, report.summary) for e in found.ranked if between_clusters(e)]
    which = "whose median with a low or high value could be any date between two clusters"
    return f"Without a bar: {listed(names)}, {which}." if names else ""


def _remarks(
    report: SensitivityResult, found: Effects, bars: Sequence[Bar], sheet: Sheet
) -> list[str]:
    total = any(bar.effect.total for bar in bars)
    kind = ("total", "") if total else ("first-order", "updated ")
    parts = [_SHARE_NOTE.format(*kind)] if bars else []
    widest = max((error_days(case) for bar in bars for case in bar.cases), default=0.0)
    if widest > _VISIBLE * max((bar.span for bar in bars), default=0.0):
        parts.insert(0, "Whiskers: 95 % Monte Carlo error.")
    for bar in (bar for bar in bars if bar.effect.kind == "claim"):
        parts.append("Which claim: the claims with the earliest and the latest median.")
        if sheet.is_narrow:  # where their labels have no room for sources
            pairs = (case.name.partition(": ") for case in bar.cases)
            parts += [f"{capitalised(n)}: {source_words(who)}." for n, _, who in pairs if who]
    parts += filter(None, [_between(report, found)])
    known = [each for each in found.ranked if each.low is not None and not between_clusters(each)]
    left_out = len(known) - len(bars)
    if left_out and bars:
        what = "input, which matters" if left_out == 1 else "inputs, which matter"
        parts.append(f"Left out: {left_out} {what} less.")
    return [" ".join(parts)]


def _name(
    effect: Effect, report: SensitivityResult, sheet: Sheet, inches: float, total: str
) -> str:
    """The name, and how much it matters."""
    words = text.name_words(effect, report.summary)
    if sheet.is_card:  # which has one share, in its number
        total = ""
    if sheet.is_narrow:
        (line,) = fitted(words, sheet.labels, inches=sheet.inches - 0.6, lines=1)
        return f"{line} ({total})" if total else line
    name = fitted(words, sheet.labels, inches=inches, lines=2)
    return "\n".join([*name, *([total] if total else [])])


def _draw(axes: Axes, row: float, bar: Bar, beside: Sequence[Label], sheet: Sheet) -> None:
    rows = axes.get_ylim()[0] - axes.get_ylim()[1]
    in_row = axes.get_window_extent().height / axes.figure.dpi / rows
    tall = _BAR / 2 if bar.is_split else _BAR
    for number, (case, look) in enumerate(zip(bar.cases, _LOOKS, strict=True)):
        y = row + (number - 0.5) * _BAR / 2 if bar.is_split else row
        end, error = bar.ends[number], error_days(case)
        axes.barh(y, end - bar.start, tall, left=bar.start, edgecolor=INK, linewidth=0.6, **look)
        axes.plot([end - error, end + error], [y, y], color=INK, linewidth=1.0)
    for number, label in enumerate(beside):
        y = row
        if bar.is_split:  # halves may be lower than words
            y += (number - 0.5) * max(_BAR / 2, _LEADING * sheet.labels / 72 / in_row)
        words: Look = {"size": sheet.labels, "color": INK, "ha": "right" if label.left else "left"}
        words["va"] = "bottom" if label.above else "center"
        offset = -3 if label.left else 3, 1 if label.above else 0
        words_beside(axes, label.words, (label.at, y), offset, **words)
