"""The questions about what else is known or wanted, asked once for each time a topic is named."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from simulate.scenario.interview import choices, doubt, forecasts, readers, sources, trends
from simulate.scenario.interview import topic_readers as topical
from simulate.scenario.interview.document import Answers, domain, in_words
from simulate.scenario.interview.questions import (
    ABOUT_COUNTS,
    ABOUT_DAYS,
    ABOUT_RATES,
    ABOUT_RETURNS,
    ABOUT_WOUNDED,
    BETWEEN_COUNTS,
    COUNTS,
    DATES,
    PRELUDE_START,
    Question,
    each_choice,
    examples_of,
    law,
    source,
)
from simulate.scenario.names import any_of
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
    topics = choices.offered(answers)
    key, text = (
        "more",
        (
            "What else is known or wanted? Any of these words, separated by commas; the questions "
            "follow in that order, published last."
        ),
    )
    if before:
        if not answers[before[-1]]:
            return None
        key = f"more[{len(before)}]"
        again = [topic for topic in choices.LISTS if topic in choices.wanted(answers)]
        another = f"; {any_of(again)} again for another" if again else ""
        text = f"Anything else? Any of the words above{another}."
    listed = "" if before else each_choice(topics)
    text = f"{text} ? shows examples. Empty: nothing.{listed}"
    return Question(key, text, topical.more, "", more_help=examples_of(topics))


def _unless_dated(answers: Answers) -> str:
    """When an inflow without days comes in, and what that means."""
    if answers.get("known") == "left":
        return "from the day of the first count on, between the counts too (? explains)"
    of = "rate" if answers.get("known") == "rate" else "count"
    dated = {"force.as_of": "the day of the stock", "losses.start": f"the first day of the {of}"}
    if not (key := next(filter(answers.get, dated), "")):
        return "from the last day in the file on"
    when = dated[key]
    if ISO_DATE.fullmatch(text := answers[key]):
        day = dt.date.fromisoformat(text)
        when = f"{day.day} {day:%B %Y}, {when},"
    size = in_words(answers.get("force.size", ""))
    whole = f"{{w.whole}} of {size}" if size else "{w.whole}"
    return f"from {when} on; what has come in since then is added to the {whole}"


def _inflow(block: str, answers: Answers) -> Questions:
    return (
        Question(
            f"{block}.amount",
            "How much comes in per day, week, month or year: 75 a month? It may be a range, from "
            "one day until another, and its source may follow: 60 to 90 a month since July, the "
            "ministry.",
            topical.inflow,
            more_help=ABOUT_RATES,
        ),
        _chance(f"{block}.probability", f"{block}.amount"),
        source(block, "what comes in"),
        Question(
            f"{block}.from",
            "When does it come in: from 1 April 2026, until July 2026 (before its first day), or "
            f"both? Empty: {_unless_dated(answers)}.",
            topical.period,
            "",
            lambda answers: f"{block}.until" not in answers,
            f"{BETWEEN_COUNTS if answers.get('known') == 'left' else ''}{ABOUT_DAYS}",
        ),
        _counting(answers),
    )


def _counting(answers: Answers) -> Question:
    """What a share is a share of; the usual answer is the same as in a file without `counting`."""
    of_strength = ("inflow", "outflows", "force.floor", "force.usable", "wounded")
    is_strength = any(key.startswith(of_strength) for key in answers)
    comes = any(key.startswith(("inflow", "reinforcements")) for key in answers)
    some, named = ("others arrive", choices.COUNTING) if comes else _RETURNS
    return Question(
        "counting",
        f"When is half gone, although {some}?{each_choice(named)}",
        topical.counting,
        "present" if is_strength else "sent",
        # A share of those at first, or of all who were ever sent.
        lambda answers: domain(answers) == "force" and answers.get("force.as_of") == "",
        "Of 11,000, with 2,000 more on the way, half is gone when 5,500 are there (present), "
        "or when 6,500 of the 13,000 have been {w.lost} (sent).",
    )


_RETURNS = ("some return", choices.COUNTING_RETURNS)


def _wounded(block: str, answers: Answers) -> Questions:
    block = "wounded"
    return (
        Question(
            f"{block}.return_share",
            "What share of the wounded return to duty, and after how many days on average: a third "
            "after 60 days, or 0.2 to 0.4 after six to eight weeks? Its source may follow.",
            sources.sourced(topical.returns),
            more_help=ABOUT_RETURNS,
        ),
        Question(
            f"{block}.return_days",
            "After how many days on average do they return: 60, or 30 to 90?",
            readers.one(readers.law),
            more_help=ABOUT_RETURNS,
        ),
        Question(
            f"{block}.share",
            "What share of {w.the_losses} are wounded: 0.75, three quarters, or 0.7 to 0.85?",
            readers.one(readers.law),
            more_help=ABOUT_WOUNDED,
        ),
        source(block),
        _counting(answers),
    )


def _report(block: str, answers: Answers) -> Questions:
    is_rate = answers.get("known") == "rate"
    as_before = "a day, week, month or year?" if is_rate else f"in all since the start? {COUNTS}"
    day = answers.get("force.as_of" if is_rate else "losses.as_of", "")
    if is_certain := ISO_DATE.fullmatch(day) is not None and not is_rate:
        day = readers.day_before(day)

    return (
        Question(
            f"{block}.count",
            f"How many {{unit}} were {{w.lost}} according to another source, {as_before} "
            "Its day and source may follow: 1450 by 20 January, the ministry. For a number of days "
            "only, write 1000 in 7 days.",
            sources.sourced(topical.report),
            more_help=ABOUT_COUNTS,
        ),
        source(block),
        Question(
            f"{block}.as_of",
            "Up to which day do they count? "
            f"{'It begins on that day' if is_rate else 'That day is included'}.",
            topical.day_of_report,
            day if is_certain or ISO_DATE.fullmatch(day) else None,
            more_help=ABOUT_DAYS,
        ),
        Question(
            "losses.pooling",
            f"How do the reports enter the result?{each_choice(choices.POOLING)}",
            topical.pooling,
            "either",
            # A flow beside totals is only compared with the result.
            lambda answers: is_rate or not answers.get(f"{block}.days"),
            "With either and two reports, half of the simulations follow the first and half the "
            "second, so that the result can be two separate dates. Average gives one date between "
            "them, in a narrower range. Separate gives two results. The file calls these linear, "
            "quantile and each; there, weight gives one report more say.",
        ),
    )


def _prelude(block: str, _: Answers) -> Questions:
    block = "prelude"
    return (
        Question(
            f"{block}.count",
            "How many {unit} were {w.lost} before the first day counted, beside those counted: "
            "4500 since February 2022, or 4000 to 5000? A size without a day is then what there "
            f"was before these. {_ITS_SOURCE}.",
            sources.sourced(topical.prelude),
            more_help=ABOUT_COUNTS,
        ),
        PRELUDE_START,
    )


def _pause(block: str, _: Answers) -> Questions:
    relative = "relative to the usual one: 0.2, or 0.1 to 0.3? Above 1 it is higher: 1.5."
    return (
        Question(
            f"{block}.start",
            "When is the pause: from 20 January to 10 February, two weeks from 3 March, in "
            "February? Or its first day alone: 20 January; mid-January or between 4 and 15 January "
            "where it is not certain.",
            topical.pause,
            more_help=ABOUT_DAYS,
        ),
        law(f"{block}.days", "How many days does it last: 14, or 10 to 20?"),
        law(f"{block}.intensity", f"How high is the {{w.rate}} during it, {relative}", "0"),
    )


def _end(block: str, _: Answers) -> Questions:
    what, chance = "What would end {w.the_losses}: a ceasefire?", "0.3, or 0.2 to 0.4?"
    return (
        law(f"{block}.date", f"On which day could {{w.the_losses}} end? {DATES}"),
        Question(f"{block}.label", what, readers.one(quoted)),
        law(f"{block}.probability", f"How probable is it that it happens at all: {chance}", "1"),
    )


def _alone(
    key: str, text: str, read: readers.Reader, more_help: str = ""
) -> Callable[[str, Answers], Questions]:
    """A topic with one question; `key` is that of one without a list."""
    return lambda entry, _: (Question(entry or key, text, read, more_help=more_help),)


def _chance(key: str, of: str) -> Question:
    """How likely it is that something comes, where the answer for the key `of` doubts it."""
    text = "How likely is it that this comes: one in three, 30 %, an even chance?"
    return Question(key, text, doubt.chance(of), None, doubt.is_doubtful(of))


def _events(text: str) -> Callable[[str, Answers], Questions]:
    """A list of what comes or goes on a date, each perhaps with a chance."""
    return lambda key, answers: (
        Question(key, text, topical.events, more_help=ABOUT_COUNTS),
        _chance(f"{key}.probability", key),
        *((_counting(answers),) if key.startswith("reinforcements") else ()),
    )


_TOPICS: Mapping[str, Callable[[str, Answers], Questions]] = {
    "report": _report,
    "inflow": _inflow,
    "arrivals": _events(
        "How much arrives, and when: 3000 on 15 February 2025? It comes once. If it may not come, "
        f"say how likely it is: 3000 in July 2025 (one in three). {_ITS_SOURCE} after a comma. "
        f"{_SEVERAL}",
    ),
    "outflows": _events(
        f"How much is taken, and when: 400 on 1 May 2026? {_ITS_SOURCE} after a comma. {_SEVERAL}",
    ),
    "prelude": _prelude,
    "wounded": _wounded,
    "pauses": _pause,
    "ends": _end,
    "ended": _alone(
        "losses.ended",
        "On which day did {w.the_losses} stop: 24 June 2025, or a ceasefire on 24 June 2025? The "
        "dates stay the same, and the sentences say what would have happened.",
        readers.one(readers.day),
    ),
    "floor": _alone(
        "force.floor",
        "How much cannot be used: 600, or 500 to 700?",
        topical.floor,
    ),
    "usable": _alone(
        "force.usable",
        "Which share can be used: 0.18, or 0.1 to 0.3?",
        readers.one(readers.law),
    ),
    "season": _alone(
        "rate.by_month",
        "How high is the rate of each month, relative to the others? Twelve numbers separated by "
        "commas, January first, or those of some months: 0.33 from April to September.",
        trends.season,
        "Twice as much in August to October is the same as 2 from August to October. The other "
        "months are 1, and a rate that has been answered is theirs; with twelve figures none of "
        "which is 1, it is the mean of the year. Several are separated by semicolons: 1.5 in "
        "December; 0.5 from June to August. A range, 0.3 to 0.4, is drawn for each month alone.",
    ),
    "trend": _alone(
        "trend",
        "By what share does the rate change: 2 % a month, -5 % a week where it falls, or 10 % in "
        "6 months? Until which day, if that is known: -5 % a week until July 2026, which is before "
        "its first day. A change that lasts from a day on: 25 % more from July 2026 on. "
        f"{_ITS_SOURCE} after a comma.",
        sources.sourced(trends.trend, "rate"),
    ),
    "observed": _alone(
        "observed",
        "How many {unit} had been {w.lost} by the morning of a later day, counted from the first "
        "day on, and who says so: 4700 on 9 February 2025, a ministry? Or the name of a CSV file "
        "in the folder of the scenario.",
        topical.observed,
    ),
    "shares": _alone(
        "thresholds",
        "Which dates do you want? Those of shares {w.lost} (0.5), of what is left (left 600) or of "
        "{w.losses} in all (lost 5000), separated by commas: 0.5, 1, left 600.",
        topical.shares,
        "Shares are a third of the 50,000, half, 80 % or all; amounts are 600 left or 12,167 lost. "
        "Separated by commas, a third, all, 600 left, each has a date of its own.",
    ),
    "question": _alone("question", "The question, in words.", topical.own_question),
    "horizon": _alone(
        "horizon",
        'The last date that matters. Later ones are reported as "not by".',
        readers.one(readers.day),
    ),
    "published": _alone(
        "published",
        "By what date will {event} according to others, and who says so? Only that is compared, "
        "not the date of a warning; for a part, name it first (half of it by June, a newspaper). "
        "A day, a period (10 to 20 April 2025) or words, then the name: by the spring, a "
        f"newspaper. {_SEVERAL}",
        forecasts.published,
        "Where a share comes first, its date is shown as well. By or until a season or month means "
        "before its first day, into one or not before one that day. The words are printed in "
        "quotation marks, so give those of the source. If you date them "
        "yourself, they follow the name: by the spring of 2025, a diplomat: by next spring. Next "
        "spring, or within a year, is seen from the day of publication where that follows the name "
        "(ISW, 6 January 2025), else from the count or the stock.",
    ),
}
