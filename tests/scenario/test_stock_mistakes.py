"""Mistakes in scenarios of stocks and flows: each is refused, or doubted, with a way out."""

from __future__ import annotations

import pytest

from simulate.scenario.loader import load_text
from simulate.scenario.model import Scenario
from simulate.scenario.warnings import possible_warnings, scenario_warnings
from tests.scenario.mistakes import message, refused

HEAD = "title: T\nunit: tanks\n"
STOCK = "force: {size: 3000, as_of: 2026-01-22}\n"
AS_MUCH = "inflow: [{amount: 200, per: month}]\n"
RATE = "losses: {rate: 200, per: month}\n"
COUNTED = "losses: {count: 400, start: 2025-12-01, as_of: 2026-01-22}\n"
COUNTS = "force: {counts: [{size: 22500, date: 2023-10-07}, {size: 10500, date: 2024-06-06}]}\n"
FAR = "can be more than 36,525 days after the earliest possible date"
UNUSABLE = ", and what is below it cannot be used; give more, or cut the floor off with max:"
TREND_FROM = "the trend runs from"
TREND_TO = "to rate.trend_until; give a later date, or leave the trend out"


def floor(low: str, more: str = "") -> str:
    return f"{HEAD}force: {{size: 3000, as_of: 2026-01-22, floor: {low}}}\n{RATE}{more}"


def uniform(low: float, high: float) -> str:
    return f"{{distribution: uniform, low: {low:g}, high: {high:g}}}"


