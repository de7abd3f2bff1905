"""Build again whenever something changed, and tell what came of it: the loop of `serve --watch` and `build --watch`.

A build that fails leaves the last good site, and is tried again with the next change; where its output cannot be
written, every few seconds, as nothing tells that a disk has room again. A store that is not there yet is
looked for every second. After a fault of ours, be it in a build, in looking, watching or telling, all is tried again
after seconds. A site that somebody else built meanwhile is whole too; open pages then compare all they hold.
"""

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from runsite.build import BuildResult
from runsite.errors import OutputError, RunsiteError
from runsite.live.pacing import LOOK_SECONDS, Looks, Pacing
from runsite.live.watching import MAX_HINTS, Hints, Watcher
from runsite.reporter import Reporter
from runsite.signatures import Signature, signature

Item = TypeVar("Item")
# How soon a build that failed is tried again, as where the store is not there yet.
WAITING_SECONDS = 1.0
# How often the output is looked at too, where a page may be missing that somebody deleted.
WHOLE_LOOK_SECONDS = 300.0


class Audience(Protocol):
    """Who is told what builds came to."""

    def wrote(self, result: BuildResult, seconds: float) -> None:
        """Hear of a build that wrote or removed something."""

    def replaced(self) -> None:
        """Hear that somebody else built the site: what changed is not known."""

    def failed(self, text: str, *, has_written: bool = False) -> None:
        """Hear why a build failed; it may have written a site all the same, as of a store that is empty."""

    def mended(self) -> None:
        """Hear that a build after a failed one did not fail."""


class StoppedError(Exception):
    """The build was told to stop; the old site stands."""


