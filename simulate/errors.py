"""Everything that can go wrong on purpose: one base error and its few children.

Each error knows the exit code of the shell command that it ends. Its message speaks Python; the
shell spells the arguments in it as options.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from typing import NamedTuple, Self


class Argument(NamedTuple):
    """An argument of a Python function, which is an option of a command; with its value, if any.

    A setting given as text, such as "force.size=12000", is written as it is. The name can also be
    that of a function, such as `simulate.run_each`.
    """

    name: str
    value: object = ...

    def __str__(self) -> str:
        if self.value is ...:
            return self.name
        if self.name == "set" and isinstance(self.value, str):
            return self.value
        return f"{self.name}={self.value!r}"


class Message(str):
    """A text with arguments in it.

    Examples
    --------
    >>> message = Message("choose another name, or give ", Argument("force", value=True))
    >>> message
    'choose another name, or give force=True'
    >>> message.spelled(lambda argument: f"--{argument.name}")
    'choose another name, or give --force'
    """

    __slots__ = ("parts",)
    parts: tuple[str | Argument, ...]

    def __new__(cls, *parts: str | Argument) -> Self:
        """The text of the parts, one after the other."""
        flat: list[str | Argument] = []
        for part in parts:
            flat += part.parts if isinstance(part, Message) else (part,)
        message = super().__new__(cls, "".join(map(str, flat)))
        message.parts = tuple(flat)
        return message

    def __reduce__(self) -> tuple[type[Message], tuple[str | Argument, ...]]:
        return type(self), self.parts

    def spelled(self, spelling: Callable[[Argument], str]) -> str:
        """The text with another spelling of arguments."""
        texts = (spelling(part) if isinstance(part, Argument) else part for part in self.parts)
        return "".join(texts)


def lines(messages: Iterable[str]) -> Message:
    """Messages below each other."""
    parts = [part for message in messages for part in ("\n", message)]
    return Message(*parts[1:])


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
        return str(self.text)

    @property
    def text(self) -> Message:
        """All of it, in a few lines."""
        place = "".join(f":{number}" for number in (self.line, self.column) if number)
        joint = ": " if self.file or place else ""
        parts = [self.file, place if self.file else place.removeprefix(":"), joint, self.message]
        if self.excerpt:
            shown, offset = _window(self.excerpt, self.column)
            parts.append(f"\n  {self.line:>5} | {shown}\n  {'':>5}   {' ' * offset}^")
        if self.hint:
            parts += ["\n  hint: ", self.hint]
        return Message(*parts)


def _window(excerpt: str, column: int) -> tuple[str, int]:
    """Cut a source line to the width of the terminal around `column`; give the caret's offset."""
    width = max(66, shutil.get_terminal_size((80, 24)).columns - 11)  # beside the line's number
    first = max(0, min(column - 1 - width // 2, len(excerpt) - width))
    return excerpt[first : first + width], max(0, column - 1 - first)


class SimulateError(Exception):
    """Base of all errors that this package raises on purpose."""

    exit_code = 1

    @property
    def message(self) -> Message:
        """What is wrong, and a way out."""
        return Message(*self.args[:1])


class ScenarioError(SimulateError):
    """The scenario is not valid; `problems` lists all that was found."""

    exit_code = 3

    def __init__(self, *problems: Problem) -> None:
        super().__init__(lines(problem.text for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[Problem, ...]]:
        return type(self), self.problems


class ThresholdError(ScenarioError, ValueError):
    """A threshold is not among those of the scenario, or of all scenarios of a comparison."""


class KindError(ScenarioError, TypeError):
    """A value from Python is of a kind that no scenario has."""


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


class MissingLettersWarning(UserWarning):
    """A picture has letters that no installed font has."""
