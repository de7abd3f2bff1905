"""The specs of charts of runs: data by name, no colour of their own, and what the browser fills in is a chart."""

import html
import json
from typing import Any
from urllib.parse import quote

import pytest
import vl_convert

from relations_in_node import ask
from runsite.charts import specs
from runsite.charts.relation_kinds import relation_charts, with_open_scales

Templates = dict[str, dict[str, Any]]
FRAGMENTS = {
    "scatter": "#relation_x=params.seed&relation_colour=params.opt",
    "scatter_shaded": "#relation_x=params.lr&relation_colour=params.seed",
    "parallel": "#relation=parallel",
    "importance": "#relation=importance",
    "histogram": "#relation=histogram",
    "best_so_far": "#relation=best_so_far",
}


@pytest.fixture(scope="module")
def lite() -> Templates:
    return {name: with_open_scales(make().to_dict()) for name, make in relation_charts().items()}


@pytest.fixture(scope="module")
def compiled() -> Templates:
    return {name: with_open_scales(specs.compile_chart(make())) for name, make in relation_charts().items()}


def test_each_spec_has_the_data_that_the_browser_makes(compiled: Templates) -> None:
    made = ask(*(["related", fragment] for fragment in FRAGMENTS.values()))

    assert list(FRAGMENTS) == list(compiled)
    for name, relation in zip(FRAGMENTS, made, strict=True):
        assert relation["spec"] == name
        known = {source["name"] for source in compiled[name]["data"]}
        assert known <= set(relation["rows"])
        assert [rows for data, rows in relation["rows"].items() if data not in known and rows] == []
        assert any(relation["rows"].values())


def test_specs_hold_no_colour_of_their_own_and_no_expression_over_points(compiled: Templates, lite: Templates) -> None:
    for spec in (*compiled.values(), *lite.values()):
        assert "#" not in json.dumps(spec)
        assert spec["background"] == "transparent"
    for spec in compiled.values():
        assert "isValid" not in json.dumps([mark for mark in spec["marks"] if mark["type"] != "text"])
        assert [source for source in spec["data"] if "transform" in source] == []


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_scale_is_of_the_kind_that_the_browser_says(compiled: Templates, lite: Templates, name: str) -> None:
    kinds = {scale["name"]: scale["type"] for scale in compiled[name]["scales"]}

    assert (kinds["x"], kinds["y"]) == ("$x_scale", "$y_scale")
    assert kinds.get("color") == ("$colour_scale" if name in ("scatter_shaded", "parallel") else kinds.get("color"))
    assert '"type": "$x_scale"' in json.dumps(lite[name])


@pytest.mark.parametrize("name", FRAGMENTS)
def test_what_a_reader_takes_away_is_drawn_by_vega_lite(lite: Templates, name: str) -> None:
    (spec,) = ask(["filled", FRAGMENTS[name], lite])

    svg = vl_convert.vegalite_to_svg(spec)

    assert '"$' not in json.dumps({**spec, "$schema": ""}).replace('"$schema"', "")
    assert spec["title"] in html.unescape(svg)
    assert "NaN" not in svg
    assert "undefined" not in svg


def test_an_odd_name_is_drawn_as_it_is(lite: Templates) -> None:
    (odd,) = ask(["odd_name"])

    (spec,) = ask(["filled", f"#relation_x={quote(f'params.{odd}')}&relation_y={quote(f'metrics.{odd}.last')}", lite])
    svg = vl_convert.vegalite_to_svg(spec)

    assert spec["title"] == f"{odd} last against {odd}"
    assert "</script>" not in svg
    assert spec["title"] in html.unescape(svg)


@pytest.mark.parametrize("has_names", [False, True])
def test_names_below_an_axis_are_cut_and_numbers_never(lite: Templates, *, has_names: bool) -> None:
    (spec,) = ask(["filled", "#relation=histogram&relation_of=params.seed", lite])
    labels = [f"{10**30 + bar}" for bar in range(5)]
    own = {"x_labels": labels, "x_has_names": has_names}
    spec["params"] = [each | {"value": own.get(each["name"], each["value"])} for each in spec["params"]]

    svg = vl_convert.vegalite_to_svg(spec)

    assert [label for label in labels if f">{label}<" in svg] == ([] if has_names else labels)


def test_runs_left_out_are_as_faint_where_many_lie_on_one_another(lite: Templates, compiled: Templates) -> None:
    context, *_ = lite["parallel"]["layer"]
    faint, *_ = [mark for mark in compiled["parallel"]["marks"] if "context" in json.dumps(mark)]

    assert context["data"]["name"] == "context"
    assert context["mark"]["stroke"] == "$line"
    assert "pacity" not in json.dumps(context)
    assert "pacity" not in json.dumps(faint)
