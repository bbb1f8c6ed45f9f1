"""The shell command. Thin: parse, call, print, exit code.

Only click is imported here; a command is imported when it is called, and imports what it needs
when it runs, so that `--help` stays quick.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import NoReturn, TextIO

import click

from simulate._version import __version__
from simulate.cli.signals import stoppable
from simulate.cli.streams import outlived_streams
from simulate.errors import FileError, MissingLettersWarning, SimulateError

_NARROWEST_HELP, _WIDEST_HELP = 50, 100

COMMANDS = {
    "run": "Percentile dates, intervals and a sentence to cite.",
    "report": "One file with the answer and all that it rests on: HTML or Markdown.",
    "sensitivity": "Which input moves the date most; what a published date would take.",
    "cite": "Sentence, note and reference, also as LaTeX, Quarto or BibTeX.",
    "plot": "A picture for the web, for print or for social media.",
    "compare": "Scenarios side by side: how dates shift, which comes first.",
    "sweep": "A scenario for every combination of some values, as a table.",
    "backtest": "How intervals made from a series of counts have fared in the past.",
    "reproduce": "Run a result again and show what differs.",
    "score": "How good a forecast was, now that its outcome is known; a register of forecasts.",
    "check": "Validate scenario files; nothing is sampled.",
    "describe": "Each input: distribution, mean, percentiles, picture, source.",
    "init": "A commented starter scenario.",
    "schema": "JSON Schema of scenario files, for editors.",
}
"""Each command, a module of the same name, with its line in the help."""


class _Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = getattr(import_module(f"simulate.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"No such command {name!r}. {_meant(name)}".rstrip(), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _meant(name: str) -> str:
    """A hint for a name that is no command."""
    from difflib import get_close_matches

    if name.endswith((".yaml", ".yml")):
        return f"To run a scenario file: simulate run {name}"
    close = get_close_matches(name, COMMANDS, n=1)
    return f"Did you mean {close[0]}?" if close else ""


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 internal error, 2 command line, 3 scenario not valid, 4 file or "
    "disk, 5 beyond a stated limit or no Dask cluster, 6 done but less precise than requested, "
    "7 not reproduced, 130 interrupted, 143 terminated, 129 terminal closed.",
)
@click.version_option(__version__, prog_name="simulate")
def cli() -> None:
    """Turn a published loss claim into a distribution of depletion dates.

    \b
    Example:
      simulate run configs/kursk-isw.yaml

    A scenario file states what is uncertain: the loss count, the day it counts up to, the day the
    losses began, the size of the force. The answer is the range of dates on which the force would
    be gone at that rate: a simulation interval (what write-ups loosely call a confidence
    interval), given the scenario's assumptions.
    """


def main() -> NoReturn:
    """Run the command line and exit with its code, even if a stream breaks."""
    with outlived_streams() as answer:
        if "_SIMULATE_COMPLETE" in os.environ:  # a shell asks for completions
            cli.main(prog_name="simulate")
        # Searching all installed packages for pydantic plugins takes longer than reading a file.
        # Pictures only go to files, whatever window system the environment names.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        os.environ["MPLBACKEND"] = "agg"
        # Matrices here are small: a pool of threads costs more to start than it saves.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # glibc returns memory to the system as soon as 256 kB at its end are free, and each block
        # of draws would fetch it again. Freeing 8 MB once raises this limit (see mallopt(3)).
        bytes(1 << 23)
        warnings.showwarning = _show_warning
        code = _code(debug="--debug" in sys.argv)
        if answer.complaint:
            click.echo(f"cannot write the answer: {answer.complaint}", err=True)
            code = code or FileError.exit_code
    sys.exit(code)


def _show_warning(  # noqa: PLR0917  (as `warnings` calls it)
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as commands write it; where it comes from only if it is not ours."""
    if issubclass(category, MissingLettersWarning):
        click.echo(f"warning: {message}", err=True)
    else:
        words = warnings.formatwarning(message, category, filename, lineno, line)
        click.echo(words, file=file, err=True, nl=False)


def _code(*, debug: bool) -> int:
    """Run the command line; the exit code, with a message on standard error for a failure."""
    try:
        with stoppable():
            return _invoke()
    except SimulateError as error:
        from simulate.cli.spelling import folded, shell_text

        text = shell_text(error)
        is_dialogue = "--interactive" in sys.argv
        return _failed(folded(text) if is_dialogue else text, error.exit_code, debug=debug)
    except MemoryError as error:
        message = "not enough memory; fewer draws (-n) or thresholds need less"
        return _failed(f"{message} ({error})" if str(error) else message, 5, debug=debug)
    except OSError as error:
        return _failed(f"cannot continue: {error}", FileError.exit_code, debug=debug)
    except Exception as error:  # noqa: BLE001  (the one place that turns a fault into a message)
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        message = f"internal error ({what}); run with --debug to see where"
        return _failed(message, 1, debug=debug)


def _invoke() -> int:
    """Parse and call; `cli.main` would turn a broken pipe into exit code 1."""
    try:
        with cli.make_context("simulate", sys.argv[1:], terminal_width=_help_width()) as context:
            cli.invoke(context)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return 0


def _help_width() -> int:
    """Width of help texts; click would import `shutil` to find it."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns
    except (OSError, ValueError):
        columns = 80
    return max(min(columns, _WIDEST_HELP) - 2, _NARROWEST_HELP)


def _failed(message: str, code: int, *, debug: bool) -> int:
    if debug:
        raise  # noqa: PLE0704  (called from an except clause)
    from simulate.report.text.wording import visible

    click.echo(visible(message), err=True)
    return code
