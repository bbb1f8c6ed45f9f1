"""What every answer can do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from simulate.report.document import Document, Drawing
from simulate.report.figures.files import sheet_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Answer(ABC):
    """An answer: a page, result lines, warnings, a JSON document, and files.

    `file_names` matches the names of all files that an answer of this kind may write.
    """

    file_names: ClassVar[re.Pattern[str]]

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

    def _repr_html_(self) -> str:
        # Imported here: only a notebook needs Jinja2.
        from simulate.report.render.html import fragment

        return fragment(self.page())


class Pictured(Answer):
    """An answer with one kind of picture, for one threshold."""

    @abstractmethod
    def picture(self, threshold: float | None = None) -> Drawing:
        """The picture in any size, with its description."""

    def plot(self, threshold: float | None = None, *, preset: str = "web") -> Figure:
        """The picture as a Matplotlib figure without global state.

        Parameters
        ----------
        threshold : float, optional
            One that all scenarios have, else a `ThresholdError` is raised; by default the largest.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card, with room for two scenarios).
        """
        return self.picture(threshold).draw(sheet_of(preset))
