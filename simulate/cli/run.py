"""`simulate run`: the main job."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from simulate.cli import options, output
from simulate.cli.request import load_of, request_of
from simulate.errors import FileError, LimitError, ScenarioError

if TYPE_CHECKING:
    from simulate.api.result import Result
    from simulate.api.run import ClaimResults
    from simulate.scenario.loader import LoadedScenario

ALL = "quantiles.csv"
"""The percentiles of a batch."""


class _Case(NamedTuple):
    """A file, its scenario, and the folders of its results, one for each part.

    The claims of "pooling: each" have a page of them all in the folder `above`.
    """

    file: str
    loaded: LoadedScenario
    folders: tuple[Path, ...] = ()
    above: Path | None = None

    @property
    def all_folders(self) -> tuple[Path, ...]:
        """Every folder of the file's results."""
        return (*self.folders, *([self.above] if self.above else []))


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
@click.option(
    "-v", "--verbose", is_flag=True, help="Print all thresholds in full, intervals and notes."
)
@click.option(
    "--save-draws",
    type=options.PATH,
    metavar="FILE",
    help="Save inputs and outcomes of each draw: .csv, .npz or .parquet.",
)
@click.option("--open", "opened", is_flag=True, help="Show the page of the result in a browser.")
@options.debug
def run(
    files: tuple[str, ...],
    *,
    strength: bool,
    out: str | None,
    formats: tuple[str, ...],
    pictures: str,
    force: bool,
    save_draws: str | None,
    opened: bool,
    **given: Any,
) -> None:
    """Sample scenarios and print when the force, stock or fund would run out.

    \b
    Examples:
      simulate run configs/kursk-isw.yaml
      simulate run configs/kursk-isw.yaml -n 1M --seed 7 --by 2025-03-01 --out results
      simulate run configs/kursk-isw.yaml configs/kursk-nis.yaml -q

    With --out, the folder receives the page index.html, citation.txt, result.json, quantiles.csv,
    intervals.csv (for chart tools), histogram.csv, hubverse.csv (for forecast hubs), table.csv (for
    spreadsheets), the histogram with its description, and run.json with all that repeats the run;
    with --pictures all also the other histograms, cdf and dotplot (see `simulate plot`); with
    --strength, or where nine simulations in ten give one date, strength.csv and its picture, for
    published periods published.csv, for counts published later observed.csv, for an update on them
    updated.csv, for several claims claims.csv and leave_one_out.csv.

    Several files get a folder each inside it, and one quantiles.csv of all; the claims of
    "pooling: each" get a folder each too, and above them a page of all. Of several files, one that
    is not valid is left out and named at the end, with exit code 3.
    """
    from simulate.api.result import Result
    from simulate.api.run import run_as

    several, failed = len(files) > 1, dict[str, int]()
    loaded: list[tuple[str, LoadedScenario]] = []
    for file in files:
        with _left_out(failed, file, several=several):
            loaded.append((file, load_of(file, **given)))
    cases, earlier = _placed(out, files, loaded, force=force)
    if opened and several:
        raise click.UsageError("--open shows one page, and so takes one file")
    top = [Path(out)] if out is not None and several else []
    folders = [*chain(*(case.all_folders for case in cases)), *earlier, *top]
    _prepare(folders, cases, save_draws, force=force)
    names = [Path(case.file).name for case in cases for _ in case.loaded.parts()]
    kinds = () if pictures == "none" else formats
    numbers, ran = count(), list[tuple[_Case, list[Result]]]()
    written: list[list[Result]] = []
    with request_of(names=names, **given) as request:
        for case in cases:
            with _left_out(failed, case.file, several=several):
                parts = [
                    (request.part(next(numbers), len(names)), part)
                    for _, part in case.loaded.parts()
                ]
                saving = save_draws is not None
                results = [run_as(*each, strength=strength, saving=saving) for each in parts]
                ran.append((case, results))
                # In place of a histogram of little more than one bar the strength is drawn.
                bare = not strength and bool(opened or (kinds and case.folders))
                written.append(
                    [
                        run_as(*each, strength=True) if bare and _day_of_most(result) else result
                        for each, result in zip(parts, results, strict=True)
                    ]
                )
    _show(ran, several=several, **given)
    hush = given["quiet"] or several
    for (case, _), results in zip(ran, written, strict=True):
        _write(case, results, kinds, every=pictures == "all", force=force, quiet=hush)
        for result in results if case.folders else ():
            _say_no_histogram(result, strength=strength, hush=hush or not kinds)
    if top and ran:
        _write_all(top[0], ran, force=force, **given)
    _clear(earlier)
    if save_draws is not None:
        ran[0][1][0].save_draws(save_draws, force=force)
    if opened:
        _open(ran[0][0], written[0])
    if failed:
        click.echo(f"left out: {', '.join(failed)}", err=True)
        click.get_current_context().exit(next(iter(failed.values())))
    found = [result for _, results in ran for result in results]
    output.leave_unless_precise(found, said=not (given["as_json"] or given["quiet"]))


