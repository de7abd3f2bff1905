"""The charts that relate runs to each other, each authored once with Altair. Imports Altair, as `kinds` does.

`static/relations_of.js` makes what they show; what differs from chart to chart stands here as a placeholder:

    $title                                the chart's title
    $x_title $y_title                     of the axes; none where a chart gives its axis no name
    $x_domain $y_domain                   what the axes span, [from, to]
    $x_scale $y_scale $colour_scale       "linear" or "log"
    $x_ticks $x_labels $y_ticks $y_labels where ticks stand, and what they say: our number format, names, times
    $x_has_names                          whether those of the x axis are names
    $groups $colours                      texts that have a hue, and their hues
    $groups_title                         what these texts are of; none where they say it themselves
    $shade_title $shade_domain $shades    numbers that have a shade: five stops and their colours
    $shade_ticks $shade_labels            the ticks of their legend
    $ink $muted $line $ground $first $font    the page's look; `$first` is the hue of what needs no other

Data comes by name with fixed fields, so that names of params are data and never field paths. A scale's kind is chosen
for each chart, which Vega-Lite cannot be told before: `with_open_scales` puts the placeholder there afterwards.
"""

from collections.abc import Callable
from typing import Any

import altair as alt

from runsite.charts.chart_frame import AXIS_LOOK, LEGEND_LOOK, framed, named_rows

_WIDTH, _HEIGHT = 640, 360
_OPEN_SCALES = {"$x_domain": "$x_scale", "$y_domain": "$y_scale", "$shade_domain": "$colour_scale"}
_SIGNALS = ("x_ticks", "x_labels", "x_has_names", "y_ticks", "y_labels")
_SHADE_SIGNALS = ("shade_ticks", "shade_labels")
# Names share the width; numbers and times, which may differ in their ends alone, are never cut, but left out where they
# meet.
_X_LABEL_LIMIT = "x_has_names ? max(76, width / max(1, length(x_ticks)) - 6) : 0"
# Every n-th label of an upright axis, as far apart as they are high; names by what tells them apart, where two axes are
# too near for a date.
_AXIS_ROOM = "width / max(1, length(x_ticks)) - 12"
_SEEN_LABEL = (
    "datum.rank % max(1, ceil(12 / (datum.gap * height))) !== 0 ? '' : "
    f"datum.is_name && {_AXIS_ROOM} < 60 ? datum.short : datum.label"
)
# Names wider than two axes are apart would stand on those of the next; numbers, which may differ late, are whole.
_NAME_LIMIT = f"datum.is_name ? max(28, {_AXIS_ROOM}) : 0"
_STAR = (
    "M0,-1L0.2245,-0.309L0.9511,-0.309L0.3633,0.118L0.5878,0.809L0,0.382L-0.5878,0.809L-0.3633,0.118"
    "L-0.9511,-0.309L-0.2245,-0.309Z"
)


def relation_charts() -> dict[str, Callable[[], alt.LayerChart]]:
    """Name the author of each chart."""
    return {
        "scatter": scatter_chart,
        "scatter_shaded": shaded_scatter_chart,
        "parallel": parallel_chart,
        "importance": importance_chart,
        "histogram": histogram_chart,
        "best_so_far": best_so_far_chart,
    }


def scatter_chart() -> alt.LayerChart:
    """Author runs by two columns, texts of a third as hues."""
    return _dressed([_points("points").encode(color=_hue()), _lifted(_y())])


def shaded_scatter_chart() -> alt.LayerChart:
    """Author runs by two columns, numbers of a third as shades; those without one are `bare`."""
    bare = _points("bare", color="$muted", filled=False)
    return _dressed([bare, _points("points").encode(color=_shade("colour:Q")), _lifted(_y())], has_shade=True)


