"""A document as Markdown in GitHub's dialect; pictures are described, as one file holds none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from simulate.report import document

# Signs with a meaning to GitHub's or Pandoc's Markdown, to mathematics or to a site's templates;
# a colon or a dot only where it could make an address.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~^$@&!]|(?<=[^\W\d]):(?=\S)|(?<=www)\.", re.IGNORECASE)
_BLANKS = re.compile(r"\s")
_FIRST = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)])(?=\s|$))")
# Within an address these would end the link, or the cell of a table.
_IN_ADDRESS = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "\\()<>|`[]{}"})


def markdown(answer: document.Document) -> str:
    """The document as text, no part of which is HTML, markup or mathematics unless it is ours."""
    parts = [f"# {escaped(answer.title)}"]
    parts += [f"{letter}: {escaped(name)}" for letter, name in answer.names]
    parts.append(_line(answer.question))
    for section in answer.sections:
        parts.append(f"## {escaped(section.heading)}" if section.heading else "")
        parts.append(markdown_blocks(section.blocks).rstrip("\n"))
    parts.append(_line(answer.foot))
    return "\n\n".join(filter(None, parts)) + "\n"


def markdown_blocks(blocks: Iterable[document.Block]) -> str:
    """Some blocks of a document, an empty line between them."""
    return "\n\n".join(filter(None, ("\n".join(_block(block)) for block in blocks))) + "\n"


def escaped(text: str) -> str:
    """Plain text for Markdown: nothing in it is markup, a link, a formula or a shortcode."""
    return _MARKS.sub(r"\\\g<0>", _BLANKS.sub(" ", text))


def _block(block: document.Block) -> Iterator[str]:
    if isinstance(block, document.Table):
        if block.caption:
            yield f"**{escaped(block.caption)}**\n"
        yield _row([escaped(document.on_one_line(cell)) for cell in block.header])
        yield _row(["---"] * len(block.header))
        for row in block.rows:
            yield _row([_words(cell) for cell in row])
        if block.notes:
            yield "\n" + _line(" ".join(text for _, text in block.notes))
    elif isinstance(block, document.Listing):
        for item in block.items:
            yield f"- {_first_escaped(_words(item))}"
    elif isinstance(block, document.Code):
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", block.text)), 3)
        yield from (f"{fence}sh", block.text, fence)
    elif isinstance(block, document.Picture):
        if block.drawing is not None:
            yield f"*Picture, in words:* {escaped(block.drawing().alt)}"
    else:
        text = _first_escaped(_words(block.words))
        bold = f"**{text}**"
        yield {"span": bold, "strong": bold, "quote": f"> {text}"}.get(block.role, text)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(words: document.Words) -> str:
    return "".join(
        f"[{escaped(part.words)}](<{part.address.translate(_IN_ADDRESS)}>)"
        if isinstance(part, document.Link)
        else escaped(part)
        for part in words
    )


def _line(text: str) -> str:
    return _first_escaped(escaped(text))


def _first_escaped(text: str) -> str:
    """A line that would begin a list, a rule or a heading does not."""
    return _FIRST.sub(r"\1\3\\\2\4", text)
