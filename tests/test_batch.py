"""A run in parts, or with rests between, gives the result of the whole run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import simulate
from simulate import api, batch
from simulate.batch import Order, merge, order_of, run_kept, run_shard
from simulate.engine import design
from simulate.engine.workforce import Workforce
from simulate.errors import FileError, LimitError, SimulateError
from simulate.report.json_document import dumps
from simulate.scenario.loader import load

CONFIGS = Path(__file__).parents[1] / "configs"
FLAGSHIP = CONFIGS / "kursk-isw.yaml"

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "straight": ("kursk-isw.yaml", {"draws": 8192}),
    "many shifts": ("kursk-isw.yaml", {"draws": 32_768, "method": "random"}),
    "strength": ("kursk-isw.yaml", {"draws": 2048, "strength": True, "seed": 5}),
    "by days": ("kursk-campaign.yaml", {"draws": 128}),  # until March only
    "claims": ("kursk-claims.yaml", {"draws": 1024}),
    "precision": ("kursk-isw.yaml", {"precision": 0.5, "draws": 20_000}),
    "ends": ("tanks-storage.yaml", {"draws": 1024, "method": "latin-hypercube"}),
}


EARLIER = ["horizon=2025-03-01", "by=[]", "published=[]", "observed=[]"]


@pytest.fixture(autouse=True)
def _short_shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several shifts to a replicate without millions of draws."""
    monkeypatch.setattr(design, "LONGEST_SHIFT", 1024)


def order(case: str = "straight", **more: Any) -> Order:
    name, how = CASES[case]
    loaded = load(CONFIGS / name, EARLIER if case == "by days" else ())
    return order_of(loaded, **{**how, **more})


def texts(results: Sequence[simulate.Result]) -> list[str]:
    return [dumps(result.summary) for result in results]


def whole(of: Order) -> list[str]:
    sampling = {**of.sampling, "strength": of.strength}
    return texts([api.run(part, **sampling) for _, part in of.loaded.parts()])


@pytest.fixture
def parts(tmp_path: Path) -> Callable[..., list[Path]]:
    def made(of: Order, n: int, name: str = "part") -> list[Path]:
        files = []
        for number in range(1, n + 1):
            files.append(tmp_path / f"{name}{number}.json")
            files[-1].write_bytes(run_shard(of, number, n, workforce=Workforce(1)))
        return files

    return made


# --- shards ---


@pytest.mark.parametrize("case", CASES)
def test_merged_parts_are_the_whole_run(case: str, parts: Callable[..., list[Path]]) -> None:
    of = order(case)
    files = parts(of, 5)
    again, results = merge(files[::-1])
    assert texts(results) == whole(of)
    assert again.to_dict() == of.to_dict()


def test_one_result_for_each_claim(parts: Callable[..., list[Path]], tmp_path: Path) -> None:
    each = load(CONFIGS / "kursk-claims.yaml", ["losses.pooling=each"])
    of = order_of(each, draws=1024)
    expected = texts(api.run_each(each, draws=1024))
    assert len(expected) > 2
    assert texts(merge(parts(of, 3))[1]) == expected
    assert texts(run_kept(of, tmp_path / "kept")) == expected


def test_another_seed_gives_another_result(parts: Callable[..., list[Path]]) -> None:
    assert texts(merge(parts(order(seed=1), 2))[1]) != whole(order())


def test_what_was_asked_on_the_command_line_is_in_the_parts(
    parts: Callable[..., list[Path]],
) -> None:
    loaded = load(FLAGSHIP, ["losses.count=3000"]).asking(levels=[0.4])
    (result,) = merge(parts(order_of(loaded, draws=1024), 2))[1]
    assert result.loaded.overrides == ("losses.count=3000",)
    assert [quantile.level for quantile in result.outcome().quantiles] == [0.4]


def test_parts_that_do_not_make_a_whole_run_are_refused(
    parts: Callable[..., list[Path]],
) -> None:
    first = parts(order(), 4)
    with pytest.raises(FileError, match="missing 2, 4 of 4"):
        merge([first[0], first[2]])
    with pytest.raises(FileError, match=r"part2.json' and .*part2.json' hold the same draws"):
        merge([*first, first[1]])
    otherwise = parts(order(), 3, "third")
    with pytest.raises(FileError, match="hold the same draws"):
        merge([*first[:3], otherwise[2]])
    with pytest.raises(FileError, match="some draws are missing"):
        merge([first[0], parts(order(), 8, "eighth")[1]])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"seed": 1}, "seed 1 instead of 0"),
        ({"draws": 16384}, "draws 16384 instead of 8192"),
        ({"method": "random"}, "method random instead of lattice"),
        ({"strength": True}, "--strength"),
        ({"overrides": ["force.size=9000"]}, "digest [0-9a-f]{12} instead of c5bc19991c3e"),
        ({"overrides": ["levels=[0.1]"]}, "other dates or percentiles"),
    ],
)
def test_foreign_parts_are_refused(
    changed: dict[str, Any], told: str, parts: Callable[..., list[Path]], tmp_path: Path
) -> None:
    loaded = load(FLAGSHIP, changed.pop("overrides", []))
    foreign = order_of(loaded, **{"draws": 8192, **changed})
    with pytest.raises(FileError, match=told):
        merge([parts(order(), 2)[0], parts(foreign, 2, "foreign")[1]])
    run_kept(foreign, tmp_path / "kept")
    with pytest.raises(FileError, match=f"checkpoint of another run: .*{told}"):
        run_kept(order(), tmp_path / "kept")


