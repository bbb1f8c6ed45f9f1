"""`simulate run`: the main job."""

from __future__ import annotations

import contextlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulate.cli import options, output
from simulate.cli.request import load_of, request_of

if TYPE_CHECKING:
    from simulate.api.result import Result
    from simulate.scenario.loader import LoadedScenario


@click.command()
@options.files
@options.sampling
@options.precision
@options.workers
@options.override
@options.asking
@options.update
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
    save_draws: str | None,
    **given: Any,
) -> None:
    """Sample scenarios and print when the force would be used up.

    \b
    Examples:
      simulate run configs/kursk-isw.yaml
      simulate run configs/kursk-isw.yaml -n 1M --seed 7 --by 2025-03-01 --out results

    With --out, the folder receives result.json, quantiles.csv, intervals.csv (for chart tools),
    histogram.csv, hubverse.csv (for forecast hubs), table.csv (for spreadsheets), histogram
    pictures with their descriptions, for the largest threshold also the pictures cdf and dotplot
    (see `simulate plot`), and run.json with all that repeats the run; with --strength also
    strength.csv and its pictures, for published periods published.csv, for counts published later
    observed.csv, for an update on them updated.csv, for several claims claims.csv and
    leave_one_out.csv. Several files have a folder each below it, and so have the claims of
    "pooling: each".
    """
    from simulate.api.run import run_as
    from simulate.report.folder import write_bundle

    loaded = [load_of(file, **given) for file in files]
    folders, earlier = _folders(out, files, loaded, force=force)
    _prepare([*folders, *earlier], loaded, save_draws, force=force)
    parts = [part for one in loaded for _, part in one.parts()]
    n, saving = len(parts), save_draws is not None
    with request_of(**given) as request:
        results = [
            run_as(request.part(k, n), part, strength=strength, saving=saving)
            for k, part in enumerate(parts)
        ]
    _show(loaded, results, **given)
    for result, folder in zip(results, folders, strict=bool(folders)):
        write_bundle(folder, result.files(pictures), result.file_names.fullmatch, force=force)
    for folder in earlier:
        write_bundle(folder, {}, results[0].file_names.fullmatch, force=True)
        with contextlib.suppress(OSError):  # there are other files in it
            folder.rmdir()
    if save_draws is not None:
        results[0].save_draws(save_draws, force=force)
    output.leave_unless_precise(results, said=not (given["as_json"] or given["quiet"]))


def _folders(
    out: str | None, files: tuple[str, ...], loaded: list[LoadedScenario], *, force: bool
) -> tuple[list[Path], list[Path]]:
    """The folders of the results, and with `force` those of an earlier run, to be cleared."""
    from simulate.report.data.run_files import claim_folders

    if out is None:
        return [], []
    stems = [Path(file).stem for file in files]
    if len(set(stems)) < len(stems):
        raise click.UsageError("--out needs files of different names")
    above = [Path(out)] if len(files) == 1 else [Path(out, stem) for stem in stems]
    folders = [
        folder / f"claim-{number}" if number else folder
        for folder, one in zip(above, loaded, strict=True)
        for number, _ in one.parts()
    ]
    known = [found for folder in above for found in (folder, *claim_folders(folder)) if force]
    return folders, [folder for folder in known if folder not in folders]


def _prepare(
    folders: list[Path], loaded: list[LoadedScenario], saved: str | None, *, force: bool
) -> None:
    """Make all outputs ready; refuse what cannot be saved, or would replace another file."""
    from simulate.analysis.request import check_one_result
    from simulate.api.result import Result
    from simulate.report.folder import prepare_directory

    read = output.read_files(loaded)
    if saved is not None:
        if len(loaded) > 1:
            raise click.UsageError("--save-draws takes one result, and so one file")
        check_one_result(loaded[0])
        output.check_apart(read, saved)
    output.check_kept(folders, Result, [*read, *filter(None, [saved])])
    for folder in folders:
        prepare_directory(folder, Result.file_names.fullmatch, force=force)
    if saved is not None:
        from simulate.report.data.draws import prepare_file

        prepare_file(saved, force=force)


def _show(loaded: list[LoadedScenario], results: list[Result], **given: Any) -> None:
    """Print the results, one for each part of each file."""
    if given["as_json"] and (len(loaded) > 1 or loaded[0].scenario.losses.is_each):
        from simulate.report.data.json_document import dumps

        click.echo(f"[\n{','.join(dumps(result.to_dict()) for result in results)}]\n", nl=False)
        return
    found = iter(results)
    for one in loaded:
        if one.scenario.losses.is_each:
            numbered = [(number, next(found)) for number, _ in one.parts()]
            _show_claims(one.scenario.title, numbered, **given)
        else:
            output.show(next(found), **given)


def _show_claims(
    title: str, numbered: list[tuple[int, Result]], *, quiet: bool, verbose: bool, **_others: Any
) -> None:
    from simulate.report.pages.claims import side_by_side
    from simulate.report.render.terminal import print_document, print_lines

    if quiet:
        output.warn(chain.from_iterable(result.warnings for _, result in numbered))
        print_lines(f"claim {n}: {line}" for n, result in numbered for line in result.headlines())
        return
    print_document(side_by_side([(n, result.summary) for n, result in numbered], title))
    for _, result in numbered if verbose else ():
        print_document(result.page(verbose=True))
