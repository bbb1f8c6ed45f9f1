"""All families of distributions, and the kinds of input that take them.

To add a family, write one class with a `distribution` name in one of these modules, and that name
in `union.HOMES`. The JSON Schema and the hints then know it, and the tests ask for cases in
`tests/scenario/laws.py` and `test_any_law.py`, which every contract test runs, and for a row in the
README. Modules are loaded when a
scenario first names one of their families.
"""

from __future__ import annotations

from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.union import (
    FAMILIES,
    AnyDistribution,
    Duration,
    Factor,
    Fraction,
    Growth,
    Quantity,
    When,
)

__all__ = [
    "FAMILIES",
    "AnyDistribution",
    "Distribution",
    "Duration",
    "Factor",
    "Fraction",
    "Growth",
    "Quantity",
    "When",
]
