"""Files that are written: kept apart from others, after the answer, and only where one may."""

from __future__ import annotations

import ctypes
import json
import os
import resource
from pathlib import Path

import pytest

from tests.cli.process import RUN, SCENARIO, TABLES, Whole, call, done, environment


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- outputs that would replace each other, or what is read ---


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("run", "s.yaml", "--out", "out", "--save-draws", "out/table.csv"), "out/table.csv"),
        (("run", "s.yaml", "--out", ".", "--save-draws", "claims.csv"), "claims.csv"),
        (("run", "s.yaml", "--out", "link", "--save-draws", "out/table.csv"), "out/table.csv"),
        (("run", "table.csv", "--out", "out/.."), "table.csv"),
        (("run", "table.csv", "--save-draws", "./table.csv"), "./table.csv"),
        (("cite", "s.yaml", "-o", "s.yaml"), "s.yaml"),
        (("cite", "out", "-o", "out/run.json"), "out/run.json"),
        (("cite", "out/result.json", "-o", "out/run.json"), "out/run.json"),
        (("report", "page.md", "-o", "page.md"), "page.md"),
        (("plot", "dates.txt", "-o", "dates.svg"), "dates.txt"),
    ],
)
def test_outputs_are_kept_apart(
    arguments: tuple[str, ...], name: str, here: Path, whole: Whole
) -> None:
    (here / "out").mkdir()
    (here / "link").symlink_to("out")
    for file in ("table.csv", "page.md", "dates.txt"):
        (here / file).write_text(SCENARIO, encoding="utf-8")
    for file in ("result.json", "run.json"):
        (here / "out" / file).write_text("{}", encoding="utf-8")
    before = contents(here)
    # Nobody waits for so many draws: it is refused before sampling.
    found = whole(*arguments, "--force", *(() if "out/" in name else ("-n", "1e8")))
    assert found.code == 2
    assert name in found.err
    assert contents(here) == before


READ = {
    "run": (("run", "{}"), "claims.csv"),
    "run several": (("run", "{}", "other.yaml"), "s/claims.csv"),
    "compare": (("compare", "other.yaml", "{}"), "comparison.csv"),
    "sweep": (("sweep", "{}", "--set", "force.size=9000,12000"), "sweep.csv"),
    "sensitivity": (("sensitivity", "{}"), "sensitivity.json"),
}


