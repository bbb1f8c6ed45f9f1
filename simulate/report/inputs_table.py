"""The inputs of a scenario, as a table for the terminal or as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from typing import TextIO

from simulate.analysis.summary import InputSummary
from simulate.report.findings import counted_phrase
from simulate.report.json_document import input_document
from simulate.report.terminal_page import HEADING, Page, page_for, warnings_section
from simulate.report.wording import inert
from simulate.scenario.numerals import stated

Described = Sequence[tuple[InputSummary, tuple[float, ...]]]

_BLOCKS, _ASCII = " ▁▂▃▄▅▆▇█", " .:-=+*#@"


def print_inputs(
    title: str,
    inputs: Described,
    *,
    pooling: str = "",
    warnings: Sequence[str] = (),
    file: TextIO | None = None,
) -> None:
    """Print each input: what it is, its mean and percentiles, a one-line picture, its source.

    Parameters
    ----------
    title
        Of the scenario.
    inputs
        Each input with the probabilities of equal steps over its range, empty for a constant.
    pooling
        How the claims of a ledger meet, if there are several.
    warnings
        What is doubtful in the scenario.
    file
        Where to; standard output if left out.
    """
    stream = sys.stdout if file is None else file
    page = page_for(stream)
    page.paragraph(inert(title), HEADING, lines=4)
    for item, shape in inputs:
        _input(page, item, shape)
    counted = counted_phrase(item for item, _ in inputs)
    if counted:
        page.line()
        page.paragraph(
            f"Losses: {counted}, from losses.start up to losses.as_of, which is not among them"
        )
    if pooling:
        page.line()
        page.paragraph(f"Pooling: {pooling}")
    warnings_section(page, warnings)
    stream.write(page.text())


def dumps(inputs: Described) -> str:
    """The inputs as one JSON text, in the form they have in a result."""
    documents = [input_document(item) for item, _ in inputs]
    return json.dumps(documents, indent=2, allow_nan=False)


def _input(page: Page, item: InputSummary, shape: tuple[float, ...]) -> None:
    page.line()
    page.paragraph(inert(item.name), HEADING)
    if shape:
        page.paragraph(inert(item.distribution), first="  ", indent="  ")
        low, middle, high = input_values(item)
        mean = "does not exist" if item.mean is None else _spelled(item.mean, spread(item))
        page.paragraph(
            f"mean {mean}, median {middle}, 90 % between {low} and {high}", first="  ", indent="  "
        )
        page.line(f"  {_picture(shape, _BLOCKS if page.blocks else _ASCII)}")
    else:
        page.paragraph(f"constant {input_values(item)[0]}", first="  ", indent="  ")
    page.paragraph(f"source: {inert(item.source) or 'none given'}", first="  ", indent="    ")


def _picture(shape: tuple[float, ...], signs: str) -> str:
    """One column a step; what is not empty never looks empty."""
    top = max(shape)
    return "".join(
        signs[max(1, round(p / top * (len(signs) - 1)))] if p > 0 else signs[0] for p in shape
    )


def input_values(item: InputSummary) -> list[str]:
    """The percentiles of an input, all digits of what is certain."""
    return [_spelled(quantile.value, spread(item)) for quantile in item.quantiles]


def spread(item: InputSummary) -> float:
    """The range of an input's percentiles, 0 for dates, whose digits are never cut."""
    numbers = [q.value for q in item.quantiles if not isinstance(q.value, dt.date)]
    return max(numbers, default=0.0) - min(numbers, default=0.0)


def _spelled(value: float | dt.date, width: float) -> str:
    return value.isoformat() if isinstance(value, dt.date) else stated(value, width)
