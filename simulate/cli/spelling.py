"""How the shell spells the arguments that messages name."""

from __future__ import annotations

import json
import re
import shlex

import click

from simulate.errors import Argument, SimulateError


def shell_text(error: SimulateError) -> str:
    """The message of an error, its arguments as options."""
    return error.message.spelled(_option)


def folded(text: str, hanging: str = "  ") -> str:
    """A text in lines of 80 columns, of which those that were folded are indented by `hanging`."""

    def fold(line: str) -> str:
        indent = line[: len(line) - len(line.lstrip())]
        choice = re.match(r"  \S+ {2,}", line)  # its text is a column
        below = " " * len(choice[0]) if choice else f"{indent}{hanging}"
        return click.wrap_text(line.strip(), 80, indent, below)

    return "\n".join(map(fold, text.split("\n")))


_COMMANDS = {"simulate.run_each": "`simulate run`"}
"""The commands of functions."""


def _option(argument: Argument) -> str:
    name, value = argument
    option = _COMMANDS.get(name, f"--{name.replace('_', '-')}")
    if value is ... or value is True:
        return option
    if isinstance(value, dict):  # settings; JSON is YAML
        pairs = ((k, v if isinstance(v, str) else json.dumps(v)) for k, v in value.items())
        return " ".join(f"{option} {shlex.quote(f'{key}={text}')}" for key, text in pairs)
    # A setting in text is shown as it was typed.
    return f"{option} {value if name == 'set' else shlex.quote(str(value))}"
