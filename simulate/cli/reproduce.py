"""`simulate reproduce`: run a result again and compare."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulate.cli import options
from simulate.cli.request import request_of

if TYPE_CHECKING:
    from simulate.analysis.request import Request
    from simulate.api.result import Result

DIFFERENT = 7
"""Exit code if the result could not be reproduced."""

_NO_CHANGES = ("draws", "seed", "method", "overrides", "by", "levels")
"""Options that a result, which is taken as it is, does not take."""


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


def is_result(file: str) -> bool:
    """Whether a command that takes scenarios and results takes this one for a result."""
    return file != "-" and (_is_folder(file) or file.lower().endswith(".json"))


def files_of(result: str) -> list[str | Path]:
    """The files that a result may consist of."""
    from simulate.report.data.run_files import RESULT, RUN

    folder = Path(result) if _is_folder(result) else Path(result).parent
    return [result, folder / RESULT, folder / RUN]


def claims_in(result: str) -> list[tuple[int, str]]:
    """The results of claims that a folder holds in place of one of its own, with their numbers."""
    from simulate.report.data.run_files import RESULT, claim_folders

    if os.path.exists(os.path.join(result, RESULT)):  # noqa: PTH110, PTH118  (as below)
        return []
    return [(int(one.name.split("-")[1]), str(one)) for one in claim_folders(Path(result))]


def _is_folder(file: str) -> bool:
    return os.path.isdir(file)  # noqa: PTH112  (unlike `Path.is_dir`, no error in a closed folder)


def repeated(request: Request, file: str, given: dict[str, Any], done: str) -> Result:
    """An earlier result, if it can be reproduced; else it is not `done`."""
    from simulate.api.reproduce import reproduce_as

    changes = (given.get(name) not in (None, ()) for name in _NO_CHANGES)
    if given.get("update") or any(changes):
        raise click.UsageError(
            f"a result is {done} as it is; options that change a run go with a scenario file"
        )
    found = reproduce_as(request, file)
    if not found.identical:
        click.echo(
            f"{found.name} could not be reproduced, so it is not {done}; "
            f"to see what differs: simulate reproduce {found.name}",
            err=True,
        )
        click.get_current_context().exit(DIFFERENT)
    return found.result
