"""Who counted, in a few words: the short name of a source."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from simulate.analysis.summary import Summary
from simulate.report.text import phrases, wording
from simulate.report.text.wrapping import shorten
from simulate.scenario.notation import SAME_SOURCE

_CLAUSE_CELLS, _WHO_CELLS = 40, 80
_LABELLED = re.compile(r"\d|: |;|judge?men", re.IGNORECASE)
_LED = r"(?i)^(?:according to|(?:as )?reported by|from) "
_COMMON = (  # but Western officials
    r"(?:(?:local|senior|military|independent|several|some|two|three) )?"
    r"(?:analysts|experts|officials|journalists|researchers|advisors)"
)
_UNNAMED = r"(?:own|our|my|unknown|anonymous|unnamed|internal|estimates?)\b"
_PEOPLE = r"(\w+ ){0,2}\w*(ials|[yi]sts|perts|advisors|ians|chers|sters|ners)"
"""People without an article: `local officials`."""
_BODY = (
    r"(?i:\b(?:agency|army|bank|centre|center|chiefs|city of|committee|council|department|"
    r"federation|force|government|group|institute|kremlin|ministry|navy|newspaper|office|"
    r"parliament|pentagon|service|staff|treasury)\b)"
)
_IS_BODY = rf"(?:[\w’'-]+ ){{0,3}}{_BODY}"
"""A body without capitals: `city council`, not `interviews by a group of officials`."""
_LOWER_BODY = rf"(?:the|an?) {_IS_BODY}"
_CLAUSE = r"(?<=\w) (?:familiar|who|that|which|seen|published|dated|leaked)\b"
_BEYOND = r"(?<=\w) (?:of|for|by|in|on|with)\b"
"""Where a long description of a source can end, and a very long one."""
_SAYS = re.compile(
    r"(?<=\w)(?: (?:who|which|that|has|have|had))* (?:say|says|said|tells|told|writes|wrote|"
    r"announced|claimed|confirmed|estimated|reported|stated)\b(?! by\b).*"
)
"""What somebody does who is a source: `the auditor says`."""

_NAME_CELLS, _SOURCE_CELLS = 46, 90
# A number, an opinion, an event on a date, a session, or what somebody has: nobody's name.
_NO_NAME = re.compile(
    r"\d[.]\d|^Judgement| on \d{1,2} \w+ \d{4}$| in \d{4}$| briefing of |['’]s [a-z]"
)
_THING = re.compile(r"^[A-Z][^:;.,\d]{0,40}['\u2019]s [a-z][^:;.,\d]{0,20}(?=,|$)")
"""What somebody has who is a source: `President Biden's order`."""
_NOTE = re.compile("judgement|judgment|assumed|assuming|assumption|unknown|guess")

# Sentences of a source may begin with the part that they support, as in "Low: HUR, 6 January".
_TITLED = "".join(
    rf"(?<!\b{each}\.)" for each in ("[A-Z]", "[A-Z][a-z]", "Mrs", "Gen", "Gov", "Prof")
)
_SENTENCE = re.compile(
    rf"(?:(?<=[.;]) +|^)(?:(?:[A-Z]\w*(?: \w+){{0,3}}|p\d+): +|"
    rf"((?!{_LOWER_BODY}:)[a-z][\w’'-]*(?: [\w’'-]+)*): +(?=(?:the|an?|my|our|own) |[A-Z]))|"
    rf"(?<=\.){_TITLED} +(?=[A-Z])|(?<=;) +(?=[A-Z]|{_LOWER_BODY})"
)
"""Between two of them; the group is a label in lower case."""


def who(source: str) -> str:
    """A short name of who counted, ready for use: `the monitoring group`; or empty."""
    name = re.sub(_LED, "", wording.inert(source)).partition(", ")[0].rstrip(".")
    name = "" if SAME_SOURCE.match(name) else _SAYS.sub("", name)
    small = f"{name[:1].lower()}{name[1:]}"
    is_common = small.islower() and (re.match(_UNNAMED, small) or re.fullmatch(_COMMON, small))
    is_common = is_common or re.match(rf"{_COMMON} (?:at|from|in|of|with) ", small)
    name = small if is_common or re.match(r"(?:The|An?|This) ", name) else name
    # An independent count (that the group publishes every month), documents (dated 28 February).
    if len(name) > _CLAUSE_CELLS or _LABELLED.search(name):
        name = re.split(_CLAUSE, name, maxsplit=1)[0]
    if len(name) > _WHO_CELLS and (part := re.match(rf"(.{{1,{_WHO_CELLS}}}){_BEYOND}", name)):
        name = part[1]
    # An article, or whose it is: Ukraine's General Staff.
    article = re.match(r"(the|an?|this) |([A-Z][\w-]* ){0,3}[\w-]+['\u2019]s? ", name)
    body = re.search(_BODY, name)
    own = re.fullmatch(_PEOPLE, name) or re.fullmatch(_IS_BODY, name)
    is_name = article or own or name[:1].isupper()
    if not is_name or len(name) > _WHO_CELLS or _LABELLED.search(name):
        return ""
    return f"{'the ' if body and not (article or is_common) else ''}{phrases.label_words(name)}"


def again(name: str) -> str:
    """A description at its second mention: `the spokesman` for `a spokesman for the army`."""
    part = re.match(rf"an? ([a-z].*?){_BEYOND}", name)
    return f"the {part[1]}" if part else name


def figures(*names: str) -> str:
    """`based on figures from HUR and ISW`: titles and names need no article."""
    return f"based on figures from {wording.listed(names)}"


def sources(*summaries: Summary, most: int = 8) -> str:
    """`Sources: HUR; ISW and 2 more`: who the inputs are taken from, each once."""
    found: dict[str, str] = {}
    whole: dict[str, str] = {}
    for item in itertools.chain.from_iterable(summary.inputs for summary in summaries):
        source = wording.inert(item.source)
        if source and not SAME_SOURCE.match(source) and not source.startswith("losses.claims["):
            whole.setdefault(_bare(source), shorten(source, _SOURCE_CELLS))
            for name in [*_names(source)] or _THING.findall(source):
                found.setdefault(_bare(name), shorten(name, _SOURCE_CELLS))
    names = _once([*(found or whole).values()])
    if not names:
        return "No source given"
    more = len(names) - most
    listed = "; ".join(names[:most])
    return f"Source{'s'[: len(names) - 1]}: {listed}{f' and {more} more' if more > 0 else ''}"


def _bare(name: str) -> str:
    """What one name has in every spelling: `agency` of `The agency`."""
    return re.sub(r"^(the|an?) ", "", name.casefold())


def _once(names: list[str]) -> list[str]:
    """The names without those that are short for one of them.

    `NIS` is short for `National Intelligence Service`, and `the minister` for `Minister Reznikov`.
    """
    long = [name.partition(" (")[0] for name in names if " " in name]
    short = {"".join(re.findall(r"\b[A-Z]", name)) for name in long}
    titles = [word.lower() for name in long for word in {*re.findall(r"\b[A-Z]\w+", name)}]
    short |= {f"the {title}" for title in titles if titles.count(title) == 1}
    return [name for name in names if name not in short]


def source_words(source: str) -> str:
    """A source by the first name in it, as short as a label."""
    shown = wording.inert(source)
    return next(_names(shown), shown)


def _names(source: str) -> Iterator[str]:
    """Who is named at the beginning of a source, and of each part of it that has a label.

    In lower case, as in `the ministry`, whatever begins the source or has a label in lower case;
    after another label only a body, since most are followed by a reason.
    """
    first, *rest = _SENTENCE.split(source)
    for label, sentence in (("", first), *zip(rest[::2], rest[1::2], strict=True)):
        name = _SAYS.sub("", re.split(r", |: |[.;]$|; ", sentence.strip())[0])
        name = name if name.count("(") == name.count(")") else name.partition(" (")[0]
        is_lower = name[:1].islower() and not _NOTE.search(name)
        is_name = name[:1].isupper() and len(name) <= _NAME_CELLS and not _NO_NAME.search(name)
        begins = source.startswith(name) or (label and re.match("(?:the|an?) ", name))
        if is_name or (is_lower and (begins or re.match(_LOWER_BODY, name))):
            yield name
