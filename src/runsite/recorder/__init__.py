"""What training code calls: start a run, log to it, end it. The standard library alone."""

from runsite.recorder.ending import Pruned
from runsite.recorder.run import ActiveRun
from runsite.recorder.start import start_run

__all__ = ["ActiveRun", "Pruned", "start_run"]
