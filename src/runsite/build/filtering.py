"""Which runs a build's filter finds.

A filter judges what the logs say, before anything is redacted: else `tags.user != 'anna'` would let every run through
once the site hides its users. It can judge only when all runs are read, as experiments have the columns of all their
runs; then whatever was kept of the others is dropped. A run without an end is "running" to it, whatever the hour: the
same input makes the same site.
"""

from collections.abc import Sequence

from runsite.config import Settings
from runsite.model import RunSummary
from runsite.summaries import summarise_experiment
from runsite.tables.filter_grammar import Filter
from runsite.tables.matching import matching_rows
from runsite.tables.run_table import all_columns


def matching_runs(filter: Filter, runs: Sequence[RunSummary], settings: Settings) -> set[str]:
    """Return the runs that a filter finds, judged by what their logs say, whatever of that the site will show."""
    grouped: dict[str, list[RunSummary]] = {}
    for run in runs:
        grouped.setdefault(run.key.experiment, []).append(run)
    experiments = [
        summarise_experiment(name, own, text="", settings=settings.experiment(name), repeat=settings.repeat)
        for name, own in sorted(grouped.items())
    ]
    found = matching_rows(filter, [all_columns(experiment) for experiment in experiments])
    return {str(own.runs[row].key) for own, rows in zip(experiments, found, strict=True) for row in rows}
