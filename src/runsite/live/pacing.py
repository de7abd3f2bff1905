"""When the next build may begin, and when everything is looked at again.

A line that is logged after a pause is shown as soon as it can be. While lines come without a pause, a build begins at
most every 250 ms, which is as often as an eye follows a figure, and a slow build takes at most half of the time: so
training and readers have the other half of the machine.

Events get lost: queues overflow, and network disks send none. So every 4.25 s everything is looked at, which leaves
three quarters of a second for a change to reach a page within 5 s, unless nothing can have been lost. That is so while
nothing was heard and nothing built since the last look but one, for a queue that overflows brings thousands of events,
and it may take a second until all folders are watched again; where disks tell of every change (`disks.py`); and where
none of the folders is refused (`watching.py`). Then looks take half a hundredth of a core at most: of 10,000 runs,
whose 30,000 files and folders take 0.1 s, everything is looked at every 20 s. The way not taken is to look at a part
each time: it costs as much, and knows as little of the rest.
"""

from dataclasses import dataclass
from math import inf

LEAST_PAUSE_SECONDS = 0.25
# Half of the time for builds.
SHARE = 2.0
# How late a change may be found that no event told of.
LOOK_SECONDS = 4.25
# A tenth of the time for looks, of stores of 50,000 runs and more; where nothing can have been lost, half a hundredth.
LOOK_SHARE, CERTAIN_SHARE = 10.0, 200.0
# No rule is without a hole (a file that is mapped into memory, a second name of it elsewhere, a disk that is mounted in
# a store that is watched already).
MOST_LOOK_SECONDS = 60.0


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


@dataclass(slots=True)
class Looks:
    """Remembers the last look at everything, in seconds of the same clock."""

    began: float = -inf
    seconds: float = 0.0

    def looked(self, began: float, ended: float) -> None:
        """Take note of a look."""
        self.began, self.seconds = began, ended - began

    def due(self, *, is_certain: bool) -> float:
        """Say when the next look is due; `is_certain` where no event can have been lost since the last."""
        share = CERTAIN_SHARE if is_certain else LOOK_SHARE
        return self.began + min(MOST_LOOK_SECONDS, max(LOOK_SECONDS, share * self.seconds))
