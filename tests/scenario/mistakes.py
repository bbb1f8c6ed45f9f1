"""What a scenario is refused with: the words, the place, the way out."""

from __future__ import annotations

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.loader import load_text


def message(text: str) -> str:
    """All that is wrong with a file called case.yaml."""
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "case.yaml")
    return str(caught.value)


def refused(text: str, said: str, hint: str = "") -> None:
    """Check the message, its line of the file, the caret below it and the hint.

    `said` begins with line and column, as in "4:18: losses.count must be above 0".
    """
    first, shown, caret, *rest = message(text).splitlines()
    assert first == f"case.yaml:{said}"
    assert rest == ([f"  hint: {hint}"] if hint else [])
    line, column = map(int, said.split(":")[:2])
    before, excerpt = shown.split(" | ", 1)
    below = excerpt[caret.index("^") - len(f"{before} | ") :]
    written = text.splitlines()[line - 1]
    assert int(before) == line
    assert below
    assert written[column - 1 :].startswith(below)
