"""Build again whenever something changed, and tell what came of it: the loop of `serve --watch` and `build --watch`.

A build that fails leaves the last good site, and is tried again with the next change; where its output cannot be
written, every few seconds, as nothing tells that a disk has room again. A store that is not there yet is
looked for every second. A site that somebody else built meanwhile is whole too; open pages then compare all they hold.
"""

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from runsite.build import BuildResult
from runsite.errors import OutputError, RunsiteError
from runsite.live.pacing import Pacing
from runsite.live.watching import Hints, Watcher
from runsite.reporter import Reporter
from runsite.signatures import Signature, signature

Item = TypeVar("Item")
# How late a change may be seen that no event told of.
SWEEP_SECONDS = 5.0
# A store that is not there yet is looked for more often.
WAITING_SECONDS = 1.0
# How often the output is looked at too, where a page may be missing that somebody deleted.
WHOLE_LOOK_SECONDS = 300.0


class Audience(Protocol):
    """Who is told what builds came to."""

    def wrote(self, result: BuildResult, seconds: float) -> None:
        """Hear of a build that wrote or removed something."""

    def replaced(self) -> None:
        """Hear that somebody else built the site: what changed is not known."""

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

    build: Callable[[frozenset[str] | None], BuildResult]
    """Is given the only inputs it must look at, or None."""
    look: Callable[[], Mapping[str, Signature] | None]
    """Looks at all inputs of the last build and gives those that changed; None where there was none."""
    places: Callable[[], Sequence[Path]]
    """Folders to watch."""
    site_file: Path
    audience: Audience
    hints: Hints
    stop: threading.Event
    watcher: Watcher | None
    """None looks every few seconds and asks for no events."""
    say: Callable[[str], None]
    pacing: Pacing = field(default_factory=Pacing)
    clock: Callable[[], float] = time.monotonic
    failure: str | None = None
    _failed_at: Mapping[str, Signature] | None = None
    """What was changed when the last build failed; None where that does not say when to try again."""
    _looked: float = 0.0
    """When everything was looked at last."""
    _left: Signature = None
    """site.json as our last build left it."""

    def run(self) -> None:
        """Build until told to stop."""
        hints: frozenset[str] | None = None
        try:
            while not self.stop.is_set():
                self._watch()
                self._build(hints)
                hints = self._wait()
        finally:
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

    def _wait(self) -> frozenset[str] | None:
        """Return when the next build is due, with the inputs that it must look at."""
        while not self.stop.is_set():
            if self.hints.wait(self._patience()):
                self.stop.wait(self.pacing.wait(self.clock()))
                hints = self.hints.take()
                return hints if self.failure is None else None
            if self.clock() - self._looked > WHOLE_LOOK_SECONDS or signature(self.site_file) != self._left:
                return None
            changed = self.look()
            if changed is None:
                return None
            if self.failure is not None and changed != self._failed_at:
                return None
            if self.failure is None and changed:
                return frozenset(changed)
        return None

    def _patience(self) -> float:
        """Say how long a look may take to come; one that costs much comes less often."""
        if self.failure is None or self._failed_at is not None:
            return SWEEP_SECONDS
        return min(SWEEP_SECONDS, max(WAITING_SECONDS, 10 * self.pacing.seconds))

    def _build(self, hints: frozenset[str] | None) -> None:
        began = self.clock()
        if hints is None:
            self.hints.take()
            self._looked = began
        is_foreign = self._left is not None and signature(self.site_file) != self._left
        try:
            result, error = self._attempt(hints)
        except StoppedError:
            return
        ended = self.clock()
        self.pacing.built(began, ended)
        self._left = signature(self.site_file)  # before anybody is told
        if result is None:
            self._fail(error)
        else:
            self._succeed(result, ended - began, is_foreign=is_foreign)

    def _attempt(self, hints: frozenset[str] | None) -> tuple[BuildResult | None, Exception | None]:
        """Build; return the result, or why there is none."""
        try:
            return self.build(hints), None
        except RunsiteError as error:
            return None, error
        except StoppedError:
            raise
        except Exception as error:  # the one place where the loop must outlive a fault of ours
            traceback.print_exc()
            return None, error

    def _fail(self, error: Exception | None) -> None:
        self._failed_at = None if isinstance(error, OutputError) else self.look()
        failure = _said(error)
        if failure != self.failure:
            self.failure = failure
            self.audience.failed(failure)

    def _succeed(self, result: BuildResult, seconds: float, *, is_foreign: bool) -> None:
        if self.failure is not None:
            self.failure = None
            self.audience.mended()
        if is_foreign:
            self.audience.replaced()
        elif result.written.written or result.written.removed:
            self.audience.wrote(result, seconds)


def _said(error: Exception | None) -> str:
    if isinstance(error, RunsiteError):
        return " ".join(str(error).split())
    return f"runsite itself failed: {type(error).__name__}: {error}"
