"""The claims, what each source decides, and results side by side, in words and files."""

from __future__ import annotations

import csv
import io
import json

import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.summary import Summary
from simulate.report.data.json_document import document, dumps
from simulate.report.data.run_files import FILE_NAMES, run_files
from simulate.report.pages.claims import side_by_side
from simulate.report.render.terminal import render
from simulate.report.text import phrases, wording
from simulate.report.text.news import news_sentence
from simulate.report.text.wording import shift_words
from simulate.report.text.wrapping import cells
from tests.report import factory, pooled
from tests.texts import run_text


def section(text: str, heading: str) -> str:
    """The lines from a heading to the next empty one."""
    return text[text.index(f"\n{heading}") + 1 :].partition("\n\n")[0]


def side_by_side_text(summaries: list[Summary], width: int = 80) -> str:
    return render(side_by_side(list(enumerate(summaries, start=2)), "Two claims"), width)


def test_what_the_claims_say() -> None:
    text = " ".join(section(run_text(factory.with_claims(), 100, verbose=True), "Claims").split())
    for part in (
        "1 Joint Chiefs of Staff",
        "2,700 to 3,300 2025-01-06 to 74.4 to 110.0 32 % 33 %",
        "(“about”) 2025-01-12",
        "2 more than 1,000 2025-01-06 74.4 to 110.0 32 % 33 %",
        "(killed)",
        "1,000 2025-01-06 none 33 %",
        "4 The White House 1,000 2025-01-06 74.4 to 110.0 >99 % flow",
        "A flow counts the losses of a given period; it is compared, not pooled.",
    ):
        assert part in text


def test_draws_without_a_rate_leave_the_lower_end_open() -> None:
    whole = factory.with_claims()
    assert whole.pooled is not None
    first = whole.pooled.claims[0]
    some = replace(first, rates=first.rates[1:])
    claims = replace(whole, pooled=replace(whole.pooled, claims=(some, *whole.pooled.claims[1:])))
    text = " ".join(section(run_text(claims, 100, verbose=True), "Claims").split())
    assert "2025-01-06 to up to 110" in text
    assert "88.2" not in text


def test_a_single_claim_needs_no_table() -> None:
    whole = factory.with_claims()
    assert whole.pooled is not None
    one = replace(whole, pooled=replace(whole.pooled, claims=whole.pooled.claims[:1], left_out=()))
    assert "\nClaims\n" not in run_text(one, 80, verbose=True)
    assert "\nClaims\n" in run_text(whole, 80, verbose=True)
    assert "\nClaims\n" not in run_text(whole, 80)


def test_how_dates_move_without_a_source() -> None:
    heading = "Days by which dates move without a source, 100 % lost"
    rows = section(run_text(factory.with_claims(), 100, verbose=True), heading).splitlines()
    table = [" ".join(row.split()) for row in rows[1:]]
    assert table[0] == "without P5 median P95"
    # Dates at hand, lost to the horizon, come from it, beyond it all along, and too few draws.
    assert table[1].endswith("+31.3 ± 0.1 not by 2025-05-31")
    assert table[2].endswith("2026-01-01 (was not by)")
    assert table[3] == "2 not by, too few draws -1,234 ± open"
    assert table[4] == "as before"
    assert table[5] == "4 A third 0.0 ± 0 +31 ± 13 -31.3 ± 0.3"
    assert table[6].startswith("+ later, - earlier")


@pytest.mark.parametrize(
    ("days", "error", "words"),
    [
        (3.21, 0.31, "+3.2 ± 0.4"),
        (-3.26, 0.0, "-3.3 ± 0"),
        (0.04, 0.01, "0.0 ± 0.1"),
        (-0.04, 0.01, "0.0 ± 0.1"),
        (12.5, 11.2, "+12 ± 12"),
        (-1234.5, None, "-1,234 ± open"),
        (-0.4, 30.0, "0 ± 30"),
    ],
)
def test_a_shift_in_words(days: float, error: float | None, words: str) -> None:
    assert shift_words(days, error) == words


def test_results_side_by_side() -> None:
    summaries = [factory.with_claims(), replace(factory.flagship(4096), pooled=pooled.ledger(""))]
    text = side_by_side_text(summaries)
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert rows[0] == "Two claims"
    assert "Date by which the whole force (100 %) is lost, by each claim alone" in text
    assert "claim median P5 P95 by 2026-01-01" in rows
    assert any(row.startswith("2 Joint Chiefs of Staff") for row in rows)
    assert "2025-06-18 ~2025-02-11 not by 68.2 %" in " ".join(rows)
    assert any(row.startswith("3 ") and row.endswith("100 %") for row in rows)
    flat = " ".join(rows)
    assert "Flow, compared and not pooled: The White House, 1,000 in 7 days" in flat
    assert "Simulations with a lower loss rate: >99 % by claim 2, >99 % by claim 3." in flat
    assert flat.count("losses are above the force in 0.1 % of simulations") == 1


