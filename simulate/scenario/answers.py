"""The scenario file that answers make, complete with stand-ins for what is not yet answered."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from simulate.scenario.fields import DEFAULT_HORIZON_YEARS
from simulate.scenario.loader import LoadedScenario, load_text
from simulate.scenario.values import days_of_month
from simulate.scenario.words import DOMAINS, Domain

Value = str | CommentedMap
Answers = Mapping[str, Value]
"""The value of each key that is known; empty text where the key is left out.

The answer `known`, count or rate, is no key of the file: it says what else is asked.
"""


class Plain(str):
    """A number or date, written as it was typed."""

    __slots__ = ()


def quoted(text: str) -> str:
    """A text that the file has in quotes; empty text stays empty."""
    return DoubleQuotedScalarString(text) if text else ""


def by_rate(answers: Answers) -> bool:
    """Whether the losses are known as a rate, not as a count."""
    return answers.get("known") == "rate"


def domain(answers: Answers) -> Domain:
    """What runs out; a force until another is known."""
    return next((name for name in DOMAINS if name == answers.get("wording")), "force")


def usual_horizon(answers: Answers) -> str:
    """Five years after the rate's latest first day, or what was published if that is later."""
    day = max(_first_days(answers))
    year = min(day.year + DEFAULT_HORIZON_YEARS, dt.MAXYEAR)
    five_years = day.replace(year=year, day=min(day.day, 28))
    return max([five_years, *_days(answers.get("published.date", ""))]).isoformat()


def loaded(answers: Answers) -> LoadedScenario:
    """The scenario so far, with stand-ins for what is not yet answered."""
    return load_text(document(answers), "")


def document(answers: Answers) -> str:
    """The commented file."""
    filled: dict[str, Any] = {**_stand_ins(answers), **answers}
    words = DOMAINS[domain(answers)]
    tree = CommentedMap(title=filled["title"])
    tree["question"] = f"When would the whole {words.whole} be {words.lost} if {_SAME_RATE}?"
    tree["unit"] = filled["unit"]
    if filled["wording"] != "force":
        tree["wording"] = filled["wording"]
    tree.yaml_set_start_comment(_HEADER)
    for name in ("losses", "force"):
        _put(tree, name, _block(name, filled, indent=2), "\n")
    if amount := filled.get("inflow.amount"):
        inflow = CommentedSeq([_block("inflow", filled, indent=4)])
        _put(tree, "inflow", inflow, f"\nWhat comes in, per unit of time. {_law_of(amount)}")
    thresholds = CommentedSeq([0.3, 0.5, 1.0])
    thresholds.fa.set_flow_style()
    _put(tree, "thresholds", thresholds, f"\nShares of the {words.whole} whose dates you want.")
    _put(tree, "horizon", filled["horizon"], '\nLater dates are reported as "not by".')
    if date := filled.get("published.date"):
        label = filled.get("published.label") or quoted("Published")
        when = date if isinstance(date, CommentedMap) else {"date": date}
        published = [CommentedMap({"label": label, **when, "threshold": 1.0})]
        _put(tree, "published", published, "\nDates others have published, to be checked.")
    yaml, text = YAML(), io.StringIO()
    yaml.Representer = _Representer
    yaml.width = 10_000  # a text stays on its line
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(tree, text)
    return text.getvalue()


_HEADER = """\
yaml-language-server: $schema=simulate.schema.json
(write that file with `simulate schema > simulate.schema.json`; your editor then completes keys)

From the answers to `simulate init --interactive`. Run it with `simulate run FILE`, look at the
inputs with `simulate describe FILE`; `simulate init` shows what else a scenario can contain.

"""
_SAME_RATE = "the rate stayed the same"
_KEYS = {
    "losses.count": "{w.losses} from start to as_of.",
    "losses.as_of": "The day the count runs up to.",
    "losses.rate": "{w.losses} per unit of time.",
    "losses.per": "",
    "losses.start": "The day {w.the_losses} began.",
    "force.size": "The {w.whole} {w.at_first}, including what was {w.lost} since.",
    "force.as_of": "The date on which that was there.",
    "force.floor": "What cannot be used.",
    "inflow.amount": "",
    "inflow.per": "",
    "inflow.from": "The day it begins.",
}
"""The comment above each key, if it has one, with places for the words of the domain."""
_SIZE_ON_A_DATE = "What was there on the date as_of."
_LAWS = {
    "lognormal": "One chance in twenty to be below p5, and one to be above p95.",
    "triangular": "Lowest, most likely and highest value.",
    "uniform": "Every value from low to high is equally likely.",
    "": "Taken as certain.",
}


def _block(name: str, filled: Mapping[str, Any], indent: int) -> CommentedMap:
    """A block of the file: the keys that are answered, most below a comment, and its source."""
    block, words = CommentedMap(), DOMAINS[domain(filled)]
    for key, text in _KEYS.items():
        if not key.startswith(f"{name}.") or not (value := filled.get(key)):
            continue
        on_a_date = key == "force.size" and filled.get("force.as_of")
        said = _SIZE_ON_A_DATE if on_a_date else text.format(w=words)
        comment = f"{said[0].upper()}{said[1:]} {_law_of(value)}" if said else ""
        _put(block, key.partition(".")[2], value, comment, indent)
    block.update({k: v for k in ("source", "url") if (v := filled.get(f"{name}.{k}"))})
    return block


def _law_of(value: Value) -> str:
    return _LAWS[value["distribution"] if isinstance(value, CommentedMap) else ""]


def _put(block: CommentedMap, key: str, value: Any, comment: str, indent: int = 0) -> None:
    """Add a key, below a comment if there is one."""
    block[key] = value
    if comment:
        block.yaml_set_comment_before_after_key(key, before=comment, indent=indent)


class _Representer(RoundTripRepresenter):
    def represent_plain(self, data: Plain) -> Any:
        tag = YAML().resolver.resolve(ScalarNode, str(data), (True, False))
        return self.represent_scalar(tag, str(data))


_Representer.add_representer(Plain, _Representer.represent_plain)


def _stand_ins(answers: Answers) -> dict[str, str]:
    first = min(_first_days(answers))
    found = {
        "title": "untitled",
        "unit": "units",
        "wording": "force",
        "force.size": Plain("1e99"),  # any count is below it
        "inflow.per": "month",
        "horizon": Plain(usual_horizon(answers)),
    }
    if by_rate(answers):
        day = "force.as_of" if answers.get("force.as_of") != "" else "losses.start"
        return {**found, "losses.rate": Plain(1), "losses.per": "day", day: Plain(first)}
    before = dt.date.fromordinal(max(first.toordinal() - 1, 1))
    days = {"losses.as_of": Plain(first), "losses.start": Plain(before)}
    return {**found, "losses.count": Plain(1), **days}


def _first_days(answers: Answers) -> list[dt.date]:
    """The days from which the rate runs, by the answers; some day where they name none."""
    keys = ("force.as_of", "losses.start" if by_rate(answers) else "losses.as_of")
    found = [day for key in keys for day in _days(answers.get(key, ""))]
    return found or [dt.date(2024, 1, 2)]


def _days(value: Value) -> list[dt.date]:
    """The days in an answer, of a month the last."""
    days = []
    for part in value.values() if isinstance(value, CommentedMap) else [value]:
        with contextlib.suppress(ValueError):
            month = days_of_month(str(part))
            days.append(month[1] if month else dt.date.fromisoformat(part))
    return days