def parallel_chart() -> alt.LayerChart:
    """Author a line for each run across axes from 0 to 1."""
    # Every axis has its name, cut rather than left out.
    limit = alt.ExprRef("width / max(1, length(x_ticks)) - 6")
    names: dict[str, Any] = {"labelFontWeight": "bold", "labelOverlap": False, "labelLimit": limit}
    axis = _axis("x", orient="top", ticks=False, domain=False, grid=False, **names)
    x = alt.X("axis:Q", axis=axis).scale(domain=["$x_domain"], zero=False, nice=False)
    y = _bare_y("place:Q")
    # Opaque, and drawn first: however many lie on one another, they are no darker than one.
    context = _lines("context", stroke="$line", strokeWidth=1).encode(x=x, y=y, detail="part:N")
    lines = _lines("lines", strokeWidth=1.25, strokeOpacity=0.75).encode(
        x=x, y=y, detail="part:N", color=_shade("shade:Q")
    )
    lifted = _lines("lifted", stroke="$ink", strokeWidth=2).encode(
        x=x,
        y=y,
        detail="part:N",
        strokeDash=alt.StrokeDash("what:N", legend=None).scale(domain=["best", "selected"], range=[[1, 0], [4, 2]]),
    )
    rails = alt.Chart(named_rows("rails")).mark_rule(color="$muted", aria=False)
    rails = rails.encode(x=x, y=_bare_y("from:Q"), y2="to:Q")
    label: dict[str, Any] = {"align": "right", "baseline": "middle", "dx": -6, "fontSize": 11, "aria": False}
    label |= {"text": alt.ExprRef(_SEEN_LABEL), "limit": alt.ExprRef(_NAME_LIMIT)}
    halo = alt.Chart(named_rows("ticks")).mark_text(**label, stroke="$ground", strokeWidth=4, strokeJoin="round")
    ticks = alt.Chart(named_rows("ticks")).mark_text(**label, color="$muted")
    named = [part.encode(x=x, y=y) for part in (halo, ticks)]
    return _dressed([context, lines, lifted, rails, *named], has_shade=True)


def importance_chart() -> alt.LayerChart:
    """Author the correlation of each param with a metric, its interval, and what chance makes of texts."""
    y = alt.Y("place:Q", axis=_axis("y", ticks=False, domain=False, grid=False)).scale(
        domain=["$y_domain"], zero=False, nice=False, reverse=True
    )
    zero = alt.Chart(named_rows("zero")).mark_rule(color="$muted", aria=False).encode(x=_x("x:Q"))
    bars = alt.Chart(named_rows("bars")).mark_rule(strokeWidth=9, opacity=0.35, aria=False)
    bars = bars.encode(x=_x("base:Q"), x2="estimate:Q", y=y, color=_hue())
    intervals = alt.Chart(named_rows("intervals")).mark_rule(color="$ink", strokeWidth=1.5, aria=False)
    intervals = intervals.encode(x=_x("low:Q"), x2="high:Q", y=y)
    chances = alt.Chart(named_rows("chances")).mark_point(
        shape="stroke", angle=90, size=200, color="$ink", strokeWidth=2, aria=False
    )
    shape = alt.Shape("what:N", legend=None).scale(domain=["number", "text"], range=["circle", "diamond"])
    points = alt.Chart(named_rows("bars")).mark_point(filled=True, size=70, opacity=1, aria=False)
    points = points.encode(x=_x("estimate:Q"), y=y, color=_hue(), shape=shape)
    return _dressed([bars, zero, intervals, chances.encode(x=_x("chance:Q"), y=y), points])


def histogram_chart() -> alt.LayerChart:
    """Author how many runs lie in each bin, or have each value."""
    bars = alt.Chart(named_rows("bars")).mark_rect(
        color="$first", opacity=0.8, stroke="$ground", strokeWidth=1, aria=False
    )
    bars = bars.encode(x=_x("from:Q"), x2="to:Q", y=_y("count:Q"), y2="base:Q")
    return _dressed([bars, _lifted(alt.value(8))])


def best_so_far_chart() -> alt.LayerChart:
    """Author runs over time, and the line of the best value so far."""
    runs = _points("runs", color="$muted", opacity=0.5, size=22)
    line = alt.Chart(named_rows("line")).mark_line(
        interpolate="step-after", stroke="$first", strokeWidth=1.75, aria=False
    )
    records = _points("records", color="$first", size=46, stroke="$ground", strokeWidth=1.25)
    return _dressed([runs, line.encode(x=_x(), y=_y()), records, _lifted(_y())])


def with_open_scales(spec: dict[str, Any]) -> dict[str, Any]:
    """Let each scale whose domain is a placeholder have a kind that is one, in a Vega-Lite or a Vega spec."""
    return {name: _opened(part) for name, part in spec.items()}


