"""What is known about the losses: one count, or several claims and how they are combined."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from simulate.scenario.distributions import Distribution, Quantity, When
from simulate.scenario.values import Date, Days, Positive, Sourced, fail, nested

MOST_CLAIMS = 50

Pooled = Literal["count", "as_of"]


def _not_empty(value: Any) -> Any:
    if value in ([], ()):
        hint = "list at least one claim, or give count and as_of instead"
        raise fail("must not be empty", hint=hint)
    return value


class LossClaim(Sourced):
    """One published count of the losses."""

    count: Quantity = Field(
        description="Losses from losses.start to as_of, cumulative; with days, those of the last "
        "days only."
    )
    as_of: When = Field(description="The day the count runs up to, not the day it was published.")
    published: Date | None = Field(None, description="The day it was published.")
    counts: Literal["all", "killed", "wounded", "captured"] = Field(
        "all", description="What is counted: all losses, or the killed, wounded or captured alone."
    )
    qualifier: Literal["at_least", "more_than", "about"] | None = Field(
        None,
        description="The word before the published number. It is shown and changes nothing; to "
        "account for it, give the count a distribution.",
    )
    weight: Positive = Field(
        1.0, description="Weight relative to the other claims; weights need not sum to one."
    )
    days: Days | None = Field(
        None,
        description="For a flow, such as 'over 1,000 in the past week': the number of days up to "
        "as_of in which the losses fell. A flow is compared with the result and never pooled.",
    )

    @property
    def is_total(self) -> bool:
        """Whether the count runs from `losses.start` on, and can be pooled."""
        return self.days is None


class Losses(Sourced):
    """The loss count behind the rate, or several claims about it."""

    count: Quantity | None = Field(None, description="Losses from `start` to `as_of`, cumulative.")
    as_of: When | None = Field(
        None, description="The day the count runs up to, not the day it was published."
    )
    start: When = Field(description="The day the losses began.")
    pooling: Literal["linear", "quantile", "each"] = Field(
        "linear",
        description="How claims are combined. linear: each draw follows one claim, chosen by "
        "weight; quantile: the weighted average of the claims at the same probability; each: one "
        "result a claim, side by side.",
    )
    claims: Annotated[
        tuple[LossClaim, ...],
        Field(strict=False, min_length=1, max_length=MOST_CLAIMS),
        BeforeValidator(_not_empty),
    ] = Field((), description="Several claims, instead of count and as_of.")

    @property
    def totals(self) -> tuple[tuple[str, LossClaim], ...]:
        """The claims that can be pooled, each with its path."""
        return tuple((name, claim) for name, claim in self._named if claim.is_total)

    @property
    def flows(self) -> tuple[tuple[str, LossClaim], ...]:
        """The claims that count the losses of a period, each with its path."""
        return tuple((name, claim) for name, claim in self._named if not claim.is_total)

    @property
    def is_each(self) -> bool:
        """Whether there is one result for each claim, and none for all of them."""
        return self.pooling == "each" and bool(self.claims)

    @property
    def shares(self) -> tuple[float, ...]:
        """The weights of the totals, as shares of one."""
        largest = max(claim.weight for _, claim in self.totals)
        # By the largest first, since a sum of large weights could leave the range of floats.
        weights = [claim.weight / largest for _, claim in self.totals]
        return tuple(weight / sum(weights) for weight in weights)

    @property
    def dates(self) -> tuple[tuple[str, Distribution], ...]:
        """The days counts run up to, each with its path."""
        if self.as_of is not None:
            return (("losses.as_of", self.as_of),)
        return tuple((f"{name}.as_of", claim.as_of) for name, claim in self.totals)

    @cached_property
    def count_law(self) -> Distribution:
        """The law of a draw's count, given or pooled."""
        return self._pooled("count")

    @cached_property
    def as_of_law(self) -> Distribution:
        """The law of the day a draw's count runs up to, given or pooled."""
        return self._pooled("as_of")

    def followed(self, name: Pooled) -> tuple[Distribution, ...]:
        """The claims' laws where each draw follows one of several claims, else nothing."""
        several = len(self.totals) > 1 and self.pooling != "quantile"
        return self._laws(name) if several else ()

    @property
    def _named(self) -> Iterator[tuple[str, LossClaim]]:
        return ((f"losses.claims[{i}]", claim) for i, claim in enumerate(self.claims))

    def _laws(self, name: Pooled) -> tuple[Distribution, ...]:
        return tuple(getattr(claim, name) for _, claim in self.totals)

    def _pooled(self, name: Pooled) -> Distribution:
        own: Distribution | None = getattr(self, name)
        laws = (own,) if own is not None else self._laws(name)
        if len(laws) == 1:
            return laws[0]
        from simulate.scenario.distributions.mixture import Mixture, QuantileAverage

        family = QuantileAverage if self.pooling == "quantile" else Mixture
        return family(components=laws, weights=self.shares)

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        if self.claims:
            for name in ("count", "as_of"):
                if getattr(self, name) is not None:
                    hint = f"give either claims, or count and as_of; each claim has its own {name}"
                    raise fail(f"has both {name} and claims", hint=hint, at=name)
            if not any(claim.is_total for claim in self.claims):
                message = "needs a total among its claims: a flow gives the pace, not the number"
                raise fail(message, hint="give at least one claim without days", at="claims")
            for i, claim in enumerate(self.claims):
                if not claim.is_total and "weight" in claim.model_fields_set:
                    message = f"has a weight in claims[{i}], which is a flow and never pooled"
                    hint = "leave out weight, or days if it is a total"
                    raise fail(message, hint=hint, at=f"claims.{i}.weight")
        elif missing := [name for name in ("count", "as_of") if getattr(self, name) is None]:
            # In pydantic's words for any other required key.
            error = {"type": "missing", "msg": "is required", "input": None}
            raise nested({**error, "loc": (name,)} for name in missing)
        elif "pooling" in self.model_fields_set:
            hint = "list the counts under claims, or leave pooling out"
            raise fail("has pooling but no claims", hint=hint, at="pooling")
        return self
