"""Drawings as files, each with its description: the same bytes from the same run."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

from msgspec import Struct

from simulate.errors import FileError
from simulate.report.document import Drawing, SheetName
from simulate.report.figures.canvas import Figure, saved
from simulate.report.folder import atomic_write_all, check_new, prepare_directory, shown
from simulate.scenario.plain import one_of

# The sheets of a preset, the one that `plot` shows last, and the formats of their files.
PRESETS: dict[str, tuple[tuple[SheetName, ...], tuple[str, ...]]] = {
    "web": (("web",), ("svg",)),
    "print": (("3.5in", "7in"), ("pdf", "svg")),
    "social": (("social",), ("png",)),
}

_PROGRAM = "simulate"
_SVG_TAG = re.compile(r"<svg\b[^>]*>")


def sheet_of(preset: str) -> SheetName:
    """The sheet of a preset that a single figure is drawn on; of print, the one of two columns.

    Raises
    ------
    ValueError
        If the preset is unknown.
    """
    return PRESETS[one_of(preset, "preset", PRESETS)][0][-1]


def figure_bytes(
    figure: Figure, kind: str, alt: str, *, letters: Literal["path", "text"] = "path"
) -> bytes:
    """The figure as the content of a file of that kind (`svg`, `png` or `pdf`), without time stamp.

    The description `alt` is `<title>` and `<desc>` in SVG, the Description of PNG, and the Subject
    of PDF. With `letters="path"` SVG draws letters as shapes, the same everywhere; with "text" it
    leaves them to the reader's fonts: smaller, searchable, and readable by screen readers.
    """
    metadata: dict[str, dict[str, str | None]] = {
        "svg": {"Date": None, "Creator": _PROGRAM},
        "png": {"Software": _PROGRAM, "Description": alt},
        "pdf": {"CreationDate": None, "Creator": _PROGRAM, "Producer": _PROGRAM, "Subject": alt},
    }
    data = saved(
        figure,
        kind,
        metadata[one_of(kind, "format", metadata)],
        {"path": "path", "text": "none"}[letters],
    )
    return _described(data.decode("utf-8"), alt).encode("utf-8") if kind == "svg" else data


def picture_files(
    stem: str, drawing: Drawing, formats: Sequence[str], sheet: SheetName = "web"
) -> dict[str, bytes]:
    """A picture in each format and its description, by the names of their files, if any."""
    if not formats:
        return {}
    figure = drawing.draw(sheet)
    files = {f"{stem}.{kind}": figure_bytes(figure, kind, drawing.alt) for kind in formats}
    return {**files, f"{stem}.txt": f"{drawing.alt}\n".encode()}


def _described(svg: str, alt: str) -> str:
    """Give an SVG picture the role of an image, a name (the first sentence) and a description."""
    name = alt.partition(". ")[0]
    # Ids of their own, so that one page can hold several pictures.
    title, desc = (f"{part}-{zlib.crc32(alt.encode()):08x}" for part in ("title", "desc"))
    words = (
        f'<title id="{title}">{escape(name, quote=False)}</title>\n '
        f'<desc id="{desc}">{escape(alt, quote=False)}</desc>'
    )

    def opened(match: re.Match[str]) -> str:
        return f'{match[0][:-1]} role="img" aria-labelledby="{title} {desc}">\n {words}'

    return _SVG_TAG.sub(opened, svg, count=1)


class OutputTarget(Struct, frozen=True):
    """Where the pictures of a preset go: a folder, and what all their names begin with.

    `only` is the one format of a file that was named; `force` overwrites existing files.
    """

    folder: Path
    stem: str
    preset: str
    force: bool
    only: str = ""

    @property
    def formats(self) -> tuple[str, ...]:
        """Of each picture."""
        return (self.only,) if self.only else PRESETS[self.preset][1]

    def names(self) -> list[str]:
        """The names of all files, descriptions among them."""
        kinds = (*self.formats, "txt")
        return [f"{stem}.{kind}" for stem in self._stems().values() for kind in kinds]

    def write(self, drawing: Drawing) -> list[Path]:
        """Write all files: either all of them are prepared, or nothing is replaced.

        Raises
        ------
        FileError
            If a file cannot be written.
        """
        contents: dict[str, bytes] = {}
        for sheet, stem in self._stems().items():
            contents |= picture_files(stem, drawing, self.formats, sheet)
        atomic_write_all(self.folder, contents, force=self.force)
        return [self.folder / name for name in contents]

    def _stems(self) -> dict[SheetName, str]:
        sheets, _ = PRESETS[self.preset]
        plain = self.only or self.preset == "web"
        return {sheet: self.stem if plain else f"{self.stem}-{sheet}" for sheet in sheets}


def file_target(path: str | os.PathLike[str], preset: str, *, force: bool) -> OutputTarget:
    """A named file.

    Raises
    ------
    FileError
        As `check_new`, and if its name ends in no format of the preset.
    """
    file = Path(path)
    possible = ("png",) if preset == "social" else ("svg", "png", "pdf")
    kind = file.suffix.removeprefix(".").lower()
    if kind not in possible:
        endings = " or ".join([", ".join(f".{one}" for one in possible[:-1]), f".{possible[-1]}"])
        raise FileError(
            f"cannot write a picture to {shown(path)}: with the preset {preset} the name must end "
            f"in {endings.removeprefix(' or ')}"
        )
    for target in (file, file.with_suffix(".txt")):
        check_new(target, force=force)
    return OutputTarget(file.parent, file.stem, preset, force, kind)


def folder_target(
    folder: str | os.PathLike[str], stem: str, preset: str, *, force: bool
) -> OutputTarget:
    """A folder for the pictures, created if it does not exist.

    Raises
    ------
    FileError
        As `prepare_directory`.
    """
    target = OutputTarget(Path(folder), stem, preset, force)
    prepare_directory(folder, frozenset(target.names()).__contains__, force=force)
    return target
