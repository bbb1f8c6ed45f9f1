import datetime as dt
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from simulate.analysis.summary import Summary
from simulate.analysis.values import Instant, Quantile, ValueQuantile
from simulate.report.data.json_document import document, dumps, encoded
from tests.report import factory

KEYS = {
    "schema_version",
    "scenario",
    "run",
    "unit",
    "origin",
    "horizon",
    "rate",
    "outcomes",
    "inputs",
    "warnings",
}
OUTCOME_KEYS = {
    "threshold",
    "counting",
    "depleted_probability",
    "depleted_mc_error",
    "never",
    "already_passed_probability",
    "already_passed_mc_error",
    "restricted_mean_days",
    "restricted_mean_mc_error_days",
    "median",
    "quantiles",
    "intervals",
    "by",
    "published",
    "histogram",
}


def refuse(constant: str) -> Any:
    raise AssertionError(constant)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_the_text_is_valid_json_and_comes_back_as_the_document(make: Callable[[], Summary]) -> None:
    summary = make()
    text = dumps(document(summary))
    found = json.loads(text, parse_constant=refuse)
    assert found == document(summary)
    assert set(found) == (KEYS if summary.pooled is None else KEYS | {"ledger"})
    assert all(set(outcome) == OUTCOME_KEYS for outcome in found["outcomes"])
    assert text == dumps(document(make()))
    assert text.isascii()
    assert text.endswith("}\n")
    assert all(isinstance(leaf, str | int | float | bool | None) for leaf in leaves(found))


def test_the_form_of_a_type_holds_for_its_subclasses_and_in_any_nesting() -> None:
    class Sub(Instant, frozen=True):
        pass

    day = dt.date(2025, 4, 15)
    none = Sub(None, None, math.inf, "beyond_horizon")
    expected = {"day": None, "date": None, "mc_error_days": None, "beyond_horizon": True}
    assert encoded({"a": [none, (day, math.nan)]}) == {"a": [expected, ["2025-04-15", None]]}
    found = encoded([Quantile(0.5, none), ValueQuantile(0.5, day)])
    assert found == [{"level": 0.5, **expected}, {"level": 0.5, "value": "2025-04-15"}]
    gap = Instant(3.0, day, None, gap=(day, None))
    assert encoded(gap)["gap"] == ["2025-04-15", None]


def test_days_keep_their_full_precision_and_dates_are_iso() -> None:
    summary = factory.flagship(2048)
    at = summary.outcomes[2].quantiles[0].at
    found = json.loads(dumps(document(summary)))["outcomes"][2]["quantiles"][0]
    assert found["day"] == at.day
    assert dt.date.fromisoformat(found["date"]) == at.date
    assert set(found) == {"level", "day", "date", "mc_error_days"}


def test_missing_moments_say_why() -> None:
    never = document(factory.few_depleted())["outcomes"][0]["quantiles"][0]
    assert never["date"] is None
    assert never["day"] is None
    assert never["beyond_horizon"] is True
    few = document(factory.eight_draws())["outcomes"][0]["quantiles"][0]
    assert few["date"] is None
    assert few["too_few_draws"] is True


def test_a_number_that_is_not_finite_becomes_null() -> None:
    summary = factory.one_day()
    outcome = replace(summary.outcomes[0], restricted_mean_days=math.inf)
    odd = replace(summary, outcomes=(outcome,), rate=replace(summary.rate, mean=math.nan))
    found = json.loads(dumps(document(odd)), parse_constant=refuse)
    assert found["outcomes"][0]["restricted_mean_days"] is None
    assert found["rate"]["mean"] is None


@pytest.mark.parametrize("name", factory.HOSTILE_TITLES)
def test_free_text_comes_back_unchanged(name: str) -> None:
    title = factory.HOSTILE_TITLES[name]
    assert json.loads(dumps(document(factory.hostile(title))))["scenario"]["title"] == title


def test_histogram_edges_enclose_the_probabilities() -> None:
    histogram = document(factory.with_never())["outcomes"][0]["histogram"]
    assert len(histogram["edges"]) == len(histogram["probability"]) + 1


def test_strength_and_later_counts_exist_where_requested() -> None:
    assert not {"strength", "observed"} & set(document(factory.flagship(2048)))
    found = json.loads(dumps(document(factory.strength())), parse_constant=refuse)
    assert set(found) == KEYS | {"strength", "observed"}
    strength = found["strength"]
    assert set(strength) == {"dates", "present", "lost", "claims"}
    assert [band["level"] for band in strength["lost"]] == list(factory.LEVELS)
    for band in (*strength["present"], *strength["lost"]):
        assert len(band["values"]) == len(band["mc_errors"]) == len(strength["dates"])
    assert strength["claims"][0]["count"] == 3800.0
    (check,) = found["observed"]
    assert set(check) == {"label", "date", "source", "reported", "simulated"}
    assert [at["point"] for at in check["reported"]] == [0.05, 0.5, 0.95]
