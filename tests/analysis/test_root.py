"""The search for a root: step by step that of SciPy."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from simulate.analysis.inverse import _root


@given(
    root=st.floats(0.01, 0.99),
    steep=st.sampled_from([0.3, 5.0, 200.0]),
    tolerance=st.sampled_from([1e-3, 1e-7, 1e-12]),
    steps=st.sampled_from([0, 7, 1000]),
)
def test_the_points_tried_are_those_of_scipy(
    root: float, steep: float, tolerance: float, steps: int
) -> None:
    """Also for a function in steps, as shares of draws are."""

    def beyond(level: float) -> float:
        if steps:
            level = math.floor(level * steps) / steps
        return math.tanh(steep * (level - root)) + (level - root) ** 2 or 1e-12

    if beyond(0.0) >= 0 or beyond(1.0) <= 0:
        return
    tried: list[list[float]] = [[], []]

    def noting(points: list[float]) -> Callable[[float], float]:
        def noted(level: float) -> float:
            points.append(level)
            return beyond(level)

        return noted

    found = _root(noting(tried[0]), 0.0, 1.0, tolerance)
    assert found == optimize.brentq(noting(tried[1]), 0.0, 1.0, xtol=tolerance)
    assert tried[0] == tried[1]


def test_a_root_of_a_line_is_found_at_once() -> None:
    assert _root(lambda x: x - 0.25, 0.0, 1.0, 1e-9) == pytest.approx(0.25, abs=1e-9)
