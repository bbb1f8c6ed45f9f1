"""`simulate run`: the main job."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from simulate.cli.options import (
    PATH,
    asking_options,
    debug_option,
    files_argument,
    override_option,
    precision_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import Output, output_options

if TYPE_CHECKING:
    from simulate.scenario.loader import LoadedScenario


@click.command()
@files_argument
@sampling_options
@precision_option
@workers_options
@override_option
@asking_options
@click.option(
    "--strength", is_flag=True, help="Show strength and losses by date too, with their spread."
)
@output_options
@click.option(
    "--save-draws",
    type=PATH,
    metavar="FILE",
    help="Save inputs and outcomes of each draw: .csv, .npz or .parquet.",
)
@debug_option
def run(
    files: tuple[str, ...],
    *,
    draws: int | None,
    seed: int | None,
    method: str | None,
    precision: float | None,
    workers: int | None,
    dask: str | None,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    strength: bool,
    save_draws: str | None,
    **outputs: Any,
) -> None:
    """Sample scenarios and print when the force would be used up.

    \b
    Examples:
      simulate run configs/kursk-isw.yaml
      simulate run configs/kursk-isw.yaml -n 1M --seed 7 --by 2025-03-01 --out results

    With --out, the folder receives result.json, quantiles.csv, intervals.csv (for chart tools),
    histogram.csv, hubverse.csv (for forecast hubs), table.csv (for spreadsheets), histogram
    pictures with their descriptions, for the largest threshold also the pictures cdf and dotplot
    (see `simulate plot`), and run.json with all that repeats the run; with
    --strength also strength.csv and its pictures, for counts published later observed.csv, where
    the losses are several claims claims.csv and leave_one_out.csv. With several files there is
    one folder for each below it, with "pooling: each" one for each claim.
    """
    import simulate
    from simulate.cli.progress import progress_bar
    from simulate.cli.workers import open_workers

    output = Output(**outputs)
    loaded = [simulate.load(file, overrides).asking(by=by, levels=levels) for file in files]
    folders = output.folders(loaded, files)
    output.check_apart(files, folders, save_draws)
    if save_draws is not None:
        _prepare_saving(save_draws, loaded, output)
    results = []
    with open_workers(workers, dask) as at_work:
        for scenario in (scenario for one in loaded for _, scenario in one.parts()):
            with progress_bar() as progress:
                result = simulate.run(
                    scenario,
                    draws=draws,
                    seed=seed,
                    method=method,
                    precision=precision,
                    workers=at_work.workers,
                    executor=at_work.executor,
                    progress=progress,
                    strength=strength,
                    saving=save_draws is not None,
                )
            results.append(result)
    output.put(loaded, results, folders)
    if save_draws is not None:
        results[0].save_draws(save_draws, force=output.force)
    output.leave_unless_precise(results)


def _prepare_saving(file: str, loaded: list[LoadedScenario], output: Output) -> None:
    """Refuse, before anything is sampled, what cannot be saved."""
    from simulate.report.data.draws import prepare_file

    if sum(len(one.parts()) for one in loaded) > 1:
        raise click.UsageError("--save-draws takes one result: one file, not pooled by `each`")
    prepare_file(file, force=output.force)
