"""Each kind of chart, authored once with Altair. Imports Altair (0.4 s): only for `specs`, on a cache miss.

What differs from chart to chart stands here as a placeholder, a text that begins with `$`, and the browser puts the
real thing there, in the compiled Vega spec that it draws and in the Vega-Lite spec that a reader may take away, so
that the two cannot differ:

    $title $step         texts: the metric's label, what the horizontal axis counts
    $runs                the runs drawn, in the order of their colours (a list of one placeholder stands for a list)
    $colours $dashes     their colours and dash patterns
    $ink $muted $line $ground $other $font    the page's look, from its CSS custom properties
    $step_grain          1 where every step is whole, so that no tick stands at step 0.5
    $x_domain $y_domain  the part that is shown, [from, to]; null for all. They are signals of the view, so that a zoom
                         changes two signals and the data, and never parses the chart anew
    $x_ticks $x_labels $y_ticks $y_labels    where ticks stand, and what they say by their value; null where Vega
                         decides. Signals too. Times and logarithmic scales have round numbers of their own

Data comes by name, with fixed fields, so that names of metrics are data and never field paths:

    points       run, x (place on the horizontal axis), step, value, attempt, earlier (not the last attempt), part (a
                 number for each unbroken line)
    lone         the same, for points between two gaps, where no line is seen
    best         the same, for the best point of each run
    marks        run, x, step, kind, count: non-finite values, those beyond the chart (`above`, `below`), and those
                 that a logarithmic scale has no place for (`not_positive`; `left` on the horizontal axis)
    raw          as points: the values themselves behind smoothed ones
    seams        run, x, step: where a later attempt begins
    bands        run, x, low, high, part: how far the runs of a group spread
    others       run, x, value, part: further runs, in grey

The interpreter that Vega needs where eval is forbidden takes 2 microseconds and more for each expression and point.
So nothing here is an expression over points: gaps are parts rather than nulls, marks are data of their own rather
than filters, opacity is a scale, and no type is inferred. That made a card of 10 runs of 500 points three times faster.
"""

from typing import Any

import altair as alt

from runsite.charts.chart_frame import AXIS_LOOK, LEGEND_LOOK, framed, named_rows

_KINDS = ["NaN", "Infinity", "-Infinity", "above", "below", "not_positive", "left"]
# The browser sets the card's own size.
_WIDTH, _HEIGHT = 320, 180
# A tick's label may stand out so far at either end; one that would be cut off as a zoom moves it is left out.
_CARD_MARGIN = 5
# Never more ticks than whole steps; `tickMinStep` would do, but Vega counts one tick too many with it.
_STEP_TICKS = "min(12, max(2, floor(width / 72)), step_grain ? max(1, domain('x')[1] - domain('x')[0]) : 99)"
_VALUE_TICKS = "min(12, max(2, floor(height / 32)))"
# An "x", triangles and arrow heads, drawn as lines: they stay apart from the dots of values.
_KIND_SHAPES = [
    "M-0.7,-0.7L0.7,0.7M-0.7,0.7L0.7,-0.7",
    "triangle-up",
    "triangle-down",
    "M-0.7,0.2L0,-0.6L0.7,0.2",
    "M-0.7,-0.2L0,0.6L0.7,-0.2",
    "M-0.7,0.3L0.7,0.3M-0.3,-0.3L0.3,-0.3",
    "M0.2,-0.7L-0.6,0L0.2,0.7",
]
_SEAM_SHAPE = "M0,0L0,-2"
_VALUE_SCALE: dict[str, Any] = {"zero": False, "domainRaw": alt.ExprRef("y_domain")}
# Lines run as they were logged: a metric on the horizontal axis may go back.
_LINE: dict[str, Any] = {"order": False, "strokeJoin": "round", "aria": False, "clip": True}
_SIGNALS = ("step_grain", "x_domain", "y_domain", "x_ticks", "x_labels", "y_ticks", "y_labels")


def metric_chart() -> alt.LayerChart:
    """Author the chart of one metric by step, for any number of runs."""
    layers = [*_back_layers(), *_point_layers(), *_edge_layers()]
    chart = alt.layer(*layers).encode(
        x=alt.X("x:Q", axis=_step_axis()).scale(zero=False, nice=False, domainRaw=alt.ExprRef("x_domain")),
        color=alt.Color("run:N", legend=_legend()).scale(domain=["$runs"], range=["$colours"]),
    )
    made: alt.LayerChart = (
        framed(chart, width=_WIDTH, height=_HEIGHT, signals=_SIGNALS)
        .configure_axis(titleColor="$muted", titleFontSize=11, **AXIS_LOOK)
        .configure_legend(symbolSize=200, symbolStrokeWidth=2, **LEGEND_LOOK)
    )
    return made


