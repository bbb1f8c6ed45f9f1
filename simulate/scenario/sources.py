"""Where the value of an input comes from: its own source, or that of the block around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulate.scenario.model import Scenario
from simulate.scenario.values import Sourced

_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of where something comes from; each may be empty."""

    source: str = ""
    url: str = ""
    notes: str = ""


def said_of(scenario: Scenario, name: str) -> Said:
    """Source, address and notes of an input, from the nearest block on its path that has them."""
    value: object = scenario
    said = Said()
    for step in _STEP.findall(name):
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
        if isinstance(value, Sourced):
            said = _nearer(value, said)
    return said


def _nearer(block: Sourced, above: Said) -> Said:
    # An address belongs to the source it was given with.
    url = block.url or ("" if block.source else above.url)
    return Said(block.source or above.source, url, block.notes or above.notes)
