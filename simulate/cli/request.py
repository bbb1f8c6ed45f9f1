"""From options to what the functions of `api` take: scenarios and a request."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from simulate.analysis.request import Request
    from simulate.engine.run import Progress
    from simulate.scenario.loader import LoadedScenario

_PATIENCE_SECONDS = 1.0
_LABEL = 30
_GONE = "\x1b[A\x1b[2K"
"""Up one line, and clear it."""


def load_of(
    file: str,
    *,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...] = (),
    levels: tuple[float, ...] = (),
    update: bool = False,
    **_others: Any,
) -> LoadedScenario:
    """The scenario of a file, with the settings, dates and percentiles of the options."""
    from simulate.scenario.loader import load

    return load(file, overrides, update=update).asking(by=by, levels=levels)


@contextmanager
def request_of(
    *,
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    workers: int | None,
    dask: str | None,
    precision: float | None = None,
    names: Sequence[str] = (),
    **_others: Any,
) -> Iterator[Request]:
    """The request of the options; its cluster and its progress bar last as long as the context.

    The bar has the name of each of several equal runs.
    """
    from simulate.analysis.request import Request
    from simulate.engine.workers import Workers

    who: AbstractContextManager[Workers] = nullcontext(Workers(workers, forks=True))
    if dask is not None:
        from simulate.engine.cluster import dask_workers

        who = dask_workers(dask, workers)
    with who as at_work, _progress_bar(names) as progress:
        yield Request(draws, seed, method, *at_work[:2], progress, precision, at_work.forks)


@contextmanager
def _progress_bar(names: Sequence[str]) -> Iterator[Progress | None]:
    """A bar on standard error, while it lasts: only on a terminal, and only after a second."""
    if not sys.stderr.isatty():
        yield None
        return
    began = time.monotonic()
    with ExitStack() as stack:
        bar: Any = None

        def progress(done: int, total: int) -> None:
            nonlocal bar
            if time.monotonic() - began < _PATIENCE_SECONDS:
                return
            if bar is None:
                stack.callback(sys.stderr.write, _GONE)
                shown = click.progressbar(length=total, label="draws", file=sys.stderr)
                bar = stack.enter_context(shown)
            if names:
                name = names[min(len(names) * done // total, len(names) - 1)]
                bar.label = f"draws, {name[-_LABEL:]}"  # the bar stays on one line
            bar.length = total
            bar.update(done - bar.pos)

        yield progress
