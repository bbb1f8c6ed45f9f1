"""The inputs of a scenario in words: their names, their units of time, a season in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from simulate.analysis.summary import InputSummary
from simulate.report.text.wording import MONTHS, inert

_MONTH = re.compile(r"(?<=^rate\.by_month)\[(\d+)\]")


def name_words(name: str) -> str:
    """The path of an input; `rate.by_month[0] (January)` for a month."""
    month = _MONTH.search(name)
    return inert(f"{name} ({MONTHS[int(month[1])]})" if month else name)


def per_words(item: InputSummary) -> str:
    """`` a year`` for a rate, else empty."""
    return f" a {item.per}" if item.per else ""


def is_fixed(item: InputSummary) -> bool:
    """Whether an input is certain."""
    return len({quantile.value for quantile in item.quantiles}) == 1


def in_rows(inputs: Iterable[InputSummary]) -> Iterator[tuple[str, tuple[InputSummary, ...]]]:
    """Each input under its name; a season that is certain as one, under `rate.by_month`."""
    for name, items in groupby(inputs, lambda item: _MONTH.sub("", item.name)):
        found = tuple(items)
        if len(found) > 1 and all(map(is_fixed, found)) and len({i.source for i in found}) == 1:
            yield name, found
        else:
            yield from ((name_words(item.name), (item,)) for item in found)
