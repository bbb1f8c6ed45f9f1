"""How hints write ranges, in a file and in the interview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from simulate.scenario import written_dates as dates


class Spelling(NamedTuple):
    """How a range is written: from its two ends, or with what is most likely between them.

    `other_ends` says what else the two ends can be, `per` in what unit of time a rate is,
    `period` the first and last day of what was published; `whole_days` is whether a range of days
    includes its last day; `spoken` whether a scale stays a word, as in 2 million; `either` one of
    two values.
    """

    two: str
    three: str
    other_ends: str = ""
    per: str = " with per: {}"
    period: str = "from: {} and to: {} in place of date"
    whole_days: bool = False
    spoken: bool = False
    either: str = "{{distribution: discrete, values: [{}, {}], weights: [1, 1]}}"

    def of(self, *values: object) -> str:
        """The range of two or three values."""
        return (self.two if len(values) == 2 else self.three).format(*values)

    def days(self, period: dates.Period) -> str:
        """The range of the days of a period."""
        return self.of(period.first, period.last if self.whole_days else period.end)


IN_A_FILE = Spelling(
    "{{distribution: uniform, low: {}, high: {}}}",
    "{{distribution: triangular, low: {}, mode: {}, high: {}}}",
    "; with p5 and p95 in place of low and high, one value in ten lies outside",
)
SPELLING = ContextVar("spelling", default=IN_A_FILE)


@contextmanager
def spelling(form: Spelling) -> Iterator[None]:
    """In the `with` block, hints write ranges in this form instead of that of a file."""
    token = SPELLING.set(form)
    try:
        yield
    finally:
        SPELLING.reset(token)


_ONE = r"-?[\d.]+(?:-\d\d-\d\d)?"
_ONLY = (
    rf"write (?:a uniform over [^:]*: )?({_ONE}(?: (?:to|or) {_ONE}|, {_ONE}, {_ONE})?"
    r"(?: an? [a-z]+)?|[a-z]+|https://\S+)(?:[,;] (?!or ).*)?"
)


def only_way(hint: str) -> str:
    """What a hint says to type, if that is one thing only.

    Examples
    --------
    >>> only_way("write 12000, without separators or leading zeros")
    '12000'
    >>> only_way("write 2025-06-01 for that day alone, or 2025-06-01 to 2025-06-10")
    ''
    """
    match = re.fullmatch(_ONLY, hint)
    return match[1] if match and " if " not in hint else ""
