"""The questions, in their order, and the words in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from simulate.scenario.interview import choices, readers
from simulate.scenario.interview.document import Answers
from simulate.scenario.values import ISO_DATE
from simulate.scenario.words import Domain
from simulate.scenario.yaml_source import quoted


@dataclass(frozen=True, slots=True)
class Question:
    """The key of the file that an answer fills, perhaps with others, and what to say about it.

    `text` has places for the words of the domain. `usual` is the answer of an empty line, None
    where one is required. Unless `when` holds, the question is skipped.
    """

    key: str
    text: str
    read: readers.Reader
    usual: str | None = None
    when: Callable[[Answers], bool] = lambda _: True


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


def _wanted(topic: str) -> Callable[[Answers], bool]:
    return lambda answers: topic in answers.get("more", "").split()


def on_one_day(answers: Answers) -> bool:
    """Whether a count runs up to a day that is certain."""
    return ISO_DATE.fullmatch(answers.get("losses.as_of", "")) is not None


def _from_a_start(answers: Answers) -> bool:
    return answers.get("known") == "rate" and not answers.get("force.as_of")


def _choices(named: Mapping[str, str]) -> str:
    """A line for each choice."""
    width = max(map(len, named))
    return "".join(f"\n  {name:{width}}  {text}" for name, text in named.items())


_DATES = (
    "One date (2025-01-16), a range of days, both included, in which every moment is equally "
    "likely (2025-01-04 to 2025-01-15), or earliest, most likely, latest."
)
_NUMBERS = (
    "One number ({1}{per}), a range that holds it in nine cases of ten ({0} to {2}{per}, "
    "lognormal), or lowest, most likely, highest ({0}, {1}, {2}{per}, triangular)."
)
_COUNTS = _NUMBERS.format(3000, 3800, 4400, per="")
_RATES = _NUMBERS.format(80, 92, 110, per=" a day")
_SAME_FORMS = "Answer in the same forms."
_AND_WHERE = "An address at the end is kept as url. Empty: none."
_ON = "The number may be a range, such as 2800 to 3200 on 2026-01-22."

QUESTIONS = (
    Question(
        "title",
        "A title for the claim, shown on every result.",
        readers.one("title", quoted),
        "My claim",
    ),
    Question(
        "wording",
        "What runs out?"
        + _choices(
            {
                "force": "people or equipment, which are lost",
                "stock": "supplies such as missiles, water or gas, which are used up",
                "fund": "money, which is spent",
            }
        ),
        readers.one("wording", readers.kind),
        "force",
    ),
    Question("known", f"What is known?{_choices(choices.KNOWN)}", readers.known, "count"),
    Question(
        "unit",
        "What is counted, in the plural: {asked.units}.",
        readers.one("unit", readers.unit),
        when=_when("count", "rate", "left", "file"),
    ),
    Question(
        "losses.count",
        f"How many {{unit}} were {{w.lost}}? {_COUNTS}",
        readers.one("losses.count", readers.law_of_count),
        when=_when("count"),
    ),
    Question(
        "losses.rate",
        f"How many {{unit}} were {{w.lost}} per day, week, month or year? {_RATES}",
        readers.sourced("losses", readers.amount("losses", "rate", readers.law_of_count)),
        when=_when("rate"),
    ),
    Question(
        "losses.source",
        f"Who published that, and when? {_AND_WHERE}",
        readers.source("losses"),
        "",
        _when("count", "rate"),
    ),
    Question(
        "losses.start",
        f"On which day did {{w.the_losses}} begin? {_DATES}",
        readers.one("losses.start", readers.law),
        when=_when("count"),
    ),
    Question(
        "losses.as_of",
        "As of which day is the count? It runs up to the beginning of that day, which is often "
        f"earlier than the day of publication. {_SAME_FORMS}",
        readers.one("losses.as_of", readers.law),
        when=_when("count"),
    ),
    Question(
        "included",
        "As of {as_of} the count runs up to the morning of that day{span}. Does it include {as_of} "
        "itself? With yes, as_of is {after}{span_after}.",
        readers.included,
        "no",
        on_one_day,
    ),
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
        readers.one("losses.series.window", readers.value),
        when=_when("file"),
    ),
    Question(
        "losses.series.source",
        f"Who published the file? {_AND_WHERE}",
        readers.source("losses.series"),
        "",
        _when("file"),
    ),
    Question(
        "force.counts[0]",
        f"What was left on the earlier date? The number and the date: 22500 on 2023-10-07. {_ON}",
        readers.dated("force.counts[0]"),
        when=_when("left"),
    ),
    Question(
        "force.counts[1]",
        f"What was left on the later date? {_SAME_FORMS}",
        readers.dated("force.counts[1]"),
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
        "since: 12000. With a date it is what was {w.present} on the morning of that day: 3000 on "
        f"2026-01-22. {_ON}",
        readers.sourced("force", readers.size),
        when=_when("count", "rate", "file"),
    ),
    Question(
        "force.source",
        f"Who published that, and when? {_AND_WHERE}",
        readers.source("force"),
        "",
    ),
    Question(
        "losses.start",
        f"From which day on does the rate hold? {_DATES}",
        readers.one("losses.start", readers.law),
        when=_from_a_start,
    ),
    Question(
        "more",
        "What else is known or wanted? Any of these words, separated by commas. Empty: nothing."
        + _choices(choices.TOPICS),
        readers.more,
        "",
    ),
    Question(
        "inflow.amount",
        "How much comes in per day, week, month or year: 75 a month? It may be a range, and its "
        "source may follow: 60 to 90 a month, the ministry.",
        readers.sourced("inflow[0]", readers.amount("inflow[0]", "amount", readers.law)),
        when=_wanted("inflow"),
    ),
    Question(
        "inflow.source",
        f"Who published what comes in? {_AND_WHERE}",
        readers.source("inflow[0]"),
        "",
        _wanted("inflow"),
    ),
    Question(
        "inflow.from",
        f"From which day on does it come in? {_DATES} Empty: from the first day on.",
        readers.one("inflow[0].from", readers.law),
        "",
        _wanted("inflow"),
    ),
    Question(
        "inflow.until",
        f"Until which day, itself excluded? {_SAME_FORMS} Empty: without end.",
        readers.one("inflow[0].until", readers.law),
        "",
        _wanted("inflow"),
    ),
    Question(
        "reinforcements",
        "How much arrives, and when: 3000 on 2025-02-15? Separate several by semicolons.",
        readers.events("reinforcements"),
        when=_wanted("arrivals"),
    ),
    Question(
        "outflows",
        "How much is taken, and when: 400 on 2026-05-01? Separate several by semicolons.",
        readers.events("outflows"),
        when=_wanted("outflows"),
    ),
    Question(
        "force.floor",
        "How much cannot be used: 600, or 500 to 700?",
        readers.one("force.floor", readers.law),
        when=_wanted("floor"),
    ),
    Question(
        "force.usable",
        "Which share can be used: 0.18, or 0.1 to 0.3?",
        readers.one("force.usable", readers.law),
        when=_wanted("usable"),
    ),
    Question(
        "rate.by_month",
        "How high is the rate of each month, relative to the others? Twelve numbers separated by "
        "commas, January first.",
        readers.one("rate.by_month", readers.values),
        when=_wanted("season"),
    ),
    Question(
        "trend",
        "By what share does the rate change per week, month or year: 0.02 a month, or -0.05 a "
        "week where it falls? Until which day, if that is known: -0.05 a week until 2026-07-01.",
        readers.trend,
        when=_wanted("trend"),
    ),
    Question(
        "thresholds",
        "Which dates do you want? Those of shares {w.lost} (0.5), of what is left (left 600) or of "
        "{w.losses} in all (lost 5000), separated by commas: 0.5, 1, left 600.",
        readers.shares,
        when=_wanted("shares"),
    ),
    Question(
        "question",
        "The question, in words.",
        readers.one("question", quoted),
        when=_wanted("question"),
    ),
    Question(
        "horizon",
        'The last date that matters. Later ones are reported as "not by".',
        readers.one("horizon", readers.day),
        None,
        _wanted("horizon"),
    ),
    Question(
        "published",
        "By what date will the whole {w.whole} be {w.lost} according to others, and who says so? "
        "A day, a month (2025-04) or a period, both days included (2025-04-10 to 2025-04-20), then "
        "the name: 2025-04-15, a newspaper.",
        readers.published,
        when=_wanted("published"),
    ),
)