class LastingReporter:
    """Passes on what a build says; that nobody can read it any more ends nothing."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def message(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._reporter.message(text)

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
        rest, faults = iter(items), list[OSError]()
        try:
            shown = self._reporter.progress(_noting(rest, faults), label=label, total=total)
            for item in shown:  # noqa: UP028  # what closes this, as a build that is stopped, hears no OSError of it
                yield item
        except OSError:  # of the terminal, which was closed, unless it is one of the items' own
            if faults:
                raise
            yield from rest


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


def _noting(items: Iterator[Item], faults: list[OSError]) -> Iterator[Item]:
    try:
        yield from items
    except OSError as error:
        faults.append(error)
        raise


@dataclass(slots=True)
class Rebuilding:
    """The loop: wait for a hint or for the next look, build, tell."""

    build: Callable[[frozenset[str] | None], BuildResult]
    """Is given the only inputs it must look at, or None."""
    look: Callable[[], Mapping[str, Signature] | None]
    """Looks at all inputs of the last build and gives those that changed; None where there was none."""
    places: Callable[[], Sequence[Path]]
    """Folders to watch."""
    is_led_out: Callable[[], bool]
    """Whether something is read that lies outside of them."""
    site_file: Path
    audience: Audience
    hints: Hints
    stop: threading.Event
    watcher: Watcher | None
    """None looks every few seconds and asks for no events."""
    say: Callable[[str], None]
    """Must not fail."""
    pacing: Pacing = field(default_factory=Pacing)
    looks: Looks = field(default_factory=Looks)
    clock: Callable[[], float] = time.monotonic
    failure: str | None = None
    _fault: Exception | None = None
    """Of ours, in the last round, and not told yet."""
    _failed: float = 0.0
    """When the last failure was told."""
    _failed_at: Mapping[str, Signature] | None = None
    """What was changed when the last build failed; None where that does not say when to try again."""
    _notes: tuple[str, ...] = ()
    """What the last build that did not fail had to note."""
    _looked: float = 0.0
    """When a build looked at everything last, the output included."""
    _is_quiet: bool = False
    """Whether the last look found nothing, and nothing was heard and built since."""
    _heard_all: Mapping[Path, Signature] | None = None
    """The watched folders, where none can have been changed unheard since the last look but by another in its place."""
    _left: Signature = None
    """site.json as our last build left it, or as it was before the first."""

    def run(self) -> None:
        """Build until told to stop."""
        hints: frozenset[str] | None = None
        self._left = signature(self.site_file)
        try:
            while not self.stop.is_set():
                hints = self._round(hints)
        finally:
            if self.watcher is not None:
                self.watcher.stop()

    def _round(self, hints: frozenset[str] | None) -> frozenset[str] | None:
        """Build, or tell what befell the last round; then wait, and return what the next build must look at."""
        try:
            if self._fault is None:
                self._watch()
                self._build(hints)
            else:
                self._tell_fault(self._fault)
            return self._wait()
        except StoppedError:
            return None
        except Exception as error:  # the one place where the loop must outlive a fault of ours
            self._fault = error
            return None

    def _watch(self) -> None:
        if self.watcher is None:
            return
        problem = self.watcher.watch(self.places())
        if problem:
            self.say(problem)

    def _wait(self) -> frozenset[str] | None:
        """Return when the next build is due, with the only inputs that it must look at, or None."""
        while not self.stop.is_set():
            now, due = self.clock(), self._due()
            if now - self._looked > WHOLE_LOOK_SECONDS or signature(self.site_file) != self._left:
                return None
            if now >= due:
                changed = self._changed()
                if changed is None or changed:
                    return changed
            elif self.hints.wait(min(LOOK_SECONDS, due - now)):
                self.stop.wait(self.pacing.wait(self.clock()))
                hints = self.hints.take()
                return hints if self.failure is None else None
        return None

    def _due(self) -> float:
        """Say when to look at everything again, or to try a build again that nothing but time may mend."""
        if self._is_mended_by_time():
            # One that takes long comes less often.
            return self._failed + min(LOOK_SECONDS, max(WAITING_SECONDS, 10 * self.pacing.seconds))
        heard_all = self._heard_all
        return self.looks.due(is_certain=heard_all is not None and heard_all == _look_at(heard_all))

    def _is_mended_by_time(self) -> bool:
        """Tell whether the last build failed, and no change says when to try again."""
        return self.failure is not None and self._failed_at is None

    def _changed(self) -> frozenset[str] | None:
        """Look at everything: name the inputs that a build must look at; None where it must look at all of them."""
        if self._is_mended_by_time():
            return None
        began = self.clock()
        changed = self.look()
        self.looks.looked(began, self.clock())
        was_quiet, self._is_quiet = self._is_quiet, not changed
        places = self.places()
        self._heard_all = _look_at(places) if was_quiet and self._is_quiet and self._hears_all(places) else None
        if self.failure is not None and changed is not None and changed == self._failed_at:
            return frozenset()
        if changed is None or len(changed) > MAX_HINTS or self.failure is not None:
            return None
        return frozenset(changed)

    def _hears_all(self, places: Sequence[Path]) -> bool:
        return self.watcher is not None and self.watcher.hears_all(places) and not self.is_led_out()

    def _build(self, hints: frozenset[str] | None) -> None:
        """Build and tell."""
        self._is_quiet, self._heard_all = False, None
        if hints is None:
            self.hints.take()
            self._looked = self.looks.began = self.clock()
        try:
            result = self._timed(hints)
        except RunsiteError as error:
            changed = None if isinstance(error, OutputError) else self.look()
            self._fail(" ".join(str(error).split()), changed)
        else:
            self._succeed(result)

    def _timed(self, hints: frozenset[str] | None) -> BuildResult:
        began = self.clock()
        try:
            return self.build(hints)
        finally:
            self.pacing.built(began, self.clock())

    def _tell_fault(self, fault: Exception) -> None:
        self._fault = None
        text = f"runsite itself failed: {type(fault).__name__}: {fault}"
        if text != self.failure:
            self.say("".join(traceback.format_exception(fault)).rstrip())
        self._fail(text, None)

    def _fail(self, failure: str, changed: Mapping[str, Signature] | None) -> None:
        self._failed_at = changed
        self._failed = self._looked = self.clock()  # the next build looks at everything
        before, self._left = self._left, signature(self.site_file)
        has_written = self._left not in (None, before)
        if failure != self.failure or has_written:
            self.failure = failure
            self.audience.failed(failure, has_written=has_written)

    def _succeed(self, result: BuildResult) -> None:
        is_foreign = result.site_found != self._left
        self._left = result.site_left  # before anybody is told
        if self.failure is not None:
            self.failure = None
            self.audience.mended()
        for note in result.notes:
            if note not in self._notes:
                self.say(note)
        self._notes = result.notes
        if is_foreign:
            self.audience.replaced()
        elif result.written.written or result.written.removed:
            self.audience.wrote(result, self.pacing.seconds)


def _look_at(places: Iterable[Path]) -> dict[Path, Signature]:
    return {place: signature(place) for place in places}
