"""Which rank correlation the values of two inputs come to, beside the one that was asked for."""

from __future__ import annotations

import math
from typing import Any

import pytest
from click.testing import CliRunner
from scipy import stats

import simulate
from simulate.cli import cli
from simulate.scenario.correlation import rank_reached
from simulate.scenario.distributions.bounded import Uniform
from simulate.scenario.distributions.data import Discrete
from simulate.scenario.warnings import correlation_warnings, possible_warnings
from tests.cases import COUNT, SIZE, scenario, uniform

EXACT = 5e-4
HALVES = Discrete(values=(1.0, 2.0))
RARE = Discrete(values=(1.0, 2.0), weights=(0.9, 0.1))


def r(rank: float) -> float:
    return 2 * math.sin(math.pi * rank / 6)


def pair(rank: float, **more: Any) -> dict[str, Any]:
    return {"correlations": [{"inputs": ["losses.count", "force.size"], "rank": rank, **more}]}


def two(low: float, high: float) -> dict[str, Any]:
    return {"distribution": "discrete", "values": [low, high]}


@pytest.mark.parametrize("rank", [0.9, 0.5, 0.05, -0.7])
def test_continuous_values_have_what_was_asked_for(rank: float) -> None:
    law = Uniform(low=3.0, high=4.0)
    assert rank_reached([law], [law], r(rank), (1.0,)) == pytest.approx(rank, abs=EXACT)


@pytest.mark.parametrize("rank", [0.9, 0.3, -0.8])
def test_halves_by_hand(rank: float) -> None:
    """Scores of correlation r have the same sign with 1/2 + asin(r) / pi (Sheppard)."""
    exact = 2 / math.pi * math.asin(r(rank))
    found = rank_reached([HALVES], [HALVES], r(rank), (1.0,))
    assert found == pytest.approx(exact, abs=EXACT)
    assert abs(found - rank) > 0.05


def test_unequal_atoms_by_the_normal_integral() -> None:
    corner = stats.multivariate_normal(cov=[[1, r(0.9)], [r(0.9), 1]])
    both = float(corner.cdf([stats.norm.ppf(0.9), 0.0]))
    exact = (both - 0.9 * 0.5) / math.sqrt(0.9 * 0.1 * 0.25)
    assert rank_reached([RARE], [HALVES], r(0.9), (1.0,)) == pytest.approx(exact, abs=EXACT)


def test_claims_far_apart_leave_a_part_to_chance() -> None:
    """Ranks within a claim run over half of all: (rho / 4) of the variance of either, over 1."""
    far = [Uniform(low=1.0, high=2.0), Uniform(low=5.0, high=6.0)]
    found = rank_reached(far, [Uniform(low=0.0, high=1.0)], r(0.8), (0.5, 0.5))
    assert found == pytest.approx(0.4, abs=EXACT)


SAID = (
    "the rank correlation of losses.count and force.size is 0.725, not 0.9: values that many "
    "simulations share weaken it"
)


def test_what_was_reached_is_said_in_every_command(tmp_path: Any) -> None:
    of = scenario(two(3000, 4000), two(10000, 12000), **pair(0.9))
    assert possible_warnings(of) == (SAID,)
    assert SAID in simulate.run(of, draws=2048).summary.warnings
    assert SAID in simulate.sensitivity(of, draws=2048).report.summary.warnings
    file = tmp_path / "two.yaml"
    file.write_text(
        "title: two\nforce: {size: {distribution: discrete, values: [10000, 12000]}}\n"
        "losses: {count: {distribution: discrete, values: [3000, 4000]}, as_of: 2025-01-16, "
        "start: 2024-12-06}\n"
        "correlations: [{inputs: [losses.count, force.size], rank: 0.9}]\n"
    )
    # A run has words for its inputs, with their keys behind.
    inputs = "the number lost (losses.count) and the size of the force (force.size)"
    worded = SAID.replace("losses.count and force.size", inputs)
    for command, said in (("check", SAID), ("describe", SAID), ("run", worded)):
        result = CliRunner().invoke(cli, [command, str(file)])
        assert result.exit_code == 0
        assert said in " ".join(result.output.split())


def test_nothing_is_said_where_it_was_reached() -> None:
    assert list(correlation_warnings(scenario(COUNT, SIZE, **pair(0.9)))) == []
    many = {"distribution": "poisson", "mean": 3500}
    assert list(correlation_warnings(scenario(many, SIZE, **pair(0.9)))) == []


def test_a_repaired_correlation_is_told() -> None:
    pairs = [("losses.count", "force.size"), ("losses.count", "losses.as_of")]
    of = scenario(
        COUNT,
        SIZE,
        as_of=uniform("2025-01-10", "2025-01-16"),
        correlations=[
            *({"inputs": list(each), "rank": 0.9, "repair": "nearest"} for each in pairs),
            {"inputs": ["force.size", "losses.as_of"], "rank": -0.5},
        ],
    )
    told = list(correlation_warnings(of))
    assert len(told) == 3
    assert all("the nearest possible correlations were taken" in each for each in told)
