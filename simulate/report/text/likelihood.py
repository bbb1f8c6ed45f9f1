"""Words for probabilities, always with the name of their scale; used only on request.

The words rank a share of draws. They do not rate the scenario, and nothing in this program
states analytical confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from simulate.report.text.wording import share

Scale = Literal["icd203", "ipcc"]

_SURE_OF_NONE = 3.0
"""With no event in n draws the 95 % upper bound of its probability is 3 / n (rule of three)."""


class Term(NamedTuple):
    """A word and the range of probabilities it covers, both ends included."""

    words: str
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.words} ({share(self.low)[:-2]} to {share(self.high)})"


class _Scale(NamedTuple):
    name: str
    source: str
    terms: tuple[Term, ...]


SCALES: Mapping[Scale, _Scale] = {
    # Section D.6.e(2)(a); neighbours share bounds; there is no word below 1 or above 99 %.
    "icd203": _Scale(
        "ICD 203",
        "US Intelligence Community Directive 203, Analytic Standards (2015)",
        (
            Term("almost no chance", 0.01, 0.05),
            Term("very unlikely", 0.05, 0.2),
            Term("unlikely", 0.2, 0.45),
            Term("roughly even", 0.45, 0.55),
            Term("likely", 0.55, 0.8),
            Term("very likely", 0.8, 0.95),
            Term("almost certain", 0.95, 0.99),
        ),
    ),
    # Table 1, with the terms of its footnote; they are nested, so several can apply.
    "ipcc": _Scale(
        "IPCC",
        "Mastrandrea and others, Guidance Note for Lead Authors of the IPCC Fifth Assessment "
        "Report on Consistent Treatment of Uncertainties (2010)",
        (
            Term("exceptionally unlikely", 0.0, 0.01),
            Term("extremely unlikely", 0.0, 0.05),
            Term("very unlikely", 0.0, 0.1),
            Term("unlikely", 0.0, 0.33),
            Term("about as likely as not", 0.33, 0.66),
            Term("likely", 0.66, 1.0),
            Term("very likely", 0.9, 1.0),
            Term("extremely likely", 0.95, 1.0),
            Term("virtually certain", 0.99, 1.0),
        ),
    ),
}


def likelihood(probability: float, error: float, draws: int, scale: Scale | None) -> str:
    """The word for a probability, with the scale and its range; empty without a scale.

    It is the most specific of nested terms. Where the Monte Carlo error (a 95 % half-width) crosses
    a bound, or the probability lies on one, the text has both words and says that the draws cannot
    decide; where it crosses several, the outermost two. Where the scale has no word, it says so.
    """
    if scale is None:
        return ""
    if probability in (0.0, 1.0):
        error = max(error, min(_SURE_OF_NONE / draws, 1.0))
    low, high = max(probability - error, 0.0), min(probability + error, 1.0)
    terms = SCALES[scale].terms
    name = f"on the {SCALES[scale].name} scale"
    first, last = _terms(low, terms), _terms(high, terms)
    if not first and not last:
        return f"beyond the words {name}"
    if not first or not last:
        return f"{(first or last)[0]} or beyond the words {name}"
    least, most = first[0], last[-1]
    if least == most:
        return f"{least} {name}"
    if terms.index(most) - terms.index(least) > 1:
        return f"anything from {least} to {most} {name}: there are too few draws to decide"
    return f"{least} or {most} {name}: the draws cannot decide between them"


def scale_note(scale: Scale) -> str:
    """The source and the meaning of the words, in one sentence."""
    return (
        f"Words for probabilities: {SCALES[scale].source}; they rank the share of simulations, "
        "given the scenario’s assumptions, and do not rate those assumptions."
    )


def _terms(probability: float, terms: tuple[Term, ...]) -> list[Term]:
    """The narrowest terms that apply, least likely first: two on a shared bound."""
    found = [term for term in terms if term.low <= probability <= term.high]

    def is_narrowest(term: Term) -> bool:
        return all(o == term or o.low < term.low or term.high < o.high for o in found)

    return [*filter(is_narrowest, found)]
