"""`simulate check`: everything that is wrong with a scenario."""

from __future__ import annotations

from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import warn
from simulate.cli.request import load_of
from simulate.errors import FileError, Problem, ScenarioError


@click.command()
@options.files
@options.override
@click.option("-q", "--quiet", is_flag=True, help="Print nothing for valid files.")
@options.debug
def check(files: tuple[str, ...], *, quiet: bool, **given: Any) -> None:
    """List everything that is wrong with scenario files, each with its place and a way out.

    \b
    Example:
      simulate check configs/*.yaml

    Exit code 0 if all files are valid, 3 if one is not, 4 if one cannot be read.
    """
    from simulate.report.pages.inputs import check_page
    from simulate.report.render.terminal import print_document
    from simulate.scenario.warnings import possible_warnings

    problems: list[Problem] = []
    unread: list[Problem] = []
    for file in files:
        try:
            loaded = load_of(file, **given)
        except ScenarioError as error:
            problems.extend(error.problems)
            continue
        except FileError as error:
            unread.append(Problem(error.message))
            continue
        warnings = possible_warnings(loaded.scenario)
        if quiet:
            warn(warnings, file)
        else:
            print_document(check_page(file, loaded, warnings))
    if problems:
        raise ScenarioError(*problems, *unread)
    if unread:
        raise FileError("\n".join(map(str, unread)))
