"""A run's page: status, when and how long, its main metrics; then everything its log says.

A run's page holds its own run only. What spans runs stands on other pages, or one new value would make every page
stale; of the experiment it takes the title and the name of the main metric, of its children and of the models
registered from it what changes when they end or move.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from runsite.charts.cards import ChartSection
from runsite.goal_mark import GoalMark, goal_mark
from runsite.model import MainMetric, MetricSummary, ModelVersion, Problem, RunSummary, Source
from runsite.notes import Resolver, render_markdown
from runsite.number_format import (
    format_bytes,
    format_count,
    format_duration,
    format_number,
    format_param,
    format_step,
)
from runsite.pages.artifacts import ArtifactFile, artifact_section
from runsite.pages.cells import (
    Figure,
    Status,
    main_value,
    metric_figure,
    moment,
    problem_list,
    run_link,
    run_status,
)
from runsite.pages.chart_groups import chart_groups
from runsite.pages.page import Frame, Link, Page
from runsite.pages.source_links import commit_address, web_remote
from runsite.site_paths import experiment_page, model_page, relative, run_page
from runsite.status_rule import DIVERGED, DIVERGED_GLYPH

MAX_FIGURES = 6
MAX_CHILDREN = 100
_GOAL_STRENGTH = {"settings": 0, "record": 1, "guess": 2}


@dataclass(frozen=True, slots=True)
class RunPlace:
    """What the site knows of a run beside its own log."""

    experiment_title: str
    main_metric: MainMetric | None = None
    parent: RunSummary | None = None
    children: tuple[RunSummary, ...] = ()
    versions: tuple[tuple[str, ModelVersion], ...] = ()
    """Names of registered models with the versions that came from this run."""
    charts: ChartSection | None = None
    """None without curves."""
    compare: tuple[Link, ...] = ()
    """What the run can be compared with in one click."""


class MetricRow(NamedTuple):
    """One metric of the run, every figure written."""

    name: str
    label: str
    unit: str
    mark: GoalMark | None
    last: str
    best: str
    best_step: str
    earlier: bool
    """The best lies in an attempt before the last one."""
    first: str
    min: str
    max: str
    points: str
    non_finite: str


class ChildRow(NamedTuple):
    """A run that names this one its parent."""

    link: Link
    status: Status
    value: str


class Section(NamedTuple):
    """One entry of the list of contents."""

    anchor: str
    title: str
    number: str
    within: Sequence[Any] = ()
    """Entries that stand below this one, each with an anchor, a title and a number."""


class NoteCell(NamedTuple):
    """A note as HTML, and when it was written."""

    html: str
    time: Any


def make_run_page(
    run: RunSummary, *, frame: Frame, place: RunPlace, files: Sequence[ArtifactFile], resolve: Resolver
) -> Page:
    """Make the page of one run."""
    path = run_page(run.key)
    experiment = Link(place.experiment_title, experiment_page(run.key.experiment))
    context = frame.context(
        path,
        title=run.name or run.key.run,
        current=place.experiment_title,
        experiment=experiment,
        data_until=moment(run.last_time),
    )
    notes, dead = _notes(run, resolve)
    context |= _head(run, path, place)
    context |= {
        "charts": place.charts,
        "chart_groups": chart_groups(place.charts),
        "metrics": [_metric_row(metric) for metric in _ordered(run.metrics, place.main_metric)],
        "params": [(name, format_param(run.params[name])) for name in sorted(run.params)],
        "conflicts": [(c, format_param(c.kept), format_param(c.ignored)) for c in run.params_conflicts],
        "tags": [(name, format_param(run.tags[name])) for name in sorted(run.tags)],
        "artifacts": artifact_section(files, page=path, store_path=run.store_path),
        "models": [_logged_model(model) for model in run.models],
        "versions": [_version_row(name, version, path) for name, version in place.versions],
        "datasets": [(d, "" if d.rows is None else format_count(d.rows)) for d in run.datasets],
        "children": [_child_row(child, place.main_metric, path) for child in place.children[:MAX_CHILDREN]],
        "more_children": format_count(max(0, len(place.children) - MAX_CHILDREN)),
        "source": _source(run.source),
        "environment": run.environment,
        "packages": sorted(run.environment.packages.items()) if run.environment else [],
        "notes": notes,
        "problems": problem_list(run.problems + dead) if run.problems or dead else None,
        "problem_words": _problem_words(run, len(dead)),
        "log_files": run.log_files,
    }
    context["sections"] = _sections(context, run, place)
    return Page(path, "run.html", context, dead)


def _head(run: RunSummary, path: str, place: RunPlace) -> dict[str, Any]:
    main = run.metrics.get(place.main_metric.name) if place.main_metric else None
    diverged = main is not None and main.last is not None and not math.isfinite(main.last.value)
    crumbs = (
        Link("Overview", relative("index.html", page=path)),
        Link(place.experiment_title, relative(experiment_page(run.key.experiment), page=path)),
    )
    return {
        "crumbs": crumbs,
        "run": run,
        "run_name": run.name or run.key.run,
        "status": run_status(run),
        "diverged": f"{DIVERGED_GLYPH} {DIVERGED}" if diverged else "",
        "started": moment(run.started),
        "ended": moment(run.ended),
        "duration": format_duration(run.duration_seconds),
        "parent": _parent_link(run, place, path),
        "compare": place.compare,
        "figures": _figures(run.metrics, place.main_metric),
        "main_name": place.main_metric.name if place.main_metric else "",
    }


def _parent_link(run: RunSummary, place: RunPlace, path: str) -> Link | None:
    if run.parent is None:
        return None
    return run_link(place.parent, page=path) if place.parent is not None else Link(str(run.parent), "")


def _figures(metrics: Mapping[str, MetricSummary], main: MainMetric | None) -> list[Figure]:
    """Choose what stands large: the main metric, then metrics with a goal, validation before training."""
    with_goal = [m for m in metrics.values() if m.goal and not m.constant] or [
        m for m in metrics.values() if not m.constant
    ]
    chosen = sorted(with_goal, key=lambda m: _figure_rank(m, main))
    return [metric_figure(metric) for metric in chosen[:MAX_FIGURES]]


def _figure_rank(metric: MetricSummary, main: MainMetric | None) -> tuple[bool, int, bool, str]:
    is_main = main is not None and metric.name == main.name
    return (not is_main, _GOAL_STRENGTH.get(metric.goal_from or "", 3), metric.name.startswith("train"), metric.name)


def _ordered(metrics: Mapping[str, MetricSummary], main: MainMetric | None) -> Iterable[MetricSummary]:
    if main is not None and main.name in metrics:
        yield metrics[main.name]
    for name, metric in metrics.items():
        if main is None or name != main.name:
            yield metric


def _metric_row(metric: MetricSummary) -> MetricRow:
    best = metric.best
    return MetricRow(
        metric.name,
        metric.label if metric.label and metric.label != metric.name else "",
        metric.unit or "",
        goal_mark(metric.goal, metric.goal_from),
        format_number(metric.last and metric.last.value),
        "" if best is None else format_number(best.value),
        "" if best is None else format_step(best.step),
        not metric.best_in_last_attempt,
        format_number(metric.first.value),
        format_number(metric.min),
        format_number(metric.max),
        format_count(metric.count),
        format_count(metric.non_finite) if metric.non_finite else "",
    )


def _child_row(child: RunSummary, main: MainMetric | None, path: str) -> ChildRow:
    value = main_value(child, main) if child.ended is not None else ""
    return ChildRow(run_link(child, page=path), run_status(child), value)


def _logged_model(model: Any) -> tuple[Any, str, str]:
    signature = "" if model.signature is None else format_param(model.signature)
    return model, format_bytes(model.size_bytes), signature


def _version_row(name: str, version: ModelVersion, path: str) -> tuple[Link, ModelVersion, Any]:
    return Link(name, relative(model_page(name), page=path)), version, moment(version.registered)


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    remote = web_remote(source.remote)
    return {
        "command": source.command,
        "commit": source.commit,
        "commit_href": commit_address(remote, source.commit),
        "branch": source.branch,
        "remote": source.remote,
        "remote_href": remote if remote and remote.startswith(("http:", "https:")) else None,
        "dirty": source.dirty,
        "patch": source.patch,
    }


def _notes(run: RunSummary, resolve: Resolver) -> tuple[list[NoteCell], tuple[Problem, ...]]:
    cells: list[NoteCell] = []
    dead: list[Problem] = []
    for number, note in enumerate(run.notes, start=1):
        made = render_markdown(note.text, resolve=resolve, heading_level=3, anchor_prefix=f"note-{number}-")
        cells.append(NoteCell(made.html, moment(note.time)))
        reasons = (f"note {number}: {link.reason}: {link.target}" for link in made.dead_links)
        dead += [Problem(run.store_path, 0, reason, "note") for reason in reasons]
    return cells, tuple(dead)


def _problem_words(run: RunSummary, dead_links: int) -> str:
    noted = sum(problem.kind == "note" for problem in run.problems)
    counted = [
        (run.skipped_lines, "line could not be read", "lines could not be read"),
        (run.skipped_values, "value could not be read", "values could not be read"),
        (noted, "read, but not as written", "read, but not as written"),
        (dead_links, "link in the notes leads nowhere", "links in the notes lead nowhere"),
    ]
    parts = [f"{format_count(number)} {one if number == 1 else many}" for number, one, many in counted if number]
    return "; ".join(parts) + "." if parts else ""


def _sections(context: Mapping[str, Any], run: RunSummary, place: RunPlace) -> list[Section]:
    """List the sections that have something to say, in the order in which they stand."""
    models = len(run.models) + len(place.versions)
    related = len(place.children) + (run.parent is not None)
    candidates = [
        ("charts", "Charts", place.charts is not None, ""),
        ("metrics", "Metrics", True, len(run.metrics)),
        ("params", "Params", run.params, len(run.params)),
        ("tags", "Tags", run.tags, len(run.tags)),
        ("artifacts", "Artifacts", context["artifacts"], context["artifacts"] and context["artifacts"].number),
        ("models", "Models", models, models),
        ("datasets", "Data", run.datasets, len(run.datasets)),
        ("related", "Related runs", related, related),
        ("source", "Source and environment", run.source or run.environment, ""),
        ("notes", "Notes", run.notes, len(run.notes)),
        ("problems", "Not read", context["problems"], len(run.problems)),
        ("log", "Log", True, ""),
    ]
    within = {"charts": [group for group in context["chart_groups"] if group.title]}
    return [
        Section(anchor, title, _number(count), within.get(anchor, ()))
        for anchor, title, has, count in candidates
        if has
    ]


def _number(count: int | str) -> str:
    return count if isinstance(count, str) else format_count(count)
