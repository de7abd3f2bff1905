"""Charts that a store brings along: what is bound, what is refused, and what a broken one says."""

import json
from typing import Any

import pytest

from runsite.charts.custom import MAX_BYTES, custom_chart
from runsite.model import ChartFile, CustomChart

POINTS: dict[str, Any] = {
    "title": ["Accuracy", "by rate"],
    "description": "One point per run.",
    "data": {"name": "runs"},
    "mark": "point",
    "encoding": {
        "x": {"field": "params.lr", "type": "quantitative"},
        "y": {"field": "metrics['val/acc'].best", "type": "quantitative"},
    },
}


def made_of(spec: Any, *, name: str = "a.vl.json", allow_code: bool = False) -> CustomChart:
    text = spec if isinstance(spec, str) else json.dumps(spec)
    return custom_chart(ChartFile("a", f"digits/charts/{name}", text), allow_code=allow_code)


def test_spec_becomes_vega_with_its_title_and_the_names_that_it_binds() -> None:
    chart = made_of({**POINTS, "layer": None} | {"usermeta": {"fields": {"acc": "metrics.val/acc.best"}}})
    assert chart.problem  # `layer: null` is no Vega-Lite

    chart = made_of(POINTS | {"usermeta": {"fields": {"acc": "metrics.val/acc.best"}}})

    assert (chart.title, chart.description, chart.problem) == ("Accuracy by rate", "One point per run.", "")
    assert chart.spec is not None
    assert (chart.spec["data"], chart.spec["is_sized"]) == (["runs"], True)
    assert chart.spec["fields"] == {"acc": "metrics.val/acc.best"}
    assert chart.spec["vega"]["marks"]


def test_subtitle_stands_before_the_description() -> None:
    titled = made_of(POINTS | {"title": {"text": "Accuracy", "subtitle": ["by rate,", "five seeds"]}})
    alone = made_of({**POINTS, "description": "", "title": {"text": "Accuracy", "subtitle": "by rate"}})

    assert (titled.title, titled.description) == ("Accuracy", "by rate, five seeds · One point per run.")
    assert (alone.title, alone.description) == ("Accuracy", "by rate")


def test_colours_are_the_pages_unless_the_spec_has_its_own() -> None:
    own = {"config": {"axis": {"gridColor": "#123456"}}, "background": "#ffffff"}
    usual, chosen = made_of(POINTS).spec, made_of(POINTS | own).spec

    assert usual is not None
    assert chosen is not None
    assert usual["vega"]["background"] == "$runsite_ground"
    assert usual["vega_lite"]["config"]["axis"]["gridColor"] == "$runsite_line"
    assert chosen["vega"]["background"] == "#ffffff"
    axis = chosen["vega_lite"]["config"]["axis"]
    assert (axis["gridColor"], axis["labelColor"]) == ("#123456", "$runsite_muted")


def chosen_by(events: str) -> dict[str, Any]:
    return {"name": "chosen", "select": {"type": "point", "on": events}}


@pytest.mark.parametrize("how", [{"bind": "scales"}, {"select": {"type": "interval", "zoom": "wheel!"}}])
def test_drag_and_wheel_of_a_chart_are_its_own(how: dict[str, Any]) -> None:
    made = made_of(POINTS | {"params": [{"name": "range", "select": "interval"} | how]})

    assert made.problem == ""


