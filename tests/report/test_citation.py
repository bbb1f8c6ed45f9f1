import datetime as dt
from collections.abc import Callable

import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.inputs import input_summaries
from simulate.analysis.summary import Outcome, Summary, Unreached
from simulate.analysis.values import Instant, Interval
from simulate.report.text.citation import Style, cited, note, sentence
from simulate.report.text.headline import headline
from simulate.report.text.phrases import event, main_outcome, share_of
from simulate.report.text.precision import settling_phrase
from simulate.report.text.rate import counted_phrase, rate_phrase
from simulate.report.text.variables import variables
from simulate.scenario.stocks import Amount
from tests.cases import scenario, uniform
from tests.report import factory

TITLE = "A contingent of 12,000, the published claim with its input uncertainty"
ASSUMED = f"under the assumptions of the scenario “{TITLE}”."


def with_interval(low: Instant, high: Instant, **changes: object) -> Summary:
    base = factory.flagship(2048)
    outcome = replace(
        base.outcomes[-1],
        intervals=(Interval("equal-tailed", 0.9, low, high),),
        median=low,
        **changes,  # fields of Outcome
    )
    return replace(base, outcomes=(outcome,))


def on(year: int, month: int, day: int, error: float | None = 0.1) -> Instant:
    return Instant(1.0, dt.date(year, month, day), error)


def test_the_number_comes_first_and_the_assumptions_are_named() -> None:
    summary = with_interval(on(2025, 2, 27), on(2025, 5, 21))
    assert sentence(summary) == (
        "The whole force (100 %) would be lost between 27 February and 21 May 2025 "
        "(90 % simulation interval, 5th to 95th percentile; median 27 February 2025), " + ASSUMED
    )
    assert headline(summary) == (
        "Whole force (100 %) lost: 27 February to 21 May 2025, median 27 February 2025 "
        "(90 % simulation interval)"
    )


def test_each_unsettled_date_is_hedged() -> None:
    text = sentence(with_interval(on(2025, 2, 27), on(2025, 5, 21, None)))
    assert "between 27 February and about 21 May 2025" in text


def test_thresholds_and_scenarios_have_their_own_words() -> None:
    words = {"threshold": 0.3, "whole": "stock", "gone": "used up"}
    summary = with_interval(on(2025, 2, 27), on(2025, 5, 21), **words)
    assert sentence(summary).startswith("30 % of the stock would be used up between")
    assert sentence(factory.flagship(2048), factory.flagship(2048).outcomes[0]).startswith(
        "30 % of the force would be lost between"
    )


def test_never_is_given_with_its_causes() -> None:
    text = sentence(factory.with_never())
    assert "in 68.2 % of simulations and not by then in 31.8 % (withdrawal 30.0 %, later " in text
    assert "to “not by 1 January 2026”, with the median at 18 June 2025" in text
    assert "; not by 1 January 2030 in 3.0 % of simulations" in sentence(factory.five_years())


def test_few_or_no_draws_depleted() -> None:
    assert "both ends of the 90 % simulation interval (5th to 95th percentile) are" in sentence(
        factory.few_depleted()
    )
    text = sentence(factory.all_never())
    assert text.startswith(
        "The whole force (100 %) would not be lost by 1 January 2026 in any of 4,096 simulations"
    )


def test_all_on_one_day() -> None:
    assert "would be lost on 14 April 2025 (90 %" in sentence(factory.one_day())


def test_already_passed() -> None:
    text = sentence(factory.already_passed())
    assert (
        "; in 99 % of simulations this point had already passed when the losses were counted"
        in text
    )


def test_too_few_draws_for_the_interval_or_for_anything() -> None:
    summary = factory.eight_draws()
    assert "(median of 8 draws); no 90 % simulation interval can be given" in sentence(summary)
    no_date = Instant(None, None, None, "too_few_draws")
    bare = replace(main_outcome(summary), median=no_date, quantiles=(), intervals=())
    one = replace(summary, run=replace(summary.run, draws=1), outcomes=(bare,))
    assert sentence(one).startswith(
        "The date on which the whole force (100 %) would be lost is not known: "
        "no 90 % simulation interval can be given from 1 draw, under"
    )
    assert "not known, 1 draw, too few for a 90 %" in headline(one)


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_forbidden_words_and_loose_ends(make: Callable[..., Summary]) -> None:
    summary = make()
    for text in (sentence(summary), headline(summary), note(summary)):
        lowered = text.lower()
        assert "confidence" not in lowered
        assert "certain " not in lowered
        for sign in ("None", "nan", "inf ", "  ", "()", ";;", " ,", "{", "\n"):
            assert sign not in text


