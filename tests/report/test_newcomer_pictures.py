"""What a newcomer and a picture editor stumbled over, in scenarios such as they wrote."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import simulate
from simulate.report.document import SheetName
from simulate.report.text.captions import sources_and_program
from tests.report.layout import faults, texts

UNIFORM = {"distribution": "uniform"}
OFFICER, COUNT = (
    "the brigade's press officer",
    "an independent count of obituaries and hospital notices",
)
BRIGADE: dict[str, Any] = {
    "title": "The brigade that went into the line in March",
    "unit": "men",
    "force": {"size": {**UNIFORM, "low": 2880, "high": 3520}, "source": "the brigade"},
    "losses": {
        "start": "2024-03-11",
        "claims": [
            {"count": 780, "as_of": "2024-05-16", "source": OFFICER},
            {
                "count": {**UNIFORM, "low": 950, "high": 1200},
                "as_of": "2024-05-21",
                "source": COUNT,
            },
        ],
    },
    "published": [{"label": "a deputy: by autumn", "from": "2024-09-01", "to": "2024-11-30"}],
}


@cache
def brigade() -> simulate.Result:
    return simulate.run(BRIGADE, draws=4096)


@pytest.mark.parametrize("sheet", ["phone", "3.5in", "social"])
def test_a_long_name_in_a_legend_has_several_lines(sheet: SheetName) -> None:
    figure = brigade().picture("histogram").draw(sheet)
    assert not faults(figure)
    assert f"50 %: {COUNT}" in " ".join(texts(figure)).replace("  ", " ")


def test_a_source_is_cut_only_where_its_line_ends() -> None:
    summary = brigade().summary
    shown = " ".join(texts(brigade().picture("histogram").draw("web")))
    assert f"Sources: the brigade; {OFFICER}; {COUNT}" in shown
    assert f"{COUNT}. simulate " in sources_and_program(summary)
    one = {"count": 780, "as_of": "2024-05-16", "start": "2024-03-11", "source": "long " * 30}
    long = {**BRIGADE, "force": {"size": 3200}, "losses": one}
    assert "long… simulate " in sources_and_program(simulate.run(long, draws=64).summary)
