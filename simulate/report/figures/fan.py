"""Strength over time: bands of the strength present and of the losses, and the counts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from simulate.analysis.summary import Bands, StrengthOverTime, Summary
from simulate.report.document import Drawing
from simulate.report.figures import dates
from simulate.report.figures.bars import PROBABILITY
from simulate.report.figures.canvas import Figure
from simulate.report.figures.date_lines import date_flags
from simulate.report.figures.fan_marks import Mark, draw_list, list_height, mark_lines, marks_of
from simulate.report.figures.fan_panel import HEAD, Panel, Updated, draw_panel
from simulate.report.figures.flags import draw_flags, strip, upright
from simulate.report.figures.frame import Frame, Sheet, Words, framed, of_scenario
from simulate.report.figures.style import LOST, PRESENT
from simulate.report.text import strength as text
from simulate.report.text.amounts import figure
from simulate.report.text.captions import (
    number_and_meaning,
    stated_size,
    strength_finding,
    updated_card,
)
from simulate.report.text.headline import case_of, published_words
from simulate.report.text.phrases import (
    day_of_most,
    drawn,
    equal_tailed,
    event,
    label_words,
    main_outcome,
    title_words,
    whole_words,
)
from simulate.report.text.update import reports_words, updated_outcome
from simulate.report.text.wording import prose_date, share
from simulate.scenario.numerals import count
from simulate.scenario.stocks import Amount, is_left

_PANEL = 1.6
"""Inches that a panel is tall on a page."""
_CARD_HEAD = 0.3
"""Inches above the panel of a card, for its name."""
_SNUG = 0.09
"""Inches of the room of labels that are empty above them."""

_BEYOND = 1.15
"""How long the axis is, as a multiple of the time until nearly all simulations are depleted."""

_MOST_DESCRIBED = 4
"""Counts in the description; the others are in the picture's list."""


def drawing(summary: Summary) -> Drawing:
    """Bands of the strength present, and below them of the losses, by date.

    Counts that the losses are taken from are circles, those published later diamonds, with bars
    over their ranges; they are listed beneath. A card has only the panel that thresholds are
    counted by, without the counts.

    Raises
    ------
    ValueError
        If the run was made without strength over time.
    """
    strength = summary.strength
    if strength is None:
        raise ValueError("this run was made without strength=True")
    return framed(_alt_text(summary, strength), partial(_figure, summary, strength))


