"""The words that choose what is known and what else is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from simulate.scenario.interview.grammar import PER, PERIOD, pattern, refusal
from simulate.scenario.interview.prelude import WITHIN
from simulate.scenario.names import INFLOWS, any_of, closest
from simulate.scenario.spelling import write
from simulate.scenario.written_numbers import WORD
from simulate.scenario.yaml_source import quoted


def _also(**words: str) -> Mapping[str, str]:
    """Each of the words for a choice, which are listed by its name."""
    return {word: name for name, listed in words.items() for word in listed.split(", ")}


KINDS = {
    "force": "people or equipment, which are lost",
    "stock": "supplies such as missiles, water or gas, or a budget of emissions, which are used up",
    "fund": "money, which is spent",
}
KINDS_TOO = _also(
    force="people, men, troops, soldiers, fighters, militia, police, army, tanks, vehicles, guns, "
    "equipment, ships, aircraft, planes, helicopters, drones",
    stock="supplies, supply, stockpile, ammunition, shells, missiles, interceptors, water, "
    "gas, oil, fuel, food, blood, medicine, vaccines, masks, ventilators, beds",
    fund="money, cash, budget, dollars, euros, pounds, roubles, reserves",
)
"""What runs out, and other words for it."""
KNOWN = {
    "count": "what was {w.lost} by some day, such as 3,800 by 16 January 2025",
    "rate": "{w.losses} per day, week, month or year, such as 92 a day",
    "left": "what was left on two dates",
    "supply": "for how many days what is left will last",
    "file": "counts of several dates, in a CSV file",
}
KNOWN_TOO = _also(
    rate="pace, speed, per day, daily, weekly, monthly, yearly, spending, consumption, usage",
    count="total, toll, sum, casualties, losses",
    left="remaining, rest, two, twice",
    supply="days, supplies, lasts, last, long, enough",
    file="csv, table, series, spreadsheet",
)
"""Other words for what is known."""
COUNTING = {
    "present": "when half as many are present as at first (net): 5,500 of 11,000",
    "sent": "when half of all ever sent have been {w.lost} (gross): 6,500 of 11,000 and 2,000 more",
}
COUNTING_RETURNS = {
    "present": "when half as many are present as at first; whoever returned is present",
    "sent": "when half have been {w.lost}, whether or not some of them returned",
}
COUNTING_TOO = _also(
    present="strength, there, left, remaining", sent="casualties, all, ever, losses"
)
"""What a share is a share of, where others arrive or some return."""
POOLING = {
    "either": "one report or the other is right: each simulation follows one of them, and the "
    "dates spread over those of both",
    "average": "the truth lies between them: each simulation takes an average, and so does the "
    "date",
    "separate": "neither is mixed with the other: each has a date of its own, side by side",
}
POOLING_TOO = _also(
    either="linear, or, mix", average="quantile, mean, between, middle", separate="each, own, side"
)
"""How several reports enter the result."""
TOPICS = {
    "inflow": "what comes in evenly, so much a week or month: {asked.inflow}",
    "arrivals": "what arrives at once on a date",
    "outflows": "what is taken at once on a date",
    "floor": "what cannot be used",
    "usable": "the share that can be used",
    "season": "how the rate differs from month to month, each year",
    "trend": "how the rate grows or falls, bit by bit or on a date",
    "report": "another report of {w.the_losses}, by another source",
    "prelude": "{w.losses} before the first day counted",
    "wounded": "losses of whom some return to duty",
    "pauses": "a period in which the rate is lower, or higher",
    "ends": "what could end {w.the_losses}, such as a ceasefire",
    "ended": "{w.the_losses} stopped: on what day",
    "observed": "counts published later, to compare with the result",
    "shares": "for which shares or amounts you want dates; now 30, 50 and 100 %",
    "question": "the question that the scenario answers, in words",
    "horizon": "the last date that matters",
    "published": "when others say it will happen, to be checked",
}
"""What is asked only where it is wanted; the names are answers to `more`."""
EXAMPLES = {
    "count": "3,800 had been {w.lost} by 16 January 2025",
    "rate": "about nine a week are fired; 260 million a week is paid out",
    "left": "22,500 in October, 10,500 in June",
    "supply": "enough for ten to twelve days",
    "file": "a table of dates and counts, losses.csv",
    "inflow": "about 1,200 a month since mid-December, the ministry",
    "arrivals": "1.5 billion in July 2020 (one in three), the legislature",
    "outflows": "400 on 1 May 2026",
    "floor": "12",
    "usable": "18 %",
    "season": "1.9, 1.7, 1.4, 1, 0.6, 0.4, 0.3, 0.3, 0.5, 0.8, 1.3, 1.7",
    "trend": "-5 % a week until July",
    "report": "1,450 by 20 January, the ministry",
    "prelude": "about 4,500 since February 2022",
    "wounded": "about a third of the wounded return after six to eight weeks",
    "pauses": "a truce of 10 to 20 days from 1 March on",
    "ends": "a ceasefire in April, 30 %",
    "ended": "until the ceasefire on 24 June 2025",
    "observed": "4,700 on 9 February, the ministry",
    "shares": "half",
    "question": "When will the reservoir be empty?",
    "horizon": "the end of 2026",
    "published": "by the spring, an analyst",
}
"""A sentence of a newspaper for each thing that is known or wanted."""
LISTS = {
    "inflow": "inflow",
    "arrivals": "reinforcements",
    "outflows": "outflows",
    "report": "losses.claims",
    "pauses": "pauses",
    "ends": "ends",
    "observed": "observed",
    "published": "published",
}
"""The topics that can be wanted more than once, and the lists of the file that they fill."""
TOPICS_TOO = _also(
    inflow=", ".join((*INFLOWS, "supply")),
    arrivals="reinforcement, delivery, deliveries",
    outflows="withdrawal, payment",
    season="seasonal",
    trend="growth, growing, rising, falling, rise, fall, step, change",
    shares="threshold, amount",
    report="claim, source, estimate",
    prelude="before, earlier",
    wounded="injured, return, returning, recovered, recover",
    pauses="break",
    ends="ceasefire, truce",
    ended="stopped, stop, over",
    floor="reserve, minimum",
    published="forecast, prediction, deadline",
)
"""Other words for the topics."""
ROWS_TOO = _also(
    total="cumulative, running, totals, far", row="rows, daily, new, added, increase, each"
)
"""Other words for what a row counts."""


def offered(answers: Mapping[str, str]) -> Mapping[str, str]:
    """The topics that go with what is known."""
    others = [] if answers.get("known") in ("count", "rate") else ["report"]
    others += [] if answers.get("wording", "force") == "force" else ["wounded"]
    others += [] if answers.get("known") == "count" and WITHIN not in answers else ["prelude"]
    return {topic: text for topic, text in TOPICS.items() if topic not in others}


def wanted(answers: Mapping[str, str]) -> Iterator[str]:
    """The topics in all answers to `more`, in their order."""
    return (topic for key in answers if key.startswith("more") for topic in answers[key].split())


def chosen(key: str, text: str, choices: Iterable[str], too: Mapping[str, str]) -> str:
    """One of the choices; `too` has other words for them, of which a sentence may hold one.

    Raises ScenarioError if the text is none of the choices, with a hint where it means one of them.
    """
    if (found := text.lower()) in (choices := (*choices,)):
        return found
    meant = {meaning(word, choices, too) for word in (found, *re.findall(r"[\w/]+", found))} - {""}
    if re.search(r"\b(?:no|not|never|nothing|without|neither)\b", found):
        meant.clear()
    near = closest(found, choices)
    hint = write(meant.pop()) if len(meant) == 1 else f"did you mean {near}?" if near else ""
    if choices == (*KINDS,) and not hint and re.match(r"(?:an?|the)\s", found):
        kinds = (f"{kind}: {text} ({what.partition(',')[0]})" for kind, what in KINDS.items())
        hint = f"write its kind before it: {any_of(kinds)}"
    raise refusal(f"{key} must be {any_of(choices)}", text, hint)


def meaning(word: str, choices: Collection[str], too: Mapping[str, str]) -> str:
    """The choice that a word means, in the singular or the plural; empty without one."""
    forms = (word, f"{word}s", word.removesuffix("s"))
    return next((one for form in forms if (one := too.get(form, form)) in choices), "")


FATE = (
    r"(?:(?:badly|seriously|severely) )?"
    r"(?:killed(?: in action)?|wounded|injured|captured|missing|destroyed|damaged|dead|died|fired|"
    r"launched|burned|handed out|given out|sold|eaten|paid out|paid|disbursed)\b"
)
FATES = rf"{FATE}(?:(?:,|,? (?:and|or)) {FATE})*"
_LOST = pattern(
    rf"(.{{,60}}?(?:\d|\b{WORD})\S{{,20}}?(?:\s+(?!{FATE})[^\W\d][\w-]*){{0,3}}(?:\s+{PER}\s+{PERIOD})?),?\s+"
    r"(?:(?:had been|have been|were)\s+)?"
    rf"({FATES})\b(.*)"
)
_CASUALTIES = pattern(r"(?<!civilian )\bcasualties\b")
_ALL_LOST = "soldiers killed or wounded"
_LOST_UNIT = pattern(rf"([\w-]+(?:\s+(?!{FATE})[\w-]+){{0,3}}),?\s+({FATES})")
_KILLED = re.compile(r"\b(?:dead|died)\b")
_WHOLE_OF = _also(
    force="garrison, contingent, army, corps, division, brigade, regiment, battalion, company, "
    "squadron, fleet, navy",
    stock="stockpile, arsenal, reservoir, store, inventory",
    fund="budget, account, grant",
)
"""What is depleted, and how it is."""
_WHOLES = rf"({'|'.join((*_WHOLE_OF, *KINDS))}|reserve)"
_A_WHOLE = pattern(  # not missiles in store: the whole of these is a stock of missiles
    r"(?:(?:an?|the)\s+)?((?:(?!(?:no|of|in|on|at|for|from|with)\b)[\w'-]+\s+){0,2}"
    rf"({'|'.join(_WHOLE_OF)}))"
)
_OF_A_KIND = pattern(
    rf"({'|'.join(KINDS)}):\s+(?:(?:an?|the)\s+)?(?:[\w-]+['\u2019]s?\s+)?([^\W\d_][^\d:,;]{{1,40}})"
)
_RESERVE = pattern(r"(?:(?:an?|the)\s+)?(([a-z]+)\s+reserve)s?")
"""A reserve is of the kind of what it holds."""
_CALLED = pattern(rf"(?:(?:an?|the)\s+)?{_WHOLES}s?\s+of\s+(.+)")
_STRONG = pattern(rf"(?:(?:an?|the)\s+)?(\d\S*)[- ]strong\s+{_WHOLES}s?\b(.*)")


def own_words(key: str, text: str) -> tuple[str, dict[str, str]]:
    """An answer without the words for what is depleted or what happens to it, and those words.

    Examples
    --------
    >>> own_words("losses.rate", "60 killed and wounded a month")
    ('60 a month', {'wording.lost': '"killed or wounded"'})
    >>> own_words("force.size", "a garrison of 3,500")
    ('3,500', {'wording.whole': '"garrison"'})
    """
    told = _CASUALTIES.sub("killed or wounded", text)
    if key in ("losses.count", "losses.rate") and (found := _LOST.fullmatch(told)):
        return f"{found[1]}{found[3]}", {"wording.lost": lost_words(found[2])}
    if key == "unit" and (found := _LOST_UNIT.fullmatch(_CASUALTIES.sub(_ALL_LOST, text))):
        return found[1], {"wording.lost": lost_words(found[2])}
    if key == "wording":
        return _kind_of(text)
    if key == "force.size" and (found := _CALLED.fullmatch(text)):
        return found[2], {"wording.whole": quoted(found[1].lower())}
    if key == "force.size" and (found := _STRONG.fullmatch(text)):
        return f"{found[1]}{found[3]}", {"wording.whole": quoted(found[2].lower())}
    return text, {}


_NET = pattern(
    r",?\s+more than (?:(?:it|they|is|are|the \w+)\s+)?"
    r"(?:takes? in|comes? in|receives?|recruits?|replaced|join)\b|\bnet(?: of income)?\b\s*"
)
"""What is lost beyond what comes in."""


def net_rate(key: str, text: str) -> tuple[str, dict[str, str]]:
    """A rate without the words that say that what comes in is subtracted, and that it is.

    Examples
    --------
    >>> net_rate("losses.rate", "20 billion a year more than it takes in, the ministry")
    ('20 billion a year, the ministry', {'losses.net': 'true'})
    """
    net = _NET.search(text) if key == "losses.rate" else None
    if net is None:
        return text, {}
    return f"{text[: net.start()]}{text[net.end() :]}", {"losses.net": "true"}


def _kind_of(text: str) -> tuple[str, dict[str, str]]:
    """The kind of `a brigade` or `fund: the aid budget`, and that noun; other texts as they are."""
    if found := _A_WHOLE.fullmatch(text):
        whole = _ALL.sub("", found[1])
        whole = whole if " " in whole else whole.lower()
        return _WHOLE_OF[found[2].lower()], {"wording.whole": quoted(whole)}
    if (found := _RESERVE.fullmatch(text)) and (
        kind := meaning(found[2].lower(), KINDS, KINDS_TOO)
    ):
        return kind, {"wording.whole": quoted(found[1])}
    if found := _OF_A_KIND.fullmatch(text):
        return found[1].lower(), {"wording.whole": quoted(_ALL.sub("", found[2]))}
    return text, {}


_ALL = pattern(r"^(?:whole|entire) ")


def plain_number(key: str, text: str) -> str:
    """An answer without the words of a newspaper that do not change its number.

    What arrives may be `another 300` or `300 more`; of a total, they would change it. Raises a
    `ScenarioError` that names them there.

    Examples
    --------
    >>> plain_number("force.size", "still 640 on 1 March")
    '640 on 1 March'
    """
    said = _SAID.sub("", text)
    if more := _FURTHER.search(said):
        if not key.startswith(("reinforcements", "outflows", "inflow")):
            hint = f"leave out {more[0].strip()}, if the number is all of them"
            raise refusal(f"{key} must be a number in all", more[0].strip(), hint)
        said = _FURTHER.sub("", said)
    return said


_SAID = pattern(
    r"(?:^|(?<=; ))(?:(?:with|still|only|merely|exactly|ha[ds]|"
    r"just(?! (?:over|under|above|below|short|more|less|fewer)\b)|"
    r"a (?:mere|total of)|in (?:all|total)),?\s+)+(?=\S)"
)
AT_FIRST = pattern(
    r"\bpre-?war\s|,?\s+(?:(?:just|right|shortly) )?(?:"
    r"(?:before|at the (?:start|beginning|outbreak) of) (?:the )?"
    r"(?:war|fighting|invasion|offensive|campaign|conflict)|"
    r"at the (?:very )?(?:outset|start|beginning)|"
    r"(?:when|as|before) (?:it|they|the [a-z]+) (?:began|started|broke out)"
    r")(?!\s+(?:in|on|of|against)\b)\b"
)
"""That a size is one of the first day counted."""
_FURTHER = pattern(
    r"(?:^|(?<=; ))(?:a further|another|further|(?:an )?(?:additional|extra))\s+|"
    r"(?<=\d)\s+more\b(?! than)"
)


def lost_words(text: str) -> str:
    """What happens, in the words of a newspaper."""
    return quoted(re.sub(r",? and ", " or ", _KILLED.sub("killed", text.lower())))
