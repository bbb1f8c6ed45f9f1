"""Imports stand at the top of a module; within a function only what is slow to import.

A late import of another package must be in `SLOW`. One of our own modules must bring a package of
`SLOW` that its caller does not have yet, or be in `OURS`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import simulate

PACKAGE = Path(simulate.__file__).parent

SLOW = {
    "concurrent.futures": "only runs on several threads need it",
    "dask": "half a second, and an extra that may not be installed",
    "difflib": "only a slip of the pen needs it",
    "distributed": "as dask",
    "fcntl": "does not exist on Windows",
    "importlib": "loads by name, or finds files and versions, which few commands need",
    "jinja2": "only pages need it",
    "markupsafe": "comes with jinja2",
    "matplotlib": "half a second; only pictures need it",
    "numpy": "a tenth of a second; `--help` does without",
    "pandas": "half a second, and may not be installed",
    "pyarrow": "a tenth of a second, and an extra that may not be installed",
    "pydantic": "a tenth of a second; `--help` does without",
    "ruamel": "only YAML files need it",
    "scipy": "up to a second; the usual distributions do without",
}

HELP = "milliseconds that `--help` does without"
DRAWS = "only saved draws need it"
PICTURE = "only pictures need it"
OURS = {
    "simulate.analysis.claims": "only scenarios with claims need it",
    "simulate.analysis.curve": PICTURE,
    "simulate.analysis.draw_table": DRAWS,
    "simulate.analysis.precision": "only runs with a precision need it",
    "simulate.analysis.strength": "only strength over time needs it",
    "simulate.analysis.update": "only later reports as evidence need it",
    "simulate.api.backtest": "only back-tests need it",
    "simulate.api.compare": "only comparisons need it",
    "simulate.api.draws": DRAWS,
    "simulate.cli": "an interrupt while it is loaded must end quietly",
    "simulate.cli.spelling": "only errors need it",
    "simulate.engine.time_change": "only a rate that drifts needs it",
    "simulate.engine.walk.road": "most scenarios have a closed form",
    "simulate.engine.workers": HELP,
    "simulate.report.data.draws": DRAWS,
    "simulate.report.data.json_document": HELP,
    "simulate.report.data.run_files": HELP,
    "simulate.report.data.tables": "only tables need it",
    "simulate.report.figures.cdf": PICTURE,
    "simulate.report.figures.dotplot": PICTURE,
    "simulate.report.figures.fan": PICTURE,
    "simulate.report.figures.files": PICTURE,
    "simulate.report.figures.histogram": PICTURE,
    "simulate.report.figures.on_axes": PICTURE,
    "simulate.report.folder": HELP,
    "simulate.report.pages.claims": HELP,
    "simulate.report.render.citation": "only citations need it",
    "simulate.report.render.html": "only pages in files and notebooks need it",
    "simulate.report.render.terminal": HELP,
    "simulate.report.text.backtest": "only back-tests need it",
    "simulate.report.text.citation": "only citations need it",
    "simulate.report.text.precision": HELP,
    "simulate.report.text.wording": HELP,
    "simulate.scenario.distributions.counts": "only independent draws need it",
    "simulate.scenario.distributions.mixture": "only pooled claims need it",
}


def module_names() -> dict[str, Path]:
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = module_names()


def targets(node: ast.AST) -> Iterator[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            below = f"{node.module}.{alias.name}"
            yield below if below in MODULES else node.module


def parts(name: str, tree: ast.Module) -> tuple[list[str], list[tuple[int, str]]]:
    """What a module imports as it is loaded, and what its functions import, with their lines."""
    at_once: list[str] = []
    late: list[tuple[int, str]] = []

    def walk(node: ast.AST, *, in_function: bool) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        found = dict.fromkeys(targets(node))
        if in_function and isinstance(node, ast.stmt):
            late.extend((node.lineno, target) for target in found)
        else:
            at_once.extend(found)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            walk(child, in_function=inside)

    walk(tree, in_function=False)
    packages = [name.rsplit(".", n)[0] for n in range(1, name.count(".") + 1)]
    return [*packages, *at_once], late


@cache
def parts_of_all() -> Mapping[str, tuple[list[str], list[tuple[int, str]]]]:
    """The parts of each of our modules."""
    return {
        name: parts(name, ast.parse(path.read_text(encoding="utf-8")))
        for name, path in MODULES.items()
    }


def slow(target: str) -> str | None:
    """The entry of `SLOW` that a module belongs to."""
    return next((key for key in SLOW if f"{target}.".startswith(f"{key}.")), None)


@cache
def brought_by(name: str) -> frozenset[str]:
    """What of `SLOW` is loaded with one of our modules."""
    seen, waiting, found = {name}, [name], set()
    while waiting:
        for target in parts_of_all()[waiting.pop()][0]:
            if target in MODULES and target not in seen:
                seen.add(target)
                waiting.append(target)
            elif (key := slow(target)) is not None:
                found.add(key)
    return frozenset(found)


def is_justified(target: str, caller: str) -> bool:
    if target in MODULES:
        return target in OURS or not brought_by(target) <= brought_by(caller)
    return slow(target) is not None


def test_what_functions_import_is_slow() -> None:
    needless = [
        f"{MODULES[name].relative_to(PACKAGE.parent)}:{line}: {target}"
        for name, (_, late) in parts_of_all().items()
        for line, target in late
        if not is_justified(target, name)
    ]
    assert not needless, "\n".join([f"{len(needless)} to be moved to the top:", *needless])


def test_what_is_listed_is_imported_late() -> None:
    late = {target for _, found in parts_of_all().values() for _, target in found}
    assert late >= OURS.keys()
    brought = {slow(target) for target in late - MODULES.keys()}
    assert brought.union(*map(brought_by, late & MODULES.keys())) >= SLOW.keys()


def test_late_imports_are_found_and_judged() -> None:
    text = "import numpy\ndef f():\n    from json import dumps, loads\n"
    top, late = parts("simulate.x", ast.parse(text))
    assert top == ["simulate", "numpy"]
    assert late == [(3, "json")]
    assert not is_justified("json", "simulate.errors")
    assert not is_justified("simulate.errors", "simulate.cli")
    assert is_justified("scipy.stats", "simulate.errors")
    assert is_justified("simulate.scenario.model", "simulate.errors")  # brings pydantic
