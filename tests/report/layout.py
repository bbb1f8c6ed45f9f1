"""Whether the words of a figure can be read: none outside of it, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from simulate.report.figures.canvas import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


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
