"""How much a custom chart may make by itself: rows, bins, ticks, pixels and views, as far as its spec alone can tell.

A chart stands on the page of its experiment, and one that makes a billion of anything freezes that page for every
reader. So what a spec generates is bounded by its literal numbers, and expressions by their calls (see
`custom_expression_limits`). What depends on the data is not judged: rows that `flatten`, `fold` or `impute` multiply,
bins and ticks over a range that the data give, and numbers that an expression reckons.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

from runsite.charts.custom_expression_limits import WIDE_FORMAT, expression_excess, is_wide_format, is_within

MAX_ITEMS = 100_000
"""Rows of a `sequence`, and values that `impute` fills in: as many marks draw in about a second."""
MIN_DEGREES = 0.5
"""Between lines of a `graticule` and between points of a line: the whole globe has about 500,000 points so."""
MAX_DEGREES = 360
"""How far a `graticule` reaches: once around."""
MAX_PIXELS = 10_000
"""Width, height, a step, padding: several screens; a PNG of that size still fits into memory."""
MAX_COUNT = 1_000
"""Ticks, bins, colours of a scheme: one for each pixel of a wide chart."""
MIN_BIN_STEP = 1e-6
"""Where the spec says no extent: a million bins over values from 0 to 1, which is already slow."""
MAX_DENSITY_STEPS = 10_000
"""Points along a density, each reckoned from all values."""
MIN_QUANTILE_STEP = 1e-4
"""10,000 points, more than a line has pixels."""
MAX_ORDER = 20
"""Of a polynomial; its matrix has the square of that, and it follows noise long before."""
MAX_VIEWS = 400
"""Of one `repeat`: twenty metrics against each other. Each view takes milliseconds to compile and to draw."""
_EXPRESSIONS = frozenset("expr signal calculate filter test labelExpr on clear translate zoom".split())
_JOINTS = frozenset({"and", "or", "not"})
_VIEWS = ("layer", "concat", "hconcat", "vconcat", "repeat")
_FINE = frozenset({"millisecond", "milliseconds", "second", "seconds", "utcmillisecond", "utcsecond"})
_LENGTHS = (
    "width height padding spacing offset left right top bottom"
    " continuousWidth continuousHeight discreteWidth discreteHeight minBandSize"
)
_MOST: Mapping[str, int] = {
    **dict.fromkeys(_LENGTHS.split(), MAX_PIXELS),
    **dict.fromkeys(("tickCount", "maxbins"), MAX_COUNT),
    **dict.fromkeys(("minsteps", "maxsteps"), MAX_DENSITY_STEPS),
    "order": MAX_ORDER,
}
"""The most that a number may be, by its name."""
_STEPPED = frozenset({"width", "height", "view"})


def excess(spec: Mapping[str, Any]) -> str:
    """Say what a spec makes too much of, or that it has a view without anything; empty where it is within bounds."""
    return next(_problems(spec), "")


def _problems(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, value in _values(spec):
        if isinstance(value, dict):
            yield from _object_problems(name, value)
        elif isinstance(value, str):
            yield from _text_problems(name, value)
        elif name in _MOST and _is_number(value) and not value <= _MOST[name]:
            yield f"{name} is at most {_MOST[name]:,}"


def _values(spec: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield everything in a spec with the name that it stands under, but for rows of data; conditions by their own."""
    ahead: list[tuple[str, Any]] = [("", spec)]
    while ahead:
        name, found = ahead.pop()
        yield name, found
        if isinstance(found, list):
            ahead += [(name, value) for value in reversed(found)]
        elif isinstance(found, dict):
            rows = {"values"} if name == "data" else {"datasets", "usermeta"}
            ahead += [
                (name if key in _JOINTS else key, value) for key, value in reversed(found.items()) if key not in rows
            ]


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text_problems(name: str, text: str) -> Iterator[str]:
    if name in _EXPRESSIONS and (problem := expression_excess(text)):
        yield f"{problem} (in {name})"
    elif name == "tickCount" and text in _FINE:
        yield _FINE_TICKS
    elif name in ("format", "numberFormat") and is_wide_format(text):
        yield WIDE_FORMAT


_FINE_TICKS = "ticks for each second may be any number of them; give tickCount a number"


