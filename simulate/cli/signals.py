"""Ctrl-C and termination signals: the command cleans up, prints one line, and exits."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

_WORDS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "terminated"}
_PATIENCE_SECONDS = 1.0


class Stopped(KeyboardInterrupt):
    """A signal ends the command."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """On signal N clean up, print a word, and exit with code 128 + N.

    A signal that was ignored before, as under `nohup`, stays ignored.
    """
    first: list[tuple[int, float]] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if _imports(frame):
            _leave(number)
        if not first:
            first.append((number, time.monotonic()))
            raise Stopped
        # `timeout` and some shells send a second one at once, an impatient user sends one later.
        if time.monotonic() - first[0][1] > _PATIENCE_SECONDS:
            _leave(number)

    def unraisable(found: sys.UnraisableHookArgs) -> None:
        if isinstance(found.exc_value, Stopped):
            _leave(first[0][0])
        hook(found)

    names = {getattr(signal, name) for name in _WORDS if hasattr(signal, name)}
    heeded = [number for number in names if signal.getsignal(number) is not signal.SIG_IGN]
    # Python ignores exceptions raised in a finaliser.
    hook, sys.unraisablehook = sys.unraisablehook, unraisable
    handlers = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        if first:  # even if other code has replaced the exception
            _leave(first[0][0])
        sys.unraisablehook = hook
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _imports(frame: FrameType | None) -> bool:
    """Whether a module is being imported.

    Some modules then replace an exception, or abort; there is nothing to clean up yet.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _leave(number: int) -> NoReturn:
    """Exit at once, without waiting for threads."""
    sys.stderr.write(f"{_WORDS[signal.Signals(number).name]}\n")
    sys.stderr.flush()
    os._exit(128 + number)
