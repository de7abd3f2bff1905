"""Which fields the expressions of a custom chart read; kinds of specs as in Vega-Lite's own example gallery."""

import json
from typing import Any

import pytest

from runsite.charts.custom import custom_chart
from runsite.charts.custom_expressions import datum_paths
from runsite.charts.custom_names import KnownNames, unbound_names
from runsite.model import ChartFile

ODD = 'a.b[0] "x" \\ `y` </script>'
KNOWN = KnownNames(
    facts=frozenset({"id", "name", "status", "duration"}),
    params=frozenset({"lr", "width", "a.b"}),
    tags=frozenset({"team"}),
    metrics={"val/acc": frozenset({"best", "last"}), "loss": frozenset({"last"}), ODD: frozenset({"best", "last"})},
    columns=frozenset({"params.lr", "metrics.loss.last", "metrics.loss.mean"}),
)
ENCODING = {"x": {"field": "params.lr", "type": "quantitative"}}
POINTS = {"data": {"name": "metric:loss"}, "mark": "line", "encoding": {"x": {"field": "step", "type": "quantitative"}}}


def paths_of(expression: str) -> list[str]:
    return [" ".join(path.steps) for path in datum_paths({"transform": [{"filter": expression}]})]


def said(**more: Any) -> str:
    spec = {"data": {"name": "runs"}, "mark": "point", "encoding": ENCODING, **more}
    chart = custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps(spec)), allow_code=False)
    assert chart.problem == ""
    return unbound_names(chart.spec or {}, KNOWN)


def filtered(expression: Any) -> str:
    return said(transform=[{"filter": expression}])


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ("datum.symbol==='GOOG'", ["symbol"]),
        ("datum['params'][\"l'r\"] > .5 ", ["params l'r"]),
        ("datum.a . b [ 'c' ] + 1", ["a b c"]),
        ("datum['it\\'s \\u00e9'] > 1", ["it's é"]),
        ("datum.x[0] * datum.y", ["x 0", "y"]),
        ("year(datum.date) >= 2e3 && datum.b_1 < 1", ["date", "b_1"]),
        ("'datum.no' + \"datum['no']\"", []),
        ("test(/datum.no'[/]/, datum.name)", ["name"]),
        ("datum.a / datum.b / 2", ["a", "b"]),
        ("datum.metrics[chosen].best", ["metrics"]),
        ("datum[chosen]", []),
        ("event.datum.x + brush.y + datumx.z", []),
        ("length(datum)", []),
        ("datum.été > 1", ["été"]),
        ("datum.", []),
        ("'open datum.x", ["x"]),
    ],
)
def test_paths_are_read_from_an_expression(expression: str, paths: list[str]) -> None:
    assert paths_of(expression) == paths


@pytest.mark.parametrize(
    "expression",
    [
        "isValid(datum.x) && datum.x > 1",
        "isDefined(datum['x']) ? datum.x : 0",
        "datum.x != null && datum.x > 1",
        "undefined === datum.x ? 0 : datum.x",
        "datum.x || 0",
        "!datum.x",
        "isNumber(datum.x) && isFinite(datum.x)",
    ],
)
def test_what_an_expression_asks_for_may_be_missing(expression: str) -> None:
    assert paths_of(expression) == []


def test_only_expressions_over_rows_are_read() -> None:
    spec = {
        "params": [{"name": "p", "expr": "datum.no"}],
        "transform": [
            {"filter": {"and": ["datum.a > 1", {"not": "datum.b"}, {"field": "c", "lt": 3}, {"param": "brush"}]}},
            {"calculate": "datum.d * 2", "as": "made"},
        ],
        "mark": {"type": "text", "dx": {"expr": "datum.e > 0 ? 5 : -5"}},
        "encoding": {
            "x": {
                "field": "a",
                "axis": {"labelExpr": "datum.label", "labelColor": {"condition": {"test": "datum.no"}}},
            },
            "color": {"condition": {"test": {"or": ["datum['f'] < 40"]}, "value": "black"}, "value": "white"},
        },
        "config": {"text": {"dx": {"expr": "datum.no"}}},
    }

    found = {path.steps[0]: path.is_in_transform for path in datum_paths(spec)}

    assert found == {"a": True, "b": True, "d": True, "e": False, "f": False}