def _object_problems(name: str, node: Mapping[str, Any]) -> Iterator[str]:
    for view in _VIEWS:
        if view in node and node[view] in ([], {}):
            yield f"{view} is empty: it has nothing to draw"
    if isinstance(node.get("repeat"), list | dict):
        yield from _repeat_problems(node["repeat"])
    judge = _BY_NAME.get(name)
    if judge:
        yield from judge(node)
    if name in _STEPPED and _is_number(node.get("step")) and not node["step"] <= MAX_PIXELS:
        yield f"the step of {name} is at most {MAX_PIXELS:,} pixels"
    if "density" in node and _is_number(node.get("steps")) and not node["steps"] <= MAX_DENSITY_STEPS:
        yield f"steps of a density are at most {MAX_DENSITY_STEPS:,}"
    if "quantile" in node and _is_number(node.get("step")) and not node["step"] >= MIN_QUANTILE_STEP:
        yield f"the step of a quantile is at least {MIN_QUANTILE_STEP:g}"


def _repeat_problems(repeat: list[Any] | dict[str, Any]) -> Iterator[str]:
    views = 1
    for fields in repeat.values() if isinstance(repeat, dict) else [repeat]:
        views *= len(fields) if isinstance(fields, list) else 1
    if not views:
        yield "repeat is empty: it has nothing to draw"
    if views > MAX_VIEWS:
        yield f"repeat makes at most {MAX_VIEWS:,} views, not {views:,}"


def _sequence_problems(sequence: Mapping[str, Any]) -> Iterator[str]:
    start, stop, step = sequence.get("start", 0), sequence.get("stop"), sequence.get("step", 1)
    if not (_is_number(start) and _is_number(stop) and _is_number(step)):
        yield "start, stop and step of a sequence are plain numbers"
    elif not is_within(start, stop, step, most=MAX_ITEMS):
        yield f"a sequence has at most {MAX_ITEMS:,} items, and its step is not 0"


def _graticule_problems(graticule: Mapping[str, Any]) -> Iterator[str]:
    steps = [number for name in ("step", "stepMajor", "stepMinor", "precision") for number in _numbers(graticule, name)]
    # Nought draws no lines of that kind.
    if any(not (abs(step) >= MIN_DEGREES or step == 0) for step in steps):
        yield f"steps and precision of a graticule are at least {MIN_DEGREES} degrees"
    reaches = [number for name in ("extent", "extentMajor", "extentMinor") for number in _numbers(graticule, name)]
    if any(not abs(reach) <= MAX_DEGREES for reach in reaches):
        yield f"a graticule reaches at most {MAX_DEGREES} degrees"


def _numbers(node: Mapping[str, Any], name: str) -> Iterator[float]:
    """Yield the numbers that stand under a name, in lists too."""
    ahead = [node.get(name)]
    while ahead:
        found = ahead.pop()
        if isinstance(found, list):
            ahead += reversed(found)
        elif _is_number(found):
            yield found


def _bin_problems(binned: Mapping[str, Any]) -> Iterator[str]:
    extent = list(_numbers(binned, "extent"))
    for name in ("step", "steps"):
        for step in _numbers(binned, name):
            if len(extent) == 2 and not is_within(extent[0], extent[1], step, most=MAX_COUNT):
                yield f"bins of a step of {step:g} over {extent[0]:g} to {extent[1]:g} are more than {MAX_COUNT:,}"
            elif len(extent) != 2 and not step >= MIN_BIN_STEP:
                yield f"the step of bins is at least {MIN_BIN_STEP:g} where there is no extent; take maxbins"


def _scale_bin_problems(bins: Mapping[str, Any]) -> Iterator[str]:
    ends = [*_numbers(bins, "start"), *_numbers(bins, "stop")]
    yield from _bin_problems({"step": bins.get("step"), "extent": ends})


def _scheme_problems(scheme: Mapping[str, Any]) -> Iterator[str]:
    if any(not count <= MAX_COUNT for count in _numbers(scheme, "count")):
        yield f"a scheme has at most {MAX_COUNT:,} colours"


def _tick_problems(ticks: Mapping[str, Any]) -> Iterator[str]:
    if ticks.get("interval") in _FINE:
        yield _FINE_TICKS


_BY_NAME: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "sequence": _sequence_problems,
    "keyvals": _sequence_problems,
    "graticule": _graticule_problems,
    "bin": _bin_problems,
    "bins": _scale_bin_problems,
    "scheme": _scheme_problems,
    "tickCount": _tick_problems,
}
