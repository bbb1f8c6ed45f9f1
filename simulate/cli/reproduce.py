"""`simulate reproduce`: run a result again and compare."""

from __future__ import annotations

from typing import Any

import click

from simulate.cli import options
from simulate.cli.request import request_of

DIFFERENT = 7
"""Exit code if the result could not be reproduced."""


@click.command()
@click.argument("result", type=options.PATH)
@click.option(
    "--scenario",
    type=options.PATH,
    metavar="FILE",
    help="The scenario, for a result without run.json, such as the output of run --json.",
)
@options.workers
@options.debug
def reproduce(result: str, *, scenario: str | None, **given: Any) -> None:
    """Repeat a run from its result, and show what differs.

    \b
    Example:
      simulate run configs/kursk-isw.yaml --out results
      simulate reproduce results

    RESULT is a folder that `run --out` wrote, result.json or run.json in it, or a file with the
    output of `run --json`. The scenario is taken from run.json.

    Exit code 0 if every value is the same, whatever the versions of the programs; 7 if one differs.
    """
    from simulate.api.reproduce import reproduce_as

    with request_of(**given) as request:
        found = reproduce_as(request, result, scenario)
    click.echo(found.words())
    if not found.identical:
        click.get_current_context().exit(DIFFERENT)
