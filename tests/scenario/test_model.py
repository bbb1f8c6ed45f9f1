"""What a scenario derives from its values."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import pickle
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import ValidationError
from scipy import optimize, stats

from simulate.errors import LimitError
from simulate.scenario.correlation import (
    SMALLEST_EIGENVALUE,
    copula_matrix,
    nearest_correlation,
    smallest_eigenvalue,
)
from simulate.scenario.inputs import FURTHEST_LEVEL
from simulate.scenario.model import Scenario
from simulate.scenario.warnings import possible_warnings

UNIFORM = {"distribution": "uniform"}
COUNT = {**UNIFORM, "low": 3000, "high": 4000}
SIZE = {**UNIFORM, "low": 10000, "high": 12000}
AS_OF = {**UNIFORM, "low": "2025-01-04", "high": "2025-01-16"}
NORMAL_DATE = {"distribution": "normal", "mean": "2024-12-06", "sd": 3}


def scenario(
    count: Any = COUNT, size: Any = SIZE, as_of: Any = AS_OF, start: Any = "2024-12-06", **more: Any
) -> Scenario:
    force = {"size": size, **more.pop("force", {})}
    losses = {"count": count, "as_of": as_of, "start": start}
    return Scenario.model_validate({"title": "T", "force": force, "losses": losses, **more})


def told(**keys: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        scenario(**keys)
    return str(caught.value)


def test_inputs_have_names_in_the_order_of_the_file() -> None:
    found = scenario(force={"as_of": "2025-01-01", "source": "the block"})
    assert [item.name for item in found.inputs] == [
        "force.size",
        "force.as_of",
        "losses.count",
        "losses.as_of",
        "losses.start",
    ]
    assert [item.name for item in found.uncertain] == [
        "force.size",
        "losses.count",
        "losses.as_of",
    ]
    assert [item.source for item in found.inputs] == ["the block", "the block", "", "", ""]


def test_a_source_in_the_distribution_goes_before_that_of_its_block() -> None:
    found = scenario(size={**SIZE, "source": "its own"}, force={"source": "the block"})
    assert found.inputs[0].source == "its own"


def test_origin_is_the_earliest_possible_date() -> None:
    assert scenario().origin == dt.date(2024, 12, 6)
    assert scenario(force={"as_of": "2024-11-30"}).origin == dt.date(2024, 11, 30)
    earliest = 3 * float(stats.norm.ppf(FURTHEST_LEVEL))
    expected = dt.date(2024, 12, 6) + dt.timedelta(days=math.floor(earliest))
    assert scenario(start=NORMAL_DATE).origin == expected


def test_horizon_is_five_years_after_the_latest_as_of_where_left_out() -> None:
    assert scenario().last_day == dt.date(2030, 1, 16)
    assert scenario(as_of="2024-12-31").last_day == dt.date(2029, 12, 28)  # no day above 28
    assert scenario(as_of="2025-02-28").last_day == dt.date(2030, 2, 28)


def test_horizon_as_a_date_or_in_days() -> None:
    assert scenario(horizon="2026-01-01").last_day == dt.date(2026, 1, 1)
    assert scenario(horizon=100).last_day == dt.date(2025, 1, 16) + dt.timedelta(days=100)
    assert scenario(horizon=dt.date(2026, 1, 1)).last_day == dt.date(2026, 1, 1)


@pytest.mark.parametrize("horizon", [0, -1, math.inf, math.nan, True, "soon"])
def test_a_horizon_that_is_none(horizon: object) -> None:
    assert "must be a date" in told(horizon=horizon)


@pytest.mark.parametrize("horizon", [36_526, 1e6, 1e19, "2125-01-17", "9999-12-31"])
def test_a_horizon_beyond_the_limit(horizon: object) -> None:
    with pytest.raises(LimitError, match="beyond the limit of 36,525 days"):
        scenario(horizon=horizon)


def test_the_longest_horizon() -> None:
    last = dt.date(2024, 12, 6) + dt.timedelta(days=36_525)
    assert scenario(horizon=last).last_day == last
    with pytest.raises(LimitError):
        scenario(horizon=last + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"count": 13000}, "losses.count is above force.size in every simulation"),
        ({"count": 0}, "losses.count must be above 0"),
        ({"count": {**UNIFORM, "low": -5, "high": 0}}, "losses.count must be above 0"),
        ({"count": {"distribution": "lognormal", "mu": 700, "sigma": 1}}, "can be too large"),
        ({"size": 1e100}, "force.size can be too large"),
        ({"size": 1e101}, "must be at most 1e+100 in size"),
        ({"size": 0}, "force.size must be above 0 in every simulation"),
        (
            {"size": {**UNIFORM, "low": -1, "high": 9}},
            "force.size must be above 0 in every simulation",
        ),
        ({"start": "2025-01-16"}, "losses.start is not before losses.as_of in any simulation"),
        ({"horizon": "2025-01-03"}, "horizon is before losses.as_of in every simulation"),
        ({"start": {**NORMAL_DATE, "sd": 1e6}}, "can fall outside the years 100 to 9899"),
        ({"thresholds": [0]}, "greater than 0"),
        ({"thresholds": [1.1]}, "less than or equal to 1"),
        ({"thresholds": [0.5, 0.5]}, "must not repeat a value"),
        ({"thresholds": []}, "at least 1"),
        ({"levels": [0]}, "greater than 0"),
        ({"levels": [1]}, "less than 1"),
        ({"by": ["2025-01-01", "2025-01-01"]}, "must not repeat a value"),
        ({"sampling": {"seed": -1}}, "greater than or equal to 0"),
        ({"sampling": {"seed": True}}, "must be a whole number"),
        ({"sampling": {"draws": 1.5}}, "must be a whole number"),
        ({"sampling": {"method": "lattize"}}, "'lattice'"),
        ({"counting": "all"}, "'casualties'"),
        ({"title": ""}, "at least 1"),
        ({"title": "x" * 2001}, "at most 2000"),
        ({"published": [{"label": "A"}]}, "needs date, or from and to"),
        ({"published": [{"label": "A", "from": "2025-03"}]}, "needs both from and to"),
        (
            {"published": [{"label": "A", "date": "2025-03", "to": "2025-04"}]},
            "must be a date",
        ),
        (
            {"published": [{"label": "A", "from": "2025-03-02", "to": "2025-03-01"}]},
            "to, 2025-03-01, is before from, 2025-03-02",
        ),
        (
            {"published": [{"label": "A", "from": "2025-03", "to": "2031-01"}]},
            "published: 2031-01-31 is after the horizon",
        ),
        ({"notes": 5}, "must be text (found the number 5)"),
    ],
)
def test_what_is_no_scenario(keys: dict[str, Any], words: str) -> None:
    assert words in told(**keys)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ({"date": "2025-04-15"}, "2025-04-15", "2025-04-15"),
        ({"date": "2028-02"}, "2028-02-01", "2028-02-29"),
        ({"from": "2025-04-10", "to": "2025-04-20"}, "2025-04-10", "2025-04-20"),
        ({"from": "2025-12", "to": "2026-02"}, "2025-12-01", "2026-02-28"),
    ],
)
def test_a_published_date_or_period(written: dict[str, str], first: str, last: str) -> None:
    made = scenario(published=[{"label": "A", **written}])
    (item,) = made.published
    assert (str(item.first), str(item.last)) == (first, last)
    dumped = made.model_dump(mode="json", exclude_defaults=True)
    (keys,) = dumped["published"]
    assert set(keys) == {"label", *(["date"] if first == last else ["from", "to"])}
    assert Scenario.model_validate(dumped) == made


def test_numbers_that_may_be_written_as_floats() -> None:
    sampling = scenario(sampling={"draws": 1e6, "seed": 2**200}).sampling
    assert sampling.draws == 10**6
    assert isinstance(sampling.draws, int)
    assert sampling.seed == 2**200


def test_a_count_above_the_size_is_right_where_the_size_is_what_was_left() -> None:
    found = scenario(count=13000, force={"as_of": "2025-01-10"})
    assert possible_warnings(found) == ()


def test_shares_of_a_stock_on_a_date_are_what_they_seem() -> None:
    found = scenario(force={"as_of": "2025-01-10"}, thresholds=[0.3, 0.5, 1])
    assert possible_warnings(found) == ()


def test_doubts_name_what_can_happen() -> None:
    assert possible_warnings(scenario()) == ()
    negative = {"distribution": "normal", "mean": 3000, "sd": 1000}
    assert "zero or negative" in possible_warnings(scenario(count=negative))[0]
    late = {**UNIFORM, "low": "2025-01-01", "high": "2025-01-10"}
    assert "can fall after losses.as_of" in possible_warnings(scenario(start=late))[0]
    high = {**COUNT, "high": 10001}
    assert possible_warnings(scenario(count=high)) == ("losses.count can be above force.size",)


def test_scenarios_are_values() -> None:
    one, two = scenario(), scenario()
    assert one.inputs
    assert one.copula == ((), [])
    assert one == two
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  (our own bytes)
    assert one != scenario(count=3800)
    with pytest.raises(ValidationError, match="frozen"):
        one.title = "U"  # type: ignore[misc]


# --- correlations ---

Matrix = npt.NDArray[np.float64]


def pair(first: str, second: str, rank: float, **more: Any) -> dict[str, Any]:
    return {"inputs": [first, second], "rank": rank, **more}


EXCLUSIVE = [
    pair("losses.count", "force.size", 0.9),
    pair("losses.count", "losses.as_of", 0.9),
    pair("losses.as_of", "force.size", -0.9),
]


def pearson(rank: float) -> float:
    return 2.0 * math.sin(math.pi * rank / 6.0)


def test_the_copula_has_the_scores_correlations() -> None:
    found = scenario(correlations=[pair("losses.as_of", "force.size", 0.482584)])
    names, matrix = found.copula
    assert names == ("force.size", "losses.as_of")
    assert matrix == [[1.0, pytest.approx(0.5, abs=1e-6)], [pytest.approx(0.5, abs=1e-6), 1.0]]
    assert matrix != [[1.0, pytest.approx(0.482584, abs=1e-6)]] * 2


def test_rank_correlation_of_the_scores_is_the_one_asked_for() -> None:
    """Spearman's rho is 12 times the integral of C(u, v) - uv, here by a product rule."""
    rank = 0.6
    r = copula_matrix([("a", "b", rank)], ["a", "b"])[0, 1]
    nodes, weights = np.polynomial.legendre.leggauss(40)
    u, w = 0.5 * (nodes + 1.0), 0.5 * weights
    z = stats.norm.ppf(u)
    both = np.array([[x, y] for x, y in itertools.product(z, z)])
    law = stats.multivariate_normal(cov=[[1.0, r], [r, 1.0]])
    joint = law.cdf(both).reshape(40, 40)
    rho = 12.0 * float(w @ (joint - np.outer(u, u)) @ w)
    # The bivariate normal CDF is computed to 1e-5 at worst.
    assert rho == pytest.approx(rank, abs=12e-5)
    assert float(r) != pytest.approx(rank, abs=1e-3)


