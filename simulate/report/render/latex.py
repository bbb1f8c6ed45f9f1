"""Citations for LaTeX: a file of commands, and an entry for BibTeX."""

from __future__ import annotations

import re
import unicodedata

from simulate.report.text.citation import (
    AUTHOR,
    PROGRAM,
    Citation,
    author_words,
    run_facts,
    url_words,
)
from simulate.report.text.phrases import digest, title_words
from simulate.report.text.update import updated_sentence
from simulate.report.text.variables import flat, variables
from simulate.report.text.wording import inert

_INITIALS = re.compile(r"(?!U\.|E\.U|D\.C|N\.Y)((?:[^\W\d_]\.-? ?)+)(?<=[. ])([^\W\d_][\w'’ -]*)")
"""`J. D. Salinger`, `J.-P. Sartre`, but neither `U.S. Army` nor `D.C. Council`."""
_AFTER_NAME = re.compile(r"(?i)([js]r|i{2,3}|iv|ph\. ?d|m\.? ?d|[mb]\.?(a|sc)|esq|[a-z]*phd)\.?")
"""What can follow a name after a comma: `Jr.`, `PhD`."""
_FULL_NAME = r"[^\W\d_][^\s,]*(?: [^\W\d_][^\s,]*)+"
_FULL_NAMES = re.compile(rf"(?:(?!\S+ of ){_FULL_NAME}, )+{_FULL_NAME},? and {_FULL_NAME}")
_BODY = re.compile(r"(?:[A-Z]{3,}|[Tt]he |.+ of )")
_NUMBERED = re.compile(r"([a-z]*?)_?(\d+)(?:_(\d+))?")
_ONES = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_TO_14 = ("Ten", "Eleven", "Twelve", "Thirteen", "Fourteen")
_TO_19 = ("Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen")
_TENS = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")

# Commands that every LaTeX has, each ended by {} so that no letter after it joins its name.
# Braces are spelled out because BibTeX counts braces, escaped or not.
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


def latex(cited: Citation) -> str:
    r"""A file of `\newcommand`s, their names of letters only, their texts escaped."""
    found = {f"Depletion{letters(path)}": tex(text) for path, text in flat(variables(cited))}
    lines = "".join(f"\\newcommand{{\\{name}}}{{{text}}}\n" for name, text in found.items())
    return _HEAD + ("" if _is_latin(lines) else _SCRIPTS) + lines


def bibtex(cited: Citation) -> str:
    """An entry of the type misc, which every style supports."""
    summary, year = cited.summary, cited.style.year
    version = inert(summary.run.versions.get("simulate", ""))
    fields = {
        "author": " and ".join(map(_name, names(author_words(summary) or AUTHOR))),
        "title": f"{{{tex(title_words(summary))}}}",  # and keep the capitals of a title
        "howpublished": tex(f"Result of the computer program {PROGRAM}, version {version}"),
        **({"year": str(year)} if year else {}),
        "version": tex(version),
        "note": tex(entry_note(cited)),
        **({"url": _verbatim(address)} if (address := url_words(summary)) else {}),
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return f"@misc{{{entry_key(cited)},\n{lines}}}\n"


def entry_note(cited: Citation) -> str:
    """How the run can be repeated, and its sentence."""
    summary = cited.summary
    before, after = cited.sentence, updated_sentence(summary, cited.outcome, cited.style.interval)
    said = f"Before the update: {before} {after}" if after else before
    facts = ", ".join((*run_facts(summary), f"scenario digest {digest(summary)}"))
    return f"{facts}. {said}"


def names(author: str) -> list[str]:
    """The names in a text: a list is joined by semicolons, and BibTeX itself writes `and`.

    An organisation's name can have an `and` in it, so one splits only after a comma.
    """
    if _FULL_NAMES.fullmatch(author):  # Jane Doe, John Smith and Max Roe
        return re.split(r",?\s+and\s+|,\s*", author)
    joined = ";" not in author and "," in author.partition(" and ")[0]
    return re.split(r"\s+and\s+" if joined else r"\s*;\s*", author.strip("; "))


def person(name: str) -> tuple[str, str, str] | None:
    """Family name, given name and suffix of `Doe, Jane, PhD` or `J. Doe`.

    None for what can be an organisation, and where nothing parts the two names.
    """
    if " and " in name:
        return None
    family, *more = map(str.strip, name.split(","))
    suffixes = [part for part in more if _AFTER_NAME.fullmatch(part)]
    if given := ", ".join(part for part in more if part not in suffixes):
        is_body = " " in family and _BODY.match(given)  # Jane Doe, BBC
        return None if is_body else (family, given, " ".join(suffixes))
    if (match := _INITIALS.fullmatch(family)) is None:
        return None
    initials = re.sub(r"\.(?=[^\W\d_])", ". ", match[1].strip())
    return match[2], initials, " ".join(suffixes)


def _name(name: str) -> str:
    """The name of a person as BibTeX parts it, and any other kept whole by braces."""
    if (found := person(name)) is None:
        return f"{{{tex(name)}}}"
    family, given, suffix = map(tex, found)
    if "," in name:
        return ", ".join(filter(None, (family, suffix, given)))
    return f"{given} {family}"


def _verbatim(address: str) -> str:
    """An address as styles print it, without escapes, but with balanced braces."""
    return address.translate({ord(sign): f"%{ord(sign):02X}" for sign in "{}\\ "})


def tex(text: str) -> str:
    """Plain text for LaTeX: nothing in it is a command, a comment or mathematics."""
    # Direction marks have no glyph, and pdfLaTeX stops at them.
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    escaped = shown.translate(_TABLE)
    # Two hyphens would become a dash; a number and its percent sign stay on one line.
    return re.sub(r"(?<=\d) \\%", r"~\%", re.sub(r"-(?=-)", "-{}", escaped))


def letters(path: tuple[str, ...]) -> str:
    """Keys as one name of letters only: `ThirtyMedian` for `lost_30`, `median`."""
    return "".join(map(_letters, path))


def _letters(key: str) -> str:
    match = _NUMBERED.fullmatch(key)
    if match is None:
        return "".join(part.capitalize() for part in key.split("_"))
    number = f"{match[2]}.{match[3]}" if match[3] else match[2]
    return (match[1].capitalize() if match[1] != "lost" else "") + number_name(number)


def number_name(number: str) -> str:
    """A number such as 97.5 in letters: `NinetySevenPointFive`."""
    whole, _, decimals = number.partition(".")
    count = int(whole)
    if count < 20:
        name = (*_ONES, *_TO_14, *_TO_19)[count]
    elif count < 100:
        name = _TENS[count // 10 - 2] + (_ONES[count % 10] if count % 10 else "")
    elif count == 100:
        name = "Hundred"
    else:
        name = "".join(_ONES[int(digit)] for digit in whole)
    return name + ("Point" + "".join(_ONES[int(digit)] for digit in decimals) if decimals else "")


def _is_latin(text: str) -> bool:
    """Whether pdfLaTeX has all letters: Latin ones, and dashes, quotes and the like."""
    return all(ord(sign) < 0x250 or 0x2010 <= ord(sign) <= 0x2026 for sign in text)


def entry_key(cited: Citation) -> str:
    """`simulate-c5bc19991c3e-0-131072`, of digest, seed and draws, which distinguish runs."""
    run = cited.summary.run
    parts = [PROGRAM, digest(cited.summary), run.seed, run.draws]
    parts += ["updated"] if cited.summary.is_updated else []
    return "-".join(re.sub("[^A-Za-z0-9]", "", str(part)) for part in parts)
