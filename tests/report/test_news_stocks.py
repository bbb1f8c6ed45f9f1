"""The sentence for a newspaper on stocks: a part that can be used, what is left, what may come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import uniform
from tests.report.test_news import COUNT, RATE, STOCK, said


@pytest.mark.parametrize(
    ("threshold", "force", "words"),
    [
        (1.0, {}, "all of the usable missiles in store, 75 to 85 % of 3,000 missiles, would be"),
        (0.5, {}, "half of the usable missiles in store, 75 to 85 % of 3,000 missiles, would be"),
        # 1,800 of 2,400 at 200 a month, for nine months from 22 January 2026.
        ({"left": 600}, {}, "3,000 missiles, would fall to 600 missiles around 22 October 2026;"),
        (1.0, {"floor": 600}, "the usable missiles in store would fall from about 2,400 to 600 mi"),
    ],
)
def test_what_can_be_used_is_a_part_of_the_stock(threshold: Any, force: Any, words: str) -> None:
    stock = {**STOCK, "usable": uniform(0.75, 0.85), **force}
    of: dict[str, Any] = {"wording": {"preset": "stock", "whole": "missiles in store"}}
    found = said(**of, unit="missiles", force=stock, losses=RATE, thresholds=[threshold])
    assert words in found
    part = said(wording={"preset": "stock", "whole": "Iskanders"}, force=stock, losses=RATE)
    assert "usable part of Iskanders" in part


@pytest.mark.parametrize(
    ("wording", "first", "second", "words"),
    [
        ("force", 50_000, 10_000, "the rest of the force, 10,000 of 50,000, would be lost by"),
        ("fund", 113.5, 37.5, "the rest of the fund, 37.5 of 113.5 billion dollars, would be"),
        (
            {"preset": "stock", "whole": "missiles in store"},
            *(uniform(90, 95), 40, "the rest of the missiles in store, 40 of 90 to 95 billion d"),
        ),
        (
            {"preset": "fund", "whole": "National Welfare Fund"},
            *(113.5, 37.5, "the rest of the National Welfare Fund, 37.5 of 113.5 billion doll"),
        ),
    ],
)
def test_of_a_stock_counted_twice_the_rest_is_left(
    wording: Any, first: Any, second: Any, words: str
) -> None:
    july = {"distribution": "uniform", "low": "2022-07-01", "high": "2022-08-01"}
    counts = [{"date": july, "size": first}, {"date": "2023-01-23", "size": second}]
    force = {"counts": counts, "source": "Olga Romanova, 23 January 2023"}
    found = said(wording=wording, unit="billion dollars", force=force)
    assert f"figures from Olga Romanova for July 2022 and 23 January 2023, {words}" in found
    left = said(wording=wording, unit="billion dollars", force=force, thresholds=[{"left": 5}])
    assert f"{words.partition(', ')[0]}, " in left


def test_a_pledge_that_may_not_come_parts_the_dates() -> None:
    size = {"distribution": "discrete", "values": [0, 1000], "weights": [1, 1]}
    words = said(
        wording="stock",
        force=STOCK,
        losses={"rate": uniform(190, 210), "per": "month"},
        reinforcements=[{"date": "2026-06-01", "size": size}],
    )
    assert words.startswith(
        "At 190 to 210 units a month from 22 January 2026 on, "
        "with a 50 % chance of 1,000 more on 1 June 2026, the whole "
        "stock of 3,000 units would be gone either between "
    )
    assert words.count(" of simulations") == 1
    assert "around" not in words
    assert "(48 %)." in words


@pytest.mark.parametrize(
    ("parts", "weights", "words"),
    [
        ([0, 1000], [1, 4], "with an 80 % chance of 1,000 more on 1 June 2026, "),
        ([0, 1000], [41, 9], "with an 18 % chance of 1,000 more on 1 June 2026, "),
        ([1000, 0], [7, 3], "with a 70 % chance of 1,000 more on 1 June 2026, "),
        ([0, 500, 1000], [3, 1, 1], "with up to 1,000 more, if at all, on 1 June 2026, "),
        ([0, uniform(500, 700)], [2, 1], "with a 33 % chance of about 600 more on 1 June 2026, "),
    ],
)
def test_an_amount_that_comes_whole_or_not_at_all(
    parts: list[Any], weights: list[int], words: str
) -> None:
    """Also as a mixture of fixed values."""
    laws = [("mixture", "components")]
    laws += [("discrete", "values")] * all(isinstance(part, int) for part in parts)
    for family, key in laws if len(parts) == 2 else laws[1:]:
        size = {"distribution": family, key: parts, "weights": weights}
        pledge = [{"date": "2026-06-01", "size": size}]
        assert words in said(wording="stock", force=STOCK, losses=RATE, reinforcements=pledge)


def test_a_name_that_begins_with_a_part_is_a_name() -> None:
    """Nothing is read out of the words of a scenario."""
    for whole in ("rest of the army", "usable reserve"):
        wording, losses = {"preset": "force", "whole": whole}, {**COUNT, "count": 100}
        found = said(wording=wording, force={"size": 500, "floor": 50}, losses=losses)
        assert f"the {whole} of 500 would fall to 50 " in found
        one = said(wording=wording, force={"size": 500}, losses=losses)
        assert f"the whole {whole} of 500 would be lost" in one
