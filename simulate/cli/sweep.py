"""`simulate sweep`: one scenario over a grid of settings."""

from __future__ import annotations

import datetime as dt

import click

from simulate.cli.options import (
    Share,
    asking_options,
    debug_option,
    file_argument,
    folder_options,
    json_option,
    quiet_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import tell_warnings


@click.command()
@file_argument
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE,VALUE",
    help="Values of one setting, split at commas outside brackets and quotes. Repeatable.",
)
@click.option(
    "--threshold",
    type=Share("share", whole=True),
    help="Share of the force to show; the scenario's largest by default.",
)
@sampling_options
@workers_options
@asking_options
@folder_options
@json_option
@quiet_option
@debug_option
def sweep(
    file: str,
    *,
    settings: tuple[str, ...],
    threshold: float | None,
    draws: int | None,
    seed: int | None,
    method: str | None,
    workers: int | None,
    dask: str | None,
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    out: str | None,
    pictures: tuple[str, ...],
    force: bool,
    as_json: bool,
    quiet: bool,
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
    import simulate
    from simulate.cli.progress import progress_bar
    from simulate.cli.workers import open_workers
    from simulate.scenario.variations import Grid

    if not Grid.of(settings).swept:
        raise click.UsageError(
            "there is nothing to sweep; give a setting several values, "
            "such as: --set force.size=10000,12000"
        )
    if out is not None:
        from simulate.report.data.sweep import is_ours, sweep_files
        from simulate.report.folder import prepare_directory, write_bundle

        prepare_directory(out, is_ours, force=force)
    with open_workers(workers, dask) as at_work, progress_bar() as progress:
        result = simulate.sweep(
            file,
            settings,
            threshold=threshold,
            by=by,
            levels=levels,
            draws=draws,
            seed=seed,
            method=method,
            workers=at_work.workers,
            executor=at_work.executor,
            progress=progress,
        )
    if as_json:
        from simulate.report.data.json_document import dumps

        click.echo(dumps(result.to_dict()), nl=False)
    else:
        from simulate.report.render.terminal import print_document, print_lines

        if quiet:
            from simulate.report.text.sweep import headline, warnings

            tell_warnings(warnings(result.sweep))
            print_lines([headline(result.sweep)])
        else:
            from simulate.report.pages.sweep import sweep_page

            print_document(sweep_page(result.sweep))
    if out is not None:
        write_bundle(out, sweep_files(result.sweep, pictures), is_ours, force=force)
        from simulate.report.text.sweep import MOST_DRAWN

        if pictures and len(result.sweep.cells) > MOST_DRAWN:
            click.echo(f"no picture: more than {MOST_DRAWN} combinations cannot be read", err=True)
