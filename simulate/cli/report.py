"""`simulate report`: one file with the answer and all that it rests on."""

from __future__ import annotations

import datetime as dt

import click

from simulate.cli.options import (
    PATH,
    asking_options,
    debug_option,
    file_argument,
    override_option,
    precision_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import check_apart, leave_unless_precise


@click.command()
@file_argument
@click.option(
    "-o",
    "target",
    type=PATH,
    metavar="FILE",
    help="Where to: .html or .md; - prints HTML. By default the scenario's name, .html, here.",
)
@click.option("--force", is_flag=True, help="Let a file that is there be replaced.")
@sampling_options
@precision_option
@workers_options
@override_option
@asking_options
@debug_option
def report(
    file: str,
    *,
    target: str | None,
    force: bool,
    draws: int | None,
    seed: int | None,
    method: str | None,
    precision: float | None,
    workers: int | None,
    dask: str | None,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
) -> None:
    """Write the answer and all that it rests on as one file, to be sent or printed.

    \b
    Examples:
      simulate report configs/kursk-isw.yaml
      simulate report configs/kursk-isw.yaml -n 1M -o kursk.md

    The question, the answer, pictures, every input with its source and its share of the variance,
    claims, published dates, what would change the answer, all dates, warnings, what is left out,
    and how to repeat and cite it. The HTML page holds no script and asks for nothing from
    elsewhere.
    """
    import simulate
    from simulate.api.report import check_one, name_of, report_text, shows_strength, suffix_of
    from simulate.cli.progress import progress_bar
    from simulate.cli.workers import open_workers
    from simulate.report.folder import check_new, write_new
    from simulate.report.text.wording import visible

    to = name_of(file) if target is None else target
    suffix = ".html" if to == "-" else suffix_of(to)
    if to != "-":
        check_apart([file], to)
        check_new(to, force=force)
    loaded = simulate.load(file, overrides).asking(by=by, levels=levels)
    check_one(loaded.scenario)
    with open_workers(workers, dask) as at_work, progress_bar() as progress:
        result = simulate.run(
            loaded,
            draws=draws,
            seed=seed,
            method=method,
            precision=precision,
            workers=at_work.workers,
            executor=at_work.executor,
            progress=progress,
            strength=shows_strength(loaded.scenario),
        )
        options = [part for date in by for part in ("--by", date.isoformat())]
        options += [part for level in levels for part in ("--level", f"{level:.10g}")]
        text = report_text(result, suffix, workers=at_work, options=options, progress=progress)
    if to == "-":
        click.echo(text, nl=False)
    else:
        write_new(to, text.encode("utf-8"), force=force)
        click.echo(f"wrote {visible(to)}", err=True)
    leave_unless_precise([result.summary])
