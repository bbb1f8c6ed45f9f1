"""One distribution for every way to write one, and for each a slow or published twin."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from simulate.scenario.arrays import Floats
from simulate.scenario.data_file import DataFolder
from simulate.scenario.distributions import FAMILIES, Distribution
from tests.scenario.twins import (
    Twin,
    beta_twin,
    count_twin,
    metalog_twin,
    mixture_twin,
    pert_twin,
    scipy_twin,
    step_twin,
    triangle_twin,
    truncated_twin,
)

NEW_YEAR = dt.date(2025, 1, 1)
DAY_ZERO = float(NEW_YEAR.toordinal() - dt.date(1970, 1, 1).toordinal())
CSV_TEXT = "day,losses\n2025-01-02,1\n2025-01-03,4\n2025-01-04,\n2025-01-05,2\n2025-01-06,2\n"


@dataclass(frozen=True)
class Case:
    law: Distribution
    twin: Twin
    atoms: bool = False


def of(family: str, **keys: Any) -> Distribution:
    """A distribution from the keys that a file would hold."""
    written = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in keys.items()}
    return FAMILIES[family].model_validate({"distribution": family, **written})


def from_csv(column: str, **keys: Any) -> Distribution:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "losses.csv").write_text(CSV_TEXT, encoding="utf-8")
        data = {"distribution": "empirical", "file": "losses.csv", "column": column, **keys}
        return FAMILIES["empirical"].model_validate(
            data, context={"data": DataFolder(Path(folder))}
        )


def _cot(p: Floats) -> Floats:
    return 1.0 / np.tan(np.pi * p)


def day(number: int) -> dt.date:
    return NEW_YEAR + dt.timedelta(days=number)


_Z95 = float(stats.norm.ppf(0.95))
_LOG_SD = float(np.log(4.0 / 3.0)) / (2.0 * _Z95)
_CLAIM = scipy_twin(stats.lognorm(_LOG_SD, scale=np.sqrt(12e6)))
_NORMAL = scipy_twin(stats.norm(3.0, 2.0))
_TWO = {"components": [of("normal", mean=0, sd=1), of("normal", mean=5, sd=0.5)]}
_BURR = {"name": "burr12", "args": {"c": 2.0, "d": 3.0}}
_WAVES = {0.05: 1.0, 0.5: 2.0, 0.95: 4.0}
_SIX = {0.01: 1.0, 0.1: 2.0, 0.3: 3.0, 0.5: 4.0, 0.8: 6.0, 0.95: 8.5}
_STD = stats.norm()
_JUMP = mixture_twin((1, scipy_twin(_STD)), (1, step_twin([1.0], [1.0])))
_NESTED = of(
    "mixture",
    components=[
        {"distribution": "mixture", "components": [of("uniform", low=3, high=4), 1]},
        of("poisson", mean=4),
    ],
    weights=[3, 1],
)


def _percentiles(levels: Mapping[float, float]) -> dict[str, float]:
    return {f"p{100 * level:g}": value for level, value in levels.items()}


CASES: dict[str, Case] = {
    "constant": Case(of("constant", value=5), step_twin([5.0], [1.0]), atoms=True),
    "constant date": Case(
        of("constant", value=NEW_YEAR), step_twin([0.0], [1.0], DAY_ZERO), atoms=True
    ),
    "uniform": Case(of("uniform", low=1, high=3), beta_twin(1, 1, 1, 3)),
    "uniform percentiles": Case(of("uniform", p10=1, p90=3), beta_twin(1, 1, 0.75, 3.25)),
    "uniform dates": Case(
        of("uniform", low=NEW_YEAR, high=day(31)), beta_twin(1, 1, DAY_ZERO, DAY_ZERO + 31)
    ),
    "uniform truncated": Case(of("uniform", low=0, high=1, min=0.2), beta_twin(1, 1, 0.2, 1)),
    "triangular": Case(of("triangular", low=1, mode=2, high=5), triangle_twin(1, 2, 5)),
    "triangular falling": Case(of("triangular", low=0, mode=0, high=5), triangle_twin(0, 0, 5)),
    "triangular rising": Case(of("triangular", low=1, mode=5, high=5), triangle_twin(1, 5, 5)),
    "triangular dates": Case(
        of("triangular", low=NEW_YEAR, mode=day(5), high=day(13)),
        triangle_twin(DAY_ZERO, DAY_ZERO + 5, DAY_ZERO + 13),
    ),
    # Ends from the two quadratic equations: (p10 - low)^2 = .1 w (mode - low), likewise above.
    "triangular percentiles": Case(
        of("triangular", p10=1, mode=2, p90=3),
        triangle_twin(2 - 1 / (1 - np.sqrt(0.2)), 2, 2 + 1 / (1 - np.sqrt(0.2))),
    ),
    "pert": Case(of("pert", low=10000, mode=11000, high=13000), pert_twin(10000, 11000, 13000)),
    "pert dates": Case(
        of("pert", low=NEW_YEAR, mode=day(4), high=day(31)),
        pert_twin(DAY_ZERO, DAY_ZERO + 4, DAY_ZERO + 31),
    ),
    "pert truncated": Case(
        of("pert", low=0, mode=1, high=4, min=0.5, max=3.9),
        truncated_twin(pert_twin(0, 1, 4), 0.5, 3.9),
    ),
    "beta": Case(of("beta", alpha=0.5, beta=2.5, low=0, high=4), beta_twin(0.5, 2.5, 0, 4)),
    "beta dates": Case(
        of("beta", alpha=2, beta=3, low=NEW_YEAR, high=day(9)),
        beta_twin(2, 3, DAY_ZERO, DAY_ZERO + 9),
    ),
    "normal": Case(of("normal", mean=3, sd=2), _NORMAL),
    "normal percentiles": Case(of("normal", p5=3 - 2 * _Z95, p95=3 + 2 * _Z95), _NORMAL),
    "normal dates": Case(of("normal", mean=NEW_YEAR, sd=3), scipy_twin(stats.norm(DAY_ZERO, 3.0))),
    "normal truncated": Case(
        of("normal", mean=0, sd=1, min=-1, max=2), scipy_twin(stats.truncnorm(-1, 2))
    ),
    "normal upper tail": Case(
        of("normal", mean=0, sd=1, min=6), truncated_twin(scipy_twin(_STD), 6.0)
    ),
    "normal slice of the tail": Case(
        of("normal", mean=0, sd=1, min=8, max=9), truncated_twin(scipy_twin(_STD), 8.0, 9.0)
    ),
    "normal lower tail": Case(
        of("normal", mean=0, sd=1, max=-8), truncated_twin(scipy_twin(_STD), high=-8.0)
    ),
    "logistic": Case(of("logistic", location=1, scale=2), scipy_twin(stats.logistic(1.0, 2.0))),
    "logistic percentiles": Case(
        of("logistic", p25=-1, p75=3), scipy_twin(stats.logistic(1.0, 2.0 / np.log(3.0)))
    ),
    "logistic upper tail": Case(
        of("logistic", location=0, scale=1, min=30),
        truncated_twin(scipy_twin(stats.logistic()), 30.0),
    ),
    "student_t": Case(
        of("student_t", df=2.5, location=1, scale=2), scipy_twin(stats.t(2.5, 1.0, 2.0))
    ),
    "student_t without a mean": Case(
        of("student_t", df=1, p25=-1, p75=1),
        Twin(ppf=lambda p: np.where(p < 0.5, -_cot(p), _cot(1.0 - p)), isf=_cot),
    ),
    "student_t upper tail": Case(
        of("student_t", df=3, location=0, scale=1, min=5),
        truncated_twin(scipy_twin(stats.t(3)), 5.0),
    ),
    "lognormal": Case(of("lognormal", p5=3000, p95=4000), _CLAIM),
    "lognormal mu": Case(
        of("lognormal", mu=1, sigma=2), scipy_twin(stats.lognorm(2.0, scale=np.e))
    ),
    "lognormal mean": Case(
        of("lognormal", mean=np.exp(1.5), sd=np.exp(1.5) * np.sqrt(np.e - 1)),
        scipy_twin(stats.lognorm(1.0, scale=np.e)),
    ),
    "lognormal dates": Case(
        of("lognormal", after=NEW_YEAR, p5=day(3), p95=day(4)),
        scipy_twin(stats.lognorm(_LOG_SD, scale=np.sqrt(12.0)), shift=DAY_ZERO),
    ),
    "lognormal truncated": Case(
        of("lognormal", p5=3000, p95=4000, max=3500), truncated_twin(_CLAIM, high=3500.0)
    ),
    "lognormal slice of the tail": Case(
        of("lognormal", p5=3000, p95=4000, min=5000, max=5100),
        truncated_twin(_CLAIM, 5000.0, 5100.0),
    ),
    "gamma": Case(of("gamma", shape=0.5, scale=3), scipy_twin(stats.gamma(0.5, scale=3.0))),
    "gamma mean": Case(of("gamma", mean=10, sd=2), scipy_twin(stats.gamma(25.0, scale=0.4))),
    "gamma percentiles": Case(  # shape 1 is the exponential law
        of("gamma", p50=np.log(2.0), p75=np.log(4.0)), scipy_twin(stats.expon())
    ),
    "gamma dates": Case(
        of("gamma", after=NEW_YEAR, shape=2, scale=5),
        scipy_twin(stats.gamma(2.0, scale=5.0), shift=DAY_ZERO),
    ),
    "gamma truncated": Case(
        of("gamma", shape=0.5, scale=3, min=1),
        truncated_twin(scipy_twin(stats.gamma(0.5, scale=3.0)), 1.0),
    ),
    "weibull": Case(
        of("weibull", shape=1.5, scale=2), scipy_twin(stats.weibull_min(1.5, scale=2.0))
    ),
    "weibull percentiles": Case(
        of("weibull", p50=np.sqrt(np.log(2.0)), p75=np.sqrt(np.log(4.0))),
        scipy_twin(stats.weibull_min(2.0)),
    ),
    "metalog of two": Case(  # two terms are the logistic law
        of("metalog", p25=-1, p75=3), scipy_twin(stats.logistic(1.0, 2.0 / np.log(3.0)))
    ),
    "metalog": Case(of("metalog", **_percentiles(_WAVES)), metalog_twin(_WAVES)),
    "metalog of six": Case(of("metalog", **_percentiles(_SIX)), metalog_twin(_SIX)),
    "metalog above min": Case(
        of("metalog", **_percentiles(_WAVES), min=0), metalog_twin(_WAVES, low=0.0)
    ),
    "metalog below max": Case(
        of("metalog", **_percentiles(_WAVES), max=10), metalog_twin(_WAVES, high=10.0)
    ),
    "metalog between": Case(
        of("metalog", **_percentiles(_WAVES), min=0, max=10), metalog_twin(_WAVES, 0.0, 10.0)
    ),
    "metalog dates": Case(
        of("metalog", p5=day(1), p50=day(2), p95=day(4)),
        metalog_twin({level: x + DAY_ZERO for level, x in _WAVES.items()}),
    ),
    "poisson": Case(of("poisson", mean=3.5), count_twin(stats.poisson(3.5)), atoms=True),
    "poisson rare": Case(of("poisson", mean=0.01), count_twin(stats.poisson(0.01)), atoms=True),
    "poisson large": Case(
        of("poisson", mean=1e5), count_twin(stats.poisson(1e5), beyond=110_000), atoms=True
    ),
    "poisson dates": Case(
        of("poisson", mean=3.5, after=NEW_YEAR),
        count_twin(stats.poisson(3.5), DAY_ZERO),
        atoms=True,
    ),
    "poisson truncated": Case(
        of("poisson", mean=3, min=2, max=6),
        truncated_twin(count_twin(stats.poisson(3.0)), 2.0, 6.0),
        atoms=True,
    ),
    "binomial": Case(
        of("binomial", trials=12, probability=0.3), count_twin(stats.binom(12, 0.3)), atoms=True
    ),
    "binomial certain": Case(
        of("binomial", trials=3, probability=1), step_twin([3.0], [1.0]), atoms=True
    ),
    "binomial large": Case(
        of("binomial", trials=10**6, probability=0.01),
        count_twin(stats.binom(10**6, 0.01), beyond=20_000),
        atoms=True,
    ),
    "negative_binomial": Case(
        of("negative_binomial", mean=3, size=1.5),
        count_twin(stats.nbinom(1.5, 1.5 / 4.5), beyond=1_000),
        atoms=True,
    ),
    "discrete": Case(
        of("discrete", values=[3, 1, 2, 1], weights=[1, 2, 0, 4]),
        step_twin([3.0, 1.0, 1.0], [1.0, 2.0, 4.0]),
        atoms=True,
    ),
    "discrete dates": Case(
        of("discrete", values=[str(day(3)), str(day(1))]),
        step_twin([3.0, 1.0], [1.0, 1.0], DAY_ZERO),
        atoms=True,
    ),
    "discrete truncated": Case(
        of("discrete", values=[1, 2, 3], min=2), step_twin([2.0, 3.0], [1.0, 1.0]), atoms=True
    ),
    "empirical": Case(
        of("empirical", values=[1, 4, 2, 2]),
        step_twin([1.0, 4.0, 2.0], [1.0, 1.0, 2.0]),
        atoms=True,
    ),
    "empirical file": Case(
        from_csv("losses"), step_twin([1.0, 4.0, 2.0], [1.0, 1.0, 2.0]), atoms=True
    ),
    "empirical file of dates": Case(
        from_csv("day"), step_twin([1.0, 2, 3, 4, 5], [1.0] * 5, DAY_ZERO), atoms=True
    ),
    "histogram": Case(
        of("histogram", edges=[0, 1, 3, 4], weights=[1, 0, 3]),
        mixture_twin((1, beta_twin(1, 1, 0, 1)), (3, beta_twin(1, 1, 3, 4))),
    ),
    "histogram truncated": Case(
        of("histogram", edges=[0, 1, 3, 4], weights=[1, 0, 3], min=0.5, max=3.5),
        mixture_twin((1, beta_twin(1, 1, 0.5, 1)), (3, beta_twin(1, 1, 3, 3.5))),
    ),
    "mixture": Case(
        of("mixture", **_TWO, weights=[1, 3]),
        mixture_twin((1, scipy_twin(_STD)), (3, scipy_twin(stats.norm(5.0, 0.5)))),
    ),
    "mixture with an atom": Case(
        of("mixture", components=[of("normal", mean=0, sd=1), 1]), _JUMP, atoms=True
    ),
    "mixture with a gap": Case(
        of("mixture", components=[of("uniform", low=0, high=1), of("uniform", low=3, high=4)]),
        mixture_twin((1, beta_twin(1, 1, 0, 1)), (1, beta_twin(1, 1, 3, 4))),
    ),
    "mixture nested": Case(
        _NESTED,
        mixture_twin(
            (1.5, beta_twin(1, 1, 3, 4)),
            (1.5, step_twin([1.0], [1.0])),
            (1, count_twin(stats.poisson(4.0))),
        ),
        atoms=True,
    ),
    "mixture of dates": Case(
        of("mixture", components=[of("uniform", low=day(1), high=day(2)), str(day(5))]),
        mixture_twin(
            (1, beta_twin(1, 1, DAY_ZERO + 1, DAY_ZERO + 2)),
            (1, step_twin([5.0], [1.0], DAY_ZERO)),
        ),
        atoms=True,
    ),
    "mixture truncated": Case(
        of("mixture", components=[of("normal", mean=0, sd=1), 1], min=-1, max=1),
        truncated_twin(_JUMP, -1.0, 1.0),
        atoms=True,
    ),
    "scipy": Case(of("scipy", **_BURR), scipy_twin(stats.burr12(2.0, 3.0))),
    "scipy discrete": Case(
        of("scipy", name="poisson", args={"mu": 3.0}), count_twin(stats.poisson(3.0)), atoms=True
    ),
    "scipy dates": Case(
        of("scipy", **_BURR, after=NEW_YEAR),
        scipy_twin(stats.burr12(2.0, 3.0), shift=DAY_ZERO),
    ),
    "scipy truncated": Case(
        of("scipy", name="cauchy", min=0, max=10),
        truncated_twin(scipy_twin(stats.cauchy()), 0.0, 10.0),
    ),
}
