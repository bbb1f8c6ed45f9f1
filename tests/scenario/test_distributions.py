"""What every distribution promises, shown for each way to write one."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import re

import numpy as np
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML
from scipy import integrate

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import FAMILIES, Distribution
from tests.scenario import laws
from tests.scenario.laws import CASES, Case
from tests.scenario.twins import Function, Twin

TAIL = 10.0 ** -np.arange(1.0, 13.0)
LEVELS = np.concatenate([TAIL[::-1], [0.25, 0.5, 0.75], 1.0 - TAIL])
ACCURACY = 1e-9
EPS = float(np.finfo(float).eps)


def just_below(case: Case, x: Floats) -> Floats:
    """A relative `ACCURACY` below; two floats at a jump, between which a search ends."""
    step = (4.0 * EPS if case.atoms else ACCURACY) * np.abs(x)
    return np.minimum(np.nextafter(x, -np.inf), x - step)


def just_above(case: Case, x: Floats) -> Floats:
    return x if case.atoms else np.maximum(np.nextafter(x, np.inf), x * (1.0 + ACCURACY))


def unwritable(function: Function, x: Floats) -> Floats:
    """What a probability changes where x moves by four floats: no formula can do better."""
    step = 4.0 * np.spacing(np.abs(x))
    return np.abs(function(x + step) - function(x - step))


def cancelled(law: Distribution) -> float:
    """What is lost when the mass below `min` is subtracted."""
    below, _, above, mass = law._truncated._tails
    lost: float = 4.0 * EPS * (1.0 + (below if below <= 0.5 else above) / mass)
    return lost


def disagreements(case: Case, twin: Twin) -> list[str]:
    """Names of the functions in which a law differs from its twin."""
    law, atoms = case.law, case.atoms
    found = []
    if twin.ppf and not np.allclose(law.ppf(LEVELS), twin.ppf(LEVELS), ACCURACY, 1e-12):
        found.append("ppf")
    if twin.isf and not np.allclose(law.isf(TAIL), twin.isf(TAIL), ACCURACY, 1e-12):
        found.append("isf")
    low, high = law.ppf(LEVELS), law.isf(TAIL)
    for name, x in (("cdf", low), ("sf", high)):
        other = getattr(twin, name)
        if other is not None:
            own = getattr(law, name)
            slack = np.zeros_like(x) if atoms else unwritable(other, x)
            # One cancellation against 1 for laws whose table holds P(X <= x) only.
            slack = slack + (4.0 * EPS if atoms or law.family_name() == "histogram" else 0.0)
            if np.any(np.abs(own(x) - other(x)) > ACCURACY * other(x) + slack):
                found.append(name)
    return found


def test_every_family_has_a_case() -> None:
    assert {type(case.law) for case in CASES.values()} == set(FAMILIES.values())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
class TestContract:
    def test_quantiles_are_where_the_cdf_reaches_the_probability(self, case: Case) -> None:
        """For p <= F(x) exactly where Q(p) <= x, jumps and flat stretches included."""
        x = case.law.ppf(LEVELS)
        slack = cancelled(case.law)
        reached = case.law.cdf(just_above(case, x))
        assert np.all(reached >= LEVELS * (1.0 - ACCURACY) - slack)
        before = case.law.cdf(just_below(case, x))
        assert np.all(before <= LEVELS * (1.0 + ACCURACY) + slack)

    def test_upper_quantiles_are_where_the_survival_function_has_fallen_to_it(
        self, case: Case
    ) -> None:
        q = LEVELS[LEVELS <= 0.5]
        x = case.law.isf(q)
        fallen = case.law.sf(just_above(case, x))
        # Laws known by P(X <= x) alone lose what 1 - q loses.
        assert np.all(fallen <= q * (1.0 + ACCURACY) + 4.0 * EPS)
        before = case.law.sf(just_below(case, x))
        assert np.all(before >= q * (1.0 - ACCURACY) - 4.0 * EPS)

    def test_values_come_back_from_their_probabilities(self, case: Case) -> None:
        x = case.law.ppf(np.linspace(0.01, 0.99, 99))
        back = case.law.ppf(np.minimum(case.law.cdf(x), 1.0))
        # Of a flat stretch the quantile is the left end.
        assert np.all(back <= x + ACCURACY * np.abs(x))
        assert np.all(case.law.cdf(just_above(case, back)) >= case.law.cdf(x) - ACCURACY)

    def test_agrees_with_its_twin(self, case: Case) -> None:
        assert disagreements(case, case.twin) == []

    def test_a_nearby_law_does_not_agree(self, case: Case) -> None:
        """The same law moved by a millionth of its value."""
        move = 1e-6 * max(abs(float(case.law.ppf(0.5))), 1.0)
        twin = case.twin

        def by_value(f: Function | None) -> Function | None:
            return f and (lambda x: f(x - move))

        def by_level(f: Function | None) -> Function | None:
            return f and (lambda p: f(p) + move)

        moved = Twin(by_value(twin.cdf), by_value(twin.sf), by_level(twin.ppf), by_level(twin.isf))
        assert disagreements(case, moved) != []

    def test_tails_add_up_to_one(self, case: Case) -> None:
        x = case.law.ppf(LEVELS)
        # Each of SciPy's two incomplete functions holds about 14 digits.
        slack = 2e-14 + unwritable(case.law.cdf, x) * (not case.atoms)
        assert np.all(np.abs(case.law.cdf(x) + case.law.sf(x) - 1.0) <= slack)

    def test_is_monotone(self, case: Case) -> None:
        p = np.linspace(0.0, 1.0, 501)
        x, y = case.law.ppf(p), case.law.isf(p)
        inside = np.isfinite(x[1:]) & np.isfinite(x[:-1])
        assert np.all(np.diff(x)[inside] >= -4.0 * EPS * np.abs(x[1:][inside]))
        inside = np.isfinite(y[1:]) & np.isfinite(y[:-1])
        assert np.all(np.diff(y)[inside] <= 4.0 * EPS * np.abs(y[1:][inside]))
        grid = np.linspace(x[1] - 1.0, x[-2] + 1.0, 501)
        assert np.all(np.diff(case.law.cdf(grid)) >= -2.0 * EPS)
        assert np.all(np.diff(case.law.sf(grid)) <= 2.0 * EPS)

    def test_keeps_to_its_support(self, case: Case) -> None:
        low, high = case.law.support
        assert low <= high
        assert case.law.is_constant == (low == high)
        for x in (case.law.ppf(LEVELS), case.law.isf(LEVELS)):
            assert np.all((x >= low) & (x <= high))
        below, above = just_below(case, np.array([low])), just_above(case, np.array([high]))
        assert case.law.cdf(below) == 0.0
        assert case.law.sf(below) == 1.0
        assert case.law.cdf(above) == 1.0
        assert case.law.sf(above) == 0.0
        assert case.law.cdf([-np.inf, np.inf]).tolist() == [0.0, 1.0]
        assert case.law.sf([-np.inf, np.inf]).tolist() == [1.0, 0.0]

    def test_keeps_shapes(self, case: Case) -> None:
        law, level = case.law, float(case.law.ppf(0.3))
        for shape in ((), (1,), (2, 3), (0,)):
            p, x = np.full(shape, 0.3), np.full(shape, level)
            for result in (law.ppf(p), law.isf(p), law.cdf(x), law.sf(x)):
                assert result.shape == shape
                assert result.dtype == np.float64

    def test_leaves_its_arguments_alone(self, case: Case) -> None:
        law, x = case.law, case.law.ppf(LEVELS)
        for functions, given in (((law.ppf, law.isf), LEVELS), ((law.cdf, law.sf), x)):
            own = given.copy()
            for function in functions:
                function(own)
                assert np.array_equal(own, given)

    def test_mean(self, case: Case) -> None:
        mean, (low, high) = case.law.expectation, case.law.support
        if case.twin.mean is not None:
            assert mean == pytest.approx(case.twin.mean, rel=ACCURACY, abs=1e-12)
        elif np.isfinite([low, high]).all():
            # Sums over steps from below and from above enclose the integral of a rising function.
            n = 20_000
            x = case.law.ppf(np.linspace(0.0, 1.0, n + 1))
            assert mean is not None
            # The program's rule has a node about every 1/800 where quantiles may jump.
            slack = (high - low) / 800 if case.law.family_name() == "mixture" else 1e-9
            assert x[:-1].mean() - slack <= mean <= x[1:].mean() + slack
        elif mean is None:
            assert float(case.law.isf(1e-300)) * 1e-300 > 1e-3  # p Q(1 - p) does not vanish
        else:
            lower, error = integrate.quad(lambda p: float(case.law.ppf(p)), 0, 0.5, limit=200)
            upper, more = integrate.quad(lambda q: float(case.law.isf(q)), 0, 0.5, limit=200)
            assert mean == pytest.approx(lower + upper, abs=10 * (error + more), rel=1e-12)

    def test_is_frozen(self, case: Case) -> None:
        for name in type(case.law).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(case.law, name, getattr(case.law, name))

    def test_survives_pickling_after_use(self, case: Case) -> None:
        case.law.ppf(LEVELS)
        copy = pickle.loads(pickle.dumps(case.law))  # noqa: S301  (our own bytes)
        assert copy == case.law
        assert hash(copy) == hash(case.law)
        assert np.array_equal(copy.ppf(LEVELS), case.law.ppf(LEVELS))

    def test_survives_a_file(self, case: Case) -> None:
        text = io.StringIO()
        YAML().dump(case.law.model_dump(mode="json", exclude_defaults=True), text)
        read = YAML(typ="safe").load(text.getvalue())
        if not isinstance(read, dict):
            read = {"distribution": "constant", "value": read}
        read = {k: str(v) if isinstance(v, dt.date) else v for k, v in read.items()}
        again = type(case.law).model_validate(read)
        assert again == case.law
        assert again.axis == case.law.axis
        assert np.array_equal(again.ppf(LEVELS), case.law.ppf(LEVELS))

    def test_says_what_it_is(self, case: Case) -> None:
        words = case.law.describe()
        assert words.startswith(case.law.family_name() + " ")
        assert case.law.axis == ("date" if re.search(r"\b2025-01-\d\d\b", words) else "number")

    def test_refuses_what_is_no_probability(self, case: Case) -> None:
        for p in (-1e-300, 1.0 + EPS, np.nan, -np.inf, np.inf):
            for function in (case.law.ppf, case.law.isf):
                for given in (p, [0.5, p]):
                    with pytest.raises(ValueError, match="between 0 and 1"):
                        function(given)


def test_equality_is_of_family_and_parameters() -> None:
    law = laws.of("uniform", low=1, high=3)
    assert law == laws.of("uniform", low=1.0, high=3)
    assert law != laws.of("uniform", low=1, high=3.0000001)
    assert law != laws.of("uniform", low=1, high=3, source="x")
    assert law != laws.of("uniform", low=dt.date(1970, 1, 2), high=dt.date(1970, 1, 4))
    assert law != laws.of("triangular", low=1, mode=2, high=3)
    assert law != 1


def test_families_are_found_by_their_names() -> None:
    assert {name: FAMILIES[name].family_name() for name in FAMILIES} == {n: n for n in FAMILIES}
    assert "gaussian" not in FAMILIES
    with pytest.raises(KeyError):
        FAMILIES["gaussian"]
