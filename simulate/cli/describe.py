"""`simulate describe`: each input of a scenario."""

from __future__ import annotations

import json
from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import warn
from simulate.cli.request import load_of


@click.command()
@options.file
@options.override
@options.json
@options.debug
def describe(file: str, *, as_json: bool, **given: Any) -> None:
    """Show each input of a scenario as it was understood. Nothing is sampled.

    \b
    Example:
      simulate describe configs/kursk-isw.yaml
    """
    from simulate.analysis.inputs import describe_inputs, remarks
    from simulate.report.data.json_document import encoded
    from simulate.report.pages.inputs import inputs_page
    from simulate.report.render.terminal import print_document
    from simulate.scenario.warnings import possible_warnings

    scenario = load_of(file, **given).scenario
    described, warnings = describe_inputs(scenario), possible_warnings(scenario)
    if as_json:
        warn(warnings)
        click.echo(json.dumps([encoded(item) for item, _ in described], indent=2, allow_nan=False))
    else:
        title, words = scenario.title, scenario.wording.words
        notes = {"remarks": remarks(scenario), "warnings": warnings}
        print_document(inputs_page(title, described, words, unit=scenario.unit, **notes))
