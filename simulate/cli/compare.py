"""`simulate compare`: scenarios side by side on common random numbers."""

from __future__ import annotations

from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import show
from simulate.cli.request import load_of, request_of


@click.command()
@options.files
@options.sampling
@options.workers
@options.override
@options.asking
@options.folder
@options.json
@options.quiet
@options.debug
def compare(
    files: tuple[str, ...],
    *,
    out: str | None,
    pictures: tuple[str, ...],
    force: bool,
    **given: Any,
) -> None:
    """Compare scenarios with the first: how dates shift, and which comes first.

    \b
    Examples:
      simulate compare configs/kursk-isw.yaml configs/kursk-nis.yaml
      simulate compare before.yaml after.yaml -n 1M --seed 7 --out results

    All run on the same random numbers, with the draws, seed and method of the first file, so that
    a shift owes less to chance than one between two seeds. Options hold for all files. With
    --out, the folder receives index.html with tables and pictures, comparison.json,
    comparison.csv, and all histograms on one axis of dates as pictures, with their description.
    """
    if len(files) < 2:
        raise click.UsageError(
            "a comparison takes two files or more, such as: simulate compare before.yaml after.yaml"
        )
    from simulate.api.compare import compare_as
    from simulate.report.data.comparison import comparison_files, is_ours
    from simulate.report.folder import prepare_directory, write_bundle

    loaded = [load_of(file, **given) for file in files]
    if out is not None:
        prepare_directory(out, is_ours, force=force)
    with request_of(**given) as request:
        result = compare_as(request, loaded)
    show(result, **given)
    if out is not None:
        write_bundle(out, comparison_files(result.comparison, pictures), is_ours, force=force)
