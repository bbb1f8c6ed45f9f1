"""`simulate merge`: the result of a run that was done in parts."""

from __future__ import annotations

from typing import Any

import click

from simulate.cli.options import debug_option
from simulate.cli.output import Output, output_options


@click.command()
@click.argument(
    "parts", metavar="PART...", nargs=-1, required=True, type=click.Path(dir_okay=False)
)
@output_options
@debug_option
def merge(parts: tuple[str, ...], **outputs: Any) -> None:
    """Put together the parts that `simulate run --shard` wrote, and print the result.

    \b
    Example, on as many machines as there are parts:
      simulate run configs/kursk-isw.yaml -n 64M --shard 1/2 -o part1.json
      simulate run configs/kursk-isw.yaml -n 64M --shard 2/2 -o part2.json
      simulate merge part*.json --out results

    The result is that of the whole run, to the last digit. The parts hold the scenario, so its
    file is not needed. Parts that are missing, named twice or of another run are refused.
    """
    from simulate.batch import merge as merged

    output = Output(**outputs)
    order, results = merged(parts)
    folders = output.folders([order.loaded], [order.loaded.file])
    output.put([order.loaded], results, folders)
    output.leave_unless_precise(results)