def test_each_claim_has_its_sentence_and_shares() -> None:
    loaded = simulate.load("configs/kursk-claims.yaml").asking(by=["2025-03-01"])
    results = simulate.run_each(loaded, draws=1024)
    numbered = [(n, one.summary) for n, one in zip(results.numbers, results, strict=True)]
    for some in (numbered[:2], numbered[:3]):
        text = render(side_by_side(some, "T"))
        flat = " ".join(text.split())
        for n, summary in some:
            assert f"{phrases.claim_words(n, summary)}: {news_sentence(summary)}" in flat
        if len(some) == 2:
            assert text.partition("\nFlow, ")[0].count("\n") <= 30  # a page of a terminal
        shares = flat.partition("Shares of simulations, 100 % lost ")[2]
        for n, summary in some:
            main = phrases.main_outcome(summary)
            (check,) = main.published
            (by,) = phrases.unpublished(main)
            for one in ((check.probability_by, check.mc_error), (by.probability, by.mc_error)):
                assert f"{wording.percent(*one)} (claim {n})" in shares
        assert shares.startswith("by 15 April 2025 (ISW: mid-April 2025): ")
    many = " ".join(render(side_by_side(numbered, "T")).split())
    assert many.startswith("T On what date")
    assert "Six claims, each with dates of its own; -v or `simulate cite` gives" in many
    assert "nine simulations in ten" not in many


def test_a_claim_without_a_date_has_its_sentence_and_its_share_of_a_period() -> None:
    found = {
        "title": "T",
        "force": {"size": 12_000},
        "horizon": "2025-06-01",
        "losses": {
            "start": "2024-12-06",
            "pooling": "each",
            "claims": [
                {"count": 30, "as_of": "2025-01-16"},
                {"count": 4000, "as_of": "2025-01-16", "source": "ISW"},
            ],
        },
        "published": [{"label": "NIS", "from": "2025-04-01", "to": "2025-04-30"}],
    }
    results = simulate.run_each(found, draws=1024)
    numbered = zip(results.numbers, (one.summary for one in results), strict=True)
    flat = " ".join(render(side_by_side(list(numbered), "T")).split())
    first, second = (news_sentence(one.summary) for one in results)
    assert " would not be lost by 1 June 2025" in first
    assert f"Claim 1: {first} Claim 2 (ISW): {second}" in flat
    shares = "0 % before, 0 % within, 100 % after or never (claim 1); 0 % before, 100 % within, "
    assert f"NIS (April 2025): {shares}0 % after or never (claim 2)" in flat
    assert flat.endswith("by the horizon, 2025-06-01 (claim 1)")


@pytest.mark.parametrize("width", [20, 40, 80, 100])
@pytest.mark.parametrize("name", factory.HOSTILE_TITLES)
def test_side_by_side_fits_and_is_inert(name: str, width: int) -> None:
    text = side_by_side_text([factory.hostile(factory.HOSTILE_TITLES[name])] * 2, width)
    assert max(cells(line) for line in text.splitlines()) <= width
    assert all(sign in {"\n", "\u200e"} or sign.isprintable() for sign in text)


def test_the_ledger_as_json() -> None:
    found = json.loads(dumps(document(factory.with_claims())))["ledger"]
    assert found["pooling"] == "linear"
    first, second, third, flow = found["claims"]
    assert (first["number"], first["qualifier"], first["counts"]) == (1, "about", "all")
    assert first["published"] == "2025-01-13"
    assert first["count"][0] == {"level": 0.05, "value": 2700.0}
    assert first["as_of"][2] == {"level": 0.95, "value": "2025-01-12"}
    assert (second["source"], second["share"]) == ("", 0.3333)
    assert (third["rate"], third["rate_level"]) == ([], None)
    assert (flow["days"], flow["weight"], flow["share"]) == (7.0, None, None)
    left = found["leave_one_out"][0]
    assert left["claims"] == [1, 3]
    shift, beyond = left["shifts"][:2]
    assert (shift["days"], shift["mc_error_days"]) == (31.3, 0.04)
    assert shift["before"]["date"] == "2025-04-30"
    assert beyond["without"]["beyond_horizon"] is True
    assert beyond["days"] is None
    assert "ledger" not in json.loads(dumps(document(factory.one_day())))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_the_files_of_a_ledger() -> None:
    contents = run_files(factory.with_claims(), {}, formats=())
    assert all(map(FILE_NAMES.fullmatch, contents))
    claims = rows(contents["claims.csv"])
    assert [row["claim"] for row in claims] == ["1", "2", "3", "4"]
    assert claims[0]["count_p5"] == "2700.0"
    assert claims[0]["as_of_p95"] == "2025-01-12"
    assert claims[1]["counts"] == "killed"
    assert claims[2]["rate_p50"] == ""
    assert (claims[3]["days"], claims[3]["share"]) == ("7.0", "")
    shifts = rows(contents["leave_one_out.csv"])
    assert len(shifts) == 9
    assert shifts[0]["claims"] == "1 3"
    assert shifts[0]["shift_days"] == "31.3"
    assert (shifts[1]["date_without"], shifts[1]["missing_without"]) == ("", "beyond_horizon")


def test_without_sources_to_leave_out_there_is_no_such_file() -> None:
    whole = factory.with_claims()
    assert whole.pooled is not None
    one = replace(whole, pooled=replace(whole.pooled, left_out=()))
    names = set(run_files(one, {}, formats=()))
    assert "claims.csv" in names
    assert "leave_one_out.csv" not in names
    assert "claims.csv" not in run_files(factory.one_day(), {}, formats=())


def test_sources_are_no_formulas() -> None:
    hostile = replace(factory.with_claims(), pooled=pooled.ledger("=1+1"))
    contents = run_files(hostile, {}, formats=())
    assert rows(contents["claims.csv"])[0]["source"] == "'=1+1"
    assert rows(contents["leave_one_out.csv"])[0]["without"] == "'=1+1"
