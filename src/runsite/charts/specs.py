"""The compiled charts and Vega itself, made by Altair (0.4 s) and vl-convert (2 s for the bundle).

What we rely on in vl-convert and is not documented, guarded by tests/charts/test_vega_facts.py: a snippet may import
from `/npm/vega@<version>/+esm` and `/npm/vega-interpreter@2.0.0/+esm`. Imported by name they give a bundle of 590 KB;
imported as a namespace, vl-convert 1.9 panics or gives more. Where that fails we take vega-embed whole (900 KB).
"""

from typing import TYPE_CHECKING, Any

from runsite.data_script import data_script, script_safe

if TYPE_CHECKING:  # 0.4 s to import
    import altair as alt

INTERPRETER_VERSION = "2.0.0"


def make_script(name: str) -> bytes:
    """Make one of the scripts that every chart needs."""
    return _MAKERS[name]()


def specs_script() -> bytes:
    """Compile every kind of chart."""
    from runsite.charts.kinds import metric_chart  # imports Altair

    specs = {"vega": compile_chart(metric_chart()), "vega_lite": metric_chart().to_dict()}
    return data_script("chart_specs", "metric", script_safe(specs))


def relation_specs_script() -> bytes:
    """Compile the charts that relate runs to each other: {name: {"vega", "vega_lite"}}."""
    from runsite.charts.relation_kinds import relation_charts, with_open_scales  # imports Altair

    made = {name: make() for name, make in relation_charts().items()}
    specs = {
        name: {
            "vega": with_open_scales(compile_chart(chart)),
            "vega_lite": with_open_scales(chart.to_dict()),
        }
        for name, chart in made.items()
    }
    return data_script("relation_specs", "", script_safe(specs))


def compile_chart(chart: "alt.LayerChart") -> dict[str, Any]:
    """Compile a chart to Vega with the Vega-Lite version that Altair wrote it for."""
    import altair
    import vl_convert  # both heavy, see the top

    wanted = altair.SCHEMA_VERSION.lstrip("v")
    lite = max(vl_convert.get_vegalite_versions(), key=lambda known: wanted.startswith(f"{known}."))
    spec: dict[str, Any] = vl_convert.vegalite_to_vega(chart.to_dict(), vl_version=lite)
    _trust_points(spec["marks"])
    _clip_layers(spec["marks"])
    return spec


def _trust_points(marks: list[dict[str, Any]]) -> None:
    """Drop the tests whether each point is a number: our rows hold nothing else, and they double the time."""
    for mark in marks:
        update = mark.get("encode", {}).get("update", {})
        update.pop("defined", None)
        for name, rules in update.items():
            if isinstance(rules, list) and "isValid(" in rules[0].get("test", ""):
                update[name] = rules[-1]
        _trust_points(mark.get("marks", []))


def _clip_layers(marks: list[dict[str, Any]]) -> None:
    """Clip the lines of a layer together: a clip for each of 100 lines is 100 more things to paint a page of."""
    for layer in marks:
        if not layer.get("name", "").endswith("pathgroup"):  # Vega-Lite's name for lines and areas in parts
            continue
        clips = [mark.pop("clip", False) for mark in layer["marks"]]
        if any(clips):
            layer["clip"] = True


def vega_script() -> bytes:
    """Bundle Vega so that only `runsite.vega` is left in the page."""
    import vl_convert  # heavy, see the top

    modules = (vl_convert.get_vega_version(), INTERPRETER_VERSION)
    try:
        code = vl_convert.javascript_bundle(snippet=_vega_snippet(*modules))
    except BaseException as problem:  # a panic of its bundler is not an Exception
        if isinstance(problem, KeyboardInterrupt | SystemExit):
            raise
        code = vl_convert.javascript_bundle(snippet=embed_snippet())
    notice = f"/* Vega {modules[0]} and the libraries it holds; licences: notices.html */"
    return f'{notice}\n(function(){{"use strict";{code}\n}})();\n'.encode()


def _vega_snippet(vega: str, interpreter: str) -> str:
    return (
        f'import {{parse, View}} from "/npm/vega@{vega}/+esm";'
        f'import {{expressionInterpreter}} from "/npm/vega-interpreter@{interpreter}/+esm";'
        "(globalThis.runsite ??= {}).vega = {parse, View, expressionInterpreter};"
    )


def embed_snippet() -> str:
    """Hand over vega-embed, the documented way and the larger one."""
    return "(globalThis.runsite ??= {}).vega = {embed: vegaEmbed};"


_MAKERS = {"vega": vega_script, "chart_specs": specs_script, "relation_specs": relation_specs_script}
