"""`simulate compare`: scenarios side by side on common random numbers."""

from __future__ import annotations

from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import deliver, prepare
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
@click.option("-v", "--verbose", is_flag=True, help="Print all thresholds, and how to cite it.")
@options.debug
def compare(files: tuple[str, ...], **given: Any) -> None:
    """Compare up to 60 scenarios with the first: how dates shift, and which comes first.

    \b
    Examples:
      simulate compare configs/kursk-isw.yaml configs/kursk-nis.yaml
      simulate compare before.yaml after.yaml -n 1M --seed 7 --out results
      simulate compare configs/kursk-claims.yaml --set losses.pooling=each

    All run on the same random numbers, with the draws, seed and method of the first file, so that
    a shift owes less to chance than one between two seeds. Options hold for all files. The claims
    of a file with "pooling: each" are compared with each other. With
    --out, the folder receives index.html with tables and pictures, comparison.json,
    comparison.csv, and up to 26 histograms on one axis of dates as pictures, with their
    description.
    """
    from simulate.api.compare import ComparisonResult, compare_as
    from simulate.report.text.comparison import MOST_DRAWN

    loaded = [load_of(file, **given) for file in files]
    if sum(len(one.parts()) for one in loaded) < 2:
        raise click.UsageError(
            "a comparison takes two files or more, such as: simulate compare before.yaml "
            'after.yaml, or one with several claims and "pooling: each"'
        )
    prepare(ComparisonResult, loaded, **given)
    with request_of(**given) as request:
        answer = compare_as(request, loaded)
    deliver(answer, **given)
    if given["out"] and given["pictures"] != "none" and not answer.main_picture():
        click.echo(f"no picture: more than {MOST_DRAWN} scenarios are too many to read", err=True)
