"""Where answers go: terminal, standard output or a file, and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from simulate.api.answer import Answer
    from simulate.api.result import Result
    from simulate.scenario.loader import LoadedScenario

WEAKER = 6
"""Exit code of a run that is done, but less precise than requested."""


def show(
    answer: Answer,
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool = False,
    name: str = "",
    **_others: Any,
) -> None:
    """Print an answer, after a name where there is one: as JSON, as its result line, or in full."""
    if as_json:
        from simulate.report.data.json_document import dumps

        click.echo(dumps(answer.to_dict()), nl=False)
        return
    from simulate.report.render.terminal import print_document, print_lines

    if quiet:
        warn(answer.warnings, name)
        print_lines(f"{name}{': ' if name else ''}{line}" for line in answer.headlines())
    else:
        print_document(answer.page(verbose=verbose).named(name))


def show_list(answers: Iterable[Answer]) -> None:
    """Print several answers as one JSON list."""
    from simulate.report.data.json_document import dumps

    texts = (dumps(answer.to_dict()) for answer in answers)
    click.echo(f"[\n{','.join(texts)}]\n", nl=False)


def warn(warnings: Iterable[str], name: str = "") -> None:
    """Print each warning once on standard error, after a name where there is one."""
    from simulate.report.text.wording import visible

    for warning in dict.fromkeys(warnings):
        click.echo(visible(f"{name}{': ' if name else ''}warning: {warning}"), err=True)


def check_apart(read: Iterable[str | Path], target: str) -> None:
    """Refuse to write a file that the command also reads."""
    if os.path.realpath(target) in map(os.path.realpath, read):
        raise click.UsageError(f"{target} is read by this command; choose another name to write to")


def check_kept(folders: Iterable[Path], kind: type[Answer], names: Iterable[str]) -> None:
    """Refuse folders in which the files of an answer would replace one of these."""
    closed = set(map(os.path.realpath, folders))
    for name in names:
        # A link can be replaced, and so can the file that it leads to.
        link = Path(os.path.realpath(Path(name).parent), Path(name).name)
        for file in (link, Path(os.path.realpath(name))):
            if str(file.parent) in closed and kind.writes(file.name):
                raise click.UsageError(f"--out would replace {name}; choose another folder")


def prepare(
    kind: type[Answer],
    loaded: Iterable[LoadedScenario],
    *,
    out: str | None,
    force: bool,
    **_others: Any,
) -> None:
    """Make the folder of --out ready for an answer, before anything is sampled."""
    from simulate.report.folder import prepare_directory

    if out is not None:
        check_kept([Path(out)], kind, read_files(loaded))
        prepare_directory(out, kind.writes, force=force)


def read_files(loaded: Iterable[LoadedScenario]) -> dict[str, None]:
    """Every file that these scenarios were read from, once."""
    return dict.fromkeys(chain.from_iterable(one.read_files for one in loaded))


def deliver(
    answer: Answer,
    *,
    out: str | None,
    force: bool,
    formats: tuple[str, ...] = ("svg", "png"),
    pictures: str = "main",
    **given: Any,
) -> None:
    """Print an answer, and write its files into the folder of --out."""
    show(answer, **given)
    if out is not None:
        files = answer.files(() if pictures == "none" else formats)
        write(out, files, answer.writes, force=force, **given)


def write(
    out: str | Path,
    files: Mapping[str, bytes],
    ours: Callable[[str], object],
    *,
    force: bool,
    quiet: bool,
    **_others: Any,
) -> None:
    """Write the files of an answer into a folder, and say so in one line on standard error."""
    from simulate.report.folder import contents_words, write_bundle
    from simulate.report.text.wording import visible

    write_bundle(out, files, ours, force=force)
    if not quiet:
        click.echo(visible(f"wrote {contents_words(files)} to {out}"), err=True)


def deliver_text(text: str, target: str | None, *, force: bool) -> None:
    """Write a text to a file, or print it where none is named."""
    from simulate.report.folder import write_new
    from simulate.report.render.terminal import encoded

    if target is None:
        click.echo(encoded(text, sys.stdout), nl=False)
    else:
        write_new(target, text.encode("utf-8"), force=force)


def leave_unless_precise(results: Iterable[Result], *, said: bool = False) -> None:
    """Leave with exit code 6 if a result misses its precision; say so, unless already `said`."""
    from simulate.report.text.precision import precision_phrase
    from simulate.report.text.wording import visible

    summaries = [result.summary for result in results]
    weaker = [one for one in summaries if one.run.precision and not one.run.precision.reached]
    for summary in () if said else weaker:
        click.echo(visible(precision_phrase(summary)), err=True)
    if weaker:
        click.get_current_context().exit(WEAKER)
