"""Who does the work: `--workers` and `--dask`, for the commands that sample."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulate.engine.workers import Workforce


def workforce(workers: int | None, dask: str | None) -> AbstractContextManager[Workforce]:
    """The workforce that the options name, for as long as the context lasts."""
    if dask is not None:
        from simulate.engine.cluster import dask_workforce

        return dask_workforce(dask, workers)
    from simulate.engine.workers import Workforce

    return nullcontext(Workforce(workers))
