"""What runs out and what flows: the force or stock, its thresholds, inflows and outflows."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self, cast

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)

from simulate.scenario.distributions import (
    Distribution,
    Duration,
    Fraction,
    Pace,
    Quantity,
    Size,
    When,
)
from simulate.scenario.late import Late
from simulate.scenario.notation import edge_hint, number_hint
from simulate.scenario.numerals import exact
from simulate.scenario.values import ISO_DATE, Line, Share, Sourced, fail, missing, shown

LARGEST_AMOUNT = 1e100
"""Above it, products and ratios of amounts could leave the range of floats."""

Per = Literal["day", "week", "month", "year"]

DAYS_IN: Mapping[Per, float] = {"day": 1.0, "week": 7.0, "month": 365.2425 / 12.0, "year": 365.2425}
"""Days in each unit of time: months and years have their mean length in the calendar."""


class StockCount(Sourced):
    """What there was on a date."""

    size: Size = Field(description="What there was.")
    date: When = Field(description="The day on which it was there.")


class Force(Sourced):
    """The force or stock that is used up."""

    size: Quantity | None = Field(
        None,
        description="All who were sent, those already lost included; with as_of, what was there on "
        "that date.",
    )
    as_of: When | None = Field(
        None, description="Date on which `size` was there; shares are shares of it."
    )
    counts: Annotated[
        tuple[Late[StockCount], ...], Field(strict=False, min_length=2, max_length=2)
    ] = Field(
        (),
        description="A stock counted on two dates, the earlier first, in place of size and of "
        "losses: what was used between them gives the rate.",
    )
    lasts: Duration | None = Field(
        None,
        description="Days of supply on the date as_of, in place of size and of losses: one day of "
        "use a day.",
    )
    floor: Size | None = Field(
        None, description="What cannot be used: all is gone when the stock has fallen to it."
    )
    usable: Fraction | None = Field(
        None, description="Share of the stock that can be used, above 0 to 1; 1 where left out."
    )

    @property
    def stock(self) -> tuple[str, Distribution]:
        """Path and law of what there was, on the date of `measured` or before the first loss."""
        if self.counts:
            return "force.counts[1].size", self.counts[1].size
        if self.lasts is not None:
            return "force.lasts", self.lasts
        return "force.size", cast("Distribution", self.size)  # one of the three is always there

    @property
    def at_hand(self) -> str:
        """What of the stock can be used, in words."""
        name, _ = self.stock
        return name if self.usable is None else f"the usable part of {name}"

    @property
    def measured(self) -> tuple[str, Distribution] | None:
        """Path and law of the date on which the stock was there; None for all who were sent."""
        if self.counts:
            return "force.counts[1].date", self.counts[1].date
        return None if self.as_of is None else ("force.as_of", self.as_of)

    @property
    def has_rate(self) -> bool:
        """Whether the rate follows from the stock alone, without losses."""
        return bool(self.counts) or self.lasts is not None

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        given = [name for name in ("size", "counts", "lasts") if getattr(self, name)]
        if len(given) > 1:
            hint = "size is one number, counts the same stock on two dates, lasts days of supply"
            raise fail(f"has both {given[0]} and {given[1]}", hint=hint, at=given[1])
        if not given:
            raise missing("size")
        if self.counts and self.as_of is not None:
            hint = "each of the counts has its own date; leave as_of out"
            raise fail("has both counts and as_of", hint=hint, at="as_of")
        if self.lasts is not None and self.as_of is None:
            hint = "give as_of, the date on which the stock was enough for so many days"
            raise fail("needs as_of beside lasts", hint=hint, at="lasts")
        return self


def _edge(*, end: bool) -> BeforeValidator:
    """Refuses months and seasons as the day on which an inflow begins or ends."""

    def read(value: Any) -> Any:
        if isinstance(value, str) and not ISO_DATE.fullmatch(value):
            raise fail(f"must be a date (found {shown(value)})", hint=edge_hint(value, end=end))
        return value

    return BeforeValidator(read)


class Inflow(Sourced):
    """What comes in evenly: production, rain, recruits, income."""

    amount: Pace = Field(description="How much comes in per unit of time.")
    per: Per = Field(description="Unit of time: day, week, month or year.")
    begins: Annotated[When | None, _edge(end=False)] = Field(
        None,
        alias="from",
        description="When it begins; from the date of the stock, or of the count, where left out.",
    )
    until: Annotated[When | None, _edge(end=True)] = Field(
        None, description="When it ends; never where left out."
    )
    label: Line = Field("inflow", description="What it is, for instance production.")


class Outflow(Sourced):
    """A loss of known date and size, taken at once; what is not there is not taken."""

    date: When = Field(description="The day on which it is taken.")
    size: Size = Field(description="How much is taken.")
    label: Line = Field("outflow", description="What it is, for instance a payment.")


Kind = Literal["left", "lost"]


class Amount(float):
    """A threshold in units instead of a share: what is left, or what was lost."""

    __slots__ = ("kind",)

    kind: Kind

    def __new__(cls, value: float, kind: Kind) -> Self:  # noqa: D102  (see the class)
        amount = super().__new__(cls, value)
        amount.kind = kind
        return amount

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amount) and self.kind == other.kind and float(self) == float(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.kind, float(self)))

    def __reduce__(self) -> tuple[type[Self], tuple[float, Kind]]:
        return type(self), (float(self), self.kind)

    @property
    def plain(self) -> dict[str, float]:
        """As a file writes it."""
        return {self.kind: float(self)}

    def __str__(self) -> str:
        return f"{self.kind}={float(self):.10g}"

    __repr__ = __str__


def is_left(threshold: float) -> bool:
    """Whether a threshold is an amount that is left."""
    return isinstance(threshold, Amount) and threshold.kind == "left"


def place(threshold: Any) -> tuple[int, Any]:
    """What thresholds are sorted by: shares, then what is left, the most first, then losses."""
    if not isinstance(threshold, Amount):
        return 0, threshold
    return (1, -float(threshold)) if threshold.kind == "left" else (2, float(threshold))


def main_threshold(thresholds: Iterable[float]) -> float:
    """The threshold that a result is about: the largest share, or without shares the first."""
    ladder = list(thresholds)
    return max((at for at in ladder if not isinstance(at, Amount)), default=ladder[0])


def written(threshold: float) -> str:
    """As a file writes it, on one line."""
    if isinstance(threshold, Amount):
        return f"{{{threshold.kind}: {exact(float(threshold))}}}"
    return exact(threshold)


def suffix(threshold: float) -> str:
    """What distinguishes the files and columns of a threshold: `30`, `left_13.5`."""
    if isinstance(threshold, Amount):
        return f"{threshold.kind}_{float(threshold):.10g}"
    return f"{100 * threshold:.10g}"


def in_order(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each value once, ascending; of thresholds shares first."""
    repeated = [value for value in values if values.count(value) > 1]
    if repeated:
        raise fail(f"must not repeat a value (found {shown(repeated[0])} twice)")
    return tuple(sorted(values, key=place))


