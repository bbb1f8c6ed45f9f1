"""A page as one HTML file that asks for nothing from elsewhere and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from simulate.report.page_parts import Document, Picture


def html(document: Document) -> str:
    """The page with its style and its pictures inside.

    Returns
    -------
    str
        All texts escaped. Its content security policy allows nothing but its own style sheet, by
        the hash of it, and pictures that are part of the page.
    """
    # Imported here: only this page needs it.
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    def draw(picture: Picture, name: str) -> Markup:
        return Markup(_drawn(picture, name))  # noqa: S704  (our own, whose texts are escaped)

    files = resources.files("simulate.report")
    style = files.joinpath("page.css").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, cache_size=0)
    template = environment.from_string(
        files.joinpath("page.html.jinja").read_text(encoding="utf-8")
    )
    digest = hashlib.sha256(style.encode()).digest()
    rendered = template.render(
        page=document,
        style=Markup(style),  # noqa: S704  (our own)
        style_hash=f"sha256-{base64.b64encode(digest).decode()}",
        draw=draw,
    )
    return f"{rendered}\n"


def _drawn(picture: Picture, name: str) -> str:
    from simulate.report.figure_files import figure_bytes
    from simulate.report.inline_svg import inline_svg

    return inline_svg(figure_bytes(picture.draw(), "svg", picture.alt, letters="text"), name)
