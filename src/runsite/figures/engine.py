"""Run the theme's own scripts in V8, outside of a browser; the home of mini-racer.

Scripts ask for data scripts as on a page, by promises. Python asks which ones, reads them from the site and runs them,
until no more are wanted. The engine has no file, no network and no clock but V8's own; an address that leads out of the
site is not read.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from runsite.errors import FigureError, RunsiteError
from runsite.figures.view import View
from runsite.themes import builtin_themes_dir

# Those of the default theme that touch no page, in the order of its bundles.
SCRIPTS = (
    "state.js",
    "format.js",
    "names.js",
    "clock.js",
    "sort_order.js",
    "filter_tokens.js",
    "filter_values.js",
    "filter_pattern.js",
    "filter_grammar.js",
    "filter_names.js",
    "filter_rows.js",
    "student_t.js",
    "group_statistics.js",
    "table_data.js",
    "table_state.js",
    "table_lines.js",
    "table_view.js",
    "table_compare.js",
    "table_curves.js",
    "compare_state.js",
    "compare_rows.js",
    "compare_data.js",
    "compare_charts.js",
    "charts_data.js",
    "charts_axis.js",
    "charts_smooth.js",
    "charts_bands.js",
    "charts_view.js",
    "charts_runs.js",
    "charts_draw.js",
    "charts_csv.js",
    "charts_levels.js",
    "charts_zoom.js",
    "charts_card.js",
    "charts_custom.js",
    "relations_values.js",
    "relations_reach.js",
    "relations_state.js",
    "relations_scatter.js",
    "relations_histogram.js",
    "relations_best.js",
    "relations_rank.js",
    "relations_importance.js",
    "relations_brush.js",
    "relations_parallel.js",
    "relations_of.js",
    "relations_draw.js",
)
OWN_SCRIPTS = ("paper_lines.js", "paper_room.js", "figure_address.js", "figure.js")
INSTALL = 'install it with: pip install "runsite[figure]"'


class Engine(Protocol):
    """What we ask of a script engine."""

    def eval(self, code: str) -> Any: ...


def run_figure(view: View, page: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Make a page's chart; what figure.js hands out."""
    engine = start_engine()
    place = {"path": f"/{view.page}", "hash": view.fragment}
    engine.eval(f"figure_host.start_host({json.dumps(place)})")
    engine.eval(f"figure.start_figure({json.dumps(page)}, {json.dumps(options)})")
    while wanted := json.loads(engine.eval("JSON.stringify(figure_host.wanted_scripts())")):
        for address in wanted:
            _bring(engine, view.site, address)
    outcome = json.loads(engine.eval("JSON.stringify(figure.outcome())"))
    if outcome is None or ("problem" in outcome and not outcome["is_ours"]):
        raise FigureError(view.page, _unknown_problem(outcome))
    if "problem" in outcome:
        raise FigureError(view.page, outcome["problem"])
    return dict(outcome)


def _unknown_problem(outcome: Mapping[str, Any] | None) -> str:
    said = outcome["problem"] if outcome else "it was never finished"
    return f"its chart could not be made ({said}); was the site built by this version of runsite?"


def start_engine() -> Engine:
    """Start V8 with the scripts of the theme."""
    try:
        from py_mini_racer import MiniRacer  # an extra of its own: a wheel of 20 MB that no other command needs
    except ImportError as error:
        raise RunsiteError(f"figures are made by the page's own scripts, which need mini-racer; {INSTALL}") from error
    engine: Engine = MiniRacer()
    static = builtin_themes_dir() / "default" / "static"
    own = Path(__file__).parent
    ours = tuple(own / name for name in OWN_SCRIPTS)
    for file in (own / "host.js", *(static / name for name in SCRIPTS), *ours):
        engine.eval(file.read_text(encoding="utf-8"))
    return engine


def _bring(engine: Engine, site: Path, address: str) -> None:
    """Run a data script of the site, and tell who asked."""
    file = (site / address.lstrip("/")).resolve()
    try:
        if not file.is_relative_to(site.resolve()):
            raise OSError
        script = file.read_text(encoding="utf-8")
    except OSError:
        engine.eval(f"figure_host.script_failed({json.dumps(address)}, {json.dumps(f'{address} cannot be read')})")
        return
    engine.eval(script)
    engine.eval(f"figure_host.script_came({json.dumps(address)})")
