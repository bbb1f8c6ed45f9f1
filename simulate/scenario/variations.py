"""A grid of scenarios: one for each combination of the values of some settings."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Self, TypeVar

from msgspec import Struct

from simulate.errors import Argument, LimitError, Message, Problem, ScenarioError
from simulate.scenario.loader import LoadedScenario, Source
from simulate.scenario.overlay import LONGEST_LABEL
from simulate.scenario.values import ISO_DATE, cut

MOST_CELLS = 10_000
_MOST_PROBLEMS = 20

_END = rf"{ISO_DATE.pattern}|[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"(?P<low>{_END}):(?P<high>{_END}):(?P<n>\d{{1,20}})")
_LIKE_RANGE = re.compile(r"(?:[-+.]*\d[-+.\w]*:[-+.\w]+|[-+.\w]+:[-+.]*\d[-+.\w]*):[-+]?\d+")
"""What can only be meant as one: one of its ends begins with a digit."""

Prepared = TypeVar("Prepared")
Values = tuple[str, ...]
"""The value of each swept setting in one cell."""


class Grid(Struct, frozen=True):
    """Settings such as `force.size=10000,12000`, each with its values, in the order given."""

    settings: tuple[tuple[str, Values], ...]

    @classmethod
    def of(cls, settings: Iterable[str]) -> Self:
        """Split settings into values at the commas outside brackets, braces and quotes.

        A value such as 1400:1600:5 is a range: five values from the first to the last. Raises
        ScenarioError if a value is missing, or a setting is given twice; LimitError if there are
        more than 10,000 combinations.

        Examples
        --------
        >>> Grid.of(["force.size=10000,12000", "losses.count={mean: 3, sd: 1}"]).swept
        (('force.size', ('10000', '12000')),)
        >>> Grid.of(["force.size=1400:1600:5,2000"]).swept
        (('force.size', ('1400', '1450', '1500', '1550', '1600', '2000')),)
        """
        found = tuple(map(_setting, settings))
        names = [name for name, _ in found]
        twice = [name for number, name in enumerate(names) if name in names[:number]]
        if twice:
            message = Message(Argument("set", twice[0]), " is duplicated")
            listed = Argument("set", f"{twice[0]}=FIRST,SECOND")
            hint = Message("list its values behind one: ", listed)
            raise ScenarioError(Problem(message, hint=hint))
        grid = cls(found)
        if grid.n_cells > MOST_CELLS:
            limit = f"the limit of {MOST_CELLS:,} in one sweep"
            raise LimitError(f"{grid.n_cells:,} combinations are beyond {limit}")
        return grid

    @property
    def swept(self) -> tuple[tuple[str, Values], ...]:
        """The settings that have several values."""
        return tuple((name, values) for name, values in self.settings if len(values) > 1)

    @property
    def fixed(self) -> tuple[str, ...]:
        """The settings that are the same everywhere, as overrides."""
        return tuple(f"{name}={values[0]}" for name, values in self.settings if len(values) == 1)

    @property
    def n_cells(self) -> int:
        """Number of combinations."""
        return math.prod(len(values) for _, values in self.settings)

    def cells(self) -> Iterator[Values]:
        """The combinations; the last setting varies fastest."""
        return itertools.product(*(values for _, values in self.swept))

    def overrides(self, cell: Values) -> tuple[str, ...]:
        """The overrides of one combination, in the order in which they were given."""
        chosen = dict(zip((name for name, _ in self.swept), cell, strict=True))
        return tuple(f"{name}={chosen.get(name, values[0])}" for name, values in self.settings)

    def words(self, cell: Values) -> str:
        """`wounded.return_share=0.25, force.size=10000`, long values cut."""
        pairs = zip(self.swept, cell, strict=True)
        return ", ".join(f"{name}={cut(value)}" for (name, _), value in pairs)

    def load(
        self, source: Source, prepared: Callable[[LoadedScenario], Prepared]
    ) -> list[tuple[Values, Prepared]]:
        """Load every combination once, and report what is wrong with any of them.

        `prepared` makes use of each scenario; it raises ScenarioError if anything else is wrong.
        Raises ScenarioError with each problem once, and the combinations that have it; the check
        ends after twenty problems.
        """
        cells: list[tuple[Values, Prepared]] = []
        found: dict[Problem, tuple[Problem, list[Values]]] = {}
        for cell in self.cells():
            try:
                cells.append((cell, prepared(source.load(self.overrides(cell)))))
            except ScenarioError as error:
                for problem in error.problems:
                    # The same mistake in several values of one setting is one mistake.
                    mistake = problem if problem.line else problem._replace(file="")
                    found.setdefault(mistake, (problem, []))[1].append(cell)
            if len(found) >= _MOST_PROBLEMS:
                break
        if found:
            raise ScenarioError(*(self._placed(*item) for item in found.values()))
        return cells

    def _placed(self, problem: Problem, cells: list[Values]) -> Problem:
        if len(cells) == self.n_cells:
            return problem
        where = "with" if len(cells) == 1 else f"in {len(cells)} combinations, the first"
        return problem._replace(
            message=Message(problem.message, f" [{where} {self.words(cells[0])}]")
        )


def _setting(text: str) -> tuple[str, Values]:
    name, equals, listed = text.partition("=")
    label = Message(Argument("set", cut(text, LONGEST_LABEL)))
    if not equals or not name.strip():
        message = Message(label, ": a setting is name=value or name=value,value")
        raise ScenarioError(Problem(message, hint="for instance force.size=10000,12000"))
    values = tuple(chain.from_iterable(map(_spaced, split_values(listed))))
    if not all(values):
        n = len(values)
        which = "its value" if n == 1 else f"value {values.index('') + 1} of {n}"
        hint = "write null for nothing, and quotes around a text that holds commas"
        raise ScenarioError(Problem(Message(label, f": {which} is missing"), hint=hint))
    return name.strip(), values


def _spaced(value: str) -> Values:
    """The values of a range such as 1400:1600:5, equally spaced; anything else as it is.

    Dates are rounded to whole days.
    """
    match = _RANGE.fullmatch(value)
    if match is None and not _LIKE_RANGE.fullmatch(value):
        return (value,)
    low, high, n = (match["low"], match["high"], int(match["n"])) if match else ("", "", 0)
    dated = ISO_DATE.fullmatch(low) is not None
    if not 2 <= n <= MOST_CELLS or dated != (ISO_DATE.fullmatch(high) is not None):
        message = f"{cut(value)} is no range of 2 to {MOST_CELLS:,} values"
        hint = "a range is first:last:count of numbers or of dates, such as 1400:1600:5"
        raise ScenarioError(Problem(message, hint=hint))
    if dated:
        first, last = (_ordinal(end, value) for end in (low, high))
        days = (first + round(Fraction((last - first) * k, n - 1)) for k in range(n))
        return tuple(dt.date.fromordinal(day).isoformat() for day in days)
    begin, step = Fraction(low), (Fraction(high) - Fraction(low)) / (n - 1)
    return tuple(f"{float(begin + k * step):.15g}" for k in range(n))


def _ordinal(date: str, value: str) -> int:
    try:
        return dt.date.fromisoformat(date).toordinal()
    except ValueError:
        raise ScenarioError(Problem(f"{cut(value)}: there is no date {date}")) from None


def split_values(text: str) -> Iterator[str]:
    """The parts of a text between commas, apart from those in brackets, braces and quotes.

    Examples
    --------
    >>> list(split_values("{low: 1, high: 2}, [3, 4],'a, b'"))
    ['{low: 1, high: 2}', '[3, 4]', "'a, b'"]
    """
    depth, quote, begun, before = 0, "", 0, ","
    for place, sign in enumerate(text):
        if quote:
            # A quotation mark written twice, or after a backslash, closes and opens again.
            if sign == quote and not (quote == '"' and text[place - 1] == "\\"):
                quote = ""
        elif sign in "'\"" and (before in ",[{:" or text[place - 1] == sign == "'"):
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        elif sign == "," and depth <= 0:
            yield text[begun:place].strip()
            begun = place + 1
        if not sign.isspace():
            before = sign
    yield text[begun:].strip()
