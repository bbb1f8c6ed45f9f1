"""`simulate sweep`: one scenario over a grid of settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import deliver, prepare
from simulate.cli.request import request_of


@click.command()
@options.file
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE,VALUE",
    help="Values of one setting, split at commas outside brackets and quotes; 1400:1600:5 is five "
    "of them from 1400 to 1600. Repeatable.",
)
@options.threshold
@options.sampling
@options.workers
@options.asking
@options.folder
@options.json
@options.quiet
@click.option("-v", "--verbose", is_flag=True, help="Print how to cite it.")
@options.debug
def sweep(
    file: str,
    *,
    settings: tuple[str, ...],
    threshold: float | None,
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    **given: Any,
) -> None:
    """Run a scenario for every combination of values, on the same random numbers.

    \b
    Examples:
      simulate sweep configs/kursk-isw.yaml --set force.size=10000,11000,12000
      simulate sweep claim.yaml --set wounded.return_share=0,0.25,0.5,0.75 \\
        --set losses.start=2024-12-01,2024-12-06 --out results

    Each row is one combination: median, 90 % simulation interval, probabilities. A setting with a
    single value is the same in all. Where later reports update the scenario, each row is updated on
    them. With --out, the folder receives index.html with the table and
    the picture, sweep.json, sweep.csv with all thresholds, and up to 60 combinations as a picture
    with its description.
    """
    from simulate.analysis.sweep import combinations, sweep_over
    from simulate.api.sweep import SweepResult
    from simulate.report.text.sweep import MOST_DRAWN
    from simulate.scenario.loader import read
    from simulate.scenario.variations import Grid

    grid = Grid.of(settings)
    if not grid.swept:
        raise click.UsageError(
            "there is nothing to sweep; give a setting several values, "
            "such as: --set force.size=10000,12000"
        )
    with request_of(**given) as request:
        cells = combinations(read(file), grid, request, by=by, levels=levels)
        prepare(SweepResult, (loaded for _, loaded, _ in cells), **given)
        answer = SweepResult(sweep_over(grid, cells, request, threshold))
    deliver(answer, **given)
    if given["out"] and given["pictures"] != "none" and grid.n_cells > MOST_DRAWN:
        click.echo(
            f"no picture: more than {MOST_DRAWN} combinations are too many to read", err=True
        )
