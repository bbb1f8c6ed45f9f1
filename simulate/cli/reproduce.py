"""`simulate reproduce`: run a result again and compare."""

from __future__ import annotations

import click

from simulate.cli.options import PATH, debug_option, workers_options

DIFFERENT = 7
"""Exit code where the result does not come out again."""


@click.command()
@click.argument("result", type=PATH)
@click.option(
    "--scenario",
    type=PATH,
    metavar="FILE",
    help="The scenario, for a result without run.json, such as the output of run --json.",
)
@workers_options
@debug_option
def reproduce(result: str, *, scenario: str | None, workers: int | None, dask: str | None) -> None:
    """Run again what a result says was run, and show what differs.

    \b
    Example:
      simulate run configs/kursk-isw.yaml --out results
      simulate reproduce results

    RESULT is a folder that `run --out` wrote, result.json or run.json in it, or a file with the
    output of `run --json`. The scenario is taken from run.json.

    Exit code 0 where every value is the same, whatever the versions of the programs; 7 where one
    is not.
    """
    from simulate.api.reproduce import reproduce as repeated
    from simulate.cli.progress import progress_bar
    from simulate.cli.workers import open_workers
    from simulate.report.text.reproduction import different_words, same_words

    with open_workers(workers, dask) as at_work, progress_bar() as progress:
        found = repeated(
            result,
            scenario,
            workers=at_work.workers,
            executor=at_work.executor,
            progress=progress,
        )
    if found.identical:
        click.echo(same_words(found.name, found.comparison, found.versions))
        return
    click.echo(different_words(found.name, found.comparison, found.reasons))
    click.get_current_context().exit(DIFFERENT)
