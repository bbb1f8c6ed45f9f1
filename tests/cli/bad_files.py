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
    "second document": row(SCENARIO.encode() + b"---\na: 1\n", 3, "f.yaml:7:1:", "one document"),
    "nested brackets": row(b"[" * 100_000, 5, "more than 32 levels"),
    "over 1 MB": row(b"#" * 1_000_001, 5, "larger than the limit of 1 MB"),
    "50,001 values": row(b"a: [" + b"1," * 50_000 + b"]", 5, "more than 50,000 values"),
    "NUL": row(b"title: a\0b\n", 3, "f.yaml", "a NUL at byte 8"),
    "Latin-1": row("title: café\n".encode("latin-1"), 3, "f.yaml", "byte 10 is 0xe9"),
    "UTF-16": row(SCENARIO.encode("utf-16"), 3, "f.yaml is UTF-16", "byte 0"),
    "control character": row(b"title: a\x1b[31mb\n", 3, "f.yaml:1:9:", "U+001B is not allowed"),
    "half a surrogate pair": row(edit("title: T", r'title: "\ud800"'), 3, "f.yaml:1:8:"),
    "byte order mark, CRLF": row(
        b"\xef\xbb\xbf" + SCENARIO.replace("\n", "\r\n").encode(), 0, "f.yaml: valid"
    ),
    "list": row(b"- a\n", 3, "a scenario is a mapping"),
    "TOML": row(b"# a claim\n[force]\nsize = 12000\n", 3, "cannot be TOML", "write YAML or JSON"),
    "no": row(size("no"), 3, "f.yaml:3:9:", 'must be a number (found the text "no")'),
    "0755": row(size("0755"), 3, "f.yaml:3:9:", 'the text "0755"', "write 755"),
    "1,000": row(size("1,000"), 3, 'the text "1,000"', "write 1000"),
    "12:30": row(size("12:30"), 3, 'the text "12:30"'),
    "50%": row(size("50%"), 3, 'the text "50%"', "not a share"),
    "quoted number": row(size("'12000'"), 3, 'the text "12000"', "write 12000"),
    "nothing": row(size(""), 3, "force.size is required"),
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
    "losses above the force": row(count("13000"), 3, "above force.size in every simulation"),
    "losses may be above": row(
        count("{distribution: uniform, low: 3000, high: 13000}"),
        0,
        "- losses.count can be",
    ),
    "start after as_of": row(start("2025-01-17"), 3, "not before losses.as_of in any simulation"),
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
        observed("2025-04-30", "{distribution: normal, mean: 5, sd: 9}"),
        3,
        "in every simulation",
        "min",
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
        count("{distribution: empirical, file: empty.csv, column: n}"), 3, "empty.csv is empty"
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
    "501 claims": row(claims(", ".join([CLAIM] * 501)), 3, "must not have more than 500 entries"),
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
        claims(f"{CLAIM[:-1]}, published: 2024-12-31}}"), 3, "is before as_of in every simulation"
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
        0,
        "valid",
    ),
    "rotation": row(also(ROTATION), 0, "valid"),
    "rotation without end": row(
        also(ROTATION.replace("line_days: 20, ", "")), 3, "f.yaml:7:11:", "needs line_days", "say"
    ),
    "rest_days 0": row(
        also(ROTATION.replace("7", "0")),
        3,
        "f.yaml:7:38:",
        "at least 1 in every simulation",
        "leave",
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
    "reference": row(also("rate: {reference: {class: unit}}"), 0, "valid"),
    "a class that is unknown": row(
        also("rate: {reference: {class: army}}"), 3, "f.yaml:7:27:", "'front' or 'unit'"
    ),
    "a reference without a basis": row(
        also("rate: {reference: {series: false}}"), 3, "f.yaml:7:19:", "needs class", "whole front"
    ),
    "reference.sd 0": row(
        also("rate: {reference: {sd: 0}}"), 3, "f.yaml:7:24:", "above 0 (found 0)"
    ),
    "sd beside class": row(
        also("rate: {reference: {class: unit, sd: 0.3}}"), 3, "f.yaml:7:37:", "both sd and class"
    ),
    "the past of no series": row(
        also("rate: {reference: {series: true}}"), 3, "f.yaml:7:28:", "needs losses.series", "unit"
    ),
}
