"""Build again whenever something changed, and tell what came of it: the loop of `serve --watch` and `build --watch`.

A build that fails leaves the last good site, and is tried again with the next change. Where there is no site yet, or
its store is away, it is looked for every second.
"""

import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from runsite.build import BuildResult
from runsite.errors import RunsiteError
from runsite.live.pacing import Pacing
from runsite.live.watching import Hints, Watcher
from runsite.reporter import Reporter

Item = TypeVar("Item")
# How late a change may be seen that no event told of.
SWEEP_SECONDS = 5.0
# Where nothing is watched: a store that is not there yet, or a failure that may mend itself.
WAITING_SECONDS = 1.0
# What was written in the same tick of the clock as the build that read it may hide a change; see `signatures`.
SECOND_LOOK_SECONDS = 0.05


class Audience(Protocol):
    """Who is told what builds came to."""

    def wrote(self, result: BuildResult, seconds: float) -> None:
        """Hear of a build that wrote or removed something."""

    def failed(self, text: str) -> None:
        """Hear why a build failed."""

    def mended(self) -> None:
        """Hear that a build after a failed one did not fail."""


class StoppedError(Exception):
    """The build was told to stop; the old site stands."""


class StoppableReporter:
    """Passes on what a build says, and ends it between two runs or pages when it is told to."""

    def __init__(self, reporter: Reporter, stop: threading.Event) -> None:
        self._reporter = reporter
        self._stop = stop

    def message(self, text: str) -> None:
        self._reporter.message(text)

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
        for item in self._reporter.progress(items, label=label, total=total):
            if self._stop.is_set():
                raise StoppedError
            yield item


@dataclass(slots=True)
class Rebuilding:
    """The loop: wait for a hint or for the next look, build, tell."""

    build: Callable[[], BuildResult]
    places: Callable[[], Sequence[Path]]
    """Folders to watch."""
    audience: Audience
    hints: Hints
    stop: threading.Event
    watcher: Watcher | None
    """None looks every few seconds and asks for no events."""
    say: Callable[[str], None]
    pacing: Pacing = field(default_factory=Pacing)
    clock: Callable[[], float] = time.monotonic
    failure: str | None = None

    def run(self) -> None:
        """Build until told to stop."""
        while not self.stop.is_set():
            self._watch()
            self._build()
            self._wait()
        if self.watcher is not None:
            self.watcher.stop()

    def _watch(self) -> None:
        if self.watcher is None:
            return
        places = self.places()
        for place in places:
            if not place.is_dir():
                self.watcher.forget(place)
        problem = self.watcher.watch(places)
        if problem:
            self.say(problem)

    def _wait(self) -> None:
        """Return when the next build is due."""
        self.hints.wait(SWEEP_SECONDS if self.failure is None else WAITING_SECONDS)
        pause = self.pacing.wait(self.clock())
        if pause:
            self.stop.wait(pause)

    def _build(self) -> None:
        self.hints.take()
        began = self.clock()
        failure = None
        try:
            result = self.build()
        except StoppedError:
            return
        except RunsiteError as error:
            failure = " ".join(str(error).split())
        except Exception as error:  # the one place where the loop must outlive a fault of ours
            traceback.print_exc()
            failure = f"runsite itself failed: {type(error).__name__}: {error}"
        ended = self.clock()
        self.pacing.built(began, ended)
        if failure is not None:
            self._fail(failure)
            return
        if self.failure is not None:
            self.failure = None
            self.audience.mended()
        if result.written.written or result.written.removed:
            self.audience.wrote(result, ended - began)

    def _fail(self, failure: str) -> None:
        if failure != self.failure:
            self.failure = failure
            self.audience.failed(failure)


def changed_paths(result: BuildResult) -> Collection[str]:
    """Name the files that a build wrote or removed."""
    return [*result.written.written, *result.written.removed]
