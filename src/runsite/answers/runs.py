"""Runs as the command line shows them: nothing is redacted, the status is judged by the clock that is handed in."""

from collections.abc import Iterable, Iterator, Sequence

from runsite.config import Settings
from runsite.model import ExperimentSummary, RunSummary
from runsite.readers import read_runs
from runsite.sources import RunFolder
from runsite.status_rule import judge_status
from runsite.summaries import summarise_experiment, summarise_run


def read_summaries(folders: Iterable[RunFolder], settings: Settings) -> Iterator[RunSummary]:
    """Read and summarise runs one by one."""
    for _, run in read_runs(folders):
        yield summarise_run(run, definitions=settings.metrics)


def judged_status(run: RunSummary, now: float) -> str:
    """Say what a run's status is at a moment."""
    return judge_status(run.status, last_time=run.last_time, longest_gap_seconds=run.longest_gap_seconds, now=now)


def experiment_summaries(runs: Sequence[RunSummary], settings: Settings) -> list[ExperimentSummary]:
    """Group runs by experiment, each in the order its table shows."""
    grouped: dict[str, list[RunSummary]] = {}
    for run in runs:
        grouped.setdefault(run.key.experiment, []).append(run)
    return [
        summarise_experiment(name, own, text="", settings=settings.experiment(name), repeat=settings.repeat)
        for name, own in sorted(grouped.items())
    ]
