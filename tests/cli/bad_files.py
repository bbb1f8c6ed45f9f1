"""Scenario files with mistakes, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.cli.process import SCENARIO

COUNT = "{distribution: uniform, low: 3000, high: 4000}"


def edit(old: str, new: str) -> bytes:
    assert old in SCENARIO
    return SCENARIO.replace(old, new).encode()


def size(text: str) -> bytes:
    return edit("{size: 12000}", f"\n  size: {text}")


def count(text: str) -> bytes:
    return edit(COUNT, text)


def start(text: str) -> bytes:
    return edit("2024-12-06", text)


def also(text: str) -> bytes:
    return (SCENARIO + text + "\n").encode()


def observed(date: str, losses: str) -> bytes:
    return also(f"observed: [{{label: A, date: {date}, losses: {losses}}}]")


CLAIM = "{count: 1000, as_of: 2025-01-01}"


def claims(text: str) -> bytes:
    head, losses = "title: T\nforce: {size: 12000}\nlosses:\n", "  start: 2024-12-06\n"
    return f"{head}{losses}  claims: [{text}]\n".encode()


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


class Row(NamedTuple):
    """A file's bytes, the exit code of `simulate check`, the words that must be on the screen."""

    data: bytes
    code: int
    words: tuple[str, ...]


def row(data: bytes, code: int, *words: str) -> Row:
    return Row(data, code, words)


CHECKED: Mapping[str, Row] = {
    "empty": row(b"", 3, "no scenario here; try `simulate init`"),
    "tab": row(b"force:\n\tsize: 3\n", 3, "f.yaml:2:1:", "a tab", "indent with spaces"),
    "second colon": row(b"title: Losses: 2022\n", 3, "f.yaml:1:14:", 'write title: "Losses: 2022"'),
    "unknown key": row(also("thresholdz: [1]"), 3, "f.yaml:7:1:", "did you mean thresholds?"),
    "alias bomb": row(BOMB.encode(), 3, "anchors"),
    "merge bomb": row(MERGE_BOMB.encode(), 3, "anchors"),
    "python tag": row(b"title: !!python/object/apply:os.mkdir [executed]\n", 3, "tags such as"),
    "second document": row(SCENARIO.encode() + b"---\na: 1\n", 3, "f.yaml:7:1:", "one document"),
    "nested brackets": row(b"[" * 100_000, 5, "more than 32 levels"),
    "over 1 MB": row(b"#" * 1_000_001, 5, "larger than the limit of 1 MB"),
    "50,001 values": row(b"a: [" + b"1," * 50_000 + b"]", 5, "more than 50,000 values"),
    "NUL": row(b"title: a\0b\n", 3, "f.yaml", "a NUL at byte 8"),
    "Latin-1": row("title: café\n".encode("latin-1"), 3, "f.yaml", "byte 10 is 0xe9"),
    "UTF-16": row(SCENARIO.encode("utf-16"), 3, "f.yaml is UTF-16", "byte 0"),
    "control character": row(b"title: a\x1b[31mb\n", 3, "f.yaml:1:9:", "U+001B is not allowed"),
    "byte order mark, CRLF": row(
        b"\xef\xbb\xbf" + SCENARIO.replace("\n", "\r\n").encode(), 0, "f.yaml: valid"
    ),
    "list": row(b"- a\n", 3, "a scenario is a mapping"),
    "TOML": row(b"# a claim\n[force]\nsize = 12000\n", 3, "cannot be TOML", "write YAML or JSON"),
    "no": row(size("no"), 3, "f.yaml:3:9:", 'must be a number (found the text "no")'),
    "1e5": row(size("1e5"), 0, "valid"),
    "1_2000": row(size("1_2000"), 0, "valid"),
    ".nan": row(size(".nan"), 3, "must be a finite number (found nan)"),
    ".inf": row(size(".inf"), 3, "must be a finite number (found inf)"),
    "1e400": row(size("1e400"), 3, "must be a finite number"),
    "5,000 digits": row(size("1" * 5000), 3, "force.size must be a number", "111..."),
    "slashes": row(start("30/06/2024"), 3, 'found the text "30/06/2024"', "write 2024-06-30"),
    "20240101": row(start("20240101"), 3, "found 20240101", "write 2024-01-01"),
    "time of day": row(start("2024-12-06T12:00:00"), 3, "write 2024-12-06"),
    "mode outside": row(
        count("{distribution: pert, low: 1, mode: 9, high: 3}"), 3, "mode must lie between"
    ),
    "probability above 1": row(
        count("{distribution: binomial, trials: 5, probability: 1.5}"), 3, "at most 1 (found 1.5)"
    ),
    "weights all zero": row(
        count("{distribution: discrete, values: [1, 2], weights: [0, 0]}"), 3, "weights are all"
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
    "losses may be above": row(
        count("{distribution: uniform, low: 3000, high: 13000}"),
        0,
        "- losses.count can be",
    ),
    "start may be after": row(
        start("{distribution: uniform, low: 2025-01-01, high: 2025-02-01}"), 0, "- losses."
    ),
    "horizon before as_of": row(also("horizon: 2025-01-01"), 3, "horizon is before losses.as_of"),
    "observed": row(observed("2025-04-30", "{distribution: uniform, low: 4700, high: 5000}"), 0),
    "observed without losses": row(
        also("observed: [{label: A, date: 2025-04-30}]"), 3, "f.yaml:7:", "observed[0].losses"
    ),
    "horizon of 1e6 days": row(also("horizon: 1e6"), 5, "1,000,000 days", "limit of 36,525 days"),
    "horizon of 1e19 days": row(also("horizon: 1e19"), 5, "limit of 36,525 days"),
    "horizon .inf": row(also("horizon: .inf"), 3, "f.yaml:7:10:", "must be a date or a positive"),
    "horizon 9999": row(also("horizon: 9999-12-31"), 5, "limit of 36,525 days"),
    "seed -1": row(also("sampling: {seed: -1}"), 3, "sampling.seed must be at least 0"),
    "seed 2^200": row(also(f"sampling: {{seed: {2**200}}}"), 0, "valid"),
    "draws abc": row(also("sampling: {draws: abc}"), 3, "must be a whole number"),
    "extends outside": row(b"extends: ../up.yaml\n", 3, "f.yaml:1:10:", "same folder or below"),
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
        count("{distribution: empirical, file: empty.csv, column: n}"), 3, "empty.csv is empty"
    ),
    "claims a mapping": row(
        also("").replace(b"count:", b"claims: {count: 3}\n  count:"), 3, "claims must be a list"
    ),
    "50 claims": row(claims(", ".join([CLAIM] * 50)), 0, "valid, 50 claims, 0 uncertain inputs"),
    "weight .inf": row(claims(f"{CLAIM[:-1]}, weight: .inf}}"), 3, "must be a finite number"),
    "weight a law": row(
        claims(f"{CLAIM[:-1]}, weight: {COUNT}}}"), 3, "weight must be a number (found a mapping)"
    ),
    "weights of 1e308": row(claims(", ".join([f"{CLAIM[:-1]}, weight: 1e308}}"] * 3)), 0, "valid"),
    "comma in a claim": row(
        claims("{count: 1,000, as_of: 2025-01-01}"), 3, "unknown key losses.claims[0].000", "comma"
    ),
    "claim without a day": row(claims("{count: 1000}"), 3, "losses.claims[0].as_of is required"),
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
