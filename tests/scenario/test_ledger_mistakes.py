"""What is refused of several claims, each with its place and a way out."""

from __future__ import annotations

import jsonschema
import pytest

from simulate.scenario.claims import MOST_CLAIMS
from simulate.scenario.json_schema import json_schema
from simulate.scenario.yaml_source import parse
from tests.scenario.mistakes import message, refused
from tests.scenario.test_ledger import FULL, changed, losses, scenario

VALIDATOR = jsonschema.Draft7Validator(json_schema())


def test_the_schema_accepts_it_all() -> None:
    assert not list(VALIDATOR.iter_errors(parse(FULL, "f").tree))


HEAD = "title: T\nforce: {size: 9}\n"
COUNT_3800 = "{count: 3800, as_of: 2025-01-04, counts: killed}"
REFUSED = {
    "count beside claims": (
        changed("  pooling: quantile", "  count: 3000"),
        "5:10: losses has both count and claims",
        "give either claims, or count and as_of; each claim has its own count",
    ),
    "date beside claims": (
        changed("  pooling: quantile", "  as_of: 2025-01-01"),
        "5:10: losses has both as_of and claims",
        "give either claims, or count and as_of; each claim has its own as_of",
    ),
    "pooling without claims": (
        f"{HEAD}losses: {{start: 2024-12-06, count: 3, as_of: 2025-01-01, pooling: linear}}",
        "3:67: losses has pooling but no claims",
        "list the counts under claims, or leave pooling out",
    ),
    "no claims": (
        f"{HEAD}losses: {{start: 2024-12-06, claims: []}}",
        "3:37: losses.claims must not be empty",
        "list at least one claim, or give count and as_of instead",
    ),
    "flows only": (
        f"{HEAD}losses: {{start: 2024-12-06, claims: [{{count: 3, as_of: 2025-01-01, days: 7}}]}}",
        "3:37: losses needs a total: a flow gives the pace, not the number",
        "give force.as_of, the date on which force.size was there, or a claim without days",
    ),
    "a weight for a flow": (
        changed("days: 7", "days: 7\n      weight: 1"),
        "18:15: losses has a weight in claims[2], which is a flow beside totals, not pooled",
        "leave out weight, or days if it is a total",
    ),
    "weight zero": (
        changed("weight: 2", "weight: 0"),
        "12:15: losses.claims[0].weight must be greater than 0 (found 0)",
    ),
    "negative days": (
        changed("days: 7", "days: -7"),
        "17:13: losses.claims[2].days must be greater than 0 (found -7)",
    ),
    "uncertain days": (
        changed("days: 7", "days: {distribution: uniform, low: 5, high: 7}"),
        "17:13: losses.claims[2].days must be a number (found a mapping)",
        "for instance 45",
    ),
    "another kind": (
        changed("counts: killed", "counts: dead"),
        (
            "14:48: losses.claims[1].counts must be 'all', 'killed', 'wounded' or "
            "'captured' (found the text \"dead\")"
        ),
    ),
    "another word": (
        changed("qualifier: about", "qualifier: roughly"),
        (
            "11:18: losses.claims[0].qualifier must be 'at_least', 'more_than' or "
            "'about' (found the text \"roughly\")"
        ),
    ),
    "a slip": (
        changed("weight: 2", "weights: 2"),
        "12:7: unknown key losses.claims[0].weights",
        "did you mean losses.claims[0].weight?",
    ),
    "published before": (
        changed("published: 2025-01-13", "published: 2025-01-05"),
        "10:18: losses.claims[0].published, 2025-01-05, is before as_of in every simulation",
        "as_of is the day the count runs up to, published the day it was announced",
    ),
    "as_of at the start": (
        changed("as_of: 2025-01-04", "as_of: 2024-12-06"),
        "14:28: losses.claims[1].as_of is not after losses.start in any simulation",
        "the count must be later than the day the losses began",
    ),
    "a flow before the start": (
        changed("as_of: 2024-12-27", "as_of: 2024-12-06"),
        "16:14: losses.claims[2].as_of is not after losses.start in any simulation",
        "the count must be later than the day the losses began",
    ),
    "as_of after the horizon": (
        changed("horizon: 2026-01-01", "horizon: 2025-01-07"),
        "19:28: losses.claims[3].as_of is after the horizon, 2025-01-07, in every simulation",
        "make the horizon later, or leave the claim out",
    ),
    "outside the calendar": (
        changed("as_of: 2025-01-09", "as_of: {distribution: normal, mean: 2025-01-09, sd: 999999}"),
        "19:28: losses.claims[3].as_of can fall outside the years 100 to 9899",
        "cut it off with min and max",
    ),
    "above the force": (
        changed("count: 3800", "count: 12001"),
        "14:15: losses.claims[1].count is above force.size in every simulation",
        "force.size includes what was lost before; for what was present on a date give force.as_of",
    ),
    "no losses": (
        changed("count: 3800", "count: 0"),
        "14:15: losses.claims[1].count must be above 0",
    ),
    "a correlation of one claim": (
        FULL + "correlations: [{inputs: ['losses.claims[0].count', force.size], rank: 0.5}]\n",
        "21:25: losses.claims[0].count is not an uncertain input",
        "all claims share their random numbers: name losses.count or losses.as_of",
    ),
    "a correlation of the choice": (
        changed("{distribution: uniform, low: 2025-01-06, high: 2025-01-13}", "2025-01-06")
        + "correlations: [{inputs: [losses.as_of, force.size], rank: 0.5}]\n",
        "21:25: losses.as_of is not an uncertain input",
        "it is fixed in every claim; the choice of claim cannot be correlated",
    ),
}
STRUCTURE = (
    *("count beside claims", "date beside claims", "pooling without claims", "no claims"),
    *("weight zero", "negative days", "uncertain days", "another kind", "another word", "a slip"),
)


@pytest.mark.parametrize("name", REFUSED)
def test_mistakes_are_reported_with_their_place(name: str) -> None:
    refused(*REFUSED[name])
    # Relations between values are beyond a schema.
    assert any(VALIDATOR.iter_errors(parse(REFUSED[name][0], "f").tree)) == (name in STRUCTURE)


NEARLY = {
    "published on the day": changed("published: 2025-01-13", "published: 2025-01-06"),
    "a day after the start": changed("as_of: 2025-01-04", "as_of: 2024-12-07"),
    "up to the horizon": changed("horizon: 2026-01-01", "horizon: 2025-01-09"),
    "the whole force": changed("count: 3800", "count: 12000"),
    "half a day": changed("days: 7", "days: 0.5"),
}


@pytest.mark.parametrize("text", NEARLY.values(), ids=NEARLY)
def test_what_only_just_holds_is_accepted(text: str) -> None:
    scenario(text)
    assert not list(VALIDATOR.iter_errors(parse(text, "f").tree))


@pytest.mark.parametrize("more", [0, 1])
def test_the_number_of_claims_is_limited(more: int) -> None:
    one = f"    - {COUNT_3800}\n"
    head = "title: T\nforce: {size: 12000}\nlosses:\n  start: 2024-12-06\n  claims:\n"
    text = head + one * (MOST_CLAIMS + more)
    if more:
        assert "must not have more than 500 entries" in message(text)
    else:
        assert len(losses(text).shares) == MOST_CLAIMS
