"""How many random draws one draw of each method is worth, for three uncertain inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from tests.benchmarks.conftest import Report
from tests.cases import ALARM, COUNT, SIZE, passages, plan, scenario, uniform

LEVELS = (0.05, 0.5, 0.95)
OF = scenario(COUNT, SIZE, as_of=uniform("2025-01-04", "2025-01-16"))


def variances(method: str, draws: int, seeds: int) -> npt.NDArray[np.float64]:
    ready = plan(OF, method, draws)
    laws = (passages(ready, seed) for seed in range(seeds))
    found = [[law.quantile(level) for level in LEVELS] for law in laws]
    return np.asarray(np.var(np.array(found, dtype=np.float64), axis=0, ddof=1))


@pytest.mark.parametrize(
    ("draws", "seeds", "least"), [(131_072, 300, 15.0), (1_048_576, 150, 40.0)]
)
def test_variance_beside_random_points(
    draws: int, seeds: int, least: float, benchmark: Any, report: Report
) -> None:
    """At least so many times smaller, P5, P50 and P95 alike.

    Ratios of sample variances follow F: one that is really too small passes with a chance of one
    half at most, and the true ratio lies below the measured one by more than the reported factor
    once in a million.
    """
    random = variances("random", draws, seeds)
    ratios = {"sobol": random / variances("sobol", draws, seeds)}
    lattice = benchmark.pedantic(variances, args=("lattice", draws, seeds), rounds=1)
    ratios["lattice"] = random / lattice
    bound = float(stats.f.ppf(1 - ALARM, seeds - 1, seeds - 1))
    for method, ratio in ratios.items():
        figures = " / ".join(f"{r:.1f}" for r in ratio)
        report(
            f"precision: {method}, {draws:,} draws",
            f"variance of P5 / P50 / P95 {figures} times smaller than random "
            f"(measured; the truth is within a factor {bound:.2f})",
        )
    assert np.all(ratios["lattice"] >= least)
