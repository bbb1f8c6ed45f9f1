"""`simulate sweep`: one scenario over a grid of settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import show
from simulate.cli.request import request_of


@click.command()
@options.file
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE,VALUE",
    help="Values of one setting, split at commas outside brackets and quotes. Repeatable.",
)
@options.threshold
@options.sampling
@options.workers
@options.asking
@options.folder
@options.json
@options.quiet
@options.debug
def sweep(
    file: str,
    *,
    settings: tuple[str, ...],
    threshold: float | None,
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    out: str | None,
    pictures: tuple[str, ...],
    force: bool,
    **given: Any,
) -> None:
    """Run a scenario for every combination of values, on the same random numbers.

    \b
    Examples:
      simulate sweep configs/kursk-isw.yaml --set force.size=10000,11000,12000
      simulate sweep claim.yaml --set wounded.return_share=0,0.25,0.5,0.75 \\
        --set losses.start=2024-12-01,2024-12-06 --out results

    Each row is one combination: median, 90 % simulation interval, probabilities. A setting with a
    single value is the same in all. With --out, the folder receives index.html with the table and
    the picture, sweep.json, sweep.csv with all thresholds, and up to 60 combinations as a picture
    with its description.
    """
    from simulate.analysis.sweep import Asking
    from simulate.api.sweep import sweep_as
    from simulate.report.data.sweep import is_ours, sweep_files
    from simulate.report.folder import prepare_directory, write_bundle
    from simulate.report.text.sweep import MOST_DRAWN
    from simulate.scenario.variations import Grid

    grid = Grid.of(settings)
    if not grid.swept:
        raise click.UsageError(
            "there is nothing to sweep; give a setting several values, "
            "such as: --set force.size=10000,12000"
        )
    if out is not None:
        prepare_directory(out, is_ours, force=force)
    with request_of(**given) as request:
        result = sweep_as(request, file, grid, Asking(by, levels, threshold))
    show(result, **given)
    if out is not None:
        write_bundle(out, sweep_files(result.sweep, pictures), is_ours, force=force)
        if pictures and grid.n_cells > MOST_DRAWN:
            click.echo(
                f"no picture: more than {MOST_DRAWN} combinations are too many to read", err=True
            )
