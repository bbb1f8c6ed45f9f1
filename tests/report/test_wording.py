import datetime as dt
import unicodedata

import pytest

from simulate.analysis.summary import tails
from simulate.analysis.values import Instant
from simulate.report.text import wording
from simulate.report.text.wrapping import cells, shorten, wrap
from tests.report.factory import HOSTILE_TITLES

HORIZON = dt.date(2031, 1, 1)


@pytest.mark.parametrize(
    ("probability", "error", "shown"),
    [
        (0.0, 0.001, "0 %"),
        (1.0, 0.001, "100 %"),
        (1e-9, None, "under 1 %"),
        (1e-9, 1e-9, "under 0.1 %"),
        (1 - 1e-9, None, "over 99 %"),
        (1 - 1e-9, 1e-9, "over 99.9 %"),
        (0.7426, None, "74 %"),
        (0.7426, 0.002, "74.3 %"),
        (0.7426, 0.0099, "74.3 %"),
        (0.7426, 0.01, "74 %"),
        (0.7426, 0.0004, "74.3 %"),
        (0.995, None, "over 99 %"),
        (0.994, None, "99 %"),
    ],
)
def test_a_percentage_is_no_finer_than_its_error_and_never_a_false_certainty(
    probability: float, error: float | None, shown: str
) -> None:
    assert wording.percent(probability, error) == shown


def test_percentages_in_tables_are_short() -> None:
    assert wording.percent_cell(0.001) == "<1 %"
    assert wording.percent_cell(0.9999, 1e-5) == ">99.9 %"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.3, "30 %"), (0.07, "7 %"), (1 / 3, "33.33333333 %"), (0.333, "33.3 %")]
)
def test_a_share_is_exact(value: float, shown: str) -> None:
    assert wording.share(value) == shown


@pytest.mark.parametrize(
    ("level", "label", "rank"),
    [
        (0.05, "P5", "5th"),
        (0.01, "P1", "1st"),
        (0.02, "P2", "2nd"),
        (0.03, "P3", "3rd"),
        (0.11, "P11", "11th"),
        (0.12, "P12", "12th"),
        (0.13, "P13", "13th"),
        (0.21, "P21", "21st"),
        (0.975, "P97.5", "97.5th"),
        (0.5, "median", "50th"),
    ],
)
def test_levels_have_a_label_and_a_rank(level: float, label: str, rank: str) -> None:
    assert wording.level_label(level) == label
    assert wording.ordinal(level) == rank


def test_tail_levels_are_free_of_rounding_noise() -> None:
    assert tails(0.9) == (0.05, 0.95)
    assert tails(0.95) == (0.025, 0.975)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (0.0, "0"),
        (0.01, "0.1"),
        (0.2, "0.2"),
        (0.21, "0.3"),
        (0.1 + 0.2, "0.3"),
        (12.01, "13"),
        (1234.0, "1,234"),
    ],
)
def test_an_error_is_rounded_up(error: float, shown: str) -> None:
    assert wording.error_days(error) == shown


def test_dates_are_english_and_name_the_year_once() -> None:
    low, high, later = dt.date(2025, 2, 27), dt.date(2025, 5, 21), dt.date(2026, 1, 2)
    assert wording.prose_pair(low, high, "to") == "27 February to 21 May 2025"
    assert wording.prose_pair(low, later, "and") == "27 February 2025 and 2 January 2026"
    assert wording.short_date(high) == "21 May 2025"


@pytest.mark.parametrize(
    ("at", "prose", "cell"),
    [
        (Instant(10.0, dt.date(2025, 4, 14), 0.5), "14 April 2025", "2025-04-14"),
        (Instant(10.0, dt.date(2025, 4, 14), 0.51), "about 14 April 2025", "~2025-04-14"),
        (Instant(10.0, dt.date(2025, 4, 14), None), "about 14 April 2025", "~2025-04-14"),
        (
            Instant(None, None, None, "beyond_horizon"),
            "not by 1 January 2031",
            "not by 2031-01-01",
        ),
        (Instant(None, None, None, "too_few_draws"), "too few draws", "too few draws"),
    ],
)
def test_a_moment_says_how_far_it_can_be_trusted(at: Instant, prose: str, cell: str) -> None:
    assert wording.instant_prose(at, HORIZON) == prose
    assert wording.instant_cell(at, HORIZON) == cell


