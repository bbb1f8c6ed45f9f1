"""The look of all pictures: fonts, colours, and text that is measured before it is placed."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from simulate.report.text.wrapping import cells, wrap

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure

# Okabe and Ito's palette, told apart in all common forms of colour blindness.
BLUE = "#0072B2"
SKY = "#56B4E9"
ORANGE = "#E69F00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
VERMILION = "#D55E00"
INK = "#222222"
GREY = "#595959"

SMALL = 8.0
TINY = 7.0

_STYLE: Mapping[Any, Any] = {
    "figure.dpi": 150,
    "savefig.dpi": 150,
    "font.size": 9,
    "svg.hashsalt": "simulate",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.hinting": "none",  # or words would be longer on a coarse screen than they were measured
    "text.parse_math": False,  # a title may hold two dollar signs
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.8,
}
# DejaVu Sans comes with matplotlib; the others fill its gaps where they are installed.
_FONTS = (
    "DejaVu Sans",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Arial Unicode MS",
)


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's defaults and this project's settings, whatever a user's configuration says.

    There is no warning of letters that no installed font has: a placeholder is drawn.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    installed = set(font_manager.fontManager.get_font_names())
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {**_STYLE, "font.family": [name for name in _FONTS if name in installed]}
        )
        warnings.filterwarnings("ignore", message=r".*Glyph .* missing from")
        yield


def text_width(figure: Figure, text: str, size: float, weight: str = "normal") -> float:
    """Width of the longest line of a text, in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    # A canvas that can draw: the callers of Result.plot may want to.
    if not isinstance(figure.canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)
    drawn = figure.text(0, 0, text, size=size, weight=weight)
    width = drawn.get_window_extent(_renderer(figure.dpi)).width / figure.dpi
    drawn.remove()
    return float(width)


@lru_cache(maxsize=4)
def _renderer(dpi: float) -> RendererAgg:
    """What measures texts; a renderer of the size of the figure would take longer to make."""
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]  # Matplotlib has no type here


def fitted(
    figure: Figure, text: str, size: float, *, inches: float, lines: int, weight: str = "normal"
) -> list[str]:
    """A text broken into at most `lines` lines of at most `inches`, cut with an ellipsis."""
    if not text:
        return []
    # What cannot be shown need not be measured: no letter is narrower than a fiftieth of an inch.
    sample = text[: int(50 * inches * lines)]
    width = max(int(inches * cells(sample) / text_width(figure, sample, size, weight)), 2)
    while True:
        broken = wrap(sample, width, lines=lines)
        if width == 2 or max(text_width(figure, line, size, weight) for line in broken) <= inches:
            return broken
        width = max(int(width * 0.95), 2)
