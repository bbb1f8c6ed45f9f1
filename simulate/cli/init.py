"""`simulate init`: a scenario to start from."""

from __future__ import annotations

import click

from simulate.cli.options import debug_option


@click.command()
@click.argument("file", required=False, type=click.Path())
@click.option("--force", is_flag=True, help="Replace the file if there is one.")
@debug_option
def init(file: str | None, *, force: bool) -> None:
    """Write a commented scenario to start from, or print it where no file is named.

    \b
    Example:
      simulate init claim.yaml
      simulate run claim.yaml
    """
    from importlib.resources import files

    text = files("simulate.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")
    if file is None:
        click.echo(text, nl=False)
        return
    from simulate.report.atomic import write_new

    write_new(file, text.encode(), force=force)
    click.echo(f"wrote {file}; next: simulate run {file}")
