"""`simulate cite`: the sentence, its note and a reference, as a document takes them."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

import click

from simulate.cli.options import (
    PATH,
    Share,
    asking_options,
    debug_option,
    file_argument,
    override_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import check_apart, leave_unless_precise, tell_warnings
from simulate.scenario.numerals import exact

if TYPE_CHECKING:
    from simulate.api.result import Result
    from simulate.engine.workers import Workers
    from simulate.report.text.likelihood import Scale


@click.command()
@file_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "latex", "quarto", "bibtex"]),
    default="text",
    help="text by default; latex is a file of commands, quarto a _variables.yml.",
)
@click.option(
    "--threshold",
    type=Share("share", whole=True),
    help="Share of the force to cite; the scenario's largest by default.",
)
@click.option(
    "--interval",
    type=Share("probability", whole=False),
    default=0.9,
    help="Probability of the simulation interval, 0.9 by default.",
)
@click.option(
    "--words",
    type=click.Choice(["icd203", "ipcc"]),
    help="Give words for probabilities too, on this scale.",
)
@click.option(
    "--prose",
    is_flag=True,
    help="Dates as in running text, 14 March 2025, in tables and variables too.",
)
@sampling_options
@workers_options
@override_option
@asking_options
@click.option(
    "-o",
    "target",
    type=PATH,
    metavar="FILE",
    help="Write to this file instead of standard output.",
)
@click.option("--force", is_flag=True, help="Let the file of -o be replaced.")
@debug_option
def cite(
    file: str,
    *,
    form: str,
    threshold: float | None,
    interval: float,
    words: Scale | None,
    prose: bool,
    workers: int | None,
    dask: str | None,
    target: str | None,
    force: bool,
    **asked: Any,
) -> None:
    """Print the sentence to cite, its note and a reference.

    \b
    Examples:
      simulate cite configs/kursk-isw.yaml
      simulate cite configs/kursk-isw.yaml --format latex --prose -o figures.tex
      simulate cite configs/kursk-isw.yaml --words icd203 --interval 0.8

    FILE is a scenario, or a result: a folder that `run --out` wrote, or result.json or run.json in
    it, which is run again and must come out the same. The interval is a simulation interval, what
    write-ups loosely call a confidence interval. Words such as "likely" are given only with
    --words, with the scale named: ICD 203 of the US intelligence community, or the IPCC's.
    """
    from simulate.cli.workers import open_workers

    if target is not None:
        from simulate.report.folder import check_new

        check_apart(_read(file), target)
        check_new(target, force=force)
    elif force:
        raise click.UsageError("--force is for the file of -o FILE")
    with open_workers(workers, dask) as at_work:
        if _is_result(file):
            result = _repeated(file, threshold, asked, at_work)
        else:
            result = _run(file, threshold, at_work, **asked)
    text = result.cite(form, threshold=threshold, interval=interval, words=words, prose=prose)
    if target is None:
        import sys

        from simulate.report.render.terminal import encoded

        click.echo(encoded(text, sys.stdout), nl=False)
    else:
        from simulate.report.folder import write_new

        write_new(target, text.encode("utf-8"), force=force)
    tell_warnings(result.summary.warnings)
    leave_unless_precise([result.summary])


def _is_result(file: str) -> bool:
    return file != "-" and (_is_folder(file) or file.lower().endswith(".json"))


def _is_folder(file: str) -> bool:
    return os.path.isdir(file)  # noqa: PTH112  (which is no error where one may not look)


def _read(file: str) -> list[str]:
    """The files that are read."""
    if not _is_result(file):
        return [file]
    from simulate.report.data.run_files import RESULT, RUN

    folder = file if _is_folder(file) else os.path.split(file)[0]
    return [file, os.path.join(folder, RESULT), os.path.join(folder, RUN)]  # noqa: PTH118


def _run(
    file: str,
    threshold: float | None,
    at_work: Workers,
    *,
    draws: int | None,
    seed: int | None,
    method: str | None,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
) -> Result:
    import simulate
    from simulate.cli.progress import progress_bar

    loaded = simulate.load(file, overrides).asking(by=by, levels=levels)
    _check_threshold(threshold, loaded.scenario.thresholds)
    with progress_bar() as progress:
        return simulate.run(
            loaded,
            draws=draws,
            seed=seed,
            method=method,
            workers=at_work.workers,
            executor=at_work.executor,
            progress=progress,
        )


def _repeated(
    file: str, threshold: float | None, asked: dict[str, Any], at_work: Workers
) -> Result:
    """The result of a run done before, which is as much as is written down and no more."""
    from simulate.api.reproduce import reproduce
    from simulate.cli.progress import progress_bar
    from simulate.cli.reproduce import DIFFERENT

    if any(value not in (None, ()) for value in asked.values()):
        raise click.UsageError(
            "a result is cited as it is; options that change a run go with a scenario file"
        )
    with progress_bar() as progress:
        found = reproduce(
            file, workers=at_work.workers, executor=at_work.executor, progress=progress
        )
    if not found.identical:
        click.echo(
            f"{found.name} does not come out again, so it is not cited; "
            f"to see what differs: simulate reproduce {found.name}",
            err=True,
        )
        click.get_current_context().exit(DIFFERENT)
    _check_threshold(threshold, found.result.plan.thresholds)
    return found.result


def _check_threshold(threshold: float | None, ladder: tuple[float, ...]) -> None:
    if threshold is not None and threshold not in ladder:
        shares = ", ".join(map(exact, ladder))
        more = ", ".join(map(exact, sorted({*ladder, threshold})))
        raise click.UsageError(
            f"--threshold {exact(threshold)} is not among the scenario's: {shares}; "
            f"with a scenario file, --set 'thresholds=[{more}]' adds it"
        )