@pytest.mark.parametrize(
    ("case", "role"),
    [
        (case, role)
        for case in READ
        for role in ("scenario", "parent", "data", "data behind a link")
        if (case, role) != ("run several", "scenario")  # its folder would have another name
    ],
)
def test_a_file_that_is_read_is_not_replaced(
    case: str, role: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, name = READ[case]
    (here / "s").mkdir()
    (here / "other.yaml").write_text(SCENARIO, encoding="utf-8")
    law = "{distribution: uniform, low: 3000, high: 4000}"
    data = f"{{distribution: empirical, file: {'link' if 'link' in role else name}, column: n}}"
    (here / "link").symlink_to(name)
    scenario, read = {
        "scenario": (None, SCENARIO),
        "parent": (f"extends: {name}\n", SCENARIO),
    }.get(role, (SCENARIO.replace(law, data), "n,m\n3000,1\n4000,2\n"))
    (here / name).write_text(read, encoding="utf-8")
    if scenario:
        (here / "s.yaml").write_text(scenario, encoding="utf-8")
    before = contents(here)
    monkeypatch.setattr("simulate.engine.workers.Workers.each", None)
    file = "s.yaml" if scenario else name
    for force in ((), ("--force",)):
        found = call(*(word.format(file) for word in command), "--out", ".", *force, code=2)
        assert "--out would replace " in found.stderr
        assert ("link" if "link" in role else name) in found.stderr
    assert contents(here) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "s.yaml", "--save-draws", "base.csv"),
        ("cite", "s.yaml", "-o", "base.csv"),
        ("plot", "s.yaml", "-o", "base.svg"),
        ("report", "s.yaml", "-o", "base.md"),
    ],
)
def test_a_single_output_is_kept_apart_from_a_parent(
    arguments: tuple[str, ...], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulate.engine.workers.Workers.each", None)
    (here / arguments[-1]).write_text(SCENARIO, encoding="utf-8")
    (here / "s.yaml").write_text(f"extends: {arguments[-1]}\n", encoding="utf-8")
    found = call(*arguments, "--force", code=2)
    assert "is read by this command" in found.stderr
    assert (here / arguments[-1]).read_text(encoding="utf-8") == SCENARIO


def test_every_combination_of_a_sweep_is_kept_apart(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulate.engine.workers.Workers.each", None)
    for name in ("a.csv", "sweep.csv"):
        (here / name).write_text("n\n3000\n4000\n", encoding="utf-8")
    law = "losses.count={distribution: empirical, file: a.csv, column: n}"
    swept = ("--set", f"{law},{law.partition('=')[2].replace('a.csv', 'sweep.csv')}")
    found = call("sweep", "s.yaml", *swept, "--out", ".", "--force", code=2)
    assert "--out would replace sweep.csv" in found.stderr


CLAIMS = """\
title: T
force: {size: 12000}
losses:
  start: 2024-12-06
  pooling: each
  claims: [{count: 3800, as_of: 2025-01-16}, {count: 3500, as_of: 2025-01-14}]
"""
FEW = ("-q", "-n", "64", "--out", "out")


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pictures, which take longest."""
    monkeypatch.setattr("simulate.report.data.run_files._pictures", lambda *_, **__: {})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.usefixtures("undrawn_pages")
def test_force_removes_claims_of_an_earlier_run(here: Path) -> None:
    (here / "s.yaml").write_text(CLAIMS, encoding="utf-8")
    one = ("--set", "losses.claims=[{count: 3800, as_of: 2025-01-16}]")
    pooled = ("--set", "losses.pooling=linear")
    call("run", "s.yaml", *FEW)
    page, drawn = {"index.html", "quantiles.csv"}, {f"histogram.{k}" for k in ("svg", "png", "txt")}
    assert names(here / "out") == {"claim-1", "claim-2", *page, *drawn}
    call("run", "s.yaml", *FEW, *one, "--force")
    assert names(here / "out") == {"claim-1", *page}
    call("run", "s.yaml", *FEW, *pooled, "--force")
    assert not [name for name in names(here / "out") if name.startswith("claim-")]
    assert "result.json" in names(here / "out")
    call("run", "s.yaml", *FEW, "--force")
    assert names(here / "out") == {"claim-1", "claim-2", *page, *drawn}


def test_claims_have_a_page_of_all_above_those_of_each(here: Path) -> None:
    (here / "s.yaml").write_text(CLAIMS, encoding="utf-8")
    call("run", "s.yaml", "-n", "64", "--out", "out", "--pictures", "none")
    page = (here / "out" / "index.html").read_text(encoding="utf-8")
    for n in (1, 2):
        assert f'<a href="claim-{n}/index.html"' in page
        assert (here / "out" / f"claim-{n}" / "index.html").is_file()
        assert f"<strong>Claim {n}:" in page or f"Claim {n}: At " in page
    assert page.count("<figure") == 1
    assert "by each claim alone" in page
    assert "Full pages: -v" not in page  # which is for the terminal
    rows = (here / "out" / "quantiles.csv").read_text(encoding="utf-8").splitlines()
    assert {row.partition(",")[0] for row in rows[1:]} == {"claim-1", "claim-2"}
    assert not list((here / "out").glob("histogram.*"))


def test_commands_for_a_single_result_take_claims_one_after_the_other(here: Path) -> None:
    (here / "s.yaml").write_text(CLAIMS.replace("12000", "[11000, 13000]"), encoding="utf-8")
    law = ("--set", "force.size={distribution: uniform, low: 11000, high: 13000}", "-n", "1024")
    said = call("sensitivity", "s.yaml", *law, "-q", "--out", "out").stdout.splitlines()
    assert [line.partition(": ")[0] for line in said] == ["claim 1", "claim 2"]
    assert (here / "out" / "claim-2" / "sensitivity.json").is_file()
    listed = json.loads(call("sensitivity", "s.yaml", *law, "--json").stdout)
    titles = [one["scenario"]["title"] for one in listed]
    assert titles == ["T, claim 1", "T, claim 2"]
    for kind in ("fan", "tornado", "cdf"):
        call("plot", "s.yaml", *law, "--kind", kind, "-o", f"{kind}.svg")
        assert {f"{kind}-claim-1.svg", f"{kind}-claim-2.svg"} <= names(here)


@pytest.mark.usefixtures("no_pictures")
def test_force_removes_no_folder_with_other_files(here: Path) -> None:
    (here / "s.yaml").write_text(CLAIMS, encoding="utf-8")
    for name in ("claim-2/run.json", "claim-2/notes.txt", "claim-3/claims.csv", "claim-x/run.json"):
        file = here / "out" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("kept", encoding="utf-8")
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "run.json").write_text("kept", encoding="utf-8")
    (here / "out" / "claim-4").symlink_to(here / "elsewhere")
    (here / "out" / "claim-5").write_text("kept", encoding="utf-8")
    before = [path for path, data in contents(here).items() if data == b"kept"]
    one = ("--set", "losses.claims=[{count: 3800, as_of: 2025-01-16}]")
    call("run", "s.yaml", *FEW, *one, "--force")
    assert [contents(here)[path] for path in before] == [b"kept"] * len(before)


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.usefixtures("undrawn_pages")
def test_a_file_that_is_read_is_not_removed_with_a_claim(here: Path) -> None:
    (here / "s.yaml").write_text(CLAIMS, encoding="utf-8")
    call("run", "s.yaml", *FEW)
    (here / "s.yaml").write_text("extends: out/claim-2/claims.csv\n", encoding="utf-8")
    (here / "out" / "claim-2" / "claims.csv").write_text(SCENARIO, encoding="utf-8")
    found = call("run", "s.yaml", *FEW, "--force", code=2)
    assert "out/claim-2/claims.csv" in found.stderr
    assert (here / "out" / "claim-2" / "claims.csv").is_file()


def test_outputs_of_other_names_share_a_folder(here: Path) -> None:
    call(*TABLES, "--save-draws", "out/draws.csv")
    assert (here / "out" / "draws.csv").is_file()


@pytest.mark.parametrize("name", ["pipe", "/dev/null"])
def test_only_regular_files_are_replaced(name: str, here: Path, whole: Whole) -> None:
    os.mkfifo(here / "pipe")
    found = whole("cite", "s.yaml", "-o", name, "--force")
    assert found == (4, "", f"cannot write '{name}': it is not a regular file\n")
    assert not Path(name).is_file()


def test_a_link_that_leads_nowhere_is_not_replaced_unasked(here: Path, whole: Whole) -> None:
    (here / "sentence.txt").symlink_to("nowhere")
    assert whole("cite", "s.yaml", "-n", "1024", "-o", "sentence.txt").code == 4
    assert (here / "sentence.txt").is_symlink()


def test_a_name_as_long_as_names_can_be(here: Path) -> None:
    name = f"{'a' * 251}.csv"
    call(*RUN, "--save-draws", name)
    assert (here / name).is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", ""),
        ("run", "s.yaml", "--out", ""),
        ("run", "s.yaml", "--save-draws", ""),
        ("cite", "s.yaml", "-o", ""),
        ("init", ""),
        ("reproduce", ""),
    ],
)
def test_an_empty_name_does_not_mean_this_folder(
    arguments: tuple[str, ...], here: Path, whole: Whole
) -> None:
    """As from a variable of the shell that is not set."""
    before = sorted(here.iterdir())
    found = whole(*arguments)
    assert found.code == 2
    assert "the name of a file or folder is empty" in found.err
    assert sorted(here.iterdir()) == before


def without_privileges() -> None:
    """Let the rights of files hold for root too, by taking two capabilities of Linux away."""
    drop, override, read_search = 24, 1, 2
    for capability in (override, read_search):
        ctypes.CDLL(None).prctl(drop, capability)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "closed/s.yaml"), "cannot read closed/s.yaml: Permission denied"),
        (("check", "unreadable.yaml"), "cannot read unreadable.yaml: Permission denied"),
        (("reproduce", "closed/result.json"), "cannot read 'closed/result.json': permission"),
        (("reproduce", "closed"), "cannot read 'closed': permission denied"),
        (("init", "closed/new.yaml"), "cannot write 'closed/new.yaml': permission denied"),
        (("cite", "s.yaml", "-o", "closed/c.txt"), "cannot write 'closed/c.txt': permission"),
        (("cite", "s.yaml", "-o", "c.txt"), "cannot write into the folder '.': permission denied"),
        (("run", "s.yaml", "--out", "out"), "cannot use 'out' as the output folder: permission"),
        (("run", "s.yaml", "--save-draws", "d.csv"), "cannot write into the folder '.'"),
    ],
)
def test_what_one_has_no_right_to(arguments: tuple[str, ...], words: str, here: Path) -> None:
    (here / "closed").mkdir()
    for name in ("closed/s.yaml", "unreadable.yaml"):
        (here / name).write_text(SCENARIO, encoding="utf-8")
    for name, mode in {"closed": 0o000, "unreadable.yaml": 0o000, ".": 0o555}.items():
        (here / name).chmod(mode)
    try:
        found = done(arguments, preexec_fn=without_privileges if os.getuid() == 0 else None)
    finally:
        here.chmod(0o755)
        (here / "closed").chmod(0o755)
    assert found.returncode == 4, found.stderr
    assert words in found.stderr
    assert found.stdout == ""


# --- the answer comes first ---


def small_files() -> None:
    """Let the disk seem full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


def test_a_disk_that_fills_up_leaves_the_old_results(here: Path) -> None:
    assert done(TABLES).returncode == 0
    before = contents(here)
    surroundings = {**environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    found = done((*TABLES, "--seed", "1", "--force"), env=surroundings, preexec_fn=small_files)
    assert found.returncode == 4
    assert "Traceback" not in found.stderr
    assert "file too large" in found.stderr
    assert contents(here) == before


def test_the_answer_is_printed_before_files_are_written(here: Path) -> None:
    surroundings = {**environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    tables = ("-q", "-n", "1024", "--out", "out", "--pictures", "none")
    for line in (
        ("run", "s.yaml", *tables),
        ("run", "s.yaml", "-q", "-n", "1024", "--save-draws", "draws.csv"),
        ("compare", "s.yaml", "s.yaml", *tables),
        ("sweep", "s.yaml", "--set", "force.size=9000,12000", *tables),
        ("sensitivity", "s.yaml", "-q", "-n", "1024", "--out", "out"),
    ):
        found = done(line, env=surroundings, preexec_fn=small_files)
        assert found.returncode == 4, line
        assert found.stdout.strip(), line
        assert "file too large" in found.stderr, line
        assert not [path for path in here.rglob("*") if path.suffix in (".json", ".csv", ".tmp")]


def test_a_window_system_that_does_not_exist(here: Path) -> None:
    found = done(TABLES, env={**environment(), "MPLBACKEND": "nonsense"})
    assert (found.returncode, found.stderr) == (0, "")
    assert (here / "out" / "histogram.svg").is_file()


@pytest.mark.parametrize("size", ["12000", "{distribution: uniform, low: 12000, high: 12001}"])
@pytest.mark.usefixtures("undrawn_pages")
def test_one_date_has_no_histogram(size: str, here: Path) -> None:
    losses = "losses: {count: 3800, start: 2024-12-06, as_of: 2025-01-16}"
    (here / "one.yaml").write_text(f"title: T\nforce: {{size: {size}}}\n{losses}\n", "utf-8")
    line = ("run", "one.yaml", "-n", "1024", "--out", "one")
    said = "no histogram: every simulation gives 14 April 2025"
    found = call(*line)
    assert f"{said}; the strength by date is drawn instead" in found.stderr
    assert "Simulations per day" not in found.stdout
    assert "at the end of each date" not in found.stdout
    assert not [*(here / "one").glob("histogram.[pst]*")]
    assert (here / "one" / "strength.png").is_file()
    assert "at the end of each date" in (here / "one" / "index.html").read_text("utf-8")
    found = call(*line, "--pictures", "none", "--force")
    assert not [*(here / "one").glob("strength*")]
    assert "no histogram" not in found.stderr
    found = call(*line, "--strength", "--force")
    assert found.stderr.rstrip().endswith(said)
    assert (here / "one" / "strength.png").is_file()
    assert "no histogram" not in call(*line, "-q", "--force").stderr


@pytest.mark.parametrize(("high", "share"), [(12052, 95), (12070, None)])
@pytest.mark.usefixtures("undrawn_pages")
def test_a_day_of_nine_in_ten_is_no_histogram(high: int, share: int | None, here: Path) -> None:
    """From 12,048.8 on, 89 days of 3,800 / 41, it is the day after: 5 % of 62, 26 % of 80."""
    size = f"{{distribution: uniform, low: 11990, high: {high}}}"
    losses = "losses: {count: 3800, start: 2024-12-06, as_of: 2025-01-16}"
    (here / "most.yaml").write_text(f"title: T\nforce: {{size: {size}}}\n{losses}\n", "utf-8")
    found = call("run", "most.yaml", "-n", "4096", "--out", "most")
    said = f"no histogram: {share} % of simulations give 14 April 2025; the strength by date is"
    assert (said in found.stderr) == (share is not None)
    assert "Simulations per day" in found.stdout
    assert (here / "most" / "histogram.png").is_file() == (share is None)
    assert (here / "most" / "strength.png").is_file() == (share is not None)
