"""The median stopping rule: give up on a run whose best so far is below what half the earlier runs averaged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, median


@dataclass(slots=True)
class MedianRule:
    """Compare a growing curve with the whole curves before it; higher is better."""

    checkpoints: Sequence[int]
    """Epochs at which a run may be stopped; between them it is left alone."""
    curves_needed: int
    """Below this many whole curves nothing is stopped."""
    curves: list[list[float]] = field(default_factory=list)

    def verdict(self, curve: Sequence[float]) -> str | None:
        """Say why the run should stop now, or None if it may go on."""
        epochs = len(curve)
        if epochs not in self.checkpoints or len(self.curves) < self.curves_needed:
            return None
        typical = median(fmean(other[:epochs]) for other in self.curves)
        if max(curve) >= typical:
            return None
        return (
            f"Stopped after epoch {epochs} by the median rule: its best val/acc so far, **{max(curve):.2f} %**, is "
            f"below {typical:.2f} %, the median of what {len(self.curves)} whole runs had averaged by then."
        )
