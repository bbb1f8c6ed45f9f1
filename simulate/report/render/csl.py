"""Citations as CSL-JSON, from which Zotero, Pandoc and others make entries in any style."""

from __future__ import annotations

import json

from simulate.report.render.latex import entry_key, entry_note, names, person
from simulate.report.text.citation import AUTHOR, PROGRAM, Citation, author_words, url_words
from simulate.report.text.phrases import title_words
from simulate.report.text.wording import inert


def csl(cited: Citation) -> str:
    """A list of one item; https://docs.citationstyles.org/en/stable/specification.html."""
    summary, year = cited.summary, cited.style.year
    item = {
        "id": entry_key(cited),
        "type": "dataset",
        "genre": "Simulation result",
        "title": title_words(summary),
        "author": [_name(name) for name in names(author_words(summary) or AUTHOR)],
        **({"issued": {"date-parts": [[year]]}} if year else {}),
        "version": f"{PROGRAM} {inert(summary.run.versions.get('simulate', ''))}",
        "note": entry_note(cited),
        **({"URL": address} if (address := url_words(summary)) else {}),
    }
    return f"{json.dumps([item], ensure_ascii=False, indent=2)}\n"


def _name(name: str) -> dict[str, str]:
    if (found := person(name)) is None:
        return {"literal": name}
    return {
        key: part for key, part in zip(("family", "given", "suffix"), found, strict=True) if part
    }
