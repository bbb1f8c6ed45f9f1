"""`simulate cite`: the sentence, its note and a reference, as a document takes them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

import click

from simulate.cli import options
from simulate.cli.output import check_apart, deliver_text, leave_unless_precise, warn
from simulate.cli.reproduce import claims_in, files_of, is_result, repeated
from simulate.cli.request import load_of, request_of

if TYPE_CHECKING:
    from simulate.report.text.likelihood import Scale


@click.command()
@options.file
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "latex", "quarto", "bibtex", "csl"]),
    default="text",
    help="text by default; latex is a file of commands, quarto a _variables.yml, csl is CSL-JSON.",
)
@click.option(
    "--form",
    "only",
    type=click.Choice(["news", "paper"]),
    help="news: the sentence for a newspaper alone; paper: everything else.",
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
@click.option(
    "--days",
    type=click.IntRange(1),
    help="How many days ahead for --track-record, by default those to the median.",
)
@options.sampling
@options.workers
@options.override
@options.asking
@options.update
@options.target("Write to this file instead of standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file of -o.")
@options.debug
def cite(
    file: str,
    *,
    form: str,
    only: Literal["news", "paper"] | None,
    threshold: float | None,
    interval: float,
    words: Scale | None,
    prose: bool,
    track_record: bool,
    days: int | None,
    target: str | None,
    force: bool,
    **given: Any,
) -> None:
    """Print the sentence for a newspaper, the one for a paper, its note and a reference.

    \b
    Examples:
      simulate cite configs/kursk-isw.yaml
      simulate cite configs/kursk-isw.yaml --form news
      simulate cite configs/kursk-isw.yaml --format latex --prose -o figures.tex
      simulate cite configs/kursk-isw.yaml --words icd203 --interval 0.8

    FILE is a scenario, or a result: a folder that `run --out` wrote, or result.json or run.json in
    it, which is run again and must give the same values. The interval is a simulation interval,
    what write-ups loosely call a confidence interval. Words such as "likely" are given only with
    --words, with the scale named: ICD 203 of the US intelligence community, or the IPCC's.

    With "pooling: each", every claim has its own citation; latex and quarto take a single result,
    such as the folder results/claim-1.
    """
    from simulate.analysis.request import check_one_result, known_threshold
    from simulate.api.run import EACH_FORMATS, ClaimResults, run_parts
    from simulate.report.folder import check_new

    if only and form not in ("text", "markdown"):
        raise click.UsageError(f"--form is for text and markdown; {form} has both forms")
    if days and not track_record:
        raise click.UsageError("--days goes with --track-record")
    loaded = None if is_result(file) else load_of(file, **given)
    together = form in EACH_FORMATS
    folders = (loaded is None and together and claims_in(file)) or [(0, file)]
    if target is not None:
        past = chain.from_iterable(files_of(folder) for _, folder in folders)
        check_apart(past if loaded is None else loaded.read_files, target)
        check_new(target, force=force)
    elif force:
        raise click.UsageError("--force is for the file of -o FILE")
    if loaded is not None:
        if not together:
            check_one_result(loaded)
        known_threshold(threshold, loaded.scenario.thresholds)
    with request_of(**given) as request:
        if loaded is None:
            repeats = ((n, repeated(request, folder, given, "cited")) for n, folder in folders)
            results = ClaimResults.of(repeats)
        else:
            results = run_parts(request, loaded)
    text = results.cite(
        form,
        threshold=threshold,
        interval=interval,
        words=words,
        prose=prose,
        track_record=days or track_record,
        only=only or "",
    )
    deliver_text(text, target, force=force)
    warn(chain.from_iterable(result.warnings for result in results))
    leave_unless_precise(results)
