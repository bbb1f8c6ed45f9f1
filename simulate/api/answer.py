"""What every answer can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from simulate.report.document import Document


class Answer(ABC):
    """An answer: a page, result lines, warnings, and a JSON document."""

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

    def _repr_html_(self) -> str:
        # Imported here: only a notebook needs Jinja2.
        from simulate.report.render.html import fragment

        return fragment(self.page())
