"""How many digits of a number are written: one rule for every terminal, page, picture and message.

No figure is rounded by more than its own error, or by more than about a thousandth of the range of
the figures beside it, and none is rounded to zero.
"""

from __future__ import annotations

import math

_PLAIN = range(-6, 15)
"""Powers of ten that are written out; others have an exponent."""

_PARTS = {"a quarter": 0.25, "a third": 1 / 3, "half": 0.5, "two thirds": 2 / 3}
_SAME_PART = 0.0005  # a third may be written 0.333

_THREE_DIGITS_FROM = 99.5


def first_digit(value: float) -> int:
    """The decimal place of the first digit: 0 for 7, 1 for 0.7, -1 for 70. `value` is not zero."""
    return -math.floor(math.log10(abs(value)))


def decimals(value: float, error: float | None = None, spread: float | None = None) -> int:
    """The decimal place to which a figure is written.

    Parameters
    ----------
    value
        The figure.
    error
        Half-width of its error. The figure ends with the first digit of it; an error that is zero,
        as large as the figure or of the order of the spread says nothing about digits.
    spread
        Range of the figures it is read beside, such as P5 to P95. It is written to three digits of
        that, or two digits of the figure itself where these reach further. Without one, a figure
        without a usable error has three significant digits.

    Returns
    -------
    int
        Negative for tens, hundreds and so on.

    Examples
    --------
    >>> decimals(92.6829), decimals(92.6829, spread=33.4), decimals(92.6829, 2.0, 33.4)
    (1, 1, 0)
    >>> decimals(3.8412, spread=6.93), decimals(10, spread=190), decimals(12_345, 40.0)
    (2, 0, -1)
    """
    if not value or not math.isfinite(value):
        return 0
    by_error = first_digit(error) if error and error < abs(value) else None
    if not spread or not math.isfinite(spread):
        return first_digit(value) + 2 if by_error is None else by_error
    by_spread = first_digit(min(spread, 10 * abs(value))) + 2
    is_usable = by_error is not None and by_error > first_digit(spread)
    return min(by_spread, by_error) if by_error is not None and is_usable else by_spread


def number(value: float, error: float | None = None, spread: float | None = None) -> str:
    """A figure with as many digits as `decimals` gives it: `92.7`, `1,240`, `10,000`."""
    return fixed(value, decimals(value, error, spread))


def count(value: float, error: float | None = None, spread: float | None = None) -> str:
    """As `number`, of what is counted or was stated: whole digits are not rounded: `12,345`."""
    return fixed(value, max(decimals(value, error, spread), 0))


def fixed(value: float, places: int) -> str:
    """A figure with the given number of decimals, thousands set off by commas."""
    if value and math.isfinite(value) and -first_digit(value) not in _PLAIN:
        return f"{value:.{max(places - first_digit(value), 0)}e}"
    return f"{round(value, places):,.{max(places, 0)}f}"


def exact(value: float) -> str:
    """A number as it was stated, without an error: all digits of whole ones, else up to ten."""
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{value:,.0f}" if whole else f"{value:,.10g}"


def simple_part(share: float) -> str:
    """The words for a simple share, `half` or `a third`; empty for others."""
    return next((name for name, of in _PARTS.items() if abs(share - of) < _SAME_PART), "")


def stated(value: float, spread: float) -> str:
    """A figure of a stated law, which has no error: `exact` if certain, else a trimmed `count`."""
    if not spread:
        return exact(value)
    text = count(value, spread=spread)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def stated_about(value: float, spread: float) -> str:
    """A figure of a stated law to two digits of its range, which is enough for a sentence.

    Of its own digits it has at least one and at most two, from 100 on three.
    """
    if not spread or not value:
        return fixed(value, first_digit(spread) + 1) if spread else exact(value)
    own = first_digit(value) + (2 if abs(value) >= _THREE_DIGITS_FROM else 1)
    return fixed(value, max(min(first_digit(spread) + 1, own), first_digit(value)))


def rounded_up(error: float) -> str:
    """An error to two digits, never understated: `0.013`, `120`; 0 is `0`."""
    if not error:
        return "0"
    places = first_digit(error) + 1
    # Not the whole half: 0.30000000000000004 does not become 0.31.
    return fixed(error + 0.4999999 * 10.0**-places, places)
