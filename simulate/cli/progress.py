"""A progress bar on standard error: only on a terminal, and only after a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click

Progress = Callable[[int, int], None]

_PATIENCE_SECONDS = 1.0
_GONE = "\x1b[A\x1b[2K"
"""One line up, and nothing in it."""


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give a callable to be called as progress(done, total), or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    began = time.monotonic()
    with ExitStack() as stack:
        update: Progress | None = None

        def progress(done: int, total: int) -> None:
            nonlocal update
            if time.monotonic() - began < _PATIENCE_SECONDS:
                return
            if update is None:
                update = _bar(stack, total)
            update(done, total)

        yield progress


def _bar(stack: ExitStack, total: int) -> Progress:
    """A bar that is gone once the stack is left."""
    stack.callback(sys.stderr.write, _GONE)
    bar = stack.enter_context(click.progressbar(length=total, label="draws", file=sys.stderr))

    def update(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    return update