def test_the_note_names_what_is_needed_to_repeat_the_run() -> None:
    text = note(factory.flagship())
    for part in (
        "90 % simulation interval, equal-tailed (5th to 95th percentile)",
        "131,072 draws",
        "seed 0",
        "method lattice (8 replicates)",
        "simulate 1.0.0",
        "stream-1",
        "digest 0123456789ab.",
        "at most 0.5 days",
        TITLE,
    ):
        assert part in text
    assert "0123456789abc" not in text


def test_the_main_outcome_is_the_largest_threshold_whatever_the_order() -> None:
    summary = factory.flagship(2048)
    turned = replace(summary, outcomes=tuple(reversed(summary.outcomes)))
    assert main_outcome(turned).threshold == 1.0


def test_the_loss_rate_in_one_line() -> None:
    assert rate_phrase(factory.flagship(2048)) == (
        "median 92.0, P5 76.8 to P95 110.2, mean 92.6 soldiers a day"
    )


def test_draws_needed_grow_with_the_square_of_the_error() -> None:
    summary = factory.eight_draws()

    def words(at: Instant) -> str:
        return settling_phrase(summary, [Unreached(1.0, 0.5, at)])

    assert words(on(2025, 1, 1, 0.5)) == ""
    assert "about 32 draws (-n 32) would settle it" in words(on(2025, 1, 1, 1.0))
    assert "about 3,200 draws (-n 3200) would settle it" in words(on(2025, 1, 1, 10.0))
    assert "no upper end" in words(on(2025, 1, 1, None))
    # 8 (10,000 / 0.5)^2 draws are beyond the limit of one run.
    assert "no run of up to 134,217,728 draws would settle it" in words(on(2025, 1, 1, 1e4))
    assert words(Instant(None, None, None, "beyond_horizon")) == ""


def test_outcomes_of_other_thresholds_can_be_quoted() -> None:
    summary = factory.flagship(2048)
    chosen: Outcome = summary.outcomes[1]
    assert sentence(summary, chosen).startswith("Half of the force")


@pytest.mark.parametrize(
    ("threshold", "event_words", "about", "key"),
    [
        (Amount(1.5, "left"), ("the force", "down to 1.5 units"), "down to 1.5 units", "left_1_5"),
        (Amount(12345, "lost"), ("12,345 units", "lost"), "12,345 units lost", "amount_12345"),
        (0.3, ("30 % of the force", "lost"), "30 % lost", "lost_30"),
    ],
)
def test_thresholds_in_units(
    threshold: float, event_words: tuple[str, str], about: str, key: str
) -> None:
    summary = factory.flagship(2048)
    outcome = replace(summary.outcomes[0], threshold=threshold)
    assert (event(outcome), share_of(outcome)) == (event_words, about)
    named = variables(cited(replace(summary, outcomes=(outcome,)), Style()))
    assert key in named


def test_only_a_chosen_way_of_counting_is_named() -> None:
    by_default, chosen = (
        simulate.run(scenario(**more), draws=1024)
        for more in ({"force": {"as_of": "2025-01-16"}}, {"counting": "strength"})
    )
    assert event(by_default.outcome()) == ("the whole force (100 %)", "lost")
    assert event(chosen.outcome()) == ("the whole force (100 %)", "lost (by strength present)")


def test_the_days_counted() -> None:
    """From 6 December up to 16 January: 25 days of December, 15 of January and the first day."""
    words = [
        counted_phrase(input_summaries(of))
        for of in (
            scenario(),
            scenario(as_of=uniform("2025-01-11", "2025-01-21")),
            scenario(start="2025-01-15"),
        )
    ]
    period = "counted, from losses.start up to but excluding losses.as_of"
    assert words == [f"{days} {period}" for days in ("41 days", "about 41 days", "1 day")]
    claims = simulate.load("configs/kursk-claims.yaml").scenario
    assert counted_phrase(input_summaries(claims)).startswith("about ")
