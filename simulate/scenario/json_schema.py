"""JSON Schema (draft 7) of a scenario file, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulate.scenario.distributions import FAMILIES, Distribution
from simulate.scenario.distributions.data import Empirical
from simulate.scenario.distributions.metalog import Metalog
from simulate.scenario.distributions.parametric import FittedDistribution
from simulate.scenario.fields import LISTS
from simulate.scenario.model import Scenario
from simulate.scenario.observed import ObservedFile
from simulate.scenario.series import INSTEAD
from simulate.scenario.values import DATE_SCHEMA, Axis

Schema = dict[str, Any]

_PERCENTILE_KEY = r"^p(?=.*[1-9])\d{1,2}(\.\d+)?$"
_BOUNDS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
_VALUES: Mapping[Axis, Schema] = {"number": {"type": "number"}, "date": DATE_SCHEMA}
_DATE_OR_PERIOD: Schema = {
    "if": {"required": ["date"]},
    "then": {"properties": {"from": False, "to": False}},
    "else": {"required": ["from", "to"]},
}
_ONE_COUNT_OR_CLAIMS: Schema = {
    "if": {"required": ["claims"]},
    "then": {"properties": dict.fromkeys(("count", "as_of", "rate", "per"), False)},
    "else": {
        "properties": {"pooling": False},
        "if": {"required": ["rate"]},
        "then": {"required": ["per"], "properties": {"count": False, "as_of": False}},
        "else": {"required": ["count", "as_of", "start"], "properties": {"per": False}},
    },
}
_SIZES = ("size", "counts", "lasts")
_ONE_SIZE: Schema = {"oneOf": [{"required": [key]} for key in _SIZES]}
_LOSSES_UNLESS_THE_STOCK_GIVES_THE_RATE: Schema = {
    "anyOf": [
        {"required": ["losses"]},
        *({"properties": {"force": {"required": [key]}}} for key in ("counts", "lasts")),
    ]
}
_SERIES_OR_COUNTS: Schema = {
    "if": {"required": ["series"]},
    "then": {"properties": dict.fromkeys(INSTEAD, False)},
    "else": _ONE_COUNT_OR_CLAIMS,
}
_UNLESS_ENDED_ALONE: Schema = {
    "if": {"required": ["ended"], "maxProperties": 1},
    "then": {},
    "else": _SERIES_OR_COUNTS,
}
_SPREAD_OR_CLASS_OR_SERIES: Schema = {
    "if": {"required": ["sd"]},
    "then": {"properties": {"class": False, "series": {"const": False}}},
    "else": {
        "anyOf": [
            {"required": ["class"]},
            {"required": ["series"], "properties": {"series": {"const": True}}},
        ]
    },
}


def json_schema() -> Schema:
    """The schema, as plain values.

    It refuses what structure alone can refuse: unknown keys, wrong types, a number instead of a
    date, missing or mixed parameters of a family. `simulate check` judges relations between
    values.
    """
    raw = Scenario.model_json_schema(ref_template="#/definitions/{model}")
    definitions = {name: _rewritten(model, None) for name, model in raw.pop("$defs").items()}
    definitions["Losses"] |= _UNLESS_ENDED_ALONE
    definitions["Published"] |= _DATE_OR_PERIOD
    definitions["Force"] |= _ONE_SIZE
    definitions["Reference"] |= _SPREAD_OR_CLASS_OR_SERIES
    definitions["ObservedFile"] = _rewritten(ObservedFile.model_json_schema(), None)
    for axis in _VALUES:
        definitions[f"distribution_{axis}"] = _choice(axis)
        for name, family in FAMILIES.items():
            definitions[f"{name}_{axis}"] = _family(family, axis)
    scenario = _rewritten(raw, None)
    properties = scenario["properties"]
    properties["extends"] = {
        "type": "string",
        "description": "A scenario file in this folder or below that this one changes.",
    }
    wording, observed = properties["wording"], properties["observed"]
    name = definitions["Wording"]["properties"]["preset"]
    wording["anyOf"] = [{"enum": name["enum"]}, {"$ref": wording.pop("$ref")}]
    file = {"$ref": "#/definitions/ObservedFile"}
    observed["items"] = {"if": {"required": ["file"]}, "then": file, "else": observed["items"]}
    for key in LISTS:  # or a single entry
        rule = {"if": {"type": "object"}, "then": properties[key]["items"], "else": properties[key]}
        properties[key] = {"description": properties[key]["description"], **rule}
    # What the file leaves out can be in the file it extends.
    required = _required_of(scenario, definitions) | _LOSSES_UNLESS_THE_STOCK_GIVES_THE_RATE
    rules = {"if": {"not": {"required": ["extends"]}}, "then": required}
    draft = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return {**draft, **scenario, **rules, "definitions": definitions}


def _required_of(block: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Take what a block and the blocks in it must hold out of their definitions."""
    keys = [key for key in ("required", "oneOf", "if", "then", "else") if key in block]
    required: Schema = {key: block.pop(key) for key in keys}
    within = {}
    for name, field in block["properties"].items():
        _, is_block, definition = field.get("$ref", "").rpartition("#/definitions/")
        if is_block and (part := _required_of(definitions[definition], definitions)):
            within[name] = part
    return {**required, "properties": within} if within else required


