"""Citations as plain text, as Markdown and as variables for Quarto."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from simulate.analysis.summary import Summary
from simulate.report.render.latex import bibtex, latex
from simulate.report.render.variables import Tree, variables
from simulate.report.text.citation import note
from simulate.report.text.cited import Cited, Style, cited
from simulate.report.text.phrases import (
    asked_days,
    event,
    largest_error_words,
    never_error,
    never_probability,
)
from simulate.report.text.wording import (
    instant_cell,
    instant_prose,
    level_label,
    percent_cell,
    share,
)

_HEAD = "# Figures of a simulated depletion date, written by `simulate cite --format quarto`.\n"
# All that Markdown, GitHub's or Pandoc's, gives a meaning in the middle of a line.
_MARKED = re.compile(r"([\\`*_{}\[\]<>#|~^$@&!\"'])|(?<=\w)([:.])(?=\S)")
_DECIMAL = re.compile(r"(?<=\d)\\([.:])(?=\d)")


def plain(cited: Cited) -> str:
    """Sentence, note and reference, a line each."""
    sentences = " ".join((cited.sentence, *cited.clauses))
    return f"{sentences}\n{cited.note}\nReference: {cited.reference}\n"


def markdown(cited: Cited) -> str:
    """Sentence, a small table, the note as a quotation, and the reference."""
    parts = [
        " ".join(map(markdown_text, (cited.sentence, *cited.clauses))),
        *([_table(cited)] if cited.outcome.quantiles else []),
        f"> {markdown_text(_note(cited))}",
        f"Reference: {markdown_text(cited.reference)}",
    ]
    return "\n\n".join(parts) + "\n"


def quarto(cited: Cited) -> str:
    """A `_variables.yml`; Quarto reads its texts as Markdown."""
    return f"{_HEAD}depletion:\n{_yaml(variables(cited), 1)}"


def cited_as(form: str, summary: Summary, style: Style) -> str:
    """The citation in one of `FORMATS`, ended by a line feed.

    Raises
    ------
    ValueError
        If there is no such format, or the summary has no threshold that `style` names.
    """
    if form not in FORMATS:
        raise ValueError(f"{form!r} is not among the formats: {', '.join(FORMATS)}")
    return FORMATS[form](cited(summary, style))


FORMATS: Mapping[str, Callable[[Cited], str]] = {
    "text": plain,
    "markdown": markdown,
    "latex": latex,
    "quarto": quarto,
    "bibtex": bibtex,
}
"""What writes a citation in each format."""


def markdown_text(text: str) -> str:
    """Plain text for Markdown: nothing in it is markup, a link, a formula or a shortcode."""
    escaped = _MARKED.sub(lambda match: f"\\{match[0]}", text)
    return _DECIMAL.sub(r"\1", escaped)


def _note(cited: Cited) -> str:
    """The note under the sentence and the table."""
    listed = [quantile.at for outcome in cited.summary.outcomes for quantile in outcome.quantiles]
    return note(cited.summary, cited.outcome, cited.style.interval, listed)


def _table(cited: Cited) -> str:
    summary = cited.summary
    form = instant_prose if cited.style.prose else instant_cell
    levels = [level_label(quantile.level) for quantile in summary.outcomes[0].quantiles]
    rows = [
        [event(cited.outcome)[1], *levels, "± days", f"not by {summary.horizon.isoformat()}"],
        ["---"] * (len(levels) + 3),
    ]
    for outcome in summary.outcomes:
        dates = [quantile.at for quantile in outcome.quantiles]
        rows.append(
            [
                share(outcome.threshold),
                *(form(at, summary.horizon) for at in dates),
                largest_error_words(dates, asked_days(summary)),
                percent_cell(never_probability(outcome), never_error(outcome)),
            ]
        )
    return "\n".join(f"| {' | '.join(map(markdown_text, row))} |" for row in rows)


def _yaml(tree: Tree, depth: int) -> str:
    """Nested mappings of texts. A JSON string is one of YAML too, if no letter is escaped."""
    indent = "  " * depth
    lines = []
    for key, value in tree.items():
        if isinstance(value, str):
            text = json.dumps(markdown_text(value), ensure_ascii=False)
            lines.append(f"{indent}{key}: {text}\n")
        else:
            lines.append(f"{indent}{key}:\n{_yaml(value, depth + 1)}")
    return "".join(lines)
