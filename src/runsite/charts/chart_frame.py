"""What all our charts have in common: rows by name, the page's look, a size that the browser sets. Imports Altair."""

from collections.abc import Iterable
from typing import Any

import altair as alt

AXIS_LOOK: dict[str, Any] = {
    "labelColor": "$muted",
    "gridColor": "$line",
    "domainColor": "$line",
    "tickColor": "$line",
    "labelFontSize": 11,
    "titleFontWeight": "normal",
    "labelPadding": 4,
    "tickSize": 4,
}
LEGEND_LOOK: dict[str, Any] = {"labelColor": "$ink", "labelFontSize": 11}


def named_rows(name: str) -> alt.NamedData:
    """Refer to rows that the browser brings, whose types nothing has to be inferred from."""
    no_inference = alt.DataFormat(parse=None)  # type: ignore[no-untyped-call]  # Altair left this one untyped
    return alt.NamedData(name, format=no_inference)


def framed(
    chart: alt.LayerChart | alt.FacetChart, *, width: int, height: int, signals: Iterable[str]
) -> alt.LayerChart:
    """Give a chart its frame: title, font and size, and a signal for each placeholder that a zoom or a size changes."""
    made: alt.LayerChart = (
        chart.properties(width=width, height=height, background="transparent", title="$title")
        .properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .add_params(*(alt.param(name=name, value=f"${name}") for name in signals))
        .configure(font="$font")
        .configure_view(stroke=None)
        .configure_title(color="$ink", fontSize=13, fontWeight="bold", anchor="start", frame="group", offset=8)
    )
    return made
