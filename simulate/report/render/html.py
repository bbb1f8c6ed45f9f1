"""A document as HTML that loads nothing from elsewhere and runs no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING

from simulate.report.document import Document, Picture, SheetName
from simulate.report.figures.files import figure_bytes
from simulate.report.render.inline_svg import inline_svg
from simulate.report.text.wrapping import TOGETHER

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# A date, a percentage, an error behind its sign, a name with a number, a difference of scenarios.
_WHOLE = re.compile(
    rf"~?\b\d{{4}}-\d\d-\d\d\b|(?:± |&[lg]t;)\b[\d.]+ %|{TOGETHER}"
    r"|\b[A-Za-z]+-\d+\b|\b[A-Z] - [A-Z]\b"
)


def html(document: Document) -> str:
    """The document as a whole page, with its style and pictures inside.

    All texts are escaped. The content security policy allows only the page's own style sheet, by
    its hash, and pictures inside the page.
    """
    style = resources.files("simulate.report.render").joinpath("page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment(_whole).get_template("page.html.jinja")
    rendered = template.render(
        page=document, style=_trusted(style), style_hash=f"sha256-{digest}", draw=_in_two_widths
    )
    return f"{rendered}\n"


def fragment(document: Document) -> str:
    """The document as part of another page, such as a notebook.

    It has no style sheet, which would affect the whole page; its pictures have a white background.
    """
    blocks = [block for section in document.sections for block in section.blocks]
    texts = [document.title, *(block for block in blocks if not isinstance(block, Picture))]
    digest = hashlib.sha256(repr(texts).encode()).hexdigest()

    def draw(picture: Picture, name: str) -> Markup:
        white = '<div style="background: #fff; max-width: 50em">'
        return _trusted(f"{white}{_drawn(picture, name, 'page')}</div>")

    template = _environment(_spaced).get_template("fragment.html.jinja")
    return f"{template.render(page=document, prefix=f's{digest[:8]}-', draw=draw)}\n"


def _environment(whole: Callable[[str], str]) -> Environment:
    # Imported here: only pages need it, and it is slow.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("simulate.report.render", "."),
    )
    environment.filters["whole"] = whole
    return environment


def _spaced(text: str) -> str:
    """Text without the places where a line may be broken."""
    return text.replace("\x0b", " ")


def _whole(text: str) -> Markup:
    """Text whose dates, percentages and errors do not break across lines."""
    from markupsafe import Markup, escape

    escaped = str(escape(_spaced(text)))
    marked = _WHOLE.sub(r'<span class="whole">\g<0></span>', escaped)
    return Markup(marked)  # noqa: S704  (escaped above)


def _in_two_widths(picture: Picture, name: str) -> Markup:
    """The picture for a desk and for a telephone; the style sheet shows one of them."""
    broad, narrow = _drawn(picture, name, "page"), _drawn(picture, f"{name}-narrow", "phone")
    return _trusted(f'<div class="card broad">{broad}</div><div class="card narrow">{narrow}</div>')


def _drawn(picture: Picture, name: str, sheet: SheetName) -> str:
    if picture.drawing is None:
        return ""
    drawing = picture.drawing()
    svg = figure_bytes(drawing.draw(sheet), "svg", drawing.alt, letters="text")
    return inline_svg(svg, name)


def _trusted(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  (our own markup; its texts are escaped)