def _alt_text(summary: Summary, strength: StrengthOverTime) -> str:
    names = text.quantities(summary, text.LINE_CELLS)
    unit = label_words(summary.unit)
    words = main_outcome(summary).words
    what = f"the {words.at_hand} and of {words.the_losses} of “{title_words(summary)}”"
    parts = [f"Bands over time of {what} from {drawn(summary)}"]
    chosen = text.round_dates(strength, since=text.counted_since(summary))
    for k in chosen[:: max(1, len(chosen) // 3)]:
        present, lost = (
            f"{name} {text.spans(strength, bands, k)}"
            for name, bands in zip(names, (strength.present, strength.lost), strict=True)
        )
        parts.append(f"At the end of {prose_date(strength.dates[k])}: {present}; {lost}")
    if (after := summary.updated) and (new := after.strength):
        parts.append("Purple lines show both after later reports")
        k = text.round_dates(strength)[-1]
        parts += [
            f"Then at the end of {prose_date(new.dates[k])}: {name} {text.spans(new, bands, k)}"
            for name, bands in zip(names, (new.present, new.lost), strict=True)
        ]
    parts += map(published_words, main_outcome(summary).published)
    counts = [f"Count used: {text.claim_words(claim, unit)}" for claim in strength.claims]
    counts += text.observed_lines(summary)
    parts += counts[:_MOST_DESCRIBED]
    if len(counts) > _MOST_DESCRIBED:
        parts.append(f"{len(counts) - _MOST_DESCRIBED} more counts are listed beneath it")
    return ". ".join(parts) + "."


def _figure(summary: Summary, strength: StrengthOverTime, sheet: Sheet) -> Figure:
    low, high = _span(summary, strength)
    marks = [] if sheet.is_card else marks_of(summary, low, high)
    main = main_outcome(summary)
    drawn = strength
    if summary.update is None and case_of(summary, main).is_between:
        drawn = _without_median(strength)
    panels = _panels(summary, strength, drawn, marks)
    card = updated_card(summary, main) or number_and_meaning(summary, main)
    found = date_flags(main, sheet, shares=False)
    left, right = (0.6, 0.62) if sheet.is_narrow else (0.85, 0.8)
    within = replace(sheet, left=left, right=right)
    body = dates.Body((low, high), dates.inside(found, low, high), lambda *_: None)
    (room,) = dates.rooms([body], within)
    # Labels of dates are beneath the name of the first panel, where no line crosses it.
    above = max(strip(room.levels, room.poles, sheet.labels) - _SNUG, 0.0) if body.flags else 0.0
    title = strength_finding(summary, strength)
    # Of one date, losses only mirror what is left, unless shares or counts are drawn beside them.
    is_mirrored = panels[0].shares and not (panels[1].shares or marks)
    if sheet.is_card or (day_of_most(main) and is_mirrored):
        panels = [next((panel for panel in panels if panel.shares), panels[-1])]
    flows = [text.counted_from(summary) if panels[1:] else "", text.goes_on(summary)]
    remarks = [*filter(None, flows), *_shares_of(summary, strength)]
    shown = f"{_key(drawn, panels)} {_updated_key(summary)}".strip()
    words = Words(title, foot=[*dates.keys(body.flags), *remarks], shown=shown)
    words = of_scenario(words, summary, sheet, card, _key(drawn, panels, on_card=True))
    if sheet.is_card:
        words = replace(words, foot=_shares_of(summary, strength))
    lines = mark_lines(marks, sheet)
    listed = list_height(lines)
    head = _CARD_HEAD if sheet.is_card else HEAD
    tall = len(panels) * (_PANEL + head) - sheet.gap + above
    frame = Frame(sheet, words, tall=tall, below=listed)
    each = (frame.tall + sheet.gap - above) / len(panels)
    room = replace(room, tall=each - head, strip=0.0)
    for below, panel in zip(reversed(range(len(panels))), panels, strict=True):
        axes = frame.canvas.axes(left, frame.bottom + below * each, room.inches, room.tall)
        labelled = panel is panels[0]
        pad = above if labelled else 0.0
        draw_panel(axes, panel, drawn, room, sheet, upright=upright(body.flags), above=pad)
        axes.tick_params(labelbottom=below == 0)
        draw_flags(axes, body.flags, room, sheet.labels, labelled=labelled)
    draw_list(frame, marks, lines, frame.foot + listed)
    return frame.figure


def _without_median(strength: StrengthOverTime) -> StrengthOverTime:
    kept = [k for k, level in enumerate(strength.levels) if level != 0.5]
    present, lost = (
        bands._replace(values=tuple(bands.values[k] for k in kept))
        for bands in (strength.present, strength.lost)
    )
    levels = tuple(strength.levels[k] for k in kept)
    return replace(strength, levels=levels, present=present, lost=lost)


_SEEN = 0.03
"""Share of its panel from which on a band can be told from the line."""


def _widest(bands: Bands) -> float:
    """The largest difference between levels on one day, as a share of the largest value."""
    top = max(map(max, bands.values))
    widths = (max(day) - min(day) for day in zip(*bands.values, strict=True))
    return max(widths) / top if top > 0 else 0.0


def _key(strength: StrengthOverTime, panels: Sequence[Panel], *, on_card: bool = False) -> str:
    middle = "Line: median"
    if not on_card:
        middle += " of the simulations at the end of the day"
    if len(strength.levels) == 1:
        return f"{middle}. The simulations are too few for bands."
    if all(text.is_line(panel.bands) for panel in panels):
        return "At the end of the day, if every number is exact."
    if max(_widest(panel.bands) for panel in panels) < _SEEN:
        return f"{middle}."
    middle = f"{middle}. " if 0.5 in strength.levels else ""
    dark, light = "middle half (25th to 75th percentile)", "Light band with dashed edges"
    if on_card:
        dark, light = "middle half", "Light band"
    dark = f"{middle}Dark band: {dark}."
    return f"{dark} {light}: 5th to 95th percentile." if 0.05 in strength.levels else dark


def _updated_key(summary: Summary) -> str:
    """What the lines after later reports are; or empty."""
    update = summary.update
    if update is None or update.strength is None:
        return ""
    after = reports_words(update)
    return f"Purple, without bands: the same median and dashed edges after {after}."


def _shares_of(summary: Summary, strength: StrengthOverTime) -> list[str]:
    """What the shares drawn are shares of, where that is uncertain."""
    size = _stock(summary) or _force(strength)
    drawn = any(
        not isinstance(each.threshold, Amount)
        and (each.threshold < 1 or each.counting != "strength")
        for each in summary.outcomes
    )
    is_second = any(item.name == "force.counts[1].date" for item in summary.inputs)
    if size is None or not drawn or not (size[1] or is_second):
        return []
    main, unit = main_outcome(summary), text.short_words(summary.unit)
    median = stated_size(summary, size[0]) or size[0]
    middle = " ".join(figure([median], unit, lambda values: count(values[0])))
    if is_second:
        return [f"Shares shown are of the second count, {middle}."]
    whole = f"{text.short_words(whole_words(main))} {main.words.at_first}"
    return [f"Shares shown are of the median {whole}, {middle}."]


def _span(summary: Summary, strength: StrengthOverTime) -> tuple[float, float]:
    """From the first date until soon after depletion, with counts that are not far away."""
    low = float(text.shown_from(summary, strength).toordinal())
    last = max(_end(strength.dates[text.last_change(strength)]), low + 1.0)
    last = min(last, max(low + _BEYOND * (_depleted(summary) - low), low + 1.0))
    days = [check.date for check in summary.observed]
    days += [claim.latest for claim in strength.claims]
    days += [check.date for check in main_outcome(summary).published]
    high = max([last, *(_end(day) for day in days if _end(day) <= last + 0.5 * (last - low))])
    return low, high + 0.02 * (high - low)


def _depleted(summary: Summary) -> float:
    """When nearly all simulations are depleted, before and after later reports; or never."""
    main = main_outcome(summary)
    both = [main, *filter(None, [updated_outcome(summary, main)])]
    found = [equal_tailed(outcome, PROBABILITY) for outcome in both]
    days = [interval.high.day if interval else None for interval in found]
    return max(math.inf if day is None else summary.origin.toordinal() + day for day in days)


def _end(date: dt.date) -> float:
    """The end of a date, on an axis of proleptic Gregorian ordinals."""
    return date.toordinal() + 1.0


def _panels(
    summary: Summary, strength: StrengthOverTime, drawn: StrengthOverTime, marks: Sequence[Mark]
) -> list[Panel]:
    (present, lost), scale = text.scaled_quantities(summary, strength, text.LINE_CELLS)
    new = None if summary.update is None else summary.update.strength
    after: list[Updated | None] = [None, None]
    if new is not None:
        after = [(new.levels, bands) for bands in (new.present, new.lost)]
    levels, jumps = _levels(summary, strength), _arrivals(summary)
    since = text.counted_since(summary)
    return [
        Panel(
            present,
            drawn.present,
            PRESENT,
            levels[True],
            words="right",
            updated=after[0],
            jumps=jumps,
            scale=scale,
        ),
        Panel(
            lost,
            drawn.lost,
            LOST,
            levels[False],
            marks,
            updated=after[1],
            since=float(since.toordinal()) if since else None,
            scale=scale,
        ),
    ]


def _arrivals(summary: Summary) -> list[tuple[float, float]]:
    """When something arrives on a day that is certain, and how much (its median)."""
    laws = {item.name: [q.value for q in item.quantiles] for item in summary.inputs}
    found = []
    for name, days in laws.items():
        path, _, key = name.rpartition(".")
        if not path.startswith("reinforcements[") or key != "date" or len({*days}) > 1:
            continue
        sizes, day = laws.get(f"{path}.size", []), days[0]
        middle = sizes[len(sizes) // 2] if sizes else None
        if isinstance(day, dt.date) and isinstance(middle, float):
            found.append((float(day.toordinal()), middle))
    return sorted(found)


def _stock(summary: Summary) -> tuple[float, bool] | None:
    """Median of a stock counted on a date, and whether it differs between draws; None without."""
    dated = {"force.as_of", "force.counts[1].size"} & {item.name for item in summary.inputs}
    sizes = [item for item in summary.inputs if item.name in ("force.size", "force.counts[1].size")]
    if not dated or not sizes:
        return None
    share, values = _median(summary, "force.usable"), {q.value for q in sizes[0].quantiles}
    size = _median(summary, sizes[0].name) or 0.0
    return size * (1.0 if share is None else share), len(values) > 1 or share is not None


def _median(summary: Summary, name: str) -> float | None:
    """The median of an input, None where there is none."""
    values = (item.quantiles[1].value for item in summary.inputs if item.name == name)
    return next((value for value in values if isinstance(value, float)), None)


def _levels(summary: Summary, strength: StrengthOverTime) -> dict[bool, list[tuple[float, str]]]:
    """Thresholds of what is left (true) and of what is lost, with their words, the main one first.

    Shares are of the median force before any loss.
    """
    levels: dict[bool, list[tuple[float, str]]] = {True: [], False: []}
    size, floor = _stock(summary) or _force(strength), _median(summary, "force.floor") or 0.0
    main = main_outcome(summary)
    for outcome in sorted(summary.outcomes, key=lambda each: (each is not main, -each.threshold)):
        at = outcome.threshold
        if isinstance(at, Amount):
            shown = share(at, text.short_words(outcome.lost, text.LINE_CELLS))
            levels[is_left(at)].append((float(at), shown))
        elif size is not None:
            by_strength = outcome.counting == "strength"
            level = (1 - at if by_strength else at) * (size[0] - floor)
            level += floor if by_strength else 0.0
            gone = text.short_words(outcome.gone, text.LINE_CELLS)
            named = f"{'about ' if size[1] else ''}{share(at)} {gone}"
            if floor and at == 1 and by_strength:  # some is left
                named = text.short_words(event(outcome)[1], text.LINE_CELLS)
            levels[by_strength].append((level, named))
    return levels


def _force(strength: StrengthOverTime) -> tuple[float, bool] | None:
    """Median of the force before any loss, and whether it differs between draws."""
    if 0.5 not in strength.levels:
        return None
    first = [values[0] for values in strength.present.values]
    return first[strength.levels.index(0.5)], min(first) < max(first)
