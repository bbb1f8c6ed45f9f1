"""Files that are either the old one or the new one, whatever happens while they are written."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from simulate.errors import FileError
from simulate.report.text.wording import inert

_UNFINISHED = ".simulate.tmp"


def atomic_write(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that it is never seen half written.

    Parameters
    ----------
    path
        Of the file; its folder must exist. An existing file is replaced.
    data
        The whole content.

    Raises
    ------
    FileError
        If the file cannot be written. A file that was there before is then unchanged.
    """
    target = Path(path)
    atomic_write_all(target.parent, {target.name: data}, force=True)


def write_new(path: str | os.PathLike[str], data: bytes, *, force: bool) -> None:
    """Write a file that is not there yet, or with `force` also one that is.

    Raises
    ------
    FileError
        If there is one and `force` is not given, or it cannot be written.
    """
    check_new(path, force=force)
    target = Path(path)
    atomic_write_all(target.parent, {target.name: data}, force=force)


def check_new(path: str | os.PathLike[str], *, force: bool) -> None:
    """Make sure, before anything is worked out, that a file can be written.

    Raises
    ------
    FileError
        If there is one and `force` is not given, or its folder cannot be written to.
    """
    target = Path(path)
    with _reported(target):
        if target.is_dir():
            raise FileError(f"{shown(path)} is a folder; add the name of a file in it")
        if target.exists() and not target.is_file():
            raise FileError(f"cannot write {shown(path)}: it is not a regular file")
        if os.path.lexists(target) and not force:
            raise _there(target)
        if not target.parent.is_dir():
            folder = shown(target.parent)
            raise FileError(f"cannot write {shown(path)}: there is no folder {folder}")
    probe(target.parent)


def atomic_write_all(folder: Path, contents: Mapping[str, bytes], *, force: bool) -> None:
    """Write several files of one folder: none takes its name before all are safely on the disk.

    Raises
    ------
    FileError
        If one of them cannot be written, or, without `force`, is there already, perhaps since a
        moment ago from another run. What was there before is then unchanged, unless it is the
        renaming of a later file that fails; every single file is whole in any case.
    """
    temporary: dict[Path, Path] = {}
    with _at_work(folder):
        try:
            for name, data in contents.items():
                target = folder / name
                temporary[target] = _beside(target)
                with _reported(target):
                    _write_synced(temporary[target], data)
            for target, source in temporary.items():
                with _reported(target):
                    _named(source, target, force=force)
        finally:
            for source in temporary.values():
                with contextlib.suppress(OSError):
                    source.unlink(missing_ok=True)
        _sync_folder(folder)


@contextlib.contextmanager
def growing(path: str | os.PathLike[str], *, force: bool) -> Iterator[BinaryIO]:
    """A new file to be written bit by bit; it takes its name only when all is safely on the disk.

    Raises
    ------
    FileError
        If it cannot be written, or, without `force`, is there already. A file that was there
        before is then unchanged.
    """
    target = Path(path)
    temporary = _beside(target)
    with _at_work(target.parent), _reported(target):
        try:
            with _synced(temporary) as file:
                yield file
            _named(temporary, target, force=force)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)


def _named(temporary: Path, target: Path, *, force: bool) -> None:
    """Give a file its name, which without `force` must not be that of another one."""
    if not force:
        # Of two runs at the same time, the second is refused the link. Some file systems have none.
        with contextlib.suppress(OSError):
            os.link(temporary, target)
            return
        if os.path.lexists(target):
            raise _there(target)
    temporary.replace(target)


def _there(target: Path) -> FileError:
    return FileError(f"{shown(target)} is there already; choose another name, or add --force")


@contextlib.contextmanager
def _at_work(folder: Path) -> Iterator[None]:
    """Remove what killed runs left in a folder; meanwhile let nobody take our files for such.

    Whoever writes holds a shared lock on the folder, so that it cannot be locked for oneself alone
    while a temporary file has an owner. Where folders cannot be locked, all leftovers stay.
    """
    with contextlib.ExitStack() as stack:
        if sys.platform != "win32":
            import fcntl

            left = list(folder.glob(f".????????{_UNFINISHED}"))
            with contextlib.suppress(OSError):
                descriptor = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                if left:
                    with contextlib.suppress(BlockingIOError):
                        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        for leftover in left:
                            leftover.unlink(missing_ok=True)
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield


def _beside(target: Path) -> Path:
    # Without the target's name, which may be as long as a name can be.
    return target.parent / f".{secrets.token_hex(4)}{_UNFINISHED}"


def remove_leftovers(path: str | os.PathLike[str]) -> None:
    """Remove what is left of attempts to write this file that were killed."""
    target = Path(path)
    for leftover in target.parent.glob(f".{glob.escape(target.name)}.????????{_UNFINISHED}"):
        with contextlib.suppress(OSError):
            leftover.unlink()


def probe(folder: Path) -> None:
    """Find out whether files can be created in a folder, by creating one and removing it.

    Raises
    ------
    FileError
        If they cannot.
    """
    path = _beside(folder / "probe")
    try:
        _write_synced(path, b"")
    except OSError as error:
        raise FileError(f"cannot write into the folder {shown(folder)}: {reason(error)}") from error
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def shown(path: str | os.PathLike[str]) -> str:
    """A path as it may be printed."""
    return f"'{inert(os.fspath(path))}'"


def reason(error: OSError) -> str:
    """The system's words for what went wrong, without number and path."""
    return (error.strerror or str(error) or type(error).__name__).lower()


@contextlib.contextmanager
def _reported(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"cannot write {shown(target)}: {reason(error)}") from error


def _write_synced(path: Path, data: bytes) -> None:
    with _synced(path) as file:
        file.write(data)


@contextlib.contextmanager
def _synced(path: Path) -> Iterator[BinaryIO]:
    # Created here and by nobody else (O_EXCL), with the permissions that the user's umask leaves.
    descriptor = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # The new name is on the disk only once the folder is; not every system can do it.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# --- a folder for several files ---


def prepare_directory(
    directory: str | os.PathLike[str],
    *,
    ours: Callable[[str], bool],
    force: bool = False,
) -> None:
    """Make sure, before anything is sampled, that files can be written into a folder.

    The folder is created if there is none.

    Parameters
    ----------
    directory
        The folder.
    force
        Accept that files of an earlier run are replaced.
    ours
        Whether a file of that name would be replaced.

    Raises
    ------
    FileError
        If the path is no folder, files cannot be created in it, or, without `force`, it holds a
        file that would be replaced.
    """
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = sorted(path.name for path in folder.iterdir() if ours(path.name))
    except (FileExistsError, NotADirectoryError) as error:
        raise FileError(
            f"cannot use {shown(folder)} as output folder: it is a file, or lies in one"
        ) from error
    except OSError as error:
        raise FileError(f"cannot use {shown(folder)} as output folder: {reason(error)}") from error
    blocked = [name for name in present if (folder / name).is_dir()]
    if blocked:
        raise FileError(
            f"cannot write {shown(folder / blocked[0])}: a folder of that name is in the way"
        )
    if present and not force:
        others = f" and {len(present) - 1} more" if len(present) > 1 else ""
        raise FileError(
            f"{shown(folder / present[0])}{others} would be replaced; "
            "choose another folder, or allow it with --force"
        )
    probe(folder)
