"""A histogram in columns of block characters, with the median and an interval marked beneath."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from simulate.analysis.summary import Outcome, Summary
from simulate.report.document import Sketch
from simulate.report.figures.bars import PROBABILITY, ROUNDING, Bars, drawn_bars, moments
from simulate.report.text.phrases import (
    capitalised,
    equal_tailed,
    label_words,
    never_percent,
    never_probability,
    share_of,
)
from simulate.report.text.update import reports_words, updated_outcome
from simulate.report.text.wording import not_by, percent, prose_date
from simulate.report.text.wrapping import cells

ROWS = 5

_NEVER_WIDTH = 3
_NEVER_GAP = 2
_WIDEST_COLUMN = 8
_LABEL_GAP = 2
_LEAST_SHOWN = 0.001
"""A smaller share has words but no bar."""


class _Signs(Struct, frozen=True):
    """Steps of a column from empty to full, the "never" bar, line, ends and median."""

    ramp: str
    never: str
    ruler: str


_BLOCKS = _Signs(" ▁▂▃▄▅▆▇█", "▒", "─├┼┤")
_ASCII = _Signs(" .:#", "/", "-[+]")


def histogram_sketch(summary: Summary, outcome: Outcome, width: int, *, blocks: bool) -> Sketch:
    """The histogram of an outcome in at most `width` columns, with a bar of its own for "never".

    After later reports it is the updated one.
    Drawn with block characters if `blocks`, otherwise in ASCII.
    """
    after = updated_outcome(summary, outcome)
    never = never_probability(after or outcome)
    has_bar = never >= _LEAST_SHOWN
    room = width - (_NEVER_WIDTH + _NEVER_GAP if has_bar else 0)
    before, then = drawn_bars(summary, outcome, after, room)
    outcome, drawn = after or outcome, then or before
    if drawn is None:
        none = f"No simulation reaches this by {prose_date(summary.horizon)}."
        return Sketch("", (), (none,))
    signs = _BLOCKS if blocks else _ASCII
    repeat = max(min(room // len(drawn.probability), _WIDEST_COLUMN), 1)
    heights = [height for height in drawn.heights for _ in range(repeat)]
    beside = _never_column(never, signs) if has_bar else [""] * ROWS
    marks = _marks(summary, outcome, drawn, len(heights))
    ruler = _ruler(marks, len(heights), open_end=_is_open(outcome))
    beyond = f"{not_by(summary.horizon)}: {never_percent(outcome)}"
    full = f"{beside[-1]} {beyond}; a bar of full height would be 100 %."
    shown = share_of(outcome).removesuffix(outcome.words.by_level)
    shown = shown.removesuffix(f" {label_words(outcome.unit)}")  # the sentence has it
    later = f", after {reports_words(summary.update)}" if summary.update else ""
    outside = f"; {percent(drawn.outside, 0)} not shown" if drawn.outside >= ROUNDING else ""
    return Sketch(
        f"Simulations per {drawn.span_words}, {shown}{later}; "
        f"tallest {percent(max(drawn.heights), 0)}{outside}",
        (
            *(
                row + " " * _NEVER_GAP + bar
                for row, bar in zip(_columns(heights, signs.ramp), beside, strict=True)
            ),
            ruler.translate(str.maketrans("-[+]", signs.ruler)),
            *_labels(marks, width),
        ),
        (full if has_bar else f"{capitalised(beyond)}.",) if never > 0 else (),
    )


def _columns(heights: Sequence[float], ramp: str) -> list[str]:
    """Rows of the picture from the top; a column with any mass shows at least the lowest step."""
    steps, tallest = len(ramp) - 1, max(heights)
    filled = [max(round(h / tallest * ROWS * steps), 1) if h > 0 else 0 for h in heights]
    return [
        "".join(ramp[min(max(steps_up - row * steps, 0), steps)] for steps_up in filled)
        for row in range(ROWS - 1, -1, -1)
    ]


def _never_column(never: float, signs: _Signs) -> list[str]:
    """The bar, of at least the lowest step."""
    filled = round(never * ROWS)
    rows = [signs.never if row < filled else "" for row in range(ROWS - 1, -1, -1)]
    return [sign * _NEVER_WIDTH for sign in (rows if filled else [*rows[1:], signs.ramp[1]])]


def _marks(
    summary: Summary, outcome: Outcome, drawn: Bars, width: int
) -> list[tuple[int, str, str]]:
    """Column, sign and label of each moment marked: the two ends of the interval and the median."""
    first, last = drawn.edges[0], drawn.edges[-1]
    marks = []
    for name, role, day, date in moments(summary, outcome):
        column = int((summary.origin.toordinal() + day - first) / (last - first) * width)
        sign = {"low": "[", "high": "]"}.get(role, "+")
        marks.append((min(max(column, 0), width - 1), sign, f"{name} {date.isoformat()}"))
    return sorted(marks)


def _is_open(outcome: Outcome) -> bool:
    interval = equal_tailed(outcome, PROBABILITY)
    return (
        interval is not None
        and interval.low.date is not None
        and interval.high.missing == "beyond_horizon"
    )


def _ruler(marks: Sequence[tuple[int, str, str]], width: int, *, open_end: bool) -> str:
    line = [" "] * width
    ends = [column for column, sign, _ in marks if sign in "[]"]
    if ends:
        stop = width if open_end else ends[-1] + 1
        line[ends[0] : stop] = "-" * (stop - ends[0])
        if open_end:
            line[-1] = ">"
    for column, sign, _ in sorted(marks, key=lambda mark: mark[1] == "+"):
        line[column] = sign
    return "".join(line)


def _labels(marks: Sequence[tuple[int, str, str]], width: int) -> list[str]:
    """The labels under their columns, moved apart on one line; if too long, on a line each."""
    places, free = [], 0
    for column, _, label in marks:
        places.append(max(column - cells(label) // 2, free))
        free = places[-1] + cells(label) + _LABEL_GAP
    end = width
    for k, (*_, label) in reversed(list(enumerate(marks))):
        places[k] = min(places[k], end - cells(label))
        end = places[k] - _LABEL_GAP
    if any(place < 0 for place in places):
        return [label.rjust(min(at + cells(label) // 2, width)) for at, _, label in marks]
    line = ""
    for place, (*_, label) in zip(places, marks, strict=True):
        line = line.ljust(place) + label
    return [line] if line else []
