"""What a whole site is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runsite.model.names import DEFAULT_STAGES
from runsite.model.registry import RegisteredModel
from runsite.model.run import Problem
from runsite.model.summary import ExperimentSummary


@dataclass(frozen=True, slots=True)
class Report:
    """A Markdown report of a store."""

    name: str
    text: str
    modified_path: str
    """Its path relative to the store, with `/`."""


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A chart that a store brings along, as it was written."""

    name: str
    store_path: str
    """Relative to the store, with `/`."""
    text: str | None
    """None where it is too large to be read."""

    @property
    def is_code(self) -> bool:
        """It is a program that makes a chart, not a spec."""
        return self.store_path.endswith(".py")


@dataclass(frozen=True, slots=True)
class CustomChart:
    """A chart of a store, as its card prints it."""

    name: str
    title: str
    description: str
    file: str
    """Relative to the store, with `/`."""
    problem: str = ""
    """Why it cannot be drawn; empty where it can."""
    line: int = 0
    """Where in the file that was found; 0 where no line is to blame."""
    is_refused: bool = False
    """It is code, which this build may not run: no fault of the file."""
    is_elsewhere: bool = False
    """It stands for every experiment, and names what this one lacks: a fault where no experiment has it."""
    spec: Mapping[str, Any] | None = None
    """What the browser draws: `vega`, `vega_lite`, `data` (the names bound), `fields`, `is_sized`."""


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What was read from one store, for the about page."""

    name: str
    """The store folder's own name; never its absolute path."""
    runs: int
    log_files: int
    folders_passed_over: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """Which runs a site was built of, where not of all."""

    text: str
    runs_read: int
    """How many runs the stores hold, left out or not."""


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
    """Time of the newest start or end of a run, or event of a model; the site's only notion of "now"."""
    stages: tuple[str, ...] = DEFAULT_STAGES
    filter: SiteFilter | None = None
