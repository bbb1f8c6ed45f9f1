"""Where an input comes from."""

from __future__ import annotations

from typing import Any

from simulate.scenario.inputs import Said
from simulate.scenario.loader import load_mapping

TREE: dict[str, Any] = {
    "title": "t",
    "notes": "of the scenario",
    "force": {
        "size": {"distribution": "uniform", "low": 1, "high": 2, "source": "a", "notes": "n"},
        "source": "b",
        "url": "https://b",
    },
    "losses": {
        "start": "2024-12-01",
        "source": "c",
        "url": "https://c",
        "claims": [{"count": 1, "as_of": "2024-12-20", "source": "d", "url": "https://d"}],
    },
}


def test_the_nearest_block_that_says_it() -> None:
    scenario = load_mapping(TREE).scenario
    # The address of the block above belongs to another source.
    assert scenario.said_of("force.size") == Said("a", "", "n")
    assert scenario.said_of("losses.start") == Said("c", "https://c", "")
    assert scenario.said_of("losses.claims[0].count") == Said("d", "https://d", "")


def test_a_pooled_input_has_the_sources_of_its_claims() -> None:
    claims = [*TREE["losses"]["claims"], {"count": 2, "as_of": "2024-12-21", "source": "e"}]
    scenario = load_mapping({**TREE, "losses": {**TREE["losses"], "claims": claims}}).scenario
    for name in ("losses.count", "losses.as_of"):
        assert scenario.said_of(name) == Said("losses.claims[0], losses.claims[1]")
