"""Tell that something in the stores may have changed: events of the system are hints, looking is the truth.

Events get lost: queues overflow, network disks send none, a folder is written to before anybody watches it. So a hint
only says where to look first, and every few seconds everything is looked at (`pacing.py` says how often). A lost event
means a few seconds late, never wrong. The kinds of event are named one by one: with its default kinds watchdog, which
then also tells of every file that is opened and closed, delivered nothing at all for 10,000 folders.
"""

import contextlib
import logging
import os
import threading
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from runsite.live.disks import read_mounts, tell_all
from runsite.signatures import signature

if TYPE_CHECKING:  # takes 50 ms to import, and `--poll` needs none of it
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

# Beyond, more is looked at than hints would save.
MAX_HINTS = 64
ROOT = os.path.abspath(os.sep)  # noqa: PTH100  # watchdog takes text
_overflown = threading.Event()
"""Set once a queue of this process lost events: folders that came meanwhile may be watched by nobody."""


class Hints:
    """Paths that something happened to, gathered until somebody takes them."""

    def __init__(self, leave_out: Iterable[Path] = ()) -> None:
        """`leave_out` are folders that we write to ourselves."""
        self._leave_out = tuple(f"{folder}{os.sep}" for folder in leave_out)
        self._changed = threading.Condition()
        self._paths: set[str] = set()
        self._is_woken = False

    def add(self, *paths: str) -> None:
        """Take a hint, from any thread."""
        ours = [path for path in paths if path and not f"{path}{os.sep}".startswith(self._leave_out)]
        if ours:
            with self._changed:
                self._paths.update(ours)
                self._changed.notify_all()

    def wake(self) -> None:
        """End the waiting, without a hint."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until there is a hint, or until the time is over; tell whether there is one."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._paths) or self._is_woken, timeout=seconds)
            self._is_woken = False
            return bool(self._paths)

    def take(self) -> frozenset[str] | None:
        """Hand over what was gathered; None where it is so much that all must be looked at."""
        with self._changed:
            paths, self._paths = self._paths, set()
        return frozenset(paths) if len(paths) <= MAX_HINTS else None


class _Watched(NamedTuple):
    """A folder that is watched, and by what; None where the system refused."""

    inode: int
    watch: "ObservedWatch | None"


class Watcher:
    """Watches folders with what the system offers."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._observer: BaseObserver | None = None
        self._watched: dict[Path, _Watched] = {}
        self._gone: set[str] = set()
        """Watched folders that were deleted, and their watch with them; others may be there by now."""
        self._is_full = False
        """Whether the system once had no room for one more folder."""

    def watch(self, folders: Sequence[Path]) -> str | None:
        """Watch those of the folders that are there and not watched yet; say what is wrong if that cannot be done."""
        problem = None
        for folder in folders:
            inode = _inode(folder)
            known = self._watched.get(folder)
            if known is not None and known.inode == inode and str(folder) not in self._gone:
                continue
            self._forget(folder)
            if inode is None:
                continue
            try:
                self._watched[folder] = _Watched(inode, self._schedule(folder))
            except OSError as error:  # the system watches only so many folders, or none here
                self._watched[folder] = _Watched(inode, None)
                reason = f"as the system tells of none ({error.strerror})"
                problem = f"{folder}: changes are looked for every few seconds, {reason}"
        return problem

    def _schedule(self, folder: Path) -> "ObservedWatch":
        from watchdog import events  # see the top

        told = [
            events.FileModifiedEvent,
            events.FileCreatedEvent,
            events.FileMovedEvent,
            events.FileDeletedEvent,
            events.DirCreatedEvent,
            events.DirMovedEvent,
            events.DirDeletedEvent,
        ]
        handler = events.FileSystemEventHandler()
        handler.on_any_event = self._heard  # type: ignore[method-assign]  # it would else take a class in a function
        if self._observer is None:
            self._observer = _start_observer()
        return self._observer.schedule(handler, str(folder), recursive=True, event_filter=told)

    def hears_all(self, folders: Sequence[Path]) -> bool:
        """Tell whether any change in these folders is told of, unless a queue overflows."""
        known = [self._watched.get(folder) for folder in folders]
        are_watched = all(each is not None and each.watch is not None for each in known)
        return are_watched and not _overflown.is_set() and tell_all(folders, read_mounts()) and self._has_room()

    def _has_room(self) -> bool:
        """Find out whether the system watches one more folder; else it may have refused others, which nobody hears."""
        from watchdog.events import FileSystemEventHandler  # see the top

        if self._observer is not None and not self._is_full:
            try:
                self._observer.unschedule(self._observer.schedule(FileSystemEventHandler(), ROOT))
            except OSError:
                self._is_full = True
        return not self._is_full

    def _heard(self, event: "FileSystemEvent") -> None:
        path = os.fsdecode(event.src_path)
        if event.event_type == "deleted" and Path(path) in self._watched:
            self._gone.add(path)
        self._hints.add(path, os.fsdecode(event.dest_path))

    def _forget(self, folder: Path) -> None:
        """Watch a folder no more: it went away, or another is in its place."""
        self._gone.discard(str(folder))
        known = self._watched.pop(folder, None)
        if known is not None and known.watch is not None and self._observer is not None:
            with contextlib.suppress(KeyError, OSError):  # it ended by itself
                self._observer.unschedule(known.watch)

    def stop(self) -> None:
        """Stop watching; what the system still has to say is lost."""
        if self._observer is not None:
            self._observer.stop()


def _inode(folder: Path) -> int | None:
    found = signature(folder)
    return found[2] if found is not None and folder.is_dir() else None


def _start_observer() -> "BaseObserver":
    from watchdog.observers import Observer  # see the top

    # A folder below that is moved out keeps its old watch, and has it still when it is moved in again; watchdog then
    # warns that it puts a new callback in the place of the old one, which is what we want.
    warnings.filterwarnings("ignore", "Callback with id '", RuntimeWarning, r"watchdog\.")
    # It says on stderr when events were lost, in its own words; we look for what they would have told.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    _keep_watches()
    observer = Observer()
    observer.start()
    return observer


def _keep_watches() -> None:
    """Leave all watches in place where the queue overflows: they go on, and we look for what was lost.

    watchdog takes each away and adds it again. Each that goes is an event, so with more folders than the queue holds
    events (16,384) it overflows anew, without end: with 20,000 folders that took a third of a core, and none was told.
    """
    try:
        from watchdog.observers.inotify import InotifyWatchGroup  # see the top
    except ImportError:  # another system, or a release that does nothing about it
        return
    InotifyWatchGroup.on_queue_overflow = _note_overflow  # type: ignore[assignment, method-assign]


def _note_overflow(group: object) -> None:
    del group
    _overflown.set()
