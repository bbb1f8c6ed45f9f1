"""`simulate run`: the main job."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from simulate.cli.options import (
    PATH,
    Shard,
    asking_options,
    debug_option,
    files_argument,
    override_option,
    precision_option,
    sampling_options,
    workforce_options,
)
from simulate.cli.output import Output, output_options

if TYPE_CHECKING:
    from simulate.batch import Order
    from simulate.engine.workforce import Workforce
    from simulate.result import Result
    from simulate.scenario.loader import LoadedScenario


@click.command()
@files_argument
@sampling_options
@precision_option
@workforce_options
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
@click.option(
    "--checkpoint",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Keep what is done in this file; the same command goes on from there.",
)
@click.option(
    "--shard",
    type=Shard(),
    metavar="K/N",
    help="Do only part K of N, and write it to the file of -o, for `simulate merge`.",
)
@click.option("-o", "part", type=click.Path(dir_okay=False), metavar="FILE", help="See --shard.")
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
    checkpoint: str | None,
    shard: tuple[int, int] | None,
    part: str | None,
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
    the losses are a ledger of claims claims.csv and leave_one_out.csv. With several files there is
    one folder for each below it, with "pooling: each" one for each claim.
    """
    from simulate import api
    from simulate.cli.workforce import workforce
    from simulate.report.progress import progress_bar

    output = Output(**outputs)
    _check_usage(files, checkpoint, shard, part, output)
    loaded = [api.load(file, overrides).asking(by=by, levels=levels) for file in files]
    folders = output.folders(loaded, files)
    output.check_apart(files, folders, save_draws)
    sampling: dict[str, Any] = {
        "draws": draws,
        "seed": seed,
        "method": method,
        "precision": precision,
    }
    if save_draws is not None:
        _prepare_saving(save_draws, loaded, output, apart=checkpoint is not None or bool(shard))
    if checkpoint is not None or (shard is not None and part is not None):
        from simulate.batch import order_of

        order = order_of(loaded[0], strength=strength, **sampling)
        with workforce(workers, dask) as at_work:
            if shard is not None and part is not None:
                _run_shard(order, shard, part, at_work, force=output.force)
                return
            results = _run_kept(order, str(checkpoint), at_work)
        output.put(loaded, results, folders)
        # Only now: until the result is out, the file is all there is.
        _remove(str(checkpoint))
        output.leave_unless_precise(results)
        return
    results = []
    with workforce(workers, dask) as at_work:
        for scenario in (scenario for one in loaded for _, scenario in one.parts()):
            with progress_bar() as progress:
                result = api.run(
                    scenario,
                    **sampling,
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


def _prepare_saving(
    file: str, loaded: list[LoadedScenario], output: Output, *, apart: bool
) -> None:
    """Refuse, before anything is sampled, what cannot be saved."""
    from simulate.report.draw_files import prepare_file

    if sum(len(one.parts()) for one in loaded) > 1:
        raise click.UsageError("--save-draws takes one result: one file, not pooled by `each`")
    if apart:
        raise click.UsageError("--save-draws does not go with --checkpoint or --shard")
    prepare_file(file, force=output.force)


def _check_usage(
    files: tuple[str, ...],
    checkpoint: str | None,
    shard: tuple[int, int] | None,
    part: str | None,
    output: Output,
) -> None:
    if (checkpoint or shard) and len(files) > 1:
        raise click.UsageError("--checkpoint and --shard take one scenario at a time")
    if shard and not part:
        raise click.UsageError("--shard needs -o FILE, the file for its part")
    if part and not shard:
        raise click.UsageError("-o is for the part of --shard; result files go to --out DIR")
    if shard and (checkpoint or output.out or output.as_json):
        raise click.UsageError(
            "--shard writes its part and nothing else; --out, --json are for simulate merge"
        )


def _run_shard(
    order: Order, shard: tuple[int, int], part: str, at_work: Workforce, *, force: bool
) -> None:
    from simulate.batch import run_shard
    from simulate.report.atomic import check_new, write_new
    from simulate.report.progress import progress_bar

    check_new(part, force=force)
    with progress_bar() as progress:
        data = run_shard(order, *shard, workforce=at_work, progress=progress)
    write_new(part, data, force=force)
    number, of = shard
    click.echo(f"wrote {part}, part {number} of {of}; when all are there: simulate merge FILE...")


def _run_kept(order: Order, checkpoint: str, at_work: Workforce) -> list[Result]:
    from simulate.batch import run_kept
    from simulate.report.progress import progress_bar

    try:
        with progress_bar() as progress:
            return run_kept(order, checkpoint, workforce=at_work, progress=progress)
    except Exception:
        raise
    except BaseException:  # interrupted or terminated
        click.echo(f"kept in {checkpoint}; the same command goes on from there", err=True)
        raise


def _remove(checkpoint: str) -> None:
    from pathlib import Path

    Path(checkpoint).unlink(missing_ok=True)