@contextlib.contextmanager
def _left_out(failed: dict[str, int], file: str, *, several: bool) -> Iterator[None]:
    """Print what is wrong with one of several files, and keep its exit code: the others run."""
    try:
        yield
    except (ScenarioError, LimitError, FileError) as error:
        from simulate.cli.spelling import shell_text
        from simulate.report.text.wording import visible

        if not several:
            raise
        click.echo(visible(shell_text(error)), err=True)
        failed[visible(file)] = error.exit_code


def _placed(
    out: str | None,
    files: tuple[str, ...],
    loaded: list[tuple[str, LoadedScenario]],
    *,
    force: bool,
) -> tuple[list[_Case], list[Path]]:
    """The cases with their folders, and with `force` those of an earlier run, to be cleared."""
    if out is None:
        return [_Case(*each) for each in loaded], []
    from simulate.report.data.run_files import claim_folders

    stems = {file: Path(file).stem for file in files}
    if len(set(stems.values())) < len(files):
        raise click.UsageError("--out needs files of different names")
    above = {file: Path(out, stem) if len(files) > 1 else Path(out) for file, stem in stems.items()}
    cases = []
    for file, one in loaded:
        numbers = [number for number, _ in one.parts()]
        parts = (above[file] / f"claim-{n}" if n else above[file] for n in numbers)
        several = above[file] if one.scenario.losses.is_each else None
        cases.append(_Case(file, one, tuple(parts), several))
    known = [found for folder in above.values() for found in (folder, *claim_folders(folder))]
    kept = {folder for case in cases for folder in case.all_folders}
    return cases, [folder for folder in known if folder not in kept] if force else []


def _together(case: _Case, results: list[Result]) -> ClaimResults:
    from simulate.api.run import ClaimResults

    numbers = (number for number, _ in case.loaded.parts())
    return ClaimResults.of(zip(numbers, results, strict=True), case.loaded.scenario.title)


def _prepare(folders: list[Path], cases: list[_Case], saved: str | None, *, force: bool) -> None:
    """Make all outputs ready; refuse what cannot be saved, or would replace another file."""
    from simulate.analysis.request import check_one_result
    from simulate.api.result import Result
    from simulate.report.folder import prepare_directory

    read = output.read_files(case.loaded for case in cases)
    if saved is not None:
        if len(cases) > 1:
            raise click.UsageError("--save-draws takes one result, and so one file")
        check_one_result(cases[0].loaded)
        output.check_apart(read, saved)
    output.check_kept(folders, Result, [*read, *filter(None, [saved])])
    for folder in folders:
        prepare_directory(folder, Result.writes, force=force)
    if saved is not None:
        from simulate.report.data.draws import prepare_file

        prepare_file(saved, force=force)


