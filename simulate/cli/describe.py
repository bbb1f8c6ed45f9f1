"""`simulate describe`: what a scenario says of each input."""

from __future__ import annotations

import json

import click

from simulate.cli.options import debug_option, file_argument, json_option, override_option
from simulate.cli.output import tell_warnings


@click.command()
@file_argument
@override_option
@json_option
@debug_option
def describe(file: str, *, overrides: tuple[str, ...], as_json: bool) -> None:
    """Show each input of a scenario as it was understood. Nothing is sampled.

    \b
    Example:
      simulate describe configs/kursk-isw.yaml
    """
    import simulate
    from simulate.analysis.inputs import describe_inputs, pooling_words
    from simulate.report.data.json_document import encoded
    from simulate.report.pages.inputs import inputs_page
    from simulate.report.render.terminal import print_document
    from simulate.scenario.warnings import possible_warnings

    loaded = simulate.load(file, overrides)
    described = describe_inputs(loaded.scenario)
    warnings = possible_warnings(loaded.scenario)
    if as_json:
        tell_warnings(warnings)
        click.echo(json.dumps([encoded(item) for item, _ in described], indent=2, allow_nan=False))
    else:
        pooling = pooling_words(loaded.scenario.losses)
        title = loaded.scenario.title
        print_document(inputs_page(title, described, pooling=pooling, warnings=warnings))
