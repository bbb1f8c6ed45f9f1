"""Results as notebooks show them: a piece of HTML that holds all it needs and asks for nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from simulate.analysis.summary import Outcome, Summary
from simulate.report.alt_text import alt_text
from simulate.report.bars import Bars, bars
from simulate.report.citation import digest, drawn, headline, program
from simulate.report.figure_style import BLUE, GREY, INK
from simulate.report.findings import (
    asked_days,
    certain_date,
    equal_tailed,
    event,
    largest_error_words,
    main_outcome,
    never_error,
    never_probability,
    title_words,
)
from simulate.report.wording import (
    instant_cell,
    level_label,
    not_by,
    percent,
    percent_cell,
    prose_date,
    share,
)

INTERVAL = 0.9

_WIDTH, _HEIGHT, _TOP, _FOOT = 640.0, 150.0, 8.0, 24.0
_NEVER_WIDTH, _NEVER_GAP = 36.0, 64.0
_MOST_BARS = 120
# Colours of its own on white, whatever the theme of the notebook.
_FRAME = f"background:#ffffff;color:{INK};padding:0.5em;max-width:60em;font-family:sans-serif"
_CELL = {
    "th": "padding:0.15em 0.5em;text-align:left",
    "td": "padding:0.15em 0.5em;text-align:left;white-space:nowrap",
}


def summary_html(summary: Summary) -> str:
    """The result line, a table of percentiles, the histogram, and what identifies the run."""
    main = main_outcome(summary)
    run = summary.run
    foot = f"{drawn(summary)}, seed {run.seed}, {program(summary)}, digest {digest(summary)}"
    return (
        f'<div style="{_FRAME}">'
        f"<p>{escape(title_words(summary))}</p>"
        f"<p><strong>{escape(headline(summary, main, INTERVAL))}</strong></p>"
        f"{_table(summary)}{_picture(summary, main)}"
        f'<p style="color:{GREY};font-size:smaller">{escape(foot)}</p></div>'
    )


def preformatted(page: str) -> str:
    """The text of a terminal page, letter for letter."""
    return f'<pre style="{_FRAME};font-family:monospace">{escape(page)}</pre>'


# --- the table ---


def _table(summary: Summary) -> str:
    outcomes = summary.outcomes
    levels = [quantile.level for quantile in outcomes[0].quantiles]
    header = [
        event(main_outcome(summary))[1],
        *map(level_label, levels),
        "± days",
        not_by(summary.horizon),
    ]
    rows = "".join(f"<tr>{_cells('td', _row(summary, outcome))}</tr>" for outcome in outcomes)
    return (
        f'<div style="overflow-x:auto;font-size:smaller"><table>'
        f"<thead><tr>{_cells('th', header)}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(summary: Summary, outcome: Outcome) -> list[str]:
    dates = [quantile.at for quantile in outcome.quantiles]
    return [
        share(outcome.threshold),
        *(instant_cell(at, summary.horizon) for at in dates),
        largest_error_words(dates, asked_days(summary)),
        percent_cell(never_probability(outcome), never_error(outcome)),
    ]


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f'<{tag} style="{_CELL[tag]}">{escape(text)}</{tag}>' for text in texts)


# --- the picture ---


def _picture(summary: Summary, outcome: Outcome) -> str:
    chosen = bars(outcome.histogram, _MOST_BARS)
    if chosen is None:
        return ""
    never = never_probability(outcome)
    room = _WIDTH - (_NEVER_WIDTH + _NEVER_GAP if never > 0 else 0.0)
    parts = [
        *_columns(chosen, room),
        *_marks(summary, outcome, chosen, room),
        *_axis(summary, chosen, room),
        *(_never(outcome) if never > 0 else ()),
    ]
    words = escape(alt_text(summary, outcome))
    size = f'viewBox="0 0 {_WIDTH:g} {_TOP + _HEIGHT + _FOOT:g}" style="max-width:{_WIDTH:g}px"'
    lost = f"{share(outcome.threshold)} {event(outcome)[1]}"
    caption = f"Share of draws per {chosen.span_words}, {lost}"
    return (
        f'<figure style="margin:0.5em 0"><svg role="img" aria-label="{words}" {size}>'
        f"{''.join(parts)}</svg>"
        f"<figcaption>{escape(caption)}{escape(_legend(summary, outcome))}</figcaption></figure>"
    )


def _columns(chosen: Bars, room: float) -> Iterator[str]:
    tallest = max(chosen.heights)
    for (start, end), height in zip(pairwise(chosen.edges), chosen.heights, strict=True):
        left, right = _place(chosen, start, room), _place(chosen, end, room)
        tall = _HEIGHT * height / tallest
        yield _box(left, right - left, tall, f'fill="{BLUE}"')


def _marks(summary: Summary, outcome: Outcome, chosen: Bars, room: float) -> Iterator[str]:
    """The median as a line, the ends of the interval as broken ones."""
    interval = equal_tailed(outcome, INTERVAL)
    ends = (interval.low, interval.high) if interval else ()
    for at, dashes in ((outcome.median, ""), *((end, ' stroke-dasharray="4 3"') for end in ends)):
        if at.day is not None:
            x = _place(chosen, summary.origin.toordinal() + at.day, room)
            if 0 <= x <= room:
                yield (
                    f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{_TOP + _HEIGHT:.1f}" '
                    f'stroke="{INK}" stroke-width="1.5"{dashes}/>'
                )


def _axis(summary: Summary, chosen: Bars, room: float) -> Iterator[str]:
    """First and last day drawn; a bar of several days may end after the horizon, its draws not."""
    first, end = (dt.date.fromordinal(chosen.edges[place]) for place in (0, -1))
    yield _text(0, prose_date(first), "start")
    yield _text(room, prose_date(min(end - dt.timedelta(days=1), summary.horizon)), "end")


def _never(outcome: Outcome) -> Iterator[str]:
    """A bar of its own: the full height would be all draws."""
    probability = never_probability(outcome)
    shape = f'fill="none" stroke="{INK}" stroke-dasharray="2 2"'
    yield _box(_WIDTH - _NEVER_WIDTH - 1, _NEVER_WIDTH, _HEIGHT * probability, shape)
    words = f"never {percent_cell(probability, never_error(outcome))}"
    yield _text(_WIDTH, words, "end")


def _legend(summary: Summary, outcome: Outcome) -> str:
    if certain_date(summary, outcome):
        return "; line: the date of every draw"
    line = "; line: median"
    if equal_tailed(outcome, INTERVAL):
        line += f", broken lines: {share(INTERVAL)} simulation interval"
    probability = never_probability(outcome)
    if probability > 0:
        shown = percent(probability, never_error(outcome))
        line += f"; dotted bar: {shown} of draws never, on a scale of its own to 100 %"
    return line


def _place(chosen: Bars, day: float, room: float) -> float:
    first, last = chosen.edges[0], chosen.edges[-1]
    return (day - first) / (last - first) * room


def _box(left: float, width: float, tall: float, look: str) -> str:
    top = _TOP + _HEIGHT - tall
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{tall:.1f}" {look}/>'


def _text(x: float, words: str, anchor: str) -> str:
    y = _TOP + _HEIGHT + _FOOT / 2 + 4
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" fill="{INK}">'
        f"{escape(words)}</text>"
    )
