"""Draws weighted by reports: the likelihood, whole weights, and losses kept draw by draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

from simulate.engine.evidence import ONE, WeightedTally, likelihood, orthant, weights
from simulate.engine.run import passages, run_plan, run_tasks
from simulate.engine.strength import Seen
from simulate.engine.tally import Tally, add_part
from simulate.engine.workers import Workers
from simulate.scenario.arrays import Ints
from simulate.scenario.evidence import Reports, reports_of
from tests.cases import COUNT, SIZE, image, lognormal, plan, scenario, uniform

RNG = np.random.default_rng(20250601)


def report(losses: Any, date: str = "2025-03-06", **more: Any) -> dict[str, Any]:
    return {"label": "R", "date": date, "losses": losses, "evidence": True, **more}


def reports(*found: dict[str, Any], **errors: float) -> Reports:
    return reports_of(scenario(COUNT, observed=list(found), evidence=errors))


# --- likelihood ---


def test_errors_are_shared_by_source_and_by_all() -> None:
    three = reports(
        report(4000, source="A"),
        report(5000, source="B"),
        report(4100, source="A", qualifier="at_least"),
        report(7000),
        report(7000),
        error=0.05,
        source_bias=0.2,
        common_bias=0.1,
    )
    own, source, common = 0.0025, 0.04, 0.01
    expected = np.full((5, 5), common) + np.diag(np.full(5, own + source))
    expected[0, 2] = expected[2, 0] = source + common
    np.testing.assert_allclose(three.covariance, expected, rtol=1e-14)
    np.testing.assert_allclose(three.logs, np.log([4000, 5000, 4100, 7000, 7000]), rtol=1e-15)
    assert three.bounds.tolist() == [False, False, True, False, False]


def test_a_range_adds_the_spread_of_its_logarithm() -> None:
    law = lognormal(4000, 6000)
    one = reports(report(law), error=0.05, source_bias=0, common_bias=0)
    sd = np.log(1.5) / (2 * stats.norm.ppf(0.95))
    assert one.logs[0] == pytest.approx(np.log(np.sqrt(4000 * 6000)), rel=1e-9)
    # 512 middles of equal shares lack the outermost tails of the variance.
    assert one.covariance[0, 0] == pytest.approx(0.0025 + sd**2, rel=3e-3)


def test_points_against_the_normal_density() -> None:
    """The slow twin: SciPy's density, relative to its largest value."""
    three = reports(report(4000, source="A"), report(5000, source="B"), report(4700, source="A"))
    lost = np.exp(RNG.normal(np.log(4500), 0.2, (3, 200)))
    normal = stats.multivariate_normal(np.zeros(3), three.covariance)
    errors = (three.logs[:, np.newaxis] - np.log(lost)).T
    expected = normal.pdf(errors) / normal.pdf(np.zeros(3))
    np.testing.assert_allclose(likelihood(three, lost), expected, rtol=1e-9)
    assert likelihood(three, np.exp(three.logs)[:, np.newaxis]) == pytest.approx(1.0)


def test_who_lost_nothing_does_not_fit() -> None:
    for qualifier in ("at_least", "about"):
        one = reports(report(4000, qualifier=qualifier))
        assert likelihood(one, np.array([[0.0, 4000.0]]))[0] == 0.0


def test_a_bound_is_conditional_on_the_points() -> None:
    two = reports(report(4000, source="A"), report(5000, source="A", qualifier="at_least"))
    lost = np.array([[4400.0], [4500.0]])
    errors = two.logs - np.log(lost[:, 0])
    # Simulate what the page says: errors of both, of which the first is known.
    (v, c), (_, w) = two.covariance
    mean, sd = errors[0] * c / v, np.sqrt(w - c * c / v)
    expected = np.exp(-0.5 * errors[0] ** 2 / v) * stats.norm.sf(errors[1], mean, sd)
    assert likelihood(two, lost)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("k", "within"), [(1, 1e-14), (2, 1e-3), (3, 2e-3), (10, 1e-2)])
def test_several_limits_at_once(k: int, within: float) -> None:
    """Against SciPy's integral; the bounds of one source are as correlated as here."""
    covariance = np.full((k, k), 0.02) + 0.0025 * np.eye(k)
    covariance[0, 1:] -= 0.01
    covariance[1:, 0] -= 0.01
    limits = RNG.normal(0.05, 0.15, (k, 20))
    # SciPy's own error, 1e-5, matters for several limits only; one is exact there too.
    normal = stats.multivariate_normal(np.zeros(k), covariance)
    expected = [normal.cdf(column) for column in limits.T]
    root = np.linalg.cholesky(covariance).astype(np.float64)
    found = orthant(limits, root)
    np.testing.assert_allclose(found, expected, atol=within)


def test_weights_are_whole_and_at_most_one() -> None:
    found = weights(np.array([1.0, 0.5, 2.0**-40, 2.0**-42, 0.0]))
    assert found.tolist() == [2**40, 2**39, 1, 0, 0]


# --- tallies ---

