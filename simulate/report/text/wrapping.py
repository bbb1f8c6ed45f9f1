"""Lines of a width in character cells: a Chinese character takes two, an accent none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from simulate.report.text.wording import LARGE, MONTHS

_DAYS = r"(?:\b\d{1,2} (?:(?:and|to) \d{1,2} )?|early |late |mid-)?"
_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
_DATE = rf"{_DAYS}\b(?:{_MONTH})\b(?: \d{{4}})?"
_NUMBER = r"[\d.,]*\d"
_UNITS = "|".join(("%", "days", "months", "years", *LARGE))
_RANGE = rf"(?:{_NUMBER} to )?{_NUMBER} (?:{_UNITS})|{_NUMBER} to {_NUMBER}"
TOGETHER = rf"{_DATE}|{_RANGE}|\(?± [\w.]+\)?|if at all|seed \d+"
"""What no line breaks: `3 to 13 April`, `late Sep 2025`, `1.2 to 3 million`, `± 0.3`."""

_TOGETHER = re.compile(TOGETHER)
_UNBROKEN = "\0"


def cells(text: str) -> int:
    """Width of a text in character cells."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def wrap(text: str, width: int, *, lines: int | None = None, ellipsis: str = "…") -> list[str]:
    """Break a text into lines of at most `width` cells.

    Words wider than a line are split. Text beyond `lines` is replaced by an ellipsis.
    """
    broken = [*_lines(text, max(width, 2))] or [""]
    if lines is not None and len(broken) > lines:
        broken[lines - 1 :] = [shorten(broken[lines - 1] + " " * width, width, ellipsis)]
    return broken


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """Cut a text to at most `width` cells, ellipsis included, after a word if one ends nearby."""
    if cells(text) <= width:
        return text
    head = _head(text, width - cells(ellipsis))
    words, blank, _ = head.rpartition(" ")
    is_cut = blank and text[len(head)] != " " and 3 * len(words) >= 2 * len(head)
    return (words if is_cut else head).rstrip(" ,;:") + ellipsis


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in _words(text, width):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        line = word
        while cells(line) > width:
            head = _head(line, width)
            yield head
            line = line[len(head) :]
    if line:
        yield line


def _words(text: str, width: int) -> Iterator[str]:
    """Words, with those that belong together in one, unless it is wider than a line."""
    text = _TOGETHER.sub(lambda match: match[0].replace(" ", _UNBROKEN), text)
    for joined in text.split(" "):
        words = joined.replace(_UNBROKEN, " ")
        yield from [words] if cells(words) <= width else words.split(" ")


def _head(text: str, width: int) -> str:
    """As many characters as fit."""
    return text[: sum(used <= width for used in accumulate(map(_cell, text)))]


@lru_cache(maxsize=1024)
def _cell(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
