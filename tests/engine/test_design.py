"""How draws are laid out in replicates, shifts and blocks."""

from __future__ import annotations

import pytest

from simulate.engine.sampling.design import LONGEST_SHIFT, MOST_DRAWS, REPLICATES, design_for
from simulate.errors import LimitError

METHODS = ("lattice", "sobol", "latin-hypercube", "random")
NUMBERS = (1, 7, 8, 9, 1000, 1024, 131_072, 131_073, 2**23 + 1, 10**8, MOST_DRAWS - 1, MOST_DRAWS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("draws", NUMBERS)
def test_at_least_the_draws_asked_for(method: str, draws: int) -> None:
    design = design_for(method, draws)
    assert draws <= design.n_draws <= MOST_DRAWS
    assert design.points <= LONGEST_SHIFT
    assert design.replicates == REPLICATES
    if method in ("lattice", "sobol"):
        assert design.points.bit_count() == 1
        assert design.n_draws <= 2 * max(draws + REPLICATES * design.shifts, REPLICATES)
    else:
        assert design.n_draws < draws + REPLICATES * design.shifts


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("draws", [1, 131_072, 10**8])
def test_tasks_and_blocks_cover_every_draw_once(method: str, draws: int) -> None:
    design = design_for(method, draws)
    assert len(set(design.tasks)) == len(design.tasks) == design.replicates * design.shifts
    sizes = [design.block_size(first) for first in design.blocks()]
    assert sum(sizes) == design.points
    assert min(sizes) > 0
    assert len(design.tasks) * sum(sizes) == design.n_draws


def test_more_than_the_limit_is_refused() -> None:
    with pytest.raises(LimitError, match=r"134,217,729 draws .* limit of 134,217,728 \(2\^27\)"):
        design_for("lattice", MOST_DRAWS + 1)
