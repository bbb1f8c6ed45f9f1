"""`simulate report`: one file with the answer and all that it rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import check_apart, leave_unless_precise
from simulate.cli.request import load_of, request_of


@click.command()
@options.file
@click.option(
    "-o",
    "target",
    type=options.PATH,
    metavar="FILE",
    help="Where to: .html or .md; - prints HTML. By default the scenario's name, .html, here.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@options.sampling
@options.precision
@options.workers
@options.override
@options.asking
@options.debug
def report(
    file: str,
    *,
    target: str | None,
    force: bool,
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
    **given: Any,
) -> None:
    """Write the answer and all that it rests on as one file, to be sent or printed.

    \b
    Examples:
      simulate report configs/kursk-isw.yaml
      simulate report configs/kursk-isw.yaml -n 1M -o kursk.md

    The question, the answer, pictures, every input with its source and its share of the variance,
    claims, published dates, what would change the answer, all dates, warnings, what is left out,
    and how to repeat and cite it. The HTML page holds no script and loads nothing from elsewhere.
    """
    from simulate.api.report import name_of, report_text, result_of, suffix_of
    from simulate.report.folder import check_new, write_new
    from simulate.report.text.wording import visible

    to = name_of(file) if target is None else target
    suffix = ".html" if to == "-" else suffix_of(to)
    if to != "-":
        check_apart([file], to)
        check_new(to, force=force)
    loaded = load_of(file, by=by, levels=levels, **given)
    with request_of(**given) as request:
        result = result_of(request, loaded)
        text = report_text(result, suffix, request, by=by, levels=levels)
    if to == "-":
        click.echo(text, nl=False)
    else:
        write_new(to, text.encode("utf-8"), force=force)
        click.echo(f"wrote {visible(to)}", err=True)
    leave_unless_precise([result])
