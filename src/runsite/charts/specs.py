"""The compiled charts and Vega itself, as assets of the site.

Altair (0.4 s) and vl-convert (2 s for the bundle) are imported only when the cache does not hold their result.

What we rely on in vl-convert and is not documented, guarded by tests/charts/test_vega_facts.py: a snippet may import
from `/npm/vega@<version>/+esm` and `/npm/vega-interpreter@2.0.0/+esm`. Imported by name they give a bundle of 590 KB;
imported as a namespace, vl-convert 1.9 panics or gives more. Where that fails we take vega-embed whole (900 KB).
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runsite.data_script import DataFile, data_script, script_safe
from runsite.site_paths import RELATION_SPECS_ASSET, SPECS_ASSET, VEGA_ASSET

if TYPE_CHECKING:  # 0.4 s to import
    import altair as alt

INTERPRETER_VERSION = "2.0.0"


def chart_assets(cache: Path | None) -> tuple[DataFile, ...]:
    """Make the scripts every chart needs, or take them from the cache folder."""
    vl_convert, altair = version("vl-convert-python"), version("altair")
    own, relations = _digest("kinds.py"), _digest("relation_kinds.py")
    return (
        DataFile(VEGA_ASSET, _remember(cache, "vega", f"{vl_convert} {own}", make=vega_script)),
        DataFile(SPECS_ASSET, _remember(cache, "chart_specs", f"{vl_convert} {altair} {own}", make=specs_script)),
        DataFile(
            RELATION_SPECS_ASSET,
            _remember(cache, "relation_specs", f"{vl_convert} {altair} {relations}", make=relation_specs_script),
        ),
    )


def _digest(module: str) -> str:
    """Digest this module, one whose charts it compiles, and what all charts have in common."""
    here = Path(__file__)
    sources = (here, here.with_name(module), here.with_name("chart_frame.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


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
    import vl_convert  # both heavy, see above

    wanted = altair.SCHEMA_VERSION.lstrip("v")
    lite = max(vl_convert.get_vegalite_versions(), key=lambda known: wanted.startswith(f"{known}."))
    spec: dict[str, Any] = vl_convert.vegalite_to_vega(chart.to_dict(), vl_version=lite)
    _trust_points(spec["marks"])
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


def vega_script() -> bytes:
    """Bundle Vega so that only `runsite.vega` is left in the page."""
    import vl_convert  # heavy, and only on a cache miss

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


def _remember(cache: Path | None, name: str, key: str, *, make: Callable[[], bytes]) -> bytes:
    """Take a result from the cache, else make it and keep it; a cache that fails means slower, never wrong."""
    if cache is None:
        return make()
    kept = cache / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.js"
    try:
        content = kept.read_bytes()
    except OSError:
        content = b""
    if content.endswith(b";\n"):
        return content
    content = make()
    _keep(kept, content, older=f"{name}-*.js")
    return content


def _keep(kept: Path, content: bytes, *, older: str) -> None:
    partial = kept.with_suffix(".partial")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        for stale in kept.parent.glob(older):
            stale.unlink()
        partial.replace(kept)
    except OSError:
        return
