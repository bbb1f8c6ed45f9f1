"""`simulate compare`: scenarios side by side on common random numbers."""

from __future__ import annotations

import datetime as dt

import click

from simulate.cli.options import (
    asking_options,
    debug_option,
    files_argument,
    folder_options,
    json_option,
    override_option,
    quiet_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import tell_warnings


@click.command()
@files_argument
@sampling_options
@workers_options
@override_option
@asking_options
@folder_options
@json_option
@quiet_option
@debug_option
def compare(
    files: tuple[str, ...],
    *,
    draws: int | None,
    seed: int | None,
    method: str | None,
    workers: int | None,
    dask: str | None,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    out: str | None,
    pictures: tuple[str, ...],
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare scenarios with the first: how dates shift, and which comes first.

    \b
    Examples:
      simulate compare configs/kursk-isw.yaml configs/kursk-nis.yaml
      simulate compare before.yaml after.yaml -n 1M --seed 7 --out results

    All run on the same random numbers, with the draws, seed and method of the first file, so that
    a shift owes less to chance than that between two seeds. Options hold for all files. With
    --out, the folder receives index.html with tables and pictures, comparison.json,
    comparison.csv, and all histograms on one axis of dates as pictures, with their description.
    """
    if len(files) < 2:
        raise click.UsageError(
            "a comparison takes two files or more, such as: simulate compare before.yaml after.yaml"
        )
    import simulate
    from simulate.cli.progress import progress_bar
    from simulate.cli.workers import open_workers

    loaded = [simulate.load(file, overrides).asking(by=by, levels=levels) for file in files]
    if out is not None:
        from simulate.report.data.comparison import comparison_files, is_ours
        from simulate.report.folder import prepare_directory, write_bundle

        prepare_directory(out, is_ours, force=force)
    with open_workers(workers, dask) as at_work, progress_bar() as progress:
        result = simulate.compare(
            loaded,
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
        from simulate.report.pages.comparison import comparison_page, warning_lines
        from simulate.report.render.terminal import print_document, print_lines

        if quiet:
            from simulate.report.text.comparison import headlines

            tell_warnings(warning_lines(result.comparison))
            print_lines(headlines(result.comparison))
        else:
            print_document(comparison_page(result.comparison))
    if out is not None:
        write_bundle(out, comparison_files(result.comparison, pictures), is_ours, force=force)
