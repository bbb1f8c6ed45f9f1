"""Who counted, in a few words: the short name of a source."""

from __future__ import annotations

import re

from simulate.report.text import phrases, wording

_SOURCE_CELLS = 40
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
    r"(?i:\b(agency|army|bank|centre|center|chiefs|city of|committee|council|department|federation|"
    r"force|government|group|institute|kremlin|ministry|navy|office|parliament|pentagon|service|staff|treasury)\b)"
)
_IS_BODY = rf"([\w’'-]+ ){{0,3}}{_BODY}"
"""A body without capitals: `city council`, not `interviews by a group of officials`."""
_BEYOND = r"(?<=\w) (?:of|for|by|in|on|with|familiar|who|that|which|seen|published)\b"
"""Where a long description of a source can end."""


def who(source: str) -> str:
    """A short name of who counted, ready for use: `the monitoring group`; or empty."""
    name = re.sub(_LED, "", wording.inert(source)).partition(", ")[0].rstrip(".")
    small = f"{name[:1].lower()}{name[1:]}"
    is_common = small.islower() and (re.match(_UNNAMED, small) or re.fullmatch(_COMMON, small))
    is_common = is_common or re.match(rf"{_COMMON} (?:at|from|in|of|with) ", small)
    name = small if is_common or re.match(r"(?:The|An?|This) ", name) else name
    if len(name) > _SOURCE_CELLS:  # an independent count (of obituaries and hospital notices)
        name = re.split(_BEYOND, name, maxsplit=1)[0]
    # An article, or whose it is: Ukraine's General Staff.
    article = re.match(r"(the|an?|this) |[\w-]+['\u2019]s? ", name)
    body = re.search(_BODY, name)
    own = re.fullmatch(_PEOPLE, name) or re.fullmatch(_IS_BODY, name)
    is_name = article or own or name[:1].isupper()
    if not is_name or len(name) > _SOURCE_CELLS or _LABELLED.search(name):
        return ""
    return f"{'the ' if body and not (article or is_common) else ''}{phrases.label_words(name)}"


def figures(*names: str) -> str:
    """`based on figures from HUR and ISW`: titles and names need no article."""
    return f"based on figures from {wording.listed(names)}"
