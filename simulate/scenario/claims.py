"""What is known about the losses: one count, or several claims and how they are combined."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from simulate.scenario.distributions import Distribution, Pace, Quantity, When
from simulate.scenario.late import Late
from simulate.scenario.series import INSTEAD, Series
from simulate.scenario.stocks import Force, Per
from simulate.scenario.values import (
    Contradiction,
    Date,
    Days,
    Positive,
    Sourced,
    all_of,
    fail,
    missing,
)

MOST_CLAIMS = 500
MOST_GROUPS = 8
"""Sources that are shown apart from others."""

_BESIDE_ITS_RATE = {"ended"}
"""What can be said of the losses of a stock that itself gives the rate."""

Pooled = Literal["count", "as_of", "rate"]


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
    as_of: When = Field(
        description="The count covers the days before it. Not the day of publication."
    )
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
        "as_of in which the losses fell. Beside totals a flow is compared with the result; flows "
        "alone are pooled as the rate.",
    )

    @property
    def is_total(self) -> bool:
        """Whether the count runs from `losses.start` on."""
        return self.days is None

    @property
    def rate(self) -> Distribution:
        """The law of losses a day, for a flow."""
        from simulate.scenario.distributions.mixture import PerDay

        return PerDay(count=self.count, days=self.days or 1.0)


class Losses(Sourced):
    """The loss count behind the rate, or several claims about it."""

    count: Quantity | None = Field(None, description="Losses from `start` to `as_of`, cumulative.")
    as_of: When | None = Field(
        None, description="The count covers the days before it. Not the day of publication."
    )
    start: When | None = Field(
        None, description="The day the losses began; with rate, the day from which it runs."
    )
    rate: Pace | None = Field(
        None, description="The rate itself, in place of count and as_of: so many per unit of time."
    )
    per: Per | None = Field(None, description="Unit of time of `rate`: day, week, month or year.")
    net: bool | None = Field(
        None,
        description="Whether the rate is what is lost beyond what comes in. It changes no number: "
        "the sentences say so, and an inflow would be counted twice.",
    )
    ended: Date | None = Field(
        None,
        description="The last day of losses that have stopped since. It changes no number: the "
        "sentences say what would have happened, had they gone on.",
    )
    pooling: Literal["linear", "quantile", "each"] = Field(
        "linear",
        description="How claims are combined. linear: each draw follows one claim, chosen by "
        "weight; quantile: the weighted average of the claims at the same probability; each: one "
        "result a claim, side by side.",
    )
    claims: Annotated[
        tuple[Late[LossClaim], ...],
        Field(strict=False, min_length=1, max_length=MOST_CLAIMS),
        BeforeValidator(_not_empty),
    ] = Field((), description="Several claims, instead of count and as_of.")
    series: Late[Series] | None = Field(
        None, description="Counts from a CSV file, instead of count, as_of and start."
    )

    @classmethod
    def none(cls) -> "Losses":
        """No losses, where the stock itself gives the rate."""
        return cls.model_construct()

    @property
    def totals(self) -> tuple[tuple[str, LossClaim], ...]:
        """The claims that count from `start` on, each with its path."""
        return tuple(named for named in self._named if named[1].is_total)

    @property
    def flows(self) -> tuple[tuple[str, LossClaim], ...]:
        """The claims that count the losses of a period, each with its path."""
        return tuple(named for named in self._named if not named[1].is_total)

    @property
    def chosen(self) -> tuple[tuple[str, LossClaim], ...]:
        """The claims that are pooled: the totals, or flows alone."""
        return self.totals or self.flows

    @property
    def pooled_claims(self) -> tuple[tuple[int, LossClaim], ...]:
        """The pooled claims with their numbers in the file, from 1 on."""
        numbered = enumerate(self.claims, start=1)
        return tuple((n, claim) for n, claim in numbered if claim.is_total or not self.totals)

    @property
    def sources(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The sources of pooled claims with the numbers of these; without a source, one each."""
        found: dict[tuple[str, int], list[int]] = {}
        for number, claim in self.pooled_claims:
            name = claim.source.strip()
            found.setdefault((name, 0 if name else number), []).append(number)
        return tuple((name or f"claim {n}", tuple(numbers)) for (name, n), numbers in found.items())

    @property
    def groups(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The sources with the largest weights, at most eight, and without a name all others."""
        shares = dict(zip((n for n, _ in self.pooled_claims), self.shares, strict=True))
        weights = [sum(shares[n] for n in numbers) for _, numbers in self.sources]
        order = sorted(range(len(weights)), key=lambda k: -weights[k])
        largest, others = sorted(order[:MOST_GROUPS]), sorted(order[MOST_GROUPS:])
        rest = tuple(number for k in others for number in self.sources[k][1])
        return (*(self.sources[k] for k in largest), *([("", rest)] if rest else []))

    @property
    def by_rate(self) -> bool:
        """Whether the losses are given as a rate: by itself, or by flows alone."""
        return self.rate is not None or bool(self.claims and not self.totals)

    @property
    def pooled(self) -> tuple[Pooled, ...]:
        """What a draw takes from the losses, or from one of the claims."""
        return ("rate",) if self.by_rate else ("count", "as_of")

    @property
    def is_each(self) -> bool:
        """Whether there is one result for each claim, and none for all of them."""
        return self.pooling == "each" and bool(self.claims)

    @property
    def shares(self) -> tuple[float, ...]:
        """The weights of the pooled claims, as shares of one."""
        largest = max(claim.weight for _, claim in self.chosen)
        # By the largest first, since a sum of large weights could leave the range of floats.
        weights = [claim.weight / largest for _, claim in self.chosen]
        return tuple(weight / sum(weights) for weight in weights)

    @property
    def dates(self) -> tuple[tuple[str, Distribution], ...]:
        """The days counts run up to, each with its path."""
        if self.as_of is not None:
            return (("losses.as_of", self.as_of),)
        return tuple((f"{name}.as_of", claim.as_of) for name, claim in self.totals)

    def law(self, name: Pooled) -> Distribution:
        """The law of a draw's count, its day or its rate, given or pooled."""
        own: Distribution | None = getattr(self, name)
        laws = (own,) if own is not None else self._laws(name)
        if len(laws) == 1:
            return laws[0]
        from simulate.scenario.distributions.mixture import Mixture, QuantileAverage

        family = QuantileAverage if self.pooling == "quantile" else Mixture
        return family(components=laws, weights=self.shares)

    def followed(self, name: Pooled) -> tuple[Distribution, ...]:
        """The claims' laws where each draw follows one of several claims, else nothing."""
        several = len(self.chosen) > 1 and self.pooling != "quantile"
        return self._laws(name) if several else ()

    @property
    def _named(self) -> Iterator[tuple[str, LossClaim]]:
        return ((f"losses.claims[{i}]", claim) for i, claim in enumerate(self.claims))

    def _laws(self, name: Pooled) -> tuple[Distribution, ...]:
        return tuple(getattr(claim, name) for _, claim in self.chosen)

    @model_validator(mode="before")
    @classmethod
    def _without_series(cls, data: Any) -> Any:
        """Refuse what a series gives; a file that the program wrote has that beside its rows."""
        if not isinstance(data, dict) or (series := data.get("series")) is None:
            return data
        is_read = isinstance(series, Series) or (isinstance(series, dict) and series.get("points"))
        if not is_read and (others := [key for key in INSTEAD if data.get(key) is not None]):
            raise all_of(
                Contradiction(key, f"has both series and {key}", INSTEAD[key]) for key in others
            )
        return {key: value for key, value in data.items() if key not in ("count", "as_of", "start")}

    @model_validator(mode="after")
    def _of_series(self) -> Self:
        return self if self.series is None else self.model_copy(update=self.series.window_losses)

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        if self.model_fields_set <= _BESIDE_ITS_RATE:
            return self  # the stock itself gives the rate
        form = "claims" if self.claims else "rate" if self.rate is not None else "count and as_of"
        for name in ("rate", "count", "as_of"):
            if name not in form and getattr(self, name) is not None:
                hint = f"give either {form}, or {'rate' if name == 'rate' else 'count and as_of'}"
                hint += f"; each claim has its own {name}" if self.claims and name != "rate" else ""
                raise fail(f"has both {name} and {form.partition(' ')[0]}", hint=hint, at=name)
        if "pooling" in self.model_fields_set and not self.claims:
            hint = "list the counts under claims, or leave pooling out"
            raise fail("has pooling but no claims", hint=hint, at="pooling")
        if self.per is not None and self.rate is None:
            hint = "give rate, as in rate: 92 and per: day, or leave per out"
            raise fail("has per but no rate", hint=hint, at="per")
        if self.rate is not None and self.per is None:
            raise fail("needs per: day, week, month or year", at="rate")
        needed = ["start"] if self.claims else ["count", "as_of", "start"]
        absent = [name for name in needed if getattr(self, name) is None]
        if absent and not self.by_rate:
            raise missing(*absent)
        for i, claim in enumerate(self.claims):
            if self.totals and not claim.is_total and "weight" in claim.model_fields_set:
                message = f"has a weight in claims[{i}], which is a flow beside totals, not pooled"
                hint = "leave out weight, or days if it is a total"
                raise fail(message, hint=hint, at=f"claims.{i}.weight")
        return self


def _losses(value: Any, info: ValidationInfo) -> Any:
    """Losses, which are left out where the stock itself gives the rate."""
    force = info.data.get("force")
    if not isinstance(force, Force):  # its own errors come first
        return value or Losses.none()
    if not force.has_rate:
        if not value:
            raise missing()
        return value
    if isinstance(value, dict) and value.keys() <= _BESIDE_ITS_RATE:
        return value
    if value and value not in (Losses.none(), Losses.none().model_dump()):
        key = "counts" if force.counts else "lasts"
        hint = f"leave losses out, or give force.size in place of force.{key}"
        raise fail(f"cannot be given beside force.{key}, which gives the rate", hint=hint)
    return Losses.none()


def _rooted(losses: Losses, info: ValidationInfo) -> Losses:
    """A rate needs a day from which it runs, and flows the stock that they use up."""
    force = info.data.get("force")
    if (
        isinstance(force, Force)
        and not force.has_rate
        and losses.model_fields_set <= _BESIDE_ITS_RATE
    ):
        raise missing("count", "as_of", "start")
    if not losses.by_rate or not isinstance(force, Force) or force.measured is not None:
        return losses
    if losses.claims:
        message = "needs a total: a flow gives the pace, not the number"
        hint = "give force.as_of, the date on which force.size was there, or a claim without days"
        raise fail(message, hint=hint, at="claims")
    if losses.start is None:
        hint = "give losses.start, or force.as_of, the date on which the stock was there"
        raise fail("needs a day from which the rate runs", hint=hint, at="rate")
    return losses


KnownLosses = Annotated[Losses, BeforeValidator(_losses), AfterValidator(_rooted)]
"""Losses beside a force, which can make them needless or incomplete."""
