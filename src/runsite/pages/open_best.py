"""Where a page's scripts find the best values of runs without an end, which no page that spans runs says itself."""

from runsite.data_script import script_safe
from runsite.model import RUNNING, ExperimentSummary, MainMetric
from runsite.tables.columns import table_number
from runsite.tables.script import shard_paths_of


def open_best(experiment: ExperimentSummary, main: MainMetric, *, best: int | float | None, page: str) -> str:
    """Say as JSON where they lie, and what they must exceed: the best of the runs that ended; empty if none goes on."""
    going_on = [run for run in experiment.runs if run.status == RUNNING]
    if not any(main.name in run.metrics for run in going_on):
        return ""
    keys = [str(run.key) for run in going_on]
    shards = shard_paths_of(experiment.name, keys, open_rows=range(len(keys)), has_more=False)
    found = {
        "column": f"metrics.{main.name}.best",
        "goal": main.goal,
        "best": table_number(best),
        "root": "../" * page.count("/"),
        "shards": [rows for rows, _ in shards],
    }
    return script_safe(found).decode()
