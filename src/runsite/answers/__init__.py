"""What the reading commands answer, as values: `cli` prints them as text or as JSON."""

from runsite.answers.find import find_run
from runsite.answers.runs import experiment_summaries, judged_status, read_summaries

__all__ = ["experiment_summaries", "find_run", "judged_status", "read_summaries"]
