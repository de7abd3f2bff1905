"""Each kind of chart, authored once with Altair. Imports Altair (0.4 s): only for `specs`, on a cache miss.

What differs from chart to chart stands here as a placeholder, a text that begins with `$`, and the browser puts the
real thing there, in the compiled Vega spec that it draws and in the Vega-Lite spec that a reader may take away, so
that the two cannot differ:

    $title $step         texts: the metric's label, what the horizontal axis counts
    $runs                the runs drawn, in the order of their colours (a list of one placeholder stands for a list)
    $colours $dashes     their colours and dash patterns
    $ink $muted $line $ground $font    the page's look, from its CSS custom properties
    $step_grain          1 where every step is whole, so that no tick stands at step 0.5

Data comes by name, with fixed fields, so that names of metrics are data and never field paths:

    points       run, step, value, attempt; `earlier` in all but the last attempt, `lone` where no line can be
                 drawn, `best` at the best value
    non_finite   run, step, kind, count
"""

import altair as alt

_KINDS = ["NaN", "Infinity", "-Infinity"]
# The browser sets the card's own size.
_WIDTH, _HEIGHT = 320, 180


def metric_chart() -> alt.LayerChart:
    """Author the chart of one metric by step, for any number of runs."""
    layers = [*_point_layers(), *_non_finite_layers()]
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .encode(
            x=alt.X("step:Q", axis=_step_axis()).scale(zero=False, nice=False),
            color=alt.Color("run:N", legend=_legend()).scale(domain=["$runs"], range=["$colours"]),
        )
        .properties(width=_WIDTH, height=_HEIGHT, padding=0, background="transparent", title="$title")
        .properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .add_params(alt.param(name="step_grain", value="$step_grain"))
        .configure(font="$font")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor="$muted",
            titleColor="$muted",
            gridColor="$line",
            domainColor="$line",
            tickColor="$line",
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            labelPadding=4,
            tickSize=4,
        )
        .configure_legend(labelColor="$ink", labelFontSize=11, symbolSize=200, symbolStrokeWidth=2)
        .configure_title(color="$ink", fontSize=13, fontWeight="bold", anchor="start", frame="group", offset=8)
    )
    return chart


def _point_layers() -> list[alt.Chart]:
    opacity = alt.condition("datum.earlier", alt.value(0.35), alt.value(1))
    value = alt.Y("value:Q", axis=_value_axis()).scale(zero=False)
    dash = alt.StrokeDash("run:N", legend=_legend()).scale(domain=["$runs"], range=["$dashes"])
    base = alt.Chart(alt.NamedData("points")).encode(y=value, opacity=opacity)
    lines = base.mark_line(strokeWidth=1.5, strokeJoin="round", strokeCap="butt", aria=False, clip=False)
    lone = base.mark_point(filled=True, size=28, aria=False)
    best = base.mark_point(filled=True, size=34, stroke="$ground", strokeWidth=1.5, aria=False)
    return [
        lines.encode(strokeDash=dash, detail="attempt:N").properties(name="lines"),
        lone.transform_filter("datum.lone").properties(name="lone"),
        best.transform_filter("datum.best").properties(name="best"),
    ]


def _non_finite_layers() -> list[alt.Chart]:
    """Stand NaN and minus infinity at the lower edge, infinity at the upper one, each at its step."""
    shape = alt.Shape("kind:N", legend=None).scale(domain=_KINDS, range=["cross", "triangle-up", "triangle-down"])
    marks = alt.Chart(alt.NamedData("non_finite")).mark_point(filled=True, size=36, opacity=1, aria=False)
    marks = marks.encode(shape=shape)
    above = marks.encode(y=alt.value(0)).transform_filter("datum.kind === 'Infinity'")
    below = marks.encode(y=alt.value("height")).transform_filter("datum.kind !== 'Infinity'")
    return [above.properties(name="above"), below.properties(name="below")]


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke", labelLimit=240)


def _step_axis() -> alt.Axis:
    return alt.Axis(
        title="$step",
        titleAnchor="end",
        titlePadding=2,
        grid=False,
        labelExpr=_tick_label("x"),
        tickMinStep=alt.ExprRef("step_grain"),
        tickCount=alt.ExprRef("max(2, floor(width / 72))"),
    )


def _value_axis() -> alt.Axis:
    return alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelExpr=_tick_label("y"),
        tickCount=alt.ExprRef("max(2, floor(height / 36))"),
    )


def _tick_label(scale: str) -> str:
    """Write ticks short: 2M rather than 2,000,000, 1e-8 rather than nine zeros; one notation per axis."""
    greatest = f"max(abs(domain('{scale}')[0]), abs(domain('{scale}')[1]))"
    power = "replace(replace(format(datum.value, '.12~e'), 'e+', 'e'), '-', '\u2212')"
    short = f"{greatest} >= 1e5 ? format(datum.value, '.12~s') : datum.label"
    return f"datum.value === 0 ? '0' : {greatest} >= 1e15 || {greatest} < 1e-3 ? {power} : {short}"
