"""`simulate schema`: JSON Schema for editors."""

from __future__ import annotations

import json

import click

from simulate.cli import options


@click.command()
@options.debug
def schema() -> None:
    """Print the JSON Schema of scenario files.

    \b
    Example:
      simulate schema > simulate.schema.json

    An editor with the YAML language server then completes and checks a scenario whose first line is
    "# yaml-language-server: $schema=simulate.schema.json".
    """
    from simulate.scenario.json_schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
