"""Which names in runsite.toml mean nothing in the stores that are read: said at each build, as a typo is silent."""

from collections.abc import Iterator, Sequence

from runsite.config import Settings
from runsite.model import ExperimentSummary
from runsite.nearest import nearest_hint
from runsite.tables.model import RunTable
from runsite.tables.views import unknown_names


def settings_notes(settings: Settings, experiments: Sequence[ExperimentSummary], all_runs: RunTable) -> Iterator[str]:
    """Say it in one line each; `all_runs` has the columns of every experiment."""
    by_name = {experiment.name: experiment for experiment in experiments}
    metrics = {name for experiment in experiments for name in experiment.metric_names}
    for name in sorted(settings.metrics.keys() - metrics):
        yield f'[metrics."{name}"] of runsite.toml: no run has that metric; {nearest_hint(name, metrics)}'
    for name, own in settings.experiments.items():
        if name not in by_name:
            yield f'[experiments."{name}"] of runsite.toml: there is no such experiment'
            continue
        if own.baseline and own.baseline not in {run.key.run for run in by_name[name].runs}:
            yield f'[experiments."{name}"] of runsite.toml: no run has the id {own.baseline!r} that baseline asks for'
        if own.metric and own.metric not in by_name[name].metric_names:
            hint = nearest_hint(own.metric, by_name[name].metric_names)
            yield f'[experiments."{name}"] of runsite.toml: no run has the metric {own.metric!r}; {hint}'
    ignored = {param.name.casefold() for experiment in experiments for param in experiment.repeat_rule.ignored}
    for name in settings.repeat:
        if not any(each.endswith(name.casefold()) for each in ignored):
            yield f"[groups] of runsite.toml: no run has the param {name!r} that repeat names"
    columns = {column.id: column for column in all_runs.columns}
    for view in settings.views:
        for unknown in unknown_names(view, columns):
            yield f'[views."{view.name}"] of runsite.toml: no run has {unknown!r}; the view is no tab anywhere'
        for metric in view.charts:
            if metric not in metrics:
                hint = nearest_hint(metric, metrics)
                yield f'[views."{view.name}"] of runsite.toml: no run has the metric {metric!r} of charts; {hint}'
