"""Citations in each format; text/citation.py has their words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from simulate.analysis.summary import Summary
from simulate.report.document import Blocks, Paragraph, paragraph, paragraphs, table
from simulate.report.render.csl import csl
from simulate.report.render.latex import bibtex, latex
from simulate.report.render.markdown import escaped, markdown_blocks
from simulate.report.text import phrases, wording
from simulate.report.text.citation import Citation, Style, cited, note
from simulate.report.text.likelihood import SCALES
from simulate.report.text.variables import Tree, variables
from simulate.scenario.plain import one_of


def plain(cited: Citation) -> str:
    """The sentence for a newspaper, the one for a paper, note and reference, a line each."""
    return "".join(f"{line}\n" for line in (*cited.sentences, *cited.below))


def markdown(cited: Citation) -> str:
    """Both sentences, a small table, the note as a quotation, and the reference."""
    return markdown_blocks(_blocks(cited))


def quarto(cited: Citation) -> str:
    """A `_variables.yml`; Quarto reads its texts as Markdown."""
    head = "# Figures of a simulated depletion date, written by `simulate cite --format quarto`."
    return f"{head}\ndepletion:\n{_yaml(variables(cited), '  ')}"


def cited_as(form: str, summary: Summary, style: Style) -> str:
    """The citation in one of `FORMATS`; ValueError if there is no such format or scale."""
    one_of(style.only, "only", ("", "news", "paper"))
    if style.scale is not None:
        one_of(style.scale, "words", SCALES)
    return FORMATS[one_of(form, "form", FORMATS)](cited(summary, style))


def cited_together(form: str, named: Iterable[tuple[str, str]]) -> str:
    """Citations of several results in one format, each below its name; BibTeX needs no names."""
    heads = {"text": "{}:\n", "markdown": "**{}**\n\n"}
    shown = escaped if form == "markdown" else str
    head = heads.get(form, "")
    return "\n".join(f"{head.format(shown(name))}{text}" for name, text in named)


FORMATS: Mapping[str, Callable[[Citation], str]] = {
    "text": plain,
    "markdown": markdown,
    "latex": latex,
    "quarto": quarto,
    "bibtex": bibtex,
    "csl": csl,
}


def _yaml(tree: Tree, indent: str) -> str:
    """Nested mappings of texts. A JSON string is one of YAML too, if no letter is escaped."""
    lines = []
    for key, value in tree.items():
        if isinstance(value, str):
            lines.append(f"{indent}{key}: {json.dumps(escaped(value), ensure_ascii=False)}\n")
        else:
            lines.append(f"{indent}{key}:\n{_yaml(value, f'{indent}  ')}")
    return "".join(lines)


def _blocks(cited: Citation) -> Blocks:
    summary, outcome, style = cited.summary, cited.outcome, cited.style
    yield from paragraphs(cited.sentences)
    if style.only == "news":
        return
    if outcome.quantiles:
        levels = [wording.level_label(quantile.level) for quantile in summary.outcomes[0].quantiles]
        header = (
            phrases.share_lost(outcome),
            *levels,
            "± days",
            f"not by {summary.horizon.isoformat()}",
        )
        yield table("", header, _rows(summary, prose=style.prose))
    outcomes = (*summary.outcomes, *(summary.update.outcomes if summary.update else ()))
    listed = [quantile.at for one in outcomes for quantile in one.quantiles]
    yield Paragraph((note(summary, outcome, style.interval, listed),), "quote")
    yield paragraph(f"Reference: {cited.reference}")


def _rows(summary: Summary, *, prose: bool) -> Iterator[list[str]]:
    form = wording.instant_prose if prose else wording.instant_cell
    named = [(phrases.threshold_cell(outcome), outcome) for outcome in summary.outcomes]
    if after := summary.updated:
        later = (("after later reports", outcome) for outcome in after.outcomes)
        named = [row for pair in zip(named, later, strict=True) for row in pair]
    for name, outcome in named:
        dates = [quantile.at for quantile in outcome.quantiles]
        yield [
            name,
            *(form(at, summary.horizon) for at in dates),
            phrases.largest_error_words(dates, phrases.requested_days(summary)),
            wording.percent_cell(phrases.never_probability(outcome), outcome.depleted_mc_error),
        ]
