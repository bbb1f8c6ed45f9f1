"""`simulate sensitivity`: which input moves the date."""

from __future__ import annotations

from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import prepare, show, show_list, write
from simulate.cli.request import load_of, request_of


@click.command()
@options.file
@options.sampling
@options.workers
@options.override
@options.out
@options.json
@options.quiet
@click.option("-v", "--verbose", is_flag=True, help="Print all thresholds, and all inputs.")
@options.debug
def sensitivity(file: str, **given: Any) -> None:
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

    The claims of "pooling: each" are analysed one after the other, with a folder for each.

    Of a scenario updated on later reports it shows the updated dates, and each input before and
    after the reports.

    All draws are computed once for each input. A scenario with rotation, drift or returns takes
    16,384 of them unless -n says otherwise.
    """
    from simulate.api.sensitivity import Sensitivity, sensitivity_as

    loaded, out = load_of(file, **given), given.pop("out")
    parts, is_each = loaded.parts(), loaded.scenario.losses.is_each
    folders = [f"{out}/claim-{n}" if out and n else out for n, _ in parts]
    for folder in folders:
        prepare(Sensitivity, [loaded], out=folder, **given)
    with request_of(names=[f"claim {n}" for n, _ in parts] if is_each else (), **given) as request:
        answers = [
            sensitivity_as(request.part(k, len(parts)), part) for k, (_, part) in enumerate(parts)
        ]
    if is_each and given["as_json"]:
        show_list(answers)
    for k, ((n, _), folder, answer) in enumerate(zip(parts, folders, answers, strict=True)):
        if not (is_each and given["as_json"]):
            if k and not given["quiet"]:
                click.echo()
            show(answer, name=f"claim {n}" if n and given["quiet"] else "", **given)
        if folder is not None:
            write(folder, answer.files(), answer.writes, **given)