def test_no_more_parts_than_there_is_work() -> None:
    with pytest.raises(LimitError, match="at most 8 parts; asked for 9"):
        run_shard(order(), 1, 9)


def edited(path: Path, *, change: Callable[[Any], object]) -> None:
    tree = json.loads(path.read_bytes())
    change(tree)
    path.write_text(json.dumps(tree))


DAMAGES: dict[str, tuple[Callable[[Any], object], str]] = {
    "no plans": (lambda t: t.pop("plans"), "is damaged"),
    "a plan less": (lambda t: t["plans"].pop(), "is damaged"),
    "an unknown task": (lambda t: t["plans"][0]["done"].append([0, 9]), "is damaged"),
    "a task twice": (lambda t: t["plans"][0]["done"].append([0, 0]), "is damaged"),
    "a task less": (lambda t: t["plans"][0]["done"].pop(), "is damaged"),
    "no list of tasks": (lambda t: t["plans"][0].update(done=3), "is damaged"),
    "no counts": (lambda t: t["plans"][0].pop("counts"), "is damaged"),
    "counts less": (lambda t: t["plans"][0]["counts"].pop("never"), "is damaged"),
    "not base64": (lambda t: t["plans"][0]["counts"].update(rates="?"), "is damaged"),
    "not packed": (lambda t: t["plans"][0]["counts"].update(rates="AAAA"), "is damaged"),
    "other counts": (
        lambda t: t["plans"][0]["counts"].update(rates=t["plans"][0]["counts"]["never"]),
        "is damaged",
    ),
    "another program": (lambda t: t["order"].update(version="9"), "made by simulate 9"),
    "another stream": (lambda t: t["order"].update(stream="x"), "stream x"),
    "no sampling": (lambda t: t["order"].pop("sampling"), "is damaged"),
    "half a sampling": (lambda t: t["order"]["sampling"].pop("seed"), "is damaged"),
    "no order": (lambda t: t.pop("order"), "is damaged"),
    "another layout": (lambda t: t.update(schema_version=2), "another version of the program"),
    "another file": (lambda t: t.pop("format"), "does not hold a part of a run"),
    "another scenario": (lambda t: t["order"]["scenario"].update(unit="men"), "is damaged"),
    "no scenario": (lambda t: t["order"]["scenario"].pop("force"), "force"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_parts_are_refused(damage: str, parts: Callable[..., list[Path]]) -> None:
    first, second = parts(order(), 2)
    change, told = DAMAGES[damage]
    edited(first, change=change)
    with pytest.raises(SimulateError, match=re.escape(told)):
        merge([first, second])
    with pytest.raises(SimulateError):
        merge([second, first])


@pytest.mark.parametrize("data", [b"", b"[1]", b"{", b"\xff", b"[" * 10**5])
def test_files_that_are_no_parts_are_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(FileError, match="does not hold a part of a run"):
        merge([tmp_path / "x"])
    with pytest.raises(FileError, match="cannot read"):
        merge([tmp_path])
    with pytest.raises(FileError, match="cannot read"):
        merge([tmp_path / "none"])


# --- checkpoints ---


class Interrupted(BaseException):
    pass


@pytest.mark.parametrize("case", CASES)
def test_a_run_goes_on_where_it_was_left(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_REST_SECONDS", 0.0)
    monkeypatch.setattr(batch, "_REST_PER_WRITING", 0.0)
    of, kept = order(case), tmp_path / "kept"
    seen: list[int] = []
    first: list[int] = []

    def stop(done: int, total: int) -> None:
        first.append(done)
        if done < total and len(first) == 3:
            raise Interrupted
        seen.append(done)

    results = None
    for _ in range(200):
        first.clear()
        try:
            results = run_kept(of, kept, workforce=Workforce(1), progress=stop)
            break
        except Interrupted:
            continue
    assert results is not None
    assert texts(results) == whole(of)
    # Nothing that was written was done again.
    assert all(a < b for a, b in pairwise(seen))
    # Done already: nothing is left to do.
    seen.clear()
    assert texts(run_kept(of, kept, progress=lambda *done: seen.append(done[0]))) == whole(of)
    assert seen == []


def test_a_checkpoint_that_cannot_be_written_is_told_before_anything_is_done(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "none" / "kept", tmp_path / "file" / "kept"):
        with pytest.raises(FileError, match="cannot write"):
            run_kept(order(), path)
    with pytest.raises(FileError, match="cannot read"):
        run_kept(order(), tmp_path)
    with pytest.raises(FileError, match="does not hold a part of a run"):
        run_kept(order(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b""


def test_what_a_killed_attempt_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".kept.0123abcd.tmp").write_bytes(b"half")
    (tmp_path / ".other.0123abcd.tmp").write_bytes(b"of somebody else")
    run_kept(order(), tmp_path / "kept")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".other.0123abcd.tmp", "kept"]
