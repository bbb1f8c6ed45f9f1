"""Who does the work: `--workers` and `--dask`, for the commands that sample."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulate.engine.workers import Workers


def open_workers(workers: int | None, dask: str | None) -> AbstractContextManager[Workers]:
    """The workers that the options name, for as long as the context lasts."""
    if dask is not None:
        from simulate.engine.cluster import dask_workers

        return dask_workers(dask, workers)
    from simulate.engine.workers import Workers

    return nullcontext(Workers(workers))
