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
    output_options,
    override_option,
    quiet_option,
    sampling_options,
    workforce_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from simulate.analysis.summary import Summary


@click.command()
@files_argument
@sampling_options
@workforce_options
@override_option
@asking_options
@click.option(
    "--strength", is_flag=True, help="Show strength and losses by date too, with their spread."
)
@output_options
@json_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Print all thresholds in full.")
@debug_option
def run(
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
    --strength also strength.csv and its pictures, for counts published later observed.csv, where
    the losses are a ledger of claims claims.csv and leave_one_out.csv. With several files there is
    one folder for each below it, with "pooling: each" one for each claim.
    """
    from simulate import api
    from simulate.cli.workforce import workforce
    from simulate.report.progress import progress_bar

    above = _folders(out, files)
    loaded = [api.load(file, overrides).asking(by=by, levels=levels) for file in files]
    parts = [one.parts() for one in loaded]
    folders = [
        folder / f"claim-{number}" if number else folder
        for folder, several in zip(above, parts, strict=False)
        for number, _ in several
    ]
    if folders:
        from simulate.report.files import prepare_directory, write_output

        for folder in folders:
            prepare_directory(folder, force=force)
    results = []
    with workforce(workers, dask) as at_work:
        for scenario in (part for several in parts for _, part in several):
            with progress_bar() as progress:
                result = api.run(
                    scenario,
                    draws=draws,
                    seed=seed,
                    method=method,
                    workers=at_work.workers,
                    executor=at_work.executor,
                    progress=progress,
                    strength=strength,
                )
            results.append(result)
    for result, folder in zip(results, folders, strict=False):
        write_output(
            result.summary, folder, run_json=result.record(), force=force, formats=pictures
        )
    if as_json:
        alone = len(loaded) == 1 and not loaded[0].scenario.losses.is_each
        _print_json([result.summary for result in results], alone=alone)
        return
    following = iter(results)
    for one, several in zip(loaded, parts, strict=True):
        numbered = [(number, next(following).summary) for number, _ in several]
        _print(one.scenario.title, numbered, quiet=quiet, verbose=verbose)


def _print_json(summaries: list[Summary], *, alone: bool) -> None:
    from simulate.report.json_document import dumps

    texts = [dumps(summary) for summary in summaries]
    click.echo(texts[0] if alone else f"[\n{','.join(texts)}]\n", nl=False)


def _print(title: str, numbered: list[tuple[int, Summary]], *, quiet: bool, verbose: bool) -> None:
    """Print a result, or those of a scenario's claims, which have numbers above 0."""
    from simulate.report.terminal import print_headline, print_summary

    by_claim = numbered[0][0] > 0
    if by_claim and not quiet:
        from simulate.report.ledger_tables import print_side_by_side

        print_side_by_side(numbered, title=title)
    for number, summary in numbered:
        if quiet:
            print_headline(summary, name=f"claim {number}" if by_claim else "")
        elif verbose or not by_claim:
            print_summary(summary, verbose=verbose)


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
