"""`simulate cite`: the sentence, its note and a reference, as a document takes them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulate.cli import options
from simulate.cli.output import check_apart, deliver_text, leave_unless_precise, warn
from simulate.cli.reproduce import DIFFERENT
from simulate.cli.request import load_of, request_of

if TYPE_CHECKING:
    from simulate.analysis.request import Request
    from simulate.api.result import Result
    from simulate.report.text.likelihood import Scale

_NO_CHANGES = ("draws", "seed", "method", "overrides", "by", "levels")
"""Options that a result, which is cited as it is, does not take."""


@click.command()
@options.file
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "latex", "quarto", "bibtex"]),
    default="text",
    help="text by default; latex is a file of commands, quarto a _variables.yml.",
)
@options.threshold
@options.interval
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
@click.option(
    "--track-record",
    is_flag=True,
    help="Say how such intervals would have fared in the past of losses.series.",
)
@options.sampling
@options.workers
@options.override
@options.asking
@options.target("Write to this file instead of standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file of -o.")
@options.debug
def cite(
    file: str,
    *,
    form: str,
    threshold: float | None,
    interval: float,
    words: Scale | None,
    prose: bool,
    track_record: bool,
    target: str | None,
    force: bool,
    **given: Any,
) -> None:
    """Print the sentence to cite, its note and a reference.

    \b
    Examples:
      simulate cite configs/kursk-isw.yaml
      simulate cite configs/kursk-isw.yaml --format latex --prose -o figures.tex
      simulate cite configs/kursk-isw.yaml --words icd203 --interval 0.8

    FILE is a scenario, or a result: a folder that `run --out` wrote, or result.json or run.json in
    it, which is run again and must give the same values. The interval is a simulation interval,
    what write-ups loosely call a confidence interval. Words such as "likely" are given only with
    --words, with the scale named: ICD 203 of the US intelligence community, or the IPCC's.
    """
    from simulate.analysis.request import known_threshold
    from simulate.api.run import run_as
    from simulate.report.folder import check_new

    is_result = file != "-" and (_is_folder(file) or file.lower().endswith(".json"))
    loaded = None if is_result else load_of(file, **given)
    if target is not None:
        check_apart(_files(file) if loaded is None else loaded.read_files, target)
        check_new(target, force=force)
    elif force:
        raise click.UsageError("--force is for the file of -o FILE")
    if loaded is not None:
        known_threshold(threshold, loaded.scenario.thresholds)
    with request_of(**given) as request:
        result = _repeated(request, file, given) if loaded is None else run_as(request, loaded)
    text = result.cite(
        form,
        threshold=threshold,
        interval=interval,
        words=words,
        prose=prose,
        track_record=track_record,
    )
    deliver_text(text, target, force=force)
    warn(result.warnings)
    leave_unless_precise([result])


def _is_folder(file: str) -> bool:
    return os.path.isdir(file)  # noqa: PTH112  (unlike `Path.is_dir`, no error in a closed folder)


def _files(result: str) -> list[str | Path]:
    from simulate.report.data.run_files import RESULT, RUN

    folder = Path(result) if _is_folder(result) else Path(result).parent
    return [result, folder / RESULT, folder / RUN]


def _repeated(request: Request, file: str, given: dict[str, Any]) -> Result:
    """An earlier result, if it can be reproduced."""
    from simulate.api.reproduce import reproduce_as

    if any(given[name] not in (None, ()) for name in _NO_CHANGES):
        raise click.UsageError(
            "a result is cited as it is; options that change a run go with a scenario file"
        )
    found = reproduce_as(request, file)
    if not found.identical:
        click.echo(
            f"{found.name} could not be reproduced, so it is not cited; "
            f"to see what differs: simulate reproduce {found.name}",
            err=True,
        )
        click.get_current_context().exit(DIFFERENT)
    return found.result
