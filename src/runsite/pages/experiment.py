"""An experiment's page: what it is, how its runs stand, the best of them; then the run table and the curves."""

from collections.abc import Sequence
from typing import NamedTuple

from runsite.charts.cards import ChartSection, Version
from runsite.goal_mark import goal_mark
from runsite.model import CustomChart, ExperimentSummary, Problem, RunSummary
from runsite.notes import Resolver, render_markdown, split_first_paragraph
from runsite.number_format import format_count, format_count_of
from runsite.pages.cells import best_figure, moment, run_link, starts_and_ends, status_counts
from runsite.pages.chart_groups import chart_groups
from runsite.pages.page import Frame, Link, Page
from runsite.site_paths import VEGA_ASSET, custom_charts_file, experiment_page, relative, runs_file, table_file
from runsite.tables import RunTable


class RunsFile(NamedTuple):
    """An experiment's runs for programs."""

    href: str
    media_type: str
    name: str


def make_experiment_page(
    experiment: ExperimentSummary,
    *,
    frame: Frame,
    resolve: Resolver,
    table: RunTable,
    charts: ChartSection | None,
    version: Version,
    custom_charts: Sequence[CustomChart] = (),
) -> Page:
    """Make the page of one experiment; `table` and `charts` are what their parts print."""
    path = experiment_page(experiment.name)
    first, rest = split_first_paragraph(experiment.description)
    lead = render_markdown(first, resolve=resolve, heading_level=3, anchor_prefix="lead-")
    about = render_markdown(rest, resolve=resolve, heading_level=3, anchor_prefix="about-")
    main = experiment.main_metric
    context = frame.context(
        path,
        title=experiment.title,
        current=experiment.title,
        experiment=Link(experiment.title, path),
        data_until=moment(max(starts_and_ends(experiment.runs), default=None)),
    )
    context |= {
        "crumbs": (Link("Overview", relative("index.html", page=path)),),
        "experiment": experiment,
        "lead": lead.html,
        "about": about.html if rest else "",
        "runs": format_count(len(experiment.runs)),
        "counts_by_status": status_counts(experiment.runs),
        "diverged": format_count(len(experiment.diverged)) if experiment.diverged else "",
        "best": best_figure(experiment, page=path),
        "newest": run_link(max(experiment.runs, key=_started), page=path) if experiment.runs else None,
        "main_metric": main,
        "main_label": _main_label(experiment),
        "main_mark": goal_mark(main.goal, main.goal_from) if main else None,
        "skipped": _skipped_words(experiment),
        "about_href": relative("about.html", page=path),
        "table": table,
        "table_name": experiment.name,
        "files": tuple(
            RunsFile(relative(runs_file(experiment.name, suffix), page=path), media_type, f"runs.{suffix}")
            for suffix, media_type in (("csv", "text/csv"), ("json", "application/json"))
        ),
        "table_src": f"{relative(table_file(experiment.name), page=path)}?v={version(table_file(experiment.name))}",
        "charts": charts,
        "chart_groups": chart_groups(charts),
        "custom_charts": custom_charts,
    }
    if custom_charts:
        data_file = custom_charts_file(experiment.name)
        context["custom_src"] = f"{relative(data_file, page=path)}?v={version(data_file)}"
        context["custom_vega"] = f"{relative(VEGA_ASSET, page=path)}?v={version(VEGA_ASSET)}"
    broken = tuple(
        Problem(chart.file, chart.line, chart.problem, "unbound" if chart.is_elsewhere else "note")
        for chart in custom_charts
        if chart.problem and not chart.is_refused
    )
    dead = tuple(
        Problem(f"{experiment.name}/experiment.md", 0, f"{link.reason}: {link.target}", "note")
        for link in lead.dead_links + about.dead_links
    )
    return Page(path, "experiment.html", context, dead + broken)


def _main_label(experiment: ExperimentSummary) -> str:
    """Return the label of the main metric, empty without one of its own: tables call a metric by its name."""
    main = experiment.main_metric
    metrics = (run.metrics.get(main.name) for run in experiment.runs) if main else ()
    return next((metric.label for metric in metrics if metric and metric.label and metric.label != metric.name), "")


def _skipped_words(experiment: ExperimentSummary) -> str:
    lines = sum(run.skipped_lines for run in experiment.runs)
    values = sum(run.skipped_values for run in experiment.runs)
    counted = ((lines, "line"), (values, "value"))
    return " and ".join(format_count_of(n, word) for n, word in counted if n)


def _started(run: RunSummary) -> tuple[float, str]:
    return (run.started if run.started is not None else float("-inf"), run.key.run)
