"""A run as its logs tell it, before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runsite.model.names import RUNNING, Goal, ProblemKind, RunKey, Step
from runsite.model.visible import visible

if TYPE_CHECKING:  # numpy takes 0.1 s to import, and an up-to-date build never needs it
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in a log that could not be read as it stands."""

    file: str
    """Relative to the store, with `/`."""
    line: int
    """From 1; 0 when the whole file is meant."""
    reason: str
    kind: ProblemKind = "line"
    """`line`: the line is lost. `value`: one value is lost. `note`: read, but not as written.
    `unbound`: a chart for every experiment names what this one lacks; it counts where all lack it."""

    @property
    def place(self) -> str:
        """File and line as people read them."""
        return visible(f"{self.file}:{self.line}" if self.line else self.file)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"{self.place}: {self.said}"

    @property
    def said(self) -> str:
        """The reason as people read it: it may quote any log."""
        return visible(self.reason)


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
