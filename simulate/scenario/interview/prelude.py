"""What was lost before the first day counted, as the file has it.

The file has the losses of both times in one count, and the pace of the earlier relative to that of
the later.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from simulate.scenario.interview.grammar import ISO, to_digits

BESIDE, WITHIN = "prelude.count", "prelude.share"
"""The losses before the first day beside those counted, or their share of those counted."""


class Prelude(NamedTuple):
    """The laws of the count in all and of the pace, and about how many were lost when."""

    total: str
    intensity: str
    before: float
    since: float

    @property
    def is_faster(self) -> bool:
        """Whether more was lost a day before the first day counted than since."""
        return max(numbers(self.intensity)) > 1


def prelude(answers: Mapping[str, str]) -> Prelude | None:
    """What was lost before the first day counted; None where that is not known, or no number."""
    is_beside = bool(answers.get(BESIDE))
    law, counted = answers.get(BESIDE if is_beside else WITHIN, ""), answers.get("losses.count", "")
    first, start, end = (_day(answers.get(at, "")) for at in _DAYS)
    if not (numbers(law) and any(numbers(counted)) and 0 < first < start < end):
        return None
    of, n = _middle(law), _middle(counted)
    before, since = (of, n) if is_beside else (of * n, n - of * n)
    days = (end - start) / (start - first)
    return Prelude(
        _changed(counted, lambda each: each * (before + since) / n),
        _changed(law, lambda each: days * each / (since if is_beside else 1 - each)),
        *(before, since),
    )


def with_prelude(filled: Mapping[str, str]) -> Mapping[str, str]:
    """The values of a file with the count in all and the pace before its first day."""
    if not filled.get("prelude.start"):
        return {path: law for path, law in filled.items() if not path.startswith("prelude.")}
    found = prelude(filled) or Prelude(filled["losses.count"], "1", 0, 1)  # the day is no day
    in_all = 1 + found.before / found.since
    others = {path: _changed(filled[path], lambda each: each * in_all) for path in scaled(filled)}
    own = {"losses.count": found.total, "prelude.intensity": found.intensity}
    return {**filled, **others, **own}


def numbers(law: str) -> list[float]:
    """The numbers of a law from the lowest to the highest; none of a text."""
    values = law.partition(", weights")[0]
    return [] if law.startswith('"') else [float(n) for n in _NUMBER.findall(values)]


def scaled(filled: Mapping[str, str]) -> list[str]:
    """The totals of other reports, raised by the same share before the first day."""
    paths = filter(_OTHER.fullmatch, filled if filled.get(BESIDE) else ())
    return [path for path in paths if not filled.get(path.replace("count", "days"))]


_DAYS = ("prelude.start", "losses.start", "losses.as_of")
_OTHER = re.compile(r"losses\.claims\[\d+\]\.count")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def _day(law: str) -> float:
    """The middle of the days of a law, as a number; 0 without a day of the calendar."""
    try:
        days = [dt.date.fromisoformat(day).toordinal() for day in re.findall(ISO, law)]
    except ValueError:
        return 0
    return (days[0] + days[-1]) / 2 if days else 0


def _middle(law: str) -> float:
    """The likeliest number of a law, or the middle of its two ends."""
    found = numbers(law)
    return found[1] if len(found) == 3 else (found[0] + found[-1]) / 2


def _changed(law: str, change: Callable[[float], float]) -> str:
    """A law with another number, to six digits, in place of each."""
    values, weights, others = law.partition(", weights")

    def changed(number: re.Match[str]) -> str:
        return to_digits(Decimal(change(float(number[0]))), 6)

    return _NUMBER.sub(changed, values) + weights + others
