"""Hints: what to write instead of a text, and how they write ranges in a file and an interview."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, Self

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


class Hint(str):
    """What to write instead of a text, for a reader; and apart the answers it has, for a program.

    `way` is what the text `of` means, in the form that is accepted: empty where it can mean two
    things, and the limits of `about 900`. `such_as` is an example, which is offered and not taken.
    `is_general` is whether the hint only shows the form that is wanted, whatever the text was.
    """

    __slots__ = ("is_general", "of", "such_as", "way")
    way: str
    such_as: str
    of: str
    is_general: bool

    def __new__(
        cls, text: str, *, way: str = "", such_as: str = "", of: str = "", is_general: bool = False
    ) -> Self:
        """The text of a hint with its answers."""
        hint = super().__new__(cls, text)
        hint.way, hint.such_as, hint.of, hint.is_general = way, such_as, of, is_general
        return hint

    def about(self, text: str, remark: str = "") -> Hint:
        """The same of a text, perhaps with a remark behind it."""
        said = f"{self}{remark}"
        return Hint(said, way=self.way, such_as=self.such_as, of=text, is_general=self.is_general)


def write(way: object, remark: str = "", *, of: str = "") -> Hint:
    """The hint to write one thing, perhaps with a remark behind it."""
    return Hint(f"write {way}{remark}", way=str(way), of=of)
