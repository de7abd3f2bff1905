"""Custom charts of params, fields and titles that are called as what every object of JavaScript has."""

import json
from typing import Any

import pytest

from runsite.charts.custom import custom_chart
from runsite.charts.custom_words import with_safe_words
from runsite.model import ChartFile


def test_words_that_vega_takes_for_its_own_are_put_together_of_two() -> None:
    spec = {
        "title": {"text": ["lr", "constructor"]},
        "axes": [{"title": "if"}, {"title": "lr"}],
        "data": [
            {"name": "a", "values": [{"title": "if", "expr": "'if'"}], "transform": [{"expr": "d['if'] + \"a 'if'\""}]}
        ],
        "scales": [{"domain": {"data": "a", "field": "valueOf"}}],
        "marks": [{"encode": {"update": {"x": {"scale": "x", "field": "valueOf"}, "y": {"field": "lr"}}}}],
    }

    safe: dict[str, Any] = with_safe_words(spec)

    assert safe == {
        "title": {"text": {"signal": '["lr", "c" + "onstructor"]'}},
        "axes": [{"title": {"signal": '"i" + "f"'}}, {"title": "lr"}],
        "data": [
            {
                "name": "a",
                "values": [{"title": "if", "expr": "'if'"}],
                "transform": [{"expr": 'd[("i" + "f")] + "a \'if\'"'}],
            }
        ],
        "scales": [{"domain": {"data": "a", "field": "['valueOf']"}}],
        "marks": [
            {"encode": {"update": {"x": {"scale": "x", "signal": 'datum["v" + "alueOf"]'}, "y": {"field": "lr"}}}}
        ],
    }


@pytest.mark.parametrize("word", ["constructor", "__proto__", "toString", "if"])
@pytest.mark.parametrize("field", ["params.{}", "{}"])
@pytest.mark.parametrize("kind", ["quantitative", "nominal"])
def test_chart_of_such_a_name_is_drawn(word: str, field: str, kind: str) -> None:
    import vl_convert

    channel = {"field": field.format(word), "type": kind, "title": word}
    spec = {"data": {"name": "runs"}, "mark": "point", "encoding": {"x": channel, "y": channel}}
    chart = custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps(spec)), allow_code=False)
    assert chart.spec is not None
    vega = {**chart.spec["vega"], "background": None, "config": {}}
    vega["data"][0]["values"] = [{word: 1, "params": {word: 1}}]

    drawn = vl_convert.vega_to_svg(vega)

    assert drawn.count(f">{word}</text>") == 2
