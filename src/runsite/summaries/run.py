"""Everything pages and tables say about one run."""

from collections.abc import Mapping

from runsite.model import RUNNING, MetricDefinition, Run, RunSummary
from runsite.status_rule import stalled_at
from runsite.summaries.at_best import values_at_extremes
from runsite.summaries.figures import figures_of
from runsite.summaries.goals import goal_of
from runsite.summaries.metric import summarise_metric


def summarise_run(run: Run, *, definitions: Mapping[str, MetricDefinition]) -> RunSummary:
    """Summarise a run; `definitions` are those of the settings."""
    metrics, figures = {}, figures_of(run.series.values())
    for name, series in sorted(run.series.items()):
        recorded = run.definitions.get(name)
        goal, goal_from = goal_of(name, settings=definitions, record=recorded)
        metrics[name] = summarise_metric(
            series,
            goal=goal,
            goal_from=goal_from,
            declared=definitions.get(name),
            recorded=recorded,
            figures=figures[name],
        )
    return RunSummary(
        key=run.key,
        name=run.name,
        store_path=run.store_path,
        status=run.status,
        format=run.format,
        started=run.started,
        ended=run.ended,
        last_time=run.last_time,
        longest_gap_seconds=run.longest_gap_seconds,
        stalled_at=stalled_at(run.last_time, run.longest_gap_seconds) if run.status == RUNNING else None,
        parent=run.parent,
        failure=run.failure,
        attempts=run.attempts,
        params=run.params,
        params_conflicts=run.params_conflicts,
        tags=run.tags,
        metrics=metrics,
        datasets=run.datasets,
        artifacts=run.artifacts,
        models=run.models,
        source=run.source,
        environment=run.environment,
        notes=run.notes,
        problems=run.problems,
        log_files=run.log_files,
        at_extremes=values_at_extremes(run.series, metrics),
    )
