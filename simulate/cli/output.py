"""Where answers go: terminal, standard output or a file, and the exit code."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from simulate.api.answer import Answer
    from simulate.api.result import Result

WEAKER = 6
"""Exit code of a run that is done, but less precise than requested."""


def show(
    answer: Answer, *, as_json: bool, quiet: bool, verbose: bool = False, **_others: Any
) -> None:
    """Print an answer: as JSON, as its result line, or in full."""
    from simulate.report.data.json_document import dumps
    from simulate.report.render.terminal import print_document, print_lines

    if as_json:
        click.echo(dumps(answer.to_dict()), nl=False)
    elif quiet:
        warn(answer.warnings)
        print_lines(answer.headlines())
    else:
        print_document(answer.page(verbose=verbose))


def warn(warnings: Iterable[str], name: str = "") -> None:
    """Print each warning once on standard error, after a name where there is one."""
    from simulate.report.text.wording import visible

    for warning in dict.fromkeys(warnings):
        click.echo(visible(f"{name}{': ' if name else ''}warning: {warning}"), err=True)


def check_apart(files: Iterable[str | Path], target: str) -> None:
    """Refuse an output file that the command also reads."""
    if os.path.realpath(target) in map(os.path.realpath, files):
        raise click.UsageError(f"{target} is read by this command; choose another name to write to")


def leave_unless_precise(results: Iterable[Result], *, said: bool = False) -> None:
    """Leave with exit code 6 if a result misses its precision; say so, unless already `said`."""
    from simulate.report.text.precision import precision_phrase
    from simulate.report.text.wording import visible

    summaries = [result.summary for result in results]
    weaker = [one for one in summaries if one.run.precision and not one.run.precision.reached]
    for summary in () if said else weaker:
        click.echo(visible(precision_phrase(summary)), err=True)
    if weaker:
        click.get_current_context().exit(WEAKER)
