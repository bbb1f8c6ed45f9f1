"""`simulate run`: the main job."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from simulate.cli.options import (
    asking_options,
    debug_option,
    files_argument,
    json_option,
    override_option,
    sampling_options,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Percentile dates, intervals and a sentence to cite.")
@files_argument
@sampling_options
@override_option
@asking_options
@click.option(
    "--strength", is_flag=True, help="Show strength and losses by date too, with their spread."
)
@click.option("--out", type=click.Path(), metavar="DIR", help="Write result files to this folder.")
@click.option(
    "--picture",
    "pictures",
    type=click.Choice(["svg", "png", "pdf"]),
    multiple=True,
    default=("svg", "png"),
    help="Picture formats for --out, svg and png by default. Repeatable.",
)
@click.option("--force", is_flag=True, help="Let --out replace files of an earlier run.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Print the result line only.")
@click.option("-v", "--verbose", is_flag=True, help="Print all thresholds in full.")
@debug_option
def run(
    files: tuple[str, ...],
    *,
    draws: int | None,
    seed: int | None,
    method: str | None,
    workers: int | None,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    strength: bool,
    out: str | None,
    pictures: tuple[str, ...],
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Sample scenarios and print when the force would be used up.

    \b
    Examples:
      simulate run configs/kursk-isw.yaml
      simulate run configs/kursk-isw.yaml -n 1M --seed 7 --by 2025-03-01 --out results

    With --out, the folder receives result.json, quantiles.csv, intervals.csv, histogram.csv,
    histogram pictures with their descriptions, and run.json with all that repeats the run; with
    --strength also strength.csv and its pictures, for counts published later observed.csv. With
    several files, one folder for each below it.
    """
    from simulate import api
    from simulate.report.progress import progress_bar

    folders = _folders(out, files)
    if folders:
        from simulate.report.files import prepare_directory, write_output

        for folder in folders:
            prepare_directory(folder, force=force)
    loaded = [api.load(file, overrides).asking(by=by, levels=levels) for file in files]
    results = []
    for scenario in loaded:
        with progress_bar() as progress:
            result = api.run(
                scenario,
                draws=draws,
                seed=seed,
                method=method,
                workers=workers,
                progress=progress,
                strength=strength,
            )
        results.append(result)
    for result, folder in zip(results, folders, strict=False):
        write_output(
            result.summary, folder, run_json=result.record(), force=force, formats=pictures
        )
    if as_json:
        from simulate.report.json_document import dumps

        texts = [dumps(result.summary) for result in results]
        click.echo(texts[0] if len(texts) == 1 else f"[\n{','.join(texts)}]\n", nl=False)
        return
    from simulate.report.terminal import print_headline, print_summary

    for result in results:
        if quiet:
            print_headline(result.summary)
        else:
            print_summary(result.summary, verbose=verbose)


def _folders(out: str | None, files: tuple[str, ...]) -> list[Path]:
    from pathlib import Path

    if out is None:
        return []
    if len(files) == 1:
        return [Path(out)]
    stems = [Path(file).stem for file in files]
    if len(set(stems)) < len(stems):
        raise click.UsageError("--out needs files of different names")
    return [Path(out) / stem for stem in stems]
