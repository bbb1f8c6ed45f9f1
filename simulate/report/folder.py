"""Files and bundles of files, written so that each is either the old or the new one."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias

from simulate.errors import Argument, FileError, Message
from simulate.report.text.wording import counted, inert, listed
from simulate.scenario.folder import read_bytes

_UNFINISHED = ".simulate.tmp"
_KINDS = {".csv": "table", **dict.fromkeys((".svg", ".png", ".pdf"), "picture")}


def write_new(path: str | os.PathLike[str], data: bytes, *, force: bool) -> None:
    """Write a file, which is never seen half written.

    Raises
    ------
    FileError
        As `check_new` and `atomic_write_all`.
    """
    check_new(path, force=force)
    target = Path(path)
    atomic_write_all(target.parent, {target.name: data}, force=force)


def check_new(path: str | os.PathLike[str], *, force: bool) -> None:
    """Make sure, before anything is computed, that a file can be written.

    Raises
    ------
    FileError
        If it exists and `force` is not given, or its folder cannot be written to.
    """
    target = Path(path)
    with _reported(target):
        if target.is_dir():
            raise FileError(f"{shown(path)} is a folder; add the name of a file in it")
        if target.exists() and not target.is_file():
            raise FileError(f"cannot write {shown(path)}: it is not a regular file")
        if os.path.lexists(target) and not force:
            raise _exists(target)
        if not target.parent.is_dir():
            raise FileError(
                f"cannot write {shown(path)}: there is no folder {shown(target.parent)}"
            )
    _probe(target.parent)


def atomic_write_all(
    folder: Path, contents: Mapping[str, bytes], *, force: bool, stale: Iterable[str] = ()
) -> None:
    """Write several files of one folder: none takes its name before all are safely on the disk.

    The files named in `stale` are removed once all others have their names.

    Raises
    ------
    FileError
        If one of them cannot be written, or, without `force`, exists, perhaps only since another
        run wrote it a moment ago. Existing files are then unchanged, unless it is the renaming of
        a later file that fails; every single file is whole in any case.
    """
    with _at_work(folder) as temporary:
        written = {}
        for name, data in contents.items():
            target = folder / name
            written[target] = temporary()
            with _reported(target), _synced(written[target]) as file:
                file.write(data)
        for target, source in written.items():
            with _reported(target):
                _named(source, target, force=force)
        for old in map(folder.joinpath, stale):
            with _reported(old, "remove"):
                old.unlink(missing_ok=True)


def append(path: str | os.PathLike[str], more: Callable[[bytes], bytes], most_bytes: int) -> None:
    """Append to a file what `more` makes of its content; it is created if it does not exist.

    Meanwhile nobody else appends to it. If not everything can be written, nothing is.

    Raises
    ------
    FileError
        If it cannot be read and written, or is not a regular file.
    LimitError
        If it has more than `most_bytes`.
    """
    target = Path(path)
    with _reported(target), target.open("ab+", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileError(f"cannot write {shown(path)}: it is not a regular file")
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        content = read_bytes(target, most_bytes)
        left = memoryview(more(content))
        try:
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(len(content))
            raise


@contextlib.contextmanager
def growing(path: str | os.PathLike[str], *, force: bool) -> Iterator[BinaryIO]:
    """A new file, written piece by piece; it takes its name once all is safely on the disk.

    Raises
    ------
    FileError
        If it cannot be written, or, without `force`, exists. An existing file is then unchanged.
    """
    target = Path(path)
    with _at_work(target.parent) as temporary, _reported(target):
        source = temporary()
        with _synced(source) as file:
            yield file
        _named(source, target, force=force)


def _named(temporary: Path, target: Path, *, force: bool) -> None:
    """Give a file its name, which without `force` no other file may have."""
    if not force:
        # Of two runs at the same time, the second is refused the link. Some file systems have none.
        with contextlib.suppress(OSError):
            os.link(temporary, target)
            return
        if os.path.lexists(target):
            raise _exists(target)
    temporary.replace(target)


def _exists(target: Path) -> FileError:
    message = f"{shown(target)} already exists; choose another name, or add "
    return FileError(Message(message, Argument("force", value=True)))


@contextlib.contextmanager
def _at_work(folder: Path) -> Iterator[Callable[[], Path]]:
    """Give names to temporary files, which are removed at the end; remove those of killed runs.

    Whoever writes holds a shared lock on the folder. Only someone who gets an exclusive lock, and
    so is alone, removes old temporary files. Where folders cannot be locked, they stay.
    """
    made: list[Path] = []

    def temporary() -> Path:
        # Without the target's name, which may already have the greatest length.
        made.append(folder / f".{secrets.token_hex(4)}{_UNFINISHED}")
        return made[-1]

    descriptor = None
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
        try:
            yield temporary
        finally:
            for path in made:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        # The new names are on the disk only once the folder is; not every system can do it.
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.fsync(descriptor)


def _probe(folder: Path) -> None:
    """Find out whether files can be created in a folder, by creating one and removing it."""
    with (
        _at_work(folder) as temporary,
        _reported(folder, "write into the folder"),
        _synced(temporary()),
    ):
        pass


def shown(path: str | os.PathLike[str]) -> str:
    """A path, safe to print."""
    return f"'{inert(os.fspath(path))}'"


def reason(error: OSError) -> str:
    """The system's words for what went wrong, without number and path."""
    return (error.strerror or str(error) or type(error).__name__).lower()


