"""`simulate run`: the main job."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulate.cli import options
from simulate.cli.output import check_apart, leave_unless_precise, show, warn
from simulate.cli.request import load_of, request_of

if TYPE_CHECKING:
    from simulate.api.result import Result
    from simulate.scenario.loader import LoadedScenario

    Numbered = list[tuple[int, Result]]
    """The results of one file: one under the number 0, or one for each of its claims."""

    Parts = Sequence[Sequence[tuple[int, LoadedScenario]]]
    """The scenarios of each file, numbered in the same way."""


@click.command()
@options.files
@options.sampling
@options.precision
@options.workers
@options.override
@options.asking
@click.option(
    "--strength", is_flag=True, help="Show strength and losses by date too, with their spread."
)
@options.folder
@options.json
@options.quiet
@click.option("-v", "--verbose", is_flag=True, help="Print all thresholds in full.")
@click.option(
    "--save-draws",
    type=options.PATH,
    metavar="FILE",
    help="Save inputs and outcomes of each draw: .csv, .npz or .parquet.",
)
@options.debug
def run(
    files: tuple[str, ...],
    *,
    strength: bool,
    out: str | None,
    pictures: tuple[str, ...],
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    save_draws: str | None,
    **asked: Any,
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
    from simulate.api.run import run_as

    loaded = [load_of(file, **asked) for file in files]
    parts = [one.parts() for one in loaded]
    folders = _folders(out, files, parts, force=force)
    _check_outputs(files, folders, save_draws)
    if save_draws is not None:
        _check_saving(save_draws, loaded, force=force)
    found: list[Numbered] = []
    n, done = sum(map(len, parts)), 0
    with request_of(**asked) as request:
        for several in parts:
            found.append([])
            for number, part in several:
                one = request.part(done, n)
                result = run_as(one, part, strength=strength, saving=save_draws is not None)
                found[-1].append((number, result))
                done += 1
    _show(loaded, found, as_json=as_json, quiet=quiet, verbose=verbose)
    results = [result for numbered in found for _, result in numbered]
    _write(results, folders, pictures, force=force)
    if save_draws is not None:
        results[0].save_draws(save_draws, force=force)
    leave_unless_precise(results, said=not (as_json or quiet))


def _folders(out: str | None, files: tuple[str, ...], parts: Parts, *, force: bool) -> list[Path]:
    """The folders for the results of these files, made ready; none where none are written."""
    if out is None:
        return []
    from simulate.report.data.run_files import prepare_run_directory

    above = [Path(out)]
    if len(files) > 1:
        stems = [Path(file).stem for file in files]
        if len(set(stems)) < len(stems):
            raise click.UsageError("--out needs files of different names")
        above = [Path(out) / stem for stem in stems]
    folders = [
        folder / f"claim-{number}" if number else folder
        for folder, several in zip(above, parts, strict=True)
        for number, _ in several
    ]
    for folder in folders:
        prepare_run_directory(folder, force=force)
    return folders


def _check_outputs(files: tuple[str, ...], folders: list[Path], saved: str | None) -> None:
    """Refuse an output that would replace another one, or a file that is read."""
    if saved is not None:
        check_apart(files, saved)
    if not folders:
        return
    from simulate.report.data.run_files import is_ours

    written = {os.path.realpath(folder) for folder in folders}
    for name in (*files, *filter(None, [saved])):
        folder, file = os.path.split(os.path.realpath(name))
        if folder in written and is_ours(file):
            raise click.UsageError(f"--out would replace {name}; choose another name")


def _check_saving(file: str, loaded: list[LoadedScenario], *, force: bool) -> None:
    """Refuse, before anything is sampled, what cannot be saved."""
    from simulate.analysis.request import check_one_result
    from simulate.report.data.draws import prepare_file

    if len(loaded) > 1:
        raise click.UsageError("--save-draws takes one result, and so one file")
    check_one_result(loaded[0])
    prepare_file(file, force=force)


def _show(
    loaded: list[LoadedScenario],
    found: list[Numbered],
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    results = [result for numbered in found for _, result in numbered]
    if as_json and (len(loaded) > 1 or loaded[0].scenario.losses.is_each):
        from simulate.report.data.json_document import dumps

        click.echo(f"[\n{','.join(dumps(result.to_dict()) for result in results)}]\n", nl=False)
        return
    for one, numbered in zip(loaded, found, strict=True):
        if one.scenario.losses.is_each:
            _show_claims(one.scenario.title, numbered, quiet=quiet, verbose=verbose)
        else:
            show(numbered[0][1], as_json=as_json, quiet=quiet, verbose=verbose)


def _show_claims(title: str, numbered: Numbered, *, quiet: bool, verbose: bool) -> None:
    """Print the results of a scenario's claims."""
    from simulate.report.pages.claims import side_by_side
    from simulate.report.render.terminal import print_document, print_lines

    if quiet:
        warn(chain.from_iterable(result.warnings for _, result in numbered))
        print_lines(f"claim {n}: {line}" for n, result in numbered for line in result.headlines())
        return
    print_document(side_by_side([(n, result.summary) for n, result in numbered], title))
    for _, result in numbered if verbose else ():
        print_document(result.page(verbose=True))


def _write(
    results: list[Result], folders: list[Path], pictures: tuple[str, ...], *, force: bool
) -> None:
    if not folders:
        return
    from simulate.report.data.run_files import write_output

    for result, folder in zip(results, folders, strict=True):
        write_output(
            result.summary,
            folder,
            run_json=result.record(),
            force=force,
            formats=pictures,
            curve=result.curve,
        )
