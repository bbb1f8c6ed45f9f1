"""`simulate report`: one file with the answer and all that it rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import check_apart, deliver_text, leave_unless_precise
from simulate.cli.request import load_of, request_of


@click.command()
@options.file
@options.target(
    "Where to: .html or .md; - prints HTML. By default the scenario's name, .html, here."
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@options.sampling
@options.precision
@options.workers
@options.override
@options.asking
@options.update
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
    from simulate.report.folder import check_new
    from simulate.report.text.wording import visible

    to = None if target == "-" else target or name_of(file)
    suffix = ".html" if to is None else suffix_of(to)
    loaded = load_of(file, by=by, levels=levels, **given)
    if to is not None:
        check_apart(loaded.read_files, to)
        check_new(to, force=force)
    with request_of(**given) as request:
        result = result_of(request, loaded)
        text = report_text(result, suffix, request, by=by, levels=levels)
    deliver_text(text, to, force=force)
    if to is not None:
        click.echo(f"wrote {visible(to)}", err=True)
    leave_unless_precise([result])
