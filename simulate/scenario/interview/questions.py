"""The questions, in their order, and the words in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from simulate.scenario.interview import choices, prelude, readers, sources
from simulate.scenario.interview.document import Answers
from simulate.scenario.interview.units import unit
from simulate.scenario.words import Domain
from simulate.scenario.yaml_source import quoted


def _always(_: Answers) -> bool:
    return True


class Question(Struct, frozen=True):
    """The key of the file that an answer fills, perhaps with others, and what to say about it.

    `text` has places for the words of the domain. `usual` is the answer of an empty line, None
    where one is required. Unless `when` holds, the question is skipped. `more_help` is what a
    question mark shows.
    """

    key: str
    text: str
    reader: readers.Reader
    usual: str | None = None
    when: Callable[[Answers], bool] = _always
    more_help: str = ""

    def read(self, text: str, answers: Answers) -> readers.Filled:
        """What an answer fills, after those before it."""
        return self.reader(self.key, text, answers)

    @property
    def name(self) -> str:
        """What the prompt calls it: `more` is asked several times."""
        return "more" if self.key.startswith("more") else self.key


class Asked(NamedTuple):
    """Words of the questions by domain, beside those of the answer."""

    unit: str
    units: str
    inflow: str
    size: str


_LEFT = "How many {unit} were left, and on which day?"
ASKED: Mapping[Domain, Asked] = {
    "force": Asked(
        "soldiers", "soldiers, tanks", "recruits or production", "How large was the force?"
    ),
    "stock": Asked("units", "missiles, litres", "production or rain", _LEFT),
    "fund": Asked("dollars", "dollars, euros", "contributions or interest", _LEFT),
}


def _when(*known: str) -> Callable[[Answers], bool]:
    return lambda answers: answers.get("known") in known


def each_choice(named: Mapping[str, str]) -> str:
    """A line for each choice."""
    width = max(map(len, named))
    return "".join(f"\n  {name:{width}}  {text}" for name, text in named.items())


DATES = "A day (16 January 2025), a range (4 to 15 January 2025) or words (mid-January 2025)."
_NUMBERS = (
    "One number ({1}{per}), a range ({0} to {2}{per}) or words (about {1}{per}); ? says more."
)
RANGES = (
    "From a low to a high every value is equally likely, and none lies outside (uniform). Lowest, "
    "most likely, highest ({0}, {1}, {2}{per}) makes values near the middle one likelier "
    "(triangular). Of 6 or 7, both are equally likely. About {1} is read as 10 % either way, with "
    "{1} likeliest, nearly {1} as up to 5 % below. The file that is written can be edited: "
    "{{{{distribution: lognormal, p5: 3000, p95: 4200}}}}, for instance, leaves one chance "
    "in twenty below 3000 and one above 4200; simulate init shows more."
)
_COUNTS, _RATE = (3000, 3800, 4400), (80, 92, 110)
COUNTS = _NUMBERS.format(*_COUNTS, per="")
_RATES = _NUMBERS.format(*_RATE, per=" a day")
ABOUT_COUNTS = RANGES.format(*_COUNTS, per="")
ABOUT_RATES = RANGES.format(*_RATE, per=" a day")
ABOUT_DAYS = (
    "In a range of days every moment is equally likely, from the beginning of the first to the end "
    "of the last. Three days are the earliest, the most likely and the latest: 2024-12-01, "
    "2024-12-06, 2024-12-14. Early, mid and late are thirds of a month; the start and the end of a "
    "month are its first and its last day. By, before or until a month means before its first day. "
    "Around a day is three days either way. Midsummer is 24 June, around midsummer 15 June to 15 "
    "July. A stock at the end of a month is that of the next morning."
)
ABOUT_KINDS = (
    "The kind chooses the words: a force is lost, a stock used up, a fund spent. What the "
    "sentences call it may follow a colon: force: the garrison, stock: the carbon budget, fund: "
    "the aid budget. A brigade or a stockpile alone says both."
)
ABOUT_UNITS = (
    "The noun behind the numbers: men, where a newspaper writes 780 men. What happened to them, "
    "killed or wounded, may follow it or the number. Of million dollars, all amounts are millions, "
    "and 6.1 million is 6.1."
)
ABOUT_SOURCES = (
    "A newspaper, 22 January 2025, https://example.org/article: the name is printed in the "
    "sentence and the address below it. It may also follow the number itself, after a comma: 3800, "
    "a newspaper. The same is the source named before."
)
ABOUT_WOUNDED = (
    "Of killed and wounded, usually 0.7 to 0.8: 2.5 wounded for each man killed among Soviet "
    "forces at Kursk in 1943, 4.2 among those of Donetsk in 2022 (Dupuy Institute). It is lower "
    "where missing and captured men are counted. If you do not know it, give a wide range, such as "
    "0.4 to 0.8, and call it your assumption in wounded.source."
)
ABOUT_RETURNS = (
    "Of 1,000 lost, 750 of them wounded, a third of the wounded are 250 who are there again after "
    "60 days on average, and can be lost once more. If a newspaper says some weeks, give a range, "
    "such as 14 to 56 days. Of those killed alone nobody returns: leave the topic out."
)
BETWEEN_COUNTS = (
    "What came in between the two counts was used as well: if 880 fell to 640 while 90 came in, "
    "330 were used, not 240. If it came in only after the second count, give its first day. "
)
_ON = "The number may be a range, such as 2800 to 3200 on 2026-01-22."


def law(
    key: str, text: str, usual: str | None = None, when: Callable[[Answers], bool] = _always
) -> Question:
    """A question for a number or a day, which may be a range."""
    more_help = ABOUT_DAYS if DATES in text else ""
    return Question(key, text, readers.one(readers.law), usual, when, more_help)


def source(
    block: str, text: str = "that, and when", when: Callable[[Answers], bool] = _always
) -> Question:
    """The question for the source of a block."""
    text = f"Who published {text}? An address at the end is kept as url. Empty: none."
    return Question(f"{block}.source", text, sources.source, "", when, ABOUT_SOURCES)


def examples_of(named: Mapping[str, str]) -> str:
    """What a newspaper writes of each choice."""
    width = max(map(len, named))
    said = "".join(f"\n  {name:{width}}  {choices.EXAMPLES[name]}" for name in named)
    return f"What a newspaper writes, and what it is here:{said}"


PRELUDE_START = Question(
    "prelude.start",
    f"On which day did {{w.the_losses}} before the first day counted begin? {DATES}",
    readers.prelude_start,
    more_help=ABOUT_DAYS,
)
FIRST = (
    Question(
        "title",
        "A title for the claim, shown on every result.",
        readers.one(quoted),
        "My claim",
    ),
    Question(
        "wording",
        f"What runs out?{each_choice(choices.KINDS)}",
        readers.choice(choices.KINDS, choices.KINDS_TOO),
        "force",
        more_help=ABOUT_KINDS,
    ),
    Question(
        "known",
        f"What is known?{each_choice(choices.KNOWN)}",
        readers.known,
        "count",
        more_help=examples_of(choices.KNOWN),
    ),
    Question(
        "unit",
        "What is counted, in the plural: {asked.units}.",
        readers.one(unit),
        when=_when("count", "rate", "left", "file"),
        more_help=ABOUT_UNITS,
    ),
    Question(
        "losses.count",
        f"How many {{unit}} were {{w.lost}}? {COUNTS}",
        sources.sourced(readers.count),
        when=_when("count"),
        more_help=ABOUT_COUNTS,
    ),
    Question(
        "losses.rate",
        f"How many {{unit}} were {{w.lost}} per day, week, month or year? {_RATES} Its first "
        "day and its source may follow: 92 a day since 20 February, the ministry.",
        sources.sourced(readers.rate),
        when=_when("rate"),
        more_help=ABOUT_RATES,
    ),
    source("losses", when=_when("count", "rate")),
    law("losses.start", f"On which day did {{w.the_losses}} begin? {DATES}", when=_when("count")),
    Question(
        "losses.as_of",
        "Up to which day do they count? That day is included; write before 16 January 2025 to "
        "leave it out.",
        readers.one(readers.counted),
        when=_when("count"),
        more_help=ABOUT_DAYS,
    ),
    replace(PRELUDE_START, when=lambda answers: prelude.WITHIN in answers),
    Question(
        "losses.series.file",
        "Which CSV file, in the folder of the scenario, has the counts? Dates are in its first "
        "column and counts in its second; name the columns if they are others: losses.csv, date, "
        "tank.",
        readers.csv_file,
        when=_when("file"),
    ),
    Question(
        "rows",
        "Is each count the total so far, or what was added since the row before: total or row?",
        readers.rows,
        "total",
        _when("file"),
    ),
    Question(
        "losses.series.window",
        "Over how many days, up to the last date in the file, is the rate measured?",
        readers.window,
        when=_when("file"),
    ),
    source("losses.series", "the file", _when("file")),
    Question(
        "force.counts[0]",
        f"What was left on the earlier date? The number and the date: 22500 on 2023-10-07. {_ON}",
        sources.sourced(readers.dated),
        when=_when("left"),
    ),
    Question(
        "force.counts[1]",
        "What was left on the later date? Answer in the same forms.",
        sources.sourced(readers.dated),
        when=_when("left"),
    ),
    Question(
        "force.lasts",
        "How many days of supply were left, and on which date? 11 on 2025-06-18, or 10 to 12 on "
        "2025-06-18.",
        readers.supply,
        when=_when("supply"),
    ),
    Question(
        "force.size",
        "{size} A number alone is what there was {w.at_first}, including what was {w.lost} "
        "since: 12000, or 11000 to 12500. With a date it is what was {w.present} on the morning of "
        "that day: 3000 on 22 January 2026.",
        sources.sourced(readers.size),
        when=_when("count", "rate", "file"),
        more_help=ABOUT_COUNTS,
    ),
    source("force"),
    law(
        "losses.start",
        f"From which day on does the rate hold? {DATES}",
        when=lambda answers: answers.get("known") == "rate" and not answers.get("force.as_of"),
    ),
    law(
        "losses.start",
        f"From which day on does the rate hold? {DATES} Empty: from the day of the stock on.",
        "",
        _when("rate"),
    ),
)
