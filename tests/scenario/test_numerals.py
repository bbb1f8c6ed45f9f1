"""No figure is rounded to nothing, by more than its error, or by more than its spread allows."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulate.scenario.numerals import count, decimals, exact, fixed, number, rounded_up, stated

scales = st.floats(-20.0, 20.0).map(lambda power: 10.0**power)
signed = st.builds(lambda size, sign: sign * size, scales, st.sampled_from([-1.0, 1.0]))


def parsed(text: str) -> float:
    return float(text.replace(",", ""))


def unit_of(text: str) -> Fraction:
    """The value of the last digit that is written; of `1,200` that may be 1 or more."""
    mantissa, _, power = text.replace(",", "").partition("e")
    decimal = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(power or 0) - decimal)


def coarsest(value: float, error: float | None, spread: float | None) -> float:
    """The coarsest unit that the rule allows, stated without logarithms of what is printed.

    That of the error's first digit where it is below the figure and below the spread's first
    digit; and a hundredth of the first digit of the figure or of the spread, which counts up to
    ten times the figure.
    """
    size = abs(value)
    scale = min(spread, 10 * size) if spread else size
    of_digits = 10.0 ** (math.floor(math.log10(scale)) - 2)
    if not error or error >= size:
        return of_digits
    of_error = 10.0 ** math.floor(math.log10(error))
    if not spread:
        return of_error
    return (
        max(of_error, of_digits) if of_error < 10.0 ** math.floor(math.log10(spread)) else of_digits
    )


@given(value=signed, error=st.none() | scales, spread=st.none() | scales)
@example(value=9.999, error=None, spread=None)
@example(value=0.06, error=0.05, spread=190.0)
@example(value=10.0, error=190.0, spread=190.0)
@example(value=4.6e18, error=1.0, spread=None)
def test_what_is_printed_is_the_value(
    value: float, error: float | None, spread: float | None
) -> None:
    text = number(value, error, spread)
    printed = parsed(text)
    unit = coarsest(value, error, spread)
    assert abs(Fraction(text.replace(",", "")) - Fraction(value)) <= Fraction(unit) * Fraction(
        501, 1000
    )
    assert printed != 0.0
    assert math.copysign(1.0, printed) == math.copysign(1.0, value)
    if error and error < abs(value) and not spread:
        assert abs(printed - value) <= error


@given(value=signed, error=st.none() | scales, spread=st.none() | scales)
def test_no_digit_is_written_that_the_rule_does_not_allow(
    value: float, error: float | None, spread: float | None
) -> None:
    text = number(value, error, spread)
    # Tens and hundreds end in zeros that are written.
    most = 1.0 if abs(value) < 1e15 else math.inf
    # Half a digit of room: 9.996 to three digits is 10.00 in the places of 9.99.
    allowed = Fraction(min(coarsest(value, error, spread), most))
    assert unit_of(text) >= allowed * Fraction(999, 1000)


def test_a_coarser_rule_would_be_found() -> None:
    # The negative control: one digit fewer misses by more than half a unit.
    value = 92.6829
    assert abs(parsed(fixed(value, decimals(value) - 1)) - value) > 0.501 * coarsest(
        value, None, None
    )
    assert parsed(fixed(0.4, 0)) == 0.0


@pytest.mark.parametrize(
    ("value", "error", "spread", "shown"),
    [
        (10.0, None, 190.0, "10"),
        (200.0, 0.002, 190.0, "200"),
        (3.8412, 1e-4, 6.93, "3.84"),
        (10.7743, 0.02, 6.93, "10.77"),
        (10.7743, 0.2, 6.93, "10.8"),
        (92.6829, 1e-9, None, "92.682900000"),
        (10_000.0, None, None, "10,000"),
        (12_345.6, None, None, "12,300"),
        (1234.5, 20.0, None, "1,230"),
        (1234.5, 20.0, 900.0, "1,230"),
        (73.2, 24.4, 24.4, "73.2"),
        (2e-5, None, 1e-5, "0.0000200"),
        (4.0e-9, None, None, "4.00e-09"),
        (6.02214e23, None, None, "6.02e+23"),
        (0.0, 1.0, 5.0, "0"),
        (628.284, None, 312.0, "628"),
        (200_051.0, 10.0, 2e5, "200,000"),
        (math.inf, None, None, "inf"),
    ],
)
def test_figures(value: float, error: float | None, spread: float | None, shown: str) -> None:
    assert number(value, error, spread) == shown


@given(value=signed, error=st.none() | scales, spread=st.none() | scales)
def test_a_count_keeps_its_whole_digits(
    value: float, error: float | None, spread: float | None
) -> None:
    unit = min(coarsest(value, error, spread), 1.0 if abs(value) < 1e15 else math.inf)
    difference = abs(Fraction(count(value, error, spread).replace(",", "")) - Fraction(value))
    assert difference <= Fraction(unit) * Fraction(501, 1000)


@given(error=scales)
def test_an_error_is_never_understated(error: float) -> None:
    shown = parsed(rounded_up(error))
    assert error * (1 - 1e-7) <= shown <= 1.1 * error


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12345678901.0, "12,345,678,901"),
        (1234567.0, "1,234,567"),
        (628.284, "628.284"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333"),
        (0.0, "0"),
    ],
)
def test_what_was_stated_is_repeated(value: float, shown: str) -> None:
    assert exact(value) == stated(value, 0.0) == shown


def test_percentiles_of_a_law_have_no_zeros_at_their_end() -> None:
    assert [stated(value, 0.8) for value in (0.6, 0.94868, 1.4)] == ["0.6", "0.949", "1.4"]
    assert [stated(value, 958.0) for value in (3237.0, 3684.9, 4195.0)] == [
        "3,237",
        "3,685",
        "4,195",
    ]
