"""Citations as variables for Quarto."""

from __future__ import annotations

import json

from simulate.report.render.markdown import escaped
from simulate.report.text.citation import Citation
from simulate.report.text.variables import Tree, variables

_HEAD = "# Figures of a simulated depletion date, written by `simulate cite --format quarto`.\n"


def quarto(cited: Citation) -> str:
    """A `_variables.yml`; Quarto reads its texts as Markdown."""
    return f"{_HEAD}depletion:\n{_yaml(variables(cited), '  ')}"


def _yaml(tree: Tree, indent: str) -> str:
    """Nested mappings of texts. A JSON string is one of YAML too, if no letter is escaped."""
    lines = []
    for key, value in tree.items():
        if isinstance(value, str):
            lines.append(f"{indent}{key}: {json.dumps(escaped(value), ensure_ascii=False)}\n")
        else:
            lines.append(f"{indent}{key}:\n{_yaml(value, f'{indent}  ')}")
    return "".join(lines)
