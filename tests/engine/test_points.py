"""One contract for the four sampling methods, and the structure each of them promises."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest

from simulate.engine.sampling.design import BLOCK, Design
from simulate.engine.sampling.points import METHODS, SLOTS
from simulate.engine.sampling.streams import raw_bits
from simulate.scenario.arrays import Floats
from tests.cases import ALARM

UNLISTED = ("force.wounded", "rate.multiplier")
NAMES = (*SLOTS, *UNLISTED)
EVEN = ("lattice", "sobol", "latin-hypercube")


def blocks(
    design: Design,
    names: tuple[str, ...] = NAMES,
    *,
    place: tuple[int, int] = (0, 0),
    seed: int = 0,
) -> list[Floats]:
    return list(METHODS[design.method](design, seed, names, *place))


def points(method: str, n: int, names: tuple[str, ...] = NAMES, *, seed: int = 0) -> Floats:
    return np.hstack(blocks(Design(method, 1, n), names, seed=seed))


def far_from_uniform(u: Floats) -> bool:
    """Whether the distribution function is off by more than n independent points are.

    Dvoretzky, Kiefer and Wolfowitz with Massart's constant: P(sup > t) <= 2 exp(-2 n t^2). Evenly
    spread points stay further inside.
    """
    n = u.size
    steps = np.arange(n + 1) / n
    ordered = np.sort(u)
    sup = max(np.max(steps[1:] - ordered), np.max(ordered - steps[:-1]))
    return bool(sup > math.sqrt(math.log(2 / ALARM) / (2 * n)))


def dependent(u: Floats, v: Floats) -> bool:
    """Whether a correlation is further from 0 than that of n independent pairs.

    Hoeffding: the terms lie between -3 and 3, so P(|mean| > t) <= 2 exp(-2 n t^2 / 36).
    """
    correlation = 12 * float(np.mean((u - 0.5) * (v - 0.5)))
    return abs(correlation) > math.sqrt(18 * math.log(2 / ALARM) / u.size)


@pytest.mark.parametrize("method", METHODS)
class TestEveryMethod:
    def test_blocks_have_one_row_an_input_and_one_column_a_point(self, method: str) -> None:
        design = Design(method, 1, 2 * BLOCK)
        shapes = [block.shape for block in blocks(design, NAMES[:2])]
        assert shapes == [(2, design.block_size(first)) for first in design.blocks()]
        assert sum(n for _, n in shapes) == design.points

    def test_points_lie_in_the_open_unit_interval(self, method: str) -> None:
        for n in (1, 2, 1024):
            u = points(method, n)
            assert u.dtype == np.float64
            assert np.all(u >= 2.0**-53)
            assert np.all(u <= 1 - 2.0**-53)

    def test_margins_are_uniform(self, method: str) -> None:
        for u in points(method, 2**14):
            assert not far_from_uniform(u)
            assert far_from_uniform(u**1.1)
            assert far_from_uniform(0.97 * u)

    def test_inputs_are_independent(self, method: str) -> None:
        u = points(method, 2**16)
        for i, j in combinations(range(len(NAMES)), 2):
            assert not dependent(u[i], u[j])
            assert dependent(u[i], 0.9 * u[i] + 0.1 * u[j])

    def test_the_same_numbers_whoever_asks(self, method: str) -> None:
        design = Design(method, 1, 2 * BLOCK)
        first = blocks(design, NAMES[:3])
        with ThreadPoolExecutor(2) as pool:
            others = [pool.submit(blocks, design, NAMES[:3]) for _ in range(4)]
        for other in others:
            for mine, theirs in zip(first, other.result(), strict=True):
                assert mine.tobytes() == theirs.tobytes()

    def test_an_input_keeps_its_numbers_beside_any_others(self, method: str) -> None:
        every = dict(zip(NAMES, points(method, 512), strict=True))
        for names in (NAMES[::-1], NAMES[:1], ("force.as_of", *UNLISTED), NAMES[1:4], UNLISTED[1:]):
            for name, u in zip(names, points(method, 512, names), strict=True):
                assert u.tobytes() == every[name].tobytes(), name

    def test_every_shift_of_every_replicate_and_seed_differs(self, method: str) -> None:
        design = Design(method, 2, 64)
        keys = [(seed, place) for seed in (0, 1) for place in ((0, 0), (0, 1), (1, 0), (7, 1))]
        found = {blocks(design, place=place, seed=seed)[0].tobytes() for seed, place in keys}
        assert len(found) == len(keys)

    def test_no_inputs_at_all(self, method: str) -> None:
        assert points(method, 64, ()).shape == (0, 64)


def one_in_each(u: Floats) -> bool:
    """Whether each of as many equal strata as there are points holds one of them."""
    return bool((np.bincount((u * u.size).astype(int), minlength=u.size) == 1).all())


@pytest.mark.parametrize("method", EVEN)
@pytest.mark.parametrize("n", [128, 2**13])
def test_one_point_in_each_stratum_of_each_input(method: str, n: int) -> None:
    for name, u in zip(NAMES, points(method, n), strict=True):
        assert one_in_each(u), name
    plain = points("random", n)[0]
    assert len(set((plain * n).astype(int).tolist())) < 0.8 * n


@pytest.mark.parametrize("method", EVEN)
def test_one_point_in_each_stratum_across_blocks(method: str) -> None:
    """Columns without a place of their own are stratified block by block only."""
    n = 4 * BLOCK
    for u in points(method, n, SLOTS) if method != "latin-hypercube" else ():
        assert one_in_each(u)
    design = Design(method, 1, n)
    for block in blocks(design, UNLISTED):
        assert all(map(one_in_each, block))


@pytest.mark.parametrize("method", ["lattice", "sobol"])
def test_two_counts_of_a_stock_are_spread_as_losses_and_size_are(method: str) -> None:
    """In the same dimensions, each with the shift of its own name."""
    counts = ("force.counts[0].size", "force.counts[1].size")
    n = 2**10
    both, usual = points(method, n, counts), points(method, n, SLOTS[:2])
    of, like = (np.floor(u * n).astype(int) for u in (both, usual))
    offset = (of - like) % n if method == "lattice" else of ^ like
    lowest, highest = offset.min(axis=1), offset.max(axis=1)
    # Rounding down moves a point of the lattice by one place at most.
    assert np.all((highest - lowest <= 1) | (highest - lowest == n - 1))
    assert not np.array_equal(both, usual)


@pytest.mark.parametrize("k", [7, 14, 20])
def test_a_lattice_is_a_shifted_group(k: int) -> None:
    """One step after another, modulo 1, by the same vector of whole multiples of 1 / m."""
    m = 2**k
    u = points("lattice", m, SLOTS)
    steps = np.mod(np.diff(u, axis=1), 1)
    whole = steps * m
    assert np.all(np.abs(whole - whole[:, :1]) < 1e-6)
    z = np.rint(whole[:, 0]).astype(int)
    assert np.all(z % 2 == 1)  # prime to m, so that every projection has m different points
    assert len({int(min(x, m - x)) for x in z}) == len(SLOTS)
    shift = raw_bits(0, "losses.count", (0, 0, 0), 1)[0] / 2.0**64
    assert u[0, 0] == pytest.approx(shift, abs=2.0**-52)


def test_sobol_points_fill_every_elementary_box() -> None:
    """The first two dimensions are a (0, m, 2)-net, which a digital shift keeps."""
    k = 10
    u, v = points("sobol", 2**k, SLOTS[:2])
    random_u, random_v = points("random", 2**k, SLOTS[:2])
    for a in range(k + 1):
        boxes = (u * 2**a).astype(int) * 2 ** (k - a) + (v * 2 ** (k - a)).astype(int)
        assert np.unique(boxes).size == 2**k
        plain = (random_u * 2**a).astype(int) * 2 ** (k - a) + (random_v * 2 ** (k - a)).astype(int)
        assert np.unique(plain).size < 0.8 * 2**k
