"""A progress bar on standard error: only on a terminal, and only after a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]

_PATIENCE_SECONDS = 1.0


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give a callable to be called as progress(done, total), or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from contextlib import ExitStack

    began = time.monotonic()
    with ExitStack() as stack:
        update: Progress | None = None

        def progress(done: int, total: int) -> None:
            nonlocal update
            if time.monotonic() - began < _PATIENCE_SECONDS:
                return
            if update is None:
                update = _rich_bar(stack.enter_context)
            update(done, total)

        yield progress


def _rich_bar(enter: Callable[..., object]) -> Progress:
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    enter(bar)
    task = bar.add_task("draws")
    return lambda done, total: bar.update(task, completed=done, total=total)
