"""Words for probabilities: each scale's bounds, nested terms, and what the draws cannot decide."""

from __future__ import annotations

import pytest

from simulate.report.text.likelihood import SCALES, Scale, likelihood, scale_note

MANY = 131_072
ICD = [
    (0.01, 0.05, "almost no chance"),
    (0.05, 0.20, "very unlikely"),
    (0.20, 0.45, "unlikely"),
    (0.45, 0.55, "roughly even"),
    (0.55, 0.80, "likely"),
    (0.80, 0.95, "very likely"),
    (0.95, 0.99, "almost certain"),
]
# What is left of each nested term where a narrower one holds.
IPCC = [
    (0.0, 0.01, "exceptionally unlikely"),
    (0.01, 0.05, "extremely unlikely"),
    (0.05, 0.10, "very unlikely"),
    (0.10, 0.33, "unlikely"),
    (0.33, 0.66, "about as likely as not"),
    (0.66, 0.90, "likely"),
    (0.90, 0.95, "very likely"),
    (0.95, 0.99, "extremely likely"),
    (0.99, 1.0, "virtually certain"),
]


def word(probability: float, scale: Scale, error: float = 0.0) -> str:
    return likelihood(probability, error, MANY, scale).partition(" (")[0]


@pytest.mark.parametrize(("low", "high", "expected"), ICD)
def test_each_word_of_icd_203_holds_between_its_bounds(
    low: float, high: float, expected: str
) -> None:
    for probability in (low + 1e-9, (low + high) / 2, high - 1e-9):
        assert word(probability, "icd203") == expected


@pytest.mark.parametrize(("low", "high", "expected"), IPCC)
def test_the_most_specific_word_of_the_ipcc_holds(low: float, high: float, expected: str) -> None:
    for probability in (low + 1e-9, (low + high) / 2, high - 1e-9):
        assert word(probability, "ipcc") == expected


def test_the_word_comes_with_its_range_and_its_scale() -> None:
    assert likelihood(0.7, 0.001, MANY, "icd203") == "likely (55 to 80 %) on the ICD 203 scale"
    assert likelihood(0.7, 0.001, MANY, "ipcc") == "likely (66 to 100 %) on the IPCC scale"


@pytest.mark.parametrize("probability", [0.0, 0.005, 0.9901, 1.0])
def test_icd_203_has_no_words_below_1_and_above_99_percent(probability: float) -> None:
    assert likelihood(probability, 0.0, MANY, "icd203") == "beyond the words on the ICD 203 scale"


@pytest.mark.parametrize("bound", [0.05, 0.2, 0.45, 0.55, 0.8, 0.95])
def test_both_words_where_the_error_reaches_over_a_bound_or_on_it(bound: float) -> None:
    below, above = word(bound - 1e-6, "icd203"), word(bound + 1e-6, "icd203")
    for probability, error in ((bound, 0.0), (bound + 0.001, 0.002), (bound - 0.001, 0.002)):
        words = likelihood(probability, error, MANY, "icd203")
        assert words.startswith(f"{below} (")
        assert f") or {above} (" in words
        assert words.endswith("the draws cannot decide between them")
    assert likelihood(bound + 0.003, 0.002, MANY, "icd203").startswith(f"{above} (")


def test_a_bound_of_the_ipcc_belongs_to_the_more_specific_word() -> None:
    found = [word(bound, "ipcc") for bound in (0.01, 0.05, 0.1, 0.9, 0.95, 0.99)]
    assert found == [
        "exceptionally unlikely",
        "extremely unlikely",
        "very unlikely",
        "very likely",
        "extremely likely",
        "virtually certain",
    ]
    assert likelihood(0.9, 0.01, MANY, "ipcc").startswith("likely (66 to 100 %) or very likely (")


def test_the_ends_of_icd_203_may_be_in_doubt_too() -> None:
    assert likelihood(0.985, 0.01, MANY, "icd203") == (
        "almost certain (95 to 99 %) or beyond the words on the ICD 203 scale"
    )
    assert likelihood(0.012, 0.005, MANY, "icd203").startswith("almost no chance (1 to 5 %) or ")


def test_none_of_few_draws_is_not_taken_for_impossible() -> None:
    words = likelihood(0.0, 0.0, 8, "ipcc")
    assert words.startswith("anything from exceptionally unlikely")
    assert words.endswith("there are too few draws to decide")
    assert likelihood(1.0, 0.0, 1, "ipcc").startswith("anything from exceptionally unlikely")
    assert likelihood(1.0, 0.0, MANY, "ipcc").startswith("virtually certain")


@pytest.mark.parametrize("scale", SCALES)
def test_no_word_speaks_of_confidence(scale: Scale) -> None:
    assert "confidence" not in scale_note(scale).lower()
    for percent in range(101):
        assert "confidence" not in likelihood(percent / 100, 0.001, MANY, scale)
