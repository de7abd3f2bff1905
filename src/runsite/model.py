"""The nouns: what runsite knows of experiments, runs, metrics and registered models. No input or output here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # numpy takes 0.1 s to import, and an up-to-date build never needs it
    import numpy as np
    from numpy.typing import NDArray

Step = int | float
Goal = Literal["maximize", "minimize"]
GoalFrom = Literal["settings", "record", "guess"]
ProblemKind = Literal["line", "value", "note"]

RUNNING = "running"
STATUSES = ("running", "stalled", "finished", "pruned", "failed", "killed")
"""`stalled` is judged when somebody looks, never stored."""
DEFAULT_STAGES = ("None", "Staging", "Production", "Archived")


@dataclass(frozen=True, slots=True, order=True)
class RunKey:
    """The one name of a run: its experiment and its id."""

    experiment: str
    run: str

    def __str__(self) -> str:
        return f"{self.experiment}/{self.run}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in a log that could not be read as it stands."""

    file: str
    """Relative to the store, with `/`."""
    line: int
    """From 1; 0 when the whole file is meant."""
    reason: str
    kind: ProblemKind = "line"
    """`line`: the line is lost. `value`: one value is lost. `note`: read, but not as written."""


@dataclass(frozen=True, slots=True)
class Point:
    """One logged value; a missing step is None."""

    step: Step | None
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """All points of one metric of one run, in log order, as columns."""

    name: str
    steps: "NDArray[np.int64] | NDArray[np.float64]"
    """A missing step is NaN, which makes the column float64."""
    values: "NDArray[np.float64]"
    times: "NDArray[np.float64]"
    """Unix seconds; NaN where the record had none."""
    attempt_starts: tuple[int, ...] = ()
    """Indices at which a later attempt begins."""


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """What a log or the settings declare about a metric."""

    name: str
    goal: Goal | None = None
    unit: str | None = None
    step_metric: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ParamConflict:
    """A param logged again with another value; the first one stands."""

    name: str
    kept: Any
    ignored: Any
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """Data a run used, by digest."""

    name: str
    context: str | None = None
    digest: str | None = None
    source: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file or an address a run logged."""

    name: str
    path: str | None = None
    """Relative to the run's folder, with `/`; None for an address."""
    uri: str | None = None
    step: Step | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A model a run saved among its artifacts."""

    name: str | None = None
    path: str | None = None
    flavor: str | None = None
    signature: Any = None
    requirements: tuple[str, ...] = ()
    size_bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The code a run was started from."""

    command: str | None = None
    commit: str | None = None
    branch: str | None = None
    remote: str | None = None
    dirty: bool | None = None
    patch: str | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """What a run was started with."""

    python: str | None = None
    platform: str | None = None
    packages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Markdown somebody wrote about a run."""

    text: str
    time: float | None = None


@dataclass(frozen=True, slots=True)
class RunFailure:
    """Why a run failed."""

    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run, whatever tool logged it; columns of numbers, nothing judged yet."""

    key: RunKey
    name: str
    store_path: str
    """The run's folder relative to its store, with `/`."""
    format: int = 1
    parent: RunKey | None = None
    started: float | None = None
    ended: float | None = None
    """Time of the run_end of the latest attempt."""
    last_time: float | None = None
    """Time of the newest record."""
    longest_gap_seconds: float = 0.0
    """Longest silence between two records, for judging `stalled`."""
    status: str = RUNNING
    """`running` means that no end is recorded."""
    failure: RunFailure | None = None
    attempts: int = 1
    params: Mapping[str, Any] = field(default_factory=dict)
    params_conflicts: tuple[ParamConflict, ...] = ()
    tags: Mapping[str, Any] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    definitions: Mapping[str, MetricDefinition] = field(default_factory=dict)
    datasets: tuple[Dataset, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    models: tuple[LoggedModel, ...] = ()
    source: Source | None = None
    environment: Environment | None = None
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    secrets: tuple[str, ...] = ()
    """Host names, users and the like that the log named; never published."""
    log_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """What table, chart and page say about one metric of one run: the only place these figures are made."""

    name: str
    count: int
    finite: int
    first: Point
    last: Point
    """First and last in log order, finite or not."""
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
    constant: bool = False
    """Two or more points, all the same value."""

    @property
    def non_finite(self) -> int:
        return self.count - self.finite


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
    """Sorted best first by the main metric if it has a goal, else newest first; runs without it last."""
    main_metric: MainMetric | None
    best: RunSummary | None
    drawn: tuple[RunKey, ...]
    """Runs whose curves are drawn first, at most 10, in the order of their colours."""
    drawn_reason: str
    """"10 best of 300 by val/acc", "the 3 newest", "all 4 runs"."""
    metric_names: tuple[str, ...]
    """All metrics, main metric first, then measures, then constants, clocks and counters."""
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


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """One thing that happened to a registered model."""

    id: str
    time: float
    by: str
    type: str
    """version_registered, stage_changed, alias_set, alias_removed, described, tagged, version_removed."""
    version: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """The event's other keys: from, to, reason, alias, run, path, uri, digest, description, size_bytes, …"""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model as it stands now."""

    number: int
    label: str
    """The number as text, or "2 (conflict)" for the later of two registrations of one number."""
    stage: str
    stage_since: float | None
    registered: float
    by: str
    aliases: tuple[str, ...] = ()
    run: RunKey | None = None
    path: str | None = None
    uri: str | None = None
    digest: str | None = None
    size_bytes: int | None = None
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A registered model: the fold of its events."""

    name: str
    card: str
    """Markdown of card.md; empty when there is none."""
    description: str | None
    versions: tuple[ModelVersion, ...]
    """Newest first."""
    stages: Mapping[str, tuple[ModelVersion, ...]]
    """Versions in each stage but None, stages in their set order, newest entry first."""
    events: tuple[ModelEvent, ...]
    """Oldest first, by (time, id)."""
    problems: tuple[Problem, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A Markdown report of a store."""

    name: str
    text: str
    modified_path: str
    """Its path relative to the store, with `/`."""


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What was read from one store, for the about page."""

    name: str
    """The store folder's own name; never its absolute path."""
    runs: int
    log_files: int
    log_bytes: int
    folders_passed_over: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteContent:
    """Everything the site says, without curves: what pages are made from."""

    title: str
    description: str
    experiments: tuple[ExperimentSummary, ...]
    models: tuple[RegisteredModel, ...]
    reports: tuple[Report, ...]
    sources: tuple[SourceSummary, ...]
    data_until: float | None
    """Time of the newest record; the site's only notion of "now"."""
    stages: tuple[str, ...] = DEFAULT_STAGES
