"""How much a custom chart may make by itself: what would freeze a page is refused, and what the docs need is not."""

import json
from typing import Any

import pytest

from runsite.charts.custom import custom_chart
from runsite.model import ChartFile

X = {"field": "duration", "type": "quantitative"}
MAP = {"mark": "geoshape", "encoding": {}}


def problem_of(**change: Any) -> str:
    spec = {"data": {"name": "runs"}, "mark": "point", "encoding": {"x": X}, **change}
    views = [view for view in ("layer", "hconcat", "vconcat", "concat") if view in spec]
    for name in ("mark", "encoding") if views else ():
        del spec[name]
    return custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps(spec)), allow_code=False).problem


def x(**change: Any) -> dict[str, Any]:
    return {"encoding": {"x": {**X, **change}}}


def calculated(expression: str) -> dict[str, Any]:
    return {"transform": [{"calculate": expression, "as": "a"}]}


def filled(**keyvals: Any) -> dict[str, Any]:
    return {"transform": [{"impute": "duration", "key": "id", "keyvals": keyvals, "value": 0}]}


FINE = "steps and precision of a graticule are at least 0.5 degrees"
SEQUENCE = "a sequence has at most 100,000 items, and its step is not 0"
LISTED = "sequence in an expression makes at most 1,000 items"
PLAIN = "sequence in an expression takes plain numbers only: sequence(0, 10, 2)"
REPEATED = "a regular expression repeats no group that has a repetition or a choice in it"
BINS = "the step of bins is at least 1e-06 where there is no extent; take maxbins"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data": {"sequence": {"start": 0, "stop": 1e9, "step": 1}}}, SEQUENCE),
        ({"data": {"name": "runs", "sequence": {"start": 0, "stop": 1e8, "step": 0.001}}}, SEQUENCE),
        ({"data": {"sequence": {"start": 0, "stop": 9, "step": 0}}}, SEQUENCE),
        ({"data": {"sequence": {"start": 0, "stop": -1e9, "step": -1}}}, SEQUENCE),
        (
            {"data": {"graticule": {"step": [0.001, 0.001]}}, **MAP},
            "steps and precision of a graticule are at least 0.5",
        ),
        ({"data": {"graticule": {"precision": 1e-6}}, **MAP}, FINE),
        ({"data": {"graticule": {"extent": [[-1e9, 0], [1e9, 9]]}}, **MAP}, "a graticule reaches at most 360 degrees"),
        ({"width": 1e9}, "width is at most 10,000"),
        ({"height": {"step": 1e9}}, "the step of height is at most 10,000 pixels"),
        ({"padding": {"left": 1e9}}, "left is at most 10,000"),
        ({"hconcat": [{"mark": "bar", "height": 1e9}]}, "height is at most 10,000"),
        ({"config": {"view": {"continuousWidth": 1e9}}}, "continuousWidth is at most 10,000"),
        ({"config": {"view": {"step": 1e9}}}, "the step of view is at most 10,000 pixels"),
        ({"config": {"axis": {"tickCount": 1e9}}}, "tickCount is at most 1,000"),
        (x(axis={"tickCount": 1e9}), "tickCount is at most 1,000"),
        (x(axis={"tickCount": {"interval": "millisecond", "step": 1}}), "ticks for each second may be any number of"),
        (x(axis={"tickCount": "millisecond"}), "ticks for each second may be any number of them"),
        (x(axis={"values": {"expr": "sequence(0,1e8)"}}), LISTED),
        (x(axis={"labelExpr": "pad(datum.label, 1e9)"}), "pad takes a plain number of at most 1,000 characters"),
        (x(axis={"format": "999999999d"}), "a number format fills up to fewer than 1,000 characters"),
        (x(bin={"maxbins": 1e9}), "maxbins is at most 1,000"),
        (x(bin={"step": 1e-12}), BINS),
        (x(bin={"steps": [1, 1e-12]}), BINS),
        (x(bin={"step": 1e-3, "extent": [0, 1e6]}), "bins of a step of 0.001 over 0 to 1e+06 are more than 1,000"),
        (x(scale={"bins": {"step": 1e-12}}), BINS),
        (x(scale={"scheme": {"name": "viridis", "count": 1e9}}), "a scheme has at most 1,000 colours"),
        ({"transform": [{"density": "duration", "steps": 1e9}]}, "steps of a density are at most 10,000"),
        ({"transform": [{"density": "duration", "maxsteps": 1e9}]}, "maxsteps is at most 10,000"),
        ({"transform": [{"quantile": "duration", "step": 1e-9}]}, "the step of a quantile is at least 0.0001"),
        (
            {"transform": [{"regression": "duration", "on": "started", "method": "poly", "order": 1e6}]},
            "order is at most 20",
        ),
        (filled(start=0, stop=1e9), SEQUENCE),
        (calculated("sequence(0,1e9)"), f"{LISTED} (in calculate)"),
        (calculated("1 + length( sequence ( 1e9 ) )"), LISTED),
        (calculated("sequence(0, 1, 0)"), LISTED),
        (calculated("sequence(datum.duration)"), PLAIN),
        (calculated("(sequence)(0, 1e9)"), "sequence must be called by its plain name: sequence(...)"),
        (calculated(r"\u0073equence(0, 1e9)"), "names in expressions are written without a backslash"),
        (calculated("{a: 1} / sequence(0, 1e9) / 1"), LISTED),
        (calculated("timeSequence('milliseconds', 0, 1e12)"), "timeSequence and utcSequence are refused"),
        (calculated("pad('a', datum.duration)"), "pad takes a plain number of at most 1,000 characters"),
        (calculated("format(1, '999999999d')"), "a number format fills up to fewer than 1,000 characters"),
        (calculated("test(/(a+)+$/, datum.name)"), REPEATED),
        (calculated(r"test('(a\x2b)+$', datum.name)"), REPEATED),
        (calculated("replace(datum.name, /(?:a|a)*$/, '')"), REPEATED),
        (calculated("test(/((a{2,}))+$/, datum.name)"), REPEATED),
        (calculated("test(/.*.*.*.*.*b/, datum.name)"), "a regular expression of a chart has at most 4 repetitions"),
        (calculated("test(regexp(datum.name), 'a')"), "the pattern of test and regexp must stand there itself"),
        ({"transform": [{"filter": {"or": [{"not": "sequence(1e9)"}, "true"]}}]}, f"{LISTED} (in filter)"),
        ({"params": [{"name": "p", "expr": "sequence(1e9)"}]}, LISTED),
        ({"layer": []}, "layer is empty: it has nothing to draw"),
        ({"hconcat": []}, "hconcat is empty: it has nothing to draw"),
        ({"vconcat": [{"mark": "bar"}, {"layer": []}]}, "layer is empty: it has nothing to draw"),
        ({"width": 10**30}, "width is at most 10,000"),
        ({"width": 10**400}, "a whole number has at most 300 digits"),
    ],
)
def test_what_would_freeze_a_page_is_refused_with_its_limit(change: dict[str, Any], said: str) -> None:
    assert problem_of(**change).startswith(said)


