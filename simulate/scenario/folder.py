"""Files beside a scenario: regular files of limited size, in its folder or below."""

from __future__ import annotations

import contextlib
import re
import shlex
import stat
import sys
from pathlib import Path

from simulate.errors import FileError, LimitError
from simulate.scenario.names import closest


class OutsideFolderError(ValueError):
    """A name leads out of the scenario's folder."""


def inside(folder: Path, name: str) -> Path:
    """The file `name` in `folder` or below, symbolic links followed.

    Raises OutsideFolderError if the name is absolute, a URL, or leads out of the folder, also
    through a link.
    """
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:", name):
        raise OutsideFolderError("must be a file, not an address")
    if Path(name).is_absolute():
        raise OutsideFolderError("must be relative to the scenario's folder")
    path = folder / name
    try:
        within = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # the latter up to Python 3.12
        raise OutsideFolderError("cannot be followed: its links form a circle") from None
    except ValueError:
        raise OutsideFolderError("contains a character that no file name can have") from None
    if not within:
        raise OutsideFolderError("leads out of the scenario's folder")
    return path


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises FileError if it cannot be read or is not a regular file; LimitError if it is larger.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise FileError(f"{path} is {_other_than_a_file(path, mode)}")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        meant = _near(path) if isinstance(error, FileNotFoundError) else ""
        raise FileError(f"cannot read {path}: {error.strerror or error}{meant}") from error
    except ValueError as error:  # a NUL in the name
        raise FileError(f"cannot read {str(path)!r}: {error}") from error
    return _within(limit, data, str(path))


def read_standard_input(limit: int) -> bytes:
    """Read standard input, of at most `limit` bytes; raises as `read_bytes`."""
    if sys.stdin is None:  # closed when Python started
        raise FileError("cannot read standard input: it is closed")
    try:
        data = sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        raise FileError(f"cannot read standard input: {error.strerror or error}") from error
    return _within(limit, data, "standard input")


def _within(limit: int, data: bytes, name: str) -> bytes:
    if len(data) > limit:
        raise LimitError(f"{name} is larger than the limit of {limit / 1e6:g} MB")
    return data


def _other_than_a_file(path: Path, mode: int) -> str:
    if not stat.S_ISDIR(mode):
        return "not a regular file"
    if (path / "run.json").exists():
        name = shlex.quote(str(path))
        way = f"try `simulate cite {name}` or `simulate reproduce {name}`"
        return f"the folder of a run, not a scenario file; {way}"
    return "a folder; name a file in it"


def _near(path: Path) -> str:
    """The file beside a missing one that was probably meant."""
    with contextlib.suppress(OSError):
        for suffix in () if path.suffix else (".yaml", ".yml"):
            if (meant := path.with_name(path.name + suffix)).is_file():
                return f"; did you mean {meant}?"
        alike = [other.name for other in path.parent.iterdir() if other.suffix == path.suffix]
        if (name := closest(path.name, alike)) is not None:
            return f"; did you mean {path.with_name(name)}?"
    return ""


def decode(data: bytes, file: str) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises ValueError, saying at which byte the text goes wrong.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError(f"{file} is UTF-16 (byte order mark at byte 0), not UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is {data[error.start]:#04x}"
        raise ValueError(f"{file} is not UTF-8: {found}") from error
    if "\0" in text:
        raise ValueError(f"{file} holds a NUL at byte {data.index(0)}")
    return text
