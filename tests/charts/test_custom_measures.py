"""Boxplots, error bars and bands of a custom chart draw the same whether what they measure is nested or not."""

import json
import re
from typing import Any

import pytest
import vl_convert

from runsite.charts.custom import custom_chart
from runsite.charts.custom_names import KnownNames, unbound_names
from runsite.model import ChartFile

ROWS = [
    {"acc": value, "params": {"rate": value}, "tags": {"group": group}, "metrics": {"val/acc": {"best": value}}}
    for value, group in zip([0.1, 0.2, 0.35, 0.4, 0.5, 0.9, 3], "aaabbbb", strict=True)
]
USED = {"usermeta": {"fields": {"acc": "metrics.val/acc.best"}}}
GROUP = {"field": "tags.group", "type": "nominal"}
MARKS: list[Any] = [
    "boxplot",
    {"type": "boxplot", "extent": "min-max"},
    "errorbar",
    "errorband",
    {"type": "errorbar", "extent": "iqr"},
]


def compiled(spec: dict[str, Any]) -> dict[str, Any]:
    made = custom_chart(
        ChartFile("a", "charts/a.vl.json", json.dumps({"data": {"name": "runs"}, **spec})), allow_code=False
    )
    assert made.problem == ""
    return dict(made.spec or {})


def shapes(spec: dict[str, Any]) -> list[str]:
    vega = compiled(spec)["vega"]
    vega["data"][0]["values"] = ROWS
    svg = vl_convert.vega_to_svg(json.loads(json.dumps(vega).replace("$runsite_", "")))
    marks = re.findall(r'<g class="mark-(?:rule|rect|area|symbol) role-mark[^>]*>(.*?)</g>', svg, re.DOTALL)
    return [place for mark in marks for place in re.findall(r' (?:d|transform|x2|y2)="([^"]*)"', mark)]


def measured(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": "value"}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("field", ["params.rate", "metrics['val/acc'].best"])
def test_nested_measure_is_drawn_as_a_plain_one(mark: Any, field: str) -> None:
    upright = [shapes({**USED, "mark": mark, "encoding": {"x": GROUP, "y": measured(it)}}) for it in ("acc", field)]
    lying = [shapes({**USED, "mark": mark, "encoding": {"y": GROUP, "x": measured(it)}}) for it in ("acc", field)]

    assert len(upright[0]) >= 1
    assert (upright[1], lying[1]) == (upright[0], lying[0])


def test_measure_that_layers_share_is_drawn() -> None:
    both = {"layer": [{"mark": "errorbar"}, {"mark": "point"}]}

    plain, nested = (
        shapes({**USED, **both, "encoding": {"x": GROUP, "y": measured(field)}})
        for field in ("acc", "metrics['val/acc'].best")
    )

    assert len(plain) == 7 * 2 + 2 * 3
    assert nested == plain


def test_title_and_what_is_bound_in_vain_stay_those_of_the_nested_field() -> None:
    encoding = {"x": {"field": "id", "type": "nominal"}, "y": {"field": "params.rate", "type": "quantitative"}}
    made = compiled({"mark": "boxplot", "encoding": encoding})
    known = KnownNames(frozenset({"id"}), frozenset({"lr"}), frozenset(), {}, frozenset())

    assert made["vega"]["axes"][-1]["title"] == "params.rate"
    assert unbound_names(made, known) == "no run has the param 'rate'; there is lr"
