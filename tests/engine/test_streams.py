"""The layout `stream-1`: bits that must never change, and what the naming of streams promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulate.engine.sampling.design import Design
from simulate.engine.sampling.points import METHODS
from simulate.engine.sampling.streams import STREAM, open_unit, raw_bits

GOLDEN = [
    (0, "losses.count", (0, 0, 0), [5014545756971633599, 7444765069868588732, 8277421218468326696]),
    (
        0,
        "losses.count",
        (7, 3, 65536),
        [13138510618812571935, 1808964550553835086, 10082419673725361448],
    ),
    (1, "force.size", (0, 0, 0), [7993110579012538805, 3765353364392943706, 6829987276794930774]),
    (
        2**200,
        "losses.as_of",
        (1, 0, 0),
        [7387664438336654792, 4128571935561189275, 2347479954650709377],
    ),
]


@pytest.mark.parametrize(("seed", "name", "place", "words"), GOLDEN)
def test_bits_of_the_first_layout(
    seed: int, name: str, place: tuple[int, int, int], words: list[int]
) -> None:
    """Other numbers need another name: they change every result that was ever cited."""
    assert STREAM == "stream-1"
    assert raw_bits(seed, name, place, 3).tolist() == words


POINTS = {
    "lattice": [0.2718390701868306, 0.20933907018683062, 0.14683907018683062],
    "sobol": [0.2718390701868306, 0.7718390701868306, 0.5218390701868306],
    "latin-hypercube": [0.473344468981668, 0.9129448939194561, 0.0002407312967467254],
    "random": [0.2718390701868306, 0.403581523119786, 0.4487199033820485],
}


@pytest.mark.parametrize("method", METHODS)
def test_first_points_of_the_first_layout(method: str) -> None:
    points = next(METHODS[method](Design(method, 1, 16), 0, ["losses.count"], 0, 0))
    assert points[0, :3].tolist() == POINTS[method]


def test_each_seed_name_and_place_has_its_own_stream() -> None:
    seeds = (0, 1, 2**32, 2**64, 2**128, 2**200)
    places = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))
    firsts = [
        int(raw_bits(seed, name, place, 1)[0])
        for seed in seeds
        for name in ("losses.count", "losses.start", "force.size", "")
        for place in places
    ]
    assert len(set(firsts)) == len(firsts)


def test_a_longer_stream_begins_like_a_shorter_one() -> None:
    long = raw_bits(5, "force.size", (0, 0, 0), 100)
    assert long[:10].tolist() == raw_bits(5, "force.size", (0, 0, 0), 10).tolist()


def test_no_number_is_zero_or_one() -> None:
    extremes = np.array([0, 2**64 - 1], dtype=np.uint64)
    low, high = open_unit(extremes.copy()).tolist()
    assert (low, high) == (2.0**-53, 1 - 2.0**-53)
    assert math.ldexp(low + high, 53) == 2**53  # the interval is symmetric


def test_numbers_are_the_upper_bits_in_steps_of_two_to_the_minus_52() -> None:
    bits = raw_bits(3, "losses.count", (0, 0, 0), 1000)
    expected = [(2 * (word >> 12) + 1) / 2**53 for word in bits.tolist()]
    assert open_unit(bits).tolist() == expected
