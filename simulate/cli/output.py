"""Where results go: the options that commands with results share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from simulate.cli.options import Command, combined, folder_options, json_option, quiet_option

if TYPE_CHECKING:
    from pathlib import Path

    from simulate.analysis.summary import Summary
    from simulate.api.result import Result
    from simulate.scenario.loader import LoadedScenario

WEAKER = 6
"""Exit code of a run that is done, but less precise than was asked for."""

output_options: Callable[[Command], Command] = combined(
    folder_options,
    json_option,
    quiet_option,
    click.option("-v", "--verbose", is_flag=True, help="Print all thresholds in full."),
)


@dataclass(frozen=True)
class Output:
    """The values of these options."""

    out: str | None
    pictures: tuple[str, ...]
    force: bool
    as_json: bool
    quiet: bool
    verbose: bool

    def folders(self, loaded: Sequence[LoadedScenario], files: Sequence[str]) -> list[Path]:
        """The folders for the results of these files, made ready; none where none are written."""
        if self.out is None:
            return []
        from pathlib import Path

        from simulate.report.data.run_files import prepare_run_directory

        above = [Path(self.out)]
        if len(files) > 1:
            stems = [Path(file).stem for file in files]
            if len(set(stems)) < len(stems):
                raise click.UsageError("--out needs files of different names")
            above = [Path(self.out) / stem for stem in stems]
        folders = [
            folder / f"claim-{number}" if number else folder
            for folder, one in zip(above, loaded, strict=True)
            for number, _ in one.parts()
        ]
        for folder in folders:
            prepare_run_directory(folder, force=self.force)
        return folders

    def check_apart(self, files: Sequence[str], folders: Sequence[Path], saved: str | None) -> None:
        """Refuse an output that would replace another one, or a file that is read."""
        from simulate.report.data.run_files import is_ours

        check_apart(files, saved)
        written = {os.path.realpath(folder) for folder in folders}
        for name in (*files, *filter(None, [saved])) if written else ():
            folder, file = os.path.split(os.path.realpath(name))
            if folder in written and is_ours(file):
                raise click.UsageError(f"--out would replace {name}; choose another name")

    def put(
        self, loaded: Sequence[LoadedScenario], results: Sequence[Result], folders: Sequence[Path]
    ) -> None:
        """Print, then write the results of some files, one for each part of each."""
        if self.as_json:
            alone = len(loaded) == 1 and not loaded[0].scenario.losses.is_each
            _print_json([result.summary for result in results], alone=alone)
        else:
            following = iter(results)
            for one in loaded:
                numbered = [(number, next(following).summary) for number, _ in one.parts()]
                self._print(one.scenario.title, numbered)
        if folders:
            from simulate.report.data.run_files import write_output

            for result, folder in zip(results, folders, strict=True):
                write_output(
                    result.summary,
                    folder,
                    run_json=result.record(),
                    force=self.force,
                    formats=self.pictures,
                    curve=result.curve,
                )

    def leave_unless_precise(self, results: Sequence[Result]) -> None:
        """Leave with exit code 6 where a precision asked for was not reached."""
        # A full report has said it already.
        leave_unless_precise(
            [result.summary for result in results], told=not (self.as_json or self.quiet)
        )

    def _print(self, title: str, numbered: list[tuple[int, Summary]]) -> None:
        """Print a result, or those of a scenario's claims, which have numbers above 0."""
        from simulate.report.render.terminal import print_document, print_lines

        by_claim = numbered[0][0] > 0
        if self.quiet:
            from simulate.report.text.headline import headline

            tell_warnings(text for _, summary in numbered for text in summary.warnings)
            names = (f"claim {number}: " if by_claim else "" for number, _ in numbered)
            results = (headline(summary) for _, summary in numbered)
            print_lines(map(str.__add__, names, results))
            return
        if by_claim:
            from simulate.report.pages.claims import side_by_side

            print_document(side_by_side(numbered, title))
        if self.verbose or not by_claim:
            from simulate.report.pages.run import run_page

            for _, summary in numbered:
                print_document(run_page(summary, verbose=self.verbose))


def check_apart(files: Sequence[str], target: str | None) -> None:
    """Refuse a file to be written that is one of those that are read."""
    if target is not None and os.path.realpath(target) in map(os.path.realpath, files):
        raise click.UsageError(f"{target} is read by this command; choose another name to write to")


def tell_warnings(warnings: Iterable[str], name: str = "") -> None:
    """Print each warning once on standard error, after a name where there is one."""
    from simulate.report.text.wording import visible

    for warning in dict.fromkeys(warnings):
        click.echo(visible(f"{name}{': ' if name else ''}warning: {warning}"), err=True)


def _print_json(summaries: list[Summary], *, alone: bool) -> None:
    from simulate.report.data.json_document import document, dumps

    texts = [dumps(document(summary)) for summary in summaries]
    click.echo(texts[0] if alone else f"[\n{','.join(texts)}]\n", nl=False)


def leave_unless_precise(summaries: Iterable[Summary], *, told: bool = False) -> None:
    """Leave with exit code 6 where a precision asked for was not reached; say so unless `told`."""
    weaker = [one for one in summaries if one.run.precision and not one.run.precision.reached]
    if weaker and not told:
        from simulate.report.text.precision import precision_phrase
        from simulate.report.text.wording import visible

        for summary in weaker:
            click.echo(visible(precision_phrase(summary)), err=True)
    if weaker:
        click.get_current_context().exit(WEAKER)
