"""What the sentence says of a rate that changes on a date."""

from __future__ import annotations

from typing import Any

import pytest

import simulate
from tests.cases import uniform

FUND: dict[str, Any] = {
    "title": "Rental assistance",
    "unit": "million dollars",
    "wording": "fund",
    "force": {"size": 90, "as_of": "2025-06-30"},
    "losses": {"rate": 6, "per": "month"},
}


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (1.2, "rising by 20 % on 1 August 2025"),
        (0.9, "falling by 10 % on 1 August 2025"),
        (0.5, "halving on 1 August 2025"),
        (2, "doubling on 1 August 2025"),
        (uniform(1.2, 1.4), "rising by 20 to 40 % on 1 August 2025"),
        (uniform(1.1, 1.5), "rising by 10 to 50 % on 1 August 2025"),
        (uniform(0.8, 1.3), "changing to 80 to 130 % of its pace on 1 August 2025"),
    ],
)
def test_a_step_is_in_the_sentence(factor: Any, said: str) -> None:
    steps = [{"date": "2025-08-01", "factor": factor}]
    result = simulate.run({**FUND, "rate": {"steps": steps}}, draws=4096)
    assert f", {said}, the whole fund" in " ".join(str(result.cite()).split())


def test_two_steps_are_in_the_order_of_time() -> None:
    later = {"date": uniform("2025-10-01", "2025-11-01"), "factor": 0.9}
    steps = [later, {"date": "2025-08-01", "factor": 1.2}]
    result = simulate.run({**FUND, "rate": {"steps": steps}}, draws=4096)
    said = "rising by 20 % on 1 August 2025 and falling by 10 % in October 2025"
    assert f", {said}, the whole fund" in " ".join(str(result.cite()).split())


def test_a_step_after_the_end_is_not_said() -> None:
    steps = [{"date": "2029-08-01", "factor": 2}]
    result = simulate.run({**FUND, "rate": {"steps": steps}}, draws=4096)
    assert "doubling" not in str(result.cite())
