"""The overview: what needs attention, what is best, what is new; then experiments, models and reports.

What changes with every line of a log (last values, the last record of a run that goes on) is not on this page: last
activity is the newest start or end.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from runsite.model import (
    RUNNING,
    ExperimentSummary,
    RegisteredModel,
    Report,
    RunSummary,
    SiteContent,
)
from runsite.notes import Html, split_title
from runsite.number_format import format_count, format_count_of, format_number
from runsite.pages.cells import (
    Figure,
    Moment,
    Status,
    StatusCount,
    at_step,
    author_name,
    best_figure,
    last_step,
    main_value,
    main_value_words,
    moment,
    run_link,
    run_status,
    shorten,
    starts_and_ends,
    status_counts,
)
from runsite.pages.curves import best_so_far, print_sparkline
from runsite.pages.page import OVERVIEW, Frame, Link, Page
from runsite.site_paths import experiment_page, model_page, report_page
from runsite.status_rule import DIVERGED, DIVERGED_GLYPH

# Each of the three lists at the top is read at a glance; the rest is in the tables.
MAX_LISTED = 6


class AttentionRow(NamedTuple):
    """A run somebody should look at, and why."""

    run: Link
    experiment: Link
    status: Status
    what: str
    when: Moment | None


class ExperimentRow(NamedTuple):
    """One experiment as a line of the overview."""

    link: Link
    name: str
    runs: str
    counts: Sequence[StatusCount]
    best: Figure | None
    sparkline: Html
    activity: Moment | None


class NewRow(NamedTuple):
    """One of the newest runs."""

    run: Link
    experiment: Link
    status: Status
    diverged: str
    """Glyph and word; empty for a run that did not diverge."""
    value: str
    value_words: str
    """Which metric the value is of, and whether its best or its last."""
    started: Moment | None


class StageCell(NamedTuple):
    """What is in one stage of a model."""

    stage: str
    versions: str


class ModelRow(NamedTuple):
    """One registered model as a line of a table."""

    link: Link
    description: str
    stages: Sequence[StageCell]
    versions: str
    changed: Moment | None
    by: str


def make_index_page(content: SiteContent, *, frame: Frame) -> Page:
    """Make the overview."""
    context = frame.context(OVERVIEW, title=content.title, current="Overview", data_until=moment(content.data_until))
    runs = sum(len(experiment.runs) for experiment in content.experiments)
    attention, more = _attention(content.experiments)
    open_runs, more_open = _open_runs(content.experiments)
    best = _best_figures(content.experiments)
    context |= {
        "title": content.title,
        "description": content.description,
        "facts": _facts(content, runs),
        "is_empty": not runs,
        "attention": attention,
        "more_attention": format_count(more) if more else "",
        "open_runs": open_runs,
        "more_open": format_count(more_open) if more_open else "",
        "best": best[:MAX_LISTED],
        "more_best": format_count(len(best) - MAX_LISTED) if len(best) > MAX_LISTED else "",
        "new": _newest(content.experiments),
        "experiments": [_experiment_row(experiment) for experiment in content.experiments],
        "models": [model_row(model, page=OVERVIEW) for model in content.models],
        "reports": [_report_link(report) for report in content.reports],
        "many": len(content.experiments) > 1,
    }
    return Page(OVERVIEW, "index.html", context)


def model_row(model: RegisteredModel, *, page: str) -> ModelRow:
    """Make a model's line: what is in each stage, and when it last changed."""
    stages = [StageCell(stage, ", ".join(v.label for v in held)) for stage, held in model.stages.items() if held]
    newest = model.events[-1] if model.events else None
    return ModelRow(
        Link(model.name, "../" * page.count("/") + model_page(model.name)),
        shorten(model.description or ""),
        stages,
        format_count(sum(not version.removed for version in model.versions)),
        moment(newest.time) if newest else None,
        author_name(newest.by) if newest else "",
    )


def _facts(content: SiteContent, runs: int) -> list[str]:
    counted = [
        (len(content.experiments), "experiment"),
        (runs, "run"),
        (len(content.models), "model"),
        (len(content.reports), "report"),
    ]
    return [format_count_of(number, word) for number, word in counted if number]


