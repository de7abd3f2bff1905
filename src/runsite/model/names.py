"""Words that many nouns share: keys, goals, statuses, stages."""

from dataclasses import dataclass
from typing import Literal

Step = int | float
Goal = Literal["maximize", "minimize"]
GoalFrom = Literal["settings", "record", "guess"]
ProblemKind = Literal["line", "value", "note", "unbound"]

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
