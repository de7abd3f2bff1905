"""Runs for notebooks: what `runsite.load` hands out.

The figures are those of `runsite runs --json`. One thing differs: where the runs of an experiment declare different
goals for a metric, or some declare none, one goal is settled for all of them, as in the site's tables, and `best` is by
that goal. The status is judged at the moment the logs are read, and so are the runs: an experiment is read when it is
first asked for, whole, and then kept. Whoever wants what has been logged since loads again.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runsite.answers.best import BestRun, best_run
from runsite.answers.find import find_run
from runsite.answers.run_columns import chosen_columns, frame_column, joined_columns, wanted_rows
from runsite.answers.runs import experiment_summaries, judged_status
from runsite.config import Settings, read_settings
from runsite.errors import RunsiteError
from runsite.frames import data_frame, points_frame, series_frame
from runsite.model import ExperimentSummary, MetricSummary, RunKey, RunSummary, Series
from runsite.nearest import unknown_name
from runsite.readers import list_stores, read_runs
from runsite.sources import RunFolder, StoreListing, empty_store_error
from runsite.store_place import find_store
from runsite.summaries import summarise_run
from runsite.tables.model import Column
from runsite.tables.run_table import all_columns

if TYPE_CHECKING:  # pandas is not imported before a DataFrame is made
    from runsite.frames import DataFrame


def load(
    store: str | Path | Sequence[str | Path] | None = None, *, clock: Callable[[], float] = time.time
) -> "RunStore":
    """List the runs of a store, or of several; without one, of the store that the rule of `store_place` finds.

    `clock` gives the moment at which the status of runs without an end is judged, in Unix seconds.
    """
    named = [store] if store is None or isinstance(store, str | Path) else list(store)
    if not named:
        raise RunsiteError("no store is named; leave the argument out for the usual one")
    paths = [find_store(each, cwd=Path.cwd(), environ=os.environ) for each in named]
    listings = list_stores(paths)
    if all(listing.is_empty for listing in listings):
        raise empty_store_error(listings[0])
    return RunStore(listings, settings=read_settings(listings[0].store.path), clock=clock)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as it was read."""

    summary: RunSummary = field(repr=False)
    """Everything that pages say about the run."""
    series: Mapping[str, Series] = field(repr=False)
    """All points of each metric, as numpy columns."""
    folder: Path = field(repr=False)
    """Where its logs and artifacts lie."""

    @property
    def id(self) -> str:
        return self.summary.key.run

    @property
    def experiment(self) -> str:
        return self.summary.key.experiment

    @property
    def key(self) -> str:
        return str(self.summary.key)

    @property
    def name(self) -> str:
        return self.summary.name

    @property
    def status(self) -> str:
        return self.summary.status

    @property
    def params(self) -> Mapping[str, Any]:
        return self.summary.params

    @property
    def tags(self) -> Mapping[str, Any]:
        return self.summary.tags

    @property
    def metrics(self) -> Mapping[str, MetricSummary]:
        """The figures of each metric: `run.metrics["val/acc"].best.value`."""
        return self.summary.metrics

    def metric(self, name: str) -> "DataFrame":
        """Return every logged point of a metric: step, value, time, attempt."""
        if name not in self.series:
            raise unknown_name(f"run {self.key} has no metric {name!r}", name, self.series)
        return series_frame(self.series[name])

    def __repr__(self) -> str:
        return f"<run {self.key}, {self.status}>"


@dataclass(frozen=True, slots=True)
class _ReadExperiment:
    """An experiment with all its points."""

    summary: ExperimentSummary
    series: Mapping[RunKey, Mapping[str, Series]]
    columns: Mapping[str, Column]


