"""The straight line against its closed form, a walk in steps and the published case."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simulate.engine.first_passage import straight_line
from tests.exact import first_passage_by_steps

Q = (0.3, 0.5, 0.9, 1.0)


def many(n: int = 2000) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    start = rng.uniform(-500, 500, n)
    return {
        "count": rng.lognormal(8, 1, n),
        "size": rng.lognormal(9, 1, n),
        "start": start,
        "as_of": start + rng.lognormal(3, 1, n),
    }


def test_the_closed_form_on_arrays() -> None:
    case = many()
    c, f, s, a = case.values()
    found = straight_line(**case, thresholds=Q)
    assert found.time.shape == found.passed.shape == (len(Q), c.size)
    assert found.rate.shape == found.over.shape == (c.size,)
    np.testing.assert_allclose(found.rate, c / (a - s), rtol=1e-14)
    for q, time, passed in zip(Q, found.time, found.passed, strict=True):
        # Both forms of the model agree: from the start, and from the day of the count.
        np.testing.assert_allclose(time, s + q * f * (a - s) / c, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(time, a + (q * f - c) * (a - s) / c, rtol=1e-9, atol=1e-9)
        assert np.array_equal(passed, c >= q * f)
        assert np.any(passed)
        assert not np.all(passed)
    assert np.array_equal(found.over, c > f)


def test_the_walk_in_steps() -> None:
    case = many(20)
    found = straight_line(**case, thresholds=Q).time
    for i, (c, f, s, a) in enumerate(zip(*case.values(), strict=True)):
        for k, q in enumerate(Q):
            days = (a - s) * q * f / c
            walked = first_passage_by_steps(s, a, c, f, q, step=days / 100.5)
            assert found[k, i] == pytest.approx(walked, rel=0, abs=1e-9)


def test_known_and_uncertain_inputs_broadcast() -> None:
    case = many()
    for uncertain in case:
        mixed: dict[str, Any] = {
            name: x if name == uncertain else float(x[0]) for name, x in case.items()
        }
        shape = case["count"].shape
        full: dict[str, Any] = {name: np.broadcast_to(x, shape) for name, x in mixed.items()}
        found, expected = straight_line(**mixed, thresholds=Q), straight_line(**full, thresholds=Q)
        np.testing.assert_array_equal(found.time, expected.time)
        np.testing.assert_array_equal(found.passed, expected.passed)
        np.testing.assert_array_equal(found.over, expected.over)


@pytest.mark.parametrize(
    ("as_of", "rate", "first", "half", "whole"),
    [
        # 6 December to 16 January, and to the day it can have been said
        (41.0, 92.6829268293, 38.8421052632, 64.7368421053, 129.4736842105),
        (29.0, 131.0344827586, 27.4736842105, 45.7894736842, 91.5789473684),
    ],
)
def test_the_published_case(
    as_of: float, rate: float, first: float, half: float, whole: float
) -> None:
    found = straight_line(3800.0, 12000.0, 0.0, as_of, (0.3, 0.5, 1.0))
    assert found.rate.item() == pytest.approx(rate, rel=0, abs=1e-9)
    assert found.time.ravel().tolist() == pytest.approx([first, half, whole], rel=0, abs=1e-9)
    assert found.passed.ravel().tolist() == [True, False, False]
    assert not found.over.item()


def test_a_threshold_reached_on_the_day_of_the_count_has_passed() -> None:
    """C = q F, where the products and quotients of decimal numbers round either way."""
    for q in np.arange(1, 101) / 100:
        for size in (1000.0, 7000.0, 11000.0, 12345.0):
            count = float(np.round(q * size, 9))
            exactly = straight_line(count, size, 0.0, 41.0, (q,))
            assert exactly.passed.item(), (q, size)
            before = straight_line(count * (1 - 1e-6), size, 0.0, 41.0, (q,))
            assert not before.passed.item(), (q, size)


def test_strength_present_on_a_later_day() -> None:
    """Shares are of those who are present on that day: T = B + q F / r."""
    case = many()
    c, f, s, a = case.values()
    b = s + 17.0
    found = straight_line(**case, thresholds=Q, size_as_of=b)
    sent = f + c / (a - s) * 17.0
    for q, time, passed in zip(Q, found.time, found.passed, strict=True):
        np.testing.assert_allclose(time, b + q * f * (a - s) / c, rtol=1e-9, atol=1e-9)
        assert np.array_equal(passed, c >= q * f + c / (a - s) * 17.0)
    assert np.array_equal(found.over, c > sent)
    # Before the losses began nothing was lost: T = S + q F / r.
    early = straight_line(**case, thresholds=Q, size_as_of=s - 17.0)
    np.testing.assert_allclose(early.time, straight_line(**case, thresholds=Q).time, rtol=1e-12)


@pytest.mark.parametrize("size_as_of", [None, 20.0])
@pytest.mark.parametrize(
    ("count", "as_of"), [(0.0, 41.0), (-5.0, 41.0), (3800.0, 0.0), (3800.0, -3.0), (-1.0, -1.0)]
)
def test_no_positive_rate_is_never(count: float, as_of: float, size_as_of: float | None) -> None:
    counts, days = np.array([3800.0, count]), np.array([41.0, as_of])
    found = straight_line(counts, 12000.0, 0.0, days, Q, size_as_of=size_as_of)
    alone = straight_line(3800.0, 12000.0, 0.0, 41.0, Q, size_as_of=size_as_of)
    assert found.rate.tolist() == [alone.rate.item(), 0.0]
    assert found.time[:, 0].tolist() == alone.time.ravel().tolist()
    assert all(math.isinf(t) and t > 0 for t in found.time[:, 1])
    assert not found.passed[:, 1].any()
    assert not found.over[1]


def test_more_lost_than_were_sent() -> None:
    found = straight_line(np.array([12000.0, 12001.0]), 12000.0, 0.0, 41.0, (1.0,))
    assert found.over.tolist() == [False, True]
    assert found.passed.tolist() == [[True, True]]
    assert found.time[0, 1] < 41 == found.time[0, 0]
