"""The comparison page: one page of the site that scripts fill with the runs its address names.

It holds no run, so it changes only when an experiment comes or goes. What it compares it loads: the experiment's table
(or, of runs of several experiments, that of all runs with the shards of those), and each run's details. The tables'
addresses carry no content hash: their heads change with every line that a run logs, and this page must not.

The address says what is compared, `compare.html#runs=<key>,<key>;<key>`: runs by their key, those of a group joined
by `;` (`%`, `,` and `;` in keys escaped by `%`). `with=best`, `baseline` or `parent` names the other run by what it
is to the first, so that a run's page can lead here without knowing which run that is.
"""

from collections.abc import Mapping
from urllib.parse import quote

from runsite.charts.cards import ChartSection, MetricCard, Version
from runsite.data_script import script_safe
from runsite.model import ExperimentSummary, RunKey, RunSummary, SiteContent
from runsite.notes import Html
from runsite.pages.chart_groups import chart_groups
from runsite.pages.page import Frame, Link, Page
from runsite.site_paths import (
    ALL_RUNS_PAGE,
    ALL_RUNS_TABLE,
    COMPARE_PAGE,
    SPECS_ASSET,
    VEGA_ASSET,
    experiment_folder,
    experiment_page,
    relative,
    run_page,
    table_file,
)

MAX_COMPARED = 20
"""Nobody reads more columns side by side."""
# What scripts make the charts from: the markup of a section with one card that says nothing yet.
_BLANK_CARD = MetricCard(name="", label="", unit="", section="", mark=None, figures=(), note="")
_BLANK_CHARTS = ChartSection(cards=(_BLANK_CARD,), quiet=(), runs=(), reason="", more="", island="{}")


def make_compare_page(content: SiteContent, *, frame: Frame, version: Version) -> Page:
    """Make the page that compares runs."""
    context = frame.context(COMPARE_PAGE, title="Compare runs")
    context |= {
        "crumbs": (Link("Overview", "index.html"),),
        "experiments": tuple(Link(each.title, experiment_page(each.name)) for each in content.experiments),
        "all_runs": ALL_RUNS_PAGE,
        "most": MAX_COMPARED,
        "charts": _BLANK_CHARTS,
        "chart_groups": chart_groups(_BLANK_CHARTS),
        "island": Html(script_safe(_island(content, version)).decode()),
    }
    return Page(COMPARE_PAGE, "compare.html", context)


def _island(content: SiteContent, version: Version) -> Mapping[str, object]:
    return {
        "all_runs": _without_suffix(ALL_RUNS_TABLE),
        "experiments": [
            [each.name, each.title, experiment_folder(each.name), _without_suffix(table_file(each.name))]
            for each in content.experiments
        ],
        "most": MAX_COMPARED,
        "vega": f"{VEGA_ASSET}?v={version(VEGA_ASSET)}",
        "specs": f"{SPECS_ASSET}?v={version(SPECS_ASSET)}",
    }


def _without_suffix(path: str) -> str:
    return path.removesuffix(".js")


def compare_links(run: RunSummary, experiment: ExperimentSummary) -> tuple[Link, ...]:
    """Say what a run can be compared with in one click; nothing here depends on another run's log."""
    page = run_page(run.key)
    main = experiment.main_metric
    others = (
        ("the best run", "best", main is not None and main.goal is not None and main.name in run.metrics),
        ("the baseline", "baseline", experiment.baseline not in (None, run.key.run)),
        ("its parent", "parent", run.parent is not None),
    )
    return tuple(Link(text, f"{compare_address(run.key, page=page)}&with={name}") for text, name, has in others if has)


def compare_address(*keys: RunKey, page: str) -> str:
    """Make the link from a page to the comparison of runs."""
    return f"{relative(COMPARE_PAGE, page=page)}#runs={quote(','.join(map(_escaped, keys)), safe='')}"


def _escaped(key: RunKey) -> str:
    return str(key).replace("%", "%25").replace(",", "%2C").replace(";", "%3B")