@pytest.mark.parametrize("events", ["click", "view:dblclick", "window:keydown"])
def test_chart_may_hear_what_keeps_nothing_from_the_page(events: str) -> None:
    assert made_of(POINTS | {"params": [chosen_by(events)]}).problem == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data": {"url": "https://example.org/a.csv"}}, "url is refused; nothing is fetched"),
        ({"data": {"name": "run"}}, "data by the name 'run' is not known; name it runs or metric:NAME"),
        ({"mark": {"type": "image", "url": "a.png"}}, "url is refused"),
        ({"mark": "image"}, "pictures are refused"),
        ({"encoding": {"href": {"field": "id"}}}, "href is refused"),
        ({"mark": {"type": "point", "href": "https://example.org"}}, "href is refused"),
        ({"transform": [{"lookup": "id", "from": {"data": {"url": "b.json"}, "key": "id"}}]}, "url is refused"),
        ({"mark": "barr"}, "no Vega-Lite, at mark: 'barr' is not what may stand there"),
        ({"encoding": {"x": {"fild": "a"}}}, "no Vega-Lite, at encoding.x: Additional properties"),
        ({"params": [{"name": "a", "value": 1, "bind": {"input": "range", "element": "body"}}]}, "element is refused"),
        ({"params": [{"name": "a", "value": 1, "bind": {"element": "body"}}]}, "element is refused"),
        (
            {
                "params": [
                    {
                        "name": "a",
                        "select": {"type": "point", "fields": ["id"]},
                        "bind": {"id": {"input": "text", "element": "main"}},
                    }
                ]
            },
            "element is refused",
        ),
        ({"params": [chosen_by("body:click!")]}, "events of body are refused"),
        ({"params": [chosen_by("window:click!")]}, "events of window are refused"),
        ({"params": [chosen_by("[pointerdown, window:foo] > window:click!")]}, "events of window are refused"),
        ({"params": [chosen_by("[pointerdown, window:pointerup] > window:wheel!")]}, "events of window are refused"),
        ({"params": [chosen_by("timer{1}")]}, "timers are refused"),
        ({"usermeta": {"fields": ["acc"]}}, "usermeta.fields names columns of the run table"),
    ],
)
def test_what_is_refused_is_named(change: dict[str, Any], said: str) -> None:
    chart = made_of(POINTS | change)

    assert said in chart.problem
    assert chart.spec is None


def test_field_may_be_called_element() -> None:
    fields = {"usermeta": {"fields": {"element": "params.element"}}, "encoding": {"x": {"field": "element"}}}

    assert made_of(POINTS | fields).problem == ""


def test_inline_rows_may_call_their_columns_anything() -> None:
    rows = {"values": [{"url": "https://example.org", "href": 1}]}

    assert made_of(POINTS | {"data": rows}).problem == ""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"mark": "bar",\n "x": ]}', 2, "no JSON, at column 7: Expecting value"),
        ("[1]", 0, "a Vega-Lite spec is an object"),
        ('{"mark": NaN}', 0, "NaN is no number of JSON"),
        ("[" * 100_000, 0, "nested too deep"),
    ],
)
def test_broken_json_says_where(text: str, line: int, said: str) -> None:
    chart = made_of(text)

    assert (chart.line, said in chart.problem) == (line, True)


def test_file_that_is_too_large_is_not_read() -> None:
    chart = custom_chart(ChartFile("a", "charts/a.vl.json", None), allow_code=False)

    assert chart.problem == f"larger than {MAX_BYTES:,} bytes; bind its data by name"


PROGRAM = """import altair as alt
chart = alt.Chart(alt.NamedData("runs"), title="Runs").mark_bar().encode(x="status:N", y="count()")
"""


def test_program_is_not_run_unless_code_is_allowed() -> None:
    refused = made_of("raise SystemExit(9)", name="a.py")

    assert refused.is_refused
    assert refused.problem == "not run, for it is code; build with --allow-code to run it"


@pytest.mark.parametrize("text", [PROGRAM, PROGRAM.replace("chart = ", "chart = lambda: ")])
def test_program_that_makes_an_altair_chart_is_drawn(text: str) -> None:
    chart = made_of(text, name="a.py", allow_code=True)

    assert (chart.title, chart.problem) == ("Runs", "")
    assert chart.spec is not None
    assert chart.spec["data"] == ["runs"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("chart = 1 / 0", 1, "ZeroDivisionError: division by zero"),
        ("def chart():\n    return unknown", 2, "NameError: name 'unknown' is not defined"),
        ("chart =", 1, "no Python: invalid syntax"),
        ("chart = 1", 0, "no Altair chart called chart"),
        ("", 0, "no Altair chart called chart"),
    ],
)
def test_program_that_fails_says_where(text: str, line: int, said: str) -> None:
    chart = made_of(text, name="a.py", allow_code=True)

    assert (chart.line, said in chart.problem) == (line, True)