@pytest.mark.parametrize("name", HOSTILE_TITLES)
def test_inert_text_has_one_line_and_no_control(name: str) -> None:
    text = wording.inert(HOSTILE_TITLES[name])
    assert text == " ".join(text.split())
    for character in text:
        assert unicodedata.category(character) not in {"Cc", "Cs", "Cf", "Zl", "Zp"}
    assert wording.inert(text) == text


def test_inert_removes_whole_escape_sequences_and_keeps_letters() -> None:
    assert wording.inert(HOSTILE_TITLES["escape"]) == "red plain"
    assert wording.inert("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\") == "link"
    assert wording.inert("a\x1bPq#0\x1b\\b\x1b(0c\x1b") == "abc"
    assert wording.inert("\ud800a\ufffe\ufeff\u00ad\x00\x7f") == "a"
    assert wording.inert(HOSTILE_TITLES["chinese"]) == HOSTILE_TITLES["chinese"]
    assert wording.inert(HOSTILE_TITLES["arabic"]) == HOSTILE_TITLES["arabic"]
    assert wording.inert("می\u200cخواهم 🧑\u200d🚀") == "می\u200cخواهم 🧑\u200d🚀"


def test_right_to_left_text_is_fenced_off() -> None:
    assert wording.embedded("abc") == "abc"
    arabic = HOSTILE_TITLES["arabic"]
    assert wording.embedded(arabic) == f"\u200e{arabic}\u200e"


@pytest.mark.parametrize("width", [2, 3, 7, 20, 80])
@pytest.mark.parametrize("name", HOSTILE_TITLES)
def test_wrapped_lines_fit_and_lose_nothing(name: str, width: int) -> None:
    text = wording.inert(HOSTILE_TITLES[name])
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_number_stays_with_its_percent_sign() -> None:
    assert wrap("in 31.9 % of draws (± 0.3)", 10) == ["in 31.9 %", "of draws", "(± 0.3)"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("lost around 7 March 2025", 13, ["lost around", "7 March 2025"]),
        ("from 6 December to 4 January", 17, ["from 6 December", "to 4 January"]),
        ("in early May 2025", 14, ["in", "early May 2025"]),
        ("the 780 to 820 tanks", 13, ["the", "780 to 820", "tanks"]),
        ("at 1.2 to 3 million", 18, ["at", "1.2 to 3 million"]),
        ("since 27 September 2025", 16, ["since 27", "September 2025"]),  # no room for all of it
        ("on 7 Marches and 2,000", 11, ["on 7", "Marches and", "2,000"]),
    ],
)
def test_a_date_or_a_range_stays_on_one_line(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_wrapping_cuts_with_an_ellipsis() -> None:
    assert wrap("one two three four five", 9, lines=2) == ["one two", "three…"]
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("俄罗斯远征军", 5) == "俄罗…"
    assert shorten("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, "half"),
        (0.3333, "a third"),
        (0.333, "a third"),
        (0.33, "33 %"),
        (2 / 3, "two thirds"),
        (0.25, "a quarter"),
        (0.3, "30 %"),
    ],
)
def test_simple_shares_are_words_in_a_sentence(share: float, words: str) -> None:
    assert wording.part(share) == words


def test_days_of_one_month_are_whole() -> None:
    low, high = dt.date(2025, 4, 2), dt.date(2025, 4, 29)
    assert wording.between_dates(low, high) == "between 2 and 29 April 2025"
    assert (
        wording.between_dates(low, dt.date(2025, 5, 3)) == "between early April and early May 2025"
    )
