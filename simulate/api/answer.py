"""What every answer can do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from simulate.report.document import Document


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
