"""The look of all pictures: what has which colour, the fonts, and the sizes of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Look = dict[str, Any]
"""Arguments of matplotlib's drawing functions."""

# Okabe and Ito's palette, distinguishable in all common forms of colour blindness; green and
# vermilion darker, since words have these colours too (contrast of at least 4.5 on white).
BLUE = "#0072B2"
SKY = "#56B4E9"
ORANGE = "#E69F00"
GREEN = "#00805B"
PURPLE = "#CC79A7"
VERMILION = "#C25000"
INK = "#222222"
GREY = "#595959"
PALE = "#DDDDDD"

# What has which colour.
HISTOGRAM = SKY
HISTOGRAM_INTERVAL = BLUE
"""The bars inside the 90 % interval."""
MEDIAN = VERMILION
INTERVAL = BLUE
PUBLISHED = INK
CURVE, CURVE_ERROR = BLUE, SKY
DOT, NEVER_DOT = BLUE, ORANGE
PRESENT, LOST = BLUE, VERMILION
LATER_COUNT = GREEN
BEFORE, UPDATED = BLUE, "#8E2C7A"
"""A result, and what later reports make of it; dark enough for words."""
SOURCES = (INK, BLUE, "#54246A", "#946300", "#004852", "#C2185B", "#3A4600", "#A8458C")
"""Of counts by the same source; dark enough for the words beside them, and dark and light in turn,
so that neighbours differ in print without colours."""
OTHER_SOURCES = GREY
LOW_INPUT, HIGH_INPUT = ORANGE, BLUE
NUMBER = BLUE
"""The large number of a card."""

# Neighbouring colours, each with a hatch as a second cue. The gauge of "never" has no
# dots: a pattern of them would be ten times the rest of the picture.
SCENARIOS = (
    (BLUE, ""),
    (ORANGE, "////"),
    (GREEN, "...."),
    (PURPLE, "\\\\\\\\"),
    (SKY, "xxxx"),
    (GREY, "----"),
)
CAUSES = ((ORANGE, "////"), (GREEN, "\\\\\\\\"), (PURPLE, "xxxx"), (SKY, "----"), (GREY, "++++"))

SMALL = 8.0

SETTINGS: Mapping[Any, Any] = {
    "figure.dpi": 150,
    "savefig.dpi": 150,
    "font.size": 9,
    "svg.hashsalt": "simulate",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.hinting": "none",  # or words would be longer on a coarse screen than they were measured
    "text.parse_math": False,  # a title may hold two dollar signs
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.8,
}
# DejaVu Sans comes with matplotlib; the others fill its gaps where they are installed.
FONTS = (
    "DejaVu Sans",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Arial Unicode MS",
)
