"""Scenarios of everything at once that a road beyond the closed form takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from simulate.scenario.model import Scenario
from tests.cases import AS_OF, scenario, uniform

AS_OFS = (AS_OF, uniform("2024-12-28", "2025-01-20"))


def spread(draw: st.DrawFn, low: float, high: float) -> Any:
    """A number or a uniform law between limits."""
    one, other = sorted((draw(st.floats(low, high)), draw(st.floats(low, high))))
    return draw(st.sampled_from([one, uniform(one, other + 0.01)]))


def mixture(
    draw: st.DrawFn,
    rate: dict[str, Any],
    *,
    returns: bool = True,
    as_ofs: Sequence[Any] = AS_OFS,
    **more: Any,
) -> Scenario:
    """Beside a rate and other blocks; where `returns`, also men who return and move no date."""
    if draw(st.booleans()):
        rate["multiplier"] = spread(draw, 0.3, 2)
    if draw(st.booleans()):
        rate["trend_per_week"] = spread(draw, -0.05, 0.1)
    if rate:
        more["rate"] = rate
    more["counting"] = draw(st.sampled_from(["casualties", "strength"]))
    dates = ["2025-01-25", "2025-03-20", "2025-05-10"]
    more["pauses"] = [
        {"start": date, "days": spread(draw, 0.5, 40), "intensity": spread(draw, 0, 1.5)}
        for date in dates[: draw(st.integers(0, 3))]
    ]
    if draw(st.integers(0, 2)) == 0:
        more["force"] = {"as_of": uniform("2024-11-20", "2025-06-01")}
    else:
        if draw(st.booleans()):
            more["prelude"] = {"start": "2024-11-05", "intensity": spread(draw, 0, 0.5)}
        more["reinforcements"] = [
            {"date": uniform("2024-12-20", "2025-06-30"), "size": spread(draw, 0, 6000)}
            for _ in range(draw(st.integers(0, 3)))
        ]
        if returns and more["counting"] == "casualties" and draw(st.booleans()):
            more["wounded"] = {
                "share": spread(draw, 0.2, 0.9),
                "return_share": spread(draw, 0.2, 0.9),
                "return_days": spread(draw, 5, 90),
                "stages": draw(st.integers(1, 4)),
            }
    if draw(st.booleans()):
        more["ends"] = [
            {"label": "peace", "date": uniform("2024-12-10", "2025-11-30"), "probability": 0.6}
        ]
    return scenario(
        spread(draw, 1000, 6000),
        draw(st.just(uniform(5000, 7000))) if draw(st.booleans()) else spread(draw, 6100, 15000),
        as_of=draw(st.sampled_from(as_ofs)),
        thresholds=draw(st.sampled_from([[1.0], [0.3, 0.5, 0.9, 1.0], [0.35, 0.6]])),
        horizon=draw(st.sampled_from([100, 400])),
        **more,
    )
