"""A chart of the site as a file for papers: the page's own scripts make it, in a script engine and without a browser.

    view       from a copied link to a page of a site that lies here, and to what the address says
    page       what the page's HTML hands its scripts: islands of JSON, and the place of the run table
    look       the page's colours, from the custom properties of its stylesheet
    engine     runs scripts in V8 (mini-racer), and reads the data scripts they ask for
    host.js    what scripts ask a browser for
    paper_lines.js  lines as they are quick to draw on paper
    paper_room.js   how much room what stands around a plot takes, and what is made of too little
    figure_address.js  what an address says that its page cannot read
    figure.js  the chart that an address means, as a Vega spec of a size, and as CSV

Nothing of a chart is known here: rows, colours, names and the spec come from the scripts of the theme that the page
runs too, fed by the site's own data scripts. So figure and page cannot differ, and what a later version of the page can
draw, a figure can. `charts.paper` makes files of the spec.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runsite.figures.engine import run_figure
from runsite.figures.look import read_look
from runsite.figures.page import read_page
from runsite.figures.view import View

__all__ = ["Figure", "make_figure"]

PIXELS_PER_MM = 96 / 25.4
"""As CSS has it; so a font of 11 pixels is one of 8.25 points."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart on its way into a file."""

    csv: str
    spec: Mapping[str, Any]
    """Vega, with its data."""
    notes: Sequence[str]
    """What the page says below the chart: what is thinned, or has no place in it."""


def make_figure(
    view: View,
    *,
    chart: str | None,
    width_mm: float,
    height_mm: float | None,
    theme: str,
    font: str,
    is_drawn: bool = True,
) -> Figure:
    """Make the chart that a view shows; FigureError if it shows none, or several and none is named.

    The points of a metric are there where they cannot be drawn: one that is not `is_drawn` has no spec of them.
    """
    page = read_page(view)
    size = {"width": width_mm * PIXELS_PER_MM, "height": height_mm and height_mm * PIXELS_PER_MM}
    look = read_look(view.site, theme=theme)
    options = {"chart": chart, "is_drawn": is_drawn, "size": size, "look": look, "font": font}
    made = run_figure(view, page.json(), options)
    return Figure(made["csv"], made["spec"], made["notes"])