@pytest.mark.parametrize(
    "expression",
    [
        "datum.params.lr > 0.01",
        "datum.params['a.b'] === 1",
        "datum['params.lr'] > 1",
        "datum.status == 'finished' && datum.duration > 60",
        "datum.metrics['val/acc'].best > 0.5",
        'datum.metrics["a.b[0] \\"x\\" \\\\ `y` </script>"].last < 3',
        "isValid(datum.params.depth) && datum.params.depth > 2",
        "indexof(datum.name, 'otter') >= 0",
        "datum.tags.team.length > 2",
    ],
)
def test_what_rows_of_runs_have_is_bound(expression: str) -> None:
    assert filtered(expression) == ""


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("datum.params.lrr > 1", "no run has the param 'lrr'; did you mean 'lr'?"),
        ("datum['params']['lrr'] > 1", "no run has the param 'lrr'; did you mean 'lr'?"),
        ({"not": "datum.tags.tema == 'a'"}, "no run has the tag 'tema'; did you mean 'team'?"),
        ("datum.metrics['val/ac'].best > 1", "no run has the metric 'val/ac'; did you mean 'val/acc'?"),
        (
            "datum.metrics.loss.best < 1",
            "the metric 'loss' has no best, for it has no goal; take its last, or declare a goal",
        ),
        ("datum.statu == 'failed'", "rows of runs have no field 'statu'; did you mean 'status'?"),
    ],
)
def test_what_no_row_has_is_told_with_the_nearest(expression: Any, problem: str) -> None:
    assert filtered(expression) == problem


def test_points_are_judged_by_their_own_fields() -> None:
    def points(expression: str) -> str:
        return said(**POINTS, transform=[{"filter": expression}])

    assert points("datum.value < 1 && datum.run != 'a'") == ""
    assert points("datum.vaule < 1") == "rows of points have no field 'vaule'; did you mean 'value'?"
    assert points("datum.status == 'failed'").startswith("rows of points have no field 'status'; ")


@pytest.mark.parametrize(
    "transform",
    [
        [{"calculate": "datum.params.lr * 2", "as": "twice"}, {"filter": "datum.twice > 1"}],
        [{"calculate": "1", "as": "params.made"}, {"filter": "datum['params.made'] > 0 && datum.params.made > 0"}],
        [{"aggregate": [{"op": "count", "as": "many"}], "groupby": ["status"]}, {"filter": "datum.many > 1"}],
        [
            {"window": [{"op": "rank", "as": "rank"}], "sort": [{"field": "duration", "order": "descending"}]},
            {"filter": "datum.rank <= 5"},
        ],
        [
            {"joinaggregate": [{"op": "mean", "field": "duration", "as": "usual"}]},
            {"filter": "datum.duration - datum.usual > 2.5"},
        ],
        [{"bin": True, "field": "duration", "as": "binned"}, {"filter": "datum.binned_end - datum.binned > 1"}],
        [
            {"timeUnit": "month", "field": "duration", "as": "month"},
            {"calculate": "datum.month_end - datum.month", "as": "long"},
        ],
        [
            {"stack": "duration", "groupby": ["status"], "as": ["low", "high"]},
            {"calculate": "(datum.low + datum.high) / 2", "as": "middle"},
        ],
        [{"fold": ["params.lr", "params.width"]}, {"filter": "datum.key == 'params.lr' && datum.value > 1"}],
        [{"density": "duration"}, {"calculate": "datum.density * 2", "as": "twice"}],
        [{"quantile": "duration"}, {"calculate": "datum.prob", "as": "share"}],
        [{"pivot": "status", "value": "duration"}, {"calculate": "datum.finished - datum.failed", "as": "more"}],
        [
            {
                "lookup": "name",
                "from": {"data": {"values": [{"name": "a", "age": 3}]}, "key": "name", "fields": ["age"]},
            },
            {"filter": "datum.age > 2"},
        ],
    ],
)
def test_what_transforms_make_is_not_judged(transform: list[Any]) -> None:
    assert said(transform=transform) == ""


def test_a_heat_map_may_colour_its_texts_by_what_an_encoding_sums_up() -> None:
    def coloured(test: str) -> str:
        cell = {"condition": {"test": test, "value": "black"}, "value": "white"}
        mean = {"aggregate": "mean", "field": "duration", "type": "quantitative"}
        return said(mark="text", encoding={**ENCODING, "text": mean, "color": cell})

    assert coloured("datum['mean_duration'] < 40") == ""
    assert coloured("datum.__count > 3") == ""
    assert coloured("datum.mean_duratoin < 40").startswith("rows of runs have no field 'mean_duratoin'; ")


def test_ticks_and_labels_of_axes_are_no_rows() -> None:
    dashed = {"condition": {"test": "datum.index == 0", "value": []}, "value": [2, 2]}
    axis = {"labelExpr": "datum.label + datum.value", "gridDash": dashed}

    assert said(encoding={"x": {"field": "params.lr", "type": "quantitative", "axis": axis}}) == ""


def test_rows_of_a_specs_own_may_have_any_field() -> None:
    rule = {"mark": "rule", "encoding": {"y": {"field": "limit", "type": "quantitative"}}}
    line = {"data": {"values": [{"limit": 1}]}, "transform": [{"filter": "datum.limit > 0"}], **rule}
    dots = {"mark": "point", "encoding": ENCODING, "transform": [{"filter": "datum.params.lrr > 0"}]}
    layers = {"layer": [{"data": {"name": "runs"}, **dots}, line]}

    chart = custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps(layers)), allow_code=False)

    assert chart.problem == ""
    assert unbound_names(chart.spec or {}, KNOWN) == "no run has the param 'lrr'; did you mean 'lr'?"