def test_matrix_entries_follow_the_names() -> None:
    pairs = [("c", "a", 0.3), ("b", "c", -0.2)]
    found = copula_matrix(pairs, ["a", "b", "c"])
    expected = [[1, 0, pearson(0.3)], [0, 1, pearson(-0.2)], [pearson(0.3), pearson(-0.2), 1]]
    assert np.allclose(found, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("correlations", "words"),
    [
        ([pair("losses.counts", "force.size", 0.5)], "losses.counts is not an uncertain input"),
        ([pair("losses.start", "force.size", 0.5)], "losses.start is not an uncertain input"),
        ([pair("force.size", "force.size", 0.5)], "each pair of two different inputs"),
        (
            [pair("force.size", "losses.count", 0.5), pair("losses.count", "force.size", 0.5)],
            "each pair of two different inputs",
        ),
        ([pair("force.size", "losses.count", 1)], "less than 1"),
        (EXCLUSIVE, "smallest eigenvalue -0.8"),
    ],
)
def test_correlations_that_cannot_be(correlations: list[dict[str, Any]], words: str) -> None:
    assert words in told(correlations=correlations)


def test_the_smallest_eigenvalue_is_that_of_the_scores() -> None:
    r = pearson(0.9)  # eigenvalues of this pattern are 1 + r twice and 1 - 2 r
    assert f"(smallest eigenvalue {1 - 2 * r:.4g})" in told(correlations=EXCLUSIVE)


