"""Strength over time, and counts published later."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulate.analysis.summary import StrengthOverTime, Summary
from simulate.report import document
from simulate.report.text import strength as words
from simulate.report.text.phrases import (
    capitalised,
    certain_date,
    label_words,
    main_outcome,
    words_of,
)
from simulate.report.text.wrapping import cells
from simulate.scenario.nouns import units
from simulate.scenario.numerals import count, decimals, fixed

_MILLIONS = 1e7
"""From so many units on, a table counts millions."""
_WIDEST_WORD = 10
"""The longest word for which six columns fit in 80 cells: withdrawn, handed out."""


def strength_picture(summary: Summary) -> Iterator[document.Picture]:
    """Strength and losses by date, where the run has them."""

    def drawn() -> document.Drawing:
        from simulate.report.figures.fan import drawing

        return drawing(summary)

    if summary.strength is not None:
        of = words_of(summary)
        caption = f"{capitalised(of.level)} and {of.losses} at the end of each day."
        yield document.Picture(caption, drawn)


def strength(summary: Summary) -> document.Blocks:
    """A picture and a table of strength and losses at round dates, where the run has them.

    With an update a table of those before it, and one of those after it.
    """
    if summary.strength is None:
        return
    yield from strength_picture(summary)
    after = summary.updated
    yield _table(summary, summary.strength, ", before later reports" if after else "")
    if after is not None and after.strength is not None:
        yield _table(after, after.strength, ", after later reports")


def _table(summary: Summary, found: StrengthOverTime, when: str) -> document.Table:
    present, unit = words.quantities(summary)[0], words.short_words(summary.unit)
    main = main_outcome(summary)
    certain = certain_date(summary, main) is not None
    widest = words.reach(found)
    end = summary.horizon if words.changes_to_the_end(summary, found) else None
    chosen = words.round_dates(
        found, main.median.date or end, since=words.counted_since(summary), certain=certain
    )
    scale, counted = (1e6, ", in millions") if widest >= _MILLIONS else (1.0, "")
    header, columns, errors = ["date"], [], [0.0]
    # Where all draws agree, one column says it.
    one = words.is_line(found.present) and words.is_line(found.lost)
    levels = {0.5: ""} if one else {0.05: "P5", 0.5: "P50", 0.95: "P95"}
    done = label_words(main.lost)
    word = done if cells(done) <= _WIDEST_WORD else main.words.lost  # the caption has the full one
    gap = " " if cells(word) <= len("lost") else "\n"
    names = f"{main.words.present}{gap}", f"{word}{gap}"
    for name, bands in zip(names, (found.present, found.lost), strict=True):
        for level, label in levels.items():
            if row := words.band(bands, found, level):
                header.append(f"{name}{label}".strip())
                cut = ((row[1][k] / scale, row[2][k] / scale, widest / scale) for k in chosen)
                shown = [count(*each) for each in cut]
                width = max(map(cells, (*header[-1].split("\n"), *shown)))
                columns.append([cell.rjust(width) for cell in shown])
                errors += [row[2][k] for k in chosen]
    days = [found.dates[k].isoformat() for k in chosen]
    each_column = "Each column is a percentile at each date, not the path of a single draw."
    if not set(words.OUTER) <= set(found.levels):
        each_column = "There are too few draws for other percentiles."
    said = [
        _precision(max(errors), widest, summary),
        "" if one else each_column,
        words.counted_from(summary),
        words.goes_on(summary),
    ]
    note = " ".join(filter(None, said))
    what = f"{present} and {unit} {words.short_words(main.lost)}"
    return document.table(
        f"{what} at the end of each date{counted}{when}",
        header,
        zip(days, *columns, strict=True),
        notes=[("", note)] if note else (),
    )


def observed(summary: Summary, *, verbose: bool = True) -> document.Blocks:
    """Where each count published later falls; of many only some unless `verbose`."""
    if summary.observed:
        lines = [*words.observed_lines(summary, verbose=verbose)]
        left_out = words.hidden(summary.observed, verbose=verbose)
        lines[left_out] = filter(None, [words.hidden_words(left_out)])
        yield document.Listing(tuple(map(document.plain, lines)))


def _precision(error: float, widest: float, summary: Summary) -> str:
    if error == 0:
        return ""
    digits = max(decimals(widest), 0)
    scale: float = 10.0**-digits
    shown = fixed(math.ceil(error / scale - 1e-9) * scale, digits)
    return f"95 % Monte Carlo error at most ± {units(shown, label_words(summary.unit))}."