ROTATION = {"line_days": 20, "rest_days": 10, "return_intensity": uniform(0.5, 1.0)}
WOUNDED = {"share": 0.7, "return_share": 0.5, "return_days": 30}
ROADS: dict[str, dict[str, Any]] = {
    "straight": {},
    "bent": {"rate": {"multiplier": lognormal(0.5, 2)}},
    "drift": {"rate": {"reference": {"class": "unit"}}},
    "events": {"rotation": ROTATION},
    "returns": {"rotation": ROTATION, "wounded": WOUNDED},
    "daily": {
        "rate": {"drift": {"sd": 0.3, "correlation_days": 20}},
        "wounded": WOUNDED,
        "counting": "strength",
    },
    "ended": {"ends": [{"label": "E", "date": uniform("2025-02-01", "2025-06-01")}]},
}


class Kept:
    """A recorder that keeps what each draw lost, in its own row."""

    losses_only = True

    def __init__(self, times: tuple[float, ...], n: int) -> None:
        self.times, self.lost = times, np.full((len(times), n), np.nan)

    def note(self, moments: Any, seen: Seen, *, rows: Any = slice(None), **_: Any) -> None:
        self.lost[moments, rows] = seen.lost


@pytest.mark.parametrize("road", ROADS)
def test_losses_are_those_of_the_same_draw(road: str) -> None:
    """A draw has passed {lost: 6000} by a report exactly if 6,000 are lost in it by then."""
    of = scenario(COUNT, SIZE, thresholds=[{"lost": 6000}], **ROADS[road])
    ready = plan(of, draws=2048)
    times = (70.0, 84.0, 120.0)
    tasks = tuple(ready.design.tasks[:3])
    kept = [Kept(times, ready.design.points) for _ in tasks]
    ((_, passage),) = (
        list(passages(ready, tasks, kept))
        if ready.road in GROUPED
        else [next(iter(passages(ready, tasks[:1], kept[:1])))]
    )
    n = ready.design.points
    for i, one in enumerate(kept[: passage.time.shape[1] // n]):
        time = passage.time[0, i * n : (i + 1) * n]
        if passage.end_time is not None:
            time = np.where(passage.end_time[i * n : (i + 1) * n] < time, np.inf, time)
        for moment, lost in zip(times, one.lost, strict=True):
            assert not np.isnan(lost).any()
            clear = (np.abs(lost - 6000) > 1e-6) & (np.abs(time - moment) > 1e-6)
            assert np.count_nonzero(clear) > 0.99 * n
            assert ((time < moment) == (lost > 6000))[clear].all()
            assert np.mean(lost > 6000) > 0.01 or moment == 70.0


GROUPED = ("drift", "events", "daily")


def evidence_plan(draws: int = 8192, **more: Any) -> Any:
    found = [report(7500), report(9000, "2025-04-05", source="S", qualifier="at_least")]
    of = scenario(COUNT, SIZE, thresholds=[0.5, 1.0], observed=found, **more)
    return plan(of, draws=draws)


@pytest.mark.parametrize("road", ROADS)
def test_weighted_tallies_add_exactly(road: str) -> None:
    ready = evidence_plan(**ROADS[road])
    whole = run_plan(ready, Workers(1))
    assert run_plan(ready, Workers(5)) == whole
    merged = ready.empty_tally(ready.design.replicates)
    for task in reversed(ready.design.tasks):
        (part,) = run_tasks(ready, (task,))
        add_part(merged, part, task[0])
    assert merged == whole


@pytest.mark.parametrize("road", ROADS)
def test_every_weight_is_counted_once(road: str) -> None:
    tally = run_plan(evidence_plan(**ROADS[road]), Workers(1))
    found = tally.updated
    assert found is not None
    total = found.total
    sums = found.passages.sum(axis=2) + found.never.sum(axis=2)
    assert (sums == total[:, np.newaxis]).all()
    for by_date in (found.present, found.lost):
        assert (by_date.sum(axis=2) == total[:, np.newaxis]).all()
    assert (found.passed <= total[:, np.newaxis]).all()


@pytest.mark.parametrize("road", ROADS)
def test_evidence_leaves_the_draws_as_they_are(road: str) -> None:
    ready = evidence_plan(**ROADS[road])
    plain = replace(ready, evidence=None)
    one, other = run_plan(ready, Workers(1)), run_plan(plain, Workers(1))
    assert other.updated is None
    names = [name for name in Tally.__struct_fields__ if name != "updated"]
    for name in names:
        assert image(getattr(one, name)) == image(getattr(other, name)), name


def tally_of(*parts: Ints) -> WeightedTally:
    whole = WeightedTally.empty(len(parts), 1, 4, 2, 1)
    for replicate, weight in enumerate(parts):
        one = WeightedTally.empty(1, 1, 4, 2, 1)
        one.note(weight)
        add_part(whole, one, replicate)
    return whole


def test_effective_sample_size() -> None:
    """Against exact whole numbers, also where all weights are tiny or the largest possible."""
    for scale in (1.0, 2.0**-25, 2.0**-39):
        parts = [weights(RNG.uniform(0, scale, 100 + 50 * r)) for r in range(3)]
        found = tally_of(*parts)
        whole, least = found.effective
        each = [[int(w) for w in part] for part in parts]
        together = [w for part in each for w in part]
        sizes = [sum(w) ** 2 / sum(v * v for v in w) for w in (together, *each)]
        assert whole == sizes[0]
        assert least == min(sizes[1:])
    assert tally_of(np.full(7, int(ONE))).effective == (7.0, 7.0)
    assert tally_of(np.zeros(7, dtype=np.int64)).effective == (0.0, 0.0)
