"""Bad files, options and surroundings: what the user sees, and that nothing else happens."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulate.cli import main
from tests.cli.process import PACKAGE, done, environment, unread
from tests.hang_guard import hang_guard

BASE = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: uniform, low: 3000, high: 4000}
  as_of: 2025-01-16
  start: 2024-12-06
"""
COUNT = "{distribution: uniform, low: 3000, high: 4000}"


def edit(old: str, new: str) -> bytes:
    assert old in BASE
    return BASE.replace(old, new).encode()


def size(text: str) -> bytes:
    return edit("{size: 12000}", f"\n  size: {text}")


def count(text: str) -> bytes:
    return edit(COUNT, text)


def start(text: str) -> bytes:
    return edit("2024-12-06", text)


def also(text: str) -> bytes:
    return (BASE + text + "\n").encode()


def observed(date: str, losses: str) -> bytes:
    return also(f"observed: [{{label: A, date: {date}, losses: {losses}}}]")


CLAIM = "{count: 1000, as_of: 2025-01-01}"


def claims(text: str) -> bytes:
    head, losses = "title: T\nforce: {size: 12000}\nlosses:\n", "  start: 2024-12-06\n"
    return f"{head}{losses}  claims: [{text}]\n".encode()


def spread(name: str, low: str, high: str) -> str:
    return f"{name}={{distribution: uniform, low: {low}, high: {high}}}"


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{b}: &{b}\n  <<: [{', '.join([f'*{a}'] * 9)}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
CLASH = (
    edit("{size: 12000}", "{size: {distribution: uniform, low: 9000, high: 9001}}")
    .decode()
    .replace("2025-01-16", "{distribution: uniform, low: 2025-01-15, high: 2025-01-16}")
    + "correlations:\n"
    + "- {inputs: [losses.count, force.size], rank: 0.9}\n"
    + "- {inputs: [losses.count, losses.as_of], rank: 0.9}\n"
    + "- {inputs: [losses.as_of, force.size], rank: -0.9}\n"
).encode()


@dataclass(frozen=True)
class Row:
    """A file's bytes, the exit code of `simulate check`, the words that must be on the screen."""

    data: bytes
    code: int
    words: tuple[str, ...] = ()


def row(data: bytes, code: int, *words: str) -> Row:
    return Row(data, code, words)


CHECKED: Mapping[str, Row] = {
    "empty": row(b"", 3, "no scenario here; try `simulate init`"),
    "only comments": row(b"# a\n\n# b\n", 3, "no scenario here; try `simulate init`"),
    "tab": row(b"force:\n\tsize: 3\n", 3, "f.yaml:2:1:", "a tab", "indent with spaces"),
    "unclosed bracket": row(b"force: {size: 3\n", 3, "f.yaml:1:", "a bracket is not closed"),
    "second colon": row(b"title: Losses: 2022\n", 3, "f.yaml:1:14:", 'write title: "Losses: 2022"'),
    "duplicate key": row(also("title: U"), 3, "f.yaml:7:1:", '"title" is duplicated', "line 1"),
    "unknown key": row(also("thresholdz: [1]"), 3, "f.yaml:7:1:", "did you mean thresholds?"),
    "anchor": row(b"a: &x 1\n", 3, "f.yaml:1:4:", "anchors such as &x are not allowed"),
    "alias bomb": row(BOMB.encode(), 3, "anchors"),
    "merge bomb": row(MERGE_BOMB.encode(), 3, "anchors"),
    "merge key": row(b"<<: {a: 1}\n", 3, "merge keys << are not allowed"),
    "itself": row(b"a: &x [*x]\n", 3, "anchors"),
    "alias": row(b"a: *x\n", 3, "aliases such as *x"),
    "python tag": row(b"title: !!python/object/apply:os.mkdir [executed]\n", 3, "tags such as"),
    "second document": row(BASE.encode() + b"---\na: 1\n", 3, "f.yaml:7:1:", "one document"),
    "nested brackets": row(b"[" * 100_000, 5, "more than 32 levels"),
    "over 1 MB": row(b"#" * 1_000_001, 5, "larger than the limit of 1 MB"),
    "20,001 values": row(b"a: [" + b"1," * 20_000 + b"]", 5, "more than 20,000 values"),
    "NUL": row(b"title: a\0b\n", 3, "f.yaml", "a NUL at byte 8"),
    "Latin-1": row("title: café\n".encode("latin-1"), 3, "f.yaml", "byte 10 is 0xe9"),
    "UTF-16": row(BASE.encode("utf-16"), 3, "f.yaml is UTF-16", "byte 0"),
    "control character": row(b"title: a\x1b[31mb\n", 3, "f.yaml:1:9:", "U+001B is not allowed"),
    "half a surrogate pair": row(edit("title: T", r'title: "\ud800"'), 3, "f.yaml:1:8:"),
    "byte order mark, CRLF": row(
        b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode(), 0, "f.yaml: valid"
    ),
    "list": row(b"- a\n", 3, "a scenario is a mapping"),
    "no": row(size("no"), 3, "f.yaml:3:9:", 'must be a number (found the text "no")'),
    "0755": row(size("0755"), 3, "f.yaml:3:9:", 'the text "0755"', "write 755"),
    "1,000": row(size("1,000"), 3, 'the text "1,000"', "write 1000"),
    "12:30": row(size("12:30"), 3, 'the text "12:30"'),
    "50%": row(size("50%"), 3, 'the text "50%"', "not a share"),
    "quoted number": row(size("'12000'"), 3, 'the text "12000"', "write 12000"),
    "nothing": row(size(""), 3, "force.size must be a number (found nothing)"),
    "true": row(size("true"), 3, "must be a number (found true)"),
    "1e5": row(size("1e5"), 0, "valid"),
    "1_2000": row(size("1_2000"), 0, "valid"),
    ".nan": row(size(".nan"), 3, "must be a finite number (found nan)"),
    ".inf": row(size(".inf"), 3, "must be a finite number (found inf)"),
    "1e400": row(size("1e400"), 3, "must be a finite number"),
    "5,000 digits": row(size("1" * 5000), 3, "force.size must be a number", "111..."),
    "30 February": row(start("2024-02-30"), 3, "f.yaml:6:10:", "use YYYY-MM-DD"),
    "slashes": row(start("30/06/2024"), 3, 'found the text "30/06/2024"', "write 2024-06-30"),
    "20240101": row(start("20240101"), 3, "found 20240101", "write 2024-01-01"),
    "time of day": row(start("2024-12-06T12:00:00"), 3, "write 2024-12-06"),
    "low above high": row(
        count("{distribution: uniform, low: 4, high: 3}"), 3, "losses.count: low must be below high"
    ),
    "mode outside": row(
        count("{distribution: pert, low: 1, mode: 9, high: 3}"), 3, "mode must lie between"
    ),
    "negative spread": row(
        count("{distribution: normal, mean: 3000, sd: -1}"), 3, "losses.count.sd must be greater"
    ),
    "probability above 1": row(
        count("{distribution: binomial, trials: 5, probability: 1.5}"), 3, "at most 1 (found 1.5)"
    ),
    "weights all zero": row(
        count("{distribution: discrete, values: [1, 2], weights: [0, 0]}"), 3, "weights are all"
    ),
    "percentiles falling": row(
        count("{distribution: lognormal, p5: 4, p95: 3}"), 3, "p5 must be below p95"
    ),
    "infeasible metalog": row(
        count("{distribution: metalog, p5: 1, p50: 2, p95: 90}"), 3, "no metalog", "give fewer"
    ),
    "huge values": row(
        count("{distribution: lognormal, mu: 1000, sigma: 1}"), 3, "losses.count can be too large"
    ),
    "correlations": row(CLASH, 3, "not positive definite", "eigenvalue -0.8", "repair: nearest"),
    "rate can be zero": row(
        count("{distribution: normal, mean: 3000, sd: 1000}"), 0, "- losses.count can be"
    ),
    "losses above the force": row(count("13000"), 3, "above force.size in every draw"),
    "losses may be above": row(
        count("{distribution: uniform, low: 3000, high: 13000}"),
        0,
        "- losses.count can be",
    ),
    "start after as_of": row(start("2025-01-17"), 3, "not before losses.as_of in any draw"),
    "start may be after": row(
        start("{distribution: uniform, low: 2025-01-01, high: 2025-02-01}"), 0, "- losses."
    ),
    "horizon before as_of": row(also("horizon: 2025-01-01"), 3, "horizon is before losses.as_of"),
    "observed": row(observed("2025-04-30", "{distribution: uniform, low: 4700, high: 5000}"), 0),
    "observed too late": row(
        observed("2031-01-01", "4700"), 3, "f.yaml:7:29:", "after the horizon", "make the horizon"
    ),
    "observed too early": row(
        observed("2024-12-05", "4700"), 3, "f.yaml:7:29:", "before losses.start", "correct the date"
    ),
    "observed below zero": row(
        observed("2025-04-30", "-1"), 3, "f.yaml:7:49:", "observed[0].losses must be at least 0"
    ),
    "observed partly below zero": row(
        observed("2025-04-30", "{distribution: normal, mean: 5, sd: 9}"), 3, "in every draw", "min"
    ),
    "observed not as a date": row(observed("4700", "4700"), 3, "f.yaml:7:29:", "use YYYY-MM-DD"),
    "observed without losses": row(
        also("observed: [{label: A, date: 2025-04-30}]"), 3, "f.yaml:7:", "observed[0].losses"
    ),
    "observed as a percentile of dates": row(
        observed("2025-04-30", "2025-04-30"), 3, "must be a number"
    ),
    "horizon of 1e6 days": row(also("horizon: 1e6"), 5, "1,000,000 days", "limit of 36,525 days"),
    "horizon of 1e19 days": row(also("horizon: 1e19"), 5, "limit of 36,525 days"),
    "horizon .inf": row(also("horizon: .inf"), 3, "f.yaml:7:10:", "must be a date or a positive"),
    "horizon 9999": row(also("horizon: 9999-12-31"), 5, "limit of 36,525 days"),
    "seed -1": row(also("sampling: {seed: -1}"), 3, "sampling.seed must be at least 0"),
    "seed 1.5": row(also("sampling: {seed: 1.5}"), 3, "must be a whole number (found 1.5)"),
    "seed true": row(also("sampling: {seed: true}"), 3, "must be a whole number (found true)"),
    "seed 2^200": row(also(f"sampling: {{seed: {2**200}}}"), 0, "valid"),
    "draws 0": row(also("sampling: {draws: 0}"), 3, "sampling.draws must be at least 1"),
    "draws -1": row(also("sampling: {draws: -1}"), 3, "sampling.draws must be at least 1"),
    "draws abc": row(also("sampling: {draws: abc}"), 3, "must be a whole number"),
    "long title": row(edit("title: T", "title: " + "x" * 2001), 3, "longer than 2,000 characters"),
    "extends outside": row(b"extends: ../up.yaml\n", 3, "f.yaml:1:10:", "same folder or below"),
    "extends absolute": row(b"extends: /etc/passwd\n", 3, "f.yaml:1:10:", "relative"),
    "extends address": row(b"extends: https://a.b/c.yaml\n", 3, "not an address"),
    "extends link": row(b"extends: link.yaml\n", 3, "leads out of the scenario's folder"),
    "extends itself": row(b"extends: f.yaml\n", 3, "in a circle: f.yaml -> f.yaml"),
    "extends nothing": row(b"extends: gone.yaml\n", 4, "cannot read gone.yaml: No such file"),
    "extends a pipe": row(b"extends: pipe\n", 4, "not a regular file"),
    "data missing": row(
        count("{distribution: empirical, file: no.csv, column: n}"), 3, "cannot read no.csv"
    ),
    "data a folder": row(
        count("{distribution: empirical, file: folder, column: n}"), 3, "folder is a folder"
    ),
    "data a pipe": row(
        count("{distribution: empirical, file: pipe, column: n}"), 3, "regular file"
    ),
    "data outside": row(
        count("{distribution: empirical, file: ../up.yaml, column: n}"), 3, "leads out of the"
    ),
    "data column": row(
        count("{distribution: empirical, file: data.csv, column: m}"), 3, 'no column "m"', "are n"
    ),
    "data text": row(
        count("{distribution: empirical, file: text.csv, column: n}"), 3, "line 3", '"many"'
    ),
    "data number": row(
        count("{distribution: empirical, file: comma.csv, column: n}"), 3, "line 2", "write 3000"
    ),
    "data empty": row(
        count("{distribution: empirical, file: empty.csv, column: n}"), 3, 'no column "n"'
    ),
    "no claims": row(claims(""), 3, "f.yaml:5:11:", "losses.claims must not be empty", "hint:"),
    "claims a mapping": row(
        also("").replace(b"count:", b"claims: {count: 3}\n  count:"), 3, "claims must be a list"
    ),
    "claims and a count": row(
        also("").replace(b"  start:", b"  claims: [{count: 3, as_of: 2025-01-01}]\n  start:"),
        3,
        "f.yaml:4:10: losses has both count and claims",
        "hint: give either claims",
    ),
    "pooling without claims": row(
        also("").replace(b"  start:", b"  pooling: each\n  start:"), 3, "has pooling but no claims"
    ),
    "51 claims": row(claims(", ".join([CLAIM] * 51)), 3, "must not have more than 50 entries"),
    "50 claims": row(claims(", ".join([CLAIM] * 50)), 0, "valid, 50 claims, 0 uncertain inputs"),
    "flows only": row(
        claims("{count: 1000, as_of: 2025-01-01, days: 7}"), 3, "a flow gives the pace"
    ),
    "weight 0": row(claims(f"{CLAIM[:-1]}, weight: 0}}"), 3, "claims[0].weight must be greater"),
    "weight .inf": row(claims(f"{CLAIM[:-1]}, weight: .inf}}"), 3, "must be a finite number"),
    "weight a law": row(
        claims(f"{CLAIM[:-1]}, weight: {COUNT}}}"), 3, "weight must be a number (found a mapping)"
    ),
    "weights of 1e308": row(claims(", ".join([f"{CLAIM[:-1]}, weight: 1e308}}"] * 3)), 0, "valid"),
    "a weight for a flow": row(
        claims(f"{CLAIM}, {{count: 9, as_of: 2025-01-01, days: 7, weight: 2}}"), 3, "is a flow"
    ),
    "days 0": row(claims(f"{CLAIM[:-1]}, days: 0}}"), 3, "claims[0].days must be greater than 0"),
    "comma in a claim": row(
        claims("{count: 1,000, as_of: 2025-01-01}"), 3, "unknown key losses.claims[0].000", "comma"
    ),
    "claim without a day": row(claims("{count: 1000}"), 3, "losses.claims[0].as_of is required"),
    "claim before the start": row(
        claims("{count: 1000, as_of: 2024-12-01}"), 3, "f.yaml:5:33:", "is not after losses.start"
    ),
    "claim after the horizon": row(
        claims(CLAIM) + b"horizon: 2024-12-31\n", 3, "losses.claims[0].as_of is after the horizon"
    ),
    "claim published early": row(
        claims(f"{CLAIM[:-1]}, published: 2024-12-31}}"), 3, "is before as_of in every draw"
    ),
    "claim published never": row(claims(f"{CLAIM[:-1]}, published: soon}}"), 3, "use YYYY-MM-DD"),
    "correlation of a claim": row(
        claims(f"{{count: {COUNT}, as_of: 2025-01-01}}")
        + b"correlations: [{inputs: ['losses.claims[0].count', force.size], rank: 0.5}]\n",
        3,
        "hint: all claims share their random numbers: name losses.count",
    ),
    "killed among all": row(
        claims(f"{CLAIM}, {CLAIM[:-1]}, counts: killed}}"),
        0,
        "- claims that count unlike things are pooled",
    ),
    "a lower bound": row(
        claims(f"{CLAIM[:-1]}, qualifier: at_least}}"), 0, "- losses.claims[0]: the lower"
    ),
    "data all right": row(count("{distribution: empirical, file: data.csv, column: n}"), 0),
}

WOUNDED = "wounded: {share: 0.7, return_share: 0.5, return_days: 45, stages: 3}"
ROTATION = "rotation: {line_days: 20, rest_days: 7, return_intensity: 1}"
WALKED: Mapping[str, Row] = {
    "wounded": row(also(WOUNDED), 0, "valid"),
    "return_share 1.2": row(
        also(WOUNDED.replace("0.5", "1.2")), 3, "f.yaml:7:37:", "between 0 and 1 (found 1.2)"
    ),
    "return_days 0": row(
        also(WOUNDED.replace("45", "0")), 3, "f.yaml:7:55:", "return_days must be above 0 (found 0)"
    ),
    "stages 0": row(
        also(WOUNDED.replace(": 3", ": 0")), 3, "f.yaml:7:67:", "stages must be at least 1"
    ),
    "stages 2.5": row(also(WOUNDED.replace(": 3", ": 2.5")), 3, "must be a whole number"),
    "stages 21": row(also(WOUNDED.replace(": 3", ": 21")), 3, "stages must be at most 20"),
    "wounded, strength on a date": row(
        edit("12000}", "12000, as_of: 2025-01-01}") + WOUNDED.encode(),
        3,
        "f.yaml:2:29:",
        "cannot be combined with",
        "those left and those lost since",
    ),
    "rotation": row(also(ROTATION), 0, "valid"),
    "rotation without end": row(
        also(ROTATION.replace("line_days: 20, ", "")), 3, "f.yaml:7:11:", "needs line_days", "say"
    ),
    "rest_days 0": row(
        also(ROTATION.replace("7", "0")), 3, "f.yaml:7:38:", "at least 1 in every draw", "leave"
    ),
    "line_days 0": row(also(ROTATION.replace("20", "0")), 3, "line_days must be above 0"),
    "drift": row(also("rate: {drift: {sd: 0.2, correlation_days: 9}}"), 0, "valid"),
    "sd -0.1": row(
        also("rate: {drift: {sd: -0.1, correlation_days: 9}}"), 3, "f.yaml:7:20:", "at least 0"
    ),
    "correlation_days 0": row(
        also("rate: {drift: {sd: 0.2, correlation_days: 0}}"),
        3,
        "f.yaml:7:43:",
        "above 0 (found 0)",
    ),
}


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that the rows mention, and something above it that must not be read."""
    here = tmp_path / "here"
    (here / "folder").mkdir(parents=True)
    (tmp_path / "up.yaml").write_text(BASE, encoding="utf-8")
    (here / "link.yaml").symlink_to(tmp_path / "up.yaml")
    os.mkfifo(here / "pipe")
    for name, text in {
        "data.csv": "n\n3000\n4000\n",
        "text.csv": "n\n3000\nmany\n",
        "comma.csv": 'n\n"3,000"\n',
        "empty.csv": "",
        "good.yaml": BASE,
        "ledger.yaml": claims(f"{CLAIM}, {{count: {COUNT}, as_of: 2025-01-09}}").decode(),
    }.items():
        (here / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """The whole command in this process; subprocesses take a second each to start."""
    handler = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["simulate", *arguments])
        with hang_guard(), pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        assert "Traceback" not in captured.out + captured.err
        assert "internal error" not in captured.err
        assert "Warning:" not in captured.err
        return Answer(code, captured.out, captured.err)

    yield run
    signal.signal(signal.SIGTERM, handler)


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("case", [*CHECKED.values(), *WALKED.values()], ids=[*CHECKED, *WALKED])
def test_files(case: Row, folder: Path, call: Call) -> None:
    (folder / "f.yaml").write_bytes(case.data)
    before = files_in(folder)
    answer = call("check", "f.yaml")
    assert answer.code == case.code, answer.err
    for word in case.words:
        assert word in answer.out + answer.err
    if case.code:
        assert answer.out == ""
        assert max(map(len, answer.err.splitlines())) < 240
    assert files_in(folder) == before
    assert not (folder / "executed").exists()


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path, call: Call) -> None:
    (folder / "a.yaml").write_bytes(size("no"))
    (folder / "b.yaml").write_bytes(also("seeds: 1\nlevels: [2]"))
    answer = call("check", "a.yaml", "good.yaml", "b.yaml")
    assert answer.code == 3
    assert [line for line in answer.err.splitlines() if ".yaml:" in line] == [
        'a.yaml:3:9: force.size must be a number (found the text "no")',
        "b.yaml:7:1: unknown key seeds",
        "b.yaml:8:10: levels[0] must be less than 1 (found 2)",
    ]
    assert answer.out.startswith("good.yaml: valid")


RUNS: Mapping[str, tuple[tuple[str, ...], int, tuple[str, ...]]] = {
    "no file": (("run",), 2, ("Missing argument",)),
    "no command": (("frobnicate",), 2, ("No such command",)),
    "unknown option": (("run", "good.yaml", "--frob"), 2, ("No such option",)),
    "file missing": (("run", "gone.yaml"), 4, ("cannot read gone.yaml: No such file",)),
    "a folder": (("run", "folder"), 4, ("folder is a folder",)),
    "a pipe": (("run", "pipe"), 4, ("not a regular file",)),
    "draws 0": (("run", "good.yaml", "-n", "0"), 2, ("'0' is not a whole number from 1 up",)),
    "draws -1": (("run", "good.yaml", "-n", "-1"), 2, ("'-1'",)),
    "draws abc": (("run", "good.yaml", "-n", "abc"), 2, ("'abc'", "1e6, 1M, 250k")),
    "draws 1__0": (("run", "good.yaml", "-n", "1__0"), 2, ("'1__0' is not a whole number",)),
    "draws 1_000": (("run", "good.yaml", "-n", "1_000"), 0, ("1,024 draws",)),
    "draws 1.5": (("run", "good.yaml", "-n", "1.5"), 2, ("'1.5'",)),
    "draws 1e12": (
        ("run", "good.yaml", "-n", "1e12"),
        5,
        ("1,000,000,000,000 draws", "limit of 134,217,728 (2^27)"),
    ),
    "draws 1": (("run", "good.yaml", "-n", "1"), 0, ("too few", "8 draws instead of 1")),
    "draws 19": (("run", "good.yaml", "-n", "19", "--method", "random"), 0, ("too few",)),
    "draws 1k": (("run", "good.yaml", "-n", "1k"), 0, ("1,024 draws",)),
    "seed -1": (("run", "good.yaml", "--seed", "-1"), 2, ("'-1' is not a whole number",)),
    "seed 1.5": (("run", "good.yaml", "--seed", "1.5"), 2, ("'1.5' is not a whole number",)),
    "seed true": (("run", "good.yaml", "--seed", "true"), 2, ("'true' is not a whole number",)),
    "seed 0": (("run", "good.yaml", "-n", "1k", "--seed", "0"), 0, ("seed 0",)),
    "seed 2^200": (("run", "good.yaml", "-n", "1k", "--seed", str(2**200)), 0, (str(2**200)[:9],)),
    "level 0": (("run", "good.yaml", "--level", "0"), 2, ("--level",)),
    "level 5": (("run", "good.yaml", "--level", "5"), 2, ("--level",)),
    "by": (("run", "good.yaml", "--by", "2024-02-30"), 2, ("use YYYY-MM-DD",)),
    "method": (("run", "good.yaml", "--method", "magic"), 2, ("lattice",)),
    "workers": (("run", "good.yaml", "--workers", "0"), 2, ("--workers",)),
    "set": (("run", "good.yaml", "--set", "force"), 3, ("--set force:", "name=value")),
    "set key": (("run", "good.yaml", "--set", "force.sizex=3"), 3, ("did you mean size?",)),
    "set horizon": (("run", "good.yaml", "--set", "horizon=1e6"), 5, ("limit of 36,525 days",)),
    "no draw depleted": (
        ("run", "good.yaml", "-n", "1k", "--set", "horizon=2025-02-01"),
        0,
        ("not by", "no draw reaches a loss of 100 % by the horizon, 2025-02-01"),
    ),
    "few depleted": (
        ("run", "good.yaml", "-n", "8k", "--set", "horizon=2025-04-08"),
        0,
        ("only", "of draws reach a loss of 100 %"),
    ),
    "one day": (
        ("run", "good.yaml", "-n", "1k", "--set", "losses.count=3800"),
        0,
        ("14 April 2025",),
    ),
    "rate can be zero": (
        (
            "run",
            "good.yaml",
            "-n",
            "8k",
            "--set",
            spread("losses.count", "-1000", "3000"),
        ),
        0,
        ("in 25 % of draws the count is not above zero",),
    ),
    "losses above the force": (
        (
            "run",
            "good.yaml",
            "-n",
            "8k",
            "--set",
            spread("losses.count", "11000", "13000"),
        ),
        0,
        ("in 50 % of draws losses.count is above the whole force",),
    ),
    "start after as_of": (
        (
            "run",
            "good.yaml",
            "-n",
            "8k",
            "--set",
            spread("losses.start", "2025-01-06", "2025-01-26"),
        ),
        0,
        ("in 50 % of draws", "losses.start is not before losses.as_of"),
    ),
    "already passed": (
        ("run", "good.yaml", "-n", "1k", "--set", "force.size=3500"),
        0,
        ("already passed",),
    ),
    "out is a file": (("run", "good.yaml", "--out", "data.csv"), 4, ("data.csv",)),
    "out below a file": (("run", "good.yaml", "--out", "data.csv/x"), 4, ("data.csv",)),
    "out cannot be made": (("run", "good.yaml", "--out", "/proc/none"), 4, ("/proc/none",)),
    "set a claim there is not": (
        ("run", "good.yaml", "--set", "losses.claims[3].weight=2"),
        3,
        ("--set losses.claims[3].weight=2", "there is no entry [3] to set"),
    ),
    "each and a file in the way": (
        ("run", "ledger.yaml", "--set", "losses.pooling=each", "--out", "data.csv"),
        4,
        ("data.csv",),
    ),
    "one draw of claims": (("run", "ledger.yaml", "-n", "1"), 0, ("too few draws",)),
    "claims beyond the horizon": (
        ("run", "ledger.yaml", "-n", "1k", "--set", "horizon=2025-02-01"),
        0,
        ("no draw reaches a loss of 100 %", "not by, as before"),
    ),
    "init where a file is": (("init", "good.yaml"), 4, ("already exists", "--force")),
    "init in no folder": (("init", "gone/new.yaml"), 4, ("gone/new.yaml",)),
}


@pytest.mark.parametrize(("arguments", "code", "words"), RUNS.values(), ids=RUNS)
def test_command_lines(
    arguments: tuple[str, ...], code: int, words: tuple[str, ...], folder: Path, call: Call
) -> None:
    before = files_in(folder)
    answer = call(*arguments)
    assert answer.code == code, answer.err
    seen = " ".join((answer.out + " " + answer.err).split())
    for word in words:
        assert word in seen
    if code:
        assert answer.out == ""
    assert files_in(folder) == before


def test_results_are_not_replaced_without_force(folder: Path, call: Call) -> None:
    arguments = ("run", "good.yaml", "-q", "-n", "1k", "--out", "out", "--picture", "svg")
    assert call(*arguments).code == 0
    before = files_in(folder)
    answer = call(*arguments, "--seed", "1")
    assert answer.code == 4
    assert "--force" in answer.err
    assert answer.out == ""
    assert files_in(folder) == before
    assert call(*arguments, "--seed", "1", "--force").code == 0
    assert files_in(folder) != before


def test_the_output_folder_is_checked_first(folder: Path, call: Call) -> None:
    answer = call("run", "good.yaml", "-n", "1e9", "--out", "data.csv")
    assert answer.code == 4  # not 5, the code for too many draws
    assert (folder / "data.csv").is_file()


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "dollars": "$5M vs $6M",
    "template": "{{7*7}}",
    "markup": "[/] [red]x[/red] [link=http://a.b]y[/link]",
    "chinese": "库尔斯克的损失",
    "formula": "=1+1",
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_titles_are_printed_literally(title: str, folder: Path, call: Call) -> None:
    (folder / "f.yaml").write_bytes(edit("title: T", f"title: '{title}'"))
    answer = call("run", "f.yaml", "-n", "1k")
    assert answer.code == 0
    assert "".join(title.split()) in "".join(answer.out.split())


@pytest.mark.parametrize("command", [("run", "-n", "1k"), ("describe",), ("check",)])
@pytest.mark.parametrize("escape", [r"\e[31mred", r"\e]0;name\a", r"\u202Eabc", r"\u009b31m"])
def test_escapes_do_not_reach_the_terminal(
    command: tuple[str, ...], escape: str, folder: Path, call: Call
) -> None:
    text = BASE.replace("title: T", f'title: "x{escape}"').replace(
        "low: 3000", f'source: "s{escape}", low: 3000'
    )
    (folder / "f.yaml").write_text(text, encoding="utf-8")
    answer = call(command[0], "f.yaml", *command[1:])
    assert answer.code == 0
    for character in "\x1b\x07\x9b\u202e":
        assert character not in answer.out + answer.err


def test_escapes_in_a_mistake_do_not_reach_the_terminal(folder: Path, call: Call) -> None:
    (folder / "f.yaml").write_bytes(size(r'"\e[31m\u202e12"'))
    answer = call("check", "f.yaml", "--set", "unit=\x1b[31m\u202e5")
    assert answer.code == 3
    for character in "\x1b\u202e":
        assert character not in answer.out + answer.err


# --- what only a process of its own shows ---


def launch(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return done(arguments, env={**environment(), **changes})


SURROUNDINGS: Mapping[str, dict[str, str]] = {
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII streams": {"PYTHONIOENCODING": "ascii"},
    "German": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "NO_COLOR": {"NO_COLOR": "1", "FORCE_COLOR": ""},
    "dumb": {"TERM": "dumb"},
    "20 columns": {"COLUMNS": "20"},
}


@pytest.mark.parametrize("changes", SURROUNDINGS.values(), ids=SURROUNDINGS)
@pytest.mark.usefixtures("folder")
def test_surroundings(changes: dict[str, str]) -> None:
    Path("f.yaml").write_bytes(edit("title: T", "title: Größe 库"))
    found = launch("run", "f.yaml", "-n", "1k", **changes)
    assert found.returncode == 0, found.stderr
    assert "2025" in found.stdout
    assert "\x1b" not in found.stdout + found.stderr
    assert re.search(r"at most \d+\.\d days", " ".join(found.stdout.split()))  # no decimal comma
    widths = {len(line) for line in found.stdout.splitlines()}
    assert max(widths) <= int(changes.get("COLUMNS", "100"))


WRITERS = [("run", "good.yaml", "-n", "1k"), ("schema",)]


@pytest.mark.parametrize("arguments", WRITERS)
@pytest.mark.usefixtures("folder")
def test_a_full_disk_behind_stdout(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        found = done(arguments, stdout=full)
    assert found.returncode == 4
    assert found.stderr == "cannot write the answer: No space left on device\n"


@pytest.mark.parametrize("arguments", WRITERS)
@pytest.mark.usefixtures("folder")
def test_a_reader_that_leaves(arguments: tuple[str, ...]) -> None:
    found = unread(*arguments)
    assert found.stderr == ""
    assert found.returncode == 0


def test_a_disk_that_fills_up_leaves_the_old_results(folder: Path) -> None:
    arguments = ("run", "good.yaml", "-q", "-n", "1k", "--out", "out", "--picture", "svg")
    assert launch(*arguments).returncode == 0
    before = files_in(folder)
    found = done(
        (*arguments, "--seed", "1", "--force"),
        env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )
    assert found.returncode == 4
    assert "Traceback" not in found.stderr
    assert "file too large" in found.stderr
    assert files_in(folder) == before


def test_a_home_that_cannot_be_written(folder: Path) -> None:
    found = launch(
        "run", "good.yaml", "-q", "-n", "1k", "--out", "out", "--picture", "svg",
        HOME="/proc", XDG_CACHE_HOME="/proc", XDG_CONFIG_HOME="/proc", MPLCONFIGDIR="/proc",
    )  # fmt: skip
    assert found.returncode == 0
    assert "simulation interval" in found.stdout
    assert (folder / "out" / "histogram.svg").is_file()


def test_installed_under_a_path_with_spaces_and_run_from_elsewhere(folder: Path) -> None:
    place = folder / "a place with spaces"
    shutil.copytree(PACKAGE, place / "simulate", ignore=shutil.ignore_patterns("__pycache__"))
    case = place / "my case.yaml"
    case.write_bytes(count("{distribution: empirical, file: my data.csv, column: n}"))
    (place / "my data.csv").write_text("n\n3000\n4000\n", encoding="utf-8")
    found = launch("run", str(case), "-q", "-n", "1k", PYTHONPATH=str(place))
    assert found.returncode == 0, found.stderr
    assert "2025" in found.stdout
