"""Any law of scipy.stats by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from simulate.scenario.distributions.base import Floats
from simulate.scenario.distributions.fitted import DelayDistribution
from simulate.scenario.values import Line, Number, fail


class Scipy(DelayDistribution):
    """Any continuous or discrete law of `scipy.stats`, by its name and arguments."""

    distribution: Literal["scipy"] = "scipy"
    name: Line = Field(description="Name in scipy.stats, for instance burr12.")
    args: Mapping[str, Number] = Field({}, description="Its arguments by name, such as loc.")

    @cached_property
    def _law(self) -> Any:
        import scipy.stats

        family = getattr(scipy.stats, self.name, None)
        if not isinstance(family, scipy.stats.rv_continuous | scipy.stats.rv_discrete):
            raise fail("scipy", f"scipy.stats has no distribution {self.name!r}", at="name")
        try:
            law = family(**self.args)
        except TypeError as error:
            wanted = ", ".join(filter(None, [family.shapes, "loc", "scale"]))
            raise fail(
                "scipy",
                f"{self.name} does not take these arguments",
                hint=f"it takes {wanted}",
                at="args",
            ) from error
        return law

    @model_validator(mode="after")
    def _check_law(self) -> Self:
        if not np.isfinite(self._law.median()):
            raise fail("scipy", f"{self.name} is not defined for these arguments", at="args")
        return self

    def _ppf(self, p: Floats) -> Floats:
        return self._start + np.asarray(self._law.ppf(p), dtype=np.float64)

    def _isf(self, q: Floats) -> Floats:
        return self._start + np.asarray(self._law.isf(q), dtype=np.float64)

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(self._law.cdf(x - self._start))

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(self._law.sf(x - self._start))

    def _mean(self) -> float | None:
        mean = float(self._law.mean())
        return self._start + mean if np.isfinite(mean) else None