def _family(family: type[Distribution], axis: Axis) -> Schema:
    schema: Schema = _rewritten(family.model_json_schema(), axis)
    properties = schema["properties"]
    schema["required"] = ["distribution", *schema.get("required", [])]
    if "percentiles" in properties:
        del properties["percentiles"]
        schema["patternProperties"] = {_PERCENTILE_KEY: _VALUES[axis]}
    if issubclass(family, FittedDistribution):
        schema["anyOf"] = _forms(family)
    if issubclass(family, Metalog):
        schema["minProperties"] = 3
    if issubclass(family, Empirical):
        schema["required"].remove("values")
        schema["anyOf"] = [{"required": ["values"]}, {"required": ["file", "column"]}]
    if "after" in properties:
        if axis == "number":
            del properties["after"]
        else:
            schema["required"].append("after")
    return schema


def _forms(family: type[FittedDistribution]) -> list[Schema]:
    """One complete set of native parameters and no other, or none of them."""
    native = {name for form in family.forms for name in form}

    def only(form: tuple[str, ...]) -> Schema:
        others = [{"required": [name]} for name in sorted(native - set(form))]
        no_others: Schema = {"not": {"anyOf": others}} if others else {}
        return {"required": list(form), **no_others} if form else no_others

    no_percentiles = {"propertyNames": {"not": {"pattern": _PERCENTILE_KEY}}}
    by_percentiles = {**only(()), "minProperties": 3 + len(family.always)}
    return [*({**only(form), **no_percentiles} for form in family.forms), by_percentiles]


def _choice(axis: Axis) -> Schema:
    """A mapping whose `distribution` says which family's rules hold."""

    def names(rule: Schema) -> Schema:
        return {"properties": {"distribution": rule}}

    rules = [
        {"if": names({"const": name}), "then": {"$ref": f"#/definitions/{name}_{axis}"}}
        for name in FAMILIES
    ]
    required = {"type": "object", "required": ["distribution"]}
    return {**required, **names({"enum": list(FAMILIES)}), "allOf": rules}


def _rewritten(schema: Any, axis: Axis | None) -> Any:
    """Pydantic's schema as draft 7, on one axis below a field that has one."""
    if isinstance(schema, list):
        return [_rewritten(part, axis) for part in schema]
    if not isinstance(schema, dict):
        return schema
    mark = schema.get("x-axis")
    if mark == "point":
        return _VALUES[axis or "number"]
    if "x-distribution" in schema:
        axis = mark or axis or "number"
        return {
            **{key: words for key, words in schema.items() if key == "description"},
            "if": {"type": "object"},
            "then": {"$ref": f"#/definitions/distribution_{axis}"},
            "else": _VALUES[axis],
        }
    rewritten = {
        _BOUNDS.get(key, key): _rewritten(value, axis)
        for key, value in schema.items()
        if key not in ("title", "x-axis")
    }
    if "properties" in schema:
        rewritten["properties"] = {k: _rewritten(v, axis) for k, v in schema["properties"].items()}
    if "prefixItems" in rewritten:
        rewritten["items"] = rewritten.pop("prefixItems")
    if "anyOf" in rewritten:
        # An optional field may be left out; a null for it says nothing more.
        kinds = [part for part in rewritten["anyOf"] if part != {"type": "null"}]
        if len(kinds) == 1:
            rewritten = {**kinds[0], **{k: v for k, v in rewritten.items() if k != "anyOf"}}
    if rewritten.get("default", ...) is None:
        del rewritten["default"]
    return rewritten
