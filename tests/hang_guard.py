"""A stop for tests that would otherwise hang; no verdict on speed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

SECONDS = 120
"""Many times what any guarded block takes, even on a busy machine."""


@contextmanager
def hang_guard() -> Iterator[None]:
    """Fail a block that would run on for ever."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"hangs: not done after {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
