"""What every answer can do, and a picture as a notebook shows it."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct

from simulate.analysis.request import ThresholdLike
from simulate.report.data.files import PAGE, Table
from simulate.report.document import Document, Drawing
from simulate.scenario.plain import as_path, listed

if TYPE_CHECKING:
    import pandas as pd
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


class Answer(ABC):
    """An answer: a page, result lines, warnings, a JSON document, and files."""

    @classmethod
    @abstractmethod
    def writes(cls, name: str) -> bool:
        """Whether a file of this name may be one of an answer of this kind."""

    @abstractmethod
    def page(self, *, verbose: bool = False) -> Document:
        """The whole answer, for a terminal, a notebook or a file."""

    @abstractmethod
    def headlines(self) -> Iterable[str]:
        """The answer in one line, or in a few."""

    @property
    @abstractmethod
    def warnings(self) -> Iterable[str]:
        """What to be careful about."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the answer."""

    @abstractmethod
    def files(self, formats: Sequence[str] = ("svg", "png")) -> dict[str, bytes]:
        """The content of each file of the answer, by its name.

        `formats` are those of its pictures: any of `svg`, `png` and `pdf`, or none.
        """

    def save(
        self,
        folder: str | os.PathLike[str],
        *,
        formats: Sequence[str] = ("svg", "png"),
        force: bool = False,
    ) -> tuple[Path, ...]:
        """Write the files of the answer into a folder: all of them, or none.

        Parameters
        ----------
        folder : str or PathLike
            Made if there is none.
        formats : sequence of str
            Those of its pictures: any of `svg`, `png` and `pdf`, or none.
        force : bool
            Whether to replace files of an earlier answer of this kind.

        Returns
        -------
        tuple of Path

        Raises
        ------
        FileError
            If the folder holds such files already, or cannot be written to.
        """
        from simulate.report.folder import write_bundle

        files = self.files(listed(formats))
        return write_bundle(as_path(folder, "folder"), files, self.writes, force=force)

    @abstractmethod
    def table(self) -> Table:
        """The main figures of the answer, a row for each; every kind of answer explains its own."""

    def to_dataframe(self) -> pd.DataFrame:
        """The table of the answer for pandas, whose columns `table` explains.

        Raises
        ------
        ImportError
            If pandas is not installed; it is an extra: `pip install 'simulate-depletion[pandas]'`.
        """
        return self.table().data_frame()

    @abstractmethod
    def _about(self) -> str:
        """What kind of answer it is, of what."""

    def __repr__(self) -> str:
        first, *others = self.headlines()
        more = f" (and {len(others)} more)" if others else ""
        return f"<{self._about()}\n {first}{more}>"

    def _repr_html_(self) -> str:
        from simulate.report.render.html import fragment

        return fragment(self.page())


class Bundled(Answer):
    """An answer whose files are a JSON document, a table, the page, a picture and its description.

    A subclass names the document and the table, and the picture if its name differs.
    """

    _stem: ClassVar[str]
    _picture_stem: ClassVar[str]

    def __init_subclass__(cls, *, stem: str = "", picture: str = "") -> None:
        cls._stem, cls._picture_stem = stem, picture or stem

    @classmethod
    def writes(cls, name: str) -> bool:
        """As `Answer`."""
        pictures = (f"{cls._picture_stem}.{kind}" for kind in ("svg", "png", "pdf", "txt"))
        return name in {PAGE, f"{cls._stem}.json", f"{cls._stem}.csv", *pictures}

    def main_picture(self) -> Drawing | None:
        """The picture among the files, unless there is none or it could not be read."""
        return None

    def files(self, formats: Sequence[str] = ("svg", "png")) -> dict[str, bytes]:
        """The content of each file of the answer, by its name; without formats no picture."""
        from simulate.report.data.json_document import dumps
        from simulate.report.figures.files import picture_files
        from simulate.report.render.html import html

        drawing = self.main_picture() if formats else None
        return {
            f"{self._stem}.json": dumps(self.to_dict()).encode("utf-8"),
            f"{self._stem}.csv": self.table().csv(),
            PAGE: html(self.page(verbose=True)).encode("utf-8"),
            **(picture_files(self._picture_stem, drawing, formats) if drawing else {}),
        }


class Pictured(Bundled):
    """An answer with one kind of picture, for one threshold."""

    def main_picture(self) -> Drawing | None:
        """The picture for the largest threshold, unless it could not be read."""
        return self.picture()

    @abstractmethod
    def picture(self, threshold: ThresholdLike | None = None) -> Drawing:
        """The picture in any size, with its description."""

    def plot(self, threshold: ThresholdLike | None = None, *, preset: str = "web") -> Plot:
        """The picture, as a notebook shows it.

        Parameters
        ----------
        threshold : float or mapping, optional
            One that all scenarios have, else a `ThresholdError` is raised; by default the largest.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card, with room for two scenarios).

        Returns
        -------
        Plot
            Its `figure` is a Matplotlib figure.
        """
        return plotted(self.picture(threshold), preset)
