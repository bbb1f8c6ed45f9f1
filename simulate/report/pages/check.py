"""A scenario file that is valid."""

from __future__ import annotations

from collections.abc import Sequence

from simulate.report.document import Code, Document, sections, warned
from simulate.report.text.wording import inert
from simulate.scenario.loader import LoadedScenario


def check_page(file: str, loaded: LoadedScenario, warnings: Sequence[str]) -> Document:
    """That a file is valid, what it holds, and what is doubtful in it."""
    n, claims = len(loaded.scenario.uncertain), len(loaded.scenario.losses.claims)
    counted = f"{claims} claim{'' if claims == 1 else 's'}, " if claims else ""
    inputs = f"{n} uncertain input{'' if n == 1 else 's'}"
    line = f"{inert(file)}: valid, {counted}{inputs}, digest {loaded.digest[:12]}"
    return Document(
        title="",
        question="",
        sections=sections(("valid", "", [Code(line)]), ("warnings", "Warnings", warned(warnings))),
    )
