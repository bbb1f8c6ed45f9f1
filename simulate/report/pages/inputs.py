"""The inputs of a scenario, as they were understood."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from functools import partial

from simulate.analysis.summary import InputSummary
from simulate.report.document import Block, Document, Listing, Picture, Sketch, plain, sections
from simulate.report.json_document import encoded
from simulate.report.wording import inert

Described = Sequence[tuple[InputSummary, tuple[float, ...]]]

_BLOCKS, _ASCII = " ▁▂▃▄▅▆▇█", " .:-=+*#@"


def inputs_page(title: str, inputs: Described, *, pooling: str = "") -> Document:
    """Each input: what it is, its mean and percentiles, a one-line picture, its source.

    Parameters
    ----------
    title
        Of the scenario.
    inputs
        Each input with the probabilities of equal steps over its range, empty for a constant.
    pooling
        How the claims of a ledger meet, if there are several.
    """
    return Document(
        title=inert(title),
        question="",
        sections=sections(
            *(
                (f"input-{number}", inert(item.name), _input(item, shape))
                for number, (item, shape) in enumerate(inputs)
            ),
            ("pooling", "Pooling", [Listing((plain(pooling),))] if pooling else []),
        ),
    )


def dumps(inputs: Described) -> str:
    """The inputs as one JSON text, in the form they have in a result."""
    return json.dumps([encoded(item) for item, _ in inputs], indent=2, allow_nan=False)


def _input(item: InputSummary, shape: tuple[float, ...]) -> Iterator[Block]:
    if shape:
        low, middle, high = (_rounded(quantile.value) for quantile in item.quantiles)
        mean = "does not exist" if item.mean is None else _rounded(item.mean)
        spread = f"mean {mean}, median {middle}, 90 % between {low} and {high}"
        yield Listing((plain(item.distribution), (spread,)))
        yield Picture("", None, partial(_sketch, shape))
    else:
        yield Listing(((f"constant {_spelled(item.quantiles[0].value)}",),))
    yield Listing((plain(f"source: {inert(item.source) or 'none given'}"),))


def _sketch(shape: tuple[float, ...], _: int, blocks: bool) -> Sketch:  # noqa: FBT001
    """One column a step; what is not empty never looks empty."""
    signs, top = _BLOCKS if blocks else _ASCII, max(shape)
    columns = (
        signs[max(1, round(p / top * (len(signs) - 1)))] if p > 0 else signs[0] for p in shape
    )
    return Sketch("", (f"  {''.join(columns)}",))


def _rounded(value: float | dt.date) -> str:
    """Four digits, more only before the decimal mark: nobody knows a range better than that."""
    if isinstance(value, dt.date) or abs(value) < 1000:
        return value.isoformat() if isinstance(value, dt.date) else f"{value:.4g}"
    return f"{value:,.0f}" if abs(value) < 1e15 else f"{value:.4g}"


def _spelled(value: float | dt.date) -> str:
    return value.isoformat() if isinstance(value, dt.date) else f"{value:,.6g}"
