"""A picture as a notebook shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from simulate.report.document import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Plot(Struct, frozen=True, eq=False):
    """A picture that a notebook shows, without global state.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        Its methods and attributes are also those of the plot: `plot.savefig("dates.pdf")`.
    alt : str
        What it shows, in words.
    is_whole : bool
        Whether the figure is this picture alone, and not one with the axes of `ax`, which a
        notebook shows by itself.
    """

    figure: Figure
    alt: str
    is_whole: bool = True

    def _repr_png_(self) -> bytes | None:
        return self._as("png") if self.is_whole else None

    def _repr_svg_(self) -> str | None:
        return self._as("svg").decode("utf-8") if self.is_whole else None

    def _as(self, kind: str) -> bytes:
        from simulate.report.figures.files import figure_bytes

        return figure_bytes(self.figure, kind, self.alt)

    def __getattr__(self, name: str) -> Any:
        # Names with an underscore are asked for by notebooks, and before there is a figure.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.figure, name)

    def __repr__(self) -> str:
        return f"<Plot: {self.alt.partition('. ')[0].removesuffix('.')}>"


def plotted(drawing: Drawing, preset: str = "web") -> Plot:
    """A drawing on the sheet of a preset."""
    from simulate.report.figures.files import sheet_of

    return Plot(drawing.draw(sheet_of(preset)), drawing.alt)
