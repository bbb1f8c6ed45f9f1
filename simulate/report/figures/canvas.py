"""The one module that loads matplotlib, which is slow: all others may be imported at any time."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from simulate.errors import MissingLettersWarning
from simulate.report.figures.style import FONTS, GREY, SETTINGS
from simulate.report.text.wrapping import cells, wrap

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure
    from matplotlib.backends.backend_agg import RendererAgg

# For annotations, which load nothing.
Axes: TypeAlias = "matplotlib.axes.Axes"
Figure: TypeAlias = "matplotlib.figure.Figure"

_MISSING = "missing from"
"""Matplotlib's words about a letter."""

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SHORTEST = 0.4
"""Of a last line, as a share of the longest."""


@cache
def _fonts() -> list[str]:
    """Those of the house that are installed."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [name for name in FONTS if name in installed]


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's defaults and this project's settings, whatever a user's configuration says.

    A letter that no installed font has is drawn as a box; `saved` warns of it.
    """
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update({**SETTINGS, "font.family": _fonts()})
        warnings.filterwarnings("ignore", message=rf".*Glyph .* {_MISSING}")
        yield


class Canvas:
    """A figure on which places and sizes are given in inches, from its lower left corner."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height))
        # A canvas that can draw: the callers of Result.plot may want to.
        FigureCanvasAgg(self.figure)

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Axes whose lower left corner is at (x, y)."""
        w, h = self.width, self.height
        return self.figure.add_axes((x / w, y / h, width / w, height / h))

    def text(self, x: float, y: float, words: str, size: float, **look: Any) -> None:
        """Words at (x, y)."""
        self.figure.text(x / self.width, y / self.height, words, size=size, **look)

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """A rectangle whose lower left corner is at (x, y)."""
        from matplotlib.patches import Rectangle

        w, h = self.width, self.height
        place = self.figure.transFigure
        box = Rectangle((x / w, y / h), width / w, height / h, transform=place, **look)
        self.figure.add_artist(box)

    def line(self, x: float, end: float, y: float, **look: Any) -> None:
        """A level line, with its marker in the middle."""
        from matplotlib.lines import Line2D

        xs = [place / self.width for place in (x, (x + end) / 2, end)]
        line = Line2D(
            xs, [y / self.height] * 3, markevery=[1], transform=self.figure.transFigure, **look
        )
        self.figure.add_artist(line)


def saved(figure: Figure, kind: str, metadata: Mapping[str, str | None], letters: str) -> bytes:
    """The figure as the content of a file; `letters` is matplotlib's `svg.fonttype`.

    Warns
    -----
    MissingLettersWarning
        If no installed font has a letter that is drawn, once in a process.
    """
    buffer = io.BytesIO()
    with house_style(), warnings.catch_warnings(record=True) as heard:
        from matplotlib import rcParams

        warnings.filterwarnings("always", message=rf".*Glyph .* {_MISSING}")
        rcParams["svg.fonttype"] = letters
        figure.savefig(buffer, format=kind, metadata=dict(metadata), facecolor="white")
    # A reader's fonts may have what is left to them as text.
    if letters != "none" and any(_MISSING in str(each.message) for each in heard):
        _warn_of_missing_letters()
    return buffer.getvalue()


@cache
def _warn_of_missing_letters() -> None:
    import matplotlib as mpl

    warnings.warn(
        "no installed font has all letters of the picture, which shows boxes in their place. "
        "Install one that has, such as Noto Sans CJK (package fonts-noto-cjk on Debian and Ubuntu, "
        "google-noto-sans-cjk-fonts on Fedora), and delete Matplotlib’s list of fonts in "
        f"{mpl.get_cachedir()}",
        MissingLettersWarning,
        stacklevel=2,
    )


# --- words ---


@lru_cache(maxsize=1)
def _ruler() -> tuple[Figure, RendererAgg]:
    """What measures words; a renderer of the size of a picture would take longer to make."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure

    dpi = SETTINGS["figure.dpi"]
    return Figure(dpi=dpi), RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]  # Matplotlib has no type here


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of the longest line of a text, in inches."""
    figure, renderer = _ruler()
    look: Any = {"family": _fonts(), "parse_math": False}  # in whatever style it is asked for
    drawn = figure.text(0, 0, text, size=size, weight=weight, **look)
    width = drawn.get_window_extent(renderer).width / figure.dpi
    drawn.remove()
    return float(width)


def fitted(
    text: str, size: float, *, inches: float, lines: int, weight: str = "normal"
) -> list[str]:
    """A text in at most `lines` lines of at most `inches`, cut with an ellipsis.

    No date, range or number with its unit is broken unless it is wider than a line.
    """
    if not text:
        return []
    # What cannot be shown need not be measured: no letter is narrower than a fiftieth of an inch.
    sample = text[: int(50 * inches * lines)]
    width = max(int(inches * cells(sample) / text_width(sample, size, weight)), 2)
    while True:
        broken = wrap(sample, width, lines=lines)
        if width == 2 or max(text_width(line, size, weight) for line in broken) <= inches:
            return broken
        width = max(int(width * 0.95), 2)


def first_to_fit(labels: Sequence[str], inches: float, size: float) -> str:
    """The first label that is no longer than this, or the last one."""
    return next((each for each in labels if text_width(each, size) <= inches), labels[-1])


def balanced(
    text: str, size: float, *, inches: float, lines: int, weight: str = "normal"
) -> list[str]:
    """A text as `fitted`, bold in lines of about the same length, else without a short last one."""
    found = fitted(text, size, inches=inches, lines=lines, weight=weight)
    whole = " ".join(found)
    inches = max((text_width(line, size, weight) for line in found), default=0.0)
    least = inches if weight == "bold" else _SHORTEST * inches
    while len(found) > 1 and inches > 1.0 and text_width(found[-1], size, weight) < least:
        inches *= 0.97
        narrower = fitted(whole, size, inches=inches, lines=len(found), weight=weight)
        if " ".join(narrower) != whole:
            break
        found = narrower
    return found


# --- axes ---


def round_marks(top: float, end: float, most: int) -> list[float]:
    """About so many round numbers from 0 to `top`, none beyond `end`."""
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    return [float(value) for value in found if 0 <= value <= end]


def percents(shares: Sequence[float]) -> list[str]:
    """The labels of a scale of shares."""
    return [f"{100 * share:g} %" for share in shares]


def without_scale(axes: Axes) -> None:
    """Leave out the vertical axis."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def in_the_middle(axes: Axes, words: str) -> None:
    """Words in place of what cannot be drawn."""
    # Lines of other dates may cross it; an edge would make shapes of its letters.
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 2.0}
    centred: Any = {"ha": "center", "va": "center", "transform": axes.transAxes}
    axes.text(0.5, 0.5, words, color=GREY, bbox=behind, **centred)


def words_beside(
    axes: Axes, words: str, at: tuple[float, float], offset: tuple[float, float], **look: Any
) -> None:
    """Words so many points from a place, even outside the axes."""
    look = {"textcoords": "offset points", "annotation_clip": False, **look}
    axes.annotate(words, at, xytext=offset, **look)


def white_edge() -> list[Any]:
    """A light edge that keeps words apart from lines behind them."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white", alpha=0.8)]
