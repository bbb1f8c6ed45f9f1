"""Everything that can go wrong on purpose: one base error and its few children.

Each error knows the exit code of the shell command that it ends.
"""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong with a scenario, where it is, and a way out.

    `line` and `column` count from 1 and are 0 where no place is known;
    `excerpt` is the source line that holds the mistake.
    """

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = f"{place}: {self.message}" if place else self.message
        if self.excerpt:
            shown, offset = _window(self.excerpt, self.column)
            text += f"\n  {self.line:>5} | {shown}\n  {'':>5}   {' ' * offset}^"
        if self.hint:
            text += f"\n  hint: {self.hint}"
        return text


def _window(excerpt: str, column: int, width: int = 66) -> tuple[str, int]:
    """Cut a long source line to `width` characters around `column`; give the caret's offset."""
    first = max(0, min(column - 1 - width // 2, len(excerpt) - width))
    return excerpt[first : first + width], max(0, column - 1 - first)


class SimulateError(Exception):
    """Base of all errors that this package raises on purpose."""

    exit_code = 1


class ScenarioError(SimulateError):
    """The scenario is not valid; `problems` lists all that was found."""

    exit_code = 3

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[Problem, ...]]:
        return type(self), self.problems


class ThresholdError(ScenarioError, ValueError):
    """A threshold is not among those of the scenario, or of all scenarios of a comparison."""


class FileError(SimulateError):
    """A file cannot be read or written."""

    exit_code = 4


class ClusterError(SimulateError):
    """A cluster cannot be reached or used, or the package that speaks to it is not installed."""

    exit_code = 5


class LimitError(SimulateError):
    """The request exceeds a stated limit; `at` is the key that sets it, if known."""

    exit_code = 5

    def __init__(self, message: str, *, at: str = "") -> None:
        super().__init__(message)
        self.at = at


class UpdateError(LimitError):
    """Fewer draws fit the reports than an update needs."""


class UnsupportedLevelError(SimulateError, ValueError):
    """The draws of this run are too few for the requested level."""

    exit_code = 5
