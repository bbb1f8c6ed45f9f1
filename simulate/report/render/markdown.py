"""A document as Markdown in GitHub's dialect; pictures are described, as one file holds none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simulate.report.document import (
    Block,
    Code,
    Document,
    Link,
    Listing,
    Picture,
    Table,
    Words,
    on_one_line,
)

# Marks of Markdown, of mathematics in dollars, and of templates that sites run over it.
_MARKS = re.compile(r"([\\`*_{}\[\]|~$#!@])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BLANKS = re.compile(r"\s+")
_FIRST = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)])(?=\s|$))")
# Within an address these would end the link, or the cell of a table.
_IN_ADDRESS = {sign: f"%{ord(sign):02X}" for sign in "\\()<>|`[]{}$*_~!@#"}
_KEPT = "_~!@#$*"


def markdown(document: Document) -> str:
    """The document as text, no part of which is HTML, markup or mathematics unless it is ours."""
    parts = [f"# {_escaped(document.title)}"]
    parts += [f"{letter}: {_escaped(name)}" for letter, name in document.names]
    if document.question:
        parts.append(_line(document.question))
    for section in document.sections:
        if section.heading:
            parts.append(f"## {_escaped(section.heading)}")
        parts += filter(None, ("\n".join(_block(block)) for block in section.blocks))
    if document.foot:
        parts.append(_line(document.foot))
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        if block.caption:
            yield f"**{_escaped(block.caption)}**"
            yield ""
        yield _row([_escaped(on_one_line(cell)) for cell in block.header])
        yield _row(["---"] * len(block.header))
        for row in block.rows:
            yield _row([_words(cell) for cell in row])
        if block.notes:
            yield ""
            yield _line(" ".join(text for _, text in block.notes))
    elif isinstance(block, Listing):
        for item in block.items:
            yield f"- {_first_escaped(_words(item))}"
    elif isinstance(block, Code):
        runs = [len(run) for run in re.findall("`+", block.text)]
        fence = "`" * max(3, *(run + 1 for run in runs), 3)
        yield from (f"{fence}sh", block.text, fence)
    elif isinstance(block, Picture):
        if block.drawing is not None:
            yield f"*Picture, in words:* {_escaped(block.drawing().alt)}"
    else:
        text = _first_escaped(_words(block.words))
        bold = f"**{text}**"
        yield {"span": bold, "strong": bold, "quote": f"> {text}"}.get(block.role, text)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(words: Words) -> str:
    # Line breaks within a cell, too, are blanks here.
    return "".join(
        _link(part) if isinstance(part, Link) else _escaped(_BLANKS.sub(" ", part))
        for part in words
    )


def _link(link: Link) -> str:
    address = "".join(
        sign if sign in _KEPT else _IN_ADDRESS.get(sign, sign) for sign in link.address
    )
    return f"[{_escaped(_BLANKS.sub(' ', link.words))}](<{address}>)"


def _escaped(text: str) -> str:
    entities = "".join(_ENTITIES.get(sign, sign) for sign in text)
    # The entities hold no mark, so nothing is escaped twice.
    return _MARKS.sub(r"\\\1", entities)


def _line(text: str) -> str:
    return _first_escaped(_escaped(text))


def _first_escaped(text: str) -> str:
    """A line that would begin a list, a rule or a heading does not."""
    return _FIRST.sub(r"\1\3\\\2\4", text)
