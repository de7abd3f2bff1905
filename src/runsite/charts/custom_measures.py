"""What boxplots, error bars and bands of a custom chart measure, as a field without a path, which they need.

Vega-Lite makes them of rows that it sums up under names such as `lower_box_metrics['val/acc'].best`, and then takes
these for paths: nothing is drawn, and nothing said. So each gets the field that it measures under a plain name.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from runsite.charts.custom_names import path_steps

_KINDS = frozenset({"boxplot", "errorbar", "errorband"})
_BESIDE = ("concat", "hconcat", "vconcat")
_NO_WORD = re.compile(r"\W+")


def with_plain_measures(node: Mapping[str, Any], above: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give each such mark of a spec its plain field; `above` is the encoding that a layer shares."""
    encoding = {**(above or {}), **node.get("encoding", {})}
    parts: dict[str, Any] = {name: [*map(with_plain_measures, node[name])] for name in _BESIDE if name in node}
    if "layer" in node:
        parts["layer"] = [with_plain_measures(layer, encoding) for layer in node["layer"]]
    if "spec" in node:
        parts["spec"] = with_plain_measures(node["spec"])
    mark = node.get("mark")
    look = mark if isinstance(mark, Mapping) else {"type": mark}
    return {**node, **parts, **(_plain_parts(node, encoding, look) if look["type"] in _KINDS else {})}


def _plain_parts(node: Mapping[str, Any], encoding: Mapping[str, Any], look: Mapping[str, Any]) -> dict[str, Any]:
    channel = _measured(encoding, look)
    measure = encoding.get(channel, {})
    field = measure.get("field")
    steps = path_steps(field) if isinstance(field, str) else []
    if len(steps) < 2:
        return {}
    plain = _NO_WORD.sub("_", ".".join(steps))
    made = {"calculate": _reading(steps), "as": plain}
    changed = {channel: {"title": field, **measure, "field": plain}}
    return {"transform": [*node.get("transform", []), made], "encoding": {**node.get("encoding", {}), **changed}}


def _measured(encoding: Mapping[str, Any], look: Mapping[str, Any]) -> str:
    """Name the channel that is summed up, as Vega-Lite chooses it."""
    numbers = [channel for channel in ("x", "y") if encoding.get(channel, {}).get("type") == "quantitative"]
    return "x" if numbers == ["x"] or (look.get("orient") == "horizontal" and "x" in numbers) else "y"


def _reading(steps: list[str]) -> str:
    """Write an expression that reads a path, and is null where a part of it is missing."""
    places = ["".join(f"[{json.dumps(step)}]" for step in steps[: count + 1]) for count in range(len(steps))]
    asked = " && ".join(f"isValid(datum{place})" for place in places[:-1])
    return f"{asked} ? datum{places[-1]} : null"
