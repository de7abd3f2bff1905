"""The charts that a store brings along: compiled again where their file changed, and written as data of a page."""

from collections.abc import Sequence
from dataclasses import asdict

from runsite.build.memory import ExperimentFacts, digest_of
from runsite.charts.custom import CustomChart, custom_chart
from runsite.data_script import DataFile, data_script, script_safe
from runsite.model import ChartFile
from runsite.site_paths import custom_charts_file


def charts_digest(files: Sequence[ChartFile], *, allow_code: bool) -> bytes:
    """Digest all that an experiment's custom charts are made from."""
    return digest_of([_digest(file, allow_code=allow_code) for file in files])


def _digest(file: ChartFile, *, allow_code: bool) -> bytes:
    return digest_of([file.store_path, file.text, file.is_code and allow_code])


def custom_charts(files: Sequence[ChartFile], facts: ExperimentFacts, *, allow_code: bool) -> tuple[CustomChart, ...]:
    """Make the charts of an experiment; those whose file is as it was are remembered: Altair takes 0.4 s to load."""
    known = dict(facts.charts)
    facts.charts = []
    charts = []
    for file in files:
        digest = _digest(file, allow_code=allow_code)
        made = CustomChart(**known[digest]) if digest in known else custom_chart(file, allow_code=allow_code)
        facts.charts.append([digest, asdict(made)])
        charts.append(made)
    return tuple(charts)


def charts_script(experiment: str, charts: Sequence[CustomChart]) -> DataFile:
    """Write what the browser draws."""
    drawn = [
        {"file": chart.file, "name": chart.name, "title": chart.title, **chart.spec}
        for chart in charts
        if chart.spec is not None
    ]
    return DataFile(custom_charts_file(experiment), data_script("custom_charts", experiment, script_safe(drawn)))
