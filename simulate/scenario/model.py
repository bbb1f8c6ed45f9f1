"""A scenario: fields that are valid one by one and together."""

import datetime as dt
from typing import Any, Self, TypeVar, cast

from pydantic import ValidationError, model_validator

from simulate.errors import LimitError, ScenarioError
from simulate.scenario.claims import LossClaim
from simulate.scenario.consistency import contradictions
from simulate.scenario.fields import MOST_INPUTS, ScenarioFields
from simulate.scenario.horizon import LONGEST_HORIZON_DAYS, too_far
from simulate.scenario.inputs import earliest_day, latest_day
from simulate.scenario.problems import problems_of
from simulate.scenario.values import Block, all_of
from simulate.scenario.yaml_source import YamlDocument

B = TypeVar("B", bound=Block)


class Scenario(ScenarioFields):
    """A claim about when a force or stock runs out, with the uncertainty of its inputs.

    The keys are those of a file; `model_dump` gives them back, without what is left at its default.

    Examples
    --------
    >>> import simulate
    >>> keys = {"title": "A stock", "force": {"size": 900, "as_of": "2026-01-22"}}
    >>> scenario = simulate.load({**keys, "losses": {"rate": 10, "per": "day"}}).scenario
    >>> scenario.model_dump(mode="json")["force"]
    {'size': 900.0, 'as_of': '2026-01-22'}
    >>> simulate.Scenario.model_validate(scenario.model_dump()) == scenario
    True
    """

    def __init__(self, **keys: Any) -> None:
        """From the keys of a file; raises as `simulate.load`."""
        try:
            super().__init__(**keys)
        except ValidationError as error:
            raise ScenarioError(*problems_of(error, YamlDocument(keys))) from None

    # As pydantic marks its own: validation then does not call it.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """The keys and values of a file; `options` as pydantic's.

        Defaults are left out: a list that is empty because the key is not used, for instance, is
        no valid list.
        """
        return super().model_dump(**{"exclude_defaults": True, **options})

    def model_dump_json(self, **options: Any) -> str:
        """The text of `model_dump`, as JSON."""
        return super().model_dump_json(**{"exclude_defaults": True, **options})

    def following(self, *claims: LossClaim, title: str = "") -> "Scenario":
        """The same scenario with these claims only, up to the same horizon; `title` renames it.

        Nothing is checked again. Correlations of inputs that are now certain are left out.
        """
        pooling = "linear" if self.losses.is_each else self.losses.pooling
        losses = _changed(self.losses, claims=claims, pooling=pooling)
        horizon = "default_horizon" if self.horizon is None else "horizon"
        changes = {"title": title or self.title, "losses": losses, horizon: self.last_day}
        found = _changed(self, **changes)
        names = {item.name for item in found.uncertain}
        kept = tuple(pair for pair in self.correlations if names.issuperset(pair.inputs))
        return found if kept == self.correlations else _changed(found, correlations=kept)

    @model_validator(mode="before")
    @classmethod
    def _unit_of_supply(cls, tree: Any) -> Any:
        """A stock in days of supply is counted in them, and so is all that is compared with it."""
        force = tree.get("force") if isinstance(tree, dict) else None
        if not isinstance(force, dict) or "lasts" not in force:
            return tree
        flows, thresholds = {"inflow", "reinforcements", "outflows"}, tree.get("thresholds")
        amounts = isinstance(thresholds, list) and any(isinstance(at, dict) for at in thresholds)
        counted = flows & tree.keys() or "floor" in force or amounts
        return tree if "unit" in tree and not counted else {**tree, "unit": "days of supply"}

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        for item in self.inputs:
            if item.distribution.axis == "date":
                earliest_day(item), latest_day(item.distribution, item.name)
        if len(self.uncertain) > MOST_INPUTS:
            raise LimitError(f"more than {MOST_INPUTS} uncertain inputs")
        if found := tuple(contradictions(self)):
            raise all_of(found)
        days = (self.last_day - self.origin).days
        if days > LONGEST_HORIZON_DAYS:
            last = self.origin + dt.timedelta(days=LONGEST_HORIZON_DAYS)
            what = f"{days:,} days after the earliest possible date, {self.origin},"
            raise LimitError(f"{too_far(what)}; name a date up to {last}", at="horizon")
        return self


def _changed(block: B, **changes: Any) -> B:
    """The block with other values, not checked; unlike `model_copy`, without what it has cached."""
    fields = {name: getattr(block, name) for name in type(block).model_fields}
    changed: Any = type(block).model_construct(**{**fields, **changes})
    return cast("B", changed)
