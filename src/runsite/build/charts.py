"""The charts that a store brings along: compiled again where their file changed, and written as data of a page.

What they bind is held against the columns of the run table each time the page is made: both are of steady runs, so a
chart's names become known, or unknown, exactly when the page changes.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace

from runsite.build.memory import ExperimentFacts, digest_of
from runsite.charts.custom import custom_chart
from runsite.charts.custom_names import KnownNames, unbound_names
from runsite.charts.custom_programs import RunProgram
from runsite.data_script import DataFile, data_script, script_safe
from runsite.model import ChartFile, CustomChart
from runsite.site_paths import custom_charts_file
from runsite.tables.model import Column, Group


def charts_digest(files: Sequence[ChartFile], *, allow_code: bool) -> bytes:
    """Digest all that an experiment's custom charts are made from."""
    return digest_of([_digest(file, allow_code=allow_code) for file in files])


def _digest(file: ChartFile, *, allow_code: bool) -> bytes:
    return digest_of([file.store_path, file.text, file.is_code and allow_code])


def custom_charts(
    files: Sequence[ChartFile], facts: ExperimentFacts, *, allow_code: bool, run: RunProgram
) -> tuple[CustomChart, ...]:
    """Make the charts of an experiment; those whose file is as it was are remembered: Altair takes 0.4 s to load."""
    known = dict(facts.charts)
    facts.charts = []
    charts = []
    for file in files:
        digest = _digest(file, allow_code=allow_code)
        made = CustomChart(**known[digest]) if digest in known else custom_chart(file, allow_code=allow_code, run=run)
        facts.charts.append([digest, asdict(made)])
        charts.append(made)
    return tuple(charts)


def bound_charts(charts: Sequence[CustomChart], columns: Sequence[Column]) -> tuple[CustomChart, ...]:
    """Let a chart that names what no run has say so; `columns` are those of the experiment's table."""
    known = _known_names(columns)
    return tuple(chart if chart.spec is None else _bound(chart, known) for chart in charts)


def _bound(chart: CustomChart, known: KnownNames) -> CustomChart:
    problem = unbound_names(chart.spec or {}, known)
    if not problem:
        return chart
    return replace(chart, spec=None, problem=problem, is_elsewhere="/" not in chart.file.removeprefix("charts/"))


def _known_names(columns: Sequence[Column]) -> KnownNames:
    # As charts_custom.js makes its rows.
    in_rows = [column for column in columns if column.block == "rows" and column.kind != "curve"]
    metrics: dict[str, set[str]] = {column.metric: set() for column in columns if column.metric}
    for column in in_rows:
        if column.metric and column.aggregate:
            metrics[column.metric].add(column.aggregate)
    return KnownNames(
        facts=_names(in_rows, "run", ""),
        params=_names(in_rows, "param", "params."),
        tags=_names(in_rows, "tag", "tags."),
        metrics={name: frozenset(figures) for name, figures in metrics.items()},
        columns=frozenset(column.id for column in columns),
    )


def _names(columns: Sequence[Column], group: Group, before: str) -> frozenset[str]:
    return frozenset(column.id.removeprefix(before) for column in columns if column.group == group)


def charts_script(experiment: str, charts: Sequence[CustomChart]) -> DataFile:
    """Write what the browser draws; of what cannot be drawn, why, for whoever asks for it by name."""
    drawn = [
        {"file": chart.file, "name": chart.name, "title": chart.title, **(chart.spec or {"problem": chart.problem})}
        for chart in charts
    ]
    return DataFile(custom_charts_file(experiment), data_script("custom_charts", experiment, script_safe(drawn)))
