"""The questions about what else is known or wanted, asked once for each time a topic is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from simulate.scenario.interview import choices, readers
from simulate.scenario.interview import topic_readers as topical
from simulate.scenario.interview.document import Answers
from simulate.scenario.interview.questions import (
    AND_WHERE,
    COUNTS,
    DATES,
    SAME_FORMS,
    Question,
    each_choice,
)
from simulate.scenario.values import ISO_DATE
from simulate.scenario.yaml_source import quoted

Questions = tuple[Question, ...]

ALL_TOPICS: Answers = {"more": " ".join(choices.TOPICS)}

_SEVERAL = "Separate several by semicolons."
_ITS_SOURCE = "Its source may follow"


def about_topics(answers: Answers) -> Iterator[Question]:
    """The questions about the topics in the answers to `more`, in the order of the words there.

    What was published comes last: it is checked against the shares and the last date.
    """
    # The first entry is called by the list alone, but of reports the first is not a topic.
    times = Counter(report=1)
    for topic in sorted(choices.wanted(answers), key=lambda topic: topic == "published"):
        key, number = choices.LISTS.get(topic, ""), times[topic]
        yield from _TOPICS[topic](f"{key}[{number}]" if number else key, answers)
        times[topic] += 1


def what_else(answers: Answers) -> Question | None:
    """The question for topics, asked until nothing is wanted."""
    before = [key for key in answers if key.startswith("more")]
    if not before:
        text = "What else is known or wanted? Any of these words, separated by commas. Empty: "
        listed = each_choice(choices.offered(answers))
        return Question("more", f"{text}nothing.{listed}", topical.more("more"), "")
    if not answers[before[-1]]:
        return None
    key = f"more[{len(before)}]"
    again = [topic for topic in choices.LISTS if topic in choices.wanted(answers)]
    listed = " or ".join(filter(None, (", ".join(again[:-1]), *again[-1:])))
    another = f"; {listed} again for another" if again else ""
    text = f"Anything else? Any of the words above{another}. Empty: nothing."
    return Question(key, text, topical.more(key), "")


def _inflow(block: str, _: Answers) -> Questions:
    return (
        Question(
            f"{block}.amount",
            "How much comes in per day, week, month or year: 75 a month? It may be a range, and "
            "its source may follow: 60 to 90 a month, the ministry.",
            topical.inflow(block),
        ),
        _chance(f"{block}.probability", f"{block}.amount"),
        Question(
            f"{block}.source",
            f"Who published what comes in? {AND_WHERE}",
            readers.source(block),
            "",
        ),
        Question(
            f"{block}.from",
            f"From which day on does it come in? {DATES} Empty: from the first day on.",
            readers.one(f"{block}.from", readers.law),
            "",
        ),
        Question(
            f"{block}.until",
            f"Until which day, itself excluded? {SAME_FORMS} Empty: without end.",
            readers.one(f"{block}.until", readers.law),
            "",
        ),
    )


_POOLING = {
    "linear": "each simulation follows one of the reports",
    "quantile": "each simulation takes an average of them",
    "each": "one result for each report, side by side",
}


def _report(block: str, answers: Answers) -> Questions:
    is_rate = answers.get("known") == "rate"
    as_before = "a day, week, month or year?" if is_rate else f"in all since the start? {COUNTS}"
    stock = answers.get("force.as_of", "")

    def are_pooled(answers: Answers) -> bool:
        """A flow beside totals is only compared with the result."""
        return is_rate or not answers.get(f"{block}.days")

    return (
        Question(
            f"{block}.count",
            f"How many {{unit}} were {{w.lost}} according to another source, {as_before} "
            f"{_ITS_SOURCE}, after a comma. For a number of days only, write 1000 in 7 days.",
            readers.sourced(block, topical.report(block)),
        ),
        Question(
            f"{block}.source",
            f"Who published that, and when? {AND_WHERE}",
            readers.source(block),
            "",
        ),
        Question(
            f"{block}.as_of",
            "As of which day is it? It runs up to the beginning of that day: for one that includes "
            f"24 June 2025 write 2025-06-25. {SAME_FORMS}",
            readers.one(f"{block}.as_of", readers.law),
            stock if is_rate and ISO_DATE.fullmatch(stock) else None,
        ),
        Question(
            "losses.pooling",
            f"How do the reports enter the result?{each_choice(_POOLING)}",
            topical.pooling(*_POOLING),
            "linear",
            are_pooled,
        ),
        Question(
            f"{block}.weight",
            "How much weight has this report, where the first has 1: 0.5, or 2?",
            readers.one(f"{block}.weight", readers.value),
            "1",
            lambda answers: are_pooled(answers) and answers["losses.pooling"] != "each",
        ),
    )


def _pause(block: str, _: Answers) -> Questions:
    return (
        Question(
            f"{block}.start",
            f"On which day does the pause begin? {DATES}",
            readers.one(f"{block}.start", readers.law),
        ),
        Question(
            f"{block}.days",
            "How many days does it last: 14, or 10 to 20?",
            readers.one(f"{block}.days", readers.law),
        ),
        Question(
            f"{block}.intensity",
            "How high is the {w.rate} during it, relative to the usual one: 0.2, or 0.1 to 0.3?",
            readers.one(f"{block}.intensity", readers.law),
            "0",
        ),
    )


def _end(block: str, _: Answers) -> Questions:
    return (
        Question(
            f"{block}.date",
            f"On which day could {{w.the_losses}} end? {DATES}",
            readers.one(f"{block}.date", readers.law),
        ),
        Question(
            f"{block}.label",
            "What would end {w.the_losses}: a ceasefire?",
            readers.one(f"{block}.label", quoted),
        ),
        Question(
            f"{block}.probability",
            "How probable is it that it happens at all: 0.3, or 0.2 to 0.4?",
            readers.one(f"{block}.probability", readers.law),
            "1",
        ),
    )


def _alone(key: str, text: str, read: readers.Reader) -> Callable[[str, Answers], Questions]:
    """A topic with one question."""
    return lambda _, __: (Question(key, text, read),)


def _chance(key: str, of: str) -> Question:
    """How likely it is that something comes, where the answer for the key `of` doubts it."""
    text = "How likely is it that this comes, from 0 to 1? An even chance is 0.5."
    return Question(key, text, topical.chance(key, of), None, topical.is_doubtful(of))


def _events(text: str) -> Callable[[str, Answers], Questions]:
    """A list of what comes or goes on a date, each perhaps with a chance."""
    return lambda key, _: (
        Question(key, text, topical.events(key)),
        _chance(f"{key}.probability", key),
    )


def _entry(text: str, read: Callable[[str], readers.Reader]) -> Callable[[str, Answers], Questions]:
    """A list with one question for an entry."""
    return lambda key, _: (Question(key, text, read(key)),)


_TOPICS: Mapping[str, Callable[[str, Answers], Questions]] = {
    "report": _report,
    "inflow": _inflow,
    "arrivals": _events(
        f"How much arrives, and when: 3000 on 2025-02-15? {_ITS_SOURCE} after a comma. {_SEVERAL}",
    ),
    "outflows": _events(
        f"How much is taken, and when: 400 on 2026-05-01? {_ITS_SOURCE} after a comma. {_SEVERAL}",
    ),
    "pauses": _pause,
    "ends": _end,
    "floor": _alone(
        "force.floor",
        "How much cannot be used: 600, or 500 to 700?",
        readers.one("force.floor", readers.law),
    ),
    "usable": _alone(
        "force.usable",
        "Which share can be used: 0.18, or 0.1 to 0.3?",
        readers.one("force.usable", readers.law),
    ),
    "season": _alone(
        "rate.by_month",
        "How high is the rate of each month, relative to the others? Twelve numbers separated by "
        "commas, January first.",
        readers.one("rate.by_month", readers.values),
    ),
    "trend": _alone(
        "trend",
        "By what share does the rate change: 2 % a month, -5 % a week where it falls, or 10 % in "
        "6 months? Until which day, if that is known: -5 % a week until 2026-07-01. "
        f"{_ITS_SOURCE} after a comma.",
        readers.sourced("rate", topical.trend),
    ),
    "observed": _entry(
        "How many {unit} had been {w.lost} by a later day, counted from the first day on, and who "
        "says so: 4700 on 2025-02-09, a ministry? Or the name of a CSV file in the folder of the "
        "scenario.",
        topical.observed,
    ),
    "shares": _alone(
        "thresholds",
        "Which dates do you want? Those of shares {w.lost} (0.5), of what is left (left 600) or of "
        "{w.losses} in all (lost 5000), separated by commas: 0.5, 1, left 600.",
        topical.shares,
    ),
    "question": _alone("question", "The question, in words.", topical.own_question),
    "horizon": _alone(
        "horizon",
        'The last date that matters. Later ones are reported as "not by".',
        readers.one("horizon", readers.day),
    ),
    "published": _entry(
        "By what date will {event} according to others, and who says so? "
        "A day, a month (2025-04) or a period, both days included (2025-04-10 to 2025-04-20), then "
        "the name: 2025-04-15, a newspaper.",
        topical.published,
    ),
}