def test_repair_takes_the_nearest_matrix() -> None:
    repaired = [{**EXCLUSIVE[0], "repair": "nearest"}, *EXCLUSIVE[1:]]
    names, matrix = scenario(correlations=repaired).copula
    given = copula_matrix([(*p["inputs"], p["rank"]) for p in EXCLUSIVE], names)
    assert np.allclose(matrix, nearest_correlation(given), rtol=0, atol=1e-12)
    # By symmetry all three move as far, to the edge where 1 - 2 r = 0.
    assert np.allclose(np.abs(np.array(matrix) - np.eye(3)), 0.5 * (1 - np.eye(3)), atol=1e-7)


def brute_force(matrix: Matrix) -> Matrix:
    """Least squares over rows of unit length: every correlation matrix is X X'."""
    k = len(matrix)

    def built(flat: Matrix) -> Matrix:
        rows = flat.reshape(k, k)
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows @ rows.T)

    def distance(flat: Matrix) -> float:
        return float(np.sum((built(flat) - matrix) ** 2))

    rng = np.random.default_rng(1)
    starts = [rng.normal(size=k * k) for _ in range(6)]
    found = [optimize.minimize(distance, start, tol=1e-14) for start in starts]
    return built(min(found, key=lambda result: float(result.fun)).x)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_the_nearest_matrix_is_no_farther_than_a_brute_force_search_finds(size: int) -> None:
    rng = np.random.default_rng(size)
    for _ in range(3):
        entries = rng.uniform(-0.95, 0.95, size=(size, size))
        given = np.triu(entries, 1) + np.triu(entries, 1).T + np.eye(size)
        found = nearest_correlation(given)
        assert np.array_equal(np.diag(found), np.ones(size))
        assert np.allclose(found, found.T, rtol=0, atol=1e-15)
        assert smallest_eigenvalue(found) >= SMALLEST_EIGENVALUE
        own, other = (float(np.linalg.norm(m - given)) for m in (found, brute_force(given)))
        # The floor under the eigenvalues costs at most its own size in each.
        assert own <= other + size * 100 * SMALLEST_EIGENVALUE
        if smallest_eigenvalue(given) < 0:
            assert own < float(np.linalg.norm(shrunk(given) - given))


def shrunk(matrix: Matrix) -> Matrix:
    """Weaken all correlations alike until the matrix is possible: near, but not the nearest."""
    lowest = smallest_eigenvalue(matrix)
    return np.asarray((matrix - lowest * np.eye(len(matrix))) / (1.0 - lowest))


def test_a_possible_matrix_is_its_own_nearest() -> None:
    given = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, -0.3], [0.2, -0.3, 1.0]])
    assert np.allclose(nearest_correlation(given), given, rtol=0, atol=1e-12)


def test_authors_are_a_text_or_a_list() -> None:
    def author(value: Any) -> str:
        return scenario(author=value).author

    assert author("Jane Doe") == author(["Jane Doe"]) == "Jane Doe"
    assert author(["Doe, Jane", "Institute for War and Peace"]) == (
        "Doe, Jane; Institute for War and Peace"
    )
    with pytest.raises(ValidationError, match="author"):
        author(["Jane Doe", 5])
