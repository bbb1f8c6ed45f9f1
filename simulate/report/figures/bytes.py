"""Figures as files, each carrying its description, the same bytes from the same run."""

from __future__ import annotations

import io
import os
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from simulate.errors import FileError
from simulate.report.figures.style import house_style
from simulate.report.folder import atomic_write, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")

_PROGRAM = "simulate"
_SVG_TAG = re.compile(r"<svg\b[^>]*>")


def write_figure(figure: Figure, path: str | os.PathLike[str], alt: str) -> None:
    """Write a figure to a file, atomically.

    Parameters
    ----------
    figure
        Any figure of this project.
    path
        Ends in `.svg`, `.png` or `.pdf`. An existing file is replaced.
    alt
        Description, embedded in the file.

    Raises
    ------
    FileError
        If the path ends otherwise or the file cannot be written.
    """
    suffix = Path(path).suffix.removeprefix(".").lower()
    if suffix not in FORMATS:
        raise FileError(
            f"cannot write a picture to {shown(path)}: the name must end in .svg, .png or .pdf"
        )
    atomic_write(path, figure_bytes(figure, suffix, alt))


def figure_bytes(
    figure: Figure, kind: str, alt: str, *, letters: Literal["path", "text"] = "path"
) -> bytes:
    """The figure as the content of a file.

    Parameters
    ----------
    figure
        Any figure of this project.
    kind
        `svg`, `png` or `pdf`.
    alt
        Description: `<title>` and `<desc>` in SVG, the Description of PNG, the Subject of PDF.
    letters
        Whether SVG draws letters as shapes, the same everywhere, or leaves text to the reader's
        fonts: smaller, and readable for those who search or cannot see.

    Returns
    -------
    bytes
        Without any time stamp.
    """
    metadata: dict[str, dict[str, str | None]] = {
        "svg": {"Date": None, "Creator": _PROGRAM},
        "png": {"Software": _PROGRAM, "Description": alt},
        "pdf": {"CreationDate": None, "Creator": _PROGRAM, "Producer": _PROGRAM, "Subject": alt},
    }
    buffer = io.BytesIO()
    with house_style():
        from matplotlib import rcParams

        rcParams["svg.fonttype"] = {"path": "path", "text": "none"}[letters]
        figure.savefig(buffer, format=kind, metadata=metadata[kind], facecolor="white")
    data = buffer.getvalue()
    return _described(data.decode("utf-8"), alt).encode("utf-8") if kind == "svg" else data


def _described(svg: str, alt: str) -> str:
    """Give an SVG picture the role of an image, a name (the first sentence) and a description."""
    name = alt.partition(". ")[0]
    # Ids of their own, so that several pictures can stand in one page.
    title, desc = (f"{part}-{zlib.crc32(alt.encode()):08x}" for part in ("title", "desc"))
    words = f'<title id="{title}">{escape(name)}</title>\n <desc id="{desc}">{escape(alt)}</desc>'

    def opened(match: re.Match[str]) -> str:
        return f'{match[0][:-1]} role="img" aria-labelledby="{title} {desc}">\n {words}'

    return _SVG_TAG.sub(opened, svg, count=1)
