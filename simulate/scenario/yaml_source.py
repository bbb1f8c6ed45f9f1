"""YAML text to plain values, with the place of every key and value.

The parser's events are read one by one, so that anchors, tags, second documents, deep nesting and
large files are refused before anything is built.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field
from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario.names import has_surrogate
from simulate.scenario.notation import as_number, number_hint

DEEPEST = 32
MOST_NODES = 50_000
"""Keys and values; a claim with all its keys has about 35, and there can be several hundred."""

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:_\d+)*")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9]\d*)(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
LINE_END = re.compile("\r\n|[\r\n]")
"""What ends a line of YAML 1.2."""

TEXT_KEYS = (
    "title", "question", "unit", "notes", "author", "whole", "lost",
    "label", "source", "url", "file", "column",
)  # fmt: skip
"""Keys whose values are free text."""

_TEXT_KEY = rf"(?<!\w)({'|'.join(TEXT_KEYS)}): *"
_LONGEST_TRIED, _MOST_TRIED, _LONGEST_FIX = 50_000, 8, 100
_SPECIAL = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf"], math.inf),
    "-.inf": -math.inf,
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
}
_FAULTS = (
    (
        "mapping values are not allowed",
        "a second colon on this line makes it unreadable",
        'put text that holds ": " in quotes',
    ),
    ("character '\\t' that", "a tab where only spaces are allowed", "indent with spaces, not tabs"),
    ("cannot start any token", "", "put text that begins with such a sign in quotes"),
    (
        "expected chomping or indentation",
        "a value that begins with > or | is a text over several lines",
        "put text that begins with such a sign in quotes",
    ),
    ("could not find expected ':'", "", "write key: value, one on each line"),
    ("expected ',' or", "", "a bracket is not closed"),
    ("found '<stream end>'", "a bracket is left open", "close each [ with ], each { with }"),
    ("expected <block end>", "", "check the indentation of this line and the one above"),
    ("while scanning a quoted", "", "a quotation mark is not closed"),
)
"""What the parser says, better words for it where there are some, and a hint."""


class Place(Struct, frozen=True):
    """A position in a source; lines and columns count from 1."""

    file: str
    line: int
    column: int
    excerpt: str

    def problem(self, message: str, hint: str = "") -> Problem:
        """What is wrong at this place."""
        return Problem(message, self.file, self.line, self.column, self.excerpt, hint)

    def error(self, message: str, hint: str = "") -> ScenarioError:
        """The error for what is wrong at this place."""
        return ScenarioError(self.problem(message, hint))

    def limit(self, message: str) -> LimitError:
        """The error for a limit that is passed at this place."""
        return LimitError(self.problem(message).text)


class YamlDocument(Struct, frozen=True):
    """Plain values and their places: `keys` for mapping keys, `values` for what they hold.

    `files` are the files that they were read from.
    """

    tree: Any
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    files: tuple[str, ...] = ()


def dotted(path: Path) -> str:
    """A path as messages and settings write it: `inflow[0].amount`."""
    steps = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(steps).removeprefix(".")


def value_at(tree: Any, path: Iterable[str | int]) -> Any:
    """What a tree has at a path."""
    for step in path:
        tree = tree[step]
    return tree


def resolve(text: str) -> Any:
    """The value of a plain YAML 1.2 scalar.

    Dates stay text until a date is expected. So does anything that only resembles a number or a
    truth value: `no`, `0755`, `1,000`, `12:30`.

    Examples
    --------
    >>> [resolve(text) for text in ["1e3", "1_000", "no", "0755", "2024-12-06"]]
    [1000.0, 1000, 'no', '0755', '2024-12-06']
    """
    if text in _SPECIAL:
        return _SPECIAL[text]
    if _INTEGER.fullmatch(text) and len(text) < 400:
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) < 400:
        return as_number(text)
    return text


def parse(text: str, file: str) -> YamlDocument:
    """Read one YAML document.

    Raises ScenarioError, with the place of what cannot be read or is not allowed; LimitError if it
    is nested deeper than 32 or holds more than 50,000 nodes.
    """
    lines = LINE_END.split(text)
    if not lines[-1]:
        lines.pop()

    def place(mark: Any) -> Place:
        line = min(mark.line, max(len(lines) - 1, 0))
        excerpt = lines[line] if lines else ""
        column = mark.column if line == mark.line else len(excerpt)
        return Place(file, line + 1, column + 1, excerpt.rstrip())

    try:
        return _build(_events(text, place), place)
    except MarkedYAMLError as error:
        what = error.problem or error.context or "cannot be read as YAML"
        said = f"{error.context or ''} {what}"
        plain, hint = next((fault[1:] for fault in _FAULTS if fault[0] in said), ("", ""))
        at = place(error.problem_mark or error.context_mark)
        # YAML reads a limit such as >600 as the beginning of a text.
        limit = re.search(r">=?[^,}\]#]*", at.excerpt)
        hint = (number_hint(limit[0], ranges=True) if limit else "") or hint
        raise at.error(plain or what, in_quotes(text, at) or hint) from error
    except ReaderError as error:
        before = LINE_END.split(text[: error.position])
        at = Place(file, len(before), len(before[-1]) + 1, "")
        raise at.error(f"the character U+{error.character:04X} is not allowed") from error
    except YAMLError as error:
        raise ScenarioError(Problem(str(error).splitlines()[0], file)) from error


def in_quotes(text: str, at: Place) -> str:
    """The hint to put a text in quotes, if the file can then be read beyond that line.

    The text begins behind the nearest key before the mistake that takes text, and ends before
    another key or a bracket, or with the line.
    """
    lines = LINE_END.split(text)
    line = lines[at.line - 1]
    keys = [match for match in re.finditer(_TEXT_KEY, line) if match.end() <= at.column]
    if not keys or len(text) > _LONGEST_TRIED:
        return ""
    start = keys[-1].end()
    ends = [start + match.start() for match in re.finditer(r", *\w+: |[}\]]", line[start:])]
    for end in (*ends[:_MOST_TRIED], len(line)):
        value = quoted(line[start:end].strip())
        lines[at.line - 1] = f"{line[:start]}{value}{line[end:]}"
        if _first_fault("\n".join(lines)) > (at.line, start + len(value)):
            fix = f"{keys[-1][1]}: {value}"
            return f"write {fix}" if len(fix) < _LONGEST_FIX else "put the text in quotes"
    return ""


def _first_fault(text: str) -> tuple[float, float]:
    """Line and column of the first fault, infinite if there is none."""
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if _refused(event):
                return event.start_mark.line + 1, event.start_mark.column
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return mark.line + 1, mark.column
    except YAMLError:
        return 0, 0
    return math.inf, 0


def quoted(text: str) -> str:
    r"""Any text as a double-quoted YAML scalar on one line.

    Examples
    --------
    >>> print(quoted('Losses: "2022" # 庫\n'))
    "Losses: \"2022\" # 庫\n"
    """
    signs = json.dumps(text, ensure_ascii=False)  # JSON is YAML, except for invisible characters
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08X}" for sign in signs)


def _events(text: str, place: Any) -> Iterator[Any]:
    """The events of one document; refuses what a scenario must not contain."""
    depth = nodes = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        refused = _refused(event)
        documents += isinstance(event, events.DocumentStartEvent)
        if documents > 1:
            refused = "a scenario is one document; delete what follows the second ---"
        if refused:
            at = place(event.start_mark)
            style, tag = getattr(event, "style", None), refused.startswith("tags such as tag:")
            raise at.error(refused, "" if style or tag else in_quotes(text, at))
        if isinstance(event, events.NodeEvent):
            nodes += 1
            depth += isinstance(event, events.CollectionStartEvent)
            if depth > DEEPEST or nodes > MOST_NODES:
                limit = f"{DEEPEST} levels" if depth > DEEPEST else f"{MOST_NODES:,} values"
                raise place(event.start_mark).limit(f"more than {limit}")
            yield event
        elif isinstance(event, events.CollectionEndEvent):
            depth -= 1
            yield event


def _refused(event: Any) -> str:
    if isinstance(event, events.AliasEvent):
        return f"aliases such as *{event.anchor} are not allowed; write the value again"
    if isinstance(event, events.NodeEvent) and event.anchor:
        return f"anchors such as &{event.anchor} are not allowed; write the value where it is used"
    text = event.value if isinstance(event, events.ScalarEvent) else ""
    if has_surrogate(text):
        return "half of a surrogate pair is not a character; write the character itself"
    if getattr(event, "tag", None):
        return f"tags such as {event.tag} are not allowed; write the plain value"
    return ""


def _build(parsed: Iterator[Any], place: Any) -> YamlDocument:
    """Stack the events up to one value, without recursion."""
    document = YamlDocument(None)
    root: list[Any] = []
    open_: list[tuple[Any, Path]] = []  # mappings and lists not yet at their end
    key: str | None = None

    for event in parsed:
        at = place(event.start_mark)
        if not isinstance(event, events.NodeEvent):
            open_.pop()
            continue
        holder: Any
        holder, path = open_[-1] if open_ else (root, ())
        if isinstance(holder, dict) and key is None:
            key = _key(event, at)
            if (*path, key) in document.keys:
                first = document.keys[*path, key].line
                raise at.error(f'the key "{key}" is duplicated, first in line {first}')
            document.keys[*path, key] = at
            continue
        value = _value(event)
        if key is not None:
            path, holder[key], key = (*path, key), value, None
        else:
            path = (*path, len(holder)) if open_ else ()
            holder.append(value)
        document.values[path] = at
        if isinstance(value, dict | list):
            open_.append((value, path))
    return YamlDocument(root[0] if root else None, document.keys, document.values)


def _key(event: Any, at: Place) -> str:
    if not isinstance(event, events.ScalarEvent):
        raise at.error("a key must be a plain word", "quote text that begins with [ or {")
    if event.value == "<<" and not event.style:
        raise at.error("merge keys << are not allowed; see extends")
    return str(event.value)


def _value(event: Any) -> Any:
    if isinstance(event, events.ScalarEvent):
        return event.value if event.style else resolve(event.value)
    return {} if isinstance(event, events.MappingStartEvent) else []
