"""The inputs of a scenario as the program reads them, and whether it is valid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from simulate.analysis.summary import InputSummary
from simulate.report import document
from simulate.report.text.inputs import in_rows, per_words, unit_words
from simulate.report.text.phrases import capitalised
from simulate.report.text.rate import counted_phrase
from simulate.report.text.wording import MONTHS, counted, inert
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.numerals import stated
from simulate.scenario.words import Words

Described = Sequence[tuple[InputSummary, tuple[float, ...]]]
"""Each input with the probabilities of equal steps over its range, empty for a constant."""


def inputs_page(
    title: str,
    inputs: Described,
    of: Words,
    *,
    unit: str,
    remarks: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> document.Document:
    """Each input: what it is, its mean and percentiles, a one-line picture, its source.

    `of` are the words for what runs out, counted in `unit`; `remarks` say how losses are counted
    and claims combined.
    """
    shapes = {item.name: shape for item, shape in inputs}
    over_days = counted_phrase(item for item, _ in inputs)
    first: dict[str, str] = {}  # the input that each source was printed with
    for item, _ in inputs:
        first.setdefault(inert(item.source), item.name)
    words = f"{capitalised(of.losses)}: {over_days}"
    return document.composed(
        inert(title),
        *(
            (f"input-{k}", name, _input(items, shapes[items[0].name], unit, first))
            for k, (name, items) in enumerate(in_rows(item for item, _ in inputs))
        ),
        ("counted", "", document.paragraphs([words if over_days else ""])),
        *((f"remark-{k}", "", document.paragraphs([words])) for k, words in enumerate(remarks)),
        ("warnings", "Warnings", document.warned(warnings)),
    )


def check_page(file: str, loaded: LoadedScenario, warnings: Sequence[str]) -> document.Document:
    """Confirms that a file is valid, with its contents in numbers and any warnings."""
    n, claims = len(loaded.scenario.uncertain), len(loaded.scenario.losses.claims)
    of_claims = f"{counted(claims, 'claim')}, " if claims else ""
    inputs = counted(n, "uncertain input")
    line = f"{inert(file)}: valid, {of_claims}{inputs}, digest {loaded.digest[:12]}"
    doubts = ("warnings", "Warnings", document.warned(warnings))
    return document.composed("", ("valid", "", [document.Code(line)]), doubts)


def _input(
    items: Sequence[InputSummary], shape: tuple[float, ...], unit: str, first: Mapping[str, str]
) -> document.Blocks:
    """An input; `first` names the one that each source is printed with."""
    item, units = items[0], unit_words(items[0], unit)
    if shape and len(items) == 1:
        low, middle, high = input_values(item)
        mean = "does not exist" if item.mean is None else _rounded(item.mean, item)
        words = f"mean {mean}, median {middle}, 90 % between {low} and {high}{units}"
        yield document.Listing((document.plain(item.distribution + per_words(item)), (words,)))
        yield document.Picture("", None, lambda _, blocks: _sketch(shape, blocks=blocks))
    else:
        yield document.Listing(((f"constant {median_and_range(items, units)}",),))
    source = inert(item.source) or "none given"
    if item.source and first[inert(item.source)] != item.name:
        source = f"as {first[inert(item.source)]}"
    yield document.Listing((document.plain(f"source: {source}"),))


def _sketch(shape: tuple[float, ...], *, blocks: bool) -> document.Sketch:
    """One character a step; only a step of probability 0 is blank."""
    signs, top = " ▁▂▃▄▅▆▇█" if blocks else " .:-=+*#@", max(shape)
    line = (signs[max(1, round(p / top * (len(signs) - 1)))] if p > 0 else signs[0] for p in shape)
    return document.Sketch("", (f"  {''.join(line)}",))


def input_values(item: InputSummary) -> list[str]:
    """The percentiles of an input; certain values keep all digits."""
    return [_rounded(quantile.value, item) for quantile in item.quantiles]


def median_and_range(items: Sequence[InputSummary], units: str | None = None) -> str:
    """`36.5 (3.7 to 69.3) a month`; of a season, what holds for each month."""
    if len(items) > 1:
        months = zip(MONTHS, items, strict=False)
        return ", ".join(f"{month} {input_values(item)[0]}" for month, item in months)
    values, per = input_values(items[0]), per_words(items[0]) if units is None else units
    if len(values) == 3 and len(set(values)) > 1:
        return f"{values[1]} ({values[0]} to {values[2]}){per}"
    return f"{values[0]}{per}" if values else ""


def _rounded(value: float | dt.date, item: InputSummary) -> str:
    """A value of an input, as exact as the range of its percentiles calls for; a date in full."""
    if isinstance(value, dt.date):
        return value.isoformat()
    numbers = [q.value for q in item.quantiles if not isinstance(q.value, dt.date)]
    return stated(value, max(numbers, default=0.0) - min(numbers, default=0.0))
