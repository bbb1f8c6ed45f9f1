"""`simulate check`: all that is wrong with a scenario."""

from __future__ import annotations

import click

from simulate.cli.options import debug_option, files_argument, override_option
from simulate.cli.output import tell_warnings


@click.command()
@files_argument
@override_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing for valid files.")
@debug_option
def check(files: tuple[str, ...], *, overrides: tuple[str, ...], quiet: bool) -> None:
    """List all that is wrong with scenario files, each with its place and a way out.

    \b
    Example:
      simulate check configs/*.yaml

    Exit code 0 where all files are valid, 3 where one is not.
    """
    import simulate
    from simulate.errors import Problem, ScenarioError
    from simulate.report.text.wording import inert
    from simulate.scenario.warnings import possible_warnings

    problems: list[Problem] = []
    for file in files:
        try:
            loaded = simulate.load(file, overrides)
        except ScenarioError as error:
            problems.extend(error.problems)
            continue
        tell_warnings(possible_warnings(loaded.scenario), file)
        if not quiet:
            n, claims = len(loaded.scenario.uncertain), len(loaded.scenario.losses.claims)
            told = f"{claims} claim{'' if claims == 1 else 's'}, " if claims else ""
            click.echo(
                f"{inert(file)}: valid, {told}{n} uncertain input{'' if n == 1 else 's'}, "
                f"digest {loaded.digest[:12]}"
            )
    if problems:
        raise ScenarioError(*problems)
