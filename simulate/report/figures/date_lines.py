"""Labelled lines at the dates of a picture: the moments of an outcome, and the published dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from msgspec.structs import replace

from simulate.analysis.summary import Outcome, Summary, tails
from simulate.analysis.values import PeriodCheck
from simulate.report.figures.bars import PROBABILITY, moments, shaded
from simulate.report.figures.canvas import balanced, first_to_fit
from simulate.report.figures.flags import DASHED, DOTTED, Flag
from simulate.report.figures.frame import Sheet
from simulate.report.figures.style import INTERVAL, MEDIAN, PUBLISHED
from simulate.report.text import phrases, wording
from simulate.report.text.expected import is_promise, named
from simulate.report.text.headline import case_of
from simulate.report.text.wording import short_date
from simulate.report.text.wrapping import cells, shorten

_MOST_FLAGS = 4
"""Of the published dates, and of the dates of `by`."""
_ON_CARD = ("median", "all")
_LABEL_CELLS, _WHOLE_CELLS = 34, 90
_LONGEST, _ON_A_CARD = 0.5, 0.65
"""Share of the width of a picture that a label may have, and on a card, which has few."""


def moment_flags(summary: Summary, outcome: Outcome, sheet: Sheet) -> list[Flag]:
    """Lines at the moments that a histogram marks; a card has no interval.

    None at the only date of all draws, which the title has.
    """
    if phrases.only_date(outcome):
        return []
    found = [each for each in moments(summary, outcome) if not sheet.is_card or each[1] in _ON_CARD]
    low, high = map(wording.share, tails(PROBABILITY))
    dark, origin = shaded(summary, outcome), summary.origin.toordinal()
    if dark and dark.part and not sheet.is_card:
        found = [each for each in found if each[1] == "median"]
        for role, at in (("low", dark.first), ("high", dark.last)):
            date = dt.date.fromordinal(int(at) - (role == "high"))
            found.append((role, role, at - origin, date))
    # In a column the axis names the year, unless there are several.
    brief = sheet.is_narrow and len({date.year for *_, date in found}) == 1
    lines, days = [], case_of(summary, outcome).spread
    names = {
        "median": "half of simulations by" if sheet.is_card else "median",
        "low": f"{dark.part} from" if dark and dark.part else f"{low} by",
        "high": "to" if dark and dark.part else f"{high} by",
        "all": f"{low} to {high}, all on",
    }
    for _, role, day, date in found:
        when = short_date(date, days)
        words = f"{names[role]} {when.removesuffix(f' {date.year}') if brief else when}"
        look = (INTERVAL, DASHED) if role in ("low", "high") else (MEDIAN, "-")
        lines.append(Flag(origin + day, words, *look))
    return lines


class _Marked(NamedTuple):
    """A date with its probability, or a published period."""

    date: dt.date
    name: str
    probability: float
    mc_error: float
    period: PeriodCheck | None
    whole: str
    """The name in full."""


def date_flags(
    outcome: Outcome,
    sheet: Sheet,
    *,
    after: Outcome | None = None,
    on_curve: bool = False,
    shares: bool = True,
) -> list[Flag]:
    """The published dates and periods; in a narrow picture a letter and a key replace labels.

    With `on_curve` also the dates of `by`, each with a point at the probability of depletion.
    With `after`, what later reports make of the outcome, each has both probabilities; without
    `shares`, none.
    """
    found = _marked(outcome, on_curve=on_curve)
    late = [*map(_share, _marked(after, on_curve=on_curve))] if after else [""] * len(found)
    # Two labels of two lines would leave a card no room for the rest.
    has_room = not (sheet.is_narrow or (sheet.is_card and len(named(outcome)) > 1))
    lines = []
    for one, now in zip(found, late, strict=True):
        date, name, probability, _, period, whole = one
        # "By" a date is until its end.
        end, level = date.toordinal() + 1.0, probability if on_curve else None
        flag = Flag(end, "", PUBLISHED, DOTTED, level)
        shown_as, when = _share(one), wording.prose_date(date)
        of = " of simulations" if sheet.is_card and not period and not now else ""
        is_gone = "gone " if is_promise(whole) else ""
        then = f"{shown_as}{of} {'within' if period else f'{is_gone}by then'}"
        if now:
            then = f"before: {then}, after: {now}"
        if period:
            when = wording.prose_period(period.first, period.last)
            flag = Flag(float(period.first.toordinal()), "", PUBLISHED, DOTTED, end=end)
        words, far = f"{shown_as} by {short_date(date)}", ""
        if name:
            # A year stands for a date by its place on an axis, and for any period.
            known, head = str(date.year), name.partition(": ")[0]
            names = [whole, name, head, shorten(head, _LABEL_CELLS // 2)]
            marks = ["," if sheet.is_narrow or ":" in each else ":" for each in names]
            dated = [
                each if known in each else f"{each}{mark} {when}"
                for each, mark in zip(names, marks, strict=True)
            ][: 1 if sheet.is_narrow else None]
            labels = [f"{each} ({then})" if shares else each for each in dated]
            inches = (_ON_A_CARD if sheet.is_card else _LONGEST) * sheet.inches
            if has_room and "…" not in whole:  # two lines, before words are left out
                two = balanced(labels[0], sheet.labels, inches=inches, lines=2)
                labels[1:1] = ["\n".join(two)] if " ".join(two) == labels[0] else []
            words = first_to_fit(labels, inches, sheet.labels)
            far = words.replace(of, "") if of else words
        key = (far or f"{shown_as} by {when}") if sheet.is_narrow else ""
        lines.append(replace(flag, label=words, far=far, key=key))
    return lines[: len(named(outcome))] if sheet.is_card else lines


def _marked(outcome: Outcome, *, on_curve: bool) -> list[_Marked]:
    """The published dates and periods, and on a curve the dates of `by`."""
    checks = outcome.published[:_MOST_FLAGS]
    shown = {check.date for check in checks if check.period is None}
    more = [by for by in outcome.by if by.date not in shown][:_MOST_FLAGS] if on_curve else []
    return [
        *(
            _Marked(
                c.date, _label(c.label), c.probability_by, c.mc_error, c.period, _in_full(c.label)
            )
            for c in checks
        ),
        *(_Marked(by.date, "", by.probability, by.mc_error, None, "") for by in more),
    ]


def _share(mark: _Marked) -> str:
    """How many simulations are depleted by a date, or within a period."""
    if mark.period:  # as in the sentence
        return wording.percent_cell(mark.period.within.probability)
    return wording.percent_cell(mark.probability, mark.mc_error)


def _in_full(label: str) -> str:
    """A published label, as long as a line at most."""
    return _begun(shorten(_unpublished(label), _WHOLE_CELLS))


def _label(label: str) -> str:
    """A published label, short enough for a flag; of a long one what precedes its colon."""
    label = _unpublished(label)
    name, colon, _ = label.partition(": ")
    label = name if colon and cells(label) > _LABEL_CELLS else label
    return _begun(shorten(label, _LABEL_CELLS))


def _unpublished(label: str) -> str:
    """A label without the day of its publication, which looks like the day that was published."""
    return _MADE.sub("", wording.inert(label))


_MADE = re.compile(
    r", (?:on )?(?:\d{1,2} [A-Z][a-z]+(?: \d{4})?|[A-Z][a-z]+ \d{1,2}(?:, \d{4})?)(?=: |$)"
)


def _begun(label: str) -> str:
    """A label ready for use as the beginning of a line."""
    return phrases.capitalised(wording.embedded(label))