def _opened(part: Any) -> Any:
    if isinstance(part, list):
        return [_opened(item) for item in part]
    if not isinstance(part, dict):
        return part
    domain = part.get("domain")
    kind = _OPEN_SCALES.get(domain[0]) if isinstance(domain, list) and len(domain) == 1 else None
    return {name: _opened(item) for name, item in part.items()} | ({"type": kind} if kind else {})


def _points(name: str, **mark: Any) -> alt.Chart:
    options: dict[str, Any] = {"filled": True, "size": 40, "opacity": 0.8, "aria": False, **mark}
    chart: alt.Chart = alt.Chart(named_rows(name)).mark_point(**options).encode(x=_x(), y=_y())
    return chart


def _lines(name: str, **mark: Any) -> alt.Chart:
    """Author lines; faint by their strokes, as each element that is faint takes a PNG a picture of its own."""
    chart: alt.Chart = alt.Chart(named_rows(name)).mark_line(strokeJoin="round", aria=False, **mark)
    return chart


def _lifted(y: Any) -> alt.Chart:
    """Ring the runs selected, and star the best."""
    shape = alt.Shape("what:N", legend=None).scale(domain=["best", "selected"], range=[_STAR, "circle"])
    fill = alt.Fill("what:N", legend=None).scale(domain=["best", "selected"], range=["$ink", "transparent"])
    size = alt.Size("what:N", legend=None).scale(domain=["best", "selected"], range=[110, 130], type="ordinal")
    marks = alt.Chart(named_rows("lifted")).mark_point(stroke="$ink", strokeWidth=1.5, opacity=1, aria=False)
    lifted: alt.Chart = marks.encode(x=_x(), y=y, shape=shape, fill=fill, size=size)
    return lifted


def _x(field: str = "x:Q") -> alt.X:
    return alt.X(field, axis=_axis("x", grid=False)).scale(domain=["$x_domain"], zero=False, nice=False)


def _y(field: str = "y:Q") -> alt.Y:
    return alt.Y(field, axis=_axis("y", ticks=False, domain=False)).scale(domain=["$y_domain"], zero=False, nice=False)


def _bare_y(field: str) -> alt.Y:
    return alt.Y(field, axis=None).scale(domain=["$y_domain"], zero=False, nice=False)


def _axis(name: str, **options: Any) -> alt.Axis:
    usual: dict[str, Any] = {"labelLimit": alt.ExprRef(_X_LABEL_LIMIT) if name == "x" else 190}
    return alt.Axis(
        title=f"${name}_title",
        values=alt.ExprRef(f"{name}_ticks"),
        labelExpr=f"{name}_labels[indexof({name}_ticks, datum.value)]",
        titleLimit=alt.ExprRef("width" if name == "x" else "height"),
        **{**usual, **options},
    )


def _hue() -> alt.Color:
    legend = alt.Legend(title="$groups_title", orient="bottom", columns=4, labelLimit=150, symbolOpacity=1)
    return alt.Color("colour:N", legend=legend).scale(domain=["$groups"], range=["$colours"])


def _shade(field: str) -> alt.Color:
    legend = alt.Legend(
        title="$shade_title",
        orient="bottom",
        direction="horizontal",
        values=alt.ExprRef("shade_ticks"),
        labelExpr="shade_labels[indexof(shade_ticks, datum.value)]",
        gradientLength=240,
        titleLimit=240,
    )
    return alt.Color(field, legend=legend).scale(domain=["$shade_domain"], range=["$shades"])


def _dressed(layers: list[alt.Chart], *, has_shade: bool = False) -> alt.LayerChart:
    signals = _SIGNALS + (_SHADE_SIGNALS if has_shade else ())
    chart: alt.LayerChart = (
        framed(alt.layer(*layers), width=_WIDTH, height=_HEIGHT, signals=signals)
        # Our rows hold nothing that cannot be drawn; a filter would be an expression over each of them.
        .configure_mark(invalid="show")
        .configure_axis(titleColor="$ink", titleFontSize=12, titlePadding=6, **AXIS_LOOK)
        .configure_legend(titleColor="$ink", titleFontSize=11, **LEGEND_LOOK)
    )
    return chart