class RunStore:
    """The runs of one or several stores, as they were when each experiment was first asked for."""

    def __init__(self, listings: Sequence[StoreListing], *, settings: Settings, clock: Callable[[], float]) -> None:
        self.paths = tuple(listing.store.path for listing in listings)
        self._settings = settings
        self._clock = clock
        self._folders = [folder for listing in listings for folder in listing.runs]
        self._read: dict[str, _ReadExperiment | None] = {}

    @property
    def experiments(self) -> list[str]:
        """The names of all experiments that have runs."""
        return sorted({folder.key.experiment for folder in self._folders})

    def runs(
        self,
        filter: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        sort: str | Sequence[str] | None = None,
        experiment: str | None = None,
    ) -> "DataFrame":
        """Return one row for each run that the filter leaves, in the order of the site's tables or by `sort`.

        `columns` and `sort` ("COL,-COL" or a list) name columns as a person would: "lr", "val/acc", or in full.
        """
        read = self._experiments(experiment)
        runs = [run for each in read for run in each.summary.runs]
        made = _columns(read, runs)
        chosen = chosen_columns([columns] if isinstance(columns, str) else columns, made)
        rows = wanted_rows(made, filter=filter, sort=sort, row_count=len(runs))
        frame = data_frame([frame_column(made[id], runs) for id in chosen], row_count=len(runs))
        return frame.iloc[rows].reset_index(drop=True)

    def metric(self, name: str, filter: str | None = None, *, experiment: str | None = None) -> "DataFrame":
        """Return every logged point of a metric in the runs that the filter leaves: a row for each, in log order."""
        read = self._experiments(experiment)
        runs = [run for each in read for run in each.summary.runs]
        if not any(name in run.metrics for run in runs):
            known = {metric for run in runs for metric in run.metrics}
            raise unknown_name(f"no run has a metric {name!r}", name, known)
        rows = wanted_rows(_columns(read, runs), filter=filter, sort=None, row_count=len(runs))
        with_metric = [runs[row] for row in rows if name in runs[row].metrics]
        series = {key: own for each in read for key, own in each.series.items()}
        return points_frame(
            [series[run.key][name] for run in with_metric],
            labels=[(run.key.experiment, run.key.run, run.name) for run in with_metric],
            names=("experiment", "run", "name"),
        )

    def best(self, experiment: str, metric: str | None = None) -> BestRun:
        """Return the best run of an experiment by a metric, without one by the experiment's main metric."""
        (read,) = self._experiments(experiment)
        return best_run(read.summary, metric)

    def run(self, id: str) -> StoredRun:
        """Return the run with an id, a unique beginning of one, or experiment/id."""
        folder = find_run(id, self._folders)
        for each in self._experiments(folder.key.experiment):
            for run in each.summary.runs:
                if run.key == folder.key:
                    return StoredRun(run, each.series[run.key], folder.path)
        raise RunsiteError(f"the logs of {id!r} went away while they were read; load the store again")

    def __repr__(self) -> str:
        places = ", ".join(map(str, self.paths))
        return f"<run store {places}: {len(self._folders):,} runs, {len(self.experiments):,} experiments>"

    def _experiments(self, name: str | None) -> list[_ReadExperiment]:
        """Read the named experiment, or all, unless that has been done."""
        if name is not None and name not in self.experiments:
            raise unknown_name(f"no experiment {name!r}", name, self.experiments)
        wanted = self.experiments if name is None else [name]
        for each in wanted:
            if each not in self._read:
                folders = [folder for folder in self._folders if folder.key.experiment == each]
                self._read[each] = _read_experiment(folders, self._settings, now=self._clock())
        found = [read for each in wanted if (read := self._read[each]) is not None]
        if name is not None and not found:
            raise RunsiteError(f"the logs of experiment {name!r} went away; load the store again")
        return found


def _read_experiment(folders: Iterable[RunFolder], settings: Settings, *, now: float) -> _ReadExperiment | None:
    series, summaries = {}, []
    for _, run in read_runs(folders):
        summary = summarise_run(run, definitions=settings.metrics)
        summaries.append(replace(summary, status=judged_status(summary, now)))
        series[run.key] = run.series
    if not summaries:
        return None
    (experiment,) = experiment_summaries(summaries, settings)
    return _ReadExperiment(experiment, series, all_columns(experiment))


def _columns(read: Sequence[_ReadExperiment], runs: Sequence[RunSummary]) -> dict[str, Column]:
    return joined_columns([each.columns for each in read], runs)
