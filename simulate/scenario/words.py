"""The words of an answer by domain: a force is lost, a stock is used up, a fund is spent."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import Field, model_validator

from simulate.scenario.values import Block, Line

Domain = Literal["force", "stock", "fund"]
Part = Literal["", "usable", "rest"]
"""What of a whole is depleted: all, what can be used, or what was left at the second count."""
Mood = Literal["open", "past", "ended"]
"""It would be lost, would have been lost by now, or would have been lost had the losses gone on."""


class Words(NamedTuple):
    """Every word of an answer that depends on what runs out."""

    whole: str
    lost: str
    """What happens to the whole."""
    losses: str
    the_losses: str
    """The same with its article, where it needs one."""
    c_losses: str
    """Losses called C."""
    rate: str
    rates: str
    level: str
    """What is there, in one word."""
    present: str
    at_hand: str
    """What is there, in words."""
    by_level: str
    """That shares are of what is left; a stock or a fund is not counted otherwise."""
    at_first: str
    at_count: str
    """When the count was made."""
    share_lost: str
    """What a draw reaches, with places for the share and what happens to it."""
    dies_out: str
    """What the losses do that slow down as less is left."""
    counting: Mapping[str, str]
    """What thresholds count, by the value of `counting`."""
    one: str
    """The smallest part."""
    absent: Mapping[str, str]
    """What a scenario leaves out, by the key that would add it."""


DOMAINS: Mapping[Domain, Words] = {
    "force": Words(
        whole="force",
        lost="lost",
        losses="losses",
        the_losses="the losses",
        c_losses="C losses",
        rate="loss rate",
        rates="loss rates",
        level="strength",
        present="present",
        at_hand="strength present",
        by_level=" (by strength present)",
        at_first="before the losses",
        at_count="when the losses were counted",
        share_lost="a loss of {0}",
        dies_out="die out before the last are lost",
        counting={"strength": "strength, what is left", "casualties": "casualties"},
        one="a man",
        absent={
            "wounded": "Nothing lost returns to use.",
            "reinforcements": "No arrivals and no production.",
            "pauses": "No pauses and no rest.",
            "ends": "No withdrawal, no ceasefire, no other end.",
            "prelude": "No losses before losses.start.",
        },
    ),
    "stock": Words(
        whole="stock",
        lost="used up",
        losses="use",
        the_losses="use",
        c_losses="C used",
        rate="rate of use",
        rates="rates of use",
        level="stock",
        present="left",
        at_hand="stock left",
        by_level="",
        at_first="at the start",
        at_count="when use was counted",
        share_lost="the point where {0} is {1}",
        dies_out="dies out before the last is used up",
        counting={"strength": "what is left", "casualties": "all that was ever used"},
        one="a unit",
        absent={
            "wounded": "Nothing used comes back.",
            "reinforcements": "No deliveries and no production.",
            "pauses": "No pauses.",
            "ends": "No event that ends the use.",
            "prelude": "No use before losses.start.",
        },
    ),
    "fund": Words(
        whole="fund",
        lost="spent",
        losses="spending",
        the_losses="spending",
        c_losses="C spent",
        rate="spending",
        rates="rates of spending",
        level="balance",
        present="left",
        at_hand="balance left",
        by_level="",
        at_first="at the start",
        at_count="when spending was counted",
        share_lost="the point where {0} is {1}",
        dies_out="dies out before the last is spent",
        counting={"strength": "what is left", "casualties": "all that was ever spent"},
        one="a unit",
        absent={
            "wounded": "Nothing spent is paid back.",
            "reinforcements": "No income.",
            "pauses": "No pauses.",
            "ends": "No event that ends the spending.",
            "prelude": "No spending before losses.start.",
        },
    ),
}


_PARTICIPLES = {"be": "been", "come": "come", "fall": "fallen", "rise": "risen", "take": "taken"}
"""Of the verbs in sentences, those that do not end in `ed`."""


def perfect(does: str) -> str:
    """`have been lost` of `be lost`."""
    verb, *rest = does.split(" ", 1)
    return " ".join(("have", _PARTICIPLES.get(verb, f"{verb}ed"), *rest))


class Wording(Block):
    """The words for what runs out: "80 % of the force" is "lost".

    A name alone, such as `stock`, is its preset.
    """

    preset: Domain = Field(
        "force", description="All words: a force is lost, a stock is used up, a fund is spent."
    )
    whole: Line | None = Field(
        None, description="What is depleted: contingent, reservoir; the preset where left out."
    )
    lost: Line | None = Field(
        None, description="What happens to it: killed or wounded, fired; the preset's if left out."
    )

    @property
    def words(self) -> Words:
        """The words of the preset."""
        return DOMAINS[self.preset]

    @property
    def event(self) -> tuple[str, str]:
        """What is depleted, and what happens to it."""
        return self.whole or self.words.whole, self.lost or self.words.lost

    @model_validator(mode="before")
    @classmethod
    def _of_preset(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"preset": value}
        # The preset's own words are no change: a file that spells them out has the same digest.
        preset = value.get("preset", "force") if isinstance(value, dict) else None
        if preset not in (*DOMAINS,):
            return value
        own = DOMAINS[preset]._asdict()
        return {key: word for key, word in value.items() if word != own.get(key)}
