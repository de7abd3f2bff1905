"""Facts drawn from runs: what tables, charts and pages say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from runsite.model.names import Goal, GoalFrom, RunKey
from runsite.model.repeats import RepeatRule
from runsite.model.run import (
    Artifact,
    Dataset,
    Environment,
    LoggedModel,
    Note,
    ParamConflict,
    Point,
    Problem,
    RunFailure,
    Source,
)

if TYPE_CHECKING:  # see runsite.model.run
    import numpy as np
    from numpy.typing import NDArray

Extreme = Literal["lowest", "highest"]


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """What table, chart and page say about one metric of one run: the only place these figures are made."""

    name: str
    count: int
    finite: int
    first: Point
    last: Point | None
    """First and last in log order, finite or not; last is None where it is not told (see summaries/steady)."""
    min: float | None
    max: float | None
    """Over all finite points; None when there is none."""
    mean: float | None
    best: Point | None
    """By the goal; the earliest of equals; None without a goal or a finite point."""
    goal: Goal | None = None
    goal_from: GoalFrom | None = None
    unit: str | None = None
    label: str | None = None
    step_metric: str | None = None
    best_in_last_attempt: bool = True
    lowest: Point | None = None
    highest: Point | None = None
    """The earliest points that hold min and max: what `best` becomes once the goal is known."""
    last_attempt_holds: tuple[bool, bool] = (True, True)
    """Whether lowest and highest lie in the last attempt."""
    constant: bool = False
    """Two or more points, all the same value."""
    curve: str = ""
    """The shape of the series in at most 32 characters; see runsite.summaries.curve_levels."""

    @property
    def non_finite(self) -> int:
        return self.count - self.finite


@dataclass(frozen=True, slots=True, eq=False)
class AtExtremes:
    """The values of all metrics of a run where one of them was lowest or highest; read it by `at_best`."""

    anchors: Mapping[tuple[str, Extreme], int]
    """A row for each metric and end."""
    names: Mapping[str, int]
    """A column for each metric."""
    values: "NDArray[np.float64]"
    distances: "NDArray[np.float64]"
    """From the anchor's step to that of the value; NaN where there is no value."""

    def __eq__(self, other: object) -> bool:
        """Compare by content, NaN equal to NaN, so that two summaries of the same run are equal."""
        return isinstance(other, AtExtremes) and self._content() == other._content()

    def _content(self) -> tuple[object, ...]:
        return self.anchors, self.names, self.values.tobytes(), self.distances.tobytes()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Everything pages and tables say about a run, without its curves."""

    key: RunKey
    name: str
    store_path: str
    status: str
    """As in the log: finished, failed, killed, pruned, or running when no end is recorded."""
    format: int = 1
    started: float | None = None
    ended: float | None = None
    last_time: float | None = None
    longest_gap_seconds: float = 0.0
    stalled_at: float | None = None
    """From when a run without an end is stalled (see status_rule); None for one that ended or never logged a time."""
    parent: RunKey | None = None
    failure: RunFailure | None = None
    attempts: int = 1
    params: Mapping[str, Any] = field(default_factory=dict)
    params_conflicts: tuple[ParamConflict, ...] = ()
    tags: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, MetricSummary] = field(default_factory=dict)
    """By name, sorted."""
    datasets: tuple[Dataset, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    models: tuple[LoggedModel, ...] = ()
    source: Source | None = None
    environment: Environment | None = None
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    log_files: tuple[str, ...] = ()
    at_extremes: AtExtremes | None = None

    @property
    def duration_seconds(self) -> float | None:
        """From start to the recorded end, else to the newest record."""
        until = self.ended if self.ended is not None else self.last_time
        return None if self.started is None or until is None else max(0.0, until - self.started)

    @property
    def skipped_lines(self) -> int:
        return sum(problem.kind == "line" for problem in self.problems)

    @property
    def skipped_values(self) -> int:
        return sum(problem.kind == "value" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class MainMetric:
    """The metric an experiment is judged by, and why."""

    name: str
    goal: Goal | None
    goal_from: GoalFrom | None
    reason: str
    """One phrase for the page: "declared in runsite.toml", "goal declared in the logs", "guessed from its name"."""


@dataclass(frozen=True, slots=True)
class ExperimentSummary:
    """An experiment and its runs, newest first unless a main metric orders them."""

    name: str
    title: str
    description: str
    """Markdown of experiment.md without its title; empty when there is none."""
    runs: tuple[RunSummary, ...]
    """Best first by the main metric if it has a goal, of equals the earliest; all others newest first."""
    main_metric: MainMetric | None
    best: RunSummary | None
    drawn: tuple[RunKey, ...]
    """Runs whose curves are drawn first, at most 10, in the order of their colours."""
    drawn_reason: str
    """"10 best of 300 by val/acc", "the 3 newest", "all 4 runs"."""
    metric_names: tuple[str, ...]
    """All metrics: the main one; those with a goal, those without, curves before single values; the quiet ones."""
    quiet_metrics: frozenset[str]
    """Constants, clocks and counters: not drawn first."""
    varying_params: tuple[str, ...]
    """Params with more than one value over the runs, most telling first."""
    param_names: tuple[str, ...]
    diverged: frozenset[RunKey]
    """Runs whose main metric ended non-finite."""
    columns: tuple[str, ...] = ()
    """Columns the settings ask for; empty: the default ones."""
    hidden_columns: tuple[str, ...] = ()
    """Columns the settings keep from being shown first."""
    repeat_rule: RepeatRule = field(default_factory=RepeatRule)
    baseline: str | None = None
    """Id of the run that the settings compare others with."""