def _write(
    case: _Case,
    results: list[Result],
    kinds: tuple[str, ...],
    *,
    every: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Write the results of a file into their folders, and above those of claims their page."""
    for result, folder in zip(results, case.folders, strict=bool(case.folders)):
        made, ours = result.files(kinds, every=every), result.writes
        output.write(folder, made, ours, force=force, quiet=quiet)
    if case.above is not None:
        from simulate.api.claims import claims_files

        made, ours = claims_files(_together(case, results), kinds), results[0].writes
        output.write(case.above, made, ours, force=force, quiet=quiet)


def _write_all(
    out: Path, ran: list[tuple[_Case, list[Result]]], *, force: bool, quiet: bool, **_others: Any
) -> None:
    from simulate.api.result import Result
    from simulate.report.data.tables import together
    from simulate.report.text.wording import counted

    placed = [zip(case.folders, results, strict=True) for case, results in ran]
    named = [(f.relative_to(out).as_posix(), result.summary) for f, result in chain(*placed)]
    ours = Result.writes
    output.write(out, {ALL: together(named).csv()}, ours, force=force, quiet=True)
    if not quiet:
        folders = counted(len(named), "folder")
        click.echo(f"wrote {ALL} and {folders}, one for each result, to {out}", err=True)


def _day_of_most(result: Result) -> tuple[dt.date, float] | None:
    from simulate.report.text.phrases import day_of_most, main_outcome

    return day_of_most(main_outcome(result.summary))


def _say_no_histogram(result: Result, *, strength: bool, hush: bool) -> None:
    """Why there is no histogram, and what is drawn instead."""
    from simulate.report.text.wording import percent, prose_date

    if not hush and (found := _day_of_most(result)):
        date, share = found
        instead = "" if strength else "; the strength by date is drawn instead"
        give = "every simulation gives" if share >= 1 else f"{percent(share)} of simulations give"
        click.echo(f"no histogram: {give} {prose_date(date)}{instead}", err=True)


def _clear(folders: list[Path]) -> None:
    """Remove the files of an earlier run, and folders that hold nothing else."""
    from simulate.api.result import Result
    from simulate.report.folder import write_bundle

    for folder in folders:
        write_bundle(folder, {}, Result.writes, force=True)
        with contextlib.suppress(OSError):  # there are other files in it
            folder.rmdir()


def _open(case: _Case, results: list[Result]) -> None:
    """Show the page of a file's results, which without a folder is written to a temporary one."""
    from simulate.report.data.files import PAGE

    is_each = case.loaded.scenario.losses.is_each
    folder = case.above if is_each else next(iter(case.folders), None)
    page = Path(folder or tempfile.mkdtemp(prefix="simulate-"), PAGE)
    if folder is None:
        from simulate.api.claims import claims_files

        files = claims_files(_together(case, results), ()) if is_each else results[0].files(())
        page.write_bytes(files[PAGE])
    failed = click.launch(str(page)) != 0
    # Where there is no browser, the system's opener can still have started.
    click.echo(f"{'no browser could be started; ' if failed else ''}the page is {page}", err=True)


def _show(ran: list[tuple[_Case, list[Result]]], *, several: bool, **given: Any) -> None:
    """Print the results, one for each part of each file; of several files with its name."""
    if given["as_json"] and (
        several or any(case.loaded.scenario.losses.is_each for case, _ in ran)
    ):
        output.show_list(chain.from_iterable(results for _, results in ran))
        return
    for number, (case, results) in enumerate(ran):
        if number and not (given["quiet"] or given["as_json"]):
            click.echo()
        name = case.file if several else ""
        if case.loaded.scenario.losses.is_each:
            _show_claims(_together(case, results), name=name, **given)
        else:
            output.show(results[0], name=name, **given)


def _show_claims(
    results: ClaimResults, *, name: str, quiet: bool, verbose: bool, **_others: Any
) -> None:
    from simulate.report.pages.claims import side_by_side
    from simulate.report.render.terminal import print_document, print_lines

    numbered = list(zip(results.numbers, results, strict=True))
    if quiet:
        of = f"{name}, " if name else ""
        output.warn(chain.from_iterable(result.warnings for result in results), name)
        print_lines(f"{of}claim {n}: {line}" for n, one in numbered for line in one.headlines())
        return
    page = side_by_side([(n, result.summary) for n, result in numbered], results.title)
    print_document(page.named(name))
    for result in results if verbose else ():
        print_document(result.page(verbose=True))
