"""What a custom chart binds in vain is named at build time, with the nearest name there is."""

import json
from typing import Any

import pytest

from runsite.charts.custom import custom_chart
from runsite.charts.custom_names import KnownNames, path_steps, unbound_names
from runsite.model import ChartFile

ODD = 'a.b[0] "x" \\ `y` </script>'
KNOWN = KnownNames(
    facts=frozenset({"id", "name", "status"}),
    params=frozenset({"lr", "__proto__"}),
    tags=frozenset({"team"}),
    metrics={"val/acc": frozenset({"best", "last"}), "loss": frozenset({"last"}), ODD: frozenset({"best", "last"})},
    columns=frozenset({"params.lr", "metrics.loss.last", "metrics.loss.mean", f"metrics.{ODD}.best"}),
)


def said(*fields: str, data: str = "runs", **more: Any) -> str:
    encoding = dict(zip("x y color".split(), ({"field": field} for field in fields), strict=False))
    spec = {"data": {"name": data}, "mark": "point", "encoding": encoding, **more}
    chart = custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps(spec)), allow_code=False)
    assert chart.problem == ""
    return unbound_names(chart.spec or {}, KNOWN)


@pytest.mark.parametrize(
    "field",
    [
        "params.lr",
        "params['lr']",
        'params["__proto__"]',
        "tags.team",
        "metrics['val/acc'].best",
        "metrics.loss.last",
        "id",
        "metrics['a\\.b[0] \"x\" \\\\ `y` </script>'].best",
    ],
)
def test_a_name_that_runs_have_is_bound(field: str) -> None:
    assert said(field) == ""


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("params.lrr", "no run has the param 'lrr'; did you mean 'lr'?"),
        ("tags.constructor", "no run has the tag 'constructor'; there is team"),
        ("metrics['val/ac'].best", "no run has the metric 'val/ac'; did you mean 'val/acc'?"),
        ("metrics.loss.best", "the metric 'loss' has no best, for it has no goal; take its last, or declare a goal"),
        ("metrics.loss.lst", "the metric 'loss' has no 'lst'; did you mean 'last'?"),
        ("statu", "rows of runs have no field 'statu'; did you mean 'status'?"),
        (
            "metrics.loss.mean",
            "mean of 'loss' is not in the rows by itself; name the column 'metrics.loss.mean' in usermeta.fields",
        ),
    ],
)
def test_a_name_that_no_run_has_is_told_with_the_nearest(field: str, problem: str) -> None:
    assert said(field) == problem


AS_TEXT = "a list or a map is one text here; log what it holds as params of their own"


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("params.lr.name", f"the param 'lr' has no 'name' in it: {AS_TEXT}"),
        ("params['lr'].a.b", f"the param 'lr' has no 'a.b' in it: {AS_TEXT}"),
        ("params.lr[0]", f"the param 'lr' has no '0' in it: {AS_TEXT}"),
        ("tags.team.lead", f"the tag 'team' has no 'lead' in it: {AS_TEXT}"),
        ("params.lrr.name", "no run has the param 'lrr'; did you mean 'lr'?"),
        ("tags.team.length", ""),
    ],
)
def test_a_param_has_no_parts(field: str, problem: str) -> None:
    read = [{"calculate": f"datum.{field}", "as": "read"}]

    assert said(field) == problem
    assert said("read", transform=read) == problem


def test_a_list_that_is_text_cannot_be_flattened() -> None:
    parts = {"calculate": "split(datum.params.lr, ',')", "as": "parts"}

    assert said("l", transform=[{"flatten": ["params.lr"], "as": ["l"]}]) == (
        f"flatten finds no list in 'params.lr': {AS_TEXT}"
    )
    assert said("l", transform=[parts, {"flatten": ["parts"], "as": ["l"]}]) == ""


def test_each_name_is_told_once() -> None:
    assert said("params.a1", "params.a1", "params.lr") == "no run has the param 'a1'; there is __proto__, lr"


def test_a_metric_bound_by_data_and_a_column_bound_by_fields_are_judged() -> None:
    assert said("step", "value", data="metric:lss") == "no run has the metric 'lss'; did you mean 'loss'?"
    assert said("step", "value", data="metric:loss") == ""
    assert said("mean", usermeta={"fields": {"mean": "metrics.loss.mean", "odd": f"metrics.{ODD}.best"}}) == ""
    problem = said("mean", usermeta={"fields": {"mean": "metrics.loss.men"}})
    assert problem == "usermeta.fields: no run has the column 'metrics.loss.men'; did you mean 'metrics.loss.mean'?"


def test_what_the_spec_makes_or_brings_is_not_judged() -> None:
    assert said("params.made", transform=[{"calculate": "1", "as": "params.made"}]) == ""
    assert said("params\\.made", "['params.made']", transform=[{"calculate": "1", "as": "params.made"}]) == ""
    assert said("key", "value", transform=[{"fold": ["params.lr"]}]) == ""
    own = {"data": {"values": [{"mine": 1}]}, "mark": "rule", "encoding": {"x": {"field": "mine"}}}
    ours = {"data": {"name": "runs"}, "mark": "bar", "encoding": {"x": {"field": "id"}}}
    chart = custom_chart(ChartFile("a", "charts/a.vl.json", json.dumps({"layer": [ours, own]})), allow_code=False)
    assert unbound_names(chart.spec or {}, KNOWN) == ""


@pytest.mark.parametrize(
    ("field", "steps"),
    [
        ("id", ["id"]),
        ("params.lr", ["params", "lr"]),
        ("metrics['val/acc'].best", ["metrics", "val/acc", "best"]),
        ("params.a\\.b", ["params", "a.b"]),
        ("params[0]", ["params", "0"]),
        ("params['it\\'s']", ["params", "it's"]),
    ],
)
def test_field_paths_have_steps(field: str, steps: list[str]) -> None:
    assert path_steps(field) == steps
