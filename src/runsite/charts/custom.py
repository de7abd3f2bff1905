"""Charts that a store brings along: read, checked, compiled to Vega; a broken one says what is wrong with it.

`charts/NAME.vl.json` is a Vega-Lite spec whose data come by name, so that it holds no field path made of a metric's
name and its chart changes with the runs:

    runs           one row per run of the experiment, for its fields see `charts_custom.js`
    metric:NAME    one row per point of the runs drawn: run, name, step, attempt, time, value

`charts/NAME.py` is a program that leaves an Altair chart called `chart`, or a function of that name that makes one,
with its data by name too. It is run only where the build was told `--allow-code`, in a process of its own
(`custom_programs`). It gets no data: what comes out depends on its own text alone, so an unchanged file is not run
again, and nothing of a run gets out by it.

The policy: nothing is fetched at run time. So data by `url`, pictures and links are refused, wherever they stand but in
rows of inline data. And a chart stays within its card: it puts no input elsewhere in the page by `element`, and keeps
no event from it but those of a drag. Altair's own schema of Vega-Lite judges the rest, and `custom_limits` how much a
spec makes.

Colours and fonts are the page's, through `config`, unless the spec has its own: placeholders that the browser fills, so
that light and dark both work.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from runsite.charts.custom_limits import excess
from runsite.charts.custom_measures import with_plain_measures
from runsite.charts.custom_names import METRIC, RUNS
from runsite.charts.custom_programs import RunProgram, run_program
from runsite.charts.custom_words import with_safe_words
from runsite.model import ChartFile, CustomChart

MAX_BYTES = 1_000_000
"""Of a file: a spec is a few KB; what is larger carries its data along."""
MAX_DIGITS = 300
"""Of a whole number: what has more is no number of JavaScript."""
_REFUSED = {
    "url": "nothing is fetched: use data by name or inline values",
    "href": "a chart in a site links nowhere: leave href out",
}
_HEARD = ("view", "scope", "window")
_MOVES = ("pointermove", "mousemove", "touchmove")
"""Of a drag, which goes on beyond the chart."""
_ROWS = ("values", "datasets")
_GENERATED = {"values", "sequence", "sphere", "graticule"}
"""Data that a spec makes by itself."""
_SEVERAL = ("concat", "hconcat", "vconcat", "repeat", "facet")
_WIDTH, _HEIGHT = 320, 200
MAX_PROBLEM = 300


class _ChartError(Exception):
    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


def custom_chart(file: ChartFile, *, allow_code: bool, run: RunProgram = run_program) -> CustomChart:
    """Compile a chart; what is wrong with it is said, not raised."""
    if file.is_code and not allow_code:
        said = "not run, for it is code; build with --allow-code to run it"
        return CustomChart(file.name, file.name, "", file.store_path, said, is_refused=True)
    try:
        spec = _spec_of(file, run)
        title, description = _words_of(spec)
        drawn = _compile(spec)
    except _ChartError as found:
        problem = " ".join(found.problem.split())
        shown = problem if len(problem) <= MAX_PROBLEM else f"{problem[:MAX_PROBLEM]}…"
        return CustomChart(file.name, file.name, "", file.store_path, shown, found.line)
    return CustomChart(file.name, title or file.name, description, file.store_path, spec=drawn)


def _spec_of(file: ChartFile, run: RunProgram) -> dict[str, Any]:
    if file.text is None:
        raise _ChartError(f"larger than {MAX_BYTES:,} bytes; bind its data by name")
    if file.is_code:
        return _made_by_program(run(file.text, file.store_path))
    spec = _json(file.text)
    if not isinstance(spec, dict):
        raise _ChartError("a Vega-Lite spec is an object: {...}")
    return spec


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise _ChartError(f"no JSON, at column {error.colno}: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise _ChartError("nested too deep") from error


def _refuse_constant(word: str) -> None:
    raise _ChartError(f"no JSON: {word} is no number of JSON; write null")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _ChartError(f"a whole number has at most {MAX_DIGITS} digits")
    return int(digits)


def _made_by_program(told: str) -> dict[str, Any]:
    outcome = _json(told)
    if "problem" in outcome:
        raise _ChartError(outcome["problem"], outcome["line"])
    spec: dict[str, Any] = outcome["spec"]
    return spec


def _compile(spec: dict[str, Any]) -> dict[str, Any]:
    import altair  # both heavy: only where a store has charts of its own
    import vl_convert

    _refuse(spec)
    bound = _bound_data(spec)
    _validate(spec)
    if problem := excess(spec):
        raise _ChartError(problem)
    fields = _fields(spec)
    is_sized = not any(name in spec for name in _SEVERAL) and "width" not in spec and not _is_faceted(spec)
    sized = {"width": _WIDTH, "height": _HEIGHT, "autosize": {"type": "fit", "contains": "padding"}} if is_sized else {}
    whole = {**sized, **with_plain_measures(spec), "config": merged(_config(), spec.get("config", {}))}
    whole = {"background": "$runsite_ground", **whole}
    wanted = altair.SCHEMA_VERSION.lstrip("v")
    lite = max(vl_convert.get_vegalite_versions(), key=lambda known: wanted.startswith(f"{known}."))
    try:
        vega = vl_convert.vegalite_to_vega(whole, vl_version=lite)
    except ValueError as error:
        raise _ChartError(f"Vega-Lite cannot compile it: {_first_part(str(error))}") from error
    _refuse_events(vega)
    return {
        "vega": with_safe_words(vega),
        "vega_lite": whole,
        "data": sorted(bound),
        "fields": fields,
        "is_sized": is_sized,
    }


def _validate(spec: Mapping[str, Any]) -> None:
    """Hold a spec against Vega-Lite's schema, as Altair has it."""
    from altair import Root, load_schema  # heavy
    from altair.utils.schemapi import validate_jsonschema

    found: Any = validate_jsonschema(dict(spec), Root._schema, rootschema=load_schema(), raise_error=False)
    while found and isinstance(found, dict | list):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    if not found:
        return
    place = found.json_path.removeprefix("$").removeprefix(".") or "the whole spec"
    is_choice = found.validator in ("const", "type", "anyOf")
    problem = f"{found.instance!r} is not what may stand there" if is_choice else found.message
    raise _ChartError(f"no Vega-Lite, at {place}: {problem}")


