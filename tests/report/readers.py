"""Small, strict readers of the formats that citations are written in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

_COMMANDS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textquoteright": "’",
    "ldots": "…",
}
_TOKEN = re.compile(
    r"\\symbol\{(?P<code>\d+)\}"
    r"|(?P<plus>\\ensuremath\{\\pm\})"
    r"|\\(?P<name>[a-zA-Z]+)\{\}"
    r"|\\(?P<sign>[$&#_%])"
    r"|(?P<tie>~)"
    r"|(?P<nothing>\{\})"
    r"|(?P<text>[^\\{}$&#_%~^\"<>|`\n])",
)


def tex_text(source: str) -> str:
    """What a piece of LaTeX typesets; fails at all that is more than text."""
    found, at = [], 0
    while at < len(source):
        token = _TOKEN.match(source, at)
        assert token, source[at : at + 40]
        if token["code"]:
            found.append(chr(int(token["code"])))
        elif token["plus"]:
            found.append("±")
        elif token["name"]:
            found.append(_COMMANDS[token["name"]])
        elif not token["nothing"]:
            found.append(" " if token["tie"] else token["sign"] or token["text"])
        at = token.end()
    typeset = "".join(found)
    assert not re.search(r"[?!]`|--", source)
    return typeset


def tex_commands(source: str) -> dict[str, str]:
    """Names and texts of a file that holds comments and one `\\newcommand` a line, no more."""
    found: dict[str, str] = {}
    for line in source.splitlines():
        if line.startswith("% "):
            continue
        match = re.fullmatch(r"\\newcommand\{\\([A-Za-z]+)\}\{(.*)\}", line)
        assert match, line
        assert match[1] not in found
        found[match[1]] = tex_text(match[2])
    return found


def bib_entry(source: str) -> tuple[str, str, dict[str, str]]:
    """Type, key and typeset fields of a file with one BibTeX entry.

    As BibTeX itself does, braces are counted whether a backslash precedes them or not.
    """
    head = re.match(r"@([a-z]+)\{([A-Za-z0-9-]+),\n", source)
    assert head
    at, fields = head.end(), {}
    while source[at] != "}":
        name = re.compile(r" +([a-z]+) = \{").match(source, at)
        assert name
        assert name[1] not in fields
        at, depth = name.end(), 1
        start = at
        while depth:
            depth += {"{": 1, "}": -1}.get(source[at], 0)
            at += 1
        value = source[start : at - 1]
        if value.startswith("{") and name[1] in ("author", "title"):
            value = value[1:-1]
        fields[name[1]] = value if name[1] == "url" else tex_text(value)  # styles print it as is
        assert source[at : at + 2] == ",\n"
        at += 2
    assert source[at:] == "}\n"
    return head[1], head[2], fields


def markdown_line(source: str) -> str:
    """What a line of Markdown shows; fails where a sign that may be markup is left unescaped."""
    found, at = [], 0
    while at < len(source):
        if source[at] == "\\":
            assert not source[at + 1].isalnum()
            at += 1
        else:
            assert source[at] not in "`*_{}[]<>#|~^$@&!", source[at - 20 : at + 20]
            assert not re.match(r"(?<=\w):(?=/)|www\.|https?:", source[at:])
        found.append(source[at])
        at += 1
    return "".join(found)


def row_cells(row: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", row)
    assert cells[0] == cells[-1] == ""
    return [markdown_line(cell.strip()) for cell in cells[1:-1]]


def yaml_of(source: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(io.StringIO(source))
    assert list(found) == ["depletion"]
    depletion: dict[str, Any] = found["depletion"]
    return depletion


def leaves(tree: dict[str, Any]) -> Iterator[str]:
    for key, value in tree.items():
        assert re.fullmatch("[a-z0-9_]+", key)
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            assert isinstance(value, str)
            yield value
