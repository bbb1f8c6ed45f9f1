"""The singular of a scenario's unit."""

from __future__ import annotations

import pytest

from simulate.scenario.nouns import all_of, one_of, units


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("tanks", "tank"),
        ("batteries", "battery"),
        ("boxes", "box"),
        ("buses", "bus"),
        ("horses", "horse"),
        ("T-90s", "T-90"),
        ("fishermen", "fisherman"),
        ("people", "person"),
        ("vehicles of all kinds", "vehicle of all kinds"),
        ("tanks destroyed", "tank destroyed"),
        *(
            (same, same)
            for same in ("troops", "aircraft", "gas", "glass", "GPS", "corps", "series")
        ),
        ("per cent of capacity", "per cent of capacity"),
    ],
)
def test_one_of_several(unit: str, one: str) -> None:
    assert one_of(unit) == one
    assert all_of(f"X {unit}") == ("the whole" if one == unit else "all of the")
    assert units("1", unit) == f"1 {one}"
    assert units("about 1", unit) == f"about 1 {one}"
    for more in ("11", "1.1", "about 21", "0 to 1", "1 million"):
        assert units(more, unit) == f"{more} {unit}"
