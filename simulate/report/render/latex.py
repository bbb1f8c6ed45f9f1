"""Citations for LaTeX: a file of commands, and an entry for BibTeX."""

from __future__ import annotations

import re
import unicodedata

from simulate.report.render.variables import flat, letters, variables
from simulate.report.text.citation import digest, drawn, pooling_words
from simulate.report.text.cited import AUTHOR, PROGRAM, URL, Cited
from simulate.report.text.phrases import title_words
from simulate.report.text.wording import inert

PREFIX = "Depletion"

# Commands that every LaTeX has, each ended by {}: no letter after it can become part of its name.
# Braces are spelled out, since BibTeX counts those it finds, escaped or not.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
    "`": r"\symbol{96}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "’": r"\textquoteright{}",
    "±": r"\ensuremath{\pm}",
    "…": r"\ldots{}",
}
_TABLE = str.maketrans(_ESCAPES)
_HEAD = """\
% Figures of a simulated depletion date, written by `simulate cite --format latex`.
% \\input this file before \\begin{document}; write \\DepletionMedian{} where a blank follows.
"""
_SCRIPTS = """\
% Some letters are beyond pdfLaTeX: use XeLaTeX or LuaLaTeX, and a font that has them.
"""


def latex(cited: Cited) -> str:
    r"""A file of `\newcommand`s, their names of letters only, their texts escaped."""
    found = {letters(path): tex(text) for path, text in flat(variables(cited))}
    lines = "".join(f"\\newcommand{{\\{PREFIX}{name}}}{{{text}}}\n" for name, text in found.items())
    return _HEAD + ("" if _is_latin(lines) else _SCRIPTS) + lines


def bibtex(cited: Cited) -> str:
    """An entry of the type misc, which every style knows."""
    summary = cited.summary
    run = summary.run
    version = inert(run.versions.get("simulate", ""))
    facts = [
        drawn(summary),
        f"seed {run.seed}",
        f"method {inert(run.method)}",
        *([pooling_words(summary)] if pooling_words(summary) else []),
        inert(run.stream),
        f"scenario digest {digest(summary)}",
    ]
    fields = {
        "author": f"{{{tex(AUTHOR)}}}",  # braces: the name of a group
        "title": f"{{{tex(title_words(summary))}}}",  # and a title whose capitals stay
        "howpublished": tex(f"Result of the computer program {PROGRAM}, version {version}"),
        "version": tex(version),
        "note": tex(f"{', '.join(facts)}. {cited.sentence}"),
        **({"url": tex(URL)} if URL else {}),
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return f"@misc{{{_entry_key(cited)},\n{lines}}}\n"


def tex(text: str) -> str:
    """Plain text for LaTeX: nothing in it is a command, a comment or mathematics."""
    # Marks of direction have no glyph, and pdfLaTeX stops at them.
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    escaped = shown.translate(_TABLE)
    # Two hyphens would become a dash; a line does not end between a number and its sign.
    return re.sub(r"(?<=\d) \\%", r"~\%", re.sub(r"-(?=-)", "-{}", escaped))


def _is_latin(text: str) -> bool:
    """Whether pdfLaTeX has all letters: Latin ones, and dashes, quotes and the like."""
    return all(ord(sign) < 0x250 or 0x2010 <= ord(sign) <= 0x2026 for sign in text)


def _entry_key(cited: Cited) -> str:
    """`simulate-c5bc19991c3e-0-131072`: of digest, seed and draws, so that runs are told apart."""
    run = cited.summary.run
    return "-".join(
        re.sub("[^A-Za-z0-9]", "", str(part))
        for part in (
            PROGRAM,
            digest(cited.summary),
            run.seed,
            run.draws,
        )
    )
