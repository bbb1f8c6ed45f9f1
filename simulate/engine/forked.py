"""Work in forks of this process: no start to wait for, and no lock of the interpreter to share.

`ProcessPoolExecutor` of `concurrent.futures` is no substitute. Its thread is there for milliseconds
after its end, and forbids the next forks until then. Where results are no longer wanted, as after
Ctrl-C, that thread fails on the cancelled work with a traceback and leaves its children unburied
(Python 3.11). And its children outlive a parent that is killed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")

_AHEAD = 2  # items on offer for each child, so that none waits for the next
_WIDTH = 8  # bytes of a number in a pipe
_AT_ONCE = 2**20  # most bytes read from a pipe at once


def can_fork() -> bool:
    """Whether this process can be forked safely: on Linux, with one thread, native ones included.

    A lock that another thread holds would be held in the child for ever.
    """
    try:
        return sys.platform == "linux" and len([*Path("/proc/self/task").iterdir()]) == 1
    except OSError:
        return False


def forked(
    function: Callable[[Item], Value], items: Sequence[Item], n: int
) -> Iterator[tuple[Item, Value]]:
    """Every item with the value of a pure function, as `n` children complete them.

    The children inherit function and items; values must be picklable. They end with the iterator or
    with this process, however it ends. If one of them fails or is killed, the rest is done here.
    """
    left = dict(enumerate(items))
    waiting = (number.to_bytes(_WIDTH) for number in range(len(items)))
    offered, offers = os.pipe()
    children: dict[int, int] = {}
    poll = select.poll()

    def work(finds: int) -> None:
        os.close(offers)
        _work(function, items, offered, finds)

    try:
        _begin(work, min(n, len(items)), children)
        for found in children:
            poll.register(found, select.POLLIN)
            os.write(offers, b"".join(islice(waiting, _AHEAD)))
        while left:
            for found, _ in poll.poll():
                number, value = _received(found)
                os.write(offers, next(waiting, b""))
                yield left.pop(number), value
    except (EOFError, OSError):  # a child has ended, or cannot begin
        pass
    finally:
        for end in (offers, offered, *children):
            os.close(end)
        for child in children.values():
            with contextlib.suppress(ChildProcessError):  # where the system buries children itself
                os.waitpid(child, 0)
    yield from ((item, function(item)) for item in left.values())


def _begin(work: Callable[[int], None], n: int, children: dict[int, int]) -> None:
    """Begin `n` children, and add each by the pipe that it writes to."""
    # Until a child has left our handlers behind, signals wait.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        for _ in range(n):
            found, finds = os.pipe()
            child = os.fork()
            if not child:
                try:
                    for number in signal.valid_signals():
                        if callable(signal.getsignal(number)):
                            signal.signal(number, signal.SIG_DFL)
                    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
                    work(finds)
                finally:  # without what is for the parent, such as buffers to be written
                    os._exit(0)
            os.close(finds)
            children[found] = child
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _work(
    function: Callable[[Item], object], items: Sequence[Item], offered: int, finds: int
) -> None:
    """A child's life. What fails here will fail in the parent, which can say so."""
    threading.Thread(target=_end_with_parent, args=(offered,), daemon=True).start()
    while taken := os.read(offered, _WIDTH):
        number = int.from_bytes(taken)
        value = pickle.dumps((number, function(items[number])), pickle.HIGHEST_PROTOCOL)
        message = memoryview(len(value).to_bytes(_WIDTH) + value)
        while message:
            message = message[os.write(finds, message) :]


def _end_with_parent(offered: int) -> NoReturn:
    """Wait until the parent no longer holds the other end of the pipe, then end at once."""
    poll = select.poll()
    poll.register(offered, 0)
    poll.poll()
    os._exit(0)


def _received(found: int) -> tuple[int, Any]:
    """The next number and value of a child; EOFError if it has ended."""
    message = _read(found, int.from_bytes(_read(found, _WIDTH)))
    value: tuple[int, Any] = pickle.loads(message)  # noqa: S301  (from a process of our own)
    return value


def _read(found: int, n: int) -> bytes:
    data = bytearray()
    while len(data) < n:
        if not (more := os.read(found, min(n - len(data), _AT_ONCE))):
            raise EOFError
        data += more
    return bytes(data)
