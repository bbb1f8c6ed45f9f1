"""A document as HTML that asks for nothing from elsewhere and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from simulate.report.document import Document, Picture
from simulate.report.figures.files import figure_bytes
from simulate.report.render.inline_svg import inline_svg

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


PAGE = "index.html"
"""What the page of an answer is called in a folder of its files."""


def html(document: Document) -> str:
    """The document as a whole page with its style and its pictures inside.

    Returns
    -------
    str
        All texts escaped. Its content security policy allows nothing but its own style sheet, by
        the hash of it, and pictures that are part of the page.
    """
    digest = hashlib.sha256(_style().encode()).digest()
    rendered = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            page=document,
            style=_trusted(_style()),
            style_hash=f"sha256-{base64.b64encode(digest).decode()}",
            draw=_drawn,
        )
    )
    return f"{rendered}\n"


def fragment(document: Document) -> str:
    """The document as a piece of a page that is somebody else's, a notebook's for instance.

    It has no style sheet, which would hold for the whole page; its pictures are on white.
    """
    last = document.sections[-1:]
    digest = hashlib.sha256(f"{document.title}{last}".encode()).hexdigest()

    def draw(picture: Picture, name: str) -> Markup:
        white = '<div style="background: #fff; max-width: 50em">'
        return _trusted(f"{white}{_drawn(picture, name)}</div>")

    template = _environment().get_template("fragment.html.jinja")
    return f"{template.render(page=document, prefix=f's{digest[:8]}-', draw=draw)}\n"


def _environment() -> Environment:
    # Imported here: only pages need it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("simulate.report.render", "."),
    )


def _style() -> str:
    files = resources.files("simulate.report.render")
    return files.joinpath("page.css").read_text(encoding="utf-8")


def _drawn(picture: Picture, name: str) -> Markup:
    if picture.drawing is None:
        return _trusted("")
    drawing = picture.drawing()
    svg = figure_bytes(drawing.draw("web"), "svg", drawing.alt, letters="text")
    return _trusted(inline_svg(svg, name))


def _trusted(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  (our own, whose texts are escaped)