@contextlib.contextmanager
def _reported(target: Path, action: str = "write") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"cannot {action} {shown(target)}: {reason(error)}") from error


@contextlib.contextmanager
def _synced(path: Path) -> Iterator[BinaryIO]:
    # Created here and by nobody else, with the permissions that the user's umask leaves.
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


# --- bundles: all files of an answer ---

Ours: TypeAlias = Callable[[str], object]
"""Whether an answer of this kind may write a file of that name."""


def prepare_directory(directory: str | os.PathLike[str], ours: Ours, *, force: bool) -> None:
    """Make sure, before anything is sampled, that a bundle can be written into a folder.

    The folder is created if it does not exist.

    Raises
    ------
    FileError
        If the path is no folder, files cannot be created in it, or, without `force`, it holds a
        file that is ours.
    """
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = _present(folder, ours)
    except OSError as error:
        is_file = isinstance(error, FileExistsError | NotADirectoryError)
        why = "it is a file, or lies in one" if is_file else reason(error)
        raise FileError(f"cannot use {shown(folder)} as the output folder: {why}") from error
    for path in map(folder.joinpath, present):
        if path.is_dir():
            raise FileError(f"cannot write {shown(path)}: a folder of that name is in the way")
    if present and not force:
        others = f" and {len(present) - 1} more already exist"
        message = f"{shown(folder / present[0])}{others if len(present) > 1 else ' already exists'}"
        way_out = ("; choose another folder, or add ", Argument("force", value=True))
        why = " to overwrite what an earlier run wrote"
        raise FileError(Message(message, *way_out, why))
    _probe(folder)


def write_bundle(
    directory: str | os.PathLike[str], contents: Mapping[str, bytes], ours: Ours, *, force: bool
) -> tuple[Path, ...]:
    """Write all files of an answer, or none.

    With `force`, they take the place of all files that are ours, so that no file of an earlier run
    stays among those of this one.

    Raises
    ------
    FileError
        As `prepare_directory`, and if a file cannot be written or removed.
    """
    prepare_directory(directory, ours, force=force)
    folder = Path(directory)
    stale = [name for name in _present(folder, ours) if name not in contents] if force else []
    atomic_write_all(folder, contents, force=force, stale=stale)
    return tuple(folder / name for name in contents)


def contents_words(names: Iterable[str]) -> str:
    """`index.html, result.json, 5 tables and 2 pictures`: what files a folder has, in few words."""
    kinds: dict[str, list[Path]] = {}
    for path in sorted(map(Path, names)):
        kinds.setdefault(_KINDS.get(path.suffix, "file"), []).append(path)
    pictures = {path.stem for path in kinds.get("picture", ())}
    files = [path.name for path in kinds.get("file", ()) if path.stem not in pictures]
    several = (len(kinds.get("table", ())), "table"), (len(pictures), "picture")
    return listed([*files, *(counted(n, kind) for n, kind in several if n)])


def _present(folder: Path, ours: Ours) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if ours(path.name))
