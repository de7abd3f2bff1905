"""When the next build may begin: after the first change at once, then not oftener than builds are worth.

A line that is logged after a pause is shown as soon as it can be. While lines come without a pause, a build begins at
most every 250 ms, which is as often as an eye follows a figure, and a slow build takes at most half of the time: so
training and readers have the other half of the machine.
"""

from dataclasses import dataclass
from math import inf

LEAST_PAUSE_SECONDS = 0.25
# Half of the time for builds.
SHARE = 2.0


@dataclass(slots=True)
class Pacing:
    """Remembers the last build, in seconds of any clock that only goes forward."""

    began: float = -inf
    seconds: float = 0.0

    def built(self, began: float, ended: float) -> None:
        """Take note of a build."""
        self.began, self.seconds = began, ended - began

    def wait(self, now: float) -> float:
        """Say how many seconds the next build still has to wait."""
        return max(0.0, self.began + max(LEAST_PAUSE_SECONDS, SHARE * self.seconds) - now)