REFUSED = {
    "a rate that may be net": (
        f"{HEAD}{STOCK}{RATE.replace('}', ', net: maybe}')}",
        '4:38: losses.net must be true or false (found the text "maybe")',
    ),
    "a count that is net": (
        f"{HEAD}{STOCK}{COUNTED.replace('}', ', net: true}')}",
        "4:65: losses.net needs losses.rate",
        "leave it out; a count is of all that was lost",
    ),
    "an inflow beside a net rate": (
        f"{HEAD}{STOCK}{RATE.replace('}', ', net: true}')}{AS_MUCH}",
        "5:9: inflow is already subtracted from a net rate",
        "leave inflow out, or losses.net if the rate is all that is lost",
    ),
    "a stock long after the count": (
        f"{HEAD}force: {{size: 3000, as_of: 9890-01-01}}\n{COUNTED}",
        f"3:28: force.as_of {FAR}, 2025-12-01",
        "name dates up to 2125-12-02",
    ),
    "a spread beyond measure": (
        f"{HEAD}{STOCK}{RATE}rate: {{reference: {{sd: 9.9e99}}}}\n",
        "5:24: rate.reference.sd must be between 0 and 10 (found 9.9e+99)",
        "",
    ),
    "a floor above what can be used": (
        f"{HEAD}{STOCK.replace('}', ', usable: 0.2, floor: 600}')}{RATE}",
        "3:60: force.floor is not below the usable part of force.size in any simulation",
        "the floor is what remains unusable of force.size",
    ),
    "nothing left at the second count": (
        f"{HEAD}{COUNTS.replace('10500', '0')}",
        "3:58: force.counts[1].size must be above 0 in every simulation",
        "",
    ),
    "a trend beyond all measure": (
        f"{HEAD}{STOCK}{RATE}rate: {{trend_per_week: 1e99}}\n",
        "5:24: rate.trend_per_week must be between -1e+06 and 1e+06 (found 1e+99)",
        "",
    ),
    "left below the floor": (
        floor("600", "thresholds: [{left: 300}, 1.0]\n"),
        "5:13: 300 left is below force.floor in every simulation",
        "what lies below the floor cannot be used; give at least the floor",
    ),
    "a trend that ends before the stock": (
        f"{HEAD}{STOCK}{RATE}rate: {{trend_per_month: -0.02, trend_until: 2025-06-01}}\n",
        "5:45: rate.trend_until is not after force.as_of in any simulation",
        f"{TREND_FROM} force.as_of {TREND_TO}",
    ),
    "a trend that ends on the day of the count": (
        f"{HEAD}{STOCK}{COUNTED}rate: {{trend_per_month: -0.02, trend_until: 2026-01-22}}\n",
        "5:45: rate.trend_until is not after losses.as_of in any simulation",
        f"{TREND_FROM} losses.as_of {TREND_TO}",
    ),
    "a year as a published date": (
        f"{HEAD}{STOCK}{RATE}published: [{{label: A, date: 2027}}]\n",
        "5:30: published[0] has a period as date (found 2027)",
        "write from: 2027-01-01 and to: 2027-12-31 in place of date",
    ),
    "a season as the first day": (
        f"{HEAD}{STOCK}{RATE}published: [{{label: A, from: spring 2027, to: 2027-06-30}}]\n",
        '5:30: published[0] has a period as from (found the text "spring 2027")',
        "write 2027-03-01",
    ),
    "a year as the last day": (
        f"{HEAD}{STOCK}{RATE}published: [{{label: A, from: 2027-01-01, to: 2027}}]\n",
        "5:46: published[0] has a period as to (found 2027)",
        "write 2027-12-31",
    ),
    "per alone": (
        f"{HEAD}{STOCK}losses: {{per: month}}\n",
        "4:15: losses has per but no rate",
        "give rate, as in rate: 92 and per: day, or leave per out",
    ),
    "eleven months": (
        f"{HEAD}{STOCK}{RATE}rate: {{by_month: [{', '.join('1' * 11)}]}}\n",
        "5:18: rate.by_month needs twelve factors, January first (found 11)",
    ),
    "thirteen months": (
        f"{HEAD}{STOCK}{RATE}rate: {{by_month: [{', '.join('1' * 13)}]}}\n",
        "5:18: rate.by_month needs twelve factors, January first (found 13)",
    ),
    "three counts": (
        HEAD + COUNTS.replace("counts: [", "counts: [{size: 9e4, date: 2023-01-01}, "),
        "3:17: force.counts needs two counts (found 3)",
        "give the last two, the earlier first",
    ),
    "more than all usable": (
        f"{HEAD}{STOCK.replace('}', ', usable: 1.2}')}{RATE}",
        "3:48: force.usable must be between 0 and 1 (found 1.2)",
        "a share is 1 at most; 90 % is 0.9",
    ),
    "a share left": (
        f'{HEAD}{STOCK}{RATE}thresholds: [{{left: "10 %"}}]\n',
        '5:21: thresholds[0] must be a number (found the text "10 %")',
        "write 0.9 without left: a threshold is the share lost",
    ),
    "a share lost": (
        f'{HEAD}{STOCK}{RATE}thresholds: [{{lost: "30%"}}]\n',
        '5:21: thresholds[0] must be a number (found the text "30%")',
        "write 0.3 without lost: a threshold is the share lost",
    ),
    "days of supply from no date": (
        f"{HEAD}force: {{lasts: 11}}\n",
        "3:16: force needs as_of beside lasts",
        "give as_of, the date on which the stock was enough for so many days",
    ),
    "a number that is cut short": (
        HEAD + COUNTS.replace("22500", "20-25,000"),
        "3:31: unknown key force.counts[0].000",
        "a comma separates entries; write numbers without it",
    ),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_mistakes_are_refused_with_their_place(row: tuple[str, ...]) -> None:
    refused(*row)


NEARLY = {
    "left at the floor": floor("600", "thresholds: [{left: 600}]\n"),
    "a trend that can end before": f"{HEAD}{STOCK}{RATE}rate: {{trend_per_month: -0.02, "
    "trend_until: {distribution: uniform, low: 2026-01-01, high: 2026-02-01}}\n",
    "a trend that ends after the count": f"{HEAD}{STOCK}{COUNTED}"
    "rate: {trend_per_month: -0.02, trend_until: 2026-01-23}\n",
    "an inflow 24 standard deviations above 0": f"{HEAD}{STOCK}{RATE}"
    "inflow: [{amount: {distribution: normal, mean: 120, sd: 5}, per: month}]\n",
    "a count far above 0": HEAD
    + COUNTS.replace("22500", "{distribution: normal, mean: 22500, sd: 900}"),
}


@pytest.mark.parametrize("text", NEARLY.values(), ids=NEARLY)
def test_what_only_just_holds_is_accepted(text: str) -> None:
    load_text(text)


def test_a_law_that_reaches_below_zero_in_some_draw_is_refused() -> None:
    """8.2 standard deviations are within reach of a draw, 8.3 are not."""
    text = f"{HEAD}{STOCK}{RATE}inflow: [{{amount: {{distribution: normal, mean: {{}}, sd: 10}}, "
    text += "per: month}]\n"
    load_text(text.replace("{}", "83"))
    assert "inflow[0].amount must be at least 0 in every simulation" in message(
        text.replace("{}", "81")
    )


DOUBTED = {
    "a rate that begins after the stock was counted": (
        f"{HEAD}{STOCK}{RATE.replace('}', ', start: 2026-01-23}')}",
        (
            "nothing is lost between force.as_of and losses.start, from which the rate holds; "
            "leave losses.start out if it holds from force.as_of on"
        ),
    ),
    "a rate that mostly begins after the stock was counted": (
        (
            f"{HEAD}{STOCK}losses: {{rate: 200, per: month, start: "
            "{distribution: uniform, low: 2026-01-10, high: 2026-02-05}}\n"
        ),
        (
            "nothing is lost between force.as_of and losses.start, from which the rate holds; "
            "leave losses.start out if it holds from force.as_of on"
        ),
    ),
    "a floor that can be above what can be used": (
        f"{HEAD}{STOCK.replace('}', f', usable: {uniform(0.1, 0.3)}, floor: 600}}')}{RATE}",
        (
            "force.floor can be above the usable part of force.size; in such simulations all is "
            "already gone"
        ),
    ),
    "a rate that vanishes, from the date of the stock": (
        f"{HEAD}{STOCK}{RATE}rate: {{multiplier: 0}}\n",
        "rate.multiplier is 0 in every simulation: nothing is lost after force.as_of",
    ),
    "left in reach of the floor": (
        floor(uniform(2000, 4000), "thresholds: [{left: 3000}]\n").replace(
            "size: 3000", "size: 9000"
        ),
        f"force.floor can be above 3,000{UNUSABLE} 3000",
    ),
    "lost above the stock": (
        f"{HEAD}{STOCK}{RATE}thresholds: [{{lost: 5000}}]\n",
        "5,000 lost is above force.size in every simulation, and nothing comes in",
    ),
    "spent above the fund": (
        f"{HEAD}wording: fund\n{STOCK}{RATE}thresholds: [{{lost: 5000}}]\n",
        "5,000 spent is above force.size in every simulation, and nothing comes in",
    ),
    "lost above the stock in some draws": (
        f"{HEAD}{STOCK.replace('3000', uniform(4000, 6000))}{RATE}thresholds: [{{lost: 5000}}]\n",
        "force.size can be below 5,000; in such simulations so much is never lost",
    ),
    "days of supply that come in": (
        f"{HEAD}force: {{lasts: 11, as_of: 2026-01-22}}\ninflow: [{{amount: 15, per: month}}]\n",
        (
            "inflow is read in days of supply, as force.lasts is; to give units instead, state the "
            "stock with force.size and as_of, and losses.rate"
        ),
    ),
    "days of supply that arrive and leave": (
        (
            f"{HEAD}force: {{lasts: 11, as_of: 2026-01-22}}\n"
            "reinforcements: {date: 2026-01-29, size: 3}\noutflows: {date: 2026-01-30, size: 2}\n"
        ),
        (
            "reinforcements and outflows are read in days of supply, as force.lasts is; to give "
            "units instead, state the stock with force.size and as_of, and losses.rate"
        ),
    ),
    "as much comes in": (
        f"{HEAD}{STOCK}{RATE}inflow: [{{amount: 200, per: month}}]\n",
        "at least as much comes in as is lost: the strength does not shrink",
    ),
    "as much income": (
        f"{HEAD}wording: fund\n{STOCK}{RATE}inflow: [{{amount: 2400, per: year}}]\n",
        "at least as much comes in as is spent: the balance does not shrink",
    ),
    "as much comes in as is sunk": (
        f"{HEAD}wording: {{preset: stock, lost: sunk}}\n{STOCK}{RATE}{AS_MUCH}",
        "at least as much comes in as is sunk: the stock does not shrink",
    ),
    "as much can come in": (
        f"{HEAD}{STOCK}{RATE}inflow: [{{amount: {uniform(150, 250)}, per: month}}]\n",
        "at least as much can come in as is lost; such simulations are never depleted",
    ),
}


@pytest.mark.parametrize("row", DOUBTED.values(), ids=DOUBTED)
def test_what_is_doubtful(row: tuple[str, str]) -> None:
    text, said = row
    assert possible_warnings(load_text(text).scenario) == (said,)


@pytest.mark.parametrize(
    "more",
    [
        "inflow: [{amount: 199, per: month}]",
        "inflow: [{amount: 300, per: month, until: 2026-06-01}]",
        "inflow: [{amount: 300, per: month}]\noutflows: [{date: 2027-01-01, size: 2000}]",
        "inflow: [{amount: 300, per: month}]\nrate: {trend_per_year: 0.5}",
        "reinforcements: [{date: 2027-01-01, size: 3000}]\nthresholds: [{lost: 5000}]",
        "thresholds: [{lost: 3000}]",
    ],
)
def test_what_is_not_doubtful(more: str) -> None:
    assert scenario_warnings(load_text(f"{HEAD}{STOCK}{RATE}{more}\n").scenario) == ()


def test_losses_left_out_beside_two_counts_are_none_among_all_values() -> None:
    made = load_text(f"{HEAD}{COUNTS}").scenario
    assert Scenario.model_validate(made.model_dump()) == made