def _back_layers() -> list[alt.Chart]:
    """Draw what stands behind the lines: further runs, bands, the values behind smoothed lines."""
    grey = alt.value("$other")
    others = alt.Chart(named_rows("others")).mark_line(strokeWidth=1, opacity=0.4, **_LINE)
    bands = alt.Chart(named_rows("bands")).mark_area(opacity=0.18, aria=False, clip=True)
    raw = alt.Chart(named_rows("raw")).mark_line(strokeWidth=1, opacity=0.25, **_LINE)
    ends = {"y": alt.Y("low:Q", axis=_value_axis()).scale(**_VALUE_SCALE), "y2": "high:Q"}
    return [
        others.encode(y=_value(), color=grey, detail=["run:N", "part:N"]).properties(name="others"),
        bands.encode(**ends, detail="part:N").properties(name="bands"),
        raw.encode(y=_value(), detail="part:N").properties(name="raw"),
    ]


def _value() -> alt.Y:
    return alt.Y("value:Q", axis=_value_axis()).scale(**_VALUE_SCALE)


def _point_layers() -> list[alt.Chart]:
    value = _value()
    opacity = alt.Opacity("earlier:N", legend=None).scale(domain=[False, True], range=[1, 0.35])
    dash = alt.StrokeDash("run:N", legend=_legend()).scale(domain=["$runs"], range=["$dashes"])
    lines = alt.Chart(named_rows("points")).mark_line(strokeWidth=1.5, **_LINE)
    lone = alt.Chart(named_rows("lone")).mark_point(filled=True, size=28, aria=False)
    best = alt.Chart(named_rows("best")).mark_point(filled=True, size=34, stroke="$ground", strokeWidth=1.5, aria=False)
    return [
        lines.encode(y=value, opacity=opacity, strokeDash=dash, detail="part:N").properties(name="lines"),
        lone.encode(y=value, opacity=opacity).properties(name="lone"),
        best.encode(y=value, opacity=opacity).properties(name="best"),
    ]


def _edge_layers() -> list[alt.Chart]:
    """Stand infinities and what lies above the chart at the upper edge, all else at the lower one."""
    shape = alt.Shape("kind:N", legend=None).scale(domain=_KINDS, range=_KIND_SHAPES)
    marks = alt.Chart(named_rows("marks")).mark_point(filled=False, size=36, opacity=1, strokeWidth=1.5, aria=False)
    marks = marks.encode(shape=shape)
    is_upper = "datum.kind === 'Infinity' || datum.kind === 'above'"
    upper = marks.encode(y=alt.value(0)).transform_filter(is_upper)
    lower = marks.encode(y=alt.value("height")).transform_filter(f"!({is_upper})")
    seams = alt.Chart(named_rows("seams")).mark_point(filled=False, shape=_SEAM_SHAPE, size=64, opacity=1, aria=False)
    return [
        upper.properties(name="upper"),
        lower.properties(name="lower"),
        seams.encode(y=alt.value("height")).properties(name="seams"),
    ]


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="bottom", columns=4, symbolType="stroke", labelLimit=150)


def _step_axis() -> alt.Axis:
    return alt.Axis(
        title="$step",
        titleAnchor="end",
        titlePadding=2,
        grid=False,
        labelBound=_CARD_MARGIN,
        labelExpr=_tick_label("x"),
        tickCount=alt.ExprRef(_STEP_TICKS),
        values=alt.ExprRef("x_ticks"),
    )


def _value_axis() -> alt.Axis:
    return alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelExpr=_tick_label("y"),
        tickCount=alt.ExprRef(_VALUE_TICKS),
        values=alt.ExprRef("y_ticks"),
    )


def _tick_label(scale: str) -> str:
    """Write ticks short, in one notation per axis: 2M, not 2,000,000; 1e-8, not nine zeros.

    A power has as many digits as tell apart a twentieth of the axis, which no two ticks are closer than.
    """
    low, high = f"domain('{scale}')[0]", f"domain('{scale}')[1]"
    greatest = f"max(abs({low}), abs({high}))"
    digits = f"max(12, min(16, ceil(log(20 * {greatest} / ({high} - {low})) / LN10)))"
    written = f"format(datum.value, '.' + {digits} + '~e')"
    power = f"(datum.value === 0 ? '0' : replace(replace({written}, 'e+', 'e'), '-', '\u2212'))"
    short = "format(datum.value, '.12~s')"
    return (
        f"{scale}_labels ? {scale}_labels[datum.value] : "
        f"{low} === {high} ? format({low}, '.6~g') : "
        f"{greatest} >= 1e15 || {greatest} < 1e-3 ? {power} : "
        f"{greatest} >= 1e5 && {high} - {low} > {greatest} / 1000 ? {short} : datum.label"
    )