def _threshold(value: Any, share: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, Amount):
        return value
    if not isinstance(value, dict):
        return share(value)
    kind, amount = next(iter(value.items()), ("", None))
    if len(value) != 1 or kind not in ("left", "lost"):
        hint = "a threshold is a share such as 0.5, {left: 13.5} or {lost: 5000}"
        raise fail("must name either left or lost", hint=hint)
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        hint = _amount_hint(amount, kind) if isinstance(amount, str) else ""
        raise fail(f"must be a number (found {shown(amount)})", hint=hint, at=kind)
    if not 0 <= amount < LARGEST_AMOUNT or (kind == "lost" and amount == 0):
        least = "above 0" if kind == "lost" else "at least 0"
        raise fail(f"must be {least} (found {shown(amount)})", at=kind)
    return Amount(amount, "left" if kind == "left" else "lost")


def _amount_hint(text: str, kind: str) -> str:
    """How to write an amount; what is left as a share is a threshold without a key."""
    share = re.fullmatch(r"([\d.]+) ?%", text)
    if share and float(share[1]) < 100:
        lost = float(share[1]) if kind == "lost" else 100 - float(share[1])
        return f"write {exact(round(lost / 100, 10))} without {kind}: a threshold is the share lost"
    return number_hint(text, "count")


Counting = Literal["casualties", "strength"]


def counting_for(scenario: Mapping[str, Any]) -> Counting:
    """How thresholds are counted where the file does not say."""
    return "strength" if stock_keys(scenario) else "casualties"


def stock_keys(scenario: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys in use, of those that make a stock of the force."""
    force, of_force = scenario.get("force"), ("as_of", "counts", "lasts", "floor", "usable")
    keys = [f"force.{key}" for key in of_force if force is not None and getattr(force, key)]
    keys += [key for key in ("inflow", "outflows") if scenario.get(key)]
    left = any(map(is_left, scenario.get("thresholds", ())))
    return (*keys, *(["thresholds"] if left else []))


_AMOUNTS = [
    {
        "type": "object",
        "properties": {kind: {"type": "number", "minimum": 0}},
        "required": [kind],
        "additionalProperties": False,
    }
    for kind in ("left", "lost")
]
Threshold = Annotated[
    Share,
    WrapValidator(_threshold),
    PlainSerializer(lambda at: at.plain if isinstance(at, Amount) else at),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 1}, *_AMOUNTS]}),
]
