"""Facts drawn from the model: the only place where a metric's figures, goal and best value are settled."""

from runsite.summaries.experiment import summarise_experiment
from runsite.summaries.run import summarise_run

__all__ = ["summarise_experiment", "summarise_run"]