def _attention(experiments: Sequence[ExperimentSummary]) -> tuple[list[AttentionRow], int]:
    """List failed and diverged runs, newest first, and count those not listed."""
    found = [(e, run) for e in experiments for run in e.runs if run.status == "failed" or run.key in e.diverged]
    found.sort(key=lambda pair: (-(pair[1].ended or pair[1].started or 0.0), pair[1].key))
    rows = [_attention_row(experiment, run) for experiment, run in found[:MAX_LISTED]]
    return rows, len(found) - len(rows)


def _attention_row(experiment: ExperimentSummary, run: RunSummary) -> AttentionRow:
    status, what = run_status(run), []
    if run.key in experiment.diverged:
        status = Status(DIVERGED, DIVERGED_GLYPH, DIVERGED, None, "")
        what.append(_divergence(experiment, run))
    if run.status == "failed":
        what.append(_failure(run))
    when = moment(run.ended if run.ended is not None else run.started)
    return AttentionRow(run_link(run, page=OVERVIEW), _name_link(experiment), status, "; ".join(what), when)


def _divergence(experiment: ExperimentSummary, run: RunSummary) -> str:
    metric = run.metrics.get(experiment.main_metric.name) if experiment.main_metric else None
    if metric is None or metric.last is None or math.isfinite(metric.last.value):
        return "a metric ended without a number"
    return f"{metric.name} ended as {format_number(metric.last.value)}{at_step(metric.last)}"


def _failure(run: RunSummary) -> str:
    reached = last_step(run)
    where = f"at step {reached}" if reached else "before its first step"
    return where if run.failure is None else f"{where}: {run.failure.type}: {shorten(run.failure.message, 160)}"


def _open_runs(experiments: Sequence[ExperimentSummary]) -> tuple[list[AttentionRow], int]:
    """List runs without a recorded end, those that were started last on top."""
    found = [(e, run) for e in experiments for run in e.runs if run.status == RUNNING]
    found.sort(key=lambda pair: (-(pair[1].started or 0.0), pair[1].key))
    rows = [
        AttentionRow(run_link(run, page=OVERVIEW), _name_link(e), run_status(run), "", moment(run.started))
        for e, run in found[:MAX_LISTED]
    ]
    return rows, len(found) - len(rows)


def _best_figures(experiments: Sequence[ExperimentSummary]) -> list[tuple[Link, Figure]]:
    made = ((_name_link(e), best_figure(e, page=OVERVIEW)) for e in experiments)
    return [(link, figure) for link, figure in made if figure is not None]


def _newest(experiments: Sequence[ExperimentSummary]) -> list[NewRow]:
    found = [(e, run) for e in experiments for run in e.runs if run.started is not None]
    found.sort(key=lambda pair: (-(pair[1].started or 0.0), pair[1].key))
    return [
        NewRow(
            run_link(run, page=OVERVIEW),
            _name_link(e),
            run_status(run)._replace(last=None),
            f"{DIVERGED_GLYPH} {DIVERGED}" if run.key in e.diverged else "",
            main_value(run, e.main_metric),
            main_value_words(run, e.main_metric),
            moment(run.started),
        )
        for e, run in found[:MAX_LISTED]
    ]


def _experiment_row(experiment: ExperimentSummary) -> ExperimentRow:
    return ExperimentRow(
        _experiment_link(experiment),
        experiment.name if experiment.name != experiment.title else "",
        format_count(len(experiment.runs)),
        status_counts(experiment.runs),
        best_figure(experiment, page=OVERVIEW),
        print_sparkline(best_so_far(experiment)),
        moment(max(starts_and_ends(experiment.runs), default=None)),
    )


def _report_link(report: Report) -> Link:
    return Link(split_title(report.text)[0] or report.name, report_page(report.name))


def _name_link(experiment: ExperimentSummary) -> Link:
    """Link to an experiment by its name: in lists its title is too long."""
    return Link(experiment.name, experiment_page(experiment.name))


def _experiment_link(experiment: ExperimentSummary) -> Link:
    return Link(experiment.title, experiment_page(experiment.name))
