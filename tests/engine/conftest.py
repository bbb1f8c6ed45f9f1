"""What several tests of the engine need."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def no_endless_walk() -> Iterator[None]:
    """A walk that stands still fails instead of holding up everything."""

    def fail(*_: object) -> None:
        raise TimeoutError("the walk does not end")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
