"""Figures as files, each carrying its description, the same bytes from the same run."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from simulate.report.figures.style import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PROGRAM = "simulate"
_SVG_TAG = re.compile(r"<svg\b[^>]*>")


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
