"""Errors speak Python, and the shell's language on a terminal."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path

import pytest

import simulate
from simulate.cli.spelling import shell_text
from simulate.errors import Argument, FileError, LimitError, Message, Problem, ScenarioError
from tests.cli.process import done

PACKAGE = Path(simulate.__file__).parent
SHOWN = ("report/pages/", "report/render/", "report/text/", "api/report.py")
NO_ERRORS = ("cli/", "scenario/interview/document.py", *SHOWN)
"""The shell itself, a file that it writes, and how answers are shown."""
SHELL = re.compile(r"(?<![\w?-])--?[a-z]|exit code", re.IGNORECASE)


@pytest.mark.parametrize(
    ("argument", "python", "shell"),
    [
        (Argument("draws"), "draws", "--draws"),
        (Argument("not_by"), "not_by", "--not-by"),
        (Argument("simulate.run_each"), "simulate.run_each", "`simulate run`"),
        (Argument("force", value=True), "force=True", "--force"),
        (Argument("series", "a b.csv"), "series='a b.csv'", "--series 'a b.csv'"),
        (Argument("set", "force.size=x y"), "force.size=x y", "--set force.size=x y"),
        (
            Argument("set", {"thresholds": [0.5, {"left": 13.5}]}),
            "set={'thresholds': [0.5, {'left': 13.5}]}",
            """--set 'thresholds=[0.5, {"left": 13.5}]'""",
        ),
        (Argument("set", {"unit": "men"}), "set={'unit': 'men'}", "--set unit=men"),
    ],
)
def test_an_argument_in_both_languages(argument: Argument, python: str, shell: str) -> None:
    problem = Problem(Message("no, but ", argument), "f.yaml", 3, hint=Message(argument, "!"))
    for error in (ScenarioError(problem), LimitError(problem.text), FileError(problem.text)):
        for one in (error, pickle.loads(pickle.dumps(error))):  # noqa: S301  (our own)
            assert str(one) == f"f.yaml:3: no, but {python}\n  hint: {python}!"
            assert shell_text(one) == f"f.yaml:3: no, but {shell}\n  hint: {shell}!"


def test_the_shell_speaks_its_own_language(tmp_path: Path) -> None:
    (tmp_path / "claim.yaml").write_text("title: a\n", encoding="utf-8")
    found = done(("init", "claim.yaml"), cwd=tmp_path)
    assert found.returncode == FileError.exit_code
    assert found.stderr.endswith("choose another name, or add --force\n")


def words_of(text: str) -> list[str]:
    """The texts of a module in which an option is named, without docstrings."""
    tree = ast.parse(text)
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docstrings]
    texts = [n.value for n in found if isinstance(n.value, str) and " " in n.value]
    return [each for each in texts if SHELL.search(each)]


def test_no_other_layer_names_options() -> None:
    assert words_of('x = f"{1}; add --force"') == ["; add --force"]
    assert words_of('"""As --force."""\nx = ["a well-known -1 - or", "use -n 5", "a-b --x"]') == [
        "use -n 5",
        "a-b --x",
    ]
    names = (path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.rglob("*.py")))
    texts = {
        name: words_of((PACKAGE / name).read_text(encoding="utf-8"))
        for name in names
        if not name.startswith(NO_ERRORS)
    }
    assert not {name: found for name, found in texts.items() if found}
