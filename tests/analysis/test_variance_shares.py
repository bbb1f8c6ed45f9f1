"""The estimators of variance shares on cases whose shares are known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulate.analysis.mc_error import STUDENT_T, replicate_errors
from simulate.analysis.sobol import (
    class_sums,
    first_order_shares,
    mid_distribution,
    n_classes,
    rank_correlation,
    total_share,
)
from simulate.engine.sampling.design import REPLICATES, design_for
from simulate.engine.sampling.points import METHODS
from simulate.scenario.arrays import Floats
from tests.cases import ALARM

NAMES = ("losses.count", "force.size", "losses.as_of")
A, B = 7.0, 0.1
WIDER = float(stats.t.ppf(1 - ALARM / 2, REPLICATES - 1)) / STUDENT_T[REPLICATES - 1]
"""From the half-width of a 95 % error bar to one that is left with the chance of an alarm."""


def ishigami(levels: Floats) -> Floats:
    """Ishigami and Homma (1990) at levels of its three uniform inputs from -pi to pi."""
    x = np.pi * (2 * levels - 1)
    found: Floats = np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])
    return found


def ishigami_shares() -> tuple[Floats, Floats]:
    """First-order and total shares; Saltelli and others (2008), Global Sensitivity Analysis."""
    first = (1 + B * np.pi**4 / 5) ** 2 / 2
    second = A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    parts = np.array([first, second, 0.0])
    return parts / (first + second + both), np.array([first + both, second, both]) / (
        first + second + both
    )


def shares(method: str, draws: int, again: str = " again") -> tuple[Floats, Floats]:
    """First-order and total shares of the Ishigami function, (inputs, replicates)."""
    design, points = design_for(method, draws), METHODS[method]
    parts, totals, variances = [], [], []
    for replicate in range(REPLICATES):
        (levels,) = points(design, 0, NAMES, replicate, 0)
        answers = ishigami(levels)
        variances.append(answers.var())
        classes = n_classes(answers.size)
        parts.append([class_sums(row, answers, classes) for row in levels])
        for i, name in enumerate(NAMES):
            mixed = levels.copy()
            # A name that ends in nothing is the same column with another shift.
            seed = 0 if again else 1
            mixed[i] = next(points(design, seed, (name + again,), replicate, 0))[0]
            totals.append(total_share(answers, ishigami(mixed)))
    first = [
        first_order_shares(
            np.array([part[i][0] for part in parts]),
            np.array([part[i][1] for part in parts]),
            np.array(variances),
        )
        for i in range(len(NAMES))
    ]
    return np.array(first), np.array(totals).reshape(REPLICATES, len(NAMES)).T


@pytest.mark.parametrize("method", METHODS)
def test_the_ishigami_function(method: str) -> None:
    for found, exact in zip(shares(method, 131_072), ishigami_shares(), strict=True):
        for of_input, truth in zip(found, exact, strict=True):
            # What is left of the width of the classes is a few millionths.
            tolerance = WIDER * replicate_errors(of_input) + 1e-5
            assert abs(of_input.mean() - truth) <= tolerance
            assert tolerance < 0.08


def test_known_values_of_the_ishigami_function() -> None:
    first, total = ishigami_shares()
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=5e-5)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=5e-5)


def test_a_second_column_of_the_same_lattice_would_be_wrong() -> None:
    _, totals = shares("lattice", 131_072, again="")
    exact = ishigami_shares()[1]
    off = [
        abs(t.mean() - e) > WIDER * replicate_errors(t) for t, e in zip(totals, exact, strict=True)
    ]
    spread = np.array([replicate_errors(t) for t in totals])
    assert any(off) or spread.max() > 0.1  # each replicate has one lag for all its draws


def test_the_usual_correction_would_take_off_too_much() -> None:
    """Noise of class means of a lattice is far below that of independent draws."""
    design = design_for("lattice", 8192)
    sums, counts, variances, naive = [], [], [], []
    for replicate in range(REPLICATES):
        (levels,) = METHODS["lattice"](design, 0, NAMES, replicate, 0)
        answers = ishigami(levels)
        classes = n_classes(answers.size)
        s, c = class_sums(levels[0], answers, classes)
        means = s / c
        within = answers.var() - np.average((means - answers.mean()) ** 2, weights=c)
        between = np.average((means - answers.mean()) ** 2, weights=c)
        naive.append((between - classes / answers.size * within) / answers.var())
        sums.append(s)
        counts.append(c)
        variances.append(answers.var())
    ours = first_order_shares(np.array(sums), np.array(counts), np.array(variances))
    truth = ishigami_shares()[0][0]
    assert abs(ours.mean() - truth) < abs(np.mean(naive) - truth) / 3


def test_the_estimate_is_the_mean_product_of_replicates() -> None:
    """Against the double sum it stands for, with one class left out of a replicate."""
    rng = np.random.default_rng(1)
    counts = rng.integers(1, 9, (4, 8)).astype(np.float64)
    counts[2, 5] = 0
    sums = rng.normal(size=(4, 8)) * counts
    variances = rng.uniform(1, 2, 4)

    def between(width: int) -> float:
        s = sums.reshape(4, -1, width).sum(axis=2)
        c = counts.reshape(4, -1, width).sum(axis=2)
        middle = s.sum(axis=1) / c.sum(axis=1)
        weights = c.sum(axis=0) / c.sum()
        apart = np.zeros(s.shape)
        for r in range(4):
            for k in range(s.shape[1]):
                apart[r, k] = (s[r, k] - c[r, k] * middle[r]) / (weights[k] * c.sum() / 4)
        pairs = [
            float(weights @ (apart[r] * apart[q])) for r in range(4) for q in range(4) if r != q
        ]
        return float(np.mean(pairs) / variances.mean())

    found = first_order_shares(sums, counts, variances)
    # The mean of pseudo-values is the estimate less its jackknife bias, which is small here.
    whole = (4 * between(1) - between(2)) / 3
    assert found.mean() == pytest.approx(whole, abs=0.05)
    even = first_order_shares(sums, counts, np.full(4, 1.5))
    assert np.isfinite(even).all()


def test_places_of_values_among_others() -> None:
    ordered = np.array([1.0, 2.0, 2.0, np.inf, np.inf])
    found = mid_distribution(ordered, np.array([0.0, 1.0, 2.0, 3.0, np.inf]))
    assert found.tolist() == pytest.approx([0, 0.1, 0.4, 0.6, 0.8])


def test_values_that_rounding_parts_have_one_place() -> None:
    ordered = np.array([1.0, 2.0, 2.0 + 1e-12, 2.1, np.inf])
    found = mid_distribution(ordered, np.array([2.0, 2.0 + 1e-12, 2.1, np.inf]), 1e-10)
    assert found.tolist() == pytest.approx([0.4, 0.4, 0.7, 0.9])
    assert mid_distribution(ordered, ordered)[1] < mid_distribution(ordered, ordered)[2]


def test_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(2)
    x = rng.integers(0, 5, 300).astype(float)
    y = x + rng.normal(size=300)
    places = [mid_distribution(np.sort(v), v) for v in (x, y)]
    assert rank_correlation(*places) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert rank_correlation(np.ones(9), np.arange(9.0)) == 0
