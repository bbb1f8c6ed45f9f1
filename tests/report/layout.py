"""What every picture must pass: words within it that do not overlap, and nothing but a picture."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from simulate.errors import MissingLettersWarning
from simulate.report.figures.canvas import house_style
from simulate.report.figures.files import figure_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulate.report.document import Drawing, SheetName


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


def inert_svg(drawing: Drawing, sheet: SheetName = "web") -> str:
    """The picture as SVG, after a check that hostile text in it is only text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingLettersWarning)
        svg = figure_bytes(drawing.draw(sheet), "svg", drawing.alt).decode()
    elements = list(ET.fromstring(svg).iter())  # noqa: S314  # our own text
    tags = {element.tag.rpartition("}")[2] for element in elements}
    assert not tags & {"script", "foreignObject", "a", "image", "iframe"}
    assert not any(name.startswith("on") for element in elements for name in element.attrib)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", svg)
    return svg


def faults(figure: Figure) -> list[str]:
    """What leaves the figure or covers other words, measured as it is drawn."""
    FigureCanvasAgg(figure)
    with house_style():
        figure.draw_without_rendering()
        shown = [
            (text.get_text(), text.get_window_extent())
            for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip()
        ]
    found = [
        f"outside: {words!r}"
        for words, box in shown
        if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1
    ]
    for index, (words, box) in enumerate(shown):
        found += [
            f"{words!r} over {other!r}"
            for other, beside in shown[index + 1 :]
            if box.x1 > beside.x0 + 1
            and beside.x1 > box.x0 + 1
            and box.y1 > beside.y0 + 1
            and beside.y1 > box.y0 + 1
        ]
    return found
