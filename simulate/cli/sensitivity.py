"""`simulate sensitivity`: which input moves the date."""

from __future__ import annotations

import click

from simulate.cli.options import (
    PATH,
    debug_option,
    file_argument,
    json_option,
    override_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import tell_warnings


@click.command()
@file_argument
@sampling_options
@workers_options
@override_option
@click.option("--out", type=PATH, metavar="DIR", help="Write result files to this folder.")
@click.option("--force", is_flag=True, help="Let --out replace files of an earlier analysis.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Print the result line only.")
@click.option("-v", "--verbose", is_flag=True, help="Print all thresholds, and all inputs.")
@debug_option
def sensitivity(
    file: str,
    *,
    draws: int | None,
    seed: int | None,
    method: str | None,
    workers: int | None,
    dask: str | None,
    overrides: tuple[str, ...],
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Show which input moves the date most, and so which claim to check first.

    \b
    Examples:
      simulate sensitivity configs/kursk-isw.yaml
      simulate sensitivity configs/kursk-isw.yaml -n 1M --out results

    For each input: its share of the variance of the date's rank, its rank correlation with the
    date, the median date when it is low or high, and its source; then the value of each single
    input that would make a published date the median. With --out, the folder receives
    index.html with tables and pictures, sensitivity.json, sensitivity.csv, and the picture
    tornado.svg and .png with its description.

    All draws are worked out once for each input. A scenario that is walked by days takes 16,384 of
    them unless -n says otherwise.
    """
    import simulate
    from simulate.api.sensitivity import sensitivity as analysed
    from simulate.cli.progress import progress_bar
    from simulate.cli.workers import open_workers

    loaded = simulate.load(file, overrides)
    if out is not None:
        from simulate.report.data.sensitivity import is_ours, sensitivity_files
        from simulate.report.folder import prepare_directory, write_bundle

        prepare_directory(out, is_ours, force=force)
    with open_workers(workers, dask) as at_work, progress_bar() as progress:
        found = analysed(
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

        click.echo(dumps(found.to_dict()), nl=False)
    else:
        from simulate.report.render.terminal import print_document, print_lines

        if quiet:
            from simulate.report.text.sensitivity import headline

            tell_warnings(found.report.summary.warnings)
            print_lines([headline(found.report)])
        else:
            from simulate.report.pages.sensitivity import sensitivity_page

            print_document(sensitivity_page(found.report, verbose=verbose))
    if out is not None:
        write_bundle(out, sensitivity_files(found.report), is_ours, force=force)