def _first_part(text: str) -> str:
    """Return what a library says before it lists the whole schema or its stack."""
    return text.split("\n    at ")[0].split("\n\n")[0]


def _words_of(spec: Mapping[str, Any]) -> tuple[str, str]:
    """Read the title and what stands below it: the subtitle, if the title is an object, and the description."""
    title = spec.get("title")
    texts = title if isinstance(title, dict) else {"text": title}
    below = (_text_of(texts.get("subtitle")), _text_of(spec.get("description")))
    return _text_of(texts.get("text")), " · ".join(filter(None, below))


def _text_of(value: Any) -> str:
    """Read a text, or its lines."""
    if isinstance(value, list):
        value = " ".join(line for line in value if isinstance(line, str))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a spec, but for rows of data."""
    ahead = [node]
    while ahead:
        found = ahead.pop()
        if isinstance(found, dict):
            yield found
            ahead += [value for name, value in found.items() if name not in _ROWS]
        elif isinstance(found, list):
            ahead += found


def _refuse(spec: Mapping[str, Any]) -> None:
    for node in _nodes(spec):
        for name, reason in _REFUSED.items():
            if name in node:
                raise _ChartError(f"{name} is refused; {reason}")
        if node.get("mark") == "image" or (node.get("type") == "image" and node is spec.get("mark")):
            raise _ChartError("pictures are refused; nothing is fetched")
        if any("element" in bound for bound in _nodes(node.get("bind"))):
            raise _ChartError("element is refused; inputs stand below their chart: leave element out")


def _refuse_events(vega: Mapping[str, Any]) -> None:
    """Refuse to listen in other parts of the page: a click that is consumed there, the page would never hear of."""
    for node in _nodes(vega.get("signals", []) + vega.get("marks", [])):
        source, kind = node.get("source", "view"), node.get("type")
        keeps = source == "window" and node.get("consume") and not (kind in _MOVES and "between" in node)
        if kind is not None and (source not in _HEARD or keeps):
            raise _ChartError(f"events of {source} are refused; a chart hears its own")
        if kind == "timer":
            raise _ChartError("timers are refused; a chart of a store does not move by itself")


def _bound_data(spec: Mapping[str, Any]) -> set[str]:
    """Gather the names of data that the page binds; a name that nobody gives data to is a mistake."""
    given = {RUNS, *spec.get("datasets", {})} if isinstance(spec.get("datasets", {}), dict) else {RUNS}
    names = set()
    for node in _nodes(spec):
        data = node.get("data")
        if not isinstance(data, dict) or "name" not in data or _GENERATED & set(data):
            continue
        name = data["name"]
        if not isinstance(name, str) or (name not in given and not name.startswith(METRIC)):
            raise _ChartError(f"data by the name {name!r} is not known; name it runs or metric:NAME")
        names.add(name)
    return {name for name in names if name == RUNS or name.startswith(METRIC)}


def _fields(spec: Mapping[str, Any]) -> dict[str, str]:
    """Read the spec's own names for columns of the run table: `usermeta.fields`."""
    usermeta = spec.get("usermeta")
    fields = usermeta.get("fields", {}) if isinstance(usermeta, dict) else {}
    if not isinstance(fields, dict) or not all(isinstance(column, str) for column in fields.values()):
        raise _ChartError('usermeta.fields names columns of the run table: {"acc": "metrics.val/acc.best"}')
    return fields


def _is_faceted(spec: Mapping[str, Any]) -> bool:
    encoding = spec.get("encoding")
    return isinstance(encoding, dict) and any(name in encoding for name in ("row", "column", "facet"))


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one config over another."""
    both = {
        name: merged(below[name], value) if isinstance(value, dict) and isinstance(below.get(name), dict) else value
        for name, value in above.items()
    }
    return {**below, **both}


def _config() -> dict[str, Any]:
    """The page's look; `$runsite_` begins what the browser puts there."""
    ink, muted, line = "$runsite_ink", "$runsite_muted", "$runsite_line"
    text = {
        "labelColor": muted,
        "titleColor": muted,
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
    }
    hues: list[str] = [f"$runsite_hue_{number}" for number in range(8)]
    return {
        "font": "$runsite_font",
        "view": {"stroke": None},
        "axis": {**text, "gridColor": line, "domainColor": line, "tickColor": line},
        # A card is 200 pixels high: long names upright, or in a legend, would leave no room for the chart.
        # Labels moved inwards at the ends run into their neighbours, and Vega lets labels touch.
        "axisX": {"labelLimit": 90, "labelFlush": False, "labelSeparation": 6},
        "legend": {**text, "labelColor": ink, "labelLimit": 120},
        "header": {"labelColor": ink, "titleColor": muted, "titleFontWeight": "normal"},
        "title": {"color": ink, "subtitleColor": muted, "fontSize": 13, "anchor": "start"},
        "text": {"color": ink},
        "rule": {"color": muted},
        "mark": {"color": hues[0]},
        "range": {"category": hues},
    }