@pytest.mark.parametrize("fields", [[], ["duration"] * 1_000])
def test_repeat_makes_some_views_and_not_too_many(fields: list[str]) -> None:
    inner = {"mark": "point", "encoding": {"x": {**X, "field": {"repeat": "repeat"}}}}
    spec = {"data": {"name": "runs"}, "repeat": fields, "spec": inner}

    problem = custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps(spec)), allow_code=False).problem

    assert problem.startswith("repeat makes at most 400 views" if fields else "repeat is empty")


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"sequence": {"start": 0, "stop": 100_000}}, **x(field="data")},
        {"data": {"sequence": {"start": 0, "stop": 12.7, "step": 0.1, "as": "u"}}, **calculated("sin(datum.u)")},
        {"data": {"graticule": True}, **MAP},
        {"data": {"graticule": {"step": [15, 15]}}, **MAP},
        {"data": {"values": [{"width": 1e9, "expr": "sequence(1e9)", "layer": []}]}, **x(field="width")},
        {"width": 900, "height": {"step": 20}, "encoding": {"x": X, "y": {"field": "id", "type": "nominal"}}},
        {"usermeta": {"tickCount": 1e9}},
        {"title": "sequence(0, 1e9)"},
        filled(start=0, stop=1_000),
        x(axis={"tickCount": 5, "values": [0, 1], "format": ".3f", "labelExpr": "pad(datum.label, 10)"}),
        x(axis={"values": {"expr": "sequence(0, 101, 10)"}}),
        x(axis={"tickCount": {"interval": "month", "step": 3}}),
        x(bin={"maxbins": 50}),
        x(bin=True),
        x(bin={"step": 1e-9, "extent": [0, 1e-7]}),
        {"transform": [{"density": "duration", "steps": 200}]},
        {"transform": [{"filter": "test(/^run-[0-9]+ \\(a\\+\\)+/i, datum.name)"}]},
        {"transform": [{"filter": "test(regexp('^(a|b)c', 'i'), datum.name)"}]},
        calculated("replace(datum.name, /\\s*$/, '') + format(1, ',.2f') + timeFormat(datum.started, '%Y 2000')"),
        calculated("datum.sequence + datum.test"),
    ],
)
def test_what_charts_need_is_drawn(change: dict[str, Any]) -> None:
    assert problem_of(**change) == ""
