"""Standard streams that may break without stopping the command or changing its work."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_FULL_PIPE_SECONDS = 0.01


class Outlived(io.RawIOBase):
    """A stream that accepts everything, even after its reader is gone.

    `fault` is the first error; whatever is written after it is lost.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.fault: OSError | None = None

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return bool(self._raw.isatty())

    def fileno(self) -> int:
        """Descriptor of the underlying stream."""
        return int(self._raw.fileno())

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of it, or keep the error."""
        left = memoryview(data)
        try:
            while left and self.fault is None:
                written = self._raw.write(left)
                if written is None:  # a pipe that is full and does not block
                    time.sleep(_FULL_PIPE_SECONDS)
                else:
                    left = left[written:]
        except OSError as error:
            self.fault = error
        return len(memoryview(data))

    @property
    def complaint(self) -> str:
        """The fault in words; empty if there is none, or the reader left."""
        if self.fault is None or isinstance(self.fault, BrokenPipeError):
            return ""
        if self.fault.errno == errno.EBADF:
            return "standard output is closed"
        return self.fault.strerror or str(self.fault)


@contextlib.contextmanager
def outlived_streams() -> Iterator[Outlived]:
    """Replace standard output and standard error by such streams; yield the former."""
    _occupy_closed()
    before = sys.stdout, sys.stderr
    answer, talk = Outlived(_raw(sys.stdout, 1)), Outlived(_raw(sys.stderr, 2))
    sys.stdout, sys.stderr = _text(answer, sys.stdout), _text(talk, sys.stderr)
    try:
        yield answer
    finally:
        sys.stdout, sys.stderr = before


def _occupy_closed() -> None:
    """Occupy the descriptors of closed streams, so that no file receives what is printed.

    They are opened for reading only: writing fails, as on a closed stream.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest free number


def _raw(stream: TextIO | None, descriptor: int) -> Any:
    if stream is None:  # it was closed when Python started
        return io.FileIO(descriptor, "wb", closefd=False)
    return getattr(stream.buffer, "raw", stream.buffer)


def _text(raw: Any, like: TextIO | None) -> TextIO:
    # Unbuffered, so that nothing is left to write, or lost, when the command ends.
    return io.TextIOWrapper(
        raw,
        encoding=like.encoding if like else "utf-8",
        errors=like.errors if like else "replace",
        write_through=True,
    )
